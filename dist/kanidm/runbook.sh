#!/bin/sh
# The Kanidm side of https://sso.kammel.dev, by hand. Kaniflux makes this file from kaniflux.yaml: change that one.
# Run it in the folder of kaniflux.yaml, as often as you like; it needs the `kanidm` client, as old as the server.
#
#   RECOVER=yes sh runbook.sh   the first time: new passwords for Kanidm's two break-glass accounts
#   sh runbook.sh               again: what is there already is brought up to date
#   sh runbook.sh NAME…         with a new reset token for these people
#
# A client before 1.8 exits 0 on most errors: read what it prints.
set -eu
export KANIDM_URL=https://sso.kammel.dev KANIDM_NAME=idm_admin KANIDM_OUTPUT=text
recover=${RECOVER:-no}
people=" $* "

say() { printf '%s\n' "$*"; }
fail() { printf 'runbook: %s\n' "$*" >&2; exit 1; }
# Whether there is such an entry: `get` of a missing one exits 0 too.
found() { "$@" 2>/dev/null | grep -q '^uuid: '; }

# Break-glass accounts: each password is printed once. Keep them where you keep such things.
if [ "$recover" = yes ]; then
  kubectl exec --stdin --tty --namespace=kanidm deployment/kanidm -- kanidmd recover-account admin
  kubectl exec --stdin --tty --namespace=kanidm deployment/kanidm -- kanidmd recover-account idm_admin
fi

# Asks for the password of idm_admin.
kanidm login

# The person datosh.
if found kanidm person get datosh; then
  say 'person datosh is there'
else
  kanidm person create datosh 'Fabian Kammel'
  found kanidm person get datosh || fail 'person datosh was not created'
  people="${people}datosh "
fi
kanidm person update datosh --displayname='Fabian Kammel' --mail=fabian@kammel.dev

# The group k8s_users.
if found kanidm group get k8s_users; then
  say 'group k8s_users is there'
else
  kanidm group create k8s_users
  found kanidm group get k8s_users || fail 'group k8s_users was not created'
fi

# What group k8s_users holds and may.
kanidm group add-members k8s_users datosh

# The client k8s.
if found kanidm system oauth2 get k8s; then
  say 'client k8s is there'
else
  kanidm system oauth2 create-public k8s k8s http://localhost:8000
  found kanidm system oauth2 get k8s || fail 'client k8s was not created'
fi
kanidm system oauth2 set-displayname k8s k8s
kanidm system oauth2 set-landing-url k8s http://localhost:8000
kanidm system oauth2 add-redirect-url k8s http://localhost:8000
kanidm system oauth2 update-scope-map k8s k8s_users email openid profile groups
kanidm system oauth2 enable-localhost-redirects k8s
kanidm system oauth2 set-image k8s ./kubernetes-logo.svg svg

# Reset tokens: for people who are new, and those who were named.
case $people in *' datosh '*) kanidm person credential create-reset-token datosh ;; esac
say done

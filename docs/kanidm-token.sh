#!/bin/sh
# A credential plugin for kubectl: signs in as a service account of Kanidm, without a browser. See docs/robots.md.
# It exchanges the API token of the service account for an ID token (RFC 8693). It needs curl.
#
#   KANIDM_URL         address of Kanidm, for example https://idm.example.com
#   KANIDM_CLIENT      the client of the cluster, for example k8s
#   KANIDM_SCOPES      what the kubeconfig of people asks for, for example "openid groups"
#   KANIDM_TOKEN_FILE  file that holds the API token; or KANIDM_TOKEN, the token itself
#   KANIDM_CA_PATH     certificate of Kanidm's CA, if this machine does not trust it
set -eu
fail() { printf 'kanidm-token: %s\n' "$*" >&2; exit 1; }
: "${KANIDM_URL:?}" "${KANIDM_CLIENT:?}" "${KANIDM_SCOPES:=openid groups}"

# The token goes through a pipe: arguments and environment of other programs can be read by others.
token() {
  if [ -n "${KANIDM_TOKEN_FILE:-}" ]; then tr -d '\n' <"$KANIDM_TOKEN_FILE"; else printf '%s' "${KANIDM_TOKEN:?}"; fi
}
answer=$(token | curl --silent --show-error --proto '=https' --max-time 30 ${KANIDM_CA_PATH:+--cacert "$KANIDM_CA_PATH"} \
  --data-urlencode 'grant_type=urn:ietf:params:oauth:grant-type:token-exchange' \
  --data-urlencode 'subject_token_type=urn:ietf:params:oauth:token-type:access_token' \
  --data-urlencode "client_id=$KANIDM_CLIENT" \
  --data-urlencode "audience=$KANIDM_CLIENT" \
  --data-urlencode "scope=$KANIDM_SCOPES" \
  --data-urlencode 'subject_token@-' \
  "$KANIDM_URL/oauth2/token") || fail "$KANIDM_URL did not answer"
id_token=$(printf '%s' "$answer" | sed -n 's/.*"id_token" *: *"\([A-Za-z0-9._-]*\)".*/\1/p')
if [ -z "$id_token" ]; then
  fail "Kanidm gave no ID token: $(printf '%s' "$answer" | sed -n 's/.*"error" *: *"\([a-z_]*\)".*/\1/p')"
fi
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}\n' "$id_token"

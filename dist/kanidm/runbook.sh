#!/bin/sh
# Makes Kanidm at https://sso.kammel.dev match kaniflux.yaml. Kaniflux generates this file: change kaniflux.yaml instead.
# Run it in the folder of kaniflux.yaml, as often as you like. It needs the `kanidm` client in the version of the server.
#
#   sh runbook.sh               changes what differs from the config, and lists what it did not change
#   sh runbook.sh NAME...       also prints a reset token for each of these people, to set a first or a new credential
#   RECOVER=yes sh runbook.sh   first sets new passwords for admin and idm_admin, the break-glass accounts of Kanidm
#
# Exit codes: 0 Kanidm matches the config, 1 something failed (see the list at the end), 2 the run was stopped.
set -u
umask 077
export KANIDM_URL=https://sso.kammel.dev KANIDM_NAME=idm_admin KANIDM_OUTPUT=text NO_COLOR=1
looking=no last= outcome='Kanidm matches the config'

say() { printf '%s\n' "$*"; }
stop() { printf 'runbook: %s\n' "$*" >&2; exit 2; }
left() { printf '  %s\n' "$*" >>"$work/left"; }
failed() {
  printf 'runbook: failed: %s\n' "$*" >&2
  printf '  %s\n' "$*" >>"$work/failed"
}

# Runs a command that changes Kanidm. If the session may no longer write, renews it and tries once more.
try() {
  say "+ $*"
  : >"$work/changed"
  if runs "$@"; then return 0; fi
  if grep -q 'Privileges have expired' "$work/out" && kanidm reauth && runs "$@"; then return 0; fi
  cat "$work/out" >&2
  failed "$*"
  if grep -q 'Uuid duplicate' "$work/out"; then
    say 'The UUID belongs to a deleted entry in the recycle bin: see kanidm recycle-bin list, as admin.' >&2
  fi
  return 1
}
runs() { "$@" >"$work/out" 2>&1 </dev/null && ! grep -q -e ' ERROR ' -e '^Error' -e '^failure' "$work/out"; }

get() {
  case $1 in
    client) kanidm system oauth2 get "$2" ;;
    *) kanidm "$1" get "$2" ;;
  esac
}
# The file of an entry is KIND.NAME. The names of other files about it have an @, which no name in Kanidm has.
# KIND KEY FILE: reads an entry into a file. Returns 1 if Kanidm has no such entry; ends the run if it cannot be read.
read_entry() {
  get "$1" "$2" >"$3" 2>&1 </dev/null
  if grep -q '^uuid: ' "$3"; then return 0; fi
  grep -qi 'no matching' "$3" || { cat "$3" >&2; stop "$1 $2 could not be read"; }
  : >"$3"
  return 1
}
# KIND FILE: writes all entries of a kind into a file. Returns 1 if they could not be read. The kanidm client before 1.8
# then exits with 0, and prints an error in place of entries. A warning, such as that of another version, is no error.
list() {
  case $1 in
    client) kanidm system oauth2 list ;;
    *) kanidm "$1" list ;;
  esac >"$2" 2>&1 </dev/null && { grep -q '^uuid: ' "$2" || ! grep -qv -e ' WARN ' -e ' INFO ' "$2"; }
}
# KIND UUID: sets $key to the key by which kanidm finds the entry: the UUID, or the name of an OAuth2 client. Ends the
# run if the clients could not be read, because a client with another name would count as missing.
key_of() {
  key=$2
  [ "$1" = client ] || return 0
  [ -e "$work/clients" ] || list client "$work/clients" || { cat "$work/clients" >&2; stop 'the OAuth2 clients could not be read'; }
  key=$(awk -v line="uuid: $2" '/^---/ { name = "" } /^(oauth2_rs_)?name: / { name = $2 } $0 == line { print name }' "$work/clients")
  key=${key:-$2}
}
values() { sed -n "s/^$1: //p" "$entry"; }

# KIND NAME: whether this run renames the entry that has this name in Kanidm.
moves() { [ -s "$work/renames" ] && cut -d ' ' -f 1,2 "$work/renames" | grep -qxF -e "$1 $2"; }
# KIND NAME SECTION ID FORMERLY: reads an entry and compares its UUID. '-' stands for an absent ID or FORMERLY. A sixth
# argument says that the entry can be created with the UUID of the config.
entry() {
  entry="$work/$1.$2"
  if [ "$4" = - ]; then
    : >"$entry"
    if ! moves "$1" "$2" && read_entry "$1" "$2" "$entry" || [ "$5" = - ]; then return; fi
    former=$5
    if read_entry "$1" "$former" "$entry"; then
      if moves "$1" "$former"; then
        : >"$entry"
        printf '  %s.%s: %s\n' "$3" "$2" "$former" >>"$work/claimed"
        return
      fi
      # If the config has this UUID under the old key, that entry keeps its name, and this one does not exist yet.
      if [ "$(values uuid)" = "$(sed -n 's/^uuid: //p' "$work/$1.$former" 2>/dev/null)" ]; then : >"$entry"; fi
    fi
    # If an earlier run ended during the renames, the entry can still have its temporary name.
    # An entry of the config with such a name is another one.
    if [ ! -s "$entry" ]; then
      former=$(temporary "$former")
      case $names in *" $1:$former "*) return ;; esac
      ! moves "$1" "$former" && read_entry "$1" "$former" "$entry" || return
    fi
    printf '%s %s %s\n' "$1" "$former" "$2" >>"$work/renames"
    return
  fi
  key_of "$1" "$4"
  if read_entry "$1" "$key" "$entry"; then
    name=$(values name)
    [ "$name" = "$2" ] || printf '%s %s %s\n' "$1" "$name" "$2" >>"$work/renames"
  elif read_entry "$1" "$2" "$entry"; then
    printf '%s %s %s %s %s %s\n' "$1" "$2" "$3" "$(values uuid)" "$4" "$#" >>"$work/others"
  elif [ $# -lt 6 ]; then
    printf '  %s.%s.id: %s\n' "$3" "$2" "$4" >>"$work/missing"
  fi
}
compared() {
  # Only now all renames are known: if this run renames the entry that has the name, the entry of the config is a new one.
  if [ -s "$work/others" ]; then
    while read -r kind name section uuid id count; do
      if ! moves "$kind" "$name"; then
        printf '  %s.%s.id: %s   (the config has %s)\n' "$section" "$name" "$uuid" "$id" >>"$work/differs"
        continue
      fi
      : >"$work/$kind.$name"
      [ "$count" -ge 6 ] || printf '  %s.%s.id: %s\n' "$section" "$name" "$id" >>"$work/missing"
    done <"$work/others"
  fi
  if [ -s "$work/claimed" ]; then
    say 'Two entries of the config claim the entry with this former name in Kanidm. Remove the field formerly from one of them:' >&2
    cat "$work/claimed" >&2
  fi
  if [ -s "$work/differs" ]; then
    say 'Kanidm has other UUIDs for these entries. If they are the entries you mean, write the UUIDs into the config:' >&2
    cat "$work/differs" >&2
  fi
  if [ -s "$work/missing" ]; then
    say 'Kanidm lacks these entries, and the runbook cannot create them with these UUIDs. Remove these lines from the' >&2
    say 'config, render again, run the new runbook, and write the UUIDs that it prints into the config:' >&2
    cat "$work/missing" >&2
  fi
  if [ -s "$work/differs" ] || [ -s "$work/missing" ] || [ -s "$work/claimed" ]; then stop 'nothing was changed'; fi
}

# KIND NAME: checks that a migration created the entry. Ends the run if the entry has another name in Kanidm: all later
# steps use names, and another entry can have this name.
there() {
  entry="$work/$1.$2"
  if [ ! -s "$entry" ]; then
    failed "$1 $2 does not exist: did Kanidm apply the migrations?"
    return
  fi
  name=$(values name)
  [ "$name" = "$2" ] || stop "$1 $2 is called $name in Kanidm, and nothing was changed: did Kanidm apply the migrations, or was the entry renamed in Kanidm?"
}
# KIND NAME ID: checks that a migration removed the entry.
gone() {
  entry="$work/absent.$2"
  key_of "$1" "$3"
  if read_entry "$1" "$key" "$entry"; then
    failed "$1 $2 still exists, and is \`absent\` in the config: did Kanidm apply the migrations?"
  else
    another "$@"
  fi
}
# KIND NAME ID: lists an entry that has the name, but not the UUID, of an entry to be removed.
another() {
  if read_entry "$1" "$2" "$entry"; then
    left "$1 $2: the config removes the entry with the UUID $3, and this one has $(values uuid)"
  fi
}

# KIND NAME ID [FORMERLY]: deletes an entry, by its UUID if the config has one. An entry with the former name is not
# deleted, because it could be another one. An entry that this run renames is not deleted either.
remove() {
  entry="$work/absent.$2"
  key=$2
  if [ "$3" != - ]; then
    key_of "$1" "$3"
  elif moves "$1" "$2"; then
    return
  fi
  if read_entry "$1" "$key" "$entry"; then
    : >"$work/moved"
    case $1 in
      client) try kanidm system oauth2 delete "$key" ;;
      *) try kanidm "$1" delete "$key" ;;
    esac
    if read_entry "$1" "$key" "$entry"; then failed "$1 $2 was not deleted"; fi
  elif [ "$3" != - ]; then
    another "$@"
  elif [ $# -gt 3 ] && read_entry "$1" "$4" "$entry"; then
    failed "$1 $2 was not deleted: Kanidm has no $2, but has an entry with its former name, $4. If this is the same entry, delete it by hand; otherwise, remove \`formerly\` from the config"
  fi
}

# KIND OLD NEW
rename() {
  case $1 in
    client) try kanidm system oauth2 set-name "$2" "$3" ;;
    group) try kanidm group rename "$2" "$3" ;;
    *) try kanidm "$1" update "$2" "--newname=$3" ;;
  esac
}
# NAME: prints the temporary name of an entry. Kanidm allows 64 characters.
temporary() { printf '%.56s-moving' "$1"; }
# Renames the entries that have another name in Kanidm. Names are unique, so an entry first gets a temporary
# name if another entry takes its old name.
renamed() {
  [ -s "$work/renames" ] || return 0
  : >"$work/moved"
  while read -r kind old new <&3; do
    if cut -d ' ' -f 3 "$work/renames" | grep -qxF -e "$old"; then
      rename "$kind" "$old" "$(temporary "$old")"
      old=$(temporary "$old")
    fi
    printf '%s %s %s\n' "$kind" "$old" "$new" >>"$work/renames.free"
  done 3<"$work/renames"
  while read -r kind old new <&3; do
    # All later steps use names. If a name still belongs to another entry, they would change that entry.
    if ! rename "$kind" "$old" "$new" || ! read_entry "$kind" "$new" "$work/$kind.$new"; then
      failed "$kind $old was not renamed to $new"
      finish
    fi
  done 3<"$work/renames.free"
}

# NAME MAIL...: the mail addresses of a person in the config.
mails() {
  name=$1
  printf '%s\n' "$name" >>"$work/mailed"
  shift
  for mail in "$@"; do printf '%s %s\n' "$name" "$mail" >>"$work/mails"; done
}
# Mail addresses are unique: a person whose address the config gives to another person gets a temporary one first. If
# the config does not set the addresses of this person, they stay, because they would be lost.
free_mails() {
  [ -s "$work/mails" ] || return 0
  for name in $people; do
    entry="$work/person.$name"
    [ -s "$entry" ] || continue
    if awk -v name="$name" 'NR == FNR { owner[tolower($2)] = $1; next }
      /^mail: / && (tolower($2) in owner) && owner[tolower($2)] != name { held = 1 }
      END { exit !held }' "$work/mails" "$entry"; then
      if grep -qxF -e "$name" "$work/mailed"; then
        : >"$work/moved"
        try kanidm person update "$name" "--mail=$(values uuid)@moving.invalid"
      else
        failed "person $name has a mail address that the config gives to another person, and the config does not set the mail addresses of $name"
      fi
    fi
  done
}

# KIND NAME COMMAND...: creates an entry that Kanidm does not have.
new() {
  entry="$work/$1.$2"
  if [ -s "$entry" ]; then return; fi
  kind=$1 name=$2
  shift 2
  try "$@"
  if read_entry "$kind" "$name" "$entry"; then
    say "created $kind $name, UUID $(values uuid)"
    [ "$kind" != person ] || printf '%s\n' "$name" >>"$work/new"
    : >"$entry@changed"
  else
    failed "$kind $name was not created"
  fi
}

# KIND NAME: selects the entry for the functions below. The first pass reads this entry again if the run has deleted or
# renamed any entry, or set a temporary mail address: what was read before can contain the old name or address. The
# second pass reads this entry again if it was changed without an error, and otherwise skips it.
about() {
  it="$1 $2" entry="$work/$1.$2"
  [ -s "$entry" ] || return 1
  if [ "$looking" = yes ]; then
    [ -e "$entry@changed" ] && [ ! -e "$entry@failed" ] || return 1
  elif [ ! -e "$work/moved" ]; then
    return 0
  fi
  read_entry "$1" "$2" "$entry" || { failed "$it no longer exists"; return 1; }
}
# MESSAGE COMMAND...: runs the command, but only once if consecutive lines have the same command. The second pass does
# not run the command, and reports the message as a failure.
set_it() {
  what=$1
  shift
  if [ "$looking" = yes ]; then
    failed "$it: $what"
  elif [ "$*" != "$last" ]; then
    last=$*
    : >"$entry@changed"
    try "$@" || : >"$entry@failed"
  fi
}
# LINE COMMAND...: runs the command if the entry lacks the line.
want() {
  line=$1
  shift
  grep -qxF -e "$line" "$entry" || set_it "Kanidm does not have '$line'" "$@"
}
# LINE COMMAND...: runs the command if the entry has the line.
lack() {
  line=$1
  shift
  if grep -qxF -e "$line" "$entry"; then set_it "Kanidm still has '$line'" "$@"; fi
}
# NAME LABEL ENCODED KEY: sets an SSH key of a person. Newer versions of the kanidm client percent-encode the label. No
# version replaces a key, so an old key is deleted first. Kanidm prints a space after a key without a comment.
ssh_key() {
  for label in "$2" "$3"; do
    if grep -qxF -e "ssh_publickey: $label: $4" -e "ssh_publickey: $label: $4 " "$entry"; then return; fi
  done
  for label in "$2" "$3"; do
    if [ "$looking" != yes ] && keys ssh_publickey | grep -qxF -e "$label"; then
      set_it "Kanidm still has another SSH key '$2'" kanidm person ssh delete-publickey -- "$1" "$label"
    fi
  done
  set_it "Kanidm does not have the SSH key '$2'" kanidm person ssh add-publickey -- "$1" "$2" "$4"
}
# LINE COMMAND...: sets the display name of a service account. In Kanidm 1.8 to 1.10, only a manager may read it. If
# idm_admin is not a manager, the command runs each time, and its effect cannot be checked.
shown() {
  if [ "$looking" = yes ] && ! grep -q '^displayname: ' "$entry"; then return; fi
  want "$@"
}
# NAME: whether idm_admin manages the service account. Only a manager may read and write the times between which the
# account is valid. The entry is read again, because this run may have changed its manager.
managed() {
  [ -e "$work/self" ] || read_entry service-account idm_admin "$work/self"
  [ "$looking" = yes ] || read_entry service-account "$1" "$entry"
  manager=$(values entry_managed_by)
  if [ -n "$manager" ] && grep -qxF -e "memberof: $manager" -e "spn: $manager" "$work/self"; then return 0; fi
  [ "$looking" = yes ] || failed "$it: idm_admin may neither read nor set when it is valid. Only its manager may, which is ${manager:-nobody}"
  return 1
}
# LINE: reports that the entry lacks the line, which idm_admin may not write.
holds() { [ "$looking" = yes ] || grep -qxF -e "$1" "$entry" || failed "$it: Kanidm does not have '$1', and idm_admin may not write it"; }
# ATTRIBUTE: reports that the entry has the attribute, which idm_admin may not clear.
lacks() { [ "$looking" = yes ] || ! grep -q "^$1: " "$entry" || failed "$it: Kanidm still has $1, and idm_admin may not clear it"; }
# NAME OTHER: reports the client if it has the type OTHER, which is not the type in the config. No command changes the
# type.
typed() {
  if [ "$looking" != yes ] && grep -qxF -e "class: oauth2_resource_server_$2" "$entry"; then
    failed "$it is of type $2 in Kanidm, and no command changes the type: write \`type: $2\`, or delete the client (kanidm system oauth2 delete $1) and run this script again, which creates a client with new keys"
  fi
}
# ATTRIBUTE COMMAND...: runs the command if the entry has the attribute.
cleared() {
  attribute=$1
  shift
  if grep -q "^$attribute: " "$entry"; then set_it "Kanidm still has $attribute" "$@"; fi
}
# ATTRIBUTE N VALUE... COMMAND...: runs the command unless the attribute has exactly these N values.
exactly() {
  attribute=$1 n=$2
  shift 2
  : >"$work/wanted"
  while [ "$n" -gt 0 ]; do
    printf '%s\n' "$1" >>"$work/wanted"
    shift
    n=$((n - 1))
  done
  values "$attribute" >"$work/held"
  # The order matters for mail only: the first address is the primary one.
  if [ "$attribute" != mail ]; then
    sort -o "$work/wanted" "$work/wanted"
    sort -o "$work/held" "$work/held"
  fi
  if cmp -s "$work/wanted" "$work/held"; then return; fi
  if [ "$looking" != yes ]; then
    while read -r value <&3; do
      grep -qxF -e "$value" "$work/wanted" || say "$it: removes $attribute $value"
    done 3<"$work/held"
  fi
  set_it "$attribute differs from the config" "$@"
}
# ATTRIBUTE N KEY... COMMAND...: runs the command for each value of the attribute whose key is not one of these N.
only() {
  attribute=$1 n=$2
  shift 2
  : >"$work/wanted"
  while [ "$n" -gt 0 ]; do
    printf '%s\n' "$1" >>"$work/wanted"
    shift
    n=$((n - 1))
  done
  keys "$attribute" >"$work/held"
  while read -r key <&3; do
    if grep -qxF -e "$key" "$work/wanted"; then continue; fi
    case $attribute in
      oauth2_rs_claim_map) set_it "Kanidm still has $attribute $key" "$@" "${key%% *}" "${key#* }" ;;
      *) set_it "Kanidm still has $attribute $key" "$@" "$key" ;;
    esac
  done 3<"$work/held"
}
# ATTRIBUTE: prints the key of each value: the group of a scope map, claim and group of a claim map, label of an SSH key.
keys() {
  case $1 in
    oauth2_rs_scope_map | oauth2_rs_sup_scope_map) values "$1" | sed 's/: .*//' ;;
    oauth2_rs_claim_map) values "$1" | sed 's/^\(.*\):\([^:]*\):.:"[^"]*"$/\1 \2/' ;;
    ssh_publickey) values "$1" | awk '{ if (match($0, /: (ssh|ecdsa|sk)-/)) print substr($0, 1, RSTART - 1) }' ;;
    *) values "$1" ;;
  esac
}
# ATTRIBUTE...: lists the values at the end. They stay as they are, because the config does not set these attributes.
leave() {
  if [ "$looking" = yes ]; then return; fi
  for attribute in "$@"; do
    grep "^$attribute: " "$entry" | cut -c 1-120 | while read -r line; do left "$it: $line"; done
  done
}
# JSON: sets or clears attributes for which kanidm has no other command. Needs kanidm 1.8 or later.
write() {
  printf '{"id":"%s",%s' "$(values uuid)" "${1#?}" >"$work/write.json"
  kanidm raw update "$work/write.json"
}
# JSON: creates an entry with the UUID of the config. Needs kanidm 1.8 or later.
make() {
  printf '%s' "$1" >"$work/make.json"
  kanidm raw create "$work/make.json"
}

# KIND NAME...: lists the entries of a kind that are neither these nor built in. The UUIDs of built-in entries begin with
# zeros.
others() {
  kind=$1
  shift
  printf '%s\n' "$@" >"$work/wanted"
  list "$kind" "$work/out" || { left "any $kind that is not in the config (the list in Kanidm could not be read)"; return; }
  awk '/^---/ { if (name != "") print name; name = "" } /^(oauth2_rs_)?name: / { name = $2 }
    /^uuid: 00000000-0000-0000-0000-/ { name = "" } END { if (name != "") print name }' "$work/out" |
    sort -u | while read -r name; do
    grep -qxF -e "$name" "$work/wanted" || left "$kind $name, which is not in the config"
  done
}

# KIND NAME SECTION: lists the UUID of an entry that has none in the config.
known_as() {
  entry="$work/$1.$2"
  [ ! -s "$entry" ] || printf '  %s.%s.id: %s\n' "$3" "$2" "$(values uuid)" >>"$work/ids"
}
# NAME...: prints the summary. The arguments are the people who got a reset token.
finish() {
  # $hint is set if there are new passwords, $1 if there is a reset token.
  if [ ! -e "$work/changed" ]; then
    if [ -n "$hint$*" ]; then say 'nothing else was changed'; else say 'nothing was changed'; fi
  fi
  if [ -s "$work/ids" ]; then
    say 'write these UUIDs into the config, because bindings identify people and service accounts by UUID:'
    cat "$work/ids"
  fi
  if [ -s "$work/new" ]; then
    say 'new people; sh runbook.sh NAME prints a reset token, with which they set their first credential:'
    sed 's/^/  /' "$work/new"
  fi
  if [ -s "$work/left" ]; then
    say 'not changed, because the config does not set it:'
    cat "$work/left"
  fi
  if [ -s "$work/failed" ]; then
    say "failed: $(wc -l <"$work/failed" | tr -d ' ')" >&2
    cat "$work/failed" >&2
    exit 1
  fi
  say "$outcome"
}

# CLIENT FILE TYPE NUMBER: sets the image of a client. Kanidm does not show the image, only the SHA-256 of
# three parts in a row: the file name, the number of the type, and the content.
image() {
  if [ "$looking" = yes ]; then return; fi
  if [ ! -f "$2" ]; then
    failed "client $1: the image $2 does not exist"
    return
  fi
  { printf '%s' "${2##*/}" && printf "\\00$4" && cat "$2"; } >"$work/image"
  grep -qxF "image: $(sha256 "$work/image")" "$entry" || try kanidm system oauth2 set-image "$1" "$2" "$3"
}
# CLIENT URL SHA256 TYPE NUMBER: downloads an image and sets it.
downloaded() {
  if [ "$looking" = yes ]; then return; fi
  mkdir -p "$work/images"
  file="$work/images/$1.$4"
  if ! curl --fail --silent --show-error --location --proto '=https' --max-filesize 1000000 --output "$file" "$2"; then
    failed "client $1: the image could not be downloaded from $2"
  elif [ "$(sha256 "$file")" != "$3" ]; then
    failed "client $1: the image at $2 has the SHA-256 $(sha256 "$file"), which is not the one in the config"
  else
    image "$1" "$file" "$4" "$5"
  fi
}
sha256() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d ' ' -f 1; }

# The arguments are the people who get a reset token.
people=' datosh '
for name in "$@"; do
  case $people in
    *" $name "*) ;;
    *) stop "the config has no person $name" ;;
  esac
done

# A folder for the entries that are read from Kanidm.
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
touch "$work/left" "$work/failed" "$work/ids"

# The break-glass accounts. Each password is printed once: store it in your password safe.
hint=
if [ "${RECOVER:-no}" = yes ]; then
  context=$(kubectl config current-context) || stop 'kubectl has no current context'
  printf 'Set new passwords in the context %s of kubectl, for the Kanidm at %s? [y/N] ' "$context" "$KANIDM_URL"
  read -r answer || answer=no
  case $answer in
    [yY]*) ;;
    *) stop 'no new passwords; to select another context: kubectl config use-context NAME' ;;
  esac
  say 'A new password for admin:'
  kubectl --context="$context" exec --stdin --tty --namespace=kanidm deployment/kanidm -- kanidmd recover-account admin || stop 'no new password for admin'
  say 'A new password for idm_admin:'
  kubectl --context="$context" exec --stdin --tty --namespace=kanidm deployment/kanidm -- kanidmd recover-account idm_admin || stop 'no new password for idm_admin'
  hint='. The passwords above are valid: run the script again, without RECOVER=yes'
fi

# Asks for the password of idm_admin.
kanidm login || stop "idm_admin could not sign in$hint"

# All UUIDs are compared before anything is changed.
names='  '
entry person datosh people 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16 -
entry group k8s_users groups - -
entry client k8s clients - -
compared

# Delete the entries that are `absent` in the config, rename those with another name in Kanidm, and create those that are missing.
renamed
new person datosh kanidm person create datosh 'Fabian Kammel'
new group k8s_users kanidm group create k8s_users
new client k8s kanidm system oauth2 create-public k8s k8s http://localhost:8000
mails datosh fabian@kammel.dev
free_mails

# Set the attributes of each entry, in two passes. The second pass checks the entries that the first pass changed.
entries() {
  :

  if about person datosh; then
    want 'displayname: Fabian Kammel' kanidm person update datosh --displayname='Fabian Kammel'
    exactly mail 1 fabian@kammel.dev kanidm person update datosh --mail=fabian@kammel.dev
    leave account_valid_from account_expire
    leave legalname description ssh_publickey gidnumber loginshell
  fi

  if about group k8s_users; then
    exactly member 1 datosh@sso.kammel.dev kanidm group set-members k8s_users datosh
    leave description entry_managed_by gidnumber credential_type_minimum authsession_expiry privilege_expiry auth_password_minimum_length
  fi

  if about client k8s; then
    typed k8s basic
    want 'displayname: k8s' kanidm system oauth2 set-displayname k8s k8s
    want 'oauth2_rs_origin_landing: http://localhost:8000/' kanidm system oauth2 set-landing-url k8s http://localhost:8000
    want 'oauth2_rs_origin: http://localhost:8000/' kanidm system oauth2 add-redirect-url k8s http://localhost:8000
    only oauth2_rs_origin 1 http://localhost:8000/ kanidm system oauth2 remove-redirect-url k8s
    want 'oauth2_rs_scope_map: k8s_users@sso.kammel.dev: {"email", "groups", "openid", "profile"}' kanidm system oauth2 update-scope-map k8s k8s_users email openid profile groups
    only oauth2_rs_scope_map 1 k8s_users@sso.kammel.dev kanidm system oauth2 delete-scope-map k8s
    lack 'oauth2_prefer_short_username: true' kanidm system oauth2 prefer-spn-username k8s
    lack 'oauth2_jwt_legacy_crypto_enable: true' kanidm system oauth2 disable-legacy-crypto k8s
    leave description oauth2_rs_sup_scope_map oauth2_rs_claim_map
    want 'oauth2_allow_localhost_redirect: true' kanidm system oauth2 enable-localhost-redirects k8s
    downloaded k8s https://raw.githubusercontent.com/kubernetes/kubernetes/v1.34.4/logo/logo.svg a8f6c3b81e588eb0eee4b5ae707ad11b16d0c5ce132719871e559eed0e61e6bf svg 3
  fi
}
entries
looking=yes
entries

# Entries of Kanidm that are not in the config.
others person datosh
others service-account
others group k8s_users
others client k8s

# Reset tokens. Whoever has a token can sign in as the person. Each token is printed once.
# The client exits with 0 even if Kanidm refuses the token, so its output is checked.
for name in "$@"; do
  kanidm person credential create-reset-token "$name" | tee "$work/out"
  grep -q use-reset-token "$work/out" || failed "a reset token for $name"
done
finish "$@"

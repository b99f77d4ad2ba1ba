/**
 * The functions of the runbook, in POSIX shell. The script reads everything, compares, then changes what differs, and
 * looks again at what it changed: clients before 1.8, and some commands of the later ones, print an error and exit 0.
 *
 * An entry is what `get` prints of it: a line `attribute: value` for each value, the same from 1.4 to 1.11.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/server/mod.rs (resolve_valueset)
 */
export const runbookFunctions = String.raw`say() { printf '%s\n' "$*"; }
stop() { printf 'runbook: %s\n' "$*" >&2; exit 2; }
left() { printf '  %s\n' "$*" >>"$work/left"; }
failed() {
  printf 'runbook: failed: %s\n' "$*" >&2
  printf '  %s\n' "$*" >>"$work/failed"
}

# Runs a command that changes something. A session that may no longer write is renewed once.
try() {
  say "+ $*"
  : >"$work/changed"
  if runs "$@"; then return 0; fi
  if grep -q 'Privileges have expired' "$work/out" && kanidm reauth && runs "$@"; then return 0; fi
  cat "$work/out" >&2
  failed "$*"
  if grep -q 'Uuid duplicate' "$work/out"; then
    say 'It was deleted before, and Kanidm keeps its UUID: see kanidm recycle-bin list, as admin.' >&2
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
# Reads KIND KEY into FILE: 0 it is there, 1 it isn't. What can't be read is no answer, so that ends the run.
read_entry() {
  get "$1" "$2" >"$3" 2>&1 </dev/null
  if grep -q '^uuid: ' "$3"; then return 0; fi
  grep -qi 'no matching' "$3" || { cat "$3" >&2; stop "$1 $2 could not be read"; }
  : >"$3"
  return 1
}
# KIND UUID: what the client finds the entry by. It finds no OAuth2 client by its UUID.
key_of() {
  if [ "$1" != client ]; then
    printf '%s' "$2"
    return
  fi
  [ -e "$work/clients" ] || kanidm system oauth2 list >"$work/clients" 2>&1 </dev/null
  key=$(awk -v line="uuid: $2" '/^---/ { name = "" } /^(oauth2_rs_)?name: / { name = $2 } $0 == line { print name }' "$work/clients")
  printf '%s' "${'$'}{key:-$2}"
}
values() { sed -n "s/^$1: //p" "$entry"; }

# KIND NAME SECTION ID FORMERLY: reads an entry and compares its UUID. '-' stands for none. An entry that isn't there
# can be made with the UUID of the config where a sixth word says so.
entry() {
  entry="$work/$1.$2"
  if [ "$4" = - ]; then
    if read_entry "$1" "$2" "$entry" || [ "$5" = - ]; then return; fi
    if read_entry "$1" "$5" "$entry"; then printf '%s %s %s\n' "$1" "$5" "$2" >>"$work/renames"; fi
    return
  fi
  if read_entry "$1" "$(key_of "$1" "$4")" "$entry"; then
    name=$(values name)
    [ "$name" = "$2" ] || printf '%s %s %s\n' "$1" "$name" "$2" >>"$work/renames"
  elif read_entry "$1" "$2" "$entry"; then
    printf '  %s.%s.id: %s   (the config says %s)\n' "$3" "$2" "$(values uuid)" "$4" >>"$work/differs"
  elif [ $# -lt 6 ]; then
    printf '  %s.%s.id: %s\n' "$3" "$2" "$4" >>"$work/missing"
  fi
}
compared() {
  if [ -s "$work/differs" ]; then
    say 'Kanidm has other UUIDs than the config. Where it is the same entry, write into the config what Kanidm has:' >&2
    cat "$work/differs" >&2
  fi
  if [ -s "$work/missing" ]; then
    say 'These are not in Kanidm, and what this client makes gets a UUID of its own. Take these lines out of the config, run' >&2
    say 'the new runbook, and write the ids that it prints:' >&2
    cat "$work/missing" >&2
  fi
  if [ -s "$work/differs" ] || [ -s "$work/missing" ]; then stop 'nothing was changed'; fi
}

# KIND NAME: a migration made it, or will.
there() { [ -s "$work/$1.$2" ] || failed "$1 $2 is not there: has Kanidm started with the migrations?"; }

# KIND NAME ID: deletes an entry, by its UUID where the config has it.
remove() {
  entry="$work/absent.$2"
  key=$2
  [ "$3" = - ] || key=$(key_of "$1" "$3")
  if read_entry "$1" "$key" "$entry"; then
    : >"$work/moved"
    case $1 in
      client) try kanidm system oauth2 delete "$key" ;;
      *) try kanidm "$1" delete "$key" ;;
    esac
    if read_entry "$1" "$key" "$entry"; then failed "$1 $2 is still there"; fi
  elif [ "$3" != - ] && read_entry "$1" "$2" "$entry"; then
    left "$1 $2, which is absent in the config with the UUID $3: Kanidm's has $(values uuid)"
  fi
}

renamed() {
  [ -s "$work/renames" ] || return 0
  : >"$work/moved"
  while read -r kind old new <&3; do
    case $kind in
      client) try kanidm system oauth2 set-name "$old" "$new" ;;
      group) try kanidm group rename "$old" "$new" ;;
      *) try kanidm "$kind" update "$old" "--newname=$new" ;;
    esac
    read_entry "$kind" "$new" "$work/$kind.$new" || failed "$kind $old was not renamed to $new"
  done 3<"$work/renames"
}

# KIND NAME COMMAND...: makes an entry that isn't there.
new() {
  entry="$work/$1.$2"
  if [ -s "$entry" ]; then return; fi
  kind=$1 name=$2
  shift 2
  try "$@"
  if read_entry "$kind" "$name" "$entry"; then
    say "made $kind $name, UUID $(values uuid)"
    [ "$kind" != person ] || printf '%s\n' "$name" >>"$work/new"
    : >"$entry.changed"
  else
    failed "$kind $name was not made"
  fi
}

# KIND NAME: from here on it is about this entry. The second time only about those that were changed. What was read
# before something was renamed or deleted names what is gone.
about() {
  it="$1 $2" entry="$work/$1.$2"
  [ -s "$entry" ] || return 1
  if [ "$looking" = yes ]; then
    [ -e "$entry.changed" ] && [ ! -e "$entry.failed" ] || return 1
  elif [ ! -e "$work/moved" ]; then
    return 0
  fi
  read_entry "$1" "$2" "$entry" || failed "$it is gone"
}
# Runs a command for the entry, once where several lines ask for it, or says the second time that it had no effect.
set_it() {
  what=$1
  shift
  if [ "$looking" = yes ]; then
    failed "$it: $what"
  elif [ "$*" != "$last" ]; then
    last=$*
    : >"$entry.changed"
    try "$@" || : >"$entry.failed"
  fi
}
# LINE COMMAND...: the entry holds this line.
want() {
  line=$1
  shift
  grep -qxF -e "$line" "$entry" || set_it "Kanidm does not hold '$line'" "$@"
}
# LINE COMMAND...: the entry does not hold this line.
lack() {
  line=$1
  shift
  if grep -qxF -e "$line" "$entry"; then set_it "Kanidm still holds '$line'" "$@"; fi
}
# NAME LABEL ENCODED KEY: an SSH key of a person. Newer clients percent-encode the label, and none replaces a key.
ssh_key() {
  if grep -qxF -e "ssh_publickey: $2: $4" -e "ssh_publickey: $3: $4" "$entry"; then return; fi
  for label in "$2" "$3"; do
    if [ "$looking" != yes ] && keys ssh_publickey | grep -qxF -e "$label"; then
      set_it "another key" kanidm person ssh delete-publickey -- "$1" "$label"
    fi
  done
  set_it "Kanidm does not hold the SSH key '$2'" kanidm person ssh add-publickey -- "$1" "$2" "$4"
}
# LINE, ATTRIBUTE: what idm_admin may not write: it is only looked at.
holds() { [ "$looking" = yes ] || grep -qxF -e "$1" "$entry" || failed "$it: idm_admin may not write '$1'"; }
lacks() { [ "$looking" = yes ] || ! grep -q "^$1: " "$entry" || failed "$it: idm_admin may not clear $1"; }
# ATTRIBUTE COMMAND...: the entry has no such attribute.
cleared() {
  attribute=$1
  shift
  if grep -q "^$attribute: " "$entry"; then set_it "Kanidm still holds $attribute" "$@"; fi
}
# ATTRIBUTE N VALUE... COMMAND...: the entry has these N values and no other.
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
  # The first mail is the primary one. Members have no order.
  if [ "$attribute" != mail ]; then
    sort -o "$work/wanted" "$work/wanted"
    sort -o "$work/held" "$work/held"
  fi
  if cmp -s "$work/wanted" "$work/held"; then return; fi
  if [ "$looking" != yes ]; then
    while read -r value <&3; do
      grep -qxF -e "$value" "$work/wanted" || say "$it: takes away $attribute $value"
    done 3<"$work/held"
  fi
  set_it "$attribute is not what the config says" "$@"
}
# ATTRIBUTE N KEY... COMMAND...: of the values of the attribute only those with these N keys stay.
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
      oauth2_rs_claim_map) set_it "Kanidm still holds $attribute $key" "$@" "${'$'}{key%% *}" "${'$'}{key#* }" ;;
      *) set_it "Kanidm still holds $attribute $key" "$@" "$key" ;;
    esac
  done 3<"$work/held"
}
# What a value goes by: the group of a scope map, claim and group of a claim map, the label of an SSH key.
keys() {
  case $1 in
    oauth2_rs_scope_map | oauth2_rs_sup_scope_map) values "$1" | sed 's/: .*//' ;;
    oauth2_rs_claim_map) values "$1" | sed 's/^\(.*\):\([^:]*\):.:"[^"]*"$/\1 \2/' ;;
    ssh_publickey) values "$1" | awk '{ if (match($0, /: (ssh|ecdsa|sk)-/)) print substr($0, 1, RSTART - 1) }' ;;
    *) values "$1" ;;
  esac
}
# ATTRIBUTE...: what the config says nothing of stays, and is said at the end.
leave() {
  if [ "$looking" = yes ]; then return; fi
  for attribute in "$@"; do
    grep "^$attribute: " "$entry" | cut -c 1-120 | while read -r line; do left "$it: $line"; done
  done
}
# JSON: sets or clears attributes of the entry that no other command does. Clients from 1.8.
write() {
  printf '{"id":"%s",%s' "$(values uuid)" "${'$'}{1#?}" >"$work/write.json"
  kanidm raw update "$work/write.json"
}
# JSON: makes an entry under a UUID that the config gives. Clients from 1.8.
make() {
  printf '%s' "$1" >"$work/make.json"
  kanidm raw create "$work/make.json"
}

# KIND NAME...: names that Kanidm has of a kind, beside these and its own.
others() {
  kind=$1
  shift
  printf '%s\n' "$@" >"$work/wanted"
  case $kind in
    client) kanidm system oauth2 list ;;
    *) kanidm "$kind" list ;;
  esac >"$work/out" 2>&1 </dev/null || { left "every $kind that the config does not name: the list could not be read"; return; }
  sed -n -e 's/^name: //p' -e 's/^oauth2_rs_name: //p' "$work/out" |
    grep -vx -e 'idm_.*' -e 'domain_admins' -e 'system_admins' -e 'admin' -e 'anonymous' | sort -u | while read -r name; do
    grep -qxF -e "$name" "$work/wanted" || left "$kind $name, which the config does not name"
  done
}

# KIND NAME SECTION: the UUID of an entry for which the config has none.
known_as() {
  entry="$work/$1.$2"
  [ ! -s "$entry" ] || printf '  %s.%s.id: %s\n' "$3" "$2" "$(values uuid)" >>"$work/ids"
}
finish() {
  [ -e "$work/changed" ] || say 'nothing was changed'
  if [ -s "$work/ids" ]; then
    say 'write these into the config, since bindings can name people and service accounts by them only:'
    cat "$work/ids"
  fi
  if [ -s "$work/new" ]; then
    say 'new people, who get their first credential by a reset token (sh runbook.sh NAME):'
    sed 's/^/  /' "$work/new"
  fi
  if [ -s "$work/left" ]; then
    say 'left alone, since the config says nothing of it:'
    cat "$work/left"
  fi
  if [ -s "$work/failed" ]; then
    say "failed: $(wc -l <"$work/failed" | tr -d ' ')" >&2
    cat "$work/failed" >&2
    exit 1
  fi
  say 'all is as the config says'
}

# CLIENT FILE TYPE NUMBER: Kanidm shows an image as the SHA-256 of its file name, the number of its type and its content.
image() {
  if [ "$looking" = yes ]; then return; fi
  if [ ! -f "$2" ]; then
    failed "client $1: there is no image $2"
    return
  fi
  { printf '%s' "${'$'}{2##*/}" && printf "\\00$4" && cat "$2"; } >"$work/image"
  grep -qxF "image: $(sha256 "$work/image")" "$entry" || try kanidm system oauth2 set-image "$1" "$2" "$3"
}
# CLIENT URL SHA256 TYPE NUMBER
downloaded() {
  if [ "$looking" = yes ]; then return; fi
  file="$work/$1.$4"
  if ! curl --fail --silent --show-error --location --proto '=https' --max-filesize 1000000 --output "$file" "$2"; then
    failed "client $1: the image could not be downloaded from $2"
  elif [ "$(sha256 "$file")" != "$3" ]; then
    failed "client $1: the image at $2 has another SHA-256 than the config: $(sha256 "$file")"
  else
    image "$1" "$file" "$4" "$5"
  fi
}
sha256() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d ' ' -f 1; }
`;

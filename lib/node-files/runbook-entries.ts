/**
 * The functions of the runbook that read, compare, rename, create and delete entries, in POSIX shell. The script reads
 * and compares all entries first. Then it changes those that differ, and checks each change, because the `kanidm`
 * client before 1.8, and some commands of later versions, print an error and exit with 0.
 *
 * An entry is the output of `kanidm … get`: a line `attribute: value` for each value, the same from 1.4 to 1.11.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/server/mod.rs (resolve_valueset)
 */
export const entryFunctions = String.raw`say() { printf '%s\n' "$*"; }
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
# KIND UUID: prints the key by which kanidm finds the entry: the UUID, or the name of an OAuth2 client.
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

# KIND NAME SECTION ID FORMERLY: reads an entry and compares its UUID. '-' stands for an absent ID or FORMERLY. A sixth
# argument says that the entry can be created with the UUID of the config.
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
    printf '  %s.%s.id: %s   (the config has %s)\n' "$3" "$2" "$(values uuid)" "$4" >>"$work/differs"
  elif [ $# -lt 6 ]; then
    printf '  %s.%s.id: %s\n' "$3" "$2" "$4" >>"$work/missing"
  fi
}
compared() {
  if [ -s "$work/differs" ]; then
    say 'Kanidm has other UUIDs for these entries. If they are the entries you mean, write the UUIDs into the config:' >&2
    cat "$work/differs" >&2
  fi
  if [ -s "$work/missing" ]; then
    say 'Kanidm lacks these entries, and the runbook cannot create them with these UUIDs. Remove these lines from the' >&2
    say 'config, render again, run the new runbook, and write the UUIDs that it prints into the config:' >&2
    cat "$work/missing" >&2
  fi
  if [ -s "$work/differs" ] || [ -s "$work/missing" ]; then stop 'nothing was changed'; fi
}

# KIND NAME: checks that a migration created the entry.
there() { [ -s "$work/$1.$2" ] || failed "$1 $2 does not exist: did Kanidm apply the migrations?"; }

# KIND NAME ID [FORMERLY]: deletes an entry, by its UUID if the config has one. An entry with the former name is not deleted,
# because it could be another one.
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
    if read_entry "$1" "$key" "$entry"; then failed "$1 $2 was not deleted"; fi
  elif [ "$3" != - ] && read_entry "$1" "$2" "$entry"; then
    left "$1 $2: the config removes the entry with the UUID $3, and this one has $(values uuid)"
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
# Renames the entries that have another name in Kanidm. Names are unique, so an entry first gets a temporary
# name if another entry takes its old name.
renamed() {
  [ -s "$work/renames" ] || return 0
  : >"$work/moved"
  while read -r kind old new <&3; do
    if cut -d ' ' -f 3 "$work/renames" | grep -qxF -e "$old"; then
      rename "$kind" "$old" "$old-moving"
      old=$old-moving
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
  shift
  for mail in "$@"; do printf '%s %s\n' "$name" "$mail" >>"$work/mails"; done
}
# Mail addresses are unique: a person whose address the config gives to another person gets a temporary one first.
free_mails() {
  [ -s "$work/mails" ] || return 0
  for name in $people; do
    entry="$work/person.$name"
    [ -s "$entry" ] || continue
    if awk -v name="$name" 'NR == FNR { owner[tolower($2)] = $1; next }
      /^mail: / && (tolower($2) in owner) && owner[tolower($2)] != name { held = 1 }
      END { exit !held }' "$work/mails" "$entry"; then
      : >"$work/moved"
      try kanidm person update "$name" "--mail=$name@moving.invalid"
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
`;

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
  key=${'$'}{key:-$2}
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
`;

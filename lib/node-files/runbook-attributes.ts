/**
 * The functions of the runbook that set the attributes of an entry, in POSIX shell. They run in two passes: the first
 * changes what differs from the config, the second reads the changed entries again and reports what still differs.
 */
export const attributeFunctions = String.raw`# KIND NAME: selects the entry for the functions below. The first pass reads this entry again if the run has deleted or
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
  [ "$looking" = yes ] || failed "$it: idm_admin may neither read nor set when it is valid. Only its manager may, which is ${'$'}{manager:-nobody}"
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
      oauth2_rs_claim_map) set_it "Kanidm still has $attribute $key" "$@" "${'$'}{key%% *}" "${'$'}{key#* }" ;;
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
  printf '{"id":"%s",%s' "$(values uuid)" "${'$'}{1#?}" >"$work/write.json"
  kanidm raw update "$work/write.json"
}
# JSON: creates an entry with the UUID of the config. Needs kanidm 1.8 or later.
make() {
  printf '%s' "$1" >"$work/make.json"
  kanidm raw create "$work/make.json"
}
`;

/**
 * The functions that list what the runbook did not change, print the summary, and set the logo images of clients, in
 * POSIX shell.
 */
export const summaryFunctions = String.raw`# KIND NAME...: lists the entries of a kind that are neither these nor built in. The UUIDs of built-in entries begin with
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
  { printf '%s' "${'$'}{2##*/}" && printf "\\00$4" && cat "$2"; } >"$work/image"
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
`;

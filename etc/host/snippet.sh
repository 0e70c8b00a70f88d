# shellcheck shell=sh
# Cloud-init snippets on the storages of this node. phx sends this text, and below it the call of phx_main, to `/bin/sh -s` as root.
#
#   write STORAGE:snippets/NAME SHA256   standard input: the content in base64; with `-` for its SHA-256, that in the first
#                                        line: command lines are not secret
#   clean STORAGE PREFIX [NAME...]       takes away the snippets whose names begin with PREFIX, but for those named
#
# Doing it again changes nothing.
set -eu

phx_die() {
  echo "phx: $*" >&2
  exit 1
}

phx_path() {
  phx_found=$(pvesm path "$1") || phx_die "the storage does not tell where $1 lies: is it there, and does it take snippets?"
  case "$phx_found" in
  /*/*) ;;
  *) phx_die "$1 lies at \`$phx_found\`, which is no path" ;;
  esac
}

phx_sum() {
  sha256sum <"$1" | cut -d ' ' -f 1
}

phx_write() {
  phx_path "$1"
  phx_want=$2
  [ "$phx_want" = - ] && read -r phx_want
  if [ -f "$phx_found" ] && [ "$(phx_sum "$phx_found")" = "$phx_want" ]; then
    echo "$1 is there already"
    return
  fi
  mkdir -p "${phx_found%/*}"
  phx_new=$(mktemp "${phx_found%/*}/.phx-XXXXXX") || phx_die "${phx_found%/*} cannot be written to"
  trap 'rm -f "$phx_new"' EXIT
  base64 -d >"$phx_new" || phx_die "$1 cannot be written: is the storage full?"
  [ "$(phx_sum "$phx_new")" = "$phx_want" ] || phx_die "$1 arrived damaged, or the storage is full"
  chmod 0600 "$phx_new" 2>/dev/null || true # a storage without modes
  mv -f "$phx_new" "$phx_found"
  trap - EXIT
  echo "$1 written"
}

phx_clean() {
  phx_storage=$1
  phx_prefix=$2
  shift 2
  phx_path "$phx_storage:snippets/${phx_prefix}x.yaml"
  for phx_file in "${phx_found%/*}/$phx_prefix"*.yaml; do
    [ -f "$phx_file" ] || continue
    phx_keep=
    for phx_name in "$@"; do
      [ "${phx_file##*/}" = "$phx_name" ] && phx_keep=1
    done
    [ -n "$phx_keep" ] && continue
    rm -f "$phx_file"
    echo "$phx_storage:snippets/${phx_file##*/} removed"
  done
}

phx_main() {
  umask 077
  phx_what=$1
  shift
  case "$phx_what" in
  write) phx_write "$@" ;;
  clean) phx_clean "$@" ;;
  *) phx_die "unknown: $phx_what" ;;
  esac
}

# shellcheck shell=sh
# Directories of this node that containers mount. phx sends this text, and below it the call of phx_main, to `/bin/sh -s` as root.
#
# Standard input: a line each, `UID GID MODE PATH`, of the node. A `-` stands for what the configuration does not say: then a
# directory that is there stays as it is, and a new one gets DEFAULT-UID DEFAULT-GID (the two arguments: the container's root) and
# 0755. What lies in a directory is never touched. Doing it again changes nothing.
set -eu

phx_die() {
  echo "phx: $*" >&2
  exit 1
}

phx_directory() {
  case "$4" in
  *//* | */./* | */../* | */. | */.. | / | [!/]*) phx_die "$4 is no path to make a directory at" ;;
  esac
  if [ ! -e "$4" ]; then
    mkdir -p "$4" || phx_die "$4 cannot be made"
    chmod 0755 "$4" || phx_die "$4 cannot be given mode 0755"
    chown "$5:$6" "$4" || phx_die "$4 cannot be given to $5:$6"
    echo "$4 made"
  fi
  [ -d "$4" ] || phx_die "$4 is no directory"
  phx_uid=$1 phx_gid=$2
  [ "$phx_uid" = - ] && phx_uid=$(stat -c %u "$4")
  [ "$phx_gid" = - ] && phx_gid=$(stat -c %g "$4")
  if [ "$(stat -c %u:%g "$4")" != "$phx_uid:$phx_gid" ]; then
    chown "$phx_uid:$phx_gid" "$4" || phx_die "$4 cannot be given to $phx_uid:$phx_gid"
    echo "$4 given to $phx_uid:$phx_gid"
  fi
  if [ "$3" != - ] && [ "$(printf %04d "$(stat -c %a "$4")")" != "$3" ]; then
    chmod "$3" "$4" || phx_die "$4 cannot be given mode $3"
    echo "$4 given mode $3"
  fi
}

phx_main() {
  umask 022
  while read -r phx_a phx_b phx_c phx_d; do
    phx_directory "$phx_a" "$phx_b" "$phx_c" "$phx_d" "$1" "$2"
  done
}

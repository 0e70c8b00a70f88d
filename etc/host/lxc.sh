# shellcheck shell=sh
# Raw `lxc.*` lines of a container, in the live section of its configuration. phx sends this text, and below it the call of
# phx_main, to `/bin/sh -s` as root.
#
#   ID DIGEST    DIGEST: SHA-1 of the file as it must be; `-`: any
#
# An id map also needs root's leave in /etc/subuid and /etc/subgid: it is given where it is missing.
# Standard input: a line each, `+KEY: VALUE` for one that shall be there, `-KEY: VALUE` for one that shall not, and `=KEY` for a
# key of which none but those with `+` shall be there. What follows the first `[section]` is a snapshot, or changes that wait: it is
# passed through. Doing it again changes nothing.
set -eu

phx_die() {
  echo "phx: $*" >&2
  exit 1
}

# As Proxmox's own tools do: one writer at a time.
phx_lock() {
  [ -d /run/lock/lxc ] && command -v flock >/dev/null 2>&1 || return 0
  exec 9>"/run/lock/lxc/pve-config-$1.lock"
  flock -w 10 9 || phx_die "the configuration of container $1 is locked by another program"
}

phx_edit() {
  awk '
    function flush(i) {
      if (done) return
      done = 1
      for (i = 1; i <= n; i++)
        if (!(order[i] in there)) print order[i]
    }
    function blanks() {
      while (empty > 0) { print ""; empty-- }
    }
    NR == FNR {
      what = substr($0, 1, 1)
      text = substr($0, 2)
      if (what == "+" && !(text in add)) { add[text] = 1; order[++n] = text }
      if (what == "-") drop[text] = 1
      if (what == "=") whole[text] = 1
      next
    }
    /^\[/ { live_ended = 1; flush() }
    live_ended { blanks(); print; next }
    /^[ \t]*$/ { empty++; next }
    /^lxc\.[a-z0-9_.-]+([ \t]*=|:)/ {
      match($0, /^lxc\.[a-z0-9_.-]+/)
      key = substr($0, 1, RLENGTH)
      value = substr($0, RLENGTH + 1)
      sub(/^[ \t]*[=:][ \t]*/, "", value)
      sub(/[ \t]+$/, "", value)
      line = key ": " value
      if (line in add) {
        if (line in there) next
        there[line] = 1
      } else if ((line in drop) || (key in whole)) {
        next
      }
    }
    { blanks(); print }
    END { flush(); blanks() }
  ' "$1" "$2"
}

# Root must be allowed to give an id of the node to a container: newuidmap looks there when it starts.
phx_subid() {
  if [ -f "$1" ] && awk -F : -v first="$2" -v count="$3" '
    $1 == "root" && $2 <= first && $2 + $3 >= first + count { found = 1 }
    END { exit !found }' "$1"; then
    return
  fi
  { [ ! -f "$1" ] || awk 1 "$1"; echo "root:$2:$3"; } >"$1.phx-$$" && mv -f "$1.phx-$$" "$1"
  echo "$1: root:$2:$3"
}

phx_subids() {
  while read -r phx_key phx_kind phx_inside phx_outside phx_count; do
    case "$phx_key $phx_kind" in
    "+lxc.idmap: u") phx_subid /etc/subuid "$phx_outside" "$phx_count" ;;
    "+lxc.idmap: g") phx_subid /etc/subgid "$phx_outside" "$phx_count" ;;
    esac
    : "$phx_inside"
  done <"$phx_work/wanted"
}

phx_main() {
  phx_conf=/etc/pve/lxc/$1.conf
  [ -f "$phx_conf" ] || phx_die "container $1 is not on this node: there is no $phx_conf"
  phx_lock "$1"
  if [ "$2" != - ] && [ "$(sha1sum <"$phx_conf" | cut -d ' ' -f 1)" != "$2" ]; then
    phx_die "the configuration of container $1 has changed since the plan was made: plan again"
  fi
  phx_held=$(awk '/^\[/ { exit } /^lock:/ { print $2 }' "$phx_conf")
  [ -z "$phx_held" ] || phx_die "container $1 is locked ($phx_held)"
  phx_work=$(mktemp -d) || phx_die "no room for temporary files"
  phx_new=$phx_conf.tmp.$$
  trap 'rm -rf "$phx_work" "$phx_new"' EXIT
  cat >"$phx_work/wanted"
  phx_subids
  phx_edit "$phx_work/wanted" "$phx_conf" >"$phx_work/conf" || phx_die "$phx_conf cannot be read"
  if cmp -s "$phx_work/conf" "$phx_conf"; then
    echo "$phx_conf is so already"
    return
  fi
  if ! cat "$phx_work/conf" >"$phx_new" || ! mv -f "$phx_new" "$phx_conf"; then
    phx_die "$phx_conf cannot be written: is the cluster quorate?"
  fi
  echo "$phx_conf written"
}

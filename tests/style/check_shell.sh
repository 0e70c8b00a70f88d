#!/bin/sh
# All shell scripts, by shellcheck: as sh unless their first line names bash. A feature's script is looked at as it runs,
# behind the functions of etc/guest/lib.sh.
set -u
cd "$1" || exit 1
command -v shellcheck >/dev/null 2>&1 || {
  echo "skipped: shellcheck is not installed"
  exit 77
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

check() {
  case $(head -n 1 "$2") in
  *bash*) shell=bash ;;
  *) shell='sh' ;;
  esac
  shellcheck -x --shell="$shell" "$1" || {
    echo "shellcheck has something to say about $2" >&2
    failed=1
  }
}

for script in etc/features/*.sh; do
  { head -n 1 "$script" && cat etc/guest/lib.sh && tail -n +2 "$script"; } >"$work/$(basename "$script")"
  check "$work/$(basename "$script")" "$script"
  [ -f "${script%.sh}.phx" ] || {
    echo "$script belongs to no feature" >&2
    failed=1
  }
done
for script in etc/setup etc/*/*.sh tests/run tests/*/*.sh; do
  case $script in
  etc/features/*) ;;
  *) [ ! -f "$script" ] || check "$script" "$script" ;;
  esac
done
# In a pipeline a function runs in a shell of its own: what it found out is lost.
if grep -nE '\| *phx_(put|place|text|dir|apt_source|unit)\b' etc/features/*.sh etc/guest/lib.sh | grep -v '#.*printf'; then
  echo "phx_put and its kind take their input by redirection, not from a pipeline" >&2
  failed=1
fi
exit $failed

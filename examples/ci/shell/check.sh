#!/bin/sh
# What can be told without any cluster: form, mistakes, and the policies over guests. Needs no credentials, so that it may run for
# changes from anybody.
#
#   check.sh [OPTION...]        options for `phx validate`: --policy standard, --policy-dir DIR, --deny warnings
#   PHX_CONFIG  what to check: a file or a directory (.)      PHX_OUT  where the reports go (phx-out)      PHX_BIN  the program (phx)
#
# Exit status: that of `phx validate`, or 1 when a file is not in canonical form.
set -u
config=${PHX_CONFIG:-.}
out=${PHX_OUT:-phx-out}
phx=${PHX_BIN:-phx}

mkdir -p "$out" || exit 1
"$phx" validate "$config" --junit "$out/check.xml" --sarif "$out/check.sarif" "$@"
status=$?
"$phx" fmt --check "$config" || {
  echo "not in canonical form: run \`phx fmt $config\`" >&2
  [ "$status" -ne 0 ] || status=1
}
exit "$status"

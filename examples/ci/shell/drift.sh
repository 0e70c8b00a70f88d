#!/bin/sh
# Did somebody change on the cluster what phx owns? For a timer: it is silent, and ends with 0, when nobody did.
#
#   drift.sh [OPTION...]        options for `phx plan --refresh-only`
#   PHX_CONFIG  the configuration (.)                 PHX_OUT  where drift.txt goes (phx-out)              PHX_BIN  the program (phx)
#   PHX_NOTIFY  a command that gets the report on its standard input: mail -s drift root
#
# Exit status: 0 nothing changed, 2 something did, anything else: it could not be told.
set -u
config=${PHX_CONFIG:-.}
out=${PHX_OUT:-phx-out}
phx=${PHX_BIN:-phx}

mkdir -p "$out" || exit 1
"$phx" plan "$config" --refresh-only "$@" >"$out/drift.txt" 2>"$out/drift.log"
status=$?
[ "$status" -eq 0 ] && exit 0
[ "$status" -eq 2 ] || cat "$out/drift.log" >>"$out/drift.txt"
cat "$out/drift.txt"
if [ -n "${PHX_NOTIFY:-}" ]; then
  sh -c "$PHX_NOTIFY" <"$out/drift.txt" || echo "the notification failed: $PHX_NOTIFY" >&2
fi
exit "$status"

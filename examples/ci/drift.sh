#!/bin/sh
# What somebody changed on the cluster since phx wrote it, for cron:
#
#   0 6 * * *  root  /usr/local/share/phx/examples/ci/drift.sh /etc/phx/lab ops@example.org
#
# drift.sh CONFIGURATION [ADDRESS] [OPTION of phx plan …]
# Says nothing, and ends with 0, when there is no drift. Otherwise the report goes to ADDRESS by mail, or to standard
# output without one (cron mails that itself), and the end is 2; 1 when it could not be told.
set -u
config=${1:?usage: drift.sh CONFIGURATION [ADDRESS] [OPTION...]}
address=${2:-}
shift
[ $# -gt 0 ] && shift
report=$(mktemp) || exit 1
trap 'rm -f "$report"' EXIT
"${PHX:-phx}" plan --refresh-only "$@" "$config" >"$report" 2>&1
status=$?
[ $status -eq 0 ] && exit 0
if [ -n "$address" ]; then
  mail -s "phx: drift of $config" "$address" <"$report"
else
  cat "$report"
fi
exit $status

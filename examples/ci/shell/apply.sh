#!/bin/sh
# Applies exactly the plan that was reviewed, then plans again: there must be nothing left to do.
#
#   apply.sh [OPTION...]        options for `phx apply`: --parallel 4, --policy-dir DIR (policies beyond those it was planned with)
#   PHX_OUT  where plan.sh put the plan (phx-out)      PHX_PLAN  the plan (PHX_OUT/plan.phxplan)      PHX_BIN  the program (phx)
#
# Run it where plan.sh ran, with the same files: a plan knows what it was made of.
# Exit status: that of `phx apply` (3: a policy refuses, 4: stale, 5: failed in part); 1 when something is left to do.
set -u
out=${PHX_OUT:-phx-out}
plan=${PHX_PLAN:-$out/plan.phxplan}
phx=${PHX_BIN:-phx}
config=${PHX_CONFIG:-.}

[ -f "$plan" ] || {
  echo "there is no plan in $plan: nothing was reviewed, so nothing is applied" >&2
  exit 1
}
"$phx" apply "$plan" --journal "$out/apply.journal" "$@"
status=$?
case $status in
0) ;;
3)
  echo "not applied: a policy refuses it" >&2
  exit 3
  ;;
4)
  echo "not applied: the cluster or the files moved since the plan was made; plan again, and review what it says then" >&2
  exit 4
  ;;
5)
  echo "applied in part: what failed and what was not started stands above; a new plan goes on from there" >&2
  exit 5
  ;;
*) exit "$status" ;;
esac

"$phx" plan "$config" --detailed-exitcode >"$out/after.txt" 2>"$out/after.log"
status=$?
[ "$status" -eq 0 ] && exit 0
cat "$out/after.txt"
cat "$out/after.log" >&2
echo "applied, but a second plan is not empty" >&2
exit 1

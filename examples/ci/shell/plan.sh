#!/bin/sh
# Plans, and leaves in one directory all that a reviewer, a comment, a test page and the later apply need.
#
#   plan.sh [OPTION...]         options for `phx plan`: --policy standard, --allow-destroy vm.old
#   PHX_CONFIG  what to plan: a file or a directory (.)       PHX_OUT  where it all goes (phx-out)         PHX_BIN  the program (phx)
#
# In PHX_OUT: plan.phxplan (what apply.sh applies), plan.txt, plan.md, plan.html, tfplan.json (GitLab), junit.xml, phx.sarif, plan.log
# (diagnostics) and `status`, one word: none, changes, denied (a policy refuses) or failed.
# Exit status: 0 when there is a plan, with or without changes; else that of `phx plan` (3: a policy refuses).
set -u
config=${PHX_CONFIG:-.}
out=${PHX_OUT:-phx-out}
phx=${PHX_BIN:-phx}

# Nothing of an earlier run may be taken for this one's.
mkdir -p "$out" || exit 1
for name in plan.phxplan plan.txt plan.md plan.html tfplan.json junit.xml phx.sarif plan.log status; do
  rm -f "$out/$name" || exit 1
done

"$phx" plan "$config" --detailed-exitcode -o "$out/plan.phxplan" --markdown "$out/plan.md" --html "$out/plan.html" \
  --gitlab "$out/tfplan.json" --junit "$out/junit.xml" --sarif "$out/phx.sarif" "$@" >"$out/plan.txt" 2>"$out/plan.log"
status=$?
cat "$out/plan.txt"
cat "$out/plan.log" >&2

case $status in
0) word=none ;;
2) word=changes ;;
3) word=denied ;;
*) word=failed ;;
esac
echo "$word" >"$out/status"

# There is no plan to show when the configuration has mistakes, or the cluster cannot be reached: then that is the comment.
if [ ! -s "$out/plan.md" ]; then
  {
    echo "## phx plan failed (exit $status)"
    echo
    head -c 60000 "$out/plan.log" | sed 's/^/    /'
  } >"$out/plan.md"
fi

case $status in
0 | 2) exit 0 ;;
*) exit "$status" ;;
esac

#!/bin/sh
# Plans, and leaves in one directory all that a reviewer, a comment, a test page and the later apply need.
#
#   plan.sh [OPTION...]         options for `phx plan`: --policy standard, --allow-destroy vm.old
#   PHX_CONFIG  what to plan: a file or a directory (.)       PHX_OUT  where it all goes (phx-out)         PHX_BIN  the program (phx)
#
# In PHX_OUT: plan.phxplan (what apply.sh applies), plan.txt, plan.md, tfplan.json (GitLab; needs jq), junit.xml, phx.sarif, plan.log
# (diagnostics) and `status`, one word: none, changes, denied (a policy refuses) or failed.
# Exit status: 0 when there is a plan, with or without changes; else that of `phx plan` (3: a policy refuses).
set -u
config=${PHX_CONFIG:-.}
out=${PHX_OUT:-phx-out}
phx=${PHX_BIN:-phx}

# Nothing of an earlier run may be taken for this one's.
mkdir -p "$out" || exit 1
for name in plan.phxplan plan.txt plan.md tfplan.json junit.xml phx.sarif plan.log status; do
  rm -f "$out/$name" || exit 1
done

"$phx" plan "$config" --detailed-exitcode -o "$out/plan.phxplan" --junit "$out/junit.xml" --sarif "$out/phx.sarif" "$@" \
  >"$out/plan.txt" 2>"$out/plan.log"
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
if [ -s "$out/plan.txt" ]; then
  text=$out/plan.txt
  title="## phx plan: $word"
else
  text=$out/plan.log
  title="## phx plan failed (exit $status)"
fi
{
  printf '%s\n\n' "$title"
  head -c 55000 "$text" | sed 's/^/    /'
  [ "$(wc -c <"$text")" -le 55000 ] || printf '\n(shortened: the whole is in the artefact)\n'
} >"$out/plan.md"
if [ -f "$out/plan.phxplan" ]; then
  "$phx" show --format json "$out/plan.phxplan" |
    jq -c '.summary | {create: (.create + .replace), update: (.update + .adopt + .migrate), delete: (.delete + .replace)}' >"$out/tfplan.json"
fi

case $status in
0 | 2) exit 0 ;;
*) exit "$status" ;;
esac

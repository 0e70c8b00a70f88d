#!/bin/sh
# Puts plan.md under a pull request, in the place of the comment of an earlier run.
#
#   comment-github.sh NUMBER    needs `gh`, GH_TOKEN (pull-requests: write), GITHUB_REPOSITORY
#   PHX_OUT  where plan.sh put plan.md (phx-out)      PHX_CONFIG  tells several configurations of one repository apart (.)
set -eu
number=${1:?usage: comment-github.sh NUMBER}
out=${PHX_OUT:-phx-out}
marker="<!-- phx-ci:${PHX_CONFIG:-.} -->"
comments=repos/$GITHUB_REPOSITORY/issues

{
  printf '%s\n' "$marker"
  cat "$out/plan.md"
} >"$out/comment.md"
MARKER=$marker
export MARKER
id=$(gh api --paginate "$comments/$number/comments" --jq '.[] | select(.body | startswith(env.MARKER)) | .id' | head -n 1)
if [ -n "$id" ]; then
  gh api --method PATCH "$comments/comments/$id" --field "body=@$out/comment.md" --jq .html_url
else
  gh api --method POST "$comments/$number/comments" --field "body=@$out/comment.md" --jq .html_url
fi

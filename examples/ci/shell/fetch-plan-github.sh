#!/bin/sh
# Gets the plan that was reviewed: the artefact of the last successful run for the pull request that this commit came from.
#
#   fetch-plan-github.sh WORKFLOW     needs `gh`, GH_TOKEN (actions: read, pull-requests: read), GITHUB_REPOSITORY, GITHUB_SHA
#   PHX_OUT  where it goes (phx-out)
set -eu
workflow=${1:?usage: fetch-plan-github.sh WORKFLOW}
out=${PHX_OUT:-phx-out}

head=$(gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" \
  --jq '.[] | select(.merge_commit_sha == env.GITHUB_SHA) | .head.sha' | head -n 1)
[ -n "$head" ] || {
  echo "$GITHUB_SHA came from no pull request: nothing was reviewed, so nothing is applied" >&2
  exit 1
}
run=$(gh api "repos/$GITHUB_REPOSITORY/actions/workflows/$workflow/runs?head_sha=$head&event=pull_request&status=success&per_page=1" \
  --jq '.workflow_runs[0].id // empty')
[ -n "$run" ] || {
  echo "there is no successful plan for $head" >&2
  exit 1
}
rm -rf "$out"
mkdir -p "$out"
gh run download "$run" --repo "$GITHUB_REPOSITORY" --name phx-plan --dir "$out"
echo "the plan of run $run, for $head"

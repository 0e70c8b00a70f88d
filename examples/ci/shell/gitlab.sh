#!/bin/sh
# What the jobs want of GitLab's own interface, with GITLAB_TOKEN (a project access token with the scope `api`).
#
#   gitlab.sh comment IID       puts plan.md under a merge request, in the place of the note of an earlier pipeline
#   gitlab.sh fetch JOB         gets the artefacts of JOB in the last successful pipeline of the merge request that CI_COMMIT_SHA
#                               came from
#   PHX_OUT  where plan.sh put plan.md, and where the artefacts go (phx-out); PHX_CONFIG  tells several configurations apart (.)
# Needs curl, jq and, for fetch, unzip.
set -eu
out=${PHX_OUT:-phx-out}
project=$CI_API_V4_URL/projects/$CI_PROJECT_ID

# The token stands in no command line: others on the machine could read it there.
request() {
  printf 'header = "PRIVATE-TOKEN: %s"\n' "$GITLAB_TOKEN" | curl --silent --show-error --fail --config - "$@"
}

comment() {
  marker="<!-- phx-ci:${PHX_CONFIG:-.} -->"
  notes=$project/merge_requests/$1/notes
  { printf '%s\n' "$marker" && cat "$out/plan.md"; } | jq -Rs '{body: .}' >"$out/note.json"
  id=$(request "$notes?per_page=100" | jq -r --arg marker "$marker" \
    'map(select((.system | not) and (.body | startswith($marker)))) | .[0].id // empty')
  if [ -n "$id" ]; then
    request --request PUT --header 'Content-Type: application/json' --data "@$out/note.json" "$notes/$id" >/dev/null
  else
    request --request POST --header 'Content-Type: application/json' --data "@$out/note.json" "$notes" >/dev/null
  fi
}

fetch() {
  iid=$(request "$project/repository/commits/$CI_COMMIT_SHA/merge_requests" |
    jq -r 'map(select(.state == "merged")) | .[0].iid // empty')
  [ -n "$iid" ] || {
    echo "$CI_COMMIT_SHA came from no merge request: nothing was reviewed, so nothing is applied" >&2
    exit 1
  }
  pipeline=$(request "$project/merge_requests/$iid/pipelines" | jq -r 'map(select(.status == "success")) | .[0].id // empty')
  [ -n "$pipeline" ] || {
    echo "merge request !$iid has no successful pipeline, so no plan" >&2
    exit 1
  }
  job=$(request "$project/pipelines/$pipeline/jobs?per_page=100" | jq -r --arg name "$1" \
    'map(select(.name == $name and .status == "success")) | .[0].id // empty')
  [ -n "$job" ] || {
    echo "pipeline $pipeline has no successful job \`$1\`" >&2
    exit 1
  }
  rm -rf "$out"
  mkdir -p "$out"
  request --location --output "$out/artifacts.zip" "$project/jobs/$job/artifacts"
  unzip -q -o "$out/artifacts.zip"
  rm -f "$out/artifacts.zip"
  echo "the plan of job $job, for merge request !$iid"
}

case "${1:-} ${2:-}" in
'comment '?*) comment "$2" ;;
'fetch '?*) fetch "$2" ;;
*)
  echo 'usage: gitlab.sh comment IID | gitlab.sh fetch JOB' >&2
  exit 64
  ;;
esac

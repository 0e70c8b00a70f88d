#!/bin/sh
# Every diagnostic has its explanation, and every explanation's examples do what they say:
#   check_explain.sh SOURCE-DIRECTORY [PHX]
#
# In etc/explain/PHXnnnn.md a fence "```phx fails=PHXnnnn" holds a configuration whose validation must print that code,
# and "```phx works" one that must be valid. Without PHX only the files are compared with codes.def.
set -u
source=${1:?usage: check_explain.sh SOURCE-DIRECTORY [PHX]}
phx=${2:-}
case "$phx" in
'' | /*) ;;
*) phx=$PWD/$phx ;;
esac
cd "$source" || exit 64
top=$(mktemp -d "${TMPDIR:-/tmp}/phx-explain.XXXXXX") || exit 70
trap 'rm -rf "$top"' EXIT
failed=0

complain() {
  echo "$*"
  failed=1
}

# Codes without a file, and files without a code.
sed -n 's/^PHX_CODE(\([0-9][0-9]*\),.*/PHX\1/p' runtime/base/codes.def | sort >"$top/codes"
[ -s "$top/codes" ] || complain "runtime/base/codes.def has no codes"
find etc/explain -name 'PHX*.md' | sed 's|.*/||; s|\.md$||' | sort >"$top/files"
for code in $(comm -23 "$top/codes" "$top/files"); do
  complain "$code has no etc/explain/$code.md"
done
for code in $(comm -13 "$top/codes" "$top/files"); do
  complain "etc/explain/$code.md explains a code that is not in runtime/base/codes.def"
done

# One file per example: $top/NUMBER.phx, and its first line of the fence in $top/NUMBER.how.
split_examples() {
  rm -f "$top"/*.phx "$top"/*.how
  awk -v top="$top" '
    /^```phx/ && !inside { inside = 1; n++; print > (top "/" n ".how"); printf "" > (top "/" n ".phx"); next }
    /^```/ && inside { inside = 0; next }
    /^```/ { other = !other; next }
    inside { print > (top "/" n ".phx") }
    END { if (inside || other) print "open" > (top "/open.how") }' "$1"
}

check_example() { # FILE-OF-THE-EXPLANATION NUMBER
  how=$(cat "$top/$2.how")
  (cd "$top" && "$phx" validate "$2.phx" </dev/null >"$top/out" 2>&1)
  status=$?
  case "$how" in
  '```phx fails=PHX'*)
    code=${how#*fails=}
    grep -q "\[$code\]" "$top/out" || complain "$1: example $2 should fail with $code (exit $status):" "$(cat "$top/out")"
    ;;
  '```phx works')
    if [ $status -ne 0 ] || grep -q '\[PHX' "$top/out"; then
      complain "$1: example $2 should be valid (exit $status):" "$(cat "$top/out")"
    fi
    ;;
  *) complain "$1: a fence must be \`\`\`phx fails=PHXnnnn or \`\`\`phx works, not $how" ;;
  esac
}

for file in etc/explain/PHX*.md; do
  [ -e "$file" ] || break
  code=${file##*/}
  code=${code%.md}
  head -n 1 "$file" | grep -q "^# $code: ." || complain "$file: the first line must be \"# $code: title\""
  split_examples "$file"
  [ -e "$top/open.how" ] && complain "$file: a fence is not closed" && continue
  for how in "$top"/*.how; do
    [ -e "$how" ] || break
    number=${how##*/}
    [ -z "$phx" ] || check_example "$file" "${number%.how}"
  done
done
exit $failed

#!/bin/sh
# Runs one golden case: run.sh PHX CASE.t
#
# A case is one text file. What stands before its first section is a comment. Sections:
#   -- args --        words for phx as a shell reads them; each line is one run, all in the same directory. A line
#                     that begins with `$ ` is a shell command instead, which may use "$PHX", and "$SOURCE" (phx's source tree).
#   -- file NAME --   a file to make, sub-directories too
#   -- env --         NAME=value lines
#   -- needs --       `trees`: a static busybox in the directory tree/, for guests in which commands really run; where that
#                     cannot be, the case is skipped (status 77)
#   -- stdout --, -- stderr --, -- exit --
#                     what is expected of all runs together; nothing and 0 when missing
# What differs from run to run is made the same in outputs: the temporary directory reads as TMP, phx's own etc as
# ETC, the port of a simulated cluster as PORT, elapsed times as 0.0, points in time as DATE, estimated ones as …, a plan's checksum (it covers
# the port) as …, and of a task's UPID
# only node, kind and guest are left.
# A text that ends without a new line gets a line that says so.
#
# PHX_UPDATE=1 rewrites the expectations of the case with what came out.
set -u

no_newline='\ no new line at the end'

usage() {
  echo "usage: run.sh PHX CASE.t" >&2
  exit 64
}

# Splits the case into $top/expect/{args,env,stdout,stderr,exit} and files below $top/work; the part to keep in an
# update goes to $top/kept.
split_case() {
  awk -v top="$top" '
    function start(path) {
      if (out != "") close(out)
      out = path
      printf "" > out
    }
    /^-- (args|env|needs|stdout|stderr|exit) --$/ {
      start(top "/expect/" $2)
      keep = $2 == "args" || $2 == "env" || $2 == "needs"
      if (keep) print > (top "/kept")
      next
    }
    /^-- file [A-Za-z0-9._\/-]+ --$/ {
      path = top "/work/" $3
      dir = path
      sub(/\/[^\/]*$/, "", dir)
      system("mkdir -p \"" dir "\"")
      start(path)
      keep = 1
      print > (top "/kept")
      next
    }
    /^-- .* --$/ { print "unknown section: " $0 > "/dev/stderr"; exit 1 }
    out == "" { print > (top "/kept"); next }
    { print > out; if (keep) print > (top "/kept") }
  ' "$case_file"
}

skip() {
  echo "SKIPPED: $1"
  exit 77
}

make_tree() {
  busybox=$(command -v busybox) || skip "there is no busybox (package busybox-static)"
  if ldd "$busybox" >/dev/null 2>&1; then skip "busybox is not a static one (package busybox-static)"; fi
  (
    mkdir "$top/work/tree" && cd "$top/work/tree" &&
      mkdir -p bin etc proc dev sys run tmp root mnt var/lib var/log && cp "$busybox" bin/busybox &&
      for name in $(bin/busybox --list); do [ "$name" = busybox ] || ln -s busybox "bin/$name"; done &&
      echo root:x:0:0:root:/root:/bin/sh >etc/passwd && echo root:x:0: >etc/group
  )
}

# Nothing of the caller's surroundings may show in an output.
set_environment() {
  for name in $(env | sed -n 's/^\(PHX_[A-Za-z0-9_]*\)=.*/\1/p'); do
    unset "$name"
  done
  unset NO_COLOR XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR http_proxy https_proxy all_proxy
  LC_ALL=C.UTF-8 COLUMNS=100 HOME="$top/work" TZ=UTC PHX="$phx" SOURCE="$source"
  export LC_ALL COLUMNS HOME TZ PHX SOURCE
  while IFS= read -r line; do
    [ -n "$line" ] && export "${line?}"
  done <"$top/expect/env"
}

run_lines() {
  cd "$top/work" || exit 70
  while IFS= read -r line; do
    case "$line" in
    '' | '#'*) continue ;;
    '$ '*) command=${line#??} ;;
    *) command="\"\$PHX\" $line" ;;
    esac
    (eval "$command") >>"$top/actual/stdout" 2>>"$top/actual/stderr" </dev/null
    echo $? >>"$top/actual/exit"
  done <"$top/expect/args"
  cd / || exit 70
}

# Makes an output comparable: nothing of this run alone, and always whole lines.
tidy() {
  [ -s "$1" ] || return 0
  if [ -n "$(tail -c 1 "$1")" ]; then
    printf '\n%s\n' "$no_newline" >>"$1"
  fi
  sed -E -e "s|$top/work|TMP|g" -e "s|$etc|ETC|g" \
    -e 's|http://127\.0\.0\.1:[0-9]+|http://127.0.0.1:PORT|g' \
    -e 's|^ *[0-9]+\.[0-9]s (start\|done\|already\|task\|failed\|retry\|skipped\|warning\|output\|\.\.\.) |     0.0s \1 |' \
    -e 's|\([0-9]+\.[0-9] s\)|(0.0 s)|g' -e 's|; [0-9]+\.[0-9] s$|; 0.0 s|' \
    -e 's|sha256 [0-9a-f]{64}|sha256 …|' -e 's|\.journal\.d/[0-9a-f]{12}/|.journal.d/…/|' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{5,8} UTC/DATE UTC/' -e 's/^About ([0-9]+ (s|min)|[0-9]+ h [0-9]+ min)([;.])/About …\3/' -e 's/ down for about [0-9]+ (s|min)/ down for about …/g' \
    -e 's|UPID:([^:]*):[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:|UPID:\1:…:|g' "$1" >"$1.tidy" && mv "$1.tidy" "$1"
}

update_case() {
  {
    cat "$top/kept"
    for part in stdout stderr; do
      if [ -s "$top/actual/$part" ]; then
        echo "-- $part --"
        cat "$top/actual/$part"
      fi
    done
    if grep -qv '^0$' "$top/actual/exit"; then
      echo "-- exit --"
      cat "$top/actual/exit"
    fi
  } >"$top/new"
  cmp -s "$top/new" "$case_file" || { cat "$top/new" >"$case_file" && echo "updated: $case_file"; }
}

[ $# -eq 2 ] || usage
case "$1" in
/*) phx=$1 ;;
*) phx=$PWD/$1 ;;
esac
case_file=$2
source=$(cd "$(dirname "$case_file")/../../.." && pwd) || exit 70
etc=$(cd "$(dirname "$0")/../../etc" && pwd) || exit 70
update=${PHX_UPDATE:-}
top=$(mktemp -d "${TMPDIR:-/tmp}/phx-golden.XXXXXX") || exit 70
trap 'chmod -R u+rwX "$top" && rm -rf "$top"' EXIT
mkdir "$top/work" "$top/expect" "$top/actual"
for part in args env needs stdout stderr exit; do
  : >"$top/expect/$part"
  : >"$top/actual/$part"
done
: >"$top/kept"

split_case || exit 1
if grep -q '^trees$' "$top/expect/needs"; then make_tree || exit 70; fi
(set_environment && run_lines) || exit 1
if [ ! -s "$top/actual/exit" ]; then
  echo "$case_file runs nothing: its section -- args -- is missing or empty" >&2
  exit 1
fi
grep -h 'tree does not run' "$top/actual/stdout" "$top/actual/stderr" >"$top/why" && skip "$(head -n 1 "$top/why")"
tidy "$top/actual/stdout"
tidy "$top/actual/stderr"
if [ -n "$update" ]; then
  update_case
  exit 0
fi
[ -s "$top/expect/exit" ] || sed 's/.*/0/' "$top/actual/exit" >"$top/expect/exit"
failed=0
for part in stdout stderr exit; do
  diff -u --label "expected $part" --label "actual $part" "$top/expect/$part" "$top/actual/$part" || failed=1
done
[ $failed -eq 0 ] || echo "to accept: PHX_UPDATE=1 $0 $phx $case_file" >&2
exit $failed

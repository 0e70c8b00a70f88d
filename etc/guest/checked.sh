#!/bin/sh
# Runs ./step unless PHX_CHECK, a command, says that it is in place already. Once ./step was begun and did not end well, or phx
# knows of an earlier version of it, the check is not asked: what is half there may look complete.
begun=/var/lib/phx/begun/$(printf '%s' "$PHX_KEY" | tr -c 'A-Za-z0-9_.-' '_')
if [ -n "$PHX_CHECK" ] && [ -z "${PHX_AGAIN:-}" ] && [ ! -e "$begun" ] && (eval "$PHX_CHECK") >/dev/null 2>&1 </dev/null; then
	echo "in place already: $PHX_CHECK"
	exit 0
fi
mkdir -p "${begun%/*}" && : >"$begun" || exit 1
IFS= read -r first <./step
case $first in
"#!"*) first=${first#??} ;;
*) first=/bin/sh ;;
esac
set -f
# shellcheck disable=SC2086 # words are wanted: `/usr/bin/env bash`
$first ./step || exit $?
rm -f "$begun"

#!/bin/sh
# The main commands under valgrind: no invalid access, nothing leaked for good. Usage: valgrind.sh PHX
set -eu
phx=$1
cd "$(dirname "$0")/../.."
lab=$(mktemp -d)
trap 'rm -rf "$lab"' EXIT
export HOME="$lab" XDG_STATE_HOME="$lab/state"

check() {
	valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --child-silent-after-fork=yes "$phx" "$@" \
		>"$lab/out" 2>"$lab/err" || {
		status=$?
		if [ "$status" -eq 99 ] || [ "$status" -gt 100 ]; then
			echo "valgrind: phx $*"
			cat "$lab/err"
			exit 1
		fi
	}
	echo "clean: phx $*" | sed "s#$lab#LAB#g"
}

# The server is started without valgrind: it is tested by itself.
"$phx" plan --sim "$lab/sim" examples/phoenix >/dev/null
check validate examples/phoenix
check plan --offline examples/phoenix
check plan --offline --json examples/phoenix/json
check graph --format json examples/phoenix
check plan --sim "$lab/sim" -o "$lab/p.phxplan" examples/phoenix
check apply --sim "$lab/sim" "$lab/p.phxplan"
check apply --sim "$lab/sim" --yes examples/phoenix
check inventory --sim "$lab/sim" examples/phoenix
check import json examples/phoenix/json/phoenix_vm_configs.json
check explain
check version

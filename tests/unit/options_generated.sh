#!/bin/sh
# The committed option tables are what the generator makes of the API description.
set -eu
source=$1
described=${PHX_TEST_SHARED:-}/pve/endpoints-8.4.json
if [ ! -r "$described" ] || ! command -v python3 >/dev/null; then
	echo "SKIPPED: no API description (PHX_TEST_SHARED) or no python3"
	exit 77
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cp "$source/etc/pve/8.4/overlay" "$out/"
python3 "$source/etc/generate/options.py" "$described" "$out"
diff -r "$out" "$source/etc/pve/8.4"

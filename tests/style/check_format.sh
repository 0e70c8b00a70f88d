#!/bin/sh
# Fails when a C file is not as clang-format would write it: check_format.sh SOURCE-DIRECTORY
# Exit status 77 (a skipped test) without clang-format 14: other versions format differently.
set -u
cd "${1:?usage: check_format.sh SOURCE-DIRECTORY}" || exit 64

formatter=
for name in clang-format-14 clang-format; do
  if "$name" --version 2>/dev/null | grep -q 'version 14\.'; then
    formatter=$name
    break
  fi
done
if [ -z "$formatter" ]; then
  echo "SKIPPED: clang-format 14 is not installed"
  exit 77
fi
failed=0
for file in $(find compiler runtime grammar tests -name '*.[ch]' -type f | sort); do
  if ! "$formatter" --dry-run -Werror "$file" 2>/dev/null; then
    echo "$file: not formatted; $formatter -i does it"
    failed=1
  fi
done
exit $failed

#!/bin/sh
# The scripts that phx runs on nodes pass shellcheck as POSIX sh: check_shell.sh SOURCE-DIRECTORY
set -u
cd "${1:?usage: check_shell.sh SOURCE-DIRECTORY}" || exit 64
command -v shellcheck >/dev/null 2>&1 || {
  echo "shellcheck is not installed"
  exit 77
}
shellcheck -s sh etc/host/*.sh

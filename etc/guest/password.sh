#!/bin/sh
# Root's password, from its hash. The same hash is not written again.
set -u
: "${PHX_PASSWORD_HASH:?}"

if grep -qF "root:$PHX_PASSWORD_HASH:" /etc/shadow 2>/dev/null; then
	exit 0
fi
printf 'root:%s\n' "$PHX_PASSWORD_HASH" | chpasswd -e || {
	echo 'phx: chpasswd did not set the password of root' >&2
	exit 1
}
echo 'set: the password of root'

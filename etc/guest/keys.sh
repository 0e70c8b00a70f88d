#!/bin/sh
# Root's SSH keys: exactly one block in authorized_keys, between the lines that Proxmox itself uses when it makes a container, so
# that the keys it put there go when others are declared. Other lines stay.
set -u
: "${PHX_KEYS:?}"
first='# --- BEGIN PVE ---' last='# --- END PVE ---'
file=/root/.ssh/authorized_keys

die() {
	printf 'phx: %s\n' "$*" >&2
	exit 1
}

[ -d /root/.ssh ] || mkdir -m 0700 /root/.ssh || die 'cannot make /root/.ssh'
[ -e "$file" ] || : >./old
[ ! -e "$file" ] || cp "$file" ./old || die "cannot read $file"
{
	awk -v first="$first" -v last="$last" '
		$0 == first { inside = 1; next }
		$0 == last { inside = 0; next }
		!inside' ./old
	printf '%s\n%s\n%s\n' "$first" "$PHX_KEYS" "$last"
} >./new || die "cannot work on $file"
if ! cmp -s ./new "$file"; then
	{ cp ./new "$file.phx-new" && chmod 0600 "$file.phx-new" && mv -f "$file.phx-new" "$file"; } || die "cannot write $file"
	echo "written: $file"
fi

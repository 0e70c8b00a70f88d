#!/bin/sh
# A share: its client, its directory, exactly one line in /etc/fstab (known by the mount point), mounted, and seen to be. With
# PHX_NFS=absent all of that but the client goes; a directory that is not empty then stays.
set -u
: "${PHX_NFS:?}" "${PHX_NFS_TARGET:?}"
fstab=/etc/fstab

die() {
	printf 'phx: %s\n' "$*" >&2
	exit 1
}

# As /etc/fstab and the kernel write it: blanks, tabs, newlines and backslashes as octal numbers.
escape() {
	printf '%s' "$1" | awk 'BEGIN { RS = "\001" } {
		gsub(/\\/, "\\134"); gsub(/ /, "\\040"); gsub(/\t/, "\\011"); gsub(/\n/, "\\012"); printf "%s", $0 }'
}

target=$PHX_NFS_TARGET
while [ "$target" != / ] && [ "${target%/}" != "$target" ]; do
	target=${target%/}
done
field=$(escape "$target")

# SOURCE OPTIONS of what is mounted exactly there, the newest; nothing: no NFS share is.
mounted() {
	PHX_FIELD=$field awk '$2 == ENVIRON["PHX_FIELD"] && ($3 == "nfs" || $3 == "nfs4") { found = $1 " " $4 }
		END { if (found) print found }' /proc/mounts
}

# The lines of other mount points, and LINE when there is one. Nothing is written when nothing changes.
set_line() {
	[ -e "$fstab" ] || : >"$fstab" || die "cannot write $fstab"
	PHX_LINE=$1 PHX_FIELD=$field awk '
		function same(line, f) { n = split(line, f, /[ \t]+/); return n > 1 && f[1] !~ /^#/ && f[2] == ENVIRON["PHX_FIELD"] }
		{ line = $0; sub(/^[ \t]+/, "", line) }
		!same(line) { print; next }
		ENVIRON["PHX_LINE"] != "" && !done { print ENVIRON["PHX_LINE"]; done = 1 }
		END { if (ENVIRON["PHX_LINE"] != "" && !done) print ENVIRON["PHX_LINE"] }' "$fstab" >./fstab || die "cannot read $fstab"
	cmp -s ./fstab "$fstab" && return
	{ cp -p "$fstab" "$fstab.phx-new" && cat ./fstab >"$fstab.phx-new" && mv -f "$fstab.phx-new" "$fstab"; } || die "cannot write $fstab"
	changed=1
	echo "written: $fstab"
	! command -v systemctl >/dev/null 2>&1 || [ ! -d /run/systemd/system ] || systemctl daemon-reload
}

unmount() {
	[ -n "$(mounted)" ] || return 0
	umount "$target" || die "$target is in use: whoever uses it has to let go first (fuser -vm $target)"
	echo "unmounted: $target"
}

changed=0
if [ "$PHX_NFS" = absent ]; then
	unmount
	set_line ''
	[ ! -d "$target" ] || rmdir "$target" 2>/dev/null || echo "not empty, and stays: $target"
	exit 0
fi

: "${PHX_NFS_SOURCE:?}"
options=${PHX_NFS_OPTIONS:-rw,nofail}
case ",$options," in
*,_netdev,*) ;;
*) options=$options,_netdev ;;
esac

if ! command -v mount.nfs >/dev/null 2>&1; then
	command -v apt-get >/dev/null 2>&1 || die 'there is no NFS client (mount.nfs) in this guest, and no apt-get to install it with'
	echo 'installing nfs-common'
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends nfs-common </dev/null ||
		{ apt-get update -q </dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends nfs-common </dev/null; } ||
		die 'nfs-common cannot be installed: see above'
fi

mkdir -p "$target" || die "cannot make $target"
set_line "$(escape "$PHX_NFS_SOURCE") $field nfs $options 0 0"
now=$(mounted)
if [ -n "$now" ] && { [ "$changed" = 1 ] || [ "${now%% *}" != "$(escape "$PHX_NFS_SOURCE")" ]; }; then
	unmount
	now=''
fi
if [ -z "$now" ]; then
	if PHX_FIELD=$field awk '$2 == ENVIRON["PHX_FIELD"] { found = 1 } END { exit !found }' /proc/mounts; then
		die "something else is mounted at $target: unmount it first"
	fi
	mount "$target" || die "$PHX_NFS_SOURCE cannot be mounted at $target: see above; is the server up, and does it export that to this guest?"
	echo "mounted: $target"
fi
now=$(mounted)
[ "${now%% *}" = "$(escape "$PHX_NFS_SOURCE")" ] || die "after mounting, $target shows ${now:-nothing}, not $PHX_NFS_SOURCE"

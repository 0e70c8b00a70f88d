# Looks whether what phx did in this guest is still so, and changes nothing. It is sent with calls of its functions behind it, one a
# step: each says one line, `phx-look NUMBER`, and behind that what is different, or nothing.
# shellcheck shell=sh

phx_say() {
	printf 'phx-look %s %s\n' "$1" "$2"
}

# NUMBER PATH SHA256 MODE OWNER GROUP SALT; all but the first two may be empty. With a salt the sum is of the salt, a NUL and the content,
# and may be the beginning of one.
phx_look_file() {
	if [ ! -e "$2" ] && [ ! -L "$2" ]; then
		phx_say "$1" 'it is gone'
		return
	fi
	if [ "$7" ]; then
		sum=$({ printf '%s\000' "$7" && cat "$2"; } 2>/dev/null | sha256sum)
	else
		sum=$(sha256sum <"$2" 2>/dev/null)
	fi
	sum=${sum%% *}
	if [ -L "$2" ] || [ "${sum#"$3"}" = "$sum" ]; then
		phx_say "$1" 'its content'
		return
	fi
	# shellcheck disable=SC2046 # five words
	set -- "$1" "$2" "$3" "$4" "$5" "$6" $(stat -c '%a %u %g %U %G' "$2")
	if [ -n "$4" ] && [ $((0$4)) != $((0$7)) ]; then
		phx_say "$1" "its mode, $7"
	elif [ -n "$5" ] && [ "$5" != "$8" ] && [ "$5" != "${10}" ]; then
		phx_say "$1" "its owner, ${10}"
	elif [ -n "$6" ] && [ "$6" != "$9" ] && [ "$6" != "${11}" ]; then
		phx_say "$1" "its group, ${11}"
	else
		phx_say "$1" ''
	fi
}

# NUMBER DIRECTORY; what sha256sum prints of its files on standard input. Names with line ends in them are escaped there, which not
# every sha256sum can read: those are looked at one by one.
phx_look_tree() {
	list=$(cat)
	bad=$(cd "$2" 2>/dev/null && printf '%s\n' "$list" | grep -v '^[\]' | sha256sum -c 2>/dev/null | grep -v ': OK$' | head -n 1)
	[ "$bad" ] || bad=$(cd "$2" 2>/dev/null && printf '%s\n' "$list" | grep '^[\]' | phx_look_odd)
	[ -d "$2" ] || bad='it is gone'
	phx_say "$1" "${bad%%: FAILED*}"
}

phx_look_odd() {
	while IFS= read -r line; do
		sum=${line%%  *} name=$(printf '%b.' "${line#*  }")
		now=$(sha256sum <"${name%.}" 2>/dev/null)
		[ "${now%% *}" = "${sum#?}" ] || printf '%s\n' "${line#*  }"
	done | head -n 1
}

# NUMBER SOURCE TARGET OPTIONS, as /etc/fstab writes them.
phx_look_share() {
	line=$(PHX_AT=$3 awk '$1 !~ /^#/ && $2 == ENVIRON["PHX_AT"] { print $1, $4; n++ } END { if (n > 1) print "twice" }' /etc/fstab)
	if [ "$line" != "$2 $4" ]; then
		phx_say "$1" 'its line in /etc/fstab'
	elif ! PHX_AT=$3 PHX_OF=$2 awk '$2 == ENVIRON["PHX_AT"] && $1 == ENVIRON["PHX_OF"] { found = 1 } END { exit !found }' /proc/mounts; then
		phx_say "$1" 'it is not mounted'
	else
		phx_say "$1" ''
	fi
}

# NUMBER COMMAND
phx_look_check() {
	if (eval "$2") >/dev/null 2>&1 </dev/null; then
		phx_say "$1" ''
	else
		phx_say "$1" 'its check fails'
	fi
}

#!/bin/sh
# Puts ./content at PHX_FILE_PATH: as a file, or as the tree that it is an archive of. What is there already and the same is
# not touched. A reader sees the old file or the new one, never less.
set -u
: "${PHX_FILE_PATH:?}" "${PHX_FILE_KIND:?}"

die() {
	printf 'phx: %s\n' "$*" >&2
	exit 1
}

# TARGET MODE: owner, group and mode as declared; each only where it is not so.
settle() {
	is=$(stat -c '%a %u %g %U %G' "$1") || die "cannot look at $1"
	# shellcheck disable=SC2086 # five words
	set -- "$1" "$2" $is
	[ -z "$2" ] || [ "0$3" = "${2#0}" ] || [ "0$3" = "$2" ] || [ "$3" = "$2" ] || chmod "$2" "$1" || die "cannot set the mode of $1"
	if [ -n "$PHX_FILE_OWNER" ] && [ "$PHX_FILE_OWNER" != "$4" ] && [ "$PHX_FILE_OWNER" != "$6" ]; then
		chown "$PHX_FILE_OWNER" "$1" || die "cannot give $1 to $PHX_FILE_OWNER"
	fi
	if [ -n "$PHX_FILE_GROUP" ] && [ "$PHX_FILE_GROUP" != "$5" ] && [ "$PHX_FILE_GROUP" != "$7" ]; then
		chgrp "$PHX_FILE_GROUP" "$1" || die "cannot give $1 to group $PHX_FILE_GROUP"
	fi
}

# SOURCE TARGET MODE
put() {
	if [ -d "$2" ] && [ ! -L "$2" ]; then
		die "$2 is a directory, and shall be a file: take it away first"
	fi
	if [ -L "$2" ] || ! cmp -s "$1" "$2"; then
		new=$2.phx-new.$$
		rm -f "$new"
		cp "$1" "$new" || { rm -f "$new"; die "cannot write beside $2"; }
		# What it had keeps its owner and mode unless they are declared; what is new has the mode at once.
		if [ -f "$2" ] && [ ! -L "$2" ] && [ -z "$3" ]; then
			chmod "$(stat -c %a "$2")" "$new"
		else
			chmod "${3:-0644}" "$new"
		fi
		if [ -f "$2" ] && [ ! -L "$2" ]; then
			chown "$(stat -c %u:%g "$2")" "$new"
		fi
		settle "$new" "$3"
		mv -f "$new" "$2" || { rm -f "$new"; die "cannot replace $2"; }
		printf 'written: %s\n' "$2"
	fi
	settle "$2" "$3"
}

# FROM TO: one thing of the tree.
place() {
	if [ -L "$1" ]; then
		[ "$(readlink "$1")" != "$(readlink "$2" 2>/dev/null)" ] || return 0
		[ ! -d "$2" ] || [ -L "$2" ] || die "$2 is a directory, and shall be a symbolic link"
		ln -sfn "$(readlink "$1")" "$2" || die "cannot make $2"
		printf 'written: %s\n' "$2"
	elif [ -d "$1" ]; then
		[ -d "$2" ] || mkdir "$2" || die "cannot make $2"
		settle "$2" "$(stat -c %a "$1")"
	else
		put "$1" "$2" "${PHX_FILE_MODE:-$(stat -c %a "$1")}"
	fi
}

# FROM TO: what is in a directory, whatever the names are. A subshell each, since POSIX sh has no variables of a function's own.
walk() (
	for from in "$1"/* "$1"/.[!.]* "$1"/..?*; do
		[ -e "$from" ] || [ -L "$from" ] || continue
		place "$from" "$2/${from##*/}"
		[ -L "$from" ] || [ ! -d "$from" ] || walk "$from" "$2/${from##*/}" || exit 1
	done
)

tree() {
	top=${PHX_FILE_PATH%/}
	mkdir -p ./tree "$top" || die "cannot make $top"
	tar -xpf ./content -C ./tree || die "the archive cannot be unpacked"
	settle "$top" ''
	walk ./tree "$top" || exit 1
}

case $PHX_FILE_KIND in
tree) tree ;;
*)
	mkdir -p "$(dirname "$PHX_FILE_PATH")" || die "cannot make the directory of $PHX_FILE_PATH"
	put ./content "$PHX_FILE_PATH" "$PHX_FILE_MODE"
	;;
esac

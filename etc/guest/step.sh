#!/bin/sh
# phx's wrapper around one step inside a guest. It is sent, without its comments, as the beginning of what /bin/sh reads on its
# standard input; after it come calls of its functions with the step's files, and phx_run. POSIX sh (dash, busybox ash, bash)
# and the tools of coreutils or busybox only; nothing that it runs may read standard input, which is the script itself.
#
# State is in /var/lib/phx: run/ID/{pid,exit,script,env,w/,out,err,tail,tail.err}, in/ID and out/ID
# (pieces of large files), lock.
# Output is in /var/log/phx. The last line on standard error is `phx-end ID KIND VALUE`; without it nothing is known of the end.
umask 077
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
phx_lib=/var/lib/phx phx_logs=/var/log/phx phx_nap=0.1 phx_naps=0

phx_end() {
	printf 'phx-end %s %s %s\n' "$phx_id" "$1" "$2" >&2
	exit "$3"
}

phx_fail() {
	printf 'phx: %s\n' "$*" >&2
	phx_end fail 125 125
}

# Output of the command when it fails.
phx_do() {
	phx_why=$("$@" 2>&1) || phx_fail "$phx_why"
}

phx_sleep() {
	sleep "$phx_nap" 2>/dev/null || sleep 1
	phx_naps=$((phx_naps + 1))
	[ "$phx_naps" -lt 30 ] || phx_nap=0.5
}

# The process that a pid file names: pid, start time and boot, so that a later process of the same number is not taken for it.
# A dead one that nobody has waited for does not count.
phx_alive() {
	[ -e "$1/pid" ] && read -r phx_pid phx_start phx_boot <"$1/pid" || return 1
	phx_stat "$phx_pid" && [ "$phx_start $phx_boot" = "$phx_now" ]
}

phx_stat() {
	read -r phx_line <"/proc/$1/stat" || return 1
	read -r phx_now </proc/sys/kernel/random/boot_id || phx_now=unknown
	# shellcheck disable=SC2086 # words are wanted
	set -- ${phx_line##*) }
	phx_now="${20} $phx_now"
	[ "$1" != Z ] && [ "$1" != X ]
} 2>/dev/null

phx_begin() {
	phx_id=$1 phx_log=$phx_logs/$2.log phx_once=$3 phx_timeout=$4 phx_mode=$5 phx_split=$6
	phx_dir=$phx_lib/run/$phx_id
	phx_do mkdir -p "$phx_lib/run" "$phx_lib/in" "$phx_logs"
	if [ ! -e "$phx_dir/exit" ] && phx_alive "$phx_dir"; then
		phx_follow joined
	fi
	[ "$phx_once" = 1 ] && [ "$(cat "$phx_dir/exit" 2>/dev/null)" = "exit 0" ] && phx_end known 0 0
	find "$phx_lib/run" "$phx_lib/out" -maxdepth 1 \( -name 'run-*' -o -name 'pu[sl][hl]-*' \) -mmin +60 -exec rm -rf {} + 2>/dev/null
	phx_do rm -rf "$phx_dir"
	phx_do mkdir "$phx_dir" "$phx_dir/w"
	phx_stat $$
	phx_do phx_write "$phx_dir/pid" "$$ $phx_now"
}

phx_write() {
	printf '%s\n' "$2" >"$1"
}

# NAME SHA256, content in base64 on standard input.
phx_file() {
	phx_why=$(base64 -d 2>&1 >"$phx_dir/$1") || phx_fail "cannot write $phx_dir/$1: $phx_why"
	phx_check "$@"
}

# NAME SHA256 NUMBER COUNT: content in pieces that were sent before.
phx_pieces() {
	phx_n=0
	phx_do touch "$phx_dir/$1"
	while [ "$phx_n" -lt "$4" ]; do
		phx_piece=$phx_lib/in/$phx_id/$3.$phx_n
		phx_why=$(cat "$phx_piece" 2>&1 >>"$phx_dir/$1") || phx_fail "cannot write $phx_dir/$1: $phx_why"
		rm -f "$phx_piece"
		phx_n=$((phx_n + 1))
	done
	phx_check "$@"
}

phx_check() {
	phx_sum=$(sha256sum <"$phx_dir/$1" 2>&1) || phx_fail "cannot verify $1: $phx_sum"
	[ "${phx_sum%% *}" != "$2" ] || return 0
	# Not every base64 says that the disk is full.
	phx_why=$(dd if=/dev/zero of="$phx_dir/probe" bs=8192 count=1 2>&1) || phx_fail "cannot write $phx_dir/$1: $phx_why"
	phx_fail "$1 arrived damaged: SHA-256 ${phx_sum%% *}, expected $2"
}

# One step at a time in a guest. The lock is a link to the id of the run that holds it; that of a dead run is taken over.
phx_take() {
	phx_n=0
	while ! ln -s "$phx_id" "$phx_lib/lock" 2>/dev/null; do
		phx_holder=$(readlink "$phx_lib/lock") || phx_do phx_can_write
		# Its own is that of an earlier run that died.
		if [ "$phx_holder" = "$phx_id" ] || ! phx_alive "$phx_lib/run/$phx_holder" ||
			[ -e "$phx_lib/run/$phx_holder/exit" ]; then
			phx_steal
		else
			phx_sleep
		fi
		[ "$phx_n" -lt $((phx_timeout * 10)) ] || phx_fail "another step is still at work in this guest: $phx_holder"
		phx_n=$((phx_n + 1))
	done
}

# Moved aside first, and put back when it is another one by now.
phx_steal() {
	mv "$phx_lib/lock" "$phx_lib/lock.$$" 2>/dev/null || return 0
	if [ "$(readlink "$phx_lib/lock.$$")" = "$phx_holder" ]; then
		rm -f "$phx_lib/lock.$$"
	else
		mv "$phx_lib/lock.$$" "$phx_lib/lock"
	fi
}

phx_can_write() {
	[ -L "$phx_lib/lock" ] || touch "$phx_lib/lock.try"
}

# What runs detached, in a session of its own: the script, its end, its deadline, and the most output that is kept: a flood must not
# fill the guest's disk. Arguments: directory, timeout, lock, file of the output, file of the errors, MiB.
# Before they are ended, the processes at work are named: of each branch the last. Who stops it may know of the wrapper only, which
# was about to say what it began: so the mark that stops it is looked for here as well.
# shellcheck disable=SC2016 # expands there
phx_worker='
[ ! -e "$1.stop" ] || exit 125
cd "$1/w" || exit 125
(
	trap "" TERM HUP
	out=$4 err=$5 most=$6 stop=$1.stop why="out of time"
	read -r n me </proc/uptime
	end=$((${n%%.*} + $2))
	while [ "${n%%.*}" -lt "$end" ]; do
		sleep 0.2 2>/dev/null || sleep 1
		[ ! -e "$stop" ] || why=stopped end=0
		[ "$why" != stopped ] || break
		[ -e ../exit ] && exit
		read -r n me </proc/uptime
		for file in "$out" "$err"; do
			set -- $(ls -ln "$file" 2>/dev/null)
			[ "${5:-0}" -gt $((most * 1048576)) ] || continue
			why="more than $most MiB of output" end=0
			echo "flood $most" >../timeout
		done
	done
	read -r me n </proc/self/stat
	all= above=
	for n in /proc/[0-9]*/stat; do
		read -r n <"$n" || continue
		pid=${n%% *}
		set -- ${n##*) }
		[ "$4" = "$$" ] && [ "$pid" != "$$" ] && [ "$pid" != "$me" ] || continue
		all="$all $pid" above="$above $2 "
	done
	for n in $all; do
		case $above in *" $n "*) continue ;; esac
		n=$(tr "\000" " " <"/proc/$n/cmdline")
		[ ! "$n" ] || printf "phx: %s; still at work: %s\n" "$why" "${n% }" >&3
	done
	[ ! -e ../exit ] || [ "$why" = stopped ] || exit
	mv ../timeout ../exit
	cd .. && rm -rf env script w in
	kill -TERM -$$
	sleep 2
	if [ "$why" = "out of time" ]; then
		:
	elif [ "$out" = "$err" ]; then
		tail -c 1048576 "$out" >"$out.end" && cat "$out.end" >"$out"
		rm -f "$out.end"
	else
		rm -f "$out" "$err"
	fi
	kill -KILL -$$
) 3>&2 >/dev/null 2>&1 &
unset LC_ALL
umask 022
HOME=/root USER=root LOGNAME=root
export HOME USER LOGNAME
(
	[ ! -f ../env ] || . ../env
	IFS= read -r first <../script
	case $first in "#!"*) first=${first#??} ;; *) first=/bin/sh ;; esac
	set -f
	set -- $first
	exec "$@" ../script
)
code=$?
umask 077
cd .. && rm -rf env script w in
echo "exit $code" >ended
[ -e exit ] || mv ended exit
[ "$(readlink "$3")" != "${1##*/}" ] || rm -f "$3"
'

# systemd ends all that the agent started when it restarts the agent, as an upgrade of it does: a step has a scope of its own.
phx_scope() {
	phx_run_in=
	[ "$phx_mode" != stream ] && [ -d /run/systemd/system ] || return 0
	systemd-run --scope --quiet --collect true </dev/null >/dev/null 2>&1 || return 0
	phx_run_in="systemd-run --scope --quiet --collect"
}

# From now on this version of the step counts: going back to one that was done before does it again.
phx_forget_others() {
	for phx_other in "$phx_lib/run/${phx_id%-*}"-????????????; do
		[ "$phx_other" = "$phx_dir" ] || [ ! -e "$phx_other/exit" ] || rm -rf "$phx_other"
	done
}

phx_run() {
	phx_in=/dev/null phx_most=4096
	[ ! -f "$phx_dir/in" ] || phx_in=$phx_dir/in
	rm -rf "${phx_lib:?}/in/$phx_id"
	phx_out=$phx_dir/out phx_err=$phx_dir/err
	if [ "$phx_split" = 0 ]; then
		phx_take
		phx_forget_others
		phx_out=$phx_log phx_err=$phx_log phx_most=256
		[ ! -e "$phx_log" ] || mv -f "$phx_log" "$phx_log.1"
	fi
	phx_do phx_write "$phx_dir/timeout" "timeout $phx_timeout"
	phx_do touch "$phx_out" "$phx_err"
	command -v setsid >/dev/null || phx_fail "there is no setsid in this guest (package util-linux)"
	phx_scope
	# shellcheck disable=SC2086,SC2094 # words are wanted; the files are looked at, not read
	setsid $phx_run_in /bin/sh -c "$phx_worker" phx "$phx_dir" "$phx_timeout" "$phx_lib/lock" "$phx_out" "$phx_err" "$phx_most" <"$phx_in" >>"$phx_out" 2>>"$phx_err" &
	phx_stat $! && phx_do phx_write "$phx_dir/pid.new" "$! $phx_now" && mv "$phx_dir/pid.new" "$phx_dir/pid"
	phx_follow new
}

# Passes the output on until the end is there.
phx_follow() {
	phx_at=0 phx_at_err=0 phx_last=0
	phx_out=$phx_dir/out phx_err=$phx_dir/err
	[ "$phx_split" = 1 ] || phx_out=$phx_log
	[ "$1" = new ] || printf 'phx-joined\n' >&2
	while [ "$phx_last" = 0 ]; do
		if [ -e "$phx_dir/exit" ]; then
			phx_last=1
		elif ! phx_alive "$phx_dir" && [ ! -e "$phx_dir/exit" ]; then
			phx_last=2
		else
			phx_sleep
		fi
		"phx_$phx_mode"
	done
	"phx_last_$phx_mode"
	[ "$phx_last" = 1 ] || phx_end dead 0 125
	read -r phx_kind phx_value <"$phx_dir/exit"
	if [ "$phx_kind" = exit ]; then
		phx_end exit "$phx_value" "$phx_value"
	fi
	phx_end "$phx_kind" "$phx_value" 124
}

# Not every wc knows a size without reading all of the file.
phx_size() {
	# shellcheck disable=SC2012,SC2046 # one file, and its words are wanted
	set -- $(ls -ln "$1" 2>/dev/null)
	phx_n=${5:-0}
}

# Output as it is, on standard output and error.
phx_stream() {
	phx_size "$phx_out"
	if [ "$phx_n" -gt "$phx_at" ]; then
		tail -c +$((phx_at + 1)) "$phx_out" | head -c $((phx_n - phx_at))
		phx_at=$phx_n
	fi
	[ "$phx_split" = 1 ] || return 0
	phx_size "$phx_err"
	if [ "$phx_n" -gt "$phx_at_err" ]; then
		tail -c +$((phx_at_err + 1)) "$phx_err" | head -c $((phx_n - phx_at_err)) >&2
		phx_at_err=$phx_n
	fi
}

phx_last_stream() {
	[ "$phx_split" = 0 ] || [ "$phx_at_err" = 0 ] || printf '\n' >&2
	[ "$phx_split" = 0 ] || phx_forget
}

# Output without a log is kept a while, since the answer with it may be lost; not much of it.
phx_forget() {
	for phx_file in "$phx_out" "$phx_err"; do
		phx_size "$phx_file"
		[ "$phx_n" -le 1048576 ] || rm -f "$phx_file"
	done
}

# Where nothing is seen before the end: a small file with the size and the newest output, in base64, to be read meanwhile.
phx_tail() {
	phx_size "$phx_out"
	if [ "$phx_n" != "$phx_at" ]; then
		phx_at=$phx_n
		phx_tail_of "$phx_out" 16384 >"$phx_dir/tail.new" && mv "$phx_dir/tail.new" "$phx_dir/tail"
	fi
	[ "$phx_split" = 1 ] || return 0
	phx_size "$phx_err"
	if [ "$phx_n" != "$phx_at_err" ]; then
		phx_at_err=$phx_n
		phx_tail_of "$phx_err" 16384 >"$phx_dir/tail.new" && mv "$phx_dir/tail.new" "$phx_dir/tail.err"
	fi
}

phx_tail_of() {
	phx_size "$1"
	echo "$phx_n"
	[ "$phx_n" -gt 0 ] || return 0
	head -c "$phx_n" "$1" | tail -c "$2" | base64
}

phx_last_tail() {
	echo phx-out
	phx_tail_of "$phx_out" 65536
	[ "$phx_split" = 1 ] || return 0
	echo phx-err
	phx_tail_of "$phx_err" 65536
	[ "$phx_mode" = whole ] || phx_forget
}

# The same, but whoever began it wants all of the output: it reads from the files what the newest bytes leave out, and removes them.
phx_whole() {
	phx_tail
}

phx_last_whole() {
	phx_last_tail
}

# ID LOG MODE SPLIT: goes on with a run that was begun, whose channel broke.
phx_join() {
	phx_id=$1 phx_log=$phx_logs/$2.log phx_mode=$3 phx_split=$4 phx_dir=$phx_lib/run/$1
	[ -e "$phx_dir/pid" ] || phx_end none 0 125
	phx_follow joined
}

# ID: ends a run and all its processes. What begins a run may come after it: a run has its name once only, and does not begin any more.
phx_kill() {
	phx_id=$1 phx_dir=$phx_lib/run/$1
	case $phx_id in run-*) mkdir -p "$phx_lib/run" && : >"$phx_dir.stop" ;; esac
	if [ -e "$phx_dir/exit" ] || ! phx_alive "$phx_dir"; then
		phx_end none 0 0
	fi
	mv "$phx_dir/timeout" "$phx_dir/exit" 2>/dev/null
	kill -TERM "-$phx_pid" 2>/dev/null || kill -TERM "$phx_pid" 2>/dev/null
	sleep 1
	kill -KILL "-$phx_pid" 2>/dev/null
	rm -rf "$phx_dir/env" "$phx_dir/script" "$phx_dir/w" "$phx_dir/in" "$phx_dir/out" "$phx_dir/err"
	phx_end killed 0 0
}

#!/bin/sh
# Is the guest in working order? PHX_HEALTH says so with exit code 0, within PHX_RETRIES attempts of PHX_ATTEMPT_MS each.
set -u
: "${PHX_HEALTH:?}" "${PHX_RETRIES:?}" "${PHX_INTERVAL_MS:?}" "${PHX_ATTEMPT_MS:?}"

pause() {
	sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))" 2>/dev/null || sleep $((($1 + 999) / 1000))
}

# One attempt, with an end: exit code of the command, 124 when it took too long.
attempt() {
	rm -f ./late
	setsid /bin/sh -c "$PHX_HEALTH" </dev/null &
	pid=$!
	(
		pause "$PHX_ATTEMPT_MS"
		: >./late
		kill -TERM "-$pid" 2>/dev/null
		pause 1000
		kill -KILL "-$pid" 2>/dev/null
	) >/dev/null 2>&1 &
	watch=$!
	wait "$pid"
	code=$?
	kill "$watch" 2>/dev/null
	wait "$watch" 2>/dev/null
	[ ! -e ./late ] || code=124
	return "$code"
}

n=1
while :; do
	printf 'attempt %s of %s: %s\n' "$n" "$PHX_RETRIES" "$PHX_HEALTH"
	attempt
	code=$?
	[ "$code" != 0 ] || { printf 'healthy\n'; exit 0; }
	if [ "$code" = 124 ]; then
		printf 'attempt %s took longer than %s ms\n' "$n" "$PHX_ATTEMPT_MS"
	else
		printf 'attempt %s: exit code %s\n' "$n" "$code"
	fi
	[ "$n" -lt "$PHX_RETRIES" ] || break
	n=$((n + 1))
	pause "$PHX_INTERVAL_MS"
done
printf 'phx: not healthy after %s attempts\n' "$PHX_RETRIES" >&2
exit "$code"

# Sourced: installs the Debian packages that a task needs, as root or with sudo, and only when some are missing.

phx_need_packages() {
	missing=""
	for package in "$@"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
	done
	[ -z "$missing" ] && return 0
	echo "installing:$missing"
	sudo=""
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null 2>&1 || {
			echo "packages are missing and neither root nor sudo is there; as root: apt-get install$missing" >&2
			return 1
		}
		sudo="sudo"
	fi
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
	# shellcheck disable=SC2086 # a list of words
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# shellcheck disable=SC2034 # used by the scripts that source this
phx_build_packages="gcc libc6-dev cmake ninja-build flex bison pkg-config libjansson-dev libcurl4-openssl-dev libmicrohttpd-dev libssl-dev libyaml-dev uthash-dev"

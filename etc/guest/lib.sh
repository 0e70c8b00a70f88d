# shellcheck shell=sh disable=SC2034
# Functions for scripts that run inside a guest: put before the script of every feature. POSIX sh, as root, without a
# terminal. Each is idempotent: what is in place already is not touched, not even its time.
#
# Exit codes: 64 wrong parameter, 65 wrong checksum or key, 69 nothing answers, 71 missing command, 73 nothing can be
# written, 74 a service does not run, 78 not for this kind of guest or system.

umask 022
export LC_ALL=C.UTF-8
phx_changed=0   # 1 once this run has changed something
phx_apt_fresh=0 # 1 once the package lists were read in this run
phx_tmp=        # a directory of this run's own, after phx_begin

phx_say() {
  printf 'phx: %s\n' "$*"
}

phx_die() {
  phx_die_code=$1
  shift
  printf 'phx: %s: %s\n' "${PHX_FEATURE:-script}" "$*" >&2
  exit "$phx_die_code"
}

# phx_need COMMAND [PACKAGE]: a command that must be there.
phx_need() {
  command -v "$1" >/dev/null 2>&1 && return 0
  phx_die 71 "the command \`$1\` is missing${2:+ (package $2)}"
}

# phx_matches TEXT PATTERN: the whole text matches an extended regular expression.
phx_matches() {
  printf '%s' "$1" | grep -Eqx -- "$2"
}

# phx_param NAME VALUE PATTERN WHAT: refuses what does not look like a parameter should.
phx_param() {
  phx_matches "$2" "$3" || phx_die 64 "the parameter $1 is \`$2\`; expected $4"
}

# phx_seconds NAME DURATION: a parameter such as 2m, in seconds, into phx_seconds_found.
phx_seconds() {
  phx_matches "$2" '[0-9]+(ms|s|m|h|d)' || phx_die 64 "the parameter $1 is \`$2\`; expected a duration such as 2m"
  case $2 in
  *ms) phx_seconds_found=$(((${2%ms} + 999) / 1000)) ;;
  *s) phx_seconds_found=${2%s} ;;
  *m) phx_seconds_found=$((${2%m} * 60)) ;;
  *h) phx_seconds_found=$((${2%h} * 3600)) ;;
  *d) phx_seconds_found=$((${2%d} * 86400)) ;;
  esac
}

# --- before anything is changed ---

# phx_begin MIB: the system is one that features know, and can be written to; MIB of it will be used.
phx_begin() {
  [ "$(id -u)" -eq 0 ] || phx_die 71 "must run as root"
  for phx_begin_command in awk cmp df dpkg-query find getent grep mktemp sed sha256sum stat; do
    phx_need "$phx_begin_command"
  done
  phx_system
  for phx_begin_dir in /etc /usr /var/lib /var/tmp; do
    phx_writable "$phx_begin_dir"
  done
  phx_room / "$1"
  phx_room /var/tmp 16
  phx_tmp=$(mktemp -d /var/tmp/phx.XXXXXX) || phx_die 73 "no directory can be made in /var/tmp"
  trap 'rm -rf "$phx_tmp"' EXIT
}

# Sets phx_os (debian, ubuntu), phx_release (12, 24.04), phx_codename and phx_arch (amd64, arm64).
phx_system() {
  [ -r /etc/os-release ] || phx_die 78 "/etc/os-release is missing: what system is this?"
  # shellcheck source=/dev/null
  phx_os=$(. /etc/os-release && printf '%s' "${ID:-}")
  # shellcheck source=/dev/null
  phx_release=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
  # shellcheck source=/dev/null
  phx_codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  case "$phx_os $phx_release" in
  'debian 11' | 'debian 12' | 'debian 13' | 'ubuntu 22.04' | 'ubuntu 24.04') ;;
  *) phx_die 78 "this system is \`$phx_os $phx_release\`; features know Debian 11 to 13, and Ubuntu 22.04 and 24.04" ;;
  esac
  phx_need dpkg
  phx_arch=$(dpkg --print-architecture)
  case "$phx_arch" in
  amd64 | arm64) ;;
  *) phx_die 78 "the architecture is $phx_arch; features know amd64 and arm64" ;;
  esac
}

phx_writable() {
  [ -w "$1" ] || phx_die 73 "$1 cannot be written to: its file system is read-only"
}

# phx_room DIR MIB
phx_room() {
  phx_room_free=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }')
  [ "${phx_room_free:-0}" -ge "$2" ] ||
    phx_die 73 "$1 has ${phx_room_free:-0} MiB free, $2 MiB are needed: no space left"
}

phx_is_container() {
  [ "${PHX_GUEST_KIND:-}" = container ]
}

# --- files ---

# phx_put PATH MODE [OWNER:GROUP] <CONTENT: replaces the file when content, mode or owner differ. Sets phx_put_changed.
phx_put() {
  cat >"$phx_tmp/put" || phx_die 73 "$phx_tmp cannot be written to: no space left"
  phx_place "$phx_tmp/put" "$@"
}

# phx_text TEXT PATH MODE [OWNER:GROUP]: the same with one text, and a new line behind it. (In `printf … | phx_put …` the
# function would run in a shell of its own, and nobody would hear that something changed.)
phx_text() {
  printf '%s\n' "$1" >"$phx_tmp/put" || phx_die 73 "$phx_tmp cannot be written to: no space left"
  shift
  phx_place "$phx_tmp/put" "$@"
}

# phx_place FILE PATH MODE [OWNER:GROUP]: the same with the content of a file. Readers see the old or the new content,
# never less.
phx_place() {
  phx_put_changed=0
  [ ! -d "$2" ] || phx_die 73 "$2 is a directory; a file belongs there"
  if [ -f "$2" ] && [ ! -L "$2" ] && cmp -s "$1" "$2" &&
    [ "$(stat -c %a:%U:%G "$2")" = "${3#0}:${4:-root:root}" ]; then
    return 0
  fi
  phx_dir "$(dirname "$2")"
  if ! (umask 077 && cat "$1" >"$2.phx-new") 2>/dev/null; then
    rm -f "$2.phx-new"
    phx_die 73 "$2 cannot be written: its file system is read-only or full"
  fi
  chown "${4:-root:root}" "$2.phx-new"
  chmod "$3" "$2.phx-new"
  mv -f "$2.phx-new" "$2"
  phx_put_changed=1
  phx_changed=1
}

# phx_dir PATH [MODE [OWNER]]: makes it where it is missing; sets mode and owner when they are given.
phx_dir() {
  if [ ! -d "$1" ]; then
    mkdir -p "$1" 2>/dev/null || phx_die 73 "the directory $1 cannot be made: its file system is read-only or full"
    phx_changed=1
  fi
  [ $# -lt 2 ] || [ "$(stat -c %a "$1")" = "${2#0}" ] || chmod "$2" "$1"
  [ $# -lt 3 ] || [ "$(stat -c %U:%G "$1")" = "$3" ] || chown "$3" "$1"
}

# phx_link TARGET PATH
phx_link() {
  [ "$(readlink "$2" 2>/dev/null)" != "$1" ] || return 0
  phx_dir "$(dirname "$2")"
  ln -sfn "$1" "$2" || phx_die 73 "the link $2 cannot be made"
  phx_changed=1
}

# phx_delete PATH...
phx_delete() {
  for phx_delete_path; do
    [ -e "$phx_delete_path" ] || [ -L "$phx_delete_path" ] || continue
    rm -rf "$phx_delete_path"
    phx_changed=1
  done
}

# --- downloads ---

# phx_get URL PATH [CURL OPTION...]: a file whose content is checked by the caller.
phx_get() {
  phx_get_url=$1
  phx_get_path=$2
  shift 2
  command -v curl >/dev/null 2>&1 || phx_apt_install curl ca-certificates
  if phx_get_error=$(curl -fsSL --retry 3 --retry-delay 2 --connect-timeout 20 --speed-limit 1024 --speed-time 60 \
    "$@" -o "$phx_get_path" "$phx_get_url" 2>&1); then
    return 0
  fi
  rm -f "$phx_get_path"
  phx_get_error=$(printf '%s' "$phx_get_error" | tail -n 1)
  case $phx_get_error in
  *'(23)'*) phx_die 73 "$phx_get_url: cannot be written: no space left, or a read-only file system" ;;
  *) phx_die 69 "$phx_get_url cannot be fetched: $phx_get_error" ;;
  esac
}

phx_sha256() {
  sha256sum "$1" | cut -d ' ' -f 1
}

# phx_fetch URL SHA256 PATH: nothing is fetched when PATH has that checksum; what has another one is not kept.
phx_fetch() {
  phx_matches "$2" '[0-9a-f]{64}' || phx_die 64 "the checksum of $1 is \`$2\`; expected 64 hex digits"
  if [ -f "$3" ] && [ "$(phx_sha256 "$3")" = "$2" ]; then
    return 0
  fi
  phx_say "fetching $1"
  phx_dir "$(dirname "$3")"
  phx_get "$1" "$3.phx-new"
  phx_fetch_sum=$(phx_sha256 "$3.phx-new")
  if [ "$phx_fetch_sum" != "$2" ]; then
    rm -f "$3.phx-new"
    phx_die 65 "$1 has the wrong checksum: expected sha256 $2, found $phx_fetch_sum; nothing of it was used"
  fi
  mv -f "$3.phx-new" "$3"
  phx_changed=1
}

# phx_sum PAIRS LIST_URL FILE: the sha256 of a release's file: out of lines `ARCH SHA256` when there is one for this
# architecture, else out of the list of checksums that the release comes with.
phx_sum() {
  phx_sum_found=$(printf '%s\n' "$1" | awk -v arch="$phx_arch" '$1 == arch { print $2; exit }')
  if [ -z "$phx_sum_found" ]; then
    phx_get "$2" "$phx_tmp/sums"
    phx_sum_found=$(awk -v file="$3" '{ name = $2; sub(/^\*/, "", name); sub(/^\.\//, "", name) }
      name == file || (NF == 1 && file != "") { print tolower($1); exit }' "$phx_tmp/sums")
  fi
  phx_matches "$phx_sum_found" '[0-9a-f]{64}' || phx_die 65 "$2 holds no sha256 of $3"
}

# phx_have NAME KEY: the program that phx installed under that name is this very one.
phx_have() {
  [ -f "/var/lib/phx/installed/$1" ] && [ "$(cat "/var/lib/phx/installed/$1")" = "$2" ]
}

phx_installed() {
  phx_dir /var/lib/phx 0700
  phx_text "$2" "/var/lib/phx/installed/$1" 0644
}

# phx_unpack ARCHIVE DIR
phx_unpack() {
  phx_dir "$2"
  phx_need tar tar
  if ! phx_unpack_error=$(tar -xf "$1" -C "$2" --no-same-owner 2>&1); then
    phx_die 73 "$1 cannot be unpacked: $(printf '%s' "$phx_unpack_error" | tail -n 1)"
  fi
}

# phx_binary DIR NAME PATH: the program of that name, wherever an archive had it, into its place at once.
phx_binary() {
  phx_binary_found=$(find "$1" -type f -name "$2" | sort | sed -n 1p)
  [ -n "$phx_binary_found" ] || phx_die 65 "the archive holds no $2"
  phx_place "$phx_binary_found" "$3" 0755
}

# --- packages ---

phx_is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# After a failure: what is half there and was not there before is taken away again, so that packages stay whole.
phx_apt_tidy() {
  apt-get clean >/dev/null 2>&1 || true
  [ -n "$(dpkg --audit 2>/dev/null)" ] || return 0
  dpkg --configure -a >/dev/null 2>&1 || true
  dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' | awk '
    FNR == NR { had[$1] = 1; next }
    $1 != "installed" && $1 != "config-files" && $1 != "not-installed" && !($2 in had) { print $2 }
  ' "$phx_tmp/packages" - >"$phx_tmp/half"
  while IFS= read -r phx_apt_half; do
    dpkg --remove --force-remove-reinstreq --force-depends "$phx_apt_half" >/dev/null 2>&1 </dev/null || true
  done <"$phx_tmp/half"
}

# Runs apt-get; waits for its locks up to ten minutes; ends with a reason.
phx_apt() {
  phx_need apt-get apt
  dpkg-query -W -f '${binary:Package}\n' >"$phx_tmp/packages"
  phx_apt_tries=0
  while :; do
    if DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
      -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 \
      "$@" >"$phx_tmp/apt.log" 2>&1; then
      return 0
    fi
    if grep -q 'Could not get lock\|is another process using it' "$phx_tmp/apt.log" && [ $phx_apt_tries -lt 60 ]; then
      phx_apt_tries=$((phx_apt_tries + 1))
      phx_say "another program holds the package manager's lock; waiting"
      sleep 10
      continue
    fi
    break
  done
  sed 's/^/apt: /' "$phx_tmp/apt.log" | tail -n 20 >&2
  phx_apt_tidy
  if grep -qi 'no space left\|enough free space\|disk full' "$phx_tmp/apt.log"; then
    phx_die 73 "apt-get $1 failed: no space left"
  elif grep -qi 'read-only file system' "$phx_tmp/apt.log"; then
    phx_die 73 "apt-get $1 failed: read-only file system"
  elif grep -q 'Unable to locate package\|has no installation candidate\|Version .* was not found' "$phx_tmp/apt.log"; then
    phx_die 69 "apt-get $*: no such package in the configured sources"
  elif grep -q 'not signed\|NO_PUBKEY\|EXPKEYSIG\|is not available because the public key' "$phx_tmp/apt.log"; then
    phx_die 65 "apt-get $1 failed: a source is not signed by the key that belongs to it"
  fi
  phx_die 69 "apt-get $1 failed, the reason stands above: is there a network, and does the mirror answer?"
}

# Reads the package lists, once in a run.
phx_apt_update() {
  [ $phx_apt_fresh -eq 0 ] || return 0
  phx_apt update -o APT::Update::Error-Mode=any
  phx_apt_fresh=1
}

# phx_apt_install PACKAGE[=VERSION]...: those that are missing. Packages that a broken run left half installed are
# finished first.
phx_apt_install() {
  phx_apt_missing=
  for phx_apt_package; do
    phx_apt_have=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "${phx_apt_package%%=*}" 2>/dev/null) || phx_apt_have=
    case $phx_apt_package in
    *=*) [ "$phx_apt_have" = "installed ${phx_apt_package#*=}" ] || phx_apt_missing="$phx_apt_missing $phx_apt_package" ;;
    *) [ "${phx_apt_have%% *}" = installed ] || phx_apt_missing="$phx_apt_missing $phx_apt_package" ;;
    esac
  done
  [ -n "$phx_apt_missing" ] || return 0
  if [ -n "$(dpkg --audit 2>/dev/null)" ]; then
    DEBIAN_FRONTEND=noninteractive dpkg --configure -a >"$phx_tmp/dpkg.log" 2>&1 ||
      phx_say "dpkg --configure -a: $(tail -n 1 "$phx_tmp/dpkg.log")"
  fi
  phx_apt_update
  phx_say "installing$phx_apt_missing"
  # shellcheck disable=SC2086 # a list of package names
  phx_apt install --no-install-recommends --allow-downgrades $phx_apt_missing
  phx_changed=1
}

# phx_apt_source NAME <DEB822: a source of packages.
phx_apt_source() {
  phx_put "/etc/apt/sources.list.d/$1.sources" 0644
  [ $phx_put_changed -eq 0 ] || phx_apt_fresh=0
}

# phx_apt_key NAME URL FINGERPRINT: the key of a source, into /etc/apt/keyrings/NAME.asc; a key of another fingerprint
# is not used. Fetched once.
phx_apt_key() {
  phx_apt_want=$(printf '%s' "$3" | tr -d ' ' | tr '[:lower:]' '[:upper:]')
  phx_matches "$phx_apt_want" '[0-9A-F]{40}' || phx_die 64 "the fingerprint of $2 is \`$3\`; expected 40 hex digits"
  phx_have "$1-key" "$2 $phx_apt_want" && [ -f "/etc/apt/keyrings/$1.asc" ] && return 0
  command -v gpg >/dev/null 2>&1 || phx_apt_install gpg
  phx_get "$2" "$phx_tmp/key"
  phx_dir "$phx_tmp/gnupg" 0700
  phx_apt_found=$(GNUPGHOME="$phx_tmp/gnupg" gpg --batch --quiet --with-colons --show-keys "$phx_tmp/key" 2>/dev/null |
    awk -F: '$1 == "fpr" { print $10; exit }') || phx_apt_found=
  [ "$phx_apt_found" = "$phx_apt_want" ] ||
    phx_die 65 "$2 is another key: expected the fingerprint $phx_apt_want, found ${phx_apt_found:-none}"
  phx_put "/etc/apt/keyrings/$1.asc" 0644 <"$phx_tmp/key"
  phx_installed "$1-key" "$2 $phx_apt_want"
  phx_apt_fresh=0
}

# phx_venv DIR REQUIREMENTS INDEX_URL: a Python environment with what the file lists, made anew when the list has
# changed; the old one stays until the new one is whole. Sets phx_venv_changed.
phx_venv() {
  phx_venv_changed=0
  phx_venv_key=$(phx_sha256 "$2")
  phx_venv_name=$(printf '%s' "$1" | tr / -)
  phx_apt_install python3 python3-venv
  phx_venv_key="$phx_venv_key $(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  phx_have "venv$phx_venv_name" "$phx_venv_key" && [ -x "$1/bin/python" ] && return 0
  phx_say "making the Python environment $1"
  # A Python environment cannot be moved: the link in front of it can.
  phx_venv_new="$1.$(printf '%s' "$phx_venv_key" | cut -c 1-12)"
  phx_delete "$phx_venv_new"
  if ! python3 -m venv "$phx_venv_new" >"$phx_tmp/venv.log" 2>&1 ||
    ! "$phx_venv_new/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --no-cache-dir --retries 3 \
      --index-url "$3" -r "$2" >"$phx_tmp/venv.log" 2>&1; then
    sed 's/^/pip: /' "$phx_tmp/venv.log" | tail -n 20 >&2
    rm -rf "$phx_venv_new"
    if grep -qi 'no space left\|read-only file system' "$phx_tmp/venv.log"; then
      phx_die 73 "the Python environment $1 cannot be made: no space left, or a read-only file system"
    elif grep -q 'DO NOT MATCH THE HASHES' "$phx_tmp/venv.log"; then
      phx_die 65 "a package for $1 has the wrong checksum, see above; nothing of it was used"
    fi
    phx_die 69 "the Python environment $1 cannot be made, the reason stands above: does $3 answer, and does it have these packages?"
  fi
  phx_venv_old=$(readlink "$1" 2>/dev/null) || phx_venv_old=
  phx_link "$phx_venv_new" "$1"
  [ -z "$phx_venv_old" ] || [ "$phx_venv_old" = "$phx_venv_new" ] || phx_delete "$phx_venv_old"
  phx_installed "venv$phx_venv_name" "$phx_venv_key"
  phx_venv_changed=1
}

# --- users and services ---

# phx_user NAME HOME: a system user without a shell.
phx_user() {
  if ! getent passwd "$1" >/dev/null; then
    command -v useradd >/dev/null 2>&1 || phx_apt_install passwd
    useradd --system --user-group --home-dir "$2" --no-create-home --shell /usr/sbin/nologin "$1" ||
      phx_die 73 "the user $1 cannot be made"
    phx_changed=1
  fi
}

phx_has_systemd() {
  [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1
}

# phx_unit NAME <UNIT: /etc/systemd/system/NAME.service
phx_unit() {
  phx_put "/etc/systemd/system/$1.service" 0644
  if [ $phx_put_changed -eq 1 ] && phx_has_systemd; then
    systemctl daemon-reload
  fi
}

# phx_service NAME [CHANGED]: starts with the guest, and runs; restarted when one of the flags in CHANGED is 1 ("010").
# Where no systemd runs (a chroot, a container without it) it is only enabled.
phx_service() {
  if command -v systemctl >/dev/null 2>&1; then
    case $(systemctl is-enabled "$1" 2>/dev/null || true) in
    enabled | static | alias | indirect | generated | enabled-runtime) ;;
    *)
      systemctl -q enable "$1" 2>"$phx_tmp/enable.log" ||
        phx_die 74 "the service $1 cannot be enabled: $(tail -n 1 "$phx_tmp/enable.log")"
      phx_changed=1
      ;;
    esac
  fi
  if ! phx_has_systemd; then
    phx_say "no systemd runs here: $1 is not started"
    return 0
  fi
  phx_service_restart=0
  case ${2:-} in *1*) phx_service_restart=1 ;; esac
  if [ $phx_service_restart -eq 1 ] || ! systemctl -q is-active "$1"; then
    systemctl restart "$1" 2>"$phx_tmp/start.log" || phx_service_failed "$1"
    phx_changed=1
  fi
  phx_service_tries=0
  until systemctl -q is-active "$1"; do
    phx_service_tries=$((phx_service_tries + 1))
    [ $phx_service_tries -lt 30 ] || phx_service_failed "$1"
    sleep 1
  done
}

phx_service_failed() {
  cat "$phx_tmp/start.log" >&2 2>/dev/null || true
  journalctl -q --no-pager -n 20 -u "$1" >&2 || true
  phx_die 74 "the service $1 does not run: its last lines stand above"
}

# phx_end: what the log of a run ends with.
phx_end() {
  if [ $phx_changed -eq 1 ]; then
    phx_say "${PHX_FEATURE:-script}: done"
  else
    phx_say "${PHX_FEATURE:-script}: in place already"
  fi
}

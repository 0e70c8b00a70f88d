#!/bin/sh
# The last thing done in a guest that becomes a template: what is its own alone goes, so that every clone is one of its own.
# Run twice it changes nothing more.
set -u
state=/var/lib/phx logs=/var/log/phx

die() {
	printf 'phx: %s\n' "$*" >&2
	exit 1
}

# cloud-init runs again in a clone, as for a new instance.
clean_cloud_init() {
	command -v cloud-init >/dev/null 2>&1 || return 0
	if cloud-init clean --help 2>/dev/null | grep -q -- --machine-id; then
		cloud-init clean --logs --machine-id || die 'cloud-init clean failed'
	else
		cloud-init clean --logs || die 'cloud-init clean failed'
	fi
	rm -rf /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/seed/nocloud*
}

# Empty, not missing: then systemd makes one at the next boot, and takes that boot for no first boot.
clean_machine_id() {
	[ ! -e /etc/machine-id ] || [ ! -s /etc/machine-id ] || : >/etc/machine-id || die 'cannot empty /etc/machine-id'
	[ -e /etc/machine-id ] || [ ! -d /etc/systemd ] || : >/etc/machine-id
	if [ -e /var/lib/dbus/machine-id ] && [ ! -L /var/lib/dbus/machine-id ]; then
		rm -f /var/lib/dbus/machine-id
		ln -s /etc/machine-id /var/lib/dbus/machine-id
	fi
}

# In a VM cloud-init makes new ones at the clone's first boot. Elsewhere a unit does that comes with this template.
clean_host_keys() {
	rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub
	command -v ssh-keygen >/dev/null 2>&1 || return 0
	[ "$PHX_GUEST_KIND" != vm ] || ! command -v cloud-init >/dev/null 2>&1 || return 0
	install_first_boot
}

first_boot_script() {
	cat <<'END'
#!/bin/sh
# Written by phx. A clone of this template gets host keys and a machine-id of its own, once, before its SSH server starts.
[ -s /etc/machine-id ] || ! command -v systemd-machine-id-setup >/dev/null 2>&1 || systemd-machine-id-setup
[ -s /etc/machine-id ] || ! command -v dbus-uuidgen >/dev/null 2>&1 || dbus-uuidgen --ensure=/etc/machine-id
for key in /etc/ssh/ssh_host_*_key; do
	[ ! -e "$key" ] || exit 0
done
exec ssh-keygen -A
END
}

first_boot_unit() {
	cat <<'END'
[Unit]
Description=A host identity of its own for this clone
Documentation=man:phx(1)
DefaultDependencies=no
After=local-fs.target
Before=sysinit.target ssh.service sshd.service ssh.socket

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/phx-first-boot

[Install]
WantedBy=sysinit.target
END
}

# PATH MODE, content on standard input; not written when it is the same.
put() {
	cat >./put
	cmp -s ./put "$1" && return
	{ mkdir -p "$(dirname "$1")" && cp ./put "$1" && chmod "$2" "$1"; } || die "cannot write $1"
}

install_first_boot() {
	first_boot_script | put /usr/local/sbin/phx-first-boot 0755
	if [ -d /etc/systemd/system ]; then
		first_boot_unit | put /etc/systemd/system/phx-first-boot.service 0644
		if [ ! -L /etc/systemd/system/sysinit.target.wants/phx-first-boot.service ]; then
			mkdir -p /etc/systemd/system/sysinit.target.wants
			ln -sf /etc/systemd/system/phx-first-boot.service /etc/systemd/system/sysinit.target.wants/phx-first-boot.service
		fi
	elif [ -d /etc/runlevels/sysinit ]; then
		printf '#!/sbin/openrc-run\nstart() {\n\t/usr/local/sbin/phx-first-boot\n}\n' | put /etc/init.d/phx-first-boot 0755
		[ -L /etc/runlevels/sysinit/phx-first-boot ] || ln -sf /etc/init.d/phx-first-boot /etc/runlevels/sysinit/phx-first-boot
	elif [ -d /etc/rcS.d ]; then
		[ -L /etc/rcS.d/S02phx-first-boot ] || ln -sf /usr/local/sbin/phx-first-boot /etc/rcS.d/S02phx-first-boot
	else
		echo 'phx: no systemd, OpenRC or rcS.d: clones will have no SSH host keys until /usr/local/sbin/phx-first-boot is run' >&2
	fi
}

# What logs say is about the template. Files stay, since daemons may hold them; journals and old logs go.
clean_logs() {
	if [ -d /var/log/journal ]; then
		find /var/log/journal -mindepth 1 -maxdepth 1 -exec rm -rf {} +
	fi
	find /var/log -type f \( -name '*.gz' -o -name '*.xz' -o -name '*.[0-9]' -o -name '*.old' \) ! -path "$logs/*" -exec rm -f {} +
	find /var/log -type f -size +0c ! -path "$logs/*" | while IFS= read -r file; do
		: >"$file"
	done
}

clean_rest() {
	rm -f /var/lib/systemd/random-seed /var/lib/urandom/random-seed /var/lib/systemd/credential.secret
	rm -f /var/lib/dhcp/*.leases /var/lib/NetworkManager/*.lease /root/.bash_history /root/.lesshst
	find /tmp /var/tmp -mindepth 1 -maxdepth 1 -exec rm -rf {} + 2>/dev/null
}

# What phx knows of the template's steps: a clone has none of its own. This run itself still needs its directory.
clean_phx() {
	here=$(cd .. && pwd)
	rm -rf "$state/begun" "$state/in"
	[ ! -d "$state/run" ] || find "$state/run" -mindepth 1 -maxdepth 1 ! -path "$here" -exec rm -rf {} +
	[ ! -d "$logs" ] || find "$logs" -type f ! -name 'clean.log' -exec rm -f {} +
}

clean_cloud_init
clean_machine_id
clean_host_keys
clean_rest
clean_phx
clean_logs
sync

#include "model/lxc.h"

#include <string.h>

static const char *const keys[] = {
	"lxc.apparmor.profile",
	"lxc.apparmor.allow_incomplete",
	"lxc.apparmor.allow_nesting",
	"lxc.apparmor.raw",
	"lxc.selinux.context",
	"lxc.include",
	"lxc.arch",
	"lxc.uts.name",
	"lxc.signal.halt",
	"lxc.signal.reboot",
	"lxc.signal.stop",
	"lxc.init.cmd",
	"lxc.init.cwd",
	"lxc.pty.max",
	"lxc.console.logfile",
	"lxc.console.path",
	"lxc.tty.max",
	"lxc.devtty.dir",
	"lxc.hook.autodev",
	"lxc.autodev",
	"lxc.kmsg",
	"lxc.mount.fstab",
	"lxc.mount.entry",
	"lxc.mount.auto",
	"lxc.rootfs.mount",
	"lxc.cap.drop",
	"lxc.cap.keep",
	"lxc.seccomp.profile",
	"lxc.seccomp.notify.proxy",
	"lxc.seccomp.notify.cookie",
	"lxc.idmap",
	"lxc.hook.pre-start",
	"lxc.hook.pre-mount",
	"lxc.hook.mount",
	"lxc.hook.start",
	"lxc.hook.stop",
	"lxc.hook.post-stop",
	"lxc.hook.clone",
	"lxc.hook.destroy",
	"lxc.hook.version",
	"lxc.log.level",
	"lxc.log.file",
	"lxc.start.auto",
	"lxc.start.delay",
	"lxc.start.order",
	"lxc.group",
	"lxc.environment",
	"lxc.environment.runtime",
	"lxc.environment.hooks",
	"lxc.sysctl.fs.mqueue",
	"lxc.sysctl.kernel.msgmax",
	"lxc.sysctl.kernel.msgmnb",
	"lxc.sysctl.kernel.msgmni",
	"lxc.sysctl.kernel.sem",
	"lxc.sysctl.kernel.shmall",
	"lxc.sysctl.kernel.shmmax",
	"lxc.sysctl.kernel.shmmni",
	"lxc.sysctl.kernel.shm_rmid_forced",
};

static const char *const families[] = {"lxc.cgroup.", "lxc.cgroup2.", "lxc.prlimit.", "lxc.net."};

bool phx_lxc_key_ok(struct phx_str key)
{
	for (size_t i = 0; i < key.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_.-", key.ptr[i]))
			return false;
	for (size_t i = 0; i < PHX_COUNTOF(families); i++)
		if (phx_str_starts(key, families[i]) && key.len > strlen(families[i]))
			return true;
	for (size_t i = 0; i < PHX_COUNTOF(keys); i++)
		if (phx_str_eqc(key, keys[i]))
			return true;
	return false;
}

struct phx_str phx_lxc_key_nearest(struct phx_str key)
{
	struct phx_str names[PHX_COUNTOF(keys)];

	for (size_t i = 0; i < PHX_COUNTOF(keys); i++)
		names[i] = phx_str_c(keys[i]);
	return phx_str_nearest(key, names, PHX_COUNTOF(keys));
}

bool phx_lxc_key_is_list(struct phx_str key)
{
	static const char *const lists[] = {"lxc.apparmor.raw",
					    "lxc.include",
					    "lxc.mount.entry",
					    "lxc.mount.auto",
					    "lxc.cap.drop",
					    "lxc.cap.keep",
					    "lxc.group",
					    "lxc.idmap",
					    "lxc.environment",
					    "lxc.environment.runtime",
					    "lxc.environment.hooks"};

	if (phx_str_starts(key, "lxc.hook.") || phx_str_starts(key, "lxc.net."))
		return !phx_str_eqc(key, "lxc.hook.version");
	if (phx_str_ends(key, ".devices.allow") || phx_str_ends(key, ".devices.deny"))
		return true;
	for (size_t i = 0; i < PHX_COUNTOF(lists); i++)
		if (phx_str_eqc(key, lists[i]))
			return true;
	return false;
}

/* --- ids --- */

bool phx_is_unprivileged(const struct phx_guest *g)
{
	for (uint32_t i = 0; i < g->settings.n; i++)
		if (phx_str_eqc(g->settings.v[i].key, "unprivileged"))
			return phx_str_eqc(g->settings.v[i].value, "1");
	return false;
}

uint64_t phx_host_id(const struct phx_guest *g, char kind, uint64_t id)
{
	bool mapped = false;

	for (uint32_t i = 0; i < g->idmap.n; i++) {
		const struct phx_idmap *m = &g->idmap.v[i];

		mapped = mapped || m->kind == kind;
		if (m->kind == kind && id >= m->inside && id - m->inside < m->count)
			return m->outside + (id - m->inside);
	}
	return !mapped && phx_is_unprivileged(g) ? PHX_IDMAP_BASE + id : id;
}

bool phx_container_id(struct phx_str text, char kind, uint64_t *out)
{
	static const struct {
		const char *name;
		uint16_t id;
		char kind; /* b: both */
	} names[] = {
		{"root", 0, 'b'},       {"daemon", 1, 'b'},      {"bin", 2, 'b'},     {"sys", 3, 'b'},
		{"games", 60, 'g'},     {"games", 5, 'u'},       {"man", 12, 'g'},    {"man", 6, 'u'},
		{"lp", 7, 'b'},         {"mail", 8, 'b'},        {"news", 9, 'b'},    {"uucp", 10, 'b'},
		{"proxy", 13, 'b'},     {"www-data", 33, 'b'},   {"backup", 34, 'b'}, {"list", 38, 'b'},
		{"nobody", 65534, 'u'}, {"nogroup", 65534, 'g'}, {"adm", 4, 'g'},     {"tty", 5, 'g'},
		{"disk", 6, 'g'},       {"dialout", 20, 'g'},    {"cdrom", 24, 'g'},  {"sudo", 27, 'g'},
		{"audio", 29, 'g'},     {"shadow", 42, 'g'},     {"video", 44, 'g'},  {"staff", 50, 'g'},
		{"users", 100, 'g'},
	};

	if (phx_parse_u64(text, out))
		return *out < UINT32_MAX;
	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		if (phx_str_eqc(text, names[i].name) && (names[i].kind == kind || names[i].kind == 'b')) {
			*out = names[i].id;
			return true;
		}
	return false;
}

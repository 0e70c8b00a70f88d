#include "backend/sim/guest.h"

#include <stdio.h>
#include <string.h>

#include "backend/sim/power.h"
#include "backend/sim/tables.h"
#include "backend/sim/tree.h"
#include "backend/sim/volume.h"

#define PUBLISH_EVERY (10 * PHX_SIM_SECOND) /* pvestatd */

struct id_text {
	char text[24];
};

static struct id_text id_text(int64_t vmid)
{
	struct id_text t;

	(void)snprintf(t.text, sizeof(t.text), "%lld", (long long)vmid);
	return t;
}

/* Before anybody changes a guest, what pvestatd saw of it at its last round is kept. */
static void publish(struct phx_sim *s, json_t *g)
{
	int64_t every = phx_sim_meta_int(s, "resources_lag_ms", 10000) * 1000;
	int64_t phase = phx_sim_meta_int(s, "resources_phase_ms", 0) * 1000;
	int64_t changed = phx_json_int(g, "changed", 0), seen = phx_json_int(g, "seen", -1);

	if (every <= 0)
		every = 1;
	if (seen >= changed || (changed - phase) / every >= (phx_sim_now(s) - phase) / every)
		return;
	json_object_set_new(g, "pub", phx_sim_guest_status(s, g));
	phx_sim_set_int(g, "seen", phx_sim_now(s));
}

json_t *phx_sim_guest(struct phx_sim *s, int64_t vmid)
{
	json_t *g = phx_sim_get(s, "guest", id_text(vmid).text);

	if (g != NULL)
		publish(s, g);
	return g;
}

json_t *phx_sim_guest_published(struct phx_sim *s, json_t *g)
{
	publish(s, g);
	return json_object_get(g, "pub");
}

json_t *phx_sim_guest_add(struct phx_sim *s, int64_t vmid, const char *kind, const char *node)
{
	json_t *g = json_pack("{s:I, s:s, s:s, s:{}, s:{}, s:{}, s:n}", "vmid", (json_int_t)vmid, "kind",
			      kind, "node", node, "conf", "pend", "snaps", "run");

	phx_sim_put(s, "guest", id_text(vmid).text, g);
	phx_sim_guest_dirty(s, g);
	return g;
}

void phx_sim_guest_remove(struct phx_sim *s, int64_t vmid)
{
	phx_sim_tree_remove(s, vmid);
	phx_sim_del(s, "guest", id_text(vmid).text);
}

void phx_sim_guest_dirty(struct phx_sim *s, json_t *g)
{
	phx_sim_set_int(g, "changed", phx_sim_now(s));
	phx_sim_dirty(s, "guest", id_text(phx_sim_guest_id(g)).text);
}

int64_t phx_sim_guest_id(const json_t *g)
{
	return json_integer_value(json_object_get(g, "vmid"));
}

const char *phx_sim_guest_kind(const json_t *g)
{
	return phx_sim_so(g, "kind", "qemu");
}

const char *phx_sim_guest_node(const json_t *g)
{
	return phx_sim_so(g, "node", "");
}

bool phx_sim_guest_is_vm(const json_t *g)
{
	return strcmp(phx_sim_guest_kind(g), "qemu") == 0;
}

const char *phx_sim_guest_word(const json_t *g)
{
	return phx_sim_guest_is_vm(g) ? "VM" : "CT";
}

bool phx_sim_guest_running(const json_t *g)
{
	return json_is_object(json_object_get(g, "run"));
}

json_t *phx_sim_conf(const json_t *g)
{
	return json_object_get(g, "conf");
}

const char *phx_sim_conf_get(const json_t *g, const char *key)
{
	return phx_sim_s(phx_sim_conf(g), key);
}

void phx_sim_conf_set(struct phx_sim *s, json_t *g, const char *key, const char *text)
{
	phx_sim_set(phx_sim_conf(g), key, text);
	phx_sim_guest_dirty(s, g);
}

int64_t phx_sim_conf_int(const json_t *g, const char *key, int64_t otherwise)
{
	return phx_json_int(phx_sim_conf(g), key, otherwise);
}

bool phx_sim_guest_template(const json_t *g)
{
	return phx_sim_conf_int(g, "template", 0) != 0;
}

json_t *phx_sim_conf_pending(const json_t *g)
{
	json_t *out = json_copy(phx_sim_conf(g)), *v;
	const char *key;

	json_object_foreach(json_object_get(g, "pend"), key, v)
	{
		if (!json_is_string(v))
			json_object_del(out, key);
		else
			json_object_set(out, key, v);
	}
	return out;
}

/* ---- the configuration file's text, for the digest ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_section(const json_t *conf, struct phx_buf *out)
{
	size_t n = json_object_size(conf), i = 0;
	const char **keys = calloc(n + 1, sizeof(*keys)), *key;
	struct phx_str notes = phx_str_c(phx_sim_s(conf, "description")), line;
	json_t *v;

	if (keys == NULL)
		phx_out_of_memory();
	while (notes.ptr != NULL && phx_str_cut(&notes, '\n', &line)) {
		phx_buf_ch(out, '#');
		phx_buf_percent(out, line);
		phx_buf_ch(out, '\n');
	}
	json_object_foreach((json_t *)(uintptr_t)conf, key, v)
	{
		keys[i++] = key;
	}
	qsort(keys, i, sizeof(*keys), by_name);
	for (size_t k = 0; k < i; k++)
		if (strcmp(keys[k], "description") != 0 && strcmp(keys[k], "lxc") != 0)
			phx_buf_printf(out, "%s: %s\n", keys[k], phx_sim_so(conf, keys[k], ""));
	/* Raw lines come last, as they are. */
	if (phx_sim_s(conf, "lxc") != NULL)
		phx_buf_printf(out, "%s\n", phx_sim_s(conf, "lxc"));
	free(keys);
}

void phx_sim_guest_conf_text(const json_t *g, struct phx_buf *out)
{
	json_t *pend = json_object_get(g, "pend"), *v;
	const char *key;

	print_section(phx_sim_conf(g), out);
	if (json_object_size(pend) > 0) {
		phx_buf_c(out, phx_sim_guest_is_vm(g) ? "\n[PENDING]\n" : "\n[pve:pending]\n");
		json_object_foreach(pend, key, v)
		{
			if (!json_is_string(v))
				phx_buf_printf(out, "delete: %s%s\n", json_is_false(v) ? "!" : "", key);
			else
				phx_buf_printf(out, "%s: %s\n", key, json_string_value(v));
		}
	}
	json_object_foreach(json_object_get(g, "snaps"), key, v)
	{
		phx_buf_printf(out, "\n[%s]\n", key);
		print_section(json_object_get(v, "conf"), out);
		phx_buf_printf(out, "snaptime: %lld\n", (long long)phx_json_int(v, "time", 0));
	}
}

const char *phx_sim_guest_digest(struct phx_arena *a, const json_t *g)
{
	struct phx_buf text = {0};
	const char *out;

	phx_sim_guest_conf_text(g, &text);
	out = phx_sim_sha1(a, text.ptr != NULL ? text.ptr : "", text.len);
	phx_buf_done(&text);
	return out;
}

/* ---- as the API gives it ---- */

json_t *phx_sim_conf_value(struct phx_sim *s, const char *kind, const char *key, const char *text)
{
	const struct phx_option *o = phx_sim_guest_option(s, kind, key);
	struct phx_buf b = {0};
	json_t *out;
	int64_t n;

	if (strcmp(key, "snaptime") == 0 ||
	    (o != NULL && (o->type == PHX_TYPE_INTEGER || o->type == PHX_TYPE_BOOLEAN)))
		if (phx_parse_i64(phx_str_c(text), &n))
			return json_integer(n);
	if (strcmp(key, "cipassword") == 0)
		return json_string("**********");
	phx_buf_c(&b, text);
	/* An option set to nothing reads back as one space (102, 103); notes of containers gain a line end (391). */
	if (b.len == 0)
		phx_buf_ch(&b, ' ');
	if (strcmp(key, "description") == 0 && strcmp(kind, "lxc") == 0)
		phx_buf_ch(&b, '\n');
	out = json_stringn_nocheck(b.ptr, b.len);
	phx_buf_done(&b);
	return out;
}

/* Raw lines of a container: a list of pairs. */
static json_t *raw_lines(const char *text)
{
	struct phx_str rest = phx_str_c(text), line, key;
	json_t *out = json_array();

	while (phx_str_cut(&rest, '\n', &line)) {
		struct phx_str value = line;

		if (phx_str_cut(&value, ':', &key) && value.ptr != NULL)
			json_array_append_new(out,
					      json_pack("[s%, s%]", key.ptr, key.len, phx_str_trim(value).ptr,
							phx_str_trim(value).len));
	}
	return out;
}

json_t *phx_sim_conf_json(struct phx_sim *s, const char *kind, const json_t *conf)
{
	json_t *out = json_object(), *v;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)conf, key, v)
	{
		json_object_set_new(out, key,
				    strcmp(key, "lxc") == 0
					    ? raw_lines(json_string_value(v))
					    : phx_sim_conf_value(s, kind, key, json_string_value(v)));
	}
	return out;
}

/* ---- for handlers ---- */

json_t *phx_sim_guest_of(struct phx_sim_request *r, const char *kind)
{
	int64_t vmid = phx_sim_pi(r, "vmid", 0);
	json_t *g = phx_sim_guest(r->sim, vmid);

	if (g != NULL && strcmp(phx_sim_guest_kind(g), kind) == 0 &&
	    strcmp(phx_sim_guest_node(g), phx_sim_node(r)) == 0)
		return g;
	phx_sim_fail(r, 500, "Configuration file 'nodes/%s/%s/%lld.conf' does not exist", phx_sim_node(r),
		     strcmp(kind, "qemu") == 0 ? "qemu-server" : "lxc", (long long)vmid);
	return NULL;
}

static void lock_came(struct phx_sim *s, struct phx_sim_locker *l)
{
	(void)s;
	phx_sim_continue(
		(struct phx_sim_request *)(void *)((char *)l - offsetof(struct phx_sim_request, locker)));
}

bool phx_sim_guest_lock_id(struct phx_sim_request *r, int64_t vmid, bool vm)
{
	r->locker.resume = lock_came;
	if (r->locker.who == NULL)
		r->locker.who = phx_sim_fmt(&r->arena, "%s %s", r->method, r->path);
	switch (phx_sim_lock(r->sim, &r->locker, vmid)) {
	case PHX_SIM_LOCK_HELD:
		return true;
	case PHX_SIM_LOCK_WAIT:
		r->waiting = true;
		return false;
	case PHX_SIM_LOCK_TIMEOUT:
		break;
	}
	if (vm)
		phx_sim_fail(r, 500, "can't lock file '/var/lock/qemu-server/lock-%lld.conf' - got timeout",
			     (long long)vmid);
	else
		phx_sim_fail(r, 500, "can't lock file '/run/lock/lxc/pve-config-%lld.lock' - got timeout",
			     (long long)vmid);
	return false;
}

bool phx_sim_guest_lock(struct phx_sim_request *r, const json_t *g)
{
	return phx_sim_guest_lock_id(r, phx_sim_guest_id(g), phx_sim_guest_is_vm(g));
}

bool phx_sim_guest_unlocked(struct phx_sim_request *r, const json_t *g)
{
	const char *lock = phx_sim_conf_get(g, "lock");

	if (lock == NULL)
		return true;
	phx_sim_log(r->sim, "lock-refused",
		    json_pack("{s:I, s:s, s:s}", "id", (json_int_t)phx_sim_guest_id(g), "who",
			      phx_sim_fmt(&r->arena, "%s %s", r->method, r->path), "why", lock));
	phx_sim_fail(r, 500, "%s is locked (%s)", phx_sim_guest_word(g), lock);
	return false;
}

bool phx_sim_digest_fits(struct phx_sim_request *r, const char *have, const char *message)
{
	const char *want = phx_sim_p(r, "digest");

	if (want == NULL || strcmp(want, have) == 0)
		return true;
	phx_sim_fail(r, 500, "%s", message);
	return false;
}

bool phx_sim_digest_fits_text(struct phx_sim_request *r, const char *have)
{
	return phx_sim_digest_fits(
		r, have, "detected modified configuration - file changed by other user? Try again.");
}

const char *phx_sim_id_owner(struct phx_sim_request *r, int64_t vmid)
{
	json_t *g = phx_sim_guest(r->sim, vmid);

	if (g == NULL)
		return NULL;
	return phx_sim_fmt(&r->arena, "%s %lld already exists on node '%s'", phx_sim_guest_word(g),
			   (long long)vmid, phx_sim_guest_node(g));
}

const char *phx_sim_guest_name(struct phx_arena *a, const json_t *g)
{
	const char *name = phx_sim_conf_get(g, phx_sim_guest_is_vm(g) ? "name" : "hostname");

	if (name != NULL)
		return name;
	return phx_sim_fmt(a, phx_sim_guest_is_vm(g) ? "VM %lld" : "CT%lld", (long long)phx_sim_guest_id(g));
}

const char *phx_sim_guest_pool(struct phx_sim *s, int64_t vmid)
{
	struct id_text id = id_text(vmid);
	const char *name;
	json_t *pool;

	json_object_foreach(phx_sim_all(s, "pool"), name, pool)
	{
		if (json_object_get(json_object_get(pool, "vms"), id.text) != NULL)
			return name;
	}
	return NULL;
}

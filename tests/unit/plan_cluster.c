/* Proxmox in memory, as far as plans call it: what the recordings show of each call's effect on configurations. The real
 * simulator speaks HTTP; this one lets a planner test apply thousands of plans. */
#include "model/normalise.h"
#include "plan_endpoint.h"
#include "plan_lab.h"

struct call {
	struct lab *l;
	const struct phx_action *a;
	struct phx_str rest; /* of the path after /nodes/N/KIND/ID */
	struct phx_live_guest *g;
	bool is_vm;
};

static struct phx_arena *arena(const struct call *c)
{
	return &c->l->w.arena;
}

static struct phx_str param(const struct call *c, const char *name)
{
	for (uint32_t i = 0; i < c->a->params.v.n; i++)
		if (phx_str_eqc(c->a->params.v.v[i].name, name))
			return c->a->params.v.v[i].value;
	return PHX_STR("");
}

static const struct phx_option *option(const struct call *c, struct phx_str key)
{
	struct phx_err err = {0};
	const struct phx_option_table *t =
		phx_options_table(c->l->w.options, c->is_vm ? PHX_OPTIONS_VM : PHX_OPTIONS_CONTAINER, &err);

	assert_non_null(t);
	return phx_option_find(t, key, NULL);
}

static struct phx_str keep(const struct call *c, struct phx_buf *b)
{
	struct phx_str s = phx_str_dup(arena(c), phx_buf_view(b));

	phx_buf_clear(b);
	return s;
}

static struct phx_live_guest *find(const struct call *c, uint64_t id)
{
	for (uint32_t i = 0; i < c->l->s->guests.n; i++)
		if (c->l->s->guests.v[i]->id == id)
			return c->l->s->guests.v[i];
	return NULL;
}

static struct phx_str raw(const struct phx_live_guest *g, struct phx_str key)
{
	for (uint32_t i = 0; i < g->config.n; i++)
		if (phx_str_eq(g->config.v[i].key, key))
			return g->config.v[i].value;
	return PHX_STR("");
}

/* `local:8,ssd=1` → `local:101/vm-101-disk-scsi0.raw,size=8G,ssd=1` */
static struct phx_str allocate(const struct call *c, struct phx_str key, struct phx_str value)
{
	struct phx_str rest = value, head, piece;
	struct phx_buf b = {0};
	double gib = 0;
	ptrdiff_t colon;
	struct phx_str what;

	if (!phx_str_cut(&rest, ',', &head))
		return value;
	colon = phx_str_chr(head, ':');
	what = phx_str_from(head, (size_t)colon + 1);
	if (colon <= 0 || !(phx_str_eqc(what, "cloudinit") || phx_parse_double(what, &gib)))
		return value;
	phx_buf_printf(&b, "%.*s:%llu/vm-%llu-%.*s.raw", (int)colon, head.ptr, (unsigned long long)c->g->id,
		       (unsigned long long)c->g->id, (int)key.len, key.ptr);
	if (phx_str_eqc(what, "cloudinit"))
		phx_buf_c(&b, ",media=cdrom");
	while (phx_str_cut(&rest, ',', &piece)) {
		if (phx_str_starts(piece, "import-from=")) {
			gib = 3; /* every image of these tests */
			continue;
		}
		if (!phx_str_starts(piece, "format=")) {
			phx_buf_ch(&b, ',');
			phx_buf_str(&b, piece);
		}
	}
	if (gib > 0) {
		phx_buf_c(&b, ",size=");
		phx_disk_size_print((uint64_t)(gib * (double)(1ull << 30)), &b);
	}
	what = keep(c, &b);
	phx_buf_done(&b);
	return what;
}

static struct phx_str patched(const struct call *c, struct phx_str key, struct phx_str live,
			      struct phx_str over)
{
	struct phx_buf b = {0};
	struct phx_str s;

	s = phx_option_patch(option(c, key), live, over, &b) ? keep(c, &b) : live;
	phx_buf_done(&b);
	return s;
}

static bool is_disk(const struct phx_option *o)
{
	return o && (o->flags & PHX_OPTION_DISK);
}

static struct phx_str stored(const struct call *c, struct phx_str key, struct phx_str value, bool create)
{
	const struct phx_option *o = option(c, key);
	struct phx_buf b = {0};

	if (!o)
		fail_msg("no option %.*s", (int)key.len, key.ptr);
	if (is_disk(o) || (o->flags & PHX_OPTION_NIC))
		value = is_disk(o) ? allocate(c, key, value) : value;
	phx_option_stored(c->is_vm ? PHX_OPTIONS_VM : PHX_OPTIONS_CONTAINER, o, value, create, &b);
	value = keep(c, &b);
	phx_buf_done(&b);
	return value;
}

static void detach(const struct call *c, struct phx_str key)
{
	struct phx_str value = raw(c->g, key), rest = value, volume;
	const struct phx_option *o = option(c, key);
	char name[16];

	if (!is_disk(o) || phx_str_starts(key, "unused") || !phx_str_cut(&rest, ',', &volume) ||
	    phx_str_chr(volume, ':') <= 0 || phx_str_find(value, PHX_STR("media=cdrom")) >= 0)
		return;
	for (unsigned i = 0;; i++) {
		snprintf(name, sizeof(name), "unused%u", i);
		if (!raw(c->g, phx_str_c(name)).len)
			break;
	}
	lab_put(c->l, c->g, phx_str_c(name), volume);
}

/* A running guest takes only what its options let it; the rest waits. */
static bool waits(const struct call *c, struct phx_str key)
{
	const struct phx_option *o = option(c, key);
	struct phx_str hotplug = raw(c->g, PHX_STR("hotplug"));

	if (!c->g->running || !o)
		return false;
	if (o->impact == PHX_IMPACT_RESTART)
		return true;
	if (o->impact != PHX_IMPACT_HOTPLUG)
		return false;
	if (phx_str_eqc(o->hotplug_class, "new"))
		return raw(c->g, key).len > 0;
	return phx_str_find(hotplug.len ? hotplug : PHX_STR("network,disk,usb"), o->hotplug_class) < 0;
}

static void set(const struct call *c, struct phx_str key, struct phx_str value, bool create)
{
	struct phx_live_pending p = {
		.key = key, .has_value = raw(c->g, key).len > 0, .value = raw(c->g, key)};

	if (value.len)
		value = stored(c, key, value, create);
	if (waits(c, key)) {
		for (uint32_t i = 0; i < c->g->pending.n; i++)
			if (phx_str_eq(c->g->pending.v[i].key, key))
				p.value = c->g->pending.v[i].value,
				p.has_value = c->g->pending.v[i].has_value,
				c->g->pending.v[i].key = PHX_STR("-");
		p.has_pending = value.len > 0;
		p.pending = value;
		p.del = !value.len;
		phx_vec_push(arena(c), &c->g->pending, p);
	} else {
		struct phx_str old = raw(c->g, key), rest = old, before, now_rest = value, now;

		if (old.len &&
		    (!value.len || (phx_str_cut(&rest, ',', &before) && phx_str_cut(&now_rest, ',', &now) &&
				    !phx_str_eq(before, now))))
			detach(c, key);
	}
	lab_put(c->l, c->g, key, value);
}

static bool is_config(struct phx_str name)
{
	static const char *const others[] = {"vmid",    "newid",    "pool",           "ostemplate",
					     "storage", "full",     "target",         "digest",
					     "delete",  "password", "ssh-public-keys"};

	for (size_t i = 0; i < PHX_COUNTOF(others); i++)
		if (phx_str_eqc(name, others[i]))
			return false;
	return true;
}

static void set_all(const struct call *c, bool create)
{
	struct phx_str rest = param(c, "delete"), key;

	for (uint32_t i = 0; i < c->a->params.v.n; i++) {
		struct phx_str name = c->a->params.v.v[i].name, value = c->a->params.v.v[i].value;
		struct phx_buf b = {0};

		if (!is_config(name))
			continue;
		if (value.len && value.ptr[0] == PHX_PLAN_VOLUME) {
			struct phx_str live = raw(c->g, name), all = live, volume;

			assert_true(c->a->later & PHX_LATER_VOLUME);
			assert_true(phx_str_cut(&all, ',', &volume));
			phx_buf_str(&b, volume);
			phx_buf_str(&b, phx_str_from(value, 1));
			value = keep(c, &b);
			value = patched(c, name, live, value);
		}
		phx_buf_done(&b);
		set(c, name, value, create);
	}
	while (rest.len && phx_str_cut(&rest, ',', &key))
		set(c, key, PHX_STR(""), false);
}

static void defaults(const struct call *c)
{
	if (c->is_vm) {
		lab_put(c->l, c->g, PHX_STR("smbios1"), PHX_STR("uuid=00000000-0000-0000-0000-000000000000"));
		if (!raw(c->g, PHX_STR("boot")).len)
			lab_put(c->l, c->g, PHX_STR("boot"), PHX_STR("order=scsi0"));
	} else {
		lab_put(c->l, c->g, PHX_STR("arch"), PHX_STR("amd64"));
	}
}

static struct phx_live_guest *add(const struct call *c, uint64_t id)
{
	struct phx_live_guest *g;

	if (find(c, id))
		fail_msg("guest %llu exists already", (unsigned long long)id);
	g = lab_raw(c->l, id, c->is_vm, false, "");
	g->pool = param(c, "pool");
	g->has_firewall = true;
	g->fw_digest = PHX_STR("0123456789012345678901234567890123456789");
	g->fw_rules_digest = g->fw_digest;
	return g;
}

static void create(struct call *c)
{
	uint64_t id;

	assert_true(phx_parse_u64(param(c, "vmid"), &id));
	c->g = add(c, id);
	set_all(c, true);
	defaults(c);
}

static struct phx_str on_storage(const struct call *c, struct phx_str storage, struct phx_str volume)
{
	return phx_str_printf(arena(c), PHX_STR_FMT PHX_STR_FMT, PHX_STR_ARG(storage),
			      PHX_STR_ARG(phx_str_from(volume, (size_t)phx_str_chr(volume, ':'))));
}

/* Volumes of the clone are its own, its MACs new. */
static void clone(struct call *c)
{
	const struct phx_live_guest *src = c->g;
	uint64_t id;

	assert_true(phx_parse_u64(param(c, "newid"), &id));
	c->g = add(c, id);
	for (uint32_t i = 0; i < src->config.n; i++) {
		struct phx_str key = src->config.v[i].key, value = src->config.v[i].value, rest = value,
			       volume;
		const struct phx_option *o = option(c, key);
		struct phx_buf b = {0};

		if (phx_str_eqc(key, "template") || phx_str_eqc(key, "description"))
			continue;
		if (is_disk(o) && phx_str_cut(&rest, ',', &volume) && phx_str_chr(volume, ':') > 0) {
			if (param(c, "storage").len)
				volume = on_storage(c, param(c, "storage"), volume);
			phx_buf_printf(&b, "%.*s:%s%llu/vm-%llu-%.*s.raw", (int)phx_str_chr(volume, ':'),
				       volume.ptr, phx_str_eqc(param(c, "full"), "0") ? "base-link/" : "",
				       (unsigned long long)id, (unsigned long long)id, (int)key.len, key.ptr);
			if (rest.ptr) {
				phx_buf_ch(&b, ',');
				phx_buf_str(&b, rest);
			}
			value = keep(c, &b);
		} else if (o && (o->flags & PHX_OPTION_NIC)) {
			value = patched(c, key, value,
					c->is_vm ? PHX_STR("macaddr=BC:24:11:00:00:01")
						 : PHX_STR("hwaddr=BC:24:11:00:00:01"));
		}
		phx_buf_done(&b);
		lab_put(c->l, c->g, key, value);
	}
	for (uint32_t i = 0; i < src->fw_options.n; i++)
		phx_vec_push(arena(c), &c->g->fw_options, src->fw_options.v[i]);
	for (uint32_t i = 0; i < src->fw_rules.n; i++)
		phx_vec_push(arena(c), &c->g->fw_rules, src->fw_rules.v[i]);
	set_all(c, true);
}

static void resize(struct call *c)
{
	struct phx_str key = param(c, "disk"), value = raw(c->g, key), rest = value, piece;
	struct phx_buf b = {0};
	uint64_t old = 0, new = 0;

	assert_true(value.len > 0);
	assert_true(phx_disk_size_parse(param(c, "size"), &new));
	while (phx_str_cut(&rest, ',', &piece)) {
		if (phx_str_starts(piece, "size=")) {
			assert_true(phx_disk_size_parse(phx_str_from(piece, 5), &old));
			piece = phx_str_printf(arena(c), "size=" PHX_STR_FMT, PHX_STR_ARG(param(c, "size")));
		}
		if (b.len)
			phx_buf_ch(&b, ',');
		phx_buf_str(&b, piece);
	}
	assert_true(new >= old); /* Proxmox never shrinks (150, 431) */
	assert_true(c->is_vm || new > old);
	lab_put(c->l, c->g, key, keep(c, &b));
	phx_buf_done(&b);
}

static void fw_options(struct call *c)
{
	for (uint32_t i = 0; i < c->a->params.v.n; i++) {
		struct phx_param x = c->a->params.v.v[i];
		uint32_t k = 0;

		assert_false(phx_str_eqc(x.name, "delete"));
		if (phx_str_eqc(x.name, "digest"))
			continue;
		while (k < c->g->fw_options.n && !phx_str_eq(c->g->fw_options.v[k].key, x.name))
			k++;
		if (k == c->g->fw_options.n)
			phx_vec_push(arena(c), &c->g->fw_options, ((struct phx_kv){x.name, x.value}));
		c->g->fw_options.v[k].value = x.value;
	}
}

static void fw_rules(struct call *c)
{
	uint32_t n = c->g->fw_rules.n;
	struct phx_live_rule r;
	uint64_t at = 0, to = 0;

	if (c->a->method == PHX_POST) {
		struct phx_live_rule fresh = {.rule = {.type = param(c, "type"),
						       .action = param(c, "action"),
						       .macro = param(c, "macro"),
						       .iface = param(c, "iface"),
						       .source = param(c, "source"),
						       .dest = param(c, "dest"),
						       .sport = param(c, "sport"),
						       .dport = param(c, "dport"),
						       .proto = param(c, "proto"),
						       .log = param(c, "log"),
						       .comment = param(c, "comment"),
						       .icmp_type = param(c, "icmp-type"),
						       .enable = phx_str_eqc(param(c, "enable"), "1")}};

		phx_vec_push(arena(c), &c->g->fw_rules, fresh); /* makes room */
		memmove(c->g->fw_rules.v + 1, c->g->fw_rules.v, n * sizeof(fresh));
		c->g->fw_rules.v[0] = fresh;
		return;
	}
	assert_true(phx_parse_u64(phx_str_from(c->rest, strlen("/firewall/rules/")), &at) && at < n);
	r = c->g->fw_rules.v[at];
	memmove(c->g->fw_rules.v + at, c->g->fw_rules.v + at + 1, (n - at - 1) * sizeof(r));
	c->g->fw_rules.n--;
	if (c->a->method == PHX_DELETE)
		return;
	/* `moveto`: before the rule that stood there (594, 595). */
	assert_true(phx_parse_u64(param(c, "moveto"), &to) && to <= n && to > at);
	to--;
	phx_vec_push(arena(c), &c->g->fw_rules, r);
	memmove(c->g->fw_rules.v + to + 1, c->g->fw_rules.v + to, (n - 1 - to) * sizeof(r));
	c->g->fw_rules.v[to] = r;
}

static void power(struct call *c, bool on)
{
	c->g->running = on;
	c->g->status = on ? PHX_STR("running") : PHX_STR("stopped");
	c->g->pending.n = 0;
}

static void to_template(struct call *c)
{
	assert_false(c->g->running);
	assert_int_equal(c->g->snapshots.n, 0);
	lab_put(c->l, c->g, PHX_STR("template"), PHX_STR("1"));
}

static void remove_guest(struct call *c)
{
	uint32_t i = 0;

	assert_false(c->g->running);
	assert_false(phx_str_eqc(raw(c->g, PHX_STR("protection")), "1"));
	while (c->l->s->guests.v[i] != c->g)
		i++;
	memmove(&c->l->s->guests.v[i], &c->l->s->guests.v[i + 1], (c->l->s->guests.n - i - 1) * sizeof(c->g));
	c->l->s->guests.n--;
}

static void move_disk(struct call *c)
{
	struct phx_str key = param(c, c->is_vm ? "disk" : "volume"), value = raw(c->g, key);
	ptrdiff_t colon = phx_str_chr(value, ':');

	assert_true(colon > 0);
	assert_true(c->is_vm || !c->g->running);
	lab_put(c->l, c->g, key,
		phx_str_printf(arena(c), PHX_STR_FMT PHX_STR_FMT, PHX_STR_ARG(param(c, "storage")),
			       PHX_STR_ARG(phx_str_from(value, (size_t)colon))));
}

static void guest_call(struct call *c)
{
	struct phx_str r = c->rest;

	if (c->a->method == PHX_DELETE && !r.len)
		remove_guest(c);
	else if (phx_str_eqc(r, "/clone"))
		clone(c);
	else if (phx_str_eqc(r, "/config"))
		set_all(c, false);
	else if (phx_str_eqc(r, "/resize"))
		resize(c);
	else if (phx_str_eqc(r, "/status/start"))
		power(c, true);
	else if (phx_str_eqc(r, "/status/shutdown"))
		power(c, false);
	else if (phx_str_eqc(r, "/template"))
		to_template(c);
	else if (phx_str_eqc(r, "/snapshot"))
		phx_vec_push(arena(c), &c->g->snapshots,
			     ((struct phx_live_snapshot){.name = param(c, "snapname")}));
	else if (phx_str_eqc(r, "/firewall/options"))
		fw_options(c);
	else if (phx_str_starts(r, "/firewall/rules"))
		fw_rules(c);
	else if (phx_str_eqc(r, "/migrate"))
		c->g->node = param(c, "target");
	else if (phx_str_eqc(r, "/move_disk") || phx_str_eqc(r, "/move_volume"))
		move_disk(c);
	else if (phx_str_eqc(r, "/unlink"))
		lab_put(c->l, c->g, param(c, "idlist"), PHX_STR(""));
	else
		fail_msg("no such call: %.*s", (int)c->a->path.len, c->a->path.ptr);
}

static void pools(struct call *c)
{
	struct phx_str id = param(c, "poolid");
	uint64_t vm;
	uint32_t i = 0;

	if (!id.len)
		id = phx_str_from(c->a->path, strlen("/pools/"));
	while (i < c->l->s->pools.n && !phx_str_eq(c->l->s->pools.v[i].id, id))
		i++;
	if (c->a->method == PHX_POST) {
		assert_int_equal(i, c->l->s->pools.n);
		phx_vec_push(arena(c), &c->l->s->pools,
			     ((struct phx_live_pool){.id = id,
						     .comment = param(c, "comment"),
						     .is_lock = phx_str_starts(id, "phx-lock-")}));
		return;
	}
	assert_true(i < c->l->s->pools.n);
	if (c->a->method == PHX_DELETE) {
		for (uint32_t k = 0; k < c->l->s->guests.n; k++)
			assert_false(phx_str_eq(c->l->s->guests.v[k]->pool, id));
		c->l->s->pools.v[i] = c->l->s->pools.v[--c->l->s->pools.n];
		return;
	}
	if (param(c, "vms").len) {
		assert_true(phx_parse_u64(param(c, "vms"), &vm));
		find(c, vm)->pool = id;
	} else {
		c->l->s->pools.v[i].comment = param(c, "comment");
	}
}

static void storage_call(struct call *c)
{
	struct phx_str name = param(c, "filename"), rest = c->a->path, id = PHX_STR(""), piece,
		       content = param(c, "content");

	if (phx_str_ends(c->a->path, "/aplinfo")) {
		id = param(c, "storage");
		name = param(c, "template");
		content = PHX_STR("vztmpl");
	} else {
		while (phx_str_cut(&rest, '/', &piece))
			if (phx_str_eqc(piece, "storage"))
				assert_true(phx_str_cut(&rest, '/', &id));
	}
	lab_volume(c->l,
		   phx_str_printf(arena(c), PHX_STR_FMT ":" PHX_STR_FMT "/" PHX_STR_FMT, PHX_STR_ARG(id),
				  PHX_STR_ARG(content), PHX_STR_ARG(name))
			   .ptr,
		   content.ptr);
}

/* /nodes/N/qemu/ID/rest */
static void node_call(struct call *c)
{
	struct phx_str rest = phx_str_from(c->a->path, strlen("/nodes/")), piece;
	uint64_t id;

	assert_true(phx_str_cut(&rest, '/', &piece) && phx_str_cut(&rest, '/', &piece));
	if (!phx_str_eqc(piece, "qemu") && !phx_str_eqc(piece, "lxc")) {
		storage_call(c);
		return;
	}
	c->is_vm = phx_str_eqc(piece, "qemu");
	if (!rest.ptr || !phx_str_cut(&rest, '/', &piece)) {
		create(c);
		return;
	}
	assert_true(phx_parse_u64(piece, &id));
	c->g = find(c, id);
	if (!c->g)
		fail_msg("no guest %llu for %.*s", (unsigned long long)id, (int)c->a->path.len,
			 c->a->path.ptr);
	c->rest = rest.ptr ? (struct phx_str){rest.ptr - 1, rest.len + 1} : PHX_STR("");
	guest_call(c);
}

/* `qm unlock ID`, `pct set ID --key value …`; of scripts only that they are whole. */
static void host(struct call *c)
{
	uint64_t id;

	if (phx_str_eqc(c->a->body->argv.v[0], "/bin/sh")) {
		const char *end = c->a->op == PHX_OP_HOST_STEP ? "export PHX_NFS=" : "\nphx_main \"$@\"";

		assert_true(phx_str_find(c->a->body->input, phx_str_c(end)) > 0);
		return;
	}
	c->is_vm = phx_str_eqc(c->a->body->argv.v[0], "qm");
	assert_true(phx_parse_u64(c->a->body->argv.v[2], &id));
	c->g = find(c, id);
	assert_non_null(c->g);
	if (phx_str_eqc(c->a->body->argv.v[1], "unlock")) {
		lab_put(c->l, c->g, PHX_STR("lock"), PHX_STR(""));
		return;
	}
	for (uint32_t i = 3; i + 1 < c->a->body->argv.n; i += 2)
		set(c, phx_str_from(c->a->body->argv.v[i], 2), c->a->body->argv.v[i + 1], false);
}

/* Every parameter of every call, as the genuine server checks them (endpoint tables). */
static void check(const struct call *c)
{
	const struct phx_params *v = &c->a->params;
	struct lab_param *list = PHX_NEW_N(arena(c), struct lab_param, v->v.n + 1);
	struct phx_str why;

	for (uint32_t i = 0; i < v->v.n; i++) {
		struct phx_str value = v->v.v[i].value;

		if (value.len && value.ptr[0] == PHX_PLAN_VOLUME)
			value = phx_str_printf(arena(c), "ssd:101/vm-101-disk-0.raw" PHX_STR_FMT,
					       PHX_STR_ARG(phx_str_from(value, 1)));
		list[i] = (struct lab_param){v->v.v[i].name, value};
	}
	if (!lab_call_fits(arena(c), phx_method_name(c->a->method), c->a->path, list, v->v.n, &why))
		fail_msg("Proxmox would refuse: %.*s", (int)why.len, why.ptr);
}

void lab_apply(struct lab *l, const struct phx_plan *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct call c = {.l = l, .a = p->actions.v[i]};

		for (uint32_t k = 0; k < c.a->needs.n; k++)
			assert_true(c.a->needs.v[k] < c.a->id);
		if (c.a->type == PHX_ACT_CALL)
			check(&c);
		if (c.a->type == PHX_ACT_HOST)
			host(&c);
		else if (c.a->type == PHX_ACT_CALL && phx_str_starts(c.a->path, "/pools"))
			pools(&c);
		else if (c.a->type == PHX_ACT_CALL)
			node_call(&c);
	}
	/* No call looks at what follows from configurations: to work that out after each would cost the square of the guests. */
	lab_settle(l);
}

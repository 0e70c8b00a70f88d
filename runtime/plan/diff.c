/* The comparison of one living guest with its declaration: only what is declared counts, and only what differs is sent. */
#include "plan/cloud_init.h"
#include "plan/lxc.h"

#include "plan/plan_step.h"

bool plan_ignored(const struct phx_guest *g, struct phx_str path)
{
	for (uint32_t i = 0; i < g->ignore.n; i++) {
		struct phx_str name = g->ignore.v[i];

		if (phx_str_eq(path, name))
			return true;
		if (path.len > name.len && path.ptr[name.len] == '.' &&
		    phx_str_eq(phx_str_slice(path, 0, name.len), name))
			return true;
	}
	return false;
}

struct phx_attr_change *plan_diff_attr(struct plan_diff *d, struct phx_str path, struct phx_str before,
				       struct phx_str after, struct phx_span span)
{
	struct phx_attr_change *a;

	if (!d->c)
		d->c = plan_change(d->p, d->it, PHX_CH_UPDATE, PHX_STR(""));
	a = plan_attr(d->p, d->c, path, phx_span_known(span) ? span : d->it->span);
	a->before = before;
	a->after = after;
	a->has_before = before.len > 0;
	a->has_after = after.len > 0;
	return a;
}

struct plan_entry *plan_diff_set(struct plan_diff *d, struct phx_str key, struct phx_str value)
{
	phx_vec_push(d->p->arena, &d->u->config, ((struct plan_entry){.key = key, .value = value}));
	return &d->u->config.v[d->u->config.n - 1];
}

void plan_diff_remove(struct plan_diff *d, struct phx_str key)
{
	struct plan_entry *e = plan_diff_set(d, key, PHX_STR(""));

	e->remove = true;
	e->root = plan_root_removes(key);
}

struct phx_str plan_value_now(const struct phx_live_guest *live, struct phx_str key, bool *out_pending)
{
	*out_pending = false;
	for (uint32_t i = 0; i < live->pending.n; i++) {
		const struct phx_live_pending *x = &live->pending.v[i];

		if (!phx_str_eq(x->key, key) || (!x->has_pending && !x->del))
			continue;
		*out_pending = true;
		return x->has_value ? x->value : PHX_STR("");
	}
	return phx_live_value(live, key);
}

/* Is a class in the guest's `hotplug` option? Its default, and what `1` stands for, is network, disk and usb. */
static bool hotplugs(const struct phx_live_guest *live, struct phx_str what)
{
	struct phx_str rest = phx_live_value(live, PHX_STR("hotplug")), piece;

	if (!rest.len || phx_str_eqc(rest, "1"))
		rest = PHX_STR("network,disk,usb");
	while (phx_str_cut(&rest, ',', &piece))
		if (phx_str_eq(phx_str_trim(piece), what))
			return true;
	return false;
}

/* From Proxmox's own hot-plug rules, key by key where it is a device. */
static enum phx_effect effect_of(const struct plan_diff *d, const struct phx_option *o, struct phx_str key,
				 struct phx_str now, struct phx_str wanted, struct phx_str *out_reason)
{
	struct phx_str class = PHX_STR("");

	*out_reason = PHX_STR("");
	switch (phx_option_change_impact(o, now, wanted, &class)) {
	case PHX_IMPACT_LIVE:
		if (!phx_str_eqc(o->hotplug_class, "cloudinit") || hotplugs(d->live, o->hotplug_class))
			return PHX_EFFECT_LIVE;
		*out_reason = PHX_STR(
			"the guest sees it at its next start, when cloud-init runs as for a new instance");
		return PHX_EFFECT_PENDING;
	case PHX_IMPACT_HOTPLUG:
		if (phx_str_eqc(class, "new") ? !now.len : hotplugs(d->live, class))
			return PHX_EFFECT_LIVE;
		if (phx_str_eqc(class, "new"))
			*out_reason = plan_text(d->p, PHX_STR("a running container's "), key,
						PHX_STR(" cannot be changed"));
		else
			*out_reason =
				plan_text(d->p, PHX_STR("its `hotplug` option does not include "), class);
		return PHX_EFFECT_RESTART;
	case PHX_IMPACT_RESTART:
		*out_reason = plan_text(d->p, PHX_STR("Proxmox cannot change "), key,
					PHX_STR(" like this while the guest runs"));
		return PHX_EFFECT_RESTART;
	case PHX_IMPACT_OFFLINE:
		*out_reason = plan_text(d->p, key, PHX_STR(" needs the guest stopped"));
		return PHX_EFFECT_OFFLINE;
	}
	return PHX_EFFECT_RESTART;
}

void plan_diff_worse(struct plan_diff *d, struct phx_attr_change *a, enum phx_effect e)
{
	a->impact = (uint8_t)e;
	if (e > d->u->effect)
		d->u->effect = (uint8_t)e;
}

static void worse(struct plan_diff *d, struct phx_attr_change *a, enum phx_effect e)
{
	plan_diff_worse(d, a, e);
	d->u->restart = d->u->restart || e == PHX_EFFECT_RESTART;
	d->u->offline = d->u->offline || e == PHX_EFFECT_OFFLINE;
}

void plan_diff_effect(struct plan_diff *d, struct phx_attr_change *a, const struct phx_option *o,
		      struct phx_str key, struct phx_str wanted)
{
	bool pending;
	struct phx_str now = plan_value_now(d->live, key, &pending);

	if (!d->live->running || !o) {
		worse(d, a, PHX_EFFECT_LIVE);
		return;
	}
	if (pending && phx_option_equal(o, now, wanted)) {
		a->reason = PHX_STR("takes back what is pending");
		worse(d, a, PHX_EFFECT_LIVE);
		return;
	}
	worse(d, a, effect_of(d, o, key, now, wanted, &a->reason));
}

void plan_diff_pending(struct plan_diff *d, struct phx_str path, const struct phx_option *o,
		       struct phx_str key, struct phx_str now, struct phx_str wanted, struct phx_span span)
{
	struct phx_attr_change *a = plan_diff_attr(d, path, plan_value_text(d->p, o, now),
						   plan_value_text(d->p, o, wanted), span);

	(void)key;
	a->pending = true;
	a->reason = PHX_STR("set already, and waits for a restart");
	worse(d, a, PHX_EFFECT_RESTART);
}

/* What the language calls a key of a property string. */
static const char *attribute_of(struct phx_str key)
{
	static const char *const names[][2] = {
		{"tag", "vlan"},     {"hwaddr", "mac"},           {"macaddr", "mac"},
		{"cputype", "type"}, {"mountoptions", "options"}, {"ro", "readonly"}};

	for (size_t i = 0; i < PHX_COUNTOF(names); i++)
		if (phx_str_eqc(key, names[i][0]))
			return names[i][1];
	return NULL;
}

/* The whole value after `over` is laid over `before`. */
static struct phx_str laid(struct plan_diff *d, const struct phx_option *o, struct phx_str before,
			   struct phx_str over)
{
	if (!before.len)
		return over;
	phx_buf_clear(&d->p->more);
	return phx_option_patch(o, before, over, &d->p->more) ? plan_keep(d->p, &d->p->more) : before;
}

/* One key of a property string. A lone value (`memory = 2048`), and a path that names the key already (`agent.enabled`),
 * need no key behind them. */
static struct phx_str prop_path(struct plan_diff *d, struct phx_str path, const struct phx_option *key,
				bool lone)
{
	const char *name = attribute_of(key->name);
	struct phx_str last = name ? phx_str_c(name) : key->name;

	if (lone || (path.len > last.len && path.ptr[path.len - last.len - 1] == '.' &&
		     phx_str_eq(phx_str_from(path, path.len - last.len), last)))
		return path;
	if (phx_str_eq(path, last)) /* `nesting` is the attribute and the key */
		return path;
	return plan_text(d->p, path, PHX_STR("."), last);
}

static bool diff_prop(struct plan_diff *d, struct phx_str path, const struct phx_option *o,
		      struct phx_str key, struct phx_str before, const struct phx_prop *want,
		      const struct phx_propstring *old, bool lone, struct phx_span span)
{
	const struct phx_option *shown = lone && o->unit ? o : want->key;
	struct phx_str have = PHX_STR("");
	struct phx_attr_change *a;

	for (uint32_t k = 0; k < old->n; k++)
		if (old->props[k].key == want->key)
			have = old->props[k].value;
	if (want->key->canon == PHX_CANON_VOLUME || phx_option_equal(want->key, have, want->value))
		return false;
	if (have.len == 0 && want->key->has_default)
		have = want->key->defaults;
	a = plan_diff_attr(d, prop_path(d, path, want->key, lone), plan_value_text(d->p, shown, have),
			   plan_value_text(d->p, shown, want->value), span);
	/* One key may be live while another waits for a restart. */
	plan_diff_effect(d, a, o, key,
			 laid(d, o, before, plan_text(d->p, want->key->name, PHX_STR("="), want->value)));
	return true;
}

void plan_diff_props(struct plan_diff *d, struct phx_str path, const struct phx_option *o, struct phx_str key,
		     struct phx_str before, struct phx_str wanted, struct phx_span span)
{
	struct phx_propstring *old = PHX_NEW(d->p->arena, struct phx_propstring);
	struct phx_propstring *new = PHX_NEW(d->p->arena, struct phx_propstring);
	bool lone = phx_str_chr(wanted, '=') < 0;
	uint32_t shown = 0;

	if (o->keys && phx_propstring_parse(o, key, before, old, NULL) &&
	    phx_propstring_parse(o, key, wanted, new, NULL))
		for (uint32_t i = 0; i < new->n; i++)
			shown += diff_prop(d, path, o, key, before, &new->props[i], old, lone, span);
	if (shown == 0)
		plan_diff_effect(d, plan_diff_attr(d, path, before, wanted, span), o, key,
				 laid(d, o, before, wanted));
}

static void hidden(struct plan_diff *d, const struct phx_setting *s)
{
	struct phx_str fact = plan_text(d->p, PHX_STR("hash:"), s->key);
	struct phx_str hash = plan_secret_hash(d->p, d->it, s->key, s->value);
	struct phx_str known =
		d->live->has_marker ? phx_marker_fact(&d->live->marker, fact.ptr) : PHX_STR("");
	struct phx_attr_change *a;

	if (phx_str_eq(known, hash))
		return;
	if (s->option && (s->option->flags & PHX_OPTION_CREATE_ONLY)) {
		struct phx_diag *diag;

		if (!known.len || plan_reaches_inside(d->p, d->it)) /* a step inside (plan_work_setting) */
			return;
		diag = phx_diag_add(d->p->bag, PHX0624, s->span,
				    "`" PHX_STR_FMT "` of `" PHX_STR_FMT
				    "` differs from what it was made with",
				    PHX_STR_ARG(s->path), PHX_STR_ARG(d->it->address));
		phx_diag_note(
			d->p->bag, diag,
			"Proxmox sets it when a container is made; later it is changed inside, which takes a "
			"host channel: `ssh { }` in the cluster block");
		return;
	}
	a = plan_diff_attr(d, s->path, PHX_STR(""), PHX_STR(""), s->span);
	a->sensitive = a->has_after = true;
	a->has_before = known.len > 0 || phx_live_value(d->live, s->key).len > 0;
	plan_diff_effect(d, a, s->option, s->key, s->value);
	plan_diff_set(d, s->key, plan_sent_value(d->p, d->it, s))->secret = true;
}

static bool fixed(struct plan_diff *d, const struct phx_setting *s, struct phx_str have)
{
	struct phx_diag *diag;

	if (!s->option || !(s->option->flags & PHX_OPTION_READ_ONLY))
		return false;
	if (phx_str_eqc(s->key, "unprivileged")) {
		plan_want_replace(d->p, d->it, s->span,
				  plan_text(d->p, PHX_STR("unprivileged "),
					    plan_value_text(d->p, s->option, have.len ? have : PHX_STR("0")),
					    PHX_STR(" → "), plan_value_text(d->p, s->option, s->value)));
		return true;
	}
	diag = phx_diag_add(d->p->bag, PHX0620, s->span,
			    "`" PHX_STR_FMT "` of `" PHX_STR_FMT "` cannot be changed any more",
			    PHX_STR_ARG(s->path), PHX_STR_ARG(d->it->address));
	phx_diag_note(d->p->bag, diag, "it is `" PHX_STR_FMT "`", PHX_STR_ARG(have));
	phx_diag_help(d->p->bag, diag,
		      "take it out of the configuration, or ignore it: lifecycle { ignore = [\"" PHX_STR_FMT
		      "\"] }",
		      PHX_STR_ARG(s->path));
	return true;
}

/* *out_sent: what makes it equal. What an absent option means is its default. */
static bool differs(struct plan_diff *d, const struct phx_setting *s, struct phx_str have,
		    struct phx_str *out_sent)
{
	bool differ;

	*out_sent = s->value;
	if (!have.len || !s->option->keys)
		return !phx_option_equal(s->option, have, s->value);
	phx_buf_clear(&d->p->more);
	differ = phx_option_patch(s->option, have, s->value, &d->p->more);
	if (differ)
		*out_sent = plan_keep(d->p, &d->p->more);
	return differ;
}

static void change_setting(struct plan_diff *d, const struct phx_setting *s, struct phx_str have,
			   struct phx_str sent)
{
	struct phx_attr_change *a;
	struct plan_entry *e;

	if (s->option->keys) {
		plan_diff_props(d, s->path, s->option, s->key, have, s->value, s->span);
	} else {
		a = plan_diff_attr(d, s->path,
				   plan_value_text(d->p, s->option, have.len ? have : s->option->defaults),
				   plan_value_text(d->p, s->option, s->value), s->span);
		plan_diff_effect(d, a, s->option, s->key, s->value);
	}
	e = plan_diff_set(d, s->key, sent);
	e->root = plan_root_only(d->it, s->option, s->key, sent);
}

static void setting(struct plan_diff *d, const struct phx_setting *s)
{
	struct phx_str have = phx_live_value(d->live, s->key);
	struct phx_str now, sent;
	bool pending;

	if (!s->option || (s->option->flags & PHX_OPTION_CREATE_ONLY))
		return;
	if (s->unset) {
		if (!have.len || !plan_takes_away(s) || phx_option_equal(s->option, have, PHX_STR("")))
			return;
		plan_diff_effect(d,
				 plan_diff_attr(d, s->path, plan_value_text(d->p, s->option, have),
						PHX_STR(""), s->span),
				 s->option, s->key, PHX_STR(""));
		plan_diff_remove(d, s->key);
		return;
	}
	if (differs(d, s, have, &sent)) {
		if (!fixed(d, s, have))
			change_setting(d, s, have, sent);
		return;
	}
	/* An interrupted creation ends as it would have ended: what is declared stands there, be it the default. */
	if (d->it->finish && !have.len && s->value.len && !(s->option->flags & PHX_OPTION_READ_ONLY)) {
		plan_diff_set(d, s->key, sent)->root = plan_root_only(d->it, s->option, s->key, sent);
		return;
	}
	now = plan_value_now(d->live, s->key, &pending);
	phx_buf_clear(&d->p->more);
	if (pending && d->live->running && phx_option_patch(s->option, now, s->value, &d->p->more))
		plan_diff_pending(d, s->path, s->option, s->key, now, s->value, s->span);
}

/* What Proxmox copied from the source and the language does not hand on; see plan_not_inherited. */
static void inherited(struct plan_diff *d)
{
	for (uint32_t i = 0; plan_not_inherited[i]; i++) {
		struct phx_str key = phx_str_c(plan_not_inherited[i]);
		struct phx_str have = phx_live_value(d->live, key);
		const struct phx_option *o = plan_option(d->p, d->live->is_vm, key);

		if (!have.len || !o || plan_says(d->g, key) || phx_option_equal(o, have, PHX_STR("")))
			continue;
		plan_diff_effect(
			d, plan_diff_attr(d, key, plan_value_text(d->p, o, have), PHX_STR(""), d->it->span),
			o, key, PHX_STR(""));
		plan_diff_remove(d, key);
	}
}

void plan_diff_settings(struct plan_diff *d)
{
	if (d->it->finish && d->g->source)
		inherited(d);
	for (uint32_t i = 0; i < d->g->settings.n; i++) {
		const struct phx_setting *s = &d->g->settings.v[i];

		if (s->origin == PHX_FROM_SOURCE || plan_ignored(d->g, s->path) ||
		    (d->it->ci && phx_str_eqc(s->key, "cicustom")))
			continue;
		if (plan_setting_is_hidden(s) && !s->unset)
			hidden(d, s);
		else
			setting(d, s);
	}
}

/* Fills it->update and it->change; neither when nothing differs. */
void plan_compare(struct plan *p, struct plan_item *it)
{
	struct plan_update found = {0};
	struct plan_diff d = {.p = p, .it = it, .g = it->guest, .live = it->live, .u = &found};

	plan_settle_volumes(p, it);
	plan_settle_nics(p, it);
	plan_build_works(p, it);
	plan_diff_identity(&d);
	plan_ci_settle(p, it, false);
	plan_diff_settings(&d);
	plan_diff_cloud_init(&d);
	plan_diff_lxc(&d);
	plan_diff_directories(&d);
	plan_diff_volumes(&d);
	plan_diff_nics(&d);
	plan_diff_firewall(&d);
	plan_diff_state(&d);
	plan_diff_steps(&d);
	if (it->finish && !d.c)
		d.c = plan_change(p, it, PHX_CH_UPDATE, PHX_STR(""));
	if (!d.c)
		return;
	if (it->finish)
		d.c->reason = PHX_STR("its creation was interrupted and goes on");
	plan_tell_drift(p, it, d.c);
	/* What is written is remembered, with the write that there is anyway, or where it was remembered before. */
	if (!found.description.len && (found.config.n || it->set_moved))
		found.description = plan_description(p, it, it->finish ? PLAN_MARK_BUILDING : PLAN_MARK_NOW);
	/* Most guests are as declared: only the others are remembered. */
	it->update = PHX_NEW(p->arena, struct plan_update);
	*it->update = found;
	d.c->impact = found.effect;
	if (found.migrate_to.len)
		d.c->action = it->action = PHX_CH_MIGRATE;
}

/* A guest's own facts and the options that stand for one attribute each. */
#include <string.h>

#include "model/check_priv.h"
#include "model/graph_priv.h"

/* --- blocks of single options --- */

static void lower_startup(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "startup");
	static const char *const keys[] = {"order", "up", "down"};
	static const char *const paths[] = {"startup.order", "startup.up", "startup.down"};
	struct phx_prop_set set;
	const struct phx_value *order = phx_eff_get(blk, "order");
	struct phx_buf text = {0};

	if (!blk || !phx_gb_option(l, "startup"))
		return;
	phx_props_init(&set, phx_gb_option(l, "startup"), PHX_STR("startup"));
	for (size_t i = 0; i < PHX_COUNTOF(keys); i++) {
		const struct phx_value *v = phx_eff_get(blk, keys[i]);

		if (v && v->kind == PHX_V_INT && v->i < 0) {
			phx_diag_add(l->b->bag, PHX0422, v->span, "`%s` cannot be negative", paths[i]);
			continue;
		}
		phx_props_attr(l->b, &set, phx_eff_attr(blk, keys[i]), phx_str_c(keys[i]), paths[i]);
	}
	if (order && order->kind == PHX_V_INT && order->i >= 0) {
		l->g->has_boot_order = true;
		l->g->boot_order = (uint64_t)order->i;
	}
	if (set.any) {
		/* Proxmox's own order of the keys, and with the first key written out: it stores the text as sent (130). */
		for (size_t i = 0; i < PHX_COUNTOF(keys); i++) {
			struct phx_str v = phx_propstring_value(&set.props, keys[i]);

			if (v.len > 0)
				phx_buf_printf(&text, "%s%s=" PHX_STR_FMT, text.len > 0 ? "," : "", keys[i],
					       PHX_STR_ARG(v));
		}
		phx_lower_add(l->b, set.key, set.option, phx_str_dup(l->b->arena, phx_buf_view(&text)),
			      PHX_STR("startup"), blk->span, set.origin);
	}
	phx_buf_done(&text);
}

static void add_props(struct phx_lower *l, struct phx_prop_set *set, const char *path, struct phx_span span)
{
	struct phx_buf text = {0};

	if (!set->any)
		return;
	phx_propstring_print(set->option, &set->props, &text);
	phx_lower_add(l->b, set->key, set->option, phx_str_dup(l->b->arena, phx_buf_view(&text)),
		      phx_str_c(path), span, set->origin);
	phx_buf_done(&text);
}

static bool is_model_name(struct phx_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (!letter && c != '-' && c != '_' && c != '.')
			return false;
	}
	return name.len > 0;
}

/* Which models there are hangs on the version, and on cpu-models.conf of the cluster. */
static void check_cpu_model(struct phx_lower *l, const struct phx_eff_attr *ea)
{
	const struct phx_value *v = ea ? &ea->a->value : NULL;
	const struct phx_option *o = phx_option_key(phx_gb_option(l, "cpu"), PHX_STR("cputype"));
	struct phx_diag *d;

	if (!v || !phx_known(v) || v->kind != PHX_V_STRING || ea->origin == PHX_FROM_SOURCE)
		return;
	if (!is_model_name(v->s)) {
		phx_diag_add(l->b->bag, PHX0422, v->span, "`" PHX_STR_FMT "` is no name of a processor",
			     PHX_STR_ARG(v->s));
		return;
	}
	if (!o || phx_str_starts(v->s, "custom-") || phx_format_word(o, v->s))
		return;
	d = phx_diag_add(l->b->bag, PHX0449, v->span, "Proxmox has no processor model `" PHX_STR_FMT "`",
			 PHX_STR_ARG(v->s));
	phx_diag_suggest(l->b->bag, d, (struct phx_span){0}, v->s, o->words, o->nwords);
	phx_diag_note(l->b->bag, d,
		      "as far as phx knows them; one of your own (/etc/pve/virtual-guest/cpu-models.conf) is "
		      "`custom-NAME`");
}

static bool is_empty_list(const struct phx_eff_attr *ea)
{
	return ea && phx_known(&ea->a->value) && ea->a->value.kind == PHX_V_LIST && !ea->a->value.list.n;
}

static void lower_cpu(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "cpu");
	struct phx_prop_set set;

	if (!blk || !phx_gb_option(l, "cpu"))
		return;
	phx_props_init(&set, phx_gb_option(l, "cpu"), PHX_STR("cpu"));
	phx_lower_single(l, blk, "sockets", "cpu.sockets");
	phx_lower_single(l, blk, "numa", "cpu.numa");
	check_cpu_model(l, phx_eff_attr(blk, "type"));
	if (!is_empty_list(phx_eff_attr(blk, "flags")))
		phx_props_attr(l->b, &set, phx_eff_attr(blk, "flags"), PHX_STR("flags"), "cpu.flags");
	/* Flags alone: the type is then Proxmox's default, which its format wants to see. */
	if (!phx_props_attr(l->b, &set, phx_eff_attr(blk, "type"), PHX_STR("cputype"), "cpu.type") &&
	    set.any) {
		const struct phx_option *type = phx_option_key(set.option, PHX_STR("cputype"));

		phx_props_add(l->b, &set, PHX_STR("cputype"),
			      type && type->has_default ? type->defaults : PHX_STR("kvm64"),
			      PHX_STR("cpu.type"), blk->span, set.origin);
	}
	add_props(l, &set, "cpu", blk->span);
}

/* The guest agent is expected of a VM made from an image, unless it says otherwise: every wait for "ready" and every
 * step inside the VM needs it, and the cloud images that lack it get it at the first boot. */
static void lower_agent(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "agent");
	const struct phx_option *option = phx_gb_option(l, "agent");
	struct phx_str key = PHX_STR("agent");
	const struct phx_eff_attr *enabled = phx_eff_attr(blk, "enabled");
	const struct phx_value *timeout = phx_eff_get(blk, "timeout");

	if (timeout && timeout->kind == PHX_V_DURATION)
		l->g->timeouts.agent_ms = (uint64_t)timeout->i;
	if (!option)
		return;
	if (enabled && !phx_is_null(&enabled->a->value)) {
		const struct phx_value *v = &enabled->a->value;

		l->g->agent = phx_known(v) && v->b;
		if (phx_known(v))
			phx_lower_add(l->b, key, option, v->b ? PHX_STR("enabled=1") : PHX_STR("enabled=0"),
				      PHX_STR("agent.enabled"), v->span, enabled->origin);
	} else if (!enabled && l->g->source) {
		const struct phx_setting *s = phx_guest_setting(l->g->source, key);

		l->g->agent = l->g->source->agent;
		if (s)
			phx_lower_add(l->b, key, option, s->value, s->path, s->span, PHX_FROM_SOURCE);
	} else if (!enabled && l->node->image_declared) {
		l->g->agent = true;
		phx_lower_add(l->b, key, option, PHX_STR("enabled=1"), PHX_STR("agent.enabled"),
			      l->node->decl->span, PHX_FROM_SELF);
	}
}

/* --- lifecycle, timeouts --- */

static void lower_lifecycle(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "lifecycle");
	const struct phx_value *replace = phx_eff_get(blk, "replace"), *ignore = phx_eff_get(blk, "ignore");

	if (!blk)
		return;
	l->g->lifecycle_span = replace ? replace->span : blk->span;
	l->g->replace_allowed = replace && phx_str_eqc(replace->s, "allow");
	if (ignore && ignore->kind == PHX_V_STRING)
		phx_vec_push(l->b->arena, &l->g->ignore, ignore->s);
	for (uint32_t i = 0; ignore && ignore->kind == PHX_V_LIST && i < ignore->list.n; i++) {
		if (phx_known(&ignore->list.v[i]) && ignore->list.v[i].kind == PHX_V_STRING)
			phx_vec_push(l->b->arena, &l->g->ignore, ignore->list.v[i].s);
	}
}

static void timeout(struct phx_lower *l, const struct phx_eff_block *blk, const char *name, uint64_t *out)
{
	const struct phx_value *v = phx_eff_get(blk, name);

	if (!v || v->kind != PHX_V_DURATION)
		return;
	if (v->i <= 0) {
		phx_diag_add(l->b->bag, PHX0425, v->span,
			     "`timeouts.%s` cannot be zero: nothing could ever be done in time", name);
		return;
	}
	*out = (uint64_t)v->i;
}

/* Deadlines for one action each. An agent gets 300 s (as architecture.md says), an import or a full clone of a large disk
 * half an hour, a feature the 30 minutes that installing GPU software takes. */
static void lower_timeouts(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "timeouts");
	struct phx_timeouts *t = &l->g->timeouts;

	*t = (struct phx_timeouts){
		.create_ms = 1800000,
		.clone_ms = 1800000,
		.start_ms = 120000,
		.agent_ms = 300000,
		.cloud_init_ms = 600000,
		.feature_ms = 1800000,
		.stop_ms = 180000,
	};
	if (!blk)
		return;
	timeout(l, blk, "create", &t->create_ms);
	timeout(l, blk, "clone", &t->clone_ms);
	timeout(l, blk, "start", &t->start_ms);
	timeout(l, blk, "agent", &t->agent_ms);
	timeout(l, blk, "cloud_init", &t->cloud_init_ms);
	timeout(l, blk, "feature", &t->feature_ms);
	t->feature_said = phx_eff_get(blk, "feature") != NULL;
	timeout(l, blk, "stop", &t->stop_ms);
}

/* --- snapshots --- */

static bool snapshot_name_ok(struct phx_str s)
{
	if (s.len < 2 || s.len > 40 || phx_str_eqc(s, "current"))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!letter && (i == 0 || ((c < '0' || c > '9') && c != '_' && c != '-')))
			return false;
	}
	return true;
}

static void lower_snapshots(struct phx_lower *l)
{
	for (uint32_t i = 0; i < l->eff->blocks.n; i++) {
		const struct phx_eff_block *blk = l->eff->blocks.v[i];
		const struct phx_value *text = phx_eff_get(blk, "description"),
				       *vmstate = phx_eff_get(blk, "vmstate");
		struct phx_snapshot_decl s = {.name = blk->label, .span = blk->span};
		uint32_t at;

		if (!phx_same(blk->spec->name, "snapshot"))
			continue;
		if (!snapshot_name_ok(blk->label)) {
			struct phx_diag *d = phx_diag_add(l->b->bag, PHX0441, blk->span,
							  "a snapshot cannot be called `" PHX_STR_FMT "`",
							  PHX_STR_ARG(blk->label));

			phx_diag_note(l->b->bag, d,
				      "its name has 2 to 40 characters, begins with a letter and goes on "
				      "with letters, "
				      "digits, `_` and `-`; `current` is Proxmox's own");
			continue;
		}
		s.description = text && text->kind == PHX_V_STRING ? text->s : PHX_STR("");
		s.vmstate = vmstate && vmstate->kind == PHX_V_BOOL && vmstate->b;
		phx_vec_push(l->b->arena, &l->g->snapshots, s);
		for (at = l->g->snapshots.n - 1;
		     at > 0 && phx_str_cmp(l->g->snapshots.v[at - 1].name, s.name) > 0; at--)
			l->g->snapshots.v[at] = l->g->snapshots.v[at - 1];
		l->g->snapshots.v[at] = s;
	}
}

/* --- all of it --- */

static void lower_ostemplate(struct phx_lower *l)
{
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_OSTEMPLATE);
	const struct phx_image *image = NULL;

	if (!v)
		return;
	if (v->kind == PHX_V_STRING) {
		l->g->ostemplate = v->s;
		if (phx_lower_check(l->b, phx_gb_option(l, "ostemplate"), PHX_STR("ostemplate"), v->s,
				    PHX_STR("ostemplate"), v->span, true))
			phx_volume_named(l, v->s, PHX_STR("ostemplate"), v->span);
		return;
	}
	for (uint32_t i = 0; i < l->node->needs.n; i++) {
		if (l->node->needs.v[i].to->kind == PHX_KIND_IMAGE &&
		    phx_str_eqc(l->node->needs.v[i].why, "ostemplate"))
			image = (const struct phx_image *)l->node->needs.v[i].to;
	}
	if (!image)
		return;
	l->g->ostemplate =
		image->volume.len > 0
			? image->volume
			: phx_str_printf(l->b->arena, PHX_STR_FMT ":vztmpl/" PHX_STR_FMT,
					 PHX_STR_ARG(image->storage), PHX_STR_ARG(image->filename));
}

/* Proxmox cannot change `unprivileged` after creation: a clone is what its source is. What the clone itself says must
 * agree; a default gives way. In imported JSON the wrong word, which Phoenix's own scripts never got applied, is told
 * and left out. */
static void lower_unprivileged(struct phx_lower *l)
{
	const struct phx_eff_attr *ea = &l->eff->at[PHX_GA_UNPRIVILEGED];
	const struct phx_setting *source =
		l->g->source ? phx_guest_setting(l->g->source, PHX_STR("unprivileged")) : NULL;
	bool on = source && phx_str_eqc(source->value, "1"), json = l->node->decl->from_json;
	struct phx_diag *d;

	if (!l->g->source || !ea->a) {
		phx_lower_simple(l, PHX_GA_UNPRIVILEGED);
		return;
	}
	if (ea->origin == PHX_FROM_SELF && phx_known(&ea->a->value) && ea->a->value.b != on) {
		d = phx_diag_add(l->b->bag, json ? PHX0446 : PHX0421, ea->a->value.span,
				 "a clone is as privileged as its source, `" PHX_STR_FMT "`",
				 PHX_STR_ARG(l->g->source->r.address));
		phx_diag_label(l->b->bag, d, source ? source->span : l->g->source->r.span, "the source is %s",
			       on ? "unprivileged" : "privileged, which is Proxmox's default");
		phx_diag_note(l->b->bag, d,
			      json ? "the clone stays like its source"
				   : "Proxmox cannot change `unprivileged` after creation");
	}
	if (source)
		phx_lower_add(l->b, source->key, source->option, source->value, source->path, source->span,
			      PHX_FROM_SOURCE);
}

static void simple_settings(struct phx_lower *l)
{
	static const enum phx_guest_attr common[] = {PHX_GA_CORES, PHX_GA_MEMORY, PHX_GA_ON_BOOT,
						     PHX_GA_PROTECT};
	for (size_t i = 0; i < PHX_COUNTOF(common); i++)
		phx_lower_simple(l, common[i]);
	if (l->g->is_vm) {
		phx_lower_simple(l, PHX_GA_BIOS);
		phx_lower_simple(l, PHX_GA_MACHINE);
	} else {
		phx_lower_simple(l, PHX_GA_SWAP);
		lower_unprivileged(l);
	}
}

void phx_lower_guest(struct phx_lower *l)
{
	const struct phx_eff_block *dns = phx_eff_child(l->eff, "dns");

	phx_lower_identity(l);
	lower_timeouts(l);
	simple_settings(l);
	phx_lower_single(l, dns, "servers", "dns.servers");
	phx_lower_single(l, dns, "search", "dns.search");
	lower_startup(l);
	if (l->g->is_vm) {
		lower_cpu(l);
		lower_agent(l);
	} else {
		lower_ostemplate(l);
	}
	lower_lifecycle(l);
	lower_snapshots(l);
	phx_lower_options(l);
	phx_lower_devices(l);
	phx_lower_firewall(l);
	phx_lower_networks(l);
	if (l->g->is_vm) {
		phx_lower_disks(l);
		phx_lower_cloud_init(l);
	} else {
		phx_lower_mounts(l);
		phx_lower_lxc(l);
	}
	phx_lower_steps(l);
	phx_check_guest(l);
}

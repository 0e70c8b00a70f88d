/* A guest's own facts and the options that stand for one attribute each. */
#include <string.h>
#include <strings.h>

#include "model/graph_priv.h"

/* --- name, place, kind --- */

bool phx_is_host_name(struct phx_str name)
{
	size_t label = 0;

	if (name.len == 0 || name.len > 253)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		bool last = i + 1 == name.len || name.ptr[i + 1] == '.';

		if (c == '.' && label > 0) {
			label = 0;
			continue;
		}
		if ((!alnum && c != '-') || (c == '-' && (label == 0 || last)) || ++label > 63)
			return false;
	}
	return label > 0;
}

/* The nearest host name: other characters become `-`, and none stands at an end. */
static struct phx_str host_name_for(struct phx_arena *a, struct phx_str name)
{
	struct phx_str out = phx_str_dup(a, name);
	char *text = phx_arena_alloc(a, name.len + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < out.len && n < 63; i++) {
		char c = out.ptr[i];
		bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (!alnum && (n == 0 || text[n - 1] == '-'))
			continue;
		text[n++] = alnum ? c : '-';
	}
	while (n > 0 && text[n - 1] == '-')
		n--;
	return n > 0 ? (struct phx_str){text, n} : PHX_STR("guest");
}

static void bad_name(const struct phx_lower *l, struct phx_str name, struct phx_span at, bool from_attr)
{
	struct phx_diag_bag *bag = l->b->bag;
	struct phx_str good = host_name_for(bag->arena, name);
	struct phx_diag *d =
		phx_diag_add(bag, PHX0321, at, "`" PHX_STR_FMT "` cannot be a host name", PHX_STR_ARG(name));

	phx_diag_note(bag, d, "host names are letters, digits and `-` between them, at most 63 in a piece");
	if (from_attr) {
		phx_diag_fix(bag, d, at, phx_str_printf(bag->arena, "\"" PHX_STR_FMT "\"", PHX_STR_ARG(good)),
			     false);
		phx_diag_help(bag, d, "for example `" PHX_STR_FMT "`", PHX_STR_ARG(good));
	} else {
		phx_diag_help(bag, d, "keep the address and say `name = \"" PHX_STR_FMT "\"` inside",
			      PHX_STR_ARG(good));
	}
}

static void lower_name(struct phx_lower *l)
{
	const struct phx_eff_attr *ea = &l->eff->at[PHX_GA_NAME];
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_NAME);

	l->g->host_name = v ? v->s : l->node->decl->name;
	if (ea->a && !v && ea->a->value.kind != PHX_V_NULL)
		return;
	if (!phx_is_host_name(l->g->host_name))
		bad_name(l, l->g->host_name, v ? v->span : l->node->decl->span, v != NULL);
}

static void lower_cluster_of(struct phx_lower *l)
{
	struct phx_build *b = l->b;
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_CLUSTER);
	struct phx_resource *r = v ? phx_build_ref(b, v) : NULL;
	struct phx_diag *d;

	if (r && r->kind == PHX_KIND_CLUSTER) {
		l->g->cluster = (struct phx_cluster *)r;
		phx_build_need(b, l->node, r, PHX_EDGE_CREATE, PHX_STR("cluster"), v->span);
		return;
	}
	if (l->eff->at[PHX_GA_CLUSTER].a)
		return; /* reported, or not known yet */
	if (b->g->clusters.n == 1) {
		l->g->cluster = b->g->clusters.v[0];
		return;
	}
	if (b->g->clusters.n == 0)
		return;
	d = phx_diag_add(b->bag, PHX0434, l->node->decl->span, "`" PHX_STR_FMT "` does not say its cluster",
			 PHX_STR_ARG(l->g->r.address));
	for (uint32_t i = 0; i < b->g->clusters.n && i < 2; i++)
		phx_diag_label(b->bag, d, b->g->clusters.v[i]->r.span, "it could be this one");
	phx_diag_help(b->bag, d, "say `cluster = " PHX_STR_FMT "` in the guest or in `defaults %s`",
		      PHX_STR_ARG(b->g->clusters.v[0]->r.address), phx_kind_name(l->node->decl->kind));
}

static bool truth(const struct phx_lower *l, enum phx_guest_attr ga, bool otherwise)
{
	const struct phx_value *v = phx_eff_value(l->eff, ga);

	return v ? v->b : otherwise;
}

static void lower_identity(struct phx_lower *l)
{
	struct phx_guest *g = l->g;
	const struct phx_value *node = phx_eff_value(l->eff, PHX_GA_NODE);
	const struct phx_value *full = phx_eff_value(l->eff, PHX_GA_FULL);
	const struct phx_value *storage = phx_eff_value(l->eff, PHX_GA_STORAGE);

	lower_name(l);
	lower_cluster_of(l);
	g->node = node ? node->s : g->cluster ? g->cluster->node : PHX_STR("");
	g->is_template = truth(l, PHX_GA_TEMPLATE, false);
	g->full = full ? full->b ? PHX_CLONE_FULL : PHX_CLONE_LINKED : PHX_CLONE_DEFAULT;
	/* A clone's disks stay on its source's storage unless the clone, or the defaults, say another. */
	if (storage && l->eff->at[PHX_GA_STORAGE].origin != PHX_FROM_SOURCE)
		g->storage = storage->s;
	g->running_declared = l->eff->at[PHX_GA_RUNNING].a != NULL && !g->is_template;
	g->running = truth(l, PHX_GA_RUNNING, true) && !g->is_template;
	g->running_span =
		g->running_declared ? l->eff->at[PHX_GA_RUNNING].a->value.span : (struct phx_span){0};
	g->protect = truth(l, PHX_GA_PROTECT, false);
	if (l->eff->at[PHX_GA_PROTECT].a)
		g->protect_span = l->eff->at[PHX_GA_PROTECT].a->value.span;
}

/* --- tags, notes, pool --- */

static bool tag_ok(struct phx_str t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.ptr[i];
		bool first = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			     c == '_';

		if (!first && (i == 0 || (c != '-' && c != '+' && c != '.')))
			return false;
	}
	return t.len > 0;
}

static void add_tag(struct phx_lower *l, const struct phx_value *v)
{
	struct phx_build *b = l->b;
	struct phx_str tag = v->s;
	char *lower;

	if (!phx_known(v) || v->kind != PHX_V_STRING)
		return;
	if (!tag_ok(tag)) {
		struct phx_diag *d = phx_diag_add(b->bag, PHX0440, v->span,
						  "`" PHX_STR_FMT "` cannot be a tag", PHX_STR_ARG(tag));

		phx_diag_note(b->bag, d,
			      "a tag is letters, digits and `_`, after the first also `-`, `+` and `.`");
		return;
	}
	if (tag.len >= 4 && strncasecmp(tag.ptr, "phx-", 4) == 0) {
		struct phx_diag *d =
			phx_diag_add(b->bag, PHX0440, v->span, "tags that begin with `phx-` are phx's own");

		phx_diag_note(b->bag, d, "such a tag says which stack owns a guest");
		return;
	}
	lower = phx_arena_alloc(b->arena, tag.len + 1, 1);
	for (size_t i = 0; i < tag.len; i++)
		lower[i] = tag.ptr[i] >= 'A' && tag.ptr[i] <= 'Z' ? (char)(tag.ptr[i] + 32) : tag.ptr[i];
	tag.ptr = lower;
	for (uint32_t i = 0; i < l->g->tags.n; i++) {
		int order = phx_str_cmp(l->g->tags.v[i], tag);

		if (order == 0)
			return;
		if (order > 0) {
			struct phx_str next = l->g->tags.v[i];

			l->g->tags.v[i] = tag;
			tag = next;
		}
	}
	phx_vec_push(b->arena, &l->g->tags, tag);
}

static void lower_tags(struct phx_lower *l)
{
	const struct phx_attr *a = l->eff->at[PHX_GA_TAGS].a;

	if (!a)
		return;
	l->g->tags_declared = true;
	l->g->tags_span = a->value.span;
	if (!phx_known(&a->value))
		return;
	if (a->value.kind != PHX_V_LIST) {
		add_tag(l, &a->value);
		return;
	}
	for (uint32_t i = 0; i < a->value.list.n; i++)
		add_tag(l, &a->value.list.v[i]);
}

static void lower_notes(struct phx_lower *l)
{
	const struct phx_attr *a = l->eff->at[PHX_GA_NOTES].a;

	if (!a)
		return;
	l->g->notes_declared = true;
	l->g->notes_span = a->value.span;
	if (phx_known(&a->value) && a->value.kind == PHX_V_STRING)
		l->g->notes = a->value.s;
}

static void lower_pool_of(struct phx_lower *l)
{
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_POOL);
	struct phx_resource *r = NULL;

	if (!v)
		return;
	l->g->pool_span = v->span;
	if (v->kind == PHX_V_REF) {
		r = phx_build_ref(l->b, v);
	} else if (v->kind == PHX_V_STRING) {
		l->g->pool = v->s;
		r = phx_map_get(&l->b->g->by_address, phx_build_join(l->b->scratch, "pool.", v->s));
	}
	if (!r || r->kind != PHX_KIND_POOL)
		return;
	l->g->pool_res = (struct phx_pool *)r;
	l->g->pool = r->name;
	phx_build_need(l->b, l->node, r, PHX_EDGE_CREATE, PHX_STR("pool"), v->span);
}

/* --- blocks of single options --- */

static void lower_startup(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "startup");
	static const char *const keys[] = {"order", "up", "down"};
	static const char *const paths[] = {"startup.order", "startup.up", "startup.down"};
	struct phx_prop_set set = {.option = phx_build_option(l, "startup"), .key = PHX_STR("startup")};
	const struct phx_value *order = phx_eff_get(blk, "order");
	struct phx_buf text = {0};

	if (!blk || !set.option)
		return;
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

static void lower_cpu(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "cpu");
	struct phx_prop_set set = {.option = phx_build_option(l, "cpu"), .key = PHX_STR("cpu")};

	if (!blk || !set.option)
		return;
	phx_lower_single(l, blk, "sockets", "cpu.sockets");
	phx_lower_single(l, blk, "numa", "cpu.numa");
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
	struct phx_prop_set set = {.option = phx_build_option(l, "agent"), .key = PHX_STR("agent")};
	const struct phx_eff_attr *enabled = phx_eff_attr(blk, "enabled");
	const struct phx_value *timeout = phx_eff_get(blk, "timeout");

	if (timeout && timeout->kind == PHX_V_DURATION)
		l->g->timeouts.agent_ms = (uint64_t)timeout->i;
	if (!set.option)
		return;
	if (enabled && enabled->a->value.kind != PHX_V_NULL) {
		const struct phx_value *v = &enabled->a->value;

		l->g->agent = phx_known(v) && v->b;
		if (phx_known(v))
			phx_lower_add(l->b, set.key, set.option,
				      v->b ? PHX_STR("enabled=1") : PHX_STR("enabled=0"),
				      PHX_STR("agent.enabled"), v->span, enabled->origin);
	} else if (!enabled && l->g->source) {
		const struct phx_setting *s = phx_guest_setting(l->g->source, set.key);

		l->g->agent = l->g->source->agent;
		if (s)
			phx_lower_add(l->b, set.key, set.option, s->value, s->path, s->span, PHX_FROM_SOURCE);
	} else if (!enabled && l->node->image_declared) {
		l->g->agent = true;
		phx_lower_add(l->b, set.key, set.option, PHX_STR("enabled=1"), PHX_STR("agent.enabled"),
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

		if (strcmp(blk->spec->name, "snapshot") != 0)
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
		phx_lower_check(l->b, phx_build_option(l, "ostemplate"), PHX_STR("ostemplate"), v->s,
				PHX_STR("ostemplate"), v->span, true);
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

static void simple_settings(struct phx_lower *l)
{
	static const enum phx_guest_attr common[] = {PHX_GA_CORES, PHX_GA_MEMORY, PHX_GA_ON_BOOT,
						     PHX_GA_PROTECT};
	static const enum phx_guest_attr vm[] = {PHX_GA_BIOS, PHX_GA_MACHINE};
	static const enum phx_guest_attr container[] = {PHX_GA_SWAP, PHX_GA_UNPRIVILEGED};

	for (size_t i = 0; i < PHX_COUNTOF(common); i++)
		phx_lower_simple(l, common[i]);
	for (size_t i = 0; i < 2; i++)
		phx_lower_simple(l, l->g->is_vm ? vm[i] : container[i]);
}

void phx_lower_guest(struct phx_lower *l)
{
	const struct phx_eff_block *dns = phx_eff_child(l->eff, "dns");

	lower_identity(l);
	lower_timeouts(l);
	lower_tags(l);
	lower_notes(l);
	lower_pool_of(l);
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
	}
	phx_lower_steps(l);
	phx_check_guest(l);
}

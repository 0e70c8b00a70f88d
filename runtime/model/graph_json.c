/* The graph as JSON: format "phx-graph/1". Everything that decides what is built, nothing about where it was written,
 * so that two configurations that mean the same give the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/graph.h"

static void str(struct phx_jw *w, const char *key, struct phx_str s)
{
	if (s.len == 0)
		return;
	phx_jw_key(w, key);
	phx_jw_str(w, s);
}

static void flag(struct phx_jw *w, const char *key, bool on)
{
	if (!on)
		return;
	phx_jw_key(w, key);
	phx_jw_bool(w, true);
}

static void num(struct phx_jw *w, const char *key, uint64_t n)
{
	if (n == 0)
		return;
	phx_jw_key(w, key);
	phx_jw_int(w, (int64_t)n);
}

static const char *origin(uint8_t o)
{
	return o == PHX_FROM_SELF ? "self" : o == PHX_FROM_DEFAULTS ? "defaults" : "source";
}

static void ip(struct phx_jw *w, const char *key, const struct phx_ip *a, bool prefix)
{
	struct phx_buf text = {0};

	if (!a->family)
		return;
	phx_ip_text(a, prefix, &text);
	str(w, key, phx_buf_view(&text));
	phx_buf_done(&text);
}

static void settings(struct phx_jw *w, const char *key, const struct phx_setting *v, uint32_t n)
{
	if (n == 0)
		return;
	phx_jw_key(w, key);
	phx_jw_object(w);
	for (uint32_t i = 0; i < n; i++) {
		phx_jw_key_str(w, v[i].key);
		phx_jw_object(w);
		phx_jw_key(w, "value");
		if (v[i].unset)
			phx_jw_null(w);
		else
			phx_jw_str(w, v[i].secret ? PHX_STR("(secret)") : v[i].value);
		str(w, "path", v[i].path);
		phx_jw_key(w, "origin");
		phx_jw_c(w, origin(v[i].origin));
		phx_jw_end_object(w);
	}
	phx_jw_end_object(w);
}

static const char *volume_source(uint8_t s)
{
	switch ((enum phx_volume_source)s) {
	case PHX_VOL_INHERITED:
		return "inherited";
	case PHX_VOL_EMPTY:
		return "empty";
	case PHX_VOL_IMPORT:
		return "import";
	case PHX_VOL_OSTEMPLATE:
		return "ostemplate";
	case PHX_VOL_EXISTING:
		return "existing";
	case PHX_VOL_HOST_PATH:
		return "host-path";
	case PHX_VOL_CLOUDINIT:
		return "cloud-init";
	case PHX_VOL_CDROM:
		return "cdrom";
	}
	return "";
}

static void volumes(struct phx_jw *w, const struct phx_guest *g)
{
	if (g->volumes.n == 0)
		return;
	phx_jw_key(w, "volumes");
	phx_jw_object(w);
	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];

		phx_jw_key_str(w, v->slot);
		phx_jw_object(w);
		str(w, "label", v->label);
		phx_jw_key(w, "source");
		phx_jw_c(w, volume_source(v->source));
		str(w, "storage", v->storage);
		num(w, "size", v->size);
		str(w, "volume", v->volume);
		str(w, "options", v->props);
		if (v->has_uid)
			num(w, "uid", v->uid);
		if (v->has_gid)
			num(w, "gid", v->gid);
		if (v->has_mode)
			num(w, "mode", v->mode);
		phx_jw_key(w, "origin");
		phx_jw_c(w, origin(v->origin));
		phx_jw_end_object(w);
	}
	phx_jw_end_object(w);
}

static void addresses(struct phx_jw *w, const struct phx_nic *n)
{
	if (n->dhcp)
		str(w, "ip", PHX_STR("dhcp"));
	else
		ip(w, "ip", &n->ip, true);
	ip(w, "gw", &n->gw, false);
	if (n->dhcp6 || n->auto6)
		str(w, "ip6", n->dhcp6 ? PHX_STR("dhcp") : PHX_STR("auto"));
	else
		ip(w, "ip6", &n->ip6, true);
	ip(w, "gw6", &n->gw6, false);
}

static void nics(struct phx_jw *w, const struct phx_guest *g)
{
	if (g->nics.n == 0)
		return;
	phx_jw_key(w, "networks");
	phx_jw_object(w);
	for (uint32_t i = 0; i < g->nics.n; i++) {
		const struct phx_nic *n = &g->nics.v[i];
		struct phx_buf text = {0};

		phx_buf_printf(&text, "net%u", n->index);
		phx_jw_key_str(w, phx_buf_view(&text));
		phx_jw_object(w);
		str(w, "label", n->label);
		str(w, "bridge", n->bridge);
		str(w, "model", n->model);
		str(w, "name", n->name);
		phx_buf_clear(&text);
		phx_mac_text(n->mac, &text);
		str(w, "mac", phx_buf_view(&text));
		flag(w, "mac_declared", n->mac_declared);
		addresses(w, n);
		num(w, "vlan", n->vlan);
		num(w, "mtu", n->mtu);
		str(w, "rate", n->rate);
		str(w, "options", n->props);
		flag(w, "firewall", n->firewall);
		phx_jw_key(w, "origin");
		phx_jw_c(w, origin(n->origin));
		phx_jw_end_object(w);
		phx_buf_done(&text);
	}
	phx_jw_end_object(w);
}

static void firewall(struct phx_jw *w, const struct phx_firewall *f)
{
	if (!f->declared)
		return;
	phx_jw_key(w, "firewall");
	phx_jw_object(w);
	settings(w, "options", f->options.v, f->options.n);
	phx_jw_key(w, "rules");
	phx_jw_array(w);
	for (uint32_t i = 0; i < f->rules.n; i++) {
		const struct phx_fw_rule *r = &f->rules.v[i];

		phx_jw_object(w);
		str(w, "type", r->type);
		str(w, "action", r->action);
		str(w, "macro", r->macro);
		str(w, "iface", r->iface);
		str(w, "source", r->source);
		str(w, "dest", r->dest);
		str(w, "proto", r->proto);
		str(w, "dport", r->dport);
		str(w, "sport", r->sport);
		str(w, "icmp-type", r->icmp_type);
		str(w, "log", r->log);
		str(w, "comment", r->comment);
		phx_jw_key(w, "enable");
		phx_jw_bool(w, r->enable);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
	phx_jw_end_object(w);
}

static const char *step_kind(uint8_t k)
{
	switch ((enum phx_step_kind)k) {
	case PHX_STEP_FEATURE:
		return "feature";
	case PHX_STEP_NFS:
		return "nfs";
	case PHX_STEP_FILE:
		return "file";
	case PHX_STEP_SCRIPT:
		return "script";
	case PHX_STEP_HEALTH:
		return "health";
	}
	return "";
}

static void value(struct phx_jw *w, const char *key, const struct phx_value *v)
{
	struct phx_buf text = {0};

	if (!v)
		return;
	phx_value_json(v, &text);
	phx_jw_key(w, key);
	phx_jw_raw(w, phx_buf_view(&text));
	phx_buf_done(&text);
}

static int attr_cmp(const void *a, const void *b)
{
	return phx_str_cmp((*(const struct phx_attr *const *)a)->name,
			   (*(const struct phx_attr *const *)b)->name);
}

/* Attributes by name: their order in the source means nothing. */
static void block(struct phx_jw *w, const struct phx_graph *g, const struct phx_block *b)
{
	const struct phx_attr **sorted;

	if (!b || b->attrs.n == 0)
		return;
	sorted = PHX_NEW_N(g->arena, const struct phx_attr *, b->attrs.n);
	for (uint32_t i = 0; i < b->attrs.n; i++)
		sorted[i] = &b->attrs.v[i];
	qsort(sorted, b->attrs.n, sizeof(*sorted), attr_cmp);
	phx_jw_key(w, "with");
	phx_jw_object(w);
	for (uint32_t i = 0; i < b->attrs.n; i++) {
		struct phx_buf text = {0};

		phx_value_json(&sorted[i]->value, &text);
		phx_jw_key_str(w, sorted[i]->name);
		phx_jw_raw(w, phx_buf_view(&text));
		phx_buf_done(&text);
	}
	phx_jw_end_object(w);
}

/* Given or default, whichever counts. */
static void params(struct phx_jw *w, const struct phx_step *s)
{
	phx_jw_key(w, "params");
	phx_jw_object(w);
	for (uint32_t i = 0; i < s->params.n; i++) {
		const struct phx_feature_param *p = &s->params.v[i];
		struct phx_buf text = {0};

		phx_jw_key_str(w, p->name);
		if (p->secret) {
			phx_jw_c(w, "(secret)");
		} else {
			phx_value_json(p->value, &text);
			phx_jw_raw(w, phx_buf_view(&text));
		}
		phx_buf_done(&text);
	}
	phx_jw_end_object(w);
}

static void steps(struct phx_jw *w, const struct phx_graph *graph, const struct phx_guest *g)
{
	if (g->steps.n == 0)
		return;
	phx_jw_key(w, "steps");
	phx_jw_array(w);
	for (uint32_t i = 0; i < g->steps.n; i++) {
		const struct phx_step *s = &g->steps.v[i];

		phx_jw_object(w);
		phx_jw_key(w, "kind");
		phx_jw_c(w, step_kind(s->kind));
		str(w, "name", s->name);
		if (s->params.n)
			params(w, s);
		value(w, "value", s->value);
		block(w, graph, s->block);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

/* Users as far as they are no secret; of data only that there is some. */
static void cloud_init(struct phx_jw *w, const struct phx_guest *g)
{
	static const char *const names[] = {"user_data", "network_data", "vendor_data"};

	if (g->ci.users.n) {
		phx_jw_key(w, "users");
		phx_jw_array(w);
		for (uint32_t i = 0; i < g->ci.users.n; i++) {
			const struct phx_ci_user *u = &g->ci.users.v[i];

			phx_jw_object(w);
			str(w, "name", u->name);
			num(w, "ssh_keys", u->keys.n);
			flag(w, "password", u->password.len > 0);
			if (u->sudo_declared)
				str(w, "sudo", u->sudo.len ? u->sudo : PHX_STR("none"));
			phx_jw_end_object(w);
		}
		phx_jw_end_array(w);
	}
	for (int i = 0; i < 3; i++)
		flag(w, names[i], g->ci.data[i].declared);
}

static void lxc(struct phx_jw *w, const struct phx_guest *g)
{
	if (g->lxc.n == 0)
		return;
	phx_jw_key(w, "lxc");
	phx_jw_array(w);
	for (uint32_t i = 0; i < g->lxc.n; i++) {
		phx_jw_array(w);
		phx_jw_str(w, g->lxc.v[i].key);
		phx_jw_str(w, g->lxc.v[i].value);
		phx_jw_end_array(w);
	}
	phx_jw_end_array(w);
}

static void snapshots(struct phx_jw *w, const struct phx_guest *g)
{
	if (g->snapshots.n == 0)
		return;
	phx_jw_key(w, "snapshots");
	phx_jw_array(w);
	for (uint32_t i = 0; i < g->snapshots.n; i++) {
		phx_jw_object(w);
		str(w, "name", g->snapshots.v[i].name);
		str(w, "description", g->snapshots.v[i].description);
		flag(w, "vmstate", g->snapshots.v[i].vmstate);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void strings(struct phx_jw *w, const char *key, const struct phx_str *v, uint32_t n, bool always)
{
	if (n == 0 && !always)
		return;
	phx_jw_key(w, key);
	phx_jw_array(w);
	for (uint32_t i = 0; i < n; i++)
		phx_jw_str(w, v[i]);
	phx_jw_end_array(w);
}

static void guest(struct phx_jw *w, const struct phx_graph *graph, const struct phx_guest *g)
{
	num(w, "id", g->id);
	str(w, "name", g->host_name);
	str(w, "node", g->node);
	if (g->cluster)
		str(w, "cluster", g->cluster->r.address);
	flag(w, "template", g->is_template);
	if (g->source)
		str(w, "clone", g->source->r.address);
	if (g->full != PHX_CLONE_DEFAULT) {
		phx_jw_key(w, "full");
		phx_jw_bool(w, g->full == PHX_CLONE_FULL);
	}
	if (g->image)
		str(w, "image", g->image->r.address);
	str(w, "ostemplate", g->ostemplate);
	str(w, "storage", g->storage);
	str(w, "pool", g->pool);
	strings(w, "tags", g->tags.v, g->tags.n, g->tags_declared);
	if (g->notes_declared) {
		phx_jw_key(w, "notes");
		phx_jw_str(w, g->notes);
	}
	if (!g->is_template) {
		phx_jw_key(w, "running");
		phx_jw_bool(w, g->running);
	}
	flag(w, "protect", g->protect);
	flag(w, "agent", g->agent);
	flag(w, "replace_allowed", g->replace_allowed);
	strings(w, "ignore", g->ignore.v, g->ignore.n, false);
	settings(w, "settings", g->settings.v, g->settings.n);
	volumes(w, g);
	nics(w, g);
	firewall(w, &g->firewall);
	snapshots(w, g);
	cloud_init(w, g);
	lxc(w, g);
	steps(w, graph, g);
}

static void image(struct phx_jw *w, const struct phx_image *im)
{
	str(w, "url", im->url);
	str(w, "volume", im->volume);
	str(w, "file", im->file);
	str(w, "checksum", im->checksum);
	str(w, "checksum_algorithm", im->checksum_algorithm);
	str(w, "storage", im->storage);
	str(w, "node", im->node);
	str(w, "content", im->content);
	str(w, "filename", im->filename);
}

static void cluster(struct phx_jw *w, const struct phx_cluster *c)
{
	str(w, "endpoint", c->endpoint);
	str(w, "node", c->node);
	str(w, "user", c->user);
	str(w, "ca_file", c->ca_file);
	str(w, "backend", c->backend);
	str(w, "ssh_host", c->ssh_host);
	str(w, "ssh_user", c->ssh_user);
}

static void needs(struct phx_jw *w, const struct phx_resource *r)
{
	static const char *const kinds[] = {"create", "ready", "start"};

	phx_jw_key(w, "needs");
	phx_jw_array(w);
	for (uint32_t i = 0; i < r->needs.n; i++) {
		const struct phx_edge *e = &r->needs.v[i];

		phx_jw_object(w);
		str(w, "address", e->to->address);
		phx_jw_key(w, "kind");
		phx_jw_c(w, kinds[e->kind]);
		str(w, "why", e->why);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

void phx_graph_json(const struct phx_graph *g, const struct phx_secrets *secrets, struct phx_buf *out)
{
	struct phx_jw w;

	phx_jw_init(&w, out, 2);
	w.secrets = secrets;
	phx_jw_object(&w);
	phx_jw_key(&w, "format");
	phx_jw_c(&w, "phx-graph/1");
	phx_jw_key(&w, "stack");
	phx_jw_str(&w, g->stack);
	if (g->has_ids) {
		num(&w, "ids_first", g->ids_first);
		num(&w, "ids_last", g->ids_last);
	}
	phx_jw_key(&w, "resources");
	phx_jw_array(&w);
	for (uint32_t i = 0; i < g->resources.n; i++) {
		const struct phx_resource *r = g->resources.v[i];

		phx_jw_object(&w);
		str(&w, "address", r->address);
		phx_jw_key(&w, "kind");
		phx_jw_c(&w, phx_kind_name(r->kind));
		phx_jw_key(&w, "order");
		phx_jw_int(&w, (int64_t)i + 1);
		needs(&w, r);
		if (r->kind == PHX_KIND_VM || r->kind == PHX_KIND_CONTAINER)
			guest(&w, g, (const struct phx_guest *)r);
		else if (r->kind == PHX_KIND_IMAGE)
			image(&w, (const struct phx_image *)r);
		else if (r->kind == PHX_KIND_CLUSTER)
			cluster(&w, (const struct phx_cluster *)r);
		else if (r->kind == PHX_KIND_POOL)
			str(&w, "comment", ((const struct phx_pool *)r)->comment);
		phx_jw_end_object(&w);
	}
	phx_jw_end_array(&w);
	phx_jw_end_object(&w);
	phx_buf_ch(out, '\n');
}

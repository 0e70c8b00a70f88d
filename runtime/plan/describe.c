/* What a new guest will be, as attributes for people: what the configuration says of it, no defaults but those that matter. */
#include <string.h>

#include "plan/cloud_init.h"
#include "plan/firewall.h"

static struct phx_attr_change *after(struct plan *p, struct phx_str path, struct phx_str value,
				     struct phx_span span)
{
	phx_vec_push(
		&p->scratch, &p->attributes,
		((struct phx_attr_change){.path = path, .after = value, .has_after = true, .span = span}));
	return &p->attributes.v[p->attributes.n - 1];
}

/* At its exact size: there are many, and the scratch is used again. */
static void keep(struct plan *p, struct phx_change *c)
{
	c->attributes.n = c->attributes.cap = p->attributes.n;
	c->attributes.v = PHX_NEW_N(p->arena, struct phx_attr_change, p->attributes.n);
	if (p->attributes.n)
		memcpy(c->attributes.v, p->attributes.v, p->attributes.n * sizeof(*p->attributes.v));
}

/* As people read it: sizes with their unit, booleans as such. */
struct phx_str plan_value_text(struct plan *p, const struct phx_option *o, struct phx_str value)
{
	uint64_t n;
	unsigned shift = 0;
	bool on;

	if (!o)
		return value;
	if (o->type == PHX_TYPE_BOOLEAN && phx_boolean_parse(value, &on))
		return on ? PHX_STR("true") : PHX_STR("false");
	if (o->unit == PHX_UNIT_MIB)
		shift = 20;
	else if (o->unit == PHX_UNIT_KIB)
		shift = 10;
	else if (o->unit == PHX_UNIT_GIB)
		shift = 30;
	if (shift && phx_parse_u64(value, &n) && n < 1ull << (63 - shift))
		return plan_size_text(p, n << shift);
	if (o->canon == PHX_CANON_PERCENT) {
		phx_buf_clear(&p->text);
		phx_buf_unpercent(&p->text, value);
		return phx_str_trim(plan_keep(p, &p->text));
	}
	return value;
}

static struct phx_str volume_text(struct plan *p, const struct plan_item *it, const struct phx_volume *v)
{
	struct phx_str storage = v->storage.len ? v->storage : it->guest->storage;
	struct phx_str on = storage.len ? plan_text(p, PHX_STR(" on "), storage) : PHX_STR("");

	switch ((enum phx_volume_source)v->source) {
	case PHX_VOL_EXISTING:
	case PHX_VOL_HOST_PATH:
	case PHX_VOL_CDROM:
		return v->volume;
	case PHX_VOL_CLOUDINIT:
		return plan_text(p, PHX_STR("cloud-init drive"), on);
	case PHX_VOL_INHERITED:
		return v->size ? plan_size_text(p, v->size) : PHX_STR("as cloned");
	case PHX_VOL_EMPTY:
	case PHX_VOL_OSTEMPLATE:
	case PHX_VOL_IMPORT:
		break;
	}
	return v->size ? plan_text(p, plan_size_text(p, v->size), on)
		       : plan_text(p, PHX_STR("the image's size"), on);
}

/* Only root on the node writes these. */
static void raw_lines(struct plan *p, const struct plan_item *it)
{
	for (uint32_t i = 0; i < it->guest->lxc.n; i++)
		if (it->guest->lxc.v[i].origin != PHX_FROM_SOURCE)
			after(p, it->guest->lxc.v[i].key, it->guest->lxc.v[i].value,
			      it->guest->lxc.v[i].span);
}

static void volumes(struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->volumes.n; i++) {
		const struct phx_volume *v = &g->volumes.v[i];
		struct phx_str text;

		if (v->origin == PHX_FROM_SOURCE || v->source == PHX_VOL_CLOUDINIT)
			continue;
		text = volume_text(p, it, v);
		if (v->props.len)
			text = plan_text(p, text, PHX_STR(", "), v->props);
		after(p, v->path, text, v->span);
	}
}

static void via(const struct phx_ip *gateway, struct phx_buf *b)
{
	if (!gateway->family)
		return;
	phx_buf_c(b, " via ");
	phx_ip_text(gateway, false, b);
}

static void word(struct phx_buf *b, const char *before, struct phx_str text)
{
	if (!text.len)
		return;
	phx_buf_c(b, before);
	phx_buf_str(b, text);
}

static struct phx_str nic_text(struct plan *p, const struct phx_nic *nic)
{
	struct phx_buf *b = &p->text;

	phx_buf_clear(b);
	phx_buf_str(b, nic->bridge.len ? nic->bridge : PHX_STR("no bridge"));
	if (nic->has_ip && nic->dhcp)
		phx_buf_c(b, ", dhcp");
	else if (nic->has_ip) {
		phx_buf_c(b, ", ");
		phx_ip_text(&nic->ip, true, b);
	}
	via(&nic->gw, b);
	if (nic->has_ip6 && (nic->dhcp6 || nic->auto6))
		phx_buf_c(b, nic->dhcp6 ? ", ip6 dhcp" : ", ip6 auto");
	else if (nic->has_ip6) {
		phx_buf_c(b, ", ");
		phx_ip_text(&nic->ip6, true, b);
	}
	via(&nic->gw6, b);
	if (nic->mac_declared) {
		phx_buf_c(b, ", mac ");
		phx_mac_text(nic->mac, b);
	}
	if (nic->vlan)
		phx_buf_printf(b, ", vlan %u", nic->vlan);
	if (nic->mtu)
		phx_buf_printf(b, ", mtu %u", nic->mtu);
	word(b, ", rate ", nic->rate);
	if (!phx_str_eqc(nic->model, "virtio"))
		word(b, ", model ", nic->model);
	word(b, ", ", nic->props);
	if (nic->firewall)
		phx_buf_c(b, ", firewall");
	return plan_keep(p, b);
}

/* `agent.enabled` is "enabled=1": the key need not be said twice. */
static struct phx_str setting_text(struct plan *p, const struct phx_setting *s)
{
	struct phx_str last = s->path, piece, rest = s->path;
	const struct phx_option *key;

	while (phx_str_cut(&rest, '.', &piece))
		last = piece;
	if (!s->option || !s->option->keys || phx_str_chr(s->value, ',') >= 0 || s->value.len <= last.len ||
	    s->value.ptr[last.len] != '=' || !phx_str_eq(phx_str_slice(s->value, 0, last.len), last))
		return plan_value_text(p, s->option, s->value);
	key = phx_option_key_real(s->option, last);
	return plan_value_text(p, key, phx_str_from(s->value, last.len + 1));
}

static void settings(struct plan *p, const struct plan_item *it)
{
	const struct phx_guest *g = it->guest;

	for (uint32_t i = 0; i < g->settings.n; i++) {
		const struct phx_setting *s = &g->settings.v[i];

		if (s->origin == PHX_FROM_SOURCE || s->unset || (it->ci && phx_str_eqc(s->key, "cicustom")))
			continue;
		if (plan_setting_is_hidden(s)) {
			after(p, s->path, PHX_STR(""), s->span)->sensitive = true;
			continue;
		}
		after(p, s->path, setting_text(p, s), s->span);
	}
}

/* Own documents, each with where it comes to lie. */
static void cloud_init(struct plan *p, const struct plan_item *it)
{
	static const char *const names[] = {"meta", "network", "user", "vendor"};

	if (!it->ci && it->is_vm && it->guest->image && it->guest->agent)
		plan_note(p, it->change,
			  PHX_STR("the image must bring the guest agent: without a cloud-init drive phx "
				  "cannot install it"));
	if (!it->ci)
		return;
	for (size_t i = 0; i < PHX_COUNTOF(names); i++) {
		struct phx_str volume = plan_ci_member(p, it->ci->value, names[i]);

		if (volume.len && !phx_str_eq(volume, it->ci->agent))
			after(p, plan_text(p, PHX_STR("cloud_init."), phx_str_c(names[i]), PHX_STR("_data")),
			      volume, it->span);
	}
	if (it->ci->agent.len)
		plan_note(p, it->change,
			  plan_text(p,
				    PHX_STR("the guest agent is installed at the first start if the image "
					    "has none: "),
				    it->ci->agent));
	if (it->ci->no_agent)
		plan_note(p, it->change,
			  PHX_STR("the image must bring the guest agent: phx installs it where it has a host "
				  "channel "
				  "and a storage that takes snippets"));
}

/* Nothing is silent about what decides how big a guest is. */
static void undeclared(struct plan *p, const struct plan_item *it, const char *key)
{
	const struct phx_guest *g = it->guest;
	const struct phx_option *o = plan_option(p, it->is_vm, phx_str_c(key));

	for (uint32_t i = 0; i < g->settings.n; i++)
		if (phx_str_eqc(g->settings.v[i].key, key))
			return;
	if (o && o->has_default)
		after(p, phx_str_c(key),
		      plan_text(p, plan_value_text(p, o, o->defaults), PHX_STR(" (Proxmox's default)")),
		      it->span);
}

static struct phx_str made_of(struct plan *p, const struct phx_guest *g)
{
	if (g->source)
		return plan_text(
			p, g->full == PHX_CLONE_LINKED ? PHX_STR("linked clone of ") : PHX_STR("clone of "),
			g->source->r.address);
	if (g->image)
		return plan_text(p, PHX_STR("of "), g->image->r.address);
	if (g->ostemplate.len)
		return plan_text(p, PHX_STR("of "), g->ostemplate);
	return PHX_STR("");
}

static void firewall(struct plan *p, const struct phx_firewall *fw)
{
	struct plan_rules rules = {0};

	plan_rules_declared(p, fw, &rules);
	after(p, PHX_STR("firewall"),
	      plan_text(p, plan_number(p, fw->rules.n),
			fw->rules.n == 1 ? PHX_STR(" rule") : PHX_STR(" rules"),
			fw->enabled ? PHX_STR("") : PHX_STR(", off")),
	      fw->span);
	for (uint32_t i = 0; i < fw->options.n; i++) {
		const struct phx_setting *s = &fw->options.v[i];

		if (!s->unset && !phx_str_eqc(s->key, "enable"))
			after(p, s->path.len ? s->path : plan_text(p, PHX_STR("firewall."), s->key),
			      plan_value_text(p, s->option, s->value), s->span);
	}
	for (uint32_t i = 0; i < rules.n; i++)
		after(p, PHX_STR("firewall.rule"), plan_rule_text(p, rules.v[i]), rules.v[i]->span);
}

void plan_describe_create(struct plan *p, struct plan_item *it)
{
	struct phx_change *c = it->change;
	const struct phx_guest *g = it->guest;

	if (!c->reason.len)
		c->reason = made_of(p, g);
	p->attributes.n = 0;
	settings(p, it);
	cloud_init(p, it);
	raw_lines(p, it);
	if (!g->source) {
		undeclared(p, it, "cores");
		undeclared(p, it, "memory");
	}
	volumes(p, it);
	for (uint32_t i = 0; i < g->nics.n; i++)
		if (g->nics.v[i].origin != PHX_FROM_SOURCE || g->nics.v[i].has_ip)
			after(p, g->nics.v[i].path, nic_text(p, &g->nics.v[i]), g->nics.v[i].span);
	if (g->pool.len)
		after(p, PHX_STR("pool"), g->pool, g->pool_span);
	if (g->tags.n)
		after(p, PHX_STR("tags"), plan_tags(p, it), g->tags_span);
	if (g->notes_declared && g->notes.len)
		after(p, PHX_STR("notes"), g->notes, g->notes_span);
	if (g->firewall.declared)
		firewall(p, &g->firewall);
	for (uint32_t i = 0; i < g->snapshots.n; i++)
		after(p, plan_text(p, PHX_STR("snapshot."), g->snapshots.v[i].name),
		      PHX_STR("taken at the end"), g->snapshots.v[i].span);
	keep(p, c);
}

/* Firewall of a guest: options and rules. One property drives both the guest's `enable` and the flag of its cards. */
#include <string.h>
#include <strings.h>

#include "model/graph_priv.h"

/* --- options --- */

static void fw_setting(struct phx_lower *l, struct phx_str key, const struct phx_option *o,
		       struct phx_str value, struct phx_str path, struct phx_span span, uint8_t origin)
{
	struct phx_firewall *f = &l->g->firewall;
	struct phx_setting s = {
		.key = key, .option = o, .value = value, .path = path, .span = span, .origin = origin};
	uint32_t at;

	phx_vec_push(l->b->arena, &f->options, s);
	for (at = f->options.n - 1; at > 0 && phx_str_cmp(f->options.v[at - 1].key, key) > 0; at--)
		f->options.v[at] = f->options.v[at - 1];
	f->options.v[at] = s;
}

static void unknown_option(struct phx_lower *l, const struct phx_eff_attr *ea,
			   const struct phx_option_table *t)
{
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0316, ea->a->name_span,
					  "the firewall of a guest has no option `" PHX_STR_FMT "`",
					  PHX_STR_ARG(ea->a->name));
	struct phx_str near = phx_option_nearest(t, l->b->bag->arena, ea->a->name);

	if (near.len == 0)
		return;
	phx_diag_help(l->b->bag, d, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
	phx_diag_fix(l->b->bag, d, ea->a->name_span, near, false);
}

static void fw_option(struct phx_lower *l, const struct phx_eff_attr *ea)
{
	const struct phx_option_table *t = l->b->firewall_table[l->g->is_vm];
	const struct phx_option *o = phx_option_find(t, ea->a->name, NULL);
	struct phx_str path = phx_gb_join(l->b->arena, "firewall.", ea->a->name);

	if (!o || o->flags & (PHX_OPTION_UPDATE_ONLY | PHX_OPTION_PATH)) {
		unknown_option(l, ea, t);
		return;
	}
	if (!phx_known(&ea->a->value))
		return;
	phx_buf_clear(&l->b->text);
	if (!phx_lower_text(l->b, o, &ea->a->value, path.ptr, &l->b->text) ||
	    !phx_lower_check(l->b, o, o->name, phx_buf_view(&l->b->text), path, ea->a->value.span, true))
		return;
	if (phx_str_eqc(o->name, "enable"))
		l->g->firewall.enabled = phx_str_eqc(phx_buf_view(&l->b->text), "1");
	else
		fw_setting(l, o->name, o, phx_str_dup(l->b->arena, phx_buf_view(&l->b->text)), path,
			   ea->a->value.span, ea->origin);
}

/* --- rules --- */

static struct phx_str rule_text(struct phx_lower *l, const struct phx_block *blk, const char *attr)
{
	const struct phx_attr *a = phx_block_attr(blk, attr);
	struct phx_str out;

	if (!a || !phx_known(&a->value))
		return PHX_STR("");
	phx_buf_clear(&l->b->text);
	if (!phx_lower_text(l->b, NULL, &a->value, attr, &l->b->text))
		return PHX_STR("");
	out = phx_str_dup(l->b->arena, phx_buf_view(&l->b->text));
	return out;
}

static struct phx_diag *rule_error(struct phx_lower *l, const struct phx_block *blk, const char *attr,
				   const char *message)
{
	const struct phx_attr *a = attr ? phx_block_attr(blk, attr) : NULL;
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0423, a ? a->value.span : blk->span, "%s", message);

	if (a)
		phx_diag_label(l->b->bag, d, blk->span, "in this rule");
	return d;
}

static bool port_number(struct phx_str s, uint64_t *out)
{
	return phx_parse_u64(s, out) && *out <= 65535;
}

/* "80", "80,443", "8000:8010", "https". */
static void check_ports(struct phx_lower *l, const struct phx_block *blk, const char *attr,
			struct phx_str ports)
{
	struct phx_str rest = ports, piece;

	while (ports.len > 0 && phx_str_cut(&rest, ',', &piece)) {
		struct phx_str high = piece, low;
		uint64_t a = 0, b = 0;
		bool digits = piece.len > 0 && piece.ptr[0] >= '0' && piece.ptr[0] <= '9';

		if (!phx_str_cut(&high, ':', &low))
			low = piece;
		if (piece.len > 0 && !digits && !high.ptr) {
			const struct phx_attr *at = phx_block_attr(blk, attr);

			/* A service's name. */
			phx_lower_check(l->b, phx_option_find(l->b->rule_table, PHX_STR("dport"), NULL),
					PHX_STR("dport"), piece, phx_str_c(attr), at->value.span, true);
			continue;
		}
		if (port_number(low, &a) && (!high.ptr || (port_number(high, &b) && a <= b)))
			continue;
		phx_diag_note(
			l->b->bag,
			rule_error(l, blk, attr, "a port, or a range of ports, that does not exist"),
			"ports are 0 to 65535; a range is `8000:8010`, a list `\"80,443\"`; got `" PHX_STR_FMT
			"`",
			PHX_STR_ARG(piece));
		return;
	}
}

static bool has_ports(struct phx_str proto)
{
	static const char *const names[] = {"tcp", "udp", "sctp", "dccp", "udplite",
					    "6",   "17",  "33",   "132",  "136"};

	for (size_t i = 0; i < PHX_COUNTOF(names); i++) {
		if (phx_str_eqc(proto, names[i]))
			return true;
	}
	return false;
}

static void check_macro(struct phx_lower *l, const struct phx_block *blk, struct phx_fw_rule *r)
{
	struct phx_err err = {0};
	uint32_t n = 0;
	const struct phx_str *macros = phx_options_macros(l->b->options, &n, &err);
	struct phx_diag *d;

	phx_err_done(&err);
	if (!macros || r->macro.len == 0)
		return;
	for (uint32_t i = 0; i < n; i++) {
		if (macros[i].len == r->macro.len &&
		    strncasecmp(macros[i].ptr, r->macro.ptr, r->macro.len) == 0) {
			r->macro = macros[i];
			return;
		}
	}
	d = rule_error(l, blk, "macro", "Proxmox's firewall has no such macro");
	phx_diag_suggest(l->b->bag, d, d->span, r->macro, macros, n);
}

static void check_rule(struct phx_lower *l, const struct phx_block *blk, struct phx_fw_rule *r)
{
	const char *ports = r->dport.len > 0 ? "port" : r->sport.len > 0 ? "sport" : NULL;
	const struct phx_attr *proto = phx_block_attr(blk, "proto");
	struct phx_diag *d;

	check_macro(l, blk, r);
	check_ports(l, blk, "port", r->dport);
	check_ports(l, blk, "sport", r->sport);
	if (r->macro.len > 0 && (r->proto.len > 0 || ports)) {
		d = rule_error(l, blk, ports ? ports : "proto",
			       "a macro brings protocol and ports of its own");
		phx_diag_help(l->b->bag, d, "leave `macro` out, or `proto` and `port`");
	} else if (ports && r->proto.len == 0 && (!proto || phx_is_null(&proto->value))) {
		d = rule_error(l, blk, ports, "a port without a protocol");
		phx_diag_help(l->b->bag, d, "say `proto = tcp` or `proto = udp`");
	} else if (ports && r->proto.len > 0 && !has_ports(r->proto)) {
		rule_error(l, blk, ports, "only tcp, udp, sctp, dccp and udplite have ports");
	}
}

/* What Proxmox itself would say to each part. */
static void check_parts(struct phx_lower *l, const struct phx_block *blk, const struct phx_fw_rule *r)
{
	const struct {
		const char *attr, *option;
		struct phx_str value;
	} parts[] = {
		{"source", "source", r->source},
		{"dest", "dest", r->dest},
		{"proto", "proto", r->proto},
		{"iface", "iface", r->iface},
		{"icmp_type", "icmp-type", r->icmp_type},
	};

	for (size_t i = 0; l->b->rule_table && i < PHX_COUNTOF(parts); i++) {
		if (parts[i].value.len > 0)
			phx_lower_check(l->b,
					phx_option_find(l->b->rule_table, phx_str_c(parts[i].option), NULL),
					phx_str_c(parts[i].option), parts[i].value,
					phx_str_printf(l->b->scratch, "firewall.rule.%s", parts[i].attr),
					phx_block_attr(blk, parts[i].attr)->value.span, true);
	}
}

static void add_rule(struct phx_lower *l, const struct phx_block *blk)
{
	const struct phx_attr *enabled = phx_block_attr(blk, "enabled");
	bool group = phx_str_eqc(blk->label, "group");
	struct phx_fw_rule r = {
		.type = blk->label,
		.action = group                                ? blk->label2
			  : phx_str_eqc(blk->label2, "accept") ? PHX_STR("ACCEPT")
			  : phx_str_eqc(blk->label2, "drop")   ? PHX_STR("DROP")
							       : PHX_STR("REJECT"),
		.macro = rule_text(l, blk, "macro"),
		.iface = rule_text(l, blk, "iface"),
		.source = rule_text(l, blk, "source"),
		.dest = rule_text(l, blk, "dest"),
		.sport = rule_text(l, blk, "sport"),
		.dport = rule_text(l, blk, "port"),
		.proto = rule_text(l, blk, "proto"),
		.log = rule_text(l, blk, "log"),
		.comment = rule_text(l, blk, "comment"),
		.icmp_type = rule_text(l, blk, "icmp_type"),
		.enable = !enabled || !phx_known(&enabled->value) || enabled->value.b,
		.span = blk->span,
	};

	if (blk->label2.len == 0)
		return; /* reported with the label */
	check_rule(l, blk, &r);
	check_parts(l, blk, &r);
	phx_vec_push(l->b->arena, &l->g->firewall.rules, r);
}

void phx_lower_firewall(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "firewall");
	const struct phx_eff_attr *enabled = phx_eff_attr(blk, "enabled");
	struct phx_firewall *f = &l->g->firewall;
	const struct phx_option_table *t = l->b->firewall_table[l->g->is_vm];

	if (!blk || !t)
		return;
	f->declared = true;
	f->span = blk->span;
	f->enabled = true;
	if (enabled && phx_known(&enabled->a->value))
		f->enabled = enabled->a->value.b;
	for (uint32_t i = 0; i < blk->attrs.n; i++) {
		if (!blk->attrs.v[i].spec)
			fw_option(l, &blk->attrs.v[i]);
	}
	fw_setting(l, PHX_STR("enable"), phx_option_find(t, PHX_STR("enable"), NULL),
		   f->enabled ? PHX_STR("1") : PHX_STR("0"), PHX_STR("firewall.enabled"),
		   enabled ? enabled->a->value.span : blk->span, enabled ? enabled->origin : blk->origin);
	/* A rule list that came with the clone was checked where it stands. */
	for (uint32_t i = 0; blk->rules && i < blk->rules->blocks.n; i++)
		add_rule(l, blk->rules->blocks.v[i]);
}

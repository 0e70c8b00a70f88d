/* Firewall rules compared and named. */
#include "plan/firewall.h"

/* "80, 443" and "80,443" are one set of ports; addresses differ in case at most. */
static bool same_list(struct phx_str a, struct phx_str b)
{
	for (;;) {
		while (a.len && a.ptr[0] == ' ')
			a = phx_str_from(a, 1);
		while (b.len && b.ptr[0] == ' ')
			b = phx_str_from(b, 1);
		if (!a.len || !b.len)
			return a.len == b.len;
		char x = a.ptr[0], y = b.ptr[0];

		if (x >= 'A' && x <= 'Z')
			x = (char)(x - 'A' + 'a');
		if (y >= 'A' && y <= 'Z')
			y = (char)(y - 'A' + 'a');
		if (x != y)
			return false;
		a = phx_str_from(a, 1);
		b = phx_str_from(b, 1);
	}
}

bool plan_rule_equal(const struct phx_fw_rule *a, const struct phx_fw_rule *b)
{
	return a->enable == b->enable && phx_str_eq(a->type, b->type) && phx_str_eq(a->action, b->action) &&
	       same_list(a->macro, b->macro) && phx_str_eq(a->iface, b->iface) &&
	       same_list(a->source, b->source) && same_list(a->dest, b->dest) &&
	       same_list(a->sport, b->sport) && same_list(a->dport, b->dport) &&
	       same_list(a->proto, b->proto) && same_list(a->log, b->log) &&
	       same_list(a->icmp_type, b->icmp_type) &&
	       phx_str_eq(phx_str_trim(a->comment), phx_str_trim(b->comment));
}

static void word(struct phx_buf *b, const char *before, struct phx_str value)
{
	if (!value.len)
		return;
	if (b->len)
		phx_buf_ch(b, ' ');
	phx_buf_c(b, before);
	phx_buf_str(b, value);
}

struct phx_str plan_rule_text(struct plan *p, const struct phx_fw_rule *r)
{
	struct phx_buf *b = &p->text;

	phx_buf_clear(b);
	word(b, "", r->type);
	word(b, "", r->action);
	word(b, "", r->macro);
	word(b, "", r->proto);
	word(b, "", r->dport);
	word(b, "type ", r->icmp_type);
	word(b, "from ", r->source);
	word(b, "port ", r->sport);
	word(b, "to ", r->dest);
	word(b, "on ", r->iface);
	word(b, "log ", r->log);
	if (!r->enable)
		phx_buf_c(b, " (off)");
	if (r->comment.len) {
		phx_buf_c(b, " # ");
		phx_buf_str(b, r->comment);
	}
	return plan_keep(p, b);
}

void plan_rules_declared(struct plan *p, const struct phx_firewall *fw, struct plan_rules *out)
{
	for (uint32_t i = 0; i < fw->rules.n; i++)
		phx_vec_push(p->arena, out, &fw->rules.v[i]);
}

void plan_rules_live(struct plan *p, const struct phx_live_guest *live, struct plan_rules *out)
{
	for (uint32_t i = 0; i < live->fw_rules.n; i++)
		phx_vec_push(p->arena, out, &live->fw_rules.v[i].rule);
}

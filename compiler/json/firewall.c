/* Firewall of a guest: the rules in their order, each once. */
#include <string.h>
#include <strings.h>

#include "json/import_priv.h"

/* `ACCEPT` → `accept`. */
static struct phx_str lower(struct phx_jctx *c, struct phx_str s)
{
	char *text = phx_arena_alloc(c->m->arena, s.len + 1, 1);

	for (size_t i = 0; i < s.len; i++)
		text[i] = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + 32) : s.ptr[i];
	return (struct phx_str){text, s.len};
}

/* Without it the rule would be none: absent and empty are the same error. */
static bool needed(struct phx_jctx *c, struct phx_jnode *rule, struct phx_jnode *n, const char *without,
		   struct phx_str *out)
{
	*out = PHX_STR("");
	if (n && phx_jtext(c, n, out))
		return true;
	if (!n || n->fate == PHX_FATE_DROPPED)
		phx_jwrong(c, n ? n : rule, PHX0505, "%s", without);
	return false;
}

static bool direction(struct phx_jctx *c, struct phx_jnode *rule, struct phx_str *out)
{
	struct phx_jnode *n = phx_jget(rule, PHX_K_TYPE);
	struct phx_str text;

	if (!needed(c, rule, n, "a rule without `type`: `in` or `out`", &text))
		return false;
	*out = lower(c, text);
	if (phx_str_eqc(*out, "in") || phx_str_eqc(*out, "out"))
		return true;
	phx_jwrong(c, n, PHX0505, "the `type` of a rule is `in` or `out`, not `" PHX_STR_FMT "`",
		   PHX_STR_ARG(text));
	return false;
}

static bool action(struct phx_jctx *c, struct phx_jnode *rule, struct phx_str *out)
{
	struct phx_jnode *n = phx_jget(rule, PHX_K_ACTION);
	struct phx_str text;

	if (!needed(c, rule, n, "a rule without `action`: `ACCEPT`, `DROP` or `REJECT`", &text))
		return false;
	*out = lower(c, text);
	if (phx_str_eqc(*out, "accept") || phx_str_eqc(*out, "drop") || phx_str_eqc(*out, "reject"))
		return true;
	phx_jwrong(c, n, PHX0505,
		   "the `action` of a rule is `ACCEPT`, `DROP` or `REJECT`, not `" PHX_STR_FMT "`",
		   PHX_STR_ARG(text));
	return false;
}

/* An address, a network, or whatever else Proxmox takes there. */
static void put_address(struct phx_jctx *c, struct phx_block *b, const char *name, struct phx_jnode *n)
{
	struct phx_value v = {.span = n ? phx_jspan(c->g->file, n) : (struct phx_span){0}};
	struct phx_ip ip = {0};
	struct phx_str text;

	if (!phx_jtext(c, n, &text))
		return;
	if (phx_ip_parse(text, &ip))
		v.kind = PHX_V_IP;
	else if (phx_cidr_parse(text, &ip))
		v.kind = PHX_V_CIDR;
	if (v.kind == PHX_V_NULL) {
		phx_jput(c, b, name, phx_value_str(text, v.span), n);
		return;
	}
	v.ip = PHX_NEW(c->m->arena, struct phx_ip);
	*v.ip = ip;
	phx_jput(c, b, name, v, n);
}

/* "443" is a number, "80,443" a text; so is [80, 443]. */
static void put_port(struct phx_jctx *c, struct phx_block *b, const char *name, struct phx_jnode *n)
{
	struct phx_jpieces list = {0};
	struct phx_buf text = {0};
	struct phx_value v;
	uint64_t port;

	if (!phx_jlist(c, n, ' ', &list) || list.v.n == 0)
		return;
	if (list.v.n == 1 && phx_parse_u64(list.v.v[0].text, &port) && port <= 65535) {
		v = phx_value_int((int64_t)port, phx_jspan(c->g->file, n));
	} else {
		for (uint32_t i = 0; i < list.v.n; i++)
			phx_buf_printf(&text, "%s" PHX_STR_FMT, i ? "," : "", PHX_STR_ARG(list.v.v[i].text));
		v = phx_value_str(phx_str_dup(c->m->arena, phx_buf_view(&text)), phx_jspan(c->g->file, n));
	}
	phx_jput(c, b, name, v, n);
	phx_buf_done(&text);
}

static void put_text(struct phx_jctx *c, struct phx_block *b, const char *name, struct phx_jnode *n)
{
	struct phx_str text;

	if (phx_jtext(c, n, &text))
		phx_jput(c, b, name, phx_value_str(text, phx_jspan(c->g->file, n)), n);
}

static void put_proto(struct phx_jctx *c, struct phx_block *b, struct phx_jnode *n)
{
	struct phx_str text;

	if (phx_jtext(c, n, &text))
		phx_jput(c, b, "proto", phx_value_str(lower(c, text), phx_jspan(c->g->file, n)), n);
}

/* All that decides which packets a rule matches, and what becomes of them: comments do not. */
static void rule_key(const struct phx_block *rule, struct phx_buf *out)
{
	static const char *const names[] = {"macro", "iface", "source", "dest",   "proto",
					    "port",  "sport", "log",    "enabled"};

	phx_buf_printf(out, PHX_STR_FMT " " PHX_STR_FMT, PHX_STR_ARG(rule->label), PHX_STR_ARG(rule->label2));
	for (size_t i = 0; i < PHX_COUNTOF(names); i++) {
		const struct phx_attr *a = phx_block_attr(rule, names[i]);

		phx_buf_ch(out, '\n');
		if (a)
			phx_value_show(&a->value, out);
	}
}

/* `seen`: the key of a rule → the block that says it. */
static bool is_duplicate(struct phx_jctx *c, struct phx_map *seen, struct phx_block *rule,
			 struct phx_jnode *n)
{
	struct phx_span at = phx_jspan(c->g->file, n);
	struct phx_buf key = {0};
	struct phx_map_entry *e;
	struct phx_diag *d;
	bool fresh;

	rule_key(rule, &key);
	e = phx_map_put(&c->m->work, seen, phx_str_dup(&c->m->work, phx_buf_view(&key)), &fresh);
	phx_buf_done(&key);
	if (fresh) {
		e->ptr = rule;
		return false;
	}
	d = phx_diag_add(c->m->bag, PHX0511, at, "a firewall rule that stands there already");
	phx_diag_label(c->m->bag, d, at, "never matches anything: left out");
	phx_diag_label(c->m->bag, d, ((const struct phx_block *)e->ptr)->span, "the same rule");
	phx_jfate(n, PHX_FATE_DROPPED, "the same rule stands before it");
	return true;
}

static void rule(struct phx_jctx *c, struct phx_block *fw, struct phx_map *seen, struct phx_jnode *n)
{
	struct phx_str dir, act;
	struct phx_jnode *enabled = phx_jget(n, PHX_K_ENABLED);
	struct phx_block *b;
	bool on;

	if (!direction(c, n, &dir) || !action(c, n, &act))
		return;
	b = phx_block_add(c->m->arena, fw, "rule", dir, phx_jspan(c->g->file, n));
	b->label2 = act;
	put_text(c, b, "macro", phx_jget(n, PHX_K_MACRO));
	put_proto(c, b, phx_jget(n, PHX_K_PROTO));
	put_port(c, b, "port", phx_jget(n, PHX_K_PORT));
	put_port(c, b, "sport", phx_jget(n, PHX_K_SPORT));
	put_address(c, b, "source", phx_jget(n, PHX_K_SOURCE));
	put_address(c, b, "dest", phx_jget(n, PHX_K_DEST));
	put_text(c, b, "iface", phx_jget(n, PHX_K_IFACE));
	put_text(c, b, "log", phx_jget(n, PHX_K_LOG));
	if (phx_jtruth(c, enabled, &on))
		phx_jput(c, b, "enabled", phx_value_bool(on, phx_jspan(c->g->file, enabled)), enabled);
	put_text(c, b, "comment", phx_jget(n, PHX_K_COMMENT));
	if (is_duplicate(c, seen, b, n))
		fw->blocks.n--;
}

void phx_jfirewall(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_FIREWALL], *enabled, *rules;
	struct phx_map seen = {0};
	struct phx_block *fw;
	uint32_t count;
	bool on;

	if (!phx_jsingle(c, n))
		return;
	fw = phx_jblock(c, c->body, "firewall", PHX_STR(""), n);
	enabled = phx_jget(n, PHX_K_ENABLED);
	if (phx_jtruth(c, enabled, &on))
		phx_jput(c, fw, "enabled", phx_value_bool(on, phx_jspan(c->g->file, enabled)), enabled);
	rules = phx_jget(n, PHX_K_RULES);
	count = phx_jobjects(c, rules);
	for (uint32_t i = 0; i < count; i++) {
		struct phx_jnode *one = phx_jobject(c, rules, i);

		if (one)
			rule(c, fw, &seen, one);
	}
}

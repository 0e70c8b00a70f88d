/* Flags, GPUs, raw lines, health and snapshots; features are in features.c. */
#include <inttypes.h>
#include <string.h>

#include "json/import_priv.h"

/* --- Proxmox's feature flags --- */

/* `nesting=1` is an attribute, the others are keys of the option `features`. */
static void flags(struct phx_jctx *c, struct phx_jnode *n)
{
	struct phx_jpieces list = {0};
	struct phx_buf text = {0};

	if (!phx_jlist(c, n, ' ', &list))
		return;
	for (uint32_t i = 0; i < list.v.n; i++) {
		struct phx_str rest = list.v.v[i].text, key;

		if (!phx_str_cut(&rest, '=', &key))
			continue;
		if (phx_str_eqc(key, "nesting")) {
			bool on = !rest.ptr || !phx_str_eqc(rest, "0");

			phx_jput(c, c->body, "nesting", phx_value_bool(on, list.v.v[i].span), n);
			continue;
		}
		phx_buf_printf(&text, "%s" PHX_STR_FMT "%s", text.len ? "," : "",
			       PHX_STR_ARG(list.v.v[i].text), rest.ptr ? "" : "=1");
	}
	if (text.len > 0) {
		struct phx_block *b = phx_jblock(c, c->body, "options", PHX_STR(""), n);

		phx_jput(c, b, "features",
			 phx_value_str(phx_str_dup(c->m->arena, phx_buf_view(&text)),
				       phx_jspan(c->g->file, n)),
			 n);
	}
	phx_buf_done(&text);
}

/* --- features, or flags --- */

/* The first versions of container files had Proxmox's flags there, as one text. */
static bool are_flags(const struct phx_jctx *c, const struct phx_jnode *n)
{
	return n && c->g->kind == PHX_KIND_CONTAINER && n->kind == PHX_J_STRING &&
	       phx_str_chr(n->s, '=') >= 0;
}

static void features_or_flags(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_FEATURES];

	if (!are_flags(c, n)) {
		phx_jfeatures(c);
		if (c->at[PHX_K_FLAGS])
			flags(c, c->at[PHX_K_FLAGS]);
		return;
	}
	if (c->at[PHX_K_FLAGS]) {
		phx_jfate(n, PHX_FATE_DROPPED, "`pct_options` counts");
		n = c->at[PHX_K_FLAGS];
	} else {
		phx_jfate(n, PHX_FATE_MAPPED, "nesting, options.features");
	}
	flags(c, n);
}

/* --- GPUs --- */

/* A clone whose source has one, and says "none", takes it back. */
static bool inherits_gpu(const struct phx_jguest *g)
{
	uint32_t steps = 0;

	for (g = g->source; g && steps < 1000; g = g->source, steps++) {
		const struct phx_jnode *n = phx_jget(g->node, PHX_K_GPU);

		if (n)
			return !(n->kind == PHX_J_STRING &&
				 (phx_str_trim(n->s).len == 0 || phx_str_eqc(phx_str_trim(n->s), "none")));
	}
	return false;
}

static void gpu(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_GPU];
	PHX_VEC(struct phx_value) cards = {0};
	struct phx_jpieces list = {0};

	if (!phx_jlist(c, n, ' ', &list))
		return;
	for (uint32_t i = 0; i < list.v.n; i++) {
		uint64_t index;

		if (phx_str_eqc(list.v.v[i].text, "none"))
			continue;
		phx_vec_push(&c->m->work, &cards,
			     phx_parse_u64(list.v.v[i].text, &index) && index < 256
				     ? phx_value_int((int64_t)index, list.v.v[i].span)
				     : phx_value_str(list.v.v[i].text, list.v.v[i].span));
	}
	if (cards.n > 0) {
		phx_jput(c, c->body, "gpu", phx_jlist_value(c, cards.v, cards.n, phx_jspan(c->g->file, n)),
			 n);
	} else if (inherits_gpu(c->g)) {
		phx_jput(c, c->body, "gpu",
			 (struct phx_value){.kind = PHX_V_NULL, .span = phx_jspan(c->g->file, n)}, n);
		phx_jfate(n, PHX_FATE_MAPPED, "gpu = null: its source's are taken back");
	} else {
		phx_jfate(n, PHX_FATE_MAPPED, "no gpu");
	}
}

/* --- raw lines --- */

static void raw_line(struct phx_jctx *c, struct phx_block *b, struct phx_jnode *n, const struct phx_jpiece *p)
{
	struct phx_str text = phx_str_trim(p->text), key;
	struct phx_value v;
	const struct phx_attr *old;
	size_t at = 0;

	while (at < text.len && text.ptr[at] != '=' && text.ptr[at] != ':')
		at++;
	if (at == 0 || at >= text.len) {
		phx_diag_add(c->m->bag, PHX0505, p->span,
			     "`" PHX_STR_FMT "` is no line of the form `KEY=VALUE`", PHX_STR_ARG(text));
		c->g->decl->poisoned = true;
		return;
	}
	key = phx_str_dup(c->m->arena, phx_str_trim(phx_str_slice(text, 0, at)));
	v = phx_value_str(phx_str_trim(phx_str_from(text, at + 1)), p->span);
	old = phx_block_attr(b, key.ptr);
	if (old && old->value.kind == PHX_V_LIST) {
		PHX_VEC(struct phx_value) all = {0};

		for (uint32_t i = 0; i < old->value.list.n; i++)
			phx_vec_push(&c->m->work, &all, old->value.list.v[i]);
		phx_vec_push(&c->m->work, &all, v);
		v = phx_jlist_value(c, all.v, all.n, phx_jspan(c->g->file, n));
	} else if (old) {
		struct phx_value two[] = {old->value, v};

		v = phx_jlist_value(c, two, 2, phx_jspan(c->g->file, n));
	}
	phx_block_set(c->m->arena, b, key, v, p->span);
}

static void raw_lines(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_RAW];
	struct phx_jpieces list = {0};
	struct phx_block *b = NULL;

	if (!n)
		return;
	/* One text is one line: commas belong to its value. */
	if (n->kind == PHX_J_STRING && phx_str_trim(n->s).len > 0)
		phx_vec_push(&c->m->work, &list.v, ((struct phx_jpiece){n->s, phx_jspan(c->g->file, n)}));
	else if (!phx_jlist(c, n, 0, &list))
		return;
	for (uint32_t i = 0; i < list.v.n; i++) {
		if (!b)
			b = phx_jblock(c, c->body, "lxc", PHX_STR(""), n);
		raw_line(c, b, n, &list.v.v[i]);
	}
}

/* --- health --- */

static void put_seconds(struct phx_jctx *c, struct phx_block *b, struct phx_jnode *n)
{
	struct phx_value v = {.kind = PHX_V_DURATION};
	uint64_t s;

	if (!phx_jnumber(c, n, &s))
		return;
	v.i = (int64_t)(s < 1000000000 ? s : 1000000000) * 1000;
	v.span = phx_jspan(c->g->file, n);
	phx_jput(c, b, "interval", v, n);
}

static void health(struct phx_jctx *c)
{
	struct phx_jnode *n = c->at[PHX_K_HEALTH], *command, *retries;
	struct phx_str text;
	struct phx_block *b;
	uint64_t v;

	if (!n)
		return;
	if (c->g->is_template) {
		phx_jfate(n, PHX_FATE_DROPPED, "a template never runs: its health cannot be asked for");
		return;
	}
	if (!phx_jsingle(c, n))
		return;
	command = phx_jget(n, PHX_K_COMMAND);
	if (!command) {
		phx_jwrong(c, n, PHX0505, "`health_check` without `command`");
		return;
	}
	b = phx_jblock(c, c->body, "health", PHX_STR(""), n);
	if (phx_jtext(c, command, &text))
		phx_jput(c, b, "command", phx_value_str(text, phx_jspan(c->g->file, command)), command);
	retries = phx_jget(n, PHX_K_RETRIES);
	if (phx_jnumber(c, retries, &v))
		phx_jput(c, b, "retries", phx_value_int((int64_t)v, phx_jspan(c->g->file, retries)), retries);
	put_seconds(c, b, phx_jget(n, PHX_K_INTERVAL));
}

/* --- snapshots --- */

static const char *no_snapshot(const struct phx_jctx *c)
{
	if (c->g->is_template)
		return "Proxmox converts no guest that has snapshots into a template";
	return c->has_binds ? "Proxmox takes no snapshot of a container with bind mounts" : NULL;
}

static void snapshot(struct phx_jctx *c, struct phx_str name, struct phx_jnode *n)
{
	for (uint32_t i = 0; i < c->body->blocks.n; i++) {
		const struct phx_block *b = c->body->blocks.v[i];

		if (strcmp(b->spec->name, "snapshot") == 0 && phx_str_eq(b->label, name))
			return;
	}
	phx_jblock(c, c->body, "snapshot", name, n);
}

static void named_snapshot(struct phx_jctx *c, struct phx_jnode *n)
{
	const char *why = no_snapshot(c);
	struct phx_str name;

	if (!phx_jtext(c, n, &name))
		return;
	if (why)
		phx_jfate(n, PHX_FATE_DROPPED, why);
	else
		snapshot(c, name, n);
}

static void snapshots(struct phx_jctx *c)
{
	struct phx_jnode *life = c->at[PHX_K_LIFECYCLE], *all = c->at[PHX_K_SNAPSHOTS];
	const char *why = no_snapshot(c);
	bool on = false;

	if (phx_jtruth(c, life, &on) && on && why)
		phx_jfate(life, PHX_FATE_DROPPED, why);
	else if (on)
		snapshot(c, PHX_STR("final-form"), life);
	else if (life)
		phx_jfate(life, PHX_FATE_MAPPED, "no snapshot");
	named_snapshot(c, c->at[PHX_K_SNAPSHOT]);
	if (!phx_jsingle(c, all))
		return;
	if (why && c->g->is_template)
		phx_jfate(all, PHX_FATE_DROPPED, why);
	else
		named_snapshot(c, phx_jget(all, PHX_K_AFTER_FEATURES));
}

void phx_jinside(struct phx_jctx *c)
{
	features_or_flags(c);
	if (c->g->kind == PHX_KIND_CONTAINER) {
		gpu(c);
		raw_lines(c);
	}
	health(c);
	snapshots(c);
}

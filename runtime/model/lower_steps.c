/* What is done inside a guest, in the order it is done. Within a kind the order is that of paths and names, so that the
 * order of the source does not count; features keep the order of their list. */
#include <string.h>

#include "model/graph_priv.h"

/* A block of the guest and one of the defaults that meet by their label are one: made whole here, since steps outlive
 * the merging. */
static const struct phx_block *whole(struct phx_lower *l, const struct phx_eff_block *blk)
{
	struct phx_block *out;
	bool same = blk->block && blk->block->attrs.n == blk->attrs.n;

	for (uint32_t i = 0; same && i < blk->attrs.n; i++)
		same = blk->attrs.v[i].origin == blk->origin;
	if (same)
		return blk->block;
	out = PHX_NEW(l->b->arena, struct phx_block);
	out->spec = blk->spec;
	out->label = blk->label;
	out->span = blk->span;
	out->origin = blk->origin;
	for (uint32_t i = 0; i < blk->attrs.n; i++) {
		struct phx_attr a = *blk->attrs.v[i].a;

		a.origin = blk->attrs.v[i].origin;
		phx_vec_push(l->b->arena, &out->attrs, a);
	}
	return out;
}

/* Relative paths start where the attribute that holds them stands. */
static struct phx_str dir_of(const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *ea = phx_eff_attr(blk, "source");

	return ea ? ea->from->dir : blk->from->dir;
}

static void add_step(struct phx_lower *l, enum phx_step_kind kind, const struct phx_eff_block *blk)
{
	struct phx_step s = {.kind = (uint8_t)kind,
			     .name = blk->label,
			     .block = whole(l, blk),
			     .dir = dir_of(blk),
			     .span = blk->span};

	phx_vec_push(l->b->work, &l->b->steps, s);
}

/* --- blocks --- */

static void two_contents(struct phx_lower *l, const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *source = phx_eff_attr(blk, "source"),
				  *content = phx_eff_attr(blk, "content");
	struct phx_diag *d;

	if (source && content && source->origin == content->origin) {
		d = phx_diag_add(l->b->bag, PHX0443, content->a->name_span,
				 "`%s` has both `source` and `content`", blk->spec->name);
		phx_diag_label(l->b->bag, d, source->a->name_span, "the file is named here");
	} else if (!source && !content) {
		d = phx_diag_add(l->b->bag, PHX0443, blk->span, "`%s` has neither `source` nor `content`",
				 blk->spec->name);
		phx_diag_help(l->b->bag, d, "`source` is a file beside this one, `content` the text itself");
	}
	if (source)
		phx_check_file(l->b, source->from->dir, &source->a->value, blk->spec->name);
	if (content)
		phx_gb_secrets_in(l->b, &content->a->value);
}

static void octal(struct phx_lower *l, const struct phx_eff_block *blk)
{
	const struct phx_value *v = phx_eff_get(blk, "mode");
	struct phx_diag *d;

	if (!v || v->kind != PHX_V_INT)
		return;
	if (!(v->flags & PHX_VF_OCTAL) && v->i != 0) {
		d = phx_diag_add(l->b->bag, PHX0322, v->span, "`mode` is octal: write `0%lld`",
				 (long long)v->i);
		phx_diag_fix(l->b->bag, d, v->span,
			     phx_str_printf(l->b->bag->arena, "0%lld", (long long)v->i), false);
	} else if (v->i < 0 || v->i > 07777) {
		phx_diag_add(l->b->bag, PHX0422, v->span, "`mode` is 0 to 07777");
	}
}

static void zero(struct phx_lower *l, const struct phx_eff_block *blk, const char *attr)
{
	const struct phx_value *v = phx_eff_get(blk, attr);

	if (v && (v->kind == PHX_V_INT || v->kind == PHX_V_DURATION) && v->i <= 0)
		phx_diag_add(l->b->bag, PHX0425, v->span, "`%s.%s` cannot be zero", blk->spec->name, attr);
}

static void check_step(struct phx_lower *l, enum phx_step_kind kind, const struct phx_eff_block *blk)
{
	const struct phx_eff_attr *params = phx_eff_attr(blk, "params");

	if (kind == PHX_STEP_FILE || kind == PHX_STEP_SCRIPT)
		two_contents(l, blk);
	if (kind == PHX_STEP_FILE)
		octal(l, blk);
	if ((kind == PHX_STEP_FILE || kind == PHX_STEP_NFS) &&
	    (blk->label.len == 0 || blk->label.ptr[0] != '/'))
		phx_diag_add(l->b->bag, PHX0439, blk->span,
			     "`%s` takes a path inside the guest, which begins with `/`", blk->spec->name);
	if (params)
		phx_gb_secrets_in(l->b, &params->a->value);
	zero(l, blk, "retries");
	zero(l, blk, "interval");
	zero(l, blk, "timeout");
}

static void each(struct phx_lower *l, const char *type, enum phx_step_kind kind)
{
	PHX_VEC(const struct phx_eff_block *) sorted = {0};

	for (uint32_t i = 0; i < l->eff->blocks.n; i++) {
		const struct phx_eff_block *blk = l->eff->blocks.v[i];
		uint32_t at;

		if (!phx_same(blk->spec->name, type))
			continue;
		phx_vec_push(l->b->scratch, &sorted, blk);
		for (at = sorted.n - 1; at > 0 && phx_str_cmp(sorted.v[at - 1]->label, blk->label) > 0; at--)
			sorted.v[at] = sorted.v[at - 1];
		sorted.v[at] = blk;
	}
	for (uint32_t i = 0; i < sorted.n; i++) {
		check_step(l, kind, sorted.v[i]);
		add_step(l, kind, sorted.v[i]);
	}
}

void phx_lower_steps(struct phx_lower *l)
{
	each(l, "nfs", PHX_STEP_NFS);
	each(l, "file", PHX_STEP_FILE);
	phx_lower_features(l);
	each(l, "script", PHX_STEP_SCRIPT);
	each(l, "health", PHX_STEP_HEALTH);
}

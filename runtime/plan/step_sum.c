/* Hashes of works: what a marker remembers of a step, and how it tells what changed. */
#include <string.h>

#include "plan/plan_step.h"

void plan_sum_begin(struct plan_sum *s, struct plan *p, const struct plan_item *it, struct plan_work *x)
{
	*s = (struct plan_sum){.p = p, .it = it, .x = x};
	x->parts = PHX_NEW_N(p->arena, struct phx_str, PLAN_PARTS);
	phx_buf_c(&s->text, "phx step 1\n");
}

void plan_sum_digest(struct plan_sum *s, struct phx_str part, struct phx_str sha256)
{
	phx_buf_str(&s->text, part);
	phx_buf_ch(&s->text, ' ');
	phx_buf_str(&s->text, sha256);
	phx_buf_ch(&s->text, '\n');
	if (s->x->nparts == PLAN_PARTS)
		return; /* the hash counts it all the same */
	s->x->parts[s->x->nparts++] = part;
	phx_buf_str(&s->digits, phx_str_slice(sha256, 0, 2));
}

void plan_sum_value(struct plan_sum *s, struct phx_str part, struct phx_str value, bool secret)
{
	struct phx_str key = plan_text(s->p, s->x->w.key, PHX_STR("/"), part);

	plan_sum_digest(s, part,
			secret ? plan_secret_hash(s->p, s->it, key, value)
			       : phx_sha256_hex(s->p->arena, value));
}

void plan_sum_end(struct plan_sum *s)
{
	struct plan *p = s->p;
	struct phx_str sum = phx_sha256_hex(p->arena, phx_buf_view(&s->text));

	s->x->w.hash = phx_str_slice(sum, 0, PLAN_HASH);
	s->x->fact = plan_text(p, s->x->w.hash, PHX_STR("-"), phx_buf_view(&s->digits));
	phx_buf_done(&s->text);
	phx_buf_done(&s->digits);
}

static struct phx_str digits_of(struct phx_str fact)
{
	ptrdiff_t at = phx_str_chr(fact, '-');

	return at < 0 ? PHX_STR("") : phx_str_from(fact, (size_t)at + 1);
}

struct phx_str plan_fact_reason(struct plan *p, const struct plan_work *x)
{
	struct phx_str old = digits_of(x->known), new = digits_of(x->fact);
	struct phx_str out = PHX_STR("");

	if (!old.len || old.len != new.len)
		return out;
	for (uint32_t i = 0; i < x->nparts && i * 2 + 2 <= new.len; i++)
		if (memcmp(old.ptr + (size_t)i * 2, new.ptr + (size_t)i * 2, 2) != 0)
			out = plan_text(p, out, out.len ? PHX_STR(", ") : PHX_STR(""), x->parts[i]);
	return out.len ? plan_text(p, out, PHX_STR(" changed")) : out;
}

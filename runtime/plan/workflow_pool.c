/* Pools of the configuration. Proxmox gives a pool nothing but a comment: phx's mark stands at its end. */
#include "plan/plan_priv.h"

struct phx_str plan_pool_mark(struct plan *p)
{
	return plan_text(p, PHX_STR("("), p->own_tag, PHX_STR(")"));
}

/* The comment without the mark; *out_ours tells whether it was there. */
struct phx_str plan_pool_comment(struct plan *p, struct phx_str comment, bool *out_ours)
{
	struct phx_str mark = plan_pool_mark(p);
	struct phx_str text = phx_str_trim(comment);

	*out_ours = text.len >= mark.len && phx_str_eq(phx_str_from(text, text.len - mark.len), mark);
	return *out_ours ? phx_str_trim(phx_str_slice(text, 0, text.len - mark.len)) : text;
}

static struct phx_str wanted_comment(struct plan *p, const struct plan_item *it)
{
	const struct phx_pool *pool = (const struct phx_pool *)(const void *)it->resource;
	struct phx_str comment = phx_str_trim(pool->comment);
	bool ours;

	if (!pool->comment_declared && it->pool)
		comment = plan_pool_comment(p, it->pool->comment, &ours);
	return comment.len ? plan_text(p, comment, PHX_STR(" "), plan_pool_mark(p)) : plan_pool_mark(p);
}

/* "a/b" lies in "a": that has to be there first, and goes last. */
static bool lies_in(struct phx_str inner, struct phx_str outer)
{
	return inner.len > outer.len && inner.ptr[outer.len] == '/' &&
	       phx_str_eq(phx_str_slice(inner, 0, outer.len), outer);
}

static void need_nested(struct plan *p, const struct plan_item *it, const struct plan_item *other)
{
	if (other == it || (other->resource && other->resource->kind != PHX_KIND_POOL) ||
	    (!other->resource && !other->pool))
		return;
	if (it->action == PHX_CH_DELETE && lies_in(other->name, it->name))
		plan_need(p, other->gone);
	else if (it->action == PHX_CH_CREATE && lies_in(it->name, other->name))
		plan_need(p, other->exists);
}

static void nested(struct plan *p, const struct plan_item *it)
{
	for (uint32_t i = 0; i < p->g->pools.n; i++)
		need_nested(p, it, &p->items[p->g->pools.v[i]->r.index]);
	for (uint32_t i = 0; i < p->left.n; i++)
		need_nested(p, it, p->left.v[i]);
}

static void write_pool(struct plan *p, struct plan_item *it, enum phx_action_op op, enum phx_method method,
		       const char *verb)
{
	plan_begin(p, it, op, PHX_ACT_CALL);
	plan_call(p, method, PHX_STR("/pools"), false);
	plan_param(p, PHX_STR("poolid"), it->name);
	if (op != PHX_OP_POOL_DELETE)
		plan_param(p, PHX_STR("comment"), wanted_comment(p, it));
	plan_hold(p, PHX_STR("pools"), true, 0);
	nested(p, it);
	it->exists = it->ready = it->started =
		plan_end(p, it, plan_text(p, phx_str_c(verb), PHX_STR(" pool "), it->name));
}

void plan_pool_actions(struct plan *p, struct plan_item *it)
{
	if (it->action == PHX_CH_CREATE)
		write_pool(p, it, PHX_OP_POOL_CREATE, PHX_POST, "create");
	else if (it->action == PHX_CH_UPDATE || it->action == PHX_CH_ADOPT)
		write_pool(p, it, PHX_OP_POOL_UPDATE, PHX_PUT, "update");
}

/* After the guests that are taken out of it or deleted. */
void plan_pool_delete(struct plan *p, struct plan_item *it)
{
	if (it->pool)
		for (uint32_t i = 0; i < it->pool->guests.n; i++)
			it->last = plan_last_of_guest(p, it->pool->guests.v[i], it->last);
	write_pool(p, it, PHX_OP_POOL_DELETE, PHX_DELETE, "delete");
	it->gone = it->last;
}

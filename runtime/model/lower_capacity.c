/* `cluster { capacity { } }` */
#include "model/graph_priv.h"

static const struct phx_value *value_of(const struct phx_block *b, const char *name)
{
	const struct phx_attr *a = b ? phx_block_attr(b, name) : NULL;

	return a && phx_known(&a->value) ? &a->value : NULL;
}

static double factor(struct phx_gb *b, const struct phx_block *capacity, const char *name, double usual)
{
	const struct phx_value *v = value_of(capacity, name);
	double n = usual;

	if (v && v->kind == PHX_V_INT)
		n = (double)v->i;
	else if (v && v->kind == PHX_V_FLOAT)
		n = v->f;
	if (n > 0 && n <= 1000)
		return n;
	phx_diag_add(b->bag, PHX0422, v->span,
		     "`%s` is a multiple of what there is: more than 0, at most 1000", name);
	return usual;
}

void phx_lower_capacity(struct phx_gb *b, const struct phx_block *capacity, struct phx_cluster *c)
{
	const struct phx_value *excess = value_of(capacity, "excess");

	c->capacity.memory = factor(b, capacity, "memory", 1.0);
	c->capacity.cores = factor(b, capacity, "cores", 4.0);
	c->capacity.storage = factor(b, capacity, "storage", 1.0);
	if (excess && phx_str_eqc(excess->s, "deny"))
		c->capacity.excess = PHX_EXCESS_DENY;
	else if (excess && phx_str_eqc(excess->s, "ignore"))
		c->capacity.excess = PHX_EXCESS_IGNORE;
	c->capacity.span = capacity ? capacity->span : c->r.span;
}

/* Containers on the host: raw `lxc.*` lines, id maps, GPUs. */
#include <stdlib.h>
#include <string.h>

#include "model/graph_priv.h"
#include "model/lxc.h"

/* --- raw lines --- */

static void add_line(struct phx_lower *l, struct phx_str key, struct phx_str value, struct phx_span span,
		     uint8_t origin)
{
	struct phx_lxc_line line = {.key = key, .value = value, .span = span, .origin = origin};

	for (uint32_t i = 0; i < l->g->lxc.n; i++)
		if (phx_str_eq(l->g->lxc.v[i].key, key) && phx_str_eq(l->g->lxc.v[i].value, value))
			return;
	phx_vec_push(l->b->arena, &l->g->lxc, line);
}

static void unknown_key(struct phx_lower *l, struct phx_str key, struct phx_span span)
{
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0463, span,
					  "Proxmox knows no raw line `" PHX_STR_FMT "`", PHX_STR_ARG(key));
	struct phx_str near = phx_lxc_key_nearest(key);

	if (near.len)
		phx_diag_help(l->b->bag, d, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
	phx_diag_note(l->b->bag, d,
		      "it would leave such a line out without a word, when it writes the file next");
}

static bool value_ok(struct phx_str value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < 0x20)
			return false;
	return true;
}

static void raw_value(struct phx_lower *l, const struct phx_eff_attr *ea, const struct phx_value *v)
{
	struct phx_str text = phx_str_trim(phx_gb_text(l->b, v));

	if (!phx_known(v))
		return;
	if (!value_ok(text)) {
		phx_diag_add(l->b->bag, PHX0422, v->span, "a raw line is one line");
		return;
	}
	add_line(l, phx_str_dup(l->b->arena, ea->a->name), text, v->span, ea->origin);
}

static void raw_block(struct phx_lower *l, const struct phx_eff_block *blk)
{
	for (uint32_t i = 0; i < blk->attrs.n; i++) {
		const struct phx_eff_attr *ea = &blk->attrs.v[i];
		const struct phx_value *v = &ea->a->value;

		if (phx_is_null(v))
			continue;
		if (!phx_lxc_key_ok(ea->a->name)) {
			unknown_key(l, ea->a->name, ea->a->name_span);
			continue;
		}
		if (v->kind != PHX_V_LIST || !phx_known(v)) {
			raw_value(l, ea, v);
			continue;
		}
		for (uint32_t k = 0; k < v->list.n; k++)
			raw_value(l, ea, &v->list.v[k]);
	}
}

static int by_line(const void *a, const void *b)
{
	const struct phx_lxc_line *x = a, *y = b;
	int order = phx_str_cmp(x->key, y->key);

	return order ? order : x->order < y->order ? -1 : x->order > y->order;
}

/* By key; lines of one key in the order in which they stand: it counts for mounts and hooks. */
static void sort_lines(struct phx_lower *l)
{
	for (uint32_t i = 0; i < l->g->lxc.n; i++)
		l->g->lxc.v[i].order = i;
	if (l->g->lxc.n)
		qsort(l->g->lxc.v, l->g->lxc.n, sizeof(*l->g->lxc.v), by_line);
}

/* --- id maps --- */

static void bad_map(struct phx_lower *l, struct phx_span at, const char *what)
{
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0464, at, "this is no id map: %s", what);

	phx_diag_note(l->b->bag, d,
		      "a map is `\"u CONTAINER HOST COUNT\"`, with `g` for groups and `b` for both; or "
		      "`{ \"1000\" = 1000 }`: that id of the container is that id of the node");
}

static void map_line(struct phx_lower *l, char kind, uint64_t inside, uint64_t outside, uint64_t count,
		     struct phx_span span, uint8_t origin)
{
	struct phx_idmap m = {.kind = kind, .inside = inside, .outside = outside, .count = count};

	if (!count)
		return;
	phx_vec_push(l->b->arena, &l->g->idmap, m);
	add_line(l, PHX_STR("lxc.idmap"),
		 phx_str_printf(l->b->arena, "%c %llu %llu %llu", kind, (unsigned long long)inside,
				(unsigned long long)outside, (unsigned long long)count),
		 span, origin);
}

static void map_text(struct phx_lower *l, const struct phx_value *v, uint8_t origin)
{
	struct phx_str rest = phx_str_trim(v->s), word[5] = {0};
	uint64_t n[3];
	uint32_t words = 0;

	while (words < 5 && rest.ptr && phx_str_cut(&rest, ' ', &word[words]))
		words += word[words].len > 0;
	if (words != 4 || word[0].len != 1 || !strchr("ugb", word[0].ptr[0]) ||
	    !phx_parse_u64(word[1], &n[0]) || !phx_parse_u64(word[2], &n[1]) ||
	    !phx_parse_u64(word[3], &n[2]) || !n[2] || n[0] + n[2] > UINT32_MAX || n[1] + n[2] > UINT32_MAX) {
		bad_map(l, v->span, "it has a kind and three numbers");
		return;
	}
	if (word[0].ptr[0] != 'g')
		map_line(l, 'u', n[0], n[1], n[2], v->span, origin);
	if (word[0].ptr[0] != 'u')
		map_line(l, 'g', n[0], n[1], n[2], v->span, origin);
}

struct pair {
	uint64_t inside, outside;
};

static int by_inside(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	return x->inside < y->inside ? -1 : x->inside > y->inside;
}

/* Single ids are the node's own; all others are where Proxmox puts them, from 100000 on. */
static void map_pairs(struct phx_lower *l, const struct phx_value *v, uint8_t origin)
{
	PHX_VEC(struct pair) pairs = {0};

	for (uint32_t i = 0; v->map && i < v->map->n; i++) {
		const struct phx_member *m = &v->map->v[i];
		struct pair p = {0};

		if (!phx_parse_u64(m->key, &p.inside) || p.inside >= PHX_IDMAP_COUNT ||
		    m->value->kind != PHX_V_INT || m->value->i < 0 || m->value->i > UINT32_MAX) {
			bad_map(l, m->span, "both sides are ids, the container's below 65536");
			return;
		}
		p.outside = (uint64_t)m->value->i;
		phx_vec_push(l->b->scratch, &pairs, p);
	}
	if (!pairs.n)
		return;
	qsort(pairs.v, pairs.n, sizeof(*pairs.v), by_inside);
	for (const char *kind = "ug"; *kind; kind++) {
		uint64_t next = 0;

		for (uint32_t i = 0; i < pairs.n; i++) {
			map_line(l, *kind, next, PHX_IDMAP_BASE + next, pairs.v[i].inside - next, v->span,
				 origin);
			map_line(l, *kind, pairs.v[i].inside, pairs.v[i].outside, 1, v->span, origin);
			next = pairs.v[i].inside + 1;
		}
		map_line(l, *kind, next, PHX_IDMAP_BASE + next, PHX_IDMAP_COUNT - next, v->span, origin);
	}
}

static void lower_idmap(struct phx_lower *l)
{
	const struct phx_value *v = phx_eff_value(l->eff, PHX_GA_IDMAP);
	uint8_t origin = l->eff->at[PHX_GA_IDMAP].origin;

	if (!v)
		return;
	if (v->kind == PHX_V_MAP) {
		map_pairs(l, v, origin);
		return;
	}
	for (uint32_t i = 0; i < (v->kind == PHX_V_LIST ? v->list.n : 1); i++) {
		const struct phx_value *one = v->kind == PHX_V_LIST ? &v->list.v[i] : v;

		if (phx_known(one) && one->kind == PHX_V_STRING)
			map_text(l, one, origin);
	}
}

void phx_lower_lxc(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "lxc");

	lower_idmap(l);
	if (blk)
		raw_block(l, blk);
	sort_lines(l);
}

/* Evaluation of lists, ranges, objects, texts, their elements, and comprehensions. */
#include "sema/eval_priv.h"

static struct phx_value *list_room(struct phx_sema *s, const struct phx_node *n, uint64_t count,
				   struct phx_value *out)
{
	*out = (struct phx_value){.kind = PHX_V_LIST, .span = n->span};
	if (count > PHX_SEMA_MAX_LIST) {
		phx_eval_error(s, PHX0218, n->span, out, "a list of %llu elements is too long",
			       (unsigned long long)count);
		return NULL;
	}
	out->list.v = PHX_NEW_N(&s->tmp, struct phx_value, count);
	out->list.n = (uint32_t)count;
	return out->list.v;
}

bool phx_range_ends(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f, int64_t *from,
		    int64_t *to, struct phx_value *out)
{
	struct phx_value a, b;

	phx_eval(s, n->sub.a, f, &a);
	phx_eval(s, n->sub.b, f, &b);
	if (phx_spoiled(s, n, &a, &b, out))
		return false;
	if (a.kind != PHX_V_INT || b.kind != PHX_V_INT) {
		const struct phx_value *odd = a.kind == PHX_V_INT ? &b : &a;

		phx_eval_error(s, PHX0201, a.kind == PHX_V_INT ? n->sub.b->span : n->sub.a->span, out,
			       "an end of a range is int, not %s",
			       phx_value_kind_name((enum phx_value_kind)odd->kind));
		return false;
	}
	*from = a.i;
	*to = b.i;
	*out = (struct phx_value){.kind = PHX_V_LIST, .span = n->span};
	out->flags |= (a.flags | b.flags) & PHX_VF_SECRET;
	return true;
}

uint64_t phx_range_count(int64_t from, int64_t to)
{
	uint64_t n = to < from ? 0 : (uint64_t)to - (uint64_t)from;

	return n + (to >= from && n < UINT64_MAX);
}

void phx_eval_range(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		    struct phx_value *out)
{
	int64_t from, to;
	uint8_t flags;
	struct phx_value *v;

	if (!phx_range_ends(s, n, f, &from, &to, out))
		return;
	flags = out->flags;
	v = list_room(s, n, phx_range_count(from, to), out);
	if (!v)
		return;
	for (uint32_t i = 0; i < out->list.n; i++)
		v[i] = phx_value_int(from + i, n->span);
	phx_eval_weigh(s, out);
	out->flags |= flags;
}

void phx_eval_list(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		   struct phx_value *out)
{
	struct phx_value *v = list_room(s, n, n->list.n, out);

	for (uint32_t i = 0; v && i < n->list.n; i++) {
		phx_eval(s, n->list.v[i], f, &v[i]);
		if (v[i].flags & PHX_VF_POISON) {
			*out = phx_value_poison(n->span);
			return;
		}
	}
	phx_eval_weigh(s, out);
}

void phx_eval_object(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		     struct phx_value *out)
{
	struct phx_object *o = PHX_NEW(&s->tmp, struct phx_object);
	struct phx_value *values = PHX_NEW_N(&s->tmp, struct phx_value, n->object.n);

	o->v = PHX_NEW_N(&s->tmp, struct phx_member, n->object.n);
	o->n = n->object.n;
	for (uint32_t i = 0; i < o->n; i++) {
		const struct phx_node_member *m = &n->object.v[i];

		o->v[i] = (struct phx_member){.key = m->key, .value = &values[i], .span = m->span};
		phx_eval(s, m->value, f, &values[i]);
		if (values[i].flags & PHX_VF_POISON) {
			*out = phx_value_poison(n->span);
			return;
		}
	}
	*out = (struct phx_value){.kind = PHX_V_MAP, .map = o, .span = n->span};
	phx_eval_weigh(s, out);
}

static void not_printable(struct phx_sema *s, const struct phx_node *at, struct phx_value *v)
{
	if (v->kind == PHX_V_NULL)
		phx_eval_missing(s, PHX0209, at->span, v, "`${}` cannot print null");
	else
		phx_eval_error(s, PHX0210, at->span, v, "`${}` cannot print a value of type %s",
			       phx_value_kind_name((enum phx_value_kind)v->kind));
}

void phx_eval_template(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_value *out)
{
	struct phx_buf text = {0};
	uint8_t flags = 0;
	struct phx_value v;

	for (uint32_t i = 0; i < n->list.n; i++) {
		phx_eval(s, n->list.v[i], f, &v);
		if (!phx_is_opaque(&v) && s->masking && phx_value_is_secret(&v)) {
			phx_buf_c(&text, "(secret)");
			continue;
		}
		if (!phx_is_opaque(&v) && !phx_value_text(&v, &text))
			not_printable(s, n->list.v[i], &v);
		flags |= v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON | PHX_VF_SECRET);
		if (v.flags & PHX_VF_POISON)
			break;
		if (text.len > PHX_SEMA_MAX_STRING) {
			phx_eval_error(s, PHX0218, n->span, &v, "the text grows beyond 16 MiB");
			flags |= PHX_VF_POISON;
			break;
		}
	}
	if (flags & PHX_VF_POISON)
		*out = phx_value_poison(n->span);
	else if (flags & PHX_VF_UNKNOWN)
		*out = phx_unknown_of(s, PHX_TY(PHX_V_STRING), n->span);
	else
		*out = phx_value_str(phx_tmp_str(s, &text), n->span);
	out->flags |= flags & PHX_VF_SECRET;
	phx_buf_done(&text);
}

void phx_eval_index(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		    struct phx_value *out)
{
	struct phx_value of, key;

	phx_eval(s, n->sub.a, f, &of);
	phx_eval(s, n->sub.b, f, &key);
	if (phx_spoiled(s, n, &of, &key, out))
		return;
	if (of.kind == PHX_V_NULL) {
		phx_eval_missing(s, PHX0209, n->sub.a->span, out, "null has no elements");
	} else if (of.kind == PHX_V_MAP && key.kind == PHX_V_STRING && key.flags & PHX_VF_SECRET &&
		   !phx_object_find(s, of.map, key.s)) {
		phx_eval_missing(s, PHX0208, n->sub.b->span, out, "the object has no such key");
	} else if (of.kind == PHX_V_MAP && key.kind == PHX_V_STRING) {
		phx_access_member(s, &of, key.s, n->sub.b->span, out);
		out->flags |= key.flags & PHX_VF_SECRET;
	} else if (of.kind == PHX_V_LIST && key.kind == PHX_V_INT) {
		if (key.i < 0 || key.i >= of.list.n) {
			struct phx_diag *d =
				phx_eval_missing(s, PHX0207, n->sub.b->span, out,
						 "the list has no element %s", phx_shown(s, &key));

			if (d)
				phx_diag_note(s->bag, d,
					      of.list.n ? "its elements are 0 to %u" : "it is empty",
					      of.list.n - 1);
			return;
		}
		*out = of.list.v[key.i];
		out->flags |= (of.flags | key.flags) & PHX_VF_SECRET;
	} else {
		phx_eval_error(s, PHX0201, n->sub.b->span, out, "a %s has no element %s",
			       phx_value_kind_name((enum phx_value_kind)of.kind), phx_shown(s, &key));
	}
}

/* --- comprehensions --- */

/* What a comprehension collects. */
struct collected {
	PHX_VEC(struct phx_value) values;
	PHX_VEC(struct phx_member) members;
	struct phx_map keys;
	uint8_t flags;
};

static bool collect_member(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			   struct collected *c)
{
	struct phx_value key, *value;
	struct phx_diag *d;
	bool is_new;

	phx_eval(s, n->loop->key, f, &key);
	if (!phx_is_opaque(&key) && key.kind != PHX_V_STRING)
		phx_eval_error(s, PHX0201, n->loop->key->span, &key, "a key of a map is string, not %s",
			       phx_value_kind_name((enum phx_value_kind)key.kind));
	if (!phx_is_opaque(&key) && key.flags & PHX_VF_SECRET)
		phx_eval_error(s, PHX0310, n->loop->key->span, &key, "a secret may not be a key of a map");
	c->flags |= key.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON);
	if (phx_is_opaque(&key))
		return !(key.flags & PHX_VF_POISON);
	phx_map_put(&s->tmp, &c->keys, key.s, &is_new);
	if (!is_new) {
		d = phx_eval_error(s, PHX0222, n->loop->key->span, &key, "two elements have the key %s",
				   phx_shown(s, &key));
		if (d)
			phx_diag_label(s->bag, d, n->loop->key->span, "not unique");
		c->flags |= PHX_VF_POISON;
		return false;
	}
	value = PHX_NEW(&s->tmp, struct phx_value);
	phx_eval(s, n->loop->value, f, value);
	c->flags |= value->flags & PHX_VF_POISON;
	phx_vec_push(&s->tmp, &c->members,
		     ((struct phx_member){.key = key.s, .value = value, .span = n->span}));
	return !(value->flags & PHX_VF_POISON);
}

static bool collect(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f, struct collected *c)
{
	struct phx_value v;

	if (!phx_eval_step(s, n->span)) {
		c->flags |= PHX_VF_POISON;
		return false;
	}
	if (n->loop->cond) {
		phx_eval(s, n->loop->cond, f, &v);
		phx_want_bool(s, n->loop->cond, &v, "the condition of a comprehension");
		if (!phx_is_opaque(&v) && v.flags & PHX_VF_SECRET)
			c->flags |= PHX_VF_SECRET;
		c->flags |= v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON);
		if (phx_is_opaque(&v) || !v.b)
			return !(v.flags & PHX_VF_POISON);
	}
	if (n->loop->key)
		return collect_member(s, n, f, c);
	phx_eval(s, n->loop->value, f, &v);
	c->flags |= v.flags & PHX_VF_POISON;
	phx_vec_push(&s->tmp, &c->values, v);
	return !(v.flags & PHX_VF_POISON);
}

static void set_cell(struct phx_frame_rt *f, uint32_t slot, struct phx_value v)
{
	f->cells[slot].value = v;
	f->cells[slot].state = PHX_DONE;
}

bool phx_loop_bind(struct phx_frame_rt *f, bool two, const struct phx_value *source, uint32_t i)
{
	struct phx_value v, key;

	if (source->kind == PHX_V_LIST) {
		v = source->list.v[i];
		key = phx_value_int(i, source->span);
	} else {
		v = *source->map->v[i].value;
		key = phx_value_str(source->map->v[i].key, source->map->v[i].span);
	}
	v.flags |= source->flags & PHX_VF_SECRET;
	if (two)
		set_cell(f, 0, key);
	set_cell(f, two, v);
	return !(v.flags & PHX_VF_POISON);
}

bool phx_loop_source(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		     struct phx_value *out, uint32_t *out_n)
{
	phx_eval(s, n, f, out);
	*out_n = 0;
	if (phx_is_opaque(out))
		return false;
	if (out->kind == PHX_V_NULL) {
		phx_eval_missing(s, PHX0209, n->span, out, "what `for` goes through is null");
		return false;
	}
	if (out->kind != PHX_V_LIST && out->kind != PHX_V_MAP) {
		phx_eval_error(s, PHX0201, n->span, out, "what `for` goes through is list or map, not %s",
			       phx_value_kind_name((enum phx_value_kind)out->kind));
		return false;
	}
	*out_n = out->kind == PHX_V_LIST ? out->list.n : out->map->n;
	return true;
}

void phx_eval_loop(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		   struct phx_value *out)
{
	struct phx_frame_rt *inner = phx_frame_new(s, n->loop->scope, f);
	struct collected c = {0};
	struct phx_value source;
	uint32_t count;

	if (!phx_loop_source(s, n->loop->source, f, &source, &count)) {
		*out = source.flags & PHX_VF_POISON ? phx_value_poison(n->span)
						    : phx_unknown_of(s, n->kinds, n->span);
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		phx_loop_bind(inner, n->loop->two, &source, i);
		if (!collect(s, n, inner, &c))
			break;
	}
	if (c.flags & PHX_VF_POISON) {
		*out = phx_value_poison(n->span);
	} else if (c.flags & PHX_VF_UNKNOWN) {
		*out = phx_unknown_of(s, n->kinds, n->span);
	} else if (n->loop->key) {
		*out = (struct phx_value){
			.kind = PHX_V_MAP, .span = n->span, .map = PHX_NEW(&s->tmp, struct phx_object)};
		out->map->v = c.members.v;
		out->map->n = c.members.n;
	} else {
		*out = (struct phx_value){
			.kind = PHX_V_LIST, .span = n->span, .list = {c.values.v, c.values.n}};
	}
	phx_eval_weigh(s, out);
	out->flags |= (c.flags | source.flags) & PHX_VF_SECRET;
}

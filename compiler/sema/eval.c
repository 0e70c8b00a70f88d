/* The evaluator. Every step is counted, nothing recurses without a limit, and a mistake makes poison of all that uses
 * its value. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sema/sema_priv.h"

/* --- reports --- */

bool phx_eval_stop(struct phx_sema *s, struct phx_span at, const char *what)
{
	struct phx_diag *d;

	if (s->stopped)
		return false;
	s->stopped = true;
	d = phx_diag_add(s->bag, PHX0218, at, "%s", what);
	phx_diag_note(s->bag, d, "the rest of the configuration was not evaluated");
	return false;
}

bool phx_eval_step(struct phx_sema *s, struct phx_span at)
{
	if (s->stopped)
		return false;
	if (++s->steps > s->max_steps)
		return phx_eval_stop(s, at, "the configuration needs too many steps to evaluate");
	if (s->tmp.total + (s->out->total - s->out_before) > PHX_SEMA_MAX_MEMORY)
		return phx_eval_stop(s, at, "the configuration needs more than 768 MiB to evaluate");
	return true;
}

/* The first report of a code at a place; loops would repeat it with every turn. */
static bool first_report(struct phx_sema *s, enum phx_code code, struct phx_span at)
{
	uint32_t key[3] = {(uint32_t)code, at.file, at.start};
	bool is_new;

	if (phx_map_find(&s->reported, (struct phx_str){(const char *)key, sizeof(key)}))
		return false;
	phx_map_put(&s->tmp, &s->reported,
		    phx_str_dup(&s->tmp, (struct phx_str){(const char *)key, sizeof(key)}), &is_new);
	return true;
}

PHX_PRINTF(4, 0)
static struct phx_diag *report(struct phx_sema *s, enum phx_code code, struct phx_span at, const char *fmt,
			       va_list args)
{
	struct phx_buf text = {0};
	struct phx_diag *d = NULL;
	char *room;
	va_list again;
	int n;

	if (!first_report(s, code, at))
		return NULL;
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	room = phx_buf_reserve(&text, (size_t)n + 1);
	vsnprintf(room, (size_t)n + 1, fmt, again);
	text.len = (size_t)n;
	va_end(again);
	d = phx_diag_add(s->bag, code, at, "%.*s", n, text.ptr);
	phx_buf_done(&text);
	return d;
}

struct phx_diag *phx_eval_error(struct phx_sema *s, enum phx_code code, struct phx_span at,
				struct phx_value *out, const char *fmt, ...)
{
	struct phx_diag *d;
	va_list args;

	*out = phx_value_poison(at);
	va_start(args, fmt);
	d = report(s, code, at, fmt, args);
	va_end(args);
	return d;
}

struct phx_diag *phx_eval_missing(struct phx_sema *s, enum phx_code code, struct phx_span at,
				  struct phx_value *out, const char *fmt, ...)
{
	struct phx_diag *d;
	va_list args;

	*out = phx_value_poison(at);
	if (s->catching) {
		s->caught = true;
		return NULL;
	}
	va_start(args, fmt);
	d = report(s, code, at, fmt, args);
	va_end(args);
	if (d)
		phx_diag_help(s->bag, d, "`try(…, default)` gives a value where there is none");
	return d;
}

struct phx_str phx_tmp_str(struct phx_sema *s, const struct phx_buf *b)
{
	return phx_str_dup(&s->tmp, phx_buf_view(b));
}

const char *phx_shown(struct phx_sema *s, const struct phx_value *v)
{
	enum { MOST = 120 };
	struct phx_buf text = {0};
	struct phx_str copy;
	size_t cut = MOST;

	phx_value_show(v, &text);
	if (text.len > MOST) {
		while (cut > 0 && ((unsigned char)text.ptr[cut] & 0xc0) == 0x80)
			cut--;
		text.len = cut;
		phx_buf_c(&text, "…");
	}
	copy = phx_tmp_str(s, &text);
	phx_buf_done(&text);
	return copy.ptr;
}

/* --- unknowns --- */

struct phx_value phx_unknown_of(struct phx_sema *s, uint32_t kinds, struct phx_span at)
{
	enum phx_value_kind kind = PHX_V_NULL;

	s->config->has_unknowns = s->config->has_unknowns || s->opt->validate_only;
	if (kinds && (kinds & (kinds - 1)) == 0)
		kind = (enum phx_value_kind)__builtin_ctz(kinds);
	return phx_value_unknown(kind, at);
}

static bool opaque(const struct phx_value *v)
{
	return v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON);
}

/* When one of the operands cannot be computed, neither can the result. */
static bool spoiled(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
		    const struct phx_value *b, struct phx_value *out)
{
	if ((a->flags | b->flags) & PHX_VF_POISON) {
		*out = phx_value_poison(n->span);
		return true;
	}
	if (!((a->flags | b->flags) & PHX_VF_UNKNOWN))
		return false;
	*out = phx_unknown_of(s, n->kinds, n->span);
	out->flags |= (a->flags | b->flags) & PHX_VF_SECRET;
	return true;
}

/* --- limits of size: a value may hold another many times, and that one many times another --- */

static void weigh_one(struct phx_value *v, const struct phx_value *inner, uint64_t *weight)
{
	*weight += 1 + (uint64_t)inner->weight;
	if (inner->depth >= v->depth)
		v->depth = (uint16_t)(inner->depth + 1);
}

void phx_eval_weigh(struct phx_sema *s, struct phx_value *v)
{
	uint64_t weight = 0;

	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON) || (v->kind != PHX_V_LIST && v->kind != PHX_V_MAP))
		return;
	v->depth = 1;
	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++)
		weigh_one(v, &v->list.v[i], &weight);
	for (uint32_t i = 0; v->kind == PHX_V_MAP && i < v->map->n; i++)
		weigh_one(v, v->map->v[i].value, &weight);
	s->steps += weight / 16;
	if (weight > PHX_SEMA_MAX_LIST)
		phx_eval_error(s, PHX0218, v->span, v,
			       "a value that holds more than a million others is too large");
	else if (v->depth > PHX_SEMA_MAX_NESTING)
		phx_eval_error(s, PHX0218, v->span, v,
			       "lists and maps may stand in one another %d deep at most",
			       PHX_SEMA_MAX_NESTING);
	else
		v->weight = (uint32_t)weight;
}

/* --- objects --- */

struct phx_value *phx_object_find(struct phx_sema *s, const struct phx_object *o, struct phx_str key)
{
	enum { FEW = 12 };
	struct phx_map_entry *entry;
	struct phx_map *index;
	struct phx_str address;

	for (uint32_t i = 0; o->n <= FEW && i < o->n; i++) {
		if (phx_str_eq(o->v[i].key, key))
			return o->v[i].value;
	}
	if (o->n <= FEW)
		return NULL;
	address = (struct phx_str){(const char *)&o, sizeof(o)};
	index = phx_map_get(&s->object_index, address);
	if (!index) {
		index = PHX_NEW(&s->tmp, struct phx_map);
		phx_map_put(&s->tmp, &s->object_index, phx_str_dup(&s->tmp, address), NULL)->ptr = index;
		for (uint32_t i = 0; i < o->n; i++)
			phx_map_put(&s->tmp, index, o->v[i].key, NULL)->ptr = o->v[i].value;
	}
	entry = phx_map_find(index, key);
	return entry ? entry->ptr : NULL;
}

/* --- names --- */

struct phx_frame_rt *phx_frame_new(struct phx_sema *s, const struct phx_scope *scope, struct phx_frame_rt *up)
{
	uint32_t n = scope->syms.n;
	struct phx_frame_rt *f = phx_arena_alloc(&s->tmp, sizeof(*f) + n * sizeof(struct phx_cell),
						 _Alignof(struct phx_frame_rt));

	f->up = up;
	f->inst = up ? up->inst : NULL;
	f->n = n;
	for (uint32_t i = 0; i < n; i++)
		f->cells[i].sym = scope->syms.v[i];
	return f;
}

void phx_eval_sym(struct phx_sema *s, struct phx_sym *sym, struct phx_cell *cell, struct phx_frame_rt *f,
		  struct phx_span use, struct phx_value *out)
{
	struct phx_trail step = {.sym = sym, .use = use};
	bool catching = s->catching;

	if (cell->state == PHX_DONE) {
		*out = cell->value;
		return;
	}
	if (cell->state == PHX_RUNNING) {
		phx_trail_report(s, &step);
		*out = phx_value_poison(use);
		return;
	}
	cell->state = PHX_RUNNING;
	phx_vec_push(&s->tmp, &s->trail, step);
	s->catching = false;
	if (sym->kind == PHX_SYM_PARAM)
		phx_param_value(s, sym->param, out);
	else if (sym->init)
		phx_eval(s, sym->init, f, out);
	else
		*out = phx_value_poison(use);
	s->catching = catching;
	s->trail.n--;
	cell->value = *out;
	cell->state = PHX_DONE;
}

static void eval_local(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_value *out)
{
	struct phx_cell *cell;

	for (uint32_t i = 0; i < n->local.hops; i++)
		f = f->up;
	cell = &f->cells[n->local.slot];
	if (cell->state == PHX_DONE)
		*out = cell->value;
	else
		phx_eval_sym(s, (struct phx_sym *)(uintptr_t)cell->sym, cell, f, n->span, out);
}

static void eval_resource(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			  struct phx_value *out)
{
	struct phx_inst *inst;
	struct phx_value name;

	phx_eval(s, n->res.name, f, &name);
	if (opaque(&name)) {
		*out = name.flags & PHX_VF_POISON ? phx_value_poison(n->span)
						  : phx_unknown_of(s, PHX_TY(PHX_V_REF), n->span);
		return;
	}
	if (name.kind != PHX_V_STRING || name.flags & PHX_VF_SECRET) {
		phx_eval_error(s, PHX0201, n->res.name->span, out,
			       "the name of a resource is a string that is no secret");
		return;
	}
	inst = phx_inst_find(s, n->res.kind, name.s, n->span, out);
	if (inst)
		*out = (struct phx_value){.kind = PHX_V_REF, .ref = inst->ref, .span = n->span};
}

/* --- operators --- */

/* At run time only where the static type was open. */
static bool op_possible(struct phx_sema *s, const struct phx_node *n, const struct phx_value *a,
			const struct phx_value *b, struct phx_value *out)
{
	enum phx_op op = (enum phx_op)n->op;
	const struct phx_node *null_side = a->kind == PHX_V_NULL ? n->sub.a : n->sub.b;

	if (phx_op_kind(op, (enum phx_value_kind)a->kind, (enum phx_value_kind)b->kind) != PHX_V_KIND_COUNT)
		return true;
	if (a->kind == PHX_V_NULL || b->kind == PHX_V_NULL) {
		phx_eval_missing(s, PHX0209, null_side->span, out,
				 "`%s` has nothing to work on: this is null", phx_op_text(op));
		return false;
	}
	*out = phx_value_poison(n->span);
	if (first_report(s, PHX0202, n->span))
		phx_op_mismatch(s, op, n->sub.a->span, phx_ty_value(s, a), n->sub.b->span,
				phx_ty_value(s, b));
	return false;
}

/* `x in 1..50` needs no list. */
static void eval_in_range(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			  struct phx_value *out)
{
	const struct phx_node *range = n->sub.b;
	struct phx_value x, from, to;

	phx_eval(s, n->sub.a, f, &x);
	phx_eval(s, range->sub.a, f, &from);
	phx_eval(s, range->sub.b, f, &to);
	if (spoiled(s, n, &from, &to, out) || spoiled(s, n, &x, &x, out))
		return;
	if (from.kind != PHX_V_INT || to.kind != PHX_V_INT || x.kind != PHX_V_INT) {
		phx_eval_error(s, PHX0201, n->span, out, "a range holds ints: %s in %s..%s", phx_shown(s, &x),
			       phx_shown(s, &from), phx_shown(s, &to));
		return;
	}
	*out = phx_value_bool(x.i >= from.i && x.i <= to.i, n->span);
	out->flags |= (x.flags | from.flags | to.flags) & PHX_VF_SECRET;
}

/* Operators whose result depends on what lists and maps hold. */
static bool looks_inside(const struct phx_node *n)
{
	return n->op == PHX_OP_EQ || n->op == PHX_OP_NE || n->op == PHX_OP_IN;
}

static void eval_binary(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			struct phx_value *out)
{
	struct phx_value a, b;

	if (n->op == PHX_OP_IN && n->sub.b->kind == PHX_N_RANGE) {
		eval_in_range(s, n, f, out);
		return;
	}
	phx_eval(s, n->sub.a, f, &a);
	phx_eval(s, n->sub.b, f, &b);
	if (spoiled(s, n, &a, &b, out) || !op_possible(s, n, &a, &b, out))
		return;
	if (looks_inside(n) && !(phx_value_is_known(&a) && phx_value_is_known(&b))) {
		*out = phx_unknown_of(s, PHX_TY(PHX_V_BOOL), n->span);
		return;
	}
	phx_op_apply(s, n, &a, &b, out);
	if (looks_inside(n) && (phx_value_is_secret(&a) || phx_value_is_secret(&b)))
		out->flags |= PHX_VF_SECRET;
	out->flags |= (a.flags | b.flags) & PHX_VF_SECRET;
}

static void want_bool(struct phx_sema *s, const struct phx_node *at, struct phx_value *v, const char *what)
{
	if (opaque(v) || v->kind == PHX_V_BOOL)
		return;
	if (v->kind == PHX_V_NULL)
		phx_eval_missing(s, PHX0209, at->span, v, "%s is null", what);
	else
		phx_eval_error(s, PHX0201, at->span, v, "%s is bool, not %s", what,
			       phx_value_kind_name((enum phx_value_kind)v->kind));
}

/* What decides may be known although the rest is not. */
static void eval_logic(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_value *out)
{
	bool decides = n->kind == PHX_N_OR;
	const char *what = decides ? "what `||` joins" : "what `&&` joins";
	struct phx_value a, b;

	phx_eval(s, n->sub.a, f, &a);
	want_bool(s, n->sub.a, &a, what);
	if (a.flags & PHX_VF_POISON || (!opaque(&a) && a.b == decides)) {
		*out = a;
		return;
	}
	phx_eval(s, n->sub.b, f, &b);
	want_bool(s, n->sub.b, &b, what);
	*out = b;
	out->flags |= a.flags & PHX_VF_SECRET;
	if (a.flags & PHX_VF_UNKNOWN && !opaque(&b) && b.b != decides) {
		*out = a;
		out->flags |= b.flags & PHX_VF_SECRET;
	}
	out->span = n->span;
}

static void eval_unary(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_value *out)
{
	phx_eval(s, n->sub.a, f, out);
	if (opaque(out))
		return;
	if (n->kind == PHX_N_NOT) {
		want_bool(s, n->sub.a, out, "what `!` negates");
		out->b = !opaque(out) && !out->b;
	} else if (out->kind == PHX_V_FLOAT) {
		out->f = -out->f;
	} else if (out->kind == PHX_V_INT) {
		if (__builtin_sub_overflow(0, out->i, &out->i))
			phx_eval_error(s, PHX0204, n->span, out, "the result of `-` is too large");
	} else {
		phx_eval_error(s, PHX0201, n->sub.a->span, out, "what `-` negates is int or float, not %s",
			       phx_value_kind_name((enum phx_value_kind)out->kind));
	}
	out->span = n->span;
}

static void eval_cond(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		      struct phx_value *out)
{
	struct phx_value test;

	phx_eval(s, n->sub.a, f, &test);
	want_bool(s, n->sub.a, &test, "the condition of `? :`");
	if (test.flags & PHX_VF_POISON) {
		*out = test;
	} else if (test.flags & PHX_VF_UNKNOWN) {
		*out = phx_unknown_of(s, n->kinds, n->span);
	} else {
		phx_eval(s, test.b ? n->sub.b : n->sub.c, f, out);
	}
	out->flags |= test.flags & PHX_VF_SECRET;
}

/* --- lists, objects, texts --- */

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
	if (spoiled(s, n, &a, &b, out))
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

static void eval_range(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
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

static void eval_list(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
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

static void eval_object(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
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
		if (!opaque(&v) && s->masking && phx_value_is_secret(&v)) {
			phx_buf_c(&text, "(secret)");
			continue;
		}
		if (!opaque(&v) && !phx_value_text(&v, &text))
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

static void eval_index(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_value *out)
{
	struct phx_value of, key;

	phx_eval(s, n->sub.a, f, &of);
	phx_eval(s, n->sub.b, f, &key);
	if (spoiled(s, n, &of, &key, out))
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
	if (!opaque(&key) && key.kind != PHX_V_STRING)
		phx_eval_error(s, PHX0201, n->loop->key->span, &key, "a key of a map is string, not %s",
			       phx_value_kind_name((enum phx_value_kind)key.kind));
	if (!opaque(&key) && key.flags & PHX_VF_SECRET)
		phx_eval_error(s, PHX0310, n->loop->key->span, &key, "a secret may not be a key of a map");
	c->flags |= key.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON);
	if (opaque(&key))
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
		want_bool(s, n->loop->cond, &v, "the condition of a comprehension");
		if (!opaque(&v) && v.flags & PHX_VF_SECRET)
			c->flags |= PHX_VF_SECRET;
		c->flags |= v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON);
		if (opaque(&v) || !v.b)
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
	if (opaque(out))
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

static void eval_loop(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
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

/* --- all together --- */

static void eval_member(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
			struct phx_value *out)
{
	struct phx_value of;

	phx_eval(s, n->member.of, f, &of);
	phx_access_member(s, &of, n->member.name, n->span, out);
}

static void eval_any(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		     struct phx_value *out)
{
	switch ((enum phx_node_kind)n->kind) {
	case PHX_N_POISON:
	case PHX_N_SELF:
		*out = phx_value_poison(n->span);
		return;
	case PHX_N_CONST:
		*out = n->value;
		return;
	case PHX_N_LOCAL:
		eval_local(s, n, f, out);
		return;
	case PHX_N_GLOBAL:
		phx_eval_sym(s, n->global, &n->global->cell, NULL, n->span, out);
		return;
	case PHX_N_RESOURCE:
		eval_resource(s, n, f, out);
		return;
	case PHX_N_PATH:
		phx_access_path(s, n, f, out);
		return;
	case PHX_N_MEMBER:
		eval_member(s, n, f, out);
		return;
	case PHX_N_INDEX:
		eval_index(s, n, f, out);
		return;
	case PHX_N_CALL:
		phx_eval_call(s, n, f, out);
		return;
	case PHX_N_FEATURE:
		phx_eval_feature(s, n, f, out);
		return;
	case PHX_N_NOT:
	case PHX_N_NEG:
		eval_unary(s, n, f, out);
		return;
	case PHX_N_BINARY:
		eval_binary(s, n, f, out);
		return;
	case PHX_N_AND:
	case PHX_N_OR:
		eval_logic(s, n, f, out);
		return;
	case PHX_N_RANGE:
		eval_range(s, n, f, out);
		return;
	case PHX_N_COND:
		eval_cond(s, n, f, out);
		return;
	case PHX_N_LIST:
		eval_list(s, n, f, out);
		return;
	case PHX_N_OBJECT:
		eval_object(s, n, f, out);
		return;
	case PHX_N_TEMPLATE:
		phx_eval_template(s, n, f, out);
		return;
	case PHX_N_LOOP:
		eval_loop(s, n, f, out);
		return;
	}
	PHX_BUG("node kind %d", n->kind);
}

void phx_eval(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f, struct phx_value *out)
{
	if (n->kind == PHX_N_CONST) {
		*out = n->value;
		return;
	}
	if (!phx_eval_step(s, n->span)) {
		*out = phx_value_poison(n->span);
		return;
	}
	if (s->depth >= PHX_SEMA_MAX_DEPTH) {
		phx_eval_stop(s, n->span, "too many values depend on one another in a row");
		*out = phx_value_poison(n->span);
		return;
	}
	s->depth++;
	eval_any(s, n, f, out);
	s->depth--;
}

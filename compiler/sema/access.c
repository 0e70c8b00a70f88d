/* `vm.web.network.ip` and `self.memory`: what counts for a resource. Its own declarations first, then the defaults of its
 * kind, then what the source of its clone hands on. Only what is asked for is evaluated. */
#include <string.h>

#include "sema/access_priv.h"

/* Labels that mean the same place get one spelling, as in the graph. */
struct phx_str phx_block_key(struct phx_sema *s, const struct phx_block_spec *spec, enum phx_kind kind,
			     struct phx_str label)
{
	if (strcmp(spec->name, "disk") == 0)
		return label.len == 0 || phx_str_eqc(label, "rootfs") ? PHX_STR("root") : label;
	if (strcmp(spec->name, "network") != 0)
		return label;
	if (label.len == 0)
		return PHX_STR("net0");
	if (kind == PHX_KIND_CONTAINER && label.len == 4 && phx_str_starts(label, "eth"))
		return phx_str_printf(&s->tmp, "net%c", label.ptr[3]);
	return label;
}

static bool is_net_slot(struct phx_str key)
{
	return key.len > 3 && phx_str_starts(key, "net") && key.ptr[3] >= '0' && key.ptr[3] <= '9';
}

/* The slot that a network block's label or its `slot` names; empty: neither does. */
static struct phx_str fixed_slot(struct phx_sema *s, struct phx_inst *inst, const struct phx_block *b)
{
	struct phx_str key = phx_block_key(s, b->spec, inst->decl->kind, b->label);

	if (is_net_slot(key))
		return key;
	for (uint32_t i = 0; i < b->attrs.n; i++) {
		const struct phx_attr *a = &b->attrs.v[i];

		if (phx_str_eqc(a->name, "slot") && a->value.kind == PHX_V_STRING &&
		    !(a->value.flags & PHX_VF_LAZY))
			return a->value.s;
	}
	return (struct phx_str){0};
}

/* How many blocks without a slot of their own come before b, in order of the labels. */
static uint32_t rank(struct phx_sema *s, struct phx_inst *inst, const struct phx_block *of,
		     const struct phx_block *b)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < of->blocks.n; i++) {
		const struct phx_block *other = of->blocks.v[i];

		n += other->spec == b->spec && fixed_slot(s, inst, other).len == 0 &&
		     phx_str_natcmp(other->label, b->label) < 0;
	}
	return n;
}

/* The slot of a network block: what it says, or the first free one in order of the labels. */
static struct phx_str net_slot(struct phx_sema *s, struct phx_inst *inst, const struct phx_block *of,
			       const struct phx_block *b)
{
	struct phx_str slot = fixed_slot(s, inst, b);
	uint32_t before = slot.len ? 0 : rank(s, inst, of, b);

	for (uint32_t n = 0; slot.len == 0; n++) {
		struct phx_str candidate = phx_str_printf(&s->tmp, "net%u", n);
		bool taken = false;

		for (uint32_t i = 0; i < of->blocks.n && !taken; i++)
			taken = of->blocks.v[i]->spec == b->spec &&
				phx_str_eq(fixed_slot(s, inst, of->blocks.v[i]), candidate);
		if (!taken && before-- == 0)
			slot = candidate;
	}
	return slot;
}

static bool step_matches(struct phx_sema *s, struct phx_inst *inst, const struct phx_block *of,
			 const struct phx_block *b, const struct phx_step_to *step)
{
	if (!phx_str_eqc(step->name, b->spec->name))
		return false;
	if (!b->spec->repeatable || (step->label.len == 0 && strcmp(b->spec->name, "network") != 0 &&
				     strcmp(b->spec->name, "disk") != 0))
		return true;
	if (phx_str_eq(phx_block_key(s, b->spec, inst->decl->kind, b->label),
		       phx_block_key(s, b->spec, inst->decl->kind, step->label)))
		return true;
	return strcmp(b->spec->name, "network") == 0 &&
	       phx_str_eq(net_slot(s, inst, of, b), phx_block_key(s, b->spec, inst->decl->kind, step->label));
}

struct phx_block *phx_access_block(struct phx_sema *s, struct phx_inst *inst, const struct phx_place_of *p)
{
	struct phx_block *b = &inst->decl->body;

	for (uint32_t i = 0; i < p->n && b; i++) {
		struct phx_block *next = NULL;

		for (uint32_t k = 0; k < b->blocks.n && !next; k++) {
			if (step_matches(s, inst, b, b->blocks.v[k], &p->steps[i]))
				next = b->blocks.v[k];
		}
		b = next;
	}
	return b;
}

/* --- conditions that depend on what they decide --- */

static bool may_define(const struct phx_body_ir *body, struct phx_str name, bool block, bool inside)
{
	for (uint32_t i = 0; i < body->n; i++) {
		const struct phx_do *d = &body->v[i];

		if (inside && !block && d->kind == PHX_DO_ATTR && phx_str_eq(d->ast->attr.name.text, name))
			return true;
		if (block && d->kind == PHX_DO_BLOCK && phx_str_eqc(name, d->block->spec->name))
			return true;
		if (d->kind == PHX_DO_FOR && may_define(d->loop->body, name, block, true))
			return true;
		for (uint32_t k = 0; d->kind == PHX_DO_IF && k < d->branch.n; k++) {
			if (may_define(d->branch.v[k].body, name, block, true))
				return true;
		}
	}
	return false;
}

/* While the body of `inst` is being laid out, something in it asks for what is not there yet. */
static bool asks_too_early(struct phx_sema *s, struct phx_inst *inst, const struct phx_place_of *p,
			   struct phx_str name, struct phx_span use, struct phx_value *out)
{
	struct phx_diag *d;

	if (inst->state != PHX_RUNNING || !inst->ast ||
	    !may_define(&inst->ast->body, p->n ? p->steps[0].name : name, p->n > 0, false))
		return false;
	d = phx_eval_error(s, PHX0233, use, out, "whether `" PHX_STR_FMT "` is set depends on itself",
			   PHX_STR_ARG(name));
	if (d)
		phx_diag_label(s->bag, d, inst->decl->span, "in this `%s`", phx_kind_name(inst->decl->kind));
	return true;
}

/* --- what counts --- */

static bool own_value(struct phx_sema *s, struct phx_inst *inst, const struct phx_place_of *p,
		      struct phx_str name, struct phx_span use, struct phx_value *out)
{
	struct phx_block *b;

	phx_expand_body(s, inst);
	b = phx_access_block(s, inst, p);
	for (uint32_t i = 0; b && i < b->attrs.n; i++) {
		if (phx_str_eq(b->attrs.v[i].name, name)) {
			phx_force_attr(s, inst, b, i, use, out);
			return true;
		}
	}
	return asks_too_early(s, inst, p, name, use, out);
}

static bool is_null(const struct phx_value *v)
{
	return v->kind == PHX_V_NULL && !(v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON));
}

static bool default_value(struct phx_sema *s, struct phx_inst *inst, const struct phx_place_of *p,
			  struct phx_str name, struct phx_span use, struct phx_value *out)
{
	if (inst->ast && inst->ast->defaults)
		return false;
	for (uint32_t i = 0; i < s->defaults.n; i++) {
		struct phx_inst *defaults = s->defaults.v[i];

		if (defaults->decl->kind == inst->decl->kind && own_value(s, defaults, p, name, use, out) &&
		    !is_null(out))
			return true;
	}
	return false;
}

static bool inherits(struct phx_inst *inst, const struct phx_place_of *p, struct phx_str name)
{
	const struct phx_block_spec *in = phx_schema_kind(inst->decl->kind);
	const struct phx_attr_spec *attr;

	for (uint32_t i = 0; i < p->n && in; i++) {
		in = phx_schema_block(in, p->steps[i].name);
		if (!in || !(in->flags & PHX_AF_INHERIT))
			return false;
	}
	attr = in ? phx_schema_attr(in, name) : NULL;
	return attr ? (attr->flags & PHX_AF_INHERIT) != 0 : in != NULL && p->n > 0;
}

static struct phx_inst *source_of(struct phx_sema *s, struct phx_inst *inst, struct phx_span use)
{
	struct phx_place_of body = {0};
	struct phx_value v;

	if (!own_value(s, inst, &body, PHX_STR("clone"), use, &v) &&
	    !default_value(s, inst, &body, PHX_STR("clone"), use, &v))
		return NULL;
	if (v.kind != PHX_V_REF || v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return NULL;
	return phx_inst_of(s, v.ref);
}

bool phx_access_effective(struct phx_sema *s, struct phx_inst *inst, const struct phx_place_of *p,
			  struct phx_str name, struct phx_span use, struct phx_value *out)
{
	/* Clones in a circle are reported by the graph. */
	for (int chain = 0; inst && chain < 64; chain++) {
		bool own = own_value(s, inst, p, name, use, out);

		if (own && !is_null(out))
			return true;
		if (!own && default_value(s, inst, p, name, use, out))
			return true;
		if (!inherits(inst, p, name))
			return false;
		inst = source_of(s, inst, use);
	}
	return false;
}

/* --- values of blocks --- */

static struct phx_value block_value(struct phx_sema *s, struct phx_inst *inst, struct phx_place_of *p,
				    struct phx_span use)
{
	const struct phx_block_spec *in = phx_schema_kind(inst->decl->kind);
	struct phx_object *o = PHX_NEW(&s->tmp, struct phx_object);
	struct phx_value v;
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->n && in; i++)
		in = phx_schema_block(in, p->steps[i].name);
	for (const struct phx_attr_spec *a = in ? in->attrs : NULL; a && a->name; a++)
		n++;
	o->v = PHX_NEW_N(&s->tmp, struct phx_member, n);
	for (uint32_t i = 0; i < n; i++) {
		struct phx_str name = phx_str_c(in->attrs[i].name);

		if (!phx_access_attr(s, inst, p, name, use, &v) || is_null(&v))
			continue;
		o->v[o->n].key = name;
		o->v[o->n].value = PHX_NEW(&s->tmp, struct phx_value);
		*o->v[o->n++].value = v;
	}
	v = (struct phx_value){.kind = PHX_V_MAP, .map = o, .span = use};
	phx_eval_weigh(s, &v);
	return v;
}

static struct phx_value blocks_value(struct phx_sema *s, struct phx_inst *inst, struct phx_place_of *p,
				     struct phx_span use)
{
	struct phx_object *o = PHX_NEW(&s->tmp, struct phx_object);
	struct phx_step_to *last = &p->steps[p->n - 1];
	struct phx_place_of outer = *p;
	struct phx_block *of;
	struct phx_value v;

	outer.n--;
	phx_expand_body(s, inst);
	of = phx_access_block(s, inst, &outer);
	o->v = PHX_NEW_N(&s->tmp, struct phx_member, of ? of->blocks.n : 0);
	for (uint32_t i = 0; of && i < of->blocks.n; i++) {
		const struct phx_block *b = of->blocks.v[i];

		if (!phx_str_eqc(last->name, b->spec->name))
			continue;
		last->label = phx_block_key(s, b->spec, inst->decl->kind, b->label);
		o->v[o->n].key =
			strcmp(b->spec->name, "network") == 0 ? net_slot(s, inst, of, b) : last->label;
		o->v[o->n].span = b->span;
		o->v[o->n].value = PHX_NEW(&s->tmp, struct phx_value);
		*o->v[o->n++].value = block_value(s, inst, p, use);
	}
	v = (struct phx_value){.kind = PHX_V_MAP, .map = o, .span = use};
	phx_eval_weigh(s, &v);
	return v;
}

/* --- one step along a path --- */

static bool push_step(struct phx_place_of *p, struct phx_str name, struct phx_str label)
{
	if (p->n == PHX_COUNTOF(p->steps))
		return false;
	p->steps[p->n++] = (struct phx_step_to){.name = name, .label = label};
	return true;
}

static const struct phx_block_spec *spec_at(const struct phx_inst *inst, const struct phx_place_of *p)
{
	const struct phx_block_spec *in = phx_schema_kind(inst->decl->kind);

	for (uint32_t i = 0; i < p->n && in; i++)
		in = phx_schema_block(in, p->steps[i].name);
	return in;
}

/* The attribute or block `seg` at the cursor. True: the cursor moved into a block; false: *out is a value. */
static bool take_step(struct phx_sema *s, struct phx_cursor *c, const struct phx_seg *seg,
		      struct phx_str label, bool last, struct phx_value *out)
{
	const struct phx_block_spec *in = spec_at(c->inst, &c->at);
	const struct phx_block_spec *child = in ? phx_schema_block(in, seg->name) : NULL;
	struct phx_str name = seg->name;

	if (seg->blocks) {
		name = phx_str_slice(name, 0, name.len - 1);
		child = in ? phx_schema_block(in, name) : NULL;
		label = child ? phx_block_key(s, child, c->inst->decl->kind, label) : label;
	}
	if (child && (!last || seg->blocks || !phx_schema_attr(in, name)))
		return push_step(&c->at, name, label);
	if (phx_access_attr(s, c->inst, &c->at, name, seg->span, out))
		return false;
	if (child)
		return push_step(&c->at, name, label);
	phx_access_absent(s, c, name, seg->span, out);
	return false;
}

static void finish_block(struct phx_sema *s, struct phx_cursor *c, const struct phx_seg *seg,
			 struct phx_value *out)
{
	if (seg->blocks && !seg->label)
		*out = blocks_value(s, c->inst, &c->at, seg->span);
	else
		*out = block_value(s, c->inst, &c->at, seg->span);
}

static bool seg_label(struct phx_sema *s, const struct phx_seg *seg, struct phx_frame_rt *f,
		      struct phx_value *out)
{
	*out = phx_value_str((struct phx_str){0}, seg->span);
	if (!seg->label)
		return true;
	phx_eval(s, seg->label, f, out);
	return out->kind == PHX_V_STRING && !(out->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON));
}

static bool start_at(struct phx_sema *s, struct phx_cursor *c, const struct phx_value *v, struct phx_span at,
		     struct phx_value *out)
{
	*c = (struct phx_cursor){0};
	if (v->kind != PHX_V_REF || v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)) {
		*out = *v;
		return false;
	}
	c->inst = phx_inst_of(s, v->ref);
	if (c->inst)
		return true;
	phx_eval_missing(s, PHX0208, at, out,
			 "`feature." PHX_STR_FMT "` is built in and has no attributes to read",
			 PHX_STR_ARG(v->ref->name));
	return false;
}

/* From the innermost block outwards. */
static void start_at_self(struct phx_frame_rt *f, uint32_t hops, struct phx_cursor *c)
{
	const struct phx_block *chain[PHX_COUNTOF(c->at.steps)];
	uint32_t n = 0;

	while (hops--)
		f = f->up;
	*c = (struct phx_cursor){.inst = f->inst};
	for (; f && f->inst == c->inst && n < PHX_COUNTOF(chain); f = f->up) {
		if (f->block && f->block != &c->inst->decl->body)
			chain[n++] = f->block;
	}
	while (n--)
		push_step(&c->at, phx_str_c(chain[n]->spec->name), chain[n]->label);
}

/* An object that stands for a resource: what is not known of it is null, at any depth. */
static void walk_object(struct phx_sema *s, const struct phx_node *n, struct phx_value *v,
			struct phx_value *out)
{
	struct phx_value *found = v;

	for (uint32_t i = 0; i < n->path.n && found; i++) {
		const struct phx_seg *seg = &n->path.segs[i];

		found = found->kind == PHX_V_MAP ? phx_object_find(s, found->map, seg->name) : NULL;
		if (found && seg->label)
			found = NULL;
	}
	*out = found ? *found : (struct phx_value){.kind = PHX_V_NULL};
	out->span = n->span;
}

void phx_access_path(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		     struct phx_value *out)
{
	struct phx_cursor c;
	struct phx_value v;
	bool in_block = true;

	if (n->path.of->kind == PHX_N_SELF) {
		start_at_self(f, n->path.of->local.hops, &c);
	} else {
		phx_eval(s, n->path.of, f, &v);
		if (v.flags & PHX_VF_UNKNOWN) {
			*out = phx_unknown_of(s, n->kinds, n->span);
			return;
		}
		if (v.kind == PHX_V_MAP && !(v.flags & PHX_VF_POISON)) {
			walk_object(s, n, &v, out);
			return;
		}
		if (!start_at(s, &c, &v, n->path.of->span, out))
			goto no_resource;
	}
	for (uint32_t i = 0; i < n->path.n; i++) {
		const struct phx_seg *seg = &n->path.segs[i];
		bool last = i + 1 == n->path.n;

		if (!seg_label(s, seg, f, &v)) {
			*out = v.flags & PHX_VF_UNKNOWN ? phx_unknown_of(s, n->kinds, n->span)
							: phx_value_poison(n->span);
			return;
		}
		in_block = take_step(s, &c, seg, v.s, last && !seg->label, out);
		if (in_block && last)
			finish_block(s, &c, seg, out);
		if (in_block || last)
			continue;
		v = *out;
		if (v.flags & PHX_VF_UNKNOWN) {
			*out = phx_unknown_of(s, n->kinds, n->span);
			return;
		}
		if (v.kind != PHX_V_REF || v.flags & PHX_VF_POISON) {
			phx_access_member(s, &v, n->path.segs[i + 1].name, n->path.segs[i + 1].span, out);
			return;
		}
		if (!start_at(s, &c, &v, seg->span, out))
			return;
	}
	return;
no_resource:
	if (out->kind == PHX_V_NULL && !(out->flags & PHX_VF_POISON))
		phx_eval_missing(s, PHX0209, n->path.of->span, out, "null has no attributes");
}

void phx_access_member(struct phx_sema *s, struct phx_value *v, struct phx_str name, struct phx_span at,
		       struct phx_value *out)
{
	struct phx_seg seg = {.name = name, .span = at};
	struct phx_value *found;
	struct phx_cursor c;
	struct phx_diag *d;

	if (v->flags & PHX_VF_POISON) {
		*out = *v;
	} else if (v->flags & PHX_VF_UNKNOWN) {
		*out = phx_unknown_of(s, PHX_TY_ANY, at);
		out->flags |= v->flags & PHX_VF_SECRET;
	} else if (v->kind == PHX_V_MAP) {
		found = phx_object_find(s, v->map, name);
		if (found)
			*out = *found;
		else
			phx_eval_missing(s, PHX0208, at, out, "the object has no key `" PHX_STR_FMT "`",
					 PHX_STR_ARG(name));
		out->flags |= v->flags & PHX_VF_SECRET;
	} else if (v->kind == PHX_V_REF) {
		if (start_at(s, &c, v, at, out) && take_step(s, &c, &seg, (struct phx_str){0}, true, out))
			finish_block(s, &c, &seg, out);
	} else if (v->kind == PHX_V_NULL) {
		phx_eval_missing(s, PHX0209, at, out, "null has no `." PHX_STR_FMT "`", PHX_STR_ARG(name));
	} else {
		d = phx_eval_error(s, PHX0201, at, out, "a value of type %s has no `." PHX_STR_FMT "`",
				   phx_value_kind_name((enum phx_value_kind)v->kind), PHX_STR_ARG(name));
		if (d && !(v->flags & PHX_VF_SECRET))
			phx_diag_note(s->bag, d, "it is %s", phx_shown(s, v));
	}
}

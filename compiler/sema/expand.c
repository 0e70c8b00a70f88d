/* From statements to declarations: loops run, conditions choose, names are put together. What exists is settled first,
 * on demand where one thing decides another; bodies are laid out when somebody looks into them; attributes wait. */
#include <string.h>

#include "sema/access_priv.h"

static void expand_do(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f,
		      struct phx_inst *inst, struct phx_block *block);

/* A text that outlives the run: slices of a source do, everything else is copied. */
struct phx_str phx_keep_str(struct phx_sema *s, struct phx_str t, struct phx_span at)
{
	const struct phx_source *source = at.file ? phx_source_get(s->sources, at.file) : NULL;
	uintptr_t p = (uintptr_t)t.ptr, from = source ? (uintptr_t)source->text.ptr : 0;

	if (t.len == 0 || (source && p >= from && p + t.len <= from + source->text.len))
		return t;
	return phx_str_dup(s->out, t);
}

/* --- names of blocks --- */

/* False: it cannot be known; *out_unknown tells whether that was reported. */
static bool label_text(struct phx_sema *s, const struct phx_node *n, struct phx_frame_rt *f,
		       struct phx_str *out, bool *out_unknown)
{
	struct phx_value v;
	struct phx_diag *d;

	phx_eval(s, n, f, &v);
	*out_unknown = v.flags & PHX_VF_UNKNOWN;
	if (v.flags & PHX_VF_SECRET && !(v.flags & PHX_VF_POISON)) {
		*out_unknown = false;
		d = phx_eval_error(s, PHX0310, n->span, &v, "a secret may not be part of a name");
		if (d)
			phx_diag_note(s->bag, d, "names are shown in plans, tags and the cluster itself");
		return false;
	}
	if (v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return false;
	*out = phx_keep_str(s, v.s, n->span);
	return true;
}

static bool good_name(struct phx_sema *s, const struct phx_do_block *b, struct phx_str name)
{
	struct phx_value poison;
	const char *why = NULL;

	if (name.len == 0)
		why = "is empty";
	else if (name.len > 200)
		why = "is longer than 200 bytes";
	for (size_t i = 0; i < name.len && !why; i++) {
		if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
			why = "holds a control character";
	}
	/* An empty name that is written as such was reported when the block was bound. */
	if (why && (name.len || b->labels[0]->kind != PHX_N_CONST))
		phx_eval_error(s, PHX0243, b->labels[0]->span, &poison, "the name of this `%s` %s",
			       b->spec->name, why);
	return !why;
}

/* --- declarations --- */

static void skip_kind(struct phx_sema *s, enum phx_kind kind, bool unknown)
{
	s->skipped[kind] = true;
	s->config->has_unknowns = s->config->has_unknowns || (unknown && s->opt->validate_only);
}

/* "vm.web"; put together by hand, because there may be very many. */
static struct phx_str address_of(struct phx_sema *s, const struct phx_do_block *b, struct phx_str name)
{
	struct phx_str kind = phx_str_c(b->defaults ? "defaults" : phx_kind_name(b->kind));
	char *at = phx_arena_alloc(s->out, kind.len + name.len + 2, 1);

	memcpy(at, kind.ptr, kind.len);
	at[kind.len] = '.';
	memcpy(at + kind.len + 1, name.ptr, name.len);
	return (struct phx_str){at, kind.len + 1 + name.len};
}

static struct phx_inst *inst_new(struct phx_sema *s, const struct phx_do_block *b, struct phx_str name,
				 struct phx_frame_rt *f)
{
	struct phx_inst *inst = PHX_NEW(&s->tmp, struct phx_inst);
	const struct phx_source *source = phx_source_get(s->sources, b->ast->head.file);

	inst->decl = PHX_NEW(s->out, struct phx_decl);
	inst->decl->kind = b->kind;
	inst->decl->name = name;
	inst->decl->address = address_of(s, b, name);
	inst->decl->span = inst->decl->body.span = b->ast->head;
	inst->decl->body.spec = b->spec;
	inst->decl->dir = phx_path_dir(source->path);
	inst->decl->body.label = name;
	inst->ast = b;
	inst->outer = f;
	inst->order = (uint64_t)s->order << 32 | s->turn++;
	inst->ref = PHX_NEW(s->out, struct phx_ref);
	inst->ref->kind = (uint8_t)b->kind;
	inst->ref->name = name;
	inst->ref->decl = inst->decl;
	return inst;
}

static void defined_twice(struct phx_sema *s, const struct phx_inst *again, const struct phx_inst *first)
{
	struct phx_diag *d =
		phx_diag_add(s->bag, PHX0311, again->decl->span, "`" PHX_STR_FMT "` is declared twice",
			     PHX_STR_ARG(again->decl->address));

	phx_diag_label(s->bag, d, again->decl->span, "declared again here");
	phx_diag_label(s->bag, d, first->decl->span, "first declared here");
	if (again->ast == first->ast)
		phx_diag_help(
			s->bag, d,
			"two turns of a loop give the same name: make the loop's variable a part of it");
}

static void instantiate(struct phx_sema *s, const struct phx_do_block *b, struct phx_frame_rt *f)
{
	struct phx_inst *inst;
	struct phx_map_entry *entry;
	struct phx_str name = {0};
	bool unknown = false, is_new;

	if (!label_text(s, b->labels[0], f, &name, &unknown)) {
		skip_kind(s, b->kind, unknown);
		return;
	}
	if (!good_name(s, b, name)) {
		skip_kind(s, b->kind, false);
		return;
	}
	inst = inst_new(s, b, name, f);
	if (b->defaults) {
		phx_vec_push(&s->tmp, &s->defaults, inst);
		return;
	}
	if (b->kind == PHX_KIND_STACK) {
		phx_vec_push(&s->tmp, &s->stacks, inst);
		return;
	}
	entry = phx_map_put(&s->tmp, &s->by_name[b->kind], name, &is_new);
	if (!is_new) {
		defined_twice(s, inst, entry->ptr);
		return;
	}
	entry->ptr = inst;
	phx_vec_push(&s->tmp, &s->insts, inst);
}

/* --- blocks and attributes inside a declaration --- */

static struct phx_value waiting(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f)
{
	struct phx_thunk *t = phx_thunk_new(s);

	t->attr = d;
	t->frame = f;
	return (struct phx_value){
		.flags = PHX_VF_LAZY, .i = s->nthunks - 1, .span = d->ast->attr.value->span};
}

static void add_attr(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f,
		     struct phx_inst *inst, struct phx_block *block)
{
	struct phx_ast_name name = d->ast->attr.name;
	struct phx_attr attr = {.spec = d->attr.spec, .name_span = name.span, .origin = PHX_FROM_SELF};
	struct phx_schema_ctx c = phx_schema_ctx_of(s, inst->decl->kind, inst->decl->span);

	for (uint32_t i = 0; i < block->attrs.n; i++) {
		if (!phx_str_eq(block->attrs.v[i].name, name.text))
			continue;
		phx_schema_repeated_attr(&c, name.text, name.span, block->attrs.v[i].name_span);
		inst->decl->poisoned = true;
		return;
	}
	attr.name = phx_keep_str(s, name.text, name.span);
	if (d->checked) {
		attr.value = d->attr.value ? d->attr.value->value : phx_literal(s, d->ast->attr.value);
		phx_export(s, &attr.value);
	} else {
		attr.value = waiting(s, d, f);
	}
	phx_vec_push(s->out, &block->attrs, attr);
}

static bool repeated(struct phx_sema *s, const struct phx_do_block *b, struct phx_inst *inst,
		     struct phx_block *in, struct phx_str label)
{
	struct phx_schema_ctx c = phx_schema_ctx_of(s, inst->decl->kind, inst->decl->span);
	struct phx_str key = phx_block_key(s, b->spec, inst->decl->kind, label);

	if (b->spec->label == PHX_LABEL_RULE)
		return false;
	for (uint32_t i = 0; i < in->blocks.n; i++) {
		const struct phx_block *other = in->blocks.v[i];

		if (other->spec != b->spec ||
		    (b->spec->repeatable &&
		     !phx_str_eq(phx_block_key(s, b->spec, inst->decl->kind, other->label), key)))
			continue;
		phx_schema_repeated_block(&c, b->spec,
					  label.len             ? label
					  : b->spec->repeatable ? key
								: label,
					  b->ast->head, other->span);
		inst->decl->poisoned = true;
		return true;
	}
	return false;
}

static void reserve(struct phx_sema *s, struct phx_block *block, const struct phx_body_ir *body)
{
	if (body->nattrs) {
		block->attrs.v = PHX_NEW_N(s->out, struct phx_attr, body->nattrs);
		block->attrs.cap = body->nattrs;
	}
	if (body->nblocks) {
		block->blocks.v = PHX_NEW_N(s->out, struct phx_block *, body->nblocks);
		block->blocks.cap = body->nblocks;
	}
}

/* Attributes first: conditions may ask for them. */
static void lay_out(struct phx_sema *s, const struct phx_do_block *b, struct phx_frame_rt *outer,
		    struct phx_inst *inst, struct phx_block *block)
{
	struct phx_frame_rt *f = phx_frame_new(s, b->scope, outer);

	f->inst = inst;
	f->block = block;
	reserve(s, block, &b->body);
	for (uint32_t i = 0; i < b->body.n; i++) {
		if (b->body.v[i].kind == PHX_DO_ATTR)
			expand_do(s, &b->body.v[i], f, inst, block);
	}
	for (uint32_t i = 0; i < b->body.n; i++) {
		if (b->body.v[i].kind != PHX_DO_ATTR)
			expand_do(s, &b->body.v[i], f, inst, block);
	}
}

static void add_block(struct phx_sema *s, const struct phx_do_block *b, struct phx_frame_rt *f,
		      struct phx_inst *inst, struct phx_block *in)
{
	struct phx_schema_ctx c = phx_schema_ctx_of(s, inst->decl->kind, b->ast->head);
	struct phx_str labels[2] = {{0}, {0}};
	struct phx_block *block;
	bool fixed = true, unknown;

	if (b->faulty)
		inst->decl->poisoned = true;
	for (uint32_t i = 0; i < b->nlabels; i++) {
		fixed = fixed && b->labels[i]->kind == PHX_N_CONST;
		if (label_text(s, b->labels[i], f, &labels[i], &unknown))
			continue;
		inst->decl->poisoned = true;
		s->config->has_unknowns = s->config->has_unknowns || (unknown && s->opt->validate_only);
		return;
	}
	if (!fixed && !phx_schema_label(&c, b->spec, labels[0], labels[1], b->ast->head)) {
		inst->decl->poisoned = true;
		return;
	}
	if (repeated(s, b, inst, in, labels[0]))
		return;
	block = PHX_NEW(s->out, struct phx_block);
	block->spec = b->spec;
	block->label = labels[0];
	block->label2 = labels[1];
	block->span = b->ast->head;
	phx_vec_push(s->out, &in->blocks, block);
	lay_out(s, b, f, inst, block);
}

void phx_expand_body(struct phx_sema *s, struct phx_inst *inst)
{
	if (inst->state != PHX_TODO)
		return;
	inst->state = PHX_RUNNING;
	if (inst->ast->faulty)
		inst->decl->poisoned = true;
	lay_out(s, inst->ast, inst->outer, inst, &inst->decl->body);
	inst->state = PHX_DONE;
}

/* --- loops and conditions --- */

static void skip_body(struct phx_sema *s, const struct phx_body_ir *body, bool unknown)
{
	for (uint32_t i = 0; i < body->n; i++) {
		const struct phx_do *d = &body->v[i];

		if (d->kind == PHX_DO_BLOCK)
			skip_kind(s, d->block->kind, unknown);
		else if (d->kind == PHX_DO_FOR)
			skip_body(s, d->loop->body, unknown);
		for (uint32_t k = 0; d->kind == PHX_DO_IF && k < d->branch.n; k++)
			skip_body(s, d->branch.v[k].body, unknown);
	}
}

/* What a loop goes through, or a condition, cannot be known: what it makes may or may not exist. */
static void skip(struct phx_sema *s, const struct phx_body_ir *body, const struct phx_value *why,
		 struct phx_inst *inst)
{
	bool unknown = why->flags & PHX_VF_UNKNOWN;

	s->config->has_unknowns = s->config->has_unknowns || (unknown && s->opt->validate_only);
	if (inst && !unknown)
		inst->decl->poisoned = true;
	if (!inst)
		skip_body(s, body, unknown);
}

static bool secret_decides(struct phx_sema *s, const struct phx_node *n, struct phx_value *v,
			   const char *what)
{
	struct phx_diag *d;

	if (v->flags & PHX_VF_POISON || !(v->flags & PHX_VF_SECRET))
		return false;
	d = phx_eval_error(s, PHX0217, n->span, v, "a secret may not decide %s", what);
	if (d)
		phx_diag_note(s->bag, d,
			      "what exists is shown in every plan, and would give the secret away");
	return true;
}

static void expand_for(struct phx_sema *s, const struct phx_do_for *loop, struct phx_frame_rt *f,
		       struct phx_inst *inst, struct phx_block *block)
{
	struct phx_value source;
	int64_t from = 0, to = -1;
	uint64_t n;
	bool range = loop->source->kind == PHX_N_RANGE;
	bool known;

	if (range) {
		known = phx_range_ends(s, loop->source, f, &from, &to, &source);
		n = phx_range_count(from, to);
	} else {
		uint32_t count;

		known = phx_loop_source(s, loop->source, f, &source, &count);
		n = count;
	}
	if (secret_decides(s, loop->source, &source, "what a loop goes through") || !known) {
		skip(s, loop->body, &source, inst);
		return;
	}
	for (uint64_t i = 0; i < n && phx_eval_step(s, loop->source->span); i++) {
		struct phx_frame_rt *inner = phx_frame_new(s, loop->scope, f);
		struct phx_value element = phx_value_int(from + (int64_t)i, loop->source->span);
		struct phx_value one = {
			.kind = PHX_V_LIST, .list = {&element, 1}, .span = loop->source->span};

		phx_loop_bind(inner, loop->two, range ? &one : &source, range ? 0 : (uint32_t)i);
		if (range && loop->two)
			inner->cells[0].value.i = (int64_t)i;
		for (uint32_t k = 0; k < loop->body->n; k++)
			expand_do(s, &loop->body->v[k], inner, inst, block);
	}
}

static void expand_if(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f,
		      struct phx_inst *inst, struct phx_block *block)
{
	for (uint32_t i = 0; i < d->branch.n; i++) {
		const struct phx_do_arm *arm = &d->branch.v[i];
		struct phx_frame_rt *inner = f;
		struct phx_value v = phx_value_bool(true, d->ast->span);

		if (arm->cond) {
			phx_eval(s, arm->cond, f, &v);
			if (!(v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)) && v.kind != PHX_V_BOOL)
				phx_eval_error(s, PHX0201, arm->cond->span, &v,
					       "the condition of `if` is bool, not %s",
					       phx_value_kind_name((enum phx_value_kind)v.kind));
		}
		if (secret_decides(s, arm->cond, &v, "a condition") ||
		    v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)) {
			for (uint32_t k = i; k < d->branch.n; k++)
				skip(s, d->branch.v[k].body, &v, inst);
			return;
		}
		if (!v.b)
			continue;
		if (arm->scope->framed)
			inner = phx_frame_new(s, arm->scope, f);
		for (uint32_t k = 0; k < arm->body->n; k++)
			expand_do(s, &arm->body->v[k], inner, inst, block);
		return;
	}
}

static void expand_do(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f,
		      struct phx_inst *inst, struct phx_block *block)
{
	switch ((enum phx_do_kind)d->kind) {
	case PHX_DO_ATTR:
		add_attr(s, d, f, inst, block);
		break;
	case PHX_DO_BLOCK:
		if (inst)
			add_block(s, d->block, f, inst, block);
		else
			instantiate(s, d->block, f);
		break;
	case PHX_DO_FOR:
		expand_for(s, d->loop, f, inst, block);
		break;
	case PHX_DO_IF:
		expand_if(s, d, f, inst, block);
		break;
	case PHX_DO_ASSERT:
		phx_vec_push(&s->tmp, &s->checks,
			     ((struct phx_check_rt){.check = d->check, .frame = f, .span = d->ast->span}));
		break;
	case PHX_DO_OUTPUT:
		phx_vec_push(&s->tmp, &s->outputs, ((struct phx_output_rt){.stmt = d, .frame = f}));
		break;
	}
}

/* --- the top --- */

static void run_top(struct phx_sema *s, struct phx_top *top)
{
	uint32_t order = s->order, turn = s->turn;

	if (top->state != PHX_TODO)
		return;
	top->state = PHX_RUNNING;
	s->order = top->unit;
	s->turn = 0;
	expand_do(s, top->stmt, NULL, NULL, NULL);
	s->order = order;
	s->turn = turn;
	top->state = PHX_DONE;
}

static bool is_fixed_block(const struct phx_do *d)
{
	return d->kind == PHX_DO_BLOCK && d->block->labels[0]->kind == PHX_N_CONST;
}

static bool declares(const struct phx_do *d)
{
	if (d->kind == PHX_DO_FOR)
		return d->loop->body->declares;
	for (uint32_t i = 0; d->kind == PHX_DO_IF && i < d->branch.n; i++) {
		if (d->branch.v[i].body->declares)
			return true;
	}
	return d->kind == PHX_DO_BLOCK;
}

/* Loops that only check or put out see everything that exists; they come last. */
void phx_expand_all(struct phx_sema *s)
{
	for (uint32_t i = 0; i < s->top.n; i++) {
		if (is_fixed_block(s->top.v[i].stmt))
			run_top(s, &s->top.v[i]);
	}
	for (uint32_t i = 0; i < s->top.n; i++) {
		if (declares(s->top.v[i].stmt))
			run_top(s, &s->top.v[i]);
	}
	s->expanded = true;
	for (uint32_t i = 0; i < s->top.n; i++)
		run_top(s, &s->top.v[i]);
}

/* --- looking for a declaration --- */

static void decides_itself(struct phx_sema *s, struct phx_span at, const struct phx_top *top,
			   const char *what, struct phx_value *out)
{
	struct phx_diag *d = phx_eval_error(s, PHX0233, at, out, "%s depends on itself", what);

	if (!d)
		return;
	phx_diag_label(s->bag, d, at, "this is needed to know what the statement makes");
	phx_diag_label(s->bag, d, top->stmt->ast->span, "this statement");
}

static struct phx_inst *find_pending(struct phx_sema *s, enum phx_kind kind, struct phx_str name,
				     struct phx_span at, struct phx_value *out, bool *out_failed)
{
	struct phx_top *running = NULL;
	struct phx_inst *inst;

	for (uint32_t i = 0; i < s->top.n; i++) {
		struct phx_top *top = &s->top.v[i];

		if (top->state == PHX_DONE || !declares(top->stmt) ||
		    !phx_unit_possible(s, top->unit, kind, name))
			continue;
		if (top->state == PHX_RUNNING)
			running = top;
		run_top(s, top);
		inst = phx_map_get(&s->by_name[kind], name);
		if (inst)
			return inst;
	}
	*out_failed = running != NULL;
	if (running) {
		struct phx_str what = phx_str_printf(&s->tmp, "whether `%s." PHX_STR_FMT "` exists",
						     phx_kind_name(kind), PHX_STR_ARG(name));

		decides_itself(s, at, running, what.ptr, out);
	}
	return NULL;
}

static void builtin_ref(struct phx_sema *s, struct phx_str name, struct phx_span at, struct phx_value *out)
{
	struct phx_map_entry *entry = phx_map_put(&s->tmp, &s->builtins, phx_str_dup(s->out, name), NULL);
	struct phx_ref *ref = entry->ptr;

	if (!ref) {
		ref = PHX_NEW(s->out, struct phx_ref);
		ref->kind = PHX_KIND_FEATURE;
		ref->name = entry->key;
		entry->ptr = ref;
	}
	*out = (struct phx_value){.kind = PHX_V_REF, .ref = ref, .span = at};
}

static void not_made(struct phx_sema *s, enum phx_kind kind, struct phx_str name, struct phx_span at,
		     struct phx_value *out)
{
	struct phx_diag *d;

	d = phx_eval_missing(s, PHX0312, at, out, "there is no %s `" PHX_STR_FMT "`", phx_kind_name(kind),
			     PHX_STR_ARG(name));
	if (!d)
		return;
	phx_diag_label(s->bag, d, at, "not declared");
	for (uint32_t i = 0; i < s->patterns.n; i++) {
		if (s->patterns.v[i].kind == kind &&
		    phx_unit_possible(s, s->patterns.v[i].unit, kind, name)) {
			phx_diag_label(s->bag, d, s->patterns.v[i].head, "this could make it, but does not");
			return;
		}
	}
}

struct phx_inst *phx_inst_find(struct phx_sema *s, enum phx_kind kind, struct phx_str name,
			       struct phx_span at, struct phx_value *out)
{
	struct phx_inst *inst = phx_map_get(&s->by_name[kind], name);
	bool failed = false;

	if (!inst && !s->expanded)
		inst = find_pending(s, kind, name, at, out, &failed);
	if (inst || failed)
		return inst;
	if (kind == PHX_KIND_FEATURE && phx_feature_is_builtin(name)) {
		builtin_ref(s, name, at, out);
	} else if (s->skipped[kind] && phx_pattern_possible(s, kind, name)) {
		*out = s->opt->validate_only ? phx_unknown_of(s, PHX_TY(PHX_V_REF), at)
					     : phx_value_poison(at);
	} else {
		not_made(s, kind, name, at, out);
	}
	return NULL;
}

struct phx_inst *phx_inst_of(struct phx_sema *s, const struct phx_ref *ref)
{
	return phx_map_get(&s->by_name[ref->kind], ref->name);
}

static bool makes_guests(struct phx_sema *s, const struct phx_top *top)
{
	for (uint32_t i = 0; i < s->patterns.n; i++) {
		const struct phx_pattern_decl *p = &s->patterns.v[i];

		if (p->unit == top->unit && (p->kind == PHX_KIND_VM || p->kind == PHX_KIND_CONTAINER))
			return true;
	}
	return false;
}

/* Everything that makes guests must have run. */
bool phx_expand_guests(struct phx_sema *s, struct phx_span at, struct phx_value *out)
{
	for (uint32_t i = 0; i < s->top.n && !s->expanded; i++) {
		struct phx_top *top = &s->top.v[i];

		if (!declares(top->stmt))
			continue;
		if (top->state == PHX_RUNNING && makes_guests(s, top)) {
			decides_itself(s, at, top, "which guests there are", out);
			return false;
		}
		run_top(s, top);
	}
	if (!s->skipped[PHX_KIND_VM] && !s->skipped[PHX_KIND_CONTAINER])
		return true;
	*out = s->opt->validate_only ? phx_unknown_of(s, PHX_TY(PHX_V_LIST), at) : phx_value_poison(at);
	return false;
}

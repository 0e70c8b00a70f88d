/* One declaration, or a block or attribute inside one, out of a statement: named, laid out, not yet evaluated. */
#include <string.h>

#include "sema/expand_priv.h"

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

void phx_skip_kind(struct phx_sema *s, enum phx_kind kind, bool unknown)
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
	inst->decl->extent = b->ast->body ? phx_span_join(b->ast->head, b->ast->body->span) : b->ast->head;
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

void phx_instantiate(struct phx_sema *s, const struct phx_do_block *b, struct phx_frame_rt *f)
{
	struct phx_inst *inst;
	struct phx_map_entry *entry;
	struct phx_str name = {0};
	bool unknown = false, is_new;

	if (!label_text(s, b->labels[0], f, &name, &unknown)) {
		phx_skip_kind(s, b->kind, unknown);
		return;
	}
	if (!good_name(s, b, name)) {
		phx_skip_kind(s, b->kind, false);
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

void phx_add_attr(struct phx_sema *s, const struct phx_do *d, struct phx_frame_rt *f, struct phx_inst *inst,
		  struct phx_block *block)
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
			phx_expand_do(s, &b->body.v[i], f, inst, block);
	}
	for (uint32_t i = 0; i < b->body.n; i++) {
		if (b->body.v[i].kind != PHX_DO_ATTR)
			phx_expand_do(s, &b->body.v[i], f, inst, block);
	}
}

void phx_add_block(struct phx_sema *s, const struct phx_do_block *b, struct phx_frame_rt *f,
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

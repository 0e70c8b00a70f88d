/* The end of a run: everything is evaluated, whoever asked for it, assertions are checked, and the result is put
 * together in memory that outlives the run. */
#include <stdlib.h>

#include "sema/sema_priv.h"

/* --- declarations --- */

static void force_block(struct phx_sema *s, struct phx_inst *inst, struct phx_block *b)
{
	struct phx_value v;

	for (uint32_t i = 0; i < b->attrs.n; i++)
		phx_force_attr(s, inst, b, i, b->attrs.v[i].name_span, &v);
	for (uint32_t i = 0; i < b->blocks.n; i++)
		force_block(s, inst, b->blocks.v[i]);
}

static void export_params(struct phx_sema *s, struct phx_inst *inst)
{
	struct phx_decl *decl = inst->decl;

	for (uint32_t i = 0; inst->ast->params && i < inst->ast->params->v.n; i++) {
		const struct phx_sema_param *p = inst->ast->params->v.v[i];
		struct phx_block *b = phx_block_add(s->out, &decl->body, "param",
						    phx_keep_str(s, p->name, p->name_span), p->name_span);
		struct phx_value v;

		if (p->ast->type)
			phx_block_set(
				s->out, b, PHX_STR("type"),
				phx_value_str(phx_keep_str(s, phx_source_text(s->sources, p->ast->type->span),
							   p->ast->type->span),
					      p->ast->type->span),
				p->ast->type->span);
		if (!p->init)
			continue;
		phx_eval(s, p->init, inst->outer, &v);
		if (v.flags & PHX_VF_POISON)
			decl->poisoned = true;
		phx_export(s, &v);
		phx_block_set(s->out, b, PHX_STR("default"), v, p->name_span);
	}
}

static void finish_inst(struct phx_sema *s, struct phx_inst *inst)
{
	struct phx_schema_ctx c = phx_schema_ctx_of(s, inst->decl->kind, inst->decl->span);

	phx_expand_body(s, inst);
	force_block(s, inst, &inst->decl->body);
	export_params(s, inst);
	if (!inst->decl->poisoned && !inst->ast->defaults && !s->stopped)
		phx_schema_required(&c, &inst->decl->body);
}

/* --- outputs --- */

static void add_output(struct phx_sema *s, const struct phx_output_rt *o, struct phx_map *seen)
{
	struct phx_output out = {.span = o->stmt->ast->attr.name.span};
	bool is_new;
	struct phx_map_entry *entry = phx_map_put(&s->tmp, seen, o->stmt->ast->attr.name.text, &is_new);
	struct phx_diag *d;

	if (!is_new) {
		d = phx_diag_add(s->bag, PHX0245, out.span, "the output `" PHX_STR_FMT "` is declared twice",
				 PHX_STR_ARG(o->stmt->ast->attr.name.text));
		phx_diag_label(s->bag, d, out.span, "again here");
		phx_diag_label(s->bag, d, s->config->outputs.v[entry->num].span, "first here");
		return;
	}
	entry->num = s->config->outputs.n;
	out.name = phx_keep_str(s, o->stmt->ast->attr.name.text, out.span);
	phx_eval(s, o->stmt->output, o->frame, &out.value);
	out.value.span = o->stmt->output->span;
	if (!s->opt->validate_only && !phx_value_is_known(&out.value) && phx_value_is_secret(&out.value))
		phx_report_unset(s, &out.value);
	phx_export(s, &out.value);
	phx_vec_push(s->out, &s->config->outputs, out);
}

static int by_name(const void *a, const void *b)
{
	const struct phx_output *x = a, *y = b;

	return phx_str_cmp(x->name, y->name);
}

/* --- the stack --- */

static const struct phx_do *ids_of(const struct phx_inst *stack)
{
	for (uint32_t i = 0; i < stack->ast->body.n; i++) {
		const struct phx_do *d = &stack->ast->body.v[i];

		if (d->kind == PHX_DO_ATTR && phx_str_eqc(d->ast->attr.name.text, "ids"))
			return d;
	}
	return NULL;
}

/* `ids = ids_of_lab` may be a range under a name; its elements follow one another. */
static bool ids_from_list(struct phx_sema *s, const struct phx_node *n, int64_t *from, int64_t *to)
{
	struct phx_value v;

	phx_eval(s, n, NULL, &v);
	if (v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return false;
	*from = 0;
	*to = -1;
	if (v.kind != PHX_V_LIST || v.list.n == 0)
		return true;
	for (uint32_t i = 0; i < v.list.n; i++) {
		if (v.list.v[i].kind != PHX_V_INT || v.list.v[i].i != v.list.v[0].i + i)
			return true;
	}
	*from = v.list.v[0].i;
	*to = v.list.v[v.list.n - 1].i;
	return true;
}

static void stack_ids(struct phx_sema *s, const struct phx_inst *stack)
{
	const struct phx_do *ids = ids_of(stack);
	int64_t from, to;
	struct phx_value v;
	struct phx_diag *d;
	bool known;

	if (!ids || !ids->attr.value)
		return; /* a literal is no range, and was refused */
	if (ids->attr.value->kind == PHX_N_RANGE)
		known = phx_range_ends(s, ids->attr.value, NULL, &from, &to, &v);
	else
		known = ids_from_list(s, ids->attr.value, &from, &to);
	if (!known)
		return;
	if (from < 0 || to < 0) {
		d = phx_diag_add(s->bag, PHX0325, ids->attr.value->span, "`ids` is a range of guest ids");
		phx_diag_help(s->bag, d, "write `ids = 200..299`");
		return;
	}
	s->config->has_ids = true;
	s->config->ids_first = (uint64_t)from;
	s->config->ids_last = (uint64_t)to;
}

static void finish_stack(struct phx_sema *s)
{
	const struct phx_inst *stack;
	struct phx_diag *d;

	if (s->stacks.n == 0)
		return;
	stack = s->stacks.v[0];
	for (uint32_t i = 1; i < s->stacks.n; i++) {
		d = phx_diag_add(s->bag, PHX0240, s->stacks.v[i]->decl->span,
				 "a configuration has one `stack`");
		phx_diag_label(s->bag, d, s->stacks.v[i]->decl->span, "another one here");
		phx_diag_label(s->bag, d, stack->decl->span, "first declared here");
	}
	s->config->stack = stack->decl->name;
	s->config->stack_span = stack->decl->span;
	stack_ids(s, stack);
}

/* --- all together --- */

static int by_order(const void *a, const void *b)
{
	const struct phx_inst *x = *(const struct phx_inst *const *)a,
			      *y = *(const struct phx_inst *const *)b;

	return (x->order > y->order) - (x->order < y->order);
}

static bool in_order(const struct phx_sema *s)
{
	for (uint32_t i = 1; i < s->insts.n; i++) {
		if (s->insts.v[i - 1]->order > s->insts.v[i]->order)
			return false;
	}
	return true;
}

static void finish_names(struct phx_sema *s)
{
	struct phx_value v;

	for (uint32_t i = 0; i < s->files.syms.n; i++) {
		struct phx_sym *sym = s->files.syms.v[i];

		phx_eval_sym(s, sym, &sym->cell, NULL, sym->span, &v);
	}
}

void phx_finish(struct phx_sema *s)
{
	struct phx_map outputs = {0};

	if (!in_order(s))
		qsort(s->insts.v, s->insts.n, sizeof(*s->insts.v), by_order);
	finish_names(s);
	for (uint32_t i = 0; i < s->defaults.n; i++)
		finish_inst(s, s->defaults.v[i]);
	s->config->decls.v = PHX_NEW_N(s->out, struct phx_decl *, s->insts.n);
	s->config->decls.cap = s->insts.n;
	for (uint32_t i = 0; i < s->insts.n; i++) {
		finish_inst(s, s->insts.v[i]);
		phx_vec_push(s->out, &s->config->decls, s->insts.v[i]->decl);
	}
	for (uint32_t i = 0; i < s->defaults.n; i++)
		phx_vec_push(s->out, &s->config->defaults, s->defaults.v[i]->decl);
	finish_stack(s);
	phx_run_asserts(s);
	for (uint32_t i = 0; i < s->outputs.n; i++)
		add_output(s, &s->outputs.v[i], &outputs);
	phx_report_unserved(s);
	if (s->config->outputs.n)
		qsort(s->config->outputs.v, s->config->outputs.n, sizeof(*s->config->outputs.v), by_name);
}

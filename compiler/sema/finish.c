/* The end of a run: everything is evaluated, whoever asked for it, assertions are checked, and the result is put
 * together in memory that outlives the run. */
#include <stdlib.h>
#include <string.h>

#include "sema/sema_priv.h"

/* --- values that outlive the run --- */

static void keep_secret(struct phx_sema *s, struct phx_str text)
{
	bool is_new;

	phx_map_put(&s->tmp, &s->known_secrets, text, &is_new);
	if (is_new)
		phx_secrets_add(s->secrets, text);
}

static struct phx_object export_object(struct phx_sema *s, const struct phx_object *o, bool secret)
{
	struct phx_object copy = {.v = PHX_NEW_N(s->out, struct phx_member, o->n), .n = o->n};
	struct phx_value *values = PHX_NEW_N(s->out, struct phx_value, o->n);

	for (uint32_t i = 0; i < o->n; i++) {
		values[i] = *o->v[i].value;
		values[i].flags |= secret ? PHX_VF_SECRET : 0;
		phx_export(s, &values[i]);
		copy.v[i].key = phx_keep_str(s, o->v[i].key, o->v[i].span);
		copy.v[i].value = &values[i];
		copy.v[i].span = o->v[i].span;
	}
	return copy;
}

static void export_list(struct phx_sema *s, struct phx_value *v)
{
	struct phx_value *copy = PHX_NEW_N(s->out, struct phx_value, v->list.n);

	for (uint32_t i = 0; i < v->list.n; i++) {
		copy[i] = v->list.v[i];
		copy[i].flags |= v->flags & PHX_VF_SECRET;
		phx_export(s, &copy[i]);
	}
	v->list.v = copy;
}

static void export_ip(struct phx_sema *s, struct phx_value *v)
{
	struct phx_ip *copy = PHX_NEW(s->out, struct phx_ip);

	*copy = *v->ip;
	if (v->kind == PHX_V_IP)
		copy->prefix = 0; /* where it was taken from matters to arithmetic only */
	v->ip = copy;
}

void phx_export(struct phx_sema *s, struct phx_value *v)
{
	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return;
	switch ((enum phx_value_kind)v->kind) {
	case PHX_V_STRING:
		v->s = phx_keep_str(s, v->s, v->span);
		if (v->flags & PHX_VF_SECRET)
			keep_secret(s, v->s);
		return;
	case PHX_V_IP:
	case PHX_V_CIDR:
		export_ip(s, v);
		return;
	case PHX_V_LIST:
		export_list(s, v);
		return;
	case PHX_V_MAP: {
		struct phx_object *copy = PHX_NEW(s->out, struct phx_object);

		*copy = export_object(s, v->map, v->flags & PHX_VF_SECRET);
		v->map = copy;
		return;
	}
	case PHX_V_CALL: {
		struct phx_ref *copy = PHX_NEW(s->out, struct phx_ref);

		*copy = *v->ref;
		copy->args = export_object(s, &v->ref->args, v->flags & PHX_VF_SECRET);
		v->ref = copy;
		return;
	}
	case PHX_V_NULL:
	case PHX_V_BOOL:
	case PHX_V_INT:
	case PHX_V_FLOAT:
	case PHX_V_SIZE:
	case PHX_V_DURATION:
	case PHX_V_MAC:
	case PHX_V_REF:
	case PHX_V_KIND_COUNT:
		return;
	}
}

/* --- attributes --- */

struct phx_thunk *phx_thunk_at(struct phx_sema *s, uint32_t number)
{
	return &s->thunk_pages.v[number / PHX_THUNKS_A_PAGE][number % PHX_THUNKS_A_PAGE];
}

/* They stay where they are, and none is copied when there are many. */
struct phx_thunk *phx_thunk_new(struct phx_sema *s)
{
	if (s->nthunks % PHX_THUNKS_A_PAGE == 0)
		phx_vec_push(&s->tmp, &s->thunk_pages,
			     PHX_NEW_N(&s->tmp, struct phx_thunk, PHX_THUNKS_A_PAGE));
	return phx_thunk_at(s, s->nthunks++);
}

static void widen(const struct phx_attr_spec *spec, struct phx_value *v)
{
	if (!spec || v->kind != PHX_V_INT || spec->types & PHX_AT_INT || !(spec->types & PHX_AT_FLOAT))
		return;
	if (!(v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON)))
		v->f = (double)v->i;
	v->kind = PHX_V_FLOAT;
}

/* Options that Proxmox never shows again (a container's root password) keep a secret. */
static bool keeps_secrets(struct phx_sema *s, struct phx_str name, enum phx_kind kind)
{
	struct phx_err err = {0};
	const struct phx_option_table *t;
	const struct phx_option *o;

	if (!s->opt->options || (kind != PHX_KIND_VM && kind != PHX_KIND_CONTAINER))
		return false;
	t = phx_options_table(s->opt->options, kind == PHX_KIND_VM ? PHX_OPTIONS_VM : PHX_OPTIONS_CONTAINER,
			      &err);
	o = t ? phx_option_find(t, name, NULL) : NULL;
	phx_err_done(&err);
	return o && o->flags & PHX_OPTION_WRITE_ONLY;
}

static bool free_value_fits(struct phx_sema *s, const struct phx_do *a, enum phx_kind kind,
			    const struct phx_value *v)
{
	struct phx_value poison;
	struct phx_diag *d;

	if (a->attr.spec || !phx_value_is_secret(v) || keeps_secrets(s, a->ast->attr.name.text, kind))
		return true;
	d = phx_eval_error(s, PHX0310, v->span, &poison,
			   "a secret may not become `" PHX_STR_FMT "`, which phx shows in plans",
			   PHX_STR_ARG(a->ast->attr.name.text));
	if (d)
		phx_diag_label(s->bag, d, a->ast->attr.name.span, "an option like any other");
	return false;
}

/* In a plan all is known, but for ids that are taken while planning, and credentials that nobody needs. */
static bool known_in_time(struct phx_sema *s, const struct phx_do *a, const struct phx_inst *inst,
			  struct phx_value *v)
{
	struct phx_value poison;
	struct phx_diag *d;

	if (s->opt->validate_only || v->flags & PHX_VF_POISON || phx_value_is_known(v))
		return true;
	if (phx_value_is_secret(v) && s->unset.n) {
		if (inst->decl->kind == PHX_KIND_CLUSTER) {
			*v = phx_value_str((struct phx_str){0}, v->span);
			v->flags = PHX_VF_SECRET;
			return true;
		}
		for (uint32_t i = 0; i < s->unset.n; i++)
			phx_env_unset(s, s->unset.v[i].name, s->unset.v[i].span, &poison);
		return false;
	}
	d = phx_eval_error(s, PHX0220, v->span, &poison,
			   "`" PHX_STR_FMT "` depends on an id that is taken only when planning",
			   PHX_STR_ARG(a->ast->attr.name.text));
	if (d)
		phx_diag_help(s->bag, d, "give the guest it belongs to an `id` of its own");
	return false;
}

/* Elements that were written nowhere near get the place of the attribute, so that reports point into it. */
static void finish_value(struct phx_sema *s, const struct phx_do *a, const struct phx_inst *inst,
			 struct phx_value *v)
{
	struct phx_schema_ctx c = phx_schema_ctx_of(s, inst->decl->kind, inst->decl->span);
	struct phx_span at = a->ast->attr.value->span;

	v->span = at;
	if (a->attr.spec && a->attr.spec->types & PHX_AT_FEATURE)
		phx_feature_defaults(s, v);
	if (v->flags & PHX_VF_POISON)
		return;
	if (v->kind == PHX_V_NULL && v->flags & PHX_VF_UNKNOWN) {
		/* of any type: nothing can be said */
	} else if (a->attr.spec ? !phx_attr_fits(s, &c, a->attr.spec, v)
				: !free_value_fits(s, a, inst->decl->kind, v)) {
		*v = phx_value_poison(at);
		return;
	}
	if (!known_in_time(s, a, inst, v)) {
		*v = phx_value_poison(at);
		return;
	}
	widen(a->attr.spec, v);
}

void phx_force_attr(struct phx_sema *s, struct phx_inst *inst, struct phx_block *b, uint32_t index,
		    struct phx_span use, struct phx_value *out)
{
	struct phx_attr *attr = &b->attrs.v[index];
	struct phx_trail step = {.inst = inst, .block = b, .index = index, .use = use};
	uint32_t number = (uint32_t)attr->value.i;
	bool catching = s->catching;
	struct phx_thunk *t;

	if (!(attr->value.flags & PHX_VF_LAZY)) {
		*out = attr->value;
		return;
	}
	t = phx_thunk_at(s, number);
	if (t->state == PHX_RUNNING) {
		phx_trail_report(s, &step);
		*out = phx_value_poison(use);
		return;
	}
	t->state = PHX_RUNNING;
	phx_vec_push(&s->tmp, &s->trail, step);
	s->catching = false;
	phx_eval(s, t->attr->attr.value, t->frame, out);
	s->catching = catching;
	s->trail.n--;
	finish_value(s, t->attr, inst, out);
	phx_export(s, out);
	if (out->flags & PHX_VF_POISON)
		inst->decl->poisoned = true;
	t->state = PHX_DONE;
	b->attrs.v[index].value = *out; /* the array may have moved */
}

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
		const struct phx_param *p = inst->ast->params->v.v[i];
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

/* --- assertions --- */

enum { MAX_SOURCE = 60, MAX_NOTES = 6 };

static void note_operand(struct phx_sema *s, struct phx_diag *d, const struct phx_node *n,
			 struct phx_frame_rt *f)
{
	struct phx_str text = phx_source_text(s->sources, n->span);
	struct phx_value v;

	if (n->kind == PHX_N_CONST || n->kind == PHX_N_POISON || d->notes.n >= MAX_NOTES)
		return;
	phx_eval(s, n, f, &v);
	if (v.flags & PHX_VF_POISON)
		return;
	if (text.len == 0 || text.len > MAX_SOURCE || phx_str_chr(text, '\n') >= 0)
		phx_diag_note(s->bag, d, "the operand is %s", phx_shown(s, &v));
	else
		phx_diag_note(s->bag, d, "`" PHX_STR_FMT "` is %s", PHX_STR_ARG(text), phx_shown(s, &v));
}

/* What made it false: the values of the operands. */
static void note_values(struct phx_sema *s, struct phx_diag *d, const struct phx_node *n,
			struct phx_frame_rt *f)
{
	struct phx_value v;

	if (n->kind == PHX_N_AND || n->kind == PHX_N_OR) {
		phx_eval(s, n->sub.a, f, &v);
		if (v.kind == PHX_V_BOOL && !v.b)
			note_values(s, d, n->sub.a, f);
		if (n->kind == PHX_N_OR || (v.kind == PHX_V_BOOL && v.b))
			note_values(s, d, n->sub.b, f);
	} else if (n->kind == PHX_N_BINARY) {
		note_operand(s, d, n->sub.a, f);
		if (n->sub.b->kind == PHX_N_RANGE) {
			note_operand(s, d, n->sub.b->sub.a, f);
			note_operand(s, d, n->sub.b->sub.b, f);
		} else {
			note_operand(s, d, n->sub.b, f);
		}
	} else if (n->kind == PHX_N_NOT) {
		note_values(s, d, n->sub.a, f);
	} else if (n->kind == PHX_N_CALL) {
		for (uint32_t i = 0; i < n->call.n; i++)
			note_operand(s, d, n->call.args[i], f);
	}
}

static struct phx_str message_of(struct phx_sema *s, const struct phx_do_assert *check,
				 struct phx_frame_rt *f)
{
	struct phx_value v;

	if (!check->message)
		return (struct phx_str){0};
	s->masking = true;
	phx_eval(s, check->message, f, &v);
	s->masking = false;
	if (v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON | PHX_VF_SECRET) || v.kind != PHX_V_STRING)
		return (struct phx_str){0};
	return v.s;
}

void phx_run_assert(struct phx_sema *s, const struct phx_do_assert *check, struct phx_span span,
		    struct phx_frame_rt *f, const struct phx_value *subject, bool *out_failed)
{
	struct phx_span at = subject && phx_span_known(subject->span) ? subject->span : check->cond->span;
	struct phx_str message;
	struct phx_value v;
	struct phx_diag *d;

	(void)span;
	*out_failed = false;
	phx_eval(s, check->cond, f, &v);
	if (v.flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return;
	if (v.kind != PHX_V_BOOL) {
		phx_eval_error(s, PHX0201, check->cond->span, &v, "what `assert` checks is bool, not %s",
			       phx_value_kind_name((enum phx_value_kind)v.kind));
		return;
	}
	if (v.b)
		return;
	*out_failed = true;
	if (++s->failed > PHX_SEMA_MAX_FAILED)
		return;
	message = message_of(s, check, f);
	d = phx_diag_add(s->bag, PHX0234, at, PHX_STR_FMT,
			 PHX_STR_ARG(message.len ? message : PHX_STR("the assertion does not hold")));
	if (subject) {
		phx_diag_label(s->bag, d, at, "this is %s", phx_shown(s, subject));
		phx_diag_label(s->bag, d, check->cond->span, "asserted here");
	} else {
		phx_diag_label(s->bag, d, at, "this is false");
	}
	note_values(s, d, check->cond, f);
}

static void run_asserts(struct phx_sema *s)
{
	bool failed;

	for (uint32_t i = 0; i < s->checks.n && !s->stopped; i++) {
		struct phx_check_rt c = s->checks.v[i];

		phx_run_assert(s, c.check, c.span, c.frame, NULL, &failed);
	}
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
	run_asserts(s);
	for (uint32_t i = 0; i < s->outputs.n; i++)
		add_output(s, &s->outputs.v[i], &outputs);
	if (s->config->outputs.n)
		qsort(s->config->outputs.v, s->config->outputs.n, sizeof(*s->config->outputs.v), by_name);
}

/* Evaluating policies: over the finished configuration, and what was planned for it. A policy is run as a loop or a condition
 * of the file is; only that what its assertions find is a finding of the policy, with what it is about. */
#include "sema/sema_priv.h"

struct phx_policies {
	struct phx_sema *s;
	struct phx_arena trees; /* of the syntax trees that the policies come from */
};

struct phx_policies *phx_policies_keep(struct phx_sema *s, struct phx_arena *trees)
{
	struct phx_policies *p;

	if (s->policies.n == 0)
		return NULL;
	p = PHX_NEW(s->out, struct phx_policies);
	p->s = s;
	if (trees) {
		p->trees = *trees;
		*trees = (struct phx_arena){0};
	}
	return p;
}

void phx_policies_done(struct phx_policies *p)
{
	if (!p)
		return;
	phx_arena_done(&p->s->tmp);
	phx_arena_done(&p->trees);
}

/* --- what they look at --- */

static void adopt(struct phx_sema *s, struct phx_decl *decl)
{
	struct phx_inst *inst = PHX_NEW(&s->tmp, struct phx_inst);

	inst->decl = decl;
	inst->state = PHX_DONE;
	inst->ref = PHX_NEW(&s->tmp, struct phx_ref);
	inst->ref->kind = (uint8_t)decl->kind;
	inst->ref->name = decl->name;
	inst->ref->decl = decl;
	if (decl->body.spec == NULL)
		decl->body.spec = phx_schema_kind(decl->kind);
	phx_map_put(&s->tmp, &s->by_name[decl->kind], decl->name, NULL)->ptr = inst;
}

static bool known_defaults(struct phx_sema *s, const struct phx_decl *decl)
{
	for (uint32_t i = 0; i < s->defaults.n; i++) {
		if (s->defaults.v[i]->decl == decl)
			return true;
	}
	return false;
}

void phx_policies_adopt(struct phx_policies *p, const struct phx_config *config)
{
	struct phx_sema *s = p->s;

	for (uint32_t i = 0; i < config->decls.n; i++) {
		if (!phx_map_find(&s->by_name[config->decls.v[i]->kind], config->decls.v[i]->name))
			adopt(s, config->decls.v[i]);
	}
	for (uint32_t i = 0; i < config->defaults.n; i++) {
		struct phx_inst *inst;

		if (known_defaults(s, config->defaults.v[i]))
			continue;
		inst = PHX_NEW(&s->tmp, struct phx_inst);
		inst->decl = config->defaults.v[i];
		inst->state = PHX_DONE;
		phx_vec_push(&s->tmp, &s->defaults, inst);
	}
	s->has_all_guests = false;
}

struct phx_value *phx_policy_fact(struct phx_sema *s, const struct phx_decl *decl, struct phx_str name)
{
	const struct phx_map_entry *entry = NULL;

	if (s->input && s->input->facts)
		entry = phx_map_find(s->input->facts, decl->address);
	return entry ? phx_object_find(s, entry->ptr, name) : NULL;
}

static void fn_changes(struct phx_sema *s, const struct phx_node *n, struct phx_value *a,
		       struct phx_value *out)
{
	(void)a;
	if (s->input && s->input->changes)
		*out = *s->input->changes;
	else
		*out = phx_value_unknown(PHX_V_LIST, n->span);
}

static struct phx_ty changes_ty(struct phx_sema *s, const struct phx_node *n, const struct phx_ty *args)
{
	struct phx_diag *d;

	(void)args;
	if (s->in_policy)
		return phx_changes_ty(s);
	d = phx_diag_add(s->bag, PHX0246, n->span, "`changes()` may stand in a `policy` only");
	phx_diag_label(s->bag, d, n->span, "what changes is not known yet");
	phx_diag_note(s->bag, d,
		      "changes are found by comparing the finished configuration with the cluster; it cannot "
		      "depend on them");
	phx_diag_help(s->bag, d, "move the check into a block `policy NAME { … }`");
	return phx_ty_of(0);
}

const struct phx_fn phx_fns_policy[] = {
	{.name = "changes",
	 .usage = "changes()",
	 .min = 0,
	 .max = 0,
	 .args = {PHX_TY_ANY},
	 .type = changes_ty,
	 .eval = fn_changes},
	{.name = NULL},
};

/* --- what a finding is about --- */

struct subject {
	struct phx_str address, action;
	struct phx_span span;
};

static const struct phx_value *member(const struct phx_value *v, const char *key)
{
	for (uint32_t i = 0; v->kind == PHX_V_MAP && i < v->map->n; i++) {
		if (phx_str_eqc(v->map->v[i].key, key))
			return v->map->v[i].value;
	}
	return NULL;
}

static bool is_change(struct phx_sema *s, const struct phx_value *v)
{
	const struct phx_value *all = s->input->changes;

	for (uint32_t i = 0; all && v->kind == PHX_V_MAP && i < all->list.n; i++) {
		if (all->list.v[i].map == v->map)
			return true;
	}
	return false;
}

/* An attribute of a change, or a firewall rule: it says the place more exactly than what it belongs to. */
static bool is_piece(const struct phx_value *v)
{
	return member(v, "path") || member(v, "ports");
}

/* True: this variable says what the check is about. */
static bool about(struct phx_sema *s, const struct phx_value *v, struct subject *out)
{
	const struct phx_inst *inst;

	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return false;
	if (v->kind == PHX_V_REF && (inst = phx_inst_of(s, v->ref)) != NULL) {
		out->address = inst->decl->address;
		if (!phx_span_known(out->span))
			out->span = inst->decl->span;
		return true;
	}
	if (is_change(s, v)) {
		out->address = member(v, "address")->s;
		out->action = member(v, "action")->s;
		if (!phx_span_known(out->span))
			out->span = v->span;
		return true;
	}
	if (is_piece(v) && !phx_span_known(out->span))
		out->span = v->span;
	return false;
}

/* The innermost loop variable that is a change or a resource. */
static struct subject subject_of(struct phx_sema *s, const struct phx_frame_rt *f)
{
	struct subject out = {0};

	for (; f; f = f->up) {
		for (uint32_t i = f->n; i-- > 0;) {
			if (f->cells[i].state == PHX_DONE && f->cells[i].sym->kind == PHX_SYM_LOOP &&
			    about(s, &f->cells[i].value, &out))
				return out;
		}
	}
	out.span = (struct phx_span){0};
	return out;
}

/* --- evaluation --- */

static void report(struct phx_sema *s, const struct phx_policy_ir *p, const struct phx_check_rt *c,
		   const struct phx_policy_finding *found, const struct subject *about_it)
{
	struct phx_diag *d = phx_diag_add(s->bag, p->deny ? PHX0650 : PHX0651, found->check,
					  "policy `" PHX_STR_FMT "` %s: " PHX_STR_FMT, PHX_STR_ARG(p->name),
					  p->deny ? "denies" : "warns", PHX_STR_ARG(found->message));
	struct phx_str address = found->address, action = about_it->action;

	phx_diag_label(s->bag, d, found->check, "this is false");
	if (phx_span_known(found->offends))
		phx_diag_label(s->bag, d, found->offends, PHX_STR_FMT "%s" PHX_STR_FMT, PHX_STR_ARG(address),
			       action.len ? ": " : "", PHX_STR_ARG(action));
	else if (address.len)
		phx_diag_note(s->bag, d, "it is about `" PHX_STR_FMT "`%s" PHX_STR_FMT "%s",
			      PHX_STR_ARG(address), action.len ? " (" : "", PHX_STR_ARG(action),
			      action.len ? ")" : "");
	phx_assert_notes(s, d, c->check->cond, c->frame);
}

static void found(struct phx_sema *s, const struct phx_policy_ir *p, const struct phx_check_rt *c,
		  struct phx_arena *arena, struct phx_policy_result *out)
{
	struct subject about_it = subject_of(s, c->frame);
	struct phx_str message = phx_assert_message(s, c->check, c->frame);
	struct phx_policy_finding f = {
		.address = phx_str_dup(arena, about_it.address),
		.offends = about_it.span,
		.check = c->check->cond->span,
	};

	if (message.len)
		f.message = phx_str_dup(arena, message);
	else if (f.address.len)
		f.message = phx_str_printf(arena, "the assertion does not hold for " PHX_STR_FMT,
					   PHX_STR_ARG(f.address));
	else
		f.message = PHX_STR("the assertion does not hold");
	out->passed = false;
	phx_vec_push(arena, &out->findings, f);
	report(s, p, c, &f, &about_it);
}

static void run_check(struct phx_sema *s, const struct phx_policy_ir *p, const struct phx_check_rt *c,
		      struct phx_arena *arena, struct phx_policy_result *out)
{
	struct phx_value v;

	phx_eval(s, c->check->cond, c->frame, &v);
	if (v.flags & PHX_VF_POISON) {
		out->passed = false; /* reported where it went wrong */
	} else if (v.flags & PHX_VF_UNKNOWN) {
		out->partial = true;
	} else if (v.kind != PHX_V_BOOL) {
		phx_eval_error(s, PHX0201, c->check->cond->span, &v, "what `assert` checks is bool, not %s",
			       phx_value_kind_name((enum phx_value_kind)v.kind));
		out->passed = false;
	} else if (!v.b && ++s->failed <= PHX_SEMA_MAX_FAILED) {
		found(s, p, c, arena, out);
	} else if (!v.b) {
		out->passed = false;
	}
}

static void run(struct phx_sema *s, const struct phx_policy_ir *p, struct phx_arena *arena,
		struct phx_policy_result *out)
{
	struct phx_frame_rt *f = p->scope->framed ? phx_frame_new(s, p->scope, NULL) : NULL;
	bool unknowns = s->config->has_unknowns;
	uint32_t errors = s->bag->errors;

	out->name = phx_str_dup(arena, p->name);
	out->span = p->span;
	out->deny = p->deny;
	out->passed = true;
	s->checks.n = 0;
	s->failed = 0; /* what one policy finds must not hide what the next does */
	s->config->has_unknowns = false;
	for (uint32_t i = 0; i < p->body.n; i++)
		phx_expand_statement(s, &p->body.v[i], f);
	out->passed = s->bag->errors == errors && !s->stopped;
	out->partial = s->config->has_unknowns;
	s->config->has_unknowns = unknowns;
	for (uint32_t i = 0; i < s->checks.n && !s->stopped; i++) {
		struct phx_check_rt c = s->checks.v[i];

		run_check(s, p, &c, arena, out);
	}
	out->passed = out->passed && !s->stopped;
}

void phx_policies_evaluate(struct phx_policies *p, const struct phx_policy_input *input,
			   struct phx_arena *arena, struct phx_policy_report *out)
{
	struct phx_sema *s = p->s;
	bool warnings_deny = s->bag->level[PHX0651] == 2;
	uint32_t errors = s->bag->errors, refusing = 0;

	*out = (struct phx_policy_report){0};
	s->input = input;
	s->depth = 0;
	s->out_before =
		s->out->total; /* graph and plan are in that memory too, and no concern of this limit */
	for (uint32_t i = 0; i < s->policies.n; i++) {
		struct phx_policy_result r = {0};

		run(s, s->policies.v[i], arena, &r);
		out->denied = out->denied || ((r.deny || warnings_deny) && r.findings.n);
		refusing += r.deny || warnings_deny ? r.findings.n : 0;
		phx_vec_push(arena, &out->v, r);
	}
	out->broken = s->stopped || s->bag->errors - errors != refusing;
	s->input = NULL;
}

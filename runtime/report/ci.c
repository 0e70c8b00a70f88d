/* Everything that a run found, brought to one form. */
#include "report/ci_priv.h"

static bool is_guest(enum phx_kind kind)
{
	return kind == PHX_KIND_VM || kind == PHX_KIND_CONTAINER;
}

/* --- diagnostics --- */

static struct phx_str detail_of(const struct phx_diag *d, struct phx_arena *a)
{
	struct phx_buf text = {0};
	struct phx_str copy;

	for (uint32_t i = 0; i < d->notes.n; i++)
		phx_buf_printf(&text, "note: " PHX_STR_FMT "\n", PHX_STR_ARG(d->notes.v[i]));
	for (uint32_t i = 0; i < d->helps.n; i++)
		phx_buf_printf(&text, "help: " PHX_STR_FMT "\n", PHX_STR_ARG(d->helps.v[i]));
	copy = phx_str_dup(a, phx_buf_view(&text));
	phx_buf_done(&text);
	return copy;
}

static bool within(struct phx_span inner, struct phx_span outer)
{
	return inner.file && inner.file == outer.file && inner.start >= outer.start &&
	       inner.start < outer.end;
}

static bool names(const struct phx_diag *d, struct phx_str address)
{
	if (phx_str_find(d->message, address) >= 0)
		return true;
	for (uint32_t i = 0; i < d->labels.n; i++)
		if (phx_str_find(d->labels.v[i].text, address) >= 0)
			return true;
	for (uint32_t i = 0; i < d->notes.n; i++)
		if (phx_str_find(d->notes.v[i], address) >= 0)
			return true;
	return false;
}

void phx_ci_owners(const struct phx_ci *ci, const struct phx_diag *d, struct phx_arena *a,
		   struct phx_ci_owners *out)
{
	uint32_t named = 0;

	for (uint32_t i = 0; ci->config && i < ci->config->decls.n; i++) {
		const struct phx_decl *decl = ci->config->decls.v[i];

		if (is_guest(decl->kind) && within(d->span, decl->extent))
			phx_vec_push(a, &out->v, i);
	}
	for (uint32_t i = 0; out->v.n > 1 && i < out->v.n; i++)
		if (names(d, ci->config->decls.v[out->v.v[i]]->address))
			out->v.v[named++] = out->v.v[i];
	if (named)
		out->v.n = named;
}

static void diagnostics(const struct phx_ci *ci, struct phx_arena *a, struct phx_ci_findings *out)
{
	uint32_t n;
	struct phx_diag **v = phx_diag_sorted(ci->bag, a, &n);

	for (uint32_t i = 0; i < n; i++) {
		const struct phx_diag *d = v[i];

		/* With what they are about, these come from the policies themselves. */
		if (d->code == PHX0650 || d->code == PHX0651)
			continue;
		phx_vec_push(a, &out->v,
			     ((struct phx_ci_finding){.rule = phx_str_c(phx_code_info(d->code)->name),
						      .level = d->severity,
						      .message = d->message,
						      .detail = detail_of(d, a),
						      .at = d->span,
						      .diag = d}));
	}
}

/* --- policies --- */

static enum phx_severity policy_level(const struct phx_ci *ci, const struct phx_policy_result *p)
{
	return p->deny || ci->bag->level[PHX0651] == 2 ? PHX_SEV_ERROR : PHX_SEV_WARNING;
}

static void policies(const struct phx_ci *ci, struct phx_arena *a, struct phx_ci_findings *out)
{
	for (uint32_t i = 0; ci->policies && i < ci->policies->v.n; i++) {
		const struct phx_policy_result *p = &ci->policies->v.v[i];
		struct phx_str rule = phx_str_printf(a, "policy/" PHX_STR_FMT, PHX_STR_ARG(p->name));

		for (uint32_t k = 0; k < p->findings.n; k++) {
			const struct phx_policy_finding *f = &p->findings.v[k];
			bool placed = phx_span_known(f->offends);

			phx_vec_push(a, &out->v,
				     ((struct phx_ci_finding){.rule = rule,
							      .level = policy_level(ci, p),
							      .message = f->message,
							      .policy = p->name,
							      .address = f->address,
							      .at = placed ? f->offends : f->check,
							      .related = placed ? f->check
										: (struct phx_span){0}}));
		}
	}
}

/* --- what a plan does to guests --- */

static const char *impact_rule(uint8_t impact, enum phx_severity *out)
{
	*out = impact == PHX_EFFECT_DATA_LOSS ? PHX_SEV_ERROR : PHX_SEV_WARNING;
	switch ((enum phx_effect)impact) {
	case PHX_EFFECT_DATA_LOSS:
		return "impact/data-loss";
	case PHX_EFFECT_RESTART:
		return "impact/restart";
	case PHX_EFFECT_OFFLINE:
		return "impact/offline";
	case PHX_EFFECT_NONE:
	case PHX_EFFECT_LIVE:
	case PHX_EFFECT_PENDING:
		break;
	}
	return NULL;
}

/* The attribute that asks for it, else the declaration; what left the configuration is shown at its stack. */
static struct phx_span impact_place(const struct phx_ci *ci, const struct phx_change *c)
{
	for (uint32_t i = 0; i < c->attributes.n; i++)
		if (c->attributes.v[i].impact == c->impact && phx_span_known(c->attributes.v[i].span))
			return c->attributes.v[i].span;
	if (phx_span_known(c->span) || !ci->config)
		return c->span;
	return ci->config->stack_span;
}

static struct phx_str impact_message(const struct phx_change *c, struct phx_arena *a)
{
	static const char *const what[] = {
		[PHX_EFFECT_RESTART] = "is restarted",
		[PHX_EFFECT_OFFLINE] = "is stopped for it",
		[PHX_EFFECT_DATA_LOSS] = "loses data",
	};
	struct phx_buf text = {0};
	struct phx_str copy;

	phx_buf_printf(&text, PHX_STR_FMT " %s: %s", PHX_STR_ARG(c->address), what[c->impact],
		       phx_change_action_name((enum phx_change_action)c->action));
	if (c->reason.len)
		phx_buf_printf(&text, ", " PHX_STR_FMT, PHX_STR_ARG(c->reason));
	copy = phx_str_dup(a, phx_buf_view(&text));
	phx_buf_done(&text);
	return copy;
}

static struct phx_str impact_detail(const struct phx_change *c, struct phx_arena *a)
{
	struct phx_buf text = {0};
	struct phx_str copy;

	for (uint32_t i = 0; i < c->attributes.n; i++) {
		const struct phx_attr_change *x = &c->attributes.v[i];

		if (x->impact == c->impact && x->reason.len)
			phx_buf_printf(&text, PHX_STR_FMT ": " PHX_STR_FMT "\n", PHX_STR_ARG(x->path),
				       PHX_STR_ARG(x->reason));
	}
	for (uint32_t i = 0; i < c->notes.n; i++)
		phx_buf_printf(&text, PHX_STR_FMT "\n", PHX_STR_ARG(c->notes.v[i]));
	copy = phx_str_dup(a, phx_buf_view(&text));
	phx_buf_done(&text);
	return copy;
}

static void impacts(const struct phx_ci *ci, struct phx_arena *a, struct phx_ci_findings *out)
{
	for (uint32_t i = 0; ci->plan && i < ci->plan->changes.n; i++) {
		const struct phx_change *c = ci->plan->changes.v[i];
		struct phx_ci_finding f = {0};
		const char *rule = is_guest(c->kind) ? impact_rule(c->impact, &f.level) : NULL;

		if (!rule)
			continue;
		f.rule = phx_str_c(rule);
		f.message = impact_message(c, a);
		f.detail = impact_detail(c, a);
		f.address = c->address;
		f.at = impact_place(ci, c);
		phx_vec_push(a, &out->v, f);
	}
}

void phx_ci_collect(const struct phx_ci *ci, struct phx_arena *a, struct phx_ci_findings *out)
{
	diagnostics(ci, a, out);
	policies(ci, a, out);
	impacts(ci, a, out);
}

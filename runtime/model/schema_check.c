#include "model/schema_check.h"

#include <string.h>

/* --- option tables --- */

static const struct phx_option_table *table(struct phx_options *o, enum phx_option_kind kind)
{
	struct phx_err err = {0};
	const struct phx_option_table *t = o ? phx_options_table(o, kind, &err) : NULL;

	phx_err_done(&err);
	return t;
}

static const struct phx_option_table *guest_table(struct phx_options *o, enum phx_kind kind)
{
	if (kind == PHX_KIND_VM)
		return table(o, PHX_OPTIONS_VM);
	return kind == PHX_KIND_CONTAINER ? table(o, PHX_OPTIONS_CONTAINER) : NULL;
}

const struct phx_option *phx_schema_option(struct phx_options *o, enum phx_kind kind,
					   const struct phx_attr_spec *spec)
{
	const struct phx_option_table *t = spec && spec->option ? guest_table(o, kind) : NULL;
	struct phx_str rest, name;
	const struct phx_option *opt;

	if (!t)
		return NULL;
	rest = phx_str_c(spec->option);
	if (!phx_str_cut(&rest, '.', &name))
		return NULL;
	opt = phx_map_get(&t->by_name, name);
	if (!opt)
		opt = phx_map_get(&t->by_family, name);
	if (!opt || rest.len == 0)
		return opt;
	return phx_option_key_real(opt, rest);
}

const struct phx_option_table *phx_schema_free_table(struct phx_options *o, enum phx_kind kind,
						     const struct phx_block_spec *b)
{
	if (!b || !b->free_attrs)
		return NULL;
	if (strcmp(b->free_attrs, "guest") == 0)
		return guest_table(o, kind);
	if (strcmp(b->free_attrs, "firewall") == 0)
		return table(o,
			     kind == PHX_KIND_VM ? PHX_OPTIONS_FIREWALL_VM : PHX_OPTIONS_FIREWALL_CONTAINER);
	return NULL;
}

/* --- names --- */

struct names {
	PHX_VEC(struct phx_str) v;
};

static void spec_names(const struct phx_schema_ctx *c, const struct phx_block_spec *in, struct names *out)
{
	for (const struct phx_attr_spec *a = in->attrs; a->name; a++)
		phx_vec_push(c->bag->arena, &out->v, phx_str_c(a->name));
	for (const struct phx_block_spec *const *b = in->blocks; b && *b; b++)
		phx_vec_push(c->bag->arena, &out->v, phx_str_c((*b)->name));
}

static const struct phx_block_spec *other_guest(enum phx_kind kind)
{
	if (kind == PHX_KIND_VM)
		return phx_schema_kind(PHX_KIND_CONTAINER);
	return kind == PHX_KIND_CONTAINER ? phx_schema_kind(PHX_KIND_VM) : NULL;
}

/* Knowing where a name does belong is worth more than a near name. */
static bool hint_elsewhere(const struct phx_schema_ctx *c, struct phx_diag *d,
			   const struct phx_block_spec *in, struct phx_str name)
{
	const struct phx_block_spec *body = phx_schema_kind(c->kind), *other = other_guest(c->kind);
	const struct phx_option_table *options = guest_table(c->options, c->kind);

	if (in != body) {
		if (body && (phx_schema_attr(body, name) || phx_schema_block(body, name))) {
			phx_diag_help(c->bag, d,
				      "`" PHX_STR_FMT "` belongs to the `%s` itself, outside of `%s`",
				      PHX_STR_ARG(name), body->name, in->name);
			return true;
		}
		return false;
	}
	if (other && (phx_schema_attr(other, name) || phx_schema_block(other, name))) {
		phx_diag_help(c->bag, d, "only a `%s` has `" PHX_STR_FMT "`", other->name, PHX_STR_ARG(name));
		return true;
	}
	if (options && phx_option_find(options, name, NULL)) {
		phx_diag_help(c->bag, d, "Proxmox's own options go into `options { " PHX_STR_FMT " = … }`",
			      PHX_STR_ARG(name));
		return true;
	}
	return false;
}

static void suggest(const struct phx_schema_ctx *c, struct phx_diag *d, const struct phx_block_spec *in,
		    struct phx_str name, struct phx_span at)
{
	struct names names = {0};
	struct phx_str near;

	spec_names(c, in, &names);
	near = phx_str_nearest(name, names.v.v, names.v.n);
	if (near.len == 0 && hint_elsewhere(c, d, in, name))
		return;
	phx_diag_suggest(c->bag, d, at, name, names.v.v, names.v.n);
}

void phx_schema_unknown_attr(const struct phx_schema_ctx *c, const struct phx_block_spec *in,
			     struct phx_str name, struct phx_span at)
{
	const struct phx_block_spec *block = phx_schema_block(in, name);
	struct phx_diag *d;

	if (block) {
		d = phx_diag_add(c->bag, PHX0301, at,
				 "`" PHX_STR_FMT "` is a block of `%s`, not an attribute", PHX_STR_ARG(name),
				 in->name);
		phx_diag_help(c->bag, d, "write `%s%s { … }`, without `=`", block->name,
			      block->label == PHX_LABEL_REQUIRED ? " NAME" : "");
		return;
	}
	d = phx_diag_add(c->bag, PHX0301, at, "unknown attribute `" PHX_STR_FMT "` in `%s`",
			 PHX_STR_ARG(name), in->name);
	phx_diag_label(c->bag, d, at, "no such attribute");
	if (phx_span_known(c->head))
		phx_diag_label(c->bag, d, c->head, "in this `%s`", in->name);
	suggest(c, d, in, name, at);
}

void phx_schema_unknown_block(const struct phx_schema_ctx *c, const struct phx_block_spec *in,
			      struct phx_str name, struct phx_span at)
{
	struct phx_diag *d;

	if (phx_schema_attr(in, name)) {
		d = phx_diag_add(c->bag, PHX0302, at,
				 "`" PHX_STR_FMT "` is an attribute of `%s`, not a block", PHX_STR_ARG(name),
				 in->name);
		phx_diag_help(c->bag, d, "write `" PHX_STR_FMT " = …`", PHX_STR_ARG(name));
		return;
	}
	d = phx_diag_add(c->bag, PHX0302, at, "unknown block `" PHX_STR_FMT "` in `%s`", PHX_STR_ARG(name),
			 in->name);
	phx_diag_label(c->bag, d, at, "no such block");
	if (phx_span_known(c->head))
		phx_diag_label(c->bag, d, c->head, "in this `%s`", in->name);
	suggest(c, d, in, name, at);
}

static bool rule_label(const struct phx_schema_ctx *c, struct phx_str label, struct phx_str label2,
		       struct phx_span at)
{
	static const char *const directions[] = {"in", "out", "group"};
	static const char *const actions[] = {"accept", "drop", "reject"};
	bool ok = false, group = phx_str_eqc(label, "group");
	struct phx_diag *d;

	for (size_t i = 0; i < PHX_COUNTOF(directions); i++)
		ok = ok || phx_str_eqc(label, directions[i]);
	if (ok && group && label2.len > 0)
		return true;
	for (size_t i = 0; ok && !group && i < PHX_COUNTOF(actions); i++) {
		if (phx_str_eqc(label2, actions[i]))
			return true;
	}
	d = phx_diag_add(c->bag, PHX0305, at, "a firewall rule names its direction and what to do");
	phx_diag_help(c->bag, d,
		      "write `rule in accept { … }`: `in` or `out`, then `accept`, `drop` or `reject`; or "
		      "`rule group NAME {}` for a security group");
	return false;
}

bool phx_schema_label(const struct phx_schema_ctx *c, const struct phx_block_spec *spec, struct phx_str label,
		      struct phx_str label2, struct phx_span at)
{
	struct phx_diag *d;

	switch (spec->label) {
	case PHX_LABEL_RULE:
		return rule_label(c, label, label2, at);
	case PHX_LABEL_REQUIRED:
		if (label.len > 0)
			return true;
		d = phx_diag_add(c->bag, PHX0305, at, "`%s` needs a name", spec->name);
		phx_diag_help(c->bag, d, "write `%s NAME { … }`", spec->name);
		return false;
	case PHX_LABEL_NONE:
		if (label.len == 0)
			return true;
		d = phx_diag_add(c->bag, PHX0305, at, "`%s` takes no name", spec->name);
		phx_diag_help(c->bag, d, "write `%s { … }`", spec->name);
		return false;
	case PHX_LABEL_OPTIONAL:
		return true;
	}
	return true;
}

void phx_schema_repeated_block(const struct phx_schema_ctx *c, const struct phx_block_spec *spec,
			       struct phx_str label, struct phx_span at, struct phx_span first)
{
	struct phx_diag *d;

	if (label.len > 0 && spec->repeatable)
		d = phx_diag_add(c->bag, PHX0304, at, "`%s \"" PHX_STR_FMT "\"` stands twice in this `%s`",
				 spec->name, PHX_STR_ARG(label), phx_kind_name(c->kind));
	else
		d = phx_diag_add(c->bag, PHX0304, at, "`%s` may stand only once in a `%s`", spec->name,
				 phx_kind_name(c->kind));
	phx_diag_label(c->bag, d, at, "second time here");
	phx_diag_label(c->bag, d, first, "first here");
}

void phx_schema_repeated_attr(const struct phx_schema_ctx *c, struct phx_str name, struct phx_span at,
			      struct phx_span first)
{
	struct phx_diag *d =
		phx_diag_add(c->bag, PHX0303, at, "`" PHX_STR_FMT "` is set twice", PHX_STR_ARG(name));

	phx_diag_label(c->bag, d, at, "set again here");
	phx_diag_label(c->bag, d, first, "first set here");
}

void phx_schema_required(const struct phx_schema_ctx *c, const struct phx_block *b)
{
	for (const struct phx_attr_spec *a = b->spec->attrs; a->name; a++) {
		struct phx_diag *d;
		struct phx_buf types = {0};

		if (!(a->flags & PHX_AF_REQUIRED) || phx_block_attr(b, a->name))
			continue;
		phx_schema_types(c, a, &types);
		d = phx_diag_add(c->bag, PHX0307, b->span, "`%s` needs `%s`", b->spec->name, a->name);
		phx_diag_note(c->bag, d, "`%s` takes " PHX_STR_FMT, a->name,
			      PHX_STR_ARG(phx_buf_view(&types)));
		phx_buf_done(&types);
	}
	for (uint32_t i = 0; i < b->blocks.n; i++)
		phx_schema_required(c, b->blocks.v[i]);
}

/* `options { }`: any Proxmox option by its API name; and `features` of containers, which `nesting` is a part of. */
#include <string.h>

#include "model/graph_priv.h"

/* The attribute or block of the language that stands for an option as a whole; NULL: none. */
static const char *attribute_of(const struct phx_block_spec *body, struct phx_str option,
				const char **out_block)
{
	*out_block = NULL;
	for (const struct phx_attr_spec *a = body->attrs; a->name; a++) {
		if (a->option && phx_str_eqc(option, a->option))
			return a->name;
	}
	for (const struct phx_block_spec *const *blk = body->blocks; *blk; blk++) {
		for (const struct phx_attr_spec *a = (*blk)->attrs; a->name; a++) {
			if (!a->option || !phx_str_eqc(option, a->option))
				continue;
			*out_block = (*blk)->name;
			return a->name;
		}
	}
	return NULL;
}

static bool has_attribute(struct phx_lower *l, const struct phx_eff_attr *ea, const struct phx_option *o)
{
	const char *block, *attr = attribute_of(l->eff->spec, ea->a->name, &block);
	struct phx_diag *d;

	if (!attr && o->attribute.len == 0)
		return false;
	d = phx_diag_add(l->b->bag, PHX0317, ea->a->name_span,
			 "`" PHX_STR_FMT "` has an attribute of its own", PHX_STR_ARG(ea->a->name));
	if (attr && block)
		phx_diag_help(l->b->bag, d, "write `%s { %s = … }` outside of `options`", block, attr);
	else if (attr)
		phx_diag_help(l->b->bag, d, "write `%s = …` outside of `options`", attr);
	else
		phx_diag_help(l->b->bag, d, "use `" PHX_STR_FMT "`, outside of `options`",
			      PHX_STR_ARG(o->attribute));
	return true;
}

static void unknown(struct phx_lower *l, const struct phx_eff_attr *ea)
{
	const struct phx_option_table *t = l->b->guest_table[l->g->is_vm],
				      *other = l->b->guest_table[!l->g->is_vm];
	const struct phx_option *family = phx_option_family(t, ea->a->name);
	struct phx_diag *d = phx_diag_add(l->b->bag, PHX0316, ea->a->name_span,
					  "Proxmox has no option `" PHX_STR_FMT "` for a %s",
					  PHX_STR_ARG(ea->a->name), phx_kind_name(l->node->decl->kind));
	struct phx_str near;

	if (family) {
		struct phx_buf label = {0};

		phx_option_label(family, &label);
		phx_diag_note(l->b->bag, d, "there is `" PHX_STR_FMT "`", PHX_STR_ARG(phx_buf_view(&label)));
		phx_buf_done(&label);
		return;
	}
	near = phx_option_nearest(t, l->b->bag->arena, ea->a->name);
	if (near.len > 0) {
		phx_diag_help(l->b->bag, d, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
		phx_diag_fix(l->b->bag, d, ea->a->name_span, near, false);
	} else if (other && phx_option_find(other, ea->a->name, NULL)) {
		phx_diag_note(l->b->bag, d, "only a %s has it", l->g->is_vm ? "container" : "vm");
	}
}

/* Why an option is nothing that a configuration could ask for; NULL: it is. */
static const char *why_no_option(const struct phx_option *o)
{
	if (phx_str_eqc(o->name, "lock"))
		return "it is Proxmox's note of what works on the guest; while it is set, Proxmox refuses "
		       "every "
		       "change, and no API token can take it off";
	if (o->flags & PHX_OPTION_STATE)
		return "it is where Proxmox notes volumes that were detached; a disk is declared with its "
		       "slot";
	if (o->flags & PHX_OPTION_RESTORE)
		return "it says how a backup is restored, and phx makes guests of images, templates and "
		       "clones: "
		       "restore it by hand, then take it over with --adopt";
	if (o->flags & (PHX_OPTION_UPDATE_ONLY | PHX_OPTION_PATH))
		return "it is a parameter of a single call, which phx sends itself where it is needed";
	return NULL;
}

static bool no_option(struct phx_lower *l, const struct phx_eff_attr *ea, const struct phx_option *o)
{
	const char *why = why_no_option(o);
	struct phx_diag *d;

	if (!why)
		return false;
	d = phx_diag_add(l->b->bag, PHX0318, ea->a->name_span, "`" PHX_STR_FMT "` is no option of a guest",
			 PHX_STR_ARG(ea->a->name));
	phx_diag_note(l->b->bag, d, "%s", why);
	return true;
}

static bool secrecy(struct phx_lower *l, const struct phx_eff_attr *ea, const struct phx_option *o)
{
	struct phx_diag *d;

	if (o->flags & PHX_OPTION_WRITE_ONLY || !phx_value_is_secret(&ea->a->value))
		return true;
	d = phx_diag_add(l->b->bag, PHX0310, ea->a->value.span,
			 "a secret may not become `options." PHX_STR_FMT "`, which phx shows in plans",
			 PHX_STR_ARG(ea->a->name));
	phx_diag_note(l->b->bag, d, "Proxmox shows this option to everyone who may see the guest");
	return false;
}

/* A password in `options` is one all the same. */
static void add_secret(struct phx_lower *l, const struct phx_eff_attr *ea, struct phx_setting *s)
{
	s->secret = true;
	phx_secrets_add(l->b->secrets, s->value);
	if (phx_value_is_secret(&ea->a->value) || ea->origin == PHX_FROM_SOURCE)
		return;
	if (phx_str_find(s->key, PHX_STR("password")) >= 0)
		phx_diag_add(l->b->bag, PHX0428, ea->a->value.span,
			     "`options." PHX_STR_FMT "` stands in clear in the source", PHX_STR_ARG(s->key));
}

static void lower_option(struct phx_lower *l, const struct phx_eff_attr *ea)
{
	struct phx_gb *b = l->b;
	const struct phx_option *o = phx_option_find(b->guest_table[l->g->is_vm], ea->a->name, NULL);
	struct phx_str path = phx_gb_join(b->arena, "options.", ea->a->name);
	const struct phx_value *v = &ea->a->value;
	struct phx_setting *s;

	if (!o) {
		unknown(l, ea);
		return;
	}
	if (has_attribute(l, ea, o) || no_option(l, ea, o) || !secrecy(l, ea, o))
		return;
	if (phx_is_null(v)) {
		phx_lower_add(b, ea->a->name, o, PHX_STR(""), path, v->span, ea->origin)->unset = true;
		return;
	}
	phx_buf_clear(&b->text);
	if (!phx_lower_text(b, o, v, path.ptr, &b->text) ||
	    !phx_lower_check(b, o, ea->a->name, phx_buf_view(&b->text), path, v->span,
			     !(o->flags & PHX_OPTION_WRITE_ONLY)))
		return;
	s = phx_lower_add(b, ea->a->name, o, phx_str_dup(b->arena, phx_buf_view(&b->text)), path, v->span,
			  ea->origin);
	if (o->flags & PHX_OPTION_WRITE_ONLY)
		add_secret(l, ea, s);
}

/* `nesting = true` is one key of the option `features`; `options { features = "keyctl=1" }` may give the others. */
static void lower_nesting(struct phx_lower *l)
{
	const struct phx_eff_attr *ea = &l->eff->at[PHX_GA_NESTING];
	const struct phx_option *o = phx_gb_option(l, "features");
	struct phx_setting *s = phx_lower_find(l->b, PHX_STR("features"));
	struct phx_propstring props = {0};
	const struct phx_prop *old;
	struct phx_buf text = {0};
	struct phx_str value;

	if (!ea->a || !phx_known(&ea->a->value) || ea->a->value.kind != PHX_V_BOOL || !o)
		return;
	value = ea->a->value.b ? PHX_STR("1") : PHX_STR("0");
	if (s && !s->unset && !phx_propstring_parse(o, s->key, s->value, &props, NULL))
		return;
	old = phx_propstring_get(&props, "nesting");
	if (old && !phx_str_eq(old->value, value) && s->origin == ea->origin) {
		struct phx_diag *d = phx_diag_add(l->b->bag, PHX0320, ea->a->value.span,
						  "`nesting` and `options.features` contradict each other");

		phx_diag_label(l->b->bag, d, s->span, "says nesting=" PHX_STR_FMT, PHX_STR_ARG(old->value));
		return;
	}
	if (!phx_propstring_set(o, &props, PHX_STR("nesting"), value))
		return;
	phx_propstring_print(o, &props, &text);
	if (!s)
		s = phx_lower_add(l->b, PHX_STR("features"), o, PHX_STR(""), PHX_STR("nesting"),
				  ea->a->value.span, ea->origin);
	s->value = phx_str_dup(l->b->arena, phx_buf_view(&text));
	s->unset = false;
	s->origin = s->origin < ea->origin ? s->origin : ea->origin;
	phx_buf_done(&text);
}

void phx_lower_options(struct phx_lower *l)
{
	const struct phx_eff_block *blk = phx_eff_child(l->eff, "options");

	for (uint32_t i = 0; blk && l->b->guest_table[l->g->is_vm] && i < blk->attrs.n; i++)
		lower_option(l, &blk->attrs.v[i]);
	if (!l->g->is_vm)
		lower_nesting(l);
}

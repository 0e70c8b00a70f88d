/* A configuration as .phx text, in the formatter's canonical form. */
#include <inttypes.h>
#include <string.h>

#include "json/write_priv.h"

static void head(struct phx_buf *out, const struct phx_block *b)
{
	phx_buf_c(out, b->spec->name);
	if (b->spec->label == PHX_LABEL_RULE) {
		phx_buf_printf(out, " " PHX_STR_FMT " ", PHX_STR_ARG(b->label));
		phx_wlabel(out, b->label2);
	} else if (b->label.len > 0) {
		phx_buf_ch(out, ' ');
		phx_wlabel(out, b->label);
	}
	phx_buf_ch(out, ' ');
}

/* Short blocks stand on one line. */
static bool on_one_line(struct phx_writer *w, const struct phx_block *b, struct phx_buf *out)
{
	uint32_t most = b->spec->label == PHX_LABEL_RULE ? 16 : 3;

	if (b->blocks.n > 0 || b->attrs.n > most || strcmp(b->spec->name, "metadata") == 0)
		return false;
	phx_buf_c(out, b->attrs.n ? "{ " : "{");
	for (uint32_t i = 0; i < b->attrs.n; i++) {
		const struct phx_attr *a = &b->attrs.v[i];

		if (phx_value_is_secret(&a->value) || phx_wids(w, &a->value).len > 0)
			return false;
		phx_buf_c(out, i ? "; " : "");
		phx_wattr_inline(out, a->name, a->spec, &a->value);
	}
	phx_buf_c(out, b->attrs.n ? " }" : "}");
	return 2 * w->level + out->len <= PHX_WRITE_WIDTH;
}

static void contents(struct phx_writer *w, const struct phx_block *b);

static void block(struct phx_writer *w, const struct phx_block *b)
{
	struct phx_buf text = {0};
	size_t len;

	head(&text, b);
	len = text.len;
	if (on_one_line(w, b, &text)) {
		phx_wtext(w, phx_buf_view(&text));
	} else {
		text.len = len;
		phx_buf_ch(&text, '{');
		phx_wtext(w, phx_buf_view(&text));
		contents(w, b);
		phx_wtext(w, PHX_STR("}"));
	}
	phx_buf_done(&text);
}

static void contents(struct phx_writer *w, const struct phx_block *b)
{
	w->level++;
	for (uint32_t i = 0; i < b->attrs.n; i++)
		phx_wattr(w, b->attrs.v[i].name, b->attrs.v[i].spec, &b->attrs.v[i].value);
	w->group++;
	for (uint32_t i = 0; i < b->blocks.n; i++)
		block(w, b->blocks.v[i]);
	w->level--;
}

static void declaration(struct phx_writer *w, const struct phx_decl *d, bool defaults)
{
	struct phx_buf text = {0};

	phx_wtext(w, PHX_STR(""));
	if (defaults) {
		phx_buf_printf(&text, "defaults %s {", phx_kind_name(d->kind));
	} else {
		phx_buf_printf(&text, "%s ", phx_kind_name(d->kind));
		phx_wlabel(&text, d->name);
		phx_buf_c(&text, " {");
	}
	phx_wtext(w, phx_buf_view(&text));
	contents(w, &d->body);
	phx_wtext(w, PHX_STR("}"));
	phx_buf_done(&text);
}

static void stack(struct phx_writer *w, const struct phx_config *c)
{
	struct phx_buf text = {0};

	if (c->stack.len == 0)
		return;
	phx_buf_c(&text, "stack \"");
	phx_buf_str(&text, c->stack);
	phx_buf_ch(&text, '"');
	if (c->has_ids)
		phx_buf_printf(&text, " { ids = %" PRIu64 "..%" PRIu64 " }", c->ids_first, c->ids_last);
	phx_wtext(w, phx_buf_view(&text));
	phx_buf_done(&text);
}

/* What JSON does not say, and whoever reads the text wants to know. */
static void preamble(struct phx_writer *w, const struct phx_config *c, const struct phx_import_report *r)
{
	uint32_t kept = 0, dropped = 0;
	bool cluster = false;

	for (uint32_t i = 0; r && i < r->lines.n; i++) {
		kept += r->lines.v[i].fate == PHX_FATE_METADATA;
		dropped += r->lines.v[i].fate == PHX_FATE_DROPPED;
	}
	if (r && r->lines.n > 0)
		phx_wtext(w, phx_str_printf(&w->arena,
					    "# Imported from JSON: %u properties, of them %u kept as "
					    "metadata and %u dropped.",
					    r->lines.n, kept, dropped));
	for (uint32_t i = 0; i < c->decls.n; i++)
		cluster = cluster || c->decls.v[i]->kind == PHX_KIND_CLUSTER;
	if (cluster)
		return;
	phx_wtext(w, PHX_STR("# JSON names no cluster. To plan against one, add:"));
	phx_wtext(w, PHX_STR("#   cluster home { endpoint = \"https://HOST:8006\"; node = \"NODE\"; token = "
			     "env(\"PHX_TOKEN\") }"));
}

void phx_phx_write(const struct phx_config *config, const struct phx_import_report *report,
		   struct phx_buf *out)
{
	struct phx_writer w = {0};

	preamble(&w, config, report);
	stack(&w, config);
	for (uint32_t i = 0; i < config->defaults.n; i++)
		declaration(&w, config->defaults.v[i], true);
	for (uint32_t i = 0; i < config->decls.n; i++) {
		if (!config->decls.v[i]->builtin)
			declaration(&w, config->decls.v[i], false);
	}
	for (uint32_t i = 0; i < config->outputs.n; i++) {
		const struct phx_output *o = &config->outputs.v[i];

		struct phx_buf text = {0};

		phx_wtext(&w, PHX_STR(""));
		phx_buf_c(&text, "output ");
		phx_wattr_inline(&text, o->name, NULL, &o->value);
		phx_wtext(&w, phx_buf_view(&text));
		phx_buf_done(&text);
	}
	phx_wlayout(&w, out);
	phx_buf_done(&w.text);
	phx_arena_done(&w.arena);
}

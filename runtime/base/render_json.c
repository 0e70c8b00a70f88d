#include "base/json.h"
#include "base/render_priv.h"

/* Members that name a place: `file`, `line`, `column` and where it ends (after its last character). */
static void write_place(struct phx_jw *w, const struct phx_sources *sources, struct phx_span span)
{
	struct phx_pos start = phx_source_pos(sources, span);
	struct phx_pos end = phx_source_pos(sources, (struct phx_span){span.file, span.end, span.end});

	phx_jw_key(w, "file");
	phx_jw_str(w, start.path);
	phx_jw_key(w, "line");
	phx_jw_int(w, start.line);
	phx_jw_key(w, "column");
	phx_jw_int(w, start.col);
	phx_jw_key(w, "end_line");
	phx_jw_int(w, end.line);
	phx_jw_key(w, "end_column");
	phx_jw_int(w, end.col);
	phx_jw_key(w, "start");
	phx_jw_int(w, span.start);
	phx_jw_key(w, "end");
	phx_jw_int(w, span.end);
}

static void write_labels(struct phx_jw *w, const struct phx_sources *sources, const struct phx_diag *d)
{
	phx_jw_key(w, "labels");
	phx_jw_array(w);
	for (uint32_t i = 0; i < d->labels.n; i++) {
		phx_jw_object(w);
		if (phx_span_known(d->labels.v[i].span))
			write_place(w, sources, d->labels.v[i].span);
		phx_jw_key(w, "text");
		phx_jw_str(w, d->labels.v[i].text);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void write_texts(struct phx_jw *w, const char *key, const struct phx_str *texts, uint32_t n)
{
	phx_jw_key(w, key);
	phx_jw_array(w);
	for (uint32_t i = 0; i < n; i++)
		phx_jw_str(w, texts[i]);
	phx_jw_end_array(w);
}

static void write_fixes(struct phx_jw *w, const struct phx_sources *sources, const struct phx_diag *d)
{
	phx_jw_key(w, "fixes");
	phx_jw_array(w);
	for (uint32_t i = 0; i < d->fixes.n; i++) {
		const struct phx_diag_fix *fix = &d->fixes.v[i];

		phx_jw_object(w);
		if (phx_span_known(fix->span))
			write_place(w, sources, fix->span);
		phx_jw_key(w, "text");
		phx_jw_str(w, fix->text);
		phx_jw_key(w, "applicability");
		phx_jw_c(w, fix->certain ? "certain" : "maybe");
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void write_diag(struct phx_jw *w, const struct phx_sources *sources, const struct phx_diag *d)
{
	const struct phx_code_info *info = phx_code_info(d->code);

	phx_jw_object(w);
	phx_jw_key(w, "code");
	phx_jw_c(w, info->name);
	phx_jw_key(w, "slug");
	phx_jw_c(w, info->slug);
	phx_jw_key(w, "severity");
	phx_jw_c(w, phx_severity_name(d->severity));
	phx_jw_key(w, "message");
	phx_jw_str(w, d->message);
	if (phx_span_known(d->span))
		write_place(w, sources, d->span);
	write_labels(w, sources, d);
	write_texts(w, "notes", d->notes.v, d->notes.n);
	write_texts(w, "helps", d->helps.v, d->helps.n);
	write_fixes(w, sources, d);
	phx_jw_end_object(w);
}

static void write_array(struct phx_jw *w, const struct phx_sources *sources, const struct phx_diag_list *list)
{
	phx_jw_array(w);
	for (uint32_t i = 0; i < list->n; i++)
		write_diag(w, sources, list->v[i]);
	phx_jw_end_array(w);
}

void phx_diag_json_array(const struct phx_diag_bag *bag, struct phx_buf *out)
{
	struct phx_diag_list list;
	struct phx_jw w;

	phx_diag_list_init(&list, bag);
	phx_jw_init(&w, out, 0);
	w.secrets = bag->secrets;
	write_array(&w, bag->sources, &list);
	phx_diag_list_done(&list);
}

void phx_diag_render_json(const struct phx_diag_bag *bag, struct phx_buf *out)
{
	struct phx_diag_list list;
	struct phx_jw w;

	phx_diag_list_init(&list, bag);
	phx_jw_init(&w, out, 2);
	w.secrets = bag->secrets;
	phx_jw_object(&w);
	phx_jw_key(&w, "format");
	phx_jw_c(&w, "phx-diagnostics/1");
	phx_jw_key(&w, "errors");
	phx_jw_int(&w, list.errors);
	phx_jw_key(&w, "warnings");
	phx_jw_int(&w, list.warnings);
	phx_jw_key(&w, "diagnostics");
	write_array(&w, bag->sources, &list);
	phx_jw_end_object(&w);
	phx_buf_ch(out, '\n');
	phx_diag_list_done(&list);
}

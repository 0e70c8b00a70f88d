/* SARIF 2.1.0: one run with the rules that apply and a result for each finding. */
#include <string.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/sys.h"
#include "report/ci_priv.h"

struct rule {
	struct phx_str id;
	const struct phx_ci_finding *first;
};

struct sarif {
	const struct phx_ci *ci;
	struct phx_arena *a;
	struct phx_jw w;
	struct phx_ci_findings found;
	PHX_VEC(struct rule) rules; /* in the order of the findings */
	struct phx_map by_id;       /* rule → index + 1 */
	struct phx_map seen;        /* fingerprint → how often */
};

static void key_str(struct phx_jw *w, const char *key, struct phx_str s)
{
	phx_jw_key(w, key);
	phx_jw_str(w, s);
}

static void key_c(struct phx_jw *w, const char *key, const char *s)
{
	phx_jw_key(w, key);
	phx_jw_c(w, s);
}

static void text_object(struct phx_jw *w, const char *key, struct phx_str s)
{
	phx_jw_key(w, key);
	phx_jw_object(w);
	key_str(w, "text", s);
	phx_jw_end_object(w);
}

/* --- rules --- */

/* The title is the heading of the explanation; the rest of it is the help. */
static struct phx_str explanation(struct sarif *s, struct phx_str code)
{
	struct phx_str path = phx_str_printf(s->a, PHX_STR_FMT "/explain/" PHX_STR_FMT ".md",
					     PHX_STR_ARG(phx_etc_dir(s->a)), PHX_STR_ARG(code)),
		       text, heading;
	struct phx_buf bytes = {0};
	struct phx_err err = {0};

	if (!phx_read_file(path.ptr, &bytes, &err)) {
		phx_err_done(&err);
		phx_buf_done(&bytes);
		return (struct phx_str){0};
	}
	text = phx_str_dup(s->a, phx_buf_view(&bytes));
	phx_buf_done(&bytes);
	phx_str_cut(&text, '\n', &heading);
	return phx_str_trim(text);
}

static void impact_rule(struct phx_jw *w, struct phx_str id)
{
	if (phx_str_eqc(id, "impact/data-loss")) {
		key_c(w, "name", "DataLoss");
		text_object(w, "shortDescription", PHX_STR("the plan destroys data"));
		text_object(w, "help",
			    PHX_STR("A guest or one of its volumes is destroyed. Look for the volumes in the "
				    "plan, and whether a backup exists."));
	} else if (phx_str_eqc(id, "impact/restart")) {
		key_c(w, "name", "Restart");
		text_object(w, "shortDescription", PHX_STR("the plan restarts a guest"));
		text_object(w, "help", PHX_STR("A change cannot be made while the guest runs."));
	} else {
		key_c(w, "name", "Offline");
		text_object(w, "shortDescription", PHX_STR("the plan stops a guest for a change"));
		text_object(w, "help", PHX_STR("The guest is down for as long as the change takes."));
	}
}

static void policy_rule(struct sarif *s, struct phx_str name)
{
	struct phx_jw *w = &s->w;

	key_str(w, "name", name);
	text_object(w, "shortDescription",
		    phx_str_printf(s->a, "policy `" PHX_STR_FMT "`", PHX_STR_ARG(name)));
	text_object(w, "help",
		    phx_str_printf(s->a,
				   "An assertion of the policy `" PHX_STR_FMT
				   "` does not hold. The related location is its line.",
				   PHX_STR_ARG(name)));
}

static void code_rule(struct sarif *s, const struct phx_ci_finding *f)
{
	const struct phx_code_info *info = phx_code_info(f->diag->code);
	struct phx_str help = explanation(s, f->rule);
	struct phx_jw *w = &s->w;

	key_c(w, "name", info->slug);
	text_object(w, "shortDescription", phx_str_c(info->title));
	if (!help.len)
		return;
	phx_jw_key(w, "help");
	phx_jw_object(w);
	key_str(w, "text", help);
	key_str(w, "markdown", help);
	phx_jw_end_object(w);
}

static void write_rules(struct sarif *s)
{
	struct phx_jw *w = &s->w;

	phx_jw_key(w, "rules");
	phx_jw_array(w);
	for (uint32_t i = 0; i < s->rules.n; i++) {
		const struct phx_ci_finding *f = s->rules.v[i].first;

		phx_jw_object(w);
		key_str(w, "id", f->rule);
		if (f->diag)
			code_rule(s, f);
		else if (f->policy.len)
			policy_rule(s, f->policy);
		else
			impact_rule(w, f->rule);
		phx_jw_key(w, "defaultConfiguration");
		phx_jw_object(w);
		key_c(w, "level", phx_severity_name(f->level));
		phx_jw_end_object(w);
		phx_jw_end_object(w);
	}
	phx_jw_end_array(w);
}

static void number_rules(struct sarif *s)
{
	for (uint32_t i = 0; i < s->found.v.n; i++) {
		bool is_new;
		struct phx_map_entry *e = phx_map_put(s->a, &s->by_id, s->found.v.v[i].rule, &is_new);

		if (!is_new)
			continue;
		phx_vec_push(s->a, &s->rules, ((struct rule){s->found.v.v[i].rule, &s->found.v.v[i]}));
		e->num = s->rules.n;
	}
}

/* --- places --- */

/* A relative reference, or a file URI; the path's own slashes stay. */
static void uri(struct phx_jw *w, struct phx_str path)
{
	struct phx_buf text = {0};
	struct phx_str part;
	bool first = true;

	if (path.len && path.ptr[0] == '/')
		phx_buf_c(&text, "file://");
	while (phx_str_starts(path, "./"))
		path = phx_str_from(path, 2);
	while (phx_str_cut(&path, '/', &part)) {
		if (!first)
			phx_buf_ch(&text, '/');
		phx_buf_percent(&text, part);
		first = false;
	}
	key_str(w, "uri", phx_buf_view(&text));
	phx_buf_done(&text);
}

static void artifact(struct phx_jw *w, struct phx_str path)
{
	phx_jw_key(w, "artifactLocation");
	phx_jw_object(w);
	uri(w, path);
	phx_jw_end_object(w);
}

static void region(struct sarif *s, const char *key, struct phx_span span)
{
	const struct phx_sources *sources = s->ci->bag->sources;
	struct phx_pos from = phx_source_pos(sources, span);
	struct phx_pos to = phx_source_pos(sources, (struct phx_span){span.file, span.end, span.end});
	struct phx_jw *w = &s->w;

	phx_jw_key(w, key);
	phx_jw_object(w);
	phx_jw_key(w, "startLine");
	phx_jw_int(w, from.line);
	phx_jw_key(w, "startColumn");
	phx_jw_int(w, from.col);
	phx_jw_key(w, "endLine");
	phx_jw_int(w, to.line);
	phx_jw_key(w, "endColumn");
	phx_jw_int(w, to.col);
	phx_jw_end_object(w);
}

static void physical(struct sarif *s, struct phx_span span)
{
	struct phx_jw *w = &s->w;

	phx_jw_key(w, "physicalLocation");
	phx_jw_object(w);
	artifact(w, phx_source_pos(s->ci->bag->sources, span).path);
	region(s, "region", span);
	phx_jw_end_object(w);
}

static void logical(struct phx_jw *w, struct phx_str address)
{
	phx_jw_key(w, "logicalLocations");
	phx_jw_array(w);
	phx_jw_object(w);
	key_str(w, "fullyQualifiedName", address);
	key_c(w, "kind", "resource");
	phx_jw_end_object(w);
	phx_jw_end_array(w);
}

static void locations(struct sarif *s, const struct phx_ci_finding *f)
{
	struct phx_jw *w = &s->w;

	if (!phx_span_known(f->at) && !f->address.len)
		return;
	phx_jw_key(w, "locations");
	phx_jw_array(w);
	phx_jw_object(w);
	if (phx_span_known(f->at))
		physical(s, f->at);
	if (f->address.len)
		logical(w, f->address);
	phx_jw_end_object(w);
	phx_jw_end_array(w);
}

static void related_one(struct sarif *s, uint32_t *id, struct phx_span span, struct phx_str text)
{
	struct phx_jw *w = &s->w;

	if (!phx_span_known(span))
		return;
	if (!*id) {
		phx_jw_key(w, "relatedLocations");
		phx_jw_array(w);
	}
	phx_jw_object(w);
	phx_jw_key(w, "id");
	phx_jw_int(w, ++*id);
	physical(s, span);
	if (text.len)
		text_object(w, "message", text);
	phx_jw_end_object(w);
}

static bool same(struct phx_span a, struct phx_span b)
{
	return a.file == b.file && a.start == b.start && a.end == b.end;
}

static void related(struct sarif *s, const struct phx_ci_finding *f)
{
	uint32_t id = 0;

	related_one(s, &id, f->related, PHX_STR("the assertion that does not hold"));
	for (uint32_t i = 0; f->diag && i < f->diag->labels.n; i++)
		if (!same(f->diag->labels.v[i].span, f->at))
			related_one(s, &id, f->diag->labels.v[i].span, f->diag->labels.v[i].text);
	if (id)
		phx_jw_end_array(&s->w);
}

/* --- results --- */

/* Of the rule, the file, the resource, the message and the text of the line: lines above may come and go. */
static void fingerprint(struct sarif *s, const struct phx_ci_finding *f)
{
	struct phx_jw *w = &s->w;
	struct phx_map_entry *seen;
	struct phx_buf text = {0};
	struct phx_str hash;

	phx_buf_printf(&text, PHX_STR_FMT "\n" PHX_STR_FMT "\n" PHX_STR_FMT "\n", PHX_STR_ARG(f->rule),
		       PHX_STR_ARG(f->address), PHX_STR_ARG(f->message));
	if (phx_span_known(f->at)) {
		struct phx_pos pos = phx_source_pos(s->ci->bag->sources, f->at);
		struct phx_str line =
			phx_str_trim(phx_source_line(s->ci->bag->sources, f->at.file, pos.line));

		phx_buf_printf(&text, PHX_STR_FMT "\n" PHX_STR_FMT, PHX_STR_ARG(pos.path), PHX_STR_ARG(line));
	}
	hash = phx_str_slice(phx_sha256_hex(s->a, phx_buf_view(&text)), 0, 32);
	phx_buf_done(&text);
	seen = phx_map_put(s->a, &s->seen, hash, NULL);
	phx_jw_key(w, "partialFingerprints");
	phx_jw_object(w);
	phx_jw_key(w, "phxFinding/v1");
	phx_jw_sum(w, phx_str_printf(s->a, PHX_STR_FMT ":%llu", PHX_STR_ARG(hash),
				     (unsigned long long)++seen->num));
	phx_jw_end_object(w);
}

static void fix(struct sarif *s, const struct phx_diag_fix *x)
{
	struct phx_jw *w = &s->w;

	phx_jw_object(w);
	text_object(w, "description",
		    x->text.len ? phx_str_printf(s->a, "write `" PHX_STR_FMT "`", PHX_STR_ARG(x->text))
				: PHX_STR("take it out"));
	phx_jw_key(w, "artifactChanges");
	phx_jw_array(w);
	phx_jw_object(w);
	artifact(w, phx_source_pos(s->ci->bag->sources, x->span).path);
	phx_jw_key(w, "replacements");
	phx_jw_array(w);
	phx_jw_object(w);
	region(s, "deletedRegion", x->span);
	text_object(w, "insertedContent", x->text);
	phx_jw_end_object(w);
	phx_jw_end_array(w);
	phx_jw_end_object(w);
	phx_jw_end_array(w);
	phx_jw_end_object(w);
}

static void fixes(struct sarif *s, const struct phx_diag *d)
{
	if (!d || !d->fixes.n)
		return;
	phx_jw_key(&s->w, "fixes");
	phx_jw_array(&s->w);
	for (uint32_t i = 0; i < d->fixes.n; i++)
		if (phx_span_known(d->fixes.v[i].span))
			fix(s, &d->fixes.v[i]);
	phx_jw_end_array(&s->w);
}

static void result(struct sarif *s, const struct phx_ci_finding *f)
{
	struct phx_str detail = phx_str_trim(f->detail), message = f->message;
	struct phx_jw *w = &s->w;

	if (detail.len)
		message = phx_str_printf(s->a, PHX_STR_FMT "\n" PHX_STR_FMT, PHX_STR_ARG(message),
					 PHX_STR_ARG(detail));
	phx_jw_object(w);
	key_str(w, "ruleId", f->rule);
	phx_jw_key(w, "ruleIndex");
	phx_jw_int(w, (int64_t)phx_map_find(&s->by_id, f->rule)->num - 1);
	key_c(w, "level", phx_severity_name(f->level));
	text_object(w, "message", message);
	locations(s, f);
	related(s, f);
	fingerprint(s, f);
	fixes(s, f->diag);
	phx_jw_end_object(w);
}

static void driver(struct sarif *s)
{
	struct phx_jw *w = &s->w;

	phx_jw_key(w, "tool");
	phx_jw_object(w);
	phx_jw_key(w, "driver");
	phx_jw_object(w);
	key_c(w, "name", "phx");
	key_c(w, "version", PHX_VERSION);
	key_c(w, "semanticVersion", PHX_VERSION);
	write_rules(s);
	phx_jw_end_object(w);
	phx_jw_end_object(w);
}

void phx_report_sarif(const struct phx_ci *ci, struct phx_buf *out)
{
	struct phx_arena work = {0};
	struct sarif s = {.ci = ci, .a = &work};
	struct phx_jw *w = &s.w;

	phx_ci_collect(ci, &work, &s.found);
	number_rules(&s);
	phx_jw_init(w, out, 2);
	w->secrets = ci->secrets;
	phx_jw_object(w);
	key_c(w, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	key_c(w, "version", "2.1.0");
	phx_jw_key(w, "runs");
	phx_jw_array(w);
	phx_jw_object(w);
	driver(&s);
	key_c(w, "columnKind", "unicodeCodePoints");
	phx_jw_key(w, "results");
	phx_jw_array(w);
	for (uint32_t i = 0; i < s.found.v.n; i++)
		result(&s, &s.found.v.v[i]);
	phx_jw_end_array(w);
	phx_jw_end_object(w);
	phx_jw_end_array(w);
	phx_jw_end_object(w);
	phx_buf_ch(out, '\n');
	phx_arena_done(&work);
}

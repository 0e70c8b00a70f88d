/* JUnit XML, as CI servers show it: a suite for the configuration, one for its guests, one for the policies. */
#include "base/secret.h"
#include "base/utf8.h"
#include "report/ci_priv.h"

struct junit {
	const struct phx_ci *ci;
	struct phx_arena *a;
	struct phx_buf *out;
	struct phx_ci_findings found;
	bool *taken; /* findings that belong to a guest */
};

/* One test case, before it is written: suites say how many failed. */
struct test {
	struct phx_str name;
	struct phx_span span;
	struct phx_str skipped; /* why; empty: it was run */
	PHX_VEC(const struct phx_ci_finding *) findings;
};

struct suite {
	const char *name;
	const char *class_name;
	PHX_VEC(struct test) v;
};

/* --- text --- */

/* XML 1.0 cannot hold most control characters, escaped or not. */
static bool allowed(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0x7f && c != 0xfffe && c != 0xffff);
}

static void escaped(struct phx_buf *out, struct phx_str s, bool attribute)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t n, c = phx_utf8_at(s, at, &n);

		if (c == '&')
			phx_buf_c(out, "&amp;");
		else if (c == '<')
			phx_buf_c(out, "&lt;");
		else if (c == '>')
			phx_buf_c(out, "&gt;");
		else if (c == '"' && attribute)
			phx_buf_c(out, "&quot;");
		else if (attribute && (c == '\n' || c == '\t' || c == '\r'))
			phx_buf_printf(out, "&#%u;", (unsigned)c);
		else if (c == '\r')
			phx_buf_c(out, "&#13;");
		else if (c == PHX_UTF8_BAD)
			phx_utf8_add(out, 0xfffd);
		else if (!allowed(c))
			phx_buf_printf(out, "\\x%02x", (unsigned)c);
		else
			phx_buf_str(out, phx_str_slice(s, at, n));
		at += n;
	}
}

static void escape(struct junit *j, struct phx_str s, bool attribute)
{
	struct phx_buf masked = {0};

	if (j->ci->secrets) {
		phx_secrets_mask(j->ci->secrets, s, &masked);
		s = phx_buf_view(&masked);
	}
	escaped(j->out, s, attribute);
	phx_buf_done(&masked);
}

static void attribute(struct junit *j, const char *name, struct phx_str value)
{
	phx_buf_printf(j->out, " %s=\"", name);
	escape(j, value, true);
	phx_buf_ch(j->out, '"');
}

static void finding_text(struct junit *j, const struct phx_ci_finding *f)
{
	struct phx_buf text = {0};

	if (phx_span_known(f->at)) {
		struct phx_pos pos = phx_source_pos(j->ci->bag->sources, f->at);

		phx_buf_printf(&text, PHX_STR_FMT ":%u:%u: ", PHX_STR_ARG(pos.path), pos.line, pos.col);
	}
	phx_buf_printf(&text, "%s[" PHX_STR_FMT "]: " PHX_STR_FMT "\n" PHX_STR_FMT,
		       phx_severity_name(f->level), PHX_STR_ARG(f->rule), PHX_STR_ARG(f->message),
		       PHX_STR_ARG(f->detail));
	if (phx_span_known(f->related)) {
		struct phx_pos pos = phx_source_pos(j->ci->bag->sources, f->related);

		phx_buf_printf(&text, "asserted in " PHX_STR_FMT ":%u:%u\n", PHX_STR_ARG(pos.path), pos.line,
			       pos.col);
	}
	escape(j, phx_buf_view(&text), false);
	phx_buf_done(&text);
}

/* --- test cases --- */

/* What a plan does to a guest is told, and fails nothing: it may be what is wanted. */
static bool fails(const struct phx_ci_finding *f)
{
	return f->level == PHX_SEV_ERROR && !phx_str_starts(f->rule, "impact/");
}

static uint32_t failures_of(const struct test *t)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->findings.n; i++)
		n += fails(t->findings.v[i]);
	return n;
}

static void failure(struct junit *j, const struct phx_ci_finding *f)
{
	phx_buf_c(j->out, "      <failure");
	attribute(j, "type", f->rule);
	attribute(j, "message", f->message);
	phx_buf_ch(j->out, '>');
	finding_text(j, f);
	phx_buf_c(j->out, "</failure>\n");
}

static void told(struct junit *j, const struct test *t)
{
	bool any = false;

	for (uint32_t i = 0; i < t->findings.n; i++) {
		if (fails(t->findings.v[i]))
			continue;
		if (!any)
			phx_buf_c(j->out, "      <system-out>");
		any = true;
		finding_text(j, t->findings.v[i]);
	}
	if (any)
		phx_buf_c(j->out, "</system-out>\n");
}

static void write_test(struct junit *j, const struct suite *s, const struct test *t)
{
	phx_buf_c(j->out, "    <testcase");
	attribute(j, "classname", phx_str_c(s->class_name));
	attribute(j, "name", t->name);
	if (phx_span_known(t->span)) {
		struct phx_pos pos = phx_source_pos(j->ci->bag->sources, t->span);

		attribute(j, "file", pos.path);
		phx_buf_printf(j->out, " line=\"%u\"", pos.line);
	}
	phx_buf_c(j->out, " time=\"0\"");
	if (!t->findings.n && !t->skipped.len) {
		phx_buf_c(j->out, "/>\n");
		return;
	}
	phx_buf_c(j->out, ">\n");
	if (t->skipped.len && !failures_of(t)) {
		phx_buf_c(j->out, "      <skipped");
		attribute(j, "message", t->skipped);
		phx_buf_c(j->out, "/>\n");
	}
	for (uint32_t i = 0; i < t->findings.n; i++)
		if (fails(t->findings.v[i]))
			failure(j, t->findings.v[i]);
	told(j, t);
	phx_buf_c(j->out, "    </testcase>\n");
}

struct sums {
	uint32_t tests, failures, skipped;
};

static struct sums sums_of(const struct suite *s)
{
	struct sums n = {.tests = s->v.n};

	for (uint32_t i = 0; i < s->v.n; i++) {
		bool failed = failures_of(&s->v.v[i]) > 0;

		n.failures += failed;
		n.skipped += !failed && s->v.v[i].skipped.len > 0;
	}
	return n;
}

static void write_sums(struct junit *j, struct sums n)
{
	phx_buf_printf(j->out, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\" time=\"0\">\n",
		       n.tests, n.failures, n.skipped);
}

static void write_suite(struct junit *j, const struct suite *s)
{
	if (!s->v.n)
		return;
	phx_buf_c(j->out, "  <testsuite");
	attribute(j, "name", phx_str_c(s->name));
	write_sums(j, sums_of(s));
	for (uint32_t i = 0; i < s->v.n; i++)
		write_test(j, s, &s->v.v[i]);
	phx_buf_c(j->out, "  </testsuite>\n");
}

/* --- which there are --- */

static bool is_guest(enum phx_kind kind)
{
	return kind == PHX_KIND_VM || kind == PHX_KIND_CONTAINER;
}

/* The case of a guest, made when it is not there: one that left the configuration is in the plan all the same. */
static void add_guest(struct junit *j, struct suite *s, struct phx_map *by_address, struct phx_str address,
		      struct phx_span span)
{
	struct phx_map_entry *e = phx_map_put(j->a, by_address, address, NULL);

	if (e->num)
		return;
	phx_vec_push(j->a, &s->v, ((struct test){.name = address, .span = span}));
	e->num = s->v.n;
}

static void give(struct junit *j, struct suite *s, const struct phx_map *by_address, struct phx_str address,
		 uint32_t finding)
{
	const struct phx_map_entry *e = phx_map_find(by_address, address);

	if (!e)
		return;
	phx_vec_push(j->a, &s->v.v[e->num - 1].findings, &j->found.v.v[finding]);
	j->taken[finding] = true;
}

static void guests(struct junit *j, struct suite *s)
{
	const struct phx_config *c = j->ci->config;
	const struct phx_plan *p = j->ci->plan;
	struct phx_map by_address = {0};

	for (uint32_t i = 0; c && i < c->decls.n; i++)
		if (is_guest(c->decls.v[i]->kind))
			add_guest(j, s, &by_address, c->decls.v[i]->address, c->decls.v[i]->span);
	for (uint32_t i = 0; p && i < p->changes.n; i++)
		if (is_guest(p->changes.v[i]->kind))
			add_guest(j, s, &by_address, p->changes.v[i]->address, p->changes.v[i]->span);
	for (uint32_t k = 0; k < j->found.v.n; k++) {
		const struct phx_ci_finding *f = &j->found.v.v[k];
		struct phx_ci_owners owners = {0};

		if (f->policy.len)
			continue;
		if (f->address.len)
			give(j, s, &by_address, f->address, k);
		else if (f->diag)
			phx_ci_owners(j->ci, f->diag, j->a, &owners);
		for (uint32_t i = 0; i < owners.v.n; i++)
			give(j, s, &by_address, c->decls.v[owners.v.v[i]]->address, k);
	}
}

static void policies(struct junit *j, struct suite *s)
{
	const struct phx_policy_report *r = j->ci->policies;

	for (uint32_t i = 0; r && i < r->v.n; i++) {
		const struct phx_policy_result *p = &r->v.v[i];
		struct test t = {.name = p->name, .span = p->span};

		for (uint32_t k = 0; k < j->found.v.n; k++)
			if (phx_str_eq(j->found.v.v[k].policy, p->name))
				phx_vec_push(j->a, &t.findings, &j->found.v.v[k]);
		if (!p->passed && !p->findings.n)
			t.skipped = PHX_STR("it could not be evaluated: the case `configuration` says why");
		else if (p->partial && !j->ci->planned)
			t.skipped = PHX_STR("it looks at changes too, or at what is not known here: phx plan "
					    "checks it in full");
		phx_vec_push(j->a, &s->v, t);
	}
}

static void rest(struct junit *j, struct suite *s)
{
	struct test t = {.name = PHX_STR("configuration")};

	for (uint32_t k = 0; k < j->found.v.n; k++)
		if (!j->taken[k] && !j->found.v.v[k].policy.len)
			phx_vec_push(j->a, &t.findings, &j->found.v.v[k]);
	phx_vec_push(j->a, &s->v, t);
}

void phx_report_junit(const struct phx_ci *ci, struct phx_buf *out)
{
	struct suite all[] = {{.name = "configuration", .class_name = "phx"},
			      {.name = "guests", .class_name = "phx.guest"},
			      {.name = "policies", .class_name = "phx.policy"}};
	struct phx_arena work = {0};
	struct junit j = {.ci = ci, .a = &work, .out = out};
	struct sums sum = {0};

	phx_ci_collect(ci, &work, &j.found);
	j.taken = PHX_NEW_N(&work, bool, j.found.v.n);
	guests(&j, &all[1]);
	policies(&j, &all[2]);
	rest(&j, &all[0]);
	for (size_t i = 0; i < PHX_COUNTOF(all); i++) {
		struct sums n = sums_of(&all[i]);

		sum.tests += n.tests;
		sum.failures += n.failures;
		sum.skipped += n.skipped;
	}
	phx_buf_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"phx\"");
	write_sums(&j, sum);
	for (size_t i = 0; i < PHX_COUNTOF(all); i++)
		write_suite(&j, &all[i]);
	phx_buf_c(out, "</testsuites>\n");
	phx_arena_done(&work);
}

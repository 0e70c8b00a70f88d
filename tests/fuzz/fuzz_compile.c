/* Any text evaluates, without its environment and with it, to a configuration that is complete, has its places inside
 * the sources, blames every gap on a report, prints the same twice, and never prints a secret. */
#include "fuzz.h"

#include <string.h>

#include "ast/parse.h"
#include "model/option.h"
#include "sema/sema.h"

static const char canary[] = "canary-4711-value";

static const char *environment(void *user, const char *name)
{
	(void)user;
	return strcmp(name, "SECRET") == 0 ? canary : NULL;
}

struct run {
	struct phx_arena arena;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_secrets secrets;
	struct phx_config *config;
	struct phx_buf text; /* everything that it says */
};

static void check_span(const struct run *r, struct phx_span at)
{
	const struct phx_source *source;

	if (!phx_span_known(at))
		return;
	FUZZ_CHECK(at.file < r->sources.files.n);
	source = phx_source_get(&r->sources, at.file);
	FUZZ_CHECK(source && at.start <= at.end && at.end <= source->text.len);
}

static void check_value(const struct run *r, const struct phx_value *v, int depth)
{
	FUZZ_CHECK(v->kind < PHX_V_KIND_COUNT && depth < 1000);
	FUZZ_CHECK((v->flags & 0x80) == 0);
	FUZZ_CHECK(!(v->flags & PHX_VF_POISON) || r->bag.errors > 0);
	check_span(r, v->span);
	if (v->flags & (PHX_VF_UNKNOWN | PHX_VF_POISON))
		return;
	for (uint32_t i = 0; v->kind == PHX_V_LIST && i < v->list.n; i++)
		check_value(r, &v->list.v[i], depth + 1);
	for (uint32_t i = 0; v->kind == PHX_V_MAP && i < v->map->n; i++)
		check_value(r, v->map->v[i].value, depth + 1);
	if (v->kind == PHX_V_REF || v->kind == PHX_V_CALL)
		FUZZ_CHECK(v->ref->decl || v->ref->kind == PHX_KIND_FEATURE);
}

static void say_block(struct run *r, const struct phx_block *b)
{
	FUZZ_CHECK(b->spec);
	check_span(r, b->span);
	for (uint32_t i = 0; i < b->attrs.n; i++) {
		const struct phx_attr *a = &b->attrs.v[i];

		check_span(r, a->name_span);
		check_value(r, &a->value, 0);
		phx_buf_str(&r->text, a->name);
		phx_value_show(&a->value, &r->text);
		phx_value_json(&a->value, &r->text);
	}
	for (uint32_t i = 0; i < b->blocks.n; i++) {
		phx_buf_printf(&r->text, "{%s " PHX_STR_FMT, b->blocks.v[i]->spec->name,
			       PHX_STR_ARG(b->blocks.v[i]->label));
		say_block(r, b->blocks.v[i]);
		phx_buf_ch(&r->text, '}');
	}
}

static void say_decl(struct run *r, const struct phx_decl *d)
{
	FUZZ_CHECK(d->kind > PHX_KIND_NONE && d->kind < PHX_KIND_COUNT && d->address.len > 0);
	FUZZ_CHECK(!d->poisoned || r->bag.errors > 0 || r->config->has_unknowns);
	check_span(r, d->span);
	phx_buf_str(&r->text, d->address);
	say_block(r, &d->body);
}

static void check_diags(struct run *r)
{
	for (uint32_t i = 0; i < r->bag.diags.n; i++) {
		const struct phx_diag *d = r->bag.diags.v[i];

		check_span(r, d->span);
		for (uint32_t k = 0; k < d->labels.n; k++)
			check_span(r, d->labels.v[k].span);
		for (uint32_t k = 0; k < d->fixes.n; k++)
			check_span(r, d->fixes.v[k].span);
	}
	phx_diag_render(&r->bag, PHX_DIAG_HUMAN, false, &r->text);
}

/* --- policies, over changes that could be --- */

static void put(struct run *r, struct phx_object *o, const char *key, struct phx_value v)
{
	struct phx_value *copy = PHX_NEW(&r->arena, struct phx_value);

	*copy = v;
	o->v[o->n++] = (struct phx_member){.key = phx_str_c(key), .value = copy};
}

static struct phx_value word(const char *s)
{
	return phx_value_str(phx_str_c(s), (struct phx_span){0});
}

static struct phx_object *object(struct run *r, uint32_t n)
{
	struct phx_object *o = PHX_NEW(&r->arena, struct phx_object);

	o->v = PHX_NEW_N(&r->arena, struct phx_member, n);
	return o;
}

/* Of a guest of the configuration, or (NULL) of one that left it. */
static struct phx_value change(struct run *r, const struct phx_decl *d)
{
	struct phx_object *o = object(r, 12), *attribute = object(r, 6), *left = object(r, 1);
	struct phx_value no = phx_value_bool(false, (struct phx_span){0}), null = {.kind = PHX_V_NULL};
	struct phx_value *one = PHX_NEW(&r->arena, struct phx_value);
	struct phx_ref *ref = PHX_NEW(&r->arena, struct phx_ref);

	put(r, attribute, "path", word("memory"));
	put(r, attribute, "before", null);
	put(r, attribute, "after", word("1GiB"));
	put(r, attribute, "sensitive", no);
	put(r, attribute, "impact", word("live"));
	put(r, attribute, "reason", word(""));
	*one = (struct phx_value){.kind = PHX_V_MAP, .map = attribute};
	put(r, left, "name", word("gone"));
	put(r, o, "address", d ? phx_value_str(d->address, d->span) : word("vm.gone"));
	put(r, o, "kind", word("vm"));
	put(r, o, "id", null);
	put(r, o, "node", null);
	put(r, o, "action", word(d ? "update" : "delete"));
	put(r, o, "impact", word("none"));
	put(r, o, "restart", no);
	put(r, o, "running", no);
	put(r, o, "reason", word("because"));
	put(r, o, "attributes", (struct phx_value){.kind = PHX_V_LIST, .list = {one, 1}});
	put(r, o, "notes", (struct phx_value){.kind = PHX_V_LIST});
	if (d)
		*ref = (struct phx_ref){.kind = (uint8_t)d->kind, .name = d->name, .decl = d};
	put(r, o, "guest",
	    d ? (struct phx_value){.kind = PHX_V_REF, .ref = ref}
	      : (struct phx_value){.kind = PHX_V_MAP, .map = left});
	return (struct phx_value){.kind = PHX_V_MAP, .map = o, .span = d ? d->span : (struct phx_span){0}};
}

static void say_policies(struct run *r, struct phx_policies *policies, bool planned)
{
	struct phx_value all = {.kind = PHX_V_LIST};
	struct phx_policy_input input = {.changes = planned ? &all : NULL};
	struct phx_policy_report report;
	uint32_t errors = r->bag.errors;

	all.list.v = PHX_NEW_N(&r->arena, struct phx_value, (size_t)r->config->decls.n + 1);
	for (uint32_t i = 0; i < r->config->decls.n; i++) {
		enum phx_kind kind = r->config->decls.v[i]->kind;

		if (kind == PHX_KIND_VM || kind == PHX_KIND_CONTAINER)
			all.list.v[all.list.n++] = change(r, r->config->decls.v[i]);
	}
	all.list.v[all.list.n++] = change(r, NULL);
	phx_policies_evaluate(policies, &input, &r->arena, &report);
	FUZZ_CHECK(!report.denied || r->bag.errors > errors);
	for (uint32_t i = 0; i < report.v.n; i++) {
		const struct phx_policy_result *p = &report.v.v[i];

		FUZZ_CHECK(!p->passed || p->findings.n == 0);
		FUZZ_CHECK(p->passed || p->findings.n || r->bag.errors > 0);
		for (uint32_t k = 0; k < p->findings.n; k++) {
			check_span(r, p->findings.v[k].check);
			check_span(r, p->findings.v[k].offends);
			phx_buf_str(&r->text, p->findings.v[k].message);
			phx_buf_str(&r->text, p->findings.v[k].address);
		}
	}
}

static void evaluate(struct run *r, struct phx_str text, bool validate_only)
{
	struct phx_policies *policies = NULL;
	struct phx_sema_options options = {.validate_only = validate_only,
					   .env = environment,
					   .max_steps = 20000,
					   .out_policies = &policies};
	const struct phx_ast_file *ast;
	struct phx_arena trees = {0};
	uint32_t file;

	*r = (struct run){0};
	phx_sources_init(&r->sources, &r->arena);
	phx_diag_bag_init(&r->bag, &r->arena, &r->sources);
	r->secrets.arena = &r->arena;
	options.options = phx_options_new(&r->arena, (struct phx_str){0});
	file = phx_source_add(&r->sources, PHX_STR("fuzz.phx"), text);
	ast = phx_parse_source(&r->sources, file, &trees, &r->bag);
	r->config = phx_sema_evaluate(&r->sources, &ast, 1, &options, &r->arena, &r->bag, &r->secrets);
	if (policies)
		say_policies(r, policies, !validate_only);
	phx_policies_done(policies);
	phx_arena_done(&trees); /* nothing of the result may lie in the tree */
	FUZZ_CHECK(r->config);
	for (uint32_t i = 0; i < r->config->defaults.n; i++)
		say_decl(r, r->config->defaults.v[i]);
	for (uint32_t i = 0; i < r->config->decls.n; i++)
		say_decl(r, r->config->decls.v[i]);
	for (uint32_t i = 0; i < r->config->outputs.n; i++) {
		check_value(r, &r->config->outputs.v[i].value, 0);
		phx_value_show(&r->config->outputs.v[i].value, &r->text);
	}
	check_diags(r);
}

static void done(struct run *r)
{
	phx_buf_done(&r->text);
	phx_arena_done(&r->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct phx_str text = {(const char *)data, size};
	struct run a, b;

	if (memmem(data, size, canary, sizeof(canary) - 1))
		return 0;
	for (int validate_only = 0; validate_only < 2; validate_only++) {
		evaluate(&a, text, validate_only);
		evaluate(&b, text, validate_only);
		FUZZ_CHECK(phx_str_eq(phx_buf_view(&a.text), phx_buf_view(&b.text)));
		if (a.text.len)
			FUZZ_CHECK(!memmem(a.text.ptr, a.text.len, canary, sizeof(canary) - 1));
		FUZZ_CHECK(a.bag.errors > 0 || validate_only || !a.config->has_unknowns);
		done(&a);
		done(&b);
	}
	return 0;
}

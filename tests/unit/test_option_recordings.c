/* The option tables against what a genuine server took, gave back and refused. */
#include "options_recorded.h"

#include <stdio.h>

#include "model/normalise.h"

struct lab {
	struct phx_arena arena; /* of the whole test */
	bool printing;          /* compare how Proxmox prints, not what it means */
	const struct phx_endpoints *endpoints;
	const struct phx_option_table *vm, *container;
	struct phx_err err;
	size_t checked, compared, refused;
	struct phx_map sent; /* "qemu/102/net0" → struct phx_str * as sent, until it was read back */
};

static void open_lab(struct lab *l)
{
	memset(l, 0, sizeof(*l));
	l->endpoints = phx_endpoints_load(&l->arena, PHX_STR("8.4"), &l->err);
	struct phx_options *o = phx_options_new(&l->arena, PHX_STR("8.4"));
	l->vm = phx_options_table(o, PHX_OPTIONS_VM, &l->err);
	l->container = phx_options_table(o, PHX_OPTIONS_CONTAINER, &l->err);
	if (l->err.kind != PHX_ERR_NONE)
		print_error("%s\n", l->err.msg.ptr);
	assert_non_null(l->endpoints);
	assert_non_null(l->vm);
	assert_non_null(l->container);
}

static void close_lab(struct lab *l)
{
	phx_err_done(&l->err);
	phx_arena_done(&l->arena);
}

/* "/nodes/pve/qemu/102/config" → table, id and what follows; false for other paths. */
static bool guest_path(const struct lab *l, struct phx_str path, const struct phx_option_table **out_table,
		       struct phx_str *out_id, struct phx_str *out_rest)
{
	struct phx_str part, kind;
	if (!phx_str_starts(path, "/nodes/"))
		return false;
	path = phx_str_from(path, 7);
	if (!phx_str_cut(&path, '/', &part) || !phx_str_cut(&path, '/', &kind))
		return false;
	*out_table = phx_str_eqc(kind, "qemu") ? l->vm : phx_str_eqc(kind, "lxc") ? l->container : NULL;
	if (!*out_table)
		return false;
	*out_id = (struct phx_str){0};
	if (path.ptr)
		(void)phx_str_cut(&path, '/', out_id);
	*out_rest = path;
	return true;
}

static bool is_config(const struct recorded *r, struct phx_str rest)
{
	return r->http == PHX_HTTP_GET && r->status == 200 && phx_str_eqc(rest, "config") &&
	       json_is_object(r->data);
}

/* What a configuration shows without being an option. */
static bool is_shown_only(const char *key)
{
	static const char *const keys[] = {"digest",    "meta",    "parent",     "snaptime",
					   "snapstate", "vmstate", "runningcpu", "runningmachine"};
	for (size_t i = 0; i < PHX_COUNTOF(keys); i++) {
		if (strcmp(key, keys[i]) == 0)
			return true;
	}
	return false;
}

/* Every value that a server gave back passes the check (bar what only it may write), and has one spelling. */
static void check_config(const struct recorded *r, struct phx_arena *arena, void *user)
{
	struct lab *l = user;
	const struct phx_option_table *t;
	struct phx_str id, rest;
	const char *key;
	json_t *value;
	if (!guest_path(l, r->path, &t, &id, &rest) || !is_config(r, rest))
		return;
	json_object_foreach(r->data, key, value)
	{
		struct phx_buf text = {0}, once = {0}, twice = {0};
		struct phx_checks faults = {.arena = arena};
		const struct phx_option *o = phx_option_find(t, phx_str_c(key), NULL);
		if (!phx_json_text(value, &text) || is_shown_only(key)) {
			phx_buf_done(&text);
			continue;
		}
		if (!o)
			print_error("%d: no option %s\n", r->seq, key);
		assert_non_null(o);
		struct phx_str v = phx_buf_view(&text);
		if (!phx_str_eqc(v, " ") && !phx_option_check(o, phx_str_c(key), v, &faults)) {
			print_error("%d %s=%s: %s\n", r->seq, key, text.ptr, faults.v.v[0].text.ptr);
			fail();
		}
		phx_option_canonical(o, v, &once);
		phx_option_canonical(o, phx_buf_view(&once), &twice);
		if (!phx_str_eq(phx_buf_view(&once), phx_buf_view(&twice)))
			print_error("%d %s=%s: `%s`, then `%s`\n", r->seq, key, text.ptr, once.ptr,
				    twice.ptr);
		assert_true(phx_str_eq(phx_buf_view(&once), phx_buf_view(&twice)));
		if (!phx_option_equal(o, v, phx_buf_view(&once)))
			print_error("%d %s=%s: not equal to its canonical form %s\n", r->seq, key, text.ptr,
				    once.ptr);
		assert_true(phx_option_equal(o, v, phx_buf_view(&once)));
		l->checked++;
		phx_buf_done(&text);
		phx_buf_done(&once);
		phx_buf_done(&twice);
	}
}

static void configs_that_were_read_pass_the_check_and_have_one_spelling(void **state)
{
	struct lab l;
	const char *dir = recorded_dir();
	(void)state;
	if (!dir)
		skip();
	open_lab(&l);
	recorded_each(dir, check_config, &l);
	print_message("%zu values of recorded configurations\n", l.checked);
	assert_true(l.checked > 700);
	close_lab(&l);
}

static struct phx_str sent_name(struct lab *l, const struct phx_option_table *t, struct phx_str id,
				struct phx_str key)
{
	return phx_str_printf(&l->arena, "%s/" PHX_STR_FMT "/" PHX_STR_FMT, t == l->vm ? "qemu" : "lxc",
			      PHX_STR_ARG(id), PHX_STR_ARG(key));
}

static void forget(struct lab *l, const struct phx_option_table *t, struct phx_str id)
{
	struct phx_str prefix = sent_name(l, t, id, (struct phx_str){0});
	for (uint32_t i = 0; i < l->sent.n; i++) {
		if (phx_str_starts(l->sent.entries[i].key, prefix.ptr))
			l->sent.entries[i].ptr = NULL;
	}
}

static void remember(struct lab *l, const struct phx_option_table *t, struct phx_str id,
		     const struct recorded *r)
{
	for (size_t i = 0; i < r->nparams; i++) {
		const struct phx_given *p = &r->params[i];
		const struct phx_option *o = phx_option_find(t, p->name, NULL);
		if (!o || p->shape != PHX_PARAM_TEXT ||
		    (o->flags & (PHX_OPTION_CREATE_ONLY | PHX_OPTION_UPDATE_ONLY | PHX_OPTION_WRITE_ONLY)))
			continue;
		struct phx_str *text = PHX_NEW(&l->arena, struct phx_str);
		*text = phx_str_dup(&l->arena, p->text);
		phx_map_put(&l->arena, &l->sent, sent_name(l, t, id, p->name), NULL)->ptr = text;
	}
}

/* What only the server can know goes into the sent text: names of volumes, sizes, MACs. */
static void fill_in(const struct phx_option *o, struct phx_str sent, struct phx_str read, struct phx_buf *out)
{
	struct phx_propstring p, given;
	if (!o->keys || !(o->flags & PHX_OPTION_REPRINTED) ||
	    !phx_propstring_parse(o, o->name, sent, &p, NULL) ||
	    !phx_propstring_parse(o, o->name, read, &given, NULL)) {
		phx_buf_str(out, sent);
		return;
	}
	for (uint32_t i = 0; i < given.n; i++) {
		const struct phx_option *key = given.props[i].key;
		if (key->canon == PHX_CANON_VOLUME || (key->flags & PHX_OPTION_INFORMATIVE) ||
		    ((key->flags & PHX_OPTION_GENERATED) && !key->has_default))
			assert_true(phx_propstring_set(o, &p, key->name, given.props[i].value));
	}
	phx_propstring_print(o, &p, out);
}

static void compare_printed(struct lab *l, const struct phx_option_table *t, const struct phx_option *o,
			    const struct recorded *r, struct phx_str sent, struct phx_str read)
{
	struct phx_buf filled = {0}, stored = {0};
	bool create = phx_str_eqc(sent, "Web;db,prod test"); /* 065 is the one create with tags of a VM */
	fill_in(o, sent, read, &filled);
	phx_option_stored(t->kind, o, phx_buf_view(&filled), create, &stored);
	if (!phx_str_eq(phx_buf_view(&stored), read))
		print_error("%d " PHX_STR_FMT ": stored `%s`, read `" PHX_STR_FMT "`\n", r->seq,
			    PHX_STR_ARG(o->name), stored.ptr ? stored.ptr : "", PHX_STR_ARG(read));
	assert_true(phx_str_eq(phx_buf_view(&stored), read));
	l->compared++;
	phx_buf_done(&filled);
	phx_buf_done(&stored);
}

static void compare_read(struct lab *l, const struct phx_option_table *t, struct phx_str id,
			 const struct recorded *r)
{
	struct phx_str prefix = sent_name(l, t, id, (struct phx_str){0});
	for (uint32_t i = 0; i < l->sent.n; i++) {
		const struct phx_map_entry *e = &l->sent.entries[i];
		struct phx_buf read = {0}, patched = {0};
		if (!e->ptr || !phx_str_starts(e->key, prefix.ptr))
			continue;
		struct phx_str key = phx_str_from(e->key, prefix.len), sent = *(struct phx_str *)e->ptr;
		const struct phx_option *o = phx_option_find(t, key, NULL);
		json_t *value = phx_json_get(r->data, key.ptr);
		if (value)
			assert_true(phx_json_text(value, &read));
		if (l->printing) {
			compare_printed(l, t, o, r, sent, phx_buf_view(&read));
			phx_buf_done(&read);
			continue;
		}
		bool equal = phx_option_equal(o, sent, phx_buf_view(&read));
		bool differs = phx_option_patch(o, phx_buf_view(&read), sent, &patched);
		if (!equal || differs)
			print_error("%d " PHX_STR_FMT ": sent `" PHX_STR_FMT "`, read `%s`\n", r->seq,
				    PHX_STR_ARG(key), PHX_STR_ARG(sent), read.ptr ? read.ptr : "");
		assert_true(equal);
		assert_false(differs);
		l->compared++;
		phx_buf_done(&read);
		phx_buf_done(&patched);
	}
	forget(l, t, id);
}

static struct phx_str param_text(const struct recorded *r, const char *name)
{
	for (size_t i = 0; i < r->nparams; i++) {
		if (phx_str_eqc(r->params[i].name, name))
			return r->params[i].text;
	}
	return (struct phx_str){0};
}

static void follow(const struct recorded *r, struct phx_arena *arena, void *user)
{
	struct lab *l = user;
	const struct phx_option_table *t;
	struct phx_str id, rest;
	(void)arena;
	if (!guest_path(l, r->path, &t, &id, &rest))
		return;
	if (r->http == PHX_HTTP_POST && id.len == 0) {
		id = param_text(r, "vmid");
		forget(l, t, id);
		if (r->status == 200 && phx_str_eqc(r->exit_status, "OK"))
			remember(l, t, id, r);
	} else if (is_config(r, rest)) {
		if (param_text(r, "current").len == 0)
			compare_read(l, t, id, r);
	} else if (r->http != PHX_HTTP_GET && phx_str_eqc(rest, "config")) {
		/* What else a call takes away, gives back or leaves pending is not followed. */
		if (param_text(r, "delete").len > 0 || param_text(r, "revert").len > 0)
			forget(l, t, id);
		else if (r->status == 200 && (r->exit_status.len == 0 || phx_str_eqc(r->exit_status, "OK")))
			remember(l, t, id, r);
	} else if (r->http != PHX_HTTP_GET) {
		forget(l, t, id);
	}
}

static void what_was_sent_equals_what_was_read_back(void **state)
{
	struct lab l;
	const char *dir = recorded_dir();
	(void)state;
	if (!dir)
		skip();
	open_lab(&l);
	recorded_each(dir, follow, &l);
	print_message("%zu sent values compared with what was read back\n", l.compared);
	assert_true(l.compared >= 140);
	close_lab(&l);
}

static void what_was_sent_is_printed_as_it_was_read_back(void **state)
{
	struct lab l;
	const char *dir = recorded_dir();
	(void)state;
	if (!dir)
		skip();
	open_lab(&l);
	l.printing = true;
	recorded_each(dir, follow, &l);
	assert_true(l.compared >= 140);
	close_lab(&l);
}

/* Texts that the schema check gives; others come from deeper in the server. */
static bool is_schema_text(struct phx_str text)
{
	/* 599, 640: the rule as a whole, once its parts are right. */
	if (phx_str_eqc(text, "missing property - 'dport' requires this property"))
		return false;

	static const char *const begins[] = {"property is ", "type check", "value ", "invalid format - ",
					     "missing property - "};
	for (size_t i = 0; i < PHX_COUNTOF(begins); i++) {
		if (phx_str_starts(text, begins[i]))
			return true;
	}
	return false;
}

static const struct phx_check *find_check(const struct phx_checks *c, const char *param)
{
	for (uint32_t i = 0; i < c->v.n; i++) {
		if (phx_str_eqc(c->v.v[i].param, param))
			return &c->v.v[i];
	}
	return NULL;
}

static void add_path_params(struct recorded *r, const struct phx_path_params *path)
{
	for (uint32_t i = 0; i < path->n; i++) {
		struct phx_given p = {
			.name = path->v[i].name, .shape = PHX_PARAM_TEXT, .text = path->v[i].value};
		r->params[r->nparams++] = p;
	}
}

static void refuse(const struct recorded *recorded, struct phx_arena *arena, void *user)
{
	struct lab *l = user;
	struct recorded *r = PHX_NEW(arena, struct recorded);
	struct phx_checks faults = {.arena = arena};
	struct phx_path_params path;
	const char *param;
	json_t *text;
	size_t expected = 0;
	*r = *recorded;
	const struct phx_endpoint *e = phx_endpoint_find(l->endpoints, r->path, &path);
	const struct phx_method *m = e ? e->methods[r->http] : NULL;
	if (r->status == 501 && r->errors == NULL) {
		/* The other 501s are about bodies: of a DELETE (817), or too large (867, 868). */
		assert_true(!m || r->seq == 817 || r->seq == 867 || r->seq == 868);
		return;
	}
	if (phx_str_eqc(r->path, "/"))
		return; /* the root's index is not in the description */
	if (!m)
		print_error("%d: no %s " PHX_STR_FMT "\n", r->seq, phx_http_name(r->http),
			    PHX_STR_ARG(r->path));
	assert_non_null(m);
	/* Who asks, and whether he may, is settled before parameters are looked at (672, 709). */
	if (r->status == 401 || r->status == 403 || r->seq == 709 || (r->status >= 500 && r->errors))
		return;
	add_path_params(r, &path);
	(void)!phx_endpoint_check(m, r->params, r->nparams, &faults);
	json_object_foreach(r->errors, param, text)
	{
		struct phx_str want = phx_str_c(json_string_value(text));
		const struct phx_check *c = find_check(&faults, param);
		if (!is_schema_text(want))
			continue;
		expected++;
		if (!c || !phx_str_eq(c->text, want))
			print_error("%d %s: want `" PHX_STR_FMT "`, got `%s`\n", r->seq, param,
				    PHX_STR_ARG(want), c ? c->text.ptr : "nothing");
		assert_non_null(c);
		assert_true(phx_str_eq(c->text, want));
		l->refused++;
	}
	if (expected == 0 && faults.v.n > 0)
		print_error("%d: refused, but the server did not: " PHX_STR_FMT ": %s\n", r->seq,
			    PHX_STR_ARG(faults.v.v[0].param), faults.v.v[0].text.ptr);
	assert_true(expected > 0 || faults.v.n == 0);
	for (uint32_t i = 0; i < faults.v.n; i++)
		assert_non_null(json_object_get(r->errors, faults.v.v[i].param.ptr));
	l->checked++;
}

static void recorded_requests_are_refused_and_accepted_as_recorded(void **state)
{
	struct lab l;
	const char *dir = recorded_dir();
	(void)state;
	if (!dir)
		skip();
	open_lab(&l);
	recorded_each(dir, refuse, &l);
	print_message("%zu requests checked, %zu texts of refusals reproduced\n", l.checked, l.refused);
	assert_true(l.checked > 700);
	assert_true(l.refused >= 50);
	close_lab(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configs_that_were_read_pass_the_check_and_have_one_spelling),
		cmocka_unit_test(what_was_sent_equals_what_was_read_back),
		cmocka_unit_test(what_was_sent_is_printed_as_it_was_read_back),
		cmocka_unit_test(recorded_requests_are_refused_and_accepted_as_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

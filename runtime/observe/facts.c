#include "observe/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { TASKS_READ = 500 };

struct facts {
	struct phx_facts *out;
	struct phx_arena *arena;
};

struct ask {
	struct facts *f;
	struct phx_request request;
	void (*take)(struct facts *f, void *what, const json_t *data, const struct phx_err *err);
	void *what;
};

static void done(void *user, struct phx_answer *answer)
{
	struct ask *x = user;

	x->f->out->requests++;
	x->take(x->f, x->what, answer->err.kind == PHX_ERR_NONE ? answer->data : NULL, &answer->err);
	phx_answer_done(answer);
}

static void ask(struct facts *f, struct phx_reader *r, struct phx_str path, const struct phx_params *query,
		void (*take)(struct facts *, void *, const json_t *, const struct phx_err *), void *what)
{
	struct ask *x = PHX_NEW(f->arena, struct ask);

	*x = (struct ask){.f = f, .take = take, .what = what};
	x->request = (struct phx_request){
		.method = PHX_GET, .path = path, .params = query, .arena = f->arena, .done = done, .user = x};
	phx_reader_get(r, &x->request);
}

static const struct phx_params *query(struct phx_arena *a, const char *name, struct phx_str value)
{
	struct phx_params *q = PHX_NEW(a, struct phx_params);

	phx_params_add(a, q, phx_str_c(name), value);
	return q;
}

/* --- privileges --- */

void phx_facts_grants(const json_t *data, struct phx_arena *a, struct phx_grants *out)
{
	const char *path, *privilege;
	json_t *of, *v;

	json_object_foreach((json_t *)(uintptr_t)data, path, of)
	{
		json_object_foreach(of, privilege, v)
		{
			phx_grants_add(a, out, phx_str_dup(a, phx_str_c(path)),
				       phx_str_dup(a, phx_str_c(privilege)),
				       json_is_true(v) || json_integer_value(v) != 0);
		}
	}
}

static void take_grants(struct facts *f, void *what, const json_t *data, const struct phx_err *err)
{
	(void)what;
	(void)err;
	if (!json_is_object(data))
		return;
	f->out->has_grants = true;
	phx_facts_grants(data, f->arena, &f->out->grants);
}

/* --- nodes --- */

static void take_bridges(struct facts *f, void *what, const json_t *data, const struct phx_err *err)
{
	struct phx_fact_node *n = what;
	size_t i;
	json_t *x;

	(void)err;
	n->has_bridges = json_array_size(data) > 0;
	json_array_foreach(data, i, x)
	{
		phx_vec_push(f->arena, &n->bridges, phx_str_dup(f->arena, phx_json_str(x, "iface")));
	}
}

struct lasted {
	struct phx_str type;
	uint64_t ms;
};

static int by_type_and_time(const void *a, const void *b)
{
	const struct lasted *x = a, *y = b;
	int c = phx_str_cmp(x->type, y->type);

	return c ? c : x->ms < y->ms ? -1 : x->ms > y->ms;
}

/* Times are whole seconds: what began and ended within one took half of it. */
static uint64_t duration(const json_t *x)
{
	int64_t began = phx_json_int(x, "starttime", 0), ended = phx_json_int(x, "endtime", 0);

	return ended > began ? (uint64_t)(ended - began) * 1000 : 500;
}

static bool went_well(const json_t *x)
{
	struct phx_str status = phx_json_str(x, "status");

	return phx_json_get(x, "endtime") &&
	       (phx_str_eqc(status, "OK") || phx_str_starts(status, "WARNINGS"));
}

static void take_tasks(struct facts *f, void *what, const json_t *data, const struct phx_err *err)
{
	struct phx_fact_node *n = what;
	struct lasted *all = PHX_NEW_N(f->arena, struct lasted, json_array_size(data) + 1);
	uint32_t count = 0, end;
	size_t i;
	json_t *x;

	(void)err;
	json_array_foreach(data, i, x)
	{
		if (went_well(x))
			all[count++] =
				(struct lasted){phx_str_dup(f->arena, phx_json_str(x, "type")), duration(x)};
	}
	if (count)
		qsort(all, count, sizeof(*all), by_type_and_time);
	for (uint32_t at = 0; at < count; at = end) {
		for (end = at; end < count && phx_str_eq(all[end].type, all[at].type);)
			end++;
		phx_vec_push(f->arena, &n->tasks,
			     ((struct phx_fact_tasks){.type = all[at].type,
						      .n = end - at,
						      .median_ms = all[at + (end - at) / 2].ms}));
	}
}

/* --- images and storages --- */

/* Not allowed to ask (403), or a server that does not know the question (501), says nothing about the file. */
static void take_url(struct facts *f, void *what, const json_t *data, const struct phx_err *err)
{
	struct phx_fact_url *u = what;

	u->asked = data || err->status == 500;
	u->reachable = data != NULL;
	u->size = (uint64_t)phx_json_int(data, "size", 0);
	if (!data)
		u->trouble = phx_str_trim(phx_str_dup(f->arena, phx_buf_view(&err->msg)));
}

static void take_content(struct facts *f, void *what, const json_t *data, const struct phx_err *err)
{
	struct phx_fact_storage *s = what;
	size_t i;
	json_t *x;

	(void)f;
	(void)err;
	s->known = json_is_array(data);
	json_array_foreach(data, i, x)
	{
		s->promised += (uint64_t)phx_json_int(x, "size", 0);
	}
}

static void take_shelf(struct facts *f, void *what, const json_t *data, const struct phx_err *err)
{
	struct phx_fact_shelf *s = what;
	size_t i;
	json_t *x;

	(void)err;
	s->known = json_is_array(data);
	json_array_foreach(data, i, x)
	{
		phx_vec_push(f->arena, &s->volumes, phx_str_dup(f->arena, phx_json_str(x, "volid")));
	}
}

static void take_templates(struct facts *f, void *what, const json_t *data, const struct phx_err *err)
{
	struct phx_fact_templates *t = what;
	size_t i;
	json_t *x;

	(void)err;
	t->known = json_is_array(data);
	json_array_foreach(data, i, x)
	{
		phx_vec_push(f->arena, &t->names, phx_str_dup(f->arena, phx_json_str(x, "template")));
	}
}

static struct phx_str content_path(struct phx_arena *a, struct phx_str node, struct phx_str storage)
{
	return phx_str_printf(a, "/nodes/" PHX_STR_FMT "/storage/" PHX_STR_FMT "/content", PHX_STR_ARG(node),
			      PHX_STR_ARG(storage));
}

static void ask_files(struct facts *f, struct phx_reader *r)
{
	for (uint32_t i = 0; i < f->out->shelves.n; i++) {
		struct phx_fact_shelf *s = &f->out->shelves.v[i];

		ask(f, r, content_path(f->arena, s->node, s->storage), query(f->arena, "content", s->content),
		    take_shelf, s);
	}
	for (uint32_t i = 0; i < f->out->templates.n; i++) {
		struct phx_fact_templates *t = &f->out->templates.v[i];

		ask(f, r, phx_str_printf(f->arena, "/nodes/" PHX_STR_FMT "/aplinfo", PHX_STR_ARG(t->node)),
		    NULL, take_templates, t);
	}
}

static void ask_node(struct facts *f, struct phx_reader *r, struct phx_fact_node *n)
{
	struct phx_params *tasks = PHX_NEW(f->arena, struct phx_params);

	phx_params_add(f->arena, tasks, PHX_STR("limit"), phx_str_printf(f->arena, "%d", TASKS_READ));
	ask(f, r, phx_str_printf(f->arena, "/nodes/" PHX_STR_FMT "/network", PHX_STR_ARG(n->name)),
	    query(f->arena, "type", PHX_STR("any_bridge")), take_bridges, n);
	ask(f, r, phx_str_printf(f->arena, "/nodes/" PHX_STR_FMT "/tasks", PHX_STR_ARG(n->name)), tasks,
	    take_tasks, n);
}

static void copy_wants(struct facts *f, const struct phx_fact_wants *w)
{
	for (uint32_t i = 0; i < w->nodes.n; i++)
		phx_vec_push(f->arena, &f->out->nodes, ((struct phx_fact_node){.name = w->nodes.v[i]}));
	for (uint32_t i = 0; i < w->urls.n; i++)
		phx_vec_push(f->arena, &f->out->urls, w->urls.v[i]);
	for (uint32_t i = 0; i < w->storages.n; i++)
		phx_vec_push(f->arena, &f->out->storages, w->storages.v[i]);
	for (uint32_t i = 0; i < w->shelves.n; i++)
		phx_vec_push(f->arena, &f->out->shelves, w->shelves.v[i]);
	for (uint32_t i = 0; i < w->templates.n; i++)
		phx_vec_push(f->arena, &f->out->templates, w->templates.v[i]);
}

const struct phx_facts *phx_observe_facts(struct phx_reader *r, const struct phx_fact_wants *w,
					  struct phx_arena *a)
{
	struct phx_facts *out = PHX_NEW(a, struct phx_facts);
	struct facts f = {.out = out, .arena = a};

	copy_wants(&f, w); /* the vectors do not move any more */
	if (w->grants)
		ask(&f, r, PHX_STR("/access/permissions"), NULL, take_grants, NULL);
	for (uint32_t i = 0; i < out->nodes.n; i++)
		ask_node(&f, r, &out->nodes.v[i]);
	for (uint32_t i = 0; i < out->urls.n; i++) {
		struct phx_fact_url *u = &out->urls.v[i];

		ask(&f, r,
		    phx_str_printf(a, "/nodes/" PHX_STR_FMT "/query-url-metadata", PHX_STR_ARG(u->node)),
		    query(a, "url", u->url), take_url, u);
	}
	for (uint32_t i = 0; i < out->storages.n; i++) {
		struct phx_fact_storage *s = &out->storages.v[i];

		ask(&f, r, content_path(a, s->node, s->id), NULL, take_content, s);
	}
	ask_files(&f, r);
	while (phx_backend_run(phx_reader_backend(r), 1000, -1) > 0)
		;
	return out;
}

static void take_touches(struct facts *f, void *what, const json_t *data, const struct phx_err *err)
{
	struct phx_touches *out = what;
	size_t i;
	json_t *x;

	(void)err;
	json_array_foreach(data, i, x)
	{
		struct phx_touch t = {.started = phx_json_int(x, "starttime", 0)};
		struct phx_str token = phx_json_str(x, "tokenid");

		if (!phx_parse_u64(phx_json_str(x, "id"), &t.id))
			continue;
		t.type = phx_str_dup(f->arena, phx_json_str(x, "type"));
		t.status = phx_str_dup(f->arena, phx_json_str(x, "status"));
		t.user = phx_str_printf(f->arena, PHX_STR_FMT "%s" PHX_STR_FMT,
					PHX_STR_ARG(phx_json_str(x, "user")), token.len ? "!" : "",
					PHX_STR_ARG(token));
		phx_vec_push(f->arena, &out->v, t);
	}
}

static int newest_first(const void *a, const void *b)
{
	const struct phx_touch *x = a, *y = b;

	return x->started != y->started ? (x->started < y->started ? 1 : -1) : phx_str_cmp(x->type, y->type);
}

void phx_observe_touches(struct phx_reader *r, const struct phx_str *nodes, uint32_t n, struct phx_arena *a,
			 struct phx_touches *out)
{
	struct phx_facts none = {0};
	struct facts f = {.out = &none, .arena = a};

	for (uint32_t i = 0; i < n; i++)
		ask(&f, r, phx_str_printf(a, "/nodes/" PHX_STR_FMT "/tasks", PHX_STR_ARG(nodes[i])),
		    query(a, "limit", phx_str_printf(a, "%d", TASKS_READ)), take_touches, out);
	while (phx_backend_run(phx_reader_backend(r), 1000, -1) > 0)
		;
	if (out->v.n)
		qsort(out->v.v, out->v.n, sizeof(*out->v.v), newest_first);
}

const struct phx_fact_node *phx_facts_node(const struct phx_facts *f, struct phx_str node)
{
	for (uint32_t i = 0; f && i < f->nodes.n; i++)
		if (phx_str_eq(f->nodes.v[i].name, node))
			return &f->nodes.v[i];
	return NULL;
}

static uint64_t of_node(const struct phx_fact_node *n, const char *type)
{
	for (uint32_t i = 0; i < n->tasks.n; i++)
		if (phx_str_eqc(n->tasks.v[i].type, type))
			return n->tasks.v[i].median_ms;
	return 0;
}

uint64_t phx_facts_task_ms(const struct phx_facts *f, struct phx_str node, const char *type)
{
	const struct phx_fact_node *n = phx_facts_node(f, node);
	uint64_t ms = n && type ? of_node(n, type) : 0;

	for (uint32_t i = 0; f && type && !ms && i < f->nodes.n; i++)
		ms = of_node(&f->nodes.v[i], type);
	return ms;
}

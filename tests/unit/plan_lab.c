#include "plan_lab.h"

static struct phx_live_storage storage(const char *id, const char *content)
{
	return (struct phx_live_storage){.id = phx_str_c(id),
					 .node = PHX_STR("pve"),
					 .type = PHX_STR("dir"),
					 .content = phx_str_c(content),
					 .active = true,
					 .has_volumes = true};
}

void lab_open(struct lab *l, const char *text)
{
	struct phx_arena *a = &l->w.arena;

	world_build(&l->w, text);
	if (!l->w.graph)
		assert_true(is_clean(&l->w));
	l->s = phx_snapshot_empty(a);
	l->s->cluster_name = PHX_STR("pve");
	l->s->version = PHX_STR("8.4.1");
	phx_vec_push(a, &l->s->nodes,
		     ((struct phx_live_node){.name = PHX_STR("pve"), .online = true, .maxcpu = 8}));
	phx_vec_push(a, &l->s->storages,
		     storage("local", "images,rootdir,import,iso,vztmpl,backup,snippets"));
	phx_vec_push(a, &l->s->storages, storage("ssd", "images,rootdir"));
	l->how.can_root = true;
	l->how.identity = PHX_STR("root@pam");
}

void lab_close(struct lab *l)
{
	phx_err_done(&l->err);
	world_close(&l->w);
}

void lab_edit(struct lab *l, const char *text)
{
	struct phx_arena *a = &l->w.arena;

	l->w.config = (struct phx_config){.stack = PHX_STR("lab")};
	phx_diag_bag_init(&l->w.bag, a, &l->w.sources);
	world_build(&l->w, text);
	if (!l->w.graph)
		assert_true(is_clean(&l->w));
	lab_settle(l);
}

void lab_put(struct lab *l, struct phx_live_guest *g, struct phx_str key, struct phx_str value)
{
	uint32_t i = 0;

	while (i < g->config.n && !phx_str_eq(g->config.v[i].key, key))
		i++;
	if (!value.len) {
		if (i < g->config.n) {
			memmove(&g->config.v[i], &g->config.v[i + 1],
				(g->config.n - i - 1) * sizeof(*g->config.v));
			g->config.n--;
		}
		return;
	}
	if (i == g->config.n)
		phx_vec_push(&l->w.arena, &g->config,
			     ((struct phx_kv){phx_str_dup(&l->w.arena, key), value}));
	g->config.v[i].value = phx_str_dup(&l->w.arena, value);
}

struct phx_live_guest *lab_raw(struct lab *l, uint64_t id, bool is_vm, bool running, const char *config)
{
	struct phx_live_guest *g = PHX_NEW(&l->w.arena, struct phx_live_guest);
	struct phx_str rest = phx_str_c(config), line;

	g->id = id;
	g->is_vm = is_vm;
	g->node = PHX_STR("pve");
	g->running = running;
	g->status = running ? PHX_STR("running") : PHX_STR("stopped");
	g->digest = phx_str_printf(&l->w.arena, "%040llu", (unsigned long long)id);
	while (phx_str_cut(&rest, '\n', &line)) {
		ptrdiff_t colon = phx_str_chr(line, ':');

		if (colon > 0)
			lab_put(l, g, phx_str_slice(line, 0, (size_t)colon),
				phx_str_trim(phx_str_from(line, (size_t)colon + 1)));
	}
	phx_vec_push(&l->w.arena, &l->s->guests, g);
	return g;
}

struct phx_live_guest *lab_live(struct lab *l, uint64_t id, bool is_vm, bool running, const char *config)
{
	struct phx_live_guest *g = lab_raw(l, id, is_vm, running, config);

	lab_settle(l);
	return g;
}

void lab_volume(struct lab *l, const char *volid, const char *content)
{
	phx_vec_push(&l->w.arena, &l->s->storages.v[0].volumes,
		     ((struct phx_live_volume){.volid = phx_str_c(volid), .content = phx_str_c(content)}));
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = (*(struct phx_live_guest *const *)a)->id, y = (*(struct phx_live_guest *const *)b)->id;

	return x < y ? -1 : x > y;
}

void lab_settle(struct lab *l)
{
	struct phx_arena *a = &l->w.arena;
	struct phx_str tag = phx_marker_tag(a, PHX_STR("lab"));

	if (l->s->guests.n)
		qsort(l->s->guests.v, l->s->guests.n, sizeof(*l->s->guests.v), by_id);
	l->s->by_id = (struct phx_map){0};
	for (uint32_t i = 0; i < l->s->pools.n; i++)
		l->s->pools.v[i].guests.n = 0;
	for (uint32_t i = 0; i < l->s->guests.n; i++) {
		struct phx_live_guest *g = l->s->guests.v[i];

		phx_live_settle(g, PHX_STR("lab"), tag, a);
		g->dead_lock = g->lock.len && !g->busy;
		phx_map_put(a, &l->s->by_id, phx_str_printf(a, "%llu", (unsigned long long)g->id), NULL)
			->ptr = g;
		for (uint32_t k = 0; g->pool.len && k < l->s->pools.n; k++)
			if (phx_str_eq(l->s->pools.v[k].id, g->pool))
				phx_vec_push(a, &l->s->pools.v[k].guests, g->id);
	}
}

const struct phx_live_guest *lab_guest(const struct lab *l, uint64_t id)
{
	return phx_snapshot_guest(l->s, id);
}

const char *lab_value(struct lab *l, uint64_t id, const char *key)
{
	const struct phx_live_guest *g = lab_guest(l, id);

	assert_non_null(g);
	return phx_str_dup(&l->w.arena, phx_live_value(g, phx_str_c(key))).ptr;
}

struct phx_plan *lab_plan(struct lab *l)
{
	struct phx_plan *p;

	phx_diag_bag_init(&l->w.bag, &l->w.arena, &l->w.sources);
	p = phx_plan_build(l->w.graph, l->s, &l->how, &l->w.arena, &l->w.bag);
	if (p) {
		p->sources = &l->w.sources;
		phx_plan_record(p, NULL, true);
	}
	return p;
}

struct phx_plan *lab_good_plan(struct lab *l)
{
	struct phx_plan *p = lab_plan(l);
	struct phx_buf text = {0};

	if (!p) {
		phx_diag_render(&l->w.bag, PHX_DIAG_HUMAN, false, &text);
		fail_msg("refused:\n%.*s", (int)text.len, text.ptr);
	}
	return p;
}

void lab_unlock(struct lab *l)
{
	for (uint32_t i = 0; i < l->s->pools.n; i++)
		if (l->s->pools.v[i].is_lock)
			l->s->pools.v[i] = l->s->pools.v[--l->s->pools.n];
}

void lab_converge(struct lab *l)
{
	struct phx_plan *p = lab_good_plan(l);

	lab_apply(l, p, p->actions.n);
	p = lab_good_plan(l);
	if (!phx_plan_is_empty(p))
		fail_msg("something is left to do:\n%s", lab_text(l, p));
}

const struct phx_change *lab_change(const struct phx_plan *p, const char *address)
{
	for (uint32_t i = 0; i < p->changes.n; i++)
		if (phx_str_eqc(p->changes.v[i]->address, address))
			return p->changes.v[i];
	return NULL;
}

const struct phx_attr_change *lab_attr(const struct phx_change *c, const char *path)
{
	for (uint32_t i = 0; c && i < c->attributes.n; i++)
		if (phx_str_eqc(c->attributes.v[i].path, path))
			return &c->attributes.v[i];
	return NULL;
}

const struct phx_action *lab_action(const struct phx_plan *p, uint64_t guest_id, enum phx_action_op op,
				    uint32_t nth)
{
	for (uint32_t i = 0; i < p->actions.n; i++) {
		const struct phx_action *a = p->actions.v[i];

		if (a->op == op && (!guest_id || a->guest_id == guest_id) && nth-- == 0)
			return a;
	}
	return NULL;
}

uint32_t lab_count(const struct phx_plan *p, uint64_t guest_id, enum phx_action_op op)
{
	uint32_t n = 0;

	while (lab_action(p, guest_id, op, n))
		n++;
	return n;
}

const char *lab_param(struct lab *l, const struct phx_action *a, const char *name)
{
	assert_non_null(a);
	for (uint32_t i = 0; i < a->params.v.n; i++)
		if (phx_str_eqc(a->params.v.v[i].name, name))
			return phx_str_dup(&l->w.arena, a->params.v.v[i].value).ptr;
	return NULL;
}

bool lab_before(const struct phx_plan *p, const struct phx_action *a, const struct phx_action *b)
{
	bool found = false;

	assert_non_null(a);
	assert_non_null(b);
	for (uint32_t i = 0; i < b->needs.n && !found; i++)
		found = b->needs.v[i] == a->id ||
			(b->needs.v[i] > a->id && lab_before(p, a, p->actions.v[b->needs.v[i] - 1]));
	return found;
}

const char *lab_json(struct lab *l, const struct phx_plan *p, bool as_file)
{
	struct phx_buf text = {0};
	const char *kept;

	if (as_file)
		phx_plan_file_write(p, NULL, PHX_STR(""), &text);
	else
		phx_plan_json(p, false, NULL, &text);
	kept = phx_str_dup(&l->w.arena, phx_buf_view(&text)).ptr;
	phx_buf_done(&text);
	return kept;
}

bool lab_refused(struct lab *l, const char *code)
{
	bool found = false, other = false;
	struct phx_buf text = {0};

	for (uint32_t i = 0; i < l->w.bag.diags.n; i++) {
		const struct phx_diag *d = l->w.bag.diags.v[i];
		bool it = strcmp(phx_code_info(d->code)->name, code) == 0;

		found = found || it;
		other = other || (!it && d->severity == PHX_SEV_ERROR);
	}
	if (found && !other)
		return true;
	phx_diag_render(&l->w.bag, PHX_DIAG_HUMAN, false, &text);
	print_error("wanted %s alone, got:\n%.*s\n", code, (int)text.len, text.ptr ? text.ptr : "");
	phx_buf_done(&text);
	return false;
}

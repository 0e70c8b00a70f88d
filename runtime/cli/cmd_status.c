/* phx status: what each guest of the stack is and does now, and how far it is from its declaration. Reads only. */
#include <string.h>

#include "cli/guests.h"
#include "report/report.h"

struct row {
	struct phx_str id, address, name, kind, node, state, uptime, ip, drift;
	uint64_t uptime_s;
	bool exists;
};

struct table {
	struct phx_cli *cli;
	PHX_VEC(struct row) rows;
};

/* One read for one guest. */
struct ask {
	struct table *t;
	uint32_t row;
	bool is_vm;
};

/* --- what the guests say --- */

static struct phx_str span_of_time(struct phx_arena *a, uint64_t s)
{
	if (s < 60)
		return phx_str_printf(a, "%llus", (unsigned long long)s);
	if (s < 3600)
		return phx_str_printf(a, "%llum", (unsigned long long)(s / 60));
	if (s < 86400)
		return phx_str_printf(a, "%lluh %llum", (unsigned long long)(s / 3600),
				      (unsigned long long)(s / 60 % 60));
	return phx_str_printf(a, "%llud %lluh", (unsigned long long)(s / 86400),
			      (unsigned long long)(s / 3600 % 24));
}

static void status_read(void *user, struct phx_answer *answer)
{
	struct ask *q = user;
	struct row *row = &q->t->rows.v[q->row];
	int64_t uptime = phx_json_int(answer->data, "uptime", 0);

	if (answer->err.kind == PHX_ERR_NONE && uptime > 0) {
		row->uptime_s = (uint64_t)uptime;
		row->uptime = span_of_time(q->t->cli->arena, row->uptime_s);
	}
	phx_answer_done(answer);
}

static bool is_outside(struct phx_str ip)
{
	return ip.len && !phx_str_starts(ip, "127.") && !phx_str_starts(ip, "169.254.") &&
	       !phx_str_eqc(ip, "::1") && !phx_str_starts(ip, "fe80:");
}

static bool has_word(struct phx_str list, struct phx_str word)
{
	struct phx_str one;

	while (phx_str_cut(&list, ' ', &one))
		if (phx_str_eq(one, word))
			return true;
	return false;
}

static void add_ip(struct ask *q, struct phx_str ip)
{
	struct row *row = &q->t->rows.v[q->row];
	ptrdiff_t slash = phx_str_chr(ip, '/');

	if (slash >= 0)
		ip = phx_str_slice(ip, 0, (size_t)slash);
	if (!is_outside(ip) || has_word(row->ip, ip))
		return;
	row->ip = row->ip.len ? phx_str_printf(q->t->cli->arena, PHX_STR_FMT " " PHX_STR_FMT,
					       PHX_STR_ARG(row->ip), PHX_STR_ARG(ip))
			      : phx_str_dup(q->t->cli->arena, ip);
}

/* A VM's agent lists its cards with their addresses; of a container the node knows them. */
static void cards_read(void *user, struct phx_answer *answer)
{
	struct ask *q = user;
	const json_t *cards = q->is_vm ? phx_json_get(answer->data, "result") : answer->data;
	size_t i, k;
	json_t *card, *ip;

	json_array_foreach(cards, i, card)
	{
		json_array_foreach(phx_json_get(card, "ip-addresses"), k, ip)
			add_ip(q, phx_json_str(ip, "ip-address"));
		if (!q->is_vm) {
			add_ip(q, phx_json_str(card, "inet"));
			add_ip(q, phx_json_str(card, "inet6"));
		}
	}
	phx_answer_done(answer);
}

static void ask(struct table *t, uint32_t row, const struct phx_live_guest *live, const char *what,
		void (*done)(void *user, struct phx_answer *answer))
{
	struct ask *q = PHX_NEW(t->cli->arena, struct ask);
	struct phx_request r = {.method = PHX_GET, .arena = t->cli->arena, .done = done, .user = q};

	*q = (struct ask){.t = t, .row = row, .is_vm = live->is_vm};
	r.path = phx_str_printf(t->cli->arena, "/nodes/" PHX_STR_FMT "/%s/%llu%s", PHX_STR_ARG(live->node),
				live->is_vm ? "qemu" : "lxc", (unsigned long long)live->id, what);
	phx_reader_get(phx_backend_reader(t->cli->backend), &r);
}

/* --- rows --- */

static struct phx_str drift_of(struct phx_cli *cli, const struct phx_change *c)
{
	struct phx_buf text = {0};
	struct phx_str s;

	if (!c || c->action == PHX_CH_NONE)
		return PHX_STR("none");
	if (c->action == PHX_CH_CREATE)
		return PHX_STR("missing");
	if (c->action == PHX_CH_DELETE)
		return PHX_STR("left the configuration");
	if (c->action != PHX_CH_UPDATE)
		return phx_str_c(phx_change_action_name((enum phx_change_action)c->action));
	for (uint32_t i = 0; i < c->attributes.n && i < 3; i++)
		phx_buf_printf(&text, "%s" PHX_STR_FMT "%s", i ? ", " : "",
			       PHX_STR_ARG(c->attributes.v[i].path),
			       c->attributes.v[i].pending ? " (pending restart)" : "");
	if (c->attributes.n > 3)
		phx_buf_printf(&text, " and %u more", c->attributes.n - 3);
	s = text.len ? phx_str_dup(cli->arena, phx_buf_view(&text)) : PHX_STR("update");
	phx_buf_done(&text);
	return s;
}

static struct phx_str declared_ip(struct phx_cli *cli, const struct phx_guest *g)
{
	struct phx_buf text = {0};
	struct phx_str s = {0};

	for (uint32_t i = 0; i < g->nics.n && !s.len; i++) {
		if (!g->nics.v[i].has_ip || g->nics.v[i].dhcp)
			continue;
		phx_ip_text(&g->nics.v[i].ip, false, &text);
		s = phx_str_dup(cli->arena, phx_buf_view(&text));
	}
	phx_buf_done(&text);
	return s;
}

static struct phx_str state_of(const struct phx_live_guest *live)
{
	if (!live)
		return PHX_STR("absent");
	if (live->is_template)
		return PHX_STR("template");
	if (live->lock.len)
		return PHX_STR("locked");
	return live->status.len ? live->status : live->running ? PHX_STR("running") : PHX_STR("stopped");
}

static void add_row(struct table *t, struct phx_str address, bool is_vm, uint64_t id,
		    const struct phx_guest *g, const struct phx_live_guest *live, const struct phx_change *c)
{
	struct row row = {.address = address, .kind = is_vm ? PHX_STR("vm") : PHX_STR("container")};

	row.id = id ? phx_str_u64(t->cli->arena, id) : PHX_STR("-");
	row.name = live && live->name.len ? live->name : g ? g->host_name : PHX_STR("");
	row.node = live ? live->node : g ? g->node : PHX_STR("");
	row.state = state_of(live);
	row.drift = drift_of(t->cli, c);
	row.exists = live != NULL;
	phx_vec_push(t->cli->arena, &t->rows, row);
	if (!live || !live->running)
		return;
	ask(t, t->rows.n - 1, live, "/status/current", status_read);
	if (!live->is_vm)
		ask(t, t->rows.n - 1, live, "/interfaces", cards_read);
	else if (g && g->agent)
		ask(t, t->rows.n - 1, live, "/agent/network-get-interfaces", cards_read);
}

static bool wanted(const struct phx_guest_words *w, struct phx_str address)
{
	for (uint32_t i = 0; i < w->v.n; i++)
		if (phx_str_eq(w->v.v[i], address))
			return true;
	return w->v.n == 0;
}

static void map_changes(struct phx_arena *a, const struct phx_plan *p, struct phx_map *out)
{
	for (uint32_t i = 0; i < p->changes.n; i++)
		phx_map_put(a, out, p->changes.v[i]->address, NULL)->ptr = p->changes.v[i];
}

/* The graph's guests in its order, then what is in the cluster and has left the configuration. */
static void fill(struct table *t, const struct phx_plan *plan, const struct phx_guest_words *w)
{
	struct phx_cli *cli = t->cli;
	struct phx_map changes = {0};

	map_changes(cli->arena, plan, &changes);
	for (uint32_t i = 0; i < cli->graph->guests.n; i++) {
		const struct phx_guest *g = cli->graph->guests.v[i];
		const struct phx_change *c = phx_map_get(&changes, g->r.address);
		uint64_t id = g->id ? g->id : c ? c->id : 0;

		if (wanted(w, g->r.address))
			add_row(t, g->r.address, g->is_vm, id, g, phx_snapshot_guest(plan->snapshot, id), c);
	}
	for (uint32_t i = 0; w->v.n == 0 && i < plan->changes.n; i++) {
		const struct phx_change *c = plan->changes.v[i];

		if (!c->resource && c->live)
			add_row(t, c->address, c->live->is_vm, c->id, NULL, c->live, c);
	}
	while (phx_backend_run(cli->backend, 1000, -1) > 0)
		;
	for (uint32_t i = 0; i < t->rows.n; i++) {
		const struct phx_guest *g = phx_guest_of_address(cli, t->rows.v[i].address);

		if (!t->rows.v[i].ip.len && g)
			t->rows.v[i].ip = declared_ip(cli, g);
	}
}

/* --- output --- */

enum { COLUMNS = 8 };

static struct phx_str cell(const struct row *r, uint32_t column)
{
	const struct phx_str cells[COLUMNS] = {r->id,    r->address, r->kind, r->node,
					       r->state, r->uptime,  r->ip,   r->drift};

	return cells[column].len ? cells[column] : PHX_STR("-");
}

/* What the server says, and names of files with a line's end in them, must not break the table. */
static void make_lines(struct table *t)
{
	struct phx_buf text = {0};

	for (uint32_t i = 0; i < t->rows.n; i++) {
		struct row *r = &t->rows.v[i];
		struct phx_str *cells[] = {&r->id,    &r->address, &r->kind, &r->node,
					   &r->state, &r->uptime,  &r->ip,   &r->drift};

		for (size_t k = 0; k < PHX_COUNTOF(cells); k++) {
			phx_buf_clear(&text);
			phx_report_one_line(*cells[k], &text);
			*cells[k] = phx_str_dup(t->cli->arena, phx_buf_view(&text));
		}
	}
	phx_buf_done(&text);
}

static void print_table(const struct table *t, struct phx_buf *out)
{
	static const char *const head[COLUMNS] = {"ID",    "ADDRESS", "KIND", "NODE",
						  "STATE", "UPTIME",  "IP",   "DRIFT"};
	size_t width[COLUMNS];

	for (uint32_t k = 0; k < COLUMNS; k++) {
		width[k] = strlen(head[k]);
		for (uint32_t i = 0; i < t->rows.n; i++)
			if (cell(&t->rows.v[i], k).len > width[k])
				width[k] = cell(&t->rows.v[i], k).len;
	}
	for (uint32_t k = 0; k < COLUMNS; k++)
		phx_buf_printf(out, "%-*s", k + 1 < COLUMNS ? (int)width[k] + 2 : 0, head[k]);
	phx_buf_ch(out, '\n');
	for (uint32_t i = 0; i < t->rows.n; i++) {
		for (uint32_t k = 0; k < COLUMNS; k++) {
			struct phx_str text = cell(&t->rows.v[i], k);

			phx_buf_str(out, text);
			if (k + 1 < COLUMNS)
				phx_buf_fill(out, ' ', width[k] + 2 - text.len);
		}
		phx_buf_ch(out, '\n');
	}
}

static void json_member(struct phx_jw *w, const char *key, struct phx_str value)
{
	phx_jw_key(w, key);
	if (value.len)
		phx_jw_str(w, value);
	else
		phx_jw_null(w);
}

static void print_json(const struct table *t, struct phx_buf *out)
{
	struct phx_jw w;
	uint64_t id;

	phx_jw_init(&w, out, 2);
	w.secrets = &t->cli->secrets;
	phx_jw_object(&w);
	json_member(&w, "format", PHX_STR("phx-status/1"));
	json_member(&w, "stack", t->cli->graph->stack);
	phx_jw_key(&w, "guests");
	phx_jw_array(&w);
	for (uint32_t i = 0; i < t->rows.n; i++) {
		const struct row *r = &t->rows.v[i];

		phx_jw_object(&w);
		phx_jw_key(&w, "id");
		if (phx_parse_u64(r->id, &id))
			phx_jw_int(&w, (int64_t)id);
		else
			phx_jw_null(&w);
		json_member(&w, "address", r->address);
		json_member(&w, "name", r->name);
		json_member(&w, "kind", r->kind);
		json_member(&w, "node", r->node);
		json_member(&w, "state", r->state);
		phx_jw_key(&w, "uptime_s");
		phx_jw_int(&w, (int64_t)r->uptime_s);
		json_member(&w, "ip", r->ip);
		json_member(&w, "drift", r->drift);
		phx_jw_end_object(&w);
	}
	phx_jw_end_array(&w);
	phx_jw_end_object(&w);
	phx_buf_ch(out, '\n');
}

int phx_cmd_status(struct phx_cli *cli)
{
	struct table t = {.cli = cli};
	struct phx_guest_words w = {0};
	struct phx_buf text = {0};
	const struct phx_plan *plan;

	phx_guest_words_take(cli, &w);
	if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		return phx_cli_refuse(cli);
	if (!phx_guest_words_resolve(cli, &w))
		return phx_cli_fail(cli);
	plan = phx_cli_plan(cli, false);
	/* A plan that would be refused shows all the same how far things are apart. */
	if (!plan)
		plan = cli->refused;
	if (!plan)
		return phx_cli_refuse(cli);
	fill(&t, plan, &w);
	if (cli->diag_format == PHX_DIAG_JSON) {
		print_json(&t, &text);
		phx_cli_print_document(cli, &text);
	} else {
		make_lines(&t);
		print_table(&t, &text);
		phx_cli_print(cli, &text);
	}
	phx_buf_done(&text);
	return PHX_EXIT_OK;
}

/* phx doctor: whether everything is there that a configuration needs, and what to do where it is not. Looks only. */
#include <string.h>
#include <time.h>

#include "cli/doctor.h"
#include "observe/facts.h"
#include "plan/preflight.h"

enum { CLOCK_WARN_S = 10, CLOCK_BAD_S = 300, MEMORY_FULL = 90, GRANTS_TOLD = 12 };

struct phx_check_line *phx_doctor_say(struct phx_doctor *d, enum phx_doctor_state state, const char *name,
				      struct phx_str text)
{
	phx_vec_push(d->cli->arena, &d->lines,
		     ((struct phx_check_line){.state = (uint8_t)state, .name = name, .text = text}));
	d->count[state]++;
	return &d->lines.v[d->lines.n - 1];
}

void phx_doctor_do(struct phx_doctor *d, struct phx_check_line *line, struct phx_str what)
{
	phx_vec_push(d->cli->arena, &line->what_to_do, what);
}

#define say(d, state, name, ...)                                                                             \
	phx_doctor_say((d), (state), (name), phx_str_printf((d)->cli->arena, __VA_ARGS__))
#define todo(d, line, ...) phx_doctor_do((d), (line), phx_str_printf((d)->cli->arena, __VA_ARGS__))

/* --- the way there --- */

static bool connection(struct phx_doctor *d)
{
	struct phx_cli *cli = d->cli;
	struct phx_check_line *line;
	json_t *version = NULL;

	if (phx_cli_connect(cli) && phx_reader_get_now(phx_backend_reader(cli->backend), PHX_STR("/version"),
						       NULL, &version, &cli->err)) {
		d->version = phx_str_dup(cli->arena, phx_json_str(version, "version"));
		say(d, PHX_DOCTOR_OK, "connection", "%s answers, as " PHX_STR_FMT,
		    phx_backend_endpoint(cli->backend), PHX_STR_ARG(phx_backend_identity(cli->backend)));
		json_decref(version);
		return true;
	}
	line = say(d, PHX_DOCTOR_ERROR, "connection", PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&cli->err.msg)));
	if (cli->err.hint.len)
		todo(d, line, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&cli->err.hint)));
	phx_err_clear(&cli->err);
	return false;
}

static void tls(struct phx_doctor *d)
{
	struct phx_cli *cli = d->cli;
	struct phx_str endpoint = phx_str_c(phx_backend_endpoint(cli->backend));
	const struct phx_cluster *c = cli->graph->clusters.n ? phx_cli_cluster(cli) : NULL;

	phx_err_clear(&cli->err);
	if (phx_str_starts(endpoint, "ssh:"))
		say(d, PHX_DOCTOR_OK, "TLS", "not needed: ssh encrypts, and known_hosts has the node's key");
	else if (!phx_str_starts(endpoint, "https://"))
		say(d, PHX_DOCTOR_OK, "TLS", "not needed: the connection does not leave this machine");
	else if (c && c->fingerprint.len)
		say(d, PHX_DOCTOR_OK, "TLS", "the certificate is the one that the configuration names");
	else if (c && c->ca_file.len)
		say(d, PHX_DOCTOR_OK, "TLS", "the certificate is signed by " PHX_STR_FMT,
		    PHX_STR_ARG(c->ca_file));
	else
		say(d, PHX_DOCTOR_OK, "TLS",
		    "the certificate is signed by an authority that this system trusts");
}

static void version(struct phx_doctor *d)
{
	struct phx_str rest = d->version, major;
	struct phx_check_line *line;
	uint64_t n = 0;

	if (!phx_str_cut(&rest, '.', &major) || !phx_parse_u64(major, &n))
		n = 0;
	if (n == 8) {
		say(d, PHX_DOCTOR_OK, "version", "Proxmox VE " PHX_STR_FMT, PHX_STR_ARG(d->version));
		return;
	}
	if (n == 7 || n == 9) {
		line = say(d, PHX_DOCTOR_WARNING, "version",
			   "Proxmox VE " PHX_STR_FMT ": phx's tables are those of 8.4",
			   PHX_STR_ARG(d->version));
		todo(d, line,
		     n == 9 ? "what 9 renamed (VM.Monitor is VM.GuestAgent.*) is not checked; plan before "
			      "apply, as ever"
			    : "what is newer than 7 is refused by the server; plan before apply, as ever");
		return;
	}
	line = say(d, PHX_DOCTOR_ERROR, "version", "`" PHX_STR_FMT "` is no Proxmox VE that phx knows",
		   PHX_STR_ARG(d->version));
	todo(d, line, "use Proxmox VE 8 (7 and 9 may work)");
}

/* --- the cluster --- */

static void quorum(struct phx_doctor *d)
{
	struct phx_check_line *line;

	if (d->s->quorate) {
		say(d, PHX_DOCTOR_OK, "quorum", "cluster " PHX_STR_FMT " is quorate",
		    PHX_STR_ARG(d->s->cluster_name));
		return;
	}
	line = say(d, PHX_DOCTOR_ERROR, "quorum",
		   "cluster " PHX_STR_FMT " is not quorate: nothing can be changed",
		   PHX_STR_ARG(d->s->cluster_name));
	todo(d, line, "on a node: pvecm status");
}

static void clock_of(struct phx_doctor *d, struct phx_str node)
{
	struct phx_str path = phx_str_printf(d->cli->arena, "/nodes/" PHX_STR_FMT "/time", PHX_STR_ARG(node));
	struct phx_err err = {0};
	struct phx_check_line *line;
	json_t *data = NULL;
	int64_t off;

	if (!phx_reader_get_now(phx_backend_reader(d->cli->backend), path, NULL, &data, &err)) {
		line = say(d, PHX_DOCTOR_WARNING, "clock",
			   "node " PHX_STR_FMT " does not tell its time: " PHX_STR_FMT, PHX_STR_ARG(node),
			   PHX_STR_ARG(phx_buf_view(&err.msg)));
		if (err.hint.len)
			todo(d, line, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err.hint)));
		phx_err_done(&err);
		return;
	}
	off = phx_json_int(data, "time", 0) - (int64_t)time(NULL);
	json_decref(data);
	if (off < 0 ? off >= -CLOCK_WARN_S : off <= CLOCK_WARN_S) {
		say(d, PHX_DOCTOR_OK, "clock", "node " PHX_STR_FMT " has the same time", PHX_STR_ARG(node));
		return;
	}
	int64_t by = off < 0 ? -off : off;
	enum phx_doctor_state state = by < CLOCK_BAD_S ? PHX_DOCTOR_WARNING : PHX_DOCTOR_ERROR;
	const char *way = off < 0 ? "behind" : "ahead";

	if (by >= 86400)
		line = say(d, state, "clock", "node " PHX_STR_FMT " is more than a day %s", PHX_STR_ARG(node),
			   way);
	else
		line = say(d, state, "clock", "node " PHX_STR_FMT " is %lld s %s", PHX_STR_ARG(node),
			   (long long)by, way);
	todo(d, line, "on both: timedatectl; logins and certificates depend on the time");
}

static void node(struct phx_doctor *d, const struct phx_live_node *n)
{
	uint64_t percent = n->maxmem ? n->mem * 100 / n->maxmem : 0;
	struct phx_check_line *line;

	if (!n->online) {
		line = say(d, PHX_DOCTOR_ERROR, "node", PHX_STR_FMT " is offline", PHX_STR_ARG(n->name));
		todo(d, line, "bring it back, or leave its guests out: --exclude");
		return;
	}
	line = say(d, percent >= MEMORY_FULL ? PHX_DOCTOR_WARNING : PHX_DOCTOR_OK, "node",
		   PHX_STR_FMT ": %llu processors, %.1f GiB, of which %llu %% are in use",
		   PHX_STR_ARG(n->name), (unsigned long long)n->maxcpu,
		   (double)n->maxmem / (double)((uint64_t)1 << 30), (unsigned long long)percent);
	if (percent >= MEMORY_FULL)
		todo(d, line,
		     "there is little left for new guests; `phx plan -v` shows what this configuration "
		     "takes");
	clock_of(d, n->name);
}

static bool used(const struct phx_doctor *d, struct phx_str name)
{
	for (uint32_t i = 0; i < d->nodes.n; i++)
		if (phx_str_eq(d->nodes.v[i], name))
			return true;
	return false;
}

static void nodes(struct phx_doctor *d)
{
	for (uint32_t i = 0; i < d->nodes.n; i++) {
		bool there = false;

		for (uint32_t k = 0; k < d->s->nodes.n; k++)
			there = there || phx_str_eq(d->s->nodes.v[k].name, d->nodes.v[i]);
		if (!there)
			todo(d,
			     say(d, PHX_DOCTOR_ERROR, "node", "the cluster has no node `" PHX_STR_FMT "`",
				 PHX_STR_ARG(d->nodes.v[i])),
			     "correct `node` in the configuration");
	}
	for (uint32_t k = 0; k < d->s->nodes.n; k++)
		if (used(d, d->s->nodes.v[k].name))
			node(d, &d->s->nodes.v[k]);
}

/* --- privileges, bridges: the preflight of a plan that builds everything --- */

/* A role on a path once, with everything that it is needed for. */
static void grant(struct phx_doctor *d, struct phx_check_line *line, const struct phx_permissions *m,
		  uint32_t at)
{
	const struct phx_missing *x = &m->missing.v[at];
	struct phx_buf list = {0};

	for (uint32_t i = at; i < m->missing.n; i++)
		if (phx_str_eq(m->missing.v[i].path, x->path) && phx_str_eq(m->missing.v[i].role, x->role))
			phx_buf_printf(&list, "%s" PHX_STR_FMT, list.len ? ", " : "",
				       PHX_STR_ARG(m->missing.v[i].privileges));
	todo(d, line,
	     "pveum acl modify " PHX_STR_FMT " --%s '" PHX_STR_FMT "' --roles " PHX_STR_FMT
	     "   # " PHX_STR_FMT,
	     PHX_STR_ARG(x->path), phx_str_chr(m->identity, '!') >= 0 ? "tokens" : "users",
	     PHX_STR_ARG(m->identity), PHX_STR_ARG(x->role), PHX_STR_ARG(phx_buf_view(&list)));
	phx_buf_done(&list);
}

static bool granted_before(const struct phx_permissions *m, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++)
		if (phx_str_eq(m->missing.v[i].path, m->missing.v[at].path) &&
		    phx_str_eq(m->missing.v[i].role, m->missing.v[at].role))
			return true;
	return false;
}

static void privileges(struct phx_doctor *d, const struct phx_permissions *m)
{
	struct phx_check_line *line;
	uint32_t told = 0;

	if (!m) {
		say(d, PHX_DOCTOR_OK, "privileges", "this configuration takes none");
		return;
	}
	if (!m->checked) {
		say(d, PHX_DOCTOR_WARNING, "privileges", "what " PHX_STR_FMT " may do cannot be read",
		    PHX_STR_ARG(phx_backend_identity(d->cli->backend)));
		return;
	}
	if (!m->missing.n) {
		say(d, PHX_DOCTOR_OK, "privileges", "all %u that this configuration takes are there",
		    m->needed);
		return;
	}
	line = say(d, PHX_DOCTOR_ERROR, "privileges", "%u that this configuration takes are missing",
		   m->missing.n);
	for (uint32_t i = 0; i < m->missing.n; i++)
		if (!granted_before(m, i) && told++ < GRANTS_TOLD)
			grant(d, line, m, i);
	if (told > GRANTS_TOLD)
		todo(d, line, "and %u more; all of them: phx plan --permissions", told - GRANTS_TOLD);
}

/* A plan of everything, as if nothing were there: what the configuration takes in all. */
static struct phx_plan *whole_plan(struct phx_doctor *d)
{
	struct phx_cli *cli = d->cli;
	struct phx_plan_options o = {.offline = true, .blind = true, .can_root = true};
	struct phx_diag_bag *bag = PHX_NEW(cli->arena, struct phx_diag_bag);

	phx_diag_bag_init(bag, cli->arena, &cli->sources);
	return phx_plan_build(cli->graph, phx_snapshot_empty(cli->arena), &o, cli->arena, bag);
}

static void access_of(struct phx_doctor *d)
{
	struct phx_cli *cli = d->cli;
	struct phx_plan *plan = whole_plan(d);
	struct phx_fact_wants wants = {.grants = true};
	struct phx_preflight_options o = {.identity = phx_backend_identity(cli->backend)};

	if (!plan) {
		todo(d,
		     say(d, PHX_DOCTOR_ERROR, "privileges",
			 "what this configuration takes cannot be told: it has no plan even without a "
			 "cluster"),
		     "phx plan --offline");
		return;
	}
	for (uint32_t i = 0; i < d->nodes.n; i++)
		phx_vec_push(cli->arena, &wants.nodes, d->nodes.v[i]);
	d->facts = phx_observe_facts(phx_backend_reader(cli->backend), &wants, cli->arena);
	o.facts = d->facts;
	bool fit = phx_preflight(plan, &o);

	(void)fit; /* what is missing is told line by line */
	privileges(d, plan->permissions);
}

/* --- whether it fits --- */

static bool about_room(const struct phx_diag *x)
{
	return x->code == PHX0661 || x->code == PHX0662 || x->code == PHX0664 || x->code == PHX0665;
}

/* What a plan from where the cluster is now says of memory, processors, space and downloads. */
static void room(struct phx_doctor *d)
{
	struct phx_cli *cli = d->cli;
	struct phx_plan_options o = {.can_root = true,
				     .has_host = true,
				     .endpoint = phx_str_c(phx_backend_endpoint(cli->backend))};
	struct phx_preflight_options how = {.identity = phx_backend_identity(cli->backend)};
	struct phx_diag_bag *bag = PHX_NEW(cli->arena, struct phx_diag_bag);
	struct phx_fact_wants wants = {0};
	struct phx_plan *plan;
	uint32_t told = 0;

	phx_diag_bag_init(bag, cli->arena, &cli->sources);
	plan = phx_plan_build(cli->graph, d->s, &o, cli->arena, bag);
	if (!plan) {
		todo(d, say(d, PHX_DOCTOR_WARNING, "room", "a plan from where the cluster is now is refused"),
		     "phx plan");
		return;
	}
	phx_preflight_wants(plan, cli->arena, &wants);
	how.facts = phx_observe_facts(phx_backend_reader(cli->backend), &wants, cli->arena);
	bool fit = phx_preflight(plan, &how);
	(void)fit; /* what does not fit is told line by line */
	for (uint32_t i = 0; i < bag->diags.n; i++) {
		const struct phx_diag *x = bag->diags.v[i];
		struct phx_check_line *line;

		if (!about_room(x))
			continue;
		told++;
		line = say(d, x->severity == PHX_SEV_ERROR ? PHX_DOCTOR_ERROR : PHX_DOCTOR_WARNING, "room",
			   PHX_STR_FMT "%s" PHX_STR_FMT, PHX_STR_ARG(x->message), x->notes.n ? ": " : "",
			   PHX_STR_ARG(x->notes.n ? x->notes.v[0] : PHX_STR("")));
		for (uint32_t k = 0; k < x->helps.n; k++)
			todo(d, line, PHX_STR_FMT, PHX_STR_ARG(x->helps.v[k]));
	}
	if (!told)
		say(d, PHX_DOCTOR_OK, "room", "the nodes and storages have it for all that is declared");
}

/* --- the command --- */

static void collect_nodes(struct phx_doctor *d)
{
	const struct phx_graph *g = d->cli->graph;

	for (uint32_t i = 0; i < g->guests.n + g->clusters.n; i++) {
		struct phx_str name =
			i < g->guests.n ? g->guests.v[i]->node : g->clusters.v[i - g->guests.n]->node;

		if (name.len && !used(d, name))
			phx_vec_push(d->cli->arena, &d->nodes, name);
	}
	if (!d->nodes.n)
		for (uint32_t i = 0; i < d->s->nodes.n; i++)
			phx_vec_push(d->cli->arena, &d->nodes, d->s->nodes.v[i].name);
}

static void examine(struct phx_doctor *d)
{
	struct phx_observe_options o = {0};
	struct phx_cli *cli = d->cli;
	struct phx_check_line *line;

	if (!connection(d))
		return;
	tls(d);
	version(d);
	d->s = phx_observe(phx_backend_reader(cli->backend), cli->graph, &o, cli->arena, &cli->err);
	if (!d->s) {
		line = say(d, PHX_DOCTOR_ERROR, "reading", PHX_STR_FMT,
			   PHX_STR_ARG(phx_buf_view(&cli->err.msg)));
		if (cli->err.hint.len)
			todo(d, line, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&cli->err.hint)));
		phx_err_clear(&cli->err);
		access_of(d);
		return;
	}
	collect_nodes(d);
	quorum(d);
	nodes(d);
	access_of(d);
	phx_doctor_storages(d);
	room(d);
	phx_doctor_bridges(d);
	phx_doctor_host(d);
}

int phx_cmd_doctor(struct phx_cli *cli)
{
	struct phx_doctor d = {.cli = cli};
	struct phx_buf text = {0};

	if (!phx_cli_load(cli, PHX_LOAD_PLAN))
		return phx_cli_refuse(cli);
	phx_doctor_say(&d, PHX_DOCTOR_OK, "configuration",
		       phx_str_printf(cli->arena, "stack " PHX_STR_FMT ": %u guest%s",
				      PHX_STR_ARG(cli->graph->stack), cli->graph->guests.n,
				      cli->graph->guests.n == 1 ? "" : "s"));
	examine(&d);
	if (cli->diag_format == PHX_DIAG_JSON) {
		phx_doctor_json(&d, &text);
		phx_cli_print_document(cli, &text);
	} else {
		phx_doctor_text(&d, &text);
		phx_cli_print(cli, &text);
	}
	phx_buf_done(&text);
	return d.count[PHX_DOCTOR_ERROR] ? PHX_EXIT_ERROR : PHX_EXIT_OK;
}

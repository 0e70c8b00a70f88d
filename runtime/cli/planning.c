/* From a graph to a plan: observe the cluster (or not), then build. */
#include <stdlib.h>
#include <string.h>

#include "cli/ordinary.h"
#include "cli/policy.h"
#include "cli/refresh.h"
#include "cli/stale.h"
#include "plan/preflight.h"
#include "report/report.h"

static void waiting(void *user, struct phx_str text)
{
	phx_cli_note(user, PHX_STR_FMT, PHX_STR_ARG(text));
}

static struct phx_snapshot *from_inventory(struct phx_cli *cli, const char *path)
{
	struct phx_buf text = {0};
	struct phx_snapshot *s = NULL;

	if (phx_read_file(path, &text, &cli->err))
		s = phx_snapshot_read_json(phx_str_dup(cli->arena, phx_buf_view(&text)), cli->graph, path,
					   cli->arena, &cli->err);
	phx_buf_done(&text);
	return s;
}

static struct phx_snapshot *observe(struct phx_cli *cli)
{
	const char *inventory = phx_args_value(&cli->args, "inventory");
	struct phx_observe_options o = {.exact_power = cli->args.command->exact_power,
					.wait_busy = true,
					.busy_timeout_ms = 10 * 60 * 1000,
					.waiting = waiting,
					.user = cli};

	if (inventory) /* with --offline too: the record asks no cluster either */
		return from_inventory(cli, inventory);
	if (phx_args_flag(&cli->args, "offline"))
		return phx_snapshot_empty(cli->arena);
	if (!cli->backend && !phx_cli_connect(cli))
		return NULL;
	o.cluster = cli->connected;
	return phx_observe(phx_backend_reader(cli->backend), cli->graph, &o, cli->arena, &cli->err);
}

struct phx_snapshot *phx_cli_observe(struct phx_cli *cli)
{
	struct phx_snapshot *s = observe(cli);

	if (s) {
		phx_ordinary_cluster(cli, s);
		phx_ordinary_warn(cli);
	}
	return s;
}

/* What left the configuration is known by the address in its mark, or by its id. */
static bool lives(const struct phx_snapshot *s, struct phx_str address)
{
	struct phx_str rest = address, kind;
	uint64_t id = 0;

	(void)phx_str_cut(&rest, '.', &kind);
	if (!phx_parse_u64(rest.ptr ? rest : kind, &id))
		id = 0;
	for (uint32_t i = 0; i < s->guests.n; i++) {
		const struct phx_live_guest *g = s->guests.v[i];

		if (g->owned && (g->id == id || (g->has_marker && phx_str_eq(g->marker.address, address))))
			return true;
	}
	for (uint32_t i = 0; i < s->pools.n && phx_str_eqc(kind, "pool"); i++)
		if (phx_str_eq(s->pools.v[i].id, rest))
			return true;
	return false;
}

/* Every address named on the command line must be there: a mistyped --target must not plan something else. */
static bool take_addresses(struct phx_cli *cli, const char *option, const struct phx_snapshot *among,
			   struct phx_plan_options *o,
			   void (*add)(struct phx_plan_options *, struct phx_arena *, struct phx_str))
{
	const char *word;

	for (uint32_t i = 0; (word = phx_args_nth(&cli->args, option, i)); i++) {
		struct phx_str address = phx_str_c(word);
		if (among && !phx_map_find(&cli->graph->by_address, address) && !lives(among, address)) {
			PHX_VEC(struct phx_str) names = {0};
			for (uint32_t k = 0; k < cli->graph->resources.n; k++)
				phx_vec_push(cli->arena, &names, cli->graph->resources.v[k]->address);
			struct phx_str near = phx_str_nearest(address, names.v, names.n);
			phx_err_set(&cli->err, PHX_ERR_USAGE,
				    "`--%s %s`: the configuration has no such resource", option, word);
			if (near.len)
				phx_err_hint(&cli->err, "did you mean `" PHX_STR_FMT "`?", PHX_STR_ARG(near));
			return false;
		}
		add(o, cli->arena, address);
	}
	return true;
}

static void add_target(struct phx_plan_options *o, struct phx_arena *a, struct phx_str s)
{
	phx_vec_push(a, &o->targets, s);
}

static void add_exclude(struct phx_plan_options *o, struct phx_arena *a, struct phx_str s)
{
	phx_vec_push(a, &o->excludes, s);
}

static void add_destroy(struct phx_plan_options *o, struct phx_arena *a, struct phx_str s)
{
	phx_vec_push(a, &o->allow_destroy, s);
}

static void add_adopt(struct phx_plan_options *o, struct phx_arena *a, struct phx_str s)
{
	phx_vec_push(a, &o->adopt, s);
}

/* Without a connection: what the configuration says there is. */
static bool says_host(struct phx_cli *cli)
{
	for (uint32_t i = 0; i < cli->graph->clusters.n; i++)
		if (cli->graph->clusters.v[i]->ssh_host.len)
			return true;
	return false;
}

bool phx_cli_plan_options(struct phx_cli *cli, bool destroy, const struct phx_snapshot *s,
			  struct phx_plan_options *o)
{
	bool blind = phx_args_flag(&cli->args, "offline") || phx_args_value(&cli->args, "inventory");
	const char *word;

	o->offline = phx_args_flag(&cli->args, "offline") && !phx_args_value(&cli->args, "inventory");
	o->blind = blind;
	o->has_host = blind && says_host(cli);
	for (uint32_t i = 0; (word = phx_args_nth(&cli->args, "rerun", i)); i++)
		phx_vec_push(cli->arena, &o->rerun, phx_str_c(word));
	o->destroy = destroy;
	o->refuse_dependants = cli->args.command->names_dependants && !phx_args_flag(&cli->args, "cascade");
	o->break_locks = phx_args_flag(&cli->args, "break-locks");
	o->cluster = cli->connected;
	if (blind && phx_args_value(&cli->args, "cluster")) {
		o->cluster = phx_cli_cluster(cli);
		if (!o->cluster)
			return false;
	}
	if (cli->backend) {
		o->identity = phx_backend_identity(cli->backend);
		o->endpoint = phx_str_c(phx_backend_endpoint(cli->backend));
		o->has_host = phx_backend_has_host(cli->backend);
	}
	/* A token is never root@pam itself (OBSERVED: "only root"); without a connection the plan cannot know and assumes the best. */
	o->can_root = blind || o->has_host || phx_str_eqc(o->identity, "root@pam");
	return take_addresses(cli, "target", s, o, add_target) &&
	       take_addresses(cli, "exclude", s, o, add_exclude) &&
	       take_addresses(cli, "allow-destroy", NULL, o, add_destroy) &&
	       take_addresses(cli, "adopt", s, o, add_adopt);
}

static void json_list(struct phx_cli *cli, struct phx_jw *w, const char *key, const char *option)
{
	const char *value;

	phx_jw_key(w, key);
	phx_jw_array(w);
	for (uint32_t i = 0; (value = phx_args_nth(&cli->args, option, i)); i++)
		phx_jw_c(w, value);
	phx_jw_end_array(w);
}

static void json_option(struct phx_cli *cli, struct phx_jw *w, const char *option)
{
	phx_jw_key(w, option);
	phx_jw_c(w, phx_args_value(&cli->args, option));
}

/* NAME=VALUE, or NAME=(secret) when the value is one, or holds one. */
static void set_input(struct phx_cli *cli, struct phx_jw *w, const char *set)
{
	struct phx_str value = phx_str_c(set), name;
	struct phx_buf text = {0};

	if (phx_str_cut(&value, '=', &name)) {
		phx_secrets_mask(&cli->secrets, value, &text);
		if (!phx_str_eq(phx_buf_view(&text), value))
			value = PHX_STR("(secret)");
		phx_jw_str(w, phx_str_printf(cli->arena, PHX_STR_FMT "=" PHX_STR_FMT, PHX_STR_ARG(name),
					     PHX_STR_ARG(value)));
	}
	phx_buf_done(&text);
}

/* What `apply PLAN` needs to plan again as this run did. Values of --set may be secrets: they are named, not kept. */
static struct phx_str inputs(struct phx_cli *cli, bool destroy)
{
	struct phx_buf text = {0};
	struct phx_jw w;
	const char *set;

	phx_jw_init(&w, &text, 0);
	phx_jw_object(&w);
	phx_jw_key(&w, "paths");
	phx_jw_array(&w);
	for (uint32_t i = 0; i < cli->args.words.n; i++)
		phx_jw_c(&w, cli->args.words.v[i]);
	phx_jw_end_array(&w);
	phx_jw_key(&w, "set");
	phx_jw_array(&w);
	for (uint32_t i = 0; (set = phx_args_nth(&cli->args, "set", i)); i++)
		set_input(cli, &w, set);
	phx_jw_end_array(&w);
	json_list(cli, &w, "var_files", "var-file");
	json_list(cli, &w, "targets", "target");
	json_list(cli, &w, "excludes", "exclude");
	json_list(cli, &w, "allow_destroy", "allow-destroy");
	json_list(cli, &w, "adopt", "adopt");
	json_list(cli, &w, "policies", "policy");
	json_list(cli, &w, "policy_dirs", "policy-dir");
	json_list(cli, &w, "rerun", "rerun");
	phx_jw_key(&w, "refresh_guests");
	phx_jw_bool(&w, phx_args_flag(&cli->args, "refresh-guests"));
	json_option(cli, &w, "stack");
	json_option(cli, &w, "ids");
	json_option(cli, &w, "cluster");
	phx_jw_key(&w, "break_locks");
	phx_jw_bool(&w, phx_args_flag(&cli->args, "break-locks"));
	phx_jw_key(&w, "destroy");
	phx_jw_bool(&w, destroy);
	phx_jw_end_object(&w);
	struct phx_str kept = phx_str_dup(cli->arena, phx_buf_view(&text));
	phx_buf_done(&text);
	return kept;
}

/* What is asked of the cluster only when there is something to do. */
static bool preflight(struct phx_cli *cli, struct phx_plan *plan, const struct phx_plan_options *po)
{
	const char *parallel = phx_args_value(&cli->args, "parallel");
	struct phx_preflight_options o = {.identity = po->identity};
	struct phx_fact_wants wants = {0};
	uint64_t n;

	if (phx_plan_is_empty(plan))
		return true;
	if (parallel && phx_parse_u64(phx_str_c(parallel), &n) && n <= 256)
		o.parallel = (uint32_t)n;
	if (cli->backend) {
		phx_preflight_wants(plan, cli->arena, &wants);
		o.facts = phx_observe_facts(phx_backend_reader(cli->backend), &wants, cli->arena);
	}
	return phx_preflight(plan, &o);
}

/* Does it only open the connection? Reading and writing rights are often in different hands: it may then be another one. */
static bool is_credential(const struct phx_cli *cli, struct phx_str value)
{
	for (uint32_t i = 0; i < cli->graph->clusters.n; i++) {
		const struct phx_cluster *c = cli->graph->clusters.v[i];

		if (value.len && (phx_str_eq(c->token, value) || phx_str_eq(c->password, value)))
			return true;
	}
	return false;
}

static int env_by_name(const void *a, const void *b)
{
	return phx_str_cmp(((const struct phx_plan_env *)a)->name, ((const struct phx_plan_env *)b)->name);
}

static void record_env(struct phx_cli *cli, struct phx_plan *plan)
{
	for (uint32_t i = 0; i < cli->env.n; i++) {
		const struct phx_cli_env *e = &cli->env.v[i];
		struct phx_plan_env x = {.name = e->name, .credential = is_credential(cli, e->value)};

		if (e->value.ptr && !x.credential)
			x.hash = phx_secret_hash(
				cli->arena,
				phx_str_printf(cli->arena, "phx-plan/" PHX_STR_FMT "/env/" PHX_STR_FMT,
					       PHX_STR_ARG(plan->stack), PHX_STR_ARG(e->name)),
				e->value);
		phx_vec_push(cli->arena, &plan->env, x);
	}
	if (plan->env.n)
		qsort(plan->env.v, plan->env.n, sizeof(*plan->env.v), env_by_name);
}

/* What a saved plan and the reports say besides changes and actions. */
static void complete(struct phx_cli *cli, struct phx_plan *plan, bool destroy)
{
	const struct phx_cluster *cluster =
		cli->graph->clusters.n == 1 || phx_args_value(&cli->args, "cluster") ? phx_cli_cluster(cli)
										     : NULL;

	plan->sources = &cli->sources;
	plan->inputs = inputs(cli, destroy);
	record_env(cli, plan);
	if (cluster && !phx_args_value(&cli->args, "sim"))
		plan->fingerprint = cluster->fingerprint;
	if (phx_args_value(&cli->args, "out"))
		plan->tasks = phx_newest_task(cli);
	phx_plan_record(plan, &cli->secrets,
			phx_args_value(&cli->args, "out") || phx_args_value(&cli->args, "html") ||
				phx_str_eqc(phx_str_c(phx_args_value(&cli->args, "format")), "html"));
}

struct phx_plan *phx_cli_plan(struct phx_cli *cli, bool destroy)
{
	struct phx_plan_options *o = PHX_NEW(cli->arena, struct phx_plan_options);
	struct phx_snapshot *snapshot = phx_cli_observe(cli);

	o->out_refused = &cli->refused;

	if (!snapshot || !phx_cli_plan_options(cli, destroy, snapshot, o))
		return NULL;
	if (phx_args_flag(&cli->args, "refresh-guests") && !o->blind)
		phx_cli_refresh(cli, snapshot, o);
	struct phx_plan *plan = phx_plan_build(cli->graph, snapshot, o, cli->arena, &cli->bag);
	if (plan && !preflight(cli, plan, o)) {
		cli->refused = plan;
		plan = NULL;
	}
	if (plan)
		complete(cli, plan, destroy);
	if (cli->refused)
		complete(cli, cli->refused, destroy);
	if (plan || cli->refused)
		phx_cli_policies(cli, plan ? plan : cli->refused);
	return plan;
}

void phx_cli_report(struct phx_cli *cli, const struct phx_plan *plan, struct phx_buf *out)
{
	struct phx_report_options o = {.colour = cli->colour_out,
				       .verbose = phx_args_flag(&cli->args, "verbose"),
				       .summary = phx_args_flag(&cli->args, "summary"),
				       .width = cli->width};

	phx_report_plan_text(plan, &o, out);
}

bool phx_cli_write_document(struct phx_cli *cli, const char *path, const struct phx_buf *text)
{
	if (path && strcmp(path, "-") != 0)
		return phx_write_file_atomic(path, phx_buf_view(text), 0600, &cli->err);
	phx_cli_print_document(cli, text);
	return true;
}

bool phx_cli_write(struct phx_cli *cli, const char *path, const struct phx_buf *text)
{
	struct phx_buf masked = {0};
	bool ok;

	phx_secrets_mask(&cli->secrets, phx_buf_view(text), &masked);
	ok = phx_cli_write_document(cli, path, &masked);
	phx_buf_done(&masked);
	return ok;
}

/* What every command shares: the parsed command line, memory, sources, diagnostics, and the way from files to a plan. */
#pragma once

#include "backend/backend.h"
#include "base/diag.h"
#include "base/secret.h"
#include "base/sys.h"
#include "cli/opts.h"
#include "model/graph.h"
#include "model/policy.h"
#include "plan/plan.h"

enum phx_exit {
	PHX_EXIT_OK = 0,
	PHX_EXIT_ERROR = 1,
	PHX_EXIT_CHANGES = 2,
	PHX_EXIT_POLICY = 3,
	PHX_EXIT_STALE = 4,
	PHX_EXIT_PARTIAL = 5,
	PHX_EXIT_USAGE = 64,
	PHX_EXIT_INTERNAL = 70,
	PHX_EXIT_INTERRUPTED = 130,
};

struct phx_policies;
/* A variable that the configuration asked for. */
struct phx_cli_env {
	struct phx_str name, value;
};

struct phx_cli {
	struct phx_arena *arena;
	struct phx_args args;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_secrets secrets;
	PHX_VEC(struct phx_cli_env) env;
	struct phx_options *options;
	struct phx_config *config;
	struct phx_graph *graph;
	struct phx_backend *backend;
	/* The cluster block it came from, where the configuration has several; NULL: there is but one, or --sim. */
	const struct phx_cluster *connected;
	struct phx_policies *policies; /* NULL: there are none */
	struct phx_policy_report policy_report;
	struct phx_plan *refused;      /* what was planned and refused: shown, never run */
	struct phx_trace *trace;       /* --trace, or NULL */
	struct phx_progress *progress; /* an apply's, while it runs: notes go through it */
	enum phx_diag_format diag_format;
	bool colour_out, colour_err;
	uint32_t width;
	int out_errno;           /* why standard output could not be written; 0: it could */
	uint32_t weak_told;      /* of secrets.weak: those that a warning names */
	uint64_t retry_noted_ms; /* when a retry was last told */
	struct phx_err err;      /* the failed operation of this run, printed by phx_cli_fail */
	const struct phx_cli_command *const *commands;
};

/* cli.c */
void phx_cli_init(struct phx_cli *cli, struct phx_arena *arena);
void phx_cli_done(struct phx_cli *cli);
/* Colour, width, diagnostics' format and levels out of the parsed options. */
PHX_MUST_USE bool phx_cli_settings(struct phx_cli *cli);
void phx_cli_print(struct phx_cli *cli, const struct phx_buf *text); /* free text: stdout, secrets masked */
void phx_cli_out(struct phx_cli *cli, struct phx_str bytes);         /* stdout, as they are */
/* A document whose values were masked one by one. */
void phx_cli_print_document(struct phx_cli *cli, const struct phx_buf *text);
void phx_cli_note(struct phx_cli *cli, const char *fmt, ...) PHX_PRINTF(2, 3); /* stderr */
/* Brings what was printed to standard output. False: something could not be written, cli->out_errno says why. */
PHX_MUST_USE bool phx_cli_flush(struct phx_cli *cli);
/* Prints cli->err ("phx: …", and its hint) and gives the exit status that fits its kind. */
int phx_cli_fail(struct phx_cli *cli);
/* Prints the diagnostics (stderr; with --json the document goes to stdout). */
void phx_cli_diagnose(struct phx_cli *cli);

/* load.c */
enum phx_load_mode { PHX_LOAD_VALIDATE /* environment and parameters may be missing */, PHX_LOAD_PLAN };
/* Reads the configuration that the command line names and builds the graph. False: diagnostics or cli->err say why. */
PHX_MUST_USE bool phx_cli_load(struct phx_cli *cli, enum phx_load_mode mode);
/* Exit status after a failed phx_cli_load or plan: prints what is to be printed. */
int phx_cli_refuse(struct phx_cli *cli);

/* connect.c */
/* The cluster block that is meant (--cluster, or the only one); NULL with cli->err. */
struct phx_cluster *phx_cli_cluster(struct phx_cli *cli);
/* Opens the backend: --sim DIR, or the cluster block. */
PHX_MUST_USE bool phx_cli_connect(struct phx_cli *cli);

/* planning.c */
/* The cluster as it is (or --inventory, --offline), connecting when needed. NULL with cli->err. */
struct phx_snapshot *phx_cli_observe(struct phx_cli *cli);
/* What the command line says of planning, once connected. */
PHX_MUST_USE bool phx_cli_plan_options(struct phx_cli *cli, bool destroy, const struct phx_snapshot *s,
				       struct phx_plan_options *o);
struct phx_plan *phx_cli_plan(struct phx_cli *cli, bool destroy);
/* permissions.c: `phx plan --permissions` */
int phx_cli_permissions(struct phx_cli *cli);
/* Why that gave NULL is in the bag or in cli->err. */
void phx_cli_report(struct phx_cli *cli, const struct phx_plan *plan, struct phx_buf *out);
/* ci_reports.c: writes --junit FILE and --sarif FILE of what is in the bag, the policy report and `plan` (may be NULL). */
PHX_MUST_USE bool phx_cli_ci_reports(struct phx_cli *cli, const struct phx_plan *plan);
/* `validate --format sarif|junit`: the document to standard output; false: another format was asked for. */
bool phx_cli_ci_print(struct phx_cli *cli);
bool phx_cli_ci_format(const struct phx_cli *cli); /* was one of these asked for? */

/* Writes free text to -o FILE, or stdout: secrets masked. */
PHX_MUST_USE bool phx_cli_write(struct phx_cli *cli, const char *path, const struct phx_buf *text);
/* As phx_cli_print_document. */
PHX_MUST_USE bool phx_cli_write_document(struct phx_cli *cli, const char *path, const struct phx_buf *text);

/* trace.c */
PHX_MUST_USE bool phx_trace_open(struct phx_cli *cli, const char *path);
void phx_trace_hook(void *user, enum phx_method method, struct phx_str path, const struct phx_params *params,
		    int status, uint32_t ms, const struct phx_err *err);
PHX_MUST_USE bool phx_trace_failed(const struct phx_trace *t); /* NULL: no */
void phx_trace_close(struct phx_trace *t);

/* journal path of a stack: --journal, else below $XDG_STATE_HOME */
struct phx_str phx_cli_journal(struct phx_cli *cli, struct phx_str stack);

/* Option groups shared by commands (commands.c). */
extern const struct phx_opt phx_opts_general[], phx_opts_config[], phx_opts_connect[], phx_opts_plan[],
	phx_opts_policy[];
extern const struct phx_cli_command *const phx_commands[];

int phx_cmd_validate(struct phx_cli *cli);
int phx_cmd_plan(struct phx_cli *cli);
int phx_cmd_apply(struct phx_cli *cli);
int phx_cmd_destroy(struct phx_cli *cli);
int phx_cmd_delete(struct phx_cli *cli);
int phx_cmd_converge(struct phx_cli *cli);
int phx_cmd_start(struct phx_cli *cli);
int phx_cmd_stop(struct phx_cli *cli);
int phx_cmd_restart(struct phx_cli *cli);
int phx_cmd_status(struct phx_cli *cli);
int phx_cmd_exec(struct phx_cli *cli);
int phx_cmd_logs(struct phx_cli *cli);
int phx_cmd_graph(struct phx_cli *cli);
int phx_cmd_output(struct phx_cli *cli);
int phx_cmd_fmt(struct phx_cli *cli);
int phx_cmd_show(struct phx_cli *cli);
int phx_cmd_show_cloud_init(struct phx_cli *cli, const char *address); /* show --cloud-init */
int phx_cmd_diff(struct phx_cli *cli);
int phx_cmd_inventory(struct phx_cli *cli);
int phx_cmd_import(struct phx_cli *cli);
int phx_cmd_unlock(struct phx_cli *cli);
int phx_cmd_sim(struct phx_cli *cli);
int phx_cmd_doctor(struct phx_cli *cli);
int phx_cmd_explain(struct phx_cli *cli);
int phx_cmd_features(struct phx_cli *cli);
int phx_cmd_completion(struct phx_cli *cli);
int phx_cmd_version(struct phx_cli *cli);
int phx_cmd_help(struct phx_cli *cli);

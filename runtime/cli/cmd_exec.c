/* phx exec, phx logs: a command inside one guest, over whatever channel there is to it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <unistd.h>

#include "cli/execute.h"
#include "cli/guests.h"
#include "guest/channel.h"

enum {
	POLL_MS = 1000,
	INPUT_MAX = 64 << 20,
	SIGNAL_BASE = 128,
	TIMEOUT_MS = 30 * 60 * 1000,
};

struct session {
	struct phx_cli *cli;
	struct phx_channel *channel;
	struct phx_interrupts interrupts;
	sig_atomic_t answered; /* of them */
	uint64_t handle;
	bool over;     /* nothing comes any more */
	bool left;     /* the command could not be ended */
	int out_errno; /* why output cannot be written any more; 0: it can */
	int status;
};

/* --- which guest --- */

/* Exactly one, in the configuration and in the cluster, and running. */
static bool find_guest(struct phx_cli *cli, const struct phx_guest_words *w, struct phx_guest_ref *out)
{
	const struct phx_snapshot *s = phx_cli_observe(cli);
	const struct phx_guest *g = phx_guest_of_address(cli, w->v.v[0]);
	const struct phx_live_guest *live = NULL;

	if (!s)
		return false;
	for (uint32_t i = 0; i < s->guests.n; i++)
		if (s->guests.v[i]->id == g->id ||
		    (!g->id && s->guests.v[i]->owned && s->guests.v[i]->has_marker &&
		     phx_str_eq(s->guests.v[i]->marker.address, g->r.address)))
			live = s->guests.v[i];
	if (!live) {
		phx_err_set(&cli->err, PHX_ERR_MISSING, "`" PHX_STR_FMT "` does not exist yet",
			    PHX_STR_ARG(g->r.address));
		phx_err_hint(&cli->err, "make it: phx converge " PHX_STR_FMT, PHX_STR_ARG(g->r.address));
		return false;
	}
	if (!live->running) {
		phx_err_set(&cli->err, PHX_ERR_SERVER, "`" PHX_STR_FMT "` (%llu) does not run",
			    PHX_STR_ARG(g->r.address), (unsigned long long)live->id);
		phx_err_hint(&cli->err, "start it: phx start " PHX_STR_FMT, PHX_STR_ARG(g->r.address));
		return false;
	}
	*out = (struct phx_guest_ref){.is_vm = live->is_vm, .id = live->id, .node = live->node};
	return true;
}

static bool one_guest(struct phx_cli *cli, struct phx_guest_words *w)
{
	phx_guest_words_take(cli, w);
	if (w->v.n == 1 && !w->all)
		return true;
	phx_err_set(&cli->err, PHX_ERR_USAGE, "`phx %s` takes one guest", cli->args.command->name);
	phx_err_hint(&cli->err, "name it by address, id or name: phx %s vm.web%s", cli->args.command->name,
		     cli->args.command->run == phx_cmd_exec ? " -- uptime" : "");
	return false;
}

/* --- the command --- */

static void output(void *user, bool is_stderr, struct phx_str bytes)
{
	FILE *to = is_stderr ? stderr : stdout;
	struct session *s = user;

	if (s->out_errno)
		return;
	errno = 0;
	if (fwrite(bytes.ptr, 1, bytes.len, to) < bytes.len || fflush(to) != 0) {
		s->out_errno = errno ? errno : EIO;
		phx_backend_yield(s->cli->backend);
	}
}

static void seen(void *user, struct phx_str what)
{
	phx_cli_note(((struct session *)user)->cli, "waiting: " PHX_STR_FMT, PHX_STR_ARG(what));
}

static void done(void *user, const struct phx_guest_end *end)
{
	struct session *s = user;

	s->over = true;
	if (end->err.kind != PHX_ERR_NONE) {
		phx_err_copy(&s->cli->err, &end->err);
		s->status = phx_cli_fail(s->cli);
	} else if (end->left_out) {
		phx_err_set(&s->cli->err, PHX_ERR_DATA,
			    "%llu bytes of its output are not in the guest any more",
			    (unsigned long long)end->left_out);
		s->status = phx_cli_fail(s->cli);
	} else if (end->signal) {
		phx_cli_note(s->cli, "the command was ended by signal %d", end->signal);
		s->status = SIGNAL_BASE + end->signal;
	} else {
		s->status = end->exit_code;
	}
	phx_backend_yield(s->cli->backend);
}

static bool interrupted(const struct session *s)
{
	return *s->interrupts.count > s->answered;
}

/* Until it is over, it is pointless, or somebody interrupts (once more). */
static void serve(struct session *s, bool needs_output)
{
	while (!s->over && !(needs_output && s->out_errno) && !interrupted(s)) {
		uint64_t wait = phx_channel_work(s->channel);

		if (!s->over)
			phx_backend_run(s->cli->backend, wait < POLL_MS ? wait : POLL_MS,
					s->interrupts.wake_fd);
	}
	phx_interrupts_answered(&s->interrupts);
	s->answered += interrupted(s);
}

/* --- its end, before it has one of its own --- */

static void stopped(void *user, const struct phx_guest_end *end)
{
	struct session *s = user;

	s->over = true;
	s->left = end->err.kind != PHX_ERR_NONE;
	if (s->left)
		phx_cli_note(s->cli, "the command could not be ended: " PHX_STR_FMT,
			     PHX_STR_ARG(phx_buf_view(&end->err.msg)));
	else if (!s->out_errno)
		phx_cli_note(s->cli, "the command was ended in the guest, with all its processes");
	phx_backend_yield(s->cli->backend);
}

/* What can be done about a command that phx leaves behind. */
static void may_go_on(const struct session *s, const struct phx_guest_run *run, struct phx_str guest,
		      struct phx_str id)
{
	phx_cli_note(s->cli,
		     "the command may go on in the guest, for %.0f s at most since it began. To end it: phx "
		     "exec " PHX_STR_FMT " -- sh -c 'kill -- -$(cut -d\" \" -f1 /var/lib/phx/run/" PHX_STR_FMT
		     "/pid)'",
		     (double)run->timeout_ms / 1000, PHX_STR_ARG(guest), PHX_STR_ARG(id));
}

static void end_in_guest(struct session *s, const struct phx_guest_run *run, struct phx_str guest)
{
	struct phx_guest_watch w = {.seen = seen, .done = stopped, .user = s};
	struct phx_str id = phx_str_dup(s->cli->arena, phx_guest_run_id(s->channel, s->handle));

	phx_guest_stop(s->channel, s->handle, &w);
	serve(s, false);
	if (!s->over || s->left)
		may_go_on(s, run, guest, id);
}

/* As a program that is told so by a signal, or by an error. */
static int output_failed(struct session *s)
{
	/* It is told here, and not once more when all is flushed at the end. */
	__fpurge(stdout);
	clearerr(stdout);
	if (s->out_errno == EPIPE)
		return SIGNAL_BASE + SIGPIPE;
	phx_err_errno(&s->cli->err, s->out_errno, "cannot write the command's output");
	return phx_cli_fail(s->cli);
}

static int follow(struct session *s, const struct phx_guest_run *run, struct phx_str guest)
{
	struct phx_guest_watch w = {.output = output, .seen = seen, .done = done, .user = s};
	bool ended;

	s->handle = phx_guest_run(s->channel, run, &w);
	serve(s, true);
	ended = s->over;
	if (!ended && !s->out_errno)
		phx_cli_note(s->cli,
			     "interrupted: ending the command in the guest (again: it is left there)");
	if (!ended)
		end_in_guest(s, run, guest);
	if (s->out_errno)
		return output_failed(s);
	return ended ? s->status : PHX_EXIT_INTERRUPTED;
}

static bool read_input(struct phx_cli *cli, struct phx_buf *out)
{
	char bytes[65536];
	size_t n;

	if (!phx_args_flag(&cli->args, "stdin"))
		return true;
	while ((n = fread(bytes, 1, sizeof(bytes), stdin)) > 0) {
		phx_buf_add(out, bytes, n);
		if (out->len > INPUT_MAX)
			return phx_err_set(&cli->err, PHX_ERR_USAGE, "standard input is larger than %d MiB",
					   INPUT_MAX >> 20);
	}
	return true;
}

/* As long as apply waits for the agent of this VM. */
static uint64_t patience_with(struct phx_cli *cli, struct phx_str address)
{
	const struct phx_guest *g = phx_guest_of_address(cli, address);

	return g ? g->timeouts.agent_ms : 0;
}

static int run_in_guest(struct phx_cli *cli, const struct phx_str *argv, uint32_t argc)
{
	struct phx_guest_words w = {0};
	struct session s = {.cli = cli};
	struct phx_guest_run run = {.argv = argv, .argc = argc, .timeout_ms = TIMEOUT_MS, .whole = true};
	struct phx_buf input = {0};
	int status;

	if (!one_guest(cli, &w) || !phx_cli_timeout(cli, &run.timeout_ms) || !read_input(cli, &input)) {
		status = phx_cli_fail(cli);
	} else if (!phx_cli_load(cli, PHX_LOAD_PLAN)) {
		status = phx_cli_refuse(cli);
	} else if (!phx_guest_words_resolve(cli, &w) || !phx_interrupts_watch(&s.interrupts, &cli->err) ||
		   !phx_cli_connect(cli) || !find_guest(cli, &w, &run.guest)) {
		status = phx_cli_fail(cli);
	} else {
		run.input = phx_buf_view(&input);
		s.channel = phx_channel_open(phx_backend_inside(cli->backend), cli->arena, &cli->secrets);
		run.patience_ms = patience_with(cli, w.v.v[0]);
		status = follow(&s, &run, w.v.v[0]);
		phx_channel_close(s.channel);
	}
	phx_buf_done(&input);
	return status;
}

int phx_cmd_exec(struct phx_cli *cli)
{
	uint32_t n = cli->args.rest.n;
	struct phx_str *argv = PHX_NEW_N(cli->arena, struct phx_str, n + 1);

	if (!n) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "`phx exec` needs a command");
		phx_err_hint(&cli->err, "it stands after `--`: phx exec vm.web -- systemctl status nginx");
		return phx_cli_fail(cli);
	}
	for (uint32_t i = 0; i < n; i++)
		argv[i] = phx_str_c(cli->args.rest.v[i]);
	return run_in_guest(cli, argv, n);
}

/* --- logs --- */

/* $1: lines of each; $2: which one, as its file is called, empty: all; $3: the same as it was named. */
static const char logs_script[] =
	"lines=$1 only=$2 named=$3 found=\n"
	"cd /var/log/phx 2>/dev/null && set -- *.log && [ -f \"$1\" ] ||\n"
	"  { echo 'phx has run nothing in this guest' >&2; exit 1; }\n"
	"for log; do\n"
	"  [ -z \"$only\" ] || [ \"$log\" = \"$only.log\" ] || [ \"$log\" = \"$named.log\" ] || continue\n"
	"  [ -n \"$only\" ] || printf '==> %s\\n' \"${log%.log}\"\n"
	"  tail -n \"$lines\" \"$log\"\n"
	"  found=1\n"
	"done\n"
	"[ -n \"$found\" ] || { printf 'there is no log of %s; there are:\\n' \"$named\" >&2; printf '%s\\n' "
	"\"$@\" >&2; exit 1; }\n";

/* A step as the plan and --rerun name it: "feature.docker", "vm.web/feature.docker". Its key is "feature:docker". */
static struct phx_str log_of(struct phx_arena *a, struct phx_str step)
{
	struct phx_str key, kind, rest = step;
	ptrdiff_t slash = phx_str_chr(step, '/');

	if (slash >= 0 && (phx_str_starts(step, "vm.") || phx_str_starts(step, "container.")))
		rest = phx_str_from(step, (size_t)slash + 1);
	key = rest;
	if (phx_str_cut(&rest, '.', &kind) && rest.len)
		key = phx_str_printf(a, PHX_STR_FMT ":" PHX_STR_FMT, PHX_STR_ARG(kind), PHX_STR_ARG(rest));
	return phx_guest_log_name(a, key);
}

int phx_cmd_logs(struct phx_cli *cli)
{
	const char *lines = phx_args_value(&cli->args, "lines"), *step = phx_args_value(&cli->args, "step");
	struct phx_str argv[] = {PHX_STR("/bin/sh"), PHX_STR("-c"), phx_str_c(logs_script),
				 PHX_STR("sh"),      {0},           PHX_STR(""),
				 PHX_STR("")};
	uint64_t n = 50;

	if (lines && (!phx_parse_u64(phx_str_c(lines), &n) || n < 1 || n > 1000000)) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "`--lines %s`: expected a number from 1 on", lines);
		return phx_cli_fail(cli);
	}
	argv[4] = phx_str_u64(cli->arena, n);
	if (step && *step) {
		argv[5] = log_of(cli->arena, phx_str_c(step));
		argv[6] = phx_str_c(step);
	}
	return run_in_guest(cli, argv, PHX_COUNTOF(argv));
}

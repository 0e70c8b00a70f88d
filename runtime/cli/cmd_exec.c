/* phx exec, phx logs: a command inside one guest, over whatever channel there is to it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/execute.h"
#include "cli/guests.h"
#include "guest/channel.h"

enum { POLL_MS = 1000, INPUT_MAX = 64 << 20 };

struct session {
	struct phx_cli *cli;
	struct phx_channel *channel;
	struct phx_interrupts interrupts;
	bool over;
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
	struct session *s = user;

	if (is_stderr) {
		fwrite(bytes.ptr, 1, bytes.len, stderr);
		return;
	}
	phx_cli_out(s->cli, bytes);
	(void)!phx_cli_flush(s->cli);
}

static void done(void *user, const struct phx_guest_end *end)
{
	struct session *s = user;

	s->over = true;
	if (end->err.kind != PHX_ERR_NONE) {
		phx_err_copy(&s->cli->err, &end->err);
		s->status = phx_cli_fail(s->cli);
	} else if (end->signal) {
		phx_cli_note(s->cli, "the command was ended by signal %d", end->signal);
		s->status = 128 + end->signal;
	} else {
		s->status = end->exit_code;
	}
	if (end->cut)
		phx_cli_note(s->cli, "the guest agent left a part of the output out");
}

static int serve(struct session *s, const struct phx_guest_run *run)
{
	struct phx_guest_watch w = {.output = output, .done = done, .user = s};
	uint64_t handle = phx_guest_run(s->channel, run, &w);

	while (!s->over && !*s->interrupts.count) {
		uint64_t wait = phx_channel_work(s->channel);

		if (!s->over)
			phx_backend_run(s->cli->backend, wait < POLL_MS ? wait : POLL_MS,
					s->interrupts.wake_fd);
	}
	if (!s->over) {
		phx_guest_cancel(s->channel, handle);
		s->status = PHX_EXIT_INTERRUPTED;
	}
	return s->status;
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

static int run_in_guest(struct phx_cli *cli, const struct phx_str *argv, uint32_t argc)
{
	struct phx_guest_words w = {0};
	struct session s = {.cli = cli};
	struct phx_guest_run run = {.argv = argv, .argc = argc};
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
		status = serve(&s, &run);
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

/* $1: lines of each, $2: which one, empty: all. */
static const char logs_script[] =
	"cd /var/log/phx 2>/dev/null && set -- \"$1\" \"$2\" *.log && [ -f \"$3\" ] ||\n"
	"  { echo 'phx has run nothing in this guest' >&2; exit 3; }\n"
	"lines=$1 only=$2 found=\n"
	"shift 2\n"
	"for log; do\n"
	"  [ -z \"$only\" ] || [ \"$log\" = \"$only.log\" ] || continue\n"
	"  [ -n \"$only\" ] || printf '==> %s\\n' \"${log%.log}\"\n"
	"  tail -n \"$lines\" \"$log\"\n"
	"  found=1\n"
	"done\n"
	"[ -n \"$found\" ] || { printf 'there is no log of %s; there are:\\n' \"$only\" >&2; printf '%s\\n' "
	"\"$@\" >&2; exit 3; }\n";

int phx_cmd_logs(struct phx_cli *cli)
{
	const char *lines = phx_args_value(&cli->args, "lines"), *step = phx_args_value(&cli->args, "step");
	struct phx_str argv[6] = {PHX_STR("/bin/sh"), PHX_STR("-c"), phx_str_c(logs_script), PHX_STR("sh")};
	uint64_t n = 50;

	if (lines && (!phx_parse_u64(phx_str_c(lines), &n) || n < 1 || n > 1000000)) {
		phx_err_set(&cli->err, PHX_ERR_USAGE, "`--lines %s`: expected a number from 1 on", lines);
		return phx_cli_fail(cli);
	}
	argv[4] = phx_str_u64(cli->arena, n);
	argv[5] = phx_str_c(step ? step : "");
	return run_in_guest(cli, argv, 6);
}

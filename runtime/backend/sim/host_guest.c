/* `pct exec|push|pull`, `qm guest`, `qm agent`: what a shell on the node does inside guests. Exit codes as the tools have them,
 * traps included: `pct push` and `pct pull` end with 0 when they fail, `qm guest exec` whatever the command in the guest did. */
#include <errno.h>
#include <string.h>

#include "backend/sim/agent.h"
#include "backend/sim/drive.h"
#include "backend/sim/durations.h"
#include "backend/sim/guest.h"
#include "backend/sim/host.h"
#include "backend/sim/power.h"
#include "backend/sim/wrapped.h"
#include "base/sys.h"

#define OUTPUT_MAX ((size_t)192 << 20)
#define STREAM_MAX ((size_t)1 << 20) /* of an answer that streams, for a slow reader */

enum { LOOK_MS = 20, QM_TIMEOUT_S = 30 };

static struct phx_arena *arena(struct phx_sim_shell *sh)
{
	return &sh->r->arena;
}

static json_t *words_from(struct phx_sim_shell *sh, size_t at)
{
	json_t *words = json_array();

	for (; at < sh->argc; at++)
		json_array_append_new(words, json_string(sh->argv[at]));
	return words;
}

/* The request waits; `how` says with what it goes on. Steals. */
static void later(struct phx_sim_shell *sh, json_t *how)
{
	json_object_set_new(how, "argv", words_from(sh, 0));
	json_decref(sh->r->ctx);
	sh->r->ctx = how;
	sh->r->waiting = true;
	sh->later = true;
}

static void again(struct phx_sim_shell *sh)
{
	sh->r->waiting = true;
	sh->later = true;
}

static struct phx_sim_proc *proc_of(struct phx_sim_shell *sh)
{
	return phx_sim_proc_find(sh->r->sim, phx_json_int(sh->r->ctx, "vmid", 0),
				 phx_json_int(sh->r->ctx, "number", 0));
}

static void wait_for_proc(struct phx_sim_shell *sh, json_t *g, struct phx_sim_proc *p, const char *how)
{
	p->waiter = sh->r;
	if (p->number == 0)
		p->number = -phx_sim_meta_count(sh->r->sim, "guest_file", 1);
	later(sh, json_pack("{s:s, s:I, s:I}", "how", how, "vmid", (json_int_t)phx_sim_guest_id(g), "number",
			    (json_int_t)p->number));
}

/* ---- pct ---- */

static bool ct_runs(struct phx_sim_shell *sh, json_t *g)
{
	if (phx_sim_guest_running(g))
		return true;
	phx_sim_shell_complain(sh, 255, phx_sim_fmt(arena(sh), "container '%s' not running!", sh->argv[2]));
	return false;
}

static void fixed_end(struct phx_sim_shell *sh, const json_t *o)
{
	struct phx_str coded = phx_json_str(o, "out_base64");
	int64_t signal = phx_json_int(o, "signal", 0);

	if (coded.len == 0)
		phx_buf_str(&sh->out, phx_json_str(o, "out"));
	else if (!phx_buf_unbase64(&sh->out, coded))
		phx_buf_clear(&sh->out);
	if (phx_json_int(o, "out_size", 0) > 0)
		phx_buf_fill(&sh->out, 'x', (size_t)phx_json_int(o, "out_size", 0));
	phx_buf_str(&sh->err, phx_json_str(o, "err"));
	sh->exit = (int)(signal > 0 ? 128 + signal : phx_json_int(o, "exit", 0));
}

static void cannot_exec(struct phx_sim_shell *sh, const char *what)
{
	phx_sim_shell_complain(sh, 127,
			       phx_sim_fmt(arena(sh),
					   "lxc-attach: %s: ../src/lxc/attach.c: lxc_attach_run_command: "
					   "1841 No such file or directory - Failed to exec \"%s\"",
					   sh->argv[2], what));
}

void phx_sim_host_pct_exec(struct phx_sim_shell *sh, json_t *g)
{
	struct phx_sim *s = sh->r->sim;
	json_t *argv, *o;
	int64_t takes;

	if (!ct_runs(sh, g))
		return;
	if (sh->argc < 5 || strcmp(sh->argv[3], "--") != 0) {
		phx_sim_shell_complain(sh, 255, "400 not enough arguments");
		return;
	}
	argv = words_from(sh, 4);
	if (phx_sim_has_trees(s) && !phx_sim_agent_scripted(s, g, argv)) {
		struct phx_sim_proc *p = phx_sim_proc_exec(s, g, argv, sh->input, OUTPUT_MAX);

		p->streams = sh->streams;
		sh->r->streams = sh->streams;
		wait_for_proc(sh, g, p, "pct-exec");
		json_decref(argv);
		return;
	}
	o = phx_sim_agent_outcome(s, g, argv, sh->input, &takes);
	json_decref(argv);
	if (phx_json_bool(o, "missing", false) || phx_sim_starts(sh->argv[4], "/nonexistent")) {
		cannot_exec(sh, sh->argv[4]);
	} else if (takes > 0) {
		later(sh, json_pack("{s:s, s:O}", "how", "fixed", "outcome", o));
		phx_sim_wait(sh->r, takes);
	} else {
		fixed_end(sh, o);
	}
	json_decref(o);
}

/* "o BASE64" or "e BASE64": a line of the answer while the command is at work. */
static void frame(struct phx_sim_request *r, const char *which, struct phx_buf *bytes)
{
	if (bytes->len == 0 || r->stream.len > STREAM_MAX)
		return;
	phx_buf_c(&r->stream, which);
	phx_buf_base64(&r->stream, phx_buf_view(bytes));
	phx_buf_ch(&r->stream, '\n');
	phx_buf_clear(bytes);
}

static void pct_exec_goes_on(struct phx_sim_shell *sh, struct phx_sim_proc *p)
{
	if (p->streams) {
		frame(sh->r, "o ", &p->out);
		frame(sh->r, "e ", &p->err);
	}
	if (p->state < PHX_SIM_PROC_ENDED) {
		again(sh);
		return;
	}
	phx_buf_str(&sh->out, phx_buf_view(&p->out));
	phx_buf_str(&sh->err, phx_buf_view(&p->err));
	sh->exit = p->signal > 0 ? 128 + p->signal : p->exit;
	if (p->state == PHX_SIM_PROC_FAILED && p->why.len > 0)
		phx_sim_shell_complain(
			sh, 255, phx_sim_fmt(arena(sh), "this guest's tree does not run: %s", p->why.ptr));
	else if (p->state == PHX_SIM_PROC_FAILED)
		cannot_exec(sh, sh->argv[4]);
	p->waiter = NULL;
	phx_sim_proc_free(sh->r->sim, p);
}

static const char *option(struct phx_sim_shell *sh, const char *name, const char *otherwise)
{
	for (size_t i = 3; i + 1 < sh->argc; i++)
		if (strcmp(sh->argv[i], name) == 0)
			return strcmp(sh->argv[i + 1], "root") == 0 ? "0" : sh->argv[i + 1];
	return otherwise;
}

/* pct push ID FILE PATH [--perms MODE] [--user UID] [--group GID] */
void phx_sim_host_pct_push(struct phx_sim_shell *sh, json_t *g)
{
	const char *to[] = {sh->argc > 4 ? sh->argv[4] : NULL, option(sh, "--perms", "0644"),
			    option(sh, "--user", "0"), option(sh, "--group", "0"), NULL};
	struct phx_sim *s = sh->r->sim;
	struct phx_buf bytes = {0};
	struct phx_err ignored = {0};

	if (!ct_runs(sh, g))
		return;
	if (to[0] == NULL)
		phx_sim_shell_complain(sh, 255, "400 not enough arguments");
	else if (!phx_read_file(sh->argv[3], &bytes, &ignored))
		phx_sim_shell_complain(sh, 0,
				       phx_sim_fmt(arena(sh), "failed to open %s for reading", sh->argv[3]));
	else if (phx_sim_has_trees(s))
		wait_for_proc(
			sh, g,
			phx_sim_proc_start(s, g, PHX_SIM_PROC_WRITE, to, phx_buf_view(&bytes), OUTPUT_MAX),
			"pct-push");
	else
		phx_sim_guest_file_put(s, g, to[0], phx_buf_view(&bytes), to[1],
				       phx_sim_fmt(arena(sh), "%s:%s", to[2], to[3]));
	phx_buf_done(&bytes);
	phx_err_done(&ignored);
}

static void save(struct phx_sim_shell *sh, struct phx_str bytes)
{
	struct phx_err err = {0};

	if (!phx_write_file_atomic(sh->argv[4], bytes, 0644, &err))
		phx_sim_shell_complain(sh, 0,
				       phx_sim_fmt(arena(sh), "failed to open %s for writing", sh->argv[4]));
	phx_err_done(&err);
}

static void cannot_open(struct phx_sim_shell *sh, int why)
{
	phx_sim_shell_complain(sh, 0,
			       phx_sim_fmt(arena(sh), "failed to open %s: %s", sh->argv[3], strerror(why)));
}

/* pct pull ID PATH FILE */
void phx_sim_host_pct_pull(struct phx_sim_shell *sh, json_t *g)
{
	const char *from[] = {sh->argc > 4 ? sh->argv[3] : NULL, NULL};
	struct phx_sim *s = sh->r->sim;
	struct phx_buf bytes = {0};

	if (!ct_runs(sh, g))
		return;
	if (from[0] == NULL)
		phx_sim_shell_complain(sh, 255, "400 not enough arguments");
	else if (phx_sim_has_trees(s))
		wait_for_proc(
			sh, g,
			phx_sim_proc_start(s, g, PHX_SIM_PROC_READ, from, (struct phx_str){0}, OUTPUT_MAX),
			"pct-pull");
	else if (phx_sim_guest_file_get(g, from[0], &bytes))
		save(sh, phx_buf_view(&bytes));
	else
		cannot_open(sh, ENOENT);
	phx_buf_done(&bytes);
}

static void pct_file_goes_on(struct phx_sim_shell *sh, struct phx_sim_proc *p)
{
	if (p->state < PHX_SIM_PROC_ENDED) {
		again(sh);
		return;
	}
	if (p->state == PHX_SIM_PROC_FAILED && p->why.len > 0)
		phx_sim_shell_complain(
			sh, 255, phx_sim_fmt(arena(sh), "this guest's tree does not run: %s", p->why.ptr));
	else if (p->state == PHX_SIM_PROC_FAILED && p->kind == PHX_SIM_PROC_WRITE)
		phx_sim_shell_complain(sh, 0,
				       phx_sim_fmt(arena(sh), "failed to create file %s: %s", sh->argv[4],
						   strerror(p->sys)));
	else if (p->state == PHX_SIM_PROC_FAILED)
		cannot_open(sh, p->sys);
	else if (p->kind == PHX_SIM_PROC_READ)
		save(sh, phx_buf_view(&p->out));
	p->waiter = NULL;
	phx_sim_proc_free(sh->r->sim, p);
}

/* ---- qm ---- */

/* False: the command has failed, or waits as a call to an agent that is not there does. */
static bool agent_up(struct phx_sim_shell *sh, json_t *g)
{
	if (!phx_sim_agent_enabled(g)) {
		phx_sim_shell_complain(sh, 255, "No QEMU guest agent configured");
	} else if (!phx_sim_guest_running(g)) {
		phx_sim_shell_complain(
			sh, 2,
			phx_sim_fmt(arena(sh), "VM %lld is not running", (long long)phx_sim_guest_id(g)));
	} else if (phx_sim_agent_up(sh->r->sim, g)) {
		return true;
	} else {
		later(sh, json_pack("{s:s}", "how", "no-agent"));
		phx_sim_wait(sh->r, phx_sim_duration(sh->r->sim, PHX_SIM_D_AGENT_TIMEOUT));
	}
	return false;
}

/* Perl's pretty JSON: three blanks, sorted. */
static void print(struct phx_sim_shell *sh, const json_t *o)
{
	const char **keys = phx_sim_sorted_keys(arena(sh), o);

	phx_buf_c(&sh->out, "{\n");
	for (size_t i = 0; keys[i] != NULL; i++) {
		json_t *v = json_object_get(o, keys[i]);
		char *text = json_dumps(v, JSON_ENCODE_ANY);

		if (text == NULL)
			phx_out_of_memory();
		phx_buf_printf(&sh->out, "   \"%s\" : ", keys[i]);
		phx_buf_c(&sh->out, text);
		phx_buf_c(&sh->out, keys[i + 1] != NULL ? ",\n" : "\n");
		free(text);
	}
	phx_buf_c(&sh->out, "}\n");
}

static void print_pid(struct phx_sim_shell *sh, int64_t number)
{
	json_t *o = json_pack("{s:I}", "pid", (json_int_t)number);

	print(sh, o);
	json_decref(o);
}

static void cannot_start(struct phx_sim_shell *sh, const char *what)
{
	phx_buf_c(&sh->err, "Wide character in die at /usr/share/perl5/PVE/RESTHandler.pm line 990.\n");
	phx_sim_shell_complain(sh, 29,
			       phx_sim_fmt(arena(sh),
					   "Agent error: Guest agent command failed, error was 'Failed to "
					   "execute child process \342\200\234%s\342\200\235 (No such file "
					   "or directory)'",
					   what));
}

/* It was started. Asynchronous: that is all; else it is looked at until it has ended. */
static void follow(struct phx_sim_shell *sh)
{
	const json_t *c = sh->r->ctx;
	json_t *g = phx_sim_guest(sh->r->sim, phx_json_int(c, "vmid", 0)), *o = NULL;
	struct phx_sim_proc *p = proc_of(sh);
	int64_t number = phx_json_int(c, "number", 0);

	if (p != NULL)
		p->waiter = NULL;
	if (p != NULL && p->state == PHX_SIM_PROC_FAILED) {
		if (p->why.len > 0)
			phx_sim_shell_complain(sh, 255,
					       phx_sim_fmt(arena(sh),
							   "Agent error: this guest's tree does not run: %s",
							   p->why.ptr));
		else
			cannot_start(sh, phx_sim_so(c, "first", ""));
		phx_sim_proc_free(sh->r->sim, p);
		return;
	}
	if (phx_json_bool(c, "wait", false) || (p != NULL && p->state < PHX_SIM_PROC_RUNS)) {
		o = g != NULL && (p == NULL || p->state >= PHX_SIM_PROC_RUNS)
			    ? phx_sim_agent_status(sh->r->sim, g, number)
			    : json_pack("{s:i}", "exited", 0);
		if (o != NULL && phx_json_int(o, "exited", 0) == 0 &&
		    (int64_t)phx_now_ms() < phx_json_int(c, "until", 0)) {
			json_decref(o);
			again(sh);
			phx_sim_wait_real(sh->r, LOOK_MS);
			return;
		}
	}
	if (o != NULL && phx_json_int(o, "exited", 0) != 0) {
		print(sh, o);
	} else {
		print_pid(sh, number);
		if (phx_json_bool(c, "wait", false))
			phx_buf_c(&sh->err, "timeout reached, returning pid\n");
	}
	json_decref(o);
}

/* qm guest exec ID [--pass-stdin 1] [--synchronous 0] [--timeout S] -- ARG… */
static void guest_exec(struct phx_sim_shell *sh, json_t *g)
{
	bool wait = strcmp(option(sh, "--synchronous", "1"), "0") != 0;
	struct phx_str input = {0};
	struct phx_sim_proc *p;
	int64_t number, timeout = QM_TIMEOUT_S;
	size_t at = 4;
	json_t *argv;

	while (at + 1 < sh->argc && phx_sim_starts(sh->argv[at], "--") && sh->argv[at][2] != 0)
		at += 2;
	if (at < sh->argc && strcmp(sh->argv[at], "--") == 0)
		at++;
	if (at >= sh->argc) {
		phx_sim_shell_complain(sh, 255, "400 not enough arguments");
		return;
	}
	if (strcmp(option(sh, "--pass-stdin", "0"), "1") == 0)
		input = (struct phx_str){sh->input.ptr != NULL ? sh->input.ptr : "", sh->input.len};
	timeout = phx_sim_number(phx_str_c(option(sh, "--timeout", "30")), timeout);
	argv = words_from(sh, at);
	if (!phx_sim_agent_start(sh->r->sim, g, argv, input, &p, &number)) {
		cannot_start(sh, sh->argv[at]);
	} else {
		later(sh, json_pack("{s:s, s:I, s:I, s:b, s:s, s:I}", "how", "qm-exec", "vmid",
				    (json_int_t)phx_sim_guest_id(g), "number", (json_int_t)number, "wait",
				    wait, "first", sh->argv[at], "until",
				    (json_int_t)(phx_now_ms() + (uint64_t)timeout * 1000)));
		phx_sim_wait_real(sh->r, 1);
	}
	json_decref(argv);
}

static void exec_status(struct phx_sim_shell *sh, json_t *g)
{
	json_t *o = phx_sim_agent_status(sh->r->sim, g,
					 sh->argc > 4 ? phx_sim_number(phx_str_c(sh->argv[4]), 0) : 0);

	if (o == NULL)
		phx_sim_shell_complain(sh, 29, "Agent error: Invalid parameter 'pid'");
	else
		print(sh, o);
	json_decref(o);
}

void phx_sim_host_qm_guest(struct phx_sim_shell *sh, json_t *g)
{
	const char *verb = sh->argv[2];

	if (!agent_up(sh, g))
		return;
	if (strcmp(verb, "exec") == 0)
		guest_exec(sh, g);
	else if (strcmp(verb, "exec-status") == 0)
		exec_status(sh, g);
	else if (strcmp(verb, "cmd") != 0)
		phx_sim_shell_complain(sh, 255,
				       phx_sim_fmt(arena(sh), "ERROR: unknown command 'qm guest %s'", verb));
}

/* `qm agent ID ping` says nothing when all is well. */
void phx_sim_host_qm_agent(struct phx_sim_shell *sh, json_t *g)
{
	(void)agent_up(sh, g);
}

void phx_sim_host_resume(struct phx_sim_shell *sh)
{
	const char *how = phx_sim_so(sh->r->ctx, "how", "");
	struct phx_sim_proc *p = proc_of(sh);

	if (strcmp(how, "fixed") == 0)
		fixed_end(sh, json_object_get(sh->r->ctx, "outcome"));
	else if (strcmp(how, "no-agent") == 0)
		phx_sim_shell_complain(sh, 255, "QEMU guest agent is not running");
	else if (strcmp(how, "qm-exec") == 0)
		follow(sh);
	else if (p == NULL)
		phx_sim_shell_complain(sh, 255, "the guest was stopped");
	else if (strcmp(how, "pct-exec") == 0)
		pct_exec_goes_on(sh, p);
	else
		pct_file_goes_on(sh, p);
}

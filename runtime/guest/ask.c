/* One question at a time: to the guest agent over the API or by `qm guest` on the node, and commands on the node. */
#include <string.h>

#include "base/sys.h"
#include "guest/channel_priv.h"

enum { PATIENCE_MS = 300000, AGAIN_MS = 1000, STOPPED_MAX = 5, REFUSED_MAX = 3, COMMAND_MS = 120000 };

/* ---- over the API ---- */

static void answered(void *user, struct phx_answer *answer)
{
	struct phx_op_link *link = user;
	struct phx_op *op = link->op;

	if (op) {
		op->link = NULL;
		link->asked(op, &answer->err, answer->data);
	}
	phx_answer_done(answer);
}

static struct phx_op_link *link_of(struct phx_op *op, phx_asked_fn *asked)
{
	struct phx_op_link *link = PHX_NEW(op->c->arena, struct phx_op_link);

	*link = (struct phx_op_link){.op = op, .asked = asked};
	op->link = link;
	op->due = 0;
	return link;
}

static void send(struct phx_op *op, enum phx_agent_ask what, const struct phx_params *params,
		 phx_asked_fn *asked)
{
	struct phx_agent_request r = {.what = what,
				      .node = op->guest.node,
				      .id = op->guest.id,
				      .params = params,
				      .done = answered,
				      .user = link_of(op, asked)};

	phx_inside_ask(op->c->inside, &r);
}

/* ---- by commands on the node ---- */

static void command_done(void *user, const struct phx_command_end *end)
{
	struct phx_op_link *link = user;
	struct phx_op *op = link->op;
	json_t *data;

	if (!op)
		return;
	op->link = NULL;
	op->command = 0;
	data = json_pack("{s:i}", "exit", end->signal ? 128 + end->signal : end->exit_code);
	json_object_set_new(data, "out-data",
			    json_stringn_nocheck(end->out.ptr ? end->out.ptr : "", end->out.len));
	json_object_set_new(data, "err-data",
			    json_stringn_nocheck(end->err_out.ptr ? end->err_out.ptr : "", end->err_out.len));
	link->asked(op, &end->err, data);
	json_decref(data);
}

static void no_output(void *user, bool is_stderr, struct phx_str bytes)
{
	(void)user;
	(void)is_stderr;
	(void)bytes;
}

void phx_ask_command(struct phx_op *op, const struct phx_argv *argv, struct phx_str input,
		     void (*output)(void *user, bool is_stderr, struct phx_str bytes), phx_asked_fn *asked)
{
	uint64_t now = phx_now_ms();
	struct phx_command c = {.node = op->guest.node,
				.argv = argv->v.v,
				.argc = argv->v.n,
				.input = input,
				.timeout_ms = op->deadline > now ? op->deadline - now : 1,
				.output = output ? output : no_output,
				.done = command_done,
				.user = link_of(op, asked)};

	op->command = phx_inside_command(op->c->inside, &c);
}

/* The last line that says something: the tools put their error there. */
static void tool_error(struct phx_err *err, const json_t *data, const char *tool)
{
	struct phx_str text = phx_str_trim(phx_json_str(data, "err-data"));
	ptrdiff_t eol;

	while ((eol = phx_str_chr(text, '\n')) >= 0)
		text = phx_str_from(text, (size_t)eol + 1);
	if (text.len)
		phx_err_set(err, PHX_ERR_SERVER, PHX_STR_FMT, PHX_STR_ARG(text));
	else
		phx_err_set(err, PHX_ERR_SERVER, "`%s` ended with exit code %lld", tool,
			    (long long)phx_json_int(data, "exit", 0));
}

/* What `qm guest` printed is JSON; what it could not do is told by its exit code, here at least (OBSERVED, CLI). */
static void qm_asked(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct phx_err own = {0};
	json_t *doc = NULL;

	if (err->kind != PHX_ERR_NONE)
		phx_err_copy(&own, err);
	else if (phx_json_int(data, "exit", 0) != 0)
		tool_error(&own, data, "qm guest");
	else
		doc = phx_json_parse(phx_json_str(data, "out-data"), "the answer of qm", &own);
	op->asked(op, &own, doc);
	json_decref(doc);
	phx_err_done(&own);
}

static void qm(struct phx_op *op, const struct phx_argv *argv, struct phx_str input, phx_asked_fn *asked)
{
	op->asked = asked;
	phx_ask_command(op, argv, input, NULL, qm_asked);
}

static void qm_words(struct phx_op *op, struct phx_argv *argv, const char *const *words)
{
	for (; *words; words++)
		phx_vec_push(&op->arena, &argv->v, phx_str_c(*words));
}

static const char *id_of(struct phx_op *op)
{
	return phx_str_u64(&op->arena, op->guest.id).ptr;
}

static bool is_stopped(const struct phx_err *err)
{
	struct phx_str msg = phx_str_trim(phx_buf_view(&err->msg));

	return (phx_str_starts(msg, "VM ") && phx_str_ends(msg, " is not running")) ||
	       (phx_str_starts(msg, "container ") && phx_str_ends(msg, " not running!"));
}

/* ---- the questions ---- */

void phx_ask_exec(struct phx_op *op, struct phx_str script, bool secret, phx_asked_fn *asked)
{
	struct phx_argv argv = {0};
	struct phx_arena a = {0};
	struct phx_params p = {0};

	if (op->way == PHX_WAY_QM) {
		phx_guest_argv(&op->arena, &op->guest, PHX_WAY_QM, (struct phx_str){0}, false, &argv);
		qm(op, &argv, script, asked);
		return;
	}
	phx_params_add(&a, &p, PHX_STR("command"), PHX_STR("/bin/sh"));
	if (secret)
		phx_params_secret(&a, &p, PHX_STR("input-data"), script);
	else
		phx_params_add(&a, &p, PHX_STR("input-data"), script);
	send(op, PHX_AGENT_EXEC, &p, asked);
	phx_arena_done(&a);
}

void phx_ask_status(struct phx_op *op, phx_asked_fn *asked)
{
	struct phx_arena a = {0};
	struct phx_params p = {0};
	struct phx_str pid = phx_str_printf(&a, "%lld", (long long)op->pid);

	if (op->way == PHX_WAY_QM) {
		const char *const words[] = {"qm", "guest", "exec-status", id_of(op), pid.ptr, NULL};
		struct phx_argv argv = {0};

		qm_words(op, &argv, words);
		qm(op, &argv, (struct phx_str){0}, asked);
	} else {
		phx_params_add(&a, &p, PHX_STR("pid"), pid);
		send(op, PHX_AGENT_EXEC_STATUS, &p, asked);
	}
	phx_arena_done(&a);
}

/* `qm guest exec … cat` waits for its end, and puts it out as exec-status does. */
static void cat_asked(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct phx_err own = {0};
	json_t *out = NULL;

	phx_err_copy(&own, err);
	if (own.kind == PHX_ERR_NONE &&
	    (phx_json_int(data, "exitcode", -1) != 0 || phx_json_bool(data, "out-truncated", false)))
		phx_err_set(&own, PHX_ERR_MISSING, "the file cannot be read");
	if (own.kind == PHX_ERR_NONE) {
		out = json_object();
		json_object_set_new(out, "content",
				    json_stringn_nocheck(phx_json_str(data, "out-data").ptr
								 ? phx_json_str(data, "out-data").ptr
								 : "",
							 phx_json_str(data, "out-data").len));
	}
	op->read_asked(op, &own, out);
	json_decref(out);
	phx_err_done(&own);
}

void phx_ask_read(struct phx_op *op, struct phx_str path, phx_asked_fn *asked)
{
	struct phx_arena a = {0};
	struct phx_params p = {0};

	if (op->way == PHX_WAY_QM) {
		const char *const words[] = {"qm",      "guest",     "exec",
					     id_of(op), "--timeout", "60",
					     "--",      "cat",       phx_str_dup(&op->arena, path).ptr,
					     NULL};
		struct phx_argv argv = {0};

		qm_words(op, &argv, words);
		op->read_asked = asked;
		qm(op, &argv, (struct phx_str){0}, cat_asked);
	} else {
		phx_params_add(&a, &p, PHX_STR("file"), path);
		send(op, PHX_AGENT_FILE_READ, &p, asked);
	}
	phx_arena_done(&a);
}

static void piece_by_qm(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct phx_err own = {0};

	phx_err_copy(&own, err);
	if (own.kind == PHX_ERR_NONE && phx_json_int(data, "exitcode", -1) != 0)
		phx_err_set(&own, PHX_ERR_TASK, PHX_STR_FMT,
			    PHX_STR_ARG(phx_str_trim(phx_json_str(data, "err-data"))));
	op->read_asked(op, &own, data);
	phx_err_done(&own);
}

static void piece_by_pct(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct phx_err own = {0};

	phx_err_copy(&own, err);
	if (own.kind == PHX_ERR_NONE && phx_json_int(data, "exit", -1) != 0) {
		tool_error(&own, data, "pct exec");
		if (!is_stopped(&own)) {
			phx_err_wrap(&own, "a piece of a file cannot be written in the guest");
			own.kind = PHX_ERR_TASK;
		}
	}
	op->read_asked(op, &own, data);
	phx_err_done(&own);
}

void phx_ask_piece(struct phx_op *op, const struct phx_piece *piece, phx_asked_fn *asked)
{
	const struct phx_entry *e = &op->bundle.entries.v[piece->entry];
	struct phx_buf bytes = {0}, coded = {0};
	struct phx_argv argv = {0};
	struct phx_arena a = {0};
	struct phx_params p = {0};
	struct phx_err err = {0};

	if (!phx_bundle_piece(&op->bundle, piece, &bytes, &err)) {
		phx_op_fail_err(op, &err);
		goto out;
	}
	if (op->way != PHX_WAY_PCT)
		phx_buf_base64(&coded, phx_buf_view(&bytes));
	op->read_asked = asked;
	if (op->way == PHX_WAY_AGENT) {
		struct phx_param content = {PHX_STR("content"), phx_buf_view(&coded), e->secret};

		phx_params_add(&a, &p, PHX_STR("file"), piece->to);
		phx_vec_push(&a, &p.v, content);
		phx_params_add(&a, &p, PHX_STR("encode"), PHX_STR("0"));
		send(op, PHX_AGENT_FILE_WRITE, &p, asked);
	} else {
		phx_guest_argv(&a, &op->guest, op->way, phx_bundle_receive(&a, &op->bundle, piece), true,
			       &argv);
		if (op->way == PHX_WAY_QM)
			qm(op, &argv, phx_buf_view(&coded), piece_by_qm);
		else
			phx_ask_command(op, &argv, phx_buf_view(&bytes), NULL, piece_by_pct);
	}
out:
	phx_buf_done(&bytes);
	phx_buf_done(&coded);
	phx_arena_done(&a);
	phx_err_done(&err);
}

static void ready_by_command(struct phx_op *op, const struct phx_err *err, const json_t *data)
{
	struct phx_err own = {0};

	phx_err_copy(&own, err);
	if (own.kind == PHX_ERR_NONE && phx_json_int(data, "exit", -1) != 0)
		tool_error(&own, data, op->way == PHX_WAY_QM ? "qm agent" : "pct exec");
	op->read_asked(op, &own, data);
	phx_err_done(&own);
}

/* The agent's list of commands instead of a ping: it tells the same, and is a read. */
void phx_ask_ready(struct phx_op *op, phx_asked_fn *asked)
{
	const char *const by_qm[] = {"qm", "agent", id_of(op), "ping", NULL};
	const char *const by_pct[] = {"pct", "exec", id_of(op), "--", "true", NULL};
	struct phx_argv argv = {0};

	if (op->way == PHX_WAY_AGENT) {
		send(op, PHX_AGENT_INFO, NULL, asked);
		return;
	}
	qm_words(op, &argv, op->way == PHX_WAY_QM ? by_qm : by_pct);
	op->read_asked = asked;
	phx_ask_command(op, &argv, (struct phx_str){0}, NULL, ready_by_command);
}

/* ---- trouble ---- */

static bool says(const struct phx_err *err, const char *what)
{
	return phx_str_find(phx_buf_view(&err->msg), phx_str_c(what)) >= 0;
}

/* What may pass. A way that led there once may come back; that it never did is told at once. */
static bool is_silent(const struct phx_op *op, const struct phx_err *err)
{
	return says(err, "QEMU guest agent is not running") || err->kind == PHX_ERR_LOST ||
	       err->kind == PHX_ERR_TIMEOUT ||
	       (err->kind == PHX_ERR_CONNECT && (op->begun || !err->hint.len)) ||
	       (err->kind == PHX_ERR_LOCKED && says(err, "timeout"));
}

/* With a guest that says nothing, and with a server that is not there. */
static uint64_t patience(const struct phx_op *op, const struct phx_err *err)
{
	bool no_server = err->kind == PHX_ERR_CONNECT && !err->status;

	if (no_server && op->c->server_patience_ms)
		return op->c->server_patience_ms;
	return !no_server && op->patience_ms ? op->patience_ms : PATIENCE_MS;
}

/* A step is gone on with by the next apply; a command is not. */
static struct phx_str how_to_wake(struct phx_op *op)
{
	unsigned long long id = op->guest.id;
	const char *next = op->repeatable ? "" : "try again";

	if (op->repeatable && op->begun)
		next = "`phx apply` follows it, or does it again if it has died";
	else if (op->repeatable)
		next = "`phx apply` goes on with this step";
	return phx_str_printf(
		&op->arena,
		"%slook at its console (qm terminal %llu on the node%s). When `qm agent %llu ping` "
		"answers, %s; if it only needs longer: timeouts { agent = 10m }",
		op->begun ? "what was begun may be at work in it still; " : "", id,
		op->repeatable ? "" : ", or the web interface", id, next);
}

/* What it had begun in the guest is not ended: that takes the agent. */
static void no_agent(struct phx_op *op, const struct phx_err *err, uint64_t silent_ms)
{
	const char *hint = how_to_wake(op).ptr;
	double seconds = (double)silent_ms / 1000;

	if (op->repeatable || op->begun)
		phx_op_fail(op, PHX_ERR_TIMEOUT, hint, "the guest agent has not answered for %.0f s",
			    seconds);
	else
		phx_op_fail(op, PHX_ERR_TIMEOUT, hint,
			    "the guest agent did not answer within %.0f s; last seen: " PHX_STR_FMT, seconds,
			    PHX_STR_ARG(phx_buf_view(&err->msg)));
}

bool phx_ask_forgot(const struct phx_err *err)
{
	return says(err, "Invalid parameter 'pid'");
}

void phx_ask_fine(struct phx_op *op)
{
	op->silent_since = 0;
	op->stopped_seen = op->refused = 0;
}

bool phx_ask_trouble(struct phx_op *op, const struct phx_err *err, phx_op_fn *again)
{
	uint64_t now = phx_now_ms();

	if (is_stopped(err) && ++op->stopped_seen < STOPPED_MAX) {
		phx_op_see(op, "the guest is not running");
		phx_op_sleep(op, AGAIN_MS, again);
		return true;
	}
	if (err->status == 596) {
		/* Proxmox cannot pass on the agent's text, which has typographic quotes (820). */
		if (++op->refused < REFUSED_MAX) {
			phx_op_sleep(op, AGAIN_MS, again);
			return true;
		}
		phx_op_fail(op, PHX_ERR_MISSING,
			    "look inside the guest: is there a /bin/sh, and memory to start it?",
			    "the guest agent could not start /bin/sh");
		return true;
	}
	if (!is_silent(op, err))
		return false;
	if (!op->silent_since)
		op->silent_since = now;
	if (now - op->silent_since >= patience(op, err)) {
		if (!says(err, "QEMU guest agent is not running"))
			return false;
		no_agent(op, err, now - op->silent_since);
		return true;
	}
	phx_op_see(op, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&err->msg)));
	phx_op_sleep(op, AGAIN_MS, again);
	return true;
}

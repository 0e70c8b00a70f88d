/* Why a guest could not be waited for: what can be seen from outside (its configuration, its state, its network traffic), and of
 * cloud-init the end of its log, read through the agent. What was found stands below the error, the likely cause in its last line. */
#include <string.h>

#include "apply/apply_priv.h"
#include "model/propstring.h"

enum { LOG_LINES = 15, LOG_BYTES = 3000, BOOT_S = 120 };

static void fact(struct phx_job *j, const char *fmt, ...) PHX_PRINTF(2, 3);

static void fact(struct phx_job *j, const char *fmt, ...)
{
	va_list ap;
	char line[512];

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	phx_buf_printf(&j->found, "%s%s", j->found.len ? "\n" : "", line);
}

static bool is_wait(const struct phx_job *j, const char *what)
{
	return phx_str_eqc(j->a->wait_what, what);
}

static void conclude(struct phx_job *j)
{
	struct phx_buf log = {0}, safe = {0};
	struct phx_err err = {0};

	phx_buf_str(&log, j->res->log);
	if (log.len && j->found.len)
		phx_buf_ch(&log, '\n');
	phx_buf_str(&log, phx_buf_view(&j->found));
	phx_buf_printable(&safe, phx_buf_view(&log));
	j->res->log = phx_str_dup(j->run->arena, phx_buf_view(&safe));
	phx_err_set(&err, j->fail_kind, PHX_STR_FMT, PHX_STR_ARG(j->fail_text));
	phx_err_hint(&err, PHX_STR_FMT, PHX_STR_ARG(j->fail_hint));
	phx_job_fail(j, &err);
	phx_err_done(&err);
	phx_buf_done(&safe);
	phx_buf_done(&log);
}

/* --- cloud-init's own log --- */

static struct phx_str last_lines(struct phx_str text)
{
	uint32_t lines = 0;
	size_t at;

	text = phx_str_trim(text);
	for (at = text.len; at > 0 && text.len - at < LOG_BYTES; at--)
		if (text.ptr[at - 1] == '\n' && ++lines == LOG_LINES)
			break;
	return phx_str_from(text, at);
}

static void log_read(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_str text = last_lines(phx_json_str(answer->data, "content"));

	if (answer->err.kind == PHX_ERR_NONE && text.len) {
		fact(j, "the end of /var/log/cloud-init-output.log:");
		phx_buf_ch(&j->found, '\n');
		phx_buf_str(&j->found, text);
	} else {
		fact(j, "/var/log/cloud-init-output.log cannot be read through the agent");
	}
	conclude(j);
}

static void read_log(struct phx_job *j)
{
	struct phx_params p = {0};

	phx_params_add(&j->arena, &p, PHX_STR("file"), PHX_STR("/var/log/cloud-init-output.log"));
	phx_job_get(j, phx_job_guest_path(j, "/agent/file-read"), &p, log_read);
}

/* --- the guest's state --- */

static bool was_given_agent(const struct phx_job *j)
{
	for (uint32_t i = 0; i < j->run->plan->actions.n; i++) {
		const struct phx_action *a = j->run->plan->actions.v[i];

		if (a->op == PHX_OP_SNIPPET && a->change && j->a->change &&
		    (a->change == j->a->change ||
		     (a->body->argv.n > 4 && phx_str_find(a->body->argv.v[4], PHX_STR("phx-agent-")) >= 0)))
			return true;
	}
	return false;
}

static void agent_cause(struct phx_job *j, const json_t *state)
{
	int64_t up = phx_json_int(state, "uptime", 0), in = phx_json_int(state, "netin", -1);
	double cpu = 100 * phx_json_num(state, "cpu", 0);

	if (j->agent_refused && !j->agent_off)
		fact(j, "so: it was started before the `agent` option was on, and needs a stop and a start");
	else if (j->agent_off)
		fact(j, "so: without the `agent` option Proxmox gives the VM no channel to an agent, "
			"whatever runs in it");
	else if (phx_json_get(state, "agent") && !phx_json_bool(state, "agent", true))
		fact(j, "so: it was started before the `agent` option was on, and needs a stop and a start");
	else if (cpu > 50)
		fact(j, "so: it is busy, and may still boot: it may only need longer");
	else if (in == 0)
		fact(j, "so: it has received nothing over the network: is its bridge right, does its address "
			"fit, can it "
			"reach a mirror?");
	else if (up < BOOT_S)
		fact(j, "so: it may still boot: it may only need longer");
	else if (was_given_agent(j))
		fact(j, "so: cloud-init should have installed qemu-guest-agent by now: it needs a mirror for "
			"that");
	else
		fact(j, "so: qemu-guest-agent is not installed in it, or not started");
}

static void say_state(struct phx_job *j, const json_t *state)
{
	struct phx_str status = phx_json_str(state, "status"), qmp = phx_json_str(state, "qmpstatus");
	bool running = phx_str_eqc(status, "running");

	if (!running) {
		fact(j, "guest: " PHX_STR_FMT, PHX_STR_ARG(status));
		if (is_wait(j, "agent") || is_wait(j, "cloud-init"))
			fact(j, "so: it was shut down or has crashed: look at its console and at the end of "
				"its last start task");
		return;
	}
	fact(j, "guest: running for %lld s, CPU %.0f %%, received %lld bytes, sent %lld bytes",
	     (long long)phx_json_int(state, "uptime", 0), 100 * phx_json_num(state, "cpu", 0),
	     (long long)phx_json_int(state, "netin", 0), (long long)phx_json_int(state, "netout", 0));
	if (qmp.len && !phx_str_eqc(qmp, "running")) {
		fact(j,
		     "so: it does not go on (" PHX_STR_FMT
		     "): `qm status %llu --verbose` on the node says why",
		     PHX_STR_ARG(qmp), (unsigned long long)j->a->guest_id);
		return;
	}
	if (is_wait(j, "agent"))
		agent_cause(j, state);
}

static void state_read(struct phx_job *j, struct phx_answer *answer)
{
	if (answer->err.kind == PHX_ERR_NONE)
		say_state(j, answer->data);
	else
		fact(j, "its state cannot be read: " PHX_STR_FMT,
		     PHX_STR_ARG(phx_buf_view(&answer->err.msg)));
	if (is_wait(j, "cloud-init") && phx_str_eqc(phx_json_str(answer->data, "status"), "running"))
		read_log(j);
	else
		conclude(j);
}

static void config_read(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_buf text = {0};
	struct phx_str rest, piece;

	if (answer->err.kind == PHX_ERR_NONE) {
		(void)phx_json_text(phx_json_get(answer->data, "agent"), &text);
		rest = phx_buf_view(&text);
		j->agent_off = true;
		while (phx_str_cut(&rest, ',', &piece))
			if (phx_str_eqc(piece, "1") || phx_str_eqc(piece, "enabled=1"))
				j->agent_off = false;
		fact(j, "`agent` option: %s", j->agent_off ? "off" : "on");
	}
	phx_buf_done(&text);
	phx_job_get(j, phx_job_guest_path(j, "/status/current"), NULL, state_read);
}

void phx_diagnose(struct phx_job *j, enum phx_err_kind kind, struct phx_str text, struct phx_str hint)
{
	j->fail_kind = kind;
	j->fail_text = phx_str_dup(&j->arena, text);
	j->fail_hint = phx_str_dup(&j->arena, hint);
	phx_buf_clear(&j->found);
	if (j->a->is_vm && is_wait(j, "agent"))
		phx_job_get(j, phx_job_guest_path(j, "/config"), NULL, config_read);
	else
		phx_job_get(j, phx_job_guest_path(j, "/status/current"), NULL, state_read);
}

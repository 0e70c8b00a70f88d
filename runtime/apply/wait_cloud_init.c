/* `cloud-init status --wait` inside the guest, as a process that is started, kept by its pid, and polled to a deadline. Exit 0
 * is done, 2 is done with errors that it got over (cloud-init 23.4 and later), anything else is a failure. */
#include <string.h>

#include "apply/apply_priv.h"
#include "base/sys.h"

static void poll_command(struct phx_job *j);
static void run_command(struct phx_job *j);

enum { TRIES = 3 };

static void keep_output(struct phx_job *j, const json_t *data)
{
	struct phx_buf text = {0}, safe = {0};

	phx_buf_str(&text, phx_json_str(data, "out-data"));
	phx_buf_str(&text, phx_json_str(data, "err-data"));
	phx_buf_printable(&safe, phx_str_trim(phx_buf_view(&text)));
	if (safe.len) {
		j->res->log = phx_str_dup(j->run->arena, phx_str_slice(phx_buf_view(&safe), 0, 4000));
		phx_run_emit(j->run, PHX_EV_OUTPUT, j, j->a, j->res->log);
	}
	phx_buf_done(&safe);
	phx_buf_done(&text);
}

static void conclude(struct phx_job *j)
{
	if (j->exit_code == 0) {
		phx_job_done(j, PHX_OUT_DONE);
	} else if (j->exit_code == 2) {
		j->warned = true;
		/* Not a reason to start it again, whatever scripts made of this exit code. */
		j->res->message =
			PHX_STR("cloud-init finished with errors that it got over: see its status above");
		phx_job_say(j, PHX_EV_WARNING, PHX_STR_FMT, PHX_STR_ARG(j->res->message));
		phx_job_done(j, PHX_OUT_DONE);
	} else {
		phx_diagnose(j, PHX_ERR_TASK,
			     phx_str_printf(&j->arena, "cloud-init failed (exit code %d)", j->exit_code),
			     PHX_STR("cloud-init runs once: mend the cause, then `cloud-init clean --reboot` "
				     "in the guest "
				     "and `phx apply`; or delete the guest and apply again"));
	}
}

static void ended(struct phx_job *j, const json_t *data)
{
	keep_output(j, data);
	/* A signal leaves no exit code (341). */
	j->exit_code = phx_json_get(data, "signal") ? 128 + (int)phx_json_int(data, "signal", 0)
						    : (int)phx_json_int(data, "exitcode", 255);
	conclude(j);
}

static void status_read(struct phx_job *j, struct phx_answer *answer)
{
	if (answer->err.kind == PHX_ERR_NONE && phx_json_bool(answer->data, "exited", false)) {
		ended(j, answer->data);
		return;
	}
	if (answer->err.kind == PHX_ERR_NONE) {
		j->unreachable_since = 0;
		phx_buf_clear(&j->seen);
		phx_buf_c(&j->seen, "cloud-init is at work");
	} else if (phx_wait_hopeless(j, &answer->err)) {
		return;
	} else {
		phx_wait_seen(j, &answer->err);
		/* The guest was started again, or the result went to an answer that was lost: the pid is known no more. */
		if (phx_str_find(phx_buf_view(&answer->err.msg), PHX_STR("Invalid parameter 'pid'")) >= 0)
			j->pid = -1;
	}
	phx_wait_again(j, j->pid < 0 ? 500 : phx_job_jitter(j, 300), j->pid < 0 ? run_command : poll_command);
}

static void poll_command(struct phx_job *j)
{
	struct phx_params p = {0};

	phx_params_add(&j->arena, &p, PHX_STR("pid"), phx_str_printf(&j->arena, "%lld", (long long)j->pid));
	phx_job_get(j, phx_job_guest_path(j, "/agent/exec-status"), &p, status_read);
}

static void started(struct phx_job *j, struct phx_answer *answer)
{
	int64_t pid = phx_json_int(answer->data, "pid", -1);

	if (answer->err.kind == PHX_ERR_NONE && pid >= 0) {
		j->unreachable_since = 0;
		j->pid = pid;
		phx_wait_again(j, 100, poll_command);
		return;
	}
	if (phx_wait_hopeless(j, &answer->err))
		return;
	phx_wait_seen(j, &answer->err);
	if (answer->err.status == 596 && ++j->negatives >= TRIES) {
		phx_job_failf(j, PHX_ERR_MISSING,
			      "use an image that has cloud-init, or leave `cloud_init { }` away",
			      "there is no cloud-init in the guest");
		return;
	}
	phx_wait_again(j, 1000, run_command);
}

/* The command is the plan's. */
static void run_command(struct phx_job *j)
{
	phx_job_send(j, j->a->method, j->a->path, &j->a->params, started);
}

void phx_cloud_init_begin(struct phx_job *j)
{
	j->pid = -1;
	run_command(j);
}

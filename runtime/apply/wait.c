/* Waiting for a guest: each with one deadline, each saying what it sees. */
#include <string.h>

#include "apply/apply_priv.h"
#include "base/sys.h"

enum { WAIT_MS = 300000, TELL_MS = 10000, STOPPED_MAX = 5, AGENT_PAUSE_MS = 100 };

static void begin_agent(struct phx_job *j);

static void tell(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_str status = phx_json_str(answer->data, "status");
	struct phx_buf state = {0};

	if (phx_str_eqc(status, "running"))
		phx_buf_printf(&state, "; the guest is up for %lld s, CPU %.0f %%",
			       (long long)phx_json_int(answer->data, "uptime", 0),
			       100 * phx_json_num(answer->data, "cpu", 0));
	else if (status.len)
		phx_buf_printf(&state, "; the guest is " PHX_STR_FMT, PHX_STR_ARG(status));
	phx_job_say(j, PHX_EV_PROGRESS, "%.0f of %.0f s: %s" PHX_STR_FMT,
		    (double)(phx_now_ms() - j->wait_since) / 1000,
		    (double)(j->wait_until - j->wait_since) / 1000,
		    j->seen.len ? j->seen.ptr : "no answer yet", PHX_STR_ARG(phx_buf_view(&state)));
	phx_buf_done(&state);
	phx_job_sleep(j, j->again_ms, j->again);
}

/* Pauses, unless the time is over; every ten seconds it says what it waits for, and what is seen of the guest. */
void phx_wait_again(struct phx_job *j, uint64_t ms, void (*resume)(struct phx_job *j))
{
	uint64_t now = phx_now_ms();

	if (now >= j->wait_until || j->run->stop != PHX_STOP_NOT) {
		phx_wait_late(j);
		return;
	}
	if (ms > j->wait_until - now)
		ms = j->wait_until - now;
	if (now - j->told_at < TELL_MS) {
		phx_job_sleep(j, ms, resume);
		return;
	}
	j->told_at = now;
	j->again = resume;
	j->again_ms = ms;
	phx_job_get(j, phx_job_guest_path(j, "/status/current"), NULL, tell);
}

void phx_wait_seen(struct phx_job *j, const struct phx_err *err)
{
	phx_buf_clear(&j->seen);
	phx_buf_str(&j->seen, phx_buf_view(&err->msg));
}

static const char *what_for(const struct phx_job *j)
{
	if (phx_str_eqc(j->a->wait_what, "agent"))
		return "the guest agent did not answer";
	if (phx_str_eqc(j->a->wait_what, "cloud-init"))
		return "cloud-init did not finish";
	if (phx_str_eqc(j->a->wait_what, "network"))
		return "the guest got no address";
	return phx_str_eqc(j->a->wait_what, "running") ? "the guest did not start" : "the guest did not stop";
}

static struct phx_str how_to_look(struct phx_job *j)
{
	unsigned long long id = j->a->guest_id;

	if (phx_str_eqc(j->a->wait_what, "agent"))
		return phx_str_printf(&j->arena,
				      "look at its console (qm terminal %llu on the node, or the web "
				      "interface). When `qm agent "
				      "%llu ping` answers, `phx apply` goes on from here; if it only needs "
				      "longer: timeouts { "
				      "agent = 10m }",
				      id, id);
	if (phx_str_eqc(j->a->wait_what, "cloud-init"))
		return phx_str_printf(
			&j->arena,
			"look inside: qm guest exec %llu -- cloud-init status --long. When it is done, `phx "
			"apply` "
			"goes on from here; if it only needs longer: timeouts { cloud_init = 10m }",
			id);
	if (phx_str_eqc(j->a->wait_what, "network"))
		return phx_str_printf(&j->arena,
				      j->a->is_vm ? "look inside: qm guest cmd %llu network-get-interfaces"
						  : "look inside: pct exec %llu -- ip address",
				      id);
	return phx_str_printf(&j->arena, "look at its tasks in Proxmox's task list, and: %s status %llu",
			      j->a->is_vm ? "qm" : "pct", id);
}

static void too_late(struct phx_job *j)
{
	struct phx_buf text = {0};

	phx_buf_printf(&text, "%s within %.0f s", what_for(j),
		       (double)(j->wait_until - j->wait_since) / 1000);
	if (j->seen.len)
		phx_buf_printf(&text, "; last seen: " PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&j->seen)));
	phx_diagnose(j, PHX_ERR_TIMEOUT, phx_buf_view(&text), how_to_look(j));
	phx_buf_done(&text);
}

void phx_wait_late(struct phx_job *j)
{
	/* Nothing more will be started: what would have come after the wait is not. */
	if (j->run->stop != PHX_STOP_NOT)
		phx_job_done(j, PHX_OUT_LEFT);
	else
		too_late(j);
}

/* Errors that waiting does not heal end it, and a server that stays away. True: ended. */
bool phx_wait_hopeless(struct phx_job *j, const struct phx_err *err)
{
	struct phx_str msg = phx_buf_view(&err->msg);

	if (err->kind == PHX_ERR_CONNECT && !err->status) {
		if (!j->unreachable_since)
			j->unreachable_since = phx_now_ms();
		if (phx_now_ms() - j->unreachable_since < j->run->patience_ms)
			return false;
		phx_job_fail(j, err);
		return true;
	}
	j->unreachable_since = 0;
	if (phx_str_eqc(msg, "No QEMU guest agent configured")) {
		j->agent_refused = true;
		phx_diagnose(j, PHX_ERR_SERVER,
			     PHX_STR("the VM has no guest agent: the `agent` option is off"),
			     phx_str_printf(&j->arena,
					    "say `agent { enabled = true }`, or on the node: qm set %llu "
					    "--agent enabled=1; "
					    "it counts from the next start on",
					    (unsigned long long)j->a->guest_id));
		return true;
	}
	if (err->kind == PHX_ERR_PERMISSION || err->kind == PHX_ERR_AUTH || err->kind == PHX_ERR_MISSING) {
		phx_job_fail(j, err);
		return true;
	}
	if (!(phx_str_starts(msg, "VM ") || phx_str_starts(msg, "CT ")) ||
	    !phx_str_ends(msg, " not running")) {
		j->stopped_seen = 0;
		return false;
	}
	if (++j->stopped_seen < STOPPED_MAX)
		return false;
	phx_diagnose(j, PHX_ERR_SERVER, PHX_STR("the guest stopped while it was waited for"),
		     PHX_STR("when the cause is mended, `phx apply` starts it again and goes on from here"));
	return true;
}

/* A question that is not answered takes the server three seconds by itself (318), so there is no need for long pauses. */
static uint64_t agent_pause(const struct phx_job *j)
{
	uint64_t tenth = (phx_now_ms() - j->wait_since) / 10;

	return tenth < AGENT_PAUSE_MS ? AGENT_PAUSE_MS : tenth > 1000 ? 1000 : tenth;
}

static void agent_answered(struct phx_job *j, struct phx_answer *answer)
{
	j->run->pings--;
	if (answer->err.kind == PHX_ERR_NONE) {
		phx_job_done(j, PHX_OUT_DONE);
		return;
	}
	if (answer->err.status == 501 && !j->run->ping_by_post) {
		j->run->ping_by_post = true;
		phx_job_sleep(j, 1, begin_agent);
		return;
	}
	if (phx_wait_hopeless(j, &answer->err))
		return;
	phx_wait_seen(j, &answer->err);
	phx_wait_again(j, agent_pause(j), begin_agent);
}

/* The agent's list of commands instead of a ping: it tells the same, and is a read. */
static void begin_agent(struct phx_job *j)
{
	if (j->run->pings >= j->run->pings_max) {
		phx_wait_again(j, 50, begin_agent);
		return;
	}
	j->run->pings++;
	if (j->run->ping_by_post)
		phx_job_send(j, PHX_POST, phx_job_guest_path(j, "/agent/ping"), NULL, agent_answered);
	else
		phx_job_get(j, phx_job_guest_path(j, "/agent/info"), NULL, agent_answered);
}

/* A network card that is not the loopback has an address that is not link-local. */
static bool has_address(const json_t *cards)
{
	size_t i, k;
	json_t *card, *ip;

	json_array_foreach(cards, i, card)
	{
		if (phx_str_eqc(phx_json_str(card, "name"), "lo"))
			continue;
		json_array_foreach(phx_json_get(card, "ip-addresses"), k, ip)
		{
			struct phx_str text = phx_json_str(ip, "ip-address");

			if (text.len && !phx_str_starts(text, "fe80:") && !phx_str_starts(text, "169.254.") &&
			    !phx_str_starts(text, "127.") && !phx_str_eqc(text, "::1"))
				return true;
		}
		if (phx_json_str(card, "inet").len)
			return true;
	}
	return false;
}

static void begin_network(struct phx_job *j);

static void network_read(struct phx_job *j, struct phx_answer *answer)
{
	const json_t *cards = j->a->is_vm ? phx_json_get(answer->data, "result") : answer->data;

	if (answer->err.kind == PHX_ERR_NONE && has_address(cards)) {
		phx_job_done(j, PHX_OUT_DONE);
		return;
	}
	if (answer->err.kind != PHX_ERR_NONE) {
		if (phx_wait_hopeless(j, &answer->err))
			return;
		phx_wait_seen(j, &answer->err);
	} else {
		j->unreachable_since = 0;
		phx_buf_clear(&j->seen);
		phx_buf_printf(&j->seen, "%zu network cards, none with an address", json_array_size(cards));
	}
	phx_wait_again(j, 500, begin_network);
}

static void begin_network(struct phx_job *j)
{
	phx_job_get(j, phx_job_guest_path(j, j->a->is_vm ? "/agent/network-get-interfaces" : "/interfaces"),
		    NULL, network_read);
}

static void begin_state(struct phx_job *j);

static void state_read(struct phx_job *j, struct phx_answer *answer)
{
	struct phx_str status = phx_json_str(answer->data, "status");

	if (answer->err.kind == PHX_ERR_NONE && phx_str_eq(status, j->a->wait_what)) {
		phx_job_done(j, PHX_OUT_DONE);
		return;
	}
	if (answer->err.kind != PHX_ERR_NONE) {
		if (phx_wait_hopeless(j, &answer->err))
			return;
		phx_wait_seen(j, &answer->err);
	} else {
		j->unreachable_since = 0;
		phx_buf_clear(&j->seen);
		phx_buf_printf(&j->seen, "the guest is " PHX_STR_FMT, PHX_STR_ARG(status));
	}
	phx_wait_again(j, 500, begin_state);
}

static void begin_state(struct phx_job *j)
{
	phx_job_get(j, phx_job_guest_path(j, "/status/current"), NULL, state_read);
}

void phx_wait_begin(struct phx_job *j)
{
	j->wait_since = j->told_at = phx_now_ms();
	j->wait_until = j->wait_since + (j->a->timeout_ms ? j->a->timeout_ms : WAIT_MS);
	if (phx_str_eqc(j->a->wait_what, "agent"))
		begin_agent(j);
	else if (phx_str_eqc(j->a->wait_what, "cloud-init"))
		phx_cloud_init_begin(j);
	else if (phx_str_eqc(j->a->wait_what, "network"))
		begin_network(j);
	else if (phx_str_eqc(j->a->wait_what, "running") || phx_str_eqc(j->a->wait_what, "stopped"))
		begin_state(j);
	else
		PHX_BUG("a wait for `" PHX_STR_FMT "`", PHX_STR_ARG(j->a->wait_what));
}

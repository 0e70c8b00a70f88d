/* exec and exec-status: commands in guests follow a script. The seed's `exec` answers come first (regular expression over the words joined
 * by blanks), then a few commands that phx itself uses; anything else ends at once with status 0 and no output. */
#include <string.h>

#include "backend/sim/agent.h"
#include "backend/sim/guest.h"
#include "backend/sim/handlers.h"

static void join(const json_t *argv, struct phx_buf *out)
{
	json_t *v;
	size_t i;

	json_array_foreach(argv, i, v)
	{
		if (i > 0)
			phx_buf_ch(out, ' ');
		phx_buf_add(out, json_string_value(v), json_string_length(v));
	}
}

static json_t *scripted(struct phx_sim *s, json_t *g, const char *line)
{
	json_t *list = phx_sim_get(s, "meta", "exec"), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		int64_t vmid = phx_json_int(one, "vmid", 0);

		if ((vmid == 0 || vmid == phx_sim_guest_id(g)) &&
		    phx_sim_regex(phx_sim_so(one, "command", "^$"), line))
			return one;
	}
	return NULL;
}

/* What a command will have done: exit, out, err, and how long it takes. New reference. */
static json_t *outcome(struct phx_sim_request *r, json_t *g, const json_t *argv, const char *line,
		       int64_t *out_takes)
{
	json_t *script = scripted(r->sim, g, line), *run = json_object_get(g, "run");
	const char *first = json_string_value(json_array_get(argv, 0));
	int64_t ci = phx_json_int(run, "ci_until", 0) - phx_sim_now(r->sim);
	int64_t n = 0;

	*out_takes = 0;
	if (script != NULL) {
		*out_takes = (int64_t)(phx_json_num(script, "seconds", 0) * (double)PHX_SIM_SECOND);
		return json_deep_copy(script);
	}
	if (phx_sim_starts(line, "cloud-init status")) {
		if (strstr(line, "--wait") != NULL && ci > 0)
			*out_takes = ci;
		return json_pack("{s:i, s:s}", "exit", 0, "out",
				 ci > 0 && strstr(line, "--wait") == NULL ? "status: running\n"
									  : "status: done\n");
	}
	if (strcmp(first, "false") == 0)
		return json_pack("{s:i}", "exit", 1);
	if (strcmp(first, "sleep") == 0 &&
	    phx_parse_i64(phx_str_c(json_string_value(json_array_get(argv, 1))), &n))
		*out_takes = n * PHX_SIM_SECOND;
	if (strcmp(first, "cat") == 0 && json_array_size(argv) == 1 && phx_sim_p(r, "input-data") != NULL)
		return json_pack("{s:i, s:s}", "exit", 0, "out", phx_sim_p(r, "input-data"));
	return json_pack("{s:i}", "exit", 0);
}

static void ended(struct phx_sim *s, void *arg)
{
	(void)s;
	(void)arg; /* the moment itself is all: the clock must reach it */
}

void phx_sim_agent_exec(struct phx_sim_request *r)
{
	json_t *g = phx_sim_agent_of(r), *argv = json_object_get(r->p, "command"), *procs, *out;
	struct phx_buf line = {0};
	int64_t takes;
	int64_t pid;

	if (g == NULL)
		return;
	join(argv, &line);
	out = outcome(r, g, argv, line.ptr != NULL ? line.ptr : "", &takes);
	phx_buf_done(&line);
	if (phx_json_bool(out, "missing", false) ||
	    strchr(json_string_value(json_array_get(argv, 0)), ' ') != NULL ||
	    phx_sim_starts(json_string_value(json_array_get(argv, 0)), "/nonexistent")) {
		/* The agent's text has typographic quotes, which the proxy cannot pass on (346, 347, 820). */
		json_decref(out);
		r->status = 596;
		r->empty_body = true;
		phx_buf_c(&r->reason, "Broken pipe");
		return;
	}
	procs = json_object_get(g, "procs");
	if (procs == NULL) {
		procs = json_object();
		json_object_set_new(g, "procs", procs);
	}
	pid = phx_sim_meta_count(r->sim, "guest_pid", 400);
	phx_sim_set_int(out, "ends", phx_sim_now(r->sim) + takes);
	json_object_set_new(procs, phx_sim_fmt(&r->arena, "%lld", (long long)pid), out);
	phx_sim_guest_dirty(r->sim, g);
	if (takes > 0)
		(void)phx_sim_event_add(r->sim, takes, ended, NULL);
	phx_sim_ok(r, json_pack("{s:I}", "pid", (json_int_t)pid));
}

void phx_sim_agent_exec_status(struct phx_sim_request *r)
{
	json_t *g = phx_sim_agent_of(r), *p, *o;
	const char *id;

	if (g == NULL)
		return;
	id = phx_sim_fmt(&r->arena, "%lld", (long long)phx_sim_pi(r, "pid", 0));
	p = json_object_get(json_object_get(g, "procs"), id);
	if (p == NULL) {
		phx_sim_fail(r, 500, "Agent error: Invalid parameter 'pid'");
		return;
	}
	if (phx_sim_now(r->sim) < phx_json_int(p, "ends", 0)) {
		phx_sim_ok(r, json_pack("{s:i}", "exited", 0));
		return;
	}
	o = json_pack("{s:i}", "exited", 1);
	if (phx_json_int(p, "signal", 0) != 0)
		phx_sim_set_int(o, "signal", phx_json_int(p, "signal", 0));
	else
		phx_sim_set_int(o, "exitcode", phx_json_int(p, "exit", 0));
	if (json_string_length(json_object_get(p, "out")) > 0) {
		json_object_set(o, "out-data", json_object_get(p, "out"));
		phx_sim_set_int(o, "out-truncated", 0);
	}
	if (json_string_length(json_object_get(p, "err")) > 0) {
		json_object_set(o, "err-data", json_object_get(p, "err"));
		phx_sim_set_int(o, "err-truncated", 0);
	}
	json_object_del(json_object_get(g, "procs"), id); /* read once, gone */
	phx_sim_guest_dirty(r->sim, g);
	phx_sim_ok(r, o);
}

/* ---- net texts ---- */

const char *phx_sim_prop(struct phx_arena *a, const char *text, const char *key)
{
	struct phx_str rest = phx_str_c(text), one, name;

	while (phx_str_cut(&rest, ',', &one)) {
		(void)phx_str_cut(&one, '=', &name);
		if (phx_str_eqc(name, key) && one.ptr != NULL)
			return phx_sim_fmt(a, PHX_STR_FMT, PHX_STR_ARG(one));
	}
	return NULL;
}

static const char *lower_mac(struct phx_arena *a, const char *mac)
{
	char *out = PHX_NEW_N(a, char, strlen(mac) + 1);

	for (size_t i = 0; mac[i] != 0; i++)
		out[i] = (char)(mac[i] >= 'A' && mac[i] <= 'F' ? mac[i] + 32 : mac[i]);
	return out;
}

void phx_sim_net_parse(struct phx_arena *a, const char *net, struct phx_sim_net_facts *f)
{
	const char *mac = phx_sim_prop(a, net, "hwaddr"), *ip = phx_sim_prop(a, net, "ip"),
		   *eq = strchr(net, '='), *slash;

	*f = (struct phx_sim_net_facts){.name = phx_sim_prop(a, net, "name")};
	if (mac == NULL && eq != NULL)
		mac = phx_sim_fmt(a, "%.17s", eq + 1); /* model=MAC,… of a VM */
	f->mac = lower_mac(a, mac != NULL ? mac : "");
	if (ip == NULL || strcmp(ip, "dhcp") == 0 || strcmp(ip, "manual") == 0)
		return;
	slash = strchr(ip, '/');
	f->ip = ip;
	f->address = slash != NULL ? phx_sim_fmt(a, "%.*s", (int)(slash - ip), ip) : ip;
	f->prefix = slash != NULL ? slash + 1 : "32";
}

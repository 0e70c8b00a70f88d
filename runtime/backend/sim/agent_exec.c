/* exec and exec-status: commands in guests follow a script. The seed's `exec` answers come first (regular expression over the words joined
 * by blanks), then a few commands that phx itself uses; anything else ends at once with status 0 and no output. */
#include <stdio.h>
#include <string.h>

#include "backend/sim/agent.h"
#include "backend/sim/guest.h"
#include "backend/sim/handlers.h"
#include "backend/sim/wrapped.h"

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

/* `times`: it counts for so many commands, and then the next one that matches does. */
static bool is_used_up(struct phx_sim *s, json_t *one, bool use)
{
	int64_t times = phx_json_int(one, "times", 0), used = phx_json_int(one, "used", 0);

	if (times == 0)
		return false;
	if (used < times && use) {
		phx_sim_set_int(one, "used", used + 1);
		phx_sim_dirty(s, "meta", "exec");
	}
	return used >= times;
}

static json_t *scripted(struct phx_sim *s, json_t *g, const char *line, bool use)
{
	json_t *list = phx_sim_get(s, "meta", "exec"), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		int64_t vmid = phx_json_int(one, "vmid", 0);

		if ((vmid == 0 || vmid == phx_sim_guest_id(g)) &&
		    phx_sim_regex(phx_sim_so(one, "command", "^$"), line) && !is_used_up(s, one, use))
			return one;
	}
	return NULL;
}

/* cloud-init is a script even where there is a tree: nothing boots in it. */
static json_t *cloud_init(struct phx_sim *s, json_t *g, const char *line, int64_t *out_takes)
{
	int64_t left = phx_json_int(json_object_get(g, "run"), "ci_until", 0) - phx_sim_now(s);
	bool wait = strstr(line, "--wait") != NULL;

	if (!phx_sim_starts(line, "cloud-init status"))
		return NULL;
	if (wait && left > 0)
		*out_takes = left;
	return json_pack("{s:i, s:s}", "exit", 0, "out",
			 left > 0 && !wait ? "status: running\n" : "status: done\n");
}

static json_t *built_in(struct phx_sim *s, json_t *g, const json_t *argv, struct phx_str input,
			int64_t *out_takes)
{
	const char *first = json_string_value(json_array_get(argv, 0));
	json_t *wrapped = phx_sim_wrapped(s, g, input);
	int64_t n = 0;

	if (wrapped == NULL)
		wrapped = phx_sim_wrapped_piece(s, g, argv, input);
	if (wrapped != NULL)
		return wrapped;
	if (strcmp(first, "false") == 0)
		return json_pack("{s:i}", "exit", 1);
	if (strcmp(first, "sleep") == 0 &&
	    phx_parse_i64(phx_str_c(json_string_value(json_array_get(argv, 1))), &n))
		*out_takes = n * PHX_SIM_SECOND;
	if (strcmp(first, "cat") == 0 && json_array_size(argv) == 1 && input.ptr != NULL)
		return json_pack("{s:i, s:s%}", "exit", 0, "out", input.ptr, input.len);
	return json_pack("{s:i}", "exit", 0);
}

bool phx_sim_agent_scripted(struct phx_sim *s, json_t *g, const json_t *argv)
{
	struct phx_buf line = {0};
	bool yes;

	join(argv, &line);
	yes = scripted(s, g, line.ptr, false) != NULL || phx_sim_starts(line.ptr, "cloud-init status");
	phx_buf_done(&line);
	return yes;
}

json_t *phx_sim_agent_outcome(struct phx_sim *s, json_t *g, const json_t *argv, struct phx_str input,
			      int64_t *out_takes)
{
	struct phx_buf line = {0};
	json_t *script, *out;

	*out_takes = 0;
	join(argv, &line);
	phx_sim_wrapped_line(input, &line);
	script = scripted(s, g, line.ptr, true);
	if (script != NULL) {
		*out_takes = (int64_t)(phx_json_num(script, "seconds", 0) * (double)PHX_SIM_SECOND);
		out = phx_sim_wrapped_script(input, script);
	} else {
		out = cloud_init(s, g, line.ptr, out_takes);
	}
	if (out == NULL)
		out = built_in(s, g, argv, input, out_takes);
	phx_buf_done(&line);
	return out;
}

static void ended(struct phx_sim *s, void *arg)
{
	(void)s;
	(void)arg; /* the moment itself is all: the clock must reach it */
}

bool phx_sim_agent_start(struct phx_sim *s, json_t *g, const json_t *argv, struct phx_str input,
			 struct phx_sim_proc **out_proc, int64_t *out_number)
{
	const char *first = json_string_value(json_array_get(argv, 0));
	json_t *procs = json_object_get(g, "procs"), *out;
	char number[24];
	int64_t takes;

	*out_proc = NULL;
	if (phx_sim_has_trees(s) && !phx_sim_agent_scripted(s, g, argv)) {
		*out_proc = phx_sim_proc_exec(s, g, argv, input, PHX_SIM_AGENT_MAX);
		(*out_proc)->lingers = true;
		*out_number = (*out_proc)->number = phx_sim_meta_count(s, "guest_pid", 400);
		return true;
	}
	out = phx_sim_agent_outcome(s, g, argv, input, &takes);
	if (phx_json_bool(out, "missing", false) || strchr(first, ' ') != NULL ||
	    phx_sim_starts(first, "/nonexistent")) {
		json_decref(out);
		return false;
	}
	if (procs == NULL) {
		procs = json_object();
		json_object_set_new(g, "procs", procs);
	}
	*out_number = phx_sim_meta_count(s, "guest_pid", 400);
	phx_sim_set_int(out, "ends", phx_sim_now(s) + takes);
	(void)snprintf(number, sizeof(number), "%lld", (long long)*out_number);
	json_object_set_new(procs, number, out);
	phx_sim_guest_dirty(s, g);
	if (takes > 0)
		(void)phx_sim_event_add(s, takes, ended, NULL);
	return true;
}

/* The agent's text has typographic quotes, which the proxy cannot pass on (346, 347, 820). */
static void cannot_start(struct phx_sim_request *r)
{
	r->status = 596;
	r->empty_body = true;
	phx_buf_c(&r->reason, "Broken pipe");
}

/* A real one has started when its program runs: until then the request waits. */
static void answer_started(struct phx_sim_request *r, struct phx_sim_proc *p)
{
	if (p->state == PHX_SIM_PROC_WAITS || p->state == PHX_SIM_PROC_STARTS) {
		p->waiter = r;
		r->waiting = true;
		return;
	}
	p->waiter = NULL;
	if (p->state != PHX_SIM_PROC_FAILED) {
		phx_sim_ok(r, json_pack("{s:I}", "pid", (json_int_t)p->number));
		return;
	}
	if (p->why.len > 0)
		phx_sim_fail(r, 500, "Agent error: this guest's tree does not run: %s", p->why.ptr);
	else
		cannot_start(r);
	phx_sim_proc_free(r->sim, p);
}

void phx_sim_agent_exec(struct phx_sim_request *r)
{
	json_t *g, *argv = json_object_get(r->p, "command"), *input = json_object_get(r->p, "input-data");
	struct phx_str bytes = {json_string_value(input), json_string_length(input)};
	struct phx_sim_proc *p = NULL;
	int64_t number = 0;

	if (r->ctx != NULL) {
		p = phx_sim_proc_find(r->sim, phx_sim_pi(r, "vmid", 0), phx_json_int(r->ctx, "number", 0));
		if (p == NULL)
			phx_sim_fail(r, 500, "VM %lld is not running", (long long)phx_sim_pi(r, "vmid", 0));
		else
			answer_started(r, p);
		return;
	}
	g = phx_sim_agent_of(r);
	if (g == NULL)
		return;
	if (!phx_sim_agent_start(r->sim, g, argv, bytes, &p, &number)) {
		cannot_start(r);
		return;
	}
	if (p == NULL) {
		phx_sim_ok(r, json_pack("{s:I}", "pid", (json_int_t)number));
		return;
	}
	r->ctx = json_pack("{s:I}", "number", (json_int_t)number);
	answer_started(r, p);
}

static void put_output(json_t *o, const char *data, const char *truncated, json_t *stolen, bool cut)
{
	if (json_string_length(stolen) > 0) {
		json_object_set(o, data, stolen);
		phx_sim_set_int(o, truncated, cut);
	}
	json_decref(stolen);
}

json_t *phx_sim_agent_ended(const struct phx_sim_proc *p)
{
	json_t *o = json_pack("{s:i}", "exited", 1);

	phx_sim_set_int(o, p->signal != 0 ? "signal" : "exitcode", p->signal != 0 ? p->signal : p->exit);
	put_output(o, "out-data", "out-truncated", phx_sim_agent_text(phx_buf_view(&p->out)), p->out_cut);
	put_output(o, "err-data", "err-truncated", phx_sim_agent_text(phx_buf_view(&p->err)), p->err_cut);
	return o;
}

/* `out_size`: so many bytes of output; what the agent does not keep of them is cut (890). */
static json_t *big_output(const json_t *p, bool *out_cut)
{
	int64_t size = phx_json_int(p, "out_size", 0);
	struct phx_buf fill = {0};
	json_t *o;

	if (size <= 0)
		return json_incref(json_object_get(p, "out"));
	*out_cut = size > (int64_t)PHX_SIM_AGENT_MAX;
	phx_buf_fill(&fill, 'x', *out_cut ? PHX_SIM_AGENT_MAX : (size_t)size);
	o = json_stringn(fill.ptr, fill.len);
	phx_buf_done(&fill);
	return o;
}

json_t *phx_sim_agent_status(struct phx_sim *s, json_t *g, int64_t number)
{
	struct phx_sim_proc *real = phx_sim_proc_find(s, phx_sim_guest_id(g), number);
	bool cut = false;
	char id[24];
	json_t *p, *o;

	if (real != NULL && real->state < PHX_SIM_PROC_ENDED)
		return json_pack("{s:i}", "exited", 0);
	if (real != NULL) {
		o = phx_sim_agent_ended(real);
		phx_sim_proc_free(s, real);
		return o;
	}
	(void)snprintf(id, sizeof(id), "%lld", (long long)number);
	p = json_object_get(json_object_get(g, "procs"), id);
	if (p == NULL)
		return NULL;
	if (phx_sim_now(s) < phx_json_int(p, "ends", 0))
		return json_pack("{s:i}", "exited", 0);
	o = json_pack("{s:i}", "exited", 1);
	if (phx_json_int(p, "signal", 0) != 0)
		phx_sim_set_int(o, "signal", phx_json_int(p, "signal", 0));
	else
		phx_sim_set_int(o, "exitcode", phx_json_int(p, "exit", 0));
	put_output(o, "out-data", "out-truncated", big_output(p, &cut), cut);
	put_output(o, "err-data", "err-truncated", json_incref(json_object_get(p, "err")), false);
	json_object_del(json_object_get(g, "procs"), id); /* read once, gone */
	phx_sim_guest_dirty(s, g);
	return o;
}

void phx_sim_agent_exec_status(struct phx_sim_request *r)
{
	json_t *g = phx_sim_agent_of(r), *o;

	if (g == NULL)
		return;
	o = phx_sim_agent_status(r->sim, g, phx_sim_pi(r, "pid", 0));
	if (o == NULL)
		phx_sim_fail(r, 500, "Agent error: Invalid parameter 'pid'");
	else
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

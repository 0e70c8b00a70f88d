/* The private paths: what a root shell on a node can do, and the clock. Only for the token that came with the directory. */
#include "backend/sim/host.h"

#include <string.h>

#include "backend/sim/agent.h"
#include "backend/sim/guest.h"
#include "backend/sim/handlers.h"
#include "backend/sim/host_shell.h"
#include "backend/sim/jobs.h"
#include "backend/sim/power.h"
#include "backend/sim/vm.h"

void phx_sim_shell_complain(struct phx_sim_shell *sh, int status, const char *text)
{
	phx_buf_printf(&sh->err, "%s\n", text);
	sh->exit = status;
}

static json_t *guest_arg(struct phx_sim_shell *sh, const char *kind, size_t at)
{
	int64_t vmid = 0;
	json_t *g = sh->argc > at && phx_parse_i64(phx_str_c(sh->argv[at]), &vmid)
			    ? phx_sim_guest(sh->r->sim, vmid)
			    : NULL;

	if (g == NULL || strcmp(phx_sim_guest_kind(g), kind) != 0) {
		phx_sim_shell_complain(
			sh, 2,
			phx_sim_fmt(&sh->r->arena,
				    "Configuration file 'nodes/%s/%s/%lld.conf' does not exist",
				    json_object_iter_key(json_object_iter(phx_sim_all(sh->r->sim, "node"))),
				    strcmp(kind, "lxc") == 0 ? "lxc" : "qemu-server", (long long)vmid));
		return NULL;
	}
	return g;
}

static void unlock(struct phx_sim_shell *sh, json_t *g)
{
	phx_sim_conf_set(sh->r->sim, g, "lock", NULL);
}

static void config(struct phx_sim_shell *sh, json_t *g)
{
	const char **keys = phx_sim_sorted_keys(&sh->r->arena, phx_sim_conf(g));

	for (size_t i = 0; keys[i] != NULL; i++) {
		struct phx_buf text = {0};

		phx_buf_c(&text, phx_sim_conf_get(g, keys[i]));
		if (strcmp(keys[i], "description") == 0) {
			struct phx_buf coded = {0};

			phx_buf_percent(&coded, phx_buf_view(&text));
			phx_buf_printf(&sh->out, "description: %s\n", coded.ptr);
			phx_buf_done(&coded);
		} else {
			phx_buf_printf(&sh->out, "%s: %s\n", keys[i], text.ptr != NULL ? text.ptr : "");
		}
		phx_buf_done(&text);
	}
}

static void status(struct phx_sim_shell *sh, json_t *g)
{
	phx_buf_printf(&sh->out, "status: %s\n", phx_sim_guest_running(g) ? "running" : "stopped");
}

static bool has_flag(const struct phx_sim_shell *sh, const char *name)
{
	for (size_t i = 2; i < sh->argc; i++)
		if (strcmp(sh->argv[i], name) == 0)
			return i + 1 >= sh->argc || strcmp(sh->argv[i + 1], "0") != 0;
	return false;
}

/* With the power of root: locks do not keep it from the leftovers of a dead task once they are off. */
static void destroy(struct phx_sim_shell *sh, json_t *g)
{
	struct phx_buf why = {0};
	int64_t vmid = phx_sim_guest_id(g);

	if (phx_sim_conf_get(g, "lock") != NULL)
		phx_sim_shell_complain(sh, 255,
				       phx_sim_fmt(&sh->r->arena, "%s is locked (%s)", phx_sim_guest_word(g),
						   phx_sim_conf_get(g, "lock")));
	else if (phx_sim_guest_running(g))
		phx_sim_shell_complain(sh, 255,
				       phx_sim_fmt(&sh->r->arena, "%s %lld is running - destroy failed",
						   phx_sim_guest_word(g), (long long)vmid));
	else if (phx_sim_lock_busy(sh->r->sim, NULL, vmid))
		phx_sim_shell_complain(sh, 255, "can't lock file - got timeout");
	else if (!phx_sim_guest_free_volumes(sh->r->sim, g, &why))
		phx_sim_shell_complain(sh, 255, why.ptr);
	else {
		if (has_flag(sh, "--destroy-unreferenced-disks"))
			phx_sim_vol_free_owned(sh->r->sim, phx_sim_guest_node(g), vmid);
		phx_sim_firewall_remove(sh->r->sim, phx_sim_guest_kind(g), vmid);
		phx_sim_vm_pool_remove(sh->r->sim, vmid);
		phx_sim_guest_remove(sh->r->sim, vmid);
	}
	phx_buf_done(&why);
}

static void stop(struct phx_sim_shell *sh, json_t *g)
{
	if (phx_sim_guest_running(g))
		phx_sim_guest_power_off(sh->r->sim, g);
}

static void start(struct phx_sim_shell *sh, json_t *g)
{
	if (phx_sim_guest_running(g))
		phx_sim_shell_complain(sh, 255,
				       phx_sim_fmt(&sh->r->arena, "%s %lld already running",
						   phx_sim_guest_word(g), (long long)phx_sim_guest_id(g)));
	else
		phx_sim_job_start_system(sh->r->sim, g);
}

static void list(struct phx_sim_shell *sh, const char *kind)
{
	const char *id;
	json_t *g;

	phx_buf_c(&sh->out, "      VMID NAME                 STATUS\n");
	json_object_foreach(phx_sim_all(sh->r->sim, "guest"), id, g)
	{
		if (strcmp(phx_sim_guest_kind(g), kind) == 0)
			phx_buf_printf(&sh->out, "%10s %-20s %s\n", id, phx_sim_guest_name(&sh->r->arena, g),
				       phx_sim_guest_running(g) ? "running" : "stopped");
	}
}

static void form_pair(struct phx_buf *form, const char *name, const char *value)
{
	if (form->len > 0)
		phx_buf_ch(form, '&');
	phx_buf_percent(form, phx_str_c(name));
	phx_buf_ch(form, '=');
	phx_buf_percent(form, phx_str_c(value));
}

static void say_errors(struct phx_sim_shell *sh, const struct phx_sim_request *r)
{
	const char *name;
	json_t *text;

	phx_buf_printf(&sh->err, PHX_STR_FMT, PHX_STR_ARG(phx_buf_view(&r->message)));
	json_object_foreach(r->errors, name, text)
	{
		phx_buf_printf(&sh->err, "%s: %s\n", name, json_string_value(text));
	}
	sh->exit = 255;
}

/* `qm set ID --KEY VALUE …`, `pct set …`: what the API's configuration call does, with root's rights. */
static void set(struct phx_sim_shell *sh, json_t *g)
{
	struct phx_sim_request r = {.sim = sh->r->sim,
				    .method = "PUT",
				    .content_type = "application/x-www-form-urlencoded",
				    .total = -1};

	r.path = phx_sim_fmt(&r.arena, "/nodes/%s/%s/%lld/config", phx_sim_guest_node(g),
			     phx_sim_guest_kind(g), (long long)phx_sim_guest_id(g));
	for (size_t i = 3; i + 1 < sh->argc; i += 2) {
		const char *name = sh->argv[i];

		while (name[0] == '-')
			name++;
		form_pair(&r.body, name, sh->argv[i + 1]);
	}
	phx_sim_call_as_root(&r);
	if (r.status != 200)
		say_errors(sh, &r);
	phx_sim_request_done(&r);
}

static void guest_tool(struct phx_sim_shell *sh, const char *kind)
{
	static const struct {
		const char *name;
		void (*run)(struct phx_sim_shell *sh, json_t *g);
		const char *only; /* of one kind of guest */
	} verbs[] = {{"unlock", unlock, NULL},
		     {"config", config, NULL},
		     {"status", status, NULL},
		     {"destroy", destroy, NULL},
		     {"stop", stop, NULL},
		     {"start", start, NULL},
		     {"set", set, NULL},
		     {"exec", phx_sim_host_pct_exec, "lxc"},
		     {"push", phx_sim_host_pct_push, "lxc"},
		     {"pull", phx_sim_host_pct_pull, "lxc"},
		     {"agent", phx_sim_host_qm_agent, "qemu"},
		     {"guest", phx_sim_host_qm_guest, "qemu"}};
	const char *verb = sh->argc > 1 ? sh->argv[1] : "";
	json_t *g;

	if (strcmp(verb, "list") == 0) {
		list(sh, kind);
		return;
	}
	for (size_t i = 0; i < PHX_COUNTOF(verbs); i++)
		if (strcmp(verbs[i].name, verb) == 0 &&
		    (verbs[i].only == NULL || strcmp(verbs[i].only, kind) == 0)) {
			g = guest_arg(sh, kind, strcmp(verb, "guest") == 0 ? 3 : 2);
			if (g != NULL)
				verbs[i].run(sh, g);
			return;
		}
	phx_sim_shell_complain(
		sh, 255, phx_sim_fmt(&sh->r->arena, "ERROR: unknown command '%s %s'", sh->argv[0], verb));
}

/* cat /etc/pve/…/ID.conf, and files that the seed gives the host. */
static void cat(struct phx_sim_shell *sh)
{
	const char *path = sh->argc > 1 ? sh->argv[1] : "", *slash = strrchr(path, '/');
	struct phx_str name = phx_str_c(slash != NULL ? slash + 1 : "");
	int64_t vmid = 0;
	json_t *g = NULL;

	if (phx_sim_starts(path, "/etc/pve/") && phx_str_ends(name, ".conf") &&
	    phx_parse_i64((struct phx_str){name.ptr, name.len - 5}, &vmid))
		g = phx_sim_guest(sh->r->sim, vmid);
	if (g != NULL && strstr(path, phx_sim_guest_is_vm(g) ? "/qemu-server/" : "/lxc/") != NULL)
		config(sh, g);
	else
		phx_sim_shell_complain(
			sh, 1, phx_sim_fmt(&sh->r->arena, "cat: %s: No such file or directory", path));
}

static bool trusted(struct phx_sim_request *r)
{
	const char *auth = r->authorization;

	return auth != NULL && strncmp(auth, "PVEAPIToken=", 12) == 0 &&
	       strcmp(auth + 12, r->sim->token.ptr) == 0;
}

/* Text as it is; what JSON has no text for goes in base64 beside an empty one. */
static void put_bytes(json_t *o, const char *name, const char *coded_name, struct phx_str bytes)
{
	json_t *text = NULL;
	struct phx_buf coded = {0};

	if (bytes.len == 0 || memchr(bytes.ptr, 0, bytes.len) == NULL)
		text = json_stringn(bytes.ptr != NULL ? bytes.ptr : "", bytes.len);
	if (text == NULL) {
		phx_buf_base64(&coded, bytes);
		json_object_set_new(o, coded_name, json_stringn(coded.ptr, coded.len));
		text = json_string("");
		phx_buf_done(&coded);
	}
	json_object_set_new(o, name, text);
}

static void answer(struct phx_sim_shell *sh)
{
	json_t *o, *words;

	if (sh->later)
		return;
	words = json_array();
	for (size_t i = 0; i < sh->argc; i++)
		json_array_append_new(words, json_string(sh->argv[i]));
	phx_sim_log(sh->r->sim, "host", json_pack("{s:o, s:i}", "argv", words, "exit", sh->exit));
	o = json_pack("{s:i}", "exit", sh->exit);
	put_bytes(o, "stdout", "stdout_base64", phx_buf_view(&sh->out));
	put_bytes(o, "stderr", "stderr_base64", phx_buf_view(&sh->err));
	phx_sim_ok(sh->r, o);
}

/* Really run where that may be; else it follows the seed's script (`vmid: 0`), and by default does nothing well. */
static void shell_script(struct phx_sim_shell *sh)
{
	json_t *v, *list = phx_sim_get(sh->r->sim, "meta", "exec");
	size_t i;

	if (phx_sim_host_shell(sh->r->sim, sh->node, sh->argv, sh->input, &sh->out, &sh->err, &sh->exit))
		return;
	json_array_foreach(list, i, v)
	{
		if (phx_json_int(v, "vmid", -1) == 0 &&
		    phx_sim_regex(phx_sim_so(v, "command", "^$"), sh->argv[sh->argc - 1]))
			sh->exit = (int)phx_json_int(v, "exit", 0);
	}
}

static void run(struct phx_sim_shell *sh)
{
	if (strcmp(sh->argv[0], "qm") == 0)
		guest_tool(sh, "qemu");
	else if (strcmp(sh->argv[0], "pct") == 0)
		guest_tool(sh, "lxc");
	else if (strcmp(sh->argv[0], "cat") == 0)
		cat(sh);
	else if (strcmp(sh->argv[0], "/bin/sh") == 0)
		shell_script(sh);
	else if (strcmp(sh->argv[0], "true") != 0)
		phx_sim_shell_complain(sh, 127,
				       phx_sim_fmt(&sh->r->arena, "%s: command not found", sh->argv[0]));
}

static void host(struct phx_sim_request *r, const json_t *body)
{
	struct phx_sim_shell sh = {.r = r};
	struct phx_buf input = {0};
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(body, "argv"), i, v)
	{
		if (sh.argc + 1 < PHX_COUNTOF(sh.argv) && json_is_string(v))
			sh.argv[sh.argc++] = json_string_value(v);
	}
	if (sh.argc == 0) {
		phx_sim_fail_param(r, "argv", "a list of words is expected");
		return;
	}
	if (!phx_buf_unbase64(&input, phx_json_str(body, "input"))) {
		phx_sim_fail_param(r, "input", "base64 is expected");
		return;
	}
	sh.input = phx_buf_view(&input);
	sh.streams = phx_json_bool(body, "stream", false);
	sh.node =
		phx_sim_so(body, "node", json_object_iter_key(json_object_iter(phx_sim_all(r->sim, "node"))));
	run(&sh);
	answer(&sh);
	phx_buf_done(&input);
	phx_buf_done(&sh.out);
	phx_buf_done(&sh.err);
}

static void host_again(struct phx_sim_request *r)
{
	struct phx_sim_shell sh = {.r = r};
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(r->ctx, "argv"), i, v)
	{
		sh.argv[sh.argc++] = json_string_value(v);
	}
	phx_sim_host_resume(&sh);
	answer(&sh);
	phx_buf_done(&sh.out);
	phx_buf_done(&sh.err);
}

static int64_t running(const struct phx_sim *s)
{
	int64_t n = 0;

	for (struct phx_sim_worker *w = s->workers; w != NULL; w = w->next)
		n++;
	return n;
}

static void clock_move(struct phx_sim_request *r, const json_t *body)
{
	struct phx_sim *s = r->sim;
	const char *task = phx_sim_s(body, "task");
	int64_t next;

	if (json_object_get(body, "advance") != NULL)
		phx_sim_clock_advance(s, phx_sim_now(s) + (int64_t)(phx_json_num(body, "advance", 0) *
								    (double)PHX_SIM_SECOND));
	if (json_object_get(body, "until") != NULL)
		phx_sim_clock_advance(s, phx_json_int(body, "until", 0) * PHX_SIM_SECOND);
	while (task != NULL && phx_sim_task_worker(s, task) != NULL && phx_sim_clock_next(s, &next))
		phx_sim_clock_advance(s, next);
}

static void clock_answer(struct phx_sim_request *r)
{
	int64_t next;
	json_t *o = json_pack("{s:f, s:n, s:I}", "now", (double)phx_sim_now(r->sim) / (double)PHX_SIM_SECOND,
			      "next", "running", (json_int_t)running(r->sim));

	if (phx_sim_clock_next(r->sim, &next))
		json_object_set_new(o, "next", json_real((double)next / (double)PHX_SIM_SECOND));
	phx_sim_ok(r, o);
}

/* {"vmid": 100, "set": {"lock": "backup"}, "remove": ["lock"], "volumes": {"free": [volid]}}: what happens to a cluster behind the API's back. */
static void tamper(struct phx_sim_request *r, const json_t *body)
{
	json_t *g = phx_sim_guest(r->sim, phx_json_int(body, "vmid", 0)), *v;
	struct phx_buf ignored = {0};
	const char *key;
	size_t i;

	if (g != NULL) {
		if (json_object_get(body, "agent_back_s") != NULL)
			phx_sim_set_int(g, "agent_back",
					phx_sim_now(r->sim) +
						phx_json_int(body, "agent_back_s", 0) * PHX_SIM_SECOND);
		json_object_foreach(json_object_get(body, "set"), key, v)
		{
			phx_sim_set(phx_sim_conf(g), key, json_string_value(v));
		}
		if (json_object_get(body, "files") != NULL)
			json_object_update(phx_sim_guest_files(g), json_object_get(body, "files"));
		if (json_object_get(body, "os") != NULL)
			phx_sim_guest_os_change(r->sim, g, json_object_get(body, "os"));
		json_array_foreach(json_object_get(body, "remove"), i, v)
		{
			json_object_del(phx_sim_conf(g), json_string_value(v));
		}
		if (json_object_get(body, "running") != NULL) {
			if (phx_json_bool(body, "running", false))
				phx_sim_guest_power_on(r->sim, g);
			else
				phx_sim_guest_power_off(r->sim, g);
		}
		phx_sim_guest_dirty(r->sim, g);
	}
	json_array_foreach(json_object_get(body, "free"), i, v)
	{
		(void)phx_sim_vol_free(r->sim,
				       json_object_iter_key(json_object_iter(phx_sim_all(r->sim, "node"))),
				       json_string_value(v), &ignored);
	}
	if (json_object_get(body, "power_loss") != NULL)
		phx_sim_power_loss(r->sim, phx_sim_s(body, "power_loss"));
	json_object_foreach(json_object_get(body, "put"), key, v)
	{
		const char *id;
		json_t *doc;

		json_object_foreach(v, id, doc)
		{
			phx_sim_put(r->sim, key, id, json_deep_copy(doc));
		}
	}
	phx_buf_done(&ignored);
	phx_sim_ok(r, NULL);
}

void phx_sim_private_path(struct phx_sim_request *r)
{
	json_t *body = NULL;

	if (r->ctx != NULL) {
		host_again(r);
		return;
	}
	if (r->body.len > 0)
		body = json_loadb(r->body.ptr, r->body.len, 0, NULL);
	if (!trusted(r)) {
		r->status = 401;
		r->empty_body = true;
		phx_buf_c(&r->reason, "No ticket");
	} else if (strcmp(r->path, "/sim/host") == 0 && strcmp(r->method, "POST") == 0) {
		host(r, body);
	} else if (strcmp(r->path, "/sim/clock") == 0) {
		if (strcmp(r->method, "POST") == 0)
			clock_move(r, body);
		clock_answer(r);
	} else if (strcmp(r->path, "/sim/tamper") == 0 && strcmp(r->method, "POST") == 0) {
		tamper(r, body);
	} else {
		phx_sim_fail(r, 501, "Method '%s %s' not implemented", r->method, r->path);
	}
	json_decref(body);
}

#include "fake_pve.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/errors.h"
#include "base/sys.h"

struct fake_guest *fake_pve_guest(struct fake_pve *f, uint64_t id)
{
	for (uint32_t i = 0; i < f->nguests; i++) {
		if (f->guests[i].id == id && f->guests[i].config)
			return &f->guests[i];
	}
	return NULL;
}

struct fake_guest *fake_pve_add(struct fake_pve *f, uint64_t id, bool is_vm)
{
	struct fake_guest *g = NULL;
	uint32_t made = 0;

	for (uint32_t i = 0; i < f->nguests; i++) {
		if (f->guests[i].id == id)
			g = &f->guests[i];
	}
	if (!g && f->nguests == FAKE_GUESTS)
		abort();
	if (!g)
		g = &f->guests[f->nguests++];
	else
		made = g->made;
	*g = (struct fake_guest){.id = id, .is_vm = is_vm, .config = json_object(), .made = made + 1};
	return g;
}

static void end_task(struct fake_pve *f, struct fake_task *t)
{
	struct fake_guest *g = fake_pve_guest(f, t->guest);

	t->over = true;
	f->at_work--;
	if (strcmp(t->exit, "OK") == 0 && g && t->effect)
		t->effect(g);
	if (strcmp(t->exit, "OK") != 0 && g && strcmp(g->lock, "create") == 0) {
		json_decref(g->config); /* what failed to be made is cleaned up */
		g->config = NULL;
	}
}

static void end_tasks(struct fake_pve *f)
{
	uint64_t now = phx_now_ms();

	for (uint32_t i = 0; i < f->ntasks; i++) {
		if (!f->tasks[i].over && f->tasks[i].ends_at <= now)
			end_task(f, &f->tasks[i]);
	}
}

static void power_loss(struct fake_pve *f)
{
	for (uint32_t i = 0; i < f->ntasks; i++) {
		f->at_work -= !f->tasks[i].over;
		f->tasks[i].over = f->tasks[i].forgotten = true;
	}
	for (uint32_t i = 0; i < f->nguests; i++)
		f->guests[i].running = false;
}

static struct fake_task *new_task(struct fake_pve *f, const char *type, uint64_t id, uint64_t guest,
				  void (*effect)(struct fake_guest *g))
{
	struct fake_task *t = &f->tasks[f->ntasks];

	if (f->ntasks == FAKE_TASKS)
		abort();
	for (uint32_t i = 0; i < f->ntasks; i++)
		f->collisions += !f->tasks[i].over && f->tasks[i].guest == guest;
	*t = (struct fake_task){
		.id = id, .guest = guest, .ends_at = phx_now_ms() + f->task_ms, .effect = effect};
	snprintf(t->type, sizeof(t->type), "%s", type);
	snprintf(t->exit, sizeof(t->exit), "OK");
	snprintf(t->upid, sizeof(t->upid),
		 "UPID:pve:%08X:00000001:6B000000:%s:%llu:root@pam!phx:", f->ntasks + 1, type,
		 (unsigned long long)id);
	f->ntasks++;
	if (++f->at_work > f->most_at_once)
		f->most_at_once = f->at_work;
	return t;
}

struct reply {
	json_t *data;
	struct fake_task *task;
	int status;
	char text[200];
};

PHX_PRINTF(2, 3) static void refuse(struct reply *r, const char *fmt, ...)
{
	va_list args;

	r->status = 500;
	va_start(args, fmt);
	vsnprintf(r->text, sizeof(r->text), fmt, args);
	va_end(args);
}

static const char *param(const struct pending *p, const char *name)
{
	for (uint32_t i = 0; i < p->params.v.n; i++) {
		if (phx_str_eqc(p->params.v.v[i].name, name))
			return p->params.v.v[i].value.ptr;
	}
	return NULL;
}

static uint64_t number(const char *s)
{
	uint64_t n = 0;

	return s && phx_parse_u64(phx_str_c(s), &n) ? n : 0;
}

static void set_config(struct fake_pve *f, struct fake_guest *g, const struct pending *p)
{
	for (uint32_t i = 0; i < p->params.v.n; i++) {
		const char *name = p->params.v.v[i].name.ptr, *value = p->params.v.v[i].value.ptr;

		if (strcmp(name, "delete") == 0)
			json_object_del(g->config, value);
		else if (strcmp(name, "vmid") && strcmp(name, "newid") && strcmp(name, "full") &&
			 strcmp(name, "digest") && strcmp(name, "pool"))
			json_object_set_new(
				g->config, name,
				json_string(f->wrong && strcmp(name, f->wrong) == 0 ? "99" : value));
	}
}

static void made(struct fake_guest *g)
{
	g->lock[0] = 0;
	json_object_del(g->config, "lock");
}

static void started(struct fake_guest *g)
{
	g->running = true;
	g->started_at = phx_now_ms();
}

static void stopped(struct fake_guest *g)
{
	g->running = false;
}

static void templated(struct fake_guest *g)
{
	json_object_set_new(g->config, "template", json_integer(1));
	g->template = true;
}

static void destroyed(struct fake_guest *g)
{
	json_decref(g->config);
	g->config = NULL;
}

static void create(struct fake_pve *f, const struct pending *p, bool vm, uint64_t source, struct reply *r)
{
	uint64_t id = number(param(p, source ? "newid" : "vmid"));
	struct fake_guest *g = fake_pve_guest(f, id);

	if (g) {
		refuse(r, "unable to create VM %llu: config file already exists", (unsigned long long)id);
		return;
	}
	g = fake_pve_add(f, id, vm);
	snprintf(g->lock, sizeof(g->lock), "create");
	set_config(f, g, p);
	json_object_set_new(g->config, "lock", json_string(source ? "clone" : "create"));
	r->task = new_task(f,
			   source ? (vm ? "qmclone" : "vzclone")
			   : vm   ? "qmcreate"
				  : "vzcreate",
			   source ? source : id, id, made);
}

static void change_state(struct fake_pve *f, struct fake_guest *g, const char *what, struct reply *r)
{
	char type[24];

	snprintf(type, sizeof(type), "%s%s", g->is_vm ? "qm" : "vz", what);
	if (strcmp(what, "start") == 0 && g->running && !g->is_vm)
		refuse(r, "CT %llu already running", (unsigned long long)g->id);
	else
		r->task = new_task(f, type, g->id, g->id, strcmp(what, "start") == 0 ? started : stopped);
	if (r->task && strcmp(what, "start") == 0 && g->running)
		snprintf(r->task->exit, sizeof(r->task->exit), "VM %llu already running",
			 (unsigned long long)g->id);
}

static json_t *agent_info(struct fake_pve *f, struct fake_guest *g, const char *what, struct reply *r)
{
	bool up = g->running && !f->agent_never && phx_now_ms() >= g->started_at + f->agent_ms;

	if (strcmp(what, "info") == 0 && f->agent_info_unknown) {
		refuse(r, "Method 'GET /agent/info' not implemented");
		r->status = 501;
	} else if (!g->running) {
		refuse(r, "VM %llu is not running", (unsigned long long)g->id);
	} else if (!up) {
		refuse(r, "QEMU guest agent is not running");
	} else if (strcmp(what, "exec") == 0) {
		return json_pack("{s:i}", "pid", 1);
	} else if (strcmp(what, "exec-status") == 0) {
		return json_pack("{s:i,s:i,s:s}", "exited", 1, "exitcode", f->cloud_init_exit, "out-data",
				 "status: done\ndetail: x\n");
	}
	return r->status ? NULL : json_pack("{s:{}}", "result");
}

static json_t *rules_data(struct fake_pve *f)
{
	json_t *list = json_deep_copy(f->rules), *rule;
	char digest[48];
	size_t i;

	snprintf(digest, sizeof(digest), "%040u", f->rules_version);
	json_array_foreach(list, i, rule) json_object_set_new(rule, "digest", json_string(digest));
	return list;
}

static void firewall(struct fake_pve *f, const struct pending *p, const char *rest, struct reply *r)
{
	if (p->r.method == PHX_GET) {
		r->data = rules_data(f);
		return;
	}
	f->rules_version++;
	if (p->r.method == PHX_POST)
		json_array_insert_new(f->rules, 0, json_pack("{s:s}", "dport", param(p, "dport")));
	else if (p->r.method == PHX_DELETE)
		json_array_remove(f->rules, number(rest));
}

static void guest_call(struct fake_pve *f, const struct pending *p, bool vm, uint64_t id, const char *what,
		       struct reply *r)
{
	struct fake_guest *g = fake_pve_guest(f, id);
	enum phx_method m = p->r.method;

	if (!g || g->is_vm != vm) {
		refuse(r, "Configuration file 'nodes/pve/%s/%llu.conf' does not exist",
		       vm ? "qemu-server" : "lxc", (unsigned long long)id);
	} else if (strcmp(what, "config") == 0 && m == PHX_GET) {
		r->data = json_deep_copy(g->config);
	} else if (strcmp(what, "config") == 0) {
		set_config(f, g, p);
	} else if (strcmp(what, "clone") == 0) {
		create(f, p, vm, id, r);
	} else if (strcmp(what, "status/current") == 0) {
		r->data = json_pack("{s:s,s:i}", "status", g->running ? "running" : "stopped", "uptime", 5);
	} else if (strncmp(what, "status/", 7) == 0) {
		change_state(f, g, what + 7, r);
	} else if (strcmp(what, "template") == 0) {
		struct fake_task *t = new_task(f, vm ? "qmtemplate" : "vztemplate", id, id, templated);

		r->task = vm ? t : NULL;
	} else if (strncmp(what, "agent/", 6) == 0) {
		r->data = agent_info(f, g, what + 6, r);
	} else if (strncmp(what, "firewall/rules", 14) == 0) {
		firewall(f, p, what[14] ? what + 15 : "", r);
	} else if (*what == 0 && m == PHX_DELETE) {
		r->task = new_task(f, vm ? "qmdestroy" : "vzdestroy", id, id, destroyed);
	} else {
		refuse(r, "Method not implemented");
	}
}

static json_t *task_object(const struct fake_task *t)
{
	return json_pack("{s:s,s:s,s:s*,s:s*}", "upid", t->upid, "type", t->type, "endtime",
			 t->over ? "1" : NULL, "status", t->over ? t->exit : NULL);
}

static void task_call(struct fake_pve *f, const struct pending *p, const char *rest, struct reply *r)
{
	const char *source = param(p, "source"), *vmid = param(p, "vmid");
	struct phx_buf upid = {0};
	const char *slash = strchr(rest, '/');

	if (*rest == 0) {
		r->data = json_array();
		for (uint32_t i = f->ntasks; i-- > 0;) {
			const struct fake_task *t = &f->tasks[i];

			if (t->forgotten || (vmid && number(vmid) != t->id) ||
			    (source && strcmp(source, "active") == 0 && t->over))
				continue;
			json_array_append_new(r->data, task_object(t));
		}
		return;
	}
	phx_buf_unpercent(&upid, (struct phx_str){rest + 0, slash ? (size_t)(slash - rest) : strlen(rest)});
	r->status = 400;
	snprintf(r->text, sizeof(r->text), "no such task");
	for (uint32_t i = 0; i < f->ntasks; i++) {
		const struct fake_task *t = &f->tasks[i];

		if (strcmp(t->upid, upid.ptr) != 0 || t->forgotten)
			continue;
		r->status = 0;
		r->data = slash && strcmp(slash, "/log") == 0 && f->log_stands_still && param(p, "start")
				  ? json_array()
			  : slash && strcmp(slash, "/log") == 0
				  ? json_pack("[{s:i,s:s},{s:i,s:s}]", "n", 1, "t", "working", "n", 2, "t",
					      t->over ? t->exit : "more")
			  : t->over ? json_pack("{s:s,s:s}", "status", "stopped", "exitstatus", t->exit)
				    : json_pack("{s:s}", "status", "running");
	}
	phx_buf_done(&upid);
}

static void pool_call(struct fake_pve *f, const struct pending *p, const char *name, struct reply *r)
{
	const char *id = *name ? name : param(p, "poolid");
	json_t *comment = json_object_get(f->pools, id);

	if (p->r.method == PHX_POST && comment) {
		refuse(r, "create pool failed: pool '%.80s' already exists", id);
	} else if (p->r.method == PHX_POST) {
		json_object_set_new(f->pools, id, json_string(param(p, "comment")));
	} else if (!comment) {
		refuse(r, "pool '%.80s' does not exist", id);
	} else if (p->r.method == PHX_DELETE) {
		json_object_del(f->pools, id);
	} else {
		r->data = json_pack("{s:O,s:[]}", "comment", comment, "members");
	}
}

static void act(struct fake_pve *f, const struct pending *p, struct reply *r)
{
	char path[600], *id_end;
	unsigned long long id;
	bool vm;

	snprintf(path, sizeof(path), PHX_STR_FMT, PHX_STR_ARG(p->r.path));
	if (strncmp(path, "/pools", 6) == 0) {
		pool_call(f, p, path[6] ? path + 7 : "", r);
	} else if (strncmp(path, "/nodes/pve/tasks", 16) == 0) {
		task_call(f, p, path[16] ? path + 17 : "", r);
	} else if (strcmp(path, "/nodes/pve/qemu") == 0 || strcmp(path, "/nodes/pve/lxc") == 0) {
		create(f, p, path[11] == 'q', 0, r);
	} else if (strncmp(path, "/nodes/pve/qemu/", 16) == 0 || strncmp(path, "/nodes/pve/lxc/", 15) == 0) {
		vm = path[11] == 'q';
		id = strtoull(path + (vm ? 16 : 15), &id_end, 10);
		guest_call(f, p, vm, id, *id_end ? id_end + 1 : "", r);
	} else {
		refuse(r, "no such path");
	}
}

static void keep_log(struct fake_pve *f, const struct pending *p)
{
	struct phx_buf line = {0};

	phx_buf_printf(&line, "%s " PHX_STR_FMT " ", phx_method_name(p->r.method), PHX_STR_ARG(p->r.path));
	for (uint32_t i = 0; i < p->params.v.n; i++)
		phx_buf_printf(&line, "%s" PHX_STR_FMT "=" PHX_STR_FMT, i ? "&" : "",
			       PHX_STR_ARG(p->params.v.v[i].name), PHX_STR_ARG(p->params.v.v[i].value));
	if (f->nlog < FAKE_LOG)
		f->log[f->nlog++] = line.ptr;
	else
		phx_buf_done(&line);
}

static void answer_error(struct phx_answer *a, enum phx_err_kind kind, const char *text)
{
	phx_err_set(&a->err, kind, "%s", text);
}

static void spoil(struct fake_pve *f, struct reply *r, enum fake_fault fault, const char *text,
		  struct phx_answer *a)
{
	if (fault == FAULT_AFTER)
		answer_error(a, PHX_ERR_LOST, "the connection broke: whether it was done is not known");
	if (fault == FAULT_TASK && r->task)
		snprintf(r->task->exit, sizeof(r->task->exit), "%s", text);
	if (fault == FAULT_POWER)
		power_loss(f);
}

static void serve(struct fake_pve *f, const struct pending *p, struct phx_answer *a)
{
	struct phx_err_context c = {.method = p->r.method, .path = p->r.path};
	enum fake_fault fault = FAULT_NONE;
	const char *text = "made to fail";
	struct reply r = {0};

	end_tasks(f);
	if (f->answer && f->answer(f->user, &p->r, a))
		return;
	if (p->r.method == PHX_GET)
		f->gets++;
	else if (f->fault)
		fault = f->fault(f->user, p->r.method, p->r.path, ++f->writes, &text);
	if (fault == FAULT_BEFORE)
		answer_error(a, PHX_ERR_LOST, "the connection broke: whether it was done is not known");
	else if (fault == FAULT_REFUSED)
		answer_error(a, PHX_ERR_CONNECT, "cannot connect");
	else if (fault == FAULT_LOCK)
		phx_err_from_text(
			&a->err, PHX_ERR_SERVER, 500,
			PHX_STR("can't lock file '/var/lock/qemu-server/lock-1.conf' - got timeout"), &c);
	else if (fault == FAULT_ERROR)
		phx_err_from_text(&a->err, PHX_ERR_SERVER, 500, phx_str_c(text), &c);
	if (a->err.kind != PHX_ERR_NONE)
		return;
	act(f, p, &r);
	if (r.status) {
		phx_err_from_text(&a->err, PHX_ERR_SERVER, r.status, phx_str_c(r.text), &c);
	} else if (p->r.method != PHX_GET) {
		keep_log(f, p);
		spoil(f, &r, fault, text, a);
	}
	if (r.task && !r.data)
		r.data = json_string(r.task->upid);
	if (a->err.kind == PHX_ERR_NONE)
		a->data = json_incref(r.data);
	json_decref(r.data);
}

static void fake_send(void *impl, const struct phx_request *request)
{
	struct fake_pve *f = impl;
	struct pending *p = calloc(1, sizeof(*p));

	p->r = *request;
	p->r.path.ptr = strndup(request->path.ptr, request->path.len);
	for (uint32_t i = 0; request->params && i < request->params->v.n; i++) {
		struct phx_param q = request->params->v.v[i];

		q.name.ptr = strndup(q.name.ptr, q.name.len);
		q.value.ptr = strndup(q.value.ptr ? q.value.ptr : "", q.value.len);
		p->params.v.v = realloc(p->params.v.v, (p->params.v.n + 1) * sizeof(q));
		p->params.v.v[p->params.v.n++] = q;
	}
	p->r.params = &p->params;
	if (f->last)
		f->last->next = p;
	else
		f->first = p;
	f->last = p;
	f->in_flight++;
}

static void free_pending(struct pending *p)
{
	free((void *)(uintptr_t)p->r.path.ptr);
	for (uint32_t i = 0; i < p->params.v.n; i++) {
		free((void *)(uintptr_t)p->params.v.v[i].name.ptr);
		free((void *)(uintptr_t)p->params.v.v[i].value.ptr);
	}
	free(p->params.v.v);
	free(p);
}

static uint32_t fake_run(void *impl, uint64_t wait_ms, int wake_fd)
{
	struct fake_pve *f = impl;

	(void)wait_ms, (void)wake_fd;
	if (!f->first && phx_procs_count(f->commands))
		phx_sleep_ms(1);
	f->yield = false;
	while (f->first && !f->yield) {
		struct pending *p = f->first;
		struct phx_answer a = {0};

		f->first = p->next;
		if (!f->first)
			f->last = NULL;
		f->in_flight--;
		serve(f, p, &a);
		if (p->r.done)
			p->r.done(p->r.user, &a);
		phx_answer_done(&a);
		free_pending(p);
	}
	phx_procs_work(f->commands);
	return f->in_flight + phx_procs_count(f->commands);
}

/* Without a node there is no way to any, as the API has none. */
static uint64_t fake_command(void *impl, const struct phx_command *c)
{
	struct fake_pve *f = impl;
	struct phx_proc_start s = {.argv = c->argv,
				   .argc = c->argc,
				   .input = c->input,
				   .timeout_ms = c->timeout_ms,
				   .output = c->output,
				   .done = c->done,
				   .user = c->user};
	struct phx_err err = {0};
	uint64_t handle;

	if (f->has_node)
		return phx_procs_start(f->commands, &s);
	phx_err_set(&err, PHX_ERR_CONNECT, "no way to node " PHX_STR_FMT, PHX_STR_ARG(c->node));
	handle = phx_procs_fail(f->commands, &s, &err);
	phx_err_done(&err);
	return handle;
}

static void fake_command_stop(void *impl, uint64_t handle)
{
	phx_procs_stop(((struct fake_pve *)impl)->commands, handle);
}

static void fake_yield(void *impl)
{
	((struct fake_pve *)impl)->yield = true;
}

static void fake_close(void *impl)
{
	(void)impl;
}

static const struct phx_backend_ops ops = {.send = fake_send,
					   .run = fake_run,
					   .yield = fake_yield,
					   .command = fake_command,
					   .command_stop = fake_command_stop,
					   .close = fake_close};

void fake_pve_init(struct fake_pve *f)
{
	*f = (struct fake_pve){.task_ms = 30, .agent_ms = 30, .pools = json_object(), .rules = json_array()};
	f->commands = phx_procs_new();
	phx_backend_wire(&f->b, &ops, f);
	f->b.identity = PHX_STR("root@pam!phx");
	f->b.endpoint = "fake";
}

void fake_pve_done(struct fake_pve *f)
{
	while (f->first) {
		struct pending *p = f->first;

		f->first = p->next;
		free_pending(p);
	}
	for (uint32_t i = 0; i < f->nguests; i++)
		json_decref(f->guests[i].config);
	for (uint32_t i = 0; i < f->nlog; i++)
		free(f->log[i]);
	json_decref(f->pools);
	json_decref(f->rules);
	phx_procs_free(f->commands);
}

uint32_t fake_pve_count(const struct fake_pve *f, const char *prefix)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->nlog; i++)
		n += strncmp(f->log[i], prefix, strlen(prefix)) == 0;
	return n;
}

#include "backend/backend_priv.h"
#include "base/json.h"
#include "plan_lab.h"

/* A cluster that answers from a list: what is asked for, and the `data` of the answer; "!KIND text" is an error. */
struct answer {
	const char *path, *data;
};

struct fake {
	struct phx_backend b;
	struct lab l;
	PHX_VEC(struct answer) answers;
	PHX_VEC(const char *) asked;
	struct queued {
		struct phx_request r;
		struct queued *next;
	} * first, **end;
	const char *spoil; /* every answer is this */
};

static const char *target(struct fake *f, const struct phx_request *r)
{
	struct phx_buf b = {0};
	const char *kept;

	phx_buf_str(&b, r->path);
	for (uint32_t i = 0; r->params && i < r->params->v.n; i++) {
		phx_buf_ch(&b, i ? '&' : '?');
		phx_buf_str(&b, r->params->v.v[i].name);
		phx_buf_ch(&b, '=');
		phx_buf_str(&b, r->params->v.v[i].value);
	}
	kept = phx_str_dup(&f->l.w.arena, phx_buf_view(&b)).ptr;
	phx_buf_done(&b);
	return kept;
}

static void fake_send(void *impl, const struct phx_request *r)
{
	struct fake *f = impl;
	struct queued *q = calloc(1, sizeof(*q));

	assert_int_equal(r->method, PHX_GET);
	q->r = *r;
	*f->end = q;
	f->end = &q->next;
}

static const char *find(struct fake *f, const char *path)
{
	for (uint32_t i = f->answers.n; i-- > 0;)
		if (strcmp(f->answers.v[i].path, path) == 0)
			return f->answers.v[i].data;
	return "!missing no such thing";
}

static void serve(struct fake *f, struct queued *q)
{
	const char *path = target(f, &q->r), *data = find(f, path);
	struct phx_answer a = {.status = 200};

	phx_vec_push(&f->l.w.arena, &f->asked, path);
	if (f->spoil)
		data = f->spoil;
	if (data[0] == '!')
		phx_err_set(&a.err, strncmp(data, "!missing", 8) == 0 ? PHX_ERR_MISSING : PHX_ERR_PERMISSION,
			    "%s", data + 1);
	else if (strcmp(data, "null") != 0)
		a.data = json_loads(data, JSON_DECODE_ANY, NULL);
	assert_true(data[0] == '!' || strcmp(data, "null") == 0 || a.data);
	q->r.done(q->r.user, &a);
}

static uint32_t fake_run(void *impl, uint64_t wait_ms, int wake_fd)
{
	struct fake *f = impl;

	(void)wait_ms, (void)wake_fd;
	while (f->first) {
		struct queued *q = f->first;

		f->first = q->next;
		if (!f->first)
			f->end = &f->first;
		serve(f, q);
		free(q);
	}
	return 0;
}

static void fake_nothing(void *impl)
{
	(void)impl;
}

static const struct phx_backend_ops ops = {
	.send = fake_send, .run = fake_run, .yield = fake_nothing, .close = fake_nothing};

static void says(struct fake *f, const char *path, const char *data)
{
	phx_vec_push(&f->l.w.arena, &f->answers, ((struct answer){path, data}));
}

static void fake_open(struct fake *f, const char *text)
{
	lab_open(&f->l, text);
	phx_backend_wire(&f->b, &ops, f);
	f->end = &f->first;
	says(f, "/version", "{\"version\":\"8.4.1\",\"release\":\"8.4\"}");
	says(f, "/cluster/status",
	     "[{\"id\":\"node/"
	     "pve\",\"local\":1,\"name\":\"pve\",\"nodeid\":0,\"online\":1,\"type\":\"node\"}]");
	says(f, "/access/permissions", "{\"/\":{\"VM.Audit\":1},\"/vms\":{\"VM.Audit\":1}}");
	says(f, "/pools", "[]");
}

static struct phx_snapshot *observe(struct fake *f)
{
	struct phx_snapshot *s;

	f->asked.n = 0;
	phx_err_clear(&f->l.err);
	s = phx_observe(phx_backend_reader(&f->b), f->l.w.graph, NULL, &f->l.w.arena, &f->l.err);
	if (s)
		f->l.s = s;
	return s;
}

static struct phx_snapshot *observed(struct fake *f)
{
	struct phx_snapshot *s = observe(f);

	if (!s)
		fail_msg("%.*s", (int)f->l.err.msg.len, f->l.err.msg.ptr);
	return s;
}

static bool was_asked(const struct fake *f, const char *path)
{
	for (uint32_t i = 0; i < f->asked.n; i++)
		if (strcmp(f->asked.v[i], path) == 0)
			return true;
	return false;
}

#define NODE                                                                                                 \
	"{\"id\":\"node/"                                                                                    \
	"pve\",\"node\":\"pve\",\"status\":\"online\",\"type\":\"node\",\"maxcpu\":2,\"maxmem\":100}"
#define STORAGE                                                                                              \
	"{\"content\":\"iso,vztmpl,images,import\",\"disk\":10,\"id\":\"storage/pve/"                        \
	"local\",\"maxdisk\":30,\"node\":\"pve\",\"plugintype\":"                                            \
	"\"dir\",\"shared\":0,\"status\":\"available\",\"storage\":\"local\",\"type\":\"storage\"}"
#define GUEST(type, id, name, status, more)                                                                  \
	"{\"id\":\"" type "/" id "\",\"node\":\"pve\",\"type\":\"" type "\",\"vmid\":" id                    \
	",\"name\":\"" name "\",\"status\":\"" status "\"" more "}"
#define MARK(address, id) "<!-- phx:1 stack=lab address=" address " id=" id " -->"
#define DIGEST            "\"digest\":\"4e995d3b960e45e77ef39d63861f4a9c91c58ac4\""

static const char three[] =
	"vm web { id = 101; cores = 2; memory = 2GiB; storage = \"local\"; disk = 8GiB }\n"
	"vm db { id = 102; cores = 2; memory = 2GiB; storage = \"local\"; disk = 8GiB }\n"
	"container app { id = 200; ostemplate = \"local:vztmpl/d.tar.zst\"; rootfs = \"local:8\"; memory = "
	"512MiB }\n";

static void three_guests(struct fake *f)
{
	fake_open(f, three);
	says(f, "/cluster/resources",
	     "[" NODE "," STORAGE
	     "," GUEST("qemu", "101", "web", "running", ",\"tags\":\"phx-lab\"") "," GUEST(
		     "qemu", "102", "db", "stopped", "") "," GUEST("lxc", "200", "app", "running",
								   "") "," GUEST("qemu", "900", "foreign",
										 "running", "") "]");
	says(f, "/nodes/pve/qemu/101/pending",
	     "[{\"key\":\"memory\",\"value\":\"2048\",\"pending\":\"4096\"},{\"key\":\"cores\",\"value\":2},{"
	     "\"key\":\"agent\",\"pending\":\"1\"},"
	     "{\"key\":\"vga\",\"value\":\"std\",\"delete\":1},{\"key\":\"tags\",\"value\":\"phx-lab\"},{"
	     "\"key\":\"name\",\"value\":\"web\"},"
	     "{\"key\":\"digest\",\"value\":\"aaaa5d3b960e45e77ef39d63861f4a9c91c58ac4\"},{\"key\":"
	     "\"description\",\"value\":\"mine\\n" MARK("vm.web", "101") "\"}]");
	says(f, "/nodes/pve/qemu/102/config",
	     "{\"name\":\"db\",\"cores\":2,\"memory\":\"2048\",\"tags\":\"phx-lab\"," DIGEST "}");
	says(f, "/nodes/pve/qemu",
	     "[{\"vmid\":101,\"status\":\"running\"},{\"vmid\":102,\"status\":\"stopped\"}]");
	says(f, "/nodes/pve/lxc/200/pending",
	     "[{\"key\":\"hostname\",\"value\":\"app\"},{\"key\":\"memory\",\"value\":512}]");
	says(f, "/nodes/pve/storage/local/content?content=vztmpl",
	     "[{\"content\":\"vztmpl\",\"volid\":\"local:vztmpl/d.tar.zst\",\"size\":100}]");
}

static void fake_close(struct fake *f)
{
	lab_close(&f->l);
}

static void each_guest_is_read_once(void **state)
{
	struct fake f = {0};
	struct phx_snapshot *s;

	(void)state;
	three_guests(&f);
	s = observed(&f);
	assert_int_equal(s->guests.n, 3);
	assert_int_equal(f.asked.n,
			 3 + 5); /* version, status, resources, one storage, whether 102 still stands */
	assert_int_equal(s->requests, f.asked.n);
	assert_false(was_asked(&f, "/access/permissions"));
	assert_str(s->version, "8.4.1");
	assert_str(s->cluster_name, "pve");
	assert_true(s->quorate);
	assert_int_equal(s->others.n, 1);
	assert_true(s->storages.v[0].has_volumes);
	assert_int_equal(s->storages.v[0].avail, 20);
	fake_close(&f);
}

static void what_waits_is_told_from_what_is_set(void **state)
{
	struct fake f = {0};
	const struct phx_live_guest *g;

	(void)state;
	three_guests(&f);
	g = phx_snapshot_guest(observed(&f), 101);
	assert_true(g->running && g->tagged && g->owned && g->has_marker);
	assert_str(phx_live_value(g, PHX_STR("memory")), "4096");
	assert_str(phx_live_value(g, PHX_STR("agent")), "1");
	assert_str(phx_live_value(g, PHX_STR("vga")), "");
	assert_str(phx_live_value(g, PHX_STR("cores")), "2");
	assert_str(g->digest, "aaaa5d3b960e45e77ef39d63861f4a9c91c58ac4");
	assert_str(phx_str_trim(g->notes), "mine");
	assert_int_equal(g->pending.n, 3);
	fake_close(&f);
}

static void a_guest_of_the_stack_is_found_by_its_tag(void **state)
{
	struct fake f = {0};
	const struct phx_live_guest *g;

	(void)state;
	three_guests(&f);
	says(&f, "/cluster/resources",
	     "[" NODE "," STORAGE "," GUEST("qemu", "300", "", "unknown", ",\"tags\":\"a;phx-lab\"") "]");
	says(&f, "/nodes/pve/qemu/300/config", "{\"name\":\"old\",\"tags\":\"a;phx-lab\"," DIGEST "}");
	says(&f, "/nodes/pve/qemu",
	     "[{\"vmid\":300,\"status\":\"running\"},{\"vmid\":17,\"status\":\"stopped\"}]");
	g = phx_snapshot_guest(observed(&f), 300);
	assert_non_null(g);
	assert_true(g->owned && g->running);
	assert_str(g->name, "old");
	assert_true(was_asked(&f, "/access/permissions"));
	assert_true(f.l.s->sees_all_guests);
	fake_close(&f);
}

static void absence_is_believed_only_with_the_permission_to_see(void **state)
{
	struct fake f = {0};

	(void)state;
	three_guests(&f);
	says(&f, "/cluster/resources", "[" NODE "," STORAGE "]");
	says(&f, "/access/permissions", "{\"/nodes\":{\"Sys.Audit\":1}}");
	assert_false(observed(&f)->sees_all_guests);
	says(&f, "/access/permissions",
	     "{\"/vms/101\":{\"VM.Audit\":1},\"/vms/102\":{\"VM.Audit\":1},\"/vms/200\":{\"VM.Audit\":1}}");
	assert_true(observed(&f)->sees_all_guests);
	fake_close(&f);
}

static void quorum_is_the_clusters_own_word(void **state)
{
	struct fake f = {0};

	(void)state;
	three_guests(&f);
	says(&f, "/cluster/status",
	     "[{\"type\":\"node\",\"name\":\"pve\",\"online\":1},{\"type\":\"cluster\",\"name\":\"home\","
	     "\"quorate\":0,\"nodes\":2}]");
	assert_false(observed(&f)->quorate);
	assert_str(f.l.s->cluster_name, "home");
	fake_close(&f);
}

static void power_is_read_from_the_node_where_the_plan_rests_on_it(void **state)
{
	struct fake f = {0};
	const struct phx_live_guest *web;

	(void)state;
	fake_open(&f, "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"local\"; disk = 8GiB; "
		      "running = true }\n"
		      "vm db { id = 102; cores = 2; memory = 2GiB; storage = \"local\"; disk = 8GiB; running "
		      "= true }\n");
	says(&f, "/cluster/resources",
	     "[" NODE "," STORAGE "," GUEST("qemu", "101", "web", "stopped",
					    "") "," GUEST("qemu", "102", "db", "running", "") "]");
	says(&f, "/nodes/pve/qemu/101/config", "{\"name\":\"web\"," DIGEST "}");
	says(&f, "/nodes/pve/qemu/102/pending", "[{\"key\":\"name\",\"value\":\"db\"}]");
	says(&f, "/nodes/pve/qemu",
	     "[{\"vmid\":102,\"status\":\"running\"},{\"vmid\":101,\"status\":\"running\"}]");
	says(&f, "/nodes/pve/qemu/101/pending",
	     "[{\"key\":\"name\",\"value\":\"web\"},{\"key\":\"memory\",\"value\":\"1024\",\"pending\":"
	     "\"2048\"}]");
	web = phx_snapshot_guest(observed(&f), 101);
	assert_true(web->running);
	assert_int_equal(web->pending.n, 1);
	assert_int_equal(web->config.n, 2);
	assert_int_equal(f.asked.n, 3 + 1 + 2); /* the list of the node tells of all VMs */
	fake_close(&f);
}

static void a_half_built_guest_is_asked_whether_it_really_runs(void **state)
{
	struct fake f = {0};

	(void)state;
	fake_open(&f, "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"local\"; disk = 8GiB }\n");
	says(&f, "/cluster/resources",
	     "[" NODE "," STORAGE "," GUEST("qemu", "101", "web", "running", "") "]");
	says(&f, "/nodes/pve/qemu/101/pending",
	     "[{\"key\":\"description\",\"value\":\"<!-- phx:1 stack=lab address=vm.web id=101 building "
	     "-->\"}]");
	says(&f, "/nodes/pve/qemu/101/status/current", "{\"status\":\"stopped\"}");
	assert_false(phx_snapshot_guest(observed(&f), 101)->running);
	assert_false(was_asked(&f, "/nodes/pve/qemu"));
	fake_close(&f);
}

static void a_held_lock_is_told_from_a_dead_one(void **state)
{
	struct fake f = {0};
	const struct phx_live_guest *g;

	(void)state;
	three_guests(&f);
	says(&f, "/nodes/pve/qemu/102/config", "{\"lock\":\"backup\",\"tags\":\"phx-lab\"," DIGEST "}");
	says(&f, "/nodes/pve/tasks?source=active&limit=500",
	     "[{\"id\":\"102\",\"type\":\"vzdump\",\"upid\":\"UPID:pve:1\",\"endtime\":5,\"status\":\"OK\"},"
	     "{\"id\":\"102\",\"type\":\"vzdump\",\"upid\":\"UPID:pve:2\",\"status\":\"RUNNING\"}]");
	g = phx_snapshot_guest(observed(&f), 102);
	assert_true(g->busy && !g->dead_lock);
	assert_str(g->busy_upid, "UPID:pve:2");
	says(&f, "/nodes/pve/tasks?source=active&limit=500", "[]");
	g = phx_snapshot_guest(observed(&f), 102);
	assert_true(!g->busy && g->dead_lock);
	says(&f, "/nodes/pve/qemu/102/config", "{\"lock\":\"suspended\",\"tags\":\"phx-lab\"," DIGEST "}");
	g = phx_snapshot_guest(observed(&f), 102);
	assert_true(g->busy && !g->dead_lock);
	fake_close(&f);
}

static void a_clones_lock_is_held_by_the_task_of_its_source(void **state)
{
	struct fake f = {0};

	(void)state;
	fake_open(&f, "vm t { id = 9000; template = true; cores = 1; memory = 512MiB; storage = \"local\"; "
		      "disk = 1GiB }\n"
		      "vm web { id = 101; clone = vm.t }\n");
	says(&f, "/cluster/resources",
	     "[" NODE "," STORAGE
	     "," GUEST("qemu", "9000", "t", "stopped", "") "," GUEST("qemu", "101", "", "unknown", "") "]");
	says(&f, "/nodes/pve/qemu/9000/config", "{\"name\":\"t\",\"template\":1," DIGEST "}");
	says(&f, "/nodes/pve/qemu/101/config",
	     "{\"lock\":\"clone\",\"description\":\"" MARK("vm.web", "101") "\"," DIGEST "}");
	says(&f, "/nodes/pve/qemu", "[{\"vmid\":101,\"status\":\"stopped\"}]");
	says(&f, "/nodes/pve/tasks?source=active&limit=500",
	     "[{\"id\":\"9000\",\"type\":\"qmclone\",\"upid\":\"UPID:pve:7\"}]");
	assert_true(phx_snapshot_guest(observed(&f), 101)->busy);
	says(&f, "/nodes/pve/tasks?source=active&limit=500",
	     "[{\"id\":\"8000\",\"type\":\"qmclone\",\"upid\":\"UPID:pve:7\"}]");
	assert_true(phx_snapshot_guest(observed(&f), 101)->dead_lock);
	fake_close(&f);
}

static void firewall_and_snapshots_are_read_only_where_declared(void **state)
{
	struct fake f = {0};
	const struct phx_live_guest *g;

	(void)state;
	fake_open(&f, "vm web { id = 101; cores = 2; memory = 2GiB; storage = \"local\"; disk = 8GiB; "
		      "snapshot s1 {}\n"
		      "  firewall { rule in accept { proto = \"tcp\"; port = 22 } } }\n");
	says(&f, "/cluster/resources",
	     "[" NODE "," STORAGE "," GUEST("qemu", "101", "web", "stopped", "") "]");
	says(&f, "/nodes/pve/qemu", "[{\"vmid\":101,\"status\":\"stopped\"}]");
	says(&f, "/nodes/pve/qemu/101/config", "{\"name\":\"web\"," DIGEST "}");
	says(&f, "/nodes/pve/qemu/101/snapshot",
	     "[{\"name\":\"s1\",\"description\":\"x\"},{\"name\":\"current\",\"description\":\"You are "
	     "here!\",\"parent\":\"s1\"}]");
	says(&f, "/nodes/pve/qemu/101/firewall/options",
	     "{\"enable\":1,\"policy_in\":\"DROP\",\"digest\":\"d1\"}");
	says(&f, "/nodes/pve/qemu/101/firewall/rules",
	     "[{\"pos\":1,\"type\":\"out\",\"action\":\"DROP\",\"digest\":\"d2\",\"enable\":0},"
	     "{\"pos\":0,\"type\":\"in\",\"action\":\"ACCEPT\",\"proto\":\"tcp\",\"dport\":\"22\",\"digest\":"
	     "\"d2\",\"enable\":1}]");
	g = phx_snapshot_guest(observed(&f), 101);
	assert_int_equal(g->snapshots.n, 1);
	assert_true(g->has_firewall);
	assert_str(g->fw_digest, "d1");
	assert_str(g->fw_rules_digest, "d2");
	assert_int_equal(g->fw_rules.n, 2);
	assert_str(g->fw_rules.v[0].rule.dport, "22");
	assert_false(g->fw_rules.v[1].rule.enable);
	fake_close(&f);
}

static void a_guest_that_goes_meanwhile_is_absent(void **state)
{
	struct fake f = {0};

	(void)state;
	three_guests(&f);
	says(&f, "/nodes/pve/qemu/102/config",
	     "!missing Configuration file 'nodes/pve/qemu-server/102.conf' does not exist");
	assert_null(phx_snapshot_guest(observed(&f), 102));
	fake_close(&f);
}

static void a_refused_read_is_named(void **state)
{
	struct fake f = {0};

	(void)state;
	three_guests(&f);
	says(&f, "/nodes/pve/qemu/102/config", "!permission Permission check failed (/vms/102, VM.Audit)");
	assert_null(observe(&f));
	assert_int_equal(f.l.err.kind, PHX_ERR_PERMISSION);
	assert_true(phx_str_find(phx_buf_view(&f.l.err.msg), PHX_STR("GET /nodes/pve/qemu/102/config")) >= 0);
	fake_close(&f);
}

static void pools_are_read_where_one_is_used_with_their_guests(void **state)
{
	struct fake f = {0};
	struct phx_snapshot *s;

	(void)state;
	fake_open(&f, "pool p {}\nvm web { id = 101; cores = 2; memory = 2GiB; storage = \"local\"; disk = "
		      "8GiB; pool = pool.p }\n");
	says(&f, "/cluster/resources",
	     "[" NODE "," STORAGE "," GUEST("qemu", "101", "web", "stopped", ",\"pool\":\"p\"") "," GUEST(
		     "lxc", "500", "x", "stopped", ",\"pool\":\"p\"") "]");
	says(&f, "/nodes/pve/qemu/101/config", "{\"name\":\"web\"," DIGEST "}");
	says(&f, "/nodes/pve/qemu", "[{\"vmid\":101,\"status\":\"stopped\"}]");
	says(&f, "/pools",
	     "[{\"poolid\":\"phx-lock-lab\",\"comment\":\"x\"},{\"poolid\":\"p\",\"comment\":\"hello "
	     "(phx-lab)\"}]");
	s = observed(&f);
	assert_int_equal(s->pools.n, 2);
	assert_str(s->pools.v[0].id, "p");
	assert_int_equal(s->pools.v[0].guests.n, 2);
	assert_true(s->pools.v[1].is_lock);
	assert_str(phx_snapshot_guest(s, 101)->pool, "p");
	fake_close(&f);
}

static void an_inventory_gives_the_same_plan_as_the_cluster(void **state)
{
	struct fake f = {0};
	struct phx_buf a = {0}, b = {0};
	struct phx_snapshot *s;
	const char *plan;

	(void)state;
	three_guests(&f);
	says(&f, "/nodes/pve/qemu/102/config",
	     "{\"name\":\"db\",\"cores\":1,\"tags\":\"phx-lab\",\"cipassword\":\"**********\","
	     "\"description\":\"" MARK("vm.db", "102") "\"," DIGEST "}");
	says(&f, "/nodes/pve/lxc/200/pending",
	     "[{\"key\":\"hostname\",\"value\":\"app\"},{\"key\":\"tags\",\"value\":\"phx-lab\"},{\"key\":"
	     "\"rootfs\",\"value\":\"local:200/x.raw,size=8G\"}]");
	says(&f, "/nodes/pve/qemu/101/pending",
	     "[{\"key\":\"name\",\"value\":\"web\"},{\"key\":\"tags\",\"value\":\"phx-lab\"},{\"key\":"
	     "\"scsi0\",\"value\":\"local:101/x.raw,size=8G\"},"
	     "{\"key\":\"memory\",\"value\":\"512\",\"pending\":\"2048\"},{\"key\":\"cores\",\"value\":2}]");
	s = observed(&f);
	phx_snapshot_json(s, NULL, &a);
	assert_true(phx_str_find(phx_buf_view(&a), PHX_STR("cipassword")) < 0);
	plan = lab_json(&f.l, lab_good_plan(&f.l), true);
	f.l.s = phx_snapshot_read_json(phx_buf_view(&a), f.l.w.graph, "inventory", &f.l.w.arena, &f.l.err);
	assert_non_null(f.l.s);
	phx_snapshot_json(f.l.s, NULL, &b);
	assert_str(phx_buf_view(&b), phx_str_dup(&f.l.w.arena, phx_buf_view(&a)).ptr);
	assert_string_equal(lab_json(&f.l, lab_good_plan(&f.l), true), plan);
	phx_buf_done(&a);
	phx_buf_done(&b);
	fake_close(&f);
}

static void guests_of_another_cluster_are_left_alone(void **state)
{
	struct fake f = {0};
	struct phx_plan *p;

	(void)state;
	fake_open(
		&f,
		"cluster a { endpoint = \"https://a:8006\"; node = \"pve\"; token = secret \"x@y!z=1234\" }\n"
		"cluster b { endpoint = \"https://b:8006\"; node = \"two\"; token = secret \"x@y!z=1234\" }\n"
		"vm web { id = 101; cluster = cluster.a; cores = 2; memory = 2GiB; storage = \"local\"; disk "
		"= 8GiB }\n"
		"vm far { id = 102; cluster = cluster.b; cores = 2; memory = 2GiB; storage = \"local\"; disk "
		"= 8GiB }\n");
	says(&f, "/cluster/resources",
	     "[" NODE "," STORAGE "," GUEST("qemu", "102", "theirs", "running", "") "]");
	f.b.endpoint = "https://a:8006";
	assert_int_equal(observed(&f)->guests.n, 0);
	assert_int_equal(f.l.s->others.n, 1);
	f.l.how.endpoint = PHX_STR("https://a:8006");
	p = lab_good_plan(&f.l);
	assert_non_null(lab_change(p, "vm.web"));
	assert_null(lab_change(p, "vm.far"));
	fake_close(&f);
}

static void a_damaged_inventory_is_an_error_that_names_it(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"format\":\"phx-inventory/2\"}",
		"{\"format\":\"phx-inventory/1\",\"guests\":[{}]}",
		"{\"format\":\"phx-inventory/"
		"1\",\"guests\":[{\"id\":1,\"kind\":\"vm\",\"node\":\"pve\",\"config\":[]}]}",
		"{\"format\":\"phx-inventory/1\",\"guests\":[{\"id\":1,\"kind\":\"vm\",\"node\":\"pve\"},"
		"{\"id\":1,\"kind\":\"vm\",\"node\":\"pve\"}]}"};
	struct fake f = {0};

	(void)state;
	fake_open(&f, three);
	for (size_t i = 0; i < PHX_COUNTOF(bad); i++) {
		phx_err_clear(&f.l.err);
		assert_null(phx_snapshot_read_json(phx_str_c(bad[i]), f.l.w.graph, "inv.json", &f.l.w.arena,
						   &f.l.err));
		assert_int_equal(f.l.err.kind, PHX_ERR_DATA);
		assert_true(phx_str_find(phx_buf_view(&f.l.err.msg), PHX_STR("inv.json")) >= 0);
	}
	fake_close(&f);
}

/* Whatever the server says, it is an error or a snapshot. */
static void nonsense_answers_are_errors(void **state)
{
	static const char *const odd[] = {"null",
					  "[]",
					  "{}",
					  "[null]",
					  "[[]]",
					  "[1,\"x\"]",
					  "{\"a\":[1]}",
					  "\"text\"",
					  "17",
					  "true",
					  "[{\"type\":\"qemu\",\"vmid\":-5}]",
					  "[{\"type\":\"qemu\",\"vmid\":\"abc\",\"node\":7}]"};
	struct fake f = {0};
	uint32_t n;

	(void)state;
	three_guests(&f);
	observed(&f);
	n = f.answers.n;
	for (size_t i = 0; i < PHX_COUNTOF(odd); i++) {
		for (uint32_t k = 0; k < n; k++) {
			const char *good = f.answers.v[k].data;

			f.answers.v[k].data = odd[i];
			if (!observe(&f))
				assert_int_not_equal(f.l.err.kind, PHX_ERR_NONE);
			else
				(void)lab_plan(&f.l);
			f.answers.v[k].data = good;
		}
		f.spoil = odd[i];
		(void)observe(&f);
		f.spoil = NULL;
	}
	fake_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_guest_is_read_once),
		cmocka_unit_test(what_waits_is_told_from_what_is_set),
		cmocka_unit_test(a_guest_of_the_stack_is_found_by_its_tag),
		cmocka_unit_test(absence_is_believed_only_with_the_permission_to_see),
		cmocka_unit_test(quorum_is_the_clusters_own_word),
		cmocka_unit_test(power_is_read_from_the_node_where_the_plan_rests_on_it),
		cmocka_unit_test(a_half_built_guest_is_asked_whether_it_really_runs),
		cmocka_unit_test(a_held_lock_is_told_from_a_dead_one),
		cmocka_unit_test(a_clones_lock_is_held_by_the_task_of_its_source),
		cmocka_unit_test(firewall_and_snapshots_are_read_only_where_declared),
		cmocka_unit_test(a_guest_that_goes_meanwhile_is_absent),
		cmocka_unit_test(a_refused_read_is_named),
		cmocka_unit_test(pools_are_read_where_one_is_used_with_their_guests),
		cmocka_unit_test(an_inventory_gives_the_same_plan_as_the_cluster),
		cmocka_unit_test(guests_of_another_cluster_are_left_alone),
		cmocka_unit_test(a_damaged_inventory_is_an_error_that_names_it),
		cmocka_unit_test(nonsense_answers_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

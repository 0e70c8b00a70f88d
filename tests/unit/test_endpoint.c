#include "base_test.h"

#include "model/endpoint.h"

struct lab {
	struct phx_arena arena;
	struct phx_err err;
	const struct phx_endpoints *e;
};

static struct lab lab;

static int open_lab(void **state)
{
	(void)state;
	lab.e = phx_endpoints_load(&lab.arena, PHX_STR("8.4"), &lab.err);
	if (!lab.e)
		print_error("%s\n", lab.err.msg.ptr);
	return lab.e ? 0 : -1;
}

static int close_lab(void **state)
{
	(void)state;
	phx_err_done(&lab.err);
	phx_arena_done(&lab.arena);
	return 0;
}

static const struct phx_method *method(const char *http, const char *path, struct phx_path_params *params)
{
	enum phx_http h;
	assert_true(phx_http_parse(phx_str_c(http), &h));
	const struct phx_endpoint *e = phx_endpoint_find(lab.e, phx_str_c(path), params);
	return e ? e->methods[h] : NULL;
}

static void paths_are_found_with_their_parameters(void **state)
{
	struct phx_path_params p;
	(void)state;
	const struct phx_method *m = method("PUT", "/nodes/pve/qemu/100/config", &p);
	assert_non_null(m);
	assert_str(m->endpoint->path, "/nodes/{node}/qemu/{vmid}/config");
	assert_int_equal(p.n, 2);
	assert_str(p.v[0].name, "node");
	assert_str(p.v[0].value, "pve");
	assert_str(p.v[1].value, "100");
	/* Doubled and trailing slashes do not count (872, 873). */
	assert_non_null(method("GET", "//nodes//pve/qemu/100/config/", &p));
	assert_null(method("GET", "/nodes/pve/qemu/100/nosuch", &p));
	assert_null(method("POST", "/version", &p));
	assert_null(method("GET", "/nosuch", &p));
	assert_null(method("GET", "", &p));
	assert_non_null(method("GET", "/nodes/pve/tasks/UPID:pve:0000:1:2:qmstart:100:root@pam:/log", &p));
}

static void a_last_parameter_may_hold_slashes(void **state)
{
	struct phx_path_params p;
	(void)state;
	assert_non_null(method("DELETE", "/nodes/pve/storage/local/content/local:iso/a.iso", &p));
	assert_str(p.v[2].name, "volume");
	assert_str(p.v[2].value, "local:iso/a.iso");
	assert_non_null(method("DELETE", "/cluster/firewall/ipset/set1/10.0.0.0/24", &p));
	assert_str(p.v[1].value, "10.0.0.0/24");
}

static struct phx_given text(const char *name, const char *value)
{
	return (struct phx_given){.name = phx_str_c(name), .shape = PHX_PARAM_TEXT, .text = phx_str_c(value)};
}

static void refuses(const struct phx_method *m, const struct phx_given *params, size_t n, const char *param,
		    const char *want)
{
	struct phx_checks faults = {.arena = &lab.arena};
	assert_false(phx_endpoint_check(m, params, n, &faults));
	for (uint32_t i = 0; i < faults.v.n; i++) {
		if (phx_str_eqc(faults.v.v[i].param, param)) {
			assert_str(faults.v.v[i].text, want);
			return;
		}
	}
	fail_msg("no fault of %s", param);
}

static void shapes_of_parameters_are_told_apart(void **state)
{
	struct phx_path_params p;
	struct phx_checks faults = {.arena = &lab.arena};
	struct phx_str twice[] = {PHX_STR("a"), PHX_STR("b")};
	const struct phx_method *put = method("PUT", "/nodes/pve/qemu/100/config", &p);
	const struct phx_method *exec = method("POST", "/nodes/pve/qemu/100/agent/exec", &p);
	struct phx_given params[] = {text("node", "pve"), text("vmid", "100"), text("x", "")};
	struct phx_given *x = &params[2];
	(void)state;
	*x = (struct phx_given){
		.name = PHX_STR("cores"), .shape = PHX_PARAM_LIST, .items = twice, .nitems = 2};
	refuses(put, params, 3, "cores", "type check ('integer') failed - got ARRAY"); /* 807 */
	*x = (struct phx_given){.name = PHX_STR("net0"), .shape = PHX_PARAM_HASH};
	refuses(put, params, 3, "net0", "type check ('string') failed - got HASH"); /* 812 */
	*x = (struct phx_given){
		.name = PHX_STR("delete"), .shape = PHX_PARAM_LIST, .items = twice, .nitems = 2};
	refuses(put, params, 3, "delete", "invalid format - invalid configuration ID 'a'\n");
	twice[0] = PHX_STR("cores");
	twice[1] = PHX_STR("tags");
	assert_true(phx_endpoint_check(put, params, 3, &faults)); /* 808 */
	*x = (struct phx_given){.name = PHX_STR("cores"), .shape = PHX_PARAM_NULL};
	assert_true(phx_endpoint_check(put, params, 3, &faults)); /* 810 */
	*x = text("command", "ls");
	assert_true(phx_endpoint_check(exec, params, 3, &faults));
	*x = (struct phx_given){
		.name = PHX_STR("command"), .shape = PHX_PARAM_LIST, .items = twice, .nitems = 2};
	assert_true(phx_endpoint_check(exec, params, 3, &faults));
	*x = text("command", "");
	refuses(exec, params, 3, "command", "type check ('array') failed");
	refuses(exec, params, 2, "command", "property is missing and it is not optional"); /* 350 */
	*x = text("foo", "1");
	refuses(exec, params, 3, "foo",
		"property is not defined in schema and the schema does not allow additional properties");
	assert_int_equal(faults.v.n, 0);
}

static void families_of_parameters_end_where_proxmox_ends_them(void **state)
{
	struct phx_path_params p;
	int index;
	const struct phx_method *put = method("PUT", "/nodes/pve/qemu/100/config", &p);
	(void)state;
	assert_non_null(phx_method_param(put, PHX_STR("scsi30"), &index));
	assert_int_equal(index, 30);
	assert_null(phx_method_param(put, PHX_STR("scsi31"), NULL));
	assert_true(phx_method_param(put, PHX_STR("vmid"), NULL)->flags & PHX_OPTION_PATH);
}

static void permissions_are_read_as_trees(void **state)
{
	struct phx_path_params p;
	(void)state;
	const struct phx_permission *clone = method("POST", "/nodes/pve/qemu/100/clone", &p)->permission;
	assert_int_equal(clone->op, PHX_PERM_AND);
	assert_int_equal(clone->nchildren, 2);
	assert_int_equal(clone->children[0].op, PHX_PERM_PATH);
	assert_str(clone->children[0].path, "/vms/{vmid}");
	assert_str(clone->children[0].privileges[0], "VM.Clone");
	assert_int_equal(clone->children[1].op, PHX_PERM_OR);
	assert_str(clone->children[1].children[1].require_param, "pool");
	const struct phx_permission *put = method("PUT", "/nodes/pve/qemu/100/config", &p)->permission;
	assert_true(put->any);
	assert_int_equal(put->nprivileges, 8);
	assert_int_equal(method("GET", "/version", &p)->permission->op, PHX_PERM_ALL);
	assert_int_equal(method("POST", "/access/ticket", &p)->permission->op, PHX_PERM_WORLD);
	const struct phx_permission *acl = method("PUT", "/access/acl", &p)->permission;
	assert_int_equal(acl->op, PHX_PERM_MODIFY);
	assert_str(acl->path, "{path}");
	const struct phx_permission *user = method("POST", "/access/users", &p)->permission;
	assert_int_equal(user->children[0].op, PHX_PERM_USERID_PARAM);
	assert_str(user->children[0].argument, "Realm.AllocateUser");
	assert_int_equal(user->children[1].op, PHX_PERM_USERID_GROUP);
	assert_str(user->children[1].argument, "groups_param");
	assert_int_equal(method("POST", "/nodes/pve/execute", &p)->permission->op, PHX_PERM_ROOT);
}

static void every_path_is_found_by_itself(void **state)
{
	struct phx_path_params p;
	(void)state;
	assert_true(lab.e->n > 390);
	for (uint32_t i = 0; i < lab.e->n; i++)
		assert_ptr_equal(phx_endpoint_find(lab.e, lab.e->all[i]->path, &p), lab.e->all[i]);
}

/* Formats of calls that phx or its simulator makes have somebody to check them. */
static void formats_of_guest_storage_and_firewall_calls_are_known(void **state)
{
	static const char *const roots[] = {"/nodes/{node}/qemu",
					    "/nodes/{node}/lxc",
					    "/nodes/{node}/storage",
					    "/nodes/{node}/tasks",
					    "/nodes/{node}/firewall",
					    "/cluster/firewall",
					    "/cluster/ha",
					    "/cluster/resources",
					    "/pools",
					    "/storage",
					    "/access/acl",
					    "/access/users"};
	size_t seen = 0;
	(void)state;
	for (uint32_t i = 0; i < lab.e->n; i++) {
		bool ours = false;
		for (size_t r = 0; r < PHX_COUNTOF(roots); r++)
			ours |= phx_str_starts(lab.e->all[i]->path, roots[r]);
		for (size_t h = 0; ours && h < PHX_HTTP_COUNT; h++) {
			const struct phx_method *m = lab.e->all[i]->methods[h];
			for (uint32_t j = 0; m && j < m->nparams; j++) {
				const struct phx_option *o = &m->params[j];
				seen += o->checker != NULL;
				if (o->format.len > 0 && !o->keys && !o->checker)
					print_error("no check of " PHX_STR_FMT "\n", PHX_STR_ARG(o->format));
				assert_true(o->format.len == 0 || o->keys || o->checker);
			}
		}
	}
	assert_true(seen > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_found_with_their_parameters),
		cmocka_unit_test(a_last_parameter_may_hold_slashes),
		cmocka_unit_test(shapes_of_parameters_are_told_apart),
		cmocka_unit_test(families_of_parameters_end_where_proxmox_ends_them),
		cmocka_unit_test(permissions_are_read_as_trees),
		cmocka_unit_test(every_path_is_found_by_itself),
		cmocka_unit_test(formats_of_guest_storage_and_firewall_calls_are_known),
	};
	return cmocka_run_group_tests(tests, open_lab, close_lab);
}

#include "base_test.h"

#include "backend/errors.h"

#include "model/access.h"

static void advice_names_guest_lock_and_command(void **state)
{
	struct phx_err err = {0};
	struct phx_err_context c = {.method = PHX_PUT,
				    .path = PHX_STR("/nodes/pve/qemu/122/config"),
				    .identity = PHX_STR("root@pam!phx")};

	(void)state;
	phx_err_from_text(&err, PHX_ERR_SERVER, 500, PHX_STR("VM is locked (backup)\n"), &c);
	assert_int_equal(err.kind, PHX_ERR_LOCKED);
	assert_int_equal(err.status, 500);
	assert_string_equal(err.msg.ptr, "VM is locked (backup)");
	assert_non_null(strstr(err.hint.ptr, "`backup`"));
	assert_non_null(strstr(err.hint.ptr, "qm unlock 122"));
	phx_err_done(&err);
}

static void grants_name_path_role_and_credentials(void **state)
{
	struct phx_buf b = {0};

	(void)state;
	phx_grant_hint(&b, PHX_STR("/storage/local"), PHX_STR("Datastore.Audit|Datastore.AllocateSpace"),
		       PHX_STR("u1@pve"));
	assert_string_equal(b.ptr, "grant it on a node with: pveum acl modify /storage/local --users "
				   "'u1@pve' --roles PVEAuditor");
	phx_buf_clear(&b);
	phx_grant_hint(&b, PHX_STR("/vms/1"), PHX_STR("VM.Allocate"), PHX_STR("u1@pve!t2"));
	assert_non_null(strstr(b.ptr, "--tokens 'u1@pve!t2' --roles PVEVMAdmin"));
	assert_non_null(strstr(b.ptr, "its user u1@pve"));
	assert_string_equal(phx_grant_role(PHX_STR("Sys.Modify")), "Administrator");
	phx_buf_done(&b);
}

static void creating_without_rights_names_the_guest_of_the_parameters(void **state)
{
	struct phx_arena a = {0};
	struct phx_err err = {0};
	struct phx_params p = {0};
	struct phx_err_context c = {.method = PHX_POST,
				    .path = PHX_STR("/nodes/pve/qemu"),
				    .identity = PHX_STR("u1@pve!t2"),
				    .params = &p};

	(void)state;
	phx_params_add(&a, &p, PHX_STR("vmid"), PHX_STR("777"));
	phx_err_from_text(&err, PHX_ERR_SERVER, 403, PHX_STR("Permission check failed"), &c);
	assert_int_equal(err.kind, PHX_ERR_PERMISSION);
	assert_non_null(
		strstr(err.hint.ptr, "pveum acl modify /vms/777 --tokens 'u1@pve!t2' --roles PVEVMAdmin"));
	phx_err_done(&err);
	phx_arena_done(&a);
}

static void several_parameters_are_all_told(void **state)
{
	struct phx_err err = {0};
	struct phx_err_context c = {0};
	const struct phx_param errors[] = {
		{.name = PHX_STR("cores"), .value = PHX_STR("value must have a minimum value of 1")},
		{.name = PHX_STR("net0"),
		 .value = PHX_STR("invalid format - format error\nnet0.model: bad\n")}};

	(void)state;
	phx_err_from_params(&err, 400, errors, 2, &c);
	assert_int_equal(err.kind, PHX_ERR_PARAMETER);
	assert_string_equal(err.msg.ptr,
			    "Proxmox refuses the parameters: `cores`: value must have a minimum value of 1; "
			    "`net0`: invalid format - format error; net0.model: bad");
	phx_err_done(&err);
}

static void hostile_texts_are_cut_and_made_printable(void **state)
{
	struct phx_err err = {0};
	struct phx_err_context c = {0};
	struct phx_buf evil = {0};

	(void)state;
	for (int i = 0; i < 200000; i++)
		phx_buf_c(&evil, "Configuration file 'nodes/");
	phx_err_from_text(&err, PHX_ERR_SERVER, 500, phx_buf_view(&evil), &c);
	assert_true(err.msg.len < 10000);
	phx_err_from_text(&err, PHX_ERR_SERVER, 500, PHX_STR("a\x1b]0;x\x07\r\nb\0c"), &c);
	assert_null(strchr(err.msg.ptr, '\x1b'));
	phx_err_from_text(&err, PHX_ERR_SERVER, 500, PHX_STR("\n \n"), &c);
	assert_string_equal(err.msg.ptr, "HTTP status 500 without a message");
	phx_buf_done(&evil);
	phx_err_done(&err);
}

static void families_that_no_recording_has_are_known_too(void **state)
{
	static const struct {
		const char *text;
		enum phx_err_kind kind;
	} cases[] = {
		{"cluster not ready - no quorum?", PHX_ERR_QUORUM},
		{"create storage failed: cluster not ready - no quorum?", PHX_ERR_QUORUM},
		{"cfs-lock 'storage-local' error: got lock request timeout", PHX_ERR_LOCKED},
		{"error during cfs-locked 'domain-ha' operation: got lock request timeout", PHX_ERR_LOCKED},
		{"storage 'nfs1' is not online", PHX_ERR_STORAGE},
		{"storage 'local-lvm' is not available on node 'pve2'", PHX_ERR_STORAGE},
		{"lvcreate 'pve/vm-1-disk-0' error: Volume group has insufficient free space",
		 PHX_ERR_STORAGE},
	};
	struct phx_err err = {0};
	struct phx_err_context c = {0};

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(cases); i++) {
		phx_err_from_text(&err, PHX_ERR_SERVER, 500, phx_str_c(cases[i].text), &c);
		assert_int_equal(err.kind, cases[i].kind);
	}
	phx_err_done(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(advice_names_guest_lock_and_command),
		cmocka_unit_test(grants_name_path_role_and_credentials),
		cmocka_unit_test(creating_without_rights_names_the_guest_of_the_parameters),
		cmocka_unit_test(several_parameters_are_all_told),
		cmocka_unit_test(hostile_texts_are_cut_and_made_printable),
		cmocka_unit_test(families_that_no_recording_has_are_known_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

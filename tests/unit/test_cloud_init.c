#include "model_text.h"

#include "base/yaml.h"
#include "model/cloud_init.h"

#define VM(body) "vm web { id = 101; storage = \"ssd\"; disk = 8GiB; " body " }"

static struct phx_ci_text render(struct world *w, enum phx_ci_doc doc, bool agent)
{
	struct phx_ci_context c = {.stack = PHX_STR("lab"), .id = 101, .agent = agent};
	struct phx_ci_text docs[PHX_CI_COUNT];

	phx_ci_render(guest(w, "vm.web"), &c, &w->arena, docs);
	return docs[doc];
}

static struct phx_yaml *read_back(struct world *w, struct phx_str text)
{
	struct phx_yaml *y = NULL;
	struct phx_err err = {0};

	assert_true(phx_str_starts(text, "#cloud-config\n"));
	if (!phx_yaml_parse(text, &w->arena, &y, &err))
		fail_msg("%s", err.msg.ptr);
	phx_err_done(&err);
	return y;
}

static void one_user_with_keys_needs_no_document(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, VM("user ada { ssh_keys = [\"ssh-ed25519 A a\"]; password = secret \"hunter22\"; "
			   "sudo = true }"));
	assert_true(is_clean(&w));
	assert_false(phx_ci_whole(guest(&w, "vm.web")));
	assert_int_equal(render(&w, PHX_CI_USER, true).text.len, 0);
	assert_int_equal(render(&w, PHX_CI_VENDOR, true).text.len, 0);
	assert_string_equal(setting(&w, "vm.web", "ciuser"), "ada");
	world_close(&w);
}

static void the_user_document_has_these_bytes(void **state)
{
	struct world w = {0};
	struct phx_ci_text t;

	(void)state;
	world_build(&w,
		    VM("user zoe { sudo = false } user ada { ssh_keys = [\"ssh-ed25519 A a\\nssh-rsa B b\"]; "
		       "password = secret \"hunter22\"; sudo = \"ALL=(ALL) ALL\" } dns { search = "
		       "\"lab.example\" }"));
	assert_true(is_clean(&w));
	t = render(&w, PHX_CI_USER, false);
	assert_true(t.secret);
	assert_string_equal(
		t.text.ptr,
		"#cloud-config\n"
		"hostname: web\n"
		"fqdn: web.lab.example\n"
		"manage_etc_hosts: true\n"
		"ssh_pwauth: false\n"
		"package_upgrade: true\n"
		"users:\n"
		"- name: ada\n"
		"  shell: /bin/bash\n"
		"  lock_passwd: false\n"
		"  passwd: $6$40121a4bc99237ed$CWcS1Q6COXUJKun/mVq8PQEfHxrQGExP6GIIz2/y0CQbnXyntZXaz.I0YE2F"
		".OMChCuBEAbgUdhxS6cvmKhEp/\n"
		"  ssh_authorized_keys:\n"
		"  - ssh-ed25519 A a\n"
		"  - ssh-rsa B b\n"
		"  sudo: ALL=(ALL) ALL\n"
		"- name: zoe\n"
		"  shell: /bin/bash\n"
		"  lock_passwd: true\n");
	/* The options that it stands for are taken back. */
	assert_string_equal(setting(&w, "vm.web", "ciuser"), "(unset)");
	assert_string_equal(setting(&w, "vm.web", "cipassword"), "(unset)");
	world_close(&w);
}

static void names_that_look_like_something_else_stay_text(void **state)
{
	struct world w = {0};
	struct phx_yaml *users;

	(void)state;
	world_build(&w, VM("user on { sudo = false } user \"0x10\" { sudo = false }"));
	users = phx_yaml_get(read_back(&w, render(&w, PHX_CI_USER, false).text), "users");
	assert_int_equal(users->items.n, 2);
	assert_true(phx_str_eqc(phx_yaml_get(users->items.v[0], "name")->text, "0x10"));
	assert_true(phx_yaml_get(users->items.v[0], "name")->quoted);
	assert_true(phx_yaml_get(users->items.v[1], "name")->quoted);
	world_close(&w);
}

static void the_order_of_the_source_does_not_count(void **state)
{
	struct world w = {0}, v = {0};

	(void)state;
	world_build(&w, VM("user a { sudo = false } user b {} user c { sudo = \"x\" }"));
	world_build(&v, VM("user c { sudo = \"x\" } user a { sudo = false } user b {}"));
	assert_string_equal(render(&w, PHX_CI_USER, true).text.ptr, render(&v, PHX_CI_USER, true).text.ptr);
	world_close(&w);
	world_close(&v);
}

static void data_of_ones_own_is_merged(void **state)
{
	struct world w = {0};
	struct phx_yaml *y, *users;

	(void)state;
	world_build(
		&w,
		VM("user ada {} cloud_init { user_data = \"#cloud-config\\nusers: [{name: bob, gecos: B}]\\n"
		   "ssh_pwauth: true\\nruncmd: [[ls, /]]\\nntp: {enabled: true}\\n\" }"));
	assert_true(is_clean(&w));
	y = read_back(&w, render(&w, PHX_CI_USER, true).text);
	users = phx_yaml_get(y, "users");
	assert_int_equal(users->items.n, 2);
	assert_true(phx_str_eqc(phx_yaml_get(users->items.v[1], "gecos")->text, "B"));
	assert_true(phx_str_eqc(phx_yaml_get(y, "ssh_pwauth")->text, "true"));
	assert_int_equal(phx_yaml_get(y, "runcmd")->items.n, 2); /* the agent's, then one's own */
	assert_int_equal(phx_yaml_get(y, "runcmd")->items.v[1]->kind, PHX_YAML_LIST);
	assert_non_null(phx_yaml_get(phx_yaml_get(y, "ntp"), "enabled"));
	world_close(&w);
}

static void users_of_the_data_alone_replace_the_image_s_own(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, VM("cloud_init { user_data = \"#cloud-config\\nusers: [bob]\\n\" }"));
	assert_int_equal(phx_yaml_get(read_back(&w, render(&w, PHX_CI_USER, false).text), "users")->items.n,
			 1);
	world_close(&w);
	w = (struct world){0};
	world_build(&w, VM("cloud_init { user_data = \"#cloud-config\\na: 1\\n\" }"));
	assert_true(phx_str_eqc(
		phx_yaml_get(read_back(&w, render(&w, PHX_CI_USER, false).text), "users")->items.v[0]->text,
		"default"));
	world_close(&w);
}

static void the_agent_stands_where_nothing_hides_it(void **state)
{
	struct world w = {0};
	struct phx_str shared;

	(void)state;
	world_build(&w, VM("cloud_init { vendor_data = \"#cloud-config\\nruncmd: [ls]\\n\" }"));
	assert_int_equal(phx_yaml_get(read_back(&w, render(&w, PHX_CI_VENDOR, true).text), "runcmd")->items.n,
			 2);
	assert_int_equal(
		phx_yaml_get(read_back(&w, render(&w, PHX_CI_VENDOR, false).text), "runcmd")->items.n, 1);
	shared = phx_ci_agent_document(&w.arena);
	assert_non_null(phx_yaml_get(read_back(&w, shared), "runcmd"));
	world_close(&w);
	w = (struct world){0};
	/* `runcmd` of user data takes the place of the vendor's. */
	world_build(&w, VM("user a { sudo = false } cloud_init { vendor_data = \"#cloud-config\\nruncmd: "
			   "[ls]\\n\" }"));
	assert_int_equal(phx_yaml_get(read_back(&w, render(&w, PHX_CI_VENDOR, true).text), "runcmd")->items.n,
			 1);
	assert_int_equal(phx_yaml_get(read_back(&w, render(&w, PHX_CI_USER, true).text), "runcmd")->items.n,
			 1);
	world_close(&w);
}

static void network_data_goes_as_it_is(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, VM("cloud_init { network_data = \"version: 2 # mine\\n\" }"));
	assert_string_equal(render(&w, PHX_CI_NETWORK, true).text.ptr, "version: 2 # mine\n");
	assert_int_equal(render(&w, PHX_CI_USER, true).text.len, 0);
	world_close(&w);
}

static void a_hash_is_taken_as_it_is(void **state)
{
	struct phx_arena a = {0};
	struct phx_str hash = PHX_STR("$6$abc$def"), one, two;

	(void)state;
	assert_true(phx_str_eq(phx_ci_password(&a, PHX_STR("s"), 1, PHX_STR("u"), hash), hash));
	one = phx_ci_password(&a, PHX_STR("s"), 1, PHX_STR("u"), PHX_STR("pass word"));
	two = phx_ci_password(&a, PHX_STR("s"), 2, PHX_STR("u"), PHX_STR("pass word"));
	assert_true(phx_str_starts(one, "$6$") && phx_is_crypt_hash(one) && one.len == 3 + 16 + 1 + 86);
	assert_false(phx_str_eq(one, two)); /* the same password in two guests does not show as the same */
	assert_true(
		phx_str_eq(one, phx_ci_password(&a, PHX_STR("s"), 1, PHX_STR("u"), PHX_STR("pass word"))));
	assert_false(phx_is_crypt_hash(PHX_STR("$6$abc")));
	assert_false(phx_is_crypt_hash(PHX_STR("$y$j9T$a$b")));
	phx_arena_done(&a);
}

/* Who declares users nearest says which there are; what is not said of one comes from further away. */
static void users_meet_by_name(void **state)
{
	struct world w = {0};
	const struct phx_cloud_init *ci;

	(void)state;
	world_build(&w,
		    "defaults vm { user ada { ssh_keys = [\"ssh-rsa A\"] } user ops { sudo = false } }\n" VM(
			    "user ada { password = secret \"hunter22\" } user bob {}"));
	ci = &guest(&w, "vm.web")->ci;
	assert_int_equal(ci->users.n, 2);
	assert_true(phx_str_eqc(ci->users.v[0].name, "ada") && ci->users.v[0].keys.n == 1 &&
		    ci->users.v[0].password.len);
	assert_true(phx_str_eqc(ci->users.v[1].name, "bob") && ci->users.v[1].keys.n == 0);
	world_close(&w);
	w = (struct world){0};
	world_build(&w, "defaults vm { user ada { ssh_keys = [\"ssh-rsa A\"] } }\n" VM("user bob {}"));
	ci = &guest(&w, "vm.web")->ci;
	assert_int_equal(ci->users.n, 1);
	assert_true(phx_str_eqc(ci->users.v[0].name, "bob") && ci->users.v[0].keys.n == 1);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_user_with_keys_needs_no_document),
		cmocka_unit_test(the_user_document_has_these_bytes),
		cmocka_unit_test(names_that_look_like_something_else_stay_text),
		cmocka_unit_test(the_order_of_the_source_does_not_count),
		cmocka_unit_test(data_of_ones_own_is_merged),
		cmocka_unit_test(users_of_the_data_alone_replace_the_image_s_own),
		cmocka_unit_test(the_agent_stands_where_nothing_hides_it),
		cmocka_unit_test(network_data_goes_as_it_is),
		cmocka_unit_test(a_hash_is_taken_as_it_is),
		cmocka_unit_test(users_meet_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

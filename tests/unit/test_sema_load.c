/* Files and directories. */
#include "sema_text.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct lab {
	char dir[32];
	struct phx_arena arena;
	struct phx_sources sources;
	struct phx_diag_bag bag;
	struct phx_secrets secrets;
	struct phx_err err;
};

static const char *path_of(struct lab *l, const char *name)
{
	return phx_str_printf(&l->arena, "%s/%s", l->dir, name).ptr;
}

static void put(struct lab *l, const char *name, const char *text)
{
	FILE *f = fopen(path_of(l, name), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int set_up(void **state)
{
	struct lab *l = calloc(1, sizeof(*l));

	memcpy(l->dir, "/tmp/phx-load-XXXXXX", sizeof("/tmp/phx-load-XXXXXX"));
	assert_non_null(mkdtemp(l->dir));
	phx_sources_init(&l->sources, &l->arena);
	phx_diag_bag_init(&l->bag, &l->arena, &l->sources);
	l->secrets.arena = &l->arena;
	*state = l;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = {"a.phx", "b.phx", ".hidden.phx", "notes.txt", "keys/k.pub"};
	struct lab *l = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(path_of(l, names[i]));
	rmdir(path_of(l, "keys"));
	rmdir(path_of(l, "empty.phx"));
	rmdir(l->dir);
	phx_err_done(&l->err);
	phx_arena_done(&l->arena);
	free(l);
	return 0;
}

static struct phx_config *load(struct lab *l, const char *path)
{
	struct phx_str p = phx_str_c(path);

	return phx_sema_load(&l->sources, &p, 1, NULL, &l->arena, &l->bag, &l->secrets, &l->err);
}

static void a_directory_is_its_phx_files_in_byte_order(void **state)
{
	struct lab *l = *state;
	struct phx_config *c;

	put(l, "b.phx", "vm b { notes = k }");
	put(l, "a.phx", "vm a { cores = 1 }\nlet k = trim(file(\"keys/k.pub\"))");
	put(l, ".hidden.phx", "vm hidden {}");
	put(l, "notes.txt", "no configuration");
	mkdir(path_of(l, "keys"), 0700);
	put(l, "keys/k.pub", "key\n");
	c = load(l, l->dir);
	assert_non_null(c);
	assert_int_equal(l->bag.errors, 0);
	assert_int_equal(c->decls.n, 2);
	assert_true(phx_str_eqc(c->decls.v[0]->address, "vm.a"));
	assert_true(phx_str_eqc(c->decls.v[1]->address, "vm.b"));
	assert_true(phx_str_eqc(c->decls.v[0]->dir, l->dir));
	assert_true(phx_str_eqc(phx_block_attr(&c->decls.v[1]->body, "notes")->value.s, "key"));
}

static void a_file_alone_is_a_configuration(void **state)
{
	struct lab *l = *state;
	struct phx_config *c;

	put(l, "a.phx", "stack \"x\"");
	c = load(l, path_of(l, "a.phx"));
	assert_non_null(c);
	assert_true(phx_str_eqc(c->stack, "x"));
}

static void what_cannot_be_read_is_an_error_of_the_operation(void **state)
{
	struct lab *l = *state;

	assert_null(load(l, path_of(l, "missing.phx")));
	assert_int_equal(l->err.kind, PHX_ERR_IO);
	assert_non_null(strstr(l->err.msg.ptr, "missing.phx"));
	phx_err_clear(&l->err);
	assert_null(load(l, l->dir));
	assert_non_null(strstr(l->err.msg.ptr, "no .phx file"));
	phx_err_clear(&l->err);
	assert_null(load(l, "/dev/null"));
	assert_int_equal(l->err.kind, PHX_ERR_IO);
}

static void mistakes_do_not_stop_the_load(void **state)
{
	struct lab *l = *state;
	struct phx_config *c;

	put(l, "a.phx", "vm a { memroy = 1 }\nvm b { cores = 2 }\nvm c {");
	c = load(l, path_of(l, "a.phx"));
	assert_non_null(c);
	assert_true(l->bag.errors >= 2);
	assert_true(c->decls.v[0]->poisoned);
	assert_false(c->decls.v[1]->poisoned);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_directory_is_its_phx_files_in_byte_order, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_file_alone_is_a_configuration, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_an_error_of_the_operation, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(mistakes_do_not_stop_the_load, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("sema: load", tests, NULL, NULL);
}

#include "options_lab.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/sys.h"

static void options_and_members_of_families_are_found_by_their_full_names(void **state)
{
	struct tables t;
	int index;
	(void)state;
	tables_open(&t);
	const struct phx_option *scsi = phx_option_find(t.vm, PHX_STR("scsi3"), &index);
	assert_non_null(scsi);
	assert_int_equal(index, 3);
	assert_str(scsi->name, "scsi");
	assert_int_equal(scsi->count, 31);
	assert_non_null(phx_option_find(t.vm, PHX_STR("scsi30"), NULL));
	assert_null(phx_option_find(t.vm, PHX_STR("scsi31"), NULL));
	assert_null(phx_option_find(t.vm, PHX_STR("scsi03"), NULL));
	assert_null(phx_option_find(t.vm, PHX_STR("scsi"), NULL));
	assert_null(phx_option_find(t.vm, PHX_STR("scsi99999999999999999999"), NULL));
	assert_null(phx_option_find(t.vm, PHX_STR(""), NULL));
	assert_null(phx_option_find(t.vm, PHX_STR("0"), NULL));
	assert_ptr_equal(phx_option_family(t.vm, PHX_STR("scsi31")), scsi);
	assert_null(phx_option_family(t.vm, PHX_STR("scsi3")));
	const struct phx_option *audio = phx_option_find(t.vm, PHX_STR("audio0"), &index);
	assert_non_null(audio);
	assert_int_equal(index, -1);
	assert_non_null(phx_option_find(t.container, PHX_STR("mp255"), NULL));
	assert_null(phx_option_find(t.container, PHX_STR("mp256"), NULL));
	tables_close(&t);
}

static void an_option_and_a_family_of_one_name_are_two(void **state)
{
	struct tables t;
	(void)state;
	tables_open(&t);
	const struct phx_option *numa = option_of(t.vm, "numa"), *node = option_of(t.vm, "numa3");
	assert_int_equal(numa->type, PHX_TYPE_BOOLEAN);
	assert_int_equal(node->count, 8);
	assert_non_null(node->keys);
	tables_close(&t);
}

static void near_names_are_offered(void **state)
{
	struct tables t;
	(void)state;
	tables_open(&t);
	assert_str(phx_option_nearest(t.vm, &t.arena, PHX_STR("scis3")), "scsi3");
	assert_str(phx_option_nearest(t.vm, &t.arena, PHX_STR("ballon")), "balloon");
	assert_str(phx_option_nearest(t.vm, &t.arena, PHX_STR("on_boot")), "onboot");
	assert_str(phx_option_nearest(t.vm, &t.arena, PHX_STR("scsi")), "scsi0");
	assert_str(phx_option_nearest(t.vm, &t.arena, PHX_STR("frobnicate")), "");
	assert_str(phx_option_nearest(t.container, &t.arena, PHX_STR("timezon")), "timezone");
	tables_close(&t);
}

static void impact_units_and_attributes_come_from_the_overlay(void **state)
{
	struct tables t;
	(void)state;
	tables_open(&t);
	assert_int_equal(option_of(t.vm, "description")->impact, PHX_IMPACT_LIVE);
	assert_int_equal(option_of(t.vm, "cores")->impact, PHX_IMPACT_RESTART);
	assert_int_equal(option_of(t.vm, "scsi0")->impact, PHX_IMPACT_HOTPLUG);
	assert_str(option_of(t.vm, "scsi0")->hotplug_class, "disk");
	assert_int_equal(option_of(t.vm, "ide2")->impact, PHX_IMPACT_RESTART);
	assert_str(option_of(t.vm, "net1")->hotplug_class, "network");
	assert_str(option_of(t.vm, "ciuser")->hotplug_class, "cloudinit");
	assert_int_equal(option_of(t.vm, "ciuser")->impact, PHX_IMPACT_LIVE);
	assert_int_equal(option_of(t.vm, "template")->impact, PHX_IMPACT_OFFLINE);
	assert_int_equal(option_of(t.container, "memory")->impact, PHX_IMPACT_LIVE);
	assert_int_equal(option_of(t.container, "features")->impact, PHX_IMPACT_RESTART);
	assert_str(option_of(t.container, "mp0")->hotplug_class, "new");
	assert_str(option_of(t.vm, "memory")->attribute, "memory");
	assert_int_equal(option_of(t.vm, "boot")->attribute.len, 0);
	assert_true(option_of(t.vm, "cipassword")->flags & PHX_OPTION_WRITE_ONLY);
	assert_true(option_of(t.vm, "delete")->flags & PHX_OPTION_UPDATE_ONLY);
	assert_true(option_of(t.container, "ostemplate")->flags & PHX_OPTION_CREATE_ONLY);
	assert_true(option_of(t.container, "unprivileged")->flags & PHX_OPTION_READ_ONLY);
	assert_false(option_of(t.vm, "cores")->flags & (PHX_OPTION_CREATE_ONLY | PHX_OPTION_UPDATE_ONLY));
	tables_close(&t);
}

static void sizes_and_durations_become_the_option_s_own_unit(void **state)
{
	struct tables t;
	struct phx_buf b = {0};
	const uint64_t gib = (uint64_t)1 << 30;
	(void)state;
	tables_open(&t);
	assert_true(phx_option_from_bytes(option_of(t.vm, "memory"), 8 * gib, &b));
	assert_buf(&b, "8192");
	assert_true(phx_option_from_bytes(option_of(t.container, "swap"), 0, &b));
	assert_buf(&b, "0");
	assert_false(phx_option_from_bytes(option_of(t.vm, "memory"), 8 * gib + 1, &b));
	assert_false(phx_option_from_bytes(option_of(t.vm, "cores"), 8 * gib, &b));
	const struct phx_option *size = phx_option_key(option_of(t.vm, "scsi0"), PHX_STR("size"));
	assert_true(phx_option_from_bytes(size, 32 * gib, &b));
	assert_buf(&b, "32G");
	assert_true(phx_option_from_bytes(size, 528 * 1024, &b));
	assert_buf(&b, "528K");
	const struct phx_option *up = phx_option_key(option_of(t.vm, "startup"), PHX_STR("up"));
	assert_true(phx_option_from_ms(up, 90000, &b));
	assert_buf(&b, "90");
	assert_false(phx_option_from_ms(up, 1500, &b));
	assert_true(phx_option_from_ms(option_of(t.vm, "migrate_downtime"), 1500, &b));
	assert_buf(&b, "1.5");
	assert_false(phx_option_from_ms(option_of(t.vm, "cores"), 1000, &b));
	phx_buf_done(&b);
	tables_close(&t);
}

static bool root_only(const struct phx_option_table *t, const char *key, const char *value)
{
	return phx_option_root_only(option_of(t, key), phx_str_c(value));
}

static void what_only_root_may_set_depends_on_the_value(void **state)
{
	struct tables t;
	(void)state;
	tables_open(&t);
	assert_true(root_only(t.vm, "args", "-foo"));                      /* 063 */
	assert_true(root_only(t.vm, "hookscript", "local:snippets/a.pl")); /* 794 */
	assert_true(root_only(t.vm, "hostpci0", "0000:01:00.0"));          /* 132 */
	assert_false(root_only(t.vm, "hostpci0", "mapping=gpu,pcie=1"));
	assert_true(root_only(t.vm, "serial0", "/dev/ttyS0")); /* 133 */
	assert_false(root_only(t.vm, "serial0", "socket"));
	assert_false(root_only(t.vm, "usb0", "host=SPICE"));
	assert_true(root_only(t.vm, "usb0", "1234:5678"));
	assert_true(root_only(t.vm, "scsi0", "/dev/sdb"));
	assert_true(root_only(t.vm, "scsi0", "local:0,import-from=/tmp/x.img")); /* 171 */
	assert_false(root_only(t.vm, "scsi0", "local:4,ssd=1"));
	assert_false(root_only(t.vm, "cores", "4"));
	assert_false(root_only(t.container, "features", "nesting=1"));
	assert_true(root_only(t.container, "features", "nesting=1,keyctl=1")); /* 389 */
	assert_true(root_only(t.container, "mp0", "/mnt/x,mp=/x"));            /* 393 */
	assert_false(root_only(t.container, "mp0", "local:4,mp=/x"));
	assert_true(root_only(t.container, "dev0", "/dev/kvm"));
	tables_close(&t);
}

static void every_table_can_be_read_and_is_in_order(void **state)
{
	struct tables t;
	(void)state;
	tables_open(&t);
	for (int k = 0; k < PHX_OPTIONS_COUNT; k++) {
		const struct phx_option_table *table =
			phx_options_table(t.options, (enum phx_option_kind)k, &t.err);
		assert_non_null(table);
		assert_true(table->n > 0);
		assert_ptr_equal(table, phx_options_table(t.options, (enum phx_option_kind)k, &t.err));
		for (uint32_t i = 1; i < table->n; i++)
			assert_true(phx_str_cmp(table->options[i - 1].name, table->options[i].name) <= 0);
		for (uint32_t i = 0; i < table->n; i++) {
			const struct phx_option *o = &table->options[i];
			/* Whatever says it has a format has somebody to check it. */
			if (o->format.len > 0 && !o->keys && !o->checker)
				print_error("no check of format " PHX_STR_FMT "\n", PHX_STR_ARG(o->format));
			assert_true(o->format.len == 0 || o->keys || o->checker);
			for (uint32_t j = 0; j < o->nkeys; j++)
				assert_true(o->keys[j].format.len == 0 || o->keys[j].checker);
		}
	}
	tables_close(&t);
}

static void the_names_of_macros_are_there(void **state)
{
	struct tables t;
	uint32_t n = 0;
	bool ssh = false;
	(void)state;
	tables_open(&t);
	const struct phx_str *names = phx_options_macros(t.options, &n, &t.err);
	assert_non_null(names);
	assert_true(n > 80);
	for (uint32_t i = 0; i < n; i++)
		ssh |= phx_str_eqc(names[i], "SSH");
	assert_true(ssh);
	tables_close(&t);
}

static void labels_and_what_is_allowed_read_well(void **state)
{
	struct tables t;
	struct phx_buf b = {0};
	(void)state;
	tables_open(&t);
	phx_option_label(option_of(t.vm, "scsi1"), &b);
	assert_buf(&b, "scsi[0-30]");
	phx_option_label(option_of(t.vm, "cores"), &b);
	assert_buf(&b, "cores");
	phx_option_allowed(option_of(t.vm, "bios"), &b);
	assert_buf(&b, "one of seabios, ovmf");
	phx_option_allowed(option_of(t.vm, "cpulimit"), &b);
	assert_buf(&b, "a number from 0 to 128");
	phx_option_allowed(option_of(t.vm, "cores"), &b);
	assert_buf(&b, "a whole number of at least 1");
	phx_option_allowed(option_of(t.vm, "kvm"), &b);
	assert_buf(&b, "0 or 1");
	phx_option_allowed(option_of(t.vm, "agent"), &b);
	assert_buf(&b, "keys enabled, freeze-fs-on-backup, fstrim_cloned_disks, type");
	phx_option_allowed(option_of(t.vm, "args"), &b);
	assert_buf(&b, "any text");
	phx_buf_done(&b);
	tables_close(&t);
}

/* A directory of its own as etc/, with one table. */
static void with_table(const char *text, const char *expected)
{
	char dir[] = "/tmp/phx-options-XXXXXX";
	struct phx_arena arena = {0};
	struct phx_err err = {0};
	char *was = strdup(getenv("PHX_ETC"));
	assert_non_null(mkdtemp(dir));
	struct phx_str pve = phx_str_printf(&arena, "%s/pve/8.4", dir);
	assert_true(phx_make_dirs(pve.ptr, 0700, &err));
	struct phx_str path = phx_path_join(&arena, pve, PHX_STR("pool"));
	if (text)
		assert_true(phx_write_file_atomic(path.ptr, phx_str_c(text), 0600, &err));
	setenv("PHX_ETC", dir, 1);
	struct phx_options *o = phx_options_new(&arena, (struct phx_str){0});
	const struct phx_option_table *t = phx_options_table(o, PHX_OPTIONS_POOL, &err);
	setenv("PHX_ETC", was, 1);
	free(was);
	if (expected) {
		assert_null(t);
		if (!strstr(err.msg.ptr, expected))
			print_error("%s\n", err.msg.ptr);
		assert_non_null(strstr(err.msg.ptr, expected));
	} else {
		assert_non_null(t);
	}
	unlink(path.ptr);
	rmdir(pve.ptr);
	rmdir(phx_str_printf(&arena, "%s/pve", dir).ptr);
	rmdir(dir);
	phx_err_done(&err);
	phx_arena_done(&arena);
}

#define HEAD "phx-options\t1\tpool\n"

static void a_damaged_table_is_an_error_with_its_line(void **state)
{
	(void)state;
	with_table(HEAD "option\tx\tstring\topt\n", NULL);
	with_table(NULL, "incomplete");
	with_table("", "not a table");
	with_table("phx-options\t2\tpool\n", "not a table");
	with_table(HEAD "option\tx\n", ":2: name or type is missing");
	with_table(HEAD "option\tx\tcolour\n", ":2: unknown type");
	with_table(HEAD "option\tx\tstring\tfrob=1\n", ":2: unknown attribute");
	with_table(HEAD "option\tx[0-\tstring\n", "a family without its range");
	with_table(HEAD "option\tx[5-3]\tstring\n", "a family without its range");
	with_table(HEAD "option\tx\tinteger\tmin=abc\n", "a limit that is no number");
	with_table(HEAD "option\tx\tstring\tmaxlen=-1\n", "a length that is no number");
	with_table(HEAD "option\tx\tstring\tkeys=nosuch\n", "unknown property-string format");
	with_table(HEAD "option\tx\tstring\twords=nosuch\n", "unknown list of words");
	with_table(HEAD "option\tx\tstring\timpact=maybe\n", "unknown impact");
	with_table(HEAD "option\tx\tstring\tunit=acre\n", "unknown unit");
	with_table(HEAD "option\tx\tstring\tcanon=law\n", "unknown canonical form");
	with_table(HEAD "option\tx\tstring\tpat=(\n", "( without )");
	with_table(HEAD "frob\tx\n", "unknown kind of line");
	with_table(HEAD "format\n", "a format without a name");
	with_table(HEAD "words\tx\n", "words without a name or a list");
	with_table(HEAD "format\tf\nkey\tb\tstring\nkey\ta\tstring\n", ":4: keys out of order");
	with_table(HEAD "format\tf\nkey\tb\n", "name or type is missing");
}

static void the_nearest_version_that_is_not_newer_is_taken(void **state)
{
	struct phx_arena arena = {0};
	struct phx_err err = {0};
	static const char *const versions[] = {"", "8.4", "9.0", "8.10", "7.0"};
	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(versions); i++) {
		struct phx_options *o = phx_options_new(&arena, phx_str_c(versions[i]));
		assert_non_null(phx_options_table(o, PHX_OPTIONS_POOL, &err));
	}
	phx_err_done(&err);
	phx_arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_members_of_families_are_found_by_their_full_names),
		cmocka_unit_test(an_option_and_a_family_of_one_name_are_two),
		cmocka_unit_test(near_names_are_offered),
		cmocka_unit_test(impact_units_and_attributes_come_from_the_overlay),
		cmocka_unit_test(sizes_and_durations_become_the_option_s_own_unit),
		cmocka_unit_test(what_only_root_may_set_depends_on_the_value),
		cmocka_unit_test(every_table_can_be_read_and_is_in_order),
		cmocka_unit_test(the_names_of_macros_are_there),
		cmocka_unit_test(labels_and_what_is_allowed_read_well),
		cmocka_unit_test(a_damaged_table_is_an_error_with_its_line),
		cmocka_unit_test(the_nearest_version_that_is_not_newer_is_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

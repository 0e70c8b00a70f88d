#include "model_text.h"

#include <unistd.h>

#include "model/feature.h"
#include "model/schema_check.h"
#include "model/schema_priv.h"

static void every_attribute_of_a_guest_stands_at_its_number(void **state)
{
	const struct phx_block_spec *vm = phx_schema_kind(PHX_KIND_VM),
				    *ct = phx_schema_kind(PHX_KIND_CONTAINER);

	(void)state;
	assert_string_equal(vm->attrs[PHX_GA_FEATURES].name, "features");
	assert_string_equal(vm->attrs[PHX_GA_DISK].name, "disk");
	assert_string_equal(vm->attrs[PHX_GA_USB].name, "usb");
	assert_null(vm->attrs[PHX_GA_VM_END].name);
	assert_string_equal(ct->attrs[PHX_GA_IDMAP].name, "idmap");
	assert_null(ct->attrs[PHX_GA_CONTAINER_END].name);
	for (int i = 0; i < PHX_GA_COMMON_END; i++)
		assert_string_equal(vm->attrs[i].name, ct->attrs[i].name);
	/* No hole: it would end the table. */
	for (int i = 0; i < PHX_GA_VM_END; i++)
		assert_non_null(vm->attrs[i].name);
	for (int i = 0; i < PHX_GA_CONTAINER_END; i++)
		assert_non_null(ct->attrs[i].name);
}

static void the_schema_has_the_whole_language(void **state)
{
	static const char *const common[] = {"id",      "name",       "node",     "template", "clone",
					     "full",    "cores",      "memory",   "storage",  "bridge",
					     "tags",    "pool",       "notes",    "on_boot",  "running",
					     "protect", "depends_on", "features", "cluster"};
	static const char *const common_blocks[] = {
		"network",  "dns",      "startup",   "nfs",      "file",    "script",   "health",
		"snapshot", "firewall", "lifecycle", "timeouts", "options", "metadata", "disk"};
	static const char *const vm_attrs[] = {"image",   "iso", "disk",    "bios",
					       "machine", "gpu", "hostpci", "usb"};
	static const char *const vm_blocks[] = {"disk", "cpu", "hostpci", "agent", "user", "cloud_init"};
	static const char *const ct_attrs[] = {"ostemplate", "rootfs", "swap",   "unprivileged",
					       "nesting",    "gpu",    "device", "idmap"};
	static const char *const ct_blocks[] = {"mount", "device", "lxc"};
	const struct phx_block_spec *vm = phx_schema_kind(PHX_KIND_VM),
				    *ct = phx_schema_kind(PHX_KIND_CONTAINER);

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(common); i++) {
		assert_non_null(phx_schema_attr(vm, phx_str_c(common[i])));
		assert_non_null(phx_schema_attr(ct, phx_str_c(common[i])));
	}
	for (size_t i = 0; i < PHX_COUNTOF(common_blocks); i++) {
		assert_non_null(phx_schema_block(vm, phx_str_c(common_blocks[i])));
		assert_non_null(phx_schema_block(ct, phx_str_c(common_blocks[i])));
	}
	for (size_t i = 0; i < PHX_COUNTOF(vm_attrs); i++)
		assert_non_null(phx_schema_attr(vm, phx_str_c(vm_attrs[i])));
	for (size_t i = 0; i < PHX_COUNTOF(vm_blocks); i++)
		assert_non_null(phx_schema_block(vm, phx_str_c(vm_blocks[i])));
	for (size_t i = 0; i < PHX_COUNTOF(ct_attrs); i++)
		assert_non_null(phx_schema_attr(ct, phx_str_c(ct_attrs[i])));
	for (size_t i = 0; i < PHX_COUNTOF(ct_blocks); i++)
		assert_non_null(phx_schema_block(ct, phx_str_c(ct_blocks[i])));
	assert_null(phx_schema_attr(vm, PHX_STR("swap")));
	assert_null(phx_schema_attr(ct, PHX_STR("bios")));
	assert_null(phx_schema_attr(vm, PHX_STR("")));
	assert_null(phx_schema_block(vm, PHX_STR("mount")));
}

static void each_option(struct world *w, enum phx_kind kind, const struct phx_block_spec *b)
{
	for (const struct phx_attr_spec *a = b->attrs; a->name; a++) {
		bool elsewhere = !a->option || strcmp(b->name, "firewall") == 0;

		if (!elsewhere && !phx_schema_option(w->options, kind, a))
			fail_msg("%s.%s: no option %s", b->name, a->name, a->option);
	}
	for (const struct phx_block_spec *const *c = b->blocks; c && *c; c++)
		each_option(w, kind, *c);
}

static void every_option_of_the_schema_stands_in_the_tables(void **state)
{
	struct world w = {0};

	(void)state;
	world_read(&w, "");
	each_option(&w, PHX_KIND_VM, phx_schema_kind(PHX_KIND_VM));
	each_option(&w, PHX_KIND_CONTAINER, phx_schema_kind(PHX_KIND_CONTAINER));
	world_close(&w);
}

static void kinds_are_found_by_name(void **state)
{
	(void)state;
	for (int k = PHX_KIND_NONE + 1; k < PHX_KIND_COUNT; k++) {
		assert_int_equal(phx_kind_find(phx_str_c(phx_kind_name((enum phx_kind)k))), k);
		assert_non_null(phx_schema_kind((enum phx_kind)k));
	}
	assert_int_equal(phx_kind_find(PHX_STR("virtual-machine")), PHX_KIND_NONE);
	assert_null(phx_schema_kind(PHX_KIND_NONE));
}

static void setting_an_attribute_twice_replaces_it(void **state)
{
	struct phx_arena a = {0};
	struct phx_decl *d = phx_decl_new(&a, PHX_KIND_VM, PHX_STR("web"), (struct phx_span){0});
	struct phx_block *dns;

	(void)state;
	assert_str(d->address, "vm.web");
	phx_block_set(&a, &d->body, PHX_STR("cores"), phx_value_int(1, (struct phx_span){0}),
		      (struct phx_span){0});
	phx_block_set(&a, &d->body, PHX_STR("memory"), phx_value_size(1, (struct phx_span){0}),
		      (struct phx_span){0});
	phx_block_set(&a, &d->body, PHX_STR("cores"), phx_value_int(2, (struct phx_span){0}),
		      (struct phx_span){0});
	assert_int_equal(d->body.attrs.n, 2);
	assert_int_equal(phx_block_attr(&d->body, "cores")->value.i, 2);
	assert_string_equal(phx_block_attr(&d->body, "cores")->spec->option, "cores");
	assert_null(phx_block_attr(&d->body, "core"));
	dns = phx_block_add(&a, &d->body, "dns", PHX_STR(""), (struct phx_span){0});
	assert_ptr_equal(phx_block_child(&d->body, "dns"), dns);
	assert_null(phx_block_child(&d->body, "cpu"));
	phx_arena_done(&a);
}

/* --- checks --- */

static const struct phx_diag *last(struct world *w)
{
	return w->bag.diags.n ? w->bag.diags.v[w->bag.diags.n - 1] : NULL;
}

static void unknown_names_are_told_with_where_they_belong(void **state)
{
	struct world w = {0};
	struct phx_schema_ctx c;
	const struct phx_block_spec *vm = phx_schema_kind(PHX_KIND_VM);

	(void)state;
	world_read(&w, "vm a {}");
	c = (struct phx_schema_ctx){.bag = &w.bag, .options = w.options, .kind = PHX_KIND_VM};
	phx_schema_unknown_attr(&c, vm, PHX_STR("memroy"), (struct phx_span){1, 0, 4});
	assert_str(last(&w)->helps.v[0], "did you mean `memory`?");
	phx_schema_unknown_attr(&c, vm, PHX_STR("swap"), (struct phx_span){1, 0, 4});
	assert_str(last(&w)->helps.v[0], "only a `container` has `swap`");
	phx_schema_unknown_attr(&c, vm, PHX_STR("balloon"), (struct phx_span){1, 0, 4});
	assert_str(last(&w)->helps.v[0], "Proxmox's own options go into `options { balloon = … }`");
	phx_schema_unknown_attr(&c, vm, PHX_STR("network"), (struct phx_span){1, 0, 4});
	assert_str(last(&w)->message, "`network` is a block of `vm`, not an attribute");
	phx_schema_unknown_attr(&c, phx_schema_block(vm, PHX_STR("cpu")), PHX_STR("memory"),
				(struct phx_span){1, 0, 4});
	assert_str(last(&w)->helps.v[0], "`memory` belongs to the `vm` itself, outside of `cpu`");
	phx_schema_unknown_block(&c, vm, PHX_STR("cores"), (struct phx_span){1, 0, 4});
	assert_str(last(&w)->message, "`cores` is an attribute of `vm`, not a block");
	phx_schema_unknown_block(&c, vm, PHX_STR("netwrok"), (struct phx_span){1, 0, 4});
	assert_str(last(&w)->helps.v[0], "did you mean `network`?");
	phx_schema_unknown_block(&c, vm, PHX_STR("zzzzzzz"), (struct phx_span){1, 0, 4});
	assert_int_equal(last(&w)->helps.n, 0);
	world_close(&w);
}

static void labels_are_checked_by_kind_of_block(void **state)
{
	struct world w = {0};
	struct phx_schema_ctx c;
	const struct phx_block_spec *vm = phx_schema_kind(PHX_KIND_VM), *rule;

	(void)state;
	world_read(&w, "vm a {}");
	c = (struct phx_schema_ctx){.bag = &w.bag, .kind = PHX_KIND_VM};
	rule = phx_schema_block(phx_schema_block(vm, PHX_STR("firewall")), PHX_STR("rule"));
	assert_true(phx_schema_label(&c, vm, PHX_STR("web"), PHX_STR(""), (struct phx_span){0}));
	assert_false(phx_schema_label(&c, vm, PHX_STR(""), PHX_STR(""), (struct phx_span){0}));
	assert_false(phx_schema_label(&c, phx_schema_block(vm, PHX_STR("dns")), PHX_STR("x"), PHX_STR(""),
				      (struct phx_span){0}));
	assert_true(phx_schema_label(&c, phx_schema_block(vm, PHX_STR("disk")), PHX_STR(""), PHX_STR(""),
				     (struct phx_span){0}));
	assert_true(phx_schema_label(&c, rule, PHX_STR("in"), PHX_STR("accept"), (struct phx_span){0}));
	assert_true(phx_schema_label(&c, rule, PHX_STR("group"), PHX_STR("web"), (struct phx_span){0}));
	assert_false(phx_schema_label(&c, rule, PHX_STR("in"), PHX_STR("allow"), (struct phx_span){0}));
	assert_false(phx_schema_label(&c, rule, PHX_STR("up"), PHX_STR("accept"), (struct phx_span){0}));
	assert_false(phx_schema_label(&c, rule, PHX_STR(""), PHX_STR(""), (struct phx_span){0}));
	assert_int_equal(w.bag.errors, 5);
	world_close(&w);
}

struct fit {
	const char *attr, *value;
	const char *message; /* NULL: it fits */
	const char *help;
};

static const struct fit fits[] = {
	{"cores", "4", NULL, NULL},
	{"cores", "null", NULL, NULL},
	{"cores", "unknown int", NULL, NULL},
	{"cores", "poison", NULL, NULL},
	{"cores", "unknown string", "`cores` takes an int", NULL},
	{"cores", "\"4\"", "`cores` takes an int", "values of this type are written without quotes"},
	{"cores", "1.5", "`cores` takes an int", NULL},
	{"memory", "8GiB", NULL, NULL},
	{"memory", "2048", "`memory` takes a size such as `8GiB`", "a size says its unit: `2048MiB`"},
	{"disk", "32", "`disk` takes a size such as `8GiB`", "a size says its unit: `32GiB`"},
	{"template", "1", "`template` takes `true` or `false`", NULL},
	{"tags", "[\"a\", \"b\"]", NULL, NULL},
	{"tags", "\"a\"", NULL, NULL},
	{"tags", "[\"a\", 1]", "`tags` takes a list of strings", NULL},
	{"name", "[\"a\"]", "`name` takes a string", NULL},
	{"name", "secret \"x\"", "a secret may not become `name`, which phx shows in plans", NULL},
	{"bios", "ovmf", NULL, NULL},
	{"bios", "uefi", "`bios` cannot be `uefi`", NULL},
	{"bios", "seabois", "`bios` cannot be `seabois`", "did you mean `seabios`?"},
	{"machine", "q35", NULL, NULL},
	{"machine", "\"pc-q35-8.1\"", NULL, NULL},
	{"clone", "vm.a", NULL, NULL},
	{"clone", "image.a", "`clone` takes `vm.NAME` or `container.NAME`", NULL},
	{"clone", "\"a\"", "`clone` takes `vm.NAME` or `container.NAME`",
	 "references are written without quotes"},
	{"pool", "pool.a", NULL, NULL},
	{"pool", "\"a\"", NULL, NULL},
	{"features", "[feature.docker, feature.x(a = 1)]", NULL, NULL},
	{"features", "[vm.a]", "`features` takes a list of features such as `feature.docker`", NULL},
	{"depends_on", "[vm.a, pool.b, image.c]", NULL, NULL},
	{"depends_on", "[feature.x]",
	 "`depends_on` takes a list of `image.NAME`, `pool.NAME`, `vm.NAME` or `container.NAME`", NULL},
};

static void values_fit_or_are_told_what_would(void **state)
{
	struct world w = {0};
	struct phx_schema_ctx c;

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(fits); i++) {
		struct phx_buf text = {0};
		const struct phx_attr *a;
		uint32_t before;
		bool ok;

		phx_buf_printf(&text, "vm v%zu { %s = %s }", i, fits[i].attr, fits[i].value);
		world_read(&w, text.ptr);
		c = (struct phx_schema_ctx){.bag = &w.bag, .options = w.options, .kind = PHX_KIND_VM};
		a = &w.config.decls.v[i]->body.attrs.v[0];
		before = w.bag.diags.n;
		ok = phx_schema_value(&c, a->spec, &a->value);
		if (ok != !fits[i].message)
			print_error("%s\n", text.ptr);
		assert_int_equal(ok, !fits[i].message);
		assert_int_equal(w.bag.diags.n, before + !ok);
		if (!ok)
			assert_str(last(&w)->message, fits[i].message);
		if (fits[i].help)
			assert_str(last(&w)->helps.v[0], fits[i].help);
		phx_buf_done(&text);
	}
	world_close(&w);
}

static void more_types_have_hints_of_their_own(void **state)
{
	struct world w = {0};
	struct phx_schema_ctx c;
	const struct phx_block *net, *startup;

	(void)state;
	world_read(&w,
		   "vm a { network { ip = 10.0.0.1; gw = 10.0.0.1/24; mac = \"x\" } startup { up = 30 } }");
	c = (struct phx_schema_ctx){.bag = &w.bag, .options = w.options, .kind = PHX_KIND_VM};
	net = phx_block_child(&w.config.decls.v[0]->body, "network");
	startup = phx_block_child(&w.config.decls.v[0]->body, "startup");
	assert_false(phx_schema_value(&c, net->attrs.v[0].spec, &net->attrs.v[0].value));
	assert_str(last(&w)->helps.v[0], "add the prefix of its subnet, such as `/24`");
	assert_str(last(&w)->message,
		   "`ip` takes `dhcp` or an address with its prefix such as `10.0.0.1/24`");
	assert_false(phx_schema_value(&c, net->attrs.v[1].spec, &net->attrs.v[1].value));
	assert_str(last(&w)->helps.v[0], "leave the prefix out");
	assert_false(phx_schema_value(&c, net->attrs.v[2].spec, &net->attrs.v[2].value));
	assert_false(phx_schema_value(&c, startup->attrs.v[0].spec, &startup->attrs.v[0].value));
	assert_str(last(&w)->helps.v[0], "a duration says its unit: `30s`");
	world_close(&w);
}

static void required_attributes_are_asked_for(void **state)
{
	struct world w = {0};
	struct phx_schema_ctx c;

	(void)state;
	world_read(&w, "vm a { nfs \"/x\" {} health { retries = 1 } } feature f {}");
	c = (struct phx_schema_ctx){.bag = &w.bag, .options = w.options, .kind = PHX_KIND_VM};
	phx_schema_required(&c, &w.config.decls.v[0]->body);
	assert_int_equal(w.bag.errors, 2);
	assert_str(w.bag.diags.v[0]->message, "`nfs` needs `source`");
	assert_str(w.bag.diags.v[1]->message, "`health` needs `command`");
	phx_schema_required(&c, &w.config.decls.v[1]->body);
	assert_str(last(&w)->message, "`feature` needs `script`");
	world_close(&w);
}

static void repetitions_show_both_places(void **state)
{
	struct world w = {0};
	struct phx_schema_ctx c;
	const struct phx_block_spec *vm = phx_schema_kind(PHX_KIND_VM);

	(void)state;
	world_read(&w, "vm a { }");
	c = (struct phx_schema_ctx){.bag = &w.bag, .kind = PHX_KIND_VM};
	phx_schema_repeated_attr(&c, PHX_STR("cores"), (struct phx_span){1, 3, 4},
				 (struct phx_span){1, 0, 2});
	assert_int_equal(last(&w)->labels.n, 2);
	phx_schema_repeated_block(&c, phx_schema_block(vm, PHX_STR("dns")), PHX_STR(""),
				  (struct phx_span){1, 3, 4}, (struct phx_span){1, 0, 2});
	assert_str(last(&w)->message, "`dns` may stand only once in a `vm`");
	phx_schema_repeated_block(&c, phx_schema_block(vm, PHX_STR("disk")), PHX_STR("data"),
				  (struct phx_span){1, 3, 4}, (struct phx_span){1, 0, 2});
	assert_str(last(&w)->message, "`disk \"data\"` stands twice in this `vm`");
	world_close(&w);
}

static void built_in_features_are_sorted(void **state)
{
	struct phx_arena a = {0};
	const struct phx_feature_list *l = phx_feature_list(&a);

	(void)state;
	assert_int_equal(l->n, 12);
	for (uint32_t i = 1; i < l->n; i++)
		assert_true(phx_str_cmp(l->names[i - 1], l->names[i]) < 0);
	for (uint32_t i = 0; i < l->n; i++) {
		assert_true(phx_feature_listed(l, l->names[i]));
		assert_int_equal(access(phx_feature_file(l, l->names[i], &a).ptr, R_OK), 0);
	}
	assert_false(phx_feature_listed(l, PHX_STR("dock")));
	assert_false(phx_feature_listed(l, PHX_STR("")));
	phx_arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_attribute_of_a_guest_stands_at_its_number),
		cmocka_unit_test(the_schema_has_the_whole_language),
		cmocka_unit_test(every_option_of_the_schema_stands_in_the_tables),
		cmocka_unit_test(kinds_are_found_by_name),
		cmocka_unit_test(setting_an_attribute_twice_replaces_it),
		cmocka_unit_test(unknown_names_are_told_with_where_they_belong),
		cmocka_unit_test(labels_are_checked_by_kind_of_block),
		cmocka_unit_test(values_fit_or_are_told_what_would),
		cmocka_unit_test(more_types_have_hints_of_their_own),
		cmocka_unit_test(required_attributes_are_asked_for),
		cmocka_unit_test(repetitions_show_both_places),
		cmocka_unit_test(built_in_features_are_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

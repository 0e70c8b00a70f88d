#include "options_lab.h"

#include "model/propstring_priv.h"

static struct tables t;

static int open_tables(void **state)
{
	(void)state;
	tables_open(&t);
	return 0;
}

static int close_tables(void **state)
{
	(void)state;
	tables_close(&t);
	return 0;
}

static void reprints(const struct phx_option_table *table, const char *key, const char *text,
		     const char *expected)
{
	const struct phx_option *o = option_of(table, key);
	struct phx_propstring p;
	struct phx_buf b = {0};
	assert_true(phx_propstring_parse(o, phx_str_c(key), phx_str_c(text), &p, NULL));
	phx_propstring_print(o, &p, &b);
	assert_buf(&b, expected);
	phx_buf_done(&b);
}

static void what_is_printed_is_in_proxmox_s_order(void **state)
{
	(void)state;
	reprints(t.vm, "net0",
		 "bridge=vmbr0,model=virtio,firewall=1,tag=10,mtu=1400,rate=12.5,macaddr=BC:24:11:A4:07:E5",
		 "virtio=BC:24:11:A4:07:E5,bridge=vmbr0,firewall=1,mtu=1400,rate=12.5,tag=10");
	reprints(t.vm, "net0", "model=virtio,bridge=vmbr0", "virtio,bridge=vmbr0");
	reprints(t.vm, "net0", "e1000=DE:AD:BE:EF:00:01", "e1000=DE:AD:BE:EF:00:01");
	reprints(t.vm, "scsi0", "local:2,ssd=on,discard=on,iothread=yes,size=2048M",
		 "local:2,discard=on,iothread=1,size=2G,ssd=1");
	reprints(t.vm, "scsi0", "cache=none,volume=local:9/x.raw", "local:9/x.raw,cache=none");
	reprints(t.container, "net0", "ip=dhcp,bridge=vmbr0,name=eth0,type=veth",
		 "name=eth0,bridge=vmbr0,ip=dhcp,type=veth");
	reprints(t.container, "mp0", "backup=1,mp=/data,volume=local:1", "local:1,mp=/data,backup=1");
	reprints(t.container, "features", "nesting=1,keyctl=0", "keyctl=0,nesting=1");
	reprints(t.vm, "agent", "", "");
	reprints(t.vm, "agent", "1,type=isa", "1,type=isa");
}

static void keys_are_read_set_and_removed_by_name(void **state)
{
	const struct phx_option *o = option_of(t.vm, "net0");
	struct phx_propstring p;
	struct phx_buf b = {0};
	(void)state;
	assert_true(phx_propstring_parse(o, PHX_STR("net0"), PHX_STR("virtio,bridge=vmbr0,tag=5"), &p, NULL));
	assert_str(phx_propstring_value(&p, "model"), "virtio");
	assert_null(phx_propstring_get(&p, "macaddr"));
	assert_true(phx_propstring_set(o, &p, PHX_STR("macaddr"), PHX_STR("BC:24:11:00:00:01")));
	assert_true(phx_propstring_set(o, &p, PHX_STR("tag"), PHX_STR("6")));
	assert_false(phx_propstring_set(o, &p, PHX_STR("nosuch"), PHX_STR("1")));
	phx_propstring_remove(&p, "bridge");
	phx_propstring_remove(&p, "bridge");
	phx_propstring_print(o, &p, &b);
	assert_buf(&b, "virtio=BC:24:11:00:00:01,tag=6");
	phx_buf_done(&b);
}

static void faults_are_told_to_who_asks(void **state)
{
	const struct phx_option *o = option_of(t.vm, "net0");
	struct phx_checks faults = {.arena = &t.arena};
	struct phx_propstring p;
	(void)state;
	assert_false(phx_propstring_parse(o, PHX_STR("net0"), PHX_STR("virtio,a=1,b=2"), &p, &faults));
	assert_int_equal(faults.v.n, 2);
	assert_str(faults.v.v[0].key, "a");
	assert_str(faults.v.v[1].key, "b");
	assert_false(phx_propstring_parse(o, PHX_STR("net0"), PHX_STR("virtio,tag=1,tag=2"), &p, &faults));
	assert_int_equal(faults.v.n, 3);
	assert_int_equal(faults.v.v[2].kind, PHX_CHECK_DUPLICATE);
	assert_str(faults.v.v[2].key, "tag");
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static struct phx_str random_value(const struct phx_option *key, struct phx_arena *arena, uint32_t *seed)
{
	static const char *const booleans[] = {"0", "1", "on", "off", "yes", "No", "TRUE", "false"};
	static const char *const words[] = {
		"a", "local:100/vm-100-disk-0.qcow2", "x;y", "10.0.0.1/24", "/dev/x", "ü"};
	if (key->nenums > 0)
		return key->enums[next_random(seed) % key->nenums];
	if (key->type == PHX_TYPE_BOOLEAN)
		return phx_str_c(booleans[next_random(seed) % PHX_COUNTOF(booleans)]);
	if (phx_str_eqc(key->format, "disk-size"))
		return phx_str_printf(arena, "%u%c", next_random(seed) % 5000, "KMGT"[next_random(seed) % 4]);
	if (key->type == PHX_TYPE_INTEGER || key->type == PHX_TYPE_NUMBER)
		return phx_str_printf(arena, "%u", next_random(seed) % 1000);
	return phx_str_c(words[next_random(seed) % PHX_COUNTOF(words)]);
}

static void random_props(const struct phx_option *o, struct phx_arena *arena, uint32_t *seed,
			 struct phx_propstring *p)
{
	uint32_t odds = 1 + next_random(seed) % 8;
	p->n = 0;
	for (uint32_t k = 0; k < o->nkeys; k++) {
		if (o->keys[k].alias.len == 0 && next_random(seed) % odds == 0)
			assert_true(
				phx_propstring_put(p, &o->keys[k], random_value(&o->keys[k], arena, seed)));
	}
	/* In any order. */
	for (uint32_t i = p->n; i > 1; i--) {
		uint32_t j = next_random(seed) % i;
		struct phx_prop swap = p->props[i - 1];
		p->props[i - 1] = p->props[j];
		p->props[j] = swap;
	}
}

static void same_value(const struct phx_option *key, struct phx_str a, struct phx_str b)
{
	bool x = false, y = true;
	uint64_t m = 0, n = 1;
	if (key->type == PHX_TYPE_BOOLEAN) {
		assert_true(phx_boolean_parse(a, &x));
		assert_true(phx_boolean_parse(b, &y));
		assert_int_equal(x, y);
	} else if (phx_str_eqc(key->format, "disk-size")) {
		assert_true(phx_disk_size_parse(a, &m));
		assert_true(phx_disk_size_parse(b, &n));
		assert_true(m == n);
	} else {
		assert_true(phx_str_eq(a, b));
	}
}

/* parse(print(x)) == x, and print(parse(print(x))) == print(x). */
static void round_trip(const struct phx_option *o, uint32_t *seed)
{
	struct phx_arena arena = {0};
	struct phx_propstring p, back;
	struct phx_buf first = {0}, second = {0};
	random_props(o, &arena, seed, &p);
	phx_propstring_print(o, &p, &first);
	if (!phx_propstring_parse(o, o->name, phx_buf_view(&first), &back, NULL))
		print_error(PHX_STR_FMT ": %s\n", PHX_STR_ARG(o->name), first.ptr);
	assert_int_equal(back.n, p.n);
	for (uint32_t i = 0; i < p.n; i++)
		same_value(p.props[i].key, p.props[i].value, phx_propstring_of(&back, p.props[i].key));
	phx_propstring_print(o, &back, &second);
	assert_true(phx_str_eq(phx_buf_view(&first), phx_buf_view(&second)));
	phx_buf_done(&first);
	phx_buf_done(&second);
	phx_arena_done(&arena);
}

static void any_property_string_is_read_back_as_it_was_printed(void **state)
{
	uint32_t seed = 42;
	size_t formats = 0;
	(void)state;
	for (int k = 0; k < PHX_OPTIONS_COUNT; k++) {
		const struct phx_option_table *table =
			phx_options_table(t.options, (enum phx_option_kind)k, &t.err);
		assert_non_null(table);
		for (uint32_t i = 0; i < table->n; i++) {
			if (!table->options[i].keys)
				continue;
			formats++;
			for (int n = 0; n < 200; n++)
				round_trip(&table->options[i], &seed);
		}
	}
	assert_true(formats >= 30);
}

static void no_format_has_more_keys_than_there_is_room_for(void **state)
{
	(void)state;
	for (int k = 0; k < PHX_OPTIONS_COUNT; k++) {
		const struct phx_option_table *table =
			phx_options_table(t.options, (enum phx_option_kind)k, &t.err);
		for (uint32_t i = 0; i < table->n; i++)
			assert_true(table->options[i].nkeys <= PHX_PROPS_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_is_in_proxmox_s_order),
		cmocka_unit_test(keys_are_read_set_and_removed_by_name),
		cmocka_unit_test(faults_are_told_to_who_asks),
		cmocka_unit_test(any_property_string_is_read_back_as_it_was_printed),
		cmocka_unit_test(no_format_has_more_keys_than_there_is_room_for),
	};
	return cmocka_run_group_tests(tests, open_tables, close_tables);
}

/* The check of single values; its texts against the recordings are in test_option_recordings.c. */
#include "options_lab.h"

static struct tables t;

/* The first fault, or NULL when the value passes. */
static const struct phx_check *check(const struct phx_option_table *table, const char *key, const char *value)
{
	struct phx_checks *faults = PHX_NEW(&t.arena, struct phx_checks);
	faults->arena = &t.arena;
	bool ok = phx_option_check(option_of(table, key), phx_str_c(key), phx_str_c(value), faults);
	assert_int_equal(ok, faults->v.n == 0);
	return ok ? NULL : &faults->v.v[0];
}

static void passes(const struct phx_option_table *table, const char *key, const char *value)
{
	const struct phx_check *c = check(table, key, value);
	if (c)
		print_error("%s=%s: %s\n", key, value, c->text.ptr);
	assert_null(c);
}

static void fails(const struct phx_option_table *table, const char *key, const char *value,
		  enum phx_check_kind kind, const char *detail)
{
	const struct phx_check *c = check(table, key, value);
	if (!c)
		print_error("%s=%s passes\n", key, value);
	assert_non_null(c);
	assert_str(c->detail, detail);
	assert_int_equal(c->kind, kind);
	assert_str(c->param, key);
}

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

static void numbers_and_booleans_are_as_strict_as_proxmox_is(void **state)
{
	(void)state;
	passes(t.vm, "cores", "02");
	passes(t.vm, "cores", "+4");
	fails(t.vm, "cores", "1.0", PHX_CHECK_TYPE, "type check ('integer') failed - got '1.0'");
	fails(t.vm, "cores", "", PHX_CHECK_TYPE, "type check ('integer') failed - got ''");
	fails(t.vm, "cores", "0", PHX_CHECK_RANGE, "value must have a minimum value of 1");
	fails(t.vm, "cores", "-99999999999999999999999", PHX_CHECK_RANGE,
	      "value must have a minimum value of 1");
	passes(t.vm, "cpulimit", "1.5");
	passes(t.vm, "cpulimit", ".5");
	passes(t.vm, "cpulimit", "5.");
	passes(t.vm, "cpulimit", "1e1");
	fails(t.vm, "cpulimit", "1e3", PHX_CHECK_RANGE, "value must have a maximum value of 128");
	fails(t.vm, "cpulimit", "1e", PHX_CHECK_TYPE, "type check ('number') failed - got '1e'");
	fails(t.vm, "cpulimit", ".", PHX_CHECK_TYPE, "type check ('number') failed - got '.'");
	fails(t.vm, "cpulimit", "129", PHX_CHECK_RANGE, "value must have a maximum value of 128");
	passes(t.vm, "onboot", "1");
	fails(t.vm, "onboot", "yes", PHX_CHECK_TYPE, "type check ('boolean') failed - got 'yes'");
	fails(t.container, "tty", "7", PHX_CHECK_RANGE, "value must have a maximum value of 6");
}

static void lengths_count_characters(void **state)
{
	struct phx_buf text = {0};
	(void)state;
	for (int i = 0; i < 8192; i++)
		phx_buf_c(&text, "ü");
	passes(t.vm, "description", text.ptr);
	phx_buf_ch(&text, 'x');
	fails(t.vm, "description", text.ptr, PHX_CHECK_LENGTH, "value may only be 8192 characters long");
	fails(t.container, "password", "abcd", PHX_CHECK_LENGTH, "value must be at least 5 characters long");
	phx_buf_done(&text);
}

static void a_fault_in_a_property_string_names_its_key_and_place(void **state)
{
	const char *value = "virtio,bridge=vmbr0,tag=5000,bogus=1";
	struct phx_checks faults = {.arena = &t.arena};
	(void)state;
	assert_false(phx_option_check(option_of(t.vm, "net7"), PHX_STR("net7"), phx_str_c(value), &faults));
	assert_int_equal(faults.v.n, 2);
	assert_str(faults.v.v[0].key, "bogus");
	assert_int_equal(faults.v.v[0].kind, PHX_CHECK_UNKNOWN);
	assert_true(faults.v.v[0].in_value);
	assert_ptr_equal(faults.v.v[0].value.ptr, value + 29);
	assert_str(faults.v.v[1].key, "tag");
	assert_int_equal(faults.v.v[1].kind, PHX_CHECK_RANGE);
	assert_ptr_equal(faults.v.v[1].value.ptr, value + 24);
	assert_str(faults.v.v[1].detail, "value must have a maximum value of 4094");
	assert_str(faults.v.v[1].option->name, "tag");
	assert_str(faults.v.v[0].text, "invalid format - format error\n"
				       "net7.bogus: property is not defined in schema and the schema does "
				       "not allow additional properties\n"
				       "net7.tag: value must have a maximum value of 4094\n");
	assert_str(faults.v.v[1].text, faults.v.v[0].text.ptr);
}

static void property_strings_that_cannot_be_taken_apart_say_why(void **state)
{
	(void)state;
	fails(t.vm, "scsi0", "local:1,format", PHX_CHECK_DUPLICATE,
	      "duplicate key in comma-separated list property: file");
	fails(t.vm, "net0", "virtio,tag=1,tag=2", PHX_CHECK_DUPLICATE,
	      "duplicate key in comma-separated list property: tag");
	fails(t.vm, "net0", "virtio=BC:24:11:00:00:01,e1000=BC:24:11:00:00:02", PHX_CHECK_DUPLICATE,
	      "key alias 'model' is already defined");
	fails(t.vm, "net0", "virtio,tag=", PHX_CHECK_FORMAT, "missing key in comma-separated list property");
	fails(t.vm, "net0", "=x", PHX_CHECK_FORMAT, "missing key in comma-separated list property");
	fails(t.container, "features", "nesting", PHX_CHECK_FORMAT,
	      "value without key, but schema does not define a default key");
	fails(t.container, "net0", "bridge=vmbr0", PHX_CHECK_MISSING,
	      "property is missing and it is not optional");
	fails(t.vm, "ipconfig0", "gw=10.0.0.1", PHX_CHECK_MISSING,
	      "missing property - 'ipconfig0.gw' requires this property");
	passes(t.vm, "agent", "on,fstrim_cloned_disks=yes");
	passes(t.vm, "net0", "virtio, ,bridge=vmbr0,");
}

static void formats_accept_and_refuse(void **state)
{
	(void)state;
	passes(t.vm, "name", "a.b-c.example");
	fails(t.vm, "name", "under_score", PHX_CHECK_FORMAT, "value does not look like a valid DNS name");
	fails(t.vm, "name", "-a", PHX_CHECK_FORMAT, "value does not look like a valid DNS name");
	fails(t.vm, "name", "a..b", PHX_CHECK_FORMAT, "value does not look like a valid DNS name");
	fails(t.vm, "vmid", "99", PHX_CHECK_FORMAT, "value does not look like a valid VM ID");
	fails(t.vm, "vmid", "abc", PHX_CHECK_TYPE, "type check ('integer') failed - got 'abc'");
	passes(t.vm, "tags", "a;B c,d_1");
	fails(t.vm, "tags", "ok;bad!", PHX_CHECK_FORMAT, "invalid characters in tag");
	passes(t.vm, "net0", "virtio=BC:24:11:00:00:01");
	fails(t.vm, "net0", "virtio=01:24:11:00:00:01", PHX_CHECK_FORMAT,
	      "value does not look like a valid unicast MAC address");
	fails(t.vm, "net0", "virtio=BC-24-11-00-00-01", PHX_CHECK_FORMAT,
	      "value does not look like a valid unicast MAC address");
	passes(t.vm, "ipconfig0", "ip=10.0.0.2/24,gw=10.0.0.1,ip6=auto");
	fails(t.vm, "ipconfig0", "ip=10.0.0.2", PHX_CHECK_FORMAT,
	      "value does not look like a valid ipv4 network configuration");
	fails(t.vm, "ipconfig0", "ip6=fd00::1/7", PHX_CHECK_FORMAT,
	      "value does not look like a valid ipv6 network configuration");
	passes(t.vm, "nameserver", "1.1.1.1 fd00::1");
	fails(t.vm, "nameserver", "1.1.1.1 _", PHX_CHECK_FORMAT,
	      "value does not look like a valid address: _");
	passes(t.container, "nameserver", "fe80::1%eth0");
	passes(t.vm, "scsi0", "local:4,size=1.5T");
	fails(t.vm, "scsi0", "local:4,size=big", PHX_CHECK_FORMAT,
	      "value does not look like a valid disk size: big");
	fails(t.vm, "scsi0", "nocolon", PHX_CHECK_FORMAT, "unable to parse volume ID 'nocolon'");
	passes(t.vm, "ide2", "none,media=cdrom");
	passes(t.vm, "startup", "order=1,up=30,down=60");
	passes(t.vm, "startup", "3");
	fails(t.vm, "startup", "first", PHX_CHECK_FORMAT, "unable to parse startup options");
	passes(t.vm, "boot", "order=scsi0;net31;hostpci15");
	fails(t.vm, "boot", "order=scsi31", PHX_CHECK_FORMAT, "invalid boot device 'scsi31'");
	fails(t.vm, "boot", "order=efidisk0", PHX_CHECK_FORMAT, "invalid boot device 'efidisk0'");
	passes(t.vm, "boot", "cdn");
	passes(t.vm, "hotplug", "1");
	fails(t.vm, "hotplug", "disk,warp", PHX_CHECK_FORMAT, "invalid hotplug feature 'warp'");
	passes(t.vm, "affinity", "0,5,8-11");
	fails(t.vm, "affinity", "5-2", PHX_CHECK_FORMAT, "unable to parse cpuset option");
	passes(t.vm, "sshkeys", "ssh-ed25519%20AAAA%20a%40b");
	fails(t.vm, "sshkeys", "ssh-ed25519 AAAA", PHX_CHECK_FORMAT,
	      "invalid urlencoded string: ssh-ed25519 AAAA");
	passes(t.container, "timezone", "Europe/Berlin");
	passes(t.container, "timezone", "host");
	fails(t.container, "timezone", "Nowhere", PHX_CHECK_FORMAT, "invalid time zone 'Nowhere'");
	passes(t.container, "mp0", "local:4,mp=/data,mountoptions=noatime;nodev");
	fails(t.container, "mp0", "local:4,mp=/data,mountoptions=noatime;zap", PHX_CHECK_PATTERN,
	      "value does not match the regex pattern");
	fails(t.container, "mp0", "local:4,mp=/a/../b", PHX_CHECK_FORMAT,
	      "/a/../b contains illegal character sequences");
	passes(t.container, "dev0", "/dev/dri/card0,mode=0660");
	fails(t.container, "dev0", "/etc/passwd", PHX_CHECK_FORMAT, "/etc/passwd is not a valid device path");
	passes(t.vm, "parallel0", "/dev/parport0");
	fails(t.vm, "storage", "1bad", PHX_CHECK_FORMAT, "storage ID '1bad' contains illegal characters");
	fails(t.vm, "pool", "a/b/c/d", PHX_CHECK_FORMAT,
	      "pool name 'a/b/c/d' nested too deeply (max levels = 3)");
}

static void cpu_types_and_flags_are_the_known_ones(void **state)
{
	(void)state;
	passes(t.vm, "cpu", "host");
	passes(t.vm, "cpu", "x86-64-v2-AES,flags=+aes;-pcid");
	passes(t.vm, "cpu", "custom-mine");
	fails(t.vm, "cpu", "i9", PHX_CHECK_ENUM,
	      "Built-in cputype 'i9' is not defined (missing 'custom-' prefix?)");
	fails(t.vm, "cpu", "flags=+aes", PHX_CHECK_MISSING, "CPU is missing cputype");
	fails(t.vm, "cpu", "host,reported-model=qemu64", PHX_CHECK_UNKNOWN,
	      "Property 'reported-model' not allowed in VM-specific CPU config.");
	const struct phx_check *c = check(t.vm, "cpu", "host,flags=+warp");
	assert_non_null(c);
	assert_true(phx_str_starts(c->detail, "VM-specific CPU flags must be a subset of: aes, "));
}

static void firewall_rules_know_protocols_ports_and_addresses(void **state)
{
	(void)state;
	passes(t.rule, "proto", "tcp");
	passes(t.rule, "proto", "icmpv6");
	passes(t.rule, "proto", "6");
	fails(t.rule, "proto", "tpc", PHX_CHECK_FORMAT, "unknown protocol 'tpc'");
	passes(t.rule, "dport", "80,443,8000:8010,ssh");
	fails(t.rule, "dport", "80,", PHX_CHECK_FORMAT, "extraneous commas in list");
	fails(t.rule, "dport", "90000", PHX_CHECK_FORMAT, "invalid port '90000'");
	fails(t.rule, "dport", "20:10", PHX_CHECK_FORMAT,
	      "backwards range '20:10' not allowed, did you mean '10:20'?");
	fails(t.rule, "dport", "htpp", PHX_CHECK_FORMAT, "invalid port 'htpp'");
	fails(t.rule, "dport", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", PHX_CHECK_FORMAT,
	      "too many entries in port list (> 15 numbers)");
	passes(t.rule, "source", "10.0.0.0/24,10.1.0.1");
	passes(t.rule, "source", "10.0.0.1-10.0.0.9");
	passes(t.rule, "source", "+guest/myset");
	passes(t.rule, "source", "dc/myalias");
	fails(t.rule, "source", "10.0.0.1,fd00::1", PHX_CHECK_FORMAT,
	      "detected mixed ipv4/ipv6 addresses in address list '10.0.0.1,fd00::1'");
	fails(t.rule, "source", "10.0.0.1-10.0.0.9,10.1.0.1", PHX_CHECK_FORMAT,
	      "you can't use a range in a list");
	fails(t.rule, "icmp-type", "ping", PHX_CHECK_FORMAT, "invalid icmp-type value 'ping'");
	passes(t.rule, "icmp-type", "echo-request");
	fails(t.rule, "type", "sideways", PHX_CHECK_ENUM,
	      "value 'sideways' does not have a value in the enumeration 'in, out, forward, group'");
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void hostile_values_of_any_option_are_checked_without_harm(void **state)
{
	static const char alphabet[] = "=,;:/.- \n\t%+\\'\"0159azAZ_[](){}*?\xc3\xbc\xff\x01virtio";
	uint32_t seed = 7;
	size_t passed = 0, refused = 0;
	(void)state;
	for (int round = 0; round < 40; round++) {
		for (uint32_t i = 0; i < t.vm->n + t.container->n; i++) {
			const struct phx_option *o =
				i < t.vm->n ? &t.vm->options[i] : &t.container->options[i - t.vm->n];
			struct phx_arena arena = {0};
			struct phx_checks faults = {.arena = &arena};
			char text[64];
			size_t n = next_random(&seed) % sizeof(text);
			for (size_t c = 0; c < n; c++)
				text[c] = alphabet[next_random(&seed) % (sizeof(alphabet) - 1)];
			bool ok = phx_option_check(o, o->name, (struct phx_str){text, n}, &faults);
			assert_int_equal(ok, faults.v.n == 0);
			passed += ok;
			refused += !ok;
			phx_arena_done(&arena);
		}
	}
	assert_true(passed > 0);
	assert_true(refused > passed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_booleans_are_as_strict_as_proxmox_is),
		cmocka_unit_test(lengths_count_characters),
		cmocka_unit_test(a_fault_in_a_property_string_names_its_key_and_place),
		cmocka_unit_test(property_strings_that_cannot_be_taken_apart_say_why),
		cmocka_unit_test(formats_accept_and_refuse),
		cmocka_unit_test(cpu_types_and_flags_are_the_known_ones),
		cmocka_unit_test(firewall_rules_know_protocols_ports_and_addresses),
		cmocka_unit_test(hostile_values_of_any_option_are_checked_without_harm),
	};
	return cmocka_run_group_tests(tests, open_tables, close_tables);
}

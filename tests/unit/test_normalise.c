#include "options_lab.h"

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

static void equal(const struct phx_option_table *table, const char *key, const char *a, const char *b)
{
	const struct phx_option *o = option_of(table, key);
	if (!phx_option_equal(o, phx_str_c(a), phx_str_c(b)))
		print_error("%s: `%s` differs from `%s`\n", key, a, b);
	assert_true(phx_option_equal(o, phx_str_c(a), phx_str_c(b)));
	assert_true(phx_option_equal(o, phx_str_c(b), phx_str_c(a)));
}

static void differs(const struct phx_option_table *table, const char *key, const char *a, const char *b)
{
	const struct phx_option *o = option_of(table, key);
	if (phx_option_equal(o, phx_str_c(a), phx_str_c(b)))
		print_error("%s: `%s` equals `%s`\n", key, a, b);
	assert_false(phx_option_equal(o, phx_str_c(a), phx_str_c(b)));
	assert_false(phx_option_equal(o, phx_str_c(b), phx_str_c(a)));
}

static void spellings_of_one_value_are_equal(void **state)
{
	(void)state;
	equal(t.vm, "onboot", "1", "on");
	equal(t.vm, "onboot", "", "0");
	equal(t.vm, "cores", "02", "2");
	equal(t.vm, "cpulimit", "1.50", "1.5");
	equal(t.vm, "memory", "current=128", "128");
	equal(t.vm, "agent", "1", "enabled=1");
	equal(t.vm, "agent", "enabled=1,type=virtio", "1");
	equal(t.vm, "agent", "0", "");
	equal(t.vm, "vga", "std", "");
	equal(t.vm, "startup", "3", "order=3");
	equal(t.vm, "startup", "order=2,up=30", "up=30,order=2");
	equal(t.vm, "tags", "Web;db,prod test", "db;prod;test;web");
	equal(t.vm, "tags", " ", "");
	equal(t.vm, "cicustom", " ", "");
	equal(t.vm, "boot", " ", "");
	equal(t.vm, "hotplug", "1", "usb,network,disk");
	equal(t.vm, "hotplug", "disk,network", "network;disk");
	equal(t.vm, "nameserver", "1.1.1.1,8.8.8.8", "1.1.1.1 8.8.8.8");
	equal(t.vm, "description", "a\nb  \n\n", "a\nb");
	equal(t.vm, "sshkeys", "ssh-ed25519%20AAAA%20a%40b%0A", "ssh-ed25519 AAAA a@b\n");
	equal(t.vm, "cpu", "cputype=host,flags=+aes;-pcid", "host,flags=-pcid;+aes");
	equal(t.vm, "ipconfig0", "ip6=fd00:0::1/64", "ip6=FD00::1/64");
	equal(t.vm, "vmgenid", "1", "26983838-c267-4859-b41b-74f2de04fbab");
	equal(t.vm, "smbios1", "uuid=ABCDEFAB-2222-3333-4444-555555555555",
	      "uuid=abcdefab-2222-3333-4444-555555555555");
	equal(t.container, "description", "a ct\nline2", "a ct\nline2\n");
	equal(t.container, "rootfs", "local:1/a.raw,mountoptions=noatime;nodev",
	      "local:1/a.raw,mountoptions=nodev;noatime");
	equal(t.rule, "dport", "80,443", "443,80");
	equal(t.rule, "enable", "", "0");
}

static void different_values_differ(void **state)
{
	(void)state;
	differs(t.vm, "onboot", "1", "");
	differs(t.vm, "cores", "2", "3");
	differs(t.vm, "memory", "512", "513");
	equal(t.vm, "memory", "", "512");
	differs(t.vm, "tags", "a;b", "a");
	differs(t.vm, "boot", "order=scsi0;net0", "order=net0;scsi0");
	differs(t.vm, "watchdog", "i6300esb", "");
	differs(t.vm, "ipconfig0", "ip=dhcp,ip6=auto", "ip6=auto");
	differs(t.vm, "hotplug", "0", "");
	differs(t.vm, "net0", "virtio,bridge=vmbr0", "e1000,bridge=vmbr0");
	differs(t.vm, "net0", "virtio=BC:24:11:00:00:01", "virtio=BC:24:11:00:00:02");
	differs(t.vm, "scsi0", "local:100/a.qcow2", "local:100/b.qcow2");
	differs(t.vm, "scsi0", "local:4,ssd=1", "local:100/a.qcow2");
	differs(t.vm, "scsi0", "local:4", "other:100/a.qcow2");
	differs(t.vm, "ide2", "local:cloudinit", "local:100/vm-100-disk-0.qcow2");
	differs(t.vm, "net0", "not a property string=", "virtio");
	differs(t.vm, "description", "a", "b");
}

static void what_proxmox_fills_in_counts_only_when_both_sides_say_it(void **state)
{
	(void)state;
	equal(t.vm, "net0", "virtio,bridge=vmbr0", "virtio=BC:24:11:60:A5:CB,bridge=vmbr0");
	equal(t.vm, "net0", "model=virtio,macaddr=de:ad:be:ef:12:34", "virtio=DE:AD:BE:EF:12:34,firewall=0");
	equal(t.vm, "scsi0", "local:2,format=qcow2,ssd=1", "local:102/vm-102-disk-1.qcow2,size=2G,ssd=1");
	equal(t.vm, "scsi0", "local:0,import-from=local:import/a.qcow2",
	      "local:102/vm-102-disk-1.qcow2,size=3G");
	equal(t.vm, "scsi0", "local:102/a.qcow2,size=99G", "local:102/a.qcow2,size=1G");
	equal(t.vm, "scsi0", "local:102/a.qcow2,size=2G",
	      "local:102/a.qcow2,size=2048M,backup=1,replicate=1");
	equal(t.vm, "ide2", "local:cloudinit", "local:102/vm-102-cloudinit.qcow2,media=cdrom");
	equal(t.vm, "ide2", "none", "none,media=cdrom");
	equal(t.container, "net0", "name=eth0,bridge=vmbr0",
	      "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:67:5D:7E,type=veth");
}

static void canonical(const struct phx_option_table *table, const char *key, const char *value,
		      const char *expected)
{
	struct phx_buf b = {0};
	phx_option_canonical(option_of(table, key), phx_str_c(value), &b);
	assert_buf(&b, expected);
	phx_buf_done(&b);
}

static void canonical_text_is_sorted_and_leaves_defaults_out(void **state)
{
	(void)state;
	canonical(t.vm, "scsi0", "local:1/a.raw,ssd=on,size=2G,backup=1",
		  "file=local:1/a.raw,size=2147483648,ssd=1");
	canonical(t.vm, "net0", "virtio=bc:24:11:00:00:01,firewall=0",
		  "macaddr=BC:24:11:00:00:01,model=virtio");
	canonical(t.vm, "onboot", "off", "");
	canonical(t.vm, "agent", "enabled=0", "");
	canonical(t.vm, "watchdog", "i6300esb", ",");
	canonical(t.vm, "tags", "b;A;b", "a;b");
	canonical(t.vm, "args", "-x", "-x");
	canonical(t.vm, "net0", "broken=", "broken=");
}

static void patch(const struct phx_option_table *table, const char *key, const char *live,
		  const char *desired, bool changed, const char *expected)
{
	const struct phx_option *o = option_of(table, key);
	struct phx_buf b = {0}, again = {0};
	assert_int_equal(phx_option_patch(o, phx_str_c(live), phx_str_c(desired), &b), changed);
	if (!phx_str_eqc(phx_buf_view(&b), expected))
		print_error("%s: `%s`\n", key, b.ptr);
	assert_str(phx_buf_view(&b), expected);
	/* Laid over its own result it changes nothing. */
	assert_false(phx_option_patch(o, phx_buf_view(&b), phx_str_c(desired), &again));
	phx_buf_done(&b);
	phx_buf_done(&again);
}

static void a_patch_keeps_what_was_not_declared(void **state)
{
	(void)state;
	patch(t.vm, "net0", "virtio=BC:24:11:60:A5:CB,bridge=vmbr0,tag=5", "virtio,bridge=vmbr1", true,
	      "virtio=BC:24:11:60:A5:CB,bridge=vmbr1,tag=5");
	patch(t.vm, "net0", "virtio=BC:24:11:60:A5:CB,bridge=vmbr0,tag=5", "virtio,bridge=vmbr0", false,
	      "virtio=BC:24:11:60:A5:CB,bridge=vmbr0,tag=5");
	patch(t.vm, "net0", "virtio=BC:24:11:60:A5:CB,bridge=vmbr0", "e1000,bridge=vmbr0", true,
	      "e1000=BC:24:11:60:A5:CB,bridge=vmbr0");
	patch(t.vm, "net0", "virtio=BC:24:11:60:A5:CB,bridge=vmbr0,tag=5", "virtio,tag=", true,
	      "virtio=BC:24:11:60:A5:CB,bridge=vmbr0");
	patch(t.vm, "scsi0", "local:102/a.qcow2,size=32G", "local:64,ssd=1,discard=on,format=raw", true,
	      "local:102/a.qcow2,discard=on,size=32G,ssd=1");
	patch(t.vm, "scsi0", "local:102/a.qcow2,size=32G,ssd=1", "local:64,size=64G,ssd=on", false,
	      "local:102/a.qcow2,size=32G,ssd=1");
	patch(t.vm, "scsi0", "local:102/a.qcow2,size=32G,ssd=1", "local:102/b.qcow2", true,
	      "local:102/b.qcow2,ssd=1");
	patch(t.vm, "ide2", "local:102/vm-102-cloudinit.qcow2,media=cdrom", "local:cloudinit", false,
	      "local:102/vm-102-cloudinit.qcow2,media=cdrom");
	patch(t.vm, "agent", "enabled=1,fstrim_cloned_disks=1", "1", false,
	      "enabled=1,fstrim_cloned_disks=1");
	patch(t.vm, "agent", "1", "0", true, "0");
	patch(t.vm, "cores", "2", "4", true, "4");
	patch(t.vm, "cores", "2", "2", false, "2");
	patch(t.vm, "tags", "b;a", "A;b", false, "b;a");
	patch(t.vm, "net1", "", "virtio,bridge=vmbr0", true, "virtio,bridge=vmbr0");
	patch(t.vm, "boot", " ", "order=scsi0", true, "order=scsi0");
	patch(t.vm, "watchdog", "", "i6300esb", true, "i6300esb");
	patch(t.container, "mp0", "local:202/v.raw,mp=/data,backup=1,size=1G", "local:8,mp=/srv", true,
	      "local:202/v.raw,mp=/srv,backup=1,size=1G");
	patch(t.container, "features", "nesting=1", "nesting=1,keyctl=1", true, "keyctl=1,nesting=1");
}

static void stored(enum phx_option_kind kind, const char *key, const char *sent, bool create,
		   const char *expected)
{
	const struct phx_option_table *table = kind == PHX_OPTIONS_VM ? t.vm : t.container;
	struct phx_buf b = {0};
	phx_option_stored(kind, option_of(table, key), phx_str_c(sent), create, &b);
	assert_buf(&b, expected);
	phx_buf_done(&b);
}

static void what_is_stored_reads_as_proxmox_gives_it_back(void **state)
{
	(void)state;
	stored(PHX_OPTIONS_VM, "tags", "Web;db", true, "Web;db");
	stored(PHX_OPTIONS_VM, "tags", "Web;db", false, "db;web");
	stored(PHX_OPTIONS_CONTAINER, "tags", "B;a", true, "a;b");
	stored(PHX_OPTIONS_VM, "tags", "", false, " ");
	stored(PHX_OPTIONS_VM, "description", "", false, "");
	stored(PHX_OPTIONS_VM, "description", "x \n\n", false, "x");
	stored(PHX_OPTIONS_CONTAINER, "description", "x", false, "x\n");
	stored(PHX_OPTIONS_VM, "cores", "02", false, "2");
	stored(PHX_OPTIONS_VM, "agent", "enabled=1,type=virtio", false, "enabled=1,type=virtio");
	stored(PHX_OPTIONS_VM, "scsi0", "local:1/a.raw,ssd=on,format=raw", false, "local:1/a.raw,ssd=1");
	stored(PHX_OPTIONS_VM, "ide2", "local:1/vm-1-cloudinit.qcow2", false,
	       "local:1/vm-1-cloudinit.qcow2,media=cdrom");
	stored(PHX_OPTIONS_CONTAINER, "net0", "bridge=vmbr0,name=eth0", false,
	       "name=eth0,bridge=vmbr0,type=veth");
	stored(PHX_OPTIONS_CONTAINER, "nameserver", "1.1.1.1,8.8.8.8", false, "1.1.1.1 8.8.8.8");
}

static void sizes_are_read_and_printed_as_proxmox_does(void **state)
{
	struct phx_buf b = {0};
	uint64_t n;
	(void)state;
	assert_true(phx_disk_size_parse(PHX_STR("1.5G"), &n) && n == 1610612736);
	assert_true(phx_disk_size_parse(PHX_STR("528K"), &n) && n == 540672);
	assert_true(phx_disk_size_parse(PHX_STR("123"), &n) && n == 123);
	assert_true(phx_disk_size_parse(PHX_STR("16777215T"), &n));
	assert_false(phx_disk_size_parse(PHX_STR("99999999999999T"), &n));
	assert_false(phx_disk_size_parse(PHX_STR(""), &n));
	assert_false(phx_disk_size_parse(PHX_STR("G"), &n));
	assert_false(phx_disk_size_parse(PHX_STR("1.G"), &n));
	assert_false(phx_disk_size_parse(PHX_STR("-1G"), &n));
	assert_false(phx_disk_size_parse(PHX_STR("1g"), &n));
	phx_disk_size_print(34359738368, &b);
	assert_buf(&b, "32G");
	phx_disk_size_print(1610612736, &b);
	assert_buf(&b, "1536M");
	phx_disk_size_print(1000, &b);
	assert_buf(&b, "1000");
	phx_disk_size_print(0, &b);
	assert_buf(&b, "0T");
	phx_buf_done(&b);
}

static void impact(const struct phx_option_table *table, const char *key, const char *live, const char *now,
		   enum phx_impact want, const char *want_class)
{
	struct phx_str got_class;
	enum phx_impact got =
		phx_option_change_impact(option_of(table, key), phx_str_c(live), phx_str_c(now), &got_class);
	if (got != want)
		print_error("%s: `%s` to `%s` is %d\n", key, live, now, (int)got);
	assert_int_equal(got, want);
	assert_str(got_class, want_class);
}

static void the_impact_of_a_change_is_that_of_the_keys_that_differ(void **state)
{
	(void)state;
	impact(t.vm, "net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0", "virtio=BC:24:11:00:00:01,bridge=vmbr1",
	       PHX_IMPACT_LIVE, "");
	impact(t.vm, "net0", "virtio=BC:24:11:00:00:01", "e1000=BC:24:11:00:00:01", PHX_IMPACT_HOTPLUG,
	       "network");
	impact(t.vm, "net1", "", "virtio,bridge=vmbr0", PHX_IMPACT_HOTPLUG, "network");
	impact(t.vm, "scsi0", "local:1/a.raw", "local:1/a.raw,backup=0", PHX_IMPACT_LIVE, "");
	impact(t.vm, "scsi0", "local:1/a.raw", "local:1/a.raw,mbps=10", PHX_IMPACT_LIVE, "");
	impact(t.vm, "scsi0", "local:1/a.raw", "local:1/a.raw,mbps=10,ssd=1", PHX_IMPACT_RESTART, "");
	impact(t.vm, "scsi0", "local:1/a.raw", "local:1/a.raw,cache=none", PHX_IMPACT_LIVE, "");
	impact(t.vm, "scsi0", "local:1/a.raw", "local:1/b.raw", PHX_IMPACT_HOTPLUG, "disk");
	impact(t.vm, "sata0", "local:1/a.raw", "", PHX_IMPACT_RESTART, "");
	impact(t.vm, "ide2", "local:iso/a.iso,media=cdrom", "none,media=cdrom", PHX_IMPACT_LIVE, "");
	impact(t.vm, "agent", "1", "1,fstrim_cloned_disks=1", PHX_IMPACT_LIVE, "");
	impact(t.vm, "agent", "0", "1", PHX_IMPACT_RESTART, "");
	impact(t.vm, "memory", "512", "1024", PHX_IMPACT_HOTPLUG, "memory");
	impact(t.vm, "cores", "1", "2", PHX_IMPACT_RESTART, "");
	impact(t.vm, "cores", "", "1", PHX_IMPACT_LIVE, "");
	impact(t.vm, "balloon", "512", "256", PHX_IMPACT_LIVE, "");
	impact(t.vm, "balloon", "512", "0", PHX_IMPACT_RESTART, "");
	impact(t.vm, "hotplug", "disk", "disk,network", PHX_IMPACT_LIVE, "");
	impact(t.vm, "hotplug", "disk", "disk,memory", PHX_IMPACT_RESTART, "");
	impact(t.vm, "tags", "a", "b", PHX_IMPACT_LIVE, "");
	impact(t.container, "mp0", "", "local:1,mp=/x", PHX_IMPACT_LIVE, "");
	impact(t.container, "mp0", "local:1/v.raw,mp=/x", "local:1/v.raw,mp=/y", PHX_IMPACT_RESTART, "");
	impact(t.container, "net0", "name=eth0,bridge=vmbr0", "name=eth0,bridge=vmbr1", PHX_IMPACT_LIVE, "");
	impact(t.container, "features", "nesting=1", "", PHX_IMPACT_RESTART, "");
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* A text of pieces that mean something to some option, or of none. */
static void random_text(const struct phx_option *o, uint32_t *seed, struct phx_buf *out)
{
	static const char *const values[] = {"1",
					     "on",
					     "0",
					     "local:4",
					     "local:9/vm-9-disk-0.raw",
					     "2G",
					     "2048M",
					     "a;B",
					     "virtio",
					     "BC:24:11:00:00:01",
					     "bc:24:11:00:00:01",
					     "10.0.0.1/24",
					     " ",
					     "",
					     "x",
					     "+aes;-pcid",
					     "local:cloudinit",
					     "none",
					     "007",
					     "1.50",
					     "=",
					     "%20"};
	uint32_t parts = next_random(seed) % 4;
	for (uint32_t i = 0; i <= parts; i++) {
		if (i > 0)
			phx_buf_ch(out, ',');
		if (o->nkeys > 0 && next_random(seed) % 4) {
			phx_buf_str(out, o->keys[next_random(seed) % o->nkeys].name);
			phx_buf_ch(out, '=');
		}
		phx_buf_c(out, values[next_random(seed) % PHX_COUNTOF(values)]);
	}
}

static void one_law(const struct phx_option *o, uint32_t *seed)
{
	struct phx_buf a = {0}, b = {0}, ca = {0}, cb = {0}, cc = {0}, patched = {0}, again = {0};
	random_text(o, seed, &a);
	random_text(o, seed, &b);
	struct phx_str x = phx_buf_view(&a), y = phx_buf_view(&b);
	phx_option_canonical(o, x, &ca);
	phx_option_canonical(o, y, &cb);
	phx_option_canonical(o, phx_buf_view(&ca), &cc);
	bool ok = phx_option_equal(o, x, x) && phx_option_equal(o, x, y) == phx_option_equal(o, y, x) &&
		  phx_str_eq(phx_buf_view(&ca), phx_buf_view(&cc)) &&
		  (!phx_str_eq(phx_buf_view(&ca), phx_buf_view(&cb)) || phx_option_equal(o, x, y));
	bool changed = phx_option_patch(o, x, y, &patched);
	ok = ok && !phx_option_patch(o, phx_buf_view(&patched), y, &again);
	/* What changes nothing gives the live value back. */
	ok = ok && (changed || phx_str_eq(phx_buf_view(&patched), x));
	if (!ok)
		print_error(PHX_STR_FMT ": `%s` `%s` canonical `%s` `%s` patched `%s`\n",
			    PHX_STR_ARG(o->name), a.ptr ? a.ptr : "", b.ptr ? b.ptr : "",
			    ca.ptr ? ca.ptr : "", cc.ptr ? cc.ptr : "", patched.ptr ? patched.ptr : "");
	assert_true(ok);
	phx_buf_done(&a);
	phx_buf_done(&b);
	phx_buf_done(&ca);
	phx_buf_done(&cb);
	phx_buf_done(&cc);
	phx_buf_done(&patched);
	phx_buf_done(&again);
}

static void laws_of_comparison_hold_for_any_text_of_any_option(void **state)
{
	uint32_t seed = 99;
	(void)state;
	for (int round = 0; round < 60; round++) {
		for (uint32_t i = 0; i < t.vm->n; i++)
			one_law(&t.vm->options[i], &seed);
		for (uint32_t i = 0; i < t.container->n; i++)
			one_law(&t.container->options[i], &seed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings_of_one_value_are_equal),
		cmocka_unit_test(different_values_differ),
		cmocka_unit_test(what_proxmox_fills_in_counts_only_when_both_sides_say_it),
		cmocka_unit_test(canonical_text_is_sorted_and_leaves_defaults_out),
		cmocka_unit_test(a_patch_keeps_what_was_not_declared),
		cmocka_unit_test(what_is_stored_reads_as_proxmox_gives_it_back),
		cmocka_unit_test(the_impact_of_a_change_is_that_of_the_keys_that_differ),
		cmocka_unit_test(sizes_are_read_and_printed_as_proxmox_does),
		cmocka_unit_test(laws_of_comparison_hold_for_any_text_of_any_option),
	};
	return cmocka_run_group_tests(tests, open_tables, close_tables);
}

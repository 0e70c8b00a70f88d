/* Names that people bring along from other tools, and what phx calls the thing. */
#include <string.h>

#include "sema/sema_priv.h"

struct foreign {
	const char *name, *help;
};

struct foreign_attr {
	const char *name;
	const char *in;   /* block it would stand in; NULL: any */
	const char *ours; /* an attribute of that block, or NULL */
	const char *help; /* instead of "phx calls it …" */
};

static const struct foreign_attr attrs[] = {
	{"vmid", NULL, "id", NULL},
	{"vm_id", NULL, "id", NULL},
	{"ctid", NULL, "id", NULL},
	{"ram", NULL, "memory", NULL},
	{"mem", NULL, "memory", NULL},
	{"memory_mb", NULL, "memory", NULL},
	{"cpus", NULL, "cores", NULL},
	{"vcpus", NULL, "cores", NULL},
	{"vcpu", NULL, "cores", NULL},
	{"core", NULL, "cores", NULL},
	{"hostname", NULL, "name", NULL},
	{"vm_name", NULL, "name", NULL},
	{"description", NULL, "notes", NULL},
	{"comment", "vm", "notes", NULL},
	{"comment", "container", "notes", NULL},
	{"target_node", NULL, "node", NULL},
	{"node_name", NULL, "node", NULL},
	{"onboot", NULL, "on_boot", NULL},
	{"start_on_boot", NULL, "on_boot", NULL},
	{"start_at_boot", NULL, "on_boot", NULL},
	{"autostart", NULL, "on_boot", NULL},
	{"started", NULL, "running", NULL},
	{"start", "vm", "running", NULL},
	{"start", "container", "running", NULL},
	{"state", NULL, "running", "power is `running = true` or `running = false`"},
	{"protection", NULL, "protect", NULL},
	{"is_template", NULL, "template", NULL},
	{"clone_from", NULL, "clone", NULL},
	{"clone_vmid", NULL, "clone", "write `clone = vm.NAME` or `clone = container.NAME`"},
	{"full_clone", NULL, "full", NULL},
	{"linked", NULL, "full", "a linked clone is `full = false`"},
	{"depends", NULL, "depends_on", NULL},
	{"dependencies", NULL, "depends_on", NULL},
	{"requires", NULL, "depends_on", NULL},
	{"sshkeys", NULL, "ssh_keys", NULL},
	{"ssh_authorized_keys", NULL, "ssh_keys", NULL},
	{"ssh_public_keys", NULL, "ssh_keys", NULL},
	{"template_image", NULL, "image", NULL},
	{"os_template", NULL, "ostemplate", NULL},
	{"disk_size", NULL, "disk", NULL},
	{"disk_size_gb", NULL, "disk", NULL},
	{"storage_pool", NULL, "storage", NULL},
	{"storage_size_gb", NULL, "disk", NULL},
	{"datastore", NULL, "storage", NULL},
	{"datastore_id", NULL, "storage", NULL},
	{"swap_mb", NULL, "swap", NULL},
	{"pool_id", NULL, "pool", NULL},
	{"sockets", "vm", NULL, "write `cpu { sockets = … }`"},
	{"cpu_type", "vm", NULL, "write `cpu { type = … }`"},
	{"net0", NULL, NULL, "write `network { bridge = …; ip = … }`"},
	{"ipconfig0", NULL, NULL, "write `network { ip = …; gw = … }`"},
	{"ip", "vm", NULL, "addresses belong to a card: `network { ip = … }`"},
	{"ip", "container", NULL, "addresses belong to a card: `network { ip = … }`"},
	{"ip_address", NULL, "ip", "addresses belong to a card: `network { ip = … }`"},
	{"gw", "vm", NULL, "write `network { gw = … }`"},
	{"gw", "container", NULL, "write `network { gw = … }`"},
	{"mac", "vm", NULL, "write `network { mac = … }`"},
	{"mac", "container", NULL, "write `network { mac = … }`"},
	{"vlan", "vm", NULL, "write `network { vlan = … }`"},
	{"vlan", "container", NULL, "write `network { vlan = … }`"},
	{"gateway", NULL, "gw", "write `network { gw = … }`"},
	{"address", "network", "ip", NULL},
	{"mac_address", NULL, "mac", "write `network { mac = … }`"},
	{"macaddr", NULL, "mac", "write `network { mac = … }`"},
	{"hwaddr", "network", "mac", NULL},
	{"tag", "network", "vlan", NULL},
	{"vlan_id", "network", "vlan", NULL},
	{"nameserver", NULL, NULL, "write `dns { servers = [ … ] }`"},
	{"nameservers", NULL, NULL, "write `dns { servers = [ … ] }`"},
	{"dns_servers", NULL, NULL, "write `dns { servers = [ … ] }`"},
	{"searchdomain", NULL, NULL, "write `dns { search = … }`"},
	{"boot_order", NULL, NULL, "write `startup { order = … }`"},
	{"boot_delay", NULL, NULL, "write `startup { up = … }`"},
	{"ciuser", NULL, NULL, "write `user NAME { … }`"},
	{"cipassword", NULL, NULL, "write `user NAME { password = … }`"},
	{"cicustom", NULL, NULL, "write `cloud_init { user_data = … }`"},
	{"count", NULL, NULL, "several alike are a loop: `for i in 1..3 { vm \"web-${i}\" { … } }`"},
	{"for_each", NULL, NULL, "several alike are a loop: `for x in list { vm \"web-${x}\" { … } }`"},
	{"provider", NULL, "cluster", NULL},
	{"api_url", "cluster", "endpoint", NULL},
	{"url", "cluster", "endpoint", NULL},
	{"host", "cluster", "endpoint", NULL},
	{"api_token", "cluster", "token", NULL},
	{"insecure", "cluster", NULL,
	 "TLS is always verified: pin the certificate with `fingerprint`, or name its `ca_file`"},
	{"verify_ssl", "cluster", NULL,
	 "TLS is always verified: pin the certificate with `fingerprint`, or name its `ca_file`"},
	{"use", NULL, NULL, NULL},
};

static const struct foreign_attr blocks[] = {
	{"net", NULL, "network", NULL},
	{"nic", NULL, "network", NULL},
	{"network_interface", NULL, "network", NULL},
	{"network_device", NULL, "network", NULL},
	{"interface", NULL, "network", NULL},
	{"volume", "vm", "disk", NULL},
	{"volume", "container", "mount", NULL},
	{"mount_point", "container", "mount", NULL},
	{"mountpoint", "container", "mount", NULL},
	{"mp0", "container", "mount", NULL},
	{"initialization", NULL, "cloud_init", NULL},
	{"cloudinit", NULL, "cloud_init", NULL},
	{"pci", NULL, "hostpci", NULL},
	{"provisioner", NULL, "script", NULL},
	{"timeout", NULL, "timeouts", NULL},
	{"dynamic", NULL, NULL, "repeat a block with `for x in list { … }` inside the guest"},
};

static bool has(const struct phx_block_spec *in, const char *name)
{
	return phx_schema_attr(in, phx_str_c(name)) || phx_schema_block(in, phx_str_c(name));
}

static const struct foreign_attr *find_attr(const struct foreign_attr *table, size_t n,
					    const struct phx_block_spec *in, struct phx_str name)
{
	for (size_t i = 0; i < n; i++) {
		if (!phx_str_eqc(name, table[i].name) || (table[i].in && strcmp(table[i].in, in->name) != 0))
			continue;
		if (!table[i].help && table[i].ours && !has(in, table[i].ours))
			continue;
		return &table[i];
	}
	return NULL;
}

static bool explain(struct phx_sema *s, const struct phx_schema_ctx *c, enum phx_code code, const char *what,
		    const struct phx_block_spec *in, const struct foreign_attr *f, struct phx_span at)
{
	struct phx_diag *d =
		phx_diag_add(s->bag, code, at, "unknown %s `%s` in `%s`", what, f->name, in->name);

	phx_diag_label(s->bag, d, at, "no such %s", what);
	if (phx_span_known(c->head))
		phx_diag_label(s->bag, d, c->head, "in this `%s`", in->name);
	if (f->ours && has(in, f->ours)) {
		phx_diag_help(s->bag, d, "phx calls it `%s`", f->ours);
		phx_diag_fix(s->bag, d, at, phx_str_c(f->ours), false);
	} else {
		phx_diag_help(s->bag, d, "%s", f->help);
	}
	return true;
}

bool phx_foreign_attr(struct phx_sema *s, const struct phx_schema_ctx *c, const struct phx_block_spec *in,
		      struct phx_str name, struct phx_span at)
{
	const struct foreign_attr *f = find_attr(attrs, PHX_COUNTOF(attrs), in, name);

	if (!f)
		return false;
	if (f->ours || f->help)
		return explain(s, c, PHX0301, "attribute", in, f, at);
	phx_diag_add(s->bag, PHX0331, at,
		     "this version of phx does not have profiles (`use = [profile.x]`) yet");
	return true;
}

bool phx_foreign_block(struct phx_sema *s, const struct phx_schema_ctx *c, const struct phx_block_spec *in,
		       struct phx_str name, struct phx_span at)
{
	const struct foreign_attr *f = find_attr(blocks, PHX_COUNTOF(blocks), in, name);

	return f && explain(s, c, PHX0302, "block", in, f, at);
}

static const char *look_up(const struct foreign *table, size_t n, struct phx_str name)
{
	for (size_t i = 0; i < n; i++) {
		if (phx_str_eqc(name, table[i].name))
			return table[i].help;
	}
	return NULL;
}

const char *phx_foreign_top(struct phx_str name)
{
	static const struct foreign tops[] = {
		{"resource", "phx names the kind itself: `vm NAME { … }`, `container NAME { … }`"},
		{"variable", "phx calls it `param`: `param NAME: TYPE = DEFAULT`"},
		{"var", "phx calls it `param`: `param NAME: TYPE = DEFAULT`"},
		{"locals", "phx writes `let NAME = VALUE`"},
		{"local", "phx writes `let NAME = VALUE`"},
		{"provider", "phx calls it `cluster`: `cluster NAME { endpoint = … }`"},
		{"terraform", "phx needs no such block; `stack \"NAME\"` says what the configuration owns"},
		{"backend", "phx keeps no state outside the cluster"},
		{"data", "what exists already is taken over: declare it, then `phx apply --adopt ADDRESS`"},
		{"lxc", "phx calls it `container`"},
		{"ct", "phx calls it `container`"},
		{"qemu", "phx calls it `vm`"},
		{"guest", "a guest is a `vm` or a `container`"},
		{"host", "a guest is a `vm` or a `container`"},
		{"template", "a template is a `vm` or `container` with `template = true`"},
		{"default", "write `defaults vm { … }` or `defaults container { … }`"},
		{"network", "a `network` block stands inside a `vm` or `container`, or in `defaults`"},
		{"disk", "a `disk` block stands inside a `vm`, or in `defaults vm`"},
		{"firewall", "a `firewall` block stands inside a `vm` or `container`"},
		{"options", "an `options` block stands inside a `vm` or `container`"},
		{"check", "phx writes `assert CONDITION, \"message\"`"},
	};

	return look_up(tops, PHX_COUNTOF(tops), name);
}

const char *phx_foreign_value(struct phx_str name)
{
	static const struct foreign values[] = {
		{"yes", "phx writes `true`"},       {"on", "phx writes `true`"},
		{"True", "phx writes `true`"},      {"no", "phx writes `false`"},
		{"off", "phx writes `false`"},      {"False", "phx writes `false`"},
		{"nil", "phx writes `null`"},       {"None", "phx writes `null`"},
		{"undefined", "phx writes `null`"},
	};

	return look_up(values, PHX_COUNTOF(values), name);
}

const char *phx_foreign_base(struct phx_str name)
{
	static const struct foreign bases[] = {
		{"var", "phx writes the name of a `param` alone: `x` instead of `var.x`"},
		{"local", "phx writes the name of a `let` alone: `x` instead of `local.x`"},
		{"each", "the loop names its variable: `for x in list`"},
		{"count", "the loop names its variable: `for i in 1..3`"},
		{"path", "paths are relative to the file they stand in"},
		{"data", "what exists already is taken over: declare it, then `phx apply --adopt ADDRESS`"},
		{"lxc", "phx calls it `container`: `container.NAME`"},
		{"ct", "phx calls it `container`: `container.NAME`"},
		{"guest", "write `vm.NAME` or `container.NAME`"},
		{"param", "phx writes the name of a `param` alone: `x` instead of `param.x`"},
		{"let", "phx writes the name of a `let` alone: `x` instead of `let.x`"},
	};

	return look_up(bases, PHX_COUNTOF(bases), name);
}

const char *phx_foreign_function(struct phx_str name)
{
	static const struct foreign functions[] = {
		{"cidrhost", "phx calls it `host(cidr, n)`"},
		{"cidrnetmask", "phx calls it `netmask(cidr)`"},
		{"base64encode", "phx calls it `base64(text)`"},
		{"trimspace", "phx calls it `trim(text)`"},
		{"len", "phx calls it `length(x)`"},
		{"size", "phx calls it `length(x)`"},
		{"count", "phx calls it `length(x)`"},
		{"concat", "phx writes `flatten([a, b])`"},
		{"distinct", "phx calls it `unique(list)`"},
		{"toset", "phx calls it `unique(list)`"},
		{"element", "phx writes `list[i]`"},
		{"tostring", "phx writes `\"${x}\"`"},
		{"getenv", "phx calls it `env(NAME)`"},
		{"sensitive", "phx calls it `secret(x)`"},
		{"can", "phx has `try(x, default)`"},
		{"changes", "`changes()` belongs to policies, which this version of phx does not have yet"},
	};

	return look_up(functions, PHX_COUNTOF(functions), name);
}

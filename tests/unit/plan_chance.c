#include "plan_chance.h"

uint32_t chance_roll(struct chance *c, uint32_t n)
{
	c->state = c->state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(c->state >> 33) % n;
}

static void maybe(struct chance *c, uint32_t one_in, const char *text)
{
	if (chance_roll(c, one_in) == 0)
		phx_buf_c(&c->text, text);
}

static void some_rules(struct chance *c)
{
	static const char *const rules[] = {"rule in accept { proto = \"tcp\"; port = 22 };",
					    "rule in accept { macro = \"HTTP\"; source = 10.0.0.0/8 };",
					    "rule out drop { dest = 10.1.0.0/16; enabled = false };",
					    "rule in drop { comment = \"rest\" };"};

	phx_buf_c(&c->text, "firewall {");
	for (uint32_t i = 0; i < 5; i++)
		maybe(c, 2, rules[chance_roll(c, 4)]);
	maybe(c, 3, "policy_in = \"REJECT\";");
	maybe(c, 4, "enabled = false;");
	phx_buf_c(&c->text, "}; ");
}

static void common(struct chance *c)
{
	maybe(c, 3, "tags = [\"a\", \"B\"]; ");
	maybe(c, 4, "tags = []; ");
	maybe(c, 3, "notes = \"some notes\\nin lines\\n\"; ");
	maybe(c, 3, "on_boot = true; ");
	maybe(c, 4, "startup { order = 3; up = 10s }; ");
	maybe(c, 5, "running = false; ");
	maybe(c, 3, "pool = pool.p; ");
	if (chance_roll(c, 3) == 0)
		some_rules(c);
	maybe(c, 4, "dns { servers = [1.1.1.1]; search = \"x.org\" }; ");
}

static void disk(struct chance *c, const char *name, uint32_t least, bool storage)
{
	phx_buf_printf(&c->text, "disk %s { size = %uGiB", name, least + chance_roll(c, 3));
	if (storage)
		phx_buf_printf(&c->text, "; storage = \"%s\"", chance_roll(c, 2) ? "ssd" : "local");
	maybe(c, 3, "; discard = true");
	maybe(c, 3, "; ssd = true");
	maybe(c, 3, "; cache = \"writeback\"");
	maybe(c, 4, "; backup = false");
	phx_buf_c(&c->text, " }; ");
}

void chance_vm(struct chance *c, uint32_t id, bool clone, uint32_t least)
{
	bool linked = clone && id == 104; /* the same for ever: that is provenance */

	phx_buf_printf(&c->text, "vm v%u { id = %u; ", id, id);
	phx_buf_c(&c->text, linked  ? "clone = vm.t; full = false; "
			    : clone ? "clone = vm.t; "
				    : "storage = \"ssd\"; ");
	phx_buf_printf(&c->text, "cores = %u; ", 1 + chance_roll(c, 4));
	if (chance_roll(c, 2))
		phx_buf_printf(&c->text, "memory = %uMiB; ", 512 * (1 + chance_roll(c, 4)));
	if (!clone || chance_roll(c, 2))
		disk(c, "root", 8 + least, !linked);
	if (chance_roll(c, 2))
		disk(c, "data", 1 + least, true);
	if (chance_roll(c, 3) == 0)
		disk(c, "aux", 1 + least, true);
	phx_buf_printf(&c->text, "network { ip = 10.%u.0.%u/24; bridge = \"vmbr%u\"", id % 250, 1 + id % 200,
		       chance_roll(c, 2));
	maybe(c, 3, "; vlan = 12");
	maybe(c, 4, "; mtu = 1400");
	maybe(c, 4, "; rate = 12.5");
	phx_buf_c(&c->text, " }; ");
	maybe(c, 3, "network lan { bridge = \"vmbr2\" }; ");
	maybe(c, 3, "network mgmt { bridge = \"vmbr3\"; firewall = true }; ");
	maybe(c, 3, "cpu { type = \"host\"; sockets = 2 }; ");
	maybe(c, 4, "bios = \"ovmf\"; ");
	maybe(c, 3, "agent { enabled = true }; ");
	maybe(c, 3,
	      "user joe { ssh_keys = [\"ssh-ed25519 AAAA joe\", \"ssh-rsa BBBB x y\"]; password = secret "
	      "\"pass-word\" }; ");
	if (chance_roll(c, 3) == 0)
		phx_buf_c(&c->text,
			  chance_roll(c, 2)
				  ? "options { vga = \"qxl,memory=32\"; rng0 = \"source=/dev/urandom\"; "
				    "hotplug = \"network,disk\" }; "
				  : "options { balloon = 256; ostype = \"l26\"; tablet = false }; ");
	common(c);
	if (id > 101 && chance_roll(c, 2))
		phx_buf_printf(&c->text, "depends_on = [vm.v%u]; ", id - 1);
	phx_buf_c(&c->text, "}\n");
}

void chance_container(struct chance *c, uint32_t id, bool clone, uint32_t least)
{
	phx_buf_printf(&c->text, "container c%u { id = %u; ", id, id);
	if (clone)
		phx_buf_c(&c->text, "clone = container.ct; ");
	else
		phx_buf_printf(
			&c->text,
			"ostemplate = \"local:vztmpl/d.tar.zst\"; rootfs = \"ssd:%u\"; unprivileged = true; ",
			8 + least);
	phx_buf_printf(&c->text, "memory = %uMiB; cores = 1; ", 256 * (1 + chance_roll(c, 4)));
	if (clone && chance_roll(c, 2))
		phx_buf_printf(&c->text, "disk root { size = %uGiB }; ", 9 + least + chance_roll(c, 3));
	phx_buf_printf(&c->text, "network { ip = 10.%u.1.%u/24; gw = 10.%u.1.254", id % 250, 1 + id % 200,
		       id % 250);
	maybe(c, 3, "; vlan = 12");
	phx_buf_c(&c->text, " }; ");
	maybe(c, 3, "network lan { bridge = \"vmbr2\"; ip6 = auto }; ");
	maybe(c, 3, "mount \"/data\" { storage = \"ssd\"; size = 3GiB }; ");
	maybe(c, 3, "mount \"/alpha\" { storage = \"local\"; size = 2GiB; options = [\"noatime\"] }; ");
	maybe(c, 4, "mount \"/host\" { source = \"/mnt/host\" }; ");
	maybe(c, 2, "swap = 256MiB; ");
	maybe(c, 3, "nesting = true; ");
	maybe(c, 4, "options { timezone = \"host\"; tty = 3 }; ");
	common(c);
	phx_buf_c(&c->text, "}\n");
}

/* Every check of the graph: a configuration that trips it and nothing else, under the right piece of text, and the same
 * configuration mended. */
#include "model_text.h"

struct check {
	const char *code, *at, *wrong, *right;
};

#define TEMPLATE                                                                                             \
	"image i { volume = \"local:import/a.qcow2\" } vm t { id = 900; template = true; image = image.i; "  \
	"storage = \"st\"; disk = 10GiB }\n"
#define BASE                                                                                                 \
	"container b { id = 800; template = true; ostemplate = \"local:vztmpl/a.tar.zst\"; rootfs = "        \
	"\"st:8\" }\n"
#define CT(rest)                                                                                             \
	"container a { id = 101; ostemplate = \"local:vztmpl/a.tar.zst\"; rootfs = \"st:8\"; " rest " }\n"
#define VM(rest) "vm a { id = 101; storage = \"st\"; disk = 8GiB; " rest " }\n"

static const struct check checks[] = {
	/* names and references */
	{"PHX0311", "vm a", VM("") "vm a { id = 102; disk = 1GiB; storage = \"st\" }",
	 VM("") "vm c { id = 102; disk = 1GiB; storage = \"st\" }"},
	{"PHX0311", "defaults vm", "defaults vm { cores = 1 } defaults vm { cores = 2 }\n" VM(""),
	 "defaults vm { cores = 1 } defaults container { cores = 2 }\n" VM("")},
	{"PHX0312", "vm.tt", TEMPLATE "vm a { id = 101; clone = vm.tt }",
	 TEMPLATE "vm a { id = 101; clone = vm.t }"},
	{"PHX0312", "pool.nope", VM("pool = pool.nope"), "pool nope {}" VM("pool = pool.nope")},
	{"PHX0312", "@999", VM("depends_on = [@999]"),
	 VM("depends_on = [@102]") "vm c { id = 102; storage = \"st\"; disk = 1GiB }"},
	{"PHX0312", "feature.dokcer", CT("features = [feature.dokcer]"),
	 "feature docker { script = \"/dev/null\" }" CT("features = [feature.docker]")},
	{"PHX0312", "feature.g", "feature f { script = \"/dev/null\"; needs = [feature.g] }",
	 "feature f { script = \"/dev/null\"; needs = [feature.g] } feature g { script = \"/dev/null\" }"},
	{"PHX0409", "feature f",
	 "feature f { script = \"/dev/null\"; needs = [feature.g] } feature g { script = \"/dev/null\"; "
	 "needs = "
	 "[feature.f] }",
	 "feature f { script = \"/dev/null\"; needs = [feature.g] } feature g { script = \"/dev/null\" }"},
	{"PHX0242", "feature.f",
	 "feature f { script = \"/dev/null\"; param p { type = \"int\" } }" CT("features = [feature.f]"),
	 "feature f { script = \"/dev/null\"; param p { type = \"int\" } }" CT(
		 "features = [feature.f(p = 1)]")},
	{"PHX0447", "feature.f(p = 2)",
	 "feature f { script = \"/dev/null\"; param p {} }" CT(
		 "features = [feature.f(p = 1), feature.f(p = 2)]"),
	 "feature f { script = \"/dev/null\"; param p {} }" CT("features = [feature.f(p = 1)]")},
	{"PHX0315", "id", "defaults vm { id = 5 }" VM(""), "defaults vm { cores = 5 }" VM("")},
	{"PHX0316", "balloo", VM("options { balloo = 512 }"), VM("options { balloon = 512 }")},
	{"PHX0316", "policy_inn", VM("firewall { policy_inn = drop }"), VM("firewall { policy_in = drop }")},
	{"PHX0317", "cores", VM("options { cores = 4 }"), VM("cores = 4")},
	{"PHX0317", "numa", VM("options { numa = true }"), VM("cpu { numa = true }")},
	{"PHX0317", "scsi1", VM("options { scsi1 = \"st:4\" }"), VM("disk scsi1 { size = 4GiB }")},
	{"PHX0318", "digest", VM("options { digest = \"abc\" }"), VM("options { vga = std }")},
	{"PHX0310", "secret \"hunter2\"", VM("options { vga = secret \"hunter2\" }"),
	 CT("options { password = secret \"hunter2\" }")},
	{"PHX0320", "size", "vm a { id = 101; storage = \"st\"; disk = 8GiB; disk root { size = 9GiB } }",
	 "vm a { id = 101; storage = \"st\"; disk = 8GiB; disk root { ssd = true } }"},
	{"PHX0320", "full", VM("full = true"), TEMPLATE "vm a { id = 101; clone = vm.t; full = true }"},
	{"PHX0320", "false", CT("nesting = false; options { features = \"nesting=1\" }"),
	 CT("nesting = true; options { features = \"keyctl=1\" }")},
	{"PHX0321", "vm web_1", "vm web_1 { id = 101; storage = \"st\"; disk = 8GiB }",
	 "vm web_1 { id = 101; name = \"web-1\"; storage = \"st\"; disk = 8GiB }"},
	{"PHX0321", "\"a b\"", VM("name = \"a b\""), VM("name = \"a-b.lab\"")},
	{"PHX0322", "644", CT("file \"/etc/motd\" { content = \"x\"; mode = 644 }"),
	 CT("file \"/etc/motd\" { content = \"x\"; mode = 0644 }")},
	{"PHX0323", "\"nope.sh\"", CT("script s { source = \"nope.sh\" }"),
	 CT("script s { source = \"/dev/null\" }")},
	{"PHX0323", "\"nope.img\"", "image i { file = \"nope.img\" }", "image i { file = \"/dev/null\" }"},
	{"PHX0323", "\"f/none.sh\"", "feature f { script = \"f/none.sh\" }",
	 "feature f { script = \"/dev/null\" }"},
	{"PHX0323", "\"ci.yml\"", VM("cloud_init { user_data = \"ci.yml\" }"),
	 VM("cloud_init { user_data = \"local:snippets/ci.yml\" }")},
	{"PHX0324", "stack \"My Lab\"", "stack \"My Lab\"" VM(""), "stack \"my-lab\"" VM("")},
	{"PHX0326", "pool \"1x\"", "pool \"1x\" {}", "pool x1 {}"},
	/* ids */
	{"PHX0401", "vm a", "vm a { storage = \"st\"; disk = 8GiB }",
	 "ids 200 299 vm a { storage = \"st\"; disk = 8GiB }"},
	{"PHX0402", "101",
	 VM("") "container c { id = 101; ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs = \"st:4\" }",
	 VM("") "container c { id = 102; ostemplate = \"local:vztmpl/a.tar.gz\"; rootfs = \"st:4\" }"},
	{"PHX0422", "99", "vm a { id = 99; storage = \"st\"; disk = 8GiB }",
	 "vm a { id = 100; storage = \"st\"; disk = 8GiB }"},
	{"PHX0422", "1000000000", "vm a { id = 1000000000; storage = \"st\"; disk = 8GiB }",
	 "vm a { id = 999999999; storage = \"st\"; disk = 8GiB }"},
	{"PHX0402", "101",
	 "cluster x {} cluster y {} defaults vm { cluster = cluster.x } " VM(
		 "") "vm c { id = 101; storage = \"st\"; disk = 1GiB }",
	 "cluster x {} cluster y {} defaults vm { cluster = cluster.x } " VM(
		 "name = \"n\"; network { ip = 10.0.0.5/24 }") "vm c { id = 101; name = \"n\"; cluster = "
							       "cluster.y; storage = \"st\"; disk = 1GiB; "
							       "network { ip = 10.0.0.5/24 } }"},
	/* limits */
	{"PHX0422", "0", VM("cores = 0"), VM("cores = 1")},
	{"PHX0422", "9000", CT("cores = 9000"), CT("cores = 8192")},
	{"PHX0422", "8MiB", VM("memory = 8MiB"), VM("memory = 16MiB")},
	{"PHX0422", "1025KiB", VM("memory = 1025KiB"), VM("memory = 1GiB")},
	{"PHX0422", "5000", VM("network { vlan = 5000 }"), VM("network { vlan = 4094 }")},
	{"PHX0422", "70000", VM("network { mtu = 70000 }"), VM("network { mtu = 9000 }")},
	{"PHX0422", "\"vm br\"", VM("network { bridge = \"vm br\" }"), VM("network { bridge = \"vmbr1\" }")},
	{"PHX0422", "-1", VM("startup { order = -1 }"), VM("startup { order = 0 }")},
	{"PHX0422", "500ms", VM("startup { up = 500ms }"), VM("startup { up = 30s }")},
	{"PHX0422", "\"wxp2\"", VM("options { ostype = \"wxp2\" }"), VM("options { ostype = l26 }")},
	{"PHX0422", "61000", VM("options { shares = 61000 }"), VM("options { shares = 50000 }")},
	{"PHX0422", "53:54:00:AA:BB:CC", VM("network { mac = 53:54:00:AA:BB:CC }"),
	 VM("network { mac = 52:54:00:AA:BB:CC }")},
	{"PHX0422", "\"ftp://x/y.iso\"", "image i { url = \"ftp://x/y.iso\" }",
	 "image i { url = \"http://x/y.iso\" }"},
	{"PHX0422", "\"noatme\"",
	 CT("mount \"/srv\" { storage = \"st\"; size = 1GiB; options = \"noatme\" }"),
	 CT("mount \"/srv\" { storage = \"st\"; size = 1GiB; options = \"noatime,ro\" }")},
	{"PHX0422", "\"source=/dev/urandom,rate=5\"", VM("options { rng0 = \"source=/dev/urandom,rate=5\" }"),
	 VM("options { rng0 = \"source=/dev/urandom,period=5\" }")},
	{"PHX0422", "\"my storage\"", "vm a { id = 101; storage = \"my storage\"; disk = 1GiB }",
	 "vm a { id = 101; storage = \"my-storage\"; disk = 1GiB }"},
	{"PHX0422", "\"a b\"", VM("disk x { size = 1GiB; storage = \"a b\" }"),
	 VM("disk x { size = 1GiB; storage = \"ab\" }")},
	{"PHX0422", "\"no_de\"", VM("node = \"no_de\""), VM("node = \"node-2\"")},
	{"PHX0422", "\"a,b\"", VM("pool = \"a,b\""), VM("pool = \"ab\"")},
	{"PHX0422", "\"httpx\"", VM("firewall { rule in accept { proto = tcp; port = \"httpx\" } }"),
	 VM("firewall { rule in accept { proto = tcp; port = \"https,8006\" } }")},
	/* addresses */
	{"PHX0403", "52:54:00:00:00:01",
	 VM("network { mac = 52:54:00:00:00:01 }") "vm c { id = 102; storage = \"st\"; disk = 1GiB; network "
						   "{ "
						   "mac = 52:54:00:00:00:01 } }",
	 VM("network { mac = 52:54:00:00:00:01 }") "vm c { id = 102; storage = \"st\"; disk = 1GiB; network "
						   "{ "
						   "mac = 52:54:00:00:00:02 } }"},
	{"PHX0404", "10.0.0.5/16",
	 VM("network { ip = 10.0.0.5/24 }") "vm c { id = 102; storage = \"st\"; disk = 1GiB; network { ip = "
					    "10.0.0.5/16 } }",
	 VM("network { ip = 10.0.0.5/24 }") "vm c { id = 102; storage = \"st\"; disk = 1GiB; network { vlan "
					    "= "
					    "3; ip = 10.0.0.5/16 } }"},
	{"PHX0404", "fd00::5/64",
	 VM("network { ip6 = fd00::5/64 }") "vm c { id = 102; storage = \"st\"; disk = 1GiB; network { ip6 = "
					    "fd00::5/64 } }",
	 VM("network { ip6 = fd00::5/64 }") "vm c { id = 102; storage = \"st\"; disk = 1GiB; network { "
					    "bridge "
					    "= \"vmbr1\"; ip6 = fd00::5/64 } }"},
	{"PHX0405", "10.0.1.1", VM("network { ip = 10.0.0.5/24; gw = 10.0.1.1 }"),
	 VM("network { ip = 10.0.0.5/24; gw = 10.0.0.1 }")},
	{"PHX0405", "10.0.0.5", VM("network { ip = 10.0.0.5/24; gw = 10.0.0.5 }"),
	 VM("network { ip6 = fd00::5/64; gw6 = fe80::1 }")},
	{"PHX0405", "fd01::1", VM("network { ip6 = fd00::5/64; gw6 = fd01::1 }"),
	 VM("network { ip6 = fd00::5/64; gw6 = fd00::1 }")},
	{"PHX0406", "10.0.0.1", VM("network { ip = dhcp; gw = 10.0.0.1 }"), VM("network { ip = dhcp }")},
	{"PHX0406", "fe80::1", VM("network { ip6 = auto; gw6 = fe80::1 }"), VM("network { ip6 = auto }")},
	{"PHX0408", "10.0.0.0/24", VM("network { ip = 10.0.0.0/24 }"), VM("network { ip = 10.0.0.0/31 }")},
	{"PHX0408", "10.0.0.255/24", VM("network { ip = 10.0.0.255/24 }"),
	 VM("network { ip = 10.0.0.255/23 }")},
	{"PHX0408", "10.0.0.5/0", VM("network { ip = 10.0.0.5/0 }"), VM("network { ip = 10.0.0.5/32 }")},
	{"PHX0424", "10.1.0.1",
	 VM("network { ip = 10.0.0.5/24; gw = 10.0.0.1 } network lan { ip = 10.1.0.5/24; gw = 10.1.0.1 }"),
	 VM("network { ip = 10.0.0.5/24; gw = 10.0.0.1 } network lan { ip = 10.1.0.5/24 }")},
	{"PHX0437", "fd00::5/64", VM("network { ip = fd00::5/64 }"), VM("network { ip6 = fd00::5/64 }")},
	{"PHX0437", "10.0.0.1", VM("network { ip6 = fd00::5/64; gw6 = 10.0.0.1 }"),
	 VM("network { ip6 = fd00::5/64 }")},
	{"PHX0438", "10.0.0.1", VM("network { gw = 10.0.0.1 }"),
	 VM("network { ip = 10.0.0.2/24; gw = 10.0.0.1 }")},
	/* clones and templates */
	{"PHX0410", "vm.a", VM("") "vm c { id = 102; clone = vm.a }",
	 VM("template = true") "vm c { id = 102; clone = vm.a }"},
	{"PHX0411", "vm.t", TEMPLATE "container c { id = 102; clone = vm.t }",
	 TEMPLATE "vm c { id = 102; clone = vm.t }"},
	{"PHX0412", "vm c",
	 VM("template = true; network { ip = 10.0.0.5/24 }") "vm c { id = 102; clone = vm.a }",
	 VM("template = true; network { ip = 10.0.0.5/24 }") "vm c { id = 102; clone = vm.a; network { ip = "
							     "10.0.0.6/24 } }"},
	{"PHX0412", "network",
	 VM("template = true; network { ip = 10.0.0.5/24 }") "vm c { id = 102; clone = vm.a; network { vlan "
							     "= 7 } }",
	 VM("template = true; network { ip = 10.0.0.5/24 }") "vm c { id = 102; clone = vm.a; network { vlan "
							     "= 7; ip = dhcp } }"},
	{"PHX0413", "storage", TEMPLATE "vm c { id = 102; clone = vm.t; full = false; storage = \"xx\" }",
	 TEMPLATE "vm c { id = 102; clone = vm.t; full = true; storage = \"xx\" }"},
	{"PHX0413", "storage",
	 TEMPLATE "vm c { id = 102; clone = vm.t; full = false; disk root { storage = \"xx\" } }",
	 TEMPLATE
	 "vm c { id = 102; clone = vm.t; full = false; disk data { size = 1GiB; storage = \"xx\" } }"},
	{"PHX0414", "image", TEMPLATE "vm c { id = 102; clone = vm.t; image = image.i }",
	 TEMPLATE "vm c { id = 102; clone = vm.t }"},
	{"PHX0415", "container c", "container c { id = 102; rootfs = \"st:8\" }",
	 BASE "container c { id = 102; clone = container.b }"},
	{"PHX0416", "vm a", "vm a { id = 101 }", VM("")},
	{"PHX0417", "running", VM("template = true; running = true"), VM("template = true")},
	{"PHX0417", "on_boot", VM("template = true; on_boot = true"), VM("template = false; on_boot = true")},
	{"PHX0417", "snapshot final", VM("template = true; snapshot final {}"), VM("snapshot final {}")},
	{"PHX0417", "health", CT("template = true; health { command = \"true\" }"),
	 CT("health { command = \"true\" }")},
	{"PHX0418", "snapshot final", CT("mount \"/srv\" { source = \"/srv\" } snapshot final {}"),
	 CT("mount \"/srv\" { storage = \"st\"; size = 1GiB } snapshot final {}")},
	{"PHX0419", "container.a",
	 CT("template = true; mount \"/srv\" { source = \"/srv\" }") "container c { id = 102; clone = "
								     "container.a }",
	 CT("template = true; mount \"/srv\" { storage = \"st\"; size = 1GiB }") "container c { id = 102; "
										 "clone = container.a }"},
	{"PHX0420", "9GiB", TEMPLATE "vm c { id = 102; clone = vm.t; disk = 9GiB }",
	 TEMPLATE "vm c { id = 102; clone = vm.t; disk = 10GiB }"},
	{"PHX0420", "\"st:4\"", BASE "container c { id = 102; clone = container.b; rootfs = \"st:4\" }",
	 BASE "container c { id = 102; clone = container.b; rootfs = \"st:8\" }"},
	{"PHX0420", "4GiB", BASE "container c { id = 102; clone = container.b; disk root { size = 4GiB } }",
	 BASE "container c { id = 102; clone = container.b; disk root { size = 32GiB } }"},
	{"PHX0421", "true", BASE "container c { id = 102; clone = container.b; unprivileged = true }",
	 BASE "container c { id = 102; clone = container.b; unprivileged = false }"},
	/* firewall */
	{"PHX0423", "443", VM("firewall { rule in accept { port = 443 } }"),
	 VM("firewall { rule in accept { proto = tcp; port = 443 } }")},
	{"PHX0423", "70000", VM("firewall { rule in accept { proto = tcp; port = 70000 } }"),
	 VM("firewall { rule in accept { proto = tcp; port = \"80,443,8000:8010\" } }")},
	{"PHX0423", "\"90:80\"", VM("firewall { rule in accept { proto = tcp; port = \"90:80\" } }"),
	 VM("firewall { rule in accept { proto = tcp; port = \"80:90\" } }")},
	{"PHX0423", "HTPS", VM("firewall { rule in accept { macro = HTPS } }"),
	 VM("firewall { rule in accept { macro = https } }")},
	{"PHX0423", "443", VM("firewall { rule in accept { macro = HTTPS; port = 443 } }"),
	 VM("firewall { rule in accept { macro = HTTPS; source = 10.0.0.0/24 } }")},
	{"PHX0423", "80", VM("firewall { rule in accept { proto = icmp; port = 80 } }"),
	 VM("firewall { rule in accept { proto = icmp } }")},
	{"PHX0422", "maybe", VM("firewall { policy_in = maybe }"), VM("firewall { policy_in = reject }")},
	/* zero */
	{"PHX0425", "0", CT("health { command = \"true\"; retries = 0 }"),
	 CT("health { command = \"true\"; retries = 1 }")},
	{"PHX0425", "0s", CT("health { command = \"true\"; interval = 0s }"),
	 CT("health { command = \"true\"; interval = 1s }")},
	{"PHX0425", "0s", VM("timeouts { agent = 0s }"), VM("timeouts { agent = 5m }")},
	/* warnings */
	{"PHX0426", "startup",
	 VM("on_boot = true; startup { order = 1 } depends_on = [vm.c]") "vm c { id = 102; storage = \"st\"; "
									 "disk = 1GiB; on_boot = true; "
									 "startup { order = 2 } }",
	 VM("on_boot = true; startup { order = 3 } depends_on = [vm.c]") "vm c { id = 102; storage = \"st\"; "
									 "disk = 1GiB; on_boot = true; "
									 "startup { order = 2 } }"},
	{"PHX0427", "vm c",
	 VM("name = \"web\"") "vm c { id = 102; name = \"web\"; storage = \"st\"; disk = 1GiB }",
	 VM("name = \"web\"") "vm c { id = 102; storage = \"st\"; disk = 1GiB }"},
	{"PHX0428", "\"hunter2\"", VM("user ada { password = \"hunter2\" }"),
	 VM("user ada { password = secret \"hunter2\" }")},
	{"PHX0428", "\"root@pam!x=y\"", "cluster c { token = \"root@pam!x=y\" }",
	 "cluster c { token = secret \"root@pam!x=y\" }"},
	{"PHX0442", "\"sha256:…\"", "image i { url = \"http://x/y.qcow2\"; checksum = \"sha256:…\" }",
	 "image i { url = \"http://x/y.qcow2\" }"},
	{"PHX0445", "nfs \"/srv\"", VM("nfs \"/srv\" { source = \"10.0.0.1:/srv\" }"),
	 VM("agent { enabled = true } nfs \"/srv\" { source = \"10.0.0.1:/srv\" }")},
	/* volumes and slots */
	{"PHX0429", "disk", "vm a { id = 101; disk = 8GiB }",
	 "vm a { id = 101; disk root { size = 8GiB; storage = \"st\" } }"},
	{"PHX0307", "disk data", VM("disk data {}"), VM("disk data { size = 1GiB }")},
	{"PHX0307", "mount \"/srv\"", CT("mount \"/srv\" {}"),
	 CT("mount \"/srv\" { storage = \"st\"; size = 1GiB }")},
	{"PHX0430", "disk data",
	 VM("disk logs { size = 1GiB; slot = \"scsi1\" } disk data { size = 1GiB; slot = \"scsi1\" }"),
	 VM("disk data { size = 1GiB; slot = \"scsi1\" } disk logs { size = 1GiB; slot = \"scsi2\" }")},
	{"PHX0430", "network x", VM("network {} network x { slot = net0 }"),
	 VM("network {} network x { slot = net1 }")},
	{"PHX0431", "disk scsi31", VM("disk scsi31 { size = 1GiB }"), VM("disk scsi30 { size = 1GiB }")},
	{"PHX0431", "\"hdd1\"", VM("disk d { size = 1GiB; slot = \"hdd1\" }"),
	 VM("disk d { size = 1GiB; slot = \"sata5\" }")},
	{"PHX0431", "network net32", VM("network net32 {}"), VM("network net31 {}")},
	{"PHX0433", "\"st\"",
	 "container a { id = 101; ostemplate = \"local:vztmpl/a.tar.zst\"; rootfs = \"st\" }",
	 "container a { id = 101; ostemplate = \"local:vztmpl/a.tar.zst\"; rootfs = 8GiB; storage = \"st\" "
	 "}"},
	{"PHX0433", "\"noatall\"", "image i { volume = \"noatall\" }",
	 "image i { volume = \"local:import/x.qcow2\" }"},
	{"PHX0439", "mount srv", CT("mount srv { storage = \"st\"; size = 1GiB }"),
	 CT("mount \"/srv\" { storage = \"st\"; size = 1GiB }")},
	{"PHX0439", "mount \"/srv/\"",
	 CT("mount \"/srv\" { storage = \"st\"; size = 1GiB } mount \"/srv/\" { storage = \"st\"; size = "
	    "1GiB "
	    "}"),
	 CT("mount \"/srv\" { storage = \"st\"; size = 1GiB } mount \"/srv/x\" { storage = \"st\"; size = "
	    "1GiB "
	    "}")},
	{"PHX0439", "nfs data", CT("nfs data { source = \"h:/x\" }"),
	 CT("nfs \"/data\" { source = \"h:/x\" }")},
	/* others */
	{"PHX0434", "vm a", "cluster x {} cluster y {}" VM(""),
	 "cluster x {} cluster y {}" VM("cluster = cluster.y")},
	{"PHX0435", "image i", "image i { storage = \"local\" }",
	 "image i { storage = \"local\"; url = \"http://x/y.qcow2\" }"},
	{"PHX0435", "volume", "image i { url = \"http://x/y.qcow2\"; volume = \"local:import/y.qcow2\" }",
	 "image i { volume = \"local:import/y.qcow2\" }"},
	{"PHX0436", "\"sha256:abcd\"", "image i { url = \"http://x/y.qcow2\"; checksum = \"sha256:abcd\" }",
	 "image i { url = \"http://x/y.qcow2\"; checksum = "
	 "\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\" }"},
	{"PHX0436", "\"e3b0c44298fc1c149afbf4c8996fb924\"",
	 "image i { url = \"http://x/y.qcow2\"; checksum = \"e3b0c44298fc1c149afbf4c8996fb924\" }",
	 "image i { url = \"http://x/y.qcow2\"; checksum = \"md5:e3b0c44298fc1c149afbf4c8996fb924\" }"},
	{"PHX0440", "\"a b\"", VM("tags = [\"a b\"]"), VM("tags = [\"a-b\"]")},
	{"PHX0440", "\"phx-lab\"", VM("tags = [\"phx-lab\"]"), VM("tags = [\"lab\"]")},
	{"PHX0441", "snapshot 1st", VM("snapshot 1st {}"), VM("snapshot first {}")},
	{"PHX0441", "snapshot current", VM("snapshot current {}"), VM("snapshot current2 {}")},
	{"PHX0443", "content", CT("file \"/x\" { source = \"/dev/null\"; content = \"x\" }"),
	 CT("file \"/x\" { content = \"x\" }")},
	{"PHX0443", "file \"/x\"", CT("file \"/x\" { mode = 0600 }"),
	 CT("file \"/x\" { source = \"/dev/null\" }")},
	{"PHX0444", "\"AAAA\"", VM("user ada { ssh_keys = [\"AAAA\"] }"),
	 VM("user ada { ssh_keys = [\"ssh-ed25519 AAAA ada\"] }")},
	{"PHX0304", "network net0", VM("network {} network net0 {}"), VM("network {} network net1 {}")},
	{"PHX0304", "disk root", VM("disk {} disk root {}"), VM("disk root {}")},
};

static struct phx_arena tables;
static struct phx_options *options;

static int open_tables(void **state)
{
	(void)state;
	options = phx_options_new(&tables, PHX_STR("8.4"));
	return 0;
}

static int close_tables(void **state)
{
	(void)state;
	phx_arena_done(&tables);
	return 0;
}

static void each_mistake_is_told_once_and_nothing_else(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(checks); i++) {
		struct world w = {.options = options};

		world_build(&w, checks[i].wrong);
		failed += !is_only(&w, checks[i].code, checks[i].at);
		world_close(&w);
	}
	assert_int_equal(failed, 0);
}

static void each_mended_configuration_is_accepted(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < PHX_COUNTOF(checks); i++) {
		struct world w = {.options = options};

		world_build(&w, checks[i].right);
		failed += !is_clean(&w);
		world_close(&w);
	}
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_is_told_once_and_nothing_else),
		cmocka_unit_test(each_mended_configuration_is_accepted),
	};

	return cmocka_run_group_tests(tests, open_tables, close_tables);
}

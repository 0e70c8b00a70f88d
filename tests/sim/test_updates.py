"""Every attribute that can change in place does, by one PUT a guest, and the next plan is empty: set, changed, taken away again."""
from phxtest import *

# (kind, first, then, what Proxmox must hold then)
CASES = [
    ("vm", "cores = 1", "cores = 2", {"cores": 2}),
    ("vm", "memory = 1GiB", "memory = 2GiB", {"memory": "2048"}),
    ("vm", "on_boot = false", "on_boot = true", {"onboot": 1}),
    ("vm", "protect = false", "protect = true", {"protection": 1}),
    ("vm", "protect = true", "protect = false", {"protection": 0}),
    ("vm", "notes = \"one\"", "notes = \"two\\nlines\"", {}),
    ("vm", "tags = [\"b\", \"a\"]", "tags = [\"c\"]", {}),
    ("vm", "name = \"first\"", "name = \"second\"", {"name": "second"}),
    ("vm", "startup { order = 1 }", "startup { order = 2; up = 10s }", {"startup": "2,up=10"}),
    ("vm", "cpu { type = \"host\" }", "cpu { type = \"x86-64-v2-AES\" }", {"cpu": "x86-64-v2-AES"}),
    ("vm", "dns { servers = [1.1.1.1] }", "dns { servers = [9.9.9.9, 1.1.1.1]; search = \"lan\" }", {"nameserver": "9.9.9.9 1.1.1.1"}),
    ("vm", "network { ip = 10.0.9.2/24; gw = 10.0.9.1; rate = 10 }", "network { ip = 10.0.9.3/24; gw = 10.0.9.1; rate = 20; vlan = 7 }",
     {"ipconfig0": "ip=10.0.9.3/24,gw=10.0.9.1"}),
    ("vm", "network lan2 { bridge = \"vmbr0\" }", "network lan2 { bridge = \"vmbr100\"; mtu = 1400 }", {}),
    ("vm", "options { balloon = 256 }", "options { balloon = 512 }", {"balloon": 512}),
    ("vm", "options { tablet = true }", "options { tablet = false }", {"tablet": 0}),
    ("vm", "options { hotplug = \"disk\" }", "options { hotplug = \"disk,network\" }", {"hotplug": "disk,network"}),
    ("container", "cores = 1", "cores = 2", {"cores": 2}),
    ("container", "memory = 512MiB", "memory = 1GiB", {"memory": 1024}),
    ("container", "swap = 512MiB", "swap = 256MiB", {"swap": 256}),
    ("container", "on_boot = false", "on_boot = true", {"onboot": 1}),
    ("container", "protect = false", "protect = true", {"protection": 1}),
    ("container", "notes = \"one\"", "notes = \"two\"", {}),
    ("container", "tags = [\"a\"]", "tags = [\"b\", \"c\"]", {}),
    ("container", "name = \"one\"", "name = \"two\"", {"hostname": "two"}),
    ("container", "startup { order = 1 }", "startup { order = 3 }", {"startup": "3"}),
    ("container", "dns { servers = [1.1.1.1] }", "dns { servers = [9.9.9.9] }", {"nameserver": "9.9.9.9"}),
    ("container", "network { ip = 10.0.9.4/24; gw = 10.0.9.1 }", "network { ip = 10.0.9.5/24; gw = 10.0.9.1 }", {}),
    ("container", "options { cpulimit = 1 }", "options { cpulimit = 2 }", {"cpulimit": "2"}),
    ("container", "options { tty = 2 }", "options { tty = 4 }", {"tty": 4}),
]
HEAD = """stack "up"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
image d { url = "https://example.com/d.qcow2"; storage = "local" }
"""


def guest(i, kind, line):
    where = ('image = image.d; storage = "local-lvm"; disk = 4GiB; agent { enabled = false }' if kind == "vm" else
             'ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"; rootfs = "local-lvm:2"; unprivileged = true')
    net = "" if line.startswith("network { ") else "network { ip = dhcp }"
    return f"{kind} g{i} {{\n  id = {200 + i}\n  running = false\n  {where}\n  {net}\n  {line}\n}}\n"


def config(which):
    return HEAD + "".join(guest(i, c[0], c[which] if which else "") for i, c in enumerate(CASES))


with Lab() as lab:
    lab.serve("--speed", "0")
    path = lab.write("main.phx", config(1))
    lab.apply(path)
    no_changes(lab, path)
    lab.write("main.phx", config(2))
    t = lab.path("trace")
    lab.apply(path, "--trace", t)
    for i, (kind, first, then, want) in enumerate(CASES):
        place = f"/nodes/pve/{'qemu' if kind == 'vm' else 'lxc'}/{200 + i}/config"
        puts = [w for w in writes(t) if w["path"] == place]
        same(len(puts), 1, f"config calls for {kind}: {first} -> {then}")
    no_changes(lab, path)
    for i, (kind, first, then, want) in enumerate(CASES):
        have = lab.get(f"/nodes/pve/{'qemu' if kind == 'vm' else 'lxc'}/{200 + i}/config")
        same({k: str(have.get(k)) for k in want}, {k: str(v) for k, v in want.items()}, f"{kind}: {first} -> {then}")
    lab.write("main.phx", config(0))
    lab.apply(path)
    no_changes(lab, path)
print("ok")

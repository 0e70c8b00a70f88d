#!/usr/bin/env python3
"""What somebody changed on the cluster is found attribute by attribute, and nothing else is taken for it: not what phx wrote, not what
changed in the configuration."""
import json
import os
import subprocess

from phxtest import EXAMPLE, PHX, SOURCE, Lab, check, same

SEED = '''{"nodes": [{"name": "pve", "bridges": ["vmbr0", "vmbr1"]}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"}],
 "volumes": [{"volid": "local:vztmpl/d.tar.zst", "size": "100M", "os": {"type": "debian"}}]}'''


def config(cores=2, note="as written", port=22, size=4):
    return f'''stack "t"
cluster c {{ endpoint = "https://127.0.0.1:8006"; node = "pve" }}
pool p {{}}
vm web {{
  id = 101
  running = false
  cores = {cores}
  memory = 2GiB
  storage = "local"
  disk = {size}GiB
  tags = ["one"]
  notes = "{note}"
  network {{ bridge = "vmbr0"; ip = dhcp }}
  firewall {{ rule in accept {{ proto = "tcp"; port = {port} }} }}
}}
container app {{
  id = 102
  memory = 512MiB
  on_boot = true
  ostemplate = "local:vztmpl/d.tar.zst"
  rootfs = "local:4"
  unprivileged = true
  network {{ bridge = "vmbr0"; ip = 10.0.0.10/24; gw = 10.0.0.1 }}
}}
'''


def drift(lab, path, status):
    out, _, _ = lab.plan(path, "--refresh-only", "--json", status=status)
    doc = json.loads(out)
    same(doc["actions"], [], "nothing is planned")
    return {c["address"]: sorted(a["path"] for a in c["attributes"]) for c in doc["changes"]}


def hands(lab):
    web, app = "/nodes/pve/qemu/101", "/nodes/pve/lxc/102"
    net = lab.get(web + "/config")["net0"].replace("vmbr0", "vmbr1")
    lab.call("PUT", web + "/config", memory=4096, net0=net, tags="one;two", description=lab.get(web + "/config")[
        "description"].replace("as written", "otherwise"))
    lab.call("POST", web + "/firewall/rules", type="in", action="ACCEPT", proto="tcp", dport="3389", enable=1)
    lab.call("PUT", app + "/config", onboot=0, memory=256)


def changed_by_hands():
    with Lab() as lab:
        lab.write("sim/cluster.json", SEED)
        path = lab.write("main.phx", config())
        lab.apply(path, "--sim-speed", "0")
        same(drift(lab, path, 0), {}, "phx's own writing is no drift")
        hands(lab)
        found = drift(lab, path, 2)
        same(found.get("container.app"), ["memory", "on_boot"], "of the container")
        same([p for p in found["vm.web"] if not p.startswith("firewall")],
             ["memory", "network.bridge", "notes", "tags"], "of the VM")
        check(any(p.startswith("firewall") for p in found["vm.web"]), f"and its firewall: {found}")
        lab.apply(path)
        same(drift(lab, path, 0), {}, "after the next apply there is none")
        lab.call("PUT", "/nodes/pve/lxc/102/config", memory=300)
        same(drift(lab, path, 2), {"container.app": ["memory"]}, "and it is found again")


def changed_in_the_source():
    with Lab() as lab:
        lab.write("sim/cluster.json", SEED)
        path = lab.write("main.phx", config())
        lab.apply(path, "--sim-speed", "0")
        for edit in ({"cores": 3}, {"note": "new"}, {"port": 80}, {"size": 6}):
            path = lab.write("main.phx", config(**edit))
            plan = lab.plan_json(path)
            attributes = [a for c in plan["changes"] for a in c["attributes"]]
            check(attributes, f"{edit} is a difference")
            same([a["path"] for a in attributes if a["drift"]], [], f"{edit} is no drift")
            same(drift(lab, path, 0), {}, f"{edit} is no drift")
            lab.apply(path, "--yes")
            if "size" in edit:
                break
            path = lab.write("main.phx", config())
            lab.apply(path)
        same(drift(lab, path, 0), {}, "what was applied is no drift")


def the_example_has_none():
    with Lab() as lab:
        lab.apply(EXAMPLE, "--sim-speed", "0", "--target", "container.step-ca", "--target", "vm.portainer", status=None)
        out, _, status = lab.plan(EXAMPLE, "--refresh-only", status=None)
        same(status, 0, "the example as it was applied:\n" + out)


def for_cron():
    script = os.path.join(SOURCE, "examples", "ci", "shell", "drift.sh")
    with Lab() as lab:
        lab.write("sim/cluster.json", SEED)
        path = lab.write("main.phx", config())
        lab.apply(path, "--sim-speed", "0")
        run = lambda: subprocess.run([script, "--sim", lab.sim], capture_output=True, text=True, cwd=lab.dir,
                                     env=dict(lab.env, PHX_BIN=PHX, PHX_CONFIG=path), timeout=60)
        quiet = run()
        same((quiet.returncode, quiet.stdout), (0, ""), "nothing to tell")
        lab.call("PUT", "/nodes/pve/lxc/102/config", memory=300)
        told = run()
        same(told.returncode, 2, "there is drift")
        check("memory" in told.stdout and "container.app" in told.stdout, told.stdout)
        lab.write("main.phx", "vm {")
        same(run().returncode, 1, "it cannot be told")


changed_by_hands()
changed_in_the_source()
the_example_has_none()
for_cron()

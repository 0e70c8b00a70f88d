"""Cloud-init documents: they reach the node's storage before the guest is made, change in place, and go with it; an image without
the guest agent gets it; nothing secret shows."""
import glob
import os

from phxtest import Lab, check, no_changes, same, skip, trace

CANARY = "canary-hunter22"
SEED = """{"nodes": [{"name": "pve"}], "storages": [
  {"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "500G", "content": "iso,vztmpl,backup,import,snippets"},
  {"storage": "local-lvm", "type": "lvmthin", "vgname": "pve", "size": "500G", "content": "images,rootdir"}],
 "images": [
  {"match": "bare", "size": "500M", "virtual": "2G", "os": {"agent": false}},
  {"match": "full", "size": "500M", "virtual": "2G"}]}"""
CONFIG = """
stack "lab"
image bare { url = "https://example.com/bare.img"; storage = "local" }
image full { url = "https://example.com/full.img"; storage = "local" }
defaults vm { storage = "local-lvm"; disk = 4GiB; network { ip = dhcp } }
vm bare { id = 101; image = image.bare; user ada { ssh_keys = ["ssh-ed25519 AAAA ada"] } }
vm full { id = 102; image = image.full; user ada { ssh_keys = ["ssh-ed25519 AAAA ada"]; password = env("ADA_PASSWORD") } }
vm own {
  id = 103
  image = image.bare
  user ada { password = env("ADA_PASSWORD") }
  user bob { sudo = false }
  cloud_init { user_data = "#cloud-config\\npackages: [%s]\\n"; network_data = "version: 2\\n" }
  network { ip = null }
}
vm base { id = 900; template = true; image = image.bare }
vm clone { id = 104; clone = vm.base; network { ip = dhcp }; user carl { sudo = false } }
"""
ENV = {"ADA_PASSWORD": CANARY}


def snippets(lab):
    return {os.path.basename(p): open(p, encoding="utf-8").read()
            for p in glob.glob(os.path.join(lab.sim, "host/pve/var/lib/vz/snippets/*"))}


def names(lab):
    return sorted(n.rsplit("-", 1)[0] for n in snippets(lab))


def nothing_secret(lab, outputs):
    for root, _, files in os.walk(lab.dir):
        for f in files:
            with open(os.path.join(root, f), "rb") as handle:
                check(CANARY.encode() not in handle.read(), f"{f} holds the password in clear")
    for text in outputs:
        check(CANARY not in text and "$6$" not in text, "a password, or its hash, was printed:\n" + text)


def main():
    with Lab() as lab:
        lab.env.update(ENV)
        os.makedirs(lab.sim)
        lab.write("sim/cluster.json", SEED)
        config = lab.write("main.phx", CONFIG % "htop")
        t = lab.path("apply.trace")
        plan = lab.path("saved.phxplan")
        outputs = list(lab.plan(config, "--verbose", "-o", plan)[:2])
        outputs += lab.apply(config, "--trace", t)[:2]
        if not snippets(lab):
            skip("this process may not make namespaces, so that scripts do not run on the simulated node")
        outputs.append(lab.phx("show", "--cloud-init", "vm.own", config)[0])
        same(names(lab), ["lab-103-network", "lab-103-user", "lab-104-user", "phx-agent"], "what lies on the storage")
        nothing_secret(lab, outputs + [open(t, encoding="utf-8").read(), open(plan, encoding="utf-8").read()])
        for name, text in snippets(lab).items():
            mode = os.stat(os.path.join(lab.sim, "host/pve/var/lib/vz/snippets", name)).st_mode & 0o777
            check(mode == 0o600, f"{name} has mode {mode:o}")
            check("$6$" in text or "103-user" not in name, "the password is there as its hash")
        # What the API's options say stays there; documents never stand beside them.
        full, own = (lab.get(f"/nodes/pve/qemu/{n}/config") for n in (102, 103))
        check(full["ciuser"] == "ada" and full["cicustom"].startswith("vendor=local:snippets/phx-agent-"), full)
        check("ciuser" not in own and "user=local:snippets/lab-103-user-" in own["cicustom"], own)
        clone = lab.get("/nodes/pve/qemu/104/config")
        check("user=local:snippets/lab-104-user-" in clone["cicustom"] and "phx-agent" in clone["cicustom"], clone)
        no_changes(lab, config)

        # Changed data: a new document, in place, nothing else; the old one goes.
        before = {n for n in snippets(lab) if n.startswith("lab-103-user")}
        lab.write("main.phx", CONFIG % "btop")
        t = lab.path("change.trace")
        out = lab.apply(config, "--trace", t)[0]
        check("cloud-init runs as for a new instance" in out, out)
        same([r["path"] for r in trace(t) if r["method"] == "PUT"],
             ["/nodes/pve/qemu/103/config", "/nodes/pve/qemu/103/cloudinit"], "what a change of data writes")
        same(names(lab), ["lab-103-network", "lab-103-user", "lab-104-user", "phx-agent"], "after a change")
        check(not before & set(snippets(lab)), "the old document is still there")

        # One user again: the options say it, and the documents go.
        text = (CONFIG % "btop").split("vm own")[0] + "vm own { id = 103; image = image.bare; user ada {}; network { ip = null } }\n"
        lab.write("main.phx", text + "vm base" + CONFIG.split("vm base")[1])
        lab.apply(config)
        same(names(lab), ["lab-104-user", "phx-agent"], "after the data left the configuration")
        own = lab.get("/nodes/pve/qemu/103/config")
        check(own["ciuser"] == "ada" and "cicustom" not in own, own)
        no_changes(lab, config)

        lab.phx("destroy", "--sim", lab.sim, "--yes", config)
        same(names(lab), ["phx-agent"], "after everything was destroyed")


main()

"""Containers on the host: what root does on the node really runs there. Directories get owner and mode once, raw lines go into the
live section and nowhere else, what is undeclared is removed, and nobody else's lines are touched."""
import os

from phxtest import Lab, check, no_changes, same, skip

CONFIG = """
stack "lab"
container a {
  id = 201
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.9/24 }
  gpu = [0, 1]
  %s
  lxc {
    %s
  }
}
container t { id = 900; template = true; ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"; rootfs = "local-lvm:4"
  lxc { "lxc.apparmor.profile" = "unconfined" }
}
container c { id = 202; clone = container.t }
container d { id = 203; clone = container.t; lxc { "lxc.apparmor.profile" = "generated" } }
"""
MOUNTS = """idmap = { "1000" = 1000 }
  mount "/srv" { source = "/tank/a b"; owner = "1000:www-data"; mode = 0750 }
  mount "/opt" { source = "/tank/plain" }"""
LINES = """"lxc.apparmor.profile" = "unconfined"
    "lxc.mount.entry" = ["/dev/dri dev/dri none bind,optional,create=dir", "/x x none bind"]"""


def node(lab, path):
    return os.path.join(lab.sim, "host/pve", path.lstrip("/"))


def raw(lab, vmid):
    return [": ".join(pair) for pair in lab.get(f"/nodes/pve/lxc/{vmid}/config").get("lxc", [])]


def rights(lab, path):
    st = os.stat(node(lab, path))
    return st.st_uid, st.st_gid, f"{st.st_mode & 0o7777:04o}"


def host(lab, *argv, data=""):
    """A command on the node, past phx."""
    import base64
    import json
    import urllib.request
    info = lab.info()
    body = json.dumps({"argv": argv, "input": base64.b64encode(data.encode()).decode()}).encode()
    req = urllib.request.Request(info["url"] + "/sim/host", data=body, headers={"Authorization": "PVEAPIToken=" + info["token"],
                                                                               "Content-Type": "application/json"})
    with urllib.request.urlopen(req, timeout=30) as r:
        return json.load(r)["data"]


def by_hand(lab, vmid, line):
    out = host(lab, "/bin/sh", "-s", data=f"f=/etc/pve/lxc/{vmid}.conf\nawk '/^\\[/ && !d {{ print \"{line}\"; d = 1 }} {{ print }} "
               f"END {{ if (!d) print \"{line}\" }}' $f >/tmp/n && cat /tmp/n >$f\n")
    same(out["exit"], 0, "a change by hand")


def main():
    if os.geteuid() != 0:
        skip("owners can be given away by root only")
    with Lab() as lab:
        config = lab.write("main.phx", CONFIG % (MOUNTS, LINES))
        lab.apply(config)
        if not os.path.exists(node(lab, "/tank")):
            skip("this process may not make namespaces, so that scripts do not run on the simulated node")
        same(rights(lab, "/tank/a b"), (1000, 100033, "0750"), "the declared directory")
        same(rights(lab, "/tank/plain"), (100000, 100000, "0755"), "a directory of which nothing is declared")
        same(raw(lab, 201), ["lxc.apparmor.profile: unconfined", "lxc.idmap: u 0 100000 1000", "lxc.idmap: u 1000 1000 1",
                             "lxc.idmap: u 1001 101001 64535", "lxc.idmap: g 0 100000 1000", "lxc.idmap: g 1000 1000 1",
                             "lxc.idmap: g 1001 101001 64535",
                             "lxc.mount.entry: /dev/dri dev/dri none bind,optional,create=dir", "lxc.mount.entry: /x x none bind"],
             "raw lines")
        with open(node(lab, "/etc/subuid"), encoding="utf-8") as f:
            check("root:1000:1\n" in f.read(), "root may not give id 1000 away")
        same(raw(lab, 202), ["lxc.apparmor.profile: unconfined"], "a clone has its source's lines")
        same(raw(lab, 203), ["lxc.apparmor.profile: generated"], "a clone says its own")
        same([v for k, v in sorted(lab.get("/nodes/pve/lxc/201/config").items()) if k.startswith("dev")],
             [f"/dev/{d},mode=0666" for d in ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset")],
             "devices")
        no_changes(lab, config)

        # Lines of others stay; after a snapshot the end of the file is not the live section.
        by_hand(lab, 202, "lxc.cap.drop: mac_admin")
        lab.call("POST", "/nodes/pve/lxc/202/snapshot", snapname="before")
        for _ in range(200):
            if any(s["name"] == "before" for s in lab.get("/nodes/pve/lxc/202/snapshot")):
                break
        no_changes(lab, config)
        lab.write("main.phx", (CONFIG % ("", LINES.split("\n")[0])).replace("clone = container.t }", 'clone = container.t; lxc { "lxc.tty.max" = 4 } }', 1))
        out = lab.apply(config)[0]
        check("raw lines are read when a container starts" in out and "! RESTART: container.a, container.c" in out, out)
        same(raw(lab, 201), ["lxc.apparmor.profile: unconfined"], "what is undeclared is removed")
        same(raw(lab, 202), ["lxc.apparmor.profile: unconfined", "lxc.cap.drop: mac_admin", "lxc.tty.max: 4"], "beside another's line")
        with open(node(lab, "/etc/pve/lxc/202.conf"), encoding="utf-8") as f:
            live, _, snapshot = f.read().partition("[before]")
        check("lxc.tty.max: 4" in live and "lxc.tty.max" not in snapshot and "lxc.cap.drop" in snapshot, live + snapshot)
        same(rights(lab, "/tank/a b"), (1000, 100033, "0750"), "a directory that is mounted no more stays as it is")
        no_changes(lab, config)

        # Somebody else's change between plan and apply is not overwritten.
        saved = lab.path("saved.phxplan")
        lab.write("main.phx", CONFIG % ("", '"lxc.tty.max" = 2'))
        lab.plan(config, "-o", saved)
        by_hand(lab, 201, "lxc.cap.drop: sys_time")
        lab.phx("apply", "--sim", lab.sim, "--yes", saved, status=4)
        out = host(lab, "/bin/sh", "-s", "--", "201", "0" * 40, data=open(
            os.path.join(os.environ["PHX_ETC"], "host/lxc.sh"), encoding="utf-8").read() + "\nphx_main \"$@\" <<'X'\n+lxc.tty.max: 9\nX\n")
        check(out["exit"] == 1 and "has changed since the plan was made" in out["stderr"], out)
        check("lxc.tty.max: 9" not in raw(lab, 201), "it was written all the same")


main()

#!/usr/bin/env python3
"""The roles that `phx plan --permissions` prints are enough to build everything, and none of them is too much: without any one
of the privileges the plan is refused before anything is sent."""
import os
import re
import urllib.parse

from phxtest import Lab, check, same, writes

SECRET = "00000000-0000-0000-0000-000000000001"
TOKEN = "ci@pve!ci"
CONFIG = '''stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }
pool p { comment = "x" }
image n { url = "https://example.org/n.qcow2"; storage = "local" }
vm base { id = 100; template = true; image = image.n; storage = "ssd"; disk = 8GiB; memory = 1GiB; network { ip = dhcp } }
vm web {
  id = 101
  clone = vm.base
  memory = 2GiB
  cores = 2
  pool = pool.p
  startup { order = 1 }
  network { ip = 10.0.0.9/24; vlan = 12 }
  firewall { rule in accept { proto = "tcp"; port = 22 } }
  snapshot done {}
}
container a {
  id = 102
  memory = 512MiB
  ostemplate = "local:vztmpl/d.tar.zst"
  rootfs = "local:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.10/24; gw = 10.0.0.1 }
}
'''
SEED = '''{"nodes": [{"name": "pve", "bridges": ["vmbr0"]}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"},
              {"storage": "ssd", "type": "lvmthin", "content": "images,rootdir", "size": "100G"}],
 "volumes": [{"volid": "local:vztmpl/d.tar.zst", "size": "100M", "os": {"type": "debian"}}],
 "users": [{"userid": "ci@pve"}],
 "tokens": [{"tokenid": "ci@pve!ci", "secret": "%s", "privsep": 0}]}''' % SECRET


def grant(lab, text, without=None):
    """Runs the printed commands on the simulated cluster; `without`: one privilege less."""
    for name, privileges in re.findall(r"^pveum role add (\S+) --privs '([^']*)'", text, re.M):
        kept = [p for p in privileges.split() if p != without]
        lab.call("POST", "/access/roles", roleid=name, privs=",".join(kept))
    for path, user, role in re.findall(r"^pveum acl modify (\S+) --users '([^']*)' --roles (\S+)", text, re.M):
        same(user, "USER@REALM", "user of the printed commands")
        lab.call("PUT", "/access/acl?path=" + urllib.parse.quote(path, safe=""), users="ci@pve", roles=role)


def become(lab):
    path = os.path.join(lab.sim, "server.json")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(re.sub(r'("token": *)"[^"]*"', r'\1"%s=%s"' % (TOKEN, SECRET), text))


def prepared(lab, without=None):
    lab.write("sim/cluster.json", SEED)
    config = lab.write("main.phx", CONFIG)
    empty = lab.write("empty.phx", 'stack "none"\ncluster c { endpoint = "https://127.0.0.1:8006"; node = "pve" }\n')
    lab.plan(empty, "--sim-speed", "0")
    text, _, _ = lab.phx("plan", "--permissions", config)
    grant(lab, text, without)
    same(sorted(a["path"] for a in lab.get("/access/acl")), sorted(re.findall(r"modify (\S+) --users", text)), "paths of the ACL")
    become(lab)
    return config, text


def privileges_of(text):
    return sorted({p for line in re.findall(r"--privs '([^']*)'", text) for p in line.split()})


def main():
    with Lab() as lab:
        config, text = prepared(lab)
        lab.apply(config)
        out, _, _ = lab.plan(config)
        check("No changes" in out, "with the printed roles everything is built:\n" + out)
        wanted = privileges_of(text)
    # Looking privileges are no part of what calls need, and VM.Monitor is for waiting.
    looking = {"VM.Audit", "Sys.Audit", "Pool.Audit", "Datastore.Audit"}
    for privilege in [p for p in wanted if p not in looking]:
        with Lab() as lab:
            config, _ = prepared(lab, without=privilege)
            t = lab.path("trace")
            _, err, _ = lab.apply(config, "--trace", t, status=1)
            check("PHX0660" in err and privilege in err, f"without {privilege}:\n{err}")
            same(writes(t), [], f"nothing is sent without {privilege}")


main()

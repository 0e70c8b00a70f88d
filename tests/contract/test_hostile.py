"""Whatever is asked of whichever endpoint, the simulated cluster answers and lives on (run it with a sanitizer)."""
import json
import os
import random
import sys
import urllib.parse

from simlab import Lab, Lost, fail

ROUNDS = int(os.environ.get("PHX_HOSTILE_ROUNDS", "4000"))
SEED = {
    "nodes": [{"name": "pve", "cores": 8, "memory": "32G", "bridges": ["vmbr0"]}, {"name": "pve2", "cores": 4, "memory": "8G", "bridges": ["vmbr0"]}],
    "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "200G", "content": "iso,vztmpl,backup,import,snippets,images,rootdir"},
                 {"storage": "thin", "type": "lvmthin", "vgname": "pve", "thinpool": "data", "size": "200G", "content": "images,rootdir"},
                 {"storage": "nfs", "type": "nfs", "server": "10.0.0.9", "export": "/x", "path": "/mnt/pve/nfs", "size": "2G", "shared": 1,
                  "content": "iso,vztmpl,backup,import,images,rootdir"}],
    "volumes": [{"volid": "local:import/d.qcow2", "size": 400000000, "virtual": "2G", "os": {"agent": True, "type": "debian"}},
                {"volid": "local:vztmpl/debian-12_amd64.tar.zst", "size": 100000000}],
    "users": [{"userid": "ann@pve", "password": "p"}],
    "aplinfo": [{"template": "debian-12_amd64.tar.zst", "package": "debian-12", "version": "12", "os": "debian-12", "section": "system", "type": "lxc"}],
}
GOOD = {
    "node": ["pve"] * 8 + ["pve2", "localhost"], "vmid": ["100", "101", "200"] * 2 + ["102", "300"], "newid": ["102", "103", "202", "400"], "storage": ["local", "thin", "nfs"],
    "target": ["pve2"], "disk": ["scsi0", "rootfs", "mp0", "ide2"], "size": ["+1G", "5G", "1"], "snapname": ["s1", "s2", "current"], "poolid": ["p1", "p2", "p1/s"],
    "pool": ["p1"], "userid": ["ann@pve", "bob@pve"], "tokenid": ["t1"], "roleid": ["PVEAdmin", "mine"], "groupid": ["g"], "path": ["/vms/100", "/"],
    "roles": ["PVEAdmin", "mine"], "users": ["ann@pve"], "volume": ["local:100/vm-100-disk-0.qcow2", "thin:vm-100-disk-0", "rootfs"], "content": ["iso", "images", "import"],
    "command": ["ping", "true", "sleep 1", "get-osinfo"], "file": ["/tmp/x", "/nonexistent/y"], "pid": ["400", "401"], "action": ["ACCEPT", "DROP"], "type": ["in", "out", "dir"],
    "pos": ["0", "1"], "name": ["web", "a1"], "cidr": ["10.0.0.0/24", "10.0.0.1"], "group": ["web", "g1"], "sid": ["vm:100", "ct:200", "100"], "ostemplate":
    ["local:vztmpl/debian-12_amd64.tar.zst"], "rootfs": ["local:1", "thin:2"], "scsi0": ["local:1", "thin:1,ssd=1", "local:0,import-from=local:import/d.qcow2"],
    "net0": ["virtio,bridge=vmbr0", "name=eth0,bridge=vmbr0,ip=dhcp"], "ide2": ["local:cloudinit", "none,media=cdrom"], "delete": ["scsi0", "net0", "description", "unused0"],
    "filename": ["a.iso", "vm-100-disk-9.raw"], "url": ["http://example.org/a.iso"], "idlist": ["scsi0", "unused0"], "feature": ["clone", "snapshot"], "export": ["/x"],
    "source": ["all", "active"], "username": ["ann@pve", "root@pam"], "password": ["p", "secret123"], "agent": ["1"], "memory": ["64", "current=128"], "features": ["nesting=1"],
}
HOSTILE = ["", " ", "-1", "0", "99999999999999999999", "a" * 3000, "\0", "a\0b", "\u00fc\u20ac", "../../etc/passwd", "%00", "{}", "[]", "true", "1.5", ",", ";", "=", ":", "::", "a=b,c",
           "UPID:", "UPID:pve:00000000:00000000:00000000:x::y:", "local:", ":x", "local:100/", "local:0", "thin:-1", "local:1,format=", "order=", "order=;;", "virtio=,", "name=,bridge=",
           "0x10", "+", "+G", "1T", "999999T", "/", "//", "/vms/", "root@pam!", "!", "@", "@pve", "$(id)", "'\"", "\n", "a\nb: c", "lock=1", "1;2", "0-0", "100,100,", ",,"]


def endpoints():
    """(path, method, parameters) of the option tables that the simulator reads itself."""
    out, path = [], None
    with open(os.path.join(os.environ["PHX_ETC"], "pve", "8.4", "endpoints"), encoding="utf-8") as f:
        for line in f:
            words = line.rstrip("\n").split("\t")
            if words[0] == "path":
                path = words[1]
            elif words[0] == "method":
                out.append((path, words[1], []))
            elif words[0] == "param" and path is not None and out:
                out[-1][2].append(words[1:])
    return out


def value(rnd, name, words):
    if rnd.random() < 0.08:
        return rnd.choice(HOSTILE)
    if name in GOOD:
        return rnd.choice(GOOD[name])
    for w in words:
        if w.startswith("enum="):
            return rnd.choice(w[5:].split(","))
    return {"integer": "1", "boolean": rnd.choice("01"), "number": "0.5"}.get(words[1] if len(words) > 1 else "", rnd.choice(["x", "1", "vmbr0", "10.0.0.2"]))


def request(rnd, endpoint):
    path, method, params = endpoint
    target, form = path, []
    for words in params:
        name = words[0]
        if "{" + name + "}" in path:
            target = target.replace("{" + name + "}", urllib.parse.quote(value(rnd, name, words), safe=""))
        elif "opt" not in words[2:] or rnd.random() < 3 / (len(params) + 1):
            real = name.replace("[n]", str(rnd.choice([0, 0, 1, 7, 31]))) if "[n]" in name else name
            form.append((real, value(rnd, real, words)))
    if rnd.random() < 0.05:
        form.append((rnd.choice(["foo", "vmid", "digest", "node"]), rnd.choice(HOSTILE)))
    return method, "/api2/json" + target, form


def send(lab, rnd, method, target, form):
    body, headers = None, {}
    if method in ("GET", "DELETE"):
        target += "?" + urllib.parse.urlencode(form) if form else ""
    elif rnd.random() < 0.3:
        headers["Content-Type"] = "application/json"
        body = json.dumps(dict(form))
        if rnd.random() < 0.05:
            body = body[:len(body) // 2]
    else:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urllib.parse.urlencode(form)
    if rnd.random() < 0.02:
        headers["Authorization"] = rnd.choice(["", "PVEAPIToken=", "PVEAPIToken=root@pam!", "PVEAPIToken=!=", "PVEAPIToken=a@b!c=d", "Basic x"])
    if rnd.random() < 0.02:
        headers["Cookie"] = "PVEAuthCookie=" + rnd.choice(["", "PVE:", "PVE:root@pam:00000000::x", "%"])
    return lab.raw(method, target, headers, body, timeout=120)


def renew(lab):
    """Whatever became of the guests: there are some again."""
    for path, params in (("/storage", {"storage": "local", "type": "dir", "path": "/var/lib/vz", "content": "iso,vztmpl,backup,import,images,rootdir"}),
                         ("/storage", {"storage": "thin", "type": "lvmthin", "vgname": "pve", "thinpool": "data", "content": "images,rootdir"}),
                         ("/nodes/pve/qemu", {"vmid": 100, "scsi0": "local:1,format=qcow2", "net0": "virtio,bridge=vmbr0", "agent": 1}),
                         ("/nodes/pve/qemu", {"vmid": 101, "scsi0": "local:0,import-from=local:import/d.qcow2", "agent": 1, "onboot": 1}),
                         ("/nodes/pve/qemu/101/status/start", {}),
                         ("/nodes/pve/lxc", {"vmid": 200, "ostemplate": "local:vztmpl/debian-12_amd64.tar.zst", "rootfs": "thin:1",
                                             "net0": "name=eth0,bridge=vmbr0,ip=dhcp"}),
                         ("/nodes/pve/lxc/200/status/start", {}),
                         ("/pools", {"poolid": "p1"})):
        lab.raw("POST", "/api2/json" + path, {"Content-Type": "application/x-www-form-urlencoded"}, urllib.parse.urlencode(params))


def main():
    rnd = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    everything = endpoints()
    tried = {}  # how often an endpoint said that it is not implemented; far below 0 once it said anything else
    statuses = {}
    with Lab(speed="0", seed=SEED) as lab:
        for i in range(ROUNDS):
            if i % 200 == 0:
                renew(lab)
            endpoint = rnd.choice(everything)
            if tried.get(endpoint[:2], 0) > 3 or ("/{vmid}" not in endpoint[0] and rnd.random() < 0.5):
                endpoint = rnd.choice([e for e in everything if "/{vmid}" in e[0] and tried.get(e[:2], 0) <= 3])
            what = request(rnd, endpoint)
            try:
                status, _reason, body = send(lab, rnd, *what)
            except (Lost, OSError) as e:
                fail(f"round {i}: no answer to {what}: {e}")
            statuses[status] = statuses.get(status, 0) + 1
            if status != 501:
                tried[endpoint[:2]] = -ROUNDS
            else:
                tried[endpoint[:2]] = tried.get(endpoint[:2], 0) + 1
            if status not in (200, 400, 401, 403, 500, 501, 506, 596):
                fail(f"round {i}: {what}: status {status}")
            if status in (200, 400, 403) and body:
                json.loads(body)
        if lab.ask("GET", "/version")[0] != 200:
            fail("the cluster does not answer any more")
    if statuses.get(200, 0) < ROUNDS // 10:
        fail(f"too few requests were good ones: {statuses}")
    print(f"{ROUNDS} requests: " + ", ".join(f"{n} × {status}" for status, n in sorted(statuses.items())))


if __name__ == "__main__":
    main()

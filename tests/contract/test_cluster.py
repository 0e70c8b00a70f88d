"""A seeded cluster of two nodes: what belongs to a node and what is shared, migration, limited tokens, quorum, power loss of one node."""
from simlab import *

SEED = {
    "cluster": "twins",
    "nodes": [{"name": "one", "cores": 8, "memory": "32G", "bridges": ["vmbr0"]}, {"name": "two", "cores": 4, "memory": "16G", "bridges": ["vmbr0"]}],
    "storages": [
        {"storage": "local", "type": "dir", "content": "images,rootdir,iso,vztmpl,import", "size": "100G"},
        {"storage": "nas", "type": "nfs", "content": "images,iso", "size": "1T"},
        {"storage": "fast", "type": "lvmthin", "content": "images", "size": "50G", "nodes": "two"},
    ],
    "volumes": [{"volid": "local:iso/one.iso", "size": "1G", "node": "one"}, {"volid": "local:200/vm-200-disk-0.qcow2", "size": "8G", "node": "two"}],
    "tokens": [{"tokenid": "ops@pve!reader", "secret": "reader", "privsep": 1}, {"tokenid": "ops@pve!web", "secret": "web", "privsep": 1}],
    "users": [{"userid": "ops@pve"}],
    "roles": {"Web": "VM.Audit,VM.Config.Memory,VM.PowerMgmt"},
    "acl": [{"path": "/", "type": "user", "ugid": "ops@pve", "roleid": "Administrator"},
            {"path": "/vms", "type": "token", "ugid": "ops@pve!reader", "roleid": "PVEAuditor"},
            {"path": "/pool/web", "type": "token", "ugid": "ops@pve!web", "roleid": "Web"}],
    "pools": [{"poolid": "web", "vms": [200]}],
    "guests": [{"vmid": 200, "node": "two", "running": True, "conf": {"name": "web", "memory": "512", "scsi0": "local:200/vm-200-disk-0.qcow2,size=8G", "boot": "order=scsi0"}},
               {"vmid": 201, "node": "one", "running": True, "conf": {"name": "other", "memory": "512", "onboot": 1}}],
}


def as_token(lab, token, method, path, form=None):
    status, reason, body = lab.raw(method, "/api2/json" + path, {"Authorization": "PVEAPIToken=" + token, "Content-Type": "application/x-www-form-urlencoded"}, form)
    return status, reason, json.loads(body)["data"] if body else None


with Lab("0", seed=SEED) as lab:
    # Who is there.
    status = lab.do("GET", "/cluster/status")
    same([(n["type"], n["name"]) for n in status], [("cluster", "twins"), ("node", "one"), ("node", "two")], "cluster/status")
    same((status[0]["nodes"], status[0]["quorate"]), (2, 1), "quorum")
    guests = {g["vmid"]: g for g in lab.do("GET", "/cluster/resources", type="vm")}
    same({i: (g["node"], g["name"], g["status"]) for i, g in guests.items()}, {200: ("two", "web", "running"), 201: ("one", "other", "running")}, "guests")
    same(lab.ask("GET", "/nodes/one/qemu/200/config")[:2], (500, "Configuration file 'nodes/one/qemu-server/200.conf' does not exist"), "a guest of another node")

    # Local storages are a node's own, shared ones everybody's.
    def volumes(node, storage):
        return {v["volid"] for v in lab.do("GET", f"/nodes/{node}/storage/{storage}/content")}

    same(volumes("one", "local"), {"local:iso/one.iso"}, "local of one")
    same(volumes("two", "local"), {"local:200/vm-200-disk-0.qcow2"}, "local of two")
    lab.run("POST", "/nodes/one/qemu", vmid=300, memory=128, scsi0="nas:4,format=qcow2")
    same(volumes("one", "nas"), volumes("two", "nas"), "a shared storage")
    same(lab.ask("GET", "/nodes/one/storage/fast/status")[0], 400, "a storage that the node has not")
    same(lab.ask("POST", "/nodes/one/qemu", vmid=301, scsi0="fast:1")[:2], (500, "storage 'fast' is not available on node 'one'"), "a disk there")
    lab.run("POST", "/nodes/two/qemu", vmid=301, memory=128, scsi0="fast:1")

    # Ids are the cluster's, not the node's.
    same(lab.ask("POST", "/nodes/two/qemu", vmid=300)[:2], (500, "unable to create VM 300 - VM 300 already exists on node 'one'"), "an id in use")

    # A clone goes to another node only from shared storages.
    same(lab.ask("POST", "/nodes/two/qemu/301/clone", newid=302, target="one")[:2], (500, "can't clone VM to node 'one' (VM uses local storage)"), "a clone of a local disk")
    lab.run("POST", "/nodes/one/qemu/300/clone", newid=302, target="two")
    check(lab.do("GET", "/nodes/two/qemu/302/config")["scsi0"].startswith("nas:302/"), "a clone on the other node")
    lab.run("DELETE", "/nodes/two/qemu/302")

    # Migration takes local disks along.
    same(lab.ask("POST", "/nodes/two/qemu/200/migrate", target="one")[:2], (500, "can't migrate running VM without --online"), "a running VM")
    lab.run("POST", "/nodes/two/qemu/200/status/stop")
    lab.run("POST", "/nodes/two/qemu/200/migrate", target="one")
    same(lab.do("GET", "/nodes/one/qemu/200/config")["name"], "web", "the guest after migration")
    check("local:200/vm-200-disk-0.qcow2" in volumes("one", "local") and "local:200/vm-200-disk-0.qcow2" not in volumes("two", "local"), "its disk as well")

    # Tokens with privileges of their own.
    seen = as_token(lab, "ops@pve!reader=reader", "GET", "/cluster/resources?type=vm")[2]
    same(len(seen), 4, "what an auditor sees")
    status, reason, _ = as_token(lab, "ops@pve!reader=reader", "PUT", "/nodes/one/qemu/200/config", "memory=1024")
    check(status == 403 and reason.startswith("Permission check failed (/vms/200, VM.Config.Disk|"), f"an auditor writes: {reason}")
    seen = as_token(lab, "ops@pve!web=web", "GET", "/cluster/resources?type=vm")[2]
    same([g["vmid"] for g in seen], [200], "what a pool's token sees")
    same(as_token(lab, "ops@pve!web=web", "PUT", "/nodes/one/qemu/200/config", "memory=1024")[0], 200, "what it may")
    same(as_token(lab, "ops@pve!web=web", "PUT", "/nodes/one/qemu/200/config", "cores=2")[:2],
         (403, "Permission check failed (/vms/200, VM.Config.CPU)"), "what it may not")
    same(as_token(lab, "ops@pve!web=web", "GET", "/nodes/one/qemu/201/config")[0], 403, "another's guest")
    same(as_token(lab, "ops@pve!web=wrong", "GET", "/version")[:2], (401, "invalid token value!"), "a wrong secret")

    # One node loses its power; the other's guests run on.
    lab.run("POST", "/nodes/two/qemu/301/status/start")
    lab.private("/sim/tamper", {"power_loss": "one"})
    same(lab.do("GET", "/nodes/two/qemu/301/status/current")["status"], "running", "a guest of the other node")
    end = time.monotonic() + 20
    while lab.do("GET", "/nodes/one/qemu/201/status/current")["status"] != "running":
        check(time.monotonic() < end, "a guest with onboot starts again")
        time.sleep(0.02)
print("ok")

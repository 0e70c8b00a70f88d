"""What becomes of a VM's volumes: unlinked, destroyed, in a snapshot, in use by a guest that runs; moved."""
from simlab import *

VM = "/nodes/pve/qemu/300"
SEED = {
    "nodes": [{"name": "pve", "cores": 4, "memory": "16G"}],
    "storages": [{"storage": "local", "type": "dir", "content": "images,iso,import", "size": "100G"}, {"storage": "other", "type": "dir", "content": "images", "size": "100G"}],
    "volumes": [{"volid": "local:iso/one.iso", "size": "1G"}],
}

with Lab("0", seed=SEED) as lab:
    def config():
        return lab.do("GET", VM + "/config")

    def disks(storage="local"):
        return sorted(v["volid"] for v in lab.do("GET", f"/nodes/pve/storage/{storage}/content", content="images"))

    def unlink(slot):
        return lab.ask("PUT", VM + "/unlink", idlist=slot, force=1)[:2]

    lab.run("POST", "/nodes/pve/qemu", vmid=300, memory=128, scsi0="local:1,format=qcow2", scsi1="local:2,format=qcow2", sata0="local:3,format=qcow2",
            ide2="local:cloudinit", ide0="none,media=cdrom")
    one, two, three = (f"local:300/vm-300-disk-{n}.qcow2" for n in (0, 1, 2))
    names = {k: v.split(",")[0] for k, v in config().items() if k in ("scsi0", "scsi1", "sata0", "ide2")}
    same(sorted(names.values()), sorted([one, two, three, "local:300/vm-300-cloudinit.qcow2"]), "disks")

    # Unlinked, a volume stays, as unused; with force it goes.
    lab.do("PUT", VM + "/config", delete="scsi1")
    same(config()["unused0"], names["scsi1"], "an unlinked disk")
    same(unlink("unused0"), (200, "OK"), "an unused disk is destroyed")
    check(names["scsi1"] not in disks() and "unused0" not in config(), "it is gone")
    lab.do("PUT", VM + "/config", scsi1="local:2,format=qcow2")
    again = config()["scsi1"].split(",")[0]
    same(unlink("scsi1"), (200, "OK"), "destroyed at once")
    check(again not in disks() and "scsi1" not in config() and "unused0" not in config(), "nothing is left of it")
    same(unlink("scsi7"), (200, "OK"), "what is not there")
    check(unlink("scsi77")[0] == 400, "a slot that cannot be")

    # A snapshot holds its volumes.
    lab.run("POST", VM + "/snapshot", snapname="held")
    status, _, data = lab.ask("PUT", VM + "/unlink", idlist="sata0", force=1)
    same(status, 400, "a disk in a snapshot")
    check(names["sata0"] in disks() and lab.do("GET", VM + "/config", current=1)["sata0"].startswith(names["sata0"]), "it is still there")
    lab.run("DELETE", VM + "/snapshot/held")
    pending = {p["key"]: p for p in lab.do("GET", VM + "/pending")}
    same(pending["sata0"].get("delete"), 2, "it still is to go")
    lab.do("PUT", VM + "/config", revert="sata0")

    # Protection.
    lab.do("PUT", VM + "/config", protection=1)
    same(unlink("sata0"), (500, "can't remove drive 'sata0' - protection mode enabled"), "a protected disk")
    check(names["sata0"] in disks(), "it is still there")
    lab.do("PUT", VM + "/config", delete="protection")

    # While it runs, a SATA disk cannot be taken out.
    lab.run("POST", VM + "/status/start")
    same(unlink("sata0"), (200, "OK"), "a disk in use")
    check(names["sata0"] in disks(), "it stays while the guest runs")
    check("sata0" in lab.do("GET", VM + "/config", current=1), "and is still in its slot")
    check("sata0" not in config(), "though not for long")
    lab.run("POST", VM + "/status/stop")
    check(names["sata0"] not in disks() and "sata0" not in config() and "unused0" not in config(), "it goes with the guest's end")

    # Moves.
    same(lab.ask("POST", VM + "/move_disk", disk="ide0", storage="other")[:2], (500, "you can't move a cdrom"), "an empty CD-ROM")
    same(lab.ask("POST", VM + "/move_disk", disk="scsi0", storage="local")[:2], (500, "you can't move to the same storage with same format"), "to where it is")
    lab.run("POST", VM + "/move_disk", disk="scsi0", storage="other", delete=1)
    same((disks("other"), one in disks()), (["other:300/vm-300-disk-0.qcow2"], False), "a disk that was moved")
    lab.run("POST", VM + "/move_disk", disk="ide2", storage="other", delete=1)
    same(config()["ide2"], "other:300/vm-300-cloudinit.qcow2,media=cdrom", "a cloud-init disk that was moved")
    lab.run("DELETE", VM)
    same((disks(), disks("other")), ([], []), "what the VM leaves")
print("ok")

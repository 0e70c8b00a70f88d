"""Each fault that a faults file can hold (tests/sim/FAULTS.md)."""
from simlab import *

TEMPLATE = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"


def lost(lab, *args, **kw):
    try:
        lab.ask(*args, **kw)
    except Lost:
        return True
    return False


faults = [
    {"match": {"method": "POST", "path": "^/pools$", "nth": 2}, "fail": {"status": 500, "message": "disk on fire"}},
    {"match": {"path": "^/version$", "nth": 1}, "delay": {"ms": 300}},
    {"match": {"method": "POST", "path": "^/nodes/pve/qemu$", "nth": 2}, "drop_before": True},
    {"match": {"method": "POST", "path": "^/nodes/pve/qemu$", "nth": 3}, "drop_after": True},
    {"match": {"method": "PUT", "path": "/qemu/100/config$", "nth": 2}, "lock_held": {"guest": 100, "lock": "backup"}},
    {"match": {"method": "POST", "path": "/qemu/100/clone$", "every": True}, "task_fail": {"exitstatus": "clone failed: out of luck"}},
    {"agent_never": {"vmid": 103}},
    {"storage_full": {"storage": "quickOS-vm-disks"}},
    {"match": {"method": "POST", "path": "^/nodes/pve/lxc$", "nth": 2}, "power_loss": True},
]
with Lab("0", faults=faults) as lab:
    same(lab.ask("POST", "/pools", poolid="a")[:2], (200, "OK"), "the first of its kind")
    same(lab.ask("POST", "/pools", poolid="b")[:2], (500, "disk on fire"), "fail, the second time")
    same(lab.ask("POST", "/pools", poolid="b")[:2], (200, "OK"), "and only then")

    t = time.monotonic()
    lab.do("GET", "/version")
    check(time.monotonic() - t >= 0.3, "delay")
    t = time.monotonic()
    lab.do("GET", "/version")
    check(time.monotonic() - t < 0.3, "no delay the second time")

    lab.run("POST", "/nodes/pve/qemu", vmid=100, memory=256, scsi0="local-lvm:1")
    check(lost(lab, "POST", "/nodes/pve/qemu", vmid=101, memory=256), "drop_before closes the connection")
    same(lab.ask("GET", "/nodes/pve/qemu/101/config")[0], 500, "drop_before does nothing")
    check(lost(lab, "POST", "/nodes/pve/qemu", vmid=102, memory=256), "drop_after closes the connection")
    same(lab.ask("GET", "/nodes/pve/qemu/102/config")[0], 200, "drop_after acts")

    same(lab.ask("PUT", "/nodes/pve/qemu/100/config", description="x")[0], 200, "before the lock")
    same(lab.ask("PUT", "/nodes/pve/qemu/100/config", description="y")[:2], (500, "VM is locked (backup)"), "lock_held")
    lab.private("/sim/host", {"argv": ["qm", "unlock", "100"]})

    upid = lab.do("POST", "/nodes/pve/qemu/100/clone", newid=110, full=1)
    same(lab.exit_of(upid), "clone failed: out of luck", "task_fail")
    same(lab.ask("GET", "/nodes/pve/qemu/110/config")[0], 500, "a failed clone is tidied up")
    check(not any(v["vmid"] == 110 for v in lab.do("GET", "/nodes/pve/storage/local-lvm/content")), "with its volumes")

    upid = lab.do("POST", "/nodes/pve/qemu", vmid=120, memory=256, scsi0="quickOS-vm-disks:1")
    check("No space left on device" in lab.exit_of(upid), "storage_full")

    lab.run("POST", "/nodes/pve/storage/local/download-url", content="import", filename="noble.qcow2", url="https://images.test/noble.qcow2")
    for vmid in (103, 104):
        lab.run("POST", "/nodes/pve/qemu", vmid=vmid, memory=256, agent=1, scsi0="local-lvm:0,import-from=local:import/noble.qcow2")
        lab.run("POST", f"/nodes/pve/qemu/{vmid}/status/start")
    for vmid, want in ((103, 500), (104, 200)):
        for _ in range(30):
            status, reason, _ = lab.ask("POST", f"/nodes/pve/qemu/{vmid}/agent/ping")
            if status == 200:
                break
        same(status, want, f"agent of {vmid} ({reason})")

    lab.run("POST", "/nodes/pve/lxc", vmid=200, rootfs="quickOS-lxc-disks:1", ostemplate=TEMPLATE)
    check(lost(lab, "POST", "/nodes/pve/lxc", vmid=201, rootfs="quickOS-lxc-disks:1", ostemplate=TEMPLATE), "power_loss closes the connection")
    same(lab.do("GET", "/nodes/pve/qemu/104/status/current")["status"], "stopped", "guests after a power loss")

    # Counts go over a restart: what was due once is not due again.
    lab.kill()
    lab.start()
    same(lab.ask("POST", "/pools", poolid="c")[:2], (200, "OK"), "a fault that is over")
    check(len(lab.log("fault")) == 7, f"faults in sim.log: {len(lab.log('fault'))}")

# A wrong file is refused with its reason.
with Lab() as lab:
    lab.end()
    path = os.path.join(lab.dir, "faults.json")
    for text, words in (("{", "faults.json"), ('{"faults": [{"macth": {}}]}', "unknown member `macth`"), ('{"faults": 1}', "a list `faults`")):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        done = subprocess.run([SERVE, lab.dir, "0", path], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30)
        check(done.returncode == 1 and words in done.stderr, f"{text}: {done.stderr!r}")
    lab.start()
print("ok")

"""What the recorded server does when requests come at the same moment (concurrency.json), and what a power loss leaves of running tasks."""
from simlab import *

LOCKED = "CT is locked (disk)"

with Lab("30") as lab:
    with_templates(lab)

    # Clones of a VM share their source.
    got = lab.together([("POST", "/nodes/pve/qemu/9000/clone", {"newid": 300 + i, "name": f"l{300 + i}"}) for i in range(12)])
    same([r[0] for r in got], [200] * 12, "linked clones of one VM at once")
    same({lab.exit_of(r[2]) for r in got}, {"OK"}, "their tasks")
    got = lab.together([("POST", "/nodes/pve/qemu/9000/clone", {"newid": 330 + i, "full": 1}) for i in range(4)])
    same({lab.exit_of(r[2]) for r in got}, {"OK"}, "full clones of one VM at once")

    # Clones of a container exclude each other, and are refused at once.
    for full in ({}, {"full": 1, "storage": "local"}):
        got = lab.together([("POST", "/nodes/pve/lxc/9100/clone", {"newid": 350 + i, "hostname": f"c{i}", **full}) for i in range(8)])
        same(sorted((r[0], r[1]) for r in got), [(200, "OK")] + [(500, LOCKED)] * 7, "clones of one container at once")
        won = [r for r in got if r[0] == 200][0]
        same(lab.exit_of(won[2]), "OK", "the one that came first")
        newid = [i for i in range(350, 358) if lab.ask("GET", f"/nodes/pve/lxc/{i}/config")[0] == 200]
        same(len(newid), 1, "containers made")
        lab.run("DELETE", f"/nodes/pve/lxc/{newid[0]}")
    check(len(lab.log("lock-refused")) == 14, "each refusal is in sim.log")

    # While a full clone runs: the source's configuration can be written, the target's waits for it.
    upid = lab.do("POST", "/nodes/pve/qemu/300/clone", newid=320, full=1, description="mine")
    same(lab.do("GET", "/nodes/pve/qemu/320/config")["lock"], "clone", "lock of a clone that is being made")
    status, _, _, seconds = lab.together([("PUT", "/nodes/pve/qemu/300/config", {"description": "during"})])[0]
    same(status, 200, "a write to the source")
    status, reason, _ = lab.ask("PUT", "/nodes/pve/qemu/320/config", description="t")
    same((status, reason), (200, "OK"), "a write to the target, after it waited")
    same(lab.exit_of(upid), "OK", "the clone")
    same(lab.do("GET", "/nodes/pve/qemu/320/config").get("description"), "t", "description of the target")

    # Creates side by side, deletes side by side.
    got = lab.together([("POST", "/nodes/pve/qemu", {"vmid": 400 + i, "memory": 128, "scsi0": "local-lvm:1"}) for i in range(8)])
    same({lab.exit_of(r[2]) for r in got}, {"OK"}, "creates at once")
    got = lab.together([("DELETE", f"/nodes/pve/qemu/{400 + i}", {}) for i in range(8)])
    same({lab.exit_of(r[2]) for r in got}, {"OK"}, "deletes at once")

    # One id is given once, one pool is made once.
    got = lab.together([("POST", "/nodes/pve/qemu", {"vmid": 450, "memory": 128}) for _ in range(5)])
    same(sorted(r[0] for r in got), [200, 500, 500, 500, 500], "creates with one id")
    got = lab.together([("POST", "/pools", {"poolid": "lock", "comment": str(i)}) for i in range(6)])
    same(sorted(r[0] for r in got), [200] + [500] * 5, "creations of one pool")
    check(all(r[1] == "create pool failed: pool 'lock' already exists" for r in got if r[0] == 500), "why the others are refused")
    got = lab.together([("DELETE", "/pools/lock", {}) for _ in range(2)])
    same(sorted(r[0] for r in got), [200, 500], "deletions of one pool")

    # A request that waits for a lock keeps nobody else waiting, and gives up after ten seconds.
    upid = lab.do("POST", "/nodes/pve/qemu/301/status/start")
    same(lab.exit_of(upid), "OK", "start")
    upid = lab.do("POST", "/nodes/pve/qemu/301/status/shutdown", timeout=60)  # an empty disk does not obey
    waiting = threading.Thread(target=lambda: results.append(lab.ask("PUT", "/nodes/pve/qemu/301/config", description="x")))
    results = []
    waiting.start()
    t = time.monotonic()
    for _ in range(20):
        lab.do("GET", "/version")
    check(time.monotonic() - t < 5 and waiting.is_alive() or results, "others are served in the meantime")
    waiting.join()
    same(results[0][:2], (500, "can't lock file '/var/lock/qemu-server/lock-301.conf' - got timeout"), "a lock that does not come")
    lab.do("DELETE", f"/nodes/pve/tasks/{urllib.parse.quote(upid, safe='')}")
    same(lab.exit_of(upid), "received interrupt", "an aborted task")

# Power loss in the middle: tasks are dead, locks stay, guests are stopped but for those that start at boot.
with Lab("-1") as lab:
    def clock(**kw):
        return lab.private("/sim/clock", kw)

    def now(method, path, **params):
        upid = lab.do(method, path, **params)
        clock(task=upid)
        return upid

    now("POST", "/nodes/pve/qemu", vmid=100, name="a", memory=256, scsi0="local-lvm:2", onboot=1)
    now("POST", "/nodes/pve/qemu", vmid=101, name="b", memory=256, scsi0="local-lvm:2")
    now("POST", "/nodes/pve/lxc", vmid=200, hostname="c", unprivileged=1, rootfs="quickOS-lxc-disks:2",
        ostemplate="local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst")
    for vmid in (100, 101):
        now("POST", f"/nodes/pve/qemu/{vmid}/status/start")
    vm = lab.do("POST", "/nodes/pve/qemu/100/clone", newid=110, full=1, description="half")
    ct = lab.do("POST", "/nodes/pve/lxc/200/clone", newid=210, hostname="d", description="half")
    create = lab.do("POST", "/nodes/pve/lxc", vmid=220, hostname="e", rootfs="quickOS-lxc-disks:2",
                    ostemplate="local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst")
    clock(advance=1)
    lab.kill()
    lab.start()
    for upid in (vm, ct, create):
        same(lab.exit_of(upid), "unexpected status", "a task that the power loss ended")
    half = lab.do("GET", "/nodes/pve/qemu/110/config")
    same((half["lock"], half["description"]), ("clone", "half"), "a half-made VM clone")
    half = lab.do("GET", "/nodes/pve/lxc/210/config")
    same((half["lock"], half["description"]), ("create", "half\n"), "a half-made container clone")
    same(lab.do("GET", "/nodes/pve/lxc/200/config")["lock"], "disk", "the container that was cloned from")
    half = lab.do("GET", "/nodes/pve/lxc/220/config")
    half.pop("digest")
    same(half, {"lock": "create"}, "a half-made container")
    same([lab.do("GET", f"/nodes/pve/qemu/{i}/status/current")["status"] for i in (100, 101)], ["stopped"] * 2, "guests after the power loss")
    clock(advance=90)
    same([lab.do("GET", f"/nodes/pve/qemu/{i}/status/current")["status"] for i in (100, 101)], ["running", "stopped"], "guests after the node's boot")

    # No token takes the locks off; the host does. What is left over goes then, with its volumes.
    upid = lab.do("DELETE", "/nodes/pve/qemu/110")
    clock(task=upid)
    same(lab.exit_of(upid), "VM is locked (clone)", "destroying a half-made VM")
    same(lab.ask("DELETE", "/nodes/pve/lxc/210")[:2], (500, "CT is locked (create)"), "destroying a half-made container")
    for argv in (["qm", "unlock", "110"], ["pct", "unlock", "210"], ["pct", "unlock", "200"], ["pct", "unlock", "220"]):
        same(lab.private("/sim/host", {"argv": argv})["exit"], 0, " ".join(argv))
    for kind, vmid in (("qemu", 110), ("lxc", 210), ("lxc", 220)):
        upid = lab.do("DELETE", f"/nodes/pve/{kind}/{vmid}", purge=1, destroy_unreferenced_disks=1)
        clock(task=upid)
        same(lab.exit_of(upid), "OK", f"destroying {vmid}")
    left = [v["volid"] for s in ("local-lvm", "quickOS-lxc-disks") for v in lab.do("GET", f"/nodes/pve/storage/{s}/content") if v["vmid"] in (110, 210, 220)]
    same(left, [], "volumes left over")

    # An orderly end is no power loss: tasks go on, guests run on.
    vm = lab.do("POST", "/nodes/pve/qemu/100/clone", newid=110, full=1)
    lab.end()
    lab.start()
    same(lab.do("GET", "/nodes/pve/qemu/100/status/current")["status"], "running", "a guest over an orderly restart")
    clock(task=vm)
    same(lab.exit_of(vm), "OK", "a task over an orderly restart")
    check("lock" not in lab.do("GET", "/nodes/pve/qemu/110/config"), "the clone is whole")
print("ok")

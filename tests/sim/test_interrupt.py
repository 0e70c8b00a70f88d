"""Ctrl-C once: what runs is finished, nothing new is started, the lock is given back, exit 130. Twice: at once. Then an apply goes on."""
from phxtest import *

CONFIG = '''stack "stopped"
cluster home { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused") }
defaults vm { storage = "local-lvm"; bridge = "vmbr0" }
image noble { url = "https://images.test/noble-server-cloudimg-amd64.img"; storage = "local" }
vm base { id = 9000; template = true; image = image.noble; disk = 32GiB; network { ip = dhcp } }
for i in 1..6 { vm "c${i}" { id = 9000 + i; clone = vm.base; running = false } }
'''


def wait_for_clones(lab, t):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if os.path.exists(t) and any(w["path"].endswith("/clone") for w in (json.loads(l) for l in open(t) if l.endswith("\n"))):
            return
        time.sleep(0.01)
    fail("no clone was started")


def stopped(times):
    with Lab() as lab:
        lab.serve("--speed", "60")
        config, t = lab.write("c.phx", CONFIG), lab.path("trace")
        p = lab.start("apply", "--sim", lab.sim, "--yes", "--parallel", "2", "--trace", t, config)
        wait_for_clones(lab, t)
        for _ in range(times):
            p.send_signal(signal.SIGINT)
            time.sleep(0.2)
        out, err = p.communicate(timeout=120)
        same(p.returncode, 130, f"exit status after {times} interrupts\n{out}\n{err}")
        check("Next: `phx apply` again" in out, "what to type next is said")
        pools = [p["poolid"] for p in lab.get("/pools")]
        running = [t for t in lab.get("/nodes/pve/tasks?source=active")]
        if times == 1:
            same(pools, [], "the lock was given back")
            same(running, [], "running tasks")
            clones = sum(w["path"].endswith("/clone") for w in writes(t))
            check(1 <= clones <= 3, f"{clones} clones were started")
        else:
            same(pools, ["phx-lock-stopped"], "the lock is left")
            check(running, "tasks go on")
        lab.apply(config)
        same(sorted(g["vmid"] for g in lab.get("/cluster/resources?type=vm") if 9000 <= g["vmid"] <= 9006), list(range(9000, 9007)), "guests")
        same(lab.get("/pools"), [], "locks at the end")
        no_changes(lab, config)


stopped(1)
stopped(2)
print("ok")

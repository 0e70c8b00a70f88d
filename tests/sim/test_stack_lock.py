"""Two applies at once: one is refused and says who holds the lock. A dead holder is recognised; `phx unlock` helps where it cannot be."""
from phxtest import *

CONFIG = '''stack "one"
cluster home { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused") }
defaults vm { storage = "local-lvm"; bridge = "vmbr0" }
image noble { url = "https://images.test/noble-server-cloudimg-amd64.img"; storage = "local" }
vm base { id = 9000; template = true; image = image.noble; disk = 32GiB; network { ip = dhcp } }
'''


def locked(lab):
    return [p for p in lab.get("/pools") if p["poolid"] == "phx-lock-one"]


def wait_for_lock(lab):
    end = time.monotonic() + 60
    while not locked(lab):
        check(time.monotonic() < end, "the lock is taken in time")
        time.sleep(0.01)


with Lab() as lab:
    lab.serve("--speed", "4")
    config = lab.write("c.phx", CONFIG)
    first = lab.start("apply", "--sim", lab.sim, "--yes", config)
    wait_for_lock(lab)
    out, err, _ = lab.apply(config, status=1)
    check("stack `one` is being changed by root@pam!sim on " in out, f"who holds the lock is said:\n{out}\n{err}")
    check(f"pid {first.pid}" in out, "with its pid")
    out, err, _ = lab.phx("unlock", "--sim", lab.sim, config, status=1)
    check("which is alive" in out + err, f"the living are spared:\n{out}\n{err}")
    first.kill()
    first.communicate()
    check(locked(lab), "a killed run leaves the lock")
    out, err, _ = lab.apply(config)
    check("taken over" in err or "was taken off" in err, f"taking it over is said:\n{err}")
    check(not locked(lab), "and it is given back")
    no_changes(lab, config)
    lab.call("POST", "/pools", poolid="phx-lock-one",
             comment="phx lock who=a@pam!b host=far pid=1 started=2026-01-01T00:00:00Z machine=0 boot=0 ticks=1 run=x")
    with open(config, "a", encoding="utf-8") as f:
        f.write('pool late { comment = "late" }\n')
    out, err, _ = lab.apply(config, status=1)
    check("another machine" in out and "phx unlock one" in out, f"what to do is said:\n{out}")
    out, err, _ = lab.phx("unlock", "--sim", lab.sim, config)
    check("a@pam!b on far" in out + err, f"who held it is said:\n{out}\n{err}")
    lab.apply(config)
    no_changes(lab, config)
with Lab() as lab:  # killed when nothing is left to do but to give the lock back
    lab.serve("--speed", "4")
    config = lab.write("c.phx", CONFIG)
    first = lab.start("apply", "--sim", lab.sim, "--yes", config)
    wait_for_lock(lab)
    end = time.monotonic() + 60
    while not any(":qmtemplate:" in t["upid"] for t in lab.get("/cluster/tasks")):
        check(time.monotonic() < end, "the conversion begins in time")
        time.sleep(0.01)
    first.kill()
    first.communicate()
    out, err, _ = lab.apply(config)
    check("No changes" in out and "was taken off" in err, f"the lock of a run that died at its end:\n{out}\n{err}")
    check(not locked(lab), "is gone")
print("ok")

"""Power loss of the server (kill -9 of the simulator) at each write of the example's build: when it is back, one apply with
leave to take dead locks off converges, nothing twice, nothing left over."""
from phxtest import *


def power_loss_after(lab, n):
    t = lab.path("kill.trace")
    if os.path.exists(t):
        os.unlink(t)
    p = lab.start("apply", "--sim", lab.sim, "--yes", "--trace", t, EXAMPLE)
    end = time.monotonic() + 120
    while p.poll() is None and time.monotonic() < end:
        try:
            with open(t, encoding="utf-8") as f:
                if sum('"method":"GET"' not in line for line in f) >= n:
                    lab.kill_server()
                    break
        except FileNotFoundError:
            pass
        time.sleep(0.002)
    p.communicate(timeout=240)
    return p.returncode


with Lab() as lab:
    t = lab.path("whole.trace")
    lab.apply(EXAMPLE, "--trace", t)
    total = len(writes(t))
    want = state(lab)


def after_power_loss(lab):
    """The state that is wanted after a power loss. Proxmox starts again what has onboot; a guest that was complete and has not
    stays off: phx starts no guest that somebody, or something, stopped, unless it says `running = true`."""
    guests, volumes, pools = want
    guests = {vmid: dict(config) for vmid, config in guests.items()}
    for vmid, live in state(lab)[0].items():
        complete = "stack=phoenix" in live.get("description", "") and " building" not in live["description"]
        if complete and live["status"] == "stopped" and not live.get("onboot"):
            guests[vmid]["status"] = "stopped"
    return guests, volumes, pools


def booted(lab):
    """Waits until the node has started what it starts by itself."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if all(g["status"] == "running" for g in state(lab)[0].values() if g.get("onboot")):
            return
        time.sleep(0.1)


def converges(n):
    with Lab() as lab:
        lab.serve("--speed", "200")
        hit = power_loss_after(lab, n) != 0
        if lab.server is None:
            lab.serve("--speed", "200")
        wanted = after_power_loss(lab)
        lab.apply(EXAMPLE, "--break-locks")
        booted(lab)
        same_state(state(lab), wanted, f"after a power loss at write {n}")
        no_changes(lab, EXAMPLE)
        return hit


step = int(os.environ.get("PHX_KILL_STEP", "1"))
cases = range(1, total + 1, step)
hit = sum(side_by_side(cases, converges))
check(hit >= len(cases) // 2, f"only {hit} of {len(cases)} power losses hit a running apply")
print(f"ok: {hit} power losses in {total} writes")

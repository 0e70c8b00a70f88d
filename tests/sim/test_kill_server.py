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


def converges(n):
    with Lab() as lab:
        lab.serve("--speed", "200")
        hit = power_loss_after(lab, n) != 0
        if lab.server is None:
            lab.serve("--speed", "200")
        lab.apply(EXAMPLE, "--break-locks")
        got = state(lab)
        same(got[1], want[1], f"volumes after a power loss at write {n}")
        same(got[0], want[0], f"guests after a power loss at write {n}")
        same(got[2], want[2], f"pools after a power loss at write {n}")
        no_changes(lab, EXAMPLE)
        return hit


step = int(os.environ.get("PHX_KILL_STEP", "1"))
cases = range(1, total + 1, step)
hit = sum(side_by_side(cases, converges))
check(hit >= len(cases) // 2, f"only {hit} of {len(cases)} power losses hit a running apply")
print(f"ok: {hit} power losses in {total} writes")

"""kill -9 of phx at each write of the example's build: afterwards one apply converges, nothing twice, nothing left over."""
from phxtest import *

def kill_after(lab, n):
    """Starts an apply and kills it as soon as it has sent its n-th write. True: it was still at work."""
    t = lab.path("kill.trace")
    if os.path.exists(t):
        os.unlink(t)
    p = lab.start("apply", "--sim", lab.sim, "--yes", "--trace", t, EXAMPLE)
    end = time.monotonic() + 120
    while p.poll() is None and time.monotonic() < end:
        try:
            with open(t, encoding="utf-8") as f:
                if sum('"method":"GET"' not in line for line in f) >= n:
                    p.kill()
                    break
        except FileNotFoundError:
            pass
        time.sleep(0.002)
    p.communicate()
    return p.returncode == -signal.SIGKILL


with Lab() as lab:
    t = lab.path("whole.trace")
    lab.apply(EXAMPLE, "--trace", t)
    total = len(writes(t))
    want = state(lab)


def converges(n):
    with Lab() as lab:
        lab.serve("--speed", "200")
        hit = kill_after(lab, n)
        lab.apply(EXAMPLE)
        same_state(state(lab), want, f"after a kill at write {n}")
        no_changes(lab, EXAMPLE)
        return hit


step = int(os.environ.get("PHX_KILL_STEP", "1"))
cases = range(1, total + 1, step)
killed = sum(side_by_side(cases, converges))
check(killed >= len(cases) // 2, f"only {killed} of {len(cases)} kills hit a running apply")
print(f"ok: {killed} kills in {total} writes")

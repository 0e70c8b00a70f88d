"""kill -9 of the server at random moments, under load: what was acknowledged is there afterwards, and nothing is half there."""
import random

from simlab import *

ROUNDS = int(os.environ.get("PHX_KILL_ROUNDS", "12"))
random.seed(4711)


def worker(lab, first, told):
    """Creates, changes and deletes guests of its own; notes what was acknowledged."""
    n = first
    try:
        while True:
            n += 1
            told["trying"] = n
            lab.do("POST", "/nodes/pve/qemu", vmid=n, memory=128, name=f"g{n}", scsi0="local-lvm:1")
            told["made"].add(n)
            for k in range(3):
                told["doubt"] = (n, f"note {k}")
                status, _, _ = lab.ask("PUT", f"/nodes/pve/qemu/{n}/config", description=f"note {k}")
                if status == 200:
                    told["notes"][n] = f"note {k}"
            told["pool"] = n
            if lab.ask("POST", "/pools", poolid=f"p{n}")[0] == 200:
                told["pools"].add(f"p{n}")
    except Lost:
        pass


with Lab("300") as lab:
    acknowledged = {"pools": set()}
    for i in range(ROUNDS):
        told = [{"made": set(), "notes": {}, "pools": set(), "doubt": None, "trying": 0, "pool": 0} for _ in range(3)]
        threads = [threading.Thread(target=worker, args=(lab, 1000 + i * 10000 + k * 1000, told[k])) for k in range(3)]
        for t in threads:
            t.start()
        time.sleep(random.uniform(0.05, 0.6))
        lab.process.kill()
        for t in threads:
            t.join()
        lab.kill()
        lab.start()
        there = {g["vmid"]: g for g in lab.do("GET", "/nodes/pve/qemu")}
        for one in told:
            missing = [n for n in one["made"] if n not in there]
            same(missing, [], f"round {i}: guests whose creation was acknowledged")
            for n, note in one["notes"].items():
                have = lab.do("GET", f"/nodes/pve/qemu/{n}/config").get("description")
                allowed = {note} | ({one["doubt"][1]} if one["doubt"] and one["doubt"][0] == n else set())
                check(have in allowed, f"round {i}: notes of {n}: {have!r}, acknowledged {note!r}")
            acknowledged["pools"] |= one["pools"]
        pools = {p["poolid"] for p in lab.do("GET", "/pools")}
        same(acknowledged["pools"] - pools, set(), f"round {i}: pools whose creation was acknowledged")
        # A guest without lock is whole: its disk exists. With one it is a dead task's.
        volumes = {v["volid"] for v in lab.do("GET", "/nodes/pve/storage/local-lvm/content")}
        running = lab.do("GET", "/nodes/pve/tasks", source="active")
        same(running, [], f"round {i}: tasks that survived a power loss")
        for n, g in there.items():
            c = lab.do("GET", f"/nodes/pve/qemu/{n}/config")
            if g.get("lock") is None:
                check(c["scsi0"].split(",")[0] in volumes, f"round {i}: disk of {n}")
            else:
                same(c["lock"], "create", f"round {i}: lock of {n}")
    # A torn end of the journal is cut off.
    lab.kill()
    state = os.path.join(lab.dir, "state")
    journal = [f for f in os.listdir(state) if f.startswith("journal.")]
    same(len(journal), 1, "journals")
    before = None
    for cut in (1, 7, 40):
        path = os.path.join(state, journal[0])
        size = os.path.getsize(path)
        if size > cut:
            os.truncate(path, size - cut)
        lab.start()
        count = len(lab.do("GET", "/nodes/pve/qemu"))
        check(before is None or count <= before, "a torn journal loses only its end")
        before = count
        lab.kill()
        journal = [f for f in os.listdir(state) if f.startswith("journal.")]
    lab.start()

    # One server a directory.
    done = subprocess.run([SERVE, lab.dir, "0"], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30)
    check(done.returncode == 1 and "another simulator serves" in done.stderr, done.stderr)
print("ok")

"""The Phoenix lab: built, found unchanged, changed in one place, and a guest that left the configuration."""
import shutil

from phxtest import *


def edited(lab, name, old, new):
    """A copy of the example with one text replaced."""
    copy = lab.path(name)
    shutil.copytree(EXAMPLE, copy)
    hits = 0
    for f in os.listdir(copy):
        if f.endswith(".phx"):
            path = os.path.join(copy, f)
            text = open(path, encoding="utf-8").read()
            hits += text.count(old)
            open(path, "w", encoding="utf-8").write(text.replace(old, new))
    same(hits, 1, f"places of {old!r} in the example")
    return copy


with Lab() as lab:
    planned = lab.plan_json(EXAMPLE)
    t = lab.path("build.trace")
    lab.apply(EXAMPLE, "--trace", t)

    calls = [a["call"] for a in planned["actions"] if a.get("call")]
    # What is done inside guests: by the agent these are calls too, in containers they are commands on the node.
    inside = [c for a in planned["actions"] if a.get("guest") for c in a["guest"]["calls"]]
    calls += [c for c in inside if c.get("path")]
    check(any(c["argv"][:2] == ["pct", "exec"] for c in inside if c.get("argv")), "containers by pct exec")
    key = lambda m, p: (m, p)
    same(sorted(key(w["method"], w["path"]) for w in writes(t)), sorted(key(c["method"], c["path"]) for c in calls),
         "the calls of an apply are those of its plan")
    for call in calls:
        sent = [w for w in writes(t) if w["method"] == call["method"] and w["path"] == call["path"]]
        names = sorted(call.get("params", {}))
        check(any(sorted(s["params"]) == names for s in sent), f"parameters of {call['method']} {call['path']}: plan {names}, sent "
              + str([sorted(s["params"]) for s in sent]))

    made = guests_of(lab)
    same(sorted(made), [101, 102, 103, 900, 901, 910, 1001, 1002, 8000, 8001, 9000], "guests of the lab")
    for template in (900, 901, 8000, 9000):
        # /cluster/resources lags behind; the configuration does not.
        same(lab.get(f"/nodes/pve/{made[template]['type']}/{template}/config").get("template"), 1, f"{template} is a template")
    for running in (101, 102, 103, 1001, 1002, 8001):
        same(lab.get(f"/nodes/pve/{made[running]['type']}/{running}/status/current")["status"], "running", f"power of {running}")
    same(lab.get("/nodes/pve/lxc/910/status/current")["status"], "stopped", "power of 910")
    same([e for e in lab.log() if e.get("event") == "lock_refused" or e.get("kind") == "lock_refused"], [], "lock refusals")

    starts = [w["path"] for w in writes(t)]
    def at(part):
        return next(i for i, p in enumerate(starts) if part in p)
    check(at("/lxc/900/template") < at("/lxc/900/clone"), "900 is a template before it is cloned")
    check(at("/qemu/1001/status/start") < at("/qemu/1002/status/start"), "1002 needs 1001")
    check(at("/lxc/102/status/start") < at("/qemu/1001/status/start"), "1001 needs 102")
    check(at("/lxc/103/status/start") < at("/lxc/102/status/start"), "102 needs 103")

    no_changes(lab, EXAMPLE)

    more = edited(lab, "more", "memory  = 1GiB", "memory  = 2GiB")
    t = lab.path("memory.trace")
    lab.apply(more, "--trace", t)
    puts = [w for w in writes(t) if "/pools" not in w["path"]]
    same([(w["method"], w["path"]) for w in puts], [("PUT", "/nodes/pve/lxc/103/config")], "memory of one guest: exactly one PUT")
    same(sorted(puts[0]["params"]), ["description", "digest", "memory"], "with what changed, the digest, and what phx remembers of it")
    no_changes(lab, more)

    fewer = lab.path("fewer")
    shutil.copytree(more, fewer)
    path = os.path.join(fewer, "lab.phx")
    text = open(path, encoding="utf-8").read().replace("param workers: int = 1", "param workers: int = 0")
    open(path, "w", encoding="utf-8").write(text)
    out, err, status = lab.plan(fewer, status=None)
    check("8001" in out + err and "delete" in out + err, "a guest that left the configuration is planned as a delete:\n" + out + err)
    _, err, _ = lab.apply(fewer, status=1)
    check("--allow-destroy" in err, "refused without leave, and says how:\n" + err)
    check(8001 in guests_of(lab), "8001 is still there")
    lab.apply(fewer, "--allow-destroy", "vm.docker-1")
    check(8001 not in guests_of(lab), "8001 is gone")
    no_changes(lab, fewer)
print("ok")

"""The connection breaks at each write of a build, before the server acted and after: the same apply finishes, and no write
was acted on twice. A lock timeout at each write is waited for in the same way."""
from phxtest import *

CONFIG = '''stack "small"
cluster home { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused") }
defaults container { storage = "local-lvm"; bridge = "vmbr0"; unprivileged = true }
defaults vm { storage = "local-lvm"; bridge = "vmbr0"; cores = 2; memory = 1GiB }
pool small { comment = "small" }
image noble { url = "https://images.test/noble-server-cloudimg-amd64.img"; storage = "local" }
vm base { id = 9000; template = true; image = image.noble; disk = 16GiB; network { ip = dhcp } }
for i in 1..2 {
  vm "w${i}" {
    id = 1000 + i
    clone = vm.base
    pool = pool.small
    memory = 2GiB
    disk root { size = 20GiB }
    network { ip = dhcp }
    firewall { rule in accept { proto = tcp; port = 22 }; rule in accept { proto = tcp; port = 80 } }
    snapshot "fresh" { }
  }
}
container ct { id = 900; template = true; ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"; rootfs = "local-lvm:8"
  network { ip = 10.0.0.200/24; gw = 10.0.0.1 } }
container c1 { id = 901; clone = container.ct; network { ip = 10.0.0.201/24; gw = 10.0.0.1 } }
'''
SPEED = "200"
LOCKED = {"fail": {"status": 500, "message": "can't lock file '/var/lock/qemu-server/lock-1.conf' - got timeout"}}


def done_calls(lab):
    """The writes that the server acted on, by what they say."""
    return sorted((e["method"], e["path"]) for e in lab.log()
                  if e.get("event") == "request" and e["method"] != "GET" and e.get("status") == 200 and "/agent/" not in e["path"])


def build(lab, *args):
    config = lab.write("small.phx", CONFIG)
    lab.apply(config, "--sim-speed", SPEED, *args)
    return config


with Lab() as lab:
    t = lab.path("whole.trace")
    config = build(lab, "--trace", t)
    sent = [w for w in writes(t) if "/agent/" not in w["path"]]
    no_changes(lab, config)
    want = state(lab)


def one(case):
    what, action, method, n = case
    with Lab() as lab:
        faults = lab.write("faults.json", json.dumps({"faults": [dict({"match": {"method": method, "path": "^/(nodes/pve/(qemu|lxc|storage)|pools)", "nth": n}}, **action)]}))
        t = lab.path("trace")
        config = build(lab, "--sim-faults", faults, "--trace", t)
        hit = sum(e.get("event") == "fault" for e in lab.log())
        got = state(lab)
        for i, part in enumerate(("guests", "volumes", "pools")):
            same(got[i], want[i], f"{part} with {what} at {method} {n}")
        starts = [(e["type"], e["id"]) for e in lab.log() if e.get("event") == "task-start" and "clone" not in e["type"]]
        same(sorted(set(starts)), sorted(starts), f"tasks, each once, with {what} at {method} {n}")
        no_changes(lab, config)
        return hit


def count(method):
    return sum(w["method"] == method for w in sent)


cases = [(what, action, method, n) for what, action in (("the request lost", {"drop_before": True}), ("the reply lost", {"drop_after": True}),
                                                        ("a lock timeout", LOCKED))
         for method in ("POST", "PUT", "DELETE") for n in range(1, count(method) + 1, int(os.environ.get("PHX_KILL_STEP", "2")))]
hits = sum(side_by_side(cases, one))
check(hits >= len(cases) - 6, f"only {hits} of {len(cases)} faults came")
print(f"ok: {hits} faults in {len(sent)} writes")

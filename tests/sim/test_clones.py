"""20 clones of one template with --parallel 16: no lock error in the simulator's log, and a makespan near the best possible."""
from phxtest import *

SPEED = 20.0


def config(kind):
    if kind == "vm":
        template = 'vm base {\n  id = 9000\n  template = true\n  image = image.noble\n  disk = 32GiB\n  network { ip = dhcp }\n}\n'
        clone = 'vm "c-${i}" {\n    id = 9000 + i\n    clone = vm.base\n    running = false\n  }\n'
        extra = 'image noble { volume = "local:import/noble.qcow2" }\ndefaults vm { storage = "quickOS-vm-disks"; bridge = "vmbr0" }\n'
    else:
        template = ('container base {\n  id = 9000\n  template = true\n  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"\n'
                    '  rootfs = "quickOS-lxc-disks:8"\n  network { ip = dhcp }\n}\n')
        clone = 'container "c-${i}" {\n    id = 9000 + i\n    clone = container.base\n    full = true\n    running = false\n  }\n'
        extra = 'defaults container { storage = "quickOS-lxc-disks"; bridge = "vmbr0"; unprivileged = true }\n'
    head = 'stack "clones"\ncluster home { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused") }\n' + extra
    return head + template, head + template + 'for i in 1..20 {\n  ' + clone + '}\n'


def makespan(lab, since):
    """(simulated seconds from the first clone's start to the last one's end, longest, sum) of the clone tasks."""
    tasks = [t for t in lab.get("/cluster/tasks") if t["type"] in ("qmclone", "vzclone")]
    same(len(tasks), 20, "clone tasks")
    spans = [(t["starttime"], t["endtime"]) for t in tasks]
    check(all(t["status"] == "OK" for t in tasks), "every clone ended well")
    return max(e for _, e in spans) - min(s for s, _ in spans), max(e - s for s, e in spans), sum(e - s for s, e in spans)


for kind in ("vm", "container"):
    with Lab() as lab:
        first, all_of_it = config(kind)
        lab.serve("--speed", str(SPEED))
        if kind == "vm":
            lab.call("POST", "/nodes/pve/storage/local/download-url", url="https://images.test/noble.qcow2", content="import", filename="noble.qcow2")
            time.sleep(1)
        base = lab.write("base.phx", first)
        lab.apply(base)
        full = lab.write("all.phx", all_of_it)
        lab.apply(full, "--parallel", "16")
        refused = [e for e in lab.log() if "lock" in str(e.get("event", e.get("kind", "")))]
        same(refused, [], f"lock refusals of {kind} clones")
        span, longest, total = makespan(lab, 0)
        # VM clones share their source: 16 at once, so two rounds. Container clones of one source exclude each other.
        best = 2 * longest if kind == "vm" else total
        allowed = best * 1.05 + 2  # task times are whole seconds
        check(span <= allowed, f"makespan of {kind} clones: {span} s, best possible {best} s")
        print(f"{kind}: makespan {span} s, best possible {best} s")
        no_changes(lab, full)
print("ok")

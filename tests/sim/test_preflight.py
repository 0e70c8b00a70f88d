#!/usr/bin/env python3
"""A guest that moved or is managed by HA is found where it is and never made again; what apply sends is what the plan said, on
configurations and clusters made by chance."""
import json
import random

from phxtest import Lab, check, same, trace, writes

TWO_NODES = '''{"cluster": "two", "nodes": [{"name": "one", "bridges": ["vmbr0"]}, {"name": "two", "bridges": ["vmbr0"]}],
 "storages": [{"storage": "local", "type": "dir", "content": "iso,vztmpl,import,images,rootdir", "size": "100G"},
              {"storage": "shared", "type": "nfs", "content": "images,rootdir", "size": "100G", "shared": true}]}'''
CLUSTER = 'cluster c { endpoint = "https://127.0.0.1:8006"; node = "one" }\n'


def vm(name, vmid, more=""):
    return (f'vm {name} {{ id = {vmid}; memory = 1GiB; storage = "shared"; disk = 2GiB; agent {{ enabled = false }}\n'
            f'  network {{ bridge = "vmbr0"; ip = dhcp }}; {more} }}\n')


def moved_guest():
    with Lab() as lab:
        lab.write("sim/cluster.json", TWO_NODES)
        config = lab.write("main.phx", 'stack "t"\n' + CLUSTER + vm("web", 101) + vm("db", 102))
        lab.apply(config, "--sim-speed", "0")
        lab.call("POST", "/nodes/one/qemu/101/migrate", target="two", online=1)
        plan = lab.plan_json(config)
        same(plan["changes"], [], "a guest that moved is found there")
        config = lab.write("main.phx", 'stack "t"\n' + CLUSTER + vm("web", 101, 'tags = ["x"];') + vm("db", 102))
        plan = lab.plan_json(config)
        same([(c["address"], c["action"], c["node"]) for c in plan["changes"]], [("vm.web", "update", "two")],
             "it is changed on its node")
        calls = [a["call"] for a in plan["actions"] if "call" in a]
        check(all("/nodes/one/" not in c["path"] for c in calls), f"nothing is asked of its old node: {calls}")
        check(all(c["method"] != "POST" or not c["path"].endswith("/qemu") for c in calls), "it is not made again")
        lab.apply(config)
        same(lab.plan_json(config)["changes"], [], "and then it is as declared")


def managed_guest():
    with Lab() as lab:
        lab.write("sim/cluster.json", TWO_NODES)
        config = lab.write("main.phx", 'stack "t"\n' + CLUSTER + vm("web", 101))
        lab.apply(config, "--sim-speed", "0")
        lab.call("POST", "/cluster/ha/resources", sid="vm:101", state="started")
        same(lab.plan_json(config)["changes"], [], "a guest under HA is as declared")
        config = lab.write("main.phx", 'stack "t"\n' + CLUSTER + vm("web", 101, "running = false;"))
        plan = lab.plan_json(config)
        same([c["action"] for c in plan["changes"]], ["update"], "it is changed, not made again")
        check(any(a["op"] == "ha" for a in plan["actions"]), f"the manager is asked: {[a['op'] for a in plan['actions']]}")
        config = lab.write("main.phx", 'stack "t"\n' + CLUSTER + vm("web", 101, 'tags = ["x"];'))
        lab.apply(config)
        same(lab.plan_json(config)["changes"], [], "and then it is as declared")


def configuration(chance, edit):
    text = 'stack "t"\n' + CLUSTER + 'pool p { comment = "x" }\n'
    for n in range(chance.randint(1, 4)):
        more = f"cores = {chance.randint(1, 3)}; running = false; "  # there is no system in them to shut down
        if chance.random() < 0.4:
            more += "pool = pool.p; "
        if chance.random() < 0.4:
            more += f'tags = ["t{chance.randint(1, 3)}"]; '
        if chance.random() < 0.4:
            more += f"disk data {{ size = {chance.randint(1, 2) + 3 * edit}GiB }}; "
        if chance.random() < 0.3:
            more += f'firewall {{ rule in accept {{ proto = "tcp"; port = {chance.randint(20, 30)} }} }}; '
        text += vm(f"v{n}", 101 + n, more)
    return text


def calls_of(plan):
    return sorted((a["call"]["method"], a["call"]["path"]) for a in plan["actions"] if "call" in a and "wait" not in a)


def carried_out(lab, config, what):
    plan = lab.plan_json(config, "--allow-destroy", "vm.v1", "--allow-destroy", "vm.v2", "--allow-destroy", "vm.v3")
    t = lab.path("trace")
    lab.apply(config, "--trace", t, "--allow-destroy", "vm.v1", "--allow-destroy", "vm.v2", "--allow-destroy", "vm.v3")
    sent = sorted((r["method"], r["path"]) for r in writes(t) if "/agent/" not in r["path"])
    same(sent, calls_of(plan), f"what is sent is what was planned: {what}")
    same(lab.plan_json(config)["changes"], [], f"nothing is left: {what}")


def hands(chance, lab):
    """What somebody else does meanwhile."""
    for vmid in [101 + n for n in range(4)]:
        if not any(int(r["vmid"]) == vmid for r in lab.get("/cluster/resources?type=vm")):
            continue
        node = next(r["node"] for r in lab.get("/cluster/resources?type=vm") if int(r["vmid"]) == vmid)
        if chance.random() < 0.4:
            lab.call("PUT", f"/nodes/{node}/qemu/{vmid}/config", onboot=1, memory=chance.choice([512, 2048]))
        if chance.random() < 0.2:
            lab.call("PUT", f"/nodes/{node}/qemu/{vmid}/config", tags="somebody")
        if chance.random() < 0.2:
            lab.call("POST", f"/nodes/{node}/qemu/{vmid}/firewall/rules", type="in", action="DROP", enable=1)


def by_chance():
    for seed in range(1, 9):
        chance = random.Random(seed)
        with Lab() as lab:
            lab.write("sim/cluster.json", TWO_NODES)
            lab.plan(lab.write("none.phx", 'stack "none"\n' + CLUSTER), "--sim-speed", "0")
            config = lab.write("main.phx", configuration(chance, 0))
            carried_out(lab, config, f"seed {seed}, built")
            hands(chance, lab)
            config = lab.write("main.phx", configuration(chance, 1))
            carried_out(lab, config, f"seed {seed}, edited")


def requests_are_few():
    """The reads before a plan are for plans that do something: one that does nothing asks a few more than there are guests."""
    with Lab() as lab:
        lab.write("sim/cluster.json", TWO_NODES)
        config = lab.write("main.phx", 'stack "t"\n' + CLUSTER + "".join(vm(f"v{n}", 101 + n) for n in range(10)))
        lab.apply(config, "--sim-speed", "0")
        t = lab.path("trace")
        lab.plan(config, "--trace", t)
        check(len(trace(t)) <= 10 + 5, f"{len(trace(t))} requests for 10 guests:\n" + json.dumps([r["path"] for r in trace(t)]))


def estimates():
    """Durations are the cluster's own once it has finished tasks of the kind; they are no reason for a saved plan to be stale."""
    with Lab() as lab:
        lab.write("sim/cluster.json", TWO_NODES)
        config = lab.write("main.phx", 'stack "t"\n' + CLUSTER + vm("a", 101))
        first = lab.plan_json(config)["estimate"]
        same(first["source"], "usual", "an empty cluster has no history")
        same(len(first["actions"]), len(first["starts"]), "a beginning for each action")
        lab.apply(config)
        config = lab.write("main.phx", 'stack "t"\n' + CLUSTER + vm("a", 101) + vm("b", 102))
        plan = lab.plan_json(config)
        same(plan["estimate"]["source"], "tasks", "then its own tasks are what is reckoned with")
        saved = lab.path("b.phxplan")
        lab.plan(config, "-o", saved)
        other = lab.write("other.phx", 'stack "other"\n' + CLUSTER + vm("c", 201))
        lab.apply(other)
        lab.phx("apply", "--sim", lab.sim, saved)
        same(lab.plan_json(config)["changes"], [], "the saved plan was not stale")


estimates()
moved_guest()
managed_guest()
requests_are_few()
by_chance()

"""start, stop, restart, delete, converge and status: the right guests, in the right order, and nothing else."""
import json

from phxtest import Lab, check, trace

CONFIG = """
stack "t"
cluster h { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = env("PHX_TOKEN", "") }
defaults container {
  storage = "local-lvm"; ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  memory = 512MiB; cores = 1; disk = 4GiB
}
container base { id = 200; template = true; network { ip = 10.0.0.4/24; gw = 10.0.0.1 } }
container db { id = 201; network { ip = 10.0.0.5/24; gw = 10.0.0.1 } }
container web { id = 202; depends_on = [container.db]; network { ip = 10.0.0.6/24; gw = 10.0.0.1 } }
container front { id = 203; depends_on = [container.web]; network { ip = 10.0.0.7/24; gw = 10.0.0.1 } }
container alone { id = 204; network { ip = dhcp } }
"""


def writes(lab, *args, status=0):
    out, err, _ = lab.phx(args[0], "--sim", lab.sim, "--trace", lab.path("trace"), *args[1:], status=status)
    calls = [(r["method"], r["path"]) for r in trace(lab.path("trace")) if r["method"] != "GET"]
    return out, err, [c for c in calls if "/pools" not in c[1]]


def power(verb, *ids):
    return [("POST", f"/nodes/pve/lxc/{i}/status/{verb}") for i in ids]


def states(lab, config):
    rows = json.loads(lab.phx("status", "--sim", lab.sim, "--json", config)[0])["guests"]
    return {r["id"]: r["state"] for r in rows}


def stop_and_start(lab, config):
    _, err, calls = writes(lab, "stop", "db", config, status=1)
    check(calls == [], f"a refused stop wrote {calls}")
    check("container.web" in err and "PHX0681" in err, f"who relies on it is not named: {err}")
    _, _, calls = writes(lab, "stop", "container.db", "--cascade", config)
    check(calls == power("shutdown", 203, 202, 201), f"stop --cascade: {calls}")
    check(states(lab, config) == {200: "template", 201: "stopped", 202: "stopped", 203: "stopped", 204: "running"},
          f"after stop: {states(lab, config)}")
    out, _, calls = writes(lab, "stop", "201", config)
    check(calls == [] and "stopped already" in out, f"a second stop: {calls} {out}")
    _, err, calls = writes(lab, "start", "202", config, status=1)
    check(calls == [] and "container.db" in err, f"start without what it needs: {calls} {err}")
    _, _, calls = writes(lab, "start", "203", "--cascade", config)
    check(calls == power("start", 201, 202, 203), f"start --cascade: {calls}")
    _, _, calls = writes(lab, "stop", "alone", "--force", config)
    check(calls == power("stop", 204), f"stop --force: {calls}")
    out, err, calls = writes(lab, "start", "all", config)
    check(calls == power("start", 204), f"start all: {calls} {out} {err}")


def restart(lab, config):
    _, _, calls = writes(lab, "restart", "db", "--cascade", config)
    check(calls == power("shutdown", 203, 202, 201) + power("start", 201, 202, 203), f"restart: {calls}")


def errors(lab, config):
    _, err, calls = writes(lab, "start", "base", config, status=1)
    check(calls == [] and "template" in err, f"start of a template: {err}")
    _, err, _ = writes(lab, "stop", "wep", config, status=64)
    check("did you mean `web`" in err, f"no advice: {err}")
    _, err, _ = writes(lab, "stop", config, status=64)
    check("which guests" in err, f"stop without guests: {err}")
    _, err, _ = writes(lab, "delete", "all", config, status=64)
    check("--yes" in err, f"a delete without a terminal asks: {err}")


def delete_and_converge(lab, config):
    _, err, calls = writes(lab, "delete", "web", "--yes", config, status=1)
    check(calls == [] and "container.front" in err and "PHX0682" in err, f"delete with a dependant: {calls} {err}")
    _, _, calls = writes(lab, "delete", "web", "--cascade", "--yes", config)
    check([c[1] for c in calls] == ["/nodes/pve/lxc/203/status/shutdown", "/nodes/pve/lxc/203",
                                    "/nodes/pve/lxc/202/status/shutdown", "/nodes/pve/lxc/202"], f"delete --cascade: {calls}")
    rows = json.loads(lab.phx("status", "--sim", lab.sim, "--json", config)[0])["guests"]
    check({r["id"]: r["drift"] for r in rows} == {200: "none", 201: "none", 202: "missing", 203: "missing", 204: "none"},
          f"drift after delete: {rows}")
    writes(lab, "converge", "202", "--yes", config)
    check(states(lab, config)[202] == "running" and states(lab, config)[203] == "absent", "converge 202 makes 202 alone")
    writes(lab, "apply", "--yes", config)
    out, _, _ = lab.phx("status", "--sim", lab.sim, "front", config)
    lines = out.splitlines()
    check(len(lines) == 2 and lines[0].split()[0] == "ID" and lines[1].split()[:2] == ["203", "container.front"]
          and lines[1].split()[-1] == "none" and "10.0.0.7" in lines[1], f"status of one guest: {out}")


with Lab() as lab:
    main = lab.write("main.phx", CONFIG)
    lab.apply(main, "--sim-speed", "60")
    stop_and_start(lab, main)
    restart(lab, main)
    errors(lab, main)
    delete_and_converge(lab, main)
print("ok")

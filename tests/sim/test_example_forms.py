"""The example stands in two forms, .phx and Phoenix's JSON: both make the same guests, with the same features and parameters."""
from phxtest import *

FILES = [os.path.join(EXAMPLE, "json", name) for name in ("phoenix_vm_configs.json", "phoenix_lxc_configs.json")]


def guests(*paths):
    graph = json.loads(lab.phx("graph", "--format", "json", *paths, env={"PHX_TOKEN": "x"})[0])
    return {r["id"]: r for r in graph["resources"] if r["kind"] in ("vm", "container")}


def features(guest):
    return [(s["name"], s.get("params")) for s in guest.get("steps", []) if s["kind"] == "feature"]


def needs(guest):
    """Without pools and images, which Phoenix does not know or does not name."""
    return sorted((n["address"], n["why"]) for n in guest["needs"] if n["why"] in ("clone", "depends_on"))


with Lab() as lab:
    phx, phoenix = guests(EXAMPLE), guests(*FILES)
    same(sorted(phx), sorted(phoenix), "the guests")
    for number in sorted(phx):
        for key in ("kind", "name", "template"):
            same(phx[number].get(key), phoenix[number].get(key), f"{key} of guest {number}")
        same(needs(phx[number]), needs(phoenix[number]), f"what guest {number} needs")
        same(features(phx[number]), features(phoenix[number]), f"features of guest {number}")
    proxy = dict(features(phx[102]))
    same(proxy["traefik"]["ca_server"], "https://10.0.0.10:9000/acme/acme/directory", "what the proxy asks for certificates")
    same([name for name, _ in features(phx[103])], ["base-setup", "step-cli", "step-ca"], "the CA needs its command line")

"""phx's line in the notes is gone: written over in the web interface, or never there. Disks and cards are recognised all the same."""
from phxtest import *

CONFIG = """stack "%s"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
image i { url = "https://example.com/d.qcow2"; storage = "local" }
vm %s {
  id = 100
  name = "a"
  image = image.i
  disk = 4GiB
  storage = "local-lvm"
  agent { enabled = false }
  running = false
  disk data { size = 1GiB }
  network { ip = dhcp }
  network lan { bridge = "vmbr0" }
}
"""

with Lab() as lab:
    lab.serve("--speed", "0")
    path = lab.write("main.phx", CONFIG % ("one", "a"))
    lab.apply(path)
    place = "/nodes/pve/qemu/100/config"
    before = {k: v for k, v in lab.get(place).items() if k[:3] in ("scs", "net", "unu")}
    lab.call("PUT", place, description="edited in the web interface")
    changes = lab.plan_json(path)["changes"]
    same([[a["path"] for a in c["attributes"]] for c in changes], [["marker"]], "only the line is written again")
    lab.apply(path)
    no_changes(lab, path)
    same({k: v for k, v in lab.get(place).items() if k[:3] in ("scs", "net", "unu")}, before, "no disk and no card is made twice")
    check(lab.get(place)["description"].startswith("edited in the web interface\n"), "the notes of the user stay")
    # Another stack takes it over: the same.
    lab.call("PUT", place, description="", delete="tags")
    path = lab.write("main.phx", CONFIG % ("two", "b"))
    lab.apply(path, "--adopt", "vm.b")
    no_changes(lab, path)
    same({k: v for k, v in lab.get(place).items() if k[:3] in ("scs", "net", "unu")}, before, "nothing is made twice in an adopted guest")
print("ok")

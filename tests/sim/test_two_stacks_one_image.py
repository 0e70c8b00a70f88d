"""Two stacks bring one image: whoever comes later finds the file, and goes on where it is the same one."""
import json

from phxtest import *

CONFIG = '''stack "one"
cluster home { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused") }
image noble { url = "https://images.test/noble.qcow2"; storage = "local" }
vm a { id = 100; image = image.noble; storage = "local-lvm"; disk = 8GiB; running = false }
'''
SLOW = {"faults": [{"match": {"method": "POST", "path": "/download-url$"}, "delay": {"ms": 1500}}]}


def late(url, checksum=None):
    """Applies with a download that arrives when another one of that name, from `url`, has ended."""
    lab.serve("--speed", "0", "--faults", lab.write("faults.json", json.dumps(SLOW)))
    config = lab.write("c.phx", CONFIG.replace("storage = \"local\" }", f'storage = "local"; {checksum or ""} }}'))
    run = lab.start("apply", "--sim", lab.sim, "--yes", config)
    end = time.monotonic() + 60
    while not any(e["event"] == "fault" for e in lab.log()):
        check(time.monotonic() < end, "the download is asked for in time")
        time.sleep(0.01)
    lab.call("POST", "/nodes/pve/storage/local/download-url", content="import", filename="noble.qcow2", url=url)
    out, err = run.communicate(timeout=60)
    return config, run.returncode, out + err


with Lab() as lab:
    config, status, text = late("https://images.test/noble.qcow2")
    same(status, 0, f"the file is there already:\n{text}")
    check("1 already so" in text, f"and it is said:\n{text}")
    no_changes(lab, config)
with Lab() as lab:
    config, status, text = late("https://images.test/another.qcow2")
    same(status, 5, f"another file of that name is none to go on with:\n{text}")
    check("another file of that name is on the storage" in text, f"the sizes are said:\n{text}")
with Lab() as lab:
    config, status, text = late("https://images.test/noble.qcow2", f'checksum = "sha256:{"ab" * 32}"')
    same(status, 0, f"Proxmox compares the checksum itself:\n{text}")
    no_changes(lab, config)

"""While a guest is waited for, what is seen of it is said every ten seconds."""
import json
import re

from phxtest import Lab, check

SEED = {"nodes": [{"name": "pve"}],
        "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "size": "500G",
                      "content": "iso,vztmpl,backup,import,images"}],
        "images": [{"match": "bare", "size": "500M", "virtual": "2G", "os": {"agent": False}}]}
CONFIG = """
stack "lab"
image bare { url = "https://example.com/bare.img"; storage = "local" }
vm bare { id = 101; image = image.bare; storage = "local"; disk = 4GiB; network { ip = dhcp }; timeouts { agent = 16s } }
"""


def main():
    with Lab() as lab:
        lab.write("sim/cluster.json", json.dumps(SEED))
        out, err, _ = lab.apply(lab.write("main.phx", CONFIG), status=5)
        check("the image must bring the guest agent" in out, out)
        check(re.search(r"1\d of 16 s: QEMU guest agent is not running; the guest is up for \d+ s, CPU 0 %", out + err), out + err)
        check("| so: " in out + err, out + err)


main()

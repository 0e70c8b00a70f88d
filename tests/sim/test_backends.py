"""The local and the ssh backend, in front of fakes of pvesh, perl, ssh, qm and pct (tests/fake) that forward to the simulated cluster."""
import shutil
import socket

from phxtest import *

FAKES = os.path.join(SOURCE, "tests", "fake", "node.py")


def node(lab, name="bin", **more):
    """A directory with a node's programs, and the environment in which they are found. No endpoint, no token."""
    where = lab.path(name)
    os.makedirs(where)
    shutil.copy(FAKES, os.path.join(where, "node.py"))
    for program in ("pvesh", "perl", "ssh", "qm", "pct", "hostsh"):
        path = os.path.join(where, program)
        with open(path, "w", encoding="utf-8") as f:
            f.write(f"#!{sys.executable} -SE\nimport sys\nsys.path.insert(0, {where!r})\nimport node\nnode.main()\n")
        os.chmod(path, 0o755)
    info = lab.info()
    with open(os.path.join(where, "node.json"), "w", encoding="utf-8") as f:
        json.dump({"url": info["url"], "token": info["token"], "log": lab.path(name + ".log"), **more}, f)
    return {"PATH": where + ":" + os.environ["PATH"]}


def commands(lab, name="bin"):
    with open(lab.path(name + ".log"), encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def example(lab, name, cluster):
    copy = lab.path(name)
    shutil.copytree(EXAMPLE, copy)
    path = os.path.join(copy, "lab.phx")
    text = open(path, encoding="utf-8").read()
    new, n = re.subn(r"(?ms)^cluster home \{.*?^\}", "cluster home {\n" + cluster + "\n}", text)
    same(n, 1, "cluster blocks of the example")
    open(path, "w", encoding="utf-8").write(new)
    return copy


SMALL = """
cluster home { node = "pve"; ssh { host = "pve" } }
stack "small" { ids = 900..999 }
container base { id = 900; ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"; rootfs = "local-lvm:1"
  memory = 64MiB; template = true }
container web { id = 901; clone = container.base; memory = 128MiB; tags = ["web"]; notes = "two\\nlines ümläut %41" }
vm v { id = 902; storage = "local"; disk = 1GiB; memory = 64MiB; network { bridge = "vmbr0" } }
"""


def the_example_by_the_local_backend():
    lab = Lab()
    build_and_find_unchanged(lab, example(lab, "lab", '  backend = "local"\n  node = "pve"'),
                             {101, 102, 103, 900, 901, 910, 1001, 1002, 8000, 8001, 9000}, "local")


def a_small_lab_by_the_ssh_backend():
    lab = Lab()
    build_and_find_unchanged(lab, lab.write("small.phx", SMALL), {900, 901, 902}, "ssh")


def build_and_find_unchanged(lab, config, guests, what):
    with lab:
        lab.serve("--speed", "0")
        env = node(lab)
        _, err, _ = lab.phx("apply", "--yes", config, env=env)
        made = {g["vmid"] for g in lab.get("/cluster/resources?type=vm")}
        check(guests <= made, f"{what}: guests made: {sorted(made)}\n{err}")
        before = len(commands(lab))
        out, _, _ = lab.phx("plan", config, env=env)
        check("No changes" in out, f"{what}: not settled:\n{out}")
        # One read of /etc/pve serves every guest's configuration.
        asked = commands(lab)[before:]
        configs = [c for c in asked if c[0] == "pvesh" and re.search(r"/(qemu|lxc)/\d+/(config|pending)$", c[2])]
        same(configs, [], f"{what}: configurations asked one by one")
        same(sum(1 for c in asked if c[0] == "perl" and c[2].startswith("# phx-etc-pve")), 1, f"{what}: reads of /etc/pve")
        same([c for c in commands(lab) if c[0] == "pvesh" and "--output-format" not in c], [], f"{what}: pvesh without JSON")


SECRET = "canary-4711-Hunter2-äß"


def secrets_are_in_no_argv():
    with Lab() as lab:
        lab.serve("--speed", "0")
        env = dict(node(lab), CANARY=SECRET)
        for where in ('backend = "local"', 'backend = "ssh"; ssh { host = "pve" }'):
            config = lab.write("s.phx", 'cluster c { ' + where + """; node = "pve" }
stack "s" { ids = 300..310 }
vm v { id = 301; storage = "local"; disk = 1GiB; memory = 64MiB; user deb { password = env("CANARY") } }
""")
            out, err, _ = lab.phx("apply", "--yes", "--trace", lab.path("t"), config, env=env)
            whole = open(lab.path("bin.log"), encoding="utf-8").read()
            check(SECRET not in whole and json.dumps(SECRET)[1:-1] not in whole and urllib.parse.quote(SECRET) not in whole,
                  "a secret stands among the words of a process")
            check(SECRET not in out + err + open(lab.path("t"), encoding="utf-8").read(), "a secret was printed")
            by_input = [c for c in commands(lab) if c[0] == "perl" and len(c) > 2 and c[2].startswith("# phx-pvesh")]
            check(by_input, f"nothing went by standard input\n{out}\n{err}")
            same(lab.get("/nodes/pve/qemu/301/config").get("cipassword"), "**********", f"the password arrived\n{out}\n{err}")
            lab.phx("destroy", "--yes", config, env=env)


def a_failed_task_is_a_failure():
    """`pvesh create` and `pvesh set …/resize` exit with 0 whatever became of the task."""
    with Lab() as lab:
        faults = lab.write("faults.json", json.dumps({"faults": [
            {"match": {"method": "POST", "path": "/status/start$"}, "task_fail": {"exitstatus": "start failed: out of luck"}},
            {"match": {"method": "PUT", "path": "/resize$"}, "task_fail": {"exitstatus": "no space left for luck"}}]}))
        lab.serve("--speed", "0", "--faults", faults)
        env = node(lab)
        text = """
cluster c { backend = "local"; node = "pve" }
stack "f" { ids = 300..310 }
vm v { id = 301; storage = "local"; disk = %s; memory = 64MiB }
"""
        config = lab.write("f.phx", text % "1GiB")
        out, err, status = lab.phx("apply", "--yes", config, env=env, status=5)
        check("start failed: out of luck" in out + err, f"{out}\n{err}")
        lab.phx("apply", "--yes", config, env=env)
        config = lab.write("f.phx", text % "2GiB")
        out, err, status = lab.phx("apply", "--yes", config, env=env, status=5)
        check("no space left for luck" in out + err, f"{out}\n{err}")
        lab.phx("apply", "--yes", config, env=env)
        check("No changes" in lab.phx("plan", config, env=env)[0], "not settled after the failures")


def on_the_node_itself_nothing_is_in_between():
    """The simulated node has this machine's name: its commands are started as they are. An image is uploaded by its file."""
    name = socket.gethostname().split(".")[0]
    with Lab() as lab:
        lab.write("sim/cluster.json", json.dumps({
            "nodes": [{"name": name, "bridges": ["vmbr0"]}],
            "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "content": "images,iso", "size": "100G"}]}))
        lab.serve("--speed", "0")
        env = node(lab, slow=["^create .*/qemu ", 1.5], spans=lab.path("spans"))
        with open(lab.path("small.iso"), "wb") as f:
            f.write(bytes(range(256)) * 1000)
        config = lab.write("d.phx", """
stack "d" { ids = 300..320 }
image tools { file = "small.iso"; content = "iso"; storage = "local" }
for n in 1..4 { vm "v${n}" { id = 300 + n; storage = "local"; disk = 1GiB; memory = 64MiB } }
""")
        lab.phx("apply", "--yes", "--parallel", "6", config, env=env)
        same([c for c in commands(lab) if c[0] == "perl" and c[2].startswith("eval")], [], "detours of commands for this machine")
        # A pvesh lasts as long as its task: four of them at once.
        at_once = most = 0
        for line in open(lab.path("spans"), encoding="utf-8"):
            what, verb, path = json.loads(line)
            if verb == "create" and path.endswith("/qemu"):
                at_once += 1 if what == "begins" else -1
                most = max(most, at_once)
        same(most, 4, "creations side by side")
        volumes = [v["volid"] for v in lab.get(f"/nodes/{name}/storage/local/content")]
        check("local:iso/small.iso" in volumes, f"the upload: {volumes}")
        same([f for f in os.listdir("/var/tmp") if f.startswith("pveupload-")], [], "files left behind")
        out, _, _ = lab.phx("plan", config, env=env)
        check("No changes" in out, out)


def a_connection_that_breaks_is_survived():
    """What ran on goes on there: a read is repeated, a write is looked for and not done twice."""
    with Lab() as lab:
        lab.serve("--speed", "0")
        env = node(lab, breaks=["^get /cluster/resources", "^create /nodes/pve/qemu --", "^create .*/301/status/start", "^set .*/301/config"])
        config = lab.write("b.phx", """
cluster c { ssh { host = "pve" }; node = "pve" }
stack "b" { ids = 300..310 }
vm v { id = 301; storage = "local"; disk = 1GiB; memory = 64MiB }
""")
        out, err, _ = lab.phx("apply", "--yes", config, env=env)
        done = [c[1:3] for c in commands(lab) if c[0] == "pvesh"]
        check(done.count(["get", "/cluster/resources"]) > 1, "the read was repeated")
        same(done.count(["create", "/nodes/pve/qemu"]), 1, f"creations\n{out}\n{err}")
        same(done.count(["create", "/nodes/pve/qemu/301/status/start"]), 1, f"starts\n{out}\n{err}")
        same(lab.get("/nodes/pve/qemu/301/status/current")["status"], "running", "power")
        check("No changes" in lab.phx("plan", config, env=env)[0], "not settled")


def a_lock_is_taken_off_on_the_node():
    with Lab() as lab:
        lab.serve("--speed", "0")
        env = node(lab)
        text = """
cluster c { %s; node = "pve" }
stack "l" { ids = 300..310 }
vm v { id = 301; storage = "local"; disk = 1GiB; memory = 64MiB; notes = "%s" }
"""
        lab.phx("apply", "--yes", lab.write("l.phx", text % ('backend = "local"', "old")), env=env)
        for where, notes in (('backend = "local"', "new"), ('ssh { host = "pve" }', "newer")):
            info = lab.info()
            req = urllib.request.Request(info["url"] + "/sim/tamper", method="POST",
                                         data=json.dumps({"vmid": 301, "set": {"lock": "backup"}}).encode(),
                                         headers={"Authorization": "PVEAPIToken=" + info["token"], "Content-Type": "application/json"})
            urllib.request.urlopen(req, timeout=30).close()
            before = len(commands(lab))
            lab.phx("apply", "--yes", "--break-locks", lab.write("l.phx", text % (where, notes)), env=env)
            check(["qm", "unlock", "301"] in commands(lab)[before:], "qm unlock on the node")
            check(notes + "\n" in lab.get("/nodes/pve/qemu/301/config")["description"] + "\n", "the notes that were waiting")


def other_nodes_are_reached_as_proxmox_does_it():
    name = socket.gethostname().split(".")[0]
    with Lab() as lab:
        etc = lab.path("etc-pve")
        os.makedirs(os.path.join(etc, "nodes", "pve2"))
        lab.write("etc-pve/.members", json.dumps({"nodename": name, "version": 4, "cluster": {"name": "two", "nodes": 2}, "nodelist": {
            name: {"id": 1, "online": 1, "ip": "10.9.9.1"}, "pve2": {"id": 2, "online": 1, "ip": "10.9.9.2"}}}))
        lab.write("etc-pve/nodes/pve2/ssh_known_hosts", "pve2 ssh-ed25519 AAAA\n")
        lab.write("sim/cluster.json", json.dumps({
            "nodes": [{"name": name, "bridges": ["vmbr0"]}, {"name": "pve2", "bridges": ["vmbr0"]}],
            "storages": [{"storage": "local", "type": "dir", "path": "/var/lib/vz", "content": "images,iso", "size": "100G"}]}))
        lab.serve("--speed", "0")
        env = dict(node(lab, etc=etc), CANARY=SECRET)
        for where in ('backend = "local"', f'ssh {{ host = "{name}" }}'):
            config = lab.write("n.phx", "cluster c { " + where + """ }
stack "n" { ids = 300..320 }
vm here { id = 301; node = "%s"; storage = "local"; disk = 1GiB; memory = 64MiB }
vm there { id = 302; node = "pve2"; storage = "local"; disk = 1GiB; memory = 64MiB; user deb { password = env("CANARY") } }
vm lost { id = 303; node = "pve2"; storage = "local"; disk = 1GiB; memory = 64MiB; notes = "it's \\"quoted\\" $HOME" }
""" % name)
            lab.phx("apply", "--yes", config, env=env)
            # The simulated clock runs ahead here, which it complains of.
            out, _, _ = lab.phx("doctor", config, env=env, status=None)
            check("node          pve2" in out and ("ssh encrypts" in out) == ("ssh" in where), out)
            hops = [c for c in commands(lab) if c[0] == "ssh" and "HostKeyAlias=pve2" in c]
            check(hops, "pve2 was reached by ssh")
            same({c[c.index("--") + 1] for c in hops}, {"root@10.9.9.2"}, "address of pve2")
            check(SECRET not in open(lab.path("bin.log"), encoding="utf-8").read(), "a secret among the words of a process")
            same(lab.get("/nodes/pve2/qemu/302/config").get("cipassword"), "**********", "the password arrived")
            check("it's \"quoted\" $HOME" in lab.get("/nodes/pve2/qemu/303/config")["description"], "notes over two shells")
            out, _, _ = lab.phx("plan", config, env=env)
            check("No changes" in out, out)
            lab.phx("destroy", "--yes", config, env=env)


def what_is_found_out():
    with Lab() as lab:
        lab.serve("--speed", "0")
        env = node(lab)
        bare = lab.write("bare.phx", 'stack "x" { ids = 300..310 }\n')
        block = lab.write("block.phx", 'cluster c { node = "pve" }\nstack "x" { ids = 300..310 }\n')
        far = lab.write("far.phx", 'cluster c { ssh { host = "pve" } }\nstack "x" { ids = 300..310 }\n')
        wrong = lab.write("wrong.phx", 'cluster c { backend = "ssh" }\nstack "x" { ids = 300..310 }\n')
        for config in (bare, block):
            lab.phx("plan", config, env=env)
        same([c for c in commands(lab) if c[0] == "ssh"], [], "ssh on the node itself")
        lab.phx("plan", far, env=env)
        check([c for c in commands(lab) if c[0] == "ssh" and "pve" in c], "ssh where the block says so")
        _, err, _ = lab.phx("validate", wrong, env=env, status=1)
        check("PHX0307" in err and "ssh { host = " in err, err)
        # Elsewhere than on a node.
        _, err, _ = lab.phx("plan", bare, status=None)
        check("names no cluster" in err, err)


if os.geteuid() != 0:
    print("skipped: the local backend is for root")
    sys.exit(77)
side_by_side([
    the_example_by_the_local_backend,
    a_small_lab_by_the_ssh_backend,
    secrets_are_in_no_argv,
    a_failed_task_is_a_failure,
    on_the_node_itself_nothing_is_in_between,
    a_connection_that_breaks_is_survived,
    a_lock_is_taken_off_on_the_node,
    other_nodes_are_reached_as_proxmox_does_it,
    what_is_found_out,
], lambda case: case())

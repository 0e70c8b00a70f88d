"""Simulated guests that are real trees of files: what the agent and the tools on the node do in them really happens, and what
they answer is what the recordings of a genuine Proxmox show (OBSERVED, guest agent and CLI)."""
from phxtest import *

SEED = {
    "nodes": [{"name": "pve", "ip": "10.0.0.13", "cores": 8, "memory": "64G"}],
    "storages": [{"storage": "local-lvm", "type": "lvmthin", "content": "images,rootdir", "size": "500G", "vgname": "pve"}],
    "volumes": [{"volid": "local-lvm:vm-101-disk-0", "size": "4G", "os": {"agent": True, "boot_s": 0}},
                {"volid": "local-lvm:vm-201-disk-0", "size": "4G", "os": {"type": "debian", "boot_s": 0}}],
    "guests": [
        {"vmid": 101, "kind": "qemu", "running": True, "conf": {"name": "vm1", "agent": "1", "scsi0": "local-lvm:vm-101-disk-0,size=4G", "boot": "order=scsi0", "memory": "512"}},
        {"vmid": 201, "kind": "lxc", "running": True, "conf": {"hostname": "ct1", "rootfs": "local-lvm:vm-201-disk-0,size=4G", "memory": "512", "ostype": "debian"}}],
    "exec": [{"command": "^scripted", "exit": 4, "out": "by the script\n"}],
}
FAULTS = {"faults": [{"guest_offline": {"vmid": 101}},
                     {"match": {"method": "POST", "path": "/101/agent/exec$", "nth": 4}, "agent_dies": {"vmid": 101, "seconds": 60, "kill": True}}]}


def agent(what, method="POST", vmid=101, **params):
    """The answer, or the text of the error."""
    try:
        return lab.call(method, f"/nodes/pve/qemu/{vmid}/agent/{what}" + ("?" + urllib.parse.urlencode(params, doseq=True) if method == "GET" else ""),
                        **({} if method == "GET" else params))
    except urllib.error.HTTPError as e:
        return f"{e.code} {e.reason}"


def ended(pid):
    for _ in range(400):
        s = agent("exec-status", "GET", pid=pid)
        if not isinstance(s, dict) or s["exited"]:
            return s
        time.sleep(0.02)
    fail("the command does not end")


def sh(script, vmid=201):
    said = lab.host("pct", "exec", str(vmid), "--", "sh", "-c", script)
    same((said["exit"], said["stderr"]), (0, ""), script)
    return said["stdout"]


def agent_exec():
    run = lambda *argv, **kw: agent("exec", command=list(argv), **kw)
    same(ended(run("sh", "-c", "echo out; echo err >&2; exit 3")["pid"]),
         {"exited": 1, "exitcode": 3, "out-data": "out\n", "out-truncated": 0, "err-data": "err\n", "err-truncated": 0}, "exec (333, 334)")
    same(ended(run("sh", "-c", "kill -9 $$")["pid"]), {"exited": 1, "signal": 9}, "a signal (340, 341)")
    same(ended(run("cat", **{"input-data": "hello\nstdin ü\n"})["pid"])["out-data"], "hello\nstdin ü\n", "input (338)")
    lost = run("sleep", "100")["pid"]  # the agent dies right after
    same(agent("exec-status", "GET", pid=lost), "500 QEMU guest agent is not running", "a dead agent (318)")
    time.sleep(3.2)
    same(agent("exec-status", "GET", pid=lost), "500 Agent error: Invalid parameter 'pid'", "an agent that knows nothing any more (335)")
    same(ended(run("sh", "-c", "ps | grep -c '[s]leep 100$' || true")["pid"])["out-data"], "0\n", "it was killed too")
    same(run("/nonexistent"), "596 Broken pipe", "no such program (347)")
    same(run("echo hello world"), "596 Broken pipe", "one string is one word (346)")
    same(ended(run("scripted", "x")["pid"])["exitcode"], 4, "the seed's script goes first")
    same(ended(run("sh", "-c", "ip -o link | wc -l")["pid"])["out-data"], "1\n", "offline: nothing but lo")


def agent_files():
    content = bytes(range(256)) * 3
    name = "/root/odd name'\n\u00fc"
    same(agent("file-write", file=name, content=base64.b64encode(content).decode(), encode=0), None, "file-write (354)")
    got = agent("file-read", "GET", file=name)
    same((got["bytes-read"], got["content"].encode("latin-1")), (768, content), "file-read of bytes (355)")
    same(agent("file-write", file="/nonexistent/x", content="a"),
         "500 Agent error: failed to open file '/nonexistent/x' (mode: 'wb'): No such file or directory", "bad directory (361)")
    same(agent("file-read", "GET", file="/nonexistent"),
         "500 Agent error: failed to open file '/nonexistent' (mode: 'r'): No such file or directory", "missing (362)")


def node_tools():
    host = lab.host
    same(host("pct", "exec", "201", "--", "sh", "-c", "echo out; echo err >&2; exit 7"), {"exit": 7, "stdout": "out\n", "stderr": "err\n"}, "cli 093")
    same(host("pct", "exec", "201", "--", "cat", input=b"via stdin\n")["stdout"], "via stdin\n", "cli 095")
    same(base64.b64decode(host("pct", "exec", "201", "--", "cat", input=b"a\xff\0b")["stdout_base64"]), b"a\xff\0b", "bytes")
    same(host("pct", "exec", "201", "--", "/nonexistent")["exit"], 127, "cli 094")
    path = lab.write("pushme", "pushed\n")
    same(host("pct", "push", "201", path, "/root/pushed", "--perms", "0640", "--user", "0"), {"exit": 0, "stdout": "", "stderr": ""}, "cli 096")
    same(sh("cat /root/pushed; stat -c %a /root/pushed"), "pushed\n640\n", "what was pushed")
    same(host("pct", "push", "201", "/nonexistent", "/root/x"), {"exit": 0, "stdout": "", "stderr": "failed to open /nonexistent for reading\n"}, "cli 097")
    same(host("pct", "pull", "201", "/root/none", lab.path("x")), {"exit": 0, "stdout": "", "stderr": "failed to open /root/none: No such file or directory\n"}, "cli 099")
    host("pct", "pull", "201", "/root/pushed", lab.path("pulled"))
    with open(lab.path("pulled"), encoding="ascii") as f:
        same(f.read(), "pushed\n", "cli 098")
    same(json.loads(host("qm", "guest", "exec", "101", "--", "sh", "-c", "exit 3")["stdout"]), {"exitcode": 3, "exited": 1}, "cli 066")
    same(host("qm", "guest", "exec", "101", "--", "/nonexistent")["exit"], 29, "cli 072")
    same(json.loads(host("qm", "guest", "exec", "101", "--pass-stdin", "1", "--", "cat", input=b"hello stdin\n")["stdout"])["out-data"], "hello stdin\n", "cli 071")
    late = host("qm", "guest", "exec", "101", "--timeout", "1", "--", "sleep", "5")
    same((late["exit"], late["stderr"], sorted(json.loads(late["stdout"]))), (0, "timeout reached, returning pid\n", ["pid"]), "cli 068")
    same(host("qm", "guest", "exec-status", "101", "99999"), {"exit": 29, "stdout": "", "stderr": "Agent error: Invalid parameter 'pid'\n"}, "cli 070")


def lives():
    """Trees go from a template to its clones, stay over a restart, and go with the guest; processes end with its power."""
    sh("echo mine >/etc/mark; (sleep 1000 >/dev/null 2>&1 &)")
    lab.host("pct", "stop", "201")
    same(lab.host("pct", "exec", "201", "--", "true"), {"exit": 255, "stdout": "", "stderr": "container '201' not running!\n"}, "cli 112")
    lab.call("POST", "/nodes/pve/lxc/201/template")
    wait_for(lambda: lab.get("/nodes/pve/lxc/201/config").get("template") == 1, "the template")
    for vmid in (202, 203):
        lab.call("POST", "/nodes/pve/lxc/201/clone", newid=vmid, hostname=f"ct{vmid}")
        wait_for(lambda: "lock" not in lab.get(f"/nodes/pve/lxc/{vmid}/config"), "the clone")
        lab.host("pct", "start", str(vmid))
        wait_for(lambda: lab.host("pct", "status", str(vmid))["stdout"] == "status: running\n", "its start")
    same(sh("cat /etc/mark; hostname; ps | grep -c '[s]leep 1000$' || true", 202), "mine\nct202\n0\n", "a clone has the tree of its template, and no process")
    sh("echo changed >/etc/mark", 202)
    same(sh("cat /etc/mark", 203), "mine\n", "another clone")
    lab.host("pct", "stop", "202")
    lab.host("pct", "start", "202")
    wait_for(lambda: lab.host("pct", "status", "202")["stdout"] == "status: running\n", "its start")
    same(sh("cat /etc/mark", 202), "changed\n", "after a restart")
    lab.host("pct", "stop", "202")
    lab.host("pct", "destroy", "202")
    check(not os.path.exists(os.path.join(lab.sim, "guests", "202")), "the tree of a guest that is gone is there still")


def wait_for(what, text):
    for _ in range(200):
        if what():
            return
        time.sleep(0.05)
    fail(text + " does not come")


with Lab() as lab:
    tree = busybox_tree(lab.path("tree"))
    lab.write("sim/cluster.json", json.dumps(SEED))
    lab.serve("--guest-root", tree, "--speed", "20", "--faults", lab.write("faults.json", json.dumps(FAULTS)))
    need_trees(lab, "lxc", 201)
    agent_exec()
    agent_files()
    node_tools()
    lives()
print("ok")

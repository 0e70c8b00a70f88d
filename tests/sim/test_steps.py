"""What is done inside guests, end to end: once, in order, again when it changed and only then; and what a user sees when it fails."""
import hashlib
import shutil

from phxtest import *

CONFIG = """
stack "lab"
cluster c {{ endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }}
feature base {{ script = "base.sh" }}
feature app {{
  script = "app.sh"
  needs  = [feature.base]
  param channel: string = "stable"
  param token: secret<string>
}}
container box {{
  id = 201
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network {{ bridge = "vmbr0"; ip = 10.0.0.9/24; gw = 10.0.0.1 }}
  features = [feature.app(channel = "{channel}", token = env("CANARY"))]
  file "/etc/motd" {{ content = "hello\\n"; mode = 0640 }}
  file "/etc/key" {{ content = env("CANARY") }}
  file "/srv/app" {{ source = "tree" }}
  script once {{ content = "echo script >>/root/did; touch /root/once\\n"; check = "test -e /root/once" }}
  health {{ command = ["test", "-e", "/root/did"]; retries = 2; interval = 1s }}
  snapshot final-form {{}}
}}
container other {{
  id = 202
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "local-lvm:4"
  network {{ bridge = "vmbr0"; ip = 10.0.0.10/24; gw = 10.0.0.1 }}
  features = [feature.base]
}}
"""
CANARY = "canary-4711-of-a-secret"
LONG = "d" * 60 + "/" + "e" * 60  # more than an archive's first field for a name takes


def lab_with_tree():
    lab = Lab()
    lab.tree = busybox_tree(lab.path("busybox"))
    lab.env.update(CANARY=CANARY)
    lab.write("conf/base.sh", "echo \"base $PHX_GUEST_ID\" >>/root/did\n")
    lab.write("conf/app.sh", "echo \"app $PHX_CHANNEL $PHX_GUEST_KIND $PHX_FEATURE\" >>/root/did\n[ -n \"$PHX_TOKEN\" ] && echo \"token $PHX_TOKEN\"\n")
    lab.write("conf/tree/a/one", "1\n")
    lab.write("conf/tree/two", "2\n")
    lab.write(f"conf/tree/{LONG}/three", "3\n")
    os.symlink("a/one", lab.path("conf/tree/link"))
    configure(lab)
    return lab


def configure(lab, channel="stable", **more):
    text = CONFIG.format(channel=channel)
    for old, new in more.get("edits", []):
        check(old in text, f"{old!r} in the configuration")
        text = text.replace(old, new)
    lab.write("conf/main.phx", text)
    return lab.path("conf")


def apply(lab, *args, **kw):
    return lab.apply(lab.path("conf"), "--sim-guests", lab.tree, "--sim-speed", "20", *args, **kw)


def inside(lab, vmid, command):
    said = lab.host("pct", "exec", str(vmid), "--", "/bin/sh", "-c", command)
    same((said["exit"], said["stderr"]), (0, ""), command)
    return said["stdout"]


def steps_of(plan, address=None):
    return [(a["address"], a["guest"]["what"]) for a in plan["actions"] if a.get("guest") and address in (None, a["address"])]


def no_canary(lab, *texts):
    for text in texts:
        check(CANARY not in text, "a secret is shown:\n" + text)
    for top, dirs, files in os.walk(lab.dir):
        if os.path.join(lab.sim, "") in os.path.join(top, "") or top.startswith(lab.tree):
            continue
        for name in files:
            with open(os.path.join(top, name), "rb") as f:
                check(CANARY.encode() not in f.read(), f"a secret is in {os.path.join(top, name)}")


def everything():
    with lab_with_tree() as lab:
        t, saved = lab.path("t"), lab.path("plan")
        conf = lab.path("conf")
        plan = lab.plan_json(conf, "-o", saved, "--sim-guests", lab.tree)
        same(steps_of(plan, "container.box"), [("container.box", w) for w in
             ("file /etc/key", "file /etc/motd", "file /srv/app", "feature base", "feature app", "script once", "health")], "steps in their order")
        out, err, _ = apply(lab, "--trace", t, "-v")
        need_trees(lab, "lxc", 201)
        same(inside(lab, 201, "cat /root/did"), "base 201\napp stable container app\nscript\n", "what was run, once and in order")
        same(inside(lab, 201, "cat /etc/motd /srv/app/a/one /srv/app/two; stat -c %a /etc/motd /etc/key"), "hello\n1\n2\n640\n600\n", "files")
        same(inside(lab, 201, f"readlink /srv/app/link; cat /srv/app/link /srv/app/{LONG}/three"), "a/one\n1\n3\n", "links and long names in a directory")
        same(inside(lab, 201, "cat /etc/key"), CANARY, "a secret arrives")
        logs = [os.path.join(top, f) for top, _, files in os.walk(lab.path("state")) for f in files if f.endswith(".log")]
        same(sorted(os.path.basename(f) for f in logs if "box" in f),
             ["01-file-etc-key.log", "02-file-etc-motd.log", "03-file-srv-app.log", "04-feature-base.log", "05-feature-app.log",
              "06-script-once.log", "07-health.log"], "logs beside the journal")
        same({os.stat(f).st_mode & 0o777 for f in logs}, {0o600}, "for their owner alone")
        app = open(next(f for f in logs if "feature-app" in f), encoding="utf-8").read()
        check("token (secret)" in app, "a secret that a script prints is masked in its log: " + app)
        no_canary(lab, out, err, json.dumps(plan))
        no_changes(lab, conf, "--sim-guests", lab.tree)

        # One script edited: the guests that use it, that step, and nothing else.
        lab.write("conf/base.sh", "echo \"base again $PHX_GUEST_ID\" >>/root/did\n")
        plan = lab.plan_json(conf)
        same(steps_of(plan), [("container.box", "feature base"), ("container.other", "feature base")], "an edited script")
        same([c["attributes"][0]["reason"] for c in plan["changes"]], ["script changed", "script changed"], "and why")
        apply(lab, "--trace", t)
        same(sorted((w["method"], w["path"]) for w in writes(t) if "/pools" not in w["path"] and not w["path"].startswith("/sim/")),
             [("PUT", "/nodes/pve/lxc/201/config"), ("PUT", "/nodes/pve/lxc/202/config")], "beside the steps only the markers")
        same(inside(lab, 201, "tail -n 1 /root/did"), "base again 201\n", "it was run again")
        no_changes(lab, conf, "--sim-guests", lab.tree)

        configure(lab, channel="test")
        plan = lab.plan_json(conf)
        same(([a["path"] for a in plan["changes"][0]["attributes"]], plan["changes"][0]["attributes"][0]["reason"]),
             (["feature.app"], "parameter channel changed"), "a parameter")
        apply(lab)
        # Back to what it was once before: done again all the same.
        configure(lab, channel="stable")
        apply(lab)
        same(inside(lab, 201, "tail -n 2 /root/did"), "app test container app\napp stable container app\n", "each version is run in its turn")

        out, _, _ = apply(lab, "--rerun", "script.once")
        same(inside(lab, 201, "tail -n 1 /root/did"), "script\n", "--rerun")
        no_changes(lab, conf, "--sim-guests", lab.tree)

        # What was changed by hand is seen only when that is asked for.
        inside(lab, 201, "echo hacked >/etc/motd; rm /srv/app/two")
        check("No changes" in lab.plan(conf)[0], "without --refresh-guests nobody looks inside")
        plan = lab.plan_json(conf, "--refresh-guests", "--trace", t)
        same({(w["method"], w["path"]) for w in writes(t)}, set(), "looking inside a container is a command on its node, and no request that writes")
        same([(a["path"], a["reason"]) for a in plan["changes"][0]["attributes"]],
             [("file./etc/motd", "changed inside the guest: its content"), ("file./srv/app", "changed inside the guest: two")], "drift inside")
        apply(lab, "--refresh-guests")
        same(inside(lab, 201, "cat /etc/motd /srv/app/two"), "hello\n2\n", "and mended")
        check("No changes" in lab.plan(conf, "--refresh-guests")[0], "then nothing is left")


def failing():
    with lab_with_tree() as lab:
        lab.write("conf/app.sh", "for i in $(seq 100); do echo line $i; done\necho 'no route to the mirror' >&2\nexit 7\n")
        out, err, _ = apply(lab, status=5)
        need_trees(lab, "lxc", 202)
        check("container.box: feature app in 201 failed" in out and "no route to the mirror" in out and "exit code 7" in out, "what failed:\n" + out)
        check("line 100" in out and "line 50" not in out, "the end of its output, not all of it:\n" + out)
        log = re.search(r"all of its output: (\S+)", out)
        check(log and "line 1\n" in open(log.group(1), encoding="utf-8").read(), "where all of it is:\n" + out)
        check("/var/log/phx/" in out and "main.phx:" in out and "phx apply" in out, "in the guest, in the source, what to do:\n" + out)
        check("not started because of it" in out, "what was not started:\n" + out)
        same(inside(lab, 202, "cat /root/did"), "base 202\n", "other guests go on")
        same(inside(lab, 201, "cat /root/did"), "base 201\n", "what came before it was done")
        lab.write("conf/app.sh", "echo mended >>/root/did\n")
        apply(lab)
        same(inside(lab, 201, "cat /root/did"), "base 201\nmended\nscript\n", "the next run goes on where it stopped")
        no_changes(lab, lab.path("conf"), "--sim-guests", lab.tree)


def killed():
    with lab_with_tree() as lab:
        lab.write("conf/app.sh", "echo begun >>/root/did\nsleep 4\necho ended >>/root/did\n")
        p = lab.start("apply", "--sim", lab.sim, "--sim-guests", lab.tree, "--sim-speed", "20", "--yes", lab.path("conf"))
        end = time.monotonic() + 100
        while time.monotonic() < end and p.poll() is None:
            try:
                said = lab.host("pct", "exec", "201", "--", "/bin/sh", "-c", "cat /root/did 2>/dev/null")["stdout"]
            except Exception:
                said = ""
            if "begun" in said:
                p.kill()
                break
            time.sleep(0.1)
        p.communicate()
        if p.returncode == 0:
            need_trees(lab, "lxc", 201)
        same(p.returncode, -signal.SIGKILL, "killed in the middle of a step")
        apply(lab)
        same(inside(lab, 201, "cat /root/did"), "base 201\nbegun\nended\nscript\n", "what was done is not repeated, what ran is joined")
        no_changes(lab, lab.path("conf"), "--sim-guests", lab.tree)


VM = """
stack "lab"
cluster c {{ endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }}
image noble {{ url = "https://images.test/noble.qcow2"; storage = "local" }}
feature slow {{ script = "slow.sh" }}
vm base {{
  id = 300
  template = true
  image = image.noble
  cores = 1; memory = 1GiB; storage = "local-lvm"; disk = 4GiB
  network {{ ip = dhcp }}
  file "/etc/base" {{ content = "of the template" }}
}}
vm web {{
  id = 301
  clone = vm.base
  network {{ ip = 10.0.0.9/24; gw = 10.0.0.1 }}
  file "/etc/big" {{ source = "big" }}
  features = [feature.slow]
  health {{ command = "test -s /etc/big" }}
}}
"""


def virtual_machines():
    with lab_with_tree() as lab:
        big = os.urandom(300000)
        with open(lab.path("conf/big"), "wb") as f:
            f.write(big)
        lab.write("conf/slow.sh", "echo begun >>/root/did; for i in 1 2 3 4 5; do echo at $i; sleep 1; done; echo ended >>/root/did\n")
        lab.write("conf/main.phx", VM.format())
        conf, t = lab.path("conf"), lab.path("t")
        plan = lab.plan_json(conf, "--sim-guests", lab.tree)
        same(steps_of(plan, "vm.base"), [("vm.base", "file /etc/base"), ("vm.base", "clean")], "a template is cleaned last")
        p = lab.start("apply", "--sim", lab.sim, "--sim-guests", lab.tree, "--sim-speed", "20", "--yes", "--trace", t, conf)
        end = time.monotonic() + 150
        while time.monotonic() < end and p.poll() is None:
            try:
                said = lab.host("qm", "guest", "exec", "301", "--", "cat", "/root/did")["stdout"]
            except Exception:
                said = ""
            if "begun" in said:
                p.kill()
                break
            time.sleep(0.1)
        _, err = p.communicate()
        if p.returncode == 0:
            need_trees(lab, "qemu", 301)
        same(p.returncode, -signal.SIGKILL, "killed in the middle of a step:\n" + err)
        sent = [(w["method"], w["path"]) for w in writes(t)]
        out, err, _ = apply(lab, "--trace", t, "-v")
        check("healthy" in err, "what a step prints is seen with -v:\n" + err)
        same(json.loads(lab.host("qm", "guest", "exec", "301", "--", "cat", "/root/did")["stdout"])["out-data"], "begun\nended\n", "the step was joined, not run twice")
        same(json.loads(lab.host("qm", "guest", "exec", "301", "--", "sha256sum", "/etc/big")["stdout"])["out-data"].split()[0], hashlib.sha256(big).hexdigest(),
             "a large file arrives as it is")
        same(json.loads(lab.host("qm", "guest", "exec", "301", "--", "cat", "/etc/base")["stdout"])["out-data"], "of the template", "a clone has what its template had")
        same(json.loads(lab.host("qm", "guest", "exec", "301", "--", "ls", "/var/lib/phx/run")["stdout"])["out-data"].count("base"), 0, "but not its memory")
        no_changes(lab, conf, "--sim-guests", lab.tree)

        lab.host("qm", "guest", "exec", "301", "--", "rm", "/etc/big")
        looked = lab.path("looked")
        plan2 = lab.plan_json(conf, "--refresh-guests", "--trace", looked)
        same([a["reason"] for a in plan2["changes"][0]["attributes"]], ["changed inside the guest: it is gone"], "drift inside a VM")
        same({(w["method"], w["path"]) for w in writes(looked)}, {("POST", "/nodes/pve/qemu/301/agent/exec")}, "looking inside is a command in the VM, and no other write")

        # What is sent is what the plan said, pieces of files too.
        sent += [(w["method"], w["path"]) for w in writes(t)]
        for call in [c for a in plan["actions"] if a.get("guest") for c in a["guest"]["calls"]]:
            check((call["method"], call["path"]) in sent, f"{call['method']} {call['path']} was sent")


def flooding():
    """50 MiB of output by the guest agent: little of it is held, and little is kept."""
    with lab_with_tree() as lab:
        with open(lab.path("conf/big"), "wb") as f:
            f.write(b"big")
        lab.write("conf/slow.sh", "yes 'a line of the flood' | head -c 52428800\n")
        lab.write("conf/main.phx", VM.format())
        with open(lab.path("said"), "w", encoding="utf-8") as said:
            p = subprocess.Popen([PHX, "apply", "--sim", lab.sim, "--sim-guests", lab.tree, "--sim-speed", "20", "--yes", "-v", lab.path("conf")],
                                 stdout=said, stderr=said, cwd=lab.dir, env=lab.env, stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        if p.returncode:
            need_trees(lab, "qemu", 301)
        with open(lab.path("said"), encoding="utf-8") as said:
            err = said.read()
        same(p.returncode, 0, "exit\n" + err)
        check("bytes left out]" in err, "that something is left out is said:\n" + err[:2000])
        check(len(err) < 1 << 20, f"{len(err)} bytes on the terminal")
        check(usage.ru_maxrss < 100 << 10, f"{usage.ru_maxrss} KiB of memory")
        no_changes(lab, lab.path("conf"), "--sim-guests", lab.tree)


{"everything": everything, "failing": failing, "killed": killed, "virtual_machines": virtual_machines, "flooding": flooding}[sys.argv[1]]() if len(sys.argv) > 1 else [f() for f in (everything, failing, killed, virtual_machines, flooding)]
print("ok")

"""Helpers of the end-to-end tests: they run the real binary against the simulated cluster. Standard library only."""
import base64
import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

PHX = os.environ["PHX"]
SOURCE = os.path.abspath(os.environ["PHX_SOURCE"])
EXAMPLE = os.path.join(SOURCE, "examples", "phoenix")


class Lab:
    """A directory with a simulated cluster, a journal and traces of its own."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="phx-test-")
        self.sim = os.path.join(self.dir, "sim")
        self.env = dict(os.environ, HOME=self.dir, XDG_STATE_HOME=os.path.join(self.dir, "state"), LC_ALL="C.UTF-8",
                        COLUMNS="100")
        self.env.pop("PHX_TOKEN", None)
        self.server = None

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def phx(self, *args, status=0, timeout=240, env=None, input=None):
        """Runs phx; status None accepts any. Returns (stdout, stderr, status)."""
        done = subprocess.run([PHX, *args], capture_output=True, text=True, timeout=timeout, cwd=self.dir,
                              env=dict(self.env, **(env or {})), input=input, stdin=None if input else subprocess.DEVNULL)
        if status is not None and done.returncode != status:
            fail(f"phx {' '.join(args)}: exit {done.returncode}, expected {status}\n--stdout\n{done.stdout}\n--stderr\n{done.stderr}")
        return done.stdout, done.stderr, done.returncode

    def start(self, *args, env=None):
        return subprocess.Popen([PHX, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.dir,
                                env=dict(self.env, **(env or {})), stdin=subprocess.DEVNULL)

    def apply(self, config, *args, status=0, sim=True, **kw):
        where = ["--sim", self.sim] if sim else []
        return self.phx("apply", *where, "--yes", *args, config, status=status, **kw)

    def plan(self, config, *args, status=0, **kw):
        return self.phx("plan", "--sim", self.sim, *args, config, status=status, **kw)

    def plan_json(self, config, *args, status=0):
        return json.loads(self.plan(config, "--format", "json", *args, status=status)[0])

    def info(self):
        with open(os.path.join(self.sim, "server.json"), encoding="utf-8") as f:
            return json.load(f)

    def serve(self, *args):
        """Starts `phx sim serve` as a process of its own."""
        self.server = subprocess.Popen([PHX, "sim", "serve", *args, self.sim], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       text=True, cwd=self.dir, env=self.env, stdin=subprocess.DEVNULL)
        line = self.server.stdout.readline()
        for _ in range(2):
            self.server.stdout.readline()
        if not line:
            fail("phx sim serve did not start: " + self.server.stderr.read())

    def kill_server(self):
        if self.server:
            self.server.kill()
            self.server.wait()
            self.server.stdout.close()
            self.server.stderr.close()
            self.server = None
        else:
            try:
                os.kill(int(self.info()["pid"]), signal.SIGKILL)
            except (OSError, FileNotFoundError, KeyError, ValueError):
                pass

    def stop(self):
        # Asked first: killed at once, it could not write down what it ran (coverage).
        if self.server:
            self.server.terminate()
            try:
                self.server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                pass
        self.kill_server()

    def get(self, path):
        """A GET on the simulated cluster, past phx."""
        info = self.info()
        req = urllib.request.Request(info["url"] + "/api2/json" + path, headers={"Authorization": "PVEAPIToken=" + info["token"]})
        with urllib.request.urlopen(req, timeout=30) as r:
            return json.load(r)["data"]

    def call(self, method, path, **params):
        info = self.info()
        data = urllib.parse.urlencode(params, doseq=True).encode() if params else None
        req = urllib.request.Request(info["url"] + "/api2/json" + path, data=data, method=method,
                                     headers={"Authorization": "PVEAPIToken=" + info["token"]})
        with urllib.request.urlopen(req, timeout=30) as r:
            return json.load(r)["data"]

    def host(self, *argv, input=b""):
        """A command on the simulated node: {exit, stdout, stderr}; bytes that are no text stand under stdout_base64."""
        info = self.info()
        body = json.dumps({"argv": list(argv), "input": base64.b64encode(input).decode()}).encode()
        req = urllib.request.Request(info["url"] + "/sim/host", data=body, method="POST",
                                     headers={"Authorization": "PVEAPIToken=" + info["token"], "Content-Type": "application/json"})
        with urllib.request.urlopen(req, timeout=120) as r:
            return json.load(r)["data"]

    def log(self):
        with open(os.path.join(self.sim, "sim.log"), encoding="utf-8") as f:
            return [json.loads(line) for line in f if line.strip()]


def trace(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def writes(path):
    return [r for r in trace(path) if r["method"] != "GET"]


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


def check(condition, text):
    if not condition:
        fail(text)


def same(got, want, what):
    if got == want:
        return
    a, b = repr(got), repr(want)
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    start = max(0, at - 200)
    fail(f"{what}:\n  got      …{a[start:at + 400]}\n  expected …{b[start:at + 400]}")


def side_by_side(cases, what):
    """Calls what(case) for each case, several at once (most of their time is waiting); fails after all when one failed.
    Returns the results."""
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("PHX_TEST_JOBS", "8"))) as pool:
        runs = [pool.submit(what, case) for case in cases]
    failed = [r for r in runs if r.exception()]
    for run in failed:
        if not isinstance(run.exception(), SystemExit):
            print("FAILED:", repr(run.exception()))
    if failed:
        print(f"{len(failed)} of {len(runs)} failed")
        sys.exit(1)
    return [r.result() for r in runs]


def skip(text):
    print("SKIPPED:", text)
    sys.exit(77)


def busybox_tree(path):
    """The smallest tree of a guest in which commands really run: a static busybox."""
    busybox = next((p for p in ("/bin/busybox", "/usr/bin/busybox") if os.path.exists(p)), None)
    if busybox is None or subprocess.run(["ldd", busybox], capture_output=True).returncode == 0:
        skip("there is no static busybox (package busybox-static)")
    for d in ("bin", "etc", "proc", "dev", "sys", "run", "tmp", "root", "var/lib", "var/log", "mnt"):
        os.makedirs(os.path.join(path, d), exist_ok=True)
    shutil.copy(busybox, os.path.join(path, "bin", "busybox"))
    for applet in subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split():
        if applet != "busybox":
            os.symlink("busybox", os.path.join(path, "bin", applet))
    for name, text in (("passwd", "root:x:0:0:root:/root:/bin/sh\n"), ("group", "root:x:0:\n")):
        with open(os.path.join(path, "etc", name), "w", encoding="ascii") as f:
            f.write(text)
    return path


def need_trees(lab, kind, vmid):
    """Skips the test where guests cannot be real trees."""
    if kind == "lxc":
        said = lab.host("pct", "exec", str(vmid), "--", "true")
        text = said["stderr"] if said["exit"] else ""
    else:
        text = lab.host("qm", "guest", "exec", str(vmid), "--", "true")["stderr"]
    if "tree does not run" in text:
        skip(text.strip())


def no_changes(lab, config, *args):
    """The invariant behind most tests: a second apply does nothing, and asks only."""
    t = lab.path("second.trace")
    out, _, _ = lab.apply(config, "--trace", t, *args)
    check("No changes" in out, "a second apply has something to do:\n" + out)
    same([r for r in trace(t) if r["method"] != "GET"], [], "a second apply sends only GETs")


def guests_of(lab):
    return {int(r["vmid"]): r for r in lab.get("/cluster/resources?type=vm")}


def same_state(got, want, when):
    """Volumes and pools first: what is left over explains the rest."""
    same(sorted(set(got[1]) - set(want[1])), [], f"volumes left over {when}")
    same(sorted(set(want[1]) - set(got[1])), [], f"volumes missing {when}")
    same(got[1], want[1], f"volumes {when}")
    same(got[2], want[2], f"pools {when}")
    same(sorted(got[0]), sorted(want[0]), f"guests {when}")
    for vmid, config in want[0].items():
        same(sorted(got[0][vmid].items()), sorted(config.items()), f"guest {vmid} {when}")


def state(lab):
    """What the cluster looks like: guests with their configuration and power, volumes, pools."""
    guests = {}
    for vmid, g in guests_of(lab).items():
        config = lab.get(f"/nodes/pve/{g['type']}/{vmid}/config")
        for volatile in ("digest", "meta", "smbios1", "vmgenid"):
            config.pop(volatile, None)
        config["status"] = lab.get(f"/nodes/pve/{g['type']}/{vmid}/status/current")["status"]
        guests[vmid] = config
    volumes = sorted(v["volid"] for s in lab.get("/nodes/pve/storage") for v in lab.get(f"/nodes/pve/storage/{s['storage']}/content"))
    return guests, volumes, sorted(p["poolid"] for p in lab.get("/pools"))

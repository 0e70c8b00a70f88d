"""A simulated cluster of its own for a test, and plain HTTP to it. Standard library only."""
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

SERVE = os.environ["PHX_CONTRACT_SERVE"]


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


def check(condition, text):
    if not condition:
        fail(text)


def same(got, want, what):
    if got != want:
        fail(f"{what}:\n  got      {got!r}\n  expected {want!r}")


class Lost(Exception):
    """The connection ended before an answer was there."""


class Lab:
    def __init__(self, speed="0", seed=None, faults=None):
        self.dir = tempfile.mkdtemp(prefix="phx-simlab-")
        self.speed, self.faults, self.process = speed, None, None
        if seed is not None:
            with open(os.path.join(self.dir, "cluster.json"), "w", encoding="utf-8") as f:
                json.dump(seed, f)
        if faults is not None:
            self.faults = os.path.join(self.dir, "faults.json")
            with open(self.faults, "w", encoding="utf-8") as f:
                json.dump({"faults": faults}, f)
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if self.process:
            self.end()
        shutil.rmtree(self.dir, ignore_errors=True)

    def start(self):
        self.process = subprocess.Popen([SERVE, self.dir, self.speed] + ([self.faults] if self.faults else []), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        words = self.process.stdout.readline().split()
        if len(words) != 2:
            fail("the simulator does not start")
        self.address, self.token = urllib.parse.urlparse(words[0]), words[1]

    def end(self):
        """In order; a sanitizer's finding is a failure."""
        self.process.stdin.close()
        self.process.stdout.close()
        status = self.process.wait(timeout=60)
        self.process = None
        if status != 0:
            fail(f"the simulator ended with status {status}")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.process = None

    def raw(self, method, target, headers=None, body=None, timeout=60):
        """(status, reason, bytes); Lost when there is no answer."""
        c = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=timeout)
        try:
            c.request(method, target, body, {"Authorization": "PVEAPIToken=" + self.token, **(headers or {})})
            a = c.getresponse()
            return a.status, a.reason, a.read()
        except (ConnectionError, http.client.HTTPException) as e:
            raise Lost(str(e)) from e
        finally:
            c.close()

    def ask(self, method, path, **params):
        """(status, reason, data)"""
        form = urllib.parse.urlencode({k.replace("_", "-"): v for k, v in params.items()}, doseq=True)
        target = "/api2/json" + path
        if method in ("GET", "DELETE"):
            status, reason, body = self.raw(method, target + ("?" + form if form else ""))
        else:
            status, reason, body = self.raw(method, target, {"Content-Type": "application/x-www-form-urlencoded"}, form)
        return status, reason, json.loads(body)["data"] if body else None

    def do(self, method, path, **params):
        status, reason, data = self.ask(method, path, **params)
        if status != 200:
            fail(f"{method} {path} {params}: {status} {reason}")
        return data

    def private(self, path, body):
        status, reason, data = self.raw("POST", path, {}, json.dumps(body))
        if status != 200:
            fail(f"{path} {body}: {status} {reason}")
        return json.loads(data)["data"]

    def exit_of(self, upid, patience=60):
        """The exit status of a task, waited for."""
        path = f"/nodes/{upid.split(':')[1]}/tasks/{urllib.parse.quote(upid, safe='')}/status"
        end = time.monotonic() + patience
        while time.monotonic() < end:
            t = self.do("GET", path)
            if t["status"] == "stopped":
                return t["exitstatus"]
            time.sleep(0.01)
        fail(f"task {upid} does not end")

    def run(self, method, path, **params):
        """A call that starts a task, which must end well."""
        upid = self.do(method, path, **params)
        same(self.exit_of(upid), "OK", f"task of {method} {path}")
        return upid

    def together(self, requests):
        """Sends (method, path, params) at the same moment; results in the same order."""
        results = [None] * len(requests)
        barrier = threading.Barrier(len(requests))

        def one(i):
            method, path, params = requests[i]
            barrier.wait()
            t = time.monotonic()
            results[i] = self.ask(method, path, **params) + (time.monotonic() - t,)

        threads = [threading.Thread(target=one, args=(i,)) for i in range(len(requests))]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        return results

    def log(self, event):
        with open(os.path.join(self.dir, "sim.log"), encoding="utf-8") as f:
            return [e for e in map(json.loads, f) if e["event"] == event]


# A template VM and a template container to clone from.
def with_templates(lab):
    lab.run("POST", "/nodes/pve/qemu", vmid=9000, name="base", memory=256, scsi0="quickOS-vm-disks:2", net0="virtio,bridge=vmbr0")
    lab.run("POST", "/nodes/pve/qemu/9000/template")
    lab.run("POST", "/nodes/pve/lxc", vmid=9100, hostname="base", unprivileged=1, rootfs="quickOS-lxc-disks:2",
            ostemplate="local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst")
    lab.do("POST", "/nodes/pve/lxc/9100/template")
    end = time.monotonic() + 30
    while lab.do("GET", "/nodes/pve/lxc/9100/config").get("template") != 1:
        check(time.monotonic() < end, "the container becomes a template")
        time.sleep(0.01)

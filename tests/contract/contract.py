"""Replays every recorded exchange against the simulated cluster, in order, with the recorded bytes, and compares.

Environment: PHX_CONTRACT_SERVE (the server program), PHX_TEST_SHARED (pve/exchanges in it; skipped when absent).
Arguments: -v (all differences of an exchange), -u SEQ (stop after SEQ), -k (keep the directory and print it).
Beside this file: seed.json (the cluster before the first exchange), steps.json (what happened between recorded exchanges without
being recorded, by the number of the exchange before which it happened), known.txt (numbers out of scope, each with its reason)."""
import collections
import glob
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.parse

from compare import Comparison, VOLATILE

HERE = os.path.dirname(os.path.abspath(__file__))
SKIP = 77
# Members of these lists depend on the machine and on what ran there before.
SHAPE_ONLY = re.compile(r"/(cluster/tasks|cluster/log|nodes/pve/tasks|nodes/pve/services|capabilities/qemu/(cpu|machines)|nodes/pve/network|"
                        r"rrddata|cluster/firewall/macros|agent/info)$")
# How the header was sent; the recordings show the token in its usual form.
HEADERS = {877: "PVEAPIToken {}", 878: "pveapitoken={}", 879: "Bearer {}"}


def load(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return json.load(f)


def load_steps():
    steps = {}
    for path in sorted(glob.glob(os.path.join(HERE, "steps*.json"))):
        for number, more in load(path).items():
            steps.setdefault(number, []).extend(more)
    return steps


def whole(e, body):
    """Long bodies were cut in the recordings; forms are there in full, the end of the others does not matter."""
    cut = "...TRUNCATED"
    if not body.endswith(cut):
        return body
    if "form" in e:
        return urllib.parse.urlencode([tuple(pair) for pair in e["form"]])
    body = body[:-len(cut)]
    if body.startswith("--"):
        return body + "\r\n" + body.split("\r\n", 1)[0] + "--\r\n"
    return body + body[-1] * 600000 + '"}'


def condensed(answer):
    """A task's log without the lines that tell how far a copy is: a slower machine writes more of them."""
    lines = answer.get("data")
    if not isinstance(lines, list) or len(lines) != answer.get("total"):
        return answer
    kept = [line for line in lines if not re.search(r"transferred .* in \d+s$", str(line.get("t")))]
    return dict(answer, data=[dict(line, n=i + 1) for i, line in enumerate(kept)], total=len(kept))


def known_list():
    out = {}
    with open(os.path.join(HERE, "known.txt"), encoding="utf-8") as f:
        for line in f:
            line = line.split("#")[0].strip()
            if line:
                numbers, reason = line.split(None, 1)
                first, _, last = numbers.partition("-")
                for n in range(int(first), int(last or first) + 1):
                    out[n] = reason
    return out


class Answer:
    def __init__(self, status, reason, headers, body):
        self.status, self.reason, self.headers, self.body = status, reason, headers, body

    def json(self):
        return json.loads(self.body) if self.body else None


class Server:
    """The simulated cluster, and raw HTTP to it: bodies, headers and reason phrases are exactly what is given."""

    def __init__(self, program, directory):
        self.process = subprocess.Popen([program, directory, "-1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        words = self.process.stdout.readline().split()
        if len(words) != 2:
            raise SystemExit("the simulated cluster did not start")
        url, self.token = words
        host, port = url.split("//")[1].split(":")
        self.address = (host, int(port))

    def close(self):
        self.process.stdin.close()
        return self.process.wait(timeout=60)

    def call(self, method, target, headers=(), body=None):
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.address[0]}:{self.address[1]}", "Connection: close"]
        lines += [f"{k}: {v}" for k, v in headers]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        elif method in ("POST", "PUT", "PATCH"):
            lines.append("Content-Length: 0")
        with socket.create_connection(self.address, timeout=60) as s:
            try:
                s.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b""))
            except (BrokenPipeError, ConnectionResetError):
                pass  # a body that is refused early; the answer is still there
            raw = b""
            try:
                while chunk := s.recv(1 << 16):
                    raw += chunk
            except ConnectionResetError:
                pass
        return self.parse(raw)

    @staticmethod
    def parse(raw):
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *rest = head.decode("utf-8", "replace").split("\r\n")
        parts = first.split(" ", 2)
        headers = {}
        for line in rest:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            body = Server.dechunk(body)
        if len(parts) < 2 or not parts[1].isdigit():
            return Answer(0, "no answer", {}, b"")
        return Answer(int(parts[1]), parts[2] if len(parts) > 2 else "", headers, body)

    @staticmethod
    def dechunk(body):
        out = b""
        while body:
            size, _, body = body.partition(b"\r\n")
            n = int(size or b"0", 16)
            if n == 0:
                break
            out += body[:n]
            body = body[n + 2:]
        return out

    def private(self, path, payload=None):
        answer = self.call("POST" if payload is not None else "GET", path, [("Authorization", "PVEAPIToken=" + self.token)],
                           json.dumps(payload).encode() if payload is not None else None)
        if answer.status != 200:
            raise SystemExit(f"{path} {payload}: {answer.status} {answer.reason} {answer.body[:300]}")
        return answer.json()["data"]

    def api(self, method, path, params=None):
        body = urllib.parse.urlencode(params, doseq=True).encode() if params else None
        headers = [("Authorization", "PVEAPIToken=" + self.token)]
        if body is not None:
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        return self.call(method, "/api2/json" + path, headers, body)


class Replay:
    def __init__(self, server, seed, steps):
        self.server = server
        self.steps = steps
        self.live = {}  # recorded text → what stands for it here
        self.secrets = {t["tokenid"]: t["secret"] for t in seed["tokens"]}
        self.cookie = self.csrf = None
        self.pid = None

    # ---- between the recorded exchanges ----

    def step(self, step):
        if "advance" in step or "until" in step:
            self.server.private("/sim/clock", {k: step[k] for k in ("advance", "until") if k in step})
        if "tamper" in step:
            self.server.private("/sim/tamper", step["tamper"])
        if "host" in step:
            done = self.server.private("/sim/host", {"argv": step["host"]})
            if done["exit"] != 0:
                print(f"a step failed: {step}: {done}")
        if "call" in step:
            method, path = step["call"].split(" ", 1)
            answer = self.server.api(method, self.translate(path), step.get("form"))
            if answer.status != 200 and not step.get("may_fail"):
                print(f"a step failed: {step}: {answer.status} {answer.reason}")
            data = answer.json()["data"] if answer.status == 200 else None
            if "learn" in step:  # a digest that was read between the recorded exchanges
                self.live[step["learn"]] = data["digest"]
            if isinstance(data, str) and data.startswith("UPID:"):
                self.server.private("/sim/clock", {"task": data})
            if path.endswith("/agent/exec") and data:
                self.pid = data["pid"]

    # ---- from a recording to a request ----

    def replace(self, text):
        for _, pattern, _to in VOLATILE:
            text = pattern.sub(lambda m: self.live.get(m.group(), m.group()), text)
        return text

    def translate(self, text):
        """Recorded identifiers become live ones, plain or percent-encoded."""
        if text is None:
            return None
        for old in re.findall(r"UPID(?::|%3[Aa])\S*?(?::|%3[Aa])(?=/|$)", text):
            plain = urllib.parse.unquote(old)
            if plain in self.live:
                text = text.replace(old, urllib.parse.quote(self.live[plain], safe="") if "%" in old else self.live[plain])
        return self.replace(text)

    def authorization(self, e, n):
        auth = e.get("auth")
        if auth is None:
            return []
        token, _, secret = auth.partition("=")[2].partition("=")
        full = f"{token}={self.secrets[token]}" if secret == "<secret>" else auth.partition("=")[2]
        return [("Authorization", HEADERS.get(n, "PVEAPIToken={}").format(full))]

    def ticket_headers(self, n):
        out = []
        if n in (35, 36, 37, 38) and self.cookie:
            out.append(("Cookie", "PVEAuthCookie=" + urllib.parse.quote(self.cookie, safe="")))
        if n == 38:
            out.append(("CSRFPreventionToken", self.csrf))
        return out

    def request(self, e, n):
        target = self.translate(e["path"])
        query = e.get("query")
        if query is not None:
            if "exec-status" in target and query != "pid=999999" and self.pid is not None:
                query = f"pid={self.pid}"
            target += "?" + self.translate(query)
        body = e.get("request_body_raw")
        if n == 36:  # a ticket is a password too
            body = urllib.parse.urlencode([("username", "test@pve"), ("password", self.cookie)])
        headers = self.authorization(e, n) + self.ticket_headers(n)
        if body is not None:
            headers.append(("Content-Type", e["request_content_type"]))
            body = self.translate(whole(e, body)).encode("latin-1")
        return e["method"], target, headers, body

    def wait_until(self, e):
        """The moment of a recorded task is known: this one begins at the same moment, or later."""
        m = re.match(r"UPID:\w+:\w+:\w+:([0-9A-F]{8}):", str((e.get("response") or {}).get("data")))
        if m:
            at = int(m.group(1), 16)
            if self.server.private("/sim/clock")["now"] < at:
                self.server.private("/sim/clock", {"until": at})

    # ---- from an answer to differences ----

    def compare(self, e, n, answer, c):
        if answer.status != e["status"]:
            c.say("status", f"{e['status']} {e['reason']} recorded, {answer.status} {answer.reason} here")
        else:
            c.text("reason", e["reason"], answer.reason)
        want = e.get("response_headers", {}).get("Content-Type")
        got = answer.headers.get("content-type")
        if want != got and answer.status == e["status"]:
            c.say("Content-Type", f"{want} recorded, {got} here")
        if "response_text" in e:
            c.text("body", e["response_text"], answer.body.decode("utf-8", "replace"))
        elif "response" in e:
            self.compare_json(e, answer, c)
        elif answer.body:
            c.say("body", f"none recorded, {answer.body[:80]} here")

    @staticmethod
    def compare_json(e, answer, c):
        try:
            got = answer.json()
        except ValueError:
            got = None
        want = dict(e["response"])
        if e["path"].endswith("/log") and isinstance(got, dict):
            want, got = condensed(want), condensed(got)
        if not isinstance(got, dict):
            c.say("body", f"{answer.body[:80]} is no JSON object")
        elif answer.status != e["status"]:
            c.say("body", str(got.get("errors") or got.get("message") or got.get("data"))[:200])
        elif SHAPE_ONLY.search(e["path"]) and isinstance(want.get("data"), (list, dict)):
            c.shape("data", want.pop("data"), got.pop("data", None))
            if "total" in want and "total" in got:
                want["total"] = got["total"]
            c.same("", want, got)
        else:
            c.same("", want, got)

    def outcome(self, e, answer, c):
        if "task" not in e or answer.status != 200:
            return
        upid = answer.json()["data"]
        if not isinstance(upid, str) or not upid.startswith("UPID:"):
            return
        self.server.private("/sim/clock", {"task": upid})
        status = self.server.api("GET", f"/nodes/pve/tasks/{urllib.parse.quote(upid, safe='')}/status").json()["data"]
        want, got = e["task"]["exitstatus"], status.get("exitstatus", status["status"])
        if want is not None:
            c.text("task", want, got)

    def remember(self, n, e, answer):
        if answer.status != 200 or not answer.body or "response" not in e:
            return
        data = answer.json().get("data")
        if n == 34:
            self.cookie, self.csrf = data["ticket"], data["CSRFPreventionToken"]
        if e["path"].endswith("/agent/exec") and isinstance(data, dict):
            self.pid = data.get("pid")

    def run(self, e, n):
        for step in self.steps.get(str(n), []):
            self.step(step)
        self.wait_until(e)
        c = Comparison(self.live)
        answer = self.server.call(*self.request(e, n))
        self.compare(e, n, answer, c)
        self.outcome(e, answer, c)
        self.remember(n, e, answer)
        return c.differences


def family(name):
    words = name.split("-")
    if words[0] == "fw":
        return "firewall"
    if words[0] == "qemu" or words[0] == "lxc":
        return words[0]
    return {"snap": "snapshot", "ha": "ha", "perm": "access", "access": "access", "ticket": "access", "pools": "pool", "tasks": "task", "err": "http",
            "query": "storage", "template": "clone", "import": "agent", "protection": "destroy", "unlock": "locked"}.get(words[0], words[0])


def main():
    exchanges = sorted(glob.glob(os.path.join(os.environ.get("PHX_TEST_SHARED", ""), "pve", "exchanges", "[0-9]*.json")))
    if not exchanges:
        print("SKIPPED: no recordings under PHX_TEST_SHARED")
        return SKIP
    verbose, keep = "-v" in sys.argv, "-k" in sys.argv
    until = int(sys.argv[sys.argv.index("-u") + 1]) if "-u" in sys.argv else 10 ** 9
    seed, known = load("seed.json"), known_list()
    directory = tempfile.mkdtemp(prefix="phx-contract-")
    shutil.copy(os.path.join(HERE, "seed.json"), os.path.join(directory, "cluster.json"))
    server = Server(os.environ["PHX_CONTRACT_SERVE"], directory)
    replay = Replay(server, seed, load_steps())
    agree, differ, out_of_scope, stale, families = 0, [], 0, [], collections.Counter()
    ended = None
    try:
        for path in exchanges:
            n = int(os.path.basename(path)[:3])
            if n > until:
                break
            with open(path, encoding="utf-8") as f:
                e = json.load(f)
            if n in known and known[n].startswith("not replayed"):
                differences = ["not replayed"]
            else:
                differences = replay.run(e, n)
            if not differences:
                agree += 1
                if n in known:
                    stale.append(n)
            elif n in known:
                out_of_scope += 1
            else:
                differ.append(n)
                families[family(e["name"])] += 1
                print(f"{n:03} {e['name']}: " + ("\n      ".join([""] + differences) if verbose else differences[0]
                                                 + (f" (+{len(differences) - 1})" if len(differences) > 1 else "")))
    finally:
        ended = server.close()
        if keep:
            print(directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    for name, count in families.most_common():
        print(f"  {count:4} {name}")
    if stale:
        print("in known.txt, but they agree:", *stale)
    print(f"{agree} agree, {len(differ)} differ, {out_of_scope} out of scope")
    if ended != 0:
        print(f"the simulated cluster ended with status {ended}")
    return 1 if differ or stale or ended != 0 else 0


if __name__ == "__main__":
    sys.exit(main())

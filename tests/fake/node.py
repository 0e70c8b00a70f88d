"""A Proxmox VE node as its command line shows it, in front of a simulated cluster. The programs beside this file (pvesh, qm, pct,
perl, ssh) are links to it. They behave as the recordings of real ones do, and complain about words that the real ones refuse.

node.json beside the link: {"url", "token", "log": FILE of all command lines, "missing": [nodes that nobody knows],
"etc": DIR in place of /etc/pve, "slow": [REGEX of a pvesh line, SECONDS], "breaks": [REGEX of one], at whose first
match ssh's connection breaks, "spans": FILE of when pvesh began and ended}."""
import base64
import hashlib
import http.client
import json
import os
import re
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(sys.argv[0]))
PASSWORD = "fake-node"

with open(os.path.join(HERE, "node.json"), encoding="utf-8") as f:
    NODE = json.load(f)


def log(words):
    with open(NODE["log"], "a", encoding="utf-8", errors="surrogateescape") as out:
        out.write(json.dumps(words) + "\n")


def refuse(text, status=255):
    sys.stderr.write(text + "\n")
    sys.exit(status)


def send(method, path, params=(), headers=None, body=None):
    """(status, document) of the simulated cluster."""
    headers, data = dict(headers or {}), body
    if body is None and params:
        form = urllib.parse.urlencode(params, quote_via=urllib.parse.quote)
        if method in ("GET", "DELETE"):
            path += "?" + form
        else:
            data = form.encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
    where = urllib.parse.urlsplit(NODE["url"])
    server = http.client.HTTPConnection(where.hostname, where.port, timeout=600)
    server.request(method, path, body=data, headers=headers)
    answer = server.getresponse()
    try:
        doc = json.loads(answer.read())
    except ValueError:
        doc = {}
    server.close()
    if answer.status != 200:
        doc.setdefault("message", answer.reason)
    return answer.status, doc


def token():
    return {"Authorization": "PVEAPIToken=" + NODE["token"]}


def root():
    """root@pam itself, as on a node: no token can do all of that."""
    cache = os.path.join(HERE, "ticket.json")
    try:
        with open(cache, encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError):
        pass
    send("PUT", "/api2/json/access/password", [("userid", "root@pam"), ("password", PASSWORD)], token())
    status, doc = send("POST", "/api2/json/access/ticket", [("username", "root@pam"), ("password", PASSWORD)])
    if status != 200:
        refuse(f"fake node: no ticket for root@pam: {status} {doc}")
    headers = {"Cookie": "PVEAuthCookie=" + urllib.parse.quote(doc["data"]["ticket"], safe=""),
               "CSRFPreventionToken": doc["data"]["CSRFPreventionToken"]}
    part = cache + f".{os.getpid()}"
    with open(part, "w", encoding="utf-8") as f:
        json.dump(headers, f)
    os.replace(part, cache)
    return headers


# ---- pvesh ----

METHODS = {"get": "GET", "create": "POST", "set": "PUT", "delete": "DELETE"}
USAGE = "pvesh {} <api_path> [OPTIONS] [FORMAT_OPTIONS]\n"


def options(verb, words):
    """Getopt::Long as PVE::JSONSchema uses it: an option takes the next word, whatever it is."""
    out, i = [], 0
    while i < len(words):
        if not re.match(r"^--?[a-zA-Z]", words[i]):
            refuse("400 too many arguments\n" + USAGE.format(verb))
        if i + 1 == len(words):
            refuse(f"Option {words[i].lstrip('-')} requires an argument\n400 unable to parse option\n" + USAGE.format(verb))
        out.append((words[i].lstrip("-"), words[i + 1]))
        i += 2
    return out


def digests():
    try:
        with open(os.path.join(HERE, "digests.json"), encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError):
        return {}


def upload(path, params, params_file):
    with open(params_file, "rb") as f:
        content = f.read()
    line = b"fake-node-boundary"
    name = dict(params)["filename"]
    body = b""
    for key, value in params:
        if key != "filename":
            body += b"--" + line + f'\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
    body += (b"--" + line + f'\r\nContent-Disposition: form-data; name="filename"; filename="{name}"\r\n'.encode() +
             b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n--" + line + b"--\r\n")
    headers = dict(root(), **{"Content-Type": "multipart/form-data; boundary=" + line.decode()})
    status, doc = send("POST", "/api2/json" + path, headers=headers, body=body)
    os.unlink(params_file)
    return status, doc


def finish_task(upid):
    """In the foreground: what the task prints, until it has ended."""
    node = upid.split(":")[1]
    path = f"/api2/json/nodes/{node}/tasks/{urllib.parse.quote(upid, safe='')}"
    while send("GET", path + "/status", headers=root())[1]["data"]["status"] == "running":
        time.sleep(0.05)
    for line in send("GET", path + "/log", [("limit", "500")], root())[1].get("data") or []:
        text = line["t"]
        if text.startswith("TASK "):
            if not text.startswith("TASK OK"):
                sys.stderr.write(text.split(": ", 1)[-1] + "\n")
        elif text != "no content":
            sys.stdout.write(text + "\n")


def pvesh(words):
    if len(words) < 2 or words[0] not in METHODS:
        refuse("ERROR: no command specified\nUSAGE: pvesh <COMMAND> [ARGS] [OPTIONS]\n")
    verb, path = words[0], words[1]
    params = options(verb, words[2:])
    if ("output-format", "json") not in params:
        refuse("fake node: pvesh without --output-format json", 99)
    params = [(k, digests().get(v, v) if k == "digest" else v) for k, v in params if k != "output-format"]
    files = [v for k, v in params if k == "tmpfilename"]
    path = urllib.parse.quote(path, safe="/:@,~")
    if files:
        if not re.match(r"^/var/tmp/pveupload-[0-9a-f]+$", files[0]):
            refuse("400 Parameter verification failed.\ntmpfilename: value does not match the regex pattern\n" + USAGE.format(verb))
        status, doc = upload(path, [p for p in params if p[0] != "tmpfilename"], files[0])
    else:
        status, doc = send(METHODS[verb], "/api2/json" + path, params, root())
    if status == 501:
        refuse(f"No '{verb}' handler defined for '{words[1]}'", 1)
    if status == 400 and doc.get("errors"):
        unknown = [k for k, v in doc["errors"].items() if "not defined in schema" in v and "." not in k and v.startswith("property")]
        if unknown:
            refuse("".join(f"Unknown option: {k}\n" for k in unknown) + "400 unable to parse option\n" + USAGE.format(verb))
        refuse("400 Parameter verification failed.\n" + "".join(f"{k}: {v}\n" for k, v in sorted(doc["errors"].items())) +
               USAGE.format(verb))
    if status != 200:
        text = doc["message"].rstrip("\n")
        refuse(text if status >= 500 else f"{status} {text}", 2 if text.startswith("Configuration file") else 255)
    data = doc.get("data")
    if METHODS[verb] != "GET" and isinstance(data, str) and data.startswith("UPID:"):
        finish_task(data)
    if data is not None:
        print(json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


# ---- the rest ----

def tool(words):
    """qm, pct, a script for the node: by the simulated node's shell."""
    body = {"argv": words, "input": base64.b64encode(b"" if sys.stdin is None else sys.stdin.buffer.read()).decode()}
    status, doc = send("POST", "/sim/host", headers=dict(token(), **{"Content-Type": "application/json"}),
                       body=json.dumps(body).encode())
    if status != 200:
        refuse(f"fake node: {status} {doc}", 99)
    end = doc.get("data", doc)
    for name, to in (("stdout", sys.stdout), ("stderr", sys.stderr)):
        to.flush()
        to.buffer.write(base64.b64decode(end[name + "_base64"]) if name + "_base64" in end else end.get(name, "").encode())
    sys.exit(end["exit"])


def conf_text(kind, config, pending):
    """As PVE::QemuServer::write_vm_config and PVE::LXC::Config::write_pct_config do."""
    vm = kind == "qemu"
    live = {p["key"]: p["value"] for p in pending if "value" in p}
    wait = {p["key"]: p["pending"] for p in pending if "pending" in p}
    gone = [("!" if p["delete"] == 2 else "") + p["key"] for p in pending if p.get("delete")]
    out = ""

    def section(values):
        text = "".join("#" + urllib.parse.quote(line, safe=" !\"$&'()*+,-./:;<=>?@[]^_`{|}~") + "\n"
                       for line in values.get("description", "").split("\n")[:None if vm else -1])
        return text + "".join(f"{k}: {v}\n" for k, v in sorted(values.items()) if k not in ("description", "digest", "lxc"))

    out += section(live)
    for key, value in config.get("lxc") or []:
        out += f"{key}: {value}\n"
    if wait or gone:
        out += "\n[PENDING]\n" if vm else "\n[pve:pending]\n"
        if gone:
            out += "delete: " + ",".join(sorted(gone)) + "\n"
        out += section(wait)
    return out


def etc_pve():
    files, known = [], digests()
    for g in send("GET", "/api2/json/cluster/resources", [("type", "vm")], root())[1]["data"]:
        base = f"/api2/json/nodes/{g['node']}/{g['type']}/{g['vmid']}/"
        status, config = send("GET", base + "config", headers=root())
        if status != 200:
            continue
        pending = send("GET", base + "pending", headers=root())[1]["data"]
        text = conf_text(g["type"], config["data"], pending)
        known[hashlib.sha1(text.encode()).hexdigest()] = config["data"]["digest"]
        files.append((f"{g['node']}/{'qemu-server' if g['type'] == 'qemu' else 'lxc'}/{g['vmid']}.conf", text.encode()))
    part = os.path.join(HERE, f"digests.json.{os.getpid()}")
    with open(part, "w", encoding="utf-8") as f:
        json.dump(known, f)
    os.replace(part, os.path.join(HERE, "digests.json"))
    for name, text in files:
        sys.stdout.buffer.write(f"{name} {len(text)}\n".encode() + text)
    sys.stdout.buffer.write(f"end {len(files)}\n".encode())


def perl(words):
    if words[0] != "-e":
        refuse("fake node: perl without -e", 99)
    program = words[1]
    if program.startswith("# phx-pvesh"):
        count, *rest = sys.stdin.buffer.read().split(b"\0")
        if rest.pop() != b"" or int(count) != len(rest):
            refuse("phx: standard input was cut off")
        pvesh([w.decode() for w in rest])
    elif program.startswith("# phx-etc-pve"):
        etc_pve()
    elif program == "eval $ARGV[0]; die $@ if $@":
        # The nodes of the simulated cluster are all this machine; the rest is real.
        code, mode, node, *rest = words[2:]
        if node in NODE.get("missing", []):
            refuse(f"phx: no address of node {node} on fake")
        if rest[:2] == ["/bin/sh", "-s"]:
            # A script for the node's own files: those of the simulated one.
            rest = [os.path.join(HERE, "hostsh"), *rest]
        if "etc" in NODE:
            os.execv("/usr/bin/perl", ["perl", "-e", program, code.replace("/etc/pve", NODE["etc"]), mode, node, *rest])
        os.execv("/usr/bin/perl", ["perl", "-e", program, code, mode, "", *rest])
    else:
        os.execv("/usr/bin/perl", ["perl", *words])


def hop(given, host, command):
    """From a node to another, as PVE::SSHInfo does it."""
    alias = next(w for w in given if w.startswith("HostKeyAlias="))[len("HostKeyAlias="):]
    keys = f"UserKnownHostsFile={NODE['etc']}/nodes/{alias}/ssh_known_hosts"
    if keys not in given or "GlobalKnownHostsFile=none" not in given or "BatchMode=yes" not in given:
        refuse(f"fake node: no way to {alias}: {given}")
    with open(os.path.join(NODE["etc"], ".members"), encoding="utf-8") as f:
        if host != "root@" + json.load(f)["nodelist"][alias]["ip"]:
            refuse(f"fake node: {host} is not {alias}")
    os.execv("/bin/sh", ["sh", "-c", command])


def ssh(words):
    if "-O" in words:
        sys.exit(0)
    at = words.index("--")
    given = words[:at]
    if any(w.startswith("HostKeyAlias=") for w in given):
        hop(given, *words[at + 1:])
    for need in ("BatchMode=yes", "ControlMaster=auto"):
        if need not in given:
            refuse(f"fake node: ssh without {need}", 255)
    path = next(w for w in given if w.startswith("ControlPath="))[len("ControlPath="):]
    if os.stat(os.path.dirname(path)).st_mode & 0o777 != 0o700:
        refuse("fake node: ssh's socket is in a directory that others may enter", 255)
    if any("StrictHostKeyChecking" in w or "UserKnownHostsFile" in w for w in given):
        refuse("fake node: known_hosts is not respected", 255)
    if len(words) != at + 3:
        refuse("fake node: ssh takes a host and one command", 255)
    os.execv("/bin/sh", ["sh", "-c", words[at + 2]])


def span(words, what):
    if "spans" in NODE:
        with open(NODE["spans"], "a", encoding="utf-8") as out:
            out.write(json.dumps([what, words[0], words[1]]) + "\n")


def main():
    name, words = os.path.basename(sys.argv[0]), sys.argv[1:]
    log([name, *words])
    if name == "pvesh":
        span(words, "begins")
        slow, seconds = NODE.get("slow", ["(?!)", 0])
        if re.search(slow, " ".join(words)):
            time.sleep(seconds)
        for i, at in enumerate(NODE.get("breaks", [])):
            once = os.path.join(HERE, f"broke{i}")
            if re.search(at, " ".join(words)) and not os.path.exists(once):
                open(once, "w", encoding="utf-8").close()
                os.kill(os.getsid(0), 9)
        pvesh(words)
        span(words, "ends")
    elif name == "perl":
        perl(words)
    elif name == "ssh":
        ssh(words)
    elif name == "hostsh":
        tool(words)
    elif name in ("qm", "pct"):
        tool([name, *words])
    else:
        refuse(f"fake node: no program {name}", 127)


if __name__ == "__main__":
    main()

"""The scripts that run as root on a node (etc/host), each for real on a simulated node: twice, where the second run changes nothing;
and with what can go wrong: each ends with a clear error, and leaves what was there as it was."""
import base64
import hashlib
import json
import os
import urllib.request

from phxtest import Lab, check, same, skip

CONF = """#notes
arch: amd64
hostname: a
lxc.cap.drop: mac_admin
lxc.apparmor.profile = unconfined
memory: 512

[pve:pending]
memory: 1024

[before]
arch: amd64
lxc.tty.max: 1
"""


class Node:
    def __init__(self, lab):
        self.lab = lab

    def sh(self, text, *args):
        info = self.lab.info()
        body = json.dumps({"argv": ["/bin/sh", "-s", "--", *args], "input": base64.b64encode(text.encode()).decode()}).encode()
        req = urllib.request.Request(info["url"] + "/sim/host", data=body,
                                     headers={"Authorization": "PVEAPIToken=" + info["token"], "Content-Type": "application/json"})
        with urllib.request.urlopen(req, timeout=60) as r:
            out = json.load(r)["data"]
        return out["exit"], out["stdout"], out["stderr"]

    def run(self, script, data, *args, before="", after="", times=1):
        """The script as phx sends it, between commands of the test; `times` in one shell, a second apart."""
        with open(os.path.join(os.environ["PHX_ETC"], "host", script + ".sh"), encoding="utf-8") as f:
            text = f.read()
        calls = "sleep 1.1\n".join([f'(phx_main "$@") <<\'PHX_DATA\' || exit\n{data}PHX_DATA\nls -lR --time-style=full-iso $watched | sha256sum\n'] * times)
        return self.sh(text + "\nwatched=\n" + before + "\n" + calls + after, *args)

    def twice(self, script, data, *args, watched, before="", after=""):
        status, out, err = self.run(script, data, *args, before=before + f"\nwatched='{watched}'", after=after, times=2)
        same((status, err), (0, ""), f"{script} {' '.join(args)}: {out}")
        sums = [line for line in out.splitlines() if line.endswith("  -")]
        check(len(sums) == 2 and sums[0] == sums[1], f"the second run of {script} changed something:\n{out}")
        return out

    def fails(self, why, script, data, *args, before="", after=""):
        status, out, err = self.run(script, data, *args, before=before)
        check(status != 0 and why in err, f"{script} {' '.join(args)}: exit {status}, expected `{why}`:\n{out}\n{err}")


def coded(text):
    return base64.encodebytes(text.encode()).decode()


def snippets(node):
    text = "#cloud-config\nä: 'it''s'\n" + "x" * 5000
    sum_ = hashlib.sha256(text.encode()).hexdigest()
    where = "/var/lib/vz/snippets"
    out = node.twice("snippet", coded(text), "write", "local:snippets/a.yaml", sum_, watched=where,
                     after=f"sha256sum {where}/a.yaml; stat -c %a {where}/a.yaml; ls -A {where}")
    check(sum_ in out and "\n600\na.yaml\n" in out and "is there already" in out, out)
    node.twice("snippet", sum_ + "\n" + coded(text), "write", "local:snippets/b.yaml", "-", watched=where)
    node.fails("storage does not tell where", "snippet", coded(text), "write", "nowhere:snippets/a.yaml", sum_)
    node.fails("arrived damaged", "snippet", coded(text), "write", "local:snippets/c.yaml", "0" * 64)
    node.fails("cannot be written to", "snippet", coded(text), "write", "local:snippets/c.yaml", sum_,
               before=f"mount -t tmpfs -o ro none {where}")
    node.fails("is the storage full?", "snippet", coded(text * 20), "write", "local:snippets/c.yaml", sum_,
               before=f"mount -t tmpfs -o size=8k none {where}")
    node.fails("base64: not found", "snippet", coded(text), "write", "local:snippets/c.yaml", sum_, before="base64() { "
               "echo 'base64: not found' >&2; return 127; }")
    same(node.sh(f"ls -A {where}")[1], "a.yaml\nb.yaml\n", "what failures left behind")
    node.sh(f"cd {where} && touch lab-1-user-1.yaml lab-1-user-2.yaml lab-10-user-1.yaml lab-1-x other-lab-1-user.yaml")
    node.twice("snippet", "", "clean", "local", "lab-1-", "lab-1-user-2.yaml", watched=where)
    same(node.sh(f"ls -A {where}")[1], "a.yaml\nb.yaml\nlab-1-user-2.yaml\nlab-1-x\nlab-10-user-1.yaml\nother-lab-1-user.yaml\n",
         "only the guest's own go")


def raw_lines(node):
    put = f"cat >/etc/pve/lxc/7.conf <<'CONF'\n{CONF}CONF\n"
    show = "cat /etc/pve/lxc/7.conf; ls -A /etc/pve/lxc"
    digest = hashlib.sha1(CONF.encode()).hexdigest()
    data = "-lxc.cap.drop: mac_admin\n+lxc.apparmor.profile: unconfined\n+lxc.tty.max: 4\n+lxc.mount.entry: /a\\b 'c' \"d\" $e none\n"
    out = node.twice("lxc", data, "7", "-", before=put, watched="/etc/pve/lxc", after=show)
    live, _, rest = out[out.index("#notes"):].partition("\n\n[pve:pending]\n")
    same(live, "#notes\narch: amd64\nhostname: a\nlxc.apparmor.profile = unconfined\nmemory: 512\nlxc.tty.max: 4\n"
               "lxc.mount.entry: /a\\b 'c' \"d\" $e none", "the live section")
    same(rest, "memory: 1024\n\n[before]\narch: amd64\nlxc.tty.max: 1\n7.conf\n", "what follows it, and nothing is left over")
    out = node.run("lxc", "=lxc.apparmor.profile\n+lxc.apparmor.profile: generated\n", "7", digest, before=put, after=show)[1]
    check("lxc.apparmor.profile: generated\n" in out and "unconfined" not in out, out)
    out = node.run("lxc", "+lxc.tty.max: 4\n", "7", "-", before="printf 'memory: 1' >/etc/pve/lxc/7.conf", after=show)[1]
    check(out.endswith("memory: 1\nlxc.tty.max: 4\n7.conf\n"), out)
    out = node.twice("lxc", "+lxc.idmap: u 0 100000 65536\n+lxc.idmap: g 5 5 1\n", "7", "-", watched="/etc/pve/lxc /etc/subuid /etc/subgid",
                     before=put + "printf 'root:100000:65536' >/etc/subuid", after="cat /etc/subuid /etc/subgid")
    check(out.endswith("root:100000:65536root:5:1\n"), out)
    same_still = f"sha1sum /etc/pve/lxc/7.conf | grep -q {digest} || echo CHANGED >&2"
    for why, args, before in (("has changed since the plan was made", ("7", "0" * 40), put), ("is not on this node", ("8", "-"), put),
                              ("is locked (backup)", ("7", "-"), put + "sed -i '1alock: backup' /etc/pve/lxc/7.conf"),
                              ("is the cluster quorate?", ("7", "-"), put + "mount --bind -o ro /etc/pve /etc/pve; mount -o remount,ro,bind /etc/pve"),
                              ("awk: gone", ("7", "-"), put + "awk() { echo 'awk: gone' >&2; return 127; }")):
        status, out, err = node.run("lxc", "+lxc.tty.max: 4\n", *args, before=before + f"\ntrap '{same_still}' EXIT")
        check(status != 0 and why in err, f"{why}: exit {status}\n{out}\n{err}")
        check("CHANGED" not in err or "backup" in why, f"{why}: the file was changed\n{err}")


def directories(node):
    out = node.twice("directory", "100033 100033 0750 /tank/a b\n- - - /tank/deep/er\n", "100000", "100000", watched="/tank",
                     after="stat -c '%u:%g %a %n' '/tank/a b' /tank/deep /tank/deep/er")
    check(out.endswith("100033:100033 750 /tank/a b\n0:0 755 /tank/deep\n100000:100000 755 /tank/deep/er\n"), out)
    node.sh("touch /tank/file; mkdir /tank/own; chown 5:6 /tank/own; chmod 0700 /tank/own; touch /tank/own/f; chmod 600 /tank/own/f")
    node.twice("directory", "- - - /tank/own\n", "100000", "100000", watched="/tank")
    node.twice("directory", "7 - - /tank/own\n", "100000", "100000", watched="/tank")
    same(node.sh("stat -c '%u:%g %a' /tank/own /tank/own/f")[1], "7:6 700\n0:0 600\n", "only what is said, and nothing inside")
    node.fails("/tank/file is no directory", "directory", "- - - /tank/file\n", "0", "0")
    for path in ("/", "/tank/../etc", "tank", "/tank//x"):
        node.fails("is no path to make a directory at", "directory", f"0 0 0700 {path}\n", "0", "0")
    node.fails("cannot be made", "directory", "- - - /ro/x\n", "0", "0", before="mkdir -p /ro && mount -t tmpfs -o ro none /ro")


def main():
    if os.geteuid() != 0:
        skip("owners can be given away by root only")
    with Lab() as lab:
        lab.serve()
        node = Node(lab)
        if node.sh("echo yes")[1] != "yes\n":
            skip("this process may not make namespaces, so that scripts do not run on the simulated node")
        snippets(node)
        raw_lines(node)
        directories(node)


main()

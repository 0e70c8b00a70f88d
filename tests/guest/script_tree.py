"""A guest's file tree for phx's own scripts: this machine's programs, and everything else its own. Standard library only."""
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile

SOURCE = os.path.abspath(os.environ["PHX_SOURCE"])
SCRIPTS = os.path.join(SOURCE, "etc", "guest")
SH = os.environ.get("PHX_TEST_SH", "/bin/sh")


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


def check(condition, text):
    if not condition:
        fail(text)


def same(got, want, what):
    if got != want:
        fail(f"{what}:\n  got      {got!r}\n  expected {want!r}")


class Tree:
    """A root directory in which scripts run chrooted, in a mount namespace of their own, as root or as who is root there."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix="phx-tree-")
        for d in ("etc/ssh", "var/lib/phx/run/x/w", "var/log/phx", "root", "tmp", "var/tmp", "run", "proc", "mnt", "usr", "dev",
                  "home", "srv", "local/bin", "etc/systemd/system"):
            os.makedirs(self.path(d))
        for name in ("bin", "sbin", "lib", "lib64"):
            if os.path.islink("/" + name):
                os.symlink("usr/" + name, self.path(name))
        shutil.copytree("/etc/alternatives", self.path("etc/alternatives"), symlinks=True)
        self.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nphx:x:1000:1000::/home:/bin/sh\n")
        self.write("etc/group", "root:x:0:\nadm:x:4:\nphx:x:1000:\n")
        self.write("etc/shadow", "root:*:19000:0:99999:7:::\n", 0o640)
        self.write("etc/fstab", "# static file system information\nUUID=1 / ext4 defaults 0 1\n")
        self.write("proc/mounts", "/dev/vda1 / ext4 rw 0 0\n")
        self.tool("apt-get", "echo no network >&2; exit 100")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.root, name.lstrip("/"))

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(path, mode)

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read().decode()

    def tool(self, name, script):
        """A program that comes before the machine's own."""
        self.write("local/bin/" + name, "#!/bin/sh\n" + script + "\n", 0o755)

    def run(self, script, files=None, status=0, read_only=False, **env):
        """Runs etc/guest/SCRIPT (or a text of lines) as a step, in an empty directory with these files. Returns what it printed, both outputs."""
        work = self.path("var/lib/phx/run/x/w")
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        for name, content in (files or {}).items():
            self.write("var/lib/phx/run/x/w/" + name, content, 0o600)
        if "\n" in script:
            self.write("var/lib/phx/run/x/w/script", script)
        else:
            shutil.copy(os.path.join(SCRIPTS, script), os.path.join(work, "script"))
        inside = ('mount --bind /usr "$1/usr" && mount --bind "$1/local" "$1/usr/local" && mount -o bind /dev/null "$1/dev/null" && '
                  + ('mount --bind "$1/mnt" "$1/mnt" && mount -o remount,bind,ro "$1/mnt" && ' if read_only else "")
                  + 'exec chroot "$1" /bin/sh -c "cd /var/lib/phx/run/x/w && exec ' + SH + ' ./script"')
        open(self.path("dev/null"), "a").close()
        mine = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "PHX_GUEST_KIND": "container"}
        done = subprocess.run(["unshare", "-m", *([] if os.geteuid() == 0 else ["-r"]), "/bin/sh", "-c", inside, "sh", self.root],
                              env={**mine, **env}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        out = done.stdout + done.stderr
        if done.returncode != status:
            fail(f"{script} {env}: exit {done.returncode}, expected {status}\n{out}")
        return out

    def state(self):
        """Every file below the root: type, mode, owner, time of change, content."""
        all_ = {}
        for top, dirs, files in os.walk(self.root):
            for name in dirs + files:
                path = os.path.join(top, name)
                st = os.lstat(path)
                what = (stat.S_IFMT(st.st_mode), stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid)
                if stat.S_ISREG(st.st_mode):
                    with open(path, "rb") as f:
                        what += (st.st_mtime_ns, hashlib.sha256(f.read()).hexdigest())
                elif stat.S_ISLNK(st.st_mode):
                    what += (os.readlink(path),)
                all_[os.path.relpath(path, self.root)] = what
        return {k: v for k, v in all_.items() if not k.startswith("var/lib/phx/run")}

    def twice(self, script, **how):
        """Runs it twice: the second time nothing may change, not even a time."""
        out = self.run(script, **how)
        before = self.state()
        again = self.run(script, **how)
        after = self.state()
        changed = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
        same(changed, [], f"files that a second run of {script} changed (it printed {again!r})")
        return out


def usable():
    """Can this machine do it? A mount namespace is needed."""
    probe = subprocess.run(["unshare", "-m", *([] if os.geteuid() == 0 else ["-r"]), "true"], capture_output=True)
    return probe.returncode == 0

"""A real Debian system to run guest-side scripts in: debootstrap's smallest, made once a machine and suite and kept under build/;
each test works on an overlay of its own. Root only. The test runs in mount, pid and network namespaces of its own."""
import fcntl
import functools
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile

SOURCE = os.path.abspath(os.environ["PHX_SOURCE"])
CACHE = os.path.join(SOURCE, "build", "guest-trees")
# What a minimal server image has beyond minbase, as far as the features' scripts look at it.
PACKAGES = ["ca-certificates", "curl", "gpg", "jq", "python3-venv", "systemd", "kmod", "xz-utils", "tzdata", "locales"]
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SKIPPED = 77


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def fail(text):
    raise AssertionError(text)


def enter_namespaces(network):
    """Runs this program again inside its own namespaces; comes back only there. Without `network` there is the loopback only."""
    if os.environ.get("PHX_GUEST_INSIDE"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=False)
        return
    if os.geteuid() != 0:
        skip("a tree can be made and entered by root only")
    for tool in ("debootstrap", "unshare", "dpkg-deb", "gpg"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    words = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"] + ([] if network else ["--net"])
    if subprocess.run(words + ["true"], capture_output=True).returncode:
        skip("this process may make no namespaces")
    base()  # needs the network
    os.execvpe(words[0], words + [sys.executable, "-B", *sys.argv], dict(os.environ, PHX_GUEST_INSIDE="1"))


def machines_suite():
    """The machine's own; PHX_GUEST_SUITE asks for another of Debian's."""
    release = {}
    with open("/etc/os-release", encoding="utf-8") as f:
        for line in f:
            key, _, value = line.strip().partition("=")
            release[key] = value.strip('"')
    if release.get("ID") != "debian":
        skip(f"the tree is made like the machine's own system, and that is {release.get('ID')}, not Debian")
    return os.environ.get("PHX_GUEST_SUITE") or release["VERSION_CODENAME"]


def machines_mirror(suite):
    """As apt knows it."""
    out = subprocess.run(["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"],
                         capture_output=True, text=True).stdout
    mirrors = [line.split()[1] for line in out.splitlines() if line.startswith(suite + " ")]
    return mirrors[0] if mirrors else "http://deb.debian.org/debian"


@functools.lru_cache(maxsize=None)
def base():
    """The directory of the clean tree; made when it is not there."""
    suite = machines_suite()
    key = hashlib.sha256(" ".join(PACKAGES).encode()).hexdigest()[:8]
    root = os.path.join(CACHE, f"{suite}-{key}")
    os.makedirs(CACHE, exist_ok=True)
    with open(os.path.join(CACHE, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.isdir(root):
            return root
        new = root + ".new"
        shutil.rmtree(new, ignore_errors=True)
        print(f"making a tree of {suite} in {root}", flush=True)
        done = subprocess.run(["debootstrap", "--variant=minbase", "--include=" + ",".join(PACKAGES), suite, new,
                               machines_mirror(suite)],
                              capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(new, ignore_errors=True)
            skip(f"debootstrap cannot make a tree: is the package mirror reachable?\n{done.stdout[-800:]}{done.stderr[-400:]}")
        shutil.rmtree(os.path.join(new, "var/cache/apt/archives"), ignore_errors=True)
        os.makedirs(os.path.join(new, "var/cache/apt/archives/partial"))
        os.rename(new, root)
    return root


def mount(*args):
    subprocess.run(["mount", *args], check=True)


class Tree:
    """One overlay over the clean tree, and commands in it. With `size` its changes may take no more than that (a tmpfs)."""

    def __init__(self, mirror=None, size=None, network=False):
        self.dir = tempfile.mkdtemp(prefix="phx-guest-")
        self.upper, self.root = os.path.join(self.dir, "rw", "upper"), os.path.join(self.dir, "root")
        os.makedirs(os.path.join(self.dir, "rw"))
        mount("-t", "tmpfs", "-o", f"size={size or '50%'}", "tmpfs", os.path.join(self.dir, "rw"))
        work = os.path.join(self.dir, "rw", "work")
        for path in (self.upper, work, self.root):
            os.makedirs(path)
        mount("-t", "overlay", "-o", f"lowerdir={base()},upperdir={self.upper},workdir={work}", "overlay", self.root)
        mount("-t", "proc", "proc", self.path("/proc"))
        mount("-t", "sysfs", "-o", "ro", "sysfs", self.path("/sys"))
        mount("-t", "tmpfs", "tmpfs", self.path("/run"))
        if mirror:
            os.makedirs(self.path("/srv/mirror"))
            mount("--bind", mirror.dir, self.path("/srv/mirror"))
            self.write("/etc/apt/sources.list", "deb [trusted=yes] file:/srv/mirror/debian ./\n")
        if network:
            self.use_machines_apt()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        subprocess.run(["umount", "-R", "-l", self.root], check=False)
        subprocess.run(["umount", "-l", os.path.join(self.dir, "rw")], check=False)
        shutil.rmtree(self.dir, ignore_errors=True)

    def use_machines_apt(self):
        for name in ("sources.list", "sources.list.d", "apt.conf", "apt.conf.d", "trusted.gpg.d", "keyrings", "auth.conf.d"):
            source, target = os.path.join("/etc/apt", name), self.path(os.path.join("/etc/apt", name))
            if os.path.isdir(source):
                shutil.copytree(source, target, dirs_exist_ok=True)
            elif os.path.exists(source):
                shutil.copy(source, target)
        for path in ("/etc/resolv.conf", "/etc/hosts"):
            if os.path.exists(path):
                shutil.copy(path, self.path(path))

    def path(self, inside):
        return self.root + inside

    def write(self, inside, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(inside)), exist_ok=True)
        with open(self.path(inside), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(self.path(inside), mode)

    def read(self, inside):
        with open(self.path(inside), encoding="utf-8") as f:
            return f.read()

    def exists(self, inside):
        return os.path.lexists(self.path(inside))

    def mode(self, inside):
        return oct(stat.S_IMODE(os.lstat(self.path(inside)).st_mode))[2:]

    def owner(self, inside):
        return self.run("stat", "-c", "%U:%G", inside).strip()

    def call(self, *argv, env=None, input="", timeout=300):
        """A command in the tree. Returns (exit code, what it said)."""
        done = subprocess.run(["chroot", self.root, *argv], input=input, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=timeout, env=dict({"PATH": PATH, "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}, **(env or {})))
        return done.returncode, done.stdout

    def run(self, *argv, **more):
        """The same for one that must go well. Returns what it said."""
        code, said = self.call(*argv, **more)
        if code:
            fail(f"{' '.join(argv)[:200]}: exit {code}\n{said}")
        return said

    def read_only(self, on=True):
        mount("-o", "remount,ro" if on else "remount,rw", self.root)

    def snapshot(self):
        """Everything that was ever changed: path → time, size, mode, owner, content."""
        out = {}
        for directory, names, files in os.walk(self.upper):
            for name in names + files:
                path = os.path.join(directory, name)
                inside, st = path[len(self.upper):], os.lstat(path)
                what = ""
                if stat.S_ISLNK(st.st_mode):
                    what = os.readlink(path)
                elif stat.S_ISREG(st.st_mode):
                    with open(path, "rb") as f:
                        what = hashlib.sha256(f.read()).hexdigest()
                time = 0 if stat.S_ISDIR(st.st_mode) else st.st_mtime_ns
                out[inside] = (time, stat.S_ISDIR(st.st_mode) or st.st_size, st.st_mode, st.st_uid, st.st_gid, what)
        return out

    def usable(self):
        """Nothing half done: packages are whole, and commands run."""
        if self.run("dpkg", "--audit"):
            fail("packages were left half installed")
        self.run("apt-get", "check", "-q")
        left = [p for p in self.snapshot() if ".phx-new" in p or p.startswith("/var/tmp/phx.")]
        if left:
            fail(f"left behind: {left}")

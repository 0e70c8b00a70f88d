"""phx's own scripts inside guests, run for real, each twice: the second run changes no file. And what goes wrong is said."""
import io
import tarfile

from script_tree import *

if not usable():
    print("SKIPPED: no mount namespaces here")
    sys.exit(77)


def mode(tree, name):
    return stat.S_IMODE(os.lstat(tree.path(name)).st_mode)


def file(tree, path, content, kind="file", mode="0644", owner="", group="", twice=True, **how):
    env = dict(PHX_FILE_PATH=path, PHX_FILE_KIND=kind, PHX_FILE_MODE=mode, PHX_FILE_OWNER=owner, PHX_FILE_GROUP=group)
    return (tree.twice if twice else tree.run)("file.sh", files={"content": content}, **env, **how)


def archive(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, (type_, mode_, content) in files.items():
            info = tarfile.TarInfo(name)
            info.type, info.mode = type_, mode_
            if type_ == tarfile.REGTYPE:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
            else:
                info.linkname = content or ""
                tar.addfile(info)
    return out.getvalue()


with Tree() as t:  # files
    out = file(t, "/srv/a b/deep/it's \"x\"", b"\x00\xff bytes", mode="0640", owner="phx" if os.geteuid() == 0 else "")
    check("written" in out, "a new file is told: " + out)
    same(mode(t, "/srv/a b/deep/it's \"x\""), 0o640, "mode of a new file")
    file(t, "/etc/motd", "one\n")
    file(t, "/etc/motd", "two\n", mode="0600")
    same((t.read("etc/motd"), mode(t, "etc/motd")), ("two\n", 0o600), "a file that is different is overwritten")
    os.chmod(t.path("etc/motd"), 0o777)
    file(t, "/etc/motd", "two\n", mode="0600")
    same(mode(t, "etc/motd"), 0o600, "a mode that was changed by hand is set again")
    os.symlink("/etc/passwd", t.path("etc/link"))
    file(t, "/etc/link", "mine\n")
    check(not os.path.islink(t.path("etc/link")) and "phx" in t.read("etc/passwd"), "a link is replaced, not followed")
    file(t, "/srv/empty", b"")
    same(t.read("srv/empty"), "", "a file of 0 bytes")
    out = file(t, "/srv/a b", "x", twice=False, status=1)
    check("is a directory, and shall be a file" in out, "a directory in the way is said: " + out)
    out = file(t, "/mnt/x", "x", twice=False, status=1, read_only=True)
    check("Read-only file system" in out and "phx: " in out, "a read-only file system is said: " + out)
    same([f for f in os.listdir(t.path("srv")) if "phx-new" in f], [], "nothing half-written stays")

with Tree() as t:  # trees
    content = {"conf/": (tarfile.DIRTYPE, 0o750, None), "conf/a": (tarfile.REGTYPE, 0o600, b"a"),
               "conf/sub/": (tarfile.DIRTYPE, 0o755, None), "conf/sub/run.sh": (tarfile.REGTYPE, 0o755, b"#!/bin/sh\n"),
               "conf/now": (tarfile.SYMTYPE, 0o777, "sub/run.sh")}
    file(t, "/srv/app", archive(content), kind="tree", mode="")
    same([mode(t, "srv/app/conf"), mode(t, "srv/app/conf/a"), mode(t, "srv/app/conf/sub/run.sh")], [0o750, 0o600, 0o755],
         "modes of a tree")
    same(os.readlink(t.path("srv/app/conf/now")), "sub/run.sh", "links of a tree")
    t.write("srv/app/theirs", "stays")
    content["conf/a"] = (tarfile.REGTYPE, 0o600, b"b")
    before = t.state()
    out = file(t, "/srv/app", archive(content), kind="tree", mode="", twice=False)
    changed = [k for k, v in t.state().items() if before.get(k) != v]
    same([k for k in changed if os.path.isfile(t.path(k))], ["srv/app/conf/a"], "only what differs is written")
    same(t.read("srv/app/theirs"), "stays", "other files stay")
    odd = {"new\nline": (tarfile.REGTYPE, 0o644, b"1"), "a \"b\" 'c' $d \\e": (tarfile.REGTYPE, 0o644, b"2"), ".hidden/": (tarfile.DIRTYPE, 0o700, None),
           ".hidden/...": (tarfile.REGTYPE, 0o600, b"3"), "-n": (tarfile.REGTYPE, 0o644, b"4"), "größe": (tarfile.REGTYPE, 0o644, b"5"),
           "*": (tarfile.REGTYPE, 0o644, b"6"), "empty/": (tarfile.DIRTYPE, 0o755, None)}
    file(t, "/srv/odd names", archive(odd), kind="tree", mode="")
    for name, (type_, mode_, content) in odd.items():
        path = "srv/odd names/" + name.rstrip("/")
        same((mode(t, path), content and t.read(path).encode()), (mode_, content), f"{name!r} of a tree")

def shares(t):
    t.tool("mount", r"""
[ ! -e /refuse ] || { echo "mount.nfs: access denied by server" >&2; exit 32; }
AT=$(printf %s "$1" | sed 's/ /\\040/g') awk '$2 == ENVIRON["AT"] { print $1, $2, "nfs4", $4, 0, 0 }' /etc/fstab >>/proc/mounts
echo "mount $1" >>/calls""")
    t.tool("umount", r"""
AT=$(printf %s "$1" | sed 's/ /\\040/g') awk '$2 != ENVIRON["AT"]' /proc/mounts >/m && cat /m >/proc/mounts
echo "umount $1" >>/calls""")
    t.write("calls", "")

    def nfs(target, source="10.0.0.1:/x", options="rw", what="present", twice=True, **how):
        env = dict(PHX_NFS=what, PHX_NFS_TARGET=target, PHX_NFS_SOURCE=source, PHX_NFS_OPTIONS=options)
        t.write("calls", "")
        out = (t.twice if twice else t.run)("nfs.sh", **env, **how)
        return out, t.read("calls").split("\n")[:-1]

    if not os.path.exists("/usr/sbin/mount.nfs"):
        out, _ = nfs("/mnt/x", twice=False, status=1)
        check("no network" in out and "nfs-common cannot be installed" in out, "without network it says so: " + out)
        same(t.read("etc/fstab").count("\n"), 2, "and /etc/fstab is as it was")
    t.tool("mount.nfs", "exit 1")
    same(nfs("/mnt/x")[1], ["mount /mnt/x"], "mounted once, and not again")
    same([line for line in t.read("etc/fstab").split("\n") if "/mnt/x" in line], ["10.0.0.1:/x /mnt/x nfs rw,_netdev 0 0"], "one line")
    same(nfs("/mnt/x2", source="10.0.0.1:/y")[1], ["mount /mnt/x2"], "a mount point that begins alike is another one")
    same(nfs("/mnt/x", source="10.0.0.2:/x")[1], ["umount /mnt/x", "mount /mnt/x"], "another source is mounted in its place")
    same(nfs("/mnt/x", source="10.0.0.2:/x", options="ro,nfsvers=4.2")[1], ["umount /mnt/x", "mount /mnt/x"], "and other options")
    same(t.read("etc/fstab").count("/mnt/x "), 1, "still one line")
    check("UUID=1 / ext4" in t.read("etc/fstab") and "# static" in t.read("etc/fstab"), "other lines stay")
    same(nfs("/mnt/a b", source="10.0.0.1:/c d")[1], ["mount /mnt/a b"], "a name with a blank")
    check("10.0.0.1:/c\\040d /mnt/a\\040b nfs" in t.read("etc/fstab"), "as /etc/fstab writes it")
    t.write("refuse", "")
    out, _ = nfs("/mnt/z", twice=False, status=1)
    check("access denied" in out and "cannot be mounted" in out, "what the server says is passed on: " + out)
    os.unlink(t.path("refuse"))
    nfs("/mnt/z", what="absent")
    same(nfs("/mnt/x", what="absent")[1], ["umount /mnt/x"], "unmounted once")
    check("/mnt/x " not in t.read("etc/fstab") and "/mnt/x2 " in t.read("etc/fstab"), "only its line is gone")
    check(not os.path.exists(t.path("mnt/x")) and os.path.exists(t.path("mnt/x2")), "its directory too")


if SH == "/bin/sh":  # busybox has its own mount, which cannot be replaced
    with Tree() as t:
        shares(t)

with Tree() as t:  # health
    out = t.run("health.sh", PHX_HEALTH="true", PHX_RETRIES="3", PHX_INTERVAL_MS="10", PHX_ATTEMPT_MS="5000")
    check("attempt 1 of 3" in out and "healthy" in out and "attempt 2" not in out, out)
    out = t.run("health.sh", status=3, PHX_HEALTH="echo no; exit 3", PHX_RETRIES="2", PHX_INTERVAL_MS="10", PHX_ATTEMPT_MS="5000")
    check("attempt 2 of 2" in out and "exit code 3" in out and "not healthy after 2 attempts" in out, out)
    out = t.run("health.sh", status=124, PHX_HEALTH="sleep 30", PHX_RETRIES="1", PHX_INTERVAL_MS="10", PHX_ATTEMPT_MS="300")
    check("took longer than 300 ms" in out, out)

with Tree() as t:  # keys and password of root
    t.write("root/.ssh/authorized_keys", "by hand\n# --- BEGIN PVE ---\nold\n# --- END PVE ---\n", 0o600)
    t.twice("keys.sh", PHX_KEYS="one\ntwo")
    same(t.read("root/.ssh/authorized_keys"), "by hand\n# --- BEGIN PVE ---\none\ntwo\n# --- END PVE ---\n", "exactly one block")
    if os.geteuid() == 0:
        t.tool("chpasswd", 'IFS=: read -r user hash; sed -i "s|^$user:[^:]*:|$user:$hash:|" /etc/shadow')
        t.twice("password.sh", PHX_PASSWORD_HASH="$6$salt$hash")
        check("root:$6$salt$hash:" in t.read("etc/shadow"), "the hash is set")

with Tree() as t:  # a check before a script
    t.run("checked.sh", files={"step": "#!/bin/sh\necho did >>/did\n"}, PHX_CHECK="test -e /did", PHX_KEY="feature:x")
    same(t.read("did"), "did\n", "what is not in place is run")
    out = t.run("checked.sh", files={"step": "#!/bin/sh\necho did >>/did\n"}, PHX_CHECK="test -e /did", PHX_KEY="feature:x")
    check("in place already" in out and t.read("did") == "did\n", "what is in place is not: " + out)
    t.run("checked.sh", files={"step": "echo did >>/did; exit 3\n"}, PHX_CHECK="test -e /did", PHX_KEY="feature:x", PHX_AGAIN="1", status=3)
    t.run("checked.sh", files={"step": "echo did >>/did\n"}, PHX_CHECK="test -e /did", PHX_KEY="feature:x")
    same(t.read("did"), "did\ndid\ndid\n", "what failed half-way is run again, whatever the check says")

with Tree() as t:  # the last step of a template
    t.write("etc/machine-id", "0123456789abcdef0123456789abcdef\n")
    for kind in ("rsa", "ed25519"):
        t.write(f"etc/ssh/ssh_host_{kind}_key", "secret", 0o600)
        t.write(f"etc/ssh/ssh_host_{kind}_key.pub", "public")
    t.write("var/log/syslog", "what happened")
    t.write("var/log/old.1", "before that")
    t.write("var/log/phx/feature-docker.log", "done")
    t.write("var/lib/phx/run/feature-docker-0123456789ab/exit", "exit 0")
    t.write("var/lib/systemd/random-seed", "seed")
    t.write("var/lib/apt/lists/x", "list")
    t.twice("clean.sh")
    same(t.read("etc/machine-id"), "", "the machine-id is empty")
    same(sorted(f for f in os.listdir(t.path("etc/ssh"))), [], "host keys are gone")
    same(t.read("var/log/syslog"), "", "logs are empty")
    for gone in ("var/log/old.1", "var/log/phx/feature-docker.log", "var/lib/systemd/random-seed", "var/lib/phx/run/feature-docker-0123456789ab"):
        check(not os.path.exists(t.path(gone)), gone + " is gone")
    same(t.read("var/lib/apt/lists/x"), "list", "package lists stay")
    unit = t.path("etc/systemd/system/sysinit.target.wants/phx-first-boot.service")
    if os.path.exists("/usr/bin/ssh-keygen"):
        check(os.path.islink(unit), "a unit gives clones an identity")
        # What the unit runs, in two clones: different keys, and no second set.
        ids = []
        for clone in range(2):
            for f in os.listdir(t.path("etc/ssh")):
                os.unlink(t.path("etc/ssh/" + f))
            t.write("etc/machine-id", "")
            t.run("exec /usr/local/sbin/phx-first-boot\n")
            key = t.read("etc/ssh/ssh_host_ed25519_key.pub")
            ids.append((key, t.read("etc/machine-id")))
            t.run("exec /usr/local/sbin/phx-first-boot\n")
            same(t.read("etc/ssh/ssh_host_ed25519_key.pub"), key, "a second boot keeps its keys")
        check(ids[0][0] != ids[1][0], "clones have different host keys")
        check(ids[0][1] and ids[0][1] != ids[1][1], "clones have different machine-ids")
# Where systemd runs: a stand-in keeps what is enabled and active in /units, and writes down what it was told to change.
SYSTEMCTL = r"""
unit=; for word; do case $word in -*) ;; is-enabled | is-active | enable | restart | daemon-reload) verb=$word ;; *) unit=$word ;; esac; done
case $verb in
is-enabled) [ -e "/units/$unit.enabled" ] && echo enabled || { echo disabled; exit 1; } ;;
is-active) [ -e "/units/$unit.active" ] ;;
enable) [ ! -e /masked ] || { echo "Unit $unit.service is masked." >&2; exit 1; }; : >"/units/$unit.enabled"; echo "enable $unit" >>/calls ;;
restart)
  echo "restart $unit" >>/calls
  [ ! -e /broken ] || { echo "Job for $unit.service failed." >&2; exit 1; }
  : >"/units/$unit.active" ;;
daemon-reload) echo reload >>/calls ;;
esac"""
SERVICE = """. /lib.sh
phx_tmp=$PWD
PHX_FEATURE=demo
phx_unit demo <<'UNIT'
[Service]
ExecStart=/bin/true
UNIT
phx_service demo "$CHANGED"
phx_end
"""

with Tree() as t:  # services
    with open(os.path.join(SCRIPTS, "lib.sh"), encoding="utf-8") as f:
        t.write("lib.sh", f.read())
    t.tool("systemctl", SYSTEMCTL)
    t.tool("journalctl", 'echo "journal of the service"')
    os.makedirs(t.path("run/systemd/system"))
    os.makedirs(t.path("units"))
    out = t.twice(SERVICE, CHANGED="000")
    same(t.read("calls").split("\n")[:-1], ["reload", "enable demo", "restart demo"], "a new service is enabled and started, once")
    check("demo: done" in out, out)
    out = t.run(SERVICE, CHANGED="010")
    same(t.read("calls").split("\n")[3:-1], ["restart demo"], "it is restarted when one of the things it reads has changed")
    check("demo: done" in out, out)
    check("demo: in place already" in t.run(SERVICE, CHANGED=""), "and else left alone")
    os.unlink(t.path("units/demo.active"))
    t.write("broken", "")
    out = t.run(SERVICE, CHANGED="0", status=74)
    check("Job for demo.service failed." in out and "journal of the service" in out and "the service demo does not run" in out, out)
    os.unlink(t.path("broken"))
    os.unlink(t.path("units/demo.enabled"))
    t.write("masked", "")
    out = t.run(SERVICE, CHANGED="0", status=74)
    check("the service demo cannot be enabled: Unit demo.service is masked." in out, out)
    os.unlink(t.path("masked"))
    t.run(SERVICE, CHANGED="0")
    same(t.read("calls").split("\n")[-3:-1], ["enable demo", "restart demo"], "the next run goes on: enabled and started")
    shutil.rmtree(t.path("run/systemd"))
    check("no systemd runs here: demo is not started" in t.run(SERVICE, CHANGED="1"), "without systemd it is said")

if SH == "/bin/sh" and shutil.which("busybox"):
    sys.exit(subprocess.run([sys.executable, "-B", __file__], env={**os.environ, "PHX_TEST_SH": "busybox sh"}).returncode)
print("ok")

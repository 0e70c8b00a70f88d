"""phx exec and phx logs: the same for a VM (by its agent) and a container (by pct), in guests in which commands really run."""
import hashlib
import shlex

from phxtest import *

CONFIG = """
stack "t"
cluster h { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = env("PHX_TOKEN", "") }
image tiny { url = "https://images.test/tiny.qcow2"; storage = "local" }
vm one { id = 101; image = image.tiny; storage = "local-lvm"; memory = 512MiB; disk = 4GiB; cloud_init { upgrade = false } }
container two {
  id = 201; storage = "local-lvm"; ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  memory = 512MiB; cores = 1; disk = 4GiB; network { ip = 10.0.0.6/24; gw = 10.0.0.1 }
}
container off { id = 202; storage = "local-lvm"; ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"; running = false }
container never { id = 203; storage = "local-lvm"; ostemplate = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst" }
"""


def run(lab, config, guest, *argv, status=0, options=(), **kw):
    return lab.phx("exec", "--sim", lab.sim, *options, guest, config, "--", *argv, status=status, **kw)


def commands(lab, config, guest):
    out, err, _ = run(lab, config, guest, "sh", "-c", "echo out; echo err >&2; exit 3", status=3)
    same((out, err), ("out\n", "err\n"), f"{guest}: output and exit status")
    words = ["two words", "it's", 'a "b" $c `d`', "line\nline", "ünïcode", "", "*"]
    out, _, _ = run(lab, config, guest, "printf", "[%s]", *words)
    same(out, "".join(f"[{w}]" for w in words), f"{guest}: words arrive as they are")
    out, _, _ = run(lab, config, guest, "cat", options=["--stdin"], input="one\ntwo ü\n")
    same(out, "one\ntwo ü\n", f"{guest}: standard input")
    run(lab, config, guest, "sh", "-c", "kill -9 $$", status=137)
    _, err, _ = run(lab, config, guest, "sleep", "60", options=["--timeout", "1s"], status=1)
    check("1 s" in err or "1s" in err, f"{guest}: a deadline is told: {err}")
    _, err, status = run(lab, config, guest, "/nonexistent", status=None)
    check(status != 0 and err, f"{guest}: a command that is not there: {status} {err}")


def everything(lab, config, guest):
    """All of both streams, every byte in its order: more than one answer of the agent holds, and bytes that are no text."""
    numbers = "".join(f"{i}\n" for i in range(1, 60001))
    out, _, _ = run(lab, config, guest, "cat", options=["--stdin"], input=numbers)
    same(out, numbers, f"{guest}: all of the input comes back")
    script = 'head -c 15000000 /dev/urandom >/tmp/r; sha256sum </tmp/r; cat /tmp/r; seq 200000 >&2'
    done = subprocess.run([PHX, "exec", "--sim", lab.sim, guest, config, "--", "sh", "-c", script], capture_output=True,
                          cwd=lab.dir, env=lab.env, stdin=subprocess.DEVNULL, timeout=240)
    head, _, rest = done.stdout.partition(b"\n")
    same((done.returncode, len(rest)), (0, 15000000), f"{guest}: all of standard output: {done.stderr[-300:]}")
    same(hashlib.sha256(rest).hexdigest(), head.decode().split()[0], f"{guest}: standard output is as it was written")
    same(done.stderr.decode(), "".join(f"{i}\n" for i in range(1, 200001)), f"{guest}: all of standard error")
    left = run(lab, config, guest, "sh", "-c", "find /var/lib/phx/run -size +1000k")[0]
    same(left, "", f"{guest}: nothing large stays behind")


def streamed(lab, config, guest):
    p = subprocess.Popen([PHX, "exec", "--sim", lab.sim, guest, config, "--", "sh", "-c", "echo begun; sleep 30; echo end"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=lab.dir, env=lab.env, stdin=subprocess.DEVNULL)
    began = time.monotonic()
    same(p.stdout.readline(), b"begun\n", f"{guest}: output")
    check(time.monotonic() - began < 15, f"{guest}: output comes while the command is at work")
    return p


def is_gone(lab, config, guest, words):
    script = f"n=0; while cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -q '[{words[0]}]{words[1:]}'; do " \
             "n=$((n + 1)); [ $n -lt 20 ] || exit 1; sleep 0.2; done"
    _, _, status = run(lab, config, guest, "sh", "-c", script, status=None)
    same(status, 0, f"{guest}: `{words}` does not run any more")


def interrupted(lab, config, guest, sig):
    p = lab.start("exec", "--sim", lab.sim, guest, config, "--", "sh", "-c", "echo begun; sleep 4711 & sleep 4711")
    same(p.stdout.readline(), "begun\n", f"{guest}: output")
    p.send_signal(sig)
    _, err = p.communicate(timeout=60)
    same(p.returncode, 130, f"{guest}: interrupted: {err}")
    check("interrupted: ending the command" in err and "was ended in the guest, with all its processes" in err, err)
    is_gone(lab, config, guest, "sleep 4711")


def left_alone(lab, config, guest):
    """A second interrupt does not wait, and says how to end what goes on; that works."""
    p = lab.start("exec", "--sim", lab.sim, guest, config, "--", "sh", "-c", "trap '' TERM; echo begun; sleep 5711 & sleep 5711")
    same(p.stdout.readline(), "begun\n", f"{guest}: output")
    p.send_signal(signal.SIGINT)
    line = p.stderr.readline()
    check("interrupted: ending" in line, line)
    p.send_signal(signal.SIGINT)
    _, err = p.communicate(timeout=60)
    same(p.returncode, 130, f"{guest}: interrupted twice: {err}")
    found = re.search(r"To end it: phx exec \S+ -- (sh -c '.*')\n", err)
    check(found is not None, f"{guest}: how to end it: {err}")
    run(lab, config, guest, *shlex.split(found.group(1)), status=None)
    time.sleep(1)
    run(lab, config, guest, "sh", "-c", "killall -9 sleep", status=None)


def reader_gone(lab, config, guest):
    p = subprocess.Popen([PHX, "exec", "--sim", lab.sim, guest, config, "--", "sh", "-c", "while echo y; do sleep 0.05; done"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=lab.dir, env=lab.env, stdin=subprocess.DEVNULL)
    same(p.stdout.readline(), b"y\n", f"{guest}: output")
    p.stdout.close()
    same(p.wait(timeout=60), 141, f"{guest}: as a program that SIGPIPE ends")
    same(p.stderr.read(), b"", f"{guest}: and says nothing")
    p.stderr.close()
    is_gone(lab, config, guest, "while echo y")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PHX, "exec", "--sim", lab.sim, guest, config, "--", "sh", "-c", "echo y; sleep 6711"], stdout=full,
                              stderr=subprocess.PIPE, cwd=lab.dir, env=lab.env, stdin=subprocess.DEVNULL, timeout=60)
    same(done.returncode, 1, f"{guest}: a full disk is an error")
    check(b"No space left" in done.stderr, done.stderr)
    is_gone(lab, config, guest, "sleep 6711")


def logs(lab, config, guest):
    _, err, _ = lab.phx("logs", "--sim", lab.sim, guest, config, status=1)
    check("run nothing" in err, f"{guest}: no logs yet: {err}")
    run(lab, config, guest, "sh", "-c", "mkdir -p /var/log/phx; seq 100 >/var/log/phx/a.log; echo b >/var/log/phx/b.log; "
        "echo c >/var/log/phx/feature-c.log")
    out, _, _ = lab.phx("logs", "--sim", lab.sim, "--lines", "2", guest, config)
    same(out, "==> a\n99\n100\n==> b\nb\n==> feature-c\nc\n", f"{guest}: the end of each log")
    out, _, _ = lab.phx("logs", "--sim", lab.sim, "--step", "b", guest, config)
    same(out, "b\n", f"{guest}: one log")
    for step in ("feature.c", "vm.one/feature.c", "feature-c"):
        out, _, _ = lab.phx("logs", "--sim", lab.sim, "--step", step, guest, config)
        same(out, "c\n", f"{guest}: a log, named as the plan names the step: {step}")
    _, err, _ = lab.phx("logs", "--sim", lab.sim, "--step", "c", guest, config, status=1)
    check("no log of c" in err and "a.log" in err, f"{guest}: what there is: {err}")


def errors(lab, config):
    _, err, _ = run(lab, config, "off", "true", status=1)
    check("does not run" in err and "phx start container.off" in err, err)
    _, err, _ = run(lab, config, "never", "true", status=1)
    check("does not exist" in err and "phx converge" in err, err)
    _, err, _ = lab.phx("exec", "--sim", lab.sim, "one", config, status=64)
    check("needs a command" in err, err)
    _, err, _ = lab.phx("exec", "--sim", lab.sim, "one", "two", config, "--", "true", status=64)
    check("one guest" in err, err)


with Lab() as lab:
    tree = busybox_tree(lab.path("tree"))
    os.makedirs(os.path.join(tree, "var", "log"), exist_ok=True)
    main = lab.write("main.phx", CONFIG)
    lab.serve("--guest-root", tree, "--speed", "60")
    lab.apply(main, "--exclude", "container.never")
    need_trees(lab, "lxc", 201)
    for one in ("one", "two"):
        commands(lab, main, one)
        everything(lab, main, one)
        p = streamed(lab, main, one)
        p.kill()
        p.communicate()
        interrupted(lab, main, one, signal.SIGINT)
        interrupted(lab, main, one, signal.SIGTERM)
        left_alone(lab, main, one)
        reader_gone(lab, main, one)
        logs(lab, main, one)
    errors(lab, main)
print("ok")

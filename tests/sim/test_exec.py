"""phx exec and phx logs: the same for a VM (by its agent) and a container (by pct), in guests in which commands really run."""
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


def logs(lab, config, guest):
    _, err, _ = lab.phx("logs", "--sim", lab.sim, guest, config, status=3)
    check("run nothing" in err, f"{guest}: no logs yet: {err}")
    run(lab, config, guest, "sh", "-c", "mkdir -p /var/log/phx; seq 100 >/var/log/phx/a.log; echo b >/var/log/phx/b.log")
    out, _, _ = lab.phx("logs", "--sim", lab.sim, "--lines", "2", guest, config)
    same(out, "==> a\n99\n100\n==> b\nb\n", f"{guest}: the end of each log")
    out, _, _ = lab.phx("logs", "--sim", lab.sim, "--step", "b", guest, config)
    same(out, "b\n", f"{guest}: one log")
    _, err, _ = lab.phx("logs", "--sim", lab.sim, "--step", "c", guest, config, status=3)
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
        logs(lab, main, one)
    errors(lab, main)
print("ok")

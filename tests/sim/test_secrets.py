"""Canary: a secret's value is in no output, plan, journal, trace, log, state directory of ours or process argument."""
import glob
import threading

from phxtest import *

CANARY = "cAnArY-5f1d77aa90"
CONFIG = '''stack "canary"
cluster home { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused") }
defaults vm { storage = "quickOS-vm-disks"; bridge = "vmbr0" }
image noble { url = "https://images.test/noble.qcow2"; storage = "local" }
vm one {
  id = 301
  image = image.noble
  disk = 8GiB
  memory = 1GiB
  network { ip = dhcp }
  user admin { password = env("CANARY") }
  file "/etc/key" { content = env("CANARY") }
  script say { content = "echo $PHX_TOKEN"; params = { token = env("CANARY") } }
}
container two {
  id = 302
  ostemplate = "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst"
  rootfs = "quickOS-lxc-disks:4"
  unprivileged = true
  network { bridge = "vmbr0"; ip = 10.0.0.9/24 }
  options { password = env("CANARY") }
  file "/etc/key" { content = "key: ${env("CANARY")}" }
  script say { content = "echo ${env("CANARY")}" }
}
output word = "the word is ${env("CANARY")}"
'''

seen = []


def watch_arguments(stop):
    while not stop.is_set():
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(path, "rb") as f:
                    if CANARY.encode() in f.read():
                        seen.append(path)
            except OSError:
                pass
        time.sleep(0.005)


with Lab() as lab:
    env = {"CANARY": CANARY}
    config = lab.write("c.phx", CONFIG)
    stop = threading.Event()
    watcher = threading.Thread(target=watch_arguments, args=(stop,))
    watcher.start()
    outputs = []
    for args in (["validate", config], ["graph", config], ["graph", "--format", "json", config],
                 ["plan", "--sim", lab.sim, "-v", config], ["plan", "--sim", lab.sim, "--json", config],
                 ["plan", "--sim", lab.sim, "-o", lab.path("saved.phxplan"), config], ["plan", "--offline", "--json", config],
                 ["apply", "--sim", lab.sim, "--yes", "--trace", lab.path("apply.trace"), config],
                 ["plan", "--sim", lab.sim, "-v", config], ["inventory", "--sim", lab.sim, config]):
        out, err, _ = lab.phx(*args, env=env)
        outputs += [out, err]
    no = lab.phx("apply", "--sim", lab.sim, "--yes", config, env=env)
    check("No changes" in no[0], "a password that did not change is not sent again:\n" + no[0])
    changed, _, _ = lab.phx("plan", "--sim", lab.sim, config, env={"CANARY": CANARY + "2"})
    check("No changes" not in changed, "a changed password is noticed")
    outputs.append(changed)
    stop.set()
    watcher.join()
    for i, text in enumerate(outputs):
        check(CANARY not in text, f"the secret is printed (output {i}):\n{text}")
    same(seen, [], "processes with the secret among their arguments")
    files = 0
    for base, _, names in os.walk(lab.dir):
        if base.startswith(lab.sim):
            continue  # the cluster itself, of course, knows the password
        for name in names:
            files += 1
            data = open(os.path.join(base, name), "rb").read()
            check(CANARY.encode() not in data, f"the secret is in {name}")
    check(files >= 4, "plan, trace and journal were looked at")
print("ok")

#!/usr/bin/env python3
"""Prints a table of wall time, peak memory and requests: phx validate, plan --offline, and a no-op plan against the simulated cluster, for
10 to 10,000 guests. Usage: tests/bench/bench.py [PHX] [--max N] [--runs N] [--no-sim]"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HEAD = '''stack "bench"
cluster home { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused") }
defaults vm { storage = "quickOS-vm-disks"; bridge = "vmbr0"; cores = 2; memory = 2GiB }
image noble { url = "https://images.test/noble.qcow2"; storage = "local" }
'''


def blocks(n):
    """n guests: one template per 50 clones, each 10th clone needs the one before it."""
    out = [HEAD]
    template = 0
    for i in range(n):
        vmid = 1000 + i
        if i % 51 == 0:
            template = vmid
            out.append(f'vm t{vmid} {{\n  id = {vmid}\n  template = true\n  image = image.noble\n  disk = 8GiB\n  network {{ ip = dhcp }}\n}}\n')
        else:
            needs = f'  depends_on = [vm.g{vmid - 1}]\n' if i % 10 == 0 and i % 51 > 1 else ""
            out.append(f'vm g{vmid} {{\n  id = {vmid}\n  clone = vm.t{template}\n  full = false\n{needs}  memory = {1 + i % 4}GiB\n'
                       f'  tags = ["web", "n{i % 7}"]\n  network {{ ip = 10.{i // 60000}.{i // 250 % 240}.{i % 250 + 2}/8; gw = 10.255.255.254 }}\n}}\n')
    return "".join(out)


def loops(n):
    return HEAD + f'''let n = {n}
for t in 0..(n - 1) / 51 {{
  vm "t${{1000 + t * 51}}" {{
    id = 1000 + t * 51
    template = true
    image = image.noble
    disk = 8GiB
    network {{ ip = dhcp }}
  }}
}}
for i in [i for i in range(n) if i % 51 != 0] {{
  vm "g${{1000 + i}}" {{
    id = 1000 + i
    clone = resource("vm.t${{1000 + i / 51 * 51}}")
    memory = 2GiB
    tags = ["web"]
    network {{ ip = host(10.0.0.0/8, 512 + i)/8; gw = 10.255.255.254 }}
  }}
}}
'''


def as_json(n):
    vms, template = [], 0
    for i in range(n):
        vmid = 1000 + i
        if i % 51 == 0:
            template = vmid
            vms.append({"vmid": vmid, "name": f"t{vmid}", "is_template": True, "template_image": "noble-server-cloudimg-amd64.img",
                        "network_config": {"ip": "dhcp"}, "user_config": {"username": "admin"}})
        else:
            vm = {"vmid": vmid, "name": f"g{vmid}", "clone_from_vmid": template, "cores": 2, "memory_mb": 2048,
                  "network_config": {"ip": f"10.{i // 60000}.{i // 250 % 240}.{i % 250 + 2}/8", "gw": "10.255.255.254"},
                  "user_config": {"username": "admin"}}
            if i % 10 == 0 and i % 51 > 1:
                vm["dependencies"] = [str(vmid - 1)]
            vms.append(vm)
    return json.dumps({"vm_defaults": {"cores": 2, "memory_mb": 2048, "disk_size_gb": 8, "storage_pool": "quickOS-vm-disks",
                                       "network_bridge": "vmbr0"}, "vms": vms}, indent=1)


def measure(args, runs, env):
    """(median wall seconds, peak MiB) of a command whose output goes nowhere."""
    walls, peak = [], 0
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1)]
    for _ in range(runs):
        start = time.perf_counter()
        pid = os.posix_spawn(args[0], args, env, file_actions=quiet)
        _, status, usage = os.wait4(pid, 0)
        walls.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss)
        if status != 0:
            sys.exit(f"{' '.join(args)}: status {status}")
    return statistics.median(walls), peak / 1024


def write(kind, n, path):
    """By a process of its own: a peak is at least that of the process that starts the command, which therefore must stay small."""
    text = {"blocks": blocks, "for": loops, "json": as_json}[kind](int(n))
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    if sys.argv[1:2] == ["--write"]:
        return write(*sys.argv[2:])
    parser = argparse.ArgumentParser()
    parser.add_argument("phx", nargs="?", default="build/release/runtime/cli/phx")
    parser.add_argument("--max", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-sim", action="store_true")
    o = parser.parse_args()
    phx = os.path.abspath(o.phx)
    print(f"{'guests':>7}  {'source':7} {'validate':>10} {'MiB':>6} {'plan offline':>13} {'MiB':>6} {'no-op plan':>11} {'MiB':>6} {'requests':>9}")
    with tempfile.TemporaryDirectory(prefix="phx-bench-") as d:
        env = dict(os.environ, HOME=d, XDG_STATE_HOME=d)
        for n in (10, 100, 1000, 10000):
            if n > o.max:
                break
            for kind, name in (("blocks", "b.phx"), ("for", "f.phx"), ("json", "phoenix_vm_configs.json")):
                path = os.path.join(d, f"{n}-{name}")
                subprocess.run([sys.executable, __file__, "--write", kind, str(n), path], check=True)
                v, vm = measure([phx, "validate", path], o.runs, env)
                p, pm = measure([phx, "plan", "--offline", path], o.runs, env)
                row = f"{n:>7}  {kind:7} {v * 1000:>7.1f} ms {vm:>6.1f} {p * 1000:>10.1f} ms {pm:>6.1f}"
                if kind == "blocks" and not o.no_sim:
                    sim = os.path.join(d, f"sim{n}")
                    built = subprocess.run([phx, "apply", "--sim", sim, "--yes", "--parallel", "32", path], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    if built.returncode:
                        sys.exit(f"phx apply of {n} guests: status {built.returncode}")
                    trace = os.path.join(d, "trace")
                    s, sm = measure([phx, "plan", "--sim", sim, path], max(1, o.runs // 2), env)
                    subprocess.run([phx, "plan", "--sim", sim, "--trace", trace, path], env=env, stdout=subprocess.DEVNULL, check=True)
                    row += f" {s * 1000:>8.1f} ms {sm:>6.1f} {sum(1 for _ in open(trace)):>9}"
                print(row, flush=True)
        example = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "phoenix")
        e, em = measure([phx, "plan", "--offline", example], o.runs * 4, env)
        print(f"examples/phoenix, plan --offline: {e * 1000:.1f} ms, {em:.1f} MiB")


if __name__ == "__main__":
    main()

"""The example's features really run: its guests are trees of Debian on the simulated cluster, and what their scripts download is made
small. Then nothing is left to do; and of one script that changed, exactly its users run it again."""
import http.server
import shutil
import ssl
import threading

from phxtest import *

sys.path.insert(0, os.path.join(SOURCE, "tests", "guest"))
from mirror import Mirror  # noqa: E402
from tree import base, enter_namespaces  # noqa: E402

# Without the GPU containers, for which there is no driver here, and the VMs with shares, for which there is no NFS server.
TARGETS = [word for name in ("container.traefik", "container.nginx", "vm.docker-1") for word in ("--target", name)]
USERS = {"traefik": ["container.traefik"], "step-cli": ["container.step-ca", "container.nginx", "container.traefik"]}


def guest_tree(mirror):
    """A clean Debian with the packages' source, and the user that cloud-init would have made."""
    tree = lab.path("tree")
    subprocess.run(["cp", "-al", base(), tree], check=True)
    shutil.copytree(mirror.dir, os.path.join(tree, "srv", "mirror"), ignore=shutil.ignore_patterns("gnupg", "build"))
    for name, line in (("apt/sources.list", None), ("passwd", "phoenix_user:x:1000:1000::/home/phoenix_user:/bin/sh\n"),
                       ("group", "phoenix_user:x:1000:\n")):
        path = os.path.join(tree, "etc", name)
        with open(path, encoding="utf-8") as f:
            text = f.read() + line if line else "deb [trusted=yes] file:/srv/mirror/debian ./\n"
        os.unlink(path)  # the clean tree has the same file
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    return tree


def own_etc(mirror):
    """phx's own files, with the mirror where the makers' addresses stand."""
    etc = shutil.copytree(os.path.join(SOURCE, "etc"), lab.path("etc"))
    for name, old, new in (("docker", "https://download.docker.com/linux", "file:///srv/mirror/docker"),
                           ("docker", "9DC858229FC7DD38854AE2D88D81803C0EBFCD88", mirror.fingerprint),
                           ("step-cli", "https://github.com/smallstep/cli/releases/download", "file:///srv/mirror/step"),
                           ("step-ca", "https://github.com/smallstep/certificates/releases/download", "file:///srv/mirror/step-ca"),
                           ("traefik", "https://github.com/traefik/traefik/releases/download", "file:///srv/mirror/traefik")):
        path = os.path.join(etc, "features", name + ".phx")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        same(text.count(old), 1, f"{old} in {name}.phx")
        text = re.sub(r'"(amd64|arm64) [0-9a-f]{64}",?\n?', "", text.replace(old, new))
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    return etc


def serve_root(directory):
    """The CA of the lab, as far as those who trust it ask: its root certificate at https://10.0.0.10:9000/roots.pem."""
    class Roots(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            with open(cert, "rb") as f:
                self.wfile.write(f.read())

        def log_message(self, *args):
            pass

    cert, key = (os.path.join(directory, f"root.{part}") for part in ("crt", "key"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                    "-subj", "/CN=lab", "-keyout", key, "-out", cert], check=True, capture_output=True)
    server = http.server.HTTPServer(("10.0.0.10", 9000), Roots)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def inside(vmid, script):
    said = lab.host("pct", "exec", str(vmid), "--", "sh", "-c", script)
    same(said["exit"], 0, f"{script} in {vmid}: {said['stderr']}")
    return said["stdout"]


def features_of(plan):
    """(guest, feature) of every run of a feature that is planned, in order."""
    return [(a["address"], a["guest"]["what"].split(" ", 1)[1]) for a in plan["actions"]
            if a.get("guest", {}).get("what", "").startswith("feature ")]


def run_all(mirror):
    env = {"PHX_ETC": own_etc(mirror)}
    lab.env.update(env)
    guests = ["--sim-guests", guest_tree(mirror)]
    if "not done by this version" in lab.plan(EXAMPLE, *guests, *TARGETS)[0]:
        skip("this version of phx runs nothing inside guests")
    lab.apply(EXAMPLE, *guests, *TARGETS, timeout=600)
    same(inside(102, "traefik"), "traefik\n", "traefik is installed")
    check("https://10.0.0.10:9000/acme/acme/directory" in inside(102, "cat /etc/traefik/traefik.yml"), "the CA is asked for certificates")
    check("lab" in inside(101, "openssl version >/dev/null 2>&1; ls /etc/ssl/certs | grep phx-lab"), "the CA is trusted")
    check("root_ca.crt" in inside(103, "ls /etc/step-ca/certs"), "the CA is made")
    docker = json.loads(lab.host("qm", "guest", "exec", "8001", "--", "docker", "info")["stdout"])
    same((docker["exitcode"], docker["out-data"]), (0, "stable\n"), "docker is installed")
    no_changes(lab, EXAMPLE, *guests, *TARGETS)
    for feature, users in USERS.items():
        with open(os.path.join(env["PHX_ETC"], "features", feature + ".sh"), "a", encoding="utf-8") as f:
            f.write("# edited\n")
        plan = lab.plan_json(EXAMPLE, *guests, *TARGETS)
        same(features_of(plan), [(user, feature) for user in users], f"who runs {feature} again, in order")
        same({a["address"] for a in plan["actions"]} - {"stack"}, set(users), f"who is touched because of {feature}")
        lab.apply(EXAMPLE, *guests, *TARGETS, timeout=600)
        no_changes(lab, EXAMPLE, *guests, *TARGETS)


enter_namespaces(network=False)
subprocess.run(["ip", "address", "add", "10.0.0.10/32", "dev", "lo"], check=True)
with Lab() as lab:
    serve_root(lab.dir)
    run_all(Mirror(lab.path("mirror")))
print("ok")

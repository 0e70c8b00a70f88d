"""Runs every built-in feature in a real Debian tree: install, configure, check; again, and nothing changes; then each bad input, after
which the tree must be whole and the feature must still come to an end. Argument: the feature, or `genuine`."""
import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

from mirror import ARCH, MACHINE, Mirror
from tree import SOURCE, Tree, enter_namespaces, fail

PHX, FEATURES = os.environ["PHX"], os.path.join(SOURCE, "etc", "features")
GUEST = {"PHX_GUEST_KIND": "container", "PHX_GUEST_NAME": "lab", "PHX_GUEST_ID": "101", "PHX_GUEST_ADDRESS": "container.lab"}
NOWHERE = "http://127.0.0.1:9"
secrets = {}


def expect(condition, what):
    if not condition:
        fail(what)


# --- one run of a feature ---

def text(value):
    if isinstance(value, list):
        return "\n".join(text(v) for v in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def parameters(feature, use):
    """The environment of a use such as `channel = "test"`: the program itself fills in the defaults."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "main.phx")
        with open(path, "w", encoding="utf-8") as f:
            f.write(f'stack "x"\ncontainer g {{\n  id = 101\n  ostemplate = "local:vztmpl/x.tar.zst"\n  storage = "local"\n'
                    f'  features = [feature.{feature}({use})]\n}}\n')
        done = subprocess.run([PHX, "graph", "--format", "json", path], capture_output=True, text=True)
    if done.returncode:
        fail(f"feature.{feature}({use}) is refused: {done.stderr}")
    graph = json.loads(done.stdout)
    guests = [r for r in graph["resources"] if r["kind"] == "container"]
    step = [s for s in guests[0]["steps"] if s["name"] == feature][0]
    out = {"PHX_FEATURE": feature}
    for name, value in step.get("params", {}).items():
        out["PHX_" + name.upper().replace("-", "_")] = secrets.get(name, "") if value == "(secret)" else text(value)
    return out


def run(tree, feature, use="", status=0, env=None):
    """As phx runs it: lib.sh before the script, behind its first line. Returns what it said."""
    with open(os.path.join(FEATURES, feature + ".sh"), encoding="utf-8") as f:
        first, script = f.read().split("\n", 1)
    with open(os.path.join(SOURCE, "etc", "guest", "lib.sh"), encoding="utf-8") as f:
        script = f"{first}\n{f.read()}\n{script}"
    tree.write("/run/step", script)
    code, said = tree.call("/bin/sh", "/run/step", env=dict(GUEST, **parameters(feature, use), **(env or {})))
    expect(code == status, f"feature.{feature}({use}): exit {code}, expected {status}\n{said}")
    return said


def twice(tree, feature, use="", env=None):
    """The second run changes nothing, and says so."""
    said = run(tree, feature, use, env=env)
    before = tree.snapshot()
    again = run(tree, feature, use, env=env)
    after = tree.snapshot()
    changed = sorted(p for p in before.keys() | after.keys() if before.get(p) != after.get(p))
    expect(not changed, f"the second run of feature.{feature}({use}) changed {changed}\n{again}")
    expect(f"{feature}: in place already" in again, f"the second run does not know that all is in place:\n{again}")
    tree.usable()
    return said


def refused(mirror, feature, use, status, words, prepare=None, good=None, env=None, size=None):
    """A run that must end with this exit code and these words; then, when `good` is given, one that must go well."""
    with Tree(mirror, size=size) as tree:
        if prepare:
            prepare(tree)
        said = run(tree, feature, use, status, env)
        for word in words:
            expect(word in said, f"feature.{feature}({use}): `{word}` is not in:\n{said}")
        expect("Traceback" not in said and "unbound" not in said and "not found\n" not in said, f"an accident:\n{said}")
        tree.usable()
        if good is not None:
            run(tree, feature, good, env=env)
            tree.usable()


# --- what can go wrong with each of them ---

def common(mirror, feature, use, env=None):
    def read_only(tree):
        tree.read_only()

    def other_system(tree):
        tree.write("/etc/os-release", "ID=fedora\nVERSION_ID=41\n")

    def no_sha256sum(tree):
        os.remove(tree.path("/usr/bin/sha256sum"))

    with Tree(mirror) as tree:
        tree.read_only()
        said = run(tree, feature, use, 73, env)
        expect("read-only" in said, said)
        tree.read_only(False)
        tree.usable()
    refused(mirror, feature, use, 73, ["MiB free", "no space left"], size="12m", env=env)
    refused(mirror, feature, use, 78, ["fedora 41", "Debian 11 to 13"], other_system, env=env)
    refused(mirror, feature, use, 71, ["the command `sha256sum` is missing"], no_sha256sum, env=env)


def no_packages(tree):
    tree.write("/etc/apt/sources.list", f"deb [trusted=yes] {NOWHERE}/debian ./\n")


def base_setup(mirror):
    use = 'packages = ["hello-phx"], timezone = "Europe/Berlin", locale = "de_DE.UTF-8"'
    with Tree(mirror) as tree:
        twice(tree, "base-setup", use)
        expect(tree.run("hello-phx") == "hello\n", "packages are installed")
        expect(tree.read("/etc/timezone") == "Europe/Berlin\n", "the zone")
        expect(os.readlink(tree.path("/etc/localtime")) == "/usr/share/zoneinfo/Europe/Berlin", "the clock's zone")
        expect("de_DE.utf8" in tree.run("locale", "-a"), "the locale exists")
        expect(tree.read("/etc/default/locale") == "LANG=de_DE.UTF-8\n", "the locale is the default")
        expect("Unattended-Upgrade" in tree.run("apt-config", "dump"), "updates")
        twice(tree, "base-setup", "automatic_updates = false")
        expect(not tree.exists("/etc/apt/apt.conf.d/52phx-updates"), "updates are switched off again")
    refused(mirror, "base-setup", use, 69, ["apt-get update failed", "is there a network"], no_packages)
    refused(mirror, "base-setup", 'timezone = "Europe/Atlantis"', 64, ["there is no time zone Europe/Atlantis"], good='packages = ["hello-phx"]')
    refused(mirror, "base-setup", 'locale = "xx_XX.UTF-8"', 64, ["there is no locale xx_XX"], good='packages = ["hello-phx"]')
    refused(mirror, "base-setup", 'packages = ["no-such-package"]', 69, ["no-such-package", "no such package"], good='packages = ["hello-phx"]')
    # Full in the middle: apt unpacks what does not fit.
    refused(mirror, "base-setup", 'packages = ["huge-phx"], locale = "C.UTF-8"', 73, ["apt-get install failed: no space left"],
            size="340m")
    common(mirror, "base-setup", use)


def docker(mirror):
    base = 'url = "file:///srv/mirror/docker"'
    use = f'{base}, key_fingerprint = "{mirror.fingerprint}"'
    with Tree(mirror) as tree:
        twice(tree, "docker", use + ', users = ["games"], data_root = "/srv/docker", registry_mirrors = ["https://a", "https://b"]')
        expect(tree.run("docker") == "stable\n", "from the stable channel")
        expect("docker" in tree.run("id", "-nG", "games").split(), "users may use it")
        config = json.loads(tree.read("/etc/docker/daemon.json"))
        expect(config == {"log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "3"}, "data-root": "/srv/docker",
                          "registry-mirrors": ["https://a", "https://b"]}, str(config))
        expect(tree.exists("/etc/systemd/system/multi-user.target.wants/docker.service"), "the service starts with the guest")
        said = run(tree, "docker", use + ', version = "5:26.0"', 69)
        expect("docker-ce=5:26.0" in said and "no such package" in said, said)
        twice(tree, "docker", use)
        expect("data-root" not in tree.read("/etc/docker/daemon.json"), "what is not declared any more is gone")
    with Tree(mirror) as tree:  # from Debian's packages to Docker's own
        twice(tree, "docker", 'source = "distribution"')
        expect(tree.run("docker") == "debian\n", "Debian's docker")
        said = twice(tree, "docker", use + ', channel = "test"')
        expect("removing docker.io" in said and tree.run("docker") == "test\n", said)
    refused(mirror, "docker", f'url = "{NOWHERE}"', 69, [NOWHERE, "cannot be fetched"], good=use)
    refused(mirror, "docker", base, 65, ["expected the fingerprint 9DC8", f"found {mirror.fingerprint}"], good=use)
    refused(mirror, "docker", use + ', users = ["nobody-there"]', 64, ["there is no user nobody-there"], good=use)
    refused(mirror, "docker", use, 65, ["not signed by the key"], good=None, prepare=lambda tree: (
        tree.write("/etc/apt/keyrings/docker.asc", "no key"), tree.write("/var/lib/phx/installed/docker-key",
                                                                        f"file:///srv/mirror/docker/debian/gpg {mirror.fingerprint}\n")))
    common(mirror, "docker", use)


def nfs_client(mirror):
    with Tree(mirror) as tree:
        twice(tree, "nfs-client")
        expect(tree.exists("/sbin/mount.nfs"), "nfs-common is installed")
        twice(tree, "nfs-client", 'idmap_domain = "lab.internal"')
        twice(tree, "nfs-client", 'idmap_domain = "other.internal"')
        config = tree.read("/etc/idmapd.conf")
        expect(re.findall("(?m)^.*Domain.*$", config) == ["Domain = other.internal"], config)
        expect("[Mapping]\n\nNobody-User = nobody" in config, config)
    refused(mirror, "nfs-client", "", 69, ["apt-get update failed"], no_packages)
    refused(mirror, "nfs-client", 'idmap_domain = "a b"', 64, ["idmap_domain"], good="")
    common(mirror, "nfs-client", "")


def qemu_guest_agent(mirror):
    vm = {"PHX_GUEST_KIND": "vm"}
    with Tree(mirror) as tree:
        twice(tree, "qemu-guest-agent", env=vm)
        expect(tree.exists("/usr/sbin/qemu-ga"), "the agent is installed")
    refused(mirror, "qemu-guest-agent", "", 78, ["a container has no guest agent"])
    refused(mirror, "qemu-guest-agent", "", 69, ["apt-get update failed"], no_packages, env=vm)
    common(mirror, "qemu-guest-agent", "", vm)


# --- the certificate authority and those who trust it ---

class Roots(http.server.BaseHTTPRequestHandler):
    """As step-ca hands out its root certificate: by HTTPS, which that very certificate vouches for."""
    pem = b""

    def do_GET(self):
        self.send_response(200 if self.path == "/roots.pem" else 404)
        self.end_headers()
        self.wfile.write(self.pem)

    def log_message(self, *args):
        pass


def certificate(directory, name):
    """(PEM, fingerprint, path of certificate and key)."""
    cert, key, both = (os.path.join(directory, f"{name}.{part}") for part in ("crt", "key", "both"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                    "-subj", f"/CN={name}", "-keyout", key, "-out", cert], check=True, capture_output=True)
    out = subprocess.run(["openssl", "x509", "-in", cert, "-noout", "-fingerprint", "-sha256"], check=True, capture_output=True, text=True)
    with open(both, "w", encoding="utf-8") as f:
        for path in (cert, key):
            with open(path, encoding="utf-8") as part:
                f.write(part.read())
    with open(cert, encoding="utf-8") as f:
        return f.read(), out.stdout.split("=")[1].strip().replace(":", "").lower(), both


def trusted_ca(mirror):
    pem, fingerprint, both = certificate(mirror.dir, "lab-root")
    other, other_fingerprint, _ = certificate(mirror.dir, "other-root")
    server = http.server.HTTPServer(("127.0.0.1", 0), Roots)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url, Roots.pem = f"https://127.0.0.1:{server.server_port}", pem.encode()
    use = f'ca_url = "{url}", fingerprint = "{fingerprint}"'
    with Tree(mirror) as tree:
        twice(tree, "trusted-ca", use)
        expect(tree.read("/usr/local/share/ca-certificates/phx-lab.crt") == pem, "the certificate")
        tree.run("curl", "-fsS", "--resolve", f"lab-root:{server.server_port}:127.0.0.1", f"https://lab-root:{server.server_port}/roots.pem")
    with Tree(mirror) as tree:  # the first one is taken, another one never
        said = twice(tree, "trusted-ca", f'ca_url = "{url}"')
        expect(fingerprint in said, said)
        Roots.pem = other.encode()
        said = run(tree, "trusted-ca", f'ca_url = "{url}"', 65)
        expect(fingerprint in said and other_fingerprint in said, said)
        expect(tree.read("/usr/local/share/ca-certificates/phx-lab.crt") == pem, "the old one is still there")
        Roots.pem = pem.encode()
    with Tree(mirror) as tree:
        tree.write("/mnt/root_ca.crt", pem)
        twice(tree, "trusted-ca", f'file = "/mnt/root_ca.crt", fingerprint = "{fingerprint}", name = "a"')
        twice(tree, "trusted-ca", f'certificate = {json.dumps(other)}, name = "b"')
        expect(tree.exists("/etc/ssl/certs/phx-a.pem") and tree.exists("/etc/ssl/certs/phx-b.pem"), "both are trusted")
    refused(mirror, "trusted-ca", f'ca_url = "{url}", fingerprint = "{other_fingerprint}"', 65, [fingerprint, "it is not trusted"], good=use)
    refused(mirror, "trusted-ca", 'ca_url = "https://127.0.0.1:9", wait = 1s', 69, ["https://127.0.0.1:9 does not answer"], good=use)
    refused(mirror, "trusted-ca", 'file = "/mnt/none.crt", wait = 1s', 69, ["/mnt/none.crt does not appear"], good=use)
    refused(mirror, "trusted-ca", 'certificate = "hello"', 65, ["no PEM certificate"], good=use)
    common(mirror, "trusted-ca", use)


def step_use(mirror, more=""):
    return f'url = "file:///srv/mirror/step", sha256 = []{more}'


def step_cli(mirror):
    use = step_use(mirror, ', ca_url = "https://10.0.0.10:9000"')
    with Tree(mirror) as tree:
        twice(tree, "step-cli", use)
        expect("CLI/0.28.3" in tree.run("step", "version"), "step runs")
        expect(json.loads(tree.read("/root/.step/config/defaults.json"))["ca-url"] == "https://10.0.0.10:9000", "its CA")
        twice(tree, "step-cli", step_use(mirror, ', version = "0.29.0"').replace("sha256 = []", f'sha256 = ["{ARCH} {mirror.step_sum}"]'))
        expect("CLI/0.29.0" in tree.run("step", "version"), "another version")
    wrong = f'url = "file:///srv/mirror/step", sha256 = ["{ARCH} {"0" * 64}"]'
    refused(mirror, "step-cli", wrong, 65, ["wrong checksum", "0" * 64, "nothing of it was used"], good=use)
    with Tree(mirror) as tree:
        run(tree, "step-cli", wrong, 65)
        expect(not tree.exists("/usr/local/bin/step"), "what has the wrong checksum is not installed")
    refused(mirror, "step-cli", f'url = "{NOWHERE}"', 69, [NOWHERE, "cannot be fetched"], good=use)
    refused(mirror, "step-cli", step_use(mirror, ', version = "9.9.9"'), 69, ["v9.9.9", "cannot be fetched"], good=use)
    common(mirror, "step-cli", use)


def step_ca(mirror):
    use = 'url = "file:///srv/mirror/step-ca", names = ["ca.lab", "10.0.0.10"], publish = "/srv/ca"'
    secrets["password"] = "correct horse"
    with Tree(mirror) as tree:
        run(tree, "step-cli", step_use(mirror))
        said = twice(tree, "step-ca", use + ', password = "correct horse"')
        expect("correct horse" not in said, "the password is not said")
        config = json.loads(tree.read("/etc/step-ca/config/ca.json"))
        expect(config["address"] == ":9000" and "ca.lab" in config["dnsNames"] and "10.0.0.10" in config["dnsNames"], str(config))
        expect([p["type"] for p in config["authority"]["provisioners"]] == ["JWK", "ACME"], str(config))
        expect(config["db"] == {"type": "badgerv2"}, "the rest of it stays")
        for path in ("/etc/step-ca/password.txt", "/etc/step-ca/secrets/root_ca_key", "/etc/step-ca/config/ca.json"):
            expect(tree.mode(path) == "600" and tree.owner(path) == "step:step", f"{path}: {tree.mode(path)} {tree.owner(path)}")
        expect(tree.read("/srv/ca/root_ca.crt") == tree.read("/etc/step-ca/certs/root_ca.crt"), "the certificate is handed on")
        expect("password" not in tree.read("/etc/systemd/system/step-ca.service").replace("password.txt", "").replace("password-file", ""), "")
        key = tree.read("/etc/step-ca/secrets/root_ca_key")
        twice(tree, "step-ca", use + ', password = "correct horse", acme = false, port = 443, certificate_duration = 90d')
        config = json.loads(tree.read("/etc/step-ca/config/ca.json"))
        expect(config["address"] == ":443" and len(config["authority"]["provisioners"]) == 1, str(config))
        expect(config["authority"]["claims"]["defaultTLSCertDuration"] == "7776000s", str(config))
        expect(tree.read("/etc/step-ca/secrets/root_ca_key") == key, "the CA is made once")
        secrets["password"] = "another"
        said = run(tree, "step-ca", use + ', password = "another"', 64)
        expect("has another password" in said and "another" not in said.replace("has another password", ""), said)
        expect(tree.read("/etc/step-ca/secrets/root_ca_key") == key, "and never lost")
    with Tree(mirror) as tree:  # without a password one is made, and kept
        run(tree, "step-cli", step_use(mirror))
        twice(tree, "step-ca", use)
        expect(len(tree.read("/etc/step-ca/password.txt").strip()) == 32, "a password")
    refused(mirror, "step-ca", use, 71, ["the command `step` is missing"])
    with_step = lambda tree: run(tree, "step-cli", step_use(mirror))
    refused(mirror, "step-ca", f'url = "{NOWHERE}"', 69, ["cannot be fetched"], with_step, good=use)
    refused(mirror, "step-ca", use + ', name = "x"', 74, ["step ca init failed", "broken"], good=None, prepare=lambda tree: (
        tree.write("/usr/local/bin/step", "#!/bin/sh\nmkdir -p $STEPPATH/certs\necho broken >&2\nexit 1\n", 0o755)))
    common(mirror, "step-ca", use)


def traefik(mirror):
    use = 'url = "file:///srv/mirror/traefik"'
    lab = use + ', ca_server = "https://10.0.0.10:9000/acme/acme/directory", email = "me@lab", ca_certificate = "/mnt/root.crt"'

    def with_root(tree):
        tree.write("/mnt/root.crt", "root")

    with Tree(mirror) as tree:
        with_root(tree)
        twice(tree, "traefik", lab)
        config = tree.read("/etc/traefik/traefik.yml")
        expect('caServer: "https://10.0.0.10:9000/acme/acme/directory"' in config and "certResolver: site" in config, config)
        expect("LEGO_CA_CERTIFICATES=/mnt/root.crt" in tree.read("/etc/systemd/system/traefik.service"), "its CA vouches")
        expect(tree.mode("/var/lib/traefik") == "700" and tree.owner("/var/lib/traefik") == "traefik:traefik", "keys are its own")
        expect(tree.run("traefik", "version") == "traefik\n", "it runs")
        out = tree.run("python3", "-c", "import sys; print(len(sys.stdin.read()))", input=config)
        expect(int(out) > 100, "")
        twice(tree, "traefik", use + ", dashboard = true")
        expect("caServer" not in tree.read("/etc/traefik/traefik.yml"), "without a CA no resolver")
        expect("LEGO" not in tree.read("/etc/systemd/system/traefik.service"), "")
    refused(mirror, "traefik", lab, 64, ["/mnt/root.crt is missing", "feature.trusted-ca"], good=use)
    refused(mirror, "traefik", f'url = "{NOWHERE}"', 69, ["cannot be fetched"], good=use)
    refused(mirror, "traefik", use + f', sha256 = ["{ARCH} {"1" * 64}"]', 65, ["wrong checksum"], good=use)
    common(mirror, "traefik", use)


# --- GPUs and models ---

def loaded_driver(version):
    """The kernel's word that a driver is loaded: /proc/driver/nvidia/version."""
    def prepare(tree):
        tree.write("/srv/driver/nvidia/version", f"NVRM version: NVIDIA UNIX {MACHINE} Kernel Module  {version}  Tue Apr  8\nGCC version: 12\n")
        subprocess.run(["mount", "--bind", tree.path("/srv/driver"), tree.path("/proc/driver")], check=True)
    return prepare


def nvidia(mirror):
    url = 'url = "file:///srv/mirror/nvidia"'
    with Tree(mirror) as tree:
        loaded_driver("550.163.01")(tree)
        twice(tree, "nvidia", url)
        expect("550.163.01" in tree.run("nvidia-smi"), "the host's version")
        options = tree.read("/var/lib/nvidia-installer-options")
        expect("--no-kernel-modules" in options and "--silent" in options, options)
        tree.write("/srv/driver/nvidia/version", f"NVRM version: NVIDIA UNIX Open Kernel Module for {MACHINE}  570.10  Release Build\n")
        twice(tree, "nvidia", url + f', cuda = "12-8", cuda_url = "file:///srv/mirror/cuda", cuda_key_fingerprint = "{mirror.fingerprint}"')
        expect("570.10" in tree.run("nvidia-smi"), "the host was updated: the container follows")
        expect(tree.run("dpkg-query", "-W", "cuda-toolkit-12-8").split()[1] == "1.0", "the toolkit")
    vm = {"PHX_GUEST_KIND": "vm"}
    with Tree(mirror) as tree:
        twice(tree, "nvidia", url + ', version = "550.163.01"', vm)
        options = tree.read("/var/lib/nvidia-installer-options")
        expect("--dkms" in options and "--no-kernel-modules" not in options, options)
        expect("blacklist nouveau" in tree.read("/etc/modprobe.d/phx-nvidia.conf"), "the free driver is out of the way")
    with Tree(mirror) as tree:
        twice(tree, "nvidia", 'packages = ["hello-phx"]', vm)
    refused(mirror, "nvidia", url, 78, ["/proc/driver/nvidia/version", "is it loaded there"])
    refused(mirror, "nvidia", url + ', version = "535.1"', 64, ["535.1", "the host's driver is 550.163.01"], loaded_driver("550.163.01"), good=url)
    refused(mirror, "nvidia", f'url = "{NOWHERE}"', 69, ["cannot be fetched"], loaded_driver("550.163.01"), good=url)
    refused(mirror, "nvidia", url, 69, ["cannot be fetched"], loaded_driver("999.1"))
    refused(mirror, "nvidia", url + f', sha256 = "{"2" * 64}"', 65, ["wrong checksum"], loaded_driver("550.163.01"), good=url)
    common(mirror, "nvidia", url)


def ollama(mirror):
    use = 'url = "file:///srv/mirror/ollama", host = "0.0.0.0:11434", models = ["llama3.1:8b"]'
    with Tree(mirror) as tree:
        said = twice(tree, "ollama", use)
        expect("models are fetched once ollama runs: llama3.1:8b" in said, said)
        expect(tree.run("ollama", "--version") == "0.5.7\n", "it runs")
        unit = tree.read("/etc/systemd/system/ollama.service")
        expect("OLLAMA_HOST=0.0.0.0:11434 OLLAMA_MODELS=/var/lib/ollama/models OLLAMA_KEEP_ALIVE=300s" in unit, unit)
        expect(tree.owner("/var/lib/ollama/models") == "ollama:ollama", "")
        twice(tree, "ollama", use + ', version = "0.6.0"')
        expect(tree.run("ollama") == "0.6.0\n" and tree.read("/opt/ollama/lib/ollama/libx.so") == "0.6.0", "another version, whole")
    refused(mirror, "ollama", f'url = "{NOWHERE}"', 69, ["cannot be fetched"], good=use)
    refused(mirror, "ollama", use + f', sha256 = ["{ARCH} {"3" * 64}"]', 65, ["wrong checksum"], good=use)
    common(mirror, "ollama", use)


INDEX = 'index_url = "file:///srv/mirror/pypi"'


def vllm(mirror):
    use = f'model = "Qwen/Qwen2.5-7B-Instruct-AWQ", quantization = "awq_marlin", max_model_len = 8192, {INDEX}'
    secrets["hf_token"] = "hf_secret"
    with Tree(mirror) as tree:
        said = twice(tree, "vllm", use + ', hf_token = "hf_secret", args = ["--enable-prefix-caching", "--override", "50% of \\"it\\""]')
        expect("hf_secret" not in said, "the token is not said")
        expect(tree.run("/opt/vllm/bin/vllm") == "vllm 0.6.6\n", "it runs")
        unit = tree.read("/etc/systemd/system/vllm.service")
        expect('serve "Qwen/Qwen2.5-7B-Instruct-AWQ" "--host" "0.0.0.0" "--port" "8000"' in unit, unit)
        expect('"--quantization" "awq_marlin" "--max-model-len" "8192"' in unit and '"--override" "50%% of \\"it\\""' in unit, unit)
        expect("hf_secret" not in unit and tree.mode("/etc/vllm/secrets.env") == "600", "the token is in a file of its own")
        expect(tree.read("/etc/vllm/secrets.env") == "HF_TOKEN=hf_secret\n", "")
        secrets["hf_token"] = ""
        first = os.readlink(tree.path("/opt/vllm"))
        twice(tree, "vllm", use + ', version = "0.7.0"')
        expect(tree.run("/opt/vllm/bin/vllm") == "vllm 0.7.0\n" and not tree.exists(first), "the old one makes room")
        expect(not tree.exists("/etc/vllm/secrets.env"), "no token, no file")
        # What cannot be fetched leaves the one that is there whole.
        said = run(tree, "vllm", use + ', version = "9.9.9"', 69)
        expect("vllm==9.9.9" in said and tree.run("/opt/vllm/bin/vllm") == "vllm 0.7.0\n", said)
        right, wrong = (f"vllm==0.6.6 --hash=sha256:{digest}" for digest in (mirror.wheels["vllm==0.6.6"], "4" * 64))
        said = run(tree, "vllm", use + f', requirements = "{wrong}"', 65)
        expect("wrong checksum" in said, said)
        run(tree, "vllm", use + f', requirements = "{right}"')
        tree.usable()
    refused(mirror, "vllm", INDEX, 64, ["the parameter model"])
    refused(mirror, "vllm", f'model = "m", index_url = "{NOWHERE}"', 69, [NOWHERE, "cannot be made"])
    common(mirror, "vllm", use)


def python_api_service(mirror):
    use = f'{INDEX}, environment = ["MODE=lab"], port = 8080'
    secrets["secrets"] = "TOKEN=xyzzy"

    def app(tree):
        tree.write("/srv/app/main.py", "app = None\n")
        tree.write("/srv/app/requirements.txt", "fastapi==0.115.0\n")

    with Tree(mirror) as tree:
        app(tree)
        said = twice(tree, "python-api-service", use + ', secrets = "TOKEN=xyzzy"')
        expect("xyzzy" not in said, "secrets are not said")
        expect(tree.run("/opt/python-api/bin/uvicorn") == "uvicorn 0.34.0\n", "uvicorn runs")
        tree.run("/opt/python-api/bin/python", "-c", "import fastapi")
        unit = tree.read("/etc/systemd/system/python-api.service")
        expect("--port 8080 --workers 1 main:app" in unit and "xyzzy" not in unit, unit)
        expect(tree.read("/etc/python-api/secrets") == "TOKEN=xyzzy\n" and tree.mode("/etc/python-api/secrets") == "600", "")
        tree.write("/srv/app/main.py", "app = 1\n")
        expect("python-api-service: done" in run(tree, "python-api-service", use + ', secrets = "TOKEN=xyzzy"'), "a new source is noticed")
        tree.write("/srv/app/requirements.txt", "fastapi==9\n")
        said = run(tree, "python-api-service", use, 69)
        expect("fastapi==9" in said and tree.run("/opt/python-api/bin/uvicorn") == "uvicorn 0.34.0\n", said)
    refused(mirror, "python-api-service", use, 64, ["/srv/app is missing"])
    refused(mirror, "python-api-service", f'index_url = "{NOWHERE}"', 69, ["cannot be made"], app)
    common(mirror, "python-api-service", use)


# --- with Debian's own packages ---

def genuine(_):
    with Tree(network=True) as tree:
        done = subprocess.run(["chroot", tree.root, "apt-get", "update", "-q", "-o", "APT::Update::Error-Mode=any", "-o", "Acquire::Retries=1"],
                              capture_output=True, text=True)
        if done.returncode:
            print(f"skipped: the package mirror is not reachable: {done.stderr.strip()[-300:]}")
            sys.exit(77)
        vm = {"PHX_GUEST_KIND": "vm"}
        twice(tree, "nfs-client", 'idmap_domain = "lab.internal"', vm)
        expect("nfs" in tree.run("mount.nfs", "-V"), "mount.nfs runs")
        expect(re.findall("(?m)^Domain.*$", tree.read("/etc/idmapd.conf")) == ["Domain = lab.internal"], tree.read("/etc/idmapd.conf"))
        twice(tree, "qemu-guest-agent", env=vm)
        expect("QEMU Guest Agent" in tree.run("qemu-ga", "--version"), "qemu-ga runs")


CASES = {f.__name__.replace("_", "-"): f for f in (base_setup, docker, nfs_client, qemu_guest_agent, trusted_ca, step_cli, step_ca, traefik,
                                                   nvidia, ollama, vllm, python_api_service, genuine)}


def main():
    names = sorted(name[:-4] for name in os.listdir(FEATURES) if name.endswith(".phx"))
    expect(names == sorted(set(CASES) - {"genuine"}), f"features without a test, or the other way round: {names}")
    case = sys.argv[1]
    enter_namespaces(network=case == "genuine")
    directory = tempfile.mkdtemp(prefix="phx-mirror-")
    try:
        CASES[case](None if case == "genuine" else Mirror(directory))
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(f"{case}: passed")


main()

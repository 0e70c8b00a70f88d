"""What the scripts download, made small: package sources with packages, signed where they must be, release archives, an index of
Python packages. The packages do what the scripts look at, and nothing else."""
import hashlib
import io
import os
import re
import subprocess
import tarfile
import zipfile

ARCH = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True).stdout.strip()
MACHINE = {"amd64": "x86_64", "arm64": "aarch64"}.get(ARCH, ARCH)

UNIT = "[Unit]\nDescription=test\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n"

STEP = """#!/bin/sh
# Does what step-ca.sh asks of step.
set -eu
case "$1 ${2:-}" in
'version '*) echo 'Smallstep CLI/VERSION (linux)' ;;
'ca init')
  shift 2
  while [ $# -gt 0 ]; do
    case $1 in
    --name) name=$2 ;;
    --dns) dns=$2 ;;
    --address) address=$2 ;;
    --provisioner) provisioner=$2 ;;
    --password-file | --provisioner-password-file) [ -s "$2" ] || exit 9 ;;
    --deployment-type) ;;
    *) echo "unknown option $1" >&2; exit 8 ;;
    esac
    shift 2
  done
  mkdir -p "$STEPPATH/certs" "$STEPPATH/secrets" "$STEPPATH/config" "$STEPPATH/db"
  printf -- '-----BEGIN CERTIFICATE-----\\n%s\\n-----END CERTIFICATE-----\\n' "$(printf '%s' "$name" | base64)" >"$STEPPATH/certs/root_ca.crt"
  date +%N >"$STEPPATH/secrets/root_ca_key"
  chmod 0644 "$STEPPATH/secrets/root_ca_key"
  printf '{"root": "%s", "address": "%s", "dnsNames": ["%s"], "db": {"type": "badgerv2"}, "authority": {"provisioners": [{"type": "JWK", "name": "%s"}]}}\\n' \\
    "$STEPPATH/certs/root_ca.crt" "$address" "$dns" "$provisioner" >"$STEPPATH/config/ca.json"
  ;;
'certificate fingerprint') sha256sum "$3" | cut -d ' ' -f 1 ;;
*) echo "unknown command $*" >&2; exit 7 ;;
esac
"""

INSTALLER = """#!/bin/sh
# Does what nvidia.sh asks of NVIDIA's installer.
echo "$@" >/var/lib/nvidia-installer-options
printf '#!/bin/sh\\necho "NVIDIA System Management Interface -- vVERSION"\\n' >/usr/bin/nvidia-smi
chmod 0755 /usr/bin/nvidia-smi
"""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Mirror:
    def __init__(self, directory):
        self.dir = directory
        self.home = os.path.join(directory, "gnupg")
        os.makedirs(self.home, mode=0o700)
        self.fingerprint = self.make_key()
        self.debian()
        self.docker()
        self.cuda()
        self.releases()
        self.python()

    def path(self, *parts):
        path = os.path.join(self.dir, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def put(self, data, *parts):
        with open(self.path(*parts), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())

    # --- packages ---

    def make_key(self):
        def gpg(*args):
            return subprocess.run(["gpg", "--homedir", self.home, "--batch", "--quiet", "--pinentry-mode", "loopback",
                                   "--passphrase", "", *args], capture_output=True, check=True).stdout
        gpg("--quick-generate-key", "phx tests <tests@invalid>", "ed25519", "sign", "never")
        self.key = gpg("--armor", "--export")
        found = re.search(r"^fpr:+([0-9A-F]{40}):", gpg("--with-colons", "--list-keys").decode(), re.M)
        return found.group(1)

    def package(self, repository, name, version="1.0", files=None, postinst=None, zeros=0, depends=None):
        """A .deb in the repository's directory; `zeros`: MiB of a file that compresses to nothing."""
        tree = self.path("build", f"{name}_{version}", "DEBIAN", "control")
        root = os.path.dirname(os.path.dirname(tree))
        more = f"Depends: {depends}\n" if depends else ""
        with open(tree, "w", encoding="utf-8") as f:
            f.write(f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: phx tests <tests@invalid>\n{more}"
                    "Description: stands in for the real one\n")
        for path, content in (files or {}).items():
            self.put(content, root + path)
            os.chmod(root + path, 0o755 if content.startswith("#!") else 0o644)
        if zeros:
            self.put(b"", root, "usr/lib", name, "zeros")
            os.truncate(os.path.join(root, "usr/lib", name, "zeros"), zeros << 20)
        if postinst:
            self.put("#!/bin/sh\nset -e\n" + postinst, root, "DEBIAN", "postinst")
            os.chmod(os.path.join(root, "DEBIAN", "postinst"), 0o755)
        os.chmod(os.path.join(root, "DEBIAN"), 0o755)
        target = self.path(*repository, f"{name}_{version}_all.deb")
        subprocess.run(["dpkg-deb", "-Zgzip", "--root-owner-group", "--build", root, target], check=True, capture_output=True)

    def index(self, pool, prefix):
        """The Packages text of all .deb files in a directory."""
        out = []
        for name in sorted(os.listdir(pool)):
            if not name.endswith(".deb"):
                continue
            path = os.path.join(pool, name)
            control = subprocess.run(["dpkg-deb", "-f", path], capture_output=True, text=True, check=True).stdout
            with open(path, "rb") as f:
                data = f.read()
            out.append(f"{control}Filename: {prefix}{name}\nSize: {len(data)}\nSHA256: {sha256(data)}\n")
        return "\n".join(out) + "\n"

    def release(self, directory, files, fields, sign):
        text = fields + "Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n"
        for name, data in files.items():
            self.put(data, directory, name)
            text += f" {sha256(data.encode())} {len(data.encode())} {name}\n"
        self.put(text, directory, "Release")
        if sign:
            subprocess.run(["gpg", "--homedir", self.home, "--batch", "--yes", "--clearsign", "-o", self.path(directory, "InRelease"),
                            self.path(directory, "Release")], check=True, capture_output=True)

    def debian(self):
        at = ("debian",)
        self.package(at, "unattended-upgrades")
        self.package(at, "hello-phx", files={"/usr/bin/hello-phx": "#!/bin/sh\necho hello\n"})
        self.package(at, "docker.io", files={"/usr/bin/docker": "#!/bin/sh\necho debian\n", "/lib/systemd/system/docker.service": UNIT},
                     postinst="getent group docker >/dev/null || groupadd --system docker\n")
        self.package(at, "nfs-common", files={"/sbin/mount.nfs": "#!/bin/sh\n", "/lib/systemd/system/nfs-client.target":
                                              "[Unit]\nDescription=nfs\n[Install]\nWantedBy=multi-user.target\n",
                                              "/etc/idmapd.conf": "[General]\n\nVerbosity = 0\n# Domain = localdomain\n\n[Mapping]\n\nNobody-User = nobody\n"})
        self.package(at, "qemu-guest-agent", files={"/usr/sbin/qemu-ga": "#!/bin/sh\n", "/lib/systemd/system/qemu-guest-agent.service":
                                                    UNIT.replace("[Install]\nWantedBy=multi-user.target\n", "")})
        self.package(at, "huge-phx", zeros=400)
        for name in (f"linux-headers-{ARCH}", "build-essential", "dkms"):
            self.package(at, name)
        self.release("debian", {"Packages": self.index(self.path("debian", ""), "./")}, "", False)

    def docker(self):
        """As download.docker.com/linux: one part for each channel."""
        for channel in ("stable", "test"):
            pool = ("docker", "debian", "pool", channel)
            self.package(pool, "docker-ce", "5:27.0", files={"/lib/systemd/system/docker.service": UNIT},
                         postinst="getent group docker >/dev/null || groupadd --system docker\n")
            self.package(pool, "docker-ce-cli", "5:27.0", files={"/usr/bin/docker": f"#!/bin/sh\necho {channel}\n"})
            for name in ("containerd.io", "docker-buildx-plugin", "docker-compose-plugin"):
                self.package(pool, name)
        files = {f"{channel}/binary-{ARCH}/Packages": self.index(self.path("docker", "debian", "pool", channel, ""), f"pool/{channel}/")
                 for channel in ("stable", "test")}
        for suite in ("bullseye", "bookworm", "trixie"):
            self.release(os.path.join("docker", "debian", "dists", suite), files,
                         f"Suite: {suite}\nCodename: {suite}\nComponents: stable test\nArchitectures: {ARCH}\n", True)
        self.put(self.key, "docker", "debian", "gpg")

    def cuda(self):
        for release in ("debian11", "debian12", "debian13"):
            base = os.path.join("cuda", release, {"amd64": "x86_64", "arm64": "sbsa"}.get(ARCH, ARCH))
            self.package((base,), "cuda-toolkit-12-8")
            self.release(base, {"Packages": self.index(self.path(base, ""), "./")}, "Origin: NVIDIA\n", True)
            self.put(self.key, base, self.fingerprint[-8:].lower() + ".pub")

    # --- archives ---

    def archive(self, files, *parts):
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w:gz") as tar:
            for name, text in files.items():
                info = tarfile.TarInfo(name)
                info.size, info.mode = len(text.encode()), 0o755
                tar.addfile(info, io.BytesIO(text.encode()))
        self.put(data.getvalue(), *parts)
        return sha256(data.getvalue())

    def sums(self, pairs, *parts):
        self.put("".join(f"{digest}  {name}\n" for name, digest in pairs), *parts)

    def releases(self):
        for version in ("0.28.3", "0.29.0"):
            name = f"step_linux_{version}_{ARCH}.tar.gz"
            self.step_sum = self.archive({f"step_{version}/bin/step": STEP.replace("VERSION", version)}, "step", f"v{version}", name)
            self.sums([("other.tar.gz", "0" * 64), (name, self.step_sum)], "step", f"v{version}", "checksums.txt")
        name = f"step-ca_linux_0.28.3_{ARCH}.tar.gz"
        self.sums([(name, self.archive({"step-ca_0.28.3/step-ca": "#!/bin/sh\n"}, "step-ca", "v0.28.3", name))],
                  "step-ca", "v0.28.3", "checksums.txt")
        name = f"traefik_v3.1.4_linux_{ARCH}.tar.gz"
        self.sums([("./" + name, self.archive({"traefik": "#!/bin/sh\necho traefik\n", "LICENSE.md": "free"}, "traefik", "v3.1.4", name))],
                  "traefik", "v3.1.4", "traefik_v3.1.4_checksums.txt")
        for version in ("0.5.7", "0.6.0"):
            name = f"ollama-linux-{ARCH}.tgz"
            self.sums([("./" + name, self.archive({"bin/ollama": f"#!/bin/sh\necho {version}\n", "lib/ollama/libx.so": version},
                                                  "ollama", f"v{version}", name))], "ollama", f"v{version}", "sha256sum.txt")
        for version in ("550.163.01", "570.10"):
            run = f"NVIDIA-Linux-{MACHINE}-{version}.run"
            text = INSTALLER.replace("VERSION", version)
            self.put(text, "nvidia", f"Linux-{MACHINE}", version, run)
            self.sums([(run, sha256(text.encode()))], "nvidia", f"Linux-{MACHINE}", version, run + ".sha256sum")

    # --- Python packages ---

    def wheel(self, name, version):
        file = f"{name}-{version}-py3-none-any.whl"
        data = io.BytesIO()
        info = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(data, "w") as z:
            z.writestr(f"{name}/__init__.py", f"def main():\n    print('{name} {version}')\n")
            z.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            z.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            z.writestr(f"{info}/entry_points.txt", f"[console_scripts]\n{name} = {name}:main\n")
            z.writestr(f"{info}/RECORD", f"{name}/__init__.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/entry_points.txt,,\n{info}/RECORD,,\n")
        self.put(data.getvalue(), "pypi", name, file)
        return file, sha256(data.getvalue())

    def python(self):
        self.wheels = {}
        for name, versions in {"vllm": ("0.6.6", "0.7.0"), "uvicorn": ("0.34.0",), "fastapi": ("0.115.0",)}.items():
            links = ""
            for version in versions:
                file, digest = self.wheel(name, version)
                self.wheels[f"{name}=={version}"] = digest
                links += f'<a href="{file}#sha256={digest}">{file}</a>\n'
            self.put(f"<html><body>{links}</body></html>", "pypi", name, "index.html")

"""The Containerfile: its instructions, what it copies and installs, and (its steps done in a directory) that what it installs is
a phx that finds its own files."""
import os
import re
import shutil
import subprocess
import tempfile

from forge import KIT
from phxtest import PHX, SOURCE, check, same, skip

INSTRUCTIONS = {"FROM", "RUN", "COPY", "ENTRYPOINT", "CMD", "WORKDIR", "ENV", "USER", "ARG", "LABEL"}


def instructions():
    with open(os.path.join(KIT, "Containerfile"), encoding="utf-8") as f:
        text = re.sub(r"(?m)^#.*\n", "", f.read())
    return [line.split(None, 1) for line in re.sub(r"\\\n", " ", text).splitlines() if line.strip()]


def stages(lines):
    out = []
    for word, rest in lines:
        check(word in INSTRUCTIONS, f"unknown instruction {word}")
        if word == "FROM":
            out.append((rest.split()[-1] if " AS " in rest else None, []))
        else:
            out[-1][1].append((word, rest))
    return out


def packages(stage):
    words = []
    for word, rest in stage:
        m = word == "RUN" and re.search(r"apt-get install -y --no-install-recommends ([^&]*)&&", rest)
        words += m.group(1).split() if m else []
    return set(words)


def build_packages():
    with open(os.path.join(SOURCE, "etc", "build", "packages.sh"), encoding="utf-8") as f:
        return set(re.search(r'phx_build_packages="([^"]*)"', f.read()).group(1).split())


def what_it_says():
    (name, build), (last, run) = stages(instructions())
    same((name, last), ("build", None), "stages")
    same(packages(build), build_packages(), "packages of the build, as etc/build/packages.sh has them")
    for word, rest in build + run:
        if word == "COPY" and not rest.startswith("--from"):
            check(os.path.exists(os.path.join(SOURCE, rest.split()[0])), "COPY of what is not there: " + rest)
        if word == "COPY" and rest.startswith("--from"):
            same(rest.split()[0], "--from=build", "stage that is copied from")
    scripts = ""
    for script in os.listdir(os.path.join(KIT, "shell")):
        with open(os.path.join(KIT, "shell", script), encoding="utf-8") as f:
            scripts += f.read()
    for program, package in (("gh", "gh"), ("jq", "jq"), ("curl", "curl"), ("unzip", "unzip")):
        check(re.search(rf"\b{program} ", scripts) and package in packages(run), f"{program} is used, or installed, in vain")
    return packages(run)


def libraries(installed):
    """Every library that the program names comes from a package of the image (Debian only)."""
    if not shutil.which("readelf") or not shutil.which("dpkg"):
        return
    text = subprocess.run(["readelf", "-d", PHX], capture_output=True, text=True, check=True).stdout
    needed = re.findall(r"Shared library: \[([^\]]*)\]", text)
    check(needed, "the program needs no library at all")
    for lib in needed:
        if re.match(r"lib(c|m|gcc_s|asan|ubsan|clang_rt.*)\.so|ld-", lib):
            continue
        where = subprocess.run(["dpkg", "-S", lib], capture_output=True, text=True)
        if where.returncode:
            continue
        owners = {line.split(":")[0] for line in where.stdout.splitlines()}
        check(owners & installed, f"{lib} is of {sorted(owners)}, which the image lacks")


def what_it_installs():
    build = os.environ.get("PHX_BUILD")
    if not build or not shutil.which("cmake"):
        skip("no build directory, or no cmake")
    out = tempfile.mkdtemp(prefix="phx-test-")
    try:
        done = subprocess.run(["cmake", "--install", build, "--prefix", os.path.join(out, "usr")], capture_output=True, text=True)
        same(done.returncode, 0, "cmake --install\n" + done.stdout + done.stderr)
        phx = os.path.join(out, "usr", "bin", "phx")
        env = {"PATH": os.environ["PATH"], "HOME": out, "LC_ALL": "C.UTF-8"}
        with open(os.path.join(out, "main.phx"), "w", encoding="utf-8") as f:
            f.write('vm a { id = 101; memory = 65GiB; disk = 1GiB; storage = "local"; tags = ["x"] }\n')
        run = subprocess.run([phx, "validate", "main.phx", "--policy", "standard", "--format", "sarif"], cwd=out, env=env,
                             capture_output=True, text=True)
        same(run.returncode, 3, "the installed phx with its own policies\n" + run.stderr)
        check("policy/memory-limit" in run.stdout, run.stdout)
        version = subprocess.run([phx, "version"], env=env, capture_output=True, text=True).stdout
        check(os.path.join(os.path.realpath(out), "usr", "share", "phx") in version, "it takes its files from elsewhere:\n" + version)
        check(os.path.isfile(os.path.join(out, "usr", "share", "man", "man1", "phx.1")), "no man page is installed")
    finally:
        shutil.rmtree(out, ignore_errors=True)


def main():
    libraries(what_it_says())
    what_it_installs()


if __name__ == "__main__":
    main()

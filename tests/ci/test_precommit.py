"""The hooks that keep mistakes out of a commit: what is staged is checked, and what is not staged does not count."""
import os
import re
import shlex
import shutil
import subprocess

import yaml
from forge import KIT, Forge, guests
from phxtest import check, same

BROKEN = guests(("web", 101, "1GiB")).replace("memory", "memroy")
UGLY = guests(("web", 101, "1GiB")).replace("  id      = 101", "  id=101")


def commit(forge, **env):
    done = subprocess.run(["git", "commit", "-q", "-m", "x"], cwd=forge.author, env=dict(forge.job_env, **env), capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def write_raw(forge, text):
    with open(os.path.join(forge.author, "infra", "main.phx"), "w", encoding="utf-8") as f:
        f.write(forge.head + text)


def the_plain_hook():
    with Forge() as forge:
        forge.config(guests(("web", 101, "1GiB")))
        shutil.copy(os.path.join(KIT, "pre-commit", "pre-commit"), os.path.join(forge.author, ".git", "hooks", "pre-commit"))
        forge.git("add", "-A")
        same(commit(forge)[0], 0, "a good commit")
        write_raw(forge, BROKEN)
        forge.git("add", "-A")
        status, text = commit(forge)
        check(status != 0 and "PHX0301" in text, "a mistake was committed: " + text)
        write_raw(forge, UGLY)
        forge.git("add", "-A")
        status, text = commit(forge)
        check(status != 0 and "run `phx fmt infra`" in text, "what is not in canonical form was committed: " + text)
        write_raw(forge, guests(("web", 101, "65GiB")))
        forge.phx("fmt", os.path.join(forge.author, "infra"))
        forge.git("add", "-A")
        status, text = commit(forge)
        check(status != 0 and "memory-limit" in text, "a policy did not count: " + text)
        same(commit(forge, PHX_POLICY_OPTIONS="")[0], 0, "the same without policies")
        # What is staged is good, what lies beside it is not.
        forge.config(guests(("web", 101, "3GiB")))
        forge.git("add", "-A")
        write_raw(forge, BROKEN)
        same(commit(forge)[0], 0, "a good commit beside a work tree with a mistake")
        forge.git("checkout", "-q", ".")
        # Nothing of the configuration is in it.
        with open(os.path.join(forge.author, "README"), "w", encoding="utf-8") as f:
            f.write("x\n")
        forge.git("add", "-A")
        same(commit(forge, PHX_BIN="false")[0], 0, "a commit without any configuration in it")


def the_hooks_of_the_framework():
    """Every hook's entry is run as pre-commit runs a `system` hook without file names."""
    with open(os.path.join(KIT, "pre-commit", ".pre-commit-config.yaml"), encoding="utf-8") as f:
        config = yaml.safe_load(f)
    same([r["repo"] for r in config["repos"]], ["local"], "repositories")
    hooks = config["repos"][0]["hooks"]
    for hook in hooks:
        check(set(hook) <= {"id", "name", "entry", "language", "files", "pass_filenames"}, f"unknown keys in {hook}")
        check({"id", "name", "entry", "language"} <= set(hook), f"keys are missing in {hook}")
        same((hook["language"], hook["pass_filenames"]), ("system", False), hook["id"])
        check(re.search(hook["files"], "infra/main.phx"), hook["id"] + " does not see .phx files")
    with Forge() as forge:
        def run(text, raw=False):
            (write_raw if raw else Forge.config)(forge, text)
            return [subprocess.run(shlex.split(h["entry"]), cwd=forge.author, env=forge.job_env, capture_output=True).returncode for h in hooks]
        same(run(guests(("web", 101, "1GiB"))), [0, 0], "a good configuration")
        same(run(UGLY, raw=True), [1, 0], "one that is not in canonical form")
        same(run(BROKEN, raw=True)[1], 1, "one with a mistake")
        same(run(guests(("web", 101, "65GiB")))[1], 3, "one that a policy refuses")


def main():
    the_plain_hook()
    the_hooks_of_the_framework()


if __name__ == "__main__":
    main()

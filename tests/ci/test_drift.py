"""Drift, at night: the script, cron's line, and the scheduled jobs of both kits."""
import os
import subprocess

import test_github
import test_gitlab
from forge import KIT, Desk, Forge
from phxtest import PHX, check, same, skip


def drift_is_told_once_it_is_there():
    with Desk() as desk:
        out, _ = desk.sh("drift.sh")
        same(out, "", "what is said without drift")
        desk.call("PUT", "/nodes/pve/qemu/101/config", memory="4096")
        out, _ = desk.sh("drift.sh", status=2, PHX_NOTIFY="cat >told.txt")
        check("memory" in out, out)
        with open(os.path.join(desk.author, "told.txt"), encoding="utf-8") as f:
            same(f.read(), out, "what the notification got")
        desk.kill_server()
        out, _ = desk.sh("drift.sh", status=1)
        check(out, "nothing is said when the cluster cannot be asked")


def the_cron_line_is_one():
    with open(os.path.join(KIT, "cron", "phx-drift"), encoding="utf-8") as f:
        lines = [line.strip() for line in f if line.strip() and not line.startswith("#")]
    jobs = [line for line in lines if "=" not in line.split()[0]]
    same(len(jobs), 1, "lines that run something")
    fields = jobs[0].split(None, 6)
    same((fields[:5], fields[5]), (["17", "3", "*", "*", "*"], "phx"), "when and who")
    command = fields[6]
    check("%" not in command, "cron makes new lines of %")
    with Desk() as desk:
        command = command.replace("/srv/infra", desk.author).replace("/etc/phx/drift.env", desk.path("drift.env")) \
            .replace("/var/lib/phx/drift", desk.path("state"))
        desk.write("drift.env", f"PHX_TOKEN='{desk.token}'\n")
        env = {k: v for k, v in desk.job_env.items() if k in ("PATH", "PHX_ETC", "HOME")}
        done = subprocess.run(["sh", "-c", command], env=env, text=True, capture_output=True, timeout=120)
        same((done.returncode, done.stdout, done.stderr), (0, "", ""), "cron's job without drift")
        desk.call("PUT", "/nodes/pve/qemu/101/config", memory="4096")
        done = subprocess.run(["sh", "-c", command], env=env, text=True, capture_output=True, timeout=120)
        same(done.returncode, 2, "cron's job with drift")
        check("memory" in done.stdout, done.stdout)


def on_github_it_is_one_issue_for_all_nights():
    with Forge() as forge:
        hub = test_github.start(forge)
        sha = forge.git("rev-parse", "origin/main")
        same(hub.run("phx-drift.yml", "schedule", sha, {})[0]["drift"], "success", "a night without drift")
        same(hub.load("issues"), [], "issues without drift")
        forge.call("PUT", "/nodes/pve/qemu/101/config", memory="4096")
        for _ in range(2):
            results, texts = hub.run("phx-drift.yml", "schedule", sha, {})
            same(results["drift"], "failure", "a night with drift\n" + texts["drift"])
        issues = hub.load("issues")
        same((len(issues), len(issues[0]["bodies"])), (1, 2), "issues, and what was said in them")
        check("memory" in issues[0]["bodies"][0], "the issue does not say what drifted:\n" + issues[0]["bodies"][0])


def on_gitlab_the_nightly_job_fails():
    with Forge() as forge:
        lab = test_gitlab.start(forge)
        sha = forge.git("rev-parse", "origin/main")
        night = {"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"}
        same(lab.run(sha, night)[0], {"drift": "success"}, "a night without drift")
        forge.call("PUT", "/nodes/pve/qemu/101/config", memory="4096")
        results, texts = lab.run(sha, night)
        same(results, {"drift": "failed"}, "a night with drift")
        check("memory" in texts["drift"], texts["drift"])
    lab.close()


def main():
    if "--refresh-only" not in subprocess.run([PHX, "plan", "--help"], capture_output=True, text=True).stdout:
        skip("this phx has no `plan --refresh-only`")
    drift_is_told_once_it_is_there()
    the_cron_line_is_one()
    on_github_it_is_one_issue_for_all_nights()
    on_gitlab_the_nightly_job_fails()


if __name__ == "__main__":
    main()

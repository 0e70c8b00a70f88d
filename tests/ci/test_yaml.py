"""The YAML of the kits against what the forges document: known keys, known values, jobs that exist, expressions where they may stand,
and no secret where a stranger's change is checked."""
import contextlib
import io
import os
import re

import yaml
from forge import KIT
from phxtest import check, fail, same

# docs.github.com, "Workflow syntax for GitHub Actions"
WORKFLOW = {"name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs"}
JOB = {"name", "permissions", "needs", "if", "runs-on", "environment", "concurrency", "outputs", "env", "defaults", "steps",
       "timeout-minutes", "strategy", "continue-on-error", "container", "services", "uses", "with", "secrets"}
STEP = {"id", "if", "name", "uses", "run", "working-directory", "shell", "with", "env", "continue-on-error", "timeout-minutes"}
SCOPES = {"actions", "attestations", "checks", "contents", "deployments", "discussions", "id-token", "issues", "packages", "pages",
          "pull-requests", "repository-projects", "security-events", "statuses"}
EVENTS = {"pull_request", "push", "schedule", "workflow_dispatch"}
# "Contexts": what may be asked where.
CONTEXTS = {
    "env": {"github", "secrets", "inputs", "vars"},
    "job.if": {"github", "needs", "vars", "inputs"},
    "job.env": {"github", "needs", "strategy", "matrix", "vars", "secrets", "inputs"},
    "job.container": {"github", "needs", "strategy", "matrix", "vars", "inputs"},
    "job.concurrency": {"github", "needs", "strategy", "matrix", "inputs", "vars"},
    "step.if": {"github", "needs", "strategy", "matrix", "job", "runner", "env", "vars", "steps", "inputs"},
    "step": {"github", "needs", "strategy", "matrix", "job", "runner", "env", "vars", "secrets", "steps", "inputs"},
}
# Parts of an event that nobody but the forge writes: they may stand in a script.
HARMLESS = {"github.event.pull_request.number", "github.token"}

# docs.gitlab.com, "CI/CD YAML syntax reference"
GL_GLOBAL = {"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script", "after_script"}
GL_DEFAULT = {"after_script", "artifacts", "before_script", "cache", "hooks", "id_tokens", "image", "interruptible", "retry", "services",
              "tags", "timeout"}
GL_JOB = GL_DEFAULT | {"allow_failure", "coverage", "dependencies", "environment", "extends", "inherit", "manual_confirmation", "needs",
                       "pages", "parallel", "release", "resource_group", "rules", "run", "script", "secrets", "stage", "trigger",
                       "variables", "when"}
GL_ARTIFACTS = {"access", "exclude", "expire_in", "expose_as", "name", "paths", "public", "reports", "untracked", "when"}
GL_REPORTS = {"terraform", "junit", "codequality", "sast", "dotenv", "coverage_report"}
GL_RULE = {"if", "changes", "exists", "allow_failure", "needs", "variables", "when", "interruptible"}
GL_WHEN = {"on_success", "on_failure", "never", "always", "manual", "delayed"}


def load(path):
    with open(os.path.join(KIT, path), encoding="utf-8") as f:
        text = f.read()
    check("\t" not in text, path + " has tabs")
    # YAML 1.1 takes `on` for a boolean; the forge does not.
    return {("on" if k is True else k): v for k, v in yaml.safe_load(text).items()}, text


def keys(where, value, allowed):
    check(isinstance(value, dict), where + " is no mapping")
    unknown = set(value) - allowed
    check(not unknown, f"{where} has unknown keys {sorted(unknown)}")


def expressions(where, value, place):
    """The names in ${{ }}; `if` needs no braces."""
    text = value if isinstance(value, str) else yaml.safe_dump(value)
    same(text.count("${{"), len(re.findall(r"\$\{\{[^{}]*\}\}", text)), f"braces of expressions in {where}")
    inside = [text] if place.endswith(".if") else re.findall(r"\$\{\{([^{}]*)\}\}", text)
    for one in inside:
        for name in re.findall(r"(?<![\w.'/-])([a-z]+)\.[\w.-]+", re.sub(r"'[^']*'", "''", one)):
            check(name in CONTEXTS[place], f"{where}: the context `{name}` is not there in {place}")
    return inside


def permissions(where, value):
    keys(where, value, SCOPES)
    check(set(value.values()) <= {"read", "write", "none"}, f"{where} has unknown values")


def github_step(where, step):
    keys(where, step, STEP)
    check(("uses" in step) != ("run" in step), where + " has to have `uses` or `run`")
    if "uses" in step:
        check(re.fullmatch(r"[\w.-]+/[\w./-]+@v?\d[\w.]*", step["uses"]), where + " names no version of its action")
    if "if" in step:
        expressions(where + ".if", step["if"], "step.if")
    for name in ("run", "env", "with"):
        found = expressions(f"{where}.{name}", step.get(name, ""), "step")
        if name == "run":
            for one in found:
                check(one.strip() in HARMLESS, f"{where}: `{one.strip()}` in a script is what its author says: give it by `env`")


def github_job(name, job, jobs):
    keys("job " + name, job, JOB)
    check("runs-on" in job and job.get("steps"), f"job {name} has no runner or no steps")
    needs = job.get("needs", [])
    for other in [needs] if isinstance(needs, str) else needs:
        check(other in jobs, f"job {name} needs {other}, which is none")
    if "permissions" in job:
        permissions(f"job {name}", job["permissions"])
    for key in ("if", "env", "container", "concurrency"):
        if key in job:
            expressions(f"job {name}.{key}", job[key], "job." + key)
    if "concurrency" in job:
        keys(f"job {name}.concurrency", job["concurrency"], {"group", "cancel-in-progress"})
    for i, step in enumerate(job["steps"]):
        github_step(f"job {name}, step {i + 1}", step)


def github(path):
    flow, _ = load(path)
    keys(path, flow, WORKFLOW)
    check(set(flow["on"]) <= EVENTS, path + " waits for unknown events")
    for when in flow["on"].get("schedule") or []:
        same(len(when["cron"].split()), 5, path + ": fields of its cron line")
    permissions(path, flow["permissions"])
    for name, job in flow["jobs"].items():
        github_job(name, job, flow["jobs"])
    return flow


def github_keeps_its_promises():
    flow = github("github/phx.yml")
    github("github/phx-drift.yml")
    check("pull_request_target" not in flow["on"], "a stranger's change would run with our secrets")
    check("secrets." not in yaml.safe_dump(flow["jobs"]["check"]), "the job for strangers reads secrets")
    apply = flow["jobs"]["apply"]
    same(apply["environment"], "production", "environment of apply")
    same(apply["concurrency"]["cancel-in-progress"], False, "an apply is cut off by the next")
    check("write" not in apply["permissions"].values(), "apply may write to the repository")
    for name in ("plan", "apply"):
        check("github.event_name" in flow["jobs"][name]["if"], f"job {name} runs for every event")


def gitlab_job(name, job, stages):
    keys("job " + name, job, GL_JOB)
    check(job["stage"] in stages, f"job {name} is in no stage")
    check(all(isinstance(line, str) for line in job["script"]), f"job {name}: a line of the script is no text (quote a `:`)")
    for rule in job.get("rules", []):
        keys(f"job {name}.rules", rule, GL_RULE)
        check(rule.get("when", "on_success") in GL_WHEN, f"job {name}: unknown `when`")
    artifacts = job.get("artifacts", {})
    keys(f"job {name}.artifacts", artifacts, GL_ARTIFACTS)
    keys(f"job {name}.artifacts.reports", artifacts.get("reports", {}), GL_REPORTS)
    check(artifacts.get("access", "all") in {"all", "developer", "maintainer", "none"}, f"job {name}: unknown access")
    check(artifacts.get("when", "on_success") in {"on_success", "on_failure", "always"}, f"job {name}: unknown `when` of artifacts")
    for path in artifacts.get("paths", []):
        check(not path.startswith("/"), f"job {name} keeps {path}, outside of the project")


def gitlab_keeps_its_promises():
    ci, _ = load("gitlab/.gitlab-ci.yml")
    jobs = {k: v for k, v in ci.items() if k not in GL_GLOBAL}
    keys("default", ci["default"], GL_DEFAULT)
    keys("workflow", ci["workflow"], {"name", "rules", "auto_cancel"})
    for name, job in jobs.items():
        gitlab_job(name, job, ci["stages"])
    same(sorted(jobs), ["apply", "check", "drift", "plan"], "jobs")
    same([r.get("when") for r in jobs["apply"]["rules"]], ["manual"], "apply starts by hand")
    same(jobs["apply"]["interruptible"], False, "an apply is cut off by the next")
    check(jobs["apply"]["resource_group"] and jobs["apply"]["environment"]["name"], "apply has no lock or no environment")
    check("terraform" in jobs["plan"]["artifacts"]["reports"], "the merge request shows no plan")
    check("PHX_TOKEN" not in yaml.safe_dump(jobs["check"]), "the job for strangers reads secrets")


def scripts_exist():
    """Every `ci/NAME.sh` that a job runs is a script of the kit, and every script is used or is for people."""
    used = set()
    for path in ("github/phx.yml", "github/phx-drift.yml", "gitlab/.gitlab-ci.yml", "cron/phx-drift"):
        with open(os.path.join(KIT, path), encoding="utf-8") as f:
            used |= set(re.findall(r"\bci/([\w-]+\.sh)", f.read()))
    there = set(os.listdir(os.path.join(KIT, "shell")))
    same(sorted(used - there), [], "scripts that jobs run and the kit lacks")
    same(sorted(there - used), [], "scripts that no job runs")


def the_checks_find_mistakes():
    """What is asked above would be found: a few broken pieces."""
    def refused(what, *args):
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                what(*args)
        except SystemExit:
            return
        fail(f"{what.__name__} lets {args} pass")
    good = {"runs-on": "x", "steps": [{"run": "true"}]}
    github_job("good", good, {})
    refused(github_job, "a", dict(good, runson="x"), {})
    refused(github_job, "a", dict(good, needs="b"), {})
    refused(github_job, "a", dict(good, steps=[{"run": "x", "uses": "a/b@v1"}]), {})
    refused(github_job, "a", dict(good, steps=[{"uses": "actions/checkout"}]), {})
    refused(github_job, "a", dict(good, steps=[{"run": "echo ${{ github.event.pull_request.title }}"}]), {})
    refused(github_job, "a", {**good, "if": "secrets.X != ''"}, {})
    refused(github_job, "a", dict(good, container="${{ secrets.X }}"), {})
    refused(github_job, "a", dict(good, env={"X": "${{ vars.X }"}), {})
    refused(gitlab_job, "a", {"stage": "x", "script": ["true"]}, ["y"])
    refused(gitlab_job, "a", {"stage": "y", "script": [{"echo a": "b"}]}, ["y"])
    refused(gitlab_job, "a", {"stage": "y", "script": ["true"], "artifact": {}}, ["y"])


def main():
    github_keeps_its_promises()
    gitlab_keeps_its_promises()
    scripts_exist()
    the_checks_find_mistakes()


if __name__ == "__main__":
    main()

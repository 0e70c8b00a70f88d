"""Runs the jobs of a GitHub workflow as far as a forge can be had on one machine: conditions and expressions are evaluated, every
`run` is run by bash in a fresh checkout, the four actions that the kit uses are played by functions, and `gh` is a program that keeps
its comments, runs and issues in files."""
import json
import os
import re
import shutil
import subprocess

import sarif
import yaml
from phxtest import check, fail

GH = r'''#!/usr/bin/env python3
"""The part of `gh` that the kit uses. State: $FORGE_STATE/{comments,runs,pulls,issues}.json and artifacts/RUN/NAME/."""
import json, os, shutil, subprocess, sys, urllib.parse
state = os.environ["FORGE_STATE"]
if not os.environ.get("GH_TOKEN"):
    sys.exit("gh: no GH_TOKEN")

def load(name):
    try:
        with open(os.path.join(state, name + ".json")) as f:
            return json.load(f)
    except FileNotFoundError:
        return []

def save(name, value):
    with open(os.path.join(state, name + ".json"), "w") as f:
        json.dump(value, f)

def parse(args, values, flags=()):
    words, options = [], {}
    args = list(args)
    while args:
        a = args.pop(0)
        if a in values:
            options[a] = args.pop(0)
        elif a in flags:
            options[a] = True
        elif a.startswith("-"):
            sys.exit(f"gh: unknown flag {a}")
        else:
            words.append(a)
    return words, options

def show(value, jq):
    if jq:
        done = subprocess.run(["jq", "-r", jq], input=json.dumps(value), text=True, capture_output=True)
        sys.stderr.write(done.stderr)
        sys.stdout.write(done.stdout)
        sys.exit(done.returncode)
    json.dump(value, sys.stdout)

def api(args):
    words, o = parse(args, ("--method", "--field", "--jq"), ("--paginate",))
    path, _, query = words[0].partition("?")
    query = dict(urllib.parse.parse_qsl(query))
    parts = path.split("/")[3:]
    method = o.get("--method", "POST" if "--field" in o else "GET")
    comments = load("comments")
    if method != "GET":
        key, _, value = o["--field"].partition("=")
        assert key == "body" and value.startswith("@"), value
        with open(value[1:], encoding="utf-8") as f:
            body = f.read()
        if len(body) > 65536:
            sys.exit("gh: body is too long (maximum is 65536 characters) (HTTP 422)")
    if method == "GET" and parts[0] == "issues" and parts[2] == "comments":
        return show([c for c in comments if c["number"] == int(parts[1])], o.get("--jq"))
    if method == "POST" and parts[0] == "issues" and parts[2] == "comments":
        comments.append({"id": 1000 + len(comments), "number": int(parts[1]), "body": body, "html_url": "https://forge/c", "edits": 0})
        save("comments", comments)
        return show(comments[-1], o.get("--jq"))
    if method == "PATCH" and parts[:2] == ["issues", "comments"]:
        mine = [c for c in comments if c["id"] == int(parts[2])][0]
        mine["body"], mine["edits"] = body, mine["edits"] + 1
        save("comments", comments)
        return show(mine, o.get("--jq"))
    if method == "GET" and parts[0] == "commits" and parts[2] == "pulls":
        return show([p for p in load("pulls") if parts[1] in (p["merge_commit_sha"], p["head"]["sha"])], o.get("--jq"))
    if method == "GET" and parts[:2] == ["actions", "workflows"] and parts[3] == "runs":
        found = [r for r in load("runs") if r["workflow"] == parts[2] and r["head_sha"] == query["head_sha"]
                 and r["event"] == query["event"] and r["conclusion"] == query["status"]]
        return show({"workflow_runs": found[::-1][:int(query["per_page"])]}, o.get("--jq"))
    sys.exit(f"gh: {method} {path} is not known (HTTP 404)")

def run(args):
    assert args[0] == "download"
    words, o = parse(args[1:], ("--repo", "--name", "--dir"))
    source = os.path.join(state, "artifacts", words[0], o["--name"])
    if not os.path.isdir(source):
        sys.exit("no valid artifacts found to download")
    shutil.copytree(source, o["--dir"], dirs_exist_ok=True)

def issue(args):
    words, o = parse(args[1:], ("--repo", "--label", "--state", "--limit", "--json", "--jq", "--title", "--body-file"))
    issues = load("issues")
    if args[0] == "list":
        return show([i for i in issues if i["state"] == o["--state"] and i["label"] == o["--label"]][:int(o["--limit"])], o.get("--jq"))
    with open(o["--body-file"], encoding="utf-8") as f:
        body = f.read()
    if args[0] == "create":
        issues.append({"number": 7 + len(issues), "state": "open", "label": o["--label"], "title": o["--title"], "bodies": [body]})
    else:
        [i for i in issues if i["number"] == int(words[0])][0]["bodies"].append(body)
    save("issues", issues)

{"api": api, "run": run, "issue": issue}[sys.argv[1]](sys.argv[2:])
'''


class GitHub:
    def __init__(self, forge, secrets):
        self.forge, self.secrets = forge, secrets
        self.state = forge.path("github")
        os.makedirs(os.path.join(self.state, "artifacts"))
        forge.script("gh", GH)
        self.runs = 100

    def load(self, name):
        try:
            with open(os.path.join(self.state, name + ".json"), encoding="utf-8") as f:
                return json.load(f)
        except FileNotFoundError:
            return []

    def save(self, name, value):
        with open(os.path.join(self.state, name + ".json"), "w", encoding="utf-8") as f:
            json.dump(value, f)

    # --- expressions ---

    def evaluate(self, text, context, ok):
        """`github.event_name == 'push' && always()`, and what stands in ${{ }}."""
        functions = {"always()": "True", "failure()": str(not ok), "success()": str(ok), "cancelled()": "False"}
        for name, value in functions.items():
            text = text.replace(name, value)
        tokens = re.findall(r"'[^']*'|==|!=|&&|\|\||!|\(|\)|[A-Za-z_][A-Za-z0-9_.-]*|[0-9]+|\s+", text)
        if "".join(tokens) != text:
            fail(f"the expression `{text}` has something this test does not know")
        python = {"&&": " and ", "||": " or ", "!": " not ", "True": "True", "False": "False"}
        out = []
        for t in tokens:
            if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", t) and t not in python:
                out.append(repr(self.lookup(t, context)))
            else:
                out.append(python.get(t, t))
        return eval("".join(out), {"__builtins__": {}})  # noqa: S307 - tokens were checked above

    @staticmethod
    def lookup(name, context):
        value = context
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
            if value is None:
                return ""
        return value

    def expand(self, text, context, ok):
        return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda m: str(self.evaluate(m.group(1), context, ok)), str(text))

    # --- jobs ---

    def run(self, file, event_name, sha, event, ref="refs/heads/main"):
        """A run of the workflow; returns {job: "success" | "failure" | "skipped"} and the texts of its jobs."""
        with open(os.path.join(self.forge.checkout(sha, "definition"), ".github", "workflows", file), encoding="utf-8") as f:
            workflow = yaml.safe_load(f)
        self.runs += 1
        head = event.get("pull_request", {}).get("head", {}).get("sha", sha)
        context = {"github": {"event_name": event_name, "event": event, "sha": sha, "ref": ref, "repository": "me/infra",
                              "token": "gh-token"},
                   "secrets": self.secrets, "vars": {"PHX_IMAGE": "phx"}}
        results, texts = {}, {}
        for name, job in workflow["jobs"].items():
            needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            wanted = all(results[n] == "success" for n in needs)
            if not wanted or ("if" in job and not self.evaluate(job["if"], context, True)):
                results[name] = "skipped"
                continue
            results[name], texts[name] = self.job(workflow, name, job, context)
        done = [r for r in results.values() if r != "skipped"]
        runs = self.load("runs")
        runs.append({"id": self.runs, "workflow": file, "event": event_name, "head_sha": head,
                     "conclusion": "failure" if "failure" in done else "success"})
        self.save("runs", runs)
        return results, texts

    def job(self, workflow, name, job, context):
        work = self.forge.path(f"work/run-{self.runs}-{name}")
        os.makedirs(work)
        text, ok = [], True
        summary = os.path.join(self.state, f"summary-{self.runs}-{name}.md")
        base = dict(self.forge.job_env, FORGE_STATE=self.state, GITHUB_REPOSITORY="me/infra", GITHUB_SHA=context["github"]["sha"],
                    GITHUB_STEP_SUMMARY=summary, GITHUB_WORKSPACE=work, CI="true", GITHUB_ACTIONS="true")
        for layer in (workflow.get("env", {}), job.get("env", {})):
            base.update({k: self.expand(v, context, ok) for k, v in layer.items()})
        for step in job["steps"]:
            wanted = self.evaluate(step["if"], context, ok) if "if" in step else ok
            if not wanted:
                continue
            env = dict(base, **{k: self.expand(v, context, ok) for k, v in step.get("env", {}).items()})
            if "uses" in step:
                self.action(step["uses"], {k: self.expand(v, context, ok) for k, v in step.get("with", {}).items()}, work, context)
                continue
            done = subprocess.run(["bash", "-e", "-c", self.expand(step["run"], context, ok)], cwd=work, env=env, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=120)
            text.append(f"# {step.get('name')}: exit {done.returncode}\n{done.stdout}")
            ok = ok and done.returncode == 0
        return "success" if ok else "failure", "\n".join(text)

    def action(self, uses, given, work, context):
        name = uses.split("@")[0]
        if name == "actions/checkout":
            shutil.rmtree(work)
            os.rename(self.forge.checkout(context["github"]["sha"], "checkout"), work)
        elif name == "actions/upload-artifact":
            source = os.path.join(work, given["path"])
            if not os.path.isdir(source):
                check(given.get("if-no-files-found") != "error", "nothing to upload in " + given["path"])
                return
            shutil.copytree(source, os.path.join(self.state, "artifacts", str(self.runs), given["name"]))
        elif name == "github/codeql-action/upload-sarif":
            with open(os.path.join(work, given["sarif_file"]), encoding="utf-8") as f:
                runs = sarif.check(json.load(f))
            for result in runs[0]["results"]:
                check(result["level"] == "none" or result.get("locations"), "code scanning refuses a result without a location")
        else:
            fail("this test does not know the action " + uses)

"""Runs the jobs of a GitLab pipeline as far as a forge can be had on one machine: rules are evaluated, scripts are run by bash in a
fresh checkout, artefacts are kept, and the part of GitLab's interface that the kit asks is a real server on loopback."""
import http.server
import io
import json
import os
import re
import subprocess
import threading
import zipfile

import yaml
from phxtest import check, fail


class Api(http.server.BaseHTTPRequestHandler):
    """GET and POST of notes, merge requests of a commit, pipelines, jobs, artefacts; docs.gitlab.com/ee/api."""

    def log_message(self, *args):
        pass

    def answer(self, value, status=200):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        lab = self.server.lab
        path = self.path.partition("?")[0].removeprefix("/api/v4/projects/42/")
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        if self.headers.get("PRIVATE-TOKEN") != lab.token:
            return self.answer({"message": "401 Unauthorized"}, 401)
        parts = path.split("/")
        if parts[0] == "merge_requests" and parts[2] == "notes":
            return self.notes(lab, int(parts[1]), parts[3:], body)
        if parts[0] == "merge_requests" and parts[2] == "pipelines":
            return self.answer([p for p in lab.pipelines[::-1] if p["iid"] == int(parts[1])])
        if parts[:2] == ["repository", "commits"] and parts[3] == "merge_requests":
            return self.answer([m for m in lab.merge_requests if m["merge_commit_sha"] == parts[2]])
        if parts[0] == "pipelines" and parts[2] == "jobs":
            return self.answer([j for j in lab.jobs if j["pipeline"] == int(parts[1])])
        if parts[0] == "jobs" and parts[2] == "artifacts" and int(parts[1]) in lab.artifacts:
            return self.answer(lab.artifacts[int(parts[1])])
        return self.answer({"message": "404 Not Found"}, 404)

    def notes(self, lab, iid, rest, body):
        mine = [n for n in lab.notes if n["iid"] == iid]
        if self.command == "GET":
            return self.answer(mine)
        if self.command == "POST":
            lab.notes.append({"id": 500 + len(lab.notes), "iid": iid, "system": False, "body": body["body"], "edits": 0})
            return self.answer(lab.notes[-1], 201)
        note = [n for n in mine if n["id"] == int(rest[0])][0]
        note.update(body=body["body"], edits=note["edits"] + 1)
        return self.answer(note)

    do_GET = do_POST = do_PUT = handle_any


class GitLab:
    def __init__(self, forge, variables):
        self.forge, self.variables = forge, variables
        self.token = "glpat-of-this-test"
        self.notes, self.pipelines, self.jobs, self.merge_requests, self.artifacts = [], [], [], [], {}
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
        self.server.lab = self
        self.url = f"http://127.0.0.1:{self.server.server_port}/api/v4"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # --- rules ---

    @staticmethod
    def matches(rule, variables):
        """`$A == "x" && $B != $C`"""
        tokens = re.findall(r'\$\w+|"[^"]*"|==|!=|&&|\|\||\s+|null', rule)
        if "".join(tokens) != rule:
            fail(f"the rule `{rule}` has something this test does not know")
        out = []
        for t in tokens:
            if t.startswith("$"):
                out.append(repr(variables.get(t[1:])))
            else:
                out.append({"&&": " and ", "||": " or ", "null": "None"}.get(t, t))
        return eval("".join(out), {"__builtins__": {}})  # noqa: S307 - tokens were checked above

    def wanted(self, rules, variables):
        """None: not in this pipeline; else on_success, manual, …"""
        for rule in rules:
            if "if" not in rule or self.matches(rule["if"], variables):
                return rule.get("when", "on_success")
        return None

    # --- pipelines ---

    def run(self, sha, variables, iid=0, play=()):
        """A pipeline; manual jobs run when they are in `play`. Returns {job: status} and texts."""
        with open(os.path.join(self.forge.checkout(sha, "definition"), ".gitlab-ci.yml"), encoding="utf-8") as f:
            ci = yaml.safe_load(f)
        given = dict(self.variables, CI_API_V4_URL=self.url, CI_PROJECT_ID="42", CI_COMMIT_SHA=sha, CI_DEFAULT_BRANCH="main",
                     GITLAB_TOKEN=self.token, **variables)
        check(self.wanted(ci["workflow"]["rules"], given), f"no pipeline for {variables}")
        pipeline = {"id": 900 + len(self.pipelines), "iid": iid, "status": "success"}
        self.pipelines.append(pipeline)
        results, texts = {}, {}
        names = [n for n, j in ci.items() if isinstance(j, dict) and "script" in j]
        for name in sorted(names, key=lambda n: ci["stages"].index(ci[n]["stage"])):
            when = self.wanted(ci[name]["rules"], given)
            if not when:
                continue
            if when == "manual" and name not in play:
                results[name] = "manual"
                continue
            if "failed" in results.values():
                results[name] = "skipped"
                continue
            results[name], texts[name] = self.job(ci, name, given, sha, pipeline["id"])
        if "failed" in results.values():
            pipeline["status"] = "failed"
        return results, texts

    def job(self, ci, name, given, sha, pipeline):
        job, number = ci[name], 3000 + len(self.jobs)
        work = self.forge.checkout(sha, f"job-{number}")
        env = dict(self.forge.job_env, **given)
        for layer in (ci.get("variables", {}), job.get("variables", {})):
            env.update({k: re.sub(r"\$(\w+)", lambda m: env.get(m.group(1), ""), str(v)) for k, v in layer.items()})
        status, text = 0, ""
        for part in ("script", "after_script"):
            if part not in job:
                continue
            done = subprocess.run(["bash", "-eo", "pipefail", "-c", "\n".join(job[part])], cwd=work, env=env, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=120)
            text += f"# {part}: exit {done.returncode}\n{done.stdout}"
            status = status or done.returncode if part == "script" else status
        kept = job.get("artifacts", {})
        if not status or kept.get("when") == "always":
            self.artifacts[number] = self.archive(work, kept, failed=bool(status))
        self.jobs.append({"id": number, "pipeline": pipeline, "name": name, "status": "failed" if status else "success"})
        return ("failed" if status else "success"), text

    @staticmethod
    def archive(work, kept, failed):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as z:
            for path in kept.get("paths", []):
                for directory, _, files in os.walk(os.path.join(work, path)):
                    for file in files:
                        full = os.path.join(directory, file)
                        z.write(full, os.path.relpath(full, work))
        for report in kept.get("reports", {}).values():
            check(failed or os.path.exists(os.path.join(work, report)), "there is no report " + report)
        return out.getvalue()

"""The loop of the GitLab kit, its jobs really run, against a server that keeps notes, pipelines and artefacts."""
import io
import json
import os
import zipfile

from forge import Forge, guests
from gitlab import GitLab
from phxtest import check, same

KEY = "a key for plans of this test"


def start(forge):
    forge.install(("gitlab/.gitlab-ci.yml", ".gitlab-ci.yml"))
    forge.config(guests(("web", 101, "1GiB")))
    forge.commit("first", "main")
    forge.phx("apply", "--yes", os.path.join(forge.author, "infra"), env={"PHX_TOKEN": forge.token})
    return GitLab(forge, {"PHX_TOKEN": forge.token, "PHX_TOKEN_READONLY": forge.token, "PHX_PLAN_KEY": KEY})


def merge_request(lab, iid, sha):
    return lab.run(sha, {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": str(iid)}, iid=iid)


def merged(forge, lab, iid, branch, play=("apply",)):
    sha = forge.merge(branch)
    lab.merge_requests.append({"iid": iid, "state": "merged", "merge_commit_sha": sha})
    return lab.run(sha, {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"}, play=play)


def from_branch_to_an_empty_plan():
    with Forge() as forge:
        lab = start(forge)
        forge.config(guests(("web", 101, "2GiB"), ("db", 102, "1GiB")))
        head = forge.commit("a database", "database")
        before = len(forge.writes())
        results, texts = merge_request(lab, 7, head)
        same(results, {"check": "success", "plan": "success"}, f"jobs of the merge request\n{texts}")
        same(forge.writes()[before:], [], "what a plan wrote to the cluster")
        with zipfile.ZipFile(io.BytesIO(lab.artifacts[lab.jobs[-1]["id"]])) as z:
            same(json.loads(z.read("phx-out/tfplan.json")), {"create": 1, "update": 1, "delete": 0}, "GitLab's report of the plan")
        results, texts = merge_request(lab, 7, head)
        same((len(lab.notes), lab.notes[0]["edits"]), (1, 1), f"notes after a second pipeline: one, updated in place\n{texts}")
        check("vm.db" in lab.notes[0]["body"], lab.notes[0]["body"])

        results, texts = merged(forge, lab, 7, "database", play=())
        same(results, {"apply": "manual"}, "jobs of the merge, before somebody starts them")
        results, texts = lab.run(forge.git("rev-parse", "origin/main"), {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"},
                                 play=("apply",))
        same(results, {"apply": "success"}, f"jobs of the merge\n{texts}")
        same(str(forge.get("/nodes/pve/qemu/102/config")["memory"]), "1024", "memory on the cluster")
        out, _, _ = forge.phx("plan", os.path.join(forge.author, "infra"), "--detailed-exitcode", env={"PHX_TOKEN": forge.token})
        check("No changes" in out, "a second plan is not empty:\n" + out)
        check(not any(forge.token in t or KEY in t or lab.token in t for t in texts.values()), "a secret in the text of a job")
    lab.close()


def somebody_else_in_between():
    with Forge() as forge:
        lab = start(forge)
        forge.config(guests(("web", 101, "2GiB")))
        head = forge.commit("more memory", "memory")
        same(merge_request(lab, 8, head)[0]["plan"], "success", "the plan")
        forge.call("PUT", "/nodes/pve/qemu/101/config", cores="2")
        before = len(forge.writes())
        results, texts = merged(forge, lab, 8, "memory")
        same(results, {"apply": "failed"}, "applying a plan that is stale")
        check("exit 4" in texts["apply"] and "stale" in texts["apply"], "it was not refused as stale:\n" + texts["apply"])
        same(forge.writes()[before:], [], "what was written all the same")
    lab.close()


def a_denied_plan_is_told_and_not_kept():
    with Forge() as forge:
        lab = start(forge)
        forge.config(guests(("web", 101, "2GiB")) + 'policy frozen { for c in changes() { assert false, "${c.address}: not today" } }\n')
        head = forge.commit("on the wrong day", "frozen")
        results, texts = merge_request(lab, 9, head)
        same(results, {"check": "success", "plan": "failed"}, f"jobs\n{texts}")
        check("not today" in lab.notes[0]["body"] and "frozen" in lab.notes[0]["body"], "the note does not say why:\n" + lab.notes[0]["body"])
        with zipfile.ZipFile(io.BytesIO(lab.artifacts[lab.jobs[-1]["id"]])) as z:
            check("phx-out/plan.phxplan" not in z.namelist(), "a denied plan was kept")
            same(z.read("phx-out/status").decode(), "denied\n", "status")
        results, texts = merged(forge, lab, 9, "frozen")
        same(results, {"apply": "failed"}, "applying without a plan")
        check("no successful pipeline" in texts["apply"], texts["apply"])
    lab.close()


def a_mistake_is_the_note():
    with Forge() as forge:
        lab = start(forge)
        forge.config(guests(("web", 101, "2GiB")))
        path = os.path.join(forge.author, "infra", "main.phx")
        with open(path, "a", encoding="utf-8") as f:
            f.write('\nassert env("NOT_SET_HERE") == "x"\n')
        head = forge.commit("a mistake that only a plan can see", "mistake")
        results, texts = merge_request(lab, 10, head)
        same(results["plan"], "failed", f"the plan\n{texts}")
        check("phx plan failed" in lab.notes[0]["body"] and "PHX0214" in lab.notes[0]["body"], lab.notes[0]["body"])
    lab.close()


def main():
    from_branch_to_an_empty_plan()
    somebody_else_in_between()
    a_denied_plan_is_told_and_not_kept()
    a_mistake_is_the_note()


if __name__ == "__main__":
    main()

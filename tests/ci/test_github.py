"""The loop of the GitHub kit, its jobs really run: a plan on a branch, a comment that is kept up to date, an artefact, a merge, exactly
that plan applied, and a second plan that is empty; and what happens when somebody else was there in between."""
import os

from forge import Forge, guests
from github import GitHub
from phxtest import check, same

KEY = "a key for plans of this test"


def start(forge):
    """A repository with one guest, which is on the cluster."""
    forge.install(("github/phx.yml", ".github/workflows/phx.yml"), ("github/phx-drift.yml", ".github/workflows/phx-drift.yml"))
    forge.config(guests(("web", 101, "1GiB")))
    forge.commit("first", "main")
    forge.phx("apply", "--yes", os.path.join(forge.author, "infra"), env={"PHX_TOKEN": forge.token})
    return GitHub(forge, {"PHX_TOKEN": forge.token, "PHX_TOKEN_READONLY": forge.token, "PHX_PLAN_KEY": KEY})


def pull_request(forge, hub, number, head):
    """What the forge does for a push to a pull request: the workflow on the merge of head and main."""
    forge.git("checkout", "-q", "--detach", "origin/main")
    forge.git("merge", "-q", "--no-ff", "-m", "merge of the pull request", head)
    merged = forge.git("rev-parse", "HEAD")
    forge.git("push", "-q", "-f", "origin", f"HEAD:refs/heads/pull-{number}-merge")
    event = {"pull_request": {"number": number, "head": {"sha": head, "repo": {"full_name": "me/infra"}}},
             "repository": {"full_name": "me/infra"}}
    return hub.run("phx.yml", "pull_request", merged, event, ref=f"refs/pull/{number}/merge")


def merge(forge, hub, number, branch, head):
    sha = forge.merge(branch)
    hub.save("pulls", hub.load("pulls") + [{"number": number, "merge_commit_sha": sha, "head": {"sha": head}}])
    return hub.run("phx.yml", "push", sha, {})


def from_branch_to_an_empty_plan():
    with Forge() as forge:
        hub = start(forge)
        forge.config(guests(("web", 101, "2GiB"), ("db", 102, "1GiB")))
        head = forge.commit("a database", "database")
        before = len(forge.writes())
        results, texts = pull_request(forge, hub, 12, head)
        same(results, {"check": "success", "plan": "success", "apply": "skipped"}, f"jobs of the pull request\n{texts}")
        same(forge.writes()[before:], [], "what a plan wrote to the cluster")
        comments = hub.load("comments")
        same(len(comments), 1, "comments")
        check("vm.db" in comments[0]["body"] and "vm.web" in comments[0]["body"], "the comment does not say what changes:\n" + comments[0]["body"])

        forge.config(guests(("web", 101, "2GiB"), ("db", 102, "3GiB")))
        head = forge.commit("more memory", "database")
        results, texts = pull_request(forge, hub, 12, head)
        same(results["plan"], "success", f"the plan of the second push\n{texts}")
        comments = hub.load("comments")
        same((len(comments), comments[0]["edits"]), (1, 1), "comments after a second push: one, updated in place")
        check("3GiB" in comments[0]["body"], "the comment is that of the first push:\n" + comments[0]["body"])

        results, texts = merge(forge, hub, 12, "database", head)
        same(results, {"check": "skipped", "plan": "skipped", "apply": "success"}, f"jobs of the merge\n{texts}")
        check("for " + head in texts["apply"], "another plan than the reviewed one was applied:\n" + texts["apply"])
        web, db = (forge.get(f"/nodes/pve/qemu/{i}/config") for i in (101, 102))
        same((str(web["memory"]), str(db["memory"])), ("2048", "3072"), "memory on the cluster")
        out, _, _ = forge.phx("plan", os.path.join(forge.author, "infra"), "--detailed-exitcode", env={"PHX_TOKEN": forge.token})
        check("No changes" in out, "a second plan is not empty:\n" + out)


def somebody_else_in_between():
    with Forge() as forge:
        hub = start(forge)
        forge.config(guests(("web", 101, "2GiB")))
        head = forge.commit("more memory", "memory")
        same(pull_request(forge, hub, 3, head)[0]["plan"], "success", "the plan")
        forge.call("PUT", "/nodes/pve/qemu/101/config", memory="4096")
        before = len(forge.writes())
        results, texts = merge(forge, hub, 3, "memory", head)
        same(results["apply"], "failure", "applying a plan that is stale\n" + texts["apply"])
        check("exit 4" in texts["apply"] and "stale" in texts["apply"], "it was not refused as stale:\n" + texts["apply"])
        check("4" in texts["apply"] and "memory" in texts["apply"], "it does not say what moved:\n" + texts["apply"])
        same(forge.writes()[before:], [], "what was written all the same")
        same(str(forge.get("/nodes/pve/qemu/101/config")["memory"]), "4096", "somebody else's change")


def a_policy_stops_a_pull_request():
    with Forge() as forge:
        hub = start(forge)
        forge.config(guests(("web", 101, "65GiB")))
        head = forge.commit("far too much", "large")
        results, texts = pull_request(forge, hub, 4, head)
        same(results, {"check": "failure", "plan": "skipped", "apply": "skipped"}, "jobs")
        check("memory-limit" in texts["check"], "it does not say which policy:\n" + texts["check"])
        results, texts = merge(forge, hub, 4, "large", head)
        same(results["apply"], "failure", "applying what has no plan")
        check("no successful plan" in texts["apply"], texts["apply"])


def an_artefact_that_was_changed_is_refused():
    with Forge() as forge:
        hub = start(forge)
        forge.config(guests(("web", 101, "2GiB")))
        head = forge.commit("more memory", "memory")
        same(pull_request(forge, hub, 6, head)[0]["plan"], "success", "the plan")
        path = os.path.join(hub.state, "artifacts", str(hub.runs), "phx-plan", "plan.phxplan")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        check("2048" in text, "the plan does not hold what this test changes")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace("2048", "9192"))
        before = len(forge.writes())
        results, texts = merge(forge, hub, 6, "memory", head)
        same(results["apply"], "failure", "applying a plan that was changed\n" + texts["apply"])
        same(forge.writes()[before:], [], "what was written all the same")


def what_was_not_reviewed_is_not_applied():
    with Forge() as forge:
        hub = start(forge)
        forge.config(guests(("web", 101, "2GiB")))
        sha = forge.commit("pushed to main", "main")
        before = len(forge.writes())
        results, texts = hub.run("phx.yml", "push", sha, {})
        same(results["apply"], "failure", "applying a push without a pull request\n" + texts["apply"])
        check("nothing was reviewed" in texts["apply"], texts["apply"])
        same(forge.writes()[before:], [], "what was written all the same")


def a_fork_gets_no_secrets():
    with Forge() as forge:
        hub = start(forge)
        forge.config(guests(("web", 101, "2GiB")))
        head = forge.commit("from a fork", "fork")
        event = {"pull_request": {"number": 5, "head": {"sha": head, "repo": {"full_name": "you/infra"}}}}
        results, texts = hub.run("phx.yml", "pull_request", head, event)
        same(results, {"check": "success", "plan": "skipped", "apply": "skipped"}, "jobs of a fork")
        check(forge.token not in texts["check"] and KEY not in texts["check"], "a secret in the text of a fork's job")


def main():
    from_branch_to_an_empty_plan()
    somebody_else_in_between()
    a_policy_stops_a_pull_request()
    an_artefact_that_was_changed_is_refused()
    what_was_not_reviewed_is_not_applied()
    a_fork_gets_no_secrets()


if __name__ == "__main__":
    main()

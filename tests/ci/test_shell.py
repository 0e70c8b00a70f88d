"""The scripts of the kit on their own, as a person or another CI runs them: what they leave behind, and their exit status."""
import os
import shutil
import stat
import subprocess

from forge import KIT, Desk, guests
from phxtest import check, same

ALL = ["junit.xml", "phx.sarif", "plan.html", "plan.log", "plan.md", "plan.phxplan", "plan.txt", "status", "tfplan.json"]


def plan_apply_and_nothing_left():
    with Desk() as desk:
        desk.sh("plan.sh")
        same(desk.read("status"), "none\n", "status without changes")
        desk.config(guests(("web", 101, "2GiB"), ("db", 102, "1GiB")))
        out, _ = desk.sh("plan.sh", "--policy", "standard")
        same(desk.read("status"), "changes\n", "status with changes")
        same(desk.left(), ALL, "what plan.sh leaves")
        same(out, desk.read("plan.txt"), "what it prints")
        out, _ = desk.sh("apply.sh")
        check("Apply complete" in out, out)
        check("No changes" in desk.read("after.txt"), desk.read("after.txt"))
        _, err = desk.sh("apply.sh", status=4)
        check("plan again, and review" in err, "a plan applied twice: " + err)


def a_denied_plan_leaves_no_plan():
    with Desk() as desk:
        desk.config(guests(("web", 101, "2GiB")))
        desk.sh("plan.sh")
        desk.config(guests(("web", 101, "65GiB")))
        _, err = desk.sh("plan.sh", "--policy", "memory-limit", status=3)
        same(desk.read("status"), "denied\n", "status")
        check("plan.phxplan" not in desk.left(), "the plan of the run before was left")
        check("memory-limit" in desk.read("plan.md"), desk.read("plan.md"))
        check("PHX0650" in err, err)
        _, err = desk.sh("apply.sh", status=1)
        check("nothing was reviewed" in err, err)


def a_policy_may_come_between_plan_and_apply():
    with Desk() as desk:
        desk.config(guests(("web", 101, "65GiB")))
        desk.sh("plan.sh")
        before = len(desk.writes())
        _, err = desk.sh("apply.sh", "--policy", "memory-limit", status=3)
        check("a policy refuses it" in err, err)
        same(desk.writes()[before:], [], "what was written all the same")


def a_mistake_is_shown_in_the_comment():
    with Desk() as desk:
        with open(os.path.join(desk.author, "infra", "main.phx"), "a", encoding="utf-8") as f:
            f.write("vm broken { memroy = 1 }\n")
        desk.sh("plan.sh", status=1)
        same(desk.read("status"), "failed\n", "status")
        check("PHX0301" in desk.read("plan.md"), desk.read("plan.md"))
        desk.sh("check.sh", status=1)
        check("PHX0301" in desk.read("check.xml") and "PHX0301" in desk.read("check.sarif"), "no report of a mistake")


def check_wants_the_canonical_form():
    with Desk() as desk:
        desk.sh("check.sh", "--policy", "standard", PHX_TOKEN="")
        path = os.path.join(desk.author, "infra", "main.phx")
        with open(path, "a", encoding="utf-8") as f:
            f.write("let   x   =    3\n")
        _, err = desk.sh("check.sh", status=1)
        check("run `phx fmt infra`" in err, err)


def scripts_are_clean():
    scripts = [os.path.join(KIT, "shell", n) for n in sorted(os.listdir(os.path.join(KIT, "shell")))]
    scripts.append(os.path.join(KIT, "pre-commit", "pre-commit"))
    for script in scripts:
        check(os.stat(script).st_mode & stat.S_IXUSR, script + " cannot be run")
    if not shutil.which("shellcheck"):
        print("shellcheck is not here")
        return
    done = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True)
    same((done.returncode, done.stdout), (0, ""), "shellcheck")


def main():
    plan_apply_and_nothing_left()
    a_denied_plan_leaves_no_plan()
    a_policy_may_come_between_plan_and_apply()
    a_mistake_is_shown_in_the_comment()
    check_wants_the_canonical_form()
    scripts_are_clean()


if __name__ == "__main__":
    main()

"""JUnit and SARIF of `validate` and `plan`: well-formed, of the structure that the specifications ask for, and saying what
the terminal says."""
import json
import os
import re
import xml.etree.ElementTree as xml

import sarif
from phxtest import SOURCE, Lab, check, fail, same

HEAD = '''stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
'''


def read_in(lab):
    def read(path):
        try:
            with open(path if path.startswith("/") else lab.path(path), encoding="utf-8") as f:
                return f.read()
        except OSError:
            return None
    return read


def checked_sarif(lab, text):
    try:
        runs = sarif.check(json.loads(text), read_in(lab))
    except sarif.Bad as bad:
        fail(f"SARIF: {bad}\n{text}")
    same(len(runs), 1, "runs")
    return runs[0]


def checked_junit(text):
    """The suites by name, with their cases by name; the sums must be right."""
    root = xml.fromstring(text.encode())
    same(root.tag, "testsuites", "root of JUnit")
    suites = {}
    total = {"tests": 0, "failures": 0, "skipped": 0, "errors": 0}
    for suite in root:
        same(suite.tag, "testsuite", "child of testsuites")
        cases = suite.findall("testcase")
        for case in cases:
            check(case.get("name") and case.get("classname"), "a case without a name: " + text)
            check({c.tag for c in case} <= {"failure", "skipped", "system-out"}, "an unknown element in a case: " + text)
        sums = {"tests": len(cases), "failures": sum(c.find("failure") is not None for c in cases), "errors": 0,
                "skipped": sum(c.find("skipped") is not None for c in cases)}
        same({k: int(suite.get(k)) for k in sums}, sums, "sums of suite " + suite.get("name"))
        for k in sums:
            total[k] += sums[k]
        check(len({c.get("name") for c in cases}) == len(cases), "two cases of one name: " + text)
        suites[suite.get("name")] = {c.get("name"): c for c in cases}
    same({k: int(root.get(k)) for k in total}, total, "sums of all suites")
    return suites


def failures(case):
    return [f.get("message") for f in case.findall("failure")]


def mistakes_are_where_they_belong():
    with Lab() as lab:
        lab.write("dir with blank/ü.phx", HEAD + '''vm good { id = 101; memory = 1GiB; disk = 1GiB; storage = "local" }
vm bad { id = 102; memroy = 1GiB }
for i in 1..2 { vm "n-${i}" { id = 102 + i; memory = 1GiB; disk = 1GiB; storage = "local"; network { ip = host(10.0.0.0/24, i)/24; gw = 10.0.1.1 } } }
assert 1 == 2, "<a> & \\"b\\" \\u{1}\\u{1b}\\u{7f} ]]>"
''')
        args = ["validate", "dir with blank", "--junit", "j.xml", "--sarif", "s.json"]
        _, err, _ = lab.phx(*args, status=1)
        with open(lab.path("j.xml"), encoding="utf-8") as f:
            suites = checked_junit(f.read())
        with open(lab.path("s.json"), encoding="utf-8") as f:
            run = checked_sarif(lab, f.read())
        same(sorted(suites["guests"]), ["vm.bad", "vm.good", "vm.n-1", "vm.n-2"], "guests")
        same(failures(suites["guests"]["vm.good"]), [], "failures of a good guest")
        same(failures(suites["guests"]["vm.bad"]), ["unknown attribute `memroy` in `vm`"], "failures of a bad guest")
        same(failures(suites["configuration"]["configuration"]), ['<a> & "b" \\x01\\x1b\\x7f ]]>'], "what belongs to no guest")
        same(sorted(r["ruleId"] for r in run["results"]), ["PHX0234", "PHX0301", "PHX0405", "PHX0405"], "rules that apply")
        result = [r for r in run["results"] if r["ruleId"] == "PHX0301"][0]
        same(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "dir%20with%20blank/%C3%BC.phx", "uri")
        same(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "memory", "fix")
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        check("did you mean" not in rule["help"]["text"] and len(rule["help"]["text"]) > 40, "the rule has no explanation")
        check("PHX0301" in err, "the terminal says nothing while reports are written: " + err)
        for form, checked in (("junit", checked_junit), ("sarif", lambda t: checked_sarif(lab, t))):
            out, err, _ = lab.phx("validate", "dir with blank", "--format", form, status=1)
            checked(out)
            same(err, "", f"standard error with --format {form}")


def a_mistake_in_a_loop_belongs_to_the_guest_that_it_names():
    with Lab() as lab:
        lab.write("main.phx", 'for i in 1..3 { vm "n-${i}" { id = i == 2 ? 101 : 100 + i; memory = 1GiB; disk = 1GiB; storage = "local" } }\n'
                  'vm other { id = 104; memory = 1GiB; disk = 1GiB; storage = "local" }\n')
        out, _, _ = lab.phx("validate", "main.phx", "--format", "junit", status=1)
        suites = checked_junit(out)
        same(sorted(name for name, case in suites["guests"].items() if failures(case)), ["vm.n-1", "vm.n-2"], "guests that failed")


def fingerprints_do_not_follow_line_numbers():
    with Lab() as lab:
        text = 'vm a { id = 101; memroy = 1 }\nvm b { id = 102; memroy = 1 }\n'
        lab.write("main.phx", text)
        before = checked_sarif(lab, lab.phx("validate", "main.phx", "--format", "sarif", status=1)[0])
        lab.write("main.phx", "# one\n\n# more\n" + text)
        after = checked_sarif(lab, lab.phx("validate", "main.phx", "--format", "sarif", status=1)[0])
        prints = [[r["partialFingerprints"] for r in run["results"]] for run in (before, after)]
        same(prints[1], prints[0], "fingerprints after lines were added")
        same([r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in after["results"]], [4, 5], "lines")


FIRST = HEAD + '''vm grows { id = 101; memory = 1GiB; disk = 1GiB; storage = "local-lvm" }
vm goes  { id = 102; memory = 1GiB; disk = 1GiB; storage = "local-lvm"; running = false }
'''
SECOND = HEAD + '''vm grows { id = 101; memory = 2GiB; disk = 1GiB; storage = "local-lvm" }
policy no-delete { for c in changes() { assert c.action != delete, "${c.address} would go" } }
policy tagged    { severity = warn; for g in guests() { assert length(g.tags) > 0, "${g.address} has no tag" } }
policy fine      { assert length(changes()) < 9 }
'''


def a_plan_tells_policies_and_what_it_does_to_guests():
    with Lab() as lab:
        lab.write("main.phx", FIRST)
        lab.apply("main.phx", "--sim-speed", "0")
        lab.write("main.phx", SECOND)
        lab.plan("main.phx", "--allow-destroy", "vm.goes", "--junit", "j.xml", "--sarif", "s.json", status=3)
        with open(lab.path("j.xml"), encoding="utf-8") as f:
            suites = checked_junit(f.read())
        with open(lab.path("s.json"), encoding="utf-8") as f:
            run = checked_sarif(lab, f.read())
        same(sorted(suites["guests"]), ["vm.goes", "vm.grows"], "guests, with the one that left")
        same({n: failures(c) for n, c in suites["policies"].items()},
             {"no-delete": ["vm.goes would go"], "tagged": [], "fine": []}, "policies")
        check("vm.grows has no tag" in suites["policies"]["tagged"].find("system-out").text, "a warning is not told")
        check("loses data" in suites["guests"]["vm.goes"].find("system-out").text, "data loss is not told")
        levels = {r["ruleId"]: r["level"] for r in run["results"]}
        same(levels, {"policy/no-delete": "error", "policy/tagged": "warning", "impact/data-loss": "error",
                      "impact/restart": "warning"}, "levels")
        loss = [r for r in run["results"] if r["ruleId"] == "impact/data-loss"][0]
        same(loss["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "vm.goes", "what loses data")
        check("physicalLocation" in loss["locations"][0], "code scanning shows only what has a place")


def secrets_are_in_no_report():
    with Lab() as lab:
        canary = "canary&<>\"' 4711"
        lab.write("main.phx", HEAD + '''vm a {
  id = 101; memory = 1GiB; disk = 1GiB; storage = "local-lvm"
  user admin { password = env("PW") }
}
policy p { for g in guests() { assert g.user.password == "x", "it is ${g.user.password}" } }
''')
        lab.plan("main.phx", "--junit", "j.xml", "--sarif", "s.json", status=3, env={"PW": canary})
        for name in ("j.xml", "s.json"):
            with open(lab.path(name), encoding="utf-8") as f:
                text = f.read()
            check("canary" not in text and "(secret)" in text, f"{name} tells a secret:\n{text}")
            same(os.stat(lab.path(name)).st_mode & 0o077, 0, f"mode of {name}")


def the_standard_policies_are_what_their_files_say():
    """One policy a file, of its name, in canonical form, with a comment that says what it wants and how an exception is made."""
    here = os.path.join(SOURCE, "etc", "policies")
    names = sorted(os.listdir(here))
    check(len(names) >= 6, f"the standard set is {names}")
    with Lab() as lab:
        lab.phx("fmt", "--check", here)
        lab.write("main.phx", 'vm a { id = 101; memory = 1GiB; disk = 1GiB; storage = "local"; tags = ["x"] }\n')
        for name in names:
            with open(os.path.join(here, name), encoding="utf-8") as f:
                text = f.read()
            policy = name.removesuffix(".phx")
            same(re.findall(r"(?m)^policy ([\w-]+)", text), [policy], "policies in " + name)
            check(text.startswith("# ") and len(text.split("\n\n")[0]) > 80, name + " does not say what it wants")
            for param in re.findall(r"(?m)^param (\w+)", text):
                check(param.startswith("policy_"), f"{param} in {name} may be a name of the configuration")
            out, _, _ = lab.phx("validate", "main.phx", "--policy", policy)
            check("1 policy checked" in out, out)


def main():
    the_standard_policies_are_what_their_files_say()
    mistakes_are_where_they_belong()
    a_mistake_in_a_loop_belongs_to_the_guest_that_it_names()
    fingerprints_do_not_follow_line_numbers()
    a_plan_tells_policies_and_what_it_does_to_guests()
    secrets_are_in_no_report()


if __name__ == "__main__":
    main()

"""The structure that SARIF 2.1.0 asks for, of the parts that phx writes (OASIS, "Static Analysis Results Interchange Format"
2.1.0: the section of each property stands beside its check), and what GitHub's code scanning wants beyond it."""
import re
import urllib.parse

LEVELS = {"none", "note", "warning", "error"}
KEYS = {
    "log": {"$schema", "version", "runs"},
    "run": {"tool", "columnKind", "results"},
    "driver": {"name", "version", "semanticVersion", "rules"},
    "rule": {"id", "name", "shortDescription", "help", "defaultConfiguration"},
    "result": {"ruleId", "ruleIndex", "level", "message", "locations", "relatedLocations", "partialFingerprints", "fixes"},
    "location": {"id", "physicalLocation", "logicalLocations", "message"},
    "physical": {"artifactLocation", "region"},
    "region": {"startLine", "startColumn", "endLine", "endColumn"},
}


class Bad(Exception):
    pass


def need(condition, where, what):
    if not condition:
        raise Bad(f"{where}: {what}")


def known(obj, kind, where, required):
    need(isinstance(obj, dict), where, "is no object")
    need(set(obj) <= KEYS[kind], where, f"has unknown keys {sorted(set(obj) - KEYS[kind])}")
    need(required <= set(obj), where, f"lacks {sorted(required - set(obj))}")


def message(m, where):
    need(isinstance(m, dict) and isinstance(m.get("text"), str) and m["text"], where, "has no text")  # 3.11


def artifact(a, where):
    uri = a["uri"]  # 3.4.3: a valid URI reference
    need(re.fullmatch(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*", uri), where, f"{uri!r} is no URI")
    need(not re.search(r"%(?![0-9A-Fa-f]{2})", uri), where, f"{uri!r} has a stray %")
    need(not uri.startswith("/"), where, f"{uri!r} is an absolute path and no URI")
    return urllib.parse.unquote(uri.removeprefix("file://"))


def region(r, where):  # 3.30
    known(r, "region", where, {"startLine", "startColumn", "endLine", "endColumn"})
    need(all(isinstance(r[k], int) and r[k] >= 1 for k in r), where, "has places below 1")
    need((r["startLine"], r["startColumn"]) <= (r["endLine"], r["endColumn"]), where, "ends before it starts")


def location(loc, where, read):
    known(loc, "location", where, set())
    if "physicalLocation" in loc:
        known(loc["physicalLocation"], "physical", where, {"artifactLocation", "region"})
        path = artifact(loc["physicalLocation"]["artifactLocation"], where)
        region(loc["physicalLocation"]["region"], where)
        text = read(path)
        if text is not None:
            lines = text.split("\n")
            r = loc["physicalLocation"]["region"]
            need(r["endLine"] <= len(lines), where, f"line {r['endLine']} of {path} does not exist")
            need(r["startColumn"] <= len(lines[r["startLine"] - 1]) + 1, where, "starts behind its line")
    for logical in loc.get("logicalLocations", []):  # 3.33
        need(isinstance(logical.get("fullyQualifiedName"), str), where, "has a logical location without a name")


def result(r, rules, where, read):  # 3.27
    known(r, "result", where, {"ruleId", "ruleIndex", "level", "message", "partialFingerprints"})
    need(0 <= r["ruleIndex"] < len(rules) and rules[r["ruleIndex"]]["id"] == r["ruleId"], where, "names another rule")
    need(r["level"] in LEVELS, where, "has an unknown level")
    message(r["message"], where)
    for i, loc in enumerate(r.get("locations", [])):
        location(loc, f"{where}.locations[{i}]", read)
    ids = [loc["id"] for loc in r.get("relatedLocations", [])]
    need(len(set(ids)) == len(ids), where, "repeats the id of a related location")  # 3.28.2
    for i, loc in enumerate(r.get("relatedLocations", [])):
        location(loc, f"{where}.relatedLocations[{i}]", read)
    for key, value in r["partialFingerprints"].items():  # 3.27.17
        need(re.fullmatch(r"[A-Za-z0-9]+/v[0-9]+", key) and value, where, f"has the fingerprint {key}={value}")
    for fix in r.get("fixes", []):  # 3.55
        message(fix["description"], where)
        need(fix["artifactChanges"], where, "has a fix that changes nothing")
        for change in fix["artifactChanges"]:
            artifact(change["artifactLocation"], where)
            need(change["replacements"], where, "has a fix without a replacement")
            for x in change["replacements"]:
                region(x["deletedRegion"], where)


def check(log, read=lambda path: None):
    """Raises Bad; `read` gives the text of an artifact, None when it is not at hand."""
    known(log, "log", "log", {"version", "runs"})
    need(log["version"] == "2.1.0", "log", "has another version")  # 3.13.2
    for run in log["runs"]:
        known(run, "run", "run", {"tool", "results"})
        driver = run["tool"]["driver"]
        known(driver, "driver", "driver", {"name", "rules"})
        need(run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}, "run", "has an unknown columnKind")  # 3.14.27
        ids = [rule["id"] for rule in driver["rules"]]
        need(len(set(ids)) == len(ids), "rules", "repeat an id")  # 3.49.3
        for rule in driver["rules"]:
            known(rule, "rule", rule["id"], {"id", "name", "shortDescription", "defaultConfiguration"})
            message(rule["shortDescription"], rule["id"])
            need(rule["defaultConfiguration"]["level"] in LEVELS, rule["id"], "has an unknown level")
        for i, r in enumerate(run["results"]):
            result(r, driver["rules"], f"results[{i}]", read)
        prints = [tuple(sorted(r["partialFingerprints"].items())) for r in run["results"]]
        need(len(set(prints)) == len(prints), "results", "share a fingerprint")
    return log["runs"]

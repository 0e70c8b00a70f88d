"""Every plan in JSON that the golden files and the fuzz corpus hold, and a fresh one of the Phoenix lab, is valid by the schema that
phx publishes; and the schema is strict enough to refuse what is none."""
import copy
import glob
import json
import os
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("SKIPPED: python3-jsonschema is not installed")
    sys.exit(77)

SOURCE = os.environ["PHX_SOURCE"]
with open(os.path.join(SOURCE, "etc/schema/phx-plan-1.schema.json"), encoding="utf-8") as f:
    SCHEMA = json.load(f)
Validator = jsonschema.validators.validator_for(SCHEMA)
Validator.check_schema(SCHEMA)
validator = Validator(SCHEMA)


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


def check(plan, where):
    for error in validator.iter_errors(plan):
        fail(f"{where}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")


def documents(text):
    """The JSON documents that stand in a text, each from a line `{` to a line `}`."""
    lines = text.split("\n")
    for start, line in enumerate(lines):
        if line != "{":
            continue
        end = next((i for i in range(start, len(lines)) if lines[i] == "}"), None)
        if end is None:
            continue
        try:
            yield json.loads("\n".join(lines[start:end + 1]))
        except ValueError:
            continue


found = 0
for path in sorted(glob.glob(os.path.join(SOURCE, "tests/golden/*/*.t"))) + sorted(glob.glob(os.path.join(SOURCE, "tests/fuzz/corpus/plan_file/*"))):
    with open(path, encoding="utf-8", errors="replace") as f:
        for doc in documents(f.read()):
            if isinstance(doc, dict) and doc.get("format") == "phx-plan/1":
                check(doc, path)
                found += 1
if found < 4:
    fail(f"only {found} plans were found: the test looks at the wrong place")

run = subprocess.run([os.environ["PHX"], "plan", "--offline", "--json", os.path.join(SOURCE, "examples/phoenix")], stdout=subprocess.PIPE,
                     stderr=subprocess.PIPE, text=True, check=False, env=dict(os.environ, PHX_TOKEN="root@pam!phx=x"))
if run.returncode != 0:
    fail("planning the example: " + run.stderr)
lab = json.loads(run.stdout)
check(lab, "the Phoenix lab")

for path, value in ((["format"], "phx-plan/2"), (["changes", 0, "action"], "explode"), (["changes", 0, "restart"], "no"),
                    (["actions", 0, "call", "method"], "PATCH"), (["actions", 0, "id"], "1"), (["summary", "create"], -1)):
    bad = copy.deepcopy(lab)
    at = bad
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    if validator.is_valid(bad):
        fail(f"the schema allows {value!r} at {path}")
for key in SCHEMA["required"]:
    bad = {k: v for k, v in lab.items() if k != key}
    if validator.is_valid(bad):
        fail(f"the schema allows a plan without {key}")
print(f"ok: {found + 1} plans")

"""Any order of the declarations gives the same plan, byte for byte."""
import random

from phxtest import *


def blocks(text):
    """Top-level statements of a .phx text, comments left out."""
    out, depth, current = [], 0, []
    for line in text.splitlines():
        bare = re.sub(r'"(\\.|[^"\\])*"', '""', line).split("#")[0].split("//")[0]
        if depth == 0 and not bare.strip():
            continue
        current.append(line)
        depth += bare.count("{") - bare.count("}")
        if depth == 0:
            out.append("\n".join(current))
            current = []
    return out


with Lab() as lab:
    statements = []
    for name in sorted(os.listdir(EXAMPLE)):
        if name.endswith(".phx"):
            statements += blocks(open(os.path.join(EXAMPLE, name), encoding="utf-8").read())
    check(len(statements) > 15, f"statements of the example: {len(statements)}")
    os.makedirs(lab.path("p/keys"))
    key = open(os.path.join(EXAMPLE, "keys", "admin.pub"), encoding="utf-8").read()
    lab.write("p/keys/admin.pub", key)

    def plan(order):
        lab.write("p/all.phx", "\n".join(order) + "\n")
        doc = json.loads(lab.phx("plan", "--offline", "--json", "p")[0])
        text = lab.phx("plan", "--offline", "p")[0]
        dot = lab.phx("graph", "p")[0]
        strip = lambda s: re.sub(r"\b(p/)?all\.phx:\d+(:\d+)?", "SOURCE", s)
        for part in ("inputs", "sha256", "sources"):
            doc.pop(part, None)
        for change in doc["changes"]:  # where it stands in the file is what the permutation changed
            change.pop("source", None)
            for attribute in change["attributes"]:
                attribute.pop("source", None)
        return strip(json.dumps(doc, sort_keys=True)), strip(text), dot

    first = plan(statements)
    check("vm.docker-1" in first[0], "the plan has the guests")
    for seed in range(12):
        shuffled = statements[:]
        random.Random(seed).shuffle(shuffled)
        got = plan(shuffled)
        for i, what in enumerate(("JSON plan", "text plan", "graph")):
            same(got[i], first[i], f"{what} of permutation {seed}")
print("ok")

"""The newest real configurations, built on the simulated cluster: the second plan is empty, from JSON and from imported .phx."""
from phxtest import *

SHARED = os.environ.get("PHX_TEST_SHARED", "")
CORPUS = os.path.join(SHARED, "phoenix", "corpus")
if not os.path.isdir(CORPUS):
    skip("no corpus of real configurations beside the source tree")

rows = [line.split("\t")[1:] for line in open(os.path.join(CORPUS, "sets.tsv"), encoding="utf-8").read().splitlines()[1:]]
defects = {l.split()[0] for l in open(os.path.join(SOURCE, "tests", "sim", "corpus-defects.txt"), encoding="utf-8") if l.strip()}
good = [r for r in rows if "+".join(r) not in defects]
check(good, "at least one set of configurations is free of defects")
for names in good[-3:]:
    files = [os.path.join(CORPUS, n) for n in names]
    with Lab() as lab:
        lab.phx("apply", "--sim", lab.sim, "--yes", *files)
        for args in (files, None):
            if args is None:
                lab.phx("import", "json", *files, "-o", lab.path("imported.phx"))
                args = [lab.path("imported.phx")]
            t = lab.path("again.trace")
            out, _, _ = lab.phx("apply", "--sim", lab.sim, "--yes", "--trace", t, *args)
            check("No changes" in out, f"{names}: a second apply of {args} has something to do:\n{out}")
            same(writes(t), [], "and writes nothing")
print("ok")

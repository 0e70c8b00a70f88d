"""Every real Phoenix configuration either plans (and is built and found unchanged), or fails with a diagnostic at the defect's line and column."""
import glob

from phxtest import *

SHARED = os.environ.get("PHX_TEST_SHARED", "")
CORPUS = os.path.join(SHARED, "phoenix", "corpus")
if not os.path.isdir(CORPUS):
    skip("no corpus of real configurations beside the source tree")

# Files that cannot plan, and the code that says why.
DEFECTS = {}
for line in open(os.path.join(SOURCE, "tests", "sim", "corpus-defects.txt"), encoding="utf-8"):
    if line.strip() and not line.startswith("#"):
        name, *codes = line.split()
        DEFECTS[name] = set(codes)

planned = refused = 0


def judge(lab, name, files):
    global planned, refused
    out, err, status = lab.phx("plan", "--offline", "--ids", "5000..5099", *files, status=None)
    codes = set(re.findall(r"error\[(PHX\d+)\]", err))
    if status == 0:
        planned += 1
        check(name not in DEFECTS, f"{name} is listed as defective, but plans")
        return
    refused += 1
    same(status, 1, f"{name}: exit status\n{err}")
    check(name in DEFECTS, f"{name} does not plan:\n{err}")
    same(codes, DEFECTS[name], f"{name}: codes\n{err}")
    check(re.search(r"--> \S+\.json:\d+:\d+", err), f"{name}: a place in the file is named\n{err}")


with Lab() as lab:
    files = sorted(glob.glob(os.path.join(CORPUS, "*", "*.json")))
    check(len(files) > 90, f"files of the corpus: {len(files)}")
    for f in files:
        judge(lab, os.path.relpath(f, CORPUS), [f])
    for line in open(os.path.join(CORPUS, "sets.tsv"), encoding="utf-8").read().splitlines()[1:]:
        names = line.split("\t")[1:]
        judge(lab, "+".join(names), [os.path.join(CORPUS, n) for n in names])
print(f"ok: {planned} plan, {refused} are refused with their defect")

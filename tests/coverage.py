#!/usr/bin/env python3
"""Prints what the tests ran: a table by directory, and of the executor each function with lines that no test ran.

coverage.py FILE: FILE is what `gcovr --json` writes."""
import bisect
import json
import os
import sys

EXECUTOR = ("runtime/apply/", "runtime/guest/", "runtime/backend/")
NOT_EXECUTOR = ("runtime/backend/sim/",)  # the simulated cluster, which is a means of the tests


def share(part, whole):
    return f"{100 * part / whole:5.1f} %" if whole else "      –"


def code(f):
    return [line for line in f["lines"] if not line["gcovr/noncode"]]


def measure(lines):
    branches = [b for line in lines for b in line["branches"]]
    return (sum(line["count"] > 0 for line in lines), len(lines), sum(b["count"] > 0 for b in branches), len(branches))


def row(name, n):
    print(f"{name:<24} {n[0]:>6} of {n[1]:>6} {share(n[0], n[1])}   {n[2]:>6} of {n[3]:>6} {share(n[2], n[3])}")


def table(files):
    sums = {}
    for f in files:
        for name in (os.path.dirname(f["file"]), f["file"].split("/")[0] + " in all", "in all"):
            sums[name] = [a + b for a, b in zip(sums.get(name, (0, 0, 0, 0)), measure(code(f)))]
    print(f"{'':<24} {'lines run':>16}         {'branches taken':>18}")
    for name in sorted(n for n in sums if "/" in n):
        row(name, sums[name])
    print()
    for name in sorted(n for n in sums if "/" not in n and n != "in all") + ["in all"]:
        row(name, sums[name])


def ranges(numbers):
    """[3, 4, 5, 9] → "3-5 9"."""
    runs = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def left_out(f):
    """Function → its lines that were not run, in the order of the file."""
    functions = sorted((x["lineno"], x["name"]) for x in f["functions"])
    starts = [x[0] for x in functions]
    found = {}
    for line in code(f):
        if line["count"] == 0:
            at = bisect.bisect_right(starts, line["line_number"]) - 1
            found.setdefault(functions[at][1] if at >= 0 else "-", []).append(line["line_number"])
    return found


def executor(files):
    print("\nOf the executor no test ran (FILE: FUNCTION LINES):")
    for f in files:
        if f["file"].startswith(EXECUTOR) and not f["file"].startswith(NOT_EXECUTOR):
            for name, lines in left_out(f).items():
                print(f"  {f['file']}: {name} {ranges(lines)}")


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        files = sorted(json.load(f)["files"], key=lambda x: x["file"])
    table(files)
    executor(files)


main()

#!/usr/bin/env python3
"""Checks the golden puzzles of ppbench, which stay out of this repository, against a build of ptrmd.

    python3 check_golden.py .build/release/ptrmd check

For each golden puzzle of our six genres: its address must be read, its solution (played move by move in pzpr.js, then
written as one code per cell) accepted, and the address that ptrmd writes must give the same board in pzpr.js.
The command reads {"task", "puzzle", "answer"} lines and writes a verdict a line. Needs node and the package ppbench.
"""
import collections
import importlib.util
import json
import os
import subprocess
import sys

from ppbench.dataset import load_dataset

HERE = os.path.dirname(os.path.abspath(__file__))
PZPR = os.path.join(
    os.path.dirname(importlib.util.find_spec("ppbench").origin), "vendor/pzprjs/dist/js/pzpr.js")
GENRES = ("sudoku", "lightup", "nurikabe", "heyawake", "tapa", "shakashaka")


def lines(command, requests):
    text = "".join(json.dumps(request) + "\n" for request in requests)
    run = subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def oracle(requests):
    return lines(["node", os.path.join(HERE, "pzpr_oracle.js"), PZPR], requests)


def board(reply):
    """A board in pzpr's file format; the runs of a Tapa clue have no order here."""
    return ["-".join(sorted(word.split(","))) if "," in word else word for word in reply["board"].split()]


def main():
    golden = [entry for entry in load_dataset("golden") if entry["pid"] in GENRES]
    solved = oracle([{"url": entry["puzzle_url"], "moves": entry["solution"]["moves_full"]} for entry in golden])
    reports = lines(sys.argv[1:], [
        {"task": entry["pid"], "puzzle": entry["puzzle_url"], "answer": reply["cells"]}
        for entry, reply in zip(golden, solved)])
    links = [report.get("link") or report.get("puzzle") or "" for report in reports]
    written = oracle([{"url": link if "/" in link else entry["puzzle_url"]} for entry, link in zip(golden, links)])
    counts, failures = collections.Counter(), 0
    for entry, reply, report, again in zip(golden, solved, reports, written, strict=True):
        good = reply["complete"] and report.get("valid") is True and board(reply) == board(again)
        counts[entry["pid"], good] += 1
        if not good:
            failures += 1
            print("FAILED", entry["puzzle_url"], report, file=sys.stderr)
    for genre in GENRES:
        print(f"{genre}: {counts[genre, True]} of {counts[genre, True] + counts[genre, False]}")
    sys.exit(1 if failures else 0)


main()

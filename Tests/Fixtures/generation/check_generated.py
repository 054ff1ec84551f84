#!/usr/bin/env python3
"""Asks pzpr.js about generated puzzles: `ptrmd generate ... | python3 check_generated.py`.

Reads lines of `ptrmd generate` (any tasks but maze) on stdin. For each line pzpr.js must accept the
solution and give the board the same address. Prints counts per task; exits 1 when a line fails. Needs node and the PyPI
package ppbench.
"""
import collections
import importlib.util
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = os.path.join(HERE, "../puzzles/pzpr_oracle.js")
PZPR = os.path.join(os.path.dirname(importlib.util.find_spec("ppbench").origin), "vendor/pzprjs/dist/js/pzpr.js")


def codes(task, solution):
    """The solution as the oracle takes it: one number per cell."""
    text = solution.replace("\n", "")
    if task == "sudoku":
        return [int(c) for c in text]
    if task == "shakashaka":
        return [CORNERS.get(c, 0) for c in text]
    return [1 if c in ("#" if task != "lightup" else LAMP) else 0 for c in text]


def address(line):
    """The puzzle's address; sudoku lines have 81 characters instead: digits as they are, runs of blanks as letters."""
    puzzle, url = line["puzzle"], ""
    if "/" in puzzle:
        return puzzle
    blanks = 0
    for c in puzzle + " ":
        if c == "." and blanks < 20:
            blanks += 1
            continue
        url += chr(ord("f") + blanks) if blanks else ""
        blanks = int(c == ".")
        url += c if c not in ". " else ""
    side = round(len(puzzle) ** 0.5)
    return f"https://puzz.link/p?sudoku/{side}/{side}/{url}"


LAMP = "*"
CORNERS = {"◣": 1, "◢": 2, "◥": 3, "◤": 4}


def main():
    lines = [json.loads(line) for line in sys.stdin]
    addresses = [address(line) for line in lines]
    requests = [{"url": url, "cells": codes(line["task"], line["solution"])} for line, url in zip(lines, addresses)]
    run = subprocess.run(["node", ORACLE, PZPR], input="".join(json.dumps(r) + "\n" for r in requests),
                         stdout=subprocess.PIPE, check=True, text=True)
    counts = collections.Counter()
    failed = False
    for line, url, verdict in zip(lines, addresses, map(json.loads, run.stdout.splitlines())):
        same = verdict["url"].split("?")[1].strip("/") == url.split("?")[1].strip("/")
        counts[line["task"], "accepted" if verdict["complete"] else verdict["failcode"],
               "same address" if same else "other address"] += 1
        failed |= not (verdict["complete"] and same)
    for key, count in sorted(counts.items(), key=str):
        print(*key, count)
    sys.exit(failed)


if __name__ == "__main__":
    main()

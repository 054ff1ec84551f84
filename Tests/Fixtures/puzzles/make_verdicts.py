#!/usr/bin/env python3
"""Makes verdicts.ndjson: boards of the six genres with answers, and what pzpr.js says of each.

    python3 make_verdicts.py DATA_FOLDER > verdicts.ndjson

DATA_FOLDER holds {lightup,tapa,heyawake}_10x10.jsonl.gz (fields url and solution; our own generated puzzles); boards of
the other genres, and small boards of all, are made here. Needs node and the PyPI package ppbench, whose pzpr.js is
the judge. Output: {"task", "url", "answer" (solution codes as one text), "valid", "failcode"} a line; the same seed
gives the same lines. No puzzle comes from a published collection.
"""
import gzip
import importlib.util
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PZPR = os.path.join(
    os.path.dirname(importlib.util.find_spec("ppbench").origin), "vendor/pzprjs/dist/js/pzpr.js")
CODES = {"lightup": 2, "tapa": 2, "heyawake": 2, "nurikabe": 2, "shakashaka": 5}


def oracle(requests):
    text = "".join(json.dumps(request) + "\n" for request in requests)
    run = subprocess.run(["node", os.path.join(HERE, "pzpr_oracle.js"), PZPR], input=text, stdout=subprocess.PIPE,
                         check=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def neighbours(w, h, i):
    r, c = divmod(i, w)
    return [i + d for d, ok in ((-w, r > 0), (-1, c > 0), (1, c + 1 < w), (w, r + 1 < h)) if ok]


def areas(w, h, member, open_between=lambda a, b: True):
    area = [-1] * (w * h)
    count = 0
    for first in range(w * h):
        if not member(first) or area[first] >= 0:
            continue
        area[first], stack = count, [first]
        while stack:
            cell = stack.pop()
            for other in neighbours(w, h, cell):
                if area[other] < 0 and member(other) and open_between(cell, other):
                    area[other] = count
                    stack.append(other)
        count += 1
    return area, count


def size(rng, small):
    return (rng.randint(1, 5), rng.randint(1, 5)) if small else (rng.randint(6, 11), rng.randint(6, 11))


# Boards of each genre with an answer that is right, or nearly.

def lightup(rng, small):
    w, h = size(rng, small)
    black = [rng.random() < 0.25 for _ in range(w * h)]
    seen, cells = [False] * (w * h), [0] * (w * h)
    for i in rng.sample(range(w * h), w * h):
        if black[i] or seen[i]:
            continue
        cells[i] = 1
        seen[i] = True
        for step, count in ((1, w - 1 - i % w), (-1, i % w), (w, h - 1 - i // w), (-w, i // w)):
            for n in range(1, count + 1):
                if black[i + n * step]:
                    break
                seen[i + n * step] = True
    clues = [-1 if not black[i] else rng.choice([5, sum(cells[j] for j in neighbours(w, h, i))])
             for i in range(w * h)]
    return dict(pid="lightup", w=w, h=h, clues=clues, cells=cells)


def sea(rng, w, h):
    """A connected set of cells without a 2x2 block."""
    inside = [0] * (w * h)
    inside[rng.randrange(w * h)] = 1
    goal = rng.uniform(0.3, 0.8) * w * h
    for _ in range(20 * w * h):
        i = rng.randrange(w * h)
        if sum(inside) >= goal:
            break
        if inside[i] or not any(inside[j] for j in neighbours(w, h, i)):
            continue
        inside[i] = 1
        r, c = divmod(i, w)
        if any(0 <= a < h - 1 and 0 <= b < w - 1 and all(inside[(a + x) * w + b + y] for x in (0, 1) for y in (0, 1))
               for a in (r - 1, r) for b in (c - 1, c)):
            inside[i] = 0
    return inside


def nurikabe(rng, small):
    w, h = size(rng, small)
    cells = sea(rng, w, h)
    area, count = areas(w, h, lambda i: not cells[i])
    clues = [0] * (w * h)
    for n in range(count):
        members = [i for i in range(w * h) if area[i] == n]
        clues[rng.choice(members)] = -1 if rng.random() < 0.15 else len(members)
    return dict(pid="nurikabe", w=w, h=h, clues=clues, cells=cells)


def tapa(rng, small):
    w, h = size(rng, small)
    cells = sea(rng, w, h)
    clues = [[] for _ in range(w * h)]
    for i in range(w * h):
        if cells[i] or rng.random() < 0.5:
            continue
        r, c = divmod(i, w)
        ring = [(-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1)]
        bits = [int(0 <= r + a < h and 0 <= c + b < w and cells[(r + a) * w + c + b]) for a, b in ring]
        if all(bits):
            clues[i] = [8]
        elif not any(bits):
            clues[i] = [0]
        else:
            start = bits.index(0)
            text = "".join(map(str, bits[start:] + bits[:start]))
            clues[i] = [len(run) for run in text.split("0") if run]
        clues[i] = sorted(-1 if rng.random() < 0.2 else n for n in clues[i])
    return dict(pid="tapa", w=w, h=h, clues=clues, cells=cells)


def heyawake(rng, small):
    """Random borders (some end inside a room), random shading that keeps white connected and shaded apart."""
    w, h = size(rng, small)
    rooms, cells = [-1] * (w * h), [0] * (w * h)
    for n, i in enumerate(rng.sample(range(w * h), w * h)):  # rectangles grown where there is room
        if rooms[i] < 0:
            a, b = rng.randint(1, 3), rng.randint(1, 4)
            for r in range(i // w, min(h, i // w + a)):
                for c in range(i % w, min(w, i % w + b)):
                    if rooms[r * w + c] < 0:
                        rooms[r * w + c] = n
    right = [int(i % w + 1 < w and (rooms[i] != rooms[i + 1] or rng.random() < 0.03)) for i in range(w * h)]
    below = [int(i + w < w * h and (rooms[i] != rooms[i + w] or rng.random() < 0.03)) for i in range(w * h)]
    for i in rng.sample(range(w * h), w * h):
        if not any(cells[j] for j in neighbours(w, h, i)):
            cells[i] = 1
            if areas(w, h, lambda j: not cells[j])[1] > 1 or rng.random() < 0.1:
                cells[i] = 0
    opened = lambda a, b: not (right[min(a, b)] if abs(a - b) == 1 and w > 1 else below[min(a, b)])
    area, count = areas(w, h, lambda i: True, opened)
    bits = [right[i] for i in range(w * h) if i % w + 1 < w]
    url = ""
    for part in (bits, below[:w * (h - 1)]):
        part = part + [0] * (-len(part) % 5)
        url += "".join("0123456789abcdefghijklmnopqrstuv"[int("".join(map(str, part[k:k + 5])), 2)]
                       for k in range(0, len(part), 5))
    for n in range(count):
        number = sum(cells[i] for i in range(w * h) if area[i] == n)
        url += "g" if rng.random() < 0.5 or number > 15 else "%x" % number
    return dict(url=f"heyawake/{w}/{h}/{url}", cells=cells)


def shakashaka(rng, small):
    """White rectangles, upright and slanted, put on a black board."""
    w, h = size(rng, small) if not small else (rng.randint(2, 6), rng.randint(2, 6))
    kind = [None] * (w * h)  # None black, else the solution code
    upright = [False] * (w * h)

    def put(placed, is_upright):
        if any(not (0 <= r < h and 0 <= c < w) or kind[r * w + c] is not None for r, c, _ in placed):
            return
        own = {r * w + c for r, c, _ in placed}
        if is_upright and any(upright[j] for i in own for j in neighbours(w, h, i)):
            return
        if is_upright and any(kind[j] is not None and facing(j, i) for i in own for j in neighbours(w, h, i)):
            return
        for r, c, code in placed:
            kind[r * w + c], upright[r * w + c] = code, is_upright

    def facing(j, i):  # whether the triangle at j is white along its side towards i
        side = {-w: "down", w: "up", -1: "right", 1: "left"}[j - i]
        closed = {1: ("down", "left"), 2: ("down", "right"), 3: ("up", "right"), 4: ("up", "left")}
        return side not in closed.get(kind[j], ())

    for _ in range(4 * w * h):
        r, c = rng.randrange(h), rng.randrange(w)
        if rng.random() < 0.3:
            a, b = rng.randint(1, 3), rng.randint(1, 3)
            put([(r + x, c + y, 0) for x in range(a) for y in range(b)], True)
        else:
            a, b = rng.randint(1, 3), rng.randint(1, 3)  # lengths of the left and the right upper edge
            left = [(r + k, c - 1 - k, 4) for k in range(a)] + [(r + a + k, c - a + k, 1) for k in range(b)]
            right = [(r + k, c + k, 3) for k in range(b)] + [(r + b + k, c + b - 1 - k, 2) for k in range(a)]
            inner = [(x, y, 0) for (x, lo, _), (_, hi, _) in zip(sorted(left), sorted(right))
                     for y in range(lo + 1, hi)]
            put(left + right + inner, False)
    cells = [code or 0 for code in kind]
    clues = [-1 if kind[i] is not None else rng.choice([5, sum(cells[j] > 0 for j in neighbours(w, h, i))])
             for i in range(w * h)]
    return dict(pid="shakashaka", w=w, h=h, clues=clues, cells=cells)


def sudoku(rng, small):
    n, bw = rng.choice([(4, 2), (6, 3)]) if small else (9, 3)
    bh = n // bw
    order = lambda groups, count: [g * count + k for g in rng.sample(range(groups), groups)
                                   for k in rng.sample(range(count), count)]
    rows, columns, digits = order(n // bh, bh), order(n // bw, bw), rng.sample(range(1, n + 1), n)
    cells = [digits[(r % bh * bw + r // bh + c) % n] for r in rows for c in columns]
    clues = [code if rng.random() < 0.4 else 0 for code in cells]
    return dict(pid="sudoku", w=n, h=n, clues=clues, cells=cells)


def mutated(rng, request, blank):
    """The request with one or two cells changed; `blank` tells which cells may be."""
    cells = list(request["cells"])
    free = [i for i in range(len(cells)) if blank(i)]
    if free:
        codes = CODES.get(request["task"], max(cells) + 1)
        if len(free) > 1 and rng.random() < 0.3:
            i, j = rng.sample(free, 2)
            cells[i], cells[j] = cells[j], cells[i]
        else:
            for i in rng.sample(free, min(len(free), rng.randint(1, 2))):
                cells[i] = rng.choice([code for code in range(codes) if code != cells[i]])
    return dict(request, cells=cells)


def boards(task, rng, folder):
    path = os.path.join(folder, f"{task}_10x10.jsonl.gz")
    if os.path.exists(path):
        with gzip.open(path, "rt") as lines:
            for entry in map(json.loads, rng.sample(list(lines), 120)):
                given = entry["clues"] if task != "heyawake" else [0] * 100
                empty = {"lightup": -1}.get(task, 0)
                yield dict(task=task, url=entry["url"], cells=entry["solution"]), [c == empty for c in given]
    make = globals()[task]
    for n in range(240 if os.path.exists(path) else 300):
        request = make(rng, small=n % 2 == 0)
        request["task"] = task
        empty = {"lightup": -1, "shakashaka": -1, "tapa": []}.get(task, 0)
        yield request, [c == empty for c in request.get("clues", [0] * len(request["cells"]))]


def main():
    folder = sys.argv[1]
    for task in ("sudoku", "lightup", "nurikabe", "heyawake", "tapa", "shakashaka"):
        rng = random.Random(f"verdicts {task}")
        requests = []
        for request, free in boards(task, rng, folder):
            requests.append(request)
            for _ in range(1 + (rng.random() < 0.5)):
                requests.append(mutated(rng, request, lambda i: free[i]))
        seen = set()
        for request, reply in zip(requests, oracle(requests)):
            line = json.dumps({"task": task, "url": reply["url"].replace("http://pzv.jp/p.html?", "https://puzz.link/p?"),
                               "answer": "".join(map(str, request["cells"])), "valid": reply["complete"],
                               "failcode": reply["failcode"]}, separators=(",", ":"))
            if reply["cells"] != request["cells"]:
                raise SystemExit(f"pzpr did not take the answer: {request} {reply}")
            if line not in seen:
                seen.add(line)
                print(line)


main()

#!/usr/bin/env python3
"""Exact search side by side with the PyPI package puzzlekit (OR-Tools CP-SAT), one thread each, in one run.

    pip install puzzlekit==0.3.4 ppbench==0.1.0
    python3 examples/benchmarks/compare_exact.py [--binary .build/release/ptrmd] [--count 100] [--turns 3] [--limit 30]

Boards: the golden ones of ppbench, and boards of `ptrmd generate` with 10x10 and 20x20 cells. Of every board both solvers
take turns; a time is the least of its turns. Times are CPU times of all threads, so that other programs on the machine do not
count: puzzlekit's is building its model and solving it; ptrmd's is the daemon's for a request, reading, checking, replying and
waking its threads included (Linux tells it; elsewhere, and with --wall, it is the round trip over the pipe). puzzlekit has no solver
for tapa and shakashaka: of those only ptrmd's times are given.
"""
import argparse
import importlib.util
import json
import pathlib
import statistics
import subprocess
import time

GENRES = ["sudoku", "lightup", "heyawake", "nurikabe", "tapa", "shakashaka"]


def cells16(body, count):
    """Numbers of a puzz.link body in pzpr's common notation; None where there is none, "?" for an unknown one."""
    cells, i = [], 0
    while len(cells) < count and i < len(body):
        c = body[i]
        if c == ".":
            cells.append("?")
        elif c in "-+":
            width = 2 if c == "-" else 3
            cells.append(int(body[i + 1 : i + 1 + width], 16))
            i += width
        elif c >= "g":
            cells += [None] * (ord(c) - ord("f"))
        else:
            cells.append(int(c, 16))
        i += 1
    return (cells + [None] * count)[:count]


def heyawake(width, height, body):
    """Rooms and their numbers of a heyawake body: borders as bits, five to a character, then numbers in room order."""
    vertical, horizontal = (width - 1) * height, width * (height - 1)
    first, second = -(-vertical // 5), -(-horizontal // 5)

    def bits(text, count):
        return [int(c, 32) >> (4 - k) & 1 for c in text for k in range(5)][:count]

    right, below = bits(body[:first], vertical), bits(body[first : first + second], horizontal)
    room = [None] * (width * height)
    rooms = 0
    for start in range(width * height):
        if room[start] is not None:
            continue
        room[start], stack = rooms, [start]
        while stack:
            cell = stack.pop()
            y, x = divmod(cell, width)
            ways = []
            if x + 1 < width and not right[y * (width - 1) + x]: ways.append(cell + 1)
            if x and not right[y * (width - 1) + x - 1]: ways.append(cell - 1)
            if y + 1 < height and not below[y * width + x]: ways.append(cell + width)
            if y and not below[(y - 1) * width + x]: ways.append(cell - width)
            for other in ways:
                if room[other] is None:
                    room[other] = rooms
                    stack.append(other)
        rooms += 1
    return room, cells16(body[first + second :], rooms)


def for_puzzlekit(task, puzzle):
    """What puzzlekit's solver of the genre is made from; None when it has none or cannot state the board."""
    if task == "sudoku" and "/" not in puzzle:
        side = round(len(puzzle) ** 0.5)
        cells, width, height = [None if c in ".0" else int(c, 36) for c in puzzle], side, side
    else:
        _, rest = puzzle.split("?", 1)
        _, width, height, body = rest.split("/", 4)[:4]
        width, height = int(width), int(height)
    grid = lambda flat: [flat[y * width : (y + 1) * width] for y in range(height)]
    made = {"num_rows": height, "num_cols": width}
    if task == "sudoku":
        if "/" in puzzle: cells = cells16(body, width * height)
        return made | {"grid": grid(["-" if c in (None, "?") else str(c) for c in cells])}
    if task == "lightup":
        cells, i = [], 0
        for c in body:
            value = 99 if c == "." else int(c, 36)
            if c == ".": cells.append("x")
            elif value < 5: cells.append(str(value))
            elif value < 10: cells += [str(value - 5), "-"]
            elif value < 15: cells += [str(value - 10), "-", "-"]
            else: cells += ["-"] * (value - 15)
        return made | {"grid": grid((cells + ["-"] * width * height)[: width * height])}
    if task == "nurikabe":
        cells = cells16(body, width * height)
        if "?" in cells: return None
        return made | {"grid": grid(["-" if c is None else str(c) for c in cells])}
    if task == "heyawake":
        room, numbers = heyawake(width, height, body)
        first = {}
        for cell, name in enumerate(room): first.setdefault(name, cell)
        clues = ["-"] * (width * height)
        for name, number in enumerate(numbers):
            if number not in (None, "?"): clues[first[name]] = str(number)
        return made | {"grid": grid(clues), "region_grid": grid([str(name) for name in room])}
    return None


class Daemon:
    """ptrmd on one thread, one request at a time."""

    def __init__(self, binary, wall):
        self.process = subprocess.Popen(
            [binary, "--threads", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        self.clock = time.perf_counter if wall or not self.tasks.exists() else self.processor_time

    def processor_time(self):
        """Seconds that all threads of the daemon have run."""
        return sum(int((task / "schedstat").read_text().split()[0]) for task in self.tasks.iterdir()) / 1e9

    def solve(self, task, puzzle):
        line = json.dumps({"task": task, "puzzle": puzzle, "overrides": {"engines": ["exact"]}}) + "\n"
        began = self.clock()
        self.process.stdin.write(line)
        reply = json.loads(self.process.stdout.readline())
        while reply["type"] == "warning": reply = json.loads(self.process.stdout.readline())
        self.process.stdin.write('{"method":"ping"}\n')  # what comes after a reply belongs to it
        self.process.stdout.readline()
        return (self.clock() - began) * 1e3, reply.get("status") == "solved"


def solve_puzzlekit(task, made, limit, clock):
    import puzzlekit
    options = {"time_limit_sec": limit, "num_search_workers": 1}
    began = clock()
    result = puzzlekit.solver({"lightup": "akari"}.get(task, task), dict(made)).solve(options)
    return (clock() - began) * 1e3, result.solution_data.get("status") in ("Optimal", "Feasible")


def boards(binary, count):
    golden = pathlib.Path(importlib.util.find_spec("ppbench").origin).parent / "bundled/golden_300.jsonl"
    for line in golden.read_text().splitlines():
        row = json.loads(line)
        if row["pid"] in GENRES: yield row["pid"], "golden", row["puzzlink_url"]
    for task in GENRES:
        for size in ["9x9"] if task == "sudoku" else ["10x10", "20x20"]:
            number = count if (task, size) != ("nurikabe", "20x20") else min(count, 20)
            out = subprocess.run(
                [binary, "generate", "--task", task, "--size", size, "--count", str(number), "--seed", "4242"],
                stdout=subprocess.PIPE, text=True, check=True).stdout
            for line in out.splitlines(): yield task, size, json.loads(line)["puzzle"]


def percentile(values, share): return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=".build/release/ptrmd")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--wall", action="store_true", help="wall clock instead of CPU time")
    parser.add_argument("--limit", type=float, default=30, help="seconds of puzzlekit for one board")
    arguments = parser.parse_args()
    daemon, rows = Daemon(arguments.binary, arguments.wall), {}
    clock = time.perf_counter if arguments.wall else time.process_time
    for task, kind, puzzle in boards(arguments.binary, arguments.count):
        made, ours, theirs, state = for_puzzlekit(task, puzzle), [], [], [True, True]
        for turn in range(arguments.turns):
            spent, solved = daemon.solve(task, puzzle)
            ours.append(spent)
            state[0] &= solved
            # Slow boards once: the point is made.
            if made and (turn == 0 or theirs[0] < 1000):
                spent, solved = solve_puzzlekit(task, made, arguments.limit, clock)
                theirs.append(spent)
                state[1] &= solved
        rows.setdefault((task, kind), []).append((min(ours), min(theirs, default=None), *state))
    print("| genre | boards | ptrmd median, 95 % (ms) | solved | puzzlekit median, 95 % (ms) | solved | ratio of medians, of 95 % |")
    print("|---|---|---|---|---|---|---|")
    for (task, kind), row in rows.items():
        ours = [r[0] for r in row]
        text = f"| {task} | {len(row)} {kind} | {statistics.median(ours):.2f}, {percentile(ours, .95):.1f} | {sum(r[2] for r in row)} |"
        both = [r for r in row if r[1] is not None]
        if both:
            theirs, ours = [r[1] for r in both], [r[0] for r in both]
            text += f" {statistics.median(theirs):.0f}, {percentile(theirs, .95):.0f} | {sum(r[3] for r in both)} of {len(both)} |"
            text += f" {statistics.median(theirs) / statistics.median(ours):.0f}, {percentile(theirs, .95) / percentile(ours, .95):.0f} |"
        else: text += " - | - | - |"
        print(text, flush=True)


main()

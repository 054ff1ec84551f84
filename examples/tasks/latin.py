#!/usr/bin/env python3
"""Latin squares of 6x6 with one solution each, as NDJSON: latin.py COUNT [SEED [PTRMD]] > puzzles.ndjson

Random givens of random squares; the program's exact search says which of them leave one solution."""

import json
import os
import random
import signal
import subprocess
import sys
import threading

SIDE = 6
profiles = os.path.join(os.path.dirname(os.path.abspath(__file__)), "profiles.yaml")


def square(draw):
    rows = [[(r + c) % SIDE for c in range(SIDE)] for r in range(SIDE)]
    draw.shuffle(rows)
    rows = list(zip(*rows))
    draw.shuffle(rows)
    rows = [list(row) for row in zip(*rows)]
    for _ in range(40):  # two symbols of two rows change places along a cycle of columns: no longer only a shuffled table of addition
        a, b = draw.sample(range(SIDE), 2)
        column = draw.randrange(SIDE)
        first = rows[a][column]
        while True:
            rows[a][column], rows[b][column] = rows[b][column], rows[a][column]
            if rows[a][column] == first:
                break
            column = next(c for c in range(SIDE) if c != column and rows[a][c] == rows[a][column])
    return rows


def puzzle(draw):
    shown = set(draw.sample(range(SIDE * SIDE), draw.randint(9, 18)))
    return "\n".join(
        "".join(str(value + 1) if r * SIDE + c in shown else "." for c, value in enumerate(row))
        for r, row in enumerate(square(draw)))


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    count = int(sys.argv[1])
    draw = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    program = sys.argv[3] if len(sys.argv) > 3 else "ptrmd"
    daemon = subprocess.Popen([program, "--profiles", profiles], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    asked, room = {}, threading.Semaphore(500)

    def ask():
        number = 0
        try:
            while count:
                room.acquire()
                asked[number] = puzzle(draw)
                request = {"id": number, "task": "latin6", "puzzle": asked[number], "include": ["unique"]}
                daemon.stdin.write(json.dumps(request) + "\n")
                number += 1
        except OSError:
            pass  # there are enough

    threading.Thread(target=ask, daemon=True).start()
    for line in daemon.stdout:
        reply = json.loads(line)
        given = asked.pop(reply["id"])
        room.release()
        if reply.get("unique"):
            print(json.dumps({"task": "latin6", "puzzle": given, "solution": reply["answer"]}))
            count -= 1
            if not count:
                break
    daemon.kill()


main()

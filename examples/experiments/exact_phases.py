#!/usr/bin/env python3
"""Does the model help exact search? Conflicts with phases and order of the SAT search from 8 rollouts, or from an oracle.

    PTRM_EXPERIMENTS=1 swift build -c release --product exact-phases --product ptrmd
    ptrmd generate --task nurikabe --size 10x10 --count 400 --seed 29 > boards.ndjson
    python3 examples/experiments/exact_phases.py boards.ndjson --model [--slowest 100] [--depth 16]
    python3 examples/experiments/exact_phases.py boards.ndjson --oracle 1,0.95,0.9,0.8,0.7

Lines are those of `ptrmd generate` (nurikabe, heyawake, tapa, lightup), with solutions. The slowest by conflicts of the plain search
are kept. --model: a hint is the share of 8 rollouts whose answer holds the cell for shaded. --oracle: the solution's cell, with so
large a chance that it is the right one; an upper bound for what any model could say. Printed: conflicts in sum over all
kept boards and over their slower half.
"""
import argparse
import json
import random
import subprocess

MARKS = {"lightup": "*"}
LIMIT = 200_000


def cells(task, answer):
    rows = answer.split("\n") if isinstance(answer, str) else answer
    return [1.0 if c == MARKS.get(task, "#") else 0.0 for row in rows for c in row]


def through(command, lines):
    run = subprocess.run(command, input="".join(json.dumps(line) + "\n" for line in lines), stdout=subprocess.PIPE, text=True,
                         check=False)
    return [json.loads(line) for line in run.stdout.splitlines()]


def measure(arguments, boards, hints):
    lines = [{"task": b["task"], "puzzle": b["puzzle"], "hints": h} for b, h in zip(boards, hints, strict=True)]
    return through([arguments.search], lines)


def number(conflicts): return LIMIT if conflicts is None else conflicts


def row(name, replies):
    """Sums over all boards and over the half that is slower without hints."""
    slower = sorted(replies, key=lambda r: -number(r["plain"]))[: (len(replies) + 1) // 2]
    total = lambda rows, key: sum(number(r[key]) for r in rows)
    parts = [name, str(len(replies))]
    for rows in (replies, slower):
        plain = total(rows, "plain")
        parts.append(str(plain))
        parts += [f"{total(rows, key)} ({total(rows, key) / max(plain, 1) - 1:+.0%})" for key in ("phase", "order")]
    print("| " + " | ".join(parts) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("boards")
    parser.add_argument("--search", default=".build/release/exact-phases")
    parser.add_argument("--ptrmd", default=".build/release/ptrmd")
    parser.add_argument("--slowest", type=int, default=100)
    parser.add_argument("--depth", type=int, default=16)
    parser.add_argument("--model", action="store_true")
    parser.add_argument("--oracle", default="")
    arguments = parser.parse_args()
    boards = [json.loads(line) for line in open(arguments.boards)]
    boards = [board for board in boards if board.get("solution")]
    sizes = [len(cells(b["task"], b["solution"])) for b in boards]
    plain = measure(arguments, boards, [[0.5] * size for size in sizes])
    order = sorted(range(len(boards)), key=lambda i: -number(plain[i]["plain"]))
    boards = [boards[i] for i in order[: arguments.slowest]]
    truth = [cells(b["task"], b["solution"]) for b in boards]
    print("| hints | boards | plain | phase | phase and order | slower half: plain | phase | phase and order |\n" + "|---" * 8 + "|")
    if arguments.model:
        requests = [
            {"id": i, "task": b["task"], "puzzle": b["puzzle"], "include": ["candidates"], "seed": 1,
             "overrides": {"engines": ["ptrm"], "K": 8, "D": arguments.depth, "stop": "all", "q_threshold": None}}
            for i, b in enumerate(boards)]
        hints, solved, right = [None] * len(boards), set(), []
        for reply in through([arguments.ptrmd, "--threads", "1"], requests):
            if reply.get("type") != "answer": continue
            answers = [cells(boards[reply["id"]]["task"], c["answer"]) for c in reply["candidates"]]
            hints[reply["id"]] = [sum(a[i] for a in answers) / len(answers) for i in range(len(answers[0]))]
            if reply["status"] == "solved": solved.add(reply["id"])
        kept = [i for i in range(len(boards)) if hints[i]]
        for i in kept: right.append(sum((h >= 0.5) == (t == 1) for h, t in zip(hints[i], truth[i])) / len(truth[i]))
        replies = measure(arguments, [boards[i] for i in kept], [hints[i] for i in kept])
        row(f"8 rollouts, {sum(right) / max(len(right), 1):.1%} of the cells right", replies)
        left = [reply for i, reply in zip(kept, replies) if i not in solved]
        if left: row("8 rollouts, boards that they left unsolved", left)
    for share in [float(text) for text in arguments.oracle.split(",") if text]:
        draw = random.Random(29)
        hints = [[v if draw.random() < share else 1 - v for v in values] for values in truth]
        # Surer where it is right more often: a guess is as sure as the oracle.
        hints = [[0.5 + (v - 0.5) * (2 * share - 1) for v in values] for values in hints]
        row(f"oracle, {share:.0%} right", measure(arguments, boards, hints))


main()

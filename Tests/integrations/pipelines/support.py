"""Lines for pipelines, what must come back, and a hand that kills half-way."""

import json
import os
import signal
import sys
import threading
import time
import unittest
from pathlib import Path
from typing import Callable, Iterable, List, Mapping, Optional

import psutil

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "examples" / "pipelines"))
PTRMD = os.environ["PTRMD"]
COUNT = int(os.environ.get("PTRM_PIPELINE_LINES", "2000"))
BAD = {COUNT // 7: "no request at all", COUNT // 2: '{"task":"chess","puzzle":"x"}', COUNT - 5: '{"task":"sudoku","puzzle":"12"}'}


def lines() -> List[str]:
    """Sudoku, each with its number as its id, and three bad lines among them."""
    puzzles = [json.loads(line)["puzzle"] for line in (ROOT / "examples/puzzles/sudoku.ndjson").read_text().splitlines()]
    return [
        BAD.get(number) or json.dumps({"id": number, "task": "sudoku", "puzzle": puzzles[number % len(puzzles)]})
        for number in range(COUNT)
    ]


def check(case: unittest.TestCase, rows: Iterable[Mapping]) -> None:
    """Every line once, in whatever order; the bad ones as errors, all others solved."""
    by_line = {row["line"]: row for row in rows}
    case.assertEqual(sorted(by_line), list(range(COUNT)))
    for line, row in by_line.items():
        case.assertEqual(row["status"], "error" if line in BAD else "solved", f"{line}: {row}")
        if line not in BAD:
            case.assertEqual(row["id"], str(line))
            case.assertRegex(row["answer"], r"^[1-9]{81}$")
        else:
            case.assertTrue(row["error"])


class Killing:
    """Kills a process with -9 once `is_time`; the test fails when it never came to that."""

    def __init__(self, find: "Callable[[], Optional[psutil.Process]]", is_time: Callable[[], bool]) -> None:
        self._find = find
        self._is_time = is_time
        self._is_over = threading.Event()
        self.killed: Optional[str] = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Killing":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.wait(0.1):
            try:
                if self._is_time():
                    process = self._find()
                    if process is not None:
                        name = " ".join(process.cmdline())[:60]
                        os.kill(process.pid, signal.SIGKILL)
                        self.killed = name
                        return
            except psutil.Error:
                continue


def descendants(text: str) -> "List[psutil.Process]":
    """Processes below this one whose command line has that text."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if text in " ".join(process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def first(text: str) -> "Optional[psutil.Process]":
    found = descendants(text)
    return found[0] if found else None


class Timer:
    def __init__(self) -> None:
        self._begin = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begin

"""Rows of lines, and a daemon that processes share: PTRMD=path/to/ptrmd python3 -m unittest discover -s tests"""

import json
import os
import subprocess
import sys
import unittest
import uuid
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import ptrm
from ptrm import SharedClient
from ptrm.batch import answer_lines, batches, cost
from support import EASY, PTRMD, SOLUTION

WORKER = """
import sys, ptrm
with ptrm.SharedClient(sys.argv[1], threads=1, program=sys.argv[2]) as client:
    print(client.call("stats")["stats"]["threads"], flush=True)
    sys.stdin.read()
"""


def shared_answer(name: str) -> "tuple[str, int]":
    with SharedClient(name, threads=1, program=PTRMD) as client:
        return client.solve(EASY).answer, client.call("stats")["stats"]["connections"]


class BatchTests(unittest.TestCase):
    def test_every_line_is_a_row(self) -> None:
        lines = [
            json.dumps({"id": "a", "puzzle": EASY}), "nonsense", json.dumps({"id": 7, "puzzle": "12"}), "[1]",
            json.dumps({"id": "a", "task": "chess", "puzzle": "x"}), json.dumps({"puzzle": EASY}), '{"puzzle": NaN}', "",
        ]
        with ptrm.Client(program=PTRMD, arguments=["--threads", "1"]) as client:
            rows = answer_lines(lines, client, {"task": "sudoku"})
        self.assertEqual([row["id"] for row in rows], ["a", None, "7", None, "a", None, None, None])
        statuses = ["solved", "error", "error", "error", "error", "solved", "error", "error"]
        self.assertEqual([row["status"] for row in rows], statuses)
        self.assertEqual((rows[0]["answer"], rows[0]["error"]), (SOLUTION, None))
        self.assertIn("-32602", rows[2]["error"])
        self.assertIn("8 lines: 2 solved, 0 unsolved, 6 errors", cost(rows, 1.0, 2))

    def test_a_daemon_that_dies_is_replaced(self) -> None:
        lines = [json.dumps({"id": n, "puzzle": EASY, "seed": n}) for n in range(40)]
        with ptrm.Client(program=PTRMD, arguments=["--threads", "1"]) as client:
            original = client.request_many

            def request_many(requests, **members):
                """The daemon is killed in the middle of the first try."""
                client.request_many = original

                def slow():
                    for number, request in enumerate(requests):
                        if number == 20:
                            client._link._process.kill()
                        yield request
                return original(slow(), **members)

            client.request_many = request_many
            rows = answer_lines(lines, client, {"task": "sudoku"}, window=8)
        self.assertEqual([row["id"] for row in rows], [str(n) for n in range(40)])
        self.assertEqual({row["answer"] for row in rows}, {SOLUTION})

    def test_batches(self) -> None:
        self.assertEqual(list(batches("abcde", 2)), [["a", "b"], ["c", "d"], ["e"]])

    def test_processes_share_a_daemon(self) -> None:
        name = f"test-{uuid.uuid4().hex[:12]}"
        with SharedClient(name, threads=1, program=PTRMD) as first:
            first.call("ping")
            with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
                answers = list(pool.map(shared_answer, [name] * 4))
            self.assertEqual({answer for answer, _ in answers}, {SOLUTION})
            self.assertGreaterEqual(min(connections for _, connections in answers), 2, "they had one each")

    def test_the_daemon_ends_with_who_started_it_and_has_a_successor(self) -> None:
        name = f"test-{uuid.uuid4().hex[:12]}"
        starter = subprocess.Popen(
            [sys.executable, "-c", WORKER, name, PTRMD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.assertEqual(starter.stdout.readline(), "1\n")
        with SharedClient(name, threads=1, program=PTRMD) as client:
            client.call("ping")
            starter.kill()
            starter.communicate()
            rows = answer_lines([json.dumps({"puzzle": EASY, "task": "sudoku"})] * 20, client)
            self.assertEqual({row["answer"] for row in rows}, {SOLUTION})

    def test_what_gone_daemons_left_is_swept_away(self) -> None:
        name = f"test-{uuid.uuid4().hex[:12]}"
        with SharedClient(name, threads=0, program=PTRMD) as client:
            path = client.socket
            with self.assertRaises(ptrm.DaemonExited):
                client.call("ping")
        self.assertTrue(os.path.exists(path + ".log"))
        with SharedClient(name + "-next", threads=1, program=PTRMD) as client:
            client.call("ping")
            self.assertFalse(os.path.exists(path + ".log") or os.path.exists(path + ".starting"))
            self.assertTrue(os.path.exists(client.socket + ".starting"))

    def test_a_shared_daemon_that_does_not_start(self) -> None:
        with SharedClient(f"test-{uuid.uuid4().hex[:12]}", threads=0, program=PTRMD) as client:
            with self.assertRaises(ptrm.DaemonExited) as caught:
                client.call("ping")
        self.assertEqual(caught.exception.exit_code, 2)
        self.assertIn("threads", str(caught.exception))


if __name__ == "__main__":
    unittest.main()

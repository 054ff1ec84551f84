"""The client for threads against a real daemon: PTRMD=path/to/ptrmd python3 -m unittest discover -s tests"""

import os
import pickle
import sys
import threading
import time
import unittest
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import ptrm
import ptrm.client
from ptrm import Client
from support import EASY, ENDLESS, PTRMD, SOLUTION, UNSOLVABLE, SocketDaemon

# A loaded machine may take seconds to end a daemon; killed, its exit code would say nothing.
ptrm.client.PATIENCE = 4.0
SHARED: "list[Client]" = []


def solve_in_worker(client: Client, seed: int) -> "tuple[int, str, int]":
    answer = client.solve(EASY, seed=seed)
    return os.getpid(), answer.answer, answer["seed"]


def solve_with_inherited(seed: int) -> str:
    return SHARED[0].solve(EASY, seed=seed).answer


class SubprocessTests(unittest.TestCase):
    def test_one_line_solves(self) -> None:
        os.environ.setdefault("PTRMD", PTRMD)
        answer = ptrm.solve(EASY)
        self.assertEqual((answer.answer, answer.verified, answer.solved), (SOLUTION, True, True))
        self.assertEqual(answer["profile"], "sudoku")

    def test_whether_a_puzzle_is_unique(self) -> None:
        with Client(program=PTRMD) as client:
            only = client.solve(EASY, include=["unique"])
            self.assertEqual((only.unique, only.other_answer), (True, None))
            several = client.solve("1...............", include=["unique"])
            self.assertIs(several.unique, False)
            self.assertNotIn(several.other_answer, (None, several.answer))
            unasked = client.solve(EASY)
            self.assertEqual((unasked.unique, unasked.other_answer), (None, None))

    def test_the_reason_of_a_daemon_that_does_not_start(self) -> None:
        with Client(program=PTRMD, arguments=["--profiles", "/nowhere/at/all.yaml"]) as client:
            with self.assertLogs("ptrm.daemon"), self.assertRaises(ptrm.DaemonExited) as caught:
                client.solve(EASY)
        self.assertEqual(caught.exception.exit_code, 2)
        self.assertIn("wrong usage or configuration", str(caught.exception))
        self.assertIn("/nowhere/at/all.yaml", str(caught.exception))

    def test_a_program_that_is_not_there(self) -> None:
        with Client(program="/nowhere/ptrmd") as client, self.assertRaises(FileNotFoundError):
            client.solve(EASY)

    def test_a_daemon_that_dies_is_started_again(self) -> None:
        with Client(program=PTRMD, arguments=["--threads", "1"]) as client:
            client.call("ping")
            process = client._link._process
            process.kill()
            process.wait()
            client._link._reader.join()
            self.assertEqual(client.solve(EASY).answer, SOLUTION)

    def test_closing_ends_a_search(self) -> None:
        client = Client(program=PTRMD, arguments=["--threads", "1"])
        caught: "list[BaseException]" = []

        def search() -> None:
            try:
                client.solve(UNSOLVABLE, task="sudoku", overrides=ENDLESS)
            except BaseException as error:
                caught.append(error)

        thread = threading.Thread(target=search)
        thread.start()
        while client.call("stats")["stats"]["steps"] == 0:
            time.sleep(0.01)
        process = client._link._process
        client.close()
        thread.join()
        self.assertIsInstance(caught[0], ptrm.ConnectionLost)
        self.assertEqual(process.returncode, 1, "it was asked, not killed, and left a request unanswered")
        client.close()
        with self.assertRaises(ptrm.ConnectionLost):
            client.call("ping")

    def test_closing_ends_a_program_that_heeds_no_signal(self) -> None:
        client = Client(program="sh", arguments=["-c", "trap '' INT TERM; exec sleep 600"])
        process = client._connected()._process
        patience, ptrm.client.PATIENCE = ptrm.client.PATIENCE, 0.2
        try:
            client.close()
        finally:
            ptrm.client.PATIENCE = patience
        self.assertEqual(process.returncode, -9)


class SocketTests(unittest.TestCase):
    def start(self, *arguments: str) -> Client:
        daemon = SocketDaemon(*arguments)
        self.addCleanup(daemon.end, self)
        self.daemon = daemon
        client = Client(daemon.path)
        self.addCleanup(client.close)
        return client

    def test_threads_share_a_client(self) -> None:
        client = self.start()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda seed: client.solve(EASY, seed=seed), range(24)))
        self.assertEqual([answer["seed"] for answer in answers], list(range(24)))

    def test_many_in_order_with_bad_ones_among_them(self) -> None:
        client = self.start()
        puzzles = [EASY, "12", {"id": "own", "task": "sudoku", "puzzle": EASY}, {"task": "chess", "puzzle": "x"}, EASY]
        results = list(client.solve_many(puzzles, task="sudoku", window=2))
        kinds = [type(result).__name__ for result in results]
        self.assertEqual(kinds, ["Answer", "InvalidRequest", "Answer", "InvalidRequest", "Answer"])
        self.assertEqual(results[2].id, "own")
        self.assertEqual(results[1].field, "puzzle")
        self.assertIn("sudoku", results[3].known)
        unordered = list(client.solve_many([{"id": n, "puzzle": EASY} for n in range(9)], ordered=False))
        self.assertEqual({result.id for result in unordered}, set(range(9)))

    def test_a_full_queue_is_waited_for(self) -> None:
        """Each is sent again when the daemon says so: none is lost, and none is answered twice."""
        client = self.start("--max-queue", "2")
        requests = [{"id": n, "puzzle": EASY, "seed": n} for n in range(60)]
        results = list(client.solve_many(requests, ordered=False))
        self.assertEqual(sorted(result.id for result in results), list(range(60)))
        self.assertEqual({type(result) for result in results}, {ptrm.Answer})
        self.assertGreater(client.call("stats")["stats"]["errors"], 0, "nothing was refused: this tests nothing")
        with ThreadPoolExecutor(16) as pool:
            self.assertTrue(all(a.solved for a in pool.map(lambda seed: client.solve(EASY, seed=seed), range(32))))

    def test_patience_has_an_end(self) -> None:
        client = self.start("--max-in-flight", "1")
        client.retry_for = 0.0
        results = list(client.solve_many([EASY] * 8, window=8))
        refused = [result for result in results if isinstance(result, ptrm.Busy)]
        self.assertTrue(refused and refused[0].retry_after > 0)

    def test_no_room_for_a_client(self) -> None:
        client = self.start("--max-clients", "1")
        client.call("ping")
        with Client(self.daemon.path) as other, self.assertRaises(ptrm.Busy) as caught:
            other.solve(EASY)
        self.assertEqual(caught.exception.code, 429)

    def test_warnings_are_pythons(self) -> None:
        client = self.start()
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            client.solve(EASY, limit={"max_steps": 1})
            list(client.solve_many([EASY], limit={"max_steps": 1}))
        self.assertEqual([warning.category for warning in seen], [ptrm.PtrmWarning] * 2)
        self.assertEqual(seen[0].message.field, "limit")
        self.assertEqual(os.path.basename(seen[0].filename), os.path.basename(__file__))

    def test_progress_and_timeout(self) -> None:
        client = self.start()
        seen: "list[dict]" = []
        answer = client.solve(
            UNSOLVABLE, task="sudoku", overrides=ENDLESS, limits={"time_ms": 1500}, progress_every_ms=20, on_progress=seen.append
        )
        self.assertEqual(answer.stop_reason, "time_limit")
        self.assertTrue(seen)
        with self.assertRaises(TimeoutError):
            client.solve(UNSOLVABLE, task="sudoku", overrides=ENDLESS, timeout=0.3)
        while client.call("stats")["stats"]["in_flight"]:
            time.sleep(0.01)

    def test_stopping_early_cancels_the_rest(self) -> None:
        client = self.start()
        endless = {"task": "sudoku", "puzzle": UNSOLVABLE, "overrides": ENDLESS}
        results = client.solve_many([EASY, endless, endless], window=3)
        self.assertTrue(next(results).solved)
        results.close()
        while client.call("stats")["stats"]["in_flight"]:
            time.sleep(0.01)

    def test_clients_go_to_other_processes(self) -> None:
        client = self.start()
        client.call("ping")
        copy = pickle.loads(pickle.dumps(client))
        self.assertEqual(copy.solve(EASY).answer, SOLUTION)
        copy.close()
        for method in ("spawn", "fork"):
            with ProcessPoolExecutor(2, mp_context=get_context(method)) as pool:
                results = list(pool.map(solve_in_worker, [client] * 4, range(4)))
            self.assertEqual([(answer, seed) for _, answer, seed in results], [(SOLUTION, seed) for seed in range(4)])
            self.assertNotIn(os.getpid(), [process for process, _, _ in results])
        # One that a child inherits without pickling is no less its own.
        SHARED[:] = [client]
        with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
            self.assertEqual(list(pool.map(solve_with_inherited, range(4))), [SOLUTION] * 4)
        self.assertEqual(client.solve(EASY).answer, SOLUTION)

    def test_the_end_of_the_daemon(self) -> None:
        client = self.start()
        client.call("ping")
        self.daemon.process.kill()
        self.daemon.process.wait()
        with self.assertRaises(ConnectionError):
            client.solve(UNSOLVABLE, task="sudoku", overrides=ENDLESS)


if __name__ == "__main__":
    sys.exit(unittest.main())

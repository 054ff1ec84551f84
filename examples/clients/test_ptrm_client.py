"""Tests of ptrm_client.py against a real daemon: PTRMD=path/to/ptrmd python3 -m unittest test_ptrm_client"""

import asyncio
import os
import tempfile
import unittest

from ptrm_client import Client, DaemonError

PTRMD = os.environ.get("PTRMD", "ptrmd")
EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
UNSOLVABLE = "12345678." + "." * 26 + "9" + "." * 45
ENDLESS = {"K": 1000, "D": 100000, "q_threshold": None, "verify": "off", "stop": "all"}


class ClientTests(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "s")
        self.daemon = await asyncio.create_subprocess_exec(PTRMD, "--socket", self.path)
        for _ in range(2000):
            if os.path.exists(self.path):
                try:
                    self.client = await Client.connect(self.path)
                    return
                except OSError:
                    pass
            await asyncio.sleep(0.01)
        self.fail("the daemon did not start")

    async def asyncTearDown(self) -> None:
        await self.client.close()
        self.daemon.terminate()
        self.assertEqual(await self.daemon.wait(), 0)
        self.folder.cleanup()

    async def test_a_puzzle_is_solved(self) -> None:
        answer = await self.client.solve(EASY, task="sudoku")
        self.assertEqual((answer["status"], answer["verified"]), ("solved", True))

    async def test_many_at_once_find_their_requests(self) -> None:
        seeds = range(30)
        answers = await asyncio.gather(*(self.client.solve(EASY, task="sudoku", seed=seed) for seed in seeds))
        self.assertEqual([answer["seed"] for answer in answers], list(seeds))

    async def test_an_error_line_is_an_exception(self) -> None:
        with self.assertRaises(DaemonError) as caught:
            await self.client.solve("12", task="sudoku")
        self.assertEqual(caught.exception.code, -32602)
        self.assertEqual(caught.exception.data["field"], "puzzle")

    async def test_cancelling_the_task_ends_the_search(self) -> None:
        task = asyncio.ensure_future(self.client.solve(UNSOLVABLE, task="sudoku", overrides=ENDLESS))
        while (await self.client.call("stats"))["stats"]["in_flight"] == 0:
            await asyncio.sleep(0.01)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        while (await self.client.call("stats"))["stats"]["in_flight"] != 0:
            await asyncio.sleep(0.01)

    async def test_progress(self) -> None:
        seen = []
        answer = await self.client.solve(
            UNSOLVABLE, task="sudoku", overrides=ENDLESS, limits={"time_ms": 400}, progress_every_ms=20,
            on_progress=seen.append,
        )
        self.assertEqual(answer["stop_reason"], "time_limit")
        self.assertTrue(seen)

    async def test_the_end_of_the_daemon_is_an_exception(self) -> None:
        task = asyncio.ensure_future(self.client.solve(UNSOLVABLE, task="sudoku", overrides=ENDLESS))
        await self.client.call("ping")
        self.daemon.kill()
        with self.assertRaises(ConnectionError):
            await task
        await self.daemon.wait()
        # What tearDown expects is a daemon that ends well.
        self.daemon = await asyncio.create_subprocess_exec("true")
        self.daemon.terminate = lambda: None

    async def test_a_subprocess_of_ones_own(self) -> None:
        async with await Client.start(PTRMD) as client:
            self.assertEqual((await client.solve(EASY, task="sudoku"))["status"], "solved")


if __name__ == "__main__":
    unittest.main()

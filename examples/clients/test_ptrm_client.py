"""Tests of ptrm_client.py against a real daemon: PTRMD=path/to/ptrmd python3 -m unittest test_ptrm_client"""

import asyncio
import os
import tempfile
import unittest
from typing import AsyncIterator, Optional

import ptrm_client
from ptrm_client import Client, DaemonError

# A loaded machine may take seconds to end a daemon; killed, its exit code would say nothing.
ptrm_client.PATIENCE = 4.0
PTRMD = os.environ.get("PTRMD", "ptrmd")
EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
UNSOLVABLE = "12345678." + "." * 26 + "9" + "." * 45
ENDLESS = {"K": 1000, "D": 100000, "q_threshold": None, "verify": "off", "stop": "all", "limits": {"max_steps": 10**9}}


class ClientTests(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "s")
        self.daemon = await asyncio.create_subprocess_exec(PTRMD, "--socket", self.path)
        for _ in range(12000):
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
            UNSOLVABLE, task="sudoku", overrides=ENDLESS, limits={"time_ms": 3000}, progress_every_ms=20,
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

    async def closing_ends(self, client: Client, patience: Optional[float] = None) -> None:
        """Expects `close` to leave no process behind, also when it is itself cancelled after `patience` seconds."""
        process = client._process
        try:
            if patience is None:
                await asyncio.wait_for(client.close(), 10)
            else:
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.close(), patience)
            with self.assertRaises(ProcessLookupError, msg="it runs on, or is a zombie"):
                os.kill(process.pid, 0)
            self.assertTrue(client._loop_task.done())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def searching(self) -> "tuple[Client, asyncio.Future[dict]]":
        """A subprocess in the middle of a search without an end, and what waits for it."""
        client = await Client.start(PTRMD)
        task = asyncio.ensure_future(client.solve(UNSOLVABLE, task="sudoku", overrides=ENDLESS))
        while (await client.call("stats"))["stats"]["steps"] == 0:
            await asyncio.sleep(0.01)
        return client, task

    async def test_closing_ends_a_search_in_a_subprocess(self) -> None:
        client, task = await self.searching()
        await self.closing_ends(client)
        self.assertEqual(client._process.returncode, 1, "it was asked, not killed, and left a request unanswered")
        with self.assertRaises(ConnectionError):
            await task
        # Once more does no harm, and nothing can be asked any more.
        await client.close()
        with self.assertRaises(ConnectionError):
            await client.call("ping")

    async def test_closing_may_be_cancelled(self) -> None:
        client, task = await self.searching()
        await self.closing_ends(client, patience=0.1)
        with self.assertRaises(ConnectionError):
            await task

    async def test_closing_ends_a_subprocess_that_heeds_no_signal(self) -> None:
        await self.closing_ends(await Client.start("sh", "-c", "trap '' INT TERM; exec sleep 600"))

    async def replies(self, *requests: dict) -> "list[dict]":
        async def lines() -> AsyncIterator[dict]:
            for request in requests:
                yield request

        return [reply async for reply in self.client.solve_all(lines())]

    async def test_replies_have_the_ids_of_their_requests(self) -> None:
        ids = [2, None, "2", 2, 1, "ptrm_client-1", None]
        requests = [{"method": "ping"} if own_id is None else {"id": own_id, "method": "ping"} for own_id in ids]
        replies = await self.replies(*requests)
        self.assertEqual({reply["type"] for reply in replies}, {"result"})
        self.assertCountEqual([reply["id"] for reply in replies], ids)

    async def test_a_cancel_request_means_the_callers_id(self) -> None:
        search = {"task": "sudoku", "puzzle": UNSOLVABLE, "overrides": ENDLESS}
        replies = await self.replies(
            {**search, "overrides": {**ENDLESS, "engines": ["ptrm"]}, "limits": {"max_steps": 50}},
            {"id": 1, **search},
            {"id": "c", "method": "cancel", "request_id": 1},
            {"id": "d", "method": "cancel", "request_id": "1"},
        )
        by_id = {reply["id"]: reply for reply in replies}
        self.assertEqual((by_id[None]["stop_reason"], by_id[1]["stop_reason"]), ("step_limit", "cancelled"))
        self.assertEqual((by_id["c"]["cancelled"], by_id["d"]["cancelled"]), (True, False))


if __name__ == "__main__":
    unittest.main()

"""The client for asyncio against a real daemon: PTRMD=path/to/ptrmd python3 -m unittest discover -s tests"""

import asyncio
import os
import unittest
import warnings
from typing import Any, AsyncIterator, Optional

import ptrm
import ptrm.aio
from ptrm import AsyncClient
from support import EASY, ENDLESS, PTRMD, UNSOLVABLE, SocketDaemon

# A loaded machine may take seconds to end a daemon; killed, its exit code would say nothing.
ptrm.aio.PATIENCE = 4.0


class DaemonTestCase(unittest.IsolatedAsyncioTestCase):
    arguments: "tuple[str, ...]" = ()

    async def asyncSetUp(self) -> None:
        start = lambda: SocketDaemon(*self.arguments)  # noqa: E731
        self.daemon = await asyncio.get_running_loop().run_in_executor(None, start)
        self.client = AsyncClient(self.daemon.path)

    async def asyncTearDown(self) -> None:
        await self.client.close()
        self.daemon.end(self)


class AsyncClientTests(DaemonTestCase):
    async def test_a_puzzle_is_solved(self) -> None:
        answer = await self.client.solve(EASY)
        self.assertEqual((answer.status, answer.verified), ("solved", True))

    async def test_many_at_once_find_their_requests(self) -> None:
        seeds = range(30)
        answers = await asyncio.gather(*(self.client.solve(EASY, task="sudoku", seed=seed) for seed in seeds))
        self.assertEqual([answer["seed"] for answer in answers], list(seeds))

    async def test_an_error_line_is_an_exception(self) -> None:
        with self.assertRaises(ptrm.InvalidRequest) as caught:
            await self.client.solve("12", task="sudoku")
        self.assertEqual((caught.exception.code, caught.exception.field), (-32602, "puzzle"))

    async def test_warnings_are_pythons(self) -> None:
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            await self.client.solve(EASY, limit={"max_steps": 1})
        self.assertEqual([str(warning.message) for warning in seen if warning.category is ptrm.PtrmWarning][0][:6], "limit:")

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
        seen: "list[Any]" = []
        answer = await self.client.solve(
            UNSOLVABLE, task="sudoku", overrides=ENDLESS, limits={"time_ms": 1500}, progress_every_ms=20,
            on_progress=seen.append,
        )
        self.assertEqual(answer.stop_reason, "time_limit")
        self.assertTrue(seen)

    async def test_the_end_of_the_daemon_is_an_exception(self) -> None:
        task = asyncio.ensure_future(self.client.solve(UNSOLVABLE, task="sudoku", overrides=ENDLESS))
        await self.client.call("ping")
        self.daemon.process.kill()
        with self.assertRaises(ConnectionError):
            await task
        self.daemon.process.wait()

    async def test_a_subprocess_of_ones_own(self) -> None:
        async with AsyncClient(program=PTRMD) as client:
            self.assertEqual((await client.solve(EASY)).status, "solved")

    async def test_the_reason_of_a_daemon_that_does_not_start(self) -> None:
        async with AsyncClient(program=PTRMD, arguments=["--threads", "nonsense"]) as client:
            with self.assertLogs("ptrm.daemon"), self.assertRaises(ptrm.DaemonExited) as caught:
                await client.solve(EASY)
        self.assertEqual(caught.exception.exit_code, 2)

    async def closing_ends(self, client: AsyncClient, patience: Optional[float] = None) -> None:
        """Expects `close` to leave no process behind, also when it is itself cancelled after `patience` seconds."""
        link = client._link
        try:
            if patience is None:
                await asyncio.wait_for(client.close(), 10)
            else:
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.close(), patience)
            with self.assertRaises(ProcessLookupError, msg="it runs on, or is a zombie"):
                os.kill(link.process.pid, 0)
            self.assertTrue(link.task.done())
        finally:
            if link.process.returncode is None:
                link.process.kill()
                await link.process.wait()

    async def searching(self) -> "tuple[AsyncClient, asyncio.Future[Any]]":
        """A subprocess in the middle of a search without an end, and what waits for it."""
        client = AsyncClient(program=PTRMD, arguments=["--threads", "1"])
        task = asyncio.ensure_future(client.solve(UNSOLVABLE, task="sudoku", overrides=ENDLESS))
        while (await client.call("stats"))["stats"]["steps"] == 0:
            await asyncio.sleep(0.01)
        return client, task

    async def test_closing_ends_a_search_in_a_subprocess(self) -> None:
        client, task = await self.searching()
        process = client._link.process
        await self.closing_ends(client)
        self.assertEqual(process.returncode, 1, "it was asked, not killed, and left a request unanswered")
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
        client = AsyncClient(program="sh", arguments=["-c", "trap '' INT TERM; exec sleep 600"])
        await client._connected()
        await self.closing_ends(client)

    async def replies(self, *requests: dict) -> "list[dict]":
        async def lines() -> AsyncIterator[dict]:
            for request in requests:
                yield request

        return [reply async for reply in self.client.request_many(lines(), ordered=False)]

    async def test_replies_have_the_ids_of_their_requests(self) -> None:
        ids = [2, None, "2", 2, 1, "ptrm-1", None]
        requests = [{"method": "ping"} if own_id is None else {"id": own_id, "method": "ping"} for own_id in ids]
        replies = await self.replies(*requests)
        self.assertEqual({reply["type"] for reply in replies}, {"result"})
        self.assertCountEqual([reply["id"] for reply in replies], ids)

    async def test_a_cancel_request_means_the_callers_id(self) -> None:
        search = {"task": "sudoku", "puzzle": UNSOLVABLE, "overrides": ENDLESS}
        replies = await self.replies(
            {**search, "limits": {"max_steps": 50}},
            {"id": 1, **search},
            {"id": "c", "method": "cancel", "request_id": 1},
            {"id": "d", "method": "cancel", "request_id": "1"},
        )
        by_id = {reply["id"]: reply for reply in replies}
        self.assertEqual((by_id[None]["stop_reason"], by_id[1]["stop_reason"]), ("step_limit", "cancelled"))
        self.assertEqual((by_id["c"]["cancelled"], by_id["d"]["cancelled"]), (True, False))

    async def test_many_in_order(self) -> None:
        puzzles = [EASY, "12", {"id": 5, "puzzle": EASY}]
        results = [result async for result in self.client.solve_many(puzzles, task="sudoku", window=2)]
        self.assertEqual([type(result).__name__ for result in results], ["Answer", "InvalidRequest", "Answer"])


class FullQueueTests(DaemonTestCase):
    arguments = ("--max-queue", "2")

    async def test_a_full_queue_is_waited_for(self) -> None:
        requests = [{"id": n, "puzzle": EASY, "seed": n} for n in range(60)]
        results = [result async for result in self.client.solve_many(requests)]
        self.assertEqual([(type(result), result.id) for result in results], [(ptrm.Answer, n) for n in range(60)])
        self.assertGreater((await self.client.call("stats"))["stats"]["errors"], 0, "nothing was refused: this tests nothing")


if __name__ == "__main__":
    unittest.main()

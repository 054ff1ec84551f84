"""`ptrmd mcp` with the clients of real packages: every tool, refusals, progress, cancelling, and a shared daemon."""
import asyncio
import json
import os
import subprocess
import tempfile
import time
import unittest

import anyio
import jsonschema

import pasted
import peers

SUDOKU = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
# Never ends by itself: no rollout is ever accepted.
ENDLESS = {
    "puzzle": SUDOKU, "engines": ["ptrm"], "time_limit_ms": 600_000,
    "settings": {"K": 1000, "D": 100_000, "q_threshold": None, "verify": "off", "limits": {"max_steps": 10**9}},
}
TOOLS = ["solve_puzzle", "check_answer", "draw_puzzle", "generate_puzzle", "list_tasks"]


def refuse(name):
    raise ValueError(f"{name} is not JSON")


def texts(result):
    return [content["text"] for content in result["content"] if content["type"] == "text"]


class MCPTests(unittest.IsolatedAsyncioTestCase):
    def structured(self, result):
        self.assertFalse(result["isError"], texts(result))
        # Hosts of the first revision pass on only texts; the last one is the same JSON.
        told = json.loads(texts(result)[-1], parse_constant=refuse)
        self.assertEqual(result["structuredContent"], told)
        return told

    async def test_lists_tools(self):
        async with peers.connected() as peer:
            tools = await peer.tools()
        self.assertEqual([tool["name"] for tool in tools], TOOLS)
        for tool in tools:
            for name in ["inputSchema", "outputSchema"]:
                jsonschema.Draft202012Validator.check_schema(tool[name])

    async def test_calls_every_tool(self):
        async with peers.connected() as peer:
            schemas = {tool["name"]: tool["outputSchema"] for tool in await peer.tools()}

            async def call(name, **arguments):
                told = self.structured(await peer.call(name, arguments))
                jsonschema.validate(told, schemas[name])
                return told

            solved = await call("solve_puzzle", puzzle=SUDOKU, unique=True)
            self.assertEqual(
                (solved["status"], solved["answer"], solved["unique"]), ("solved", pasted.WIKIPEDIA, True))
            none = await call("solve_puzzle", puzzle="123....4........", engines=["exact"])
            self.assertEqual((none["status"], none["stop_reason"], none["answer"]), ("unsolved", "no_solution", None))
            limited = await call(
                "solve_puzzle", puzzle=SUDOKU, engines=["ptrm"],
                settings={"K": 1, "q_threshold": 40, "verify": "off", "limits": {"max_steps": 1}})
            self.assertEqual((limited["status"], limited["stop_reason"]), ("unsolved", "step_limit"))
            right = await call("check_answer", puzzle=SUDOKU, answer=solved["drawing"])
            self.assertIs(right["valid"], True)
            wrong = await call("check_answer", puzzle=SUDOKU, answer="6" + pasted.WIKIPEDIA[1:])
            self.assertEqual((wrong["valid"], wrong["cells"][0]), (False, [0, 0]))
            drawn = await call("draw_puzzle", puzzle=SUDOKU, answer=pasted.WIKIPEDIA)
            self.assertIn("5 3 4", drawn["drawing"])
            made = await call("generate_puzzle", task="nurikabe", size="6x6", count=2, seed=1)
            self.assertEqual(len(made["puzzles"]), 2)
            again = await call("solve_puzzle", puzzle=made["puzzles"][0]["puzzle"])
            self.assertEqual(again["answer"], made["puzzles"][0]["solution"])
            tasks = await call("list_tasks", settings=True)
            self.assertIn("sudoku", [task["name"] for task in tasks["tasks"]])
            self.assertEqual(tasks["settings"]["K"]["minimum"], 1)

    async def test_draws_svg(self):
        async with peers.connected() as peer:
            result = await peer.call("draw_puzzle", {"puzzle": SUDOKU, "format": "svg"})
            resource = next(c["resource"] for c in result["content"] if c["type"] == "resource")
            self.assertTrue(resource["text"].startswith("<svg"))
            contents = await peer.read(resource["uri"])
            self.assertEqual(contents[0]["text"], resource["text"])
            image = await peer.call("draw_puzzle", {"puzzle": SUDOKU, "format": "svg_image"})
            self.assertIn("image/svg+xml", [c.get("mimeType") for c in image["content"]])

    async def test_solves_what_agents_paste(self):
        async with peers.connected() as peer:
            for name, (text, task, answer) in pasted.SOLVED.items():
                with self.subTest(name):
                    arguments = {"puzzle": text} | ({"task": task} if task else {})
                    told = self.structured(await peer.call("solve_puzzle", arguments))
                    self.assertEqual(told["status"], "solved")
                    self.assertIs(told["verified"], True)
                    if answer:
                        self.assertEqual(told["answer"], answer)

    async def test_says_what_is_wrong(self):
        async with peers.connected() as peer:
            for name, (text, task, field, words) in pasted.REFUSED.items():
                with self.subTest(name):
                    arguments = {"puzzle": text} | ({"task": task} if task else {})
                    result = await peer.call("solve_puzzle", arguments)
                    self.assertTrue(result["isError"])
                    self.assertIn(words, texts(result)[0])
                    self.assertEqual(json.loads(texts(result)[1])["error"]["data"]["field"], field)
            for arguments, words in [
                ({"puzzle": SUDOKU, "unqiue": True}, "Did you mean unique?"),
                ({"puzzle": SUDOKU, "time_limit_ms": 0}, "time_limit_ms must be a whole number from 1"),
                ({"puzzle": SUDOKU, "settings": {"sigmo": 1}}, "Did you mean sigma?"),
                ({"puzzle": SUDOKU, "settings": {"K": 0}}, "K"),
                ({}, "puzzle is missing"),
            ]:
                with self.subTest(arguments):
                    result = await peer.call("solve_puzzle", arguments)
                    self.assertTrue(result["isError"])
                    self.assertIn(words, texts(result)[0])

    @unittest.skipUnless(peers.HAS_PROGRESS, "this package cannot ask for progress")
    async def test_reports_progress(self):
        seen = []

        async def note(progress, total, message):
            seen.append((progress, total, message))

        async with peers.connected() as peer:
            await peer.call("solve_puzzle", ENDLESS | {"time_limit_ms": 2500}, note)
            self.assertGreater(len(seen), 2)
            self.assertEqual(sorted({step for step, _, _ in seen}), [step for step, _, _ in seen])
            self.assertIn("supervision steps", seen[0][2])
            seen.clear()
            await peer.call("generate_puzzle", {"task": "lightup", "count": 3}, note)
            self.assertEqual([(step, total) for step, total, _ in seen], [(1, 3), (2, 3)])

    async def test_cancels_at_a_daemon(self):
        """A call that is given up ends its search, and the connection goes on."""
        with Daemon() as daemon:
            async with peers.connected("--socket", daemon.path) as peer:
                with anyio.move_on_after(60) as scope:
                    async with anyio.create_task_group() as group:

                        async def give_up():
                            await daemon.wait_for(in_flight=1)
                            if peers.MCP < (2, 0):
                                await cancel_by_hand(peer)
                            group.cancel_scope.cancel()

                        group.start_soon(give_up)
                        await peer.call("solve_puzzle", ENDLESS)
                self.assertFalse(scope.cancelled_caught, "nothing ended the call")
                await daemon.wait_for(in_flight=0)
                told = self.structured(await peer.call("solve_puzzle", {"puzzle": SUDOKU}))
                self.assertEqual(told["status"], "solved")

    async def test_finds_a_new_daemon(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "s")
            async with peers.connected("--socket", path) as peer:
                result = await peer.call("solve_puzzle", {"puzzle": SUDOKU})
                self.assertTrue(result["isError"])
                self.assertIn("no connection to the daemon", texts(result)[0])
                for _ in range(2):
                    with Daemon(path):
                        self.assertEqual(
                            self.structured(await peer.call("solve_puzzle", {"puzzle": SUDOKU}))["status"], "solved")

    async def test_agents_share_a_full_daemon(self):
        """Refusals of a full queue are tried again, not told."""
        with Daemon(None, "--max-queue", "1", "--max-in-flight", "2") as daemon:
            async with peers.connected("--socket", daemon.path) as peer:
                results = await asyncio.gather(
                    *(peer.call("solve_puzzle", {"puzzle": SUDOKU, "seed": seed}) for seed in range(12)))
            self.assertEqual({self.structured(result)["status"] for result in results}, {"solved"})


async def cancel_by_hand(peer):
    """Packages of the session era leave it to the caller to say that a call was given up, the first has no word for it."""
    from mcp import types

    session = peer.client
    params = {"requestId": session._request_id - 1, "reason": "test"}
    if peers.MCP == (1, 2):
        notification = types.JSONRPCNotification(jsonrpc="2.0", method="notifications/cancelled", params=params)
        return await session._write_stream.send(types.JSONRPCMessage(notification))
    notification = types.CancelledNotification(method="notifications/cancelled", params=params)
    await session.send_notification(types.ClientNotification(notification))


class Daemon:
    """`ptrmd --socket`, for the time of a `with`."""

    def __init__(self, path=None, *arguments):
        self.folder = None if path else tempfile.TemporaryDirectory()
        self.path = path or os.path.join(self.folder.name, "s")
        self.process = subprocess.Popen(
            [peers.PTRMD, "--threads", "1", "--socket", self.path, *arguments], stdin=subprocess.DEVNULL)

    def __enter__(self):
        end = time.monotonic() + 30
        while not os.path.exists(self.path):
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError("the daemon does not start")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        if self.folder:
            self.folder.cleanup()

    async def wait_for(self, in_flight):
        end = time.monotonic() + 30
        while True:
            command = [peers.PTRMD, "stats", "--json", "--socket", self.path]
            stats = json.loads((await anyio.run_process(command)).stdout)
            if stats["in_flight"] == in_flight:
                return
            if time.monotonic() > end:
                raise AssertionError(f"in flight: {stats['in_flight']}, not {in_flight}")
            await anyio.sleep(0.05)


if __name__ == "__main__":
    unittest.main()

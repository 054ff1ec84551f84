"""A client of ptrmd's line protocol: asyncio, typed, one file, nothing to install.

    async with await Client.connect("/tmp/ptrmd.sock") as client:
        answer = await client.solve("53..7....6..195...", task="sudoku", limits={"max_steps": 400})
        print(answer["status"], answer["answer"])

Any number of requests may be awaited at once; answers find their requests by id. Cancelling the task that awaits an
answer cancels the search in the daemon too. As a program it sends the lines of a file and prints the answers:

    python3 ptrm_client.py SOCKET [FILE]
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, Optional, Union

Reply = Dict[str, Any]
#: Replies can be long: candidates and traces of many rollouts.
LINE_LIMIT = 1 << 28


class DaemonError(Exception):
    """A request was answered with an error line."""

    def __init__(self, reply: Reply) -> None:
        error = reply.get("error", {})
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code: int = error.get("code", 0)
        self.data: Dict[str, Any] = error.get("data", {})
        self.reply = reply


class Client:
    """One connection. Make it with `connect`, or with `start` for a daemon of one's own."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, process: Optional[asyncio.subprocess.Process] = None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._process = process
        self._next_id = 0
        self._waiting: Dict[int, asyncio.Future[Reply]] = {}
        self._on_progress: Dict[int, Callable[[Reply], None]] = {}
        self._closed: Optional[Exception] = None
        self._loop_task = asyncio.ensure_future(self._read())

    @classmethod
    async def connect(cls, path: str) -> "Client":
        """Connects to a daemon's socket."""
        reader, writer = await asyncio.open_unix_connection(path, limit=LINE_LIMIT)
        return cls(reader, writer)

    @classmethod
    async def start(cls, program: str = "ptrmd", *arguments: str) -> "Client":
        """Starts a daemon as a subprocess and talks to it over its standard streams."""
        process = await asyncio.create_subprocess_exec(
            program, *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LINE_LIMIT
        )
        assert process.stdin is not None and process.stdout is not None
        return cls(process.stdout, process.stdin, process)

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection, and the subprocess when there is one."""
        self._writer.close()
        self._loop_task.cancel()
        if self._process is not None:
            await self._process.wait()
        self._fail(ConnectionError("the connection is closed"))

    async def solve(
        self, puzzle: Union[str, list, dict], *, on_progress: Optional[Callable[[Reply], None]] = None, **members: Any
    ) -> Reply:
        """Solves one puzzle; more members of the request (`task`, `profile`, `limits`, ...) by name.

        Raises `DaemonError` for an error line. An unsolved puzzle is an answer, not an error.
        """
        if on_progress is not None:
            members.setdefault("progress_every_ms", 250)
        return await self._request({"puzzle": puzzle, **members}, on_progress)

    async def solve_all(self, requests: AsyncIterator[Reply], window: int = 64) -> AsyncIterator[Reply]:
        """Keeps `window` requests on their way and yields answers and error replies as they come."""
        pending: set[asyncio.Future[Reply]] = set()
        async for request in requests:
            pending.add(asyncio.ensure_future(self._reply(dict(request), None)))
            if len(pending) >= window:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        for future in asyncio.as_completed(pending):
            yield await future

    async def call(self, method: str) -> Reply:
        """A control request: ping, version, models, profiles, stats, reload, cancel_all."""
        return await self._request({"method": method}, None)

    async def _request(self, request: Reply, on_progress: Optional[Callable[[Reply], None]]) -> Reply:
        reply = await self._reply(request, on_progress)
        if reply["type"] == "error":
            raise DaemonError(reply)
        return reply

    async def _reply(self, request: Reply, on_progress: Optional[Callable[[Reply], None]]) -> Reply:
        if self._closed is not None:
            raise self._closed
        own_id = request.get("id")
        self._next_id += 1
        number = self._next_id
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        if on_progress is not None:
            self._on_progress[number] = on_progress
        try:
            await self._send({**request, "id": number})
            reply = await asyncio.shield(future)
        except asyncio.CancelledError:
            if not future.done():
                self._next_id += 1
                self._write({"id": self._next_id, "method": "cancel", "request_id": number})
            raise
        if own_id is not None:
            reply["id"] = own_id
        return reply

    def _write(self, request: Reply) -> None:
        self._writer.write(json.dumps(request, separators=(",", ":")).encode() + b"\n")

    async def _send(self, request: Reply) -> None:
        self._write(request)
        await self._writer.drain()

    async def _read(self) -> None:
        try:
            while line := await self._reader.readline():
                reply: Reply = json.loads(line)
                number = reply.get("id")
                if reply["type"] == "progress":
                    self._on_progress.get(number, lambda _: None)(reply)
                elif reply["type"] in ("answer", "result", "error"):
                    self._on_progress.pop(number, None)
                    future = self._waiting.pop(number, None)
                    if future is not None and not future.done():
                        future.set_result(reply)
            self._fail(ConnectionError("the daemon closed the connection"))
        except (OSError, ValueError) as error:
            self._fail(ConnectionError(str(error)))

    def _fail(self, error: Exception) -> None:
        self._closed = error
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            if not future.done():
                future.set_exception(error)
                future.exception()


async def _main(path: str, file: str) -> int:
    async def requests() -> AsyncIterator[Reply]:
        with (sys.stdin if file == "-" else open(file, encoding="utf-8")) as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)

    errors = 0
    async with await Client.connect(path) as client:
        async for reply in client.solve_all(requests()):
            errors += reply["type"] == "error"
            print(json.dumps(reply, ensure_ascii=False, separators=(",", ":")), flush=True)
    return 1 if errors else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: ptrm_client.py SOCKET [FILE]")
    sys.exit(asyncio.run(_main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "-")))

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
import secrets
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, AsyncIterator, Callable, Dict, Optional, TextIO, Union

Reply = Dict[str, Any]
#: Replies can be long: candidates and traces of many rollouts.
LINE_LIMIT = 1 << 28
#: Seconds that `close` waits for a subprocess to end by itself, and again once it has been asked to.
PATIENCE = 1.0


class DaemonError(Exception):
    """A request was answered with an error line."""

    def __init__(self, reply: Reply) -> None:
        error = reply.get("error", {})
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code: int = error.get("code", 0)
        self.data: Dict[str, Any] = error.get("data", {})
        self.reply = reply


@dataclass
class Waiting:
    """A request whose terminal reply is still to come."""

    own_id: Any
    future: asyncio.Future[Reply]
    on_progress: Optional[Callable[[Reply], None]]


class Client:
    """One connection. Make it with `connect`, or with `start` for a daemon of one's own."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, process: Optional[asyncio.subprocess.Process] = None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._process = process
        # Nobody can have given an id that begins like this.
        self._id_prefix = f"ptrm_client-{secrets.token_hex(8)}-"
        self._made_ids = 0
        self._waiting: Dict[str, Waiting] = {}
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
        """Ends the connection, and the subprocess when there is one, whatever it is at."""
        self._fail(ConnectionError("the connection is closed"))
        self._writer.close()
        try:
            if self._process is not None:
                await self._end(self._process)
        finally:
            self._loop_task.cancel()
            await asyncio.wait([self._loop_task])

    @staticmethod
    async def _end(process: asyncio.subprocess.Process) -> None:
        """Ends a subprocess whose input is closed, and reaps it."""
        try:
            # The end of its input is enough for a daemon without work; one at work would answer everything first.
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.wait(), PATIENCE)
            if process.returncode is None:
                # SIGTERM would let searches go on for as long as --drain-timeout; SIGINT ends them at once.
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGINT)
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(process.wait(), PATIENCE)
        finally:
            # In a `finally` because whoever waits here may be cancelled.
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
            await process.wait()

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
        done: set[asyncio.Future[Reply]] = set()
        try:
            async for request in requests:
                pending.add(asyncio.ensure_future(self._reply(dict(request), None)))
                if len(pending) >= window:
                    done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                    while done:
                        yield done.pop().result()
            while pending:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                while done:
                    yield done.pop().result()
        finally:
            # Whoever stops here, or hears of a lost connection, wants none of the others.
            for task in pending | done:
                task.cancel()
            await asyncio.gather(*pending, *done, return_exceptions=True)

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
        request = dict(request)
        if request.get("method") == "cancel" and "request_id" in request:
            request["request_id"] = self._sent_id(request["request_id"])
        own_id = request.pop("id", None)
        sent_id = self._make_id()
        waiting = Waiting(own_id, asyncio.get_running_loop().create_future(), on_progress)
        self._waiting[sent_id] = waiting
        try:
            # The id comes first: there the daemon finds it even in a line that it cannot take.
            await self._send({"id": sent_id, **request})
            return await asyncio.shield(waiting.future)
        except asyncio.CancelledError:
            if not waiting.future.done():
                self._write({"id": self._make_id(), "method": "cancel", "request_id": sent_id})
            raise

    def _make_id(self) -> str:
        """An id for the daemon. Every request is sent under one of these: callers' ids may be equal or missing."""
        self._made_ids += 1
        return f"{self._id_prefix}{self._made_ids}"

    def _sent_id(self, own_id: Any) -> Any:
        """The id under which a caller's waiting request was sent; without such a request the caller's own."""
        for sent_id, waiting in self._waiting.items():
            # Python has 1 equal 1.0 and True; the protocol does not.
            if own_id is not None and type(waiting.own_id) is type(own_id) and waiting.own_id == own_id:
                return sent_id
        return own_id

    def _write(self, request: Reply) -> None:
        self._writer.write(json.dumps(request, separators=(",", ":")).encode() + b"\n")

    async def _send(self, request: Reply) -> None:
        self._write(request)
        await self._writer.drain()

    async def _read(self) -> None:
        try:
            while line := await self._reader.readline():
                reply: Reply = json.loads(line)
                waiting = self._waiting.get(reply.get("id"))
                if waiting is None:
                    continue
                # Callers get the id back that they gave, null when there was none.
                sent_id, reply["id"] = reply["id"], waiting.own_id
                if reply["type"] == "progress":
                    if waiting.on_progress is not None:
                        waiting.on_progress(reply)
                elif reply["type"] in ("answer", "result", "error"):
                    del self._waiting[sent_id]
                    if not waiting.future.done():
                        waiting.future.set_result(reply)
            self._fail(ConnectionError("the daemon closed the connection"))
        except (OSError, ValueError) as error:
            self._fail(ConnectionError(str(error)))

    def _fail(self, error: Exception) -> None:
        # The first reason counts: what follows it is only its consequence.
        self._closed = self._closed or error
        all_waiting, self._waiting = self._waiting, {}
        for waiting in all_waiting.values():
            if not waiting.future.done():
                waiting.future.set_exception(self._closed)
                waiting.future.exception()


async def _main(path: str, file: str) -> int:
    errors = 0

    async def requests(lines: TextIO) -> AsyncIterator[Reply]:
        nonlocal errors
        for number, line in enumerate(lines, 1):
            if number == 1:
                # A byte order mark is dropped, as the daemon does.
                line = line.lstrip("\ufeff")
            if not line.strip():
                continue
            try:
                request = json.loads(line)
                if not isinstance(request, dict):
                    raise ValueError("a request is a JSON object")
            except (ValueError, RecursionError) as error:
                # The others go on.
                errors += 1
                print(f"ptrm_client: line {number}: {error}", file=sys.stderr)
                continue
            yield request

    # Bytes that are no UTF-8 spoil their line alone.
    with open(0 if file == "-" else file, encoding="utf-8", errors="surrogateescape") as lines:
        try:
            client = await Client.connect(path)
        except OSError as error:
            print(f"ptrm_client: {path}: {error.strerror or error}", file=sys.stderr)
            return 2
        async with client:
            async for reply in client.solve_all(requests(lines)):
                errors += reply["type"] == "error"
                print(json.dumps(reply, separators=(",", ":")), flush=True)
    return 1 if errors else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        print("usage: ptrm_client.py SOCKET [FILE]", file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(asyncio.run(_main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "-")))
    except OSError as error:
        print(f"ptrm_client: {error}", file=sys.stderr)
        # Of a file that cannot be opened, else of a connection that ended.
        sys.exit(1 if isinstance(error, ConnectionError) else 2)

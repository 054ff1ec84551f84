"""A client for asyncio."""

from __future__ import annotations

import asyncio
import random
import signal
import warnings
from contextlib import suppress
from types import TracebackType
from typing import Any, AsyncIterable, AsyncIterator, Dict, Iterable, List, Mapping, Optional, Set, Tuple, Type, Union

from . import program as programs
from .answer import Answer
from .conversation import Conversation, Pending, Progress, retry_delay
from .errors import ConnectionLost, DaemonExited, Reply, RequestError
from .log import StderrTail
from .requests import Puzzle, request as make_request
from .target import PATIENCE, Target

#: Replies can be long: candidates and traces of many rollouts.
LINE_LIMIT = 1 << 28

Source = Union[Iterable[Any], AsyncIterable[Any]]


class AsyncClient(Target):
    """`Client` for asyncio: any number of requests may be awaited at once.

        async with AsyncClient() as client:
            answers = await asyncio.gather(*(client.solve(puzzle, task="tapa") for puzzle in puzzles))

    Cancelling the task that awaits an answer cancels the search in the daemon too. It belongs to the event loop that it is
    first used on; pickled or in another process it makes a connection of its own.
    """

    def _reset(self) -> None:
        self._link: Optional[_Link] = None
        self._opening: Optional["asyncio.Task[_Link]"] = None
        self._is_closed = False

    async def __aenter__(self) -> "AsyncClient":
        await self._connected()
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection, and the subprocess when there is one, whatever it is at."""
        self._is_closed = True
        link, self._link = self._link, None
        if link is not None:
            await link.close()

    async def solve(self, puzzle: Puzzle, *, on_progress: Optional[Progress] = None, **members: Any) -> Answer:
        """Solves one puzzle; more members of the request (`task`, `profile`, `limits`, `overrides`, ...) by name.

        Raises `RequestError` for an error line. An unsolved puzzle is an answer, not an error.
        """
        if on_progress is not None:
            members.setdefault("progress_every_ms", 250)
        return Answer.of(_raised(await self._ask(make_request(puzzle, members), on_progress)))

    async def solve_many(
        self, puzzles: Source, *, ordered: bool = True, window: int = 64, **members: Any
    ) -> "AsyncIterator[Union[Answer, RequestError]]":
        """Solves any number of puzzles or requests, `window` of them on their way at a time.

        Gives an `Answer` or, for a request that was refused, the `RequestError` itself: one bad puzzle costs nobody else
        an answer. In order, or as they come with `ordered=False`: then tell them apart by `id`.
        """
        requests = (make_request(puzzle, members) async for puzzle in _iterated(puzzles))
        async for reply in self.request_many(requests, ordered=ordered, window=window):
            yield Answer.of(reply) if reply["type"] == "answer" else RequestError.of(reply)

    async def call(self, method: str, **members: Any) -> Reply:
        """A control request: ping, version, models, profiles, stats, reload, cancel_all."""
        return _raised(await self._ask({"method": method, **members}, None))

    async def request(self, request: Mapping[str, Any]) -> Reply:
        """Sends a request as it is and gives its terminal reply, also when that is an error."""
        return await self._ask(request, None)

    async def request_many(self, requests: Source, *, ordered: bool = True, window: int = 64) -> AsyncIterator[Reply]:
        """`request` for any number of them; see `solve_many`."""
        tasks: "Dict[asyncio.Task[Reply], int]" = {}
        ready: Dict[int, Reply] = {}
        next_out = 0
        number = 0

        async def collect(wanted: int) -> List[Reply]:
            """Waits until fewer than `wanted` are on their way; what can be given."""
            nonlocal next_out
            given: List[Reply] = []
            while tasks and len(tasks) + len(ready) >= wanted:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    ready[tasks.pop(task)] = task.result()
                if not ordered:
                    given += ready.values()
                    ready.clear()
                while next_out in ready:
                    given.append(ready.pop(next_out))
                    next_out += 1
            return given

        try:
            async for request in _iterated(requests):
                tasks[asyncio.ensure_future(self._ask(request, None))] = number
                number += 1
                for reply in await collect(window):
                    yield reply
            while tasks:
                for reply in await collect(1):
                    yield reply
        finally:
            # Whoever stops here, or hears of a lost connection, wants none of the others.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, request: Mapping[str, Any], on_progress: Optional[Progress]) -> Reply:
        waited = 0.0
        while True:
            link = await self._connected()
            pending, reply = await link.ask(request, on_progress)
            delay = retry_delay(reply, waited, self.retry_for, random.random())
            if delay is None:
                for warning in pending.warnings:
                    warnings.warn(warning, stacklevel=4)
                return reply
            await asyncio.sleep(delay)
            waited += delay

    async def _connected(self) -> "_Link":
        if self._is_closed:
            raise ConnectionLost("the client is closed")
        if self._link is not None and self._link.failure is None:
            return self._link
        # Many may ask before the first connection is there: one of them makes it.
        if self._opening is None or self._opening.done():
            self._opening = asyncio.ensure_future(self._open())
        link = await asyncio.shield(self._opening)
        if self._is_closed:
            await link.close()
            raise ConnectionLost("the client is closed")
        self._link = link
        return link

    async def _open(self) -> "_Link":
        if self.socket is not None:
            try:
                return _Link(*await asyncio.open_unix_connection(self.socket, limit=LINE_LIMIT))
            except OSError as error:
                raise type(error)(error.errno, error.strerror, self.socket) from None
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            self.program or programs.find(), *self.arguments, stdin=pipe, stdout=pipe, stderr=pipe, limit=LINE_LIMIT
        )
        assert process.stdin is not None and process.stdout is not None
        return _Link(process.stdout, process.stdin, process)


class _Link:
    """A connection and the task that reads from it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, process: Optional[asyncio.subprocess.Process] = None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self.process = process
        self._conversation: "Conversation[asyncio.Future[Reply]]" = Conversation()
        #: The first reason counts: what follows it is only its consequence.
        self.failure: Optional[Exception] = None
        self._errors = StderrTail()
        self._error_task = asyncio.ensure_future(self._follow_errors())
        self.task = asyncio.ensure_future(self._read())

    async def ask(
        self, request: Mapping[str, Any], on_progress: Optional[Progress]
    ) -> "Tuple[Pending[asyncio.Future[Reply]], Reply]":
        if self.failure is not None:
            raise self.failure
        future: "asyncio.Future[Reply]" = asyncio.get_running_loop().create_future()
        pending, line = self._conversation.send(request, future, on_progress)
        try:
            self._writer.write(line)
            with suppress(ConnectionError):
                # Of a lost connection the reader tells the reason.
                await self._writer.drain()
            return pending, await asyncio.shield(future)
        except asyncio.CancelledError:
            self._writer.write(self._conversation.cancel(pending))
            raise

    async def _read(self) -> None:
        with suppress(OSError, ValueError):
            while line := await self._reader.readline():
                ended = self._conversation.receive(line)
                if ended is not None and not ended[0].future.done():
                    ended[0].future.set_result(ended[1])
        error = self._conversation.reason()
        if self.process is not None:
            # Its output has ended, so it is about to.
            with suppress(asyncio.TimeoutError):
                code = await asyncio.wait_for(self.process.wait(), PATIENCE)
                await asyncio.wait([self._error_task], timeout=PATIENCE)
                error = DaemonExited(code, self._errors.text)
        self._fail(error)

    async def _follow_errors(self) -> None:
        if self.process is None or self.process.stderr is None:
            return
        with suppress(OSError, ValueError):
            while line := await self.process.stderr.readline():
                self._errors.take(line)

    def _fail(self, error: Exception) -> None:
        self.failure = self.failure or error
        for pending in self._conversation.end():
            if not pending.future.done():
                pending.future.set_exception(self.failure)
                # Nobody may be waiting any more.
                pending.future.exception()

    async def close(self) -> None:
        self._fail(ConnectionLost("the client is closed"))
        self._writer.close()
        try:
            if self.process is not None:
                await _end(self.process)
        finally:
            waiting: "Set[asyncio.Future[None]]" = {self.task, self._error_task}
            for task in waiting:
                task.cancel()
            await asyncio.wait(waiting)


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


async def _iterated(source: Source) -> AsyncIterator[Any]:
    if isinstance(source, AsyncIterable):
        async for item in source:
            yield item
    else:
        for item in source:
            yield item


def _raised(reply: Reply) -> Reply:
    if reply["type"] == "error":
        raise RequestError.of(reply)
    return reply

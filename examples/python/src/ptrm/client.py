"""A client for programs without an event loop; any number of threads may share one."""

from __future__ import annotations

import heapq
import io
import os
import queue
import random
import signal
import socket
import subprocess
import threading
import time
import warnings
import weakref
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Type, Union

from . import program as programs
from .answer import Answer
from .conversation import Conversation, Pending, Progress, retry_delay
from .errors import ConnectionLost, DaemonExited, Reply, RequestError
from .log import StderrTail
from .requests import Puzzle, request as make_request
from .target import PATIENCE, Target

Waiting = Pending["Future[Reply]"]


class Client(Target):
    """A daemon to ask: on a socket, or a subprocess of one's own.

        with Client() as client:                      # a subprocess, which all requests share
            print(client.solve("53..7....").answer)
        with Client("/run/user/1000/ptrmd.sock") as client:
            for answer in client.solve_many(puzzles, task="tapa"):
                ...

    Without `socket` that is `$PTRM_SOCKET`, and without this a subprocess of `program` (what the package carries, or the
    PATH has) with `arguments`. Nothing is started before the first request. A client that is pickled, or inherited by a
    forked process, makes a connection of its own there. Requests that the daemon has no room for (error 429) are sent again
    when it says so, for `retry_for` seconds.
    """

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._link: Optional[_Link] = None
        self._is_closed = False
        _clients.add(self)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection, and the subprocess when there is one, whatever it is at."""
        self._is_closed = True
        self.reconnect()

    def reconnect(self) -> None:
        """Gives the connection up, and the subprocess when there is one; the next request makes another."""
        with self._lock:
            link, self._link = self._link, None
        if link is not None:
            link.close()

    def solve(
        self, puzzle: Puzzle, *, on_progress: Optional[Progress] = None, timeout: Optional[float] = None, **members: Any
    ) -> Answer:
        """Solves one puzzle; more members of the request (`task`, `profile`, `limits`, `overrides`, ...) by name.

        Raises `RequestError` for an error line, and TimeoutError after `timeout` seconds, which cancels the search. An
        unsolved puzzle is an answer, not an error. `on_progress` is called on another thread.
        """
        if on_progress is not None:
            members.setdefault("progress_every_ms", 250)
        reply = self._ask(make_request(puzzle, members), on_progress, timeout)
        return Answer.of(_raised(reply))

    def solve_many(
        self, puzzles: "Iterable[Union[Puzzle, Mapping[str, Any]]]", *, ordered: bool = True, window: int = 64, **members: Any
    ) -> "Iterator[Union[Answer, RequestError]]":
        """Solves any number of puzzles or requests, `window` of them on their way at a time.

        Gives an `Answer` or, for a request that was refused, the `RequestError` itself: one bad puzzle costs nobody else
        an answer. In order, or as they come with `ordered=False`: then tell them apart by `id`.
        """
        for reply in self.request_many((make_request(puzzle, members) for puzzle in puzzles), ordered=ordered, window=window):
            yield Answer.of(reply) if reply["type"] == "answer" else RequestError.of(reply)

    def call(self, method: str, *, timeout: Optional[float] = None, **members: Any) -> Reply:
        """A control request: ping, version, models, profiles, stats, reload, cancel_all."""
        return _raised(self._ask({"method": method, **members}, None, timeout))

    def request(self, request: Mapping[str, Any], *, timeout: Optional[float] = None) -> Reply:
        """Sends a request as it is and gives its terminal reply, also when that is an error."""
        return self._ask(request, None, timeout)

    def request_many(
        self, requests: Iterable[Mapping[str, Any]], *, ordered: bool = True, window: int = 64
    ) -> Iterator[Reply]:
        """`request` for any number of them; see `solve_many`."""
        done: "queue.SimpleQueue[Tuple[int, Future[Reply]]]" = queue.SimpleQueue()
        link = self._connected()
        source = enumerate(requests)
        sent: Dict[int, Tuple[Mapping[str, Any], Waiting, float]] = {}
        again: List[Tuple[float, int, Mapping[str, Any], float]] = []
        ready: Dict[int, Reply] = {}
        next_out = 0
        is_open = True

        def send(number: int, request: Mapping[str, Any], waited: float) -> None:
            pending = link.send(request, None)
            sent[number] = (request, pending, waited)
            pending.future.add_done_callback(lambda future: done.put((number, future)))

        try:
            while True:
                # What waits for its turn to be given counts too: memory is bounded by the window.
                while is_open and len(sent) + len(again) + len(ready) < window:
                    try:
                        number, request = next(source)
                    except StopIteration:
                        is_open = False
                        break
                    send(number, request, 0.0)
                while again and again[0][0] <= time.monotonic():
                    _, number, request, waited = heapq.heappop(again)
                    send(number, request, waited)
                if not sent and not again:
                    return
                try:
                    pause = max(0.0, again[0][0] - time.monotonic()) if again else None
                    number, future = done.get(timeout=pause)
                except queue.Empty:
                    continue
                request, pending, waited = sent.pop(number)
                reply = future.result()
                delay = retry_delay(reply, waited, self.retry_for, random.random())
                if delay is not None:
                    heapq.heappush(again, (time.monotonic() + delay, number, request, waited + delay))
                    continue
                _warn(pending, 3)
                if not ordered:
                    yield reply
                    continue
                ready[number] = reply
                while next_out in ready:
                    yield ready.pop(next_out)
                    next_out += 1
        finally:
            # Whoever stops here wants none of the others.
            for _, pending, _ in sent.values():
                link.cancel(pending)

    def _ask(self, request: Mapping[str, Any], on_progress: Optional[Progress], timeout: Optional[float]) -> Reply:
        end = None if timeout is None else time.monotonic() + timeout
        waited = 0.0
        while True:
            link = self._connected()
            pending = link.send(request, on_progress)
            try:
                # Not `result(timeout)`: its TimeoutError could be told from another's only by its class, which differs
                # between versions of Python.
                _wait(pending.future, end)
                reply = pending.future.result()
            except BaseException:
                link.cancel(pending)
                raise
            delay = retry_delay(reply, waited, self.retry_for, random.random())
            if delay is None:
                _warn(pending, 4)
                return reply
            if end is not None and time.monotonic() + delay > end:
                raise TimeoutError("the daemon has no room, and no time is left")
            time.sleep(delay)
            waited += delay

    def _connected(self) -> "_Link":
        with self._lock:
            if self._is_closed:
                raise ConnectionLost("the client is closed")
            # One whose daemon has gone is not taken again: a new one may be there by now.
            if self._link is not None and self._link.is_over:
                self._link.close()
                self._link = None
            if self._link is None:
                self._link = self._open()
            return self._link

    def _open(self) -> "_Link":
        return _SocketLink(self.socket) if self.socket is not None else _ProcessLink(self.program, self.arguments)


class _Link:
    """A connection and the thread that reads from it."""

    def __init__(self, replies: IO[bytes]) -> None:
        self._replies = replies
        self._conversation: "Conversation[Future[Reply]]" = Conversation()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._failure: Optional[Exception] = None
        self._reader = threading.Thread(target=self._read, name="ptrm-client", daemon=True)
        self._reader.start()

    @property
    def is_over(self) -> bool:
        return self._failure is not None

    def send(self, request: Mapping[str, Any], on_progress: Optional[Progress]) -> Waiting:
        with self._lock:
            if self._failure is not None:
                raise self._failure
            pending, line = self._conversation.send(request, Future(), on_progress)
        self._write(line)
        return pending

    def cancel(self, pending: Waiting) -> None:
        with self._lock:
            line = self._conversation.cancel(pending)
        if line:
            self._write(line)

    def _write(self, line: bytes) -> None:
        try:
            with self._writing:
                self._write_all(line)
        except (OSError, ValueError):
            # The reader finds out why, and tells everybody.
            pass

    def _write_all(self, line: bytes) -> None:
        raise NotImplementedError

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            for line in self._replies:
                with self._lock:
                    ended = self._conversation.receive(line)
                if ended is not None:
                    ended[0].future.set_result(ended[1])
        self._fail(self._reason())

    def _reason(self) -> Exception:
        return self._conversation.reason()

    def _fail(self, error: Exception) -> None:
        with self._lock:
            # The first reason counts: what follows it is only its consequence.
            self._failure = self._failure or error
            left = self._conversation.end()
        for pending in left:
            pending.future.set_exception(self._failure)

    def close(self) -> None:
        raise NotImplementedError

    def forget(self) -> None:
        """In a forked child: gives up what is the parent's, without a word to the daemon."""
        raise NotImplementedError


class _SocketLink(_Link):
    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path)
        except OSError as error:
            self._socket.close()
            raise type(error)(error.errno, error.strerror, path) from None
        super().__init__(self._socket.makefile("rb"))

    def _write_all(self, line: bytes) -> None:
        self._socket.sendall(line)

    def forget(self) -> None:
        os.close(self._socket.detach())

    def close(self) -> None:
        self._fail(ConnectionLost("the client is closed"))
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._replies.close()
        self._socket.close()


class _ProcessLink(_Link):
    def __init__(self, program: Optional[str], arguments: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [program or programs.find(), *arguments], bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        stdin, stdout, stderr = self._process.stdin, self._process.stdout, self._process.stderr
        assert stdin is not None and stdout is not None and stderr is not None
        self._stdin = stdin
        self._stderr = io.open(stderr.fileno(), "rb", closefd=False)
        self._errors = StderrTail()
        self._error_reader = threading.Thread(
            target=self._errors.follow, args=(self._stderr,), name="ptrm-stderr", daemon=True
        )
        self._error_reader.start()
        super().__init__(io.open(stdout.fileno(), "rb", closefd=False))

    def _write_all(self, line: bytes) -> None:
        # Unbuffered: a buffer could not be closed while a thread waits for room in the pipe.
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(self._stdin.fileno(), rest) :]

    def forget(self) -> None:
        for file in (self._stdin, self._process.stdout, self._process.stderr):
            if file is not None:
                file.close()

    def _reason(self) -> Exception:
        # Its output has ended, so it is about to.
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(PATIENCE)
            self._error_reader.join(PATIENCE)
            return DaemonExited(code, self._errors.text)
        return self._conversation.reason()

    def close(self) -> None:
        self._fail(ConnectionLost("the client is closed"))
        try:
            with suppress(OSError):
                self._stdin.close()
            # The end of its input is enough for a daemon without work; one at work would answer everything first.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
                return
            # SIGTERM would let searches go on for as long as --drain-timeout; SIGINT ends them at once.
            self._process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
        finally:
            if self._process.returncode is None:
                self._process.kill()
            self._process.wait()
            self._reader.join()
            self._error_reader.join()
            for file in (self._process.stdout, self._process.stderr):
                if file is not None:
                    file.close()


def _wait(future: "Future[Reply]", end: Optional[float]) -> None:
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    if not done.wait(None if end is None else max(0.0, end - time.monotonic())):
        raise TimeoutError("no answer in time; the search is cancelled")


def _warn(pending: "Pending[Any]", level: int) -> None:
    for warning in pending.warnings:
        warnings.warn(warning, stacklevel=level)


def _raised(reply: Reply) -> Reply:
    if reply["type"] == "error":
        raise RequestError.of(reply)
    return reply


#: For forked children, who inherit clients and none of their threads.
_clients: "weakref.WeakSet[Client]" = weakref.WeakSet()


def _after_fork() -> None:
    for client in list(_clients):
        link, closed = client._link, client._is_closed
        client._reset()
        client._is_closed = closed
        if link is not None:
            link.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

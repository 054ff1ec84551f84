"""One connection's requests and replies, without any input or output of its own.

Both clients drive it: they write what `send` and `cancel` give, and hand `receive` every line that comes.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Generic, List, Mapping, Optional, Tuple, TypeVar

from .errors import Busy, ConnectionLost, PtrmWarning, Reply, RequestError

Progress = Callable[[Reply], None]
Future = TypeVar("Future")


@dataclass
class Pending(Generic[Future]):
    """A request whose terminal reply is still to come."""

    sent_id: str
    own_id: Any
    future: Future
    on_progress: Optional[Progress]
    warnings: List[PtrmWarning] = field(default_factory=list)


class Conversation(Generic[Future]):
    """Requests are sent under ids of our own, since callers' may be equal or missing; replies get the callers' back."""

    def __init__(self) -> None:
        # Nobody can have given an id that begins like this.
        self._prefix = f"ptrm-{secrets.token_hex(8)}-"
        self._made_ids = 0
        self._pending: Dict[str, Pending[Future]] = {}
        #: Why the daemon closes the connection, when it said so.
        self.refusal: Optional[RequestError] = None

    def send(
        self, request: Mapping[str, Any], future: Future, on_progress: Optional[Progress] = None
    ) -> Tuple[Pending[Future], bytes]:
        """Registers a request; the second is the line to write. Raises ValueError for what JSON cannot say."""
        request = dict(request)
        if request.get("method") == "cancel" and "request_id" in request:
            request["request_id"] = self._sent_id(request["request_id"])
        own_id = request.pop("id", None)
        pending = Pending(self._make_id(), own_id, future, on_progress)
        # The id comes first: there the daemon finds it even in a line that it cannot take.
        line = _line({"id": pending.sent_id, **request})
        self._pending[pending.sent_id] = pending
        return pending, line

    def cancel(self, pending: Pending[Future]) -> bytes:
        """The line that ends a request; empty when it is answered already."""
        if pending.sent_id not in self._pending:
            return b""
        return _line({"id": self._make_id(), "method": "cancel", "request_id": pending.sent_id})

    def receive(self, line: bytes) -> Optional[Tuple[Pending[Future], Reply]]:
        """Takes a line: a terminal reply comes back with its request, others are kept or passed on."""
        reply: Reply = json.loads(line)
        pending = self._pending.get(reply.get("id") or "")
        if pending is None:
            if reply.get("type") == "error" and reply.get("id") is None:
                # About no request of ours: a connection that the daemon has no room for.
                self.refusal = RequestError.of(reply)
            return None
        reply["id"] = pending.own_id
        kind = reply.get("type")
        if kind == "progress":
            if pending.on_progress is not None:
                pending.on_progress(reply)
        elif kind == "warning":
            pending.warnings.append(PtrmWarning(reply.get("message", ""), reply.get("field")))
        elif kind in ("answer", "result", "error"):
            del self._pending[pending.sent_id]
            return pending, reply
        return None

    def end(self) -> List[Pending[Future]]:
        """The connection is over: those who wait for nothing more."""
        left, self._pending = list(self._pending.values()), {}
        return left

    def reason(self, otherwise: str = "the daemon closed the connection") -> Exception:
        return self.refusal or ConnectionLost(otherwise)

    def _make_id(self) -> str:
        self._made_ids += 1
        return f"{self._prefix}{self._made_ids}"

    def _sent_id(self, own_id: Any) -> Any:
        """The id under which a caller's waiting request was sent; without such a request the caller's own."""
        for pending in self._pending.values():
            # Python has 1 equal 1.0 and True; the protocol does not.
            if own_id is not None and type(pending.own_id) is type(own_id) and pending.own_id == own_id:
                return pending.sent_id
        return own_id


def _line(request: Mapping[str, Any]) -> bytes:
    return json.dumps(request, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def retry_delay(reply: Reply, waited: float, retry_for: float, spread: float) -> Optional[float]:
    """Seconds to wait before a refused request is sent again; None when the reply is final.

    `spread`, from 0 to 1, keeps many clients from coming back at the same moment.
    """
    if reply.get("type") != "error":
        return None
    error = RequestError.of(reply)
    if not isinstance(error, Busy) or "retry_after_ms" not in error.data:
        return None
    delay = max(0.001, error.retry_after) * (1 + spread / 2)
    return delay if waited + delay <= retry_for else None

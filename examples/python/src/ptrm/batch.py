"""Request lines in, rows out: what pipelines over many machines are made of.

Every line becomes one row, in order, whatever is wrong with it, so that a table keeps its length and nothing stops for a bad line.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, TypedDict

from .client import Client
from .errors import ConnectionLost, Reply, ShuttingDown

#: How often what was asked of a daemon that died is asked again of its successor.
ATTEMPTS = 3


class Row(TypedDict):
    """What is known of one line; None is what does not apply."""

    #: The request's id: text as it is, other JSON as its text.
    id: Optional[str]
    #: `solved`, `unsolved` or `error`.
    status: str
    #: Text as it is, other JSON as its text.
    answer: Optional[str]
    verified: Optional[bool]
    confidence: Optional[float]
    engine: Optional[str]
    stop_reason: Optional[str]
    #: Supervision steps, and conflicts of exact search: what it cost.
    steps: int
    conflicts: int
    error: Optional[str]


def answer_lines(
    lines: Sequence[str], client: Client, members: Optional[Mapping[str, Any]] = None, window: int = 64
) -> List[Row]:
    """The rows of request lines. `members` go into every request that does not have them, as `{"task": "tapa"}`.

    A daemon that dies meanwhile is replaced, and what it had not answered is asked again: a puzzle has the same answer
    wherever it is solved. Raises `ConnectionLost` when it dies again and again.
    """
    rows: List[Optional[Row]] = [None] * len(lines)
    asked: List[Tuple[int, Any, Dict[str, Any]]] = []
    for index, line in enumerate(lines):
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ValueError("a request is a JSON object")
            json.dumps(request, allow_nan=False)
            asked.append((index, request.get("id"), {**(members or {}), **request}))
        except (ValueError, RecursionError) as error:
            rows[index] = _error_row(None, f"no request: {error}")
    for attempt in range(1, ATTEMPTS + 1):
        left = [entry for entry in asked if rows[entry[0]] is None]
        # The place in the batch is the id: callers' may be equal or missing.
        requests = ({**request, "id": index} for index, _, request in left)
        ids = {index: own_id for index, own_id, _ in left}
        try:
            for reply in client.request_many(requests, ordered=False, window=window):
                if reply["type"] == "error" and reply["error"]["code"] == 503:
                    # It ends, and with it what waits: its successor is asked.
                    raise ShuttingDown(reply)
                rows[reply["id"]] = _row(ids[reply["id"]], reply)
            break
        except (ConnectionLost, ShuttingDown):
            if attempt == ATTEMPTS:
                raise
            client.reconnect()
    return [row for row in rows if row is not None]


def _row(own_id: Any, reply: Reply) -> Row:
    if reply["type"] != "answer":
        error = reply.get("error", {})
        return _error_row(own_id, f"{error.get('code')}: {error.get('message', 'no answer')}")
    return Row(
        id=_text(own_id), status=reply["status"], answer=_text(reply["answer"]), verified=reply["verified"],
        confidence=reply["confidence"], engine=reply.get("engine"), stop_reason=reply["stop_reason"], steps=reply["steps"],
        conflicts=reply.get("conflicts", 0), error=None,
    )


def _error_row(own_id: Any, error: str) -> Row:
    return Row(
        id=_text(own_id), status="error", answer=None, verified=None, confidence=None, engine=None, stop_reason=None, steps=0,
        conflicts=0, error=error,
    )


def _text(value: Any) -> Optional[str]:
    return value if value is None or isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def batches(lines: Iterable[str], size: int = 500) -> Iterator[List[str]]:
    """Lines, so many at a time."""
    batch: List[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def cost(rows: Iterable[Mapping[str, Any]], seconds: float, cores: int, price: float = 0.05) -> str:
    """What a run cost and what a million such puzzles would, at so much for an hour of one core; text for people."""
    count = solved = errors = steps = 0
    for row in rows:
        count += 1
        solved += row["status"] == "solved"
        errors += row["status"] == "error"
        steps += row["steps"]
    answered = max(1, count - errors)
    hours = seconds * cores / answered * 1e6 / 3600
    return (
        f"{count} lines: {solved} solved, {count - solved - errors} unsolved, {errors} errors; {steps / answered:.1f} steps a puzzle, "
        f"{answered / seconds:.1f} puzzles/s on {cores} cores. A million: {hours:.1f} core-hours, {hours * price:.2f} at {price} each"
    )

"""Answers as objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Optional

from .errors import Reply


@dataclass(frozen=True)
class Answer:
    """The answer to one puzzle. Members are those of the protocol; `reply` has all of them as they came."""

    reply: Reply = field(repr=False)
    #: The caller's id of the request, None when it had none.
    id: Any
    #: `solved` or `unsolved`.
    status: str
    #: Why the search ended: `q_threshold`, `exact`, `step_limit`, ...
    stop_reason: str
    #: The solution in the task's notation, or the best candidate of an unsolved puzzle; None when there is none.
    answer: Any
    #: How sure the model is, 0 to 1; None for what exact search has proved.
    confidence: Optional[float]
    #: What the rules say of the answer; None where they were not asked.
    verified: Optional[bool]
    engine: Optional[str] = None
    q: Optional[float] = None
    rollouts: int = 0
    steps: int = 0

    @property
    def solved(self) -> bool:
        return self.status == "solved"

    @property
    def unique(self) -> Optional[bool]:
        """Whether it is the only solution, where `include=["unique"]` asked; None where the search gave up on that."""
        return self.reply.get("unique")

    @property
    def other_answer(self) -> Any:
        """A second solution, where `unique` is False."""
        return self.reply.get("other_answer")

    def __getitem__(self, name: str) -> Any:
        """Any member of the reply by its name."""
        return self.reply[name]

    @classmethod
    def of(cls, reply: Reply) -> "Answer":
        members: Dict[str, Any] = {
            name: reply.get(name) for name in ("id", "status", "stop_reason", "answer", "confidence", "verified", "engine", "q")
        }
        return cls(reply=reply, rollouts=reply.get("rollouts", 0), steps=reply.get("steps", 0), **members)

"""What can go wrong, as exceptions that say which of them it was. All of them survive pickling."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

Reply = Dict[str, Any]


class PtrmError(Exception):
    """Everything that this package raises of its own."""


class PtrmWarning(UserWarning):
    """The daemon ignored something in a request and went on; `field` says what."""

    def __init__(self, message: str, field: Optional[str] = None) -> None:
        super().__init__(message, field)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class RequestError(PtrmError):
    """A request was answered with an error line. An unsolved puzzle is an answer, not an error."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply)
        error = reply.get("error", {})
        self.reply = reply
        #: The caller's id of the request, None when it had none.
        self.id: Any = reply.get("id")
        self.code: int = error.get("code", 0)
        self.message: str = error.get("message", "")
        self.data: Dict[str, Any] = error.get("data", {})

    @property
    def field(self) -> Optional[str]:
        """The member at fault, with dots and indices: `limits.time_ms`."""
        return self.data.get("field")

    @property
    def nearest(self) -> Optional[str]:
        """The valid name closest to an unknown one."""
        return self.data.get("nearest")

    @property
    def known(self) -> List[str]:
        """The valid names, where the error is an unknown one."""
        return list(self.data.get("known", []))

    @property
    def cells(self) -> List[List[int]]:
        """The cells of the puzzle at fault, as [row, column] from 0."""
        return list(self.data.get("cells", []))

    def __str__(self) -> str:
        return f"{self.message} (error {self.code})"

    @staticmethod
    def of(reply: Reply) -> "RequestError":
        """The error of the kind that the reply's code stands for."""
        kinds = {429: Busy, 503: ShuttingDown, -32603: InternalError}
        return kinds.get(reply.get("error", {}).get("code", 0), InvalidRequest)(reply)


class InvalidRequest(RequestError):
    """The request is wrong and will stay so: `field`, `nearest` and `known` say what to mend."""


class Busy(RequestError):
    """The daemon's queue, or its number of clients, is full, and was so for all of `retry_for`."""

    @property
    def retry_after(self) -> float:
        """Seconds until it is worth another try."""
        return float(self.data.get("retry_after_ms", 0)) / 1000


class ShuttingDown(RequestError):
    """The daemon is ending and takes no new work."""


class InternalError(RequestError):
    """A defect of the daemon."""


class ConnectionLost(PtrmError, ConnectionError):
    """The connection ended before the answer came, or was closed by the caller."""


class DaemonExited(ConnectionLost):
    """The subprocess ended; `exit_code` says how and `stderr` has what it said last."""

    MEANINGS = {
        0: "it ended by itself", 1: "it was interrupted", 2: "wrong usage or configuration", 3: "a model could not be loaded",
    }

    def __init__(self, exit_code: int, stderr: str = "") -> None:
        super().__init__(exit_code, stderr)
        self.exit_code = exit_code
        self.stderr = stderr

    def __str__(self) -> str:
        code = self.exit_code
        how = f"was ended by signal {-code}" if code < 0 else f"exited with {code}"
        meaning = self.MEANINGS.get(code)
        text = f"ptrmd {how}" + (f" ({meaning})" if meaning else "")
        return f"{text}: {self.stderr.strip()}" if self.stderr.strip() else text


class ProgramNotFound(PtrmError, FileNotFoundError):
    """There is no ptrmd: neither in this package, nor at `$PTRMD`, nor on the PATH."""

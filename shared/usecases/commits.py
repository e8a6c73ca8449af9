"""Read, decide, commit: again, a bounded number of times, when somebody else was faster."""

from collections.abc import Callable
from typing import TypeVar

from shared.errors import ConflictError

T = TypeVar("T")
ATTEMPTS = 12


def until_committed(attempt: Callable[[], T]) -> T:
    """The result of the first attempt that commits; each attempt must read afresh. Raises the last ConflictError."""
    import stamina  # noqa: PLC0415 - only a contended commit pays for the library

    for turn in stamina.retry_context(
        on=ConflictError, attempts=ATTEMPTS, timeout=20, wait_initial=0.004, wait_jitter=0.02, wait_max=0.5
    ):
        with turn:
            return attempt()
    raise ConflictError("unreachable: stamina raises the last error")  # pragma: no cover


def committed(attempt: Callable[[], T]) -> T:
    """As `until_committed`, but the first attempt is made without any machinery."""
    try:
        return attempt()
    except ConflictError:
        return until_committed(attempt)

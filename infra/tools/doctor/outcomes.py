"""What a check finds: one of four states, one line, and what to do about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.redaction import redact

LONGEST = 240
APPLY = "terraform apply"  # what mends most of it
NAMED = 4  # of many faulty things so many are named


class State(StrEnum):
    """How a part of the installation is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`says` is what was found, `fix` what to do ("" where nothing is to be done)."""

    state: State
    says: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A part of the installation and how it is looked at; `run` may raise whatever stops it."""

    name: str
    run: Callable[[], Outcome]


@dataclass(frozen=True, slots=True)
class Examined:
    """A check that was made."""

    name: str
    outcome: Outcome


class CheckError(Exception):
    """A look that was not possible; `fix` says what makes it possible."""

    def __init__(self, says: str, fix: str = "", *, state: State = State.FAIL) -> None:
        super().__init__(says)
        self.fix, self.state = fix, state


def fine(says: str) -> Outcome:
    """Nothing to do."""
    return Outcome(State.OK, says)


def warned(says: str, fix: str) -> Outcome:
    """It works, but somebody should look at it."""
    return Outcome(State.WARN, says, fix)


def failed(says: str, fix: str) -> Outcome:
    """It does not work."""
    return Outcome(State.FAIL, says, fix)


def skipped(says: str, fix: str = "") -> Outcome:
    """It was not looked at."""
    return Outcome(State.SKIPPED, says, fix)


def stopped_by(error: BaseException) -> Outcome:
    """What a check that could not be made says: one line, without secrets, addresses or a traceback."""
    if isinstance(error, CheckError):
        return Outcome(error.state, one_line(str(error)), error.fix)
    return failed(f"could not be looked at: {type(error).__name__}: {one_line(str(error))}", "see the message")


def one_line(text: str) -> str:
    """Bounded, and fit to be shown."""
    short = " ".join(redact(text).split())
    return short if len(short) <= LONGEST else f"{short[: LONGEST - 1]}…"


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    every = sorted(names)
    more = f" and {len(every) - NAMED} more" if len(every) > NAMED else ""
    return ", ".join(every[:NAMED]) + more

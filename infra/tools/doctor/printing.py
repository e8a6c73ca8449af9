"""What was found, as a table for people and as JSON for programs."""

import json
from collections.abc import Iterable, Sequence

from infra.tools.doctor.outcomes import Examined, State

MARKS = {State.OK: "ok  ", State.WARN: "WARN", State.FAIL: "FAIL", State.SKIPPED: "skip"}


def line_of(one: Examined, width: int) -> str:
    """A check's line, and what to do on one below it."""
    first = f"{MARKS[one.outcome.state]}  {one.name:<{width}}  {one.outcome.says}"
    return f"{first}\n      {'':<{width}}  -> {one.outcome.fix}" if one.outcome.fix else first


def summary(found: Sequence[Examined]) -> str:
    """How many there are of each."""
    counts = {state: sum(one.outcome.state is state for one in found) for state in State}
    told = [f"{count} {state}" for state, count in counts.items() if count]
    return f"{len(found)} checks: {', '.join(told)}"


def as_json(found: Iterable[Examined]) -> str:
    """One object, its checks in order."""
    rows = [
        {"check": one.name, "state": one.outcome.state, "says": one.outcome.says, "fix": one.outcome.fix}
        for one in found
    ]
    return json.dumps(
        {"ok": not any(is_bad(row["state"]) for row in rows), "checks": rows}, ensure_ascii=False, indent=2
    )


def is_bad(state: str) -> bool:
    """True for what makes the command fail."""
    return state == State.FAIL

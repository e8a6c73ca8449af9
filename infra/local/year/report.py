"""A simulated span as text for people and as JSON for programs."""

from collections.abc import Iterator
from typing import Any

from infra.local.year.oracle.cairo import ZONE
from infra.local.year.oracle.verdicts import INVARIANTS
from infra.local.year.running import Result

SHOWN = 20
MEBI = 1 << 20
COLUMN = 26


def lines(result: Result) -> Iterator[str]:
    """The whole output, line by line."""
    span, court = result.span, result.court
    first, last = (at.astimezone(ZONE) for at in (span.start, span.end))
    days = (last.date() - first.date()).days
    spent = f"{result.seconds:.0f} s ({result.busy:.0f} s of processor time)"
    yield f"{first:%Y-%m-%d} to {last:%Y-%m-%d} in Egypt, seed {span.seed}: {days} days in {spent}"
    yield ""
    for name, count in result.figures.items():
        yield f"{name:<{COLUMN}}{count:>12,}"
    yield f"{'store at the end, MiB':<{COLUMN}}{result.store_bytes / MEBI:>12.1f}"
    yield ""
    yield f"{'invariant':<{COLUMN - 12}}{'checks':>12}{'violations':>12}"
    for name, what in INVARIANTS.items():
        found = sum(one.invariant == name for one in court.violations)
        yield f"{name:<{COLUMN - 12}}{court.checks[name]:>12,}{found:>12}  {what}"
    yield ""
    yield from _found(result)


def as_json(result: Result) -> dict[str, Any]:
    """For programs."""
    span, court = result.span, result.court
    return {
        "from": span.start.isoformat(),
        "to": span.end.isoformat(),
        "seed": span.seed,
        "seconds": round(result.seconds, 1),
        "processor_seconds": round(result.busy, 1),
        "store_bytes": result.store_bytes,
        "figures": dict(result.figures),
        "checks": {name: court.checks[name] for name in INVARIANTS},
        "violations": [
            {"invariant": one.invariant, "at": one.at.isoformat(), "about": one.about, "why": one.why}
            for one in court.violations
        ],
        "violations_left_out": court.left_out,
    }


def _found(result: Result) -> Iterator[str]:
    court = result.court
    total = len(court.violations) + court.left_out
    yield f"violations: {total}"
    yield from (str(one) for one in court.violations[:SHOWN])
    if total > SHOWN:
        yield f"and {total - SHOWN} more; --json has the first {len(court.violations)}"
    if total:
        yield f"The same --from, --years or --days and --seed {result.span.seed} play it again."

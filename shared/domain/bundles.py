"""How large what visitors download is: against the budget, and against what it was at the last look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.domain.jobs import Finding, Verdict

ALERT = "performance_regression"
GREW_BY = 0.1  # of its size before, as bundle_size_alert's threshold
GREW_BYTES = 10_000  # less is no trouble whatever share it is
NAMED = 25  # the largest, by name
KB = 1_000


@dataclass(frozen=True, slots=True)
class Asset:
    """One script or style sheet: bytes as they come over the wire (compressed), and as the browser has to read them.

    `fault` is why there are none.
    """

    name: str
    transferred: int = 0
    raw: int = 0
    fault: str = ""


def judged(assets: Iterable[Asset], before: Mapping[str, float], *, budget: float) -> tuple[Finding, ...]:
    """What is wrong: an asset that is not delivered or larger than the budget fails, one that grew is a warning.

    `before` are raw bytes by name at the last look; what is exactly as large as the budget is within it.
    """
    return tuple(found for one in assets if (found := _judged(one, before.get(one.name), budget)) is not None)


def evidence_of(assets: Iterable[Asset]) -> dict[str, float]:
    """Both totals, and the largest by name in raw bytes; what the next look is compared with."""
    known = sorted((one for one in assets if not one.fault), key=lambda one: (-one.raw, one.name))
    wire = sum(one.transferred for one in known)
    totals = {"assets": len(known), "raw": sum(one.raw for one in known), "transferred": wire}
    return {**totals, **{one.name: one.raw for one in known[:NAMED]}}


def _judged(one: Asset, before: float | None, budget: float) -> Finding | None:
    grown = "" if before is None or one.raw <= before else f", {_kb(one.raw - before)} more than at the last look"
    if one.fault:
        fix = "deploy the site again, and see that the build's files and its page come from one build"
        return Finding(one.name, f"{one.name} is not delivered: {one.fault}", Verdict.FAIL, fix, ALERT)
    if one.raw > budget:
        what = f"{one.name} is {_kb(one.raw)} ({_kb(one.transferred)} compressed), over {_kb(budget)}{grown}"
        fix = "split it at its routes (dynamic import), and look for what came in with the last change"
        return Finding(one.name, what, Verdict.FAIL, fix, ALERT)
    if before is not None and one.raw - before > max(GREW_BYTES, GREW_BY * before):
        what = f"{one.name} grew to {_kb(one.raw)}{grown}"
        return Finding(one.name, what, Verdict.WARN, "look for what came in with the last change", ALERT)
    return None


def _kb(size: float) -> str:
    return f"{size / KB:,.1f} KB"

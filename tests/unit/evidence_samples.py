"""Evidence for tests: an error rate at four times its limit, with gaps, and whatever is special about it."""

from datetime import UTC, datetime, timedelta

from shared.domain.evidence import Evidence
from shared.domain.rules import Unit

END = datetime(2026, 3, 10, 0, 15, tzinfo=UTC)  # 02:15 in Cairo
STEPS = 72


def points(of):
    """Six hours of points; `of` gives the value of a step."""
    return tuple((END - timedelta(minutes=5 * (STEPS - step)), of(step)) for step in range(STEPS))


def calm_then_bad(step):
    if 20 <= step < 36 or step in {40, 42}:
        return None
    return 0.3 + 0.1 * (step % 3) if step < 67 else 1.2 + 0.6 * (step - 67)


def evidence(**changes):
    values = {
        "rule": "error_rate",
        "metric": "error_rate",
        "unit": Unit.PERCENT,
        "value": 4.2,
        "limit": 1.0,
        "comparison": ">",
        "baseline": 0.31,
        "change": "+3.9 points",
        "samples": 1_240,
        "failures": 52,
        "window": timedelta(minutes=5),
        "confidence": 1 - 5e-7,
        "complete_until": END,
        "points": points(calm_then_bad),
        "reason": "more errors than the limit explains",
    }
    return Evidence(**{**values, **changes})

"""Evidence: what a metric rule knew when it decided, kept with the alert so that anybody can check the decision."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.rules import Comparison, Unit

NAMED_BY = "evidence"  # the value of a signal (and so of its incident) that says under which name evidence is kept
HISTORY = timedelta(hours=6)
STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One decision of a metric rule, in figures.

    `value`, `limit`, `baseline` and the values of `points` are in `unit` (percent as 4.2, not 0.042). `comparison` is
    the limit's sign (">" or "<"), "" for a rule that knows a change only. `change` says in normal words how the value
    differs from the baseline ("+0.5 points"); "" leaves that to who renders it. `samples` measurements, of them
    `failures` bad ones (None where the metric is no share). `confidence` is 1 - p value of the exact test, None where
    nothing was tested. `complete_until`: the newest minute whose data is all there. `points`: the last HISTORY in
    steps of STEP, each with the instant its step begins, a gap as None. `reason` is the decision's own name.
    """

    rule: str
    metric: str
    unit: Unit
    value: float | None
    limit: float | None
    comparison: str
    baseline: float | None
    change: str
    samples: int
    failures: int | None
    window: timedelta
    confidence: float | None
    complete_until: datetime
    points: tuple[tuple[datetime, float | None], ...]
    reason: str

    @property
    def chance(self) -> float | None:
        """The p value: how probable so bad a window would be if all were well."""
        return None if self.confidence is None else max(0.0, 1 - self.confidence)

    @property
    def time_beyond(self) -> timedelta:
        """How long the shown points lie beyond the limit."""
        return STEP * sum(value is not None and self.is_breach(value) for _, value in self.points)

    @property
    def time_missing(self) -> timedelta:
        """How long the shown points are gaps."""
        return STEP * sum(value is None for _, value in self.points)

    def is_breach(self, value: float) -> bool:
        """True when the value lies strictly beyond the limit; without a limit nothing does."""
        if self.limit is None:
            return False
        return value < self.limit if self.comparison == Comparison.BELOW else value > self.limit

"""Figures: what a metric came to in a span of time, against its target and its past, and how far it can be trusted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.metrics import Kind, Metric, Statistic
from shared.domain.rules import Unit

EVEN = 0.005  # half a percent (or half a hundredth of a point) is no change


class Gap(StrEnum):
    """Why a figure is not there, or not whole."""

    NO_SOURCE = "no source configured"
    NO_DATA = "nothing was measured"
    LATE = "not complete yet"
    FAILED = "could not be read"


class Standing(StrEnum):
    """How a figure stands against its target."""

    MET = "met"
    MISSED = "missed"
    NO_TARGET = "no target"
    UNKNOWN = "unknown"


class Trend(StrEnum):
    """Where a figure goes, and whether that is good."""

    BETTER = "better"
    WORSE = "worse"
    EVEN = "even"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """[since, until), aware, in UTC."""

    since: datetime
    until: datetime

    @property
    def hours(self) -> float:
        """Its length."""
        return (self.until - self.since) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric over a span, in the metric's unit.

    `value` rests on `count` measurements; None with a `gap` that says why. `before` is the same over `compared`.
    `complete_until`: everything before it has been counted, however late it came; None where nothing says so.
    """

    metric: Metric
    span: Span
    value: float | None = None
    count: int = 0
    compared: Span | None = None
    before: float | None = None
    complete_until: datetime | None = None
    gap: Gap | None = None

    @property
    def is_complete(self) -> bool:
        """True when nothing that belongs into the span can still come."""
        return self.complete_until is not None and self.complete_until >= self.span.until

    @property
    def standing(self) -> Standing:
        """Against the metric's target; the target itself is met."""
        target = self.metric.target
        if self.value is None:
            return Standing.UNKNOWN
        if target is None:
            return Standing.NO_TARGET
        met = self.value >= target if self.metric.at_least else self.value <= target
        return Standing.MET if met else Standing.MISSED

    @property
    def change(self) -> float | None:
        """Against `before`: percentage points for shares, else percent; None where it means nothing.

        What is counted is compared per hour, because a day on which the clocks change is shorter or longer.
        """
        if self.value is None or self.before is None or self.compared is None:
            return None
        if self.metric.unit is Unit.PERCENT:
            return self.value - self.before
        now, before = self.value, self.before
        if self.metric.kind is Kind.COUNT and self.metric.statistic is not Statistic.PER_DAY:
            now, before = now / self.span.hours, before / self.compared.hours
        return 100 * (now / before - 1) if before else None

    @property
    def trend(self) -> Trend:
        """What the change means to us; more is better where the metric says `at_least`."""
        change = self.change
        if change is None:
            return Trend.UNKNOWN
        if abs(change) < EVEN:
            return Trend.EVEN
        return Trend.BETTER if (change > 0) is self.metric.at_least else Trend.WORSE

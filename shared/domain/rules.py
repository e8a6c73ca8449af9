"""Rules: metric rules with a limit and a change, event rules with impact thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from shared.domain.severities import Severity, worst
from shared.domain.signals import Signal

EVENTS_IN_5_MINUTES = "events_5m"
LEAST_REMINDER = timedelta(hours=4)  # as event rules remind


class Comparison(StrEnum):
    """Strict comparisons only: exactly the limit never fires."""

    ABOVE = ">"
    BELOW = "<"


class Unit(StrEnum):
    """Normal units; a parser converts what people write (KB, s, minutes) into one of these."""

    PERCENT = "percent"
    BYTES = "bytes"
    MILLISECONDS = "ms"
    SECONDS = "s"
    COUNT = "count"
    MONEY = "money"  # in the home currency (EGP)


class ChangeUnit(StrEnum):
    """How a change is measured against the baseline."""

    POINTS = "points"  # percentage points of a ratio metric
    RELATIVE = "relative"  # percent of the baseline
    ABSOLUTE = "absolute"  # in the metric's own unit


class Direction(StrEnum):
    """Which way a change has to go to fire."""

    INCREASE = "increase"
    DECREASE = "decrease"


class Mode(StrEnum):
    """How limit and change combine."""

    EITHER = "either"
    BOTH = "both"
    CONDITION = "condition"
    CHANGE = "change"
    UNUSUAL = "unusual"  # neither limit nor change: far from its own past; warns only


@dataclass(frozen=True, slots=True)
class Limit:
    """The condition: metric `comparison` `value`, in `unit`."""

    comparison: Comparison
    value: float
    unit: Unit

    def is_breached_by(self, observed: float) -> bool:
        """Strictly beyond the limit."""
        return observed > self.value if self.comparison is Comparison.ABOVE else observed < self.value


@dataclass(frozen=True, slots=True)
class Change:
    """The change against the baseline that fires."""

    by: float
    unit: ChangeUnit
    direction: Direction


class NoData(StrEnum):
    """What a window without data means for the rule."""

    HOLD = "hold"  # as it was
    ALERT = "alert"  # a fault of its own
    OK = "ok"  # nothing happened, so nothing is wrong
    INHERIT = "inherit"  # what the metric says


@dataclass(frozen=True, slots=True)
class MetricRule:
    """Compares a metric's window with a limit and with its baseline.

    `every` is the evaluation cadence and the least interval between reminders; zero means "immediate":
    on every touching event and every minute.

    Shares over counts and percentiles are judged by exact tests over several windows, unless the rule names its own
    `window`: then the value of that window is compared as it is, given `min_samples`, after `hold_for`, until it is on
    the good side of `clear` (the limit, if not given) for `clear_windows` evaluations. With an `objective` (percent of
    good events promised) it is a burn-rate rule and needs neither limit nor change.
    """

    name: str
    metric: str
    severity: Severity
    channels: tuple[str, ...]
    limit: Limit | None = None
    change: Change | None = None
    mode: Mode = Mode.EITHER
    every: timedelta = timedelta(0)
    escalate_after: timedelta | None = None
    service: str = "web"
    runbook: str = ""
    window: timedelta | None = None
    hold_for: timedelta = timedelta(0)
    clear: float | None = None
    clear_windows: int = 1
    min_samples: int = 0
    no_data: NoData = NoData.INHERIT
    objective: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An event matches when its alert type fits one of the patterns (shell style) and every label is equal."""

    alert_types: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    def accepts(self, signal: Signal) -> bool:
        """True when the signal fits."""
        fits = any(fnmatchcase(signal.alert_type, pattern) for pattern in self.alert_types)
        return fits and all(signal.labels.get(name) == value for name, value in self.labels.items())


@dataclass(frozen=True, slots=True)
class Impact:
    """Raises the severity when the named value (of the signal, of the incident's impact, or `events_5m`) is so bad.

    Bad is `at_least` so much, or for what should be high (crash_free_users) `at_most` so much.
    """

    value: str
    at_least: float | None
    severity: Severity
    at_most: float | None = None

    def is_reached_by(self, observed: float) -> bool:
        """True at the threshold and beyond it; never for a value that is not there (NaN)."""
        too_high = self.at_least is not None and observed >= self.at_least
        return too_high or (self.at_most is not None and observed <= self.at_most)


@dataclass(frozen=True, slots=True)
class EventRule:
    """What a matching event means: how bad, whom to tell how, how often to remind.

    `policy` names the escalation policy to follow in place of the severity's. With `procedure` "breach" what is
    critical is declared a breach at once, and what is less is proposed to the response team.
    """

    name: str
    match: Match
    severity: Severity
    channels: tuple[str, ...]
    impact: tuple[Impact, ...] = ()
    remind_every: timedelta = timedelta(hours=4)
    escalate_after: timedelta | None = None
    runbook: str = ""
    notify: bool = True
    policy: str = ""
    procedure: str = ""


METRIC_SOURCE = "metrics"


def as_event_rule(rule: MetricRule) -> EventRule:
    """How the signals of a metric rule are told; they bring their severity along."""
    return EventRule(
        name=rule.name,
        match=Match((f"rule.{rule.name}",)),
        severity=Severity.LOW,
        channels=rule.channels,
        remind_every=max(rule.every, LEAST_REMINDER),
        escalate_after=rule.escalate_after,
        runbook=rule.runbook,
    )


def matching(rules: tuple[EventRule, ...], signal: Signal) -> EventRule | None:
    """The first rule that accepts the signal; order in the file is priority."""
    return next((rule for rule in rules if rule.match.accepts(signal)), None)


def severity_of(rule: EventRule, signal: Signal, *, events_5m: int = 1) -> Severity:
    """The rule's severity, or the source's own where worse, raised by every impact threshold reached."""
    reached = [i.severity for i in rule.impact if i.is_reached_by(_value(i, signal, events_5m))]
    return worst(rule.severity, *(() if signal.severity is None else (signal.severity,)), *reached)


def _value(impact: Impact, signal: Signal, events_5m: int) -> float:
    if impact.value == EVENTS_IN_5_MINUTES:
        return float(events_5m)
    try:
        return float(signal.values.get(impact.value, "nan"))
    except ValueError:
        return float("nan")

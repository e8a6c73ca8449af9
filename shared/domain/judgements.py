"""What a judgement of one window looks at, and what it says: the level, the named reason and the evidence."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shared.domain.baselines import Baseline
from shared.domain.readings import Test
from shared.domain.rules import MetricRule
from shared.domain.series import HOUR, MINUTE, Series

NO_BASELINE = Baseline()


class Level(StrEnum):
    """How bad: a change alone is one severity below the rule's, beyond the limit is the rule's own."""

    NONE = "none"
    CHANGE = "change"
    LIMIT = "limit"


class Outcome(StrEnum):
    """The named reason of every judgement."""

    FINE = "within its limits"
    LIMIT = "beyond the limit"
    CHANGE = "changed against its baseline"
    SILENCE = "far fewer requests than at this hour"
    BURNING = "burns the error budget too fast"
    UNUSUAL = "far from what is usual at this time"
    CHRONIC = "beyond the limit, as it usually is"
    NO_BASELINE = "within its limit; no baseline yet to compare with"
    NO_DATA = "no data"
    NOTHING_NEW = "nothing measured since"
    TOO_FEW = "too few samples to judge"
    LATE = "the source's data is late"
    NO_SOURCE = "no source is configured"
    QUERY_FAILED = "the query failed"
    BYTE_CAP = "the query would read more than it may"
    FAULT = "the rule could not be evaluated"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one window said. `breached` None: nothing was learned. Values are in the metric's unit, `window` in seconds.

    `over` says whether a firing alert may end;
    `failures` of `samples` failed the test whose `chance` is the p value.
    `test` is what was rejected, `measured_at` (epoch seconds) when a gauge was read.
    """

    outcome: Outcome
    breached: bool | None = None
    over: bool | None = None
    level: Level = Level.NONE
    value: float | None = None
    bound: float | None = None
    baseline: Baseline = NO_BASELINE
    samples: int = 0
    failures: int | None = None
    window: float = 0.0
    chance: float | None = None
    test: Test | None = None
    measured_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What a judgement looks at beside the rule: everything before `end` (epoch seconds).

    `usual` is the usual number of measurements a second, `since` the last resolve, `fired_at` when the rule began to
    fire (None: it does not), `breach` what made it fire, `values` the earlier values of a gauge and `value_at` the
    instant of the newest of them.
    """

    series: Series
    end: float
    baseline: Baseline
    usual: float = 0.0
    since: float = 0.0
    fired_at: float | None = None
    breach: Outcome = Outcome.LIMIT
    values: tuple[float, ...] = ()
    value_at: float = 0.0


def step_of(rule: MetricRule) -> int:
    """Seconds of the finest buckets the rule looks at: minutes, or hours when it is not in a hurry."""
    return HOUR if rule.every >= timedelta(hours=1) else MINUTE

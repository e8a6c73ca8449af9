"""Metrics: what is measured, from which source, how fresh it is, and the points the rollups make of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.histograms import Histogram
from shared.domain.rules import NoData, Unit


class Kind(StrEnum):
    """How a window of points becomes one value."""

    RATIO = "ratio"  # bad / count, in percent; or the good share where `good` is asked for
    VALUE = "value"  # a percentile, the mean or the last of single measurements
    COUNT = "count"  # how many (or, with `sum`, how much) in the window


class Statistic(StrEnum):
    """Which value stands for a window of a VALUE metric."""

    PERCENTILE = "percentile"
    MEAN = "mean"
    LAST = "last"
    MAX = "max"  # the largest, exactly: of our own records, whose points hold one measurement each
    SUM = "sum"
    PER_DAY = "per_day"  # of a count: how many in a day, the mean of its days over a longer span


@dataclass(frozen=True, slots=True)
class Source:
    """Who makes points, and how often its raw tables are read.

    Every `every` the last `overlap` is read again, every `deep_every` the last `deep`, because rows come late. `tables`
    are the raw tables ("dataset.table", a trailing * for a family of them).
    """

    name: str
    tables: tuple[str, ...]
    every: timedelta
    overlap: timedelta
    deep_every: timedelta
    deep: timedelta


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. `source` names where its points come from ("" = no source configured).

    `points` names the points it is computed from (its own, unless two figures share them). `freshness`: how far behind
    its source may be before it counts as late (zero: never). `good_share`: a ratio whose value is the share that is not
    bad (conversion, uptime). `silence`: that nothing arrives is itself a fault (requests, orders). `statistic` and
    `percentile` belong to values; `target` is what the dashboards promise, in `unit`; with `at_least` more is better.
    `touched_by` are the types of events (shell patterns) after which its rules are evaluated at once.
    """

    name: str
    kind: Kind
    unit: Unit
    source: str
    points: str = ""
    freshness: timedelta = timedelta(minutes=10)
    statistic: Statistic = Statistic.PERCENTILE
    percentile: float = 50.0
    good_share: bool = False
    silence: bool = False
    target: float | None = None
    at_least: bool = False
    about: str = ""
    no_data: NoData = NoData.HOLD
    touched_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """What one metric measured in [start, start + length): the rows of `metric_points`, summed over dimensions.

    `count` measurements, `total` their sum, `bad` those that failed, `bad_clients` the same counted once per client
    and quarter of an hour, `histogram` their distribution (VALUE metrics).
    """

    start: datetime
    length: timedelta = timedelta(minutes=1)
    count: int = 0
    total: float = 0.0
    bad: int = 0
    bad_clients: int = 0
    histogram: Histogram = field(default_factory=Histogram)

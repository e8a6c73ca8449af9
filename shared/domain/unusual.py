"""Rules that name no numbers: a volume or a mean held against its own past, hour by hour; such an alert warns."""

from dataclasses import dataclass, field

from shared.domain.levels import LevelDetector, Nature, nature_of
from shared.domain.metrics import Kind, Metric
from shared.domain.series import HOUR, Series, value_over

MEMORY = 28 * 24 * HOUR


def direction_of(metric: Metric) -> str:
    """Where trouble lies: durations rise, what should be high falls, volumes do either."""
    if metric.at_least:
        return "down"
    return "up" if nature_of(metric.name, metric.unit) is Nature.LATENCY else "both"


@dataclass
class HourlyLevels:
    """A detector fed with every whole hour up to an instant that only moves forward."""

    metric: Metric
    is_open: bool = False
    reason: str = ""
    _next: float = 0.0
    _detector: LevelDetector = field(init=False)

    def __post_init__(self) -> None:
        nature = nature_of(self.metric.name, self.metric.unit)
        nature = Nature.COUNT if self.metric.kind is Kind.COUNT and nature is not Nature.LATENCY else nature
        self._detector = LevelDetector(nature, direction_of(self.metric), HOUR)

    def reach(self, series: Series, end: float) -> None:
        """Take the whole hours that ended by `end`; an hour in which nothing was counted is a zero once one was."""
        until = end - end % HOUR
        start = self._next or until - MEMORY
        while start < until:
            point = series.hour(start)
            started = self._next or point is not None
            value = value_over(self.metric, [point]) if point else 0.0 if self.metric.kind is Kind.COUNT else None
            if started and value is not None:
                self._take(start, value)
            start += HOUR
            self._next = start if started else self._next

    def _take(self, start: float, value: float) -> None:
        event = self._detector.feed(start, value)
        if event is not None:
            self.is_open, self.reason = event.kind == "fire", event.reason or self.reason

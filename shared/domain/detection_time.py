"""How long a rule may take to see what it is there for: its source's pace, its shortest window, its cadence."""

from dataclasses import dataclass
from datetime import timedelta

from shared.domain.burn_rates import PAGE
from shared.domain.detection import HOURLY_WINDOWS, WINDOWS
from shared.domain.judgements import step_of
from shared.domain.judging import is_tested
from shared.domain.judging_counts import USUAL_WINDOW
from shared.domain.metrics import Metric, Source
from shared.domain.rules import MetricRule, Mode
from shared.domain.series import HOUR

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DetectionTime:
    """The parts of the worst case for a strong fault in busy traffic; their sum is what can be promised.

    `source`: until its rows are rolled up while it delivers at once; `late`: how far behind it may be before that is
    told as late data. `window`: the shortest that decides; `cadence`: until the next evaluation.
    """

    source: timedelta
    window: timedelta
    cadence: timedelta
    hold_for: timedelta
    late: timedelta

    @property
    def worst(self) -> timedelta:
        """From the fault to the alert."""
        return self.source + self.window + self.cadence + self.hold_for


def detection_time(rule: MetricRule, metric: Metric, source: Source | None) -> DetectionTime:
    """The worst case of a rule; a metric of our own records is there at once."""
    return DetectionTime(
        source=source.every if source else timedelta(0),
        window=_shortest_window(rule, metric),
        cadence=max(rule.every, MINUTE),
        hold_for=rule.hold_for,
        late=metric.freshness,
    )


def _shortest_window(rule: MetricRule, metric: Metric) -> timedelta:
    if rule.window is not None:
        return rule.window
    if rule.mode is Mode.UNUSUAL:
        return timedelta(seconds=HOUR)
    if rule.objective is not None:
        return PAGE[0].short
    if is_tested(rule, metric):
        return timedelta(seconds=(HOURLY_WINDOWS if step_of(rule) >= HOUR else WINDOWS)[0])
    return timedelta(0) if metric.statistic == "last" else max(rule.every, USUAL_WINDOW)

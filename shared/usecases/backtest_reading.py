"""The history of every metric that rules need, read once from the warehouse."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.baselines import DAY, WEEK, WEEKS
from shared.domain.history import History
from shared.domain.maintenance import Window
from shared.domain.metrics import Metric
from shared.domain.rules import MetricRule
from shared.domain.series import HOUR, MINUTE
from shared.ports.warehouse import Answer, Parameter, Warehouse
from shared.usecases.measured import RECENT, point

REMEMBERED = timedelta(days=4)  # what is known of a source before the span begins
BASELINES = timedelta(seconds=WEEKS * WEEK + 2 * DAY)
BATCH = timedelta(days=10)  # minutes with their distributions take room while they are rows


class NoHistoryError(Exception):
    """Nothing was measured in the span that was asked for."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Histories by the name of their points, the minutes in which each source delivered, and what reading billed.

    `windows` are those of maintenance in that time, where they are known.
    """

    histories: Mapping[str, History]
    arrivals: Mapping[str, Sequence[int]]
    bytes_billed: int
    windows: tuple[Window, ...] = ()

    def begin(self, since: datetime) -> datetime:
        """The first minute at or after `since` with anything in it."""
        first = min((minute for found in self.arrivals.values() for minute in found[:1]), default=None)
        if first is None:
            raise NoHistoryError
        return max(since, datetime.fromtimestamp(first, since.tzinfo))


def read_history(
    rules: Sequence[MetricRule],
    metrics: Mapping[str, Metric],
    *,
    warehouse: Warehouse,
    since: datetime,
    until: datetime,
) -> Readings:
    """Everything that replaying the rules over [since, until) looks at. Raises QueryError."""
    longest = max((rule.window for rule in rules if rule.window is not None), default=RECENT)
    first = _whole_hour(since - max(longest, RECENT))
    wanted = sorted({metrics[rule.metric].points for rule in rules})
    billed, histories = 0, {}
    for name in wanted:
        histories[name], read = _history(name, warehouse, since=first, until=until)
        billed += read
    arrivals = {}
    for source in sorted({metrics[rule.metric].source for rule in rules} - {""}):
        answers = list(_answers([f"rows.{source}"], warehouse, since=since - REMEMBERED, until=until))
        arrivals[source] = array("q", (int(row["start"].timestamp()) for one in answers for row in one.rows))
        billed += sum(one.bytes_billed for one in answers)
    return Readings(histories, arrivals, billed)


def _history(name: str, warehouse: Warehouse, *, since: datetime, until: datetime) -> tuple[History, int]:
    before = warehouse.query(
        "read_points", {"metrics": [name], "since": since - BASELINES, "until": since, "seconds": HOUR}
    )
    hours = {int(row["start"].timestamp()): point(row) for row in before.rows}
    history, billed = History(int(since.timestamp()), hours=hours), before.bytes_billed
    for answer in _answers([name], warehouse, since=since, until=until):
        history.append(point(row) for row in answer.rows)
        billed += answer.bytes_billed
    return history, billed


def _answers(metrics: Sequence[str], warehouse: Warehouse, *, since: datetime, until: datetime) -> Iterator[Answer]:
    for start, end in _batches(since, until):
        parameters: dict[str, Parameter] = {"metrics": metrics, "since": start, "until": end, "seconds": MINUTE}
        yield warehouse.query("read_points", parameters)


def _batches(since: datetime, until: datetime) -> Iterable[tuple[datetime, datetime]]:
    while since < until:
        end = min(since + BATCH, until)
        yield since, end
        since = end


def _whole_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)

"""Points in the making: counts, sums and distributions by minute, metric and dimensions."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shared.domain.histograms import bucket_of

Row = dict[str, Any]
Batches = Iterator[list[Row]]  # the points of one minute after the other


@dataclass(slots=True)
class Cell:
    """One point."""

    count: int = 0
    total: float = 0.0
    bad: int = 0
    bad_clients: int = 0
    buckets: dict[int, int] = field(default_factory=dict)

    def measure(self, value: float, count: int = 1) -> None:
        """One more value, or so many of it."""
        self.count += count
        self.total += count * value
        bucket = bucket_of(value)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + count


NOTHING: dict[tuple[str, str], Cell] = {}


class Tally:
    """Minutes are whole minutes since 1970; a minute that was taken is forgotten."""

    def __init__(self, source: str) -> None:
        self._source, self._rows = source, f"rows.{source}"
        self._minutes: dict[int, dict[tuple[str, str], Cell]] = defaultdict(lambda: defaultdict(Cell))

    def cell(self, minute: int, metric: str, dimensions: str = "") -> Cell:
        """The point, made when it is first asked for."""
        return self._minutes[minute][metric, dimensions]

    def count(self, minute: int, metric: str, dimensions: str = "", *, bad: bool = False) -> None:
        """One more, good or bad, each of another client."""
        cell = self.cell(minute, metric, dimensions)
        cell.count += 1
        cell.bad += bad
        cell.bad_clients += bad

    def measure(self, minute: int, metric: str, value: float, dimensions: str = "") -> None:
        """One more value."""
        self._minutes[minute][metric, dimensions].measure(value)

    def rows_read(self, minute: int, rows: int = 1) -> None:
        """So many raw rows more: the source's own metric, by which its freshness is judged."""
        self._minutes[minute][self._rows, ""].count += rows

    def take(self, minute: int) -> list[Row]:
        """The finished minute as rows of metric_points."""
        written = datetime.fromtimestamp(60 * minute, UTC).isoformat().replace("+00:00", "Z")
        cells = self._minutes.pop(minute, NOTHING)
        return [self._row(metric, written, dimensions, cell) for (metric, dimensions), cell in cells.items()]

    def _row(self, metric: str, minute: str, dimensions: str, cell: Cell) -> Row:
        return {
            "metric": metric,
            "minute": minute,
            "dimensions": dimensions,
            "source": self._source,
            "count": cell.count,
            "sum": round(cell.total, 3),
            "bad": cell.bad,
            "bad_clients": cell.bad_clients,
            "buckets": [{"i": i, "n": n} for i, n in sorted(cell.buckets.items())],
        }

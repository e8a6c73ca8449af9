"""Raw exports -> metric points: each source's MERGE on its own cadence, again over what may still come late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from shared.domain.metrics import Source
from shared.errors import QueryError
from shared.ports.warehouse import Warehouse

SECONDS_OF_QUARTER = 900
NOWHERE: Mapping[str, float] = MappingProxyType({})
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source was rolled up: until when, the last deep run, and the stamp its raw tables had then.

    `rolled_at` is when points may last have changed.
    """

    until: datetime | None = None
    rolled_at: datetime = NEVER
    deep_at: datetime | None = None
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What a round did: the progress of every source, the errors of those that failed, the bytes billed."""

    progress: Mapping[str, Progress]
    failed: Mapping[str, str]
    bytes_billed: int = 0


def roll_up(
    sources: Iterable[Source],
    progress: Mapping[str, Progress],
    *,
    reached: Mapping[str, float] = NOWHERE,
    warehouse: Warehouse,
    now: datetime,
    until: datetime,
    cap: int,
) -> RolledUp:
    """Run the rollups that are due at `until` (a whole minute) and have something to read.

    `reached` are the sources' newest minutes (epoch seconds): one that was silent is read from there on. One source
    that fails keeps no other from running.
    """
    after, failed, billed = dict(progress), {}, 0
    for source in sources:
        known = progress.get(source.name, Progress())
        try:
            stamp = warehouse.stamp(source.tables)
            if not _is_due(source, known, stamp, until):
                continue
            since, is_deep = _since(source, known, until, reached.get(source.name))
            span = {"since": since, "until": until}
            billed += warehouse.query(f"rollup_{source.name}", span, maximum_bytes=cap).bytes_billed
        except QueryError as error:
            failed[source.name] = str(error)
            continue
        whole = min(until, now.replace(second=0, microsecond=0))  # a minute that still runs is read again
        after[source.name] = Progress(whole, now, whole if is_deep else known.deep_at, stamp)
    return RolledUp(after, failed, billed)


def _is_due(source: Source, known: Progress, stamp: str, until: datetime) -> bool:
    """Never while nothing was ever written; not while nothing changed, but for the deep run."""
    if not stamp:
        return False
    if known.until is None or known.deep_at is None or until < known.until:
        return True
    changed = stamp != known.stamp and until - known.until >= source.every
    return changed or until - known.deep_at >= source.deep_every


def _since(source: Source, known: Progress, until: datetime, reached: float | None) -> tuple[datetime, bool]:
    """From where to read again, on a quarter of an hour because clients are counted once in each; and whether deep."""
    is_deep = known.deep_at is None or until - known.deep_at >= source.deep_every
    since = until - (source.deep if is_deep else source.overlap)
    if known.until is not None and known.until < since:
        since = known.until - source.overlap  # we were away: nothing is skipped
    if reached is not None:  # what comes after a silence may be as old as the silence
        since = min(since, max(datetime.fromtimestamp(reached, UTC), until - source.deep))
    return since - timedelta(seconds=int(since.timestamp()) % SECONDS_OF_QUARTER), is_deep

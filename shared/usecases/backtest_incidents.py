"""The incidents on record, which a backtest is judged by: those kept in the state, or the lines of a file."""

from datetime import UTC, datetime, timedelta

import msgspec

from shared import typed
from shared.domain.incidents import Incident
from shared.domain.paging import Recorded
from shared.errors import UndecodableError
from shared.ports.store import Query, StateStore
from shared.usecases.records import INCIDENTS, instant, value_of

LONGEST = timedelta(days=30)
MOST = 10_000
CANDIDATE = "false_positive_candidate"


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """One line of a file: `rule` or `metric` says which rules should have seen it."""

    start: datetime
    end: datetime
    rule: str = ""
    metric: str = ""
    name: str = ""


def recorded_incidents(store: StateStore, *, since: datetime, until: datetime) -> list[Recorded]:
    """Incidents that were open in [since, until), without those that late data explained away."""
    query = Query(
        INCIDENTS,
        order_by="opened_at",
        low=instant(since - LONGEST),
        high=instant(until),
        newest_first=True,
        limit=MOST,
    )
    incidents = [value_of(document, Incident) for document in store.find(query)]
    real = (incident for incident in incidents if not incident.values.get(CANDIDATE))
    found = (
        Recorded(
            incident.started_at,
            incident.resolved_at or until,
            rule=incident.rule,
            metric=incident.labels.get("metric", ""),
            name=incident.id,
        )
        for incident in real
    )
    return sorted((one for one in found if one.end > since), key=lambda one: one.start)


def labelled_incidents(content: bytes, *, file: str) -> list[Recorded]:
    """The incidents of JSON lines {"rule"|"metric", "start", "end"}. Raises UndecodableError with file and line."""
    found = []
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            found.append(_recorded(line, place=f"{file}:{number}"))
    return found


def _recorded(line: bytes, *, place: str) -> Recorded:
    try:
        known = typed.decode_json(line, Line)
    except msgspec.DecodeError as error:
        raise UndecodableError(f"{place}: {error}") from error
    if not known.rule and not known.metric:
        raise UndecodableError(f"{place}: it names neither a rule nor a metric")
    start, end = (_aware(one) for one in (known.start, known.end))
    if end <= start:
        raise UndecodableError(f"{place}: it ends before it begins")
    return Recorded(start, end, known.rule, known.metric, known.name)


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)

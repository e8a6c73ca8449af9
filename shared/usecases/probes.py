"""The questions of a diagnosis and where their answers come from: the warehouse, the platform, our own records."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from shared.domain.changes import Change, suspects
from shared.domain.configuration import Configuration
from shared.domain.diagnoses import LEAST_USUAL, Diagnostics, Measure, Part, Probe, shares, span_of
from shared.domain.incidents import Incident
from shared.domain.redaction import redact
from shared.domain.signals import MAX_TITLE, bounded
from shared.errors import NotMeasuredError
from shared.ports.store import Query, StateStore
from shared.ports.warehouse import Parameter, PlatformMetrics, Warehouse
from shared.usecases.changes import changes_around
from shared.usecases.records import INCIDENTS, value_of

SLOW_MS = 1_000
SETTLES = timedelta(minutes=2)  # until a minute's requests are all in the points
LATE = timedelta(minutes=30)
OPEN_SHOWN = 5
PERCENT = 100.0
SUSPECT_WEIGHT, OTHER_SUSPECT_WEIGHT, COMPANION_WEIGHT = 95.0, 60.0, 30.0

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a probe may ask; it changes nothing in any of them."""

    config: Configuration
    warehouse: Warehouse
    platform: PlatformMetrics
    store: StateStore


@dataclass(frozen=True, slots=True)
class Scene:
    """The incident, and the span that is looked at."""

    incident: Incident
    since: datetime
    until: datetime
    usual_since: datetime
    sources: Sources

    def rows(self, name: str, **parameters: Parameter) -> tuple[Row, ...]:
        """The rows of a packaged query over the span, within the byte cap."""
        cap = self.sources.config.limits.query_bytes
        return self.sources.warehouse.query(name, parameters, maximum_bytes=cap).rows

    def spans(self) -> dict[str, Parameter]:
        """The parameters of a query that compares the span with the one before it."""
        return {"usual_since": self.usual_since, "since": self.since, "until": self.until}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a probe says."""

    measure: Measure
    parts: tuple[Part, ...]


def scene(incident: Incident, diagnostics: Diagnostics, sources: Sources, now: datetime) -> Scene:
    """What the probes look at; the usual is that of the day before the trouble."""
    since, until = span_of(incident, now)
    return Scene(incident, since, until, since - diagnostics.usual_over, sources)


def question(probe: Probe, of: Scene) -> Callable[[], Answer]:
    """The probe as a question; asking it raises QueryError where there is no answer."""
    return lambda: QUESTIONS[probe](of)


def _requests(by: str, *, slower: int = 0, own: bool = False) -> Callable[[Scene], Answer]:
    def ask(of: Scene) -> Answer:
        service = of.incident.labels.get("service", "") if own else ""
        rows = of.rows("diagnose_requests", by=by, service=service, slower=slower, **of.spans())
        return Answer(Measure.SHARE, shares(map(_share, rows)))

    return ask


def _errors(place: str, by: str) -> Callable[[Scene], Answer]:
    def ask(of: Scene) -> Answer:
        rows = of.rows("diagnose_errors", place=place, by=by, **of.spans())
        return Answer(Measure.SHARE, shares(map(_share, rows)))

    return ask


def _share(row: Row) -> Part:
    """The part's share of everything bad, now and usually; where little was bad, its usual share of all there was."""
    bad, all_bad = int(row["bad"]), int(row["all_bad"])
    if row["all_usual_bad"] and row["all_usual_bad"] >= LEAST_USUAL:
        usual = _percent(row["usual_bad"], row["all_usual_bad"])
    elif row.get("all_usual_count", 0) and row["all_usual_count"] >= LEAST_USUAL:
        usual = _percent(row["usual_count"], row["all_usual_count"])
    else:
        usual = None
    return Part(_named(row["name"]), _percent(bad, all_bad) or 0.0, usual, bad)


def _uptime(of: Scene) -> Answer:
    parts = []
    for row in of.rows("diagnose_uptime", **of.spans()):
        name = f"{row['name']} ({row['place']})" + (f": {row['reason']}" if row["reason"] else "")
        now, usual = _percent(row["bad"], row["count"]), _percent(row["usual_bad"], row["usual_count"])
        if now is not None:
            parts.append(Part(_named(name), now, usual or 0.0, int(row["bad"])))
    return Answer(Measure.RATE, shares(parts))


def _levels(metric: str, source: str) -> Callable[[Scene], Answer]:
    """How much there is of each part against the same minutes of past weeks; late data say nothing."""

    def ask(of: Scene) -> Answer:
        until = of.until - SETTLES
        rows = of.rows("span_levels", metrics=[metric], since=of.since, until=until)
        reached = max((r["newest"] for r in rows if r["metric"] == f"rows.{source}"), default=None)
        if reached is None or reached < until - LATE:
            told = f"{reached:%H:%M} UTC" if reached else "nowhere yet"
            raise NotMeasuredError(f"data of {source} reach {told}")
        return Answer(Measure.LEVEL, tuple(_level(name, weeks) for name, weeks in _by_part(rows, metric).items()))

    return ask


def _by_part(rows: Iterable[Row], metric: str) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for row in rows:
        if row["metric"] == metric and row["weeks_ago"] >= 0:
            name = str(row["dimensions"]).partition("=")[2] or metric
            found.setdefault(name, {})[int(row["weeks_ago"])] = int(row["count"])
    return found


def _level(name: str, weeks: Mapping[int, int]) -> Part:
    past = [count for week, count in weeks.items() if week > 0]
    now = weeks.get(0, 0)
    return Part(_named(name), float(now), float(median(past)) if past else None, now)


def _platform(group: str) -> Callable[[Scene], Answer]:
    def ask(of: Scene) -> Answer:
        found = of.sources.platform.figures(group, usual_since=of.usual_since, since=of.since, until=of.until)
        parts = [Part(_named(f"{one.resource}: {one.what}"), one.now, one.usual, round(one.now)) for one in found]
        return Answer(Measure.LEVEL, tuple(sorted(parts, key=lambda part: -abs(part.now - (part.usual or 0.0)))))

    return ask


def _changes(of: Scene) -> Answer:
    incident = of.incident
    found = suspects(
        changes_around(of.sources.store, incident.began_at),
        service=incident.service,
        began=incident.began_at,
        services=of.sources.config.services,
    )
    weights = {True: SUSPECT_WEIGHT, False: OTHER_SUSPECT_WEIGHT}
    parts = [Part(_of_change(s.change), at=s.change.at, weight=weights[s.is_same_service]) for s in found]
    return Answer(Measure.FACT, tuple(parts))


def _of_change(change: Change) -> str:
    said = " ".join(text for text in (change.kind, change.version or change.what, f"of {change.service}") if text)
    return _named(said + (f" by {change.by}" if change.by else ""))


def _open_incidents(of: Scene) -> Answer:
    query = Query(INCIDENTS, equal={"is_open": "yes"}, order_by="opened_at", newest_first=True, limit=50)
    every = (value_of(row, Incident) for row in of.sources.store.find(query))
    others = [one for one in every if one.id != of.incident.id and not one.restricted]
    worst = sorted(others, key=lambda one: (-one.severity.rank, one.opened_at))[:OPEN_SHOWN]
    parts = [
        Part(_named(f"{one.id} {one.severity}: {one.title}"), at=one.opened_at, weight=_weight(one, of.incident))
        for one in worst
    ]
    return Answer(Measure.FACT, tuple(parts))


def _weight(other: Incident, incident: Incident) -> float:
    return COMPANION_WEIGHT if other.severity.rank >= incident.severity.rank else 0.0


def _named(text: object) -> str:
    return bounded(redact(" ".join(str(text).split())), MAX_TITLE)


def _percent(part: float, whole: float) -> float | None:
    return PERCENT * part / whole if whole else None


QUESTIONS: Mapping[Probe, Callable[[Scene], Answer]] = {
    Probe.CHANGES: _changes,
    Probe.FAILING_ROUTES: _requests("route", own=True),
    Probe.FAILING_SERVICES: _requests("service"),
    Probe.FAILING_REVISIONS: _requests("revision"),
    Probe.FAILING_LOCATIONS: _requests("location"),
    Probe.STATUSES: _requests("status", own=True),
    Probe.SLOW_ROUTES: _requests("route", slower=SLOW_MS, own=True),
    Probe.ERROR_GROUPS: _errors("web", "group"),
    Probe.WEB_VERSIONS: _errors("web", "version"),
    Probe.CRASH_GROUPS: _errors("app", "group"),
    Probe.APP_VERSIONS: _errors("app", "version"),
    Probe.REGIONS: _levels("sessions", "analytics"),
    Probe.TRAFFIC: _levels("error_rate", "requests"),
    Probe.UPTIME: _uptime,
    Probe.FUNCTION_HEALTH: _platform("functions"),
    Probe.FIRESTORE_HEALTH: _platform("firestore"),
    Probe.OPEN_INCIDENTS: _open_incidents,
}

"""Whom an incident hurts: what to ask the warehouse, how often, and what the figures mean for its severity."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.escalation import Step
from shared.domain.grouping import Circumstances, absorb
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.reasons import Notify
from shared.domain.redaction import redact
from shared.domain.rules import Impact, severity_of
from shared.domain.signals import MAX_TITLE, Signal, bounded

HOUR = timedelta(hours=1)
LEAST_PAUSE = timedelta(minutes=5)
MOST_PAUSE = timedelta(hours=1)
QUIET_AFTER = timedelta(hours=3)
# Below these a share is shown and raises nothing: one crash of three sessions is 33 %. Firebase too asks for 100.
LEAST_POPULATION = 100
LEAST_HURT = 10

_FAILING = frozenset(
    {"log.request_5xx", "log.scheduler_attempt_failed", "log.error", "log.function_crash", "log.function_timeout"}
)
_SLOW = {"page_load": ("analytics", "first_contentful_paint"), "network_request": ("requests", "api_response_time")}

Row = Mapping[str, object]


class Assessed(StrEnum):
    """What a look at the warehouse came to."""

    RAISED = "its impact raises the severity"
    KEPT = "its impact leaves the severity as it is"
    NOTHING_YET = "the warehouse holds nothing of it yet"
    UNCHANGED = "nothing new in the warehouse"
    NO_ROWS = "its source holds no rows"
    FAILED = "the query failed"
    BYTE_CAP = "the query would read more than it may"
    TOO_SOON = "looked a moment ago"
    NOT_ASKED = "nothing to ask about it"


@dataclass(frozen=True, slots=True)
class Subject:
    """What to ask about: an issue, or a metric of one service ("" = of all); `span` is how far to look back."""

    source: str
    issue: str = ""
    metric: str = ""
    service: str = ""
    span: timedelta = HOUR


@dataclass(frozen=True, slots=True)
class Figures:
    """`told` as readers see them; `weighed` (exact) are those with enough behind them to raise a severity."""

    told: Mapping[str, str] = field(default_factory=dict)
    weighed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """The incident with its figures; `steps` are to be sent now because its severity was raised."""

    outcome: Assessed
    incident: Incident
    entries: tuple[TimelineEntry, ...] = ()
    steps: tuple[Step, ...] = ()


def subject_of(incident: Incident) -> Subject | None:
    """What the warehouse may know about the incident; None when it cannot know anything."""
    labels, kind = incident.labels, incident.alert_type
    issue = labels.get("issue_id", "")
    if kind.startswith("crashlytics.") and issue:
        return Subject("web_errors" if labels.get("platform") == "web" else "crashes", issue=issue)
    if kind in _FAILING and labels.get("service"):
        return Subject("requests", metric="error_rate", service=labels["service"])
    if kind == "performance.threshold" and labels.get("event_type") in _SLOW:
        source, metric = _SLOW[labels["event_type"]]
        return Subject(source, metric=metric, span=6 * HOUR if source == "analytics" else HOUR)
    return None


def is_worth_a_look(incident: Incident, now: datetime) -> bool:
    """While it is open and has fired lately. What is folded into a storm is told (and bounded) by the storm."""
    return incident.state.is_open and not incident.storm and now - incident.last_fired_at <= QUIET_AFTER


def next_look(incident: Incident, asked_at: datetime) -> datetime:
    """Every five minutes at first, more and more seldom with the incident's age: exports come late, bytes cost."""
    age = asked_at - (incident.episode_started_at or incident.opened_at)
    return asked_at + min(max(age / 2, LEAST_PAUSE), MOST_PAUSE)


def issue_figures(row: Row) -> Figures:
    """The figures of impact.sql; none while it found no event of the issue."""
    if not _number(row, "events"):
        return Figures()
    users, hurt_users = _number(row, "users"), _number(row, "affected_users")
    sessions, hurt_sessions = _number(row, "sessions"), _number(row, "affected_sessions")
    free_users, free_sessions = _known(row, "crash_free_users"), _known(row, "crash_free_sessions")
    share = 100 * hurt_sessions / sessions if sessions else None
    versions = row.get("versions")
    names = ", ".join(map(str, versions)) if isinstance(versions, list | tuple) else ""
    return _figures(
        [
            ("affected_users", hurt_users, True),
            ("affected_sessions", hurt_sessions, True),
            ("session_share", share, _weighs(hurt_sessions, sessions)),
            (
                "crash_free_users",
                free_users,
                _weighs(hurt_users, users) and _is_main_cause(hurt_users, users, free_users),
            ),
            (
                "crash_free_sessions",
                free_sessions,
                _weighs(hurt_sessions, sessions) and _is_main_cause(hurt_sessions, sessions, free_sessions),
            ),
            _growth(_number(row, "events"), _number(row, "previous_events")),
        ],
        affected_versions=bounded(redact(" ".join(names.split())), MAX_TITLE),
    )


def failure_figures(row: Row) -> Figures:
    """The figures of impact_of_service.sql for a metric of failures; none while nothing failed."""
    count, bad, clients = _number(row, "count"), _number(row, "bad"), _number(row, "bad_clients")
    if not bad:
        return Figures()
    return _figures(
        [
            ("affected_clients", clients, True),
            ("failed_share", 100 * bad / count, _weighs(clients, count)),
            _growth(bad, _number(row, "previous_bad")),
        ]
    )


def slowness_figures(row: Row) -> Figures:
    """The figures of impact_of_service.sql for a metric of times; none while nothing was slow."""
    count, slow = _number(row, "count"), _number(row, "slow")
    if not slow:
        return Figures()
    share = ("slow_share", 100 * slow / count, _weighs(slow, count))
    return _figures([("slow_count", slow, True), share, _growth(slow, _number(row, "previous_slow"))])


def assessed(incident: Incident, figures: Figures, around: Circumstances) -> Judged:
    """The incident with its figures, and raised as any other is where they reach a threshold of its rule.

    Figures are no further event: nothing is counted, nobody is reminded, nothing is reopened.
    """
    kept = {name: value for name, value in incident.values.items() if name not in NAMES}
    informed = replace(incident, values={**kept, **figures.told})
    rule = replace(around.rule, impact=tuple(i for i in around.rule.impact if i.value in figures.weighed))
    signal = _as_signal(incident, figures)
    if severity_of(rule, signal).rank <= incident.severity.rank:
        return Judged(Assessed.KEPT, informed)
    verdict = absorb(signal, informed, replace(around, rule=rule))
    if verdict.incident is None or verdict.reason is not Notify.SEVERITY_RAISED:
        return Judged(Assessed.KEPT, informed)
    raised = replace(verdict.incident, count=incident.count, recent=incident.recent, values=informed.values)
    return Judged(Assessed.RAISED, raised, verdict.entries, verdict.steps)


def in_words(figures: Figures, thresholds: tuple[Impact, ...]) -> str:
    """The figures for the record, and the thresholds that they reach."""
    said = ", ".join(f"{name} {value}" for name, value in figures.told.items())
    reached = [i for i in thresholds if i.is_reached_by(float(figures.weighed.get(i.value, "nan")))]
    marks = "; ".join(f"{i.value} {_threshold(i)} is {i.severity}" for i in reached)
    return said + (f" ({marks})" if marks else "")


NAMES = frozenset(
    {
        "affected_users", "affected_sessions", "session_share", "crash_free_users", "crash_free_sessions",
        "growth_percent", "affected_versions", "affected_clients", "failed_share", "slow_count", "slow_share",
    }
)  # fmt: skip


def _as_signal(incident: Incident, figures: Figures) -> Signal:
    return Signal(
        event_id="",
        fingerprint=incident.fingerprint,
        key=incident.keys[-1] if incident.keys else "",
        alert_type=incident.alert_type,
        source=incident.source,
        service=incident.service,
        title=incident.title,
        occurred_at=incident.last_fired_at,
        received_at=incident.last_fired_at,
        values=figures.weighed,
    )


_Figure = tuple[str, float | None, bool]


def _figures(found: list[_Figure], **texts: str) -> Figures:
    known = [(name, value, weighs) for name, value, weighs in found if value is not None]
    told = {name: f"{round(value, 2):.10g}" for name, value, _ in known}
    told |= {name: text for name, text in texts.items() if text}
    return Figures(told, {name: repr(value) for name, value, weighs in known if weighs})


def _weighs(hurt: float, population: float) -> bool:
    return hurt >= LEAST_HURT and population >= LEAST_POPULATION


def _is_main_cause(hurt: float, population: float, free: float | None) -> bool:
    """The crash-free share is the whole app's: it raises the issue that at least half of the crashes come from."""
    return free is not None and 2 * hurt >= population * (100 - free) / 100


def _growth(now: float, before: float) -> _Figure:
    return "growth_percent", 100 * (now - before) / before if before else None, before >= LEAST_HURT


def _number(row: Row, name: str) -> float:
    return _known(row, name) or 0


def _known(row: Row, name: str) -> float | None:
    value = row.get(name)
    return value if isinstance(value, int | float) else None


def _threshold(impact: Impact) -> str:
    return f"at least {impact.at_least:g}" if impact.at_least is not None else f"at most {impact.at_most:g}"

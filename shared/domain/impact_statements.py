"""What an incident did to people and to sales: five figures, each with how sure it is, or why nobody knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from shared.domain.baselines import Season
from shared.domain.incidents import Incident
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE

WEEK = timedelta(weeks=1)
LEAST_WEEKS, MANY_WEEKS = 2, 3
CHANCE, SURE = 2.0, 3.0  # standard deviations of a Poisson count: within the first is chance, beyond the second is sure
AWAY = 0.5  # with fewer than half of the usual requests, those that stayed away count as well
PERCENT = 100.0
PAUSE = timedelta(minutes=5)
LATER = (
    timedelta(minutes=4),
    timedelta(hours=1),
    timedelta(hours=7),
    timedelta(hours=25),
)  # after its end, for data that come late

REQUESTS, ANALYTICS = "requests", "analytics"
ERRORS, ORDER_REQUESTS, VISITS = "error_rate", "order_failure_rate", "sessions"
ORDERS_MADE, REVENUE_MADE = "order_volume", "revenue"
METRICS = (ERRORS, ORDER_REQUESTS, VISITS, ORDERS_MADE, REVENUE_MADE)


class Figure(StrEnum):
    """What an incident is assessed by."""

    USERS = "users"
    SESSIONS = "sessions"
    TRAFFIC = "traffic"
    ORDERS = "orders"
    REVENUE = "revenue"


class Confidence(StrEnum):
    """How far a figure can be relied on."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Basis(StrEnum):
    """Where a figure comes from, and so why it is as sure as it is."""

    COUNTED = "counted in the events themselves"
    BY_CLIENT = "clients whose requests failed, by address and quarter of an hour"
    OF_REQUESTS = "failed requests among all"
    STAYED_AWAY = "requests that stayed away or failed, against past weeks"
    BY_SHARE = "visits of that time, by the share that failed"
    SHORTFALL = "fewer than in the same minutes of past weeks"
    CHANCE = "no fewer than chance explains"
    FAILED_ORDERS = "orders that failed, by client; those who tried again are not told apart"
    BY_AVERAGE = "orders that failed, by what an order is worth"
    NOTHING_FAILED = "nothing failed"


class Unknown(StrEnum):
    """Why a figure is not known."""

    NO_SOURCE = "no source is configured for it"
    NO_ROWS = "its source holds nothing of that time"
    LATE = "its source's data are not there yet"
    FAILED = "the warehouse could not answer"
    NO_HISTORY = "there is nothing to compare with yet"
    OURS = "it concerns this monitoring, not the marketplace"
    FOLDED = "it is counted with the incident that it is part of"
    NOT_TRACED = "nothing that is measured says whom such an event touches"
    NOT_BY_VISITOR = "what was slow or left undone is not counted by visitor"


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure: `value` with its `confidence`, `basis` and `source`, or None and why."""

    figure: Figure
    value: float | None = None
    confidence: Confidence | None = None
    basis: Basis | None = None
    source: str = ""
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What is known about an incident's impact, over its span so far (or, once it is over, its whole span)."""

    incident: str
    at: datetime
    since: datetime
    until: datetime
    estimates: tuple[Estimate, ...]
    is_final: bool = False
    looks: int = 0
    currency: str = "EGP"

    @property
    def knows_anything(self) -> bool:
        """True when a figure is known."""
        return any(one.value is not None for one in self.estimates)

    @property
    def waits_for_data(self) -> bool:
        """True while a later look may know more."""
        return any(one.unknown is Unknown.LATE or one.basis in _STOPGAPS for one in self.estimates)


_STOPGAPS = frozenset({Basis.FAILED_ORDERS, Basis.BY_AVERAGE})


class Scope(StrEnum):
    """Whether the marketplace's figures say anything about an incident."""

    MARKET = "market"
    OURS = "ours"
    FOLDED = "folded"
    NOT_TRACED = "not traced"


@dataclass(frozen=True, slots=True)
class Total:
    """What a metric's points of one span add up to."""

    count: float = 0.0
    amount: float = 0.0
    bad: float = 0.0
    clients: float = 0.0

    def __add__(self, other: "Total") -> "Total":
        """Both together."""
        return Total(
            self.count + other.count, self.amount + other.amount, self.bad + other.bad, self.clients + other.clients
        )


@dataclass(frozen=True, slots=True)
class Levels:
    """Totals by metric and weeks ago (0: the span itself), and how far each source has come.

    `sources` names the source of each metric ("" = none configured).
    """

    totals: Mapping[str, Mapping[int, Total]] = field(default_factory=dict)
    reached: Mapping[str, datetime] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def now(self, metric: str) -> Total | None:
        """The metric's total of the span itself; None when there are no points."""
        return self.totals.get(metric, {}).get(0)

    def past(self, metric: str, *, known_by: str, weeks: Iterable[int]) -> list[Total]:
        """The same span in those past weeks of which the metric `known_by` holds anything; nothing sold is zero."""
        found = self.totals.get(metric, {})
        return [found.get(week, Total()) for week in weeks if week in self.totals.get(known_by, {})]

    def missing(self, metric: str, until: datetime) -> Unknown | None:
        """Why the metric says nothing about a span that ends there; None when it does."""
        source = self.sources.get(metric, "")
        if not source:
            return Unknown.NO_SOURCE
        reached = self.reached.get(source)
        if reached is None:
            return Unknown.NO_ROWS
        return None if reached + timedelta(minutes=1) >= until else Unknown.LATE


_NOT_TRACED = ("security.", "budget.", "billing.", "build.", "support.", "appDistribution.")
_BY_REQUEST = ("log.", "monitoring.", "rule.error_rate", "rule.order", "rule.uptime", "soukmon.storm")


def scope_of(incident: Incident) -> Scope:
    """What can be said of an incident of this kind."""
    if incident.storm or incident.merged_into:
        return Scope.FOLDED
    if incident.alert_type.startswith(_NOT_TRACED):
        return Scope.NOT_TRACED
    is_ours = incident.source in {"soukmon", TEST_SOURCE} and not incident.alert_type.startswith("soukmon.storm")
    return Scope.OURS if is_ours else Scope.MARKET


def unknown_all(why: Unknown) -> tuple[Estimate, ...]:
    """Every figure unknown for the same reason; that is an assessment too."""
    return tuple(Estimate(figure, unknown=why) for figure in Figure)


def span_of(incident: Incident, now: datetime) -> tuple[datetime, datetime]:
    """Whole minutes from the beginning of the trouble to its end, or until now."""
    end = now if incident.state.is_open or incident.resolved_at is None else incident.resolved_at
    since = incident.began_at.replace(second=0, microsecond=0)
    until = (max(end, since) + timedelta(seconds=59)).replace(second=0, microsecond=0)
    return since, max(until, since + timedelta(minutes=1))


def weeks_alike(since: datetime, seasons: Sequence[Season]) -> list[int]:
    """The past weeks in the same season as the span: an evening in Ramadan is no fall against one before it."""

    def season(at: datetime) -> str:
        return next((one.name for one in seasons if one.holds(at.timestamp())), "")

    return [week for week in range(1, 5) if season(since - week * WEEK) == season(since)]


def estimates(incident: Incident, levels: Levels, *, until: datetime, weeks: Sequence[int]) -> tuple[Estimate, ...]:
    """The five figures, in their order."""
    by_request = incident.alert_type.startswith(_BY_REQUEST)
    share = _failed_share(levels, weeks) if by_request else None
    untold = levels.missing(ERRORS, until) or Unknown.NO_ROWS if by_request else _why_untold(incident)
    orders, revenue = _sales(levels, until, weeks)
    return (
        _users(incident, levels, until, by_request=by_request),
        _sessions(incident, levels, until, share or untold),
        _traffic(incident, levels, until, share or untold),
        orders,
        revenue,
    )


def _users(incident: Incident, levels: Levels, until: datetime, *, by_request: bool) -> Estimate:
    counted = _told(incident, "affected_users")
    if counted is not None:
        return Estimate(Figure.USERS, counted, Confidence.HIGH, Basis.COUNTED, _source_of(incident))
    if not by_request:
        return Estimate(Figure.USERS, unknown=_why_untold(incident))
    return _of_requests(levels, until, Figure.USERS)


def _of_requests(levels: Levels, until: datetime, figure: Figure) -> Estimate:
    missing, now = levels.missing(ERRORS, until), levels.now(ERRORS)
    if missing is not None or now is None:
        return Estimate(figure, unknown=missing or Unknown.NO_ROWS, source=levels.sources.get(ERRORS, ""))
    return Estimate(figure, now.clients, Confidence.MEDIUM, Basis.BY_CLIENT, REQUESTS)


def _sessions(incident: Incident, levels: Levels, until: datetime, share: "_Share | Unknown") -> Estimate:
    counted = _told(incident, "affected_sessions")
    if counted is not None:
        return Estimate(Figure.SESSIONS, counted, Confidence.HIGH, Basis.COUNTED, _source_of(incident))
    if isinstance(share, Unknown):
        return Estimate(Figure.SESSIONS, unknown=share)
    missing, visits = levels.missing(VISITS, until), levels.now(VISITS)
    if missing is not None or visits is None:
        return Estimate(Figure.SESSIONS, unknown=missing or Unknown.NO_ROWS, source=levels.sources.get(VISITS, ""))
    return Estimate(
        Figure.SESSIONS, round(visits.count * share.of / PERCENT), Confidence.LOW, Basis.BY_SHARE, ANALYTICS
    )


def _traffic(incident: Incident, levels: Levels, until: datetime, share: "_Share | Unknown") -> Estimate:
    for name in ("session_share", "slow_share", "failed_share"):
        told = _told(incident, name)
        if told is not None and isinstance(share, Unknown):
            return Estimate(Figure.TRAFFIC, told, Confidence.HIGH, Basis.COUNTED, _source_of(incident))
    missing = levels.missing(ERRORS, until)
    if isinstance(share, Unknown) or missing is not None:
        return Estimate(Figure.TRAFFIC, unknown=share if isinstance(share, Unknown) else missing)
    sure = Confidence.HIGH if share.basis is Basis.OF_REQUESTS else Confidence.MEDIUM
    return Estimate(Figure.TRAFFIC, share.of, sure, share.basis, REQUESTS)


@dataclass(frozen=True, slots=True)
class _Share:
    of: float
    basis: Basis


def _failed_share(levels: Levels, weeks: Sequence[int]) -> _Share | None:
    """The share of requests that failed; where most stayed away, those count as failed too."""
    now = levels.now(ERRORS) or Total()
    past = levels.past(ERRORS, known_by=ERRORS, weeks=weeks)
    expected = median(total.count for total in past) if len(past) >= LEAST_WEEKS else 0.0
    if now.count < AWAY * expected:
        return _Share(PERCENT * (expected - (now.count - now.bad)) / expected, Basis.STAYED_AWAY)
    return _Share(PERCENT * now.bad / now.count, Basis.OF_REQUESTS) if now.count else None


def _sales(levels: Levels, until: datetime, weeks: Sequence[int]) -> tuple[Estimate, Estimate]:
    """Lost orders and their worth: against past weeks once the purchases are there, until then by the orders failed."""
    missing = levels.missing(ORDERS_MADE, until)
    made = levels.past(ORDERS_MADE, known_by=VISITS, weeks=weeks)
    sold = levels.past(REVENUE_MADE, known_by=VISITS, weeks=weeks)
    if missing is None and len(made) >= LEAST_WEEKS:
        return _shortfall(levels, made, sold)
    return _failed_orders(levels, until, missing or Unknown.NO_HISTORY, made, sold)


def _shortfall(levels: Levels, made: Sequence[Total], sold: Sequence[Total]) -> tuple[Estimate, Estimate]:
    expected, actual = median(total.count for total in made), (levels.now(ORDERS_MADE) or Total()).count
    lost, chance = expected - actual, expected**0.5
    if lost <= CHANCE * chance:
        nothing = Estimate(Figure.ORDERS, 0.0, Confidence.MEDIUM, Basis.CHANCE, ANALYTICS)
        return nothing, replace(nothing, figure=Figure.REVENUE)
    sure = len(made) >= MANY_WEEKS and lost > SURE * chance
    orders = Estimate(Figure.ORDERS, lost, Confidence.HIGH if sure else Confidence.MEDIUM, Basis.SHORTFALL, ANALYTICS)
    worth = median(total.amount for total in sold) - (levels.now(REVENUE_MADE) or Total()).amount
    return orders, replace(orders, figure=Figure.REVENUE, value=max(0.0, worth))


def _failed_orders(
    levels: Levels, until: datetime, why: Unknown, made: Sequence[Total], sold: Sequence[Total]
) -> tuple[Estimate, Estimate]:
    missing, asked = levels.missing(ORDER_REQUESTS, until), levels.now(ORDER_REQUESTS)
    if missing is not None or asked is None:
        unknown = Estimate(Figure.ORDERS, unknown=why, source=levels.sources.get(ORDERS_MADE, ""))
        return unknown, replace(unknown, figure=Figure.REVENUE)
    orders = Estimate(Figure.ORDERS, asked.clients, Confidence.MEDIUM, Basis.FAILED_ORDERS, REQUESTS)
    if not asked.clients:
        none = replace(orders, value=0.0, confidence=Confidence.LOW, basis=Basis.NOTHING_FAILED)
        return none, replace(none, figure=Figure.REVENUE)
    count, amount = sum(total.count for total in made), sum(total.amount for total in sold)
    if not count or not amount:
        return orders, Estimate(Figure.REVENUE, unknown=Unknown.NO_HISTORY if why is Unknown.LATE else why)
    worth = asked.clients * amount / count
    return orders, Estimate(Figure.REVENUE, worth, Confidence.LOW, Basis.BY_AVERAGE, f"{REQUESTS}, {ANALYTICS}")


def next_look(statement: Statement, incident: Incident) -> datetime | None:
    """When to look again: more and more seldom while it is open; after its end only for data that come late."""
    if incident.state.is_open:
        if incident.severity.rank < Severity.HIGH.rank:
            return None
        age = statement.at - incident.began_at
        return statement.at + min(max(age / 2, PAUSE), timedelta(hours=1))
    if not statement.waits_for_data or incident.resolved_at is None:
        return None
    return next((incident.resolved_at + later for later in LATER if incident.resolved_at + later > statement.at), None)


def is_wanted(last: Statement | None, incident: Incident, now: datetime) -> bool:
    """True when a statement is due: the first, one after its end, and those that `next_look` asks for."""
    if last is None or (not incident.state.is_open and not last.is_final):
        return True
    if incident.state.is_open and last.is_final:
        return True  # it came back
    due = next_look(last, incident)
    return due is not None and due <= now


def _told(incident: Incident, name: str) -> float | None:
    try:
        return float(incident.values[name])
    except (KeyError, ValueError):
        return None


def _why_untold(incident: Incident) -> Unknown:
    """A crash is counted by its export, which comes late; what is slow or left undone is counted by nobody."""
    return Unknown.LATE if incident.alert_type.startswith("crashlytics.") else Unknown.NOT_BY_VISITOR


def _source_of(incident: Incident) -> str:
    if incident.alert_type.startswith("crashlytics."):
        return "web_errors" if incident.labels.get("platform") == "web" else "crashes"
    return ANALYTICS if incident.labels.get("event_type") == "page_load" else REQUESTS

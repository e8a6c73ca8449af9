"""The tables of reports that list what happened: incidents and what they did, security incidents, releases."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.domain.changes import Change
from shared.domain.findings import security_finding
from shared.domain.impact_statements import Figure, Scope, Statement, scope_of
from shared.domain.incidents import Incident
from shared.domain.losses import losses, value_of
from shared.domain.reports import Amount, Cell, Finding, Sentence, Table
from shared.domain.rules import Unit
from shared.ports.store import StateStore
from shared.usecases.impact_statements import read_statement

MOST_ROWS = 15
SECURITY = "security."
COSTLY = frozenset({Scope.MARKET, Scope.NOT_TRACED})  # what is ours alone cost no order
HAPPENED = ("title", "severity", "service", "opened", "duration", "state")
COSTS = ("affected", "orders", "revenue")


def incident_part(found: Sequence[Incident], store: StateStore, now: datetime) -> tuple[Table, ...]:
    """The incidents, the worst and then the longest first, each with what its impact statement knows."""
    shown = _worst(found, now)
    known = {one.id: read_statement(store, one.id) for one in shown}
    rows = tuple((*_happened(one, now), *_costs(known[one.id])) for one in shown)
    return _tables("incidents", (*HAPPENED, *COSTS), rows, of=len(found))


def lost_in(found: Sequence[Incident], store: StateStore) -> tuple[Sentence, ...]:
    """What the incidents cost in orders and revenue, as far as their impact statements know; () without incidents."""
    costly = [one for one in found if scope_of(one) in COSTLY]
    if not costly:
        return ()
    known = [kept for one in costly if (kept := read_statement(store, one.id)) is not None]
    made = losses(known)
    unknown = made.unknown + len(costly) - len(known)
    facts = {"orders": made.orders, "revenue": made.revenue, "currency": made.currency, "unknown": unknown}
    return (Sentence(Finding.LOST, facts),)


def release_part(found: Sequence[Change]) -> tuple[Table, ...]:
    """The newest releases and deployments, oldest first."""
    rows = tuple((one.service, one.version, one.kind, one.at, one.by) for one in found[-MOST_ROWS:])
    return _tables("releases", ("service", "version", "kind", "at", "by"), rows, of=len(found))


def security_part(found: Sequence[Incident], now: datetime) -> tuple[tuple[Sentence, ...], tuple[Table, ...]]:
    """How many of the incidents are security incidents, and which."""
    ours = [one for one in found if one.alert_type.startswith(SECURITY)]
    rows = tuple(_happened(one, now) for one in _worst(ours, now))
    return (security_finding(ours, now),), _tables("security", HAPPENED, rows, of=len(ours))


def _worst(found: Sequence[Incident], now: datetime) -> list[Incident]:
    return sorted(found, key=lambda one: (-one.severity.rank, -_length(one, now), one.opened_at))[:MOST_ROWS]


def _happened(one: Incident, now: datetime) -> tuple[Cell, ...]:
    return f"{one.title} ({one.id})", one.severity, one.service, one.opened_at, _length(one, now), one.state


def _length(one: Incident, now: datetime) -> timedelta:
    return max((one.resolved_at or now) - one.opened_at, timedelta(0))


def _costs(known: Statement | None) -> tuple[Cell, ...]:
    users, orders = (value_of(known, figure) for figure in (Figure.USERS, Figure.ORDERS))
    money = Amount(value_of(known, Figure.REVENUE), Unit.MONEY)
    return None if users is None else round(users), None if orders is None else round(orders), money


def _tables(name: str, columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], *, of: int) -> tuple[Table, ...]:
    return (Table(name, columns, rows, more=of - len(rows)),) if rows else ()

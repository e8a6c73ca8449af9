"""The list of incidents: what is open first and worst first, then what is over, newest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from shared.domain.incidents import Incident, State
from shared.domain.permissions import Permission, is_shown
from shared.domain.severities import Severity
from shared.ports.store import Query, StateStore
from shared.usecases.records import INCIDENTS, value_of

ON_A_PAGE = 25
LAST_PAGE = 20
MOST_OPEN = 500
ALL, OPEN, UNOWNED, OVER = "", "open", "unowned", "over"
STATES = (ALL, OPEN, UNOWNED, OVER)
Find = Callable[[str, int], list[Incident]]  # "yes" or "no" for open, and how many at most


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents; "" is any, `metric` those of the rules about that figure. Pages count from 1."""

    state: str = ALL
    severity: str = ""
    service: str = ""
    metric: str = ""
    number: int = 1

    @property
    def equal(self) -> dict[str, str]:
        """What the documents have to hold, in the order of the indexes."""
        given = {"severity": self.severity, "service": self.service}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list; `open_count` counts all that are open of this severity and service."""

    incidents: tuple[Incident, ...]
    open_count: int
    has_more: bool
    services: tuple[str, ...]


def wanted(query: Mapping[str, str]) -> Wanted:
    """What a query asks for; what makes no sense is left out."""
    state, severity, number = (query.get(name, "") for name in ("state", "severity", "page"))
    return Wanted(
        state=state if state in STATES else ALL,
        severity=severity if severity in set(Severity) else "",
        service=query.get("service", "").strip()[:200],
        metric=query.get("metric", "").strip()[:100],
        number=max(1, min(int(number[:6]), LAST_PAGE)) if number.isascii() and number[:6].isdigit() else 1,
    )


def listed(
    wish: Wanted, permissions: frozenset[Permission], *, store: StateStore, rules: Sequence[str] | None = None
) -> Listed:
    """The incidents of a page that the reader may know of; of `rules` alone where they are given."""
    end = wish.number * ON_A_PAGE + 1
    find = partial(_find, store, wish) if rules is None else partial(_of_rules, store, wish, rules)
    is_open = [one for one in find("yes", MOST_OPEN) if is_shown(one.labels, permissions)]
    found = [] if wish.state == OVER else sorted(is_open, key=_urgency)
    if wish.state == UNOWNED:
        found = [one for one in found if one.state is State.TRIGGERED]
    if wish.state in {ALL, OVER} and len(found) < end:
        found += _over(find, permissions, end - len(found))
    shown = tuple(found[end - 1 - ON_A_PAGE : end - 1])
    services = tuple(sorted({one.service for one in (*is_open, *shown)}))
    return Listed(shown, len(is_open), len(found) >= end and wish.number < LAST_PAGE, services)


def _over(find: Find, permissions: frozenset[Permission], count: int) -> list[Incident]:
    """The newest that are over and may be known of: asked for again, twice as many, when some were not to be shown."""
    limit = count
    while True:
        over = find("no", limit)
        shown = [one for one in over if is_shown(one.labels, permissions)]
        if len(shown) >= count or len(over) < limit:
            return shown[:count]
        limit *= 2


def another_page(wish: Wanted, number: int) -> dict[str, Any]:
    """The query that leads to another page of the same list."""
    turned = replace(wish, number=number)
    given = {"state": turned.state, "severity": turned.severity, "service": turned.service, "metric": turned.metric}
    return {name: value for name, value in {**given, "page": str(number)}.items() if value}


def _urgency(incident: Incident) -> tuple[bool, int, float]:
    owned = incident.state is not State.TRIGGERED
    return owned, -incident.severity.rank, -incident.opened_at.timestamp()


def _find(store: StateStore, wish: Wanted, is_open: str, limit: int) -> list[Incident]:
    equal = {"is_open": is_open, **wish.equal}
    query = Query(INCIDENTS, equal=equal, order_by="opened_at", newest_first=True, limit=limit)
    return [value_of(row, Incident) for row in store.find(query)]


def _of_rules(store: StateStore, wish: Wanted, rules: Sequence[str], is_open: str, limit: int) -> list[Incident]:
    """The newest of each rule, put together; how severe and of which service is looked at here, not by an index."""
    found, most = [], MOST_OPEN if wish.equal else limit
    for rule in rules:
        equal = {"is_open": is_open, "rule": rule}
        query = Query(INCIDENTS, equal=equal, order_by="opened_at", newest_first=True, limit=most)
        found += [value_of(row, Incident) for row in store.find(query)]
    fitting = [one for one in found if all(getattr(one, name) == value for name, value in wish.equal.items())]
    return sorted(fitting, key=lambda one: one.opened_at, reverse=True)[:limit]

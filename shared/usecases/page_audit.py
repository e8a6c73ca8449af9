"""Who signed in to the pages and who was turned away, on the record; a flood of strangers is a line an interval."""

from datetime import datetime, timedelta

from shared.errors import RefusedError
from shared.ports.store import Create
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.page_site import Mode, Site, Visit
from shared.usecases.records import NONCES, instant

PAGES = "pages"
STRANGER = "stranger"
TOLD_EVERY = timedelta(minutes=10)
KEPT_FOR = timedelta(days=1)


def signed_in(person: str, site: Site) -> None:
    """A sign-in, on the record before it counts."""
    now = site.clock.now()
    act = Act(now, person, "signed in", PAGES, f"by {site.mode}")
    committed(lambda: site.store.commit(audit_writes(site.store, act)))


def seen(visit: Visit) -> None:
    """Behind the proxy nobody signs in with us: the first request of a person's day stands for it."""
    if visit.site.mode is Mode.IAP:
        act = Act(visit.now, visit.person.id, "signed in", PAGES, "by iap")
        _once(act, f"seen-{visit.person.id}-{visit.now:%Y%m%d}", visit.site)


def turned_away(refused: RefusedError, person: str, site: Site) -> None:
    """A refusal, once in ten minutes for each person and reason; of a stranger nothing is kept."""
    now = site.clock.now()
    who = person or STRANGER
    act = Act(now, who, "refused", PAGES, f"{refused.status}")
    _once(act, f"refused-{refused.status}-{who}-{_interval(now)}", site)


def _once(act: Act, name: str, site: Site) -> None:
    if site.store.get(NONCES, name) is not None:
        return
    mark = Create(NONCES, name, {"at": instant(act.at), "expires_at": instant(act.at + KEPT_FOR)})

    def attempt() -> None:
        if site.store.get(NONCES, name) is None:
            site.store.commit([mark, *audit_writes(site.store, act)])

    committed(attempt)


def _interval(now: datetime) -> int:
    return int(now.timestamp() // TOLD_EVERY.total_seconds())

"""Every ten minutes: drafts of post-mortems for what is over, reminders of those that are due, the monthly review."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.domain.post_mortems import PostMortem, Wanted, reminded, wanted
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Query, StateStore
from shared.rendering.post_mortem_notices import opened_texts, reminder_texts
from shared.usecases.bulletins import plan_bulletin
from shared.usecases.commits import committed
from shared.usecases.monthly_review import tell_review
from shared.usecases.outbox import publish_planned
from shared.usecases.post_mortems import POST_MORTEMS, opening, post_mortem_write, read_post_mortem
from shared.usecases.records import INCIDENTS, instant, read_incident, value_of
from shared.usecases.tasks import recipients_of

LOOKS_BACK = timedelta(days=7)  # what ended longer ago is opened by hand
MOST = 2_000


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """How many drafts were made, reminders sent, and mails of the monthly review planned."""

    opened: int
    reminded: int
    reviews: int


@dataclass(frozen=True, slots=True)
class _Round:
    config: Configuration
    store: StateStore
    publisher: Publisher
    pages_url: str
    now: datetime

    def link(self, incident: str) -> str:
        return f"{self.pages_url}/incidents/{incident}/post-mortem"


def follow_up(
    *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock, pages_url: str
) -> FollowedUp:
    """Everything that is due; a run that comes twice finds nothing the second time."""
    here = _Round(config, store, publisher, pages_url, clock.now())
    return FollowedUp(
        opened=_open_drafts(here),
        reminded=_remind(here),
        reviews=tell_review(config=config, store=store, publisher=publisher, now=here.now),
    )


def _open_drafts(here: _Round) -> int:
    since = instant(here.now - LOOKS_BACK)
    over = here.store.find(Query(INCIDENTS, order_by="resolved_at", low=since, newest_first=True, limit=MOST))
    rules = here.config.post_mortems
    names = [row.id for row in over if wanted(value_of(row, Incident), rules) is Wanted.YES]
    return sum(committed(lambda name=name: _open(name, here)) for name in names)  # type: ignore[misc]


def _open(name: str, here: _Round) -> int:
    """One attempt to open an incident's post-mortem and tell its owner; 0 when it has one, or went on meanwhile."""
    found = read_incident(here.store, name)
    if read_post_mortem(here.store, name) is not None or found is None:
        return 0
    if wanted(found[0], here.config.post_mortems) is not Wanted.YES:
        return 0
    made, writes = opening(*found, config=here.config, now=here.now)
    notice = Bulletin(f"{name}-post-mortem", BulletinKind.NOTICE, here.now, opened_texts(made), here.link(name))
    rows, told = plan_bulletin(notice, recipients_of(made.owner, here.config.directory))
    here.store.commit([*writes, *told])
    publish_planned(here.publisher, rows, here.now)
    return 1


def _remind(here: _Round) -> int:
    due = here.store.find(Query(POST_MORTEMS, order_by="remind_at", high=instant(here.now), limit=MOST))
    return sum(committed(lambda name=row.id: _remind_of(name, here)) for row in due)  # type: ignore[misc]


def _remind_of(name: str, here: _Round) -> int:
    document = here.store.get(POST_MORTEMS, name)
    after = reminded(value_of(document, PostMortem), here.now) if document else None
    if document is None or after is None:
        return 0
    title = f"{name}-post-mortem-{after.reminded}"
    notice = Bulletin(title, BulletinKind.NOTICE, here.now, reminder_texts(after, here.now), here.link(name))
    rows, told = plan_bulletin(notice, recipients_of(after.owner, here.config.directory))
    here.store.commit([post_mortem_write(after, document), *told])
    publish_planned(here.publisher, rows, here.now)
    return 1

"""The 72 hours: each reminder once, in full to the restricted channel, without details to the team's telephones."""

from datetime import datetime

from shared.domain.breaches import Breach, Filing, Reminded, reminder
from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.incidents import TimelineEntry
from shared.domain.notifications import Channel, Notification, Recipient, address_of
from shared.domain.severities import Severity
from shared.ports.platform import Publisher
from shared.ports.store import Query, Replace, StateStore, Write
from shared.rendering import breach as rendering
from shared.usecases.breach_records import BREACHES, breach_body
from shared.usecases.bulletins import plan_bulletin
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_planned
from shared.usecases.records import incident_writes, instant, read_incident, value_of

BATCH = 100
BESIDE = (Channel.EMAIL, Channel.SMS)


def remind_of_breaches(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Tell what the clocks ask for by now, each reminder once, however late the tick is; how many there were."""
    due = store.find(Query(BREACHES, order_by="due_at", high=instant(now), limit=BATCH))
    return sum(
        committed(lambda name=row.id: _remind(name, config, store, publisher, now))  # type: ignore[misc]
        for row in due
    )


def _remind(name: str, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    document = store.get(BREACHES, name)
    breach = value_of(document, Breach) if document else None
    due = reminder(breach, now) if breach else None
    if document is None or due is None:
        return 0
    rows, writes = _told(due, config, now)
    writes.append(Replace(BREACHES, name, breach_body(due.breach), document.version))
    writes += _recorded(due, store, now)
    store.commit(writes)
    publish_planned(publisher, rows, now)
    return 1


def _told(due: Reminded, config: Configuration, now: datetime) -> tuple[tuple[Notification, ...], list[Write]]:
    breach, team = due.breach, config.response_team
    mark = "overdue" if due.is_overdue else f"{due.hours}h"
    inside = rendering.reminder_inside(breach, due, team, now)
    outside = rendering.reminder_outside(breach, due, now)
    people = _people(config) if not breach.is_drill else []
    rows: tuple[Notification, ...] = ()
    writes: list[Write] = []
    for where, texts, to in (
        ("inside", inside, [Recipient(team.target, Channel.SLACK)] if team.target else []),
        ("outside", outside, people),
    ):
        bulletin = Bulletin(f"{breach.id}-{mark}-{where}", BulletinKind.NOTICE, now, texts, about=(breach.incident,))
        more, kept = plan_bulletin(bulletin, to, severity=Severity.CRITICAL) if to else ((), [])
        rows, writes = (*rows, *more), [*writes, *kept]
    return rows, writes


def _people(config: Configuration) -> list[Recipient]:
    """The team on the ways that reach them wherever they are."""
    names = config.response_team.members or (config.directory.default_contact,)
    ways = (Recipient(name, channel) for name in names for channel in BESIDE)
    return [way for way in ways if address_of(config.directory, way.id, way.channel)]


def _recorded(due: Reminded, store: StateStore, now: datetime) -> list[Write]:
    found = read_incident(store, due.breach.incident)
    if found is None:
        return []
    reason = Filing.OVERDUE if due.is_overdue else Filing.RUNNING
    entry = TimelineEntry(now, "deadline", reason, detail=f"{due.hours} h since detection")
    return incident_writes(found[0], [entry], found[1])

"""Who hears what of a maintenance window; every notice is one bulletin, planned in the commit of what it tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.escalation import Step
from shared.domain.maintenance import Window
from shared.domain.maintenance_notices import Notice
from shared.domain.notifications import Channel, Notification, Recipient, Route, address_of, recipients
from shared.domain.severities import Severity
from shared.ports.platform import Publisher
from shared.ports.store import StateStore, Write
from shared.rendering.maintenance import WindowView, notice_texts
from shared.usecases.bulletins import plan_bulletin, plan_living
from shared.usecases.outbox import publish_outbox, publish_planned

QUIET = ("slack", "email")
LOUD = ("slack", "email", "sms")
URGENT = frozenset({Notice.EMERGENCY, Notice.ROLLBACK_ASKED, Notice.ROLLBACK_DONE})
FOR_AUTHOR = frozenset({Notice.NOT_READY, Notice.TO_DO, Notice.POST_MORTEM, Notice.ROLLBACK_UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Office:
    """The ports of whatever is done about windows."""

    config: Configuration
    store: StateStore
    publisher: Publisher


@dataclass(frozen=True, slots=True)
class Told:
    """Ledger rows to publish, and the writes that make them."""

    rows: tuple[Notification, ...] = ()
    writes: tuple[Write, ...] = ()

    def __add__(self, other: "Told") -> "Told":
        """Both in one commit."""
        return Told((*self.rows, *other.rows), (*self.writes, *other.writes))


def told(notice: Notice, view: WindowView, office: Office, *, now: datetime, again: str = "") -> Told:
    """The notice, once for this place of the window in time (and for `again`, where it may be said several times)."""
    window = view.window
    name = "-".join(filter(None, (window.id, notice, str(window.revision), again)))
    bulletin = Bulletin(name, BulletinKind.NOTICE, now, notice_texts(notice, view))
    severity = Severity.HIGH if notice in URGENT else Severity.LOW
    rows, writes = plan_bulletin(bulletin, readers(notice, window, office.config, now), severity=severity)
    return Told(rows, tuple(writes))


def living(view: WindowView, office: Office, *, now: datetime) -> Told:
    """The one message that lists what the window holds back, in the channel and to whoever works in it.

    Each further incident changes it in place.
    """
    window = view.window
    name = f"{window.id}-{Notice.HELD}"
    bulletin = Bulletin(name, BulletinKind.NOTICE, now, notice_texts(Notice.HELD, view), is_living=True)
    author = _author(window, office.config).id
    here = _reached(("slack:maintenance",), QUIET, office.config, now)
    if address_of(office.config.directory, author, Channel.SLACK):
        here.append(Recipient(author, Channel.SLACK))
    rows, writes = plan_living(bulletin, here or [Recipient(author, Channel.EMAIL)], revision=len(view.held))
    return Told(rows, tuple(writes))


def commit_and_publish(writes: Iterable[Write], news: Told, office: Office, now: datetime) -> None:
    """Everything in one commit; what it plans is published after it."""
    everything = [*writes, *news.writes]
    office.store.commit(everything)
    publish_planned(office.publisher, news.rows, now)
    publish_outbox(office.store, office.publisher, everything)


def readers(notice: Notice, window: Window, config: Configuration, now: datetime) -> list[Recipient]:
    """Whom the notice reaches: the author always, the readers of windows, for what is urgent others as well."""
    author, plan = _author(window, config), config.maintenance
    if notice in FOR_AUTHOR:
        return [author, *_reached(("slack:maintenance",), QUIET, config, now)]
    everybody = [author, *_reached(plan.readers, QUIET, config, now)]
    if notice in URGENT:
        everybody += _reached(plan.urgent, LOUD, config, now)
    return list(dict.fromkeys(everybody))


def _author(window: Window, config: Configuration) -> Recipient:
    known = window.author in config.directory.people
    return Recipient(window.author if known else config.directory.default_contact, Channel.EMAIL)


def _reached(
    targets: Iterable[str], channels: tuple[str, ...], config: Configuration, now: datetime
) -> list[Recipient]:
    there = tuple(one for one in targets if not one.startswith("slack:") or one[6:] in config.slack_channels)
    if not there:
        return []
    found, _ = recipients(Step(there), Route(config.directory, channels), now)
    return list(found)

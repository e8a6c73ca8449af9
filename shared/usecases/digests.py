"""The digest at the end of the quiet hours: what waited overnight, told once to everybody whom its first step names."""

from collections.abc import Sequence
from datetime import datetime

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.escalation import start
from shared.domain.incidents import Incident
from shared.domain.notifications import Channel, Recipient, Route, recipients
from shared.domain.severities import Severity
from shared.ports.platform import Publisher
from shared.ports.store import Query, StateStore
from shared.rendering.noise import digest_texts
from shared.usecases.bulletins import tell
from shared.usecases.records import BULLETINS, INCIDENTS, instant, value_of

MOST = 500


def tell_digest(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Tell the digest of the quiet hours that ended last, unless that was done; returns of how many incidents."""
    quiet = config.noise.quiet_hours
    end = quiet.ended(now) if quiet else None
    if end is None or store.get(BULLETINS, digest_id(end)) is not None:
        return 0
    query = Query(INCIDENTS, equal={"digest": instant(end)}, order_by="opened_at", limit=MOST)
    held = [value_of(row, Incident) for row in store.find(query)]
    if not held:
        return 0
    about = tuple(incident.id for incident in held)
    bulletin = Bulletin(digest_id(end), BulletinKind.DIGEST, now, digest_texts(held), about=about)
    tell(bulletin, _readers(held, config, now), store=store, publisher=publisher, severity=Severity.MEDIUM)
    return len(held)


def was_in_digest(incident: Incident, store: StateStore) -> bool:
    """True when the digest of its night really tells of the incident."""
    document = store.get(BULLETINS, digest_id(incident.digest)) if incident.digest else None
    return document is not None and incident.id in value_of(document, Bulletin).about


def digest_id(end: datetime) -> str:
    """The name of the digest of the quiet hours that ended at `end`."""
    return f"digest-{instant(end)}"


def _readers(incidents: Sequence[Incident], config: Configuration, now: datetime) -> list[Recipient]:
    """Whom the first steps name now, on the channels they name; nobody's telephone rings for a digest."""
    found: dict[Recipient, None] = {}
    for incident in incidents:
        _, steps = start(incident.ladder.policy, now)
        route = Route(config.directory, incident.channels)
        for step in steps:
            found |= dict.fromkeys(recipients(step, route, now)[0])
    people = config.directory.people
    kind = BulletinKind.DIGEST
    return [
        one
        for one in found
        if one.channel is Channel.SLACK or (one.channel is Channel.EMAIL and kind not in people[one.id].unsubscribed)
    ]

"""A channel that no longer reaches somebody: turned off, the person told by another way, the lead warned; and on again.

The change and its messages are one commit. Turning off what is off already changes nothing and tells nobody.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.domain.amendments import ChannelOff, OffReason, address_digest
from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel, Notification, Recipient, address_of
from shared.domain.oncall import Directory
from shared.domain.severities import Severity
from shared.domain.signals import digest
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Delete, Replace, StateStore, Write
from shared.rendering.contact_changes import told_the_lead, told_the_person
from shared.usecases.bulletins import plan_bulletin
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_planned
from shared.usecases.present import amendment_id, amendment_write
from shared.usecases.records import AMENDMENTS, instant

MANAGEMENT = "management"
TOLD_BY = (Channel.EMAIL, Channel.SLACK, Channel.SMS)


def turn_off(
    person: str,
    channel: Channel,
    *,
    reason: OffReason,
    config: Configuration,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
) -> bool:
    """Stop using the person's present address on the channel; False when it is off already (or there is none)."""
    address = address_of(config.directory, person, channel)
    if not address:
        return False
    off = ChannelOff(person, channel, address_digest(address), reason, clock.now())

    def attempt() -> tuple[Notification, ...]:
        rows, writes = turning_off(off, config=config, store=store)
        if writes:
            store.commit(writes)
        return rows

    rows = committed(attempt)
    publish_planned(publisher, rows, off.at)
    return bool(rows)


def turn_on(person: str, channel: Channel, *, store: StateStore, now: datetime) -> None:
    """The person wants the channel again."""
    store.commit([Delete(AMENDMENTS, amendment_id(ChannelOff(person, channel, "", "", now)))])


def turning_off(
    off: ChannelOff, *, config: Configuration, store: StateStore
) -> tuple[tuple[Notification, ...], list[Write]]:
    """The notices about it and the writes that make it so, to be part of a decision's commit; none when it is so."""
    known = store.get(AMENDMENTS, amendment_id(off))
    if known is not None and known.body["address"] == off.address:
        return (), []
    rows, writes = _notices(off, config.directory)
    made = amendment_write(off)
    first: Write = (
        Create(AMENDMENTS, made.id, made.body)
        if known is None
        else Replace(AMENDMENTS, made.id, made.body, known.version)
    )
    return rows, [first, *writes]


def _notices(off: ChannelOff, directory: Directory) -> tuple[tuple[Notification, ...], list[Write]]:
    channel, reason = Channel(off.channel), OffReason(off.reason)
    person = directory.people[off.person]
    left = replace(person, off=person.off | {off.channel})
    after = replace(directory, people={**directory.people, off.person: left})
    ways = [way for way in Channel if address_of(after, off.person, way)]
    mine = Bulletin(_name(off, "person"), BulletinKind.NOTICE, off.at, told_the_person(channel, reason))
    told = told_the_lead(person.name, channel, reason, others=len(ways))
    theirs = Bulletin(_name(off, "lead"), BulletinKind.NOTICE, off.at, told)
    first, writes = plan_bulletin(mine, _first_way([off.person], after), severity=Severity.HIGH)
    second, more = plan_bulletin(theirs, _first_way(_leads(off.person, after), after), severity=Severity.HIGH)
    return (*first, *second), [*writes, *more]


def _first_way(people: Iterable[str], directory: Directory) -> list[Recipient]:
    """Each of the people on the quietest channel that reaches them."""
    found = []
    for name in people:
        way = next((way for way in TOLD_BY if address_of(directory, name, way)), None)
        found += [Recipient(name, way)] if way else []
    return found


def _leads(person: str, directory: Directory) -> tuple[str, ...]:
    """The default contact; when it is the default contact who is out of reach, the management."""
    if person != directory.default_contact:
        return (directory.default_contact,)
    return tuple(name for name in directory.teams.get(MANAGEMENT, ()) if name != person)


def _name(off: ChannelOff, to: str) -> str:
    return digest("channel off", off.person, off.channel, off.address, instant(off.at), to)

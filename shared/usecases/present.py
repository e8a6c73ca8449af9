"""The configuration as it is now: with duties taken over, channels that failed, devices, and who is awake."""

from dataclasses import replace
from datetime import datetime

from shared.domain.amendments import Amendment, Awake, ChannelOff, Device, Unsubscribed, amended
from shared.domain.configuration import Configuration
from shared.domain.oncall import Override
from shared.domain.signals import digest
from shared.ports.store import Put, Query, StateStore
from shared.usecases.records import AMENDMENTS, body_of, value_of

KINDS: dict[str, type[Amendment]] = {
    kind.__name__: kind for kind in (Override, ChannelOff, Device, Awake, Unsubscribed)
}
MOST = 1_000


def present(config: Configuration, *, store: StateStore, now: datetime) -> Configuration:
    """The configuration with everything that people have changed since it was deployed; one read."""
    found = amendments_of(store)
    return replace(config, directory=amended(config.directory, found, now)) if found else config


def amendments_of(store: StateStore) -> list[Amendment]:
    """Everything that has changed, in no order."""
    rows = store.find(Query(AMENDMENTS, limit=MOST))
    return [value_of(row, KINDS[str(row.body["kind_of"])]) for row in rows]


def amendment_id(amendment: Amendment) -> str:
    """One document for one thing that can change: saying it again replaces it."""
    parts: tuple[str, ...]
    match amendment:
        case Override():
            parts = (amendment.rotation, amendment.start.isoformat(), amendment.end.isoformat())
        case ChannelOff():
            parts = (amendment.person, amendment.channel)
        case Device():
            parts = (amendment.person, amendment.token)
        case Awake():
            parts = (amendment.person,)
        case Unsubscribed():
            parts = (amendment.person, amendment.kind)
    return digest(type(amendment).__name__, *parts)


def amendment_write(amendment: Amendment) -> Put:
    """The write that makes a change known."""
    body = {**body_of(amendment), "kind_of": type(amendment).__name__}
    return Put(AMENDMENTS, amendment_id(amendment), body)

"""An address behind which there is nobody: not used again until another one is entered; devices are forgotten."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.amendments import ChannelOff, Device, OffReason, address_digest
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel, Notification, address_of, is_rehearsal
from shared.ports.store import Delete, StateStore, Write
from shared.usecases.channel_off import turning_off
from shared.usecases.present import amendment_id
from shared.usecases.records import AMENDMENTS

MARKED = frozenset({Channel.EMAIL, Channel.SMS, Channel.VOICE})
Aside = tuple[tuple[Notification, ...], list[Write]]
NOTHING: Aside = ((), [])


def set_aside(
    row: Notification,
    *,
    config: Configuration,
    store: StateStore,
    now: datetime,
    to: str = "",
    reason: OffReason = OffReason.REFUSED,
) -> Aside:
    """The notices and the writes for the commit that records the failure; to be asked anew for each attempt of it.

    `to` is the address that was used (the present one when unknown); one that has changed since is left alone.
    """
    if is_rehearsal(row):
        return NOTHING  # the game day's verdict says it, and the next one tries again
    address = address_of(config.directory, row.recipient, row.channel)
    if row.channel is Channel.PUSH:
        return (), forgotten(row.recipient, (to or address).splitlines(), now)
    if row.channel not in MARKED or not address or (to and to != address):
        return NOTHING
    off = ChannelOff(row.recipient, row.channel, address_digest(address), reason, now)
    return turning_off(off, config=config, store=store)


def forgotten(person: str, tokens: Iterable[str], now: datetime) -> list[Write]:
    """The writes that forget the person's devices."""
    return [Delete(AMENDMENTS, amendment_id(Device(person, token, now))) for token in tokens]

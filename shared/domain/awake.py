"""People who are awake: whoever has just acted reads e-mail and Slack, and no telephone has to wake them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.domain.notifications import WAKING, Channel, Notification, address_of, identified, settled
from shared.domain.oncall import Directory
from shared.domain.reasons import Notify, Suppressed
from shared.domain.severities import Severity

# Nobody took it in time: the telephone rings, for whoever it may be.
INSISTENT = frozenset({Notify.ESCALATED, Notify.REPEATED, Notify.ACK_EXPIRED})


def calmed(rows: Sequence[Notification], directory: Directory, now: datetime) -> tuple[Notification, ...]:
    """The rows, with e-mail in place of SMS and calls to those who are awake; Slack mentions them in any case.

    Nothing is weakened: without an address the telephone rings, and it rings for the last resort and for whatever
    critical nobody took in time. An e-mail that does not get through is followed by an SMS as any other.
    """
    mailed = {row.recipient for row in rows if row.channel is Channel.EMAIL}
    kept: list[Notification] = []
    for row in rows:
        if not _need_not_ring(row, directory):
            kept.append(row)
            continue
        kept.append(settled(row, Suppressed.AWAKE, now))
        if row.recipient not in mailed:
            mailed.add(row.recipient)
            kept.append(identified(replace(row, channel=Channel.EMAIL)))
    return tuple(kept)


def wide_awake(directory: Directory, person: str) -> Directory:
    """The directory in which this person is up."""
    known = directory.people.get(person)
    if known is None:
        return directory
    return replace(directory, people={**directory.people, person: replace(known, awake=True)})


def _need_not_ring(row: Notification, directory: Directory) -> bool:
    person = directory.people.get(row.recipient)
    if person is None or not person.awake or row.channel not in WAKING:
        return False
    if row.reason is Notify.LAST_RESORT or (row.severity is Severity.CRITICAL and row.reason in INSISTENT):
        return False
    return bool(address_of(directory, row.recipient, Channel.EMAIL))

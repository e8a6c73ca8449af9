"""How much one recipient gets on one channel: caps that hold together, who goes first, and what folds into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.configuration import RateCap
from shared.domain.notifications import Channel, LedgerState, Notification
from shared.domain.reasons import Notify, Suppressed

# An edit in place, an answer to somebody's own click, and what is told once per occasion anyway.
UNCAPPED = frozenset({Notify.UPDATED, Notify.ACKNOWLEDGED, Notify.REPLY, Notify.BULLETIN})
SOON, YOUNG = timedelta(seconds=10), timedelta(seconds=30)
GOOD_NEWS = frozenset({Notify.RESOLVED, Notify.STABLE})


@dataclass(frozen=True, slots=True)
class Choice:
    """Of the messages that wait for the same room: the one that goes now, and those that it stands for."""

    row: Notification
    folded: tuple[Notification, ...] = ()


def free_at(
    sent: Iterable[datetime], caps: Sequence[RateCap], now: datetime, *, urgent: bool = True
) -> datetime | None:
    """When every cap has room again; None when they have room now. `sent` are the instants of past messages.

    One place of the first cap is kept for what is `urgent`.
    """
    past = sorted(sent)
    rooms = [_free_at(past, cap, now, kept=int(not urgent and number == 0)) for number, cap in enumerate(caps)]
    return max((room for room in rooms if room is not None), default=None)


def is_tight(sent: Sequence[datetime], caps: Sequence[RateCap], now: datetime) -> bool:
    """True when so little room is left that others may be waiting for it."""
    return any(sum(at > now - cap.window for at in sent) + 2 >= cap.messages for cap in caps)


def is_uncapped(row: Notification) -> bool:
    """True for what no cap counts; on Slack good news are a line in their incident's thread."""
    return row.reason in UNCAPPED or (row.channel is Channel.SLACK and row.reason in GOOD_NEWS)


def waits_for_room(row: Notification, now: datetime) -> bool:
    """True for a page that nobody has tried to send yet and that may go as soon as there is room."""
    untried = row.state is LedgerState.PLANNED and row.attempts == 0 and not is_uncapped(row)
    is_due = row.not_before is None or row.not_before <= now
    return untried and (is_due or row.note == Suppressed.BY_RATE_CAP)


def has_room_soon(row: Notification, now: datetime) -> bool:
    """True for a young row that its cap lets go before the next minute's tick would look at it."""
    if row.note != Suppressed.BY_RATE_CAP or row.state is not LedgerState.PLANNED or row.not_before is None:
        return False
    return row.not_before - now <= SOON and now - row.planned_at <= YOUNG


def chosen(waiting: Sequence[Notification], *, fold_above: int) -> Choice:
    """The most urgent goes; where more than `fold_above` wait, it stands for the others.

    What opens a service of its own is never folded, nor are good news: each of them says something of its own.
    """
    first, *others = sorted(waiting, key=_order)
    alike = tuple(row for row in others if not row.opens_service and row.reason not in GOOD_NEWS)
    return Choice(first, alike if len(alike) >= fold_above and first.reason not in GOOD_NEWS else ())


def _order(row: Notification) -> tuple[bool, bool, int, datetime]:
    return not row.opens_service, row.reason in GOOD_NEWS, -row.severity.rank, row.planned_at


def _free_at(past: Sequence[datetime], cap: RateCap, now: datetime, *, kept: int) -> datetime | None:
    recent = [at for at in past if at > now - cap.window]
    most = max(1, cap.messages - kept)
    return None if len(recent) < most else recent[len(recent) - most] + cap.window

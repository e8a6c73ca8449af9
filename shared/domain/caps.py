"""How much one recipient gets on one channel: caps that hold together, who goes first, and what folds into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.configuration import RateCap
from shared.domain.notifications import Channel, LedgerState, Notification
from shared.domain.reasons import Notify, Suppressed
from shared.domain.severities import Severity

# An edit in place, an answer to somebody's own click, and what is told once per occasion anyway.
UNCAPPED = frozenset({Notify.UPDATED, Notify.ACKNOWLEDGED, Notify.REPLY, Notify.BULLETIN, Notify.DIAGNOSED})
SOON, YOUNG = timedelta(seconds=10), timedelta(seconds=30)
MOST_KEPT = 2
GOOD_NEWS = frozenset({Notify.RESOLVED, Notify.STABLE})


@dataclass(frozen=True, slots=True)
class Choice:
    """Of the messages that wait for the same room: the one that goes now, and those that it stands for."""

    row: Notification
    folded: tuple[Notification, ...] = ()


def free_at(sent: Iterable[datetime], caps: Sequence[RateCap], now: datetime, *, kept: int = 0) -> datetime | None:
    """When every cap has room again; None when they have room now. `sent` are the instants of past messages.

    So many places of the first cap are `kept` for others, as long as more than half of it is left.
    """
    past = sorted(sent)
    rooms = [_free_at(past, cap, now, kept=0 if number else kept) for number, cap in enumerate(caps)]
    return max((room for room in rooms if room is not None), default=None)


def kept_from(row: Notification, sent: Iterable[Notification], *, cap: RateCap, now: datetime) -> int:
    """Places that the row leaves free: one for a new service's first page, one for a storm's page until that was sent.

    Else the services that fail first would use up all of them.
    """
    if row.tells_storm:
        return 0
    told = any(one.tells_storm and one.sent_at is not None and one.sent_at > now - cap.window for one in sent)
    return int(not told) + int(not row.opens_service)


def is_tight(sent: Sequence[datetime], caps: Sequence[RateCap], now: datetime) -> bool:
    """True when so little room is left that others may be waiting for it."""
    return any(sum(at > now - cap.window for at in sent) + _spared(cap, MOST_KEPT) + 1 >= cap.messages for cap in caps)


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

    Good news are never folded, nor is what opens a service or tells of a storm: each says something of its own. Where
    more services than that fail at once, all but the critical fold: better one page now than many an hour later.
    """
    first, *others = sorted(waiting, key=_order)
    crowded = sum(row.opens_service for row in waiting) > fold_above
    alike = tuple(row for row in others if _may_fold(row, crowded=crowded))
    return Choice(first, alike if len(alike) >= fold_above and first.reason not in GOOD_NEWS else ())


def _may_fold(row: Notification, *, crowded: bool) -> bool:
    if row.tells_storm or row.reason in GOOD_NEWS:
        return False
    return not row.opens_service or (crowded and row.severity is not Severity.CRITICAL)


def _order(row: Notification) -> tuple[bool, bool, bool, int, datetime]:
    return not row.tells_storm, not row.opens_service, row.reason in GOOD_NEWS, -row.severity.rank, row.planned_at


def _free_at(past: Sequence[datetime], cap: RateCap, now: datetime, *, kept: int) -> datetime | None:
    recent = [at for at in past if at > now - cap.window]
    most = cap.messages - _spared(cap, kept)
    return None if len(recent) < most else recent[len(recent) - most] + cap.window


def _spared(cap: RateCap, kept: int) -> int:
    return min(kept, (cap.messages - 1) // 2)

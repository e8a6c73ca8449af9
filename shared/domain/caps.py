"""How much one recipient gets on one channel: caps that hold together, who goes first, and what folds into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.configuration import RateCap
from shared.domain.notifications import LedgerState, Notification
from shared.domain.reasons import Notify, Suppressed

# Neither of them is a message that somebody's telephone shows: an edit in place, and an answer to their own click.
UNCAPPED = frozenset({Notify.UPDATED, Notify.ACKNOWLEDGED, Notify.REPLY})
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


def waits_for_room(row: Notification, now: datetime) -> bool:
    """True for a page that nobody has tried to send yet and that may go as soon as there is room."""
    untried = row.state is LedgerState.PLANNED and row.attempts == 0 and row.reason not in UNCAPPED
    is_due = row.not_before is None or row.not_before <= now
    return untried and (is_due or row.note == Suppressed.BY_RATE_CAP)


def chosen(waiting: Sequence[Notification], *, fold_above: int) -> Choice:
    """The most urgent goes; where more than `fold_above` wait, it stands for all that open no service of their own."""
    first, *others = sorted(waiting, key=_order)
    folds = len(waiting) > fold_above
    return Choice(first, tuple(row for row in others if folds and not row.opens_service))


def _order(row: Notification) -> tuple[bool, bool, int, datetime]:
    return not row.opens_service, row.reason in GOOD_NEWS, -row.severity.rank, row.planned_at


def _free_at(past: Sequence[datetime], cap: RateCap, now: datetime, *, kept: int) -> datetime | None:
    recent = [at for at in past if at > now - cap.window]
    most = max(1, cap.messages - kept)
    return None if len(recent) < most else recent[len(recent) - most] + cap.window

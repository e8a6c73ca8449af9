"""Maintenance windows: a span in which what begins there is expected, and waits for the end before anybody is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.checklists import Tick
from shared.domain.low_traffic import LowTraffic
from shared.domain.matchers import Matcher, Operator, all_accept
from shared.domain.rollbacks import Rollback

LONGEST = timedelta(hours=2)
NOTICE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Window:
    """[start, end) in UTC. Without matchers it is for everything, else for what fits all of them.

    `closed_by` is who ended it: a person, or "soukmon" when the clock did; "" while it is to come or open.
    `outside` says why it is not in the low-traffic hours. `revision` counts its moves, the last at `announced_at`;
    `told` are the notices sent since. While it is `loud` (its list was not complete at the start) it mutes nothing.
    `held` are the incidents it has held back so far.
    """

    id: str
    start: datetime
    end: datetime
    reason: str
    author: str
    matchers: tuple[Matcher, ...] = ()
    emergency: bool = False
    created_at: datetime | None = None
    closed_by: str = ""
    outside: str = ""
    announced_at: datetime | None = None
    revision: int = 0
    told: tuple[str, ...] = ()
    ticks: tuple[Tick, ...] = ()
    loud: bool = False
    held: tuple[str, ...] = ()
    rollback: Rollback | None = None

    def holds(self, labels: Mapping[str, str], *, begun: datetime, now: datetime) -> bool:
        """True while the window is open, for what fits it and began inside it; what was there before goes on."""
        return not self.loud and self.is_open_at(now) and self.concerns(labels, begun=begun)

    def concerns(self, labels: Mapping[str, str], *, begun: datetime) -> bool:
        """True for what fits it and did not begin before it."""
        return begun >= self.start and all_accept(self.matchers, labels)

    def is_open_at(self, now: datetime) -> bool:
        """True from its start until its end."""
        return not self.closed_by and self.start <= now < self.end

    @property
    def is_cancelled(self) -> bool:
        """True when it was ended before it had begun."""
        return bool(self.closed_by) and self.end <= self.start


class WindowRefused(StrEnum):
    """Why a window cannot be made, moved or cancelled."""

    TOO_LONG = "a window lasts two hours at most"
    ENDS_BEFORE_IT_BEGINS = "the window ends before it begins"
    OVER = "the window is over already"
    TOO_SOON = "windows are announced 24 hours ahead; only an emergency may begin sooner"
    NO_REASON = "a window needs a reason and an author"
    OUTSIDE_LOW_TRAFFIC = "this is outside the low-traffic hours; say why it cannot be inside them"
    OVERLAPS = "another window is open for the same things at that time"
    HAS_BEGUN = "the window has begun; close it instead"
    NO_ROLLBACK_TARGET = "maintenance.yaml names no such rollback target"


def refusal(
    window: Window, now: datetime, *, others: Iterable[Window] = (), quiet: LowTraffic | None = None
) -> WindowRefused | None:
    """Why the window may not be made (or moved there) at `now`; None when it may.

    An emergency may begin at any time, and beside any other.
    """
    if not window.reason.strip() or not window.author.strip():
        return WindowRefused.NO_REASON
    if window.end <= window.start:
        return WindowRefused.ENDS_BEFORE_IT_BEGINS
    if window.end - window.start > LONGEST:
        return WindowRefused.TOO_LONG
    if window.end <= now:
        return WindowRefused.OVER
    return None if window.emergency else _untimely(window, now, others, quiet)


def _untimely(
    window: Window, now: datetime, others: Iterable[Window], quiet: LowTraffic | None
) -> WindowRefused | None:
    if window.start - now < NOTICE:
        return WindowRefused.TOO_SOON
    if quiet is not None and not window.outside.strip() and not quiet.holds(window.start, window.end):
        return WindowRefused.OUTSIDE_LOW_TRAFFIC
    if any(overlap(window, other) for other in others):
        return WindowRefused.OVERLAPS
    return None


def overlap(one: Window, other: Window) -> bool:
    """True when both may hold back the same thing at the same time."""
    apart = one.id == other.id or one.closed_by or other.closed_by
    if apart or one.end <= other.start or other.end <= one.start:
        return False
    return not any(_differ(mine, theirs) for mine in one.matchers for theirs in other.matchers)


def window_over(
    labels: Mapping[str, str], windows: Iterable[Window], *, begun: datetime, now: datetime
) -> Window | None:
    """The window that holds something back, the one that ends last; None when there is none."""
    holding = [window for window in windows if window.holds(labels, begun=begun, now=now)]
    return max(holding, key=lambda window: window.end, default=None)


def upcoming(windows: Iterable[Window], now: datetime) -> tuple[Window, ...]:
    """The windows that are open or to come, in the order they begin: what a status page shows."""
    alive = [window for window in windows if not window.closed_by and window.end > now]
    return tuple(sorted(alive, key=lambda window: (window.start, window.id)))


def closed(window: Window, *, by: str, now: datetime) -> Window:
    """The window at its end, by somebody's hand or the clock's; one that had not begun never does."""
    return replace(window, closed_by=by, end=max(window.start, min(window.end, now)))


def moved(window: Window, *, start: datetime, end: datetime, outside: str, now: datetime) -> Window:
    """The window at another time, to be announced anew."""
    return replace(
        window,
        start=start,
        end=end,
        outside=outside,
        announced_at=now,
        revision=window.revision + 1,
        told=(),
    )


def _differ(one: Matcher, other: Matcher) -> bool:
    """True when nothing fits both."""
    both_exact = one.operator is other.operator is Operator.EQUAL
    return both_exact and one.name == other.name and one.value != other.value

"""Maintenance windows: a span in which what begins there is expected, and waits for the end before anybody is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.matchers import Matcher, all_accept

LONGEST = timedelta(hours=2)
NOTICE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Window:
    """[start, end) in UTC. Without matchers it is for everything, else for what fits all of them.

    `closed_by` is who ended it: a person, or "soukmon" when the clock did; "" while it is to come or open.
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

    def holds(self, labels: Mapping[str, str], *, begun: datetime, now: datetime) -> bool:
        """True while the window is open, for what fits it and began inside it; what was there before goes on."""
        is_open = not self.closed_by and self.start <= now < self.end
        return is_open and begun >= self.start and all_accept(self.matchers, labels)


class WindowRefused(StrEnum):
    """Why a window cannot be made."""

    TOO_LONG = "a window lasts two hours at most"
    ENDS_BEFORE_IT_BEGINS = "the window ends before it begins"
    OVER = "the window is over already"
    TOO_SOON = "windows are announced 24 hours ahead; only an emergency may begin sooner"
    NO_REASON = "a window needs a reason and an author"


def refusal(window: Window, now: datetime) -> WindowRefused | None:
    """Why the window may not be made at `now`; None when it may."""
    if not window.reason.strip() or not window.author.strip():
        return WindowRefused.NO_REASON
    if window.end <= window.start:
        return WindowRefused.ENDS_BEFORE_IT_BEGINS
    if window.end - window.start > LONGEST:
        return WindowRefused.TOO_LONG
    if window.end <= now:
        return WindowRefused.OVER
    if not window.emergency and window.start - now < NOTICE:
        return WindowRefused.TOO_SOON
    return None


def window_over(
    labels: Mapping[str, str], windows: Iterable[Window], *, begun: datetime, now: datetime
) -> Window | None:
    """The window that holds something back, the one that ends last; None when there is none."""
    holding = [window for window in windows if window.holds(labels, begun=begun, now=now)]
    return max(holding, key=lambda window: window.end, default=None)


def closed(window: Window, *, by: str, now: datetime) -> Window:
    """The window at its end, by somebody's hand or the clock's; one that had not begun never does."""
    return replace(window, closed_by=by, end=max(window.start, min(window.end, now)))

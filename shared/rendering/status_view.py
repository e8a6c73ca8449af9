"""What the public status page shows, put together for its templates; nothing of it depends on the language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.domain.maintenance import Window
from shared.domain.status import Component, Condition, Post, StatusPage, conditions, layers, overall
from shared.domain.status_checks import DAYS, Tally, Watched, egyptian_day

GOOD, FAIR = 99.9, 98.0
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a part: the share of its checks that succeeded, None where there were none."""

    day: date
    share: float | None

    @property
    def level(self) -> str:
        """The class of its colour: "g"ood, "f"air, "b"ad, "n"o data."""
        if self.share is None:
            return "n"
        return "g" if self.share >= GOOD else "f" if self.share >= FAIR else "b"


@dataclass(frozen=True, slots=True)
class Part:
    """A component with how it is, its days (none for one without checks), and the share over all of them."""

    component: Component
    condition: Condition
    bars: tuple[Bar, ...] = ()
    share: float | None = None

    @property
    def imperfect(self) -> list[Bar]:
        """The days on which a check failed, the newest first."""
        return [bar for bar in reversed(self.bars) if bar.share is not None and bar.share < 100]  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Planned:
    """A maintenance window as the public sees it: when, and what it touches; why is nobody's business."""

    id: str
    start: datetime
    end: datetime
    parts: tuple[str, ...]
    emergency: bool = False
    is_everything: bool = False

    def is_open(self, now: datetime) -> bool:
        """True while it goes on."""
        return self.start <= now < self.end


@dataclass(frozen=True, slots=True)
class StatusView:
    """Everything on the page. `posts` are those of 90 days, newest first; `url` is where the page is read."""

    page: StatusPage
    parts: tuple[Part, ...]
    posts: tuple[Post, ...]
    planned: tuple[Planned, ...]
    now: datetime
    url: str = ""
    subscriptions_url: str = ""

    @property
    def overall(self) -> Condition:
        """One word for everything."""
        return overall([part.condition for part in self.parts])

    @property
    def open_posts(self) -> list[Post]:
        """What goes on."""
        return [post for post in self.posts if post.is_open]

    @property
    def recent(self) -> list[Post]:
        """What ended within a week."""
        return [post for post in self.posts if post.ended_at is not None and self.now - post.ended_at <= WEEK]

    @property
    def rows(self) -> list[list[Part]]:
        """The dependency map: each row needs what stands in rows below it."""
        by_name = {part.component.id: part for part in self.parts}
        return [[by_name[one.id] for one in row] for row in layers(self.page.components)]


def parts_of(
    page: StatusPage,
    looked: Mapping[str, Condition],
    posts: Sequence[Post],
    watched: Mapping[str, Watched],
    now: datetime,
) -> tuple[Part, ...]:
    """Every component as the public is told of it."""
    told = conditions(page.components, looked, posts)
    return tuple(_part(component, told[name], watched, now) for name, component in page.components.items())


def planned(window: Window, page: StatusPage, parts: tuple[str, ...]) -> Planned:
    """A window without what is said in it."""
    everything = len(parts) == len(page.components)
    return Planned(window.id, window.start, window.end, parts, window.emergency, everything)


def _part(component: Component, condition: Condition, watched: Mapping[str, Watched], now: datetime) -> Part:
    if not component.probes:
        return Part(component, condition)
    last = egyptian_day(now)
    days = [last - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    tallies = {day: _tally(component, day, watched) for day in days}
    total = sum(tallies.values(), Tally())
    return Part(component, condition, tuple(Bar(day, tally.share) for day, tally in tallies.items()), total.share)


def _tally(component: Component, day: date, watched: Mapping[str, Watched]) -> Tally:
    found = (watched[probe].days.get(day.isoformat(), Tally()) for probe in component.probes if probe in watched)
    return sum(found, Tally())

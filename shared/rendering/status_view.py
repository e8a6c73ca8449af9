"""What the public status page shows, put together for its templates; nothing of it depends on the language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

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


@dataclass(frozen=True)
class Part:
    """A component with how it is, and the checks of its targets; its days are counted when they are first asked for."""

    component: Component
    condition: Condition
    targets: tuple[Watched, ...] = ()
    today: date = date.min

    @cached_property
    def bars(self) -> tuple[Bar, ...]:
        """Its last ninety days; none for a component without checks of its own."""
        if not self.component.probes:
            return ()
        days = (self.today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1))
        return tuple(Bar(day, self._of(day.isoformat()).share) for day in days)

    @cached_property
    def share(self) -> float | None:
        """Percent of right answers over all days."""
        first = (self.today - timedelta(days=DAYS - 1)).isoformat()
        found = (tally for target in self.targets for day, tally in target.days.items() if day >= first)
        return sum(found, Tally()).share

    def _of(self, day: str) -> Tally:
        return sum((target.days.get(day, Tally()) for target in self.targets), Tally())

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
    targets = tuple(watched[probe] for probe in component.probes if probe in watched)
    return Part(component, condition, targets, egyptian_day(now))

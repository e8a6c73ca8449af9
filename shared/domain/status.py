"""The public status page: its components and how they depend on each other, and what is posted about them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.matchers import Matcher

SOUKMON = "soukmon"  # who writes what nobody wrote by hand


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in English and Arabic; whoever reads the language it lacks is given the other one."""

    en: str = ""
    ar: str = ""

    def for_reader(self, locale: str) -> tuple[str, str]:
        """The text and the language it is in."""
        other = "en" if locale == "ar" else "ar"
        mine = self.ar if locale == "ar" else self.en
        return (mine, locale) if mine else (self.en or self.ar, other)


class Condition(StrEnum):
    """How a component is, as the public is told; the later, the worse."""

    WORKS = "works"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"
    DEGRADED = "degraded"
    OUTAGE = "outage"

    @property
    def rank(self) -> int:
        """0 is best."""
        return list(Condition).index(self)


class Stage(StrEnum):
    """How far the work on a posted incident is."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Sentence(StrEnum):
    """What is said without anybody writing it; the words are in the catalogue of the status page, and nowhere else."""

    BEGAN = "began"
    SPREAD = "spread"
    WORKS_AGAIN = "works again"
    CAME_BACK = "came back"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the marketplace as its users know it.

    `needs` are the components it depends on, `probes` the targets whose checks speak for it, `incidents` alternatives
    of matchers: an open incident that fits all of one speaks for it. `services` are the names under which maintenance
    windows mean it.
    """

    id: str
    name: Bilingual
    about: Bilingual = Bilingual()
    needs: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    incidents: tuple[tuple[Matcher, ...], ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """What we fetch ourselves; without a `url` only others tell how the target is.

    An answer is right when it is 2xx, comes within `slow_after`, holds `contains` and none of `lacks`.
    """

    target: str
    url: str = ""
    slow_after: timedelta = timedelta(seconds=5)
    contains: str = ""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Patience:
    """When something is said, and when it is taken back."""

    places: int = 2
    fresh: timedelta = timedelta(minutes=5)
    calm: timedelta = timedelta(minutes=5)
    longest_calm: timedelta = timedelta(hours=1)
    ends_after: timedelta = timedelta(minutes=15)
    believed: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class StatusPage:
    """status.yaml: what the public page shows; without components there is no page."""

    name: Bilingual = Bilingual()
    components: Mapping[str, Component] = field(default_factory=dict)
    probes: Mapping[str, Probe] = field(default_factory=dict)
    patience: Patience = Patience()


@dataclass(frozen=True, slots=True)
class Update:
    """One thing said about a posted incident: a sentence of ours, or a person's own words.

    `key` is the name of the wish it came from, by which a wish that is made twice is known.
    """

    at: datetime
    stage: Stage
    author: str = SOUKMON
    sentence: str = ""
    components: tuple[str, ...] = ()
    text: Bilingual = Bilingual()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """An incident as the public sees it. Its `title` is empty until a person writes one.

    `condition` is what a person said of its components; "" leaves that to the checks. `incident` is the internal one it
    was posted for, which the page never shows.
    """

    id: str
    opened_at: datetime
    components: tuple[str, ...]
    updates: tuple[Update, ...] = ()
    title: Bilingual = Bilingual()
    condition: str = ""
    ended_at: datetime | None = None
    incident: str = ""

    @property
    def is_open(self) -> bool:
        """True until it is resolved."""
        return self.ended_at is None

    @property
    def stage(self) -> Stage:
        """What was said last."""
        return self.updates[-1].stage if self.updates else Stage.INVESTIGATING

    @property
    def by_hand(self) -> bool:
        """True once a person wrote: from then on only persons write."""
        return any(update.author != SOUKMON for update in self.updates)


def layers(components: Mapping[str, Component]) -> list[list[Component]]:
    """The components by depth: those that others depend on come last. Needs are known not to run in a circle."""
    depth: dict[str, int] = {}

    def deep(name: str) -> int:
        if name not in depth:
            above = [deep(one.id) + 1 for one in components.values() if name in one.needs]
            depth[name] = max(above, default=0)
        return depth[name]

    rows: dict[int, list[Component]] = {}
    for name, component in components.items():
        rows.setdefault(deep(name), []).append(component)
    return [rows[number] for number in sorted(rows)]


def circle(components: Mapping[str, Component]) -> tuple[str, ...]:
    """Components that need each other in a circle; () when there is none."""

    def walk(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in path:
            return (*path[path.index(name) :], name)
        found = (walk(need, (*path, name)) for need in components[name].needs if need in components)
        return next((one for one in found if one), ())

    return next((one for one in (walk(name, ()) for name in components) if one), ())


def needed_by(name: str, components: Mapping[str, Component]) -> frozenset[str]:
    """Everything the component depends on, directly or through others."""
    found: set[str] = set()
    waiting = list(components[name].needs)
    while waiting:
        need = waiting.pop()
        if need in components and need not in found:
            found.add(need)
            waiting += components[need].needs
    return frozenset(found)


def conditions(
    components: Mapping[str, Component],
    looked: Mapping[str, Condition],
    posts: Iterable[Post],
) -> dict[str, Condition]:
    """What the public is told of each component: what was seen, what persons said, and what others drag down."""
    said = {name: looked.get(name, Condition.UNKNOWN) for name in components}
    for post in posts:
        if post.is_open and post.condition:
            for name in post.components:
                if name in said:
                    said[name] = worse(said[name], Condition(post.condition))
    broken = {name for name, condition in said.items() if condition is Condition.OUTAGE}
    return {
        name: worse(condition, Condition.DEGRADED) if needed_by(name, components) & broken else condition
        for name, condition in said.items()
    }


def worse(one: Condition, other: Condition) -> Condition:
    """The worse of two."""
    return max(one, other, key=lambda condition: condition.rank)


def overall(found: Collection[Condition]) -> Condition:
    """One word for the whole page: the worst of all."""
    return max(found, key=lambda condition: condition.rank, default=Condition.UNKNOWN)

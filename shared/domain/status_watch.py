"""When the public is told that something is broken, and when that is taken back: one look after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.signals import digest
from shared.domain.status import Component, Condition, Patience, Post, Sentence, Stage, Update
from shared.domain.status_checks import Seen, Watched, seen


class Sight(StrEnum):
    """What one look at a component came to."""

    CHECKS_FAIL = "the newest checks of two places fail"
    INCIDENT = "an incident that speaks for it is open"
    WELL = "nothing speaks against it"
    ONE_PLACE = "one place alone fails"
    SILENT = "its checks have stopped"
    UNCHECKED = "nobody has checked it yet"
    MAINTENANCE = "a maintenance window is open"
    BELIEVED = "a person said that it works"

    @property
    def is_bad(self) -> bool:
        """True for what the public has to know."""
        return self in {Sight.CHECKS_FAIL, Sight.INCIDENT}

    @property
    def is_calm(self) -> bool:
        """True for what may end an outage; that checks stopped, or one place fails, may not.

        A part that nobody has ever checked goes by its incidents alone.
        """
        return self in {Sight.WELL, Sight.BELIEVED, Sight.UNCHECKED}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of a component between two looks.

    `calm_for` is how long it has to be calm before an outage is taken back: it grows when it comes back.
    """

    broken: bool = False
    since: datetime | None = None
    calm_since: datetime | None = None
    calm_for: timedelta | None = None
    mended_at: datetime | None = None
    believed_until: datetime | None = None
    sight: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a look goes by.

    `speaking` are the components an open incident speaks for, `in_maintenance` those under an open window, `critical`
    says whether any critical incident is open.
    """

    components: Mapping[str, Component]
    patience: Patience
    now: datetime
    watched: Mapping[str, Watched] = field(default_factory=dict)
    speaking: frozenset[str] = frozenset()
    in_maintenance: frozenset[str] = frozenset()
    critical: bool = False


def look(component: Component, standing: Standing, scene: Scene) -> Sight:
    """One look at a component; a person's word goes before what is seen, for a while."""
    if standing.believed_until is not None and scene.now < standing.believed_until:
        return Sight.BELIEVED
    if component.id in scene.speaking:
        return Sight.INCIDENT
    found = {_seen(target, scene) for target in component.probes}
    if component.id in scene.in_maintenance:
        return Sight.MAINTENANCE
    if Seen.FAILS in found:
        return Sight.CHECKS_FAIL
    told = {Seen.SILENT: Sight.SILENT, Seen.ONE_PLACE: Sight.ONE_PLACE, Seen.NEVER: Sight.UNCHECKED}
    return next((sight for one, sight in told.items() if one in found), Sight.WELL)


def stand(before: Standing, sight: Sight, patience: Patience, now: datetime) -> Standing:
    """What is remembered after a look."""
    after = replace(before, sight=str(sight))
    if sight.is_bad:
        return replace(after, calm_since=None) if before.broken else _broken(after, patience, now)
    if not before.broken:
        return after
    if not sight.is_calm:
        return replace(after, calm_since=None)
    since = before.calm_since or now
    if sight is Sight.BELIEVED or now - since >= (before.calm_for or patience.calm):
        return replace(after, broken=False, since=now, calm_since=None, mended_at=now)
    return replace(after, calm_since=since)


def condition_of(standing: Standing) -> Condition:
    """What the looks alone say."""
    if standing.broken:
        return Condition.OUTAGE
    unknown = dict.fromkeys((Sight.SILENT, Sight.UNCHECKED), Condition.UNKNOWN)
    told = {Sight.MAINTENANCE: Condition.MAINTENANCE, **unknown}
    return told.get(Sight(standing.sight), Condition.WORKS) if standing.sight else Condition.UNKNOWN


def stand_all(before: Mapping[str, Standing], scene: Scene) -> dict[str, Standing]:
    """A look at every component."""
    known = {name: before.get(name, Standing()) for name in scene.components}
    return {
        name: stand(known[name], look(component, known[name], scene), scene.patience, scene.now)
        for name, component in scene.components.items()
    }


def announce(posts: Sequence[Post], standings: Mapping[str, Standing], scene: Scene) -> list[Post]:
    """The posts that change by themselves, new ones included. Once a person wrote in one, only persons do."""
    broken = tuple(name for name in scene.components if standings[name].broken)
    still_open = [post for post in posts if post.is_open]
    told = {name for post in still_open for name in post.components}
    untold = tuple(name for name in broken if name not in told)
    ours = next((post for post in still_open if not post.by_hand), None)
    if ours is None:
        return [_opened(untold, scene.now)] if untold else []
    after = _followed(_spread(ours, untold, scene.now), broken, scene)
    return [] if after == ours else [after]


def _broken(standing: Standing, patience: Patience, now: datetime) -> Standing:
    """Where it was mended not long ago, calm has to last twice as long this time."""
    recently = standing.mended_at is not None and now - standing.mended_at < patience.longest_calm
    last = standing.calm_for or patience.calm
    calm_for = min(2 * last, patience.longest_calm) if recently else patience.calm
    return replace(standing, broken=True, since=now, calm_since=None, calm_for=calm_for)


def _seen(target: str, scene: Scene) -> Seen:
    return seen(scene.watched.get(target, Watched(target)), scene.patience, scene.now)


def _opened(components: tuple[str, ...], now: datetime) -> Post:
    name = digest("status", *components, now.isoformat(), size=6)
    began = Update(now, Stage.INVESTIGATING, sentence=Sentence.BEGAN, components=components)
    return Post(name, now, components, (began,))


def _spread(post: Post, further: tuple[str, ...], now: datetime) -> Post:
    if not further:
        return post
    said = Update(now, Stage.INVESTIGATING, sentence=Sentence.SPREAD, components=further)
    return replace(post, components=(*post.components, *further), updates=(*post.updates, said))


def _followed(post: Post, broken: tuple[str, ...], scene: Scene) -> Post:
    """What an automatic post says next: it works again, it came back, it is over."""
    still = tuple(name for name in post.components if name in broken)
    if still:
        is_back = post.stage is Stage.MONITORING
        return _said(post, Sentence.CAME_BACK, Stage.INVESTIGATING, still, scene.now) if is_back else post
    if post.stage is not Stage.MONITORING:
        return _said(post, Sentence.WORKS_AGAIN, Stage.MONITORING, post.components, scene.now)
    quiet = scene.now - post.updates[-1].at >= scene.patience.ends_after
    if not quiet or scene.critical:
        return post
    over = _said(post, Sentence.OVER, Stage.RESOLVED, post.components, scene.now)
    return replace(over, ended_at=scene.now)


def _said(post: Post, sentence: Sentence, stage: Stage, components: tuple[str, ...], now: datetime) -> Post:
    return replace(post, updates=(*post.updates, Update(now, stage, sentence=sentence, components=components)))

"""What the status page goes by, read from the state store: checks, posts, windows, incidents that speak for parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident, State
from shared.domain.maintenance import Window
from shared.domain.matchers import all_accept
from shared.domain.reasons import Suppressed
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE
from shared.domain.status import Component, Post
from shared.domain.status_checks import Watched
from shared.domain.status_speaking import speaks_for
from shared.domain.status_watch import Scene, Standing
from shared.ports.store import Body, Create, Query, Replace, StateStore, Write
from shared.usecases.muting import Muting
from shared.usecases.records import INCIDENTS, body_of, instant, value_of
from shared.usecases.window_records import windows

CHECKS = "checks"
STATUS = "status"
POSTS = "status_posts"
STANDINGS = "standings"
MAILS = "status-mails"
MOST_INCIDENTS = 500
PAGE = 100
MOST_POSTS = 500
LISTED = timedelta(days=90)
SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Standings:
    """What is remembered of every component; `version` is that of the document, None where there is none yet."""

    each: Mapping[str, Standing] = field(default_factory=dict)
    version: str | None = None

    def write(self, after: Mapping[str, Standing]) -> Write:
        """The write that keeps what is remembered now, unless somebody else was faster."""
        body: Body = {"each": {name: body_of(standing) for name, standing in after.items()}}
        if self.version is None:
            return Create(STATUS, STANDINGS, body)
        return Replace(STATUS, STANDINGS, body, self.version)


@dataclass(frozen=True, slots=True)
class _Remembered:
    each: dict[str, Standing]


def standings(store: StateStore) -> Standings:
    """What is remembered of every component."""
    document = store.get(STATUS, STANDINGS)
    return Standings(value_of(document, _Remembered).each, document.version) if document else Standings()


def kept_posts(store: StateStore, *, since: datetime) -> dict[str, tuple[Post, str]]:
    """The posts since then with their versions, newest first."""
    query = Query(POSTS, order_by="opened_at", low=instant(since), newest_first=True, limit=MOST_POSTS)
    return {row.id: (value_of(row, Post), row.version) for row in store.find(query)}


def posts(store: StateStore, *, since: datetime) -> list[Post]:
    """The posts since then, newest first."""
    return [post for post, _ in kept_posts(store, since=since).values()]


def post_write(post: Post, version: str | None) -> Write:
    """The write that keeps a post, unless somebody else was faster; `version` None makes it."""
    body = body_of(post)
    return Create(POSTS, post.id, body) if version is None else Replace(POSTS, post.id, body, version)


def watched(store: StateStore, targets: Iterable[str]) -> dict[str, Watched]:
    """What is known of each target."""
    found = ((target, store.get(CHECKS, target)) for target in targets)
    return {target: value_of(document, Watched) for target, document in found if document}


def targets_of(config: Configuration) -> list[str]:
    """Every target that speaks for a component."""
    return list(dict.fromkeys(probe for one in config.status.components.values() for probe in one.probes))


def scene(config: Configuration, store: StateStore, now: datetime) -> Scene:
    """Everything a look goes by, as it is now."""
    found = _open_incidents(store)
    muting = Muting(config.noise, store=store, now=now)
    speaking = [incident for incident in found if _may_speak(incident, muting)]
    return Scene(
        components=config.status.components,
        patience=config.status.patience,
        now=now,
        watched=watched(store, targets_of(config)),
        speaking=frozenset(
            name for name, one in config.status.components.items() if any(speaks_for(one, each) for each in speaking)
        ),
        in_maintenance=_in_maintenance(config, store, now),
        critical=_is_critical(store),
    )


def means(window: Window, component: Component) -> bool:
    """True when the window is for the component: for everything, or for a service of its."""
    about = [matcher for matcher in window.matchers if matcher.name == SERVICE]
    if len(about) < len(window.matchers):
        return False  # it is about a rule or a type, which says nothing of what its users see
    return not about or any(all_accept(about, {SERVICE: service}) for service in component.services)


def announced_windows(store: StateStore, now: datetime) -> list[Window]:
    """The windows that are open or to come, the next end first."""
    return [window for window in windows(store, since=now) if not window.closed_by and window.end > now]


def _open_incidents(store: StateStore) -> list[Incident]:
    query = Query(INCIDENTS, equal={"is_open": "yes"}, order_by="opened_at", newest_first=True, limit=MOST_INCIDENTS)
    return [value_of(row, Incident) for row in store.find(query)]


def _is_critical(store: StateStore) -> bool:
    """True while any critical incident is open that is no rehearsal, however many others there are."""
    query = Query(INCIDENTS, equal={"is_open": "yes", "severity": Severity.CRITICAL}, order_by="opened_at", limit=PAGE)
    return any(row.body["source"] != TEST_SOURCE for row in store.find(query))


def _may_speak(incident: Incident, muting: Muting) -> bool:
    """Neither a rehearsal, nor what somebody silenced, a worse incident explains or a window holds, or is mitigated.

    Our quiet hours do not keep the public from hearing.
    """
    if incident.source == TEST_SOURCE or incident.state is State.MITIGATED:
        return False
    hold = muting.hold_on(incident)
    return hold is None or hold.reason is Suppressed.BY_QUIET_HOURS


def _in_maintenance(config: Configuration, store: StateStore, now: datetime) -> frozenset[str]:
    under = [window for window in announced_windows(store, now) if window.is_open_at(now) and not window.loud]
    parts = config.status.components.items()
    return frozenset(name for name, one in parts if any(means(window, one) for window in under))

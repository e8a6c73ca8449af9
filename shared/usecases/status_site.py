"""The public status page written as files: only what changed, and all of it anew after a run that did not end."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.configuration import Configuration
from shared.domain.status_checks import egyptian_day
from shared.domain.status_watch import condition_of
from shared.errors import ConflictError
from shared.ports.objects import Website
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Replace, StateStore, Write
from shared.rendering.status_view import StatusView, parts_of, planned
from shared.usecases.commits import committed
from shared.usecases.records import body_of, value_of
from shared.usecases.status_look import look
from shared.usecases.status_state import (
    LISTED,
    STATUS,
    announced_windows,
    means,
    posts,
    standings,
    targets_of,
    watched,
)

SITE = "site"
RENEWED_EVERY = timedelta(minutes=10)


class Wrote(StrEnum):
    """What a run did to the page."""

    NO_PAGE = "there is no status page"
    UNCHANGED = "nothing changed"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Published:
    """What a run did, and to how many files."""

    outcome: Wrote
    files: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """What lies there: the digest of each file, of what the page says, and the run that is at it ("" when it ended)."""

    rendered_at: datetime | None = None
    says: str = ""
    files: dict[str, str] = field(default_factory=dict)
    run: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the page is read, and where mails are asked for ("" = nowhere)."""

    url: str
    subscriptions_url: str = ""


def publish_status(
    places: Places, *, config: Configuration, store: StateStore, website: Website, publisher: Publisher, clock: Clock
) -> Published:
    """Look at everything, post what has to be said, and write the page where it changed or is ten minutes old."""
    if not config.status.components:
        return Published(Wrote.NO_PAGE)
    look(config=config, store=store, publisher=publisher, now=clock.now())
    lost: list[str] = []  # runs that another one overtook may have overwritten newer files: all are written again

    def attempt() -> Published:
        try:
            return _written(places, config, store, website, clock.now(), everything=bool(lost))
        except ConflictError:
            lost.append("overtaken")
            raise

    return committed(attempt)


def kept_site(store: StateStore) -> Site:
    """What was written last."""
    document = store.get(STATUS, SITE)
    return value_of(document, Site) if document else Site()


def view_of(places: Places, *, config: Configuration, store: StateStore, now: datetime) -> StatusView:
    """The page as it would be written now."""
    page, known = config.status, posts(store, since=now - LISTED)
    looked = {name: condition_of(standing) for name, standing in standings(store).each.items()}
    parts = parts_of(page, looked, known, watched(store, targets_of(config)), now)
    windows = [
        planned(window, page, tuple(name for name, one in page.components.items() if means(window, one)))
        for window in sorted(announced_windows(store, now), key=lambda window: window.start)
    ]
    return StatusView(page, parts, tuple(known), tuple(windows), now, places.url, places.subscriptions_url)


def _written(
    places: Places, config: Configuration, store: StateStore, website: Website, now: datetime, *, everything: bool
) -> Published:
    document = store.get(STATUS, SITE)
    before = value_of(document, Site) if document else Site()
    view = view_of(places, config=config, store=store, now=now)
    says = _says(view)
    is_young = before.rendered_at is not None and now - before.rendered_at < RENEWED_EVERY
    if says == before.says and is_young and not before.run and not everything:
        return Published(Wrote.UNCHANGED)
    run = secrets.token_hex(8)
    begun = Site(before.rendered_at, before.says, before.files, run)
    body = body_of(begun)
    store.commit([Replace(STATUS, SITE, body, document.version) if document else Create(STATUS, SITE, body)])
    everything = everything or bool(before.run)
    files, count = _put(view, before.files, website, everything=everything)
    store.commit([_ended(store, run, Site(now, says, files))])
    return Published(Wrote.WRITTEN, count)


def _put(view: StatusView, before: dict[str, str], website: Website, *, everything: bool) -> tuple[dict[str, str], int]:
    """Write what differs and remove what is no more; the digests of what lies there now, and how many were touched."""
    from shared.rendering.status_pages import site  # noqa: PLC0415 - only a run that writes pays for the templates

    made = site(view)
    digests = {name: hashlib.sha256(file.data).hexdigest() for name, file in made.items()}
    changed = [name for name in made if everything or before.get(name) != digests[name]]
    for name in changed:
        website.put(name, made[name].data, content_type=made[name].content_type)
    gone = sorted(set(before) - set(made))
    for name in gone:
        website.remove(name)
    return digests, len(changed) + len(gone)


def _ended(store: StateStore, run: str, after: Site) -> Write:
    document = store.get(STATUS, SITE)
    if document is None or document.body["run"] != run:
        raise ConflictError("another run began meanwhile")
    return Replace(STATUS, SITE, body_of(after), document.version)


def _says(view: StatusView) -> str:
    """What a reader would call a change: states, posts and windows, the day, and the addresses; not each check."""
    told = (
        [(part.component.id, str(part.condition)) for part in view.parts],
        [body_of(post) for post in view.posts],
        [(body_of(one), one.is_open(view.now)) for one in view.planned],
        body_of(view.page.name),
        egyptian_day(view.now).isoformat(),
        view.url,
        view.subscriptions_url,
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()

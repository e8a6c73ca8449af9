"""Signed links to calendars of duties and of maintenance: a calendar that subscribes cannot log in."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from itsdangerous import Signer

from shared.domain.configuration import Configuration
from shared.domain.oncall import CAIRO, Directory, whole_shifts
from shared.domain.oncall_week import sunday_of
from shared.errors import RefusedError
from shared.ports.platform import Clock
from shared.ports.store import StateStore
from shared.rendering.calendar import OnCall, feed
from shared.rendering.duties import who
from shared.rendering.duty_words import duty_words
from shared.rendering.maintenance_feed import maintenance_feed
from shared.usecases.jobs.board import feed_turns
from shared.usecases.window_records import windows

SALT = "soukmon.calendar"
SIGNATURE_BYTES = 15
AHEAD = timedelta(weeks=8)
PERSON, ROTATION = "person", "rotation"
MAINTENANCE = "maintenance"  # named by its language
WEEK = timedelta(weeks=1)
HEADERS = {
    "Content-Type": "text/calendar; charset=utf-8",
    "Cache-Control": "private, max-age=900",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def calendar_url(base: str, kind: str, name: str, *, keys: Sequence[str]) -> str:
    """The address under `base` at which the calendar may be read; signed with the newest (last) key."""
    signature = _signer(keys).get_signature(f"{kind}/{name}").decode()
    return f"{base}/{kind}/{name}/{signature}.ics"


def respond(
    path: str, *, keys: Sequence[str], config: Configuration, store: StateStore, clock: Clock
) -> tuple[bytes, int, dict[str, str]]:
    """The feed a signed path leads to; raises RefusedError for a forged path (401) and for who is gone (404)."""
    kind, name, signature = ("", "", "", *path.removesuffix(".ics").split("/"))[-3:]
    if kind not in {PERSON, ROTATION, MAINTENANCE} or not _signer(keys).verify_signature(f"{kind}/{name}", signature):
        raise RefusedError("this address is not valid")
    if kind == MAINTENANCE:
        return _maintenance(name, config, store, clock.now()), 200, HEADERS
    directory = config.directory
    if name not in (directory.people if kind == PERSON else directory.rotations):
        raise RefusedError("there is no such calendar", status=404)
    return _feed(kind, name, directory, clock.now()), 200, HEADERS


def _feed(kind: str, name: str, directory: Directory, now: datetime) -> bytes:
    if kind == ROTATION:
        duties = _duties(name, directory, now)
        return feed(duties, title=f"{duty_words('en')['calendar']}: {name}", directory=directory, now=now, named=True)
    locale = directory.people[name].locale
    own = [
        one for rotation in directory.rotations for one in _duties(rotation, directory, now) if one.duty.person == name
    ]
    title = f"{duty_words(locale)['calendar']}: {who(directory, name, locale)}"
    return feed(own, title=title, directory=directory, now=now, locale=locale)


def _maintenance(locale: str, config: Configuration, store: StateStore, now: datetime) -> bytes:
    return maintenance_feed(
        feed_turns(config.jobs, store, now), windows(store, since=now - WEEK), now=now, locale=locale
    )


def _duties(rotation: str, directory: Directory, now: datetime) -> Iterator[OnCall]:
    """What is not over, seen from the beginning of the week: a duty without end would else begin anew at every look."""
    start = datetime.combine(sunday_of(now), time(), ZoneInfo(CAIRO)).astimezone(UTC)
    found = whole_shifts(directory, rotation, start, now + AHEAD)
    return (OnCall(rotation, duty) for duty in found if duty.end > now)


def _signer(keys: Sequence[str]) -> Signer:
    digest = partial(hashlib.blake2s, digest_size=SIGNATURE_BYTES)
    return Signer(list(keys), salt=SALT, digest_method=digest, key_derivation="hmac")

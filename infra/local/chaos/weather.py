"""What can be the matter with everything at once: providers that are down or slow, clocks that jump, full disks."""

import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from infra.local.platform import Platform
from shared.adapters.clocks import VirtualClock
from shared.usecases.outbox import SIGNALS

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PROVIDERS = ("slack", "twilio", "voice", "smtp")
MANY = 100_000
USUAL = timedelta(minutes=9)


def _nothing(platform: Platform) -> None:
    del platform


@dataclass(frozen=True, slots=True)
class Weather:
    """`before` happens before the alert, `happens` once it is on its way; `horizon` is how long is watched."""

    happens: Callable[[Platform], None] = _nothing
    before: Callable[[Platform], None] = _nothing
    horizon: timedelta = USUAL


def _providers_down(platform: Platform) -> None:
    for provider in PROVIDERS:
        response = {"reply": "451 later", "at": "mail"} if provider == "smtp" else {"status": 503}
        platform.providers.store.faults.fail_next(provider, response=response, times=MANY)


def _an_hour_later(platform: Platform) -> None:
    platform.advance(HOUR)
    platform.providers.store.faults.clear()


def _answers_lost(platform: Platform) -> None:
    """Each provider takes the next messages and cuts the line before it answers."""
    for provider in ("slack", "twilio"):
        platform.providers.store.faults.fail_next(provider, response={"close": True}, times=2)


def _clock_forward(platform: Platform) -> None:
    platform.move_clock(platform.clock.now() + 2 * MINUTE)


def _poison(platform: Platform) -> None:
    for data in (b"\xff\xfe", b"{", b"[]", b'{"event_id": 7}', b"null"):
        platform.bus.publish(SIGNALS, data)


def _disk_full(platform: Platform) -> None:
    """No file of this process may grow for a minute: whoever falls over it is started again when there is room."""
    with no_room(), suppress(sqlite3.OperationalError):
        platform.settle()
    if isinstance(platform.clock, VirtualClock):
        platform.clock.advance(MINUTE)
    platform.bus.take_back()


@contextmanager
def no_room() -> Iterator[None]:
    """Writing beyond the first byte of any file fails with EFBIG, which SQLite tells as a full disk or an I/O error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


WEATHERS: Mapping[str, Weather] = {
    "all providers down for an hour": Weather(_an_hour_later, _providers_down, 2 * HOUR),
    "answers of providers lost": Weather(before=_answers_lost),
    "clock two minutes forward": Weather(_clock_forward),
    "poison on the bus": Weather(before=_poison),
    "disk full for a minute": Weather(before=_disk_full),
}

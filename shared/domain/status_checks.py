"""Checks from outside: the newest of each place decide whether a target is down, all of them make its bars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.domain.oncall import CAIRO
from shared.domain.status import Patience

DAYS = 90
MOST_PLACES = 50
NOTICES = (1, 7, 14, 30)  # days before a certificate ends


class Reason(StrEnum):
    """Why an answer was not right."""

    DNS = "dns"
    TLS = "tls"
    WRONG_HOST = "wrong_host"
    REDIRECT_LOOP = "redirect_loop"
    BODY = "body"
    SLOW = "slow"
    STATUS = "status"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Check:
    """One look at a target from one place; `reason` is empty when the answer was right."""

    target: str
    place: str
    at: datetime
    reason: str = ""
    latency_ms: float | None = None
    certificate_ends: datetime | None = None

    @property
    def ok(self) -> bool:
        """True for a right answer."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest check of a place."""

    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many checks of a day were right, and how many were not."""

    good: int = 0
    bad: int = 0

    @property
    def share(self) -> float | None:
        """Percent of right answers; None where nobody looked."""
        total = self.good + self.bad
        return 100 * self.good / total if total else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.good + other.good, self.bad + other.bad)


@dataclass(frozen=True, slots=True)
class Watched:
    """All that is kept of a target's checks.

    `days` are Egypt's ("2026-03-10"); `noticed` are those of NOTICES that were told for the certificate which ends at
    `certificate_ends`; `down` is what was told as an alert.
    """

    target: str
    places: Mapping[str, Newest] = field(default_factory=dict)
    days: Mapping[str, Tally] = field(default_factory=dict)
    certificate_ends: datetime | None = None
    noticed: tuple[int, ...] = ()
    down: bool = False


class Seen(StrEnum):
    """What the newest checks say together."""

    FAILS = "the newest checks of two places fail"
    ONE_PLACE = "one place alone fails"
    WELL = "checks succeed"
    SILENT = "its checks have stopped"
    NEVER = "nobody has checked it yet"


def egyptian_day(at: datetime) -> date:
    """The day in Egypt that an instant belongs to."""
    return at.astimezone(ZoneInfo(CAIRO)).date()


def taken(before: Watched, checks: Iterable[Check], now: datetime) -> Watched:
    """The target with further checks; one that is not newer than its place's newest was counted before."""
    places, days, ends = dict(before.places), dict(before.days), before.certificate_ends
    for check in sorted(checks, key=lambda one: one.at):
        known = places.get(check.place)
        if known is not None and check.at <= known.at:
            continue
        places[check.place] = Newest(check.at, check.reason)
        day = egyptian_day(check.at).isoformat()
        days[day] = days.get(day, Tally()) + Tally(int(check.ok), int(not check.ok))
        ends = check.certificate_ends or ends
    first = (egyptian_day(now) - timedelta(days=DAYS - 1)).isoformat()
    recent = sorted(places.items(), key=lambda item: item[1].at)[-MOST_PLACES:]
    return replace(
        before,
        places=dict(recent),
        days={day: tally for day, tally in sorted(days.items()) if day >= first},
        certificate_ends=ends,
        noticed=before.noticed if ends == before.certificate_ends else (),
    )


def seen(watched: Watched, patience: Patience, now: datetime) -> Seen:
    """What the newest checks of all places say; those that are too old say nothing."""
    fresh = [newest for newest in watched.places.values() if now - newest.at <= patience.fresh]
    failing = sum(1 for newest in fresh if newest.reason)
    if failing >= patience.places:
        return Seen.FAILS
    if not fresh:
        return Seen.SILENT if watched.places else Seen.NEVER
    right = len(fresh) - failing
    return Seen.WELL if failing == 0 or right >= patience.places else Seen.ONE_PLACE


def reasons(watched: Watched, patience: Patience, now: datetime) -> list[str]:
    """Why the places that fail now do."""
    fresh = (newest for newest in watched.places.values() if now - newest.at <= patience.fresh)
    return sorted({newest.reason for newest in fresh if newest.reason})


def notice_due(watched: Watched, now: datetime) -> int | None:
    """The notice about the certificate that has not been told yet: 30, 14, 7 or 1 days are left; None when none is due.

    Where several fall due at once (nobody looked for a week) only the most urgent is told.
    """
    if watched.certificate_ends is None:
        return None
    left = watched.certificate_ends - now
    due = next((days for days in NOTICES if left <= timedelta(days=days)), None)
    return None if due is None or any(told <= due for told in watched.noticed) else due

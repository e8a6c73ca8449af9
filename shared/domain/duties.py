"""Duties that change hands while we run: taken over, swapped, given back; each wish decided with a named outcome."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.oncall import Directory, Duty, Override, duty_at, shifts
from shared.domain.permissions import Permission, may

LONGEST = timedelta(days=14)
# The past stays known for as long as the weekly notice looks back on it.
KEPT_FOR = timedelta(weeks=5)


class DutyOutcome(StrEnum):
    """What became of a wish."""

    TAKEN = "taken over"
    SWAPPED = "swapped"
    CANCELLED = "given back"
    UNKNOWN_ROTATION = "no such rotation"
    UNKNOWN_PERSON = "no such person"
    NOT_ENTITLED = "an observer"
    UNREACHABLE = "cannot be reached"
    BACKWARDS = "ends before it starts"
    OVER = "over already"
    TOO_LONG = "longer than 14 days"
    ALREADY_THEIRS = "theirs already"
    NOBODY_THERE = "nobody on call then"
    NOTHING_TAKEN = "nothing taken over then"

    @property
    def happened(self) -> bool:
        """True when something was changed."""
        return self in {DutyOutcome.TAKEN, DutyOutcome.SWAPPED, DutyOutcome.CANCELLED}


@dataclass(frozen=True, slots=True)
class TakeDuty:
    """`person` is to have the duty from `start` until `end` (aware instants); `by` asked for it."""

    rotation: str
    person: str
    start: datetime
    end: datetime
    by: str


@dataclass(frozen=True, slots=True)
class SwapDuties:
    """Whoever is on call at `one` and whoever is at `other` exchange these two duties, whole."""

    rotation: str
    one: datetime
    other: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CancelDuty:
    """What was taken over for the time around `at` goes back; of a swap both halves."""

    rotation: str
    at: datetime
    by: str


DutyWish = TakeDuty | SwapDuties | CancelDuty


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome of a wish, the overrides to make, those to forget, and whom they relieve.

    `duties` are the spans that change hands, with who has them from now on.
    """

    outcome: DutyOutcome
    made: tuple[Override, ...] = ()
    forgotten: tuple[Override, ...] = ()
    duties: tuple[Duty, ...] = ()
    relieved: tuple[str, ...] = ()


def decide(wish: DutyWish, directory: Directory, now: datetime) -> Decided:
    """What becomes of the wish; `directory` is the present one, with everything taken over so far."""
    if wish.rotation not in directory.rotations:
        return Decided(DutyOutcome.UNKNOWN_ROTATION)
    if wish.by in directory.people and not may(wish.by, Permission.ACT, directory):
        return Decided(DutyOutcome.NOT_ENTITLED)
    match wish:
        case TakeDuty():
            return _take(wish, directory, now)
        case SwapDuties():
            return _swap(wish, directory, now)
        case CancelDuty():
            return _cancel(wish, directory, now)


def expired(overrides: Iterable[Override], now: datetime) -> tuple[Override, ...]:
    """What was taken over so long ago that nothing looks back on it."""
    return tuple(one for one in overrides if one.asked_at is not None and one.end <= now - KEPT_FOR)


def _take(wish: TakeDuty, directory: Directory, now: datetime) -> Decided:
    wanted = Override(wish.rotation, wish.person, max(wish.start, now), wish.end, asked_at=now, by=wish.by)
    refused = _refusal(wish, directory, now)
    if refused is not None:
        return Decided(refused)
    before = shifts(directory, wish.rotation, wanted.start, wanted.end)
    if all(duty.person == wish.person for duty in before):
        return Decided(DutyOutcome.ALREADY_THEIRS)
    return _made(DutyOutcome.TAKEN, (wanted,), before)


def _refusal(wish: TakeDuty, directory: Directory, now: datetime) -> DutyOutcome | None:
    if wish.person not in directory.people:
        return DutyOutcome.UNKNOWN_PERSON
    if not may(wish.person, Permission.ACT, directory):
        return DutyOutcome.NOT_ENTITLED
    if not _is_reachable(directory, wish.person):
        return DutyOutcome.UNREACHABLE
    if wish.end <= wish.start:
        return DutyOutcome.BACKWARDS
    if wish.end <= now:
        return DutyOutcome.OVER
    return DutyOutcome.TOO_LONG if wish.end - max(wish.start, now) > LONGEST else None


def _swap(wish: SwapDuties, directory: Directory, now: datetime) -> Decided:
    found = [duty_at(directory, wish.rotation, at) for at in (wish.one, wish.other)]
    one, other = (replace(duty, start=max(duty.start, now)) for duty in found)
    if one.end <= now or other.end <= now:
        return Decided(DutyOutcome.OVER)
    if one.person is None or other.person is None:
        return Decided(DutyOutcome.NOBODY_THERE)
    if one.person == other.person:
        return Decided(DutyOutcome.ALREADY_THEIRS)
    if max(one.end - one.start, other.end - other.start) > LONGEST:
        return Decided(DutyOutcome.TOO_LONG)
    made = tuple(
        Override(wish.rotation, person, duty.start, duty.end, asked_at=now, by=wish.by)
        for person, duty in ((other.person, one), (one.person, other))
    )
    return _made(DutyOutcome.SWAPPED, made, (one, other))


def _cancel(wish: CancelDuty, directory: Directory, now: datetime) -> Decided:
    taken = [one for one in directory.overrides if one.rotation == wish.rotation and one.asked_at is not None]
    last = next((one for one in reversed(taken) if one.start <= wish.at < one.end and one.end > now), None)
    if last is None:
        return Decided(DutyOutcome.NOTHING_TAKEN)
    whole = tuple(one for one in taken if (one.asked_at, one.by) == (last.asked_at, last.by) and one.end > now)
    past = tuple(replace(one, end=now) for one in whole if one.start < now)  # what has been done stays on the record
    after = replace(directory, overrides=tuple(one for one in directory.overrides if one not in whole))
    back = tuple(duty for one in whole for duty in shifts(after, wish.rotation, max(one.start, now), one.end))
    return Decided(
        DutyOutcome.CANCELLED, past, whole, back, tuple(dict.fromkeys(one.person for one in whole if one.person))
    )


def _made(outcome: DutyOutcome, made: tuple[Override, ...], before: Iterable[Duty]) -> Decided:
    duties = tuple(Duty(one.person, one.start, one.end) for one in made)
    relieved = dict.fromkeys(duty.person for duty in before if duty.person is not None)
    return Decided(outcome, made, duties=duties, relieved=tuple(relieved))


def _is_reachable(directory: Directory, name: str) -> bool:
    person = directory.people[name]
    ways = {"email": person.email, "sms": person.phone, "voice": person.phone, "slack": person.slack_user}
    return any(address and way not in person.off for way, address in ways.items())

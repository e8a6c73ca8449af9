"""Commands about duties: who is on call, taking a rotation over, giving it back."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain import typed as reading
from shared.domain.configuration import Configuration
from shared.domain.duties import CancelDuty, TakeDuty
from shared.domain.oncall import CAIRO, duty_at
from shared.rendering.view import cairo
from shared.usecases.duties import cancel_duty, take_duty
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, UnclearError

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
DAY = timedelta(days=1)


def oncall(typed: Typed, desk: Desk) -> str:
    """Who is on call in every rotation, and until when."""
    del typed
    directory, now = desk.config.directory, desk.clock.now()
    lines = []
    for rotation in directory.rotations:
        duty = duty_at(directory, rotation, now)
        person = directory.people.get(duty.person or "")
        lines.append(f"{rotation}: {person.name if person else 'nobody'} until {cairo(duty.end)}")
    return "\n".join(lines) or "There is no rotation."


def take(typed: Typed, desk: Desk) -> str:
    """Take a rotation over from now on: until the present duty ends, a time of day, or for a while."""
    rotation, now = _rotation(typed, desk), desk.clock.now()
    end = _end(typed.after, now) if typed.after else duty_at(desk.config.directory, rotation, now).end
    wish = TakeDuty(rotation, typed.who, now, end, typed.who)
    return take_duty(wish, config=_as_deployed(desk.config), store=desk.store, clock=desk.clock).sentence()


def give_back(typed: Typed, desk: Desk) -> str:
    """Give back what was taken over of a rotation for now."""
    wish = CancelDuty(_rotation(typed, desk), desk.clock.now(), typed.who)
    return cancel_duty(wish, config=_as_deployed(desk.config), store=desk.store, clock=desk.clock).sentence()


def _rotation(typed: Typed, desk: Desk) -> str:
    rotations = desk.config.directory.rotations
    if typed.first not in rotations:
        raise UnclearError(f"Which rotation? There are {', '.join(rotations)}.")
    return typed.first


def _end(text: str, now: datetime) -> datetime:
    word, _, rest = text.partition(" ")
    lasting = reading.length(rest) if word == "for" else None
    clock = _CLOCK.fullmatch(rest.strip()) if word == "until" else None
    if lasting is not None:
        return now + lasting
    if clock is None or not (int(clock[1]) < 24 and int(clock[2]) < 60):  # noqa: PLR2004 - a clock's own numbers
        raise UnclearError(f"{text[:40]!r} is no end.")
    zone = ZoneInfo(CAIRO)
    today = now.astimezone(zone).date()
    at = [datetime.combine(today + n * DAY, time(int(clock[1]), int(clock[2])), zone) for n in (0, 1)]
    return next(moment.astimezone(UTC) for moment in at if moment > now)


def _as_deployed(config: Configuration) -> Configuration:
    """Without what was taken over: the use case reads that itself, in its own attempt."""
    directory = config.directory
    made = tuple(one for one in directory.overrides if one.asked_at is None)
    return replace(config, directory=replace(directory, overrides=made))

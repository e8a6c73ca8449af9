"""Commands that change an incident; each is the same act as a button."""

from datetime import timedelta

from shared.domain import typed as reading
from shared.usecases.act import Act, Action, act, sentence
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, UnclearError, incident_named, person_named


def ack(typed: Typed, desk: Desk) -> str:
    """Take it over."""
    return _act(Action.ACKNOWLEDGE, typed, desk)


def snooze(typed: Typed, desk: Desk) -> str:
    """Later."""
    lasting = reading.length(typed.after) if typed.after else None
    if typed.after and lasting is None:
        raise UnclearError(f"{typed.after[:40]!r} is no length of time.")
    return _act(Action.SNOOZE, typed, desk, lasting=lasting)


def escalate(typed: Typed, desk: Desk) -> str:
    """The next step, now."""
    return _act(Action.ESCALATE, typed, desk)


def resolve(typed: Typed, desk: Desk) -> str:
    """It is over."""
    return _act(Action.RESOLVE, typed, desk)


def note(typed: Typed, desk: Desk) -> str:
    """Add to the record."""
    return _act(Action.NOTE, typed, desk, note=typed.after)


def assign(typed: Typed, desk: Desk) -> str:
    """Hand it over."""
    return _act(Action.REASSIGN, typed, desk, to=person_named(typed.after, typed, desk.config))


def _act(
    action: Action, typed: Typed, desk: Desk, *, note: str = "", to: str = "", lasting: timedelta | None = None
) -> str:
    name = incident_named(typed.first, typed.who, desk)
    wish = Act(action, name, typed.who, "slack", note=note, to=to, lasting=lasting)
    return sentence(act(wish, **desk.ports), desk.config)

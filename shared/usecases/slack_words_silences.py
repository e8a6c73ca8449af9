"""Commands that keep things quiet for a while."""

import re
import shlex

from shared.domain import typed as reading
from shared.domain.labels import labels_of_incident
from shared.domain.matchers import Matcher, Operator, parse
from shared.domain.permissions import Permission, may
from shared.domain.silences import Silence
from shared.domain.typed import matching_ids
from shared.rendering.view import cairo
from shared.usecases import silencing
from shared.usecases.records import read_incident
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, UnclearError, incident_named

_ASKED = re.compile(r"(?P<what>.+?)\s+for\s+(?P<lasting>\S+)\s+(?P<reason>.+)", re.DOTALL)
_QUOTES = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")  # what Slack makes of the quotes that were typed
ALIKE = ("rule", "service")
REFUSED = "Nothing was changed."


def silence(typed: Typed, desk: Desk) -> str:
    """Silence what fits every matcher, or what is of the same rule and service as an incident."""
    asked = _ASKED.fullmatch(typed.rest)
    lasting = reading.length(asked["lasting"]) if asked else None
    if asked is None or lasting is None:
        raise UnclearError("A silence needs what, for how long, and why.")
    if not may(typed.who, Permission.MANAGE, desk.config.directory):
        return f"{REFUSED} This person may not silence anything."
    wish = silencing.Wish(_matchers(asked["what"], typed, desk), lasting, typed.who, asked["reason"])
    made = silencing.silence(wish, config=desk.config, store=desk.store, clock=desk.clock)
    return _line(made.silence) if made.silence else f"{REFUSED} {made.refused}."


def silences(typed: Typed, desk: Desk) -> str:
    """The silences that are active now."""
    del typed
    found = silencing.active(desk.store, desk.clock.now())
    return "\n".join(_line(one) for one in found) or "Nothing is silenced."


def unsilence(typed: Typed, desk: Desk) -> str:
    """End a silence."""
    if not may(typed.who, Permission.MANAGE, desk.config.directory):
        return f"{REFUSED} This person may not end a silence."
    found = matching_ids(typed.first, (one.id for one in silencing.active(desk.store, desk.clock.now())))
    if len(found) != 1:
        raise UnclearError(f"{len(found) or 'No'} active silences answer to {typed.first[:40]!r}.")
    silencing.expire(found[0], by=typed.who, store=desk.store, clock=desk.clock)
    return f"{found[0]} is over; what it muted is told within a minute if it still fires."


def _matchers(text: str, typed: Typed, desk: Desk) -> tuple[Matcher, ...]:
    if not {"=", "~"} & set(text):
        return _like(text, typed, desk)
    try:
        return tuple(parse(word) for word in shlex.split(text.translate(_QUOTES)))
    except ValueError as error:
        raise UnclearError(f"{error}.") from error


def _like(text: str, typed: Typed, desk: Desk) -> tuple[Matcher, ...]:
    found = read_incident(desk.store, incident_named(text, typed.who, desk))
    labels = labels_of_incident(found[0]) if found else {}
    return tuple(Matcher(name, Operator.EQUAL, labels[name]) for name in ALIKE if labels.get(name))


def _line(one: Silence) -> str:
    what = " ".join(str(matcher) for matcher in one.matchers)
    return f"{one.id}  until {cairo(one.end)}  {what}  {one.author}: {one.reason}"

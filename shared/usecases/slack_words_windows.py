"""Maintenance windows from Slack: planned, listed, ticked, closed, rolled back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain import typed as reading
from shared.domain.maintenance import Window, upcoming
from shared.domain.matchers import Matcher, parse
from shared.domain.oncall import CAIRO
from shared.domain.permissions import Permission, may
from shared.domain.rollbacks import RollbackWish
from shared.domain.typed import matching_ids
from shared.rendering.maintenance_lines import window_line, window_lines
from shared.usecases import windows as acts
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, UnclearError
from shared.usecases.window_checklist import checklist, tick
from shared.usecases.window_notices import Office
from shared.usecases.window_records import windows
from shared.usecases.window_rollbacks import BackWish, ask_for_rollback

USAGE = (
    "list | show ID | plan 2026-12-03 02:00 for 2h [service=...] [rollback TARGET] WHY [; outside WHY] | "
    "emergency for 1h [service=...] WHY | check ID LINE EVIDENCE | close ID | cancel ID | rollback ID [again] WHY"
)
REFUSED = "Nothing was changed."
RECENT = timedelta(days=7)
_PLANNED = re.compile(
    r"(?P<start>\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2})\s+for\s+(?P<lasting>\S+)\s+(?P<rest>.+)", re.DOTALL
)
_EMERGENCY = re.compile(r"for\s+(?P<lasting>\S+)\s+(?P<rest>.+)", re.DOTALL)
_QUOTES = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")  # what Slack makes of the quotes that were typed
_MATCHER = re.compile(r'[a-z_]+(?:=~|!~|!=|=)(?:"(?:[^"\\]|\\.)*"|\S+)')
_BACK = re.compile(r"rollback\s+(?P<target>\S+)\s+(?P<rest>.+)", re.DOTALL | re.IGNORECASE)
_OUTSIDE = re.compile(r"\s*;\s*outside\s+", re.IGNORECASE)


def window(typed: Typed, desk: Desk) -> str:
    """Whatever comes after `window`; looking is for everybody we know, acting for those who may."""
    word = typed.first.lower()
    if word in {"", "list"}:
        return "\n".join(map(window_line, upcoming(_recent(desk), desk.clock.now()))) or "No window is planned."
    if word == "show":
        return _shown(_named(typed.after, desk), desk)
    act = _ACTS.get(word)
    if act is None:
        raise UnclearError(f"{word[:40]!r} is nothing one can do with windows.")
    if not may(typed.who, Permission.MANAGE, desk.config.directory):
        return f"{REFUSED} This person may not change maintenance windows."
    return act(Typed(typed.person, typed.after), desk)


def _plan(typed: Typed, desk: Desk) -> str:
    asked = _PLANNED.fullmatch(typed.rest)
    if asked is None:
        raise UnclearError("A window needs when, for how long, and why.")
    try:
        start = datetime.fromisoformat(asked["start"]).replace(tzinfo=ZoneInfo(CAIRO)).astimezone(UTC)
    except ValueError:
        raise UnclearError(f"{asked['start']!r} is no time of Egypt's.") from None
    return _opened(start, asked, typed, desk, emergency=False)


def _emergency(typed: Typed, desk: Desk) -> str:
    asked = _EMERGENCY.fullmatch(typed.rest)
    if asked is None:
        raise UnclearError("An emergency needs for how long, and why.")
    return _opened(desk.clock.now(), asked, typed, desk, emergency=True)


def _opened(start: datetime, asked: re.Match[str], typed: Typed, desk: Desk, *, emergency: bool) -> str:
    lasting = reading.length(asked["lasting"])
    if lasting is None:
        raise UnclearError(f"{asked['lasting'][:40]!r} is no length of time.")
    why, *outside = _OUTSIDE.split(asked["rest"], maxsplit=1)
    matchers, target, reason = _parts(why)
    wish = acts.WindowWish(
        start,
        start + lasting,
        reason,
        typed.who,
        matchers,
        emergency,
        outside=outside[0] if outside else "",
        rollback=RollbackWish(target) if target else None,
    )
    made = acts.open_window(wish, office=_office(desk), now=desk.clock.now())
    return window_line(made.window) if made.window else f"{REFUSED} {made.refused}."


def _parts(text: str) -> tuple[tuple[Matcher, ...], str, str]:
    """What it is for, the rollback it names, and the reason: the words that are left."""
    rest, matchers = text.translate(_QUOTES).strip(), []
    while found := _MATCHER.match(rest):
        try:
            matchers.append(parse(found[0]))
        except ValueError as error:
            raise UnclearError(f"{error}.") from error
        rest = rest[found.end() :].strip()
    back = _BACK.fullmatch(rest)
    return (tuple(matchers), back["target"], back["rest"]) if back else (tuple(matchers), "", rest)


def _check(typed: Typed, desk: Desk) -> str:
    name, _, said = typed.rest.partition(" ")
    line, _, evidence = said.strip().partition(" ")
    found = _named(name, desk)
    done = tick(found.id, line, by=typed.who, evidence=evidence, office=_office(desk), now=desk.clock.now())
    return _shown(done.window, desk) if done.window else f"{REFUSED} {done.refused}."


def _close(typed: Typed, desk: Desk) -> str:
    found = _named(typed.first, desk)
    done = acts.close_window(found.id, by=typed.who, office=_office(desk), now=desk.clock.now())
    said = f"{found.id} is over; what it held back is told within a minute if it still fires."
    return said if done.window else f"{REFUSED} {done.refused}."


def _cancel(typed: Typed, desk: Desk) -> str:
    found = _named(typed.first, desk)
    done = acts.cancel_window(found.id, by=typed.who, office=_office(desk), now=desk.clock.now())
    return f"{found.id} is cancelled." if done.window else f"{REFUSED} {done.refused}."


def _rollback(typed: Typed, desk: Desk) -> str:
    found = _named(typed.first, desk)
    first, _, rest = typed.after.partition(" ")
    again = first.lower() == "again"
    reason = rest.strip() if again else typed.after
    if not reason:
        raise UnclearError("A rollback needs a reason.")
    wish = BackWish(found.id, typed.who, reason, again=again)
    done = ask_for_rollback(wish, office=_office(desk), now=desk.clock.now())
    return f"{REFUSED} {done.refused}." if done.refused else f"{found.id}: its rollback is being started."


_ACTS: dict[str, Callable[[Typed, Desk], str]] = {
    "plan": _plan,
    "emergency": _emergency,
    "check": _check,
    "tick": _check,
    "close": _close,
    "cancel": _cancel,
    "rollback": _rollback,
}


def _named(text: str, desk: Desk) -> Window:
    known = {one.id: one for one in _recent(desk)}
    found = matching_ids(text, known)
    if len(found) != 1:
        raise UnclearError(f"{len(found) or 'No'} windows answer to {text[:40]!r}.")
    return known[found[0]]


def _recent(desk: Desk) -> list[Window]:
    return windows(desk.store, since=desk.clock.now() - RECENT)


def _shown(found: Window, desk: Desk) -> str:
    return "\n".join(window_lines(found, checklist(found, office=_office(desk), now=desk.clock.now())))


def _office(desk: Desk) -> Office:
    return Office(desk.config, desk.store, desk.publisher)

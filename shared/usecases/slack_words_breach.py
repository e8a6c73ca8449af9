"""/incident breach: declare one, contain it, report it, stand down. What is answered has no details in it."""

from collections.abc import Callable

from shared.domain.breaches import Breach, Said, filing
from shared.domain.code_names import as_typed
from shared.domain.containment import Kind
from shared.rendering.breach import neutral_title
from shared.rendering.view import cairo
from shared.usecases import breaches
from shared.usecases.breach_records import all_breaches, read_breach
from shared.usecases.breaches import Done, Wish
from shared.usecases.containment import Ports, ask, confirm_measure, measures_of, propose_measure
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, UnclearError, incident_named

USAGE = (
    "ID | list | show NAME | contain NAME WHAT TARGET... | propose CM | confirm CM MARK | "
    "reported NAME | stand-down NAME WHY | close NAME"
)
ACTS: dict[str, Callable[..., Done]] = {
    "reported": breaches.note_report,
    "stand-down": breaches.ask_stand_down,
    "close": breaches.close,
}

OF_THE_TEAM = frozenset({"list", "show", "contain", "propose", "confirm", *ACTS})


def breach(typed: Typed, desk: Desk) -> str:
    """One word decides; anything else names the incident to declare, which everybody may do."""
    word, rest = typed.first.lower(), Typed(typed.person, typed.after)
    if word in OF_THE_TEAM and typed.who not in desk.config.response_team.members:
        return f"Nothing was changed: {Said.NOT_IN_TEAM}."
    match word:
        case "list":
            return "\n".join(map(_line, all_breaches(desk.store))) or "No breach was ever declared."
        case "show":
            return show(rest, desk)
        case "contain":
            return contain(rest, desk)
        case "propose":
            return str(propose_measure(rest.first, by=typed.who, ports=_ports(desk)).said)
        case "confirm":
            return str(confirm_measure(rest.first, rest.after, by=typed.who, ports=_ports(desk)).said)
        case "reported" | "stand-down" | "close":
            name, why = _name_and_rest(rest.rest, desk)
            return _answer(ACTS[word](Wish(name, typed.who, "slack", why), **desk.ports))
    incident = incident_named(typed.first, typed.who, desk)
    return _answer(breaches.declare(Wish(incident, typed.who, "slack"), **desk.ports))


def contain(typed: Typed, desk: Desk) -> str:
    """Ask for the dry run of a measure; what it says comes to the restricted channel."""
    name, rest = _name_and_rest(typed.rest, desk)
    kind, *targets = rest.split() or [""]
    if kind not in list(Kind):
        raise UnclearError(f"{kind[:40]!r} is no measure; there are {', '.join(Kind)}.")
    done = ask(name, Kind(kind), targets, by=typed.who, ports=_ports(desk))
    return f"{done.said}: {done.measure.id}" if done.measure else f"{done.said}"


def show(typed: Typed, desk: Desk) -> str:
    """The clocks and the measures of a breach, without a word of what it is about."""
    found = read_breach(_name_and_rest(typed.rest, desk)[0], desk.store)
    if found is None:
        raise UnclearError("There is no such breach.")
    one, now = found[0], desk.clock.now()
    lines = [
        _line(one),
        f"Detected {cairo(one.detected_at)}; report due {cairo(one.regulator_at)}: {filing(one, now)}",
        *(f"{measure.id} {measure.kind}: {measure.stage}" for measure in measures_of(one, desk.store)),
    ]
    return "\n".join(lines)


def _answer(done: Done) -> str:
    return f"{neutral_title(done.breach)}: {done.said}." if done.breach else f"Nothing was changed: {done.said}."


def _line(one: Breach) -> str:
    return f"{neutral_title(one)}, {one.incident}, {one.standing}"


def _name_and_rest(text: str, desk: Desk) -> tuple[str, str]:
    """A code name is two words, or one with a dash between them; an id is one."""
    words = text.split()
    known = {as_typed(name): one.id for one in reversed(all_breaches(desk.store)) for name in (one.code, one.id)}
    for count in (1, 2):
        name = as_typed(" ".join(words[:count]))
        if name in known:
            return known[name], " ".join(words[count:])
    raise UnclearError(f"There is no breach called {text[:40]!r}." if text else "Which breach?")


def _ports(desk: Desk) -> Ports:
    return Ports(desk.config, desk.store, desk.publisher, desk.clock)

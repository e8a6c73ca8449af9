"""Commands about an incident's further life: mitigated, reopened, closed, merged, its severity and its roles."""

from shared.domain.incidents import Role
from shared.domain.severities import Severity
from shared.usecases.act import Act, Action, act, sentence
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, UnclearError, incident_named, person_named

INTO = "into "
ALSO_ROLES = {"ic": Role.COMMANDER, "comms": Role.COMMUNICATIONS}


def mitigate(typed: Typed, desk: Desk) -> str:
    """The harm is stopped, the cause is not."""
    return _said(_wish(Action.MITIGATE, typed, desk, note=typed.after), desk)


def reopen(typed: Typed, desk: Desk) -> str:
    """It is not over after all."""
    return _said(_wish(Action.REOPEN, typed, desk, note=typed.after), desk)


def close(typed: Typed, desk: Desk) -> str:
    """Nothing is left to do."""
    return _said(_wish(Action.CLOSE, typed, desk, note=typed.after), desk)


def merge(typed: Typed, desk: Desk) -> str:
    """It goes on in another one."""
    other = typed.after.removeprefix(INTO).strip()
    if not other:
        raise UnclearError("Into which incident?")
    into = incident_named(other, typed.who, desk)
    return _said(_wish(Action.MERGE, typed, desk, into=into), desk)


def severity(typed: Typed, desk: Desk) -> str:
    """It is worse, or less bad, than it looks; why is a must."""
    word, _, why = typed.after.partition(" ")
    if word.lower() not in set(Severity):
        raise UnclearError(f"{word[:40]!r} is no severity." if word else "Which severity?")
    if not why.strip():
        raise UnclearError("A severity is changed for a reason: why?")
    return _said(_wish(Action.SEVERITY, typed, desk, severity=Severity(word.lower()), note=why), desk)


def role(typed: Typed, desk: Desk) -> str:
    """Somebody commands, speaks or writes down; without a name it is whoever types."""
    word, _, name = typed.after.partition(" ")
    wanted = ALSO_ROLES.get(word.lower()) or next((one for one in Role if one == word.lower()), None)
    if wanted is None:
        roles = ", ".join(Role)
        raise UnclearError(f"{word[:40]!r} is no role; there are {roles}." if word else f"Which role: {roles}?")
    person = person_named(name.strip() or "me", typed, desk.config)
    return _said(_wish(Action.ROLE, typed, desk, role=wanted, to=person), desk)


def _wish(
    action: Action,
    typed: Typed,
    desk: Desk,
    *,
    note: str = "",
    into: str = "",
    to: str = "",
    severity: Severity | None = None,
    role: Role | None = None,
) -> Act:
    name = incident_named(typed.first, typed.who, desk)
    return Act(action, name, typed.who, "slack", note=note, to=to, severity=severity, role=role, into=into)


def _said(wish: Act, desk: Desk) -> str:
    return sentence(act(wish, **desk.ports), desk.config)

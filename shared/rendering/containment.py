"""A measure against a breach, line by line, for the restricted channel and the command line."""

from collections.abc import Sequence

from shared.domain.containment import Effect, Kind, Measure, Stage

SHOWN = 20
VERBS = {
    Kind.REVOKE_SESSIONS: "end the sessions of {} user(s)",
    Kind.REQUIRE_PASSWORD_RESET: "make the passwords of {} user(s) useless and have new ones asked for",
    Kind.DISABLE_SERVICE_ACCOUNT: "disable {} service account(s)",
    Kind.FREEZE_LOGS: "keep {} log bucket(s) for longer",
}


def lines_of(measure: Measure) -> tuple[str, ...]:
    """What would be done or has become of it, with what to type next."""
    command = f"/incident breach {{}} {measure.id}"
    match measure.stage:
        case Stage.FORESEEN:
            more = (f"Nothing has been done. To propose it: {command.format('propose')}",) if measure.changes else ()
            return (_would(measure), *_listed(measure.foreseen), *more)
        case Stage.PROPOSED:
            confirm = f"{command.format('confirm')} {measure.mark}"
            return (_would(measure), *_listed(measure.foreseen), f"Another of the team, within 15 minutes: {confirm}")
        case Stage.DONE | Stage.FAILED | Stage.UNKNOWN:
            untold = len(measure.targets) - len(measure.results)
            more = (f"{untold} target(s) without a known outcome: look at them by hand",) if untold else ()
            return (*_listed(measure.results), *more)
        case Stage.CONFIRMED | Stage.RUNNING:
            return (f"Being done now: {VERBS[measure.kind].format(len(measure.changes))}.",)
        case _:
            return (_would(measure),)


def _would(measure: Measure) -> str:
    number = len(measure.changes) if measure.foreseen else len(measure.targets)
    return f"This would {VERBS[measure.kind].format(number)}."


def _listed(effects: Sequence[Effect]) -> tuple[str, ...]:
    lines = tuple(f"{effect.target}: {effect.what}" for effect in effects[:SHOWN])
    return (*lines, f"and {len(effects) - SHOWN} more") if len(effects) > SHOWN else lines

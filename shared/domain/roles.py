"""Who commands, who speaks, who writes down: roles of an incident, given and taken, each on its record."""

from dataclasses import replace
from enum import StrEnum

from shared.domain.acting import By
from shared.domain.incidents import Acked, Changed, Incident, Role, State, over
from shared.domain.severities import Severity


class Given(StrEnum):
    """What a wish about a role came to."""

    GIVEN = "role given"
    TAKEN = "role taken"
    ALREADY_THEIRS = "the role is theirs already"
    CANNOT_HAVE = "nobody of that name may have a role"
    NO_SUCH_ROLE = "there is no such role"


def give(incident: Incident, by: By, role: Role, to: str) -> Changed:
    """Somebody has the role now, in place of whoever had it; a resolved incident has roles until it is closed."""
    if incident.state in {State.CLOSED, State.MERGED}:
        return Changed(incident, over(incident))
    before = incident.roles.get(role, "")
    if before == to:
        return Changed(incident, Given.ALREADY_THEIRS)
    outcome = Given.TAKEN if to == by.person else Given.GIVEN
    given = replace(incident, roles={**incident.roles, role: to}, revision=incident.revision + 1)
    return Changed(given, outcome, (by.entry("role", outcome, f"{role}: {before or 'nobody'} -> {to}"),))


def commanded(changed: Changed, by: By) -> Changed:
    """An acknowledgement of a critical incident: whoever takes it commands it, unless somebody does already."""
    incident = changed.incident
    needs = incident.severity is Severity.CRITICAL and Role.COMMANDER not in incident.roles
    if changed.outcome != Acked.ACCEPTED or not needs:
        return changed
    given = replace(incident, roles={**incident.roles, Role.COMMANDER: by.person})
    entry = by.entry("role", Given.TAKEN, f"{Role.COMMANDER}: nobody -> {by.person}")
    return replace(changed, incident=given, entries=(*changed.entries, entry))

"""Who answers for a step of a procedure right now."""

from datetime import datetime

from shared.domain.incidents import Incident
from shared.domain.oncall import Directory, on_call_at


def responsible(by: str, incident: Incident, directory: Directory, at: datetime) -> tuple[str, ...]:
    """The people who answer for what is done `by` somebody, never nobody.

    A role nobody has, and what the machine does, is the owner's; until there is one, that of whoever is on call.
    """
    kind, _, name = by.partition(":")
    found = {"team": directory.teams.get(name, ()), "person": (name,)}.get(kind, ())
    known = tuple(person for person in found if person in directory.people)
    if kind == "oncall":
        known = _on_call(name, directory, at)
    return known or _leading(incident, directory, at)


def _leading(incident: Incident, directory: Directory, at: datetime) -> tuple[str, ...]:
    if incident.owner in directory.people:
        return (incident.owner,)
    targets = (target for step in incident.ladder.policy.steps for target in step.targets)
    rotation = next((target.partition(":")[2] for target in targets if target.startswith("oncall:")), "")
    return _on_call(rotation, directory, at) or (directory.default_contact,)


def _on_call(rotation: str, directory: Directory, at: datetime) -> tuple[str, ...]:
    person = on_call_at(directory, rotation, at) if rotation in directory.rotations else None
    return (person,) if person is not None and person in directory.people else ()

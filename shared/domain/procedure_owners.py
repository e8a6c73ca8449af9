"""Who answers for a step of a procedure right now."""

from datetime import datetime

from shared.domain.incidents import Incident, Role
from shared.domain.oncall import Directory, on_call_at


def responsible(by: str, incident: Incident, directory: Directory, at: datetime) -> tuple[str, ...]:
    """The people who answer for what is done `by` somebody, never nobody.

    What the machine does is the commander's, and so is a role nobody has; without a commander the owner's, and until
    there is one, that of whoever is on call.
    """
    kind, _, name = by.partition(":")
    found = {
        "team": directory.teams.get(name, ()),
        "person": (name,),
        "role": (incident.roles.get(name, ""),),
    }.get(kind, ())
    known = tuple(person for person in found if person in directory.people)
    if kind == "oncall":
        known = _on_call(name, directory, at)
    return known or _leading(incident, directory, at)


def _leading(incident: Incident, directory: Directory, at: datetime) -> tuple[str, ...]:
    leads = next((one for one in (incident.roles.get(Role.COMMANDER), incident.owner) if one in directory.people), None)
    if leads is not None:
        return (leads,)
    return on_call(incident, directory, at)


def on_call(incident: Incident, directory: Directory, at: datetime) -> tuple[str, ...]:
    """Whom the incident's own chain calls first, else the default contact."""
    targets = (target for step in incident.ladder.policy.steps for target in step.targets)
    rotation = next((target.partition(":")[2] for target in targets if target.startswith("oncall:")), "")
    return _on_call(rotation, directory, at) or (directory.default_contact,)


def _on_call(rotation: str, directory: Directory, at: datetime) -> tuple[str, ...]:
    person = on_call_at(directory, rotation, at) if rotation in directory.rotations else None
    return (person,) if person is not None and person in directory.people else ()

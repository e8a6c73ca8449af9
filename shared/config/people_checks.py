"""People, teams and rotations: somebody is always there, can be reached, and can acknowledge."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from shared.config.faults import Finding, Level, Path, dotted
from shared.config.placeholders import is_demo, is_placeholder
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.drafts import AUDIENCE
from shared.domain.fairness import HORIZON, loads, overloaded, whole_cycles
from shared.domain.notifications import GAME_DAY
from shared.domain.oncall import Directory, Layer, Person, Rotation, shifts
from shared.domain.permissions import BREACH_TEAM, Permission, may

FILE = "oncall.yaml"


def people_findings(configuration: Configuration) -> Iterator[Finding]:
    """What does not fit among the people, at any time."""
    directory = _without_recipient(configuration.directory)
    for person in directory.people.values():
        yield from _person(person, demo_allowed=configuration.demo_contacts)
    for team, members in directory.teams.items():
        if team == BREACH_TEAM:
            continue  # breach.yaml makes it, and is checked itself
        yield from _members(("teams", team), members, directory)
    for rotation in directory.rotations.values():
        yield from _rotation(rotation, directory)
    for index, override in enumerate(directory.overrides):
        path: Path = ("overrides", index)
        if override.rotation not in directory.rotations:
            yield _error(
                (*path, "rotation"),
                f"there is no rotation {override.rotation}",
                one_of(directory.rotations, override.rotation),
            )
        if override.person is not None and override.person not in directory.people:
            yield _error(
                (*path, "person"), f"there is no person {override.person}", one_of(directory.people, override.person)
            )
        if override.start >= override.end:
            yield _error((*path, "end"), "the override ends before it starts", "write an end after the start instead")
    yield from _default_contact(directory)


def gaps(directory: Directory, now: datetime, *, horizon: timedelta = HORIZON) -> Iterator[Finding]:
    """The first instant within the horizon at which a rotation has nobody, as a finding per rotation."""
    for name, rotation in directory.rotations.items():
        spans = shifts(directory, name, now, now + horizon)
        empty = next((span.start for span in spans if span.person not in directory.people), None)
        if rotation.people and empty is not None:
            what = f"nobody is on call from {empty:%Y-%m-%d %H:%M} UTC"
            yield _error(("rotations", name), what, "fill it with people of the rotation, or with an override")


def unfairness(directory: Directory, now: datetime) -> Iterator[Finding]:
    """Who is to carry more than one and a half times what the others of the rotation carry, over whole cycles."""
    for name, rotation in directory.rotations.items():
        if rotation.people:
            length = whole_cycles(directory, name)
            found = loads(directory, now, now + length, rotations=[name])
            for person, kind in overloaded(found):
                what = f"in the next {length.days} days {person} has more than 1.5 times the mean of {kind}"
                yield Finding(
                    Level.WARNING,
                    FILE,
                    ("rotations", name),
                    what,
                    "share the turns more evenly: name the others more often",
                )


def _without_recipient(directory: Directory) -> Directory:
    """Neither whom rehearsals reach nor people outside may be named by a duty, a team or as default contact."""
    people = {
        name: person for name, person in directory.people.items() if name != GAME_DAY and not name.startswith(AUDIENCE)
    }
    return replace(directory, people=people)


def _person(person: Person, *, demo_allowed: bool) -> Iterator[Finding]:
    for field in ("name", "email", "phone", "slack_user"):
        value = getattr(person, field)
        if is_placeholder(value) or (is_demo(value) and not demo_allowed):
            fix = 'write the real one, or "" for none' if field != "name" else "write the person's name"
            yield _error(("people", person.id, field), f"{value!r} is a placeholder", fix)
    if not (person.email or person.phone or person.slack_user):
        what = f"{person.id} can neither be reached nor acknowledge"
        yield _error(("people", person.id), what, "write an email, phone or slack_user there")


def _members(path: Path, members: tuple[str, ...], directory: Directory) -> Iterator[Finding]:
    if not members:
        yield _error(path, f"nobody is in {dotted(path[1:])}", _somebody(directory))
    for index, member in enumerate(members):
        is_team = path[0] == "teams"
        at = (*path, index) if is_team else (*path, "people", index)
        if member not in directory.people:
            yield _error(at, f"there is no person {member}", one_of(directory.people, member))
        elif is_team and member in members[:index]:
            yield _error(at, f"{member} is there twice", "keep one of them")


def _rotation(rotation: Rotation, directory: Directory) -> Iterator[Finding]:
    path: Path = ("rotations", rotation.name)
    if rotation.base.people or not rotation.layers:
        yield from _layer(path, rotation.base, directory)
    for index, layer in enumerate(rotation.layers):
        yield from _layer((*path, "layers", index), layer, directory)


def _layer(path: Path, layer: Layer, directory: Directory) -> Iterator[Finding]:
    yield from _members(path, layer.people, directory)
    for index, member in enumerate(layer.people):
        person = directory.people.get(member)
        if person is None:
            continue
        if not may(member, Permission.ACT, directory):
            what = f"{member} is an observer and may not acknowledge"
            yield _error((*path, "people", index), what, f"take observer out of {member}'s roles, or name another")
        elif not person.phone:
            what = f"{member} is on call without a phone: no text message can wake them"
            yield Finding(Level.WARNING, FILE, (*path, "people", index), what, "write their phone number")


def _default_contact(directory: Directory) -> Iterator[Finding]:
    person = directory.people.get(directory.default_contact)
    if person is None:
        yield _error(
            ("default_contact",),
            f"there is no person {directory.default_contact}",
            one_of(directory.people, directory.default_contact),
        )
    elif not person.email:
        what = f"{person.id} is the last to answer and has no email"
        yield _error(("default_contact",), what, "write their email, or name somebody who has one")


def _somebody(directory: Directory) -> str:
    return f"name at least one id of people, such as [{next(iter(directory.people), 'nour')}]"


def _error(path: Path, what: str, fix: str) -> Finding:
    return Finding(Level.ERROR, FILE, path, what, fix)

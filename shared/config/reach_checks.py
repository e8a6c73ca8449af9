"""Whoever is on call can be woken, and can say so: by what the networks of their country allow."""

from collections.abc import Iterator

from shared.config.faults import Finding, Level, Path
from shared.domain.configuration import Configuration
from shared.domain.countries import Country, country_of
from shared.domain.oncall import Person

FILE = "oncall.yaml"


def reach_findings(configuration: Configuration) -> Iterator[Finding]:
    """Who on call could sleep through everything, or could not acknowledge."""
    people, countries = configuration.directory.people, configuration.countries.values()
    for name in dict.fromkeys(_on_call(configuration)):
        person = people.get(name)
        if person is None or not (person.email or person.phone or person.slack_user):
            continue  # told elsewhere already
        path: Path = ("people", name)
        country = country_of(person.phone, countries) if person.phone else None
        if person.phone and country is None:
            what = f"the country of {name}'s phone is not in countries.yaml"
            yield Finding(Level.WARNING, FILE, (*path, "phone"), what, "add the country there")
        if not _acknowledges_by(person, country):
            what = f"{name} is on call and has no way to acknowledge"
            yield Finding(Level.ERROR, FILE, path, what, "write their email or slack_user")


def _on_call(configuration: Configuration) -> Iterator[str]:
    directory = configuration.directory
    for rotation in directory.rotations.values():
        yield from rotation.people
    yield from (override.person for override in directory.overrides if override.person is not None)


def _acknowledges_by(person: Person, country: Country | None) -> tuple[str, ...]:
    """The ways that are sure to work; an answer by SMS is never one, and an unknown country is trusted."""
    ways = {
        "slack": bool(person.slack_user),
        "email": bool(person.email),
        "sms": bool(person.phone) and (country is None or country.link_in_sms),
        "voice": bool(person.phone) and (country is None or country.voice),
    }
    return tuple(way for way, works in ways.items() if works)

"""People outside who are told something once somebody has approved it: a mailing list for each."""

from collections.abc import Iterator
from dataclasses import replace

from shared.config.faults import Fault, Finding, Level
from shared.config.placeholders import is_demo, is_placeholder
from shared.config.wire import ChannelsFile
from shared.domain.configuration import Configuration
from shared.domain.drafts import AUDIENCE
from shared.domain.oncall import Directory, Person


def with_audiences(file: ChannelsFile, directory: Directory) -> Directory:
    """The directory with each audience as somebody who may do nothing. Raises Fault where a name is taken."""
    people = dict(directory.people)
    for name, address in file.audiences.items():
        known = f"{AUDIENCE}{name}"
        if known in people:
            what = f"{known} is the name of a person already"
            raise Fault(("audiences", name), what, "rename the one in oncall.yaml")
        people[known] = Person(known, name.replace("_", " ").capitalize(), address, roles=("observer",))
    return replace(directory, people=people)


def audience_findings(configuration: Configuration) -> Iterator[Finding]:
    """Addresses that reach nobody."""
    for name, person in configuration.directory.people.items():
        if not name.startswith(AUDIENCE):
            continue
        if is_placeholder(person.email) or (is_demo(person.email) and not configuration.demo_contacts):
            path = ("audiences", name.removeprefix(AUDIENCE))
            fix = "write the address of your list, or leave the audience out"
            yield Finding(Level.ERROR, "channels.yaml", path, f"{person.email!r} is a placeholder", fix)

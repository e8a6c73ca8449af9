"""Who may do what, once for every way in: pages, Slack, links, calls and commands ask this table."""

from collections.abc import Mapping
from enum import StrEnum

from shared.domain.oncall import Directory, Person

OBSERVER = "observer"
BREACH_TEAM = "breach"  # the team of oncall.yaml that alone sees and contains breaches of personal data
RESTRICTED = "restricted"  # a label: the incident is shown to the breach team alone


class Permission(StrEnum):
    """What a page, a button or a command asks of the person."""

    READ = "read"  # incidents, messages, figures
    ACT = "act"  # acknowledge, snooze, escalate, note, resolve, hand over
    PUBLISH = "publish"  # words that customers read
    CONTAIN = "contain"  # what is done against a breach, and the incidents about one
    MANAGE = "manage"  # maintenance windows and silences


READER = frozenset({Permission.READ})
RESPONDER = READER | {Permission.ACT, Permission.PUBLISH, Permission.MANAGE}
BY_ROLE: Mapping[str, frozenset[Permission]] = {OBSERVER: READER}


def permissions_of(person: Person | None, directory: Directory) -> frozenset[Permission]:
    """Everybody in the directory may act, except those whose role is only to be told; a stranger may nothing.

    The narrowest of a person's roles holds. To contain a breach one has to be of the breach team as well.
    """
    if person is None or directory.people.get(person.id) is None:
        return frozenset()
    granted = RESPONDER
    for role in person.roles:
        granted &= BY_ROLE.get(role, RESPONDER)
    contains = Permission.ACT in granted and person.id in directory.teams.get(BREACH_TEAM, ())
    return granted | {Permission.CONTAIN} if contains else granted


def may(person: str, permission: Permission, directory: Directory) -> bool:
    """Whether the person of this id has the permission."""
    return permission in permissions_of(directory.people.get(person), directory)


def is_shown(labels: Mapping[str, str], permissions: frozenset[Permission]) -> bool:
    """Whether an incident with these labels exists at all for a reader with these permissions."""
    return Permission.CONTAIN in permissions if labels.get(RESTRICTED) else Permission.READ in permissions

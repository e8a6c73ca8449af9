"""Who may do what, once for every way in: pages, Slack, links, calls and commands ask this table."""

from collections.abc import Mapping
from enum import StrEnum

from shared.domain.oncall import Directory, Person

OBSERVER = "observer"


class Permission(StrEnum):
    """What a page, a button or a command asks of the person."""

    READ = "read"  # incidents, messages, figures
    ACT = "act"  # acknowledge, snooze, escalate, note, resolve, hand over
    PUBLISH = "publish"  # words that customers read
    MANAGE = "manage"  # maintenance windows and silences


READER = frozenset({Permission.READ})
RESPONDER = READER | {Permission.ACT, Permission.PUBLISH, Permission.MANAGE}
BY_ROLE: Mapping[str, frozenset[Permission]] = {OBSERVER: READER}


def permissions_of(person: Person | None, directory: Directory) -> frozenset[Permission]:
    """Everybody in the directory may act, except those whose role is only to be told; a stranger may nothing.

    The narrowest of a person's roles holds.
    """
    if person is None or directory.people.get(person.id) is None:
        return frozenset()
    granted = RESPONDER
    for role in person.roles:
        granted &= BY_ROLE.get(role, RESPONDER)
    return granted


def may(person: str, permission: Permission, directory: Directory) -> bool:
    """Whether the person of this id has the permission."""
    return permission in permissions_of(directory.people.get(person), directory)

"""What was changed lately (releases, deployments, configuration, builds), and which of it may explain an incident."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

EXPLAINS = timedelta(minutes=30)
SLACK = timedelta(minutes=2)  # clocks differ, and a fault may be seen a moment before its release is told
MOST, KEPT = 3, 10
PLACEHOLDERS = frozenset({"service", "version", "previous"})

# What goes into a command somebody will paste into a shell at night: no option, no path, nothing a shell would read.
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class ChangeKind(StrEnum):
    """What kind of change; in this order they are suspected."""

    RELEASE = "release"
    DEPLOYMENT = "deployment"
    CONFIGURATION = "configuration change"
    BUILD = "build"


_RANK = {kind: rank for rank, kind in enumerate(ChangeKind)}
UNDONE = frozenset({ChangeKind.RELEASE, ChangeKind.DEPLOYMENT})


@dataclass(frozen=True, slots=True)
class Change:
    """One change on record. `version` is what runs since, `previous` what ran before ("" = not known).

    All texts are from outside: bounded and scrubbed by whoever read them, and escaped where they are shown.
    """

    id: str
    kind: ChangeKind
    service: str
    at: datetime
    version: str = ""
    previous: str = ""
    by: str = ""
    commit: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A part of the marketplace: the names it goes by (shell patterns), and the command that takes a change back."""

    name: str
    also: tuple[str, ...] = ()
    rollback: str = ""

    def is_called(self, name: str) -> bool:
        """True when the name means this service."""
        return any(fnmatchcase(name, pattern) for pattern in (self.name, *self.also))


@dataclass(frozen=True, slots=True)
class Suspect:
    """A change that may explain an incident, with the command that takes it back ("" where none can be given)."""

    change: Change
    is_same_service: bool
    command: str = ""


def explains(change: Change, began: datetime) -> bool:
    """True when the change came at most half an hour before the trouble began."""
    return began - EXPLAINS <= change.at <= began + SLACK


def suspects(
    changes: Iterable[Change], *, service: str, began: datetime, services: Sequence[Service] = (), most: int = MOST
) -> tuple[Suspect, ...]:
    """The changes that may explain trouble of the service: its own first, then by kind, then the latest."""
    known = [change for change in changes if explains(change, began)]
    found = [Suspect(change, is_same(change.service, service, services), command(change, services)) for change in known]
    return tuple(sorted(found, key=_order))[:most]


def is_same(one: str, other: str, services: Sequence[Service]) -> bool:
    """True when both names mean the same service."""
    if one == other:
        return bool(one)
    return any(service.is_called(one) and service.is_called(other) for service in services)


def with_previous(change: Change, earlier: Iterable[Change]) -> Change:
    """The change with what ran before it, where it does not say so itself: the version of the last one on record."""
    if change.previous or not change.version:
        return change
    same = [one for one in earlier if one.at < change.at and one.version and one.version != change.version]
    last = max(same, key=lambda one: one.at, default=None)
    return replace(change, previous=last.version) if last else change


def command(change: Change, services: Sequence[Service]) -> str:
    """The command that takes the change back; "" unless every name that goes into it is harmless in a shell."""
    template = next((one.rollback for one in services if one.is_called(change.service) and one.rollback), "")
    if not template or change.kind not in UNDONE:
        return ""
    names = {"service": change.service, "version": change.version, "previous": change.previous}
    wanted = _PLACEHOLDER.findall(template)
    if not all(_SAFE.fullmatch(names.get(name, "")) for name in wanted):
        return ""
    return _PLACEHOLDER.sub(lambda found: names[found[1]], template)


def unknown_placeholders(template: str) -> list[str]:
    """What stands in braces in a template and means nothing."""
    return [name for name in _PLACEHOLDER.findall(template) if name not in PLACEHOLDERS]


def _order(suspect: Suspect) -> tuple[bool, int, float]:
    change = suspect.change
    return not suspect.is_same_service, _RANK[change.kind], -change.at.timestamp()

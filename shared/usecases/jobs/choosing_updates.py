"""Which version each pin is moved to, and which of these moves fit together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.domain.advisories import Exposure
from shared.domain.pinned import Pin, normalised
from shared.domain.updates import Change, Details, Offered, changelog_of, size_of
from shared.ports.security import PackageIndex
from shared.usecases.jobs.versions import python

if TYPE_CHECKING:
    from packaging.requirements import Requirement

RUNTIME = "3.12"  # of the functions, as infra/modules/function has it
ENVIRONMENT = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{RUNTIME}.0",
    "python_version": RUNTIME,
    "sys_platform": "linux",
    "extra": "",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A move that was not made, and why."""

    change: Change
    because: str


def chosen(
    pin: Pin, offered: Sequence[Offered], exposed: Sequence[Exposure], *, now: datetime, cool_down: timedelta
) -> Change | None:
    """The newest version that has ripened; one that ends a vulnerability does not wait for that. None: it stays.

    Versions that were withdrawn, that are pre-releases, or that our Python is too old for are no choice.
    """
    here = python(pin.version)
    usable = [one for one in offered if _is_usable(one, here.is_prerelease) and here < python(one.version)]
    ripe = [one for one in usable if now - one.uploaded_at >= cool_down]
    best = max(ripe, key=lambda one: python(one.version), default=None)
    if fixes := [python(one.fixed) for one in exposed if one.fixed]:
        curing = [one for one in usable if python(one.version) >= max(fixes)]
        if curing and (best is None or python(best.version) < max(fixes)):
            best = min(curing, key=lambda one: python(one.version))
    if best is None:
        return None
    there = python(best.version)
    ended = tuple(sorted(one.id for one in exposed if one.fixed and python(one.fixed) <= there))
    return Change(pin.name, pin.version, best.version, size_of(here.release, there.release), best.hashes, ended)


def fitting(
    pins: Iterable[Pin], changes: Sequence[Change], index: PackageIndex
) -> tuple[list[Change], list[LeftOut], Mapping[tuple[str, str], Details]]:
    """The changes that leave no requirement of any pinned package unmet, with links; and those that do not.

    Every package's own requirements are held against the lock that would result, as a resolver does it. What would need
    a package that is not locked yet is left for a resolver and somebody's judgement.
    """
    known: dict[tuple[str, str], Details] = {}
    before = {pin.name: pin.version for pin in pins}
    left, out = {change.name: change for change in changes}, list[LeftOut]()
    while True:
        lock = before | {name: change.after for name, change in left.items()}
        culprit = next(_unmet(lock, left, index, known), None)
        if culprit is None:
            break
        out.append(LeftOut(left.pop(culprit[0]), culprit[1]))
    made = [replace(one, link=changelog_of(known[one.name, one.after].links or {})) for one in left.values()]
    return made, out, known


def _unmet(
    lock: Mapping[str, str], changes: Mapping[str, Change], index: PackageIndex, known: dict[tuple[str, str], Details]
) -> Iterator[tuple[str, str]]:
    """The name of each change that breaks a requirement, and which."""
    for name, version in sorted(lock.items()):
        if (name, version) not in known:
            known[name, version] = index.details(name, version)
        for wanted in _requirements(known[name, version]):
            needed = normalised(wanted.name)
            has = lock.get(needed)
            if has is None and name in changes:
                yield name, f"{name} {version} needs {needed}, which is not locked"
            elif has is not None and not wanted.specifier.contains(has, prereleases=True):
                said = f"{name} {version} needs {needed} {wanted.specifier}"
                yield from ((one, said) for one in (needed, name) if one in changes)


def _requirements(details: Details) -> "Iterator[Requirement]":
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - a cold start does without

    for text in details.requires:
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            continue  # of an old release; pip would refuse it as well
        if wanted.marker is None or wanted.marker.evaluate(dict(ENVIRONMENT)):
            yield wanted


def _is_usable(one: Offered, with_prereleases: bool) -> bool:  # noqa: FBT001 - of the version that is there
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - see above

    try:
        suits = RUNTIME in SpecifierSet(one.python)
    except InvalidSpecifier:
        suits = False
    return suits and not one.yanked and (with_prereleases or not python(one.version).is_prerelease)

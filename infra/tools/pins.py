"""The part of requirements.txt that a set of imports needs: pinned, with hashes, without an index address."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.tools.sources import ROOT

LOCK = ROOT / "requirements.txt"
FRAMEWORK = "functions-framework"  # the buildpack would add a version of its own choice
# Where functions run, whatever machine packs them.
TARGET: Mapping[str, str] = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "platform_release": "",
    "platform_version": "",
    "implementation_version": "3.12.0",
    "python_full_version": "3.12.0",
    "python_version": "3.12",
    "sys_platform": "linux",
}
# An import that needs an extra of its distribution.
EXTRAS: Mapping[str, str] = {"google.auth.transport.requests": "requests", "google.oauth2.id_token": "requests"}
SUFFIXES = ("/__init__.py", ".py", ".pyi", ".so")

Wanted = dict[str, set[str]]


def requirements_of(imports: Iterable[str]) -> str:
    """The requirements.txt of a function that imports these names.

    A distribution that somebody wants with extras is pinned twice, with them and without: older pips take the two for
    different things, look for a newer version of the one that is not listed, and refuse it for having no hash.
    """
    wanted = _closed({FRAMEWORK: set(), **_direct(imports)})
    locked = _locked()
    missing = sorted(set(wanted) - set(locked))
    if missing:
        raise LookupError(f"requirements.txt lacks {', '.join(missing)}; run make lock")
    return "".join(_pinned(locked[name], sorted(wanted[name])) for name in sorted(wanted))


def distribution_of(name: str) -> str:
    """The installed distribution that an imported name comes from, e.g. "google.cloud.firestore.Client"."""
    words = name.split(".")
    for length in range(len(words), 0, -1):
        if found := _owners().get("/".join(words[:length])):
            return found
    if canonicalize_name(name) in _locked():
        return str(canonicalize_name(name))
    raise LookupError(f"no installed distribution has {name}")


def _direct(imports: Iterable[str]) -> Wanted:
    found: Wanted = {}
    for name in imports:
        extras = found.setdefault(distribution_of(name), set())
        extras |= {extra for start, extra in EXTRAS.items() if f"{name}.".startswith(f"{start}.")}
    return found


def _closed(direct: Wanted) -> Wanted:
    """With everything they require in turn, extras included."""
    closed: Wanted = {}
    waiting = list(direct.items())
    while waiting:
        name, extras = waiting.pop()
        known = closed.get(name)
        if known is not None and extras <= known:
            continue
        closed[name] = (known or set()) | extras
        waiting += [(_name(wanted), set(wanted.extras)) for wanted in _required(name, frozenset(closed[name]))]
    return closed


def _required(name: str, extras: frozenset[str]) -> list[Requirement]:
    every = [Requirement(text) for text in metadata.requires(name) or ()]
    return [one for one in every if any(_applies(one, extra) for extra in ("", *extras))]


def _applies(requirement: Requirement, extra: str) -> bool:
    environment = {**TARGET, "extra": extra}
    return requirement.marker is None or requirement.marker.evaluate(environment)


def _name(requirement: Requirement) -> str:
    return str(canonicalize_name(requirement.name))


@cache
def _owners() -> dict[str, str]:
    """Path of a module or package, without its ending -> its distribution."""
    found = {}
    for distribution in metadata.distributions():
        name = str(canonicalize_name(distribution.metadata["Name"]))
        for file in distribution.files or ():
            for suffix in SUFFIXES:
                if str(file).endswith(suffix):
                    found[str(file).removesuffix(suffix).partition(".cpython")[0].partition(".abi3")[0]] = name
    return found


@cache
def _locked() -> dict[str, str]:
    """Each distribution's lines of the lock, without comments."""
    lines = [line for line in LOCK.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    blocks = re.split(r"\n(?=\S)", "\n".join(lines))
    return {str(canonicalize_name(block.partition("==")[0].partition("[")[0])): block for block in blocks if block}


def _pinned(block: str, extras: list[str]) -> str:
    name, rest = block.split("==", 1)
    plain = name.partition("[")[0]
    forms = (plain, f"{plain}[{','.join(extras)}]") if extras else (plain,)
    return "".join(f"{form}=={rest.rstrip()}\n" for form in forms)

"""What a saved plan would do, read from `terraform show -json`: to each function, and to everything else."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from infra.tools.deploy.terraform import Document

FUNCTION = "google_cloudfunctions2_function"
IN_MODULE = re.compile(r'^module\.function\["(\w+)"\]\.')
KEY = re.compile(r'\["(\w+)(?:/[^"]*)?"\]$')
# What holds something that no apply brings back: deleting it has to be asked for by name.
STATEFUL = frozenset({
    "google_storage_bucket",
    "google_bigquery_dataset",
    "google_bigquery_table",
    "google_firestore_database",
    "google_pubsub_topic",
    "google_pubsub_subscription",
    "google_secret_manager_secret",
})  # fmt: skip
NOTHING = frozenset({"no-op", "read"})


class Verdict(StrEnum):
    """What a plan does to one function."""

    NEW = "new"
    GONE = "gone"
    CODE = "code changed"
    CONFIGURATION = "configuration changed"
    BOTH = "code and configuration changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that would not stay as it is; `fields` are the arguments that differ."""

    address: str
    kind: str
    actions: tuple[str, ...]
    fields: tuple[str, ...]
    function: str = ""
    is_view: bool = False

    @property
    def deletes(self) -> bool:
        """True when what is there now would be deleted, for good or to be made anew."""
        return "delete" in self.actions

    @property
    def is_stateful_deletion(self) -> bool:
        """True when data would be lost. A view is made anew from its .sql at any time."""
        return self.deletes and self.kind in STATEFUL and not self.is_view


@dataclass(frozen=True, slots=True)
class Changes:
    """A whole plan."""

    functions: Mapping[str, Verdict]
    others: Sequence[Change]
    deletions: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """True when nothing would be done."""
        return not self.others and set(self.functions.values()) <= {Verdict.UNCHANGED}


def changes(plan: Document, functions: Iterable[str]) -> Changes:
    """What the plan does; `functions` are those that the tree has."""
    known = set(functions)
    found = [_change(one, known) for one in plan.get("resource_changes", ()) if _acts(one)]
    mine: dict[str, list[Change]] = {name: [] for name in sorted(known | {c.function for c in found if c.function})}
    for one in found:
        if one.function:
            mine[one.function].append(one)
    return Changes(
        {name: _verdict(about) for name, about in mine.items()},
        [one for one in found if not one.function],
        [one.address for one in found if one.is_stateful_deletion],
    )


def running(state: Document) -> Mapping[str, str]:
    """The SHA-256 of the package that each function runs, from `terraform show -json` of the state."""
    found = {}
    for one in _resources((state.get("values") or {}).get("root_module") or {}):
        if one["type"] == FUNCTION:
            function, _, package = _object_of(one["values"]).partition("/")
            found[function] = package.removesuffix(".zip")
    return found


def differing(before: object, after: object, unknown: object = None) -> set[str]:
    """The arguments that differ; what the cloud has yet to decide does not count, however deep it lies."""
    old, new = _mapping(before), _mapping(after)
    return {
        name for name in old.keys() | new.keys() if not _same(old.get(name), new.get(name), _mapping(unknown).get(name))
    }


def _same(old: object, new: object, unknown: object) -> bool:
    if unknown is True or old == new:
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        return not differing(old, new, unknown)
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        undecided = unknown if isinstance(unknown, list) and len(unknown) == len(new) else [None] * len(new)
        return all(_same(*pair) for pair in zip(old, new, undecided, strict=True))
    return False


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _acts(one: Document) -> bool:
    return not set(one["change"]["actions"]) <= NOTHING and one.get("mode", "managed") == "managed"


def _change(one: Document, known: set[str]) -> Change:
    change = one["change"]
    fields = (
        _code_or_configuration(change)
        if one["type"] == FUNCTION
        else differing(change.get("before"), change.get("after"), change.get("after_unknown"))
    )
    return Change(
        one["address"],
        one["type"],
        tuple(change["actions"]),
        tuple(sorted(fields)),
        _function_of(one["address"], known),
        is_view=bool((change.get("before") or {}).get("view")),
    )


def _function_of(address: str, known: set[str]) -> str:
    """The function a resource belongs to: it is in its module, or its key begins with its name."""
    if inside := IN_MODULE.match(address):
        return inside[1]
    keyed = KEY.search(address)
    return keyed[1] if keyed and keyed[1] in known else ""


def _code_or_configuration(change: Document) -> set[str]:
    """The package's name is the code; the rest of the build is configuration."""
    old, new = _mapping(change.get("before")), _mapping(change.get("after"))
    is_code = _object_of(old) != _object_of(new)
    alike = {**old, "build_config": [_of_package(build, new) for build in old.get("build_config") or ()]}
    fields = differing(alike, new, change.get("after_unknown"))
    return fields | {"code"} if is_code else fields


def _of_package(build: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """The old build as it would be with the new package."""
    return {**build, "source": next(iter(new.get("build_config") or [{}])).get("source")}


def _verdict(about: Sequence[Change]) -> Verdict:
    itself = next((one for one in about if one.kind == FUNCTION), None)
    if itself is not None and set(itself.actions) == {"create"}:
        return Verdict.NEW
    if itself is not None and set(itself.actions) == {"delete"}:
        return Verdict.GONE
    is_code = itself is not None and "code" in itself.fields
    others = [one for one in about if one is not itself or set(one.fields) - {"code"}]
    if is_code:
        return Verdict.BOTH if others else Verdict.CODE
    return Verdict.CONFIGURATION if about else Verdict.UNCHANGED


def _object_of(values: Mapping[str, Any]) -> str:
    """FUNCTION/SHA.zip, or ""."""
    for name in ("build_config", "source", "storage_source"):
        values = next(iter(values.get(name) or [{}]))
    return str(values.get("object") or "")


def _resources(module: Document) -> Iterator[Document]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)

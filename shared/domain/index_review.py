"""Indexes that queries need against those that are there: missing, not ready, broken, and needed by nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.jobs import Finding, Verdict

ALERT = "database_upkeep"
Declared = Mapping[str, tuple[tuple[str, ...], ...]]  # collection -> (equal fields..., order field) of each query


class IndexState(StrEnum):
    """As the Firestore Admin API has it (google.firestore.admin.v1.Index.State); MISSING is ours."""

    READY = "READY"
    CREATING = "CREATING"
    NEEDS_REPAIR = "NEEDS_REPAIR"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Index:
    """An index over several fields: all ascending, the last of them `newest_first` or not."""

    collection: str
    fields: tuple[str, ...]
    newest_first: bool = False

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.collection}({', '.join(self.fields)}{' DESC' if self.newest_first else ''})"


def needed(declared: Declared) -> Iterator[Index]:
    """An index each way for every query over more than one field; over one Firestore makes it by itself."""
    for collection, queries in declared.items():
        for fields in queries:
            if len(fields) > 1:
                yield Index(collection, fields)
                yield Index(collection, fields, newest_first=True)


def judged(declared: Declared, there: Mapping[Index, IndexState]) -> tuple[Finding, ...]:
    """What is wrong. An index of a collection that is not ours is not ours to judge."""
    wanted = dict.fromkeys(needed(declared))
    states = {**dict.fromkeys(wanted, IndexState.MISSING), **there}
    bad = [found for one, state in states.items() if (found := _judged(one, state)) is not None]
    return (*bad, *_unused(there, wanted, declared))


def _judged(one: Index, state: IndexState) -> Finding | None:
    match state:
        case IndexState.MISSING:
            fix = "apply Terraform; every query that needs it fails until it is ready"
            return Finding(one.name, f"no index serves {one.name}", Verdict.FAIL, fix, ALERT)
        case IndexState.NEEDS_REPAIR:
            fix = "delete it and apply Terraform; its last build failed, and it is not kept up to date"
            return Finding(one.name, f"the index {one.name} needs repair", Verdict.FAIL, fix, ALERT)
        case IndexState.CREATING:
            fix = "wait; its queries fail until it is ready"
            return Finding(one.name, f"the index {one.name} is still being built", Verdict.WARN, fix, ALERT)
    return None


def _unused(there: Iterable[Index], wanted: Iterable[Index], declared: Declared) -> Iterator[Finding]:
    for one in sorted(set(there) - set(wanted), key=lambda one: one.name):
        if one.collection in declared and len(one.fields) > 1:
            fix = "delete it: each write pays for it"
            yield Finding(one.name, f"no query of ours needs the index {one.name}", Verdict.WARN, fix, ALERT)

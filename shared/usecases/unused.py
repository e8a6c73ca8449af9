"""What is stored and used by nobody: orphan objects, releases long replaced, empty tables. Everything else is used."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice

from shared.domain.cleanup import Candidate
from shared.ports.audits import Shelf, Thing
from shared.ports.store import StateStore
from shared.usecases.records import DEAD_LETTERS

MOST = 10_000  # things of a kind that one run looks at
GRACE = timedelta(days=7)  # what is written now may be referred to in a moment
TEMPORARY = ("exports/", "tmp/")
TEMPORARY_FOR = timedelta(days=14)
RELEASES_KEPT = 10  # of each function, the newest
RELEASES_FOR = timedelta(days=90)
EMPTY_FOR = timedelta(days=30)

Unused = Callable[[datetime], Iterable[Candidate]]


@dataclass(frozen=True, slots=True)
class Stock:
    """A shelf, what is unused on it at an instant, and the kind that its things are."""

    kind: str
    shelf: Shelf
    unused: Unused


def objects_stock(store: StateStore, shelf: Shelf) -> Stock:
    """Texts of dead letters and charts whose records are gone, and temporary exports. No other object is looked at."""
    return Stock("object", shelf, lambda now: _objects(store, shelf, now))


def releases_stock(shelf: Shelf) -> Stock:
    """Function packages ("FUNCTION/SHA256.zip") that are old and that many newer ones have replaced."""
    return Stock("release", shelf, lambda now: _releases(shelf, now))


def tables_stock(shelf: Shelf) -> Stock:
    """Tables without a row that nothing declares."""
    return Stock("table", shelf, lambda now: _tables(shelf, now))


def _objects(store: StateStore, shelf: Shelf, now: datetime) -> Iterator[Candidate]:
    for one in islice(shelf.things("dead-letters/"), MOST):
        letter = one.name.removeprefix("dead-letters/")
        if now - one.made_at > GRACE and store.get(DEAD_LETTERS, letter) is None:
            yield _candidate("object", one, "the text of a dead letter whose record is gone")
    for one in islice(shelf.things("charts/"), MOST):
        evidence = one.name.removeprefix("charts/").removesuffix(".png").rpartition("-")[0]
        if now - one.made_at > GRACE and evidence and store.get("evidence", evidence) is None:
            yield _candidate("object", one, "a chart whose evidence is gone")
    for prefix in TEMPORARY:
        for one in islice(shelf.things(prefix), MOST):
            if now - one.made_at > TEMPORARY_FOR:
                yield _candidate("object", one, f"a temporary export of {one.made_at:%Y-%m-%d}")


def _releases(shelf: Shelf, now: datetime) -> Iterator[Candidate]:
    packages = [one for one in shelf.things("") if one.name.count("/") == 1 and one.name.endswith(".zip")]
    for function, found in groupby(sorted(packages, key=_function), key=_function):
        newest = sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)
        for one in newest[RELEASES_KEPT:]:
            if now - one.made_at > RELEASES_FOR:
                because = f"{RELEASES_KEPT} newer packages of {function}; this one is of {one.made_at:%Y-%m-%d}"
                yield _candidate("release", one, because)


def _tables(shelf: Shelf, now: datetime) -> Iterator[Candidate]:
    for one in islice(shelf.things(""), MOST):
        if now - one.made_at > EMPTY_FOR:
            yield _candidate("table", one, "no row, and nothing of ours declares it")


def _function(one: Thing) -> str:
    return one.name.partition("/")[0]


def _candidate(kind: str, one: Thing, because: str) -> Candidate:
    return Candidate(kind, one.name, one.size, one.mark, because)

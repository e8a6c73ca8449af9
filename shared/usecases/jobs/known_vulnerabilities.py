"""What OSV says about pins, kept, so that a night without it is no night without an answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.advisories import Advisory, affects
from shared.domain.pinned import Pin
from shared.errors import SourceError
from shared.ports.security import Advisories
from shared.ports.store import Put, StateStore
from shared.usecases.jobs.versions import ORDERED
from shared.usecases.records import ADVISORIES, body_of, value_of

ASKED = "asked-"  # and the ecosystem: what was asked last, and what was answered


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered at an instant: for each pin ("name==version") the ids of what is known of it."""

    at: datetime
    found: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of each pin. `age` is None when it was asked just now; `unknown` are pins nobody asked about."""

    of: Mapping[Pin, tuple[Advisory, ...]]
    age: timedelta | None = None
    unknown: tuple[Pin, ...] = ()
    because: str = ""


def ask(pins: Sequence[Pin], source: Advisories, store: StateStore, now: datetime, *, keep: bool) -> Known:
    """Ask, and keep the answers where `keep` says so; without an answer, what was kept. Pins are of one ecosystem."""
    try:
        found = source.search(pins)
        documents = {name: _document(name, stamp, source, store, keep=keep) for name, stamp in _stamps(found)}
    except SourceError as error:
        return _kept(pins, store, now, str(error))
    if keep and pins:
        answers = Answers(now, {_key(pin): tuple(sorted(ids)) for pin, ids in found.items()})
        store.commit([Put(ADVISORIES, f"{ASKED}{pins[0].ecosystem}", body_of(answers))])
    return Known({pin: tuple(documents[name] for name in sorted(ids)) for pin, ids in found.items()})


def _stamps(found: Mapping[Pin, Mapping[str, str]]) -> Iterable[tuple[str, str]]:
    return sorted({name: stamp for ids in found.values() for name, stamp in ids.items()}.items())


def _document(name: str, stamp: str, source: Advisories, store: StateStore, *, keep: bool) -> Advisory:
    """The one that is kept, unless OSV has changed it since."""
    kept = _read(name, store)
    if kept is not None and stamp and kept.modified == stamp:
        return kept
    fresh = source.read(name)
    if keep:
        store.commit([Put(ADVISORIES, name, body_of(fresh))])
    return fresh


def _kept(pins: Sequence[Pin], store: StateStore, now: datetime, because: str) -> Known:
    """By what was answered about this very version, else by the ranges of what is known of its name."""
    row = store.get(ADVISORIES, f"{ASKED}{pins[0].ecosystem}") if pins else None
    if row is None:
        return Known({}, None, tuple(pins), because)
    answers = value_of(row, Answers)
    by_name: dict[str, set[str]] = {}
    for key, ids in answers.found.items():
        by_name.setdefault(_name(key), set()).update(ids)
    of: dict[Pin, tuple[Advisory, ...]] = {}
    for pin in (pin for pin in pins if pin.name in by_name):
        exact = answers.found.get(_key(pin))
        known = [one for name in sorted(by_name[pin.name] if exact is None else exact) if (one := _read(name, store))]
        of[pin] = tuple(one for one in known if exact is not None or affects(one, pin, ORDERED[pin.ecosystem]))
    return Known(of, now - answers.at, tuple(pin for pin in pins if pin.name not in by_name), because)


def _read(name: str, store: StateStore) -> Advisory | None:
    row = store.get(ADVISORIES, name)
    return None if row is None else value_of(row, Advisory)


def _key(pin: Pin) -> str:
    return f"{pin.name}=={pin.version}"


def _name(key: str) -> str:
    return key.rpartition("==")[0]

"""Legal holds: placed and released by people, each on the audited record, all in one document.

They are one document so that a removal can demand, in its own commit, that no hold came meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared import typed
from shared.domain.redaction import redact
from shared.domain.retention import Hold, Kept, released
from shared.domain.signals import bounded
from shared.errors import PermanentError
from shared.ports.store import Create, Replace, StateStore, Write
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.records import RETENTION, body_of

HOLDS = "holds"
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Held:
    """All holds there ever were, oldest first, as they were read; `version` is None while there is no document."""

    holds: tuple[Hold, ...] = ()
    version: str | None = None

    @property
    def standing(self) -> tuple[Hold, ...]:
        """Those that keep something now."""
        return tuple(hold for hold in self.holds if hold.released_at is None)


def read_holds(store: StateStore) -> Held:
    """The holds."""
    found = store.get(RETENTION, HOLDS)
    if found is None:
        return Held()
    return Held(typed.convert(found.body.get("holds", []), tuple[Hold, ...]), found.version)


def place_hold(*, kind: str, subject: str, why: str, by: str, store: StateStore, now: datetime) -> Hold:
    """Keep what it covers from being removed. Raises PermanentError when it says too little."""
    if kind not in {"", *Kept}:
        raise PermanentError(f"there is no class {kind}; write one of {', '.join(Kept)}")
    if not (kind or subject):
        raise PermanentError("a hold names a class, an incident or a document")
    if not why.strip() or not by.strip():
        raise PermanentError("a hold says why, and who answers for it")
    words = bounded(redact(why), LONGEST_REASON)

    def attempt() -> Hold:
        held = read_holds(store)
        hold = Hold(f"hold-{len(held.holds) + 1:04d}", kind, subject, words, by, now)
        act = Act(now, by, "legal hold placed", hold.id, f"{kind or 'every class'} {subject or 'as a whole'}: {words}")
        store.commit([unchanged(held, (*held.holds, hold)), *audit_writes(store, act)])
        return hold

    return committed(attempt)


def release_hold(name: str, *, why: str, by: str, store: StateStore, now: datetime) -> Hold:
    """End a hold. Raises LookupError when none of that name stands, PermanentError without a reason or a person."""
    if not why.strip() or not by.strip():
        raise PermanentError("a release says why, and who answers for it")

    def attempt() -> Hold:
        held = read_holds(store)
        hold = next((one for one in held.standing if one.id == name), None)
        if hold is None:
            raise LookupError(f"no hold {name} stands; `soukmon hold list` shows those that do")
        over = released(hold, now)
        act = Act(now, by, "legal hold released", name, bounded(redact(why), LONGEST_REASON))
        rest = tuple(over if one.id == name else one for one in held.holds)
        store.commit([unchanged(held, rest), *audit_writes(store, act)])
        return over

    return committed(attempt)


def unchanged(held: Held, holds: Sequence[Hold] | None = None) -> Write:
    """The write that keeps the holds (those given, else as they were), and conflicts when they changed meanwhile."""
    body = {"holds": [body_of(hold) for hold in (held.holds if holds is None else holds)]}
    return Create(RETENTION, HOLDS, body) if held.version is None else Replace(RETENTION, HOLDS, body, held.version)

"""What nobody uses: proposed, decided by people on the audited chain, and deleted only as they decided."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.cleanup import Candidate, Proposal, State, begun, decided, ended, may_delete, proposed
from shared.domain.oncall import Directory
from shared.domain.permissions import Permission, may
from shared.errors import NotMeasuredError, RefusedError
from shared.ports.store import Create, Document, Query, Replace, StateStore, Write
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.records import body_of, value_of
from shared.usecases.unused import Stock

log = logging.getLogger(__name__)

CLEANUPS = "cleanups"
MOST_OPEN = 200  # more than anybody reads
OURSELVES = "database_optimization"


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of approved proposals. `refused` says why some could not be carried out; they stay approved."""

    deleted: tuple[Proposal, ...] = ()
    changed: tuple[Proposal, ...] = ()
    refused: tuple[str, ...] = ()


def open_proposals(store: StateStore) -> list[Proposal]:
    """Those that wait for a decision or for being carried out, the newest first."""
    query = Query(CLEANUPS, equal={"is_open": "yes"}, order_by="at", newest_first=True, limit=MOST_OPEN)
    return [value_of(row, Proposal) for row in store.find(query)]


def propose(candidates: Iterable[Candidate], *, store: StateStore, now: datetime) -> int:
    """Keep a proposal for each that has none; the largest first, as many as may be open. How many are new."""
    room = MOST_OPEN - len(open_proposals(store))
    made = 0
    for one in sorted(candidates, key=lambda one: (-one.size, one.kind, one.name)):
        if made >= room:
            break
        row = store.get(CLEANUPS, one.id)
        new = proposed(one, value_of(row, Proposal) if row else None, now)
        if new is not None:
            store.commit([_kept(new, row)])
            made += 1
    return made


def decide(name: str, state: State, *, by: str, directory: Directory, store: StateStore, now: datetime) -> Proposal:
    """Approve or reject a proposal, once and on the record.

    Raises LookupError for one that is not there, RefusedError (403) for a person who may not decide, (409) for one that
    is not to be decided any more.
    """
    if not may(by, Permission.MANAGE, directory):
        raise RefusedError(f"{by or 'nobody'} may not decide what is deleted", status=403)
    return committed(lambda: _decided(name, state, by, store, now))


def carry_out(stocks: Iterable[Stock], *, store: StateStore, now: datetime, is_dry: bool = False) -> Carried:
    """Delete what was approved and is still the same, unused thing; nothing else, and nothing in a dry run.

    That it begins is on the record before anything is gone. Cut off, it is carried on by the next call.
    """
    approved = [one for one in open_proposals(store) if one.state.is_approved and not one.is_over_at(now)]
    ends: list[tuple[State, Proposal]] = []
    refused: list[str] = []
    for stock in stocks:
        mine = [one for one in approved if one.candidate.kind == stock.kind]
        try:
            unused = {found.id: found for found in stock.unused(now)} if mine else {}
            for one in mine:
                found = unused.get(one.id)
                end = _foreseen(one, found, now) if is_dry else _deleted(one, stock, found, store, now)
                ends.append((end, one))
        except NotMeasuredError as error:
            refused.append(f"{stock.kind}: {error}")
    deleted = tuple(one for end, one in ends if end is State.DONE)
    return Carried(deleted, tuple(one for end, one in ends if end is State.CHANGED), tuple(refused))


def expire(*, store: StateStore, now: datetime) -> int:
    """End the proposals that have waited too long; how many."""
    late = [one for one in open_proposals(store) if one.is_over_at(now)]
    for one in late:
        committed(lambda one=one: _end(one.id, State.EXPIRED, store, now))  # type: ignore[misc]
    return len(late)


def _foreseen(one: Proposal, unused: Candidate | None, now: datetime) -> State:
    return State.DONE if may_delete(one, unused, now) else State.CHANGED


def _deleted(one: Proposal, stock: Stock, unused: Candidate | None, store: StateStore, now: datetime) -> State:
    """What became of the approved proposal, as it stands on the record by then.

    One that had begun and is gone was deleted by the call that was cut off.
    """
    if not may_delete(one, unused, now):
        is_gone = one.state is State.BEGUN and not stock.shelf.has(one.candidate.name)
        return committed(lambda: _end(one.id, State.DONE if is_gone else State.CHANGED, store, now))
    if not committed(lambda: _begin(one.id, store, now)):
        return State.REJECTED  # meanwhile
    try:
        removed = stock.shelf.remove(one.candidate.name, one.candidate.mark)
    except NotMeasuredError:  # refused, so nothing was deleted: the decision is people's again
        committed(lambda: _step_back(one.id, store, now))
        raise
    return committed(lambda: _end(one.id, State.DONE if removed else State.CHANGED, store, now))


def _begin(name: str, store: StateStore, now: datetime) -> bool:
    """From here on the approval cannot be taken back; False where it was."""
    row, before = _read(name, store)
    after = begun(before, now)
    if after is None:
        return False
    if before.state is not State.BEGUN:
        act = Act(now, OURSELVES, "cleanup begun", _subject(before), f"{name}, approved by {before.by}")
        store.commit([_kept(after, row), *audit_writes(store, act)])
    return True


def _decided(name: str, state: State, by: str, store: StateStore, now: datetime) -> Proposal:
    row, before = _read(name, store)
    after = decided(before, state, by=by, now=now)
    if after is None:
        raise RefusedError(f"proposal {name} is {before.state}, and not to be {state} any more", status=409)
    act = Act(now, by, f"cleanup {state}", _subject(before), name)
    store.commit([_kept(after, row), *audit_writes(store, act)])
    return after


def _step_back(name: str, store: StateStore, now: datetime) -> None:
    row, before = _read(name, store)
    if before.state is State.BEGUN:
        act = Act(now, OURSELVES, "cleanup refused", _subject(before), f"{name}, approved by {before.by}")
        store.commit([_kept(replace(before, state=State.APPROVED), row), *audit_writes(store, act)])


def _end(name: str, state: State, store: StateStore, now: datetime) -> State:
    """The proposal ends, once; what came of an approved one stands on the record."""
    row, before = _read(name, store)
    if not before.state.is_open:
        return before.state
    writes = [_kept(ended(before, state, now), row)]
    if before.by:
        act = Act(now, OURSELVES, f"cleanup {state}", _subject(before), f"{name}, approved by {before.by}")
        writes += audit_writes(store, act)
    store.commit(writes)
    log.info("cleanup ended", extra={"proposal": name, "state": state})
    return state


def _subject(one: Proposal) -> str:
    return f"{one.candidate.kind} {one.candidate.name}"


def _read(name: str, store: StateStore) -> tuple[Document, Proposal]:
    row = store.get(CLEANUPS, name)
    if row is None:
        raise LookupError(f"there is no cleanup proposal {name}")
    return row, value_of(row, Proposal)


def _kept(one: Proposal, row: Document | None) -> Write:
    body = {**body_of(one), "is_open": "yes" if one.state.is_open else "no"}
    return Replace(CLEANUPS, one.id, body, row.version) if row else Create(CLEANUPS, one.id, body)

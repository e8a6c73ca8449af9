"""Proposals to delete what nobody uses: made by a look, decided by a person, and carried out only as decided.

A proposal is about one thing as it was when it was proposed (its `mark`). Only one that somebody approved may be
carried out, and only while the thing is still unused and has the same mark.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

WAITS = timedelta(days=30)  # so long a proposal waits for somebody, and an approval for being carried out


class State(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    APPROVED = "approved"
    BEGUN = "being deleted"  # too late to take the approval back
    REJECTED = "rejected"  # the thing as it was is never proposed again
    EXPIRED = "expired"  # nobody decided, or it could not be carried out; it may be proposed anew
    CHANGED = "changed"  # it was approved, and is in use, another thing or gone by now; we deleted nothing
    DONE = "deleted"

    @property
    def is_open(self) -> bool:
        """True while something may still come of it."""
        return self in {State.OPEN, State.APPROVED, State.BEGUN}

    @property
    def is_approved(self) -> bool:
        """True when a person said yes and it has not come to an end."""
        return self in {State.APPROVED, State.BEGUN}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that nobody uses: of a kind ("object", "table", "release"), its bytes, and why that is believed.

    `mark` changes with the thing (a generation, an entity tag).
    """

    kind: str
    name: str
    size: int
    mark: str
    because: str

    @property
    def id(self) -> str:
        """The proposal's: one and the same for the same thing, unchanged."""
        return hashlib.sha256(f"{self.kind}\n{self.name}\n{self.mark}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate as it was proposed, and what became of it. `by` is the person who decided."""

    candidate: Candidate
    at: datetime
    state: State = State.OPEN
    by: str = ""
    decided_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def id(self) -> str:
        """Its candidate's."""
        return self.candidate.id

    def is_over_at(self, now: datetime) -> bool:
        """True when it has waited too long."""
        return self.state.is_open and now - (self.decided_at or self.at) >= WAITS


def proposed(candidate: Candidate, known: Proposal | None, now: datetime) -> Proposal | None:
    """A new proposal; None where the thing, as it is, has been proposed, decided on or refused before."""
    if known is not None and known.state not in {State.EXPIRED, State.CHANGED}:
        return None
    return Proposal(candidate, now)


def decided(proposal: Proposal, state: State, *, by: str, now: datetime) -> Proposal | None:
    """The proposal approved or rejected; None where that is not to be decided any more.

    An approval can be taken back by a rejection until the deletion has begun.
    """
    if proposal.state not in {State.OPEN, State.APPROVED} or proposal.is_over_at(now) or proposal.state is state:
        return None
    return replace(proposal, state=state, by=by, decided_at=now, ended_at=None if state.is_open else now)


def begun(proposal: Proposal, now: datetime) -> Proposal | None:
    """The proposal with its deletion begun, for a second time as well; None where nothing may be deleted."""
    return replace(proposal, state=State.BEGUN) if proposal.state.is_approved and not proposal.is_over_at(now) else None


def ended(proposal: Proposal, state: State, now: datetime) -> Proposal:
    """The proposal with what became of it."""
    return replace(proposal, state=state, ended_at=now)


def may_delete(proposal: Proposal, unused: Candidate | None, now: datetime) -> bool:
    """The one condition of every deletion: approved by a person, in time, and the same thing still unused."""
    is_approved = proposal.state.is_approved and bool(proposal.by) and not proposal.is_over_at(now)
    same = unused is not None and (unused.kind, unused.name, unused.mark) == (
        proposal.candidate.kind,
        proposal.candidate.name,
        proposal.candidate.mark,
    )
    return is_approved and same

"""Whether a job ran when it was due, judged by somebody else than the function that runs it.

A job may wait: for the next wake of its function, for another job that holds one of its locks, for its maintenance
window. What has had its chance and has not begun, or has begun and not ended, is missed. It is told at the second look
in a row that finds it, so that a machine that slept may catch up first; and taken back once the job has run.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.jobs import JobPlan, Run, Where

GRACE = timedelta(minutes=30)  # six wakes of a function that wakes every five minutes
TURN = timedelta(hours=1)  # more for a job with locks: so long it lets others that are due go first


@dataclass(frozen=True, slots=True)
class Chance:
    """Since when a job could have begun: no lock of its is held and it is in its window; None while it has to wait."""

    since: datetime | None


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of a job: watched `since` when, the occurrence that is `missed`, and whether that was told."""

    since: datetime
    missed: datetime | None = None
    is_told: bool = False


class Say(StrEnum):
    """What a look has to say."""

    NOTHING = "nothing"
    MISSED = "missed"
    OVER = "ran again"


def missed(
    plan: JobPlan, unanswered: Sequence[datetime], newest: Run | None, chance: Chance, *, now: datetime
) -> datetime | None:
    """The occurrence that is missed, or None.

    `unanswered` are those since the newest due run, oldest first; more than one means that the next has come before it.
    """
    if newest is not None and not newest.is_over:
        return newest.at if now > newest.started_at + plan.budget + GRACE else None
    if not unanswered:
        return None
    patience = GRACE + (TURN if plan.locks else timedelta())
    waited = max(unanswered[0], chance.since) if chance.since else None
    if waited is not None and now > waited + patience:
        return unanswered[0]
    return unanswered[0] if plan.where is Where.INSIDE and len(unanswered) > 1 else None


def looked(before: Watched, found: datetime | None) -> tuple[Watched, Say]:
    """What is known after a look that found this missed, and what is to be said."""
    if found is None:
        return replace(before, missed=None, is_told=False), Say.OVER if before.is_told else Say.NOTHING
    if before.is_told:
        return before, Say.NOTHING
    if before.missed is None:
        return replace(before, missed=found), Say.NOTHING
    return replace(before, missed=found, is_told=True), Say.MISSED

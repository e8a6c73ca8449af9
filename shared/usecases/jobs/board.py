"""How all jobs stand, and what is to come: for the page, the feed and programs."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shared.domain.job_board import JobBoard, Standing, Turn, Waits, days_of
from shared.domain.job_watch import Watched
from shared.domain.jobs import JobPlan, Run
from shared.domain.maintenance import Window
from shared.ports.store import StateStore
from shared.usecases.jobs.calendar import coming, last_due
from shared.usecases.jobs.runs import history
from shared.usecases.jobs.watching import WATCH, chance, holder_of, overdue
from shared.usecases.records import HEARTBEATS, value_of
from shared.usecases.window_records import windows

STRIP = 14  # runs of each job that are looked at
AHEAD = timedelta(days=14)
FAR = timedelta(days=400)  # every job is due within so long
A_DAY = timedelta(days=1)
A_WEEK, FEED = timedelta(weeks=1), timedelta(weeks=4)
DAYS_OF_A_WEEK, RECENT = 7, 30


def board(plans: Sequence[JobPlan], store: StateStore, now: datetime) -> JobBoard:
    """The jobs in the order of the file, and the next two weeks."""
    known = windows(store, since=now - A_DAY)
    ahead = [one for one in known if one.end > now and one.start <= now + AHEAD]
    return JobBoard(now, tuple(standing(plan, known, store, now) for plan in plans), days_of(turns(plans, now), ahead))


def turns(plans: Sequence[JobPlan], since: datetime, until: datetime | None = None) -> Iterator[tuple[str, datetime]]:
    """Every occurrence after `since`, job by job; two weeks of them unless it is said otherwise."""
    for plan in plans:
        yield from ((plan.name, at) for at in coming(plan.at, since, until or since + AHEAD))


def feed_turns(plans: Sequence[JobPlan], store: StateStore, now: datetime) -> Iterator[Turn]:
    """What a calendar shows: runs of the last week and turns of the next four, of jobs that come once a day or less.

    What comes every few hours would bury the rest.
    """
    for plan in plans:
        week = list(coming(plan.at, now, now + A_WEEK))
        if len(week) > DAYS_OF_A_WEEK:
            continue
        for run in history(store, plan.name, limit=RECENT):
            if run.occurrence is not None and run.occurrence > now - A_WEEK:
                yield Turn(plan, run.occurrence, run)
        yield from (Turn(plan, at) for at in coming(plan.at, now, now + FEED))


def standing(plan: JobPlan, known: Sequence[Window], store: StateStore, now: datetime) -> Standing:
    """How the job stands."""
    found = history(store, plan.name, limit=STRIP)
    row = store.get(HEARTBEATS, WATCH + plan.name)
    since = value_of(row, Watched).since if row else now
    missed, newest = overdue(plan, known, since=since, store=store, now=now)
    waits, holder = _waiting(plan, newest, known, store, now)
    return Standing(
        plan,
        next(coming(plan.at, now, now + FAR), None),
        tuple(one for one in found if one.is_over),
        next((one for one in found if not one.is_over and now < one.lease_until), None),
        missed,
        waits,
        holder,
    )


def _waiting(
    plan: JobPlan, newest: Run | None, known: Sequence[Window], store: StateStore, now: datetime
) -> tuple[Waits | None, str]:
    """What a job that is due and has not begun waits for."""
    due = last_due(plan.at, now)
    if due is None or (newest is not None and (newest.at >= due or not newest.is_over)):
        return None, ""
    if holder := holder_of(plan, store, now):
        return Waits.LOCK, holder
    return (Waits.WINDOW if chance(plan, known, store, now).since is None else None), ""

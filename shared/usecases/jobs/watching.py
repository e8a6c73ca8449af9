"""Was every job run when it was due? Told once when one was not, and taken back when it ran."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shared.domain.job_watch import Chance, Say, Watched, looked, missed
from shared.domain.jobs import JobPlan, Run, Where
from shared.domain.maintenance import Window
from shared.domain.signals import Signal, own_signal
from shared.ports.platform import Publisher
from shared.ports.store import Put, StateStore, Write
from shared.rendering.view import cairo
from shared.usecases.jobs.calendar import coming
from shared.usecases.jobs.runs import newest_due, run_of
from shared.usecases.outbox import publish_outbox, signal_write
from shared.usecases.records import HEARTBEATS, JOB_LOCKS, body_of, instant, value_of
from shared.usecases.window_records import windows

WATCH = "job-"  # before the job's name: what is known of it, among the heartbeats
A_DAY = timedelta(days=1)


def watch_jobs(plans: Sequence[JobPlan], *, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Look at every job; how many are missed now. What was due before the first look is nobody's fault."""
    known = windows(store, since=now - A_DAY)
    return sum(_watch(plan, known, store=store, publisher=publisher, now=now) for plan in plans)


def overdue(
    plan: JobPlan, known: Sequence[Window], *, since: datetime, store: StateStore, now: datetime
) -> tuple[datetime | None, Run | None]:
    """The occurrence of the job after `since` that is missed, if one is, and its newest due run."""
    row = newest_due(store, plan.name)
    newest = run_of(row) if row else None
    answered = max((newest.occurrence, since)) if newest and newest.occurrence else since
    unanswered = [at for at, _ in zip(coming(plan.at, answered, now), range(2), strict=False)]
    return missed(plan, unanswered, newest, chance(plan, known, store, now), now=now), newest


def _watch(plan: JobPlan, known: Sequence[Window], *, store: StateStore, publisher: Publisher, now: datetime) -> int:
    row = store.get(HEARTBEATS, WATCH + plan.name)
    before = value_of(row, Watched) if row else Watched(now)
    found, newest = overdue(plan, known, since=before.since, store=store, now=now)
    after, say = looked(before, found)
    writes: list[Write] = [] if row and after == before else [Put(HEARTBEATS, WATCH + plan.name, body_of(after))]
    if say is not Say.NOTHING:
        writes.append(signal_write(_signal(plan, before if say is Say.OVER else after, newest, say, now)))
    if writes:
        store.commit(writes)
        publish_outbox(store, publisher, writes)
    return int(found is not None)


def _signal(plan: JobPlan, watched: Watched, newest: Run | None, say: Say, now: datetime) -> Signal:
    due = cairo(watched.missed or now)
    hangs = newest is not None and not newest.is_over
    title = f"{plan.name} of {due} {'began and has not ended' if hangs else 'has not begun'}"
    if say is Say.OVER:
        title = f"{plan.name} {say}"
    unique = f"{instant(watched.missed or now)} {say}"
    return own_signal("job_missed", subject=plan.name, title=title, at=now, unique=unique, over=say is Say.OVER)


def chance(plan: JobPlan, known: Sequence[Window], store: StateStore, now: datetime) -> Chance:
    """Since when nothing has kept the job; None while something does."""
    ends = [until for _, until in _locked_until(plan, store)]
    if plan.where is Where.OUTSIDE:
        ends += [one.end for one in known if one.start <= now]
    if plan.where is Where.INSIDE:
        begun = [one.start for one in known if one.is_open_at(now)]
        if not begun:
            return Chance(None)
        ends.append(min(begun))
    latest = max(ends, default=datetime.min.replace(tzinfo=now.tzinfo))
    return Chance(None if latest > now else latest)


def holder_of(plan: JobPlan, store: StateStore, now: datetime) -> str:
    """The other job that holds one of its locks now, or ""."""
    return next((job for job, until in _locked_until(plan, store) if until > now), "")


def _locked_until(plan: JobPlan, store: StateStore) -> Iterator[tuple[str, datetime]]:
    """The other jobs that hold, or held, its locks, each until when."""
    for lock in plan.locks:
        row = store.get(JOB_LOCKS, lock)
        if row is not None and row.body["job"] != plan.name:
            yield str(row.body["job"]), datetime.fromisoformat(str(row.body["until"]))

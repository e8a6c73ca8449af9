"""Jobs that are due: begun once, carried on where they were cut off, each step kept before the next begins."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.job_alerts import Told, told
from shared.domain.jobs import (
    JobPlan,
    Next,
    OpenAlert,
    Run,
    StepResult,
    Verdict,
    ended,
    left_of,
    next_of,
    with_result,
)
from shared.domain.signals import Signal, own_signal
from shared.errors import ConflictError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Replace, StateStore, Write
from shared.usecases.apart import Apart
from shared.usecases.jobs.calendar import last_due
from shared.usecases.jobs.runs import history, newest_due, run_body, run_of
from shared.usecases.outbox import publish_outbox, signal_write
from shared.usecases.records import JOB_LOCKS, JOB_RUNS, instant

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # a step that takes longer is somebody else's to do again
PATIENCE = timedelta(hours=1)  # so long one that is due goes before later ones with the same locks
SHARE_OF_HISTORY = 10

Step = Callable[[Run], StepResult]  # called with the run as it stands; raises what it likes


@dataclass(frozen=True, slots=True)
class Workshop:
    """What jobs touch. `steps` gives a job's steps by their names, and imports what only they need.

    `plans` are all jobs, in the order in which they go before each other; `mine` are those that are run here. A
    maintenance window is open when `is_window` says so.
    """

    plans: tuple[JobPlan, ...]
    mine: frozenset[str]
    steps: Callable[[str], Mapping[str, Step]]
    store: StateStore
    publisher: Publisher
    clock: Clock
    is_window: Callable[[datetime], bool]


def run_due_jobs(shop: Workshop) -> int:
    """Begin what is due, carry on what was cut off, end what is over its budget; how many runs ended.

    A job that fails keeps none of the others back; the call fails in the end all the same.
    """
    apart = Apart()
    done = sum(apart.take(lambda plan=plan: int(_turn(plan, shop))) for plan in shop.plans if plan.name in shop.mine)  # type: ignore[misc]
    apart.raise_failures()
    return done


def run_by_hand(plan: JobPlan, shop: Workshop, *, by: str, is_dry: bool) -> Run:
    """A run beside the schedule, which swallows no due one. Raises ConflictError while its locks are held."""
    now = shop.clock.now()
    run = Run(plan.name, None, now, now + LEASE, by, is_dry=is_dry)
    shop.store.commit([Create(JOB_RUNS, run.id, run_body(run)), *_locked(plan, run, shop)])
    return _carried_on(plan, run.id, shop)


def _turn(plan: JobPlan, shop: Workshop) -> bool:
    now = shop.clock.now()
    due = last_due(plan.at, now)
    if due is None:
        return False
    newest = newest_due(shop.store, plan.name)
    run = run_of(newest) if newest else None
    held = {*_held(plan, shop, now), *_wanted(plan, shop, now)}
    found = next_of(plan, due, run, now=now, held=held, in_window=shop.is_window(now))
    try:
        match found:
            case Next.BEGIN:
                begun = Run(plan.name, due, now, now + LEASE)
                shop.store.commit([Create(JOB_RUNS, begun.id, run_body(begun)), *_locked(plan, begun, shop)])
                return _carried_on(plan, begun.id, shop).is_over
            case Next.RESUME if newest is not None and run is not None:
                again = replace(run, lease_until=now + LEASE)
                shop.store.commit(
                    [Replace(JOB_RUNS, run.id, run_body(again), newest.version), *_locked(plan, again, shop)]
                )
                return _carried_on(plan, run.id, shop).is_over
            case Next.OVERDUE if newest is not None and run is not None:
                return _end(plan, ended(plan, run, now), newest.version, shop).is_over
            case _:
                return False
    except ConflictError:
        return False  # another instance was faster; it does the work


def _carried_on(plan: JobPlan, name: str, shop: Workshop) -> Run:
    """Step by step to the end, or until somebody else has taken the run over."""
    while True:
        row = shop.store.get(JOB_RUNS, name)
        if row is None:
            raise LookupError(f"the run {name} is gone")
        run, now = run_of(row), shop.clock.now()
        left = left_of(plan, run)
        if not left or now >= run.started_at + plan.budget:
            return _end(plan, ended(plan, run, now), row.version, shop)
        result = _taken(plan, left[0], run, shop)
        further = with_result(run, result, lease_until=shop.clock.now() + LEASE)
        shop.store.commit([Replace(JOB_RUNS, name, run_body(further), row.version)])


def _taken(plan: JobPlan, step: str, run: Run, shop: Workshop) -> StepResult:
    """What the step says; one that raises has failed, and the next is taken all the same."""
    since = time.monotonic()
    try:
        result = shop.steps(plan.name)[step](run)
    except Exception as error:  # whatever it is, it is a result
        log.exception("a step failed", extra={"job": plan.name, "step": step})
        result = StepResult(step, Verdict.FAIL, f"{type(error).__name__}: {error}", raised=True)
    return replace(result, step=step, took=round(time.monotonic() - since, 3))


def _end(plan: JobPlan, run: Run, version: str, shop: Workshop) -> Run:
    """The run as over, its locks free, and signals of what it found, in one commit."""
    said = told(run, _open_before(run, shop.store))
    run = replace(run, open=said.open)
    writes: list[Write] = [Replace(JOB_RUNS, run.id, run_body(run), version), *_freed(plan, run, shop)]
    writes += [signal_write(one) for one in _signals(said, run, shop.clock.now())]
    shop.store.commit(writes)
    publish_outbox(shop.store, shop.publisher, writes)
    log.info("job ended", extra={"job": run.job, "run": run.id, "verdict": run.verdict})
    return run


def _open_before(run: Run, store: StateStore) -> tuple[OpenAlert, ...]:
    """What the newest run that ended has left open; a dry one hands on what it was given."""
    rows = history(store, run.job, limit=SHARE_OF_HISTORY)
    return next((one.open for one in rows if one.is_over and one.id != run.id), ())


def _signals(said: Told, run: Run, now: datetime) -> Iterator[Signal]:
    for alert, title in said.firing:
        yield own_signal(alert.alert, subject=alert.subject, title=title, at=now, summary=run.id, unique=run.id)
    for alert in said.over:
        title = f"{alert.subject} is well again"
        yield own_signal(alert.alert, subject=alert.subject, title=title, at=now, unique=f"{run.id}-over", over=True)


def _held(plan: JobPlan, shop: Workshop, now: datetime) -> Iterator[str]:
    """The job's locks that another job holds now."""
    for lock in plan.locks:
        row = shop.store.get(JOB_LOCKS, lock)
        if row is not None and row.body["job"] != plan.name and row.body["until"] > instant(now):
            yield lock


def _wanted(plan: JobPlan, shop: Workshop, now: datetime) -> Iterator[str]:
    """The locks of jobs before this one that are due and have not begun; not for ever, somebody else runs them."""
    for other in shop.plans[: shop.plans.index(plan)]:
        due = last_due(other.at, now) if set(other.locks) & set(plan.locks) else None
        if due is None or now - due > PATIENCE:
            continue
        newest = newest_due(shop.store, other.name)
        if (
            next_of(other, due, run_of(newest) if newest else None, now=now, in_window=shop.is_window(now))
            is Next.BEGIN
        ):
            yield from other.locks


def _locked(plan: JobPlan, run: Run, shop: Workshop) -> Iterable[Write]:
    """Take the job's locks; in one commit with the run, so that of two jobs at once one begins."""
    for lock in plan.locks:
        row = shop.store.get(JOB_LOCKS, lock)
        if row is not None and row.body["run"] != run.id and row.body["until"] > instant(shop.clock.now()):
            raise ConflictError(f"{lock} is held by {row.body['job']}")
        body = {"job": run.job, "run": run.id, "until": instant(run.started_at + plan.budget)}
        yield Replace(JOB_LOCKS, lock, body, row.version) if row else Create(JOB_LOCKS, lock, body)


def _freed(plan: JobPlan, run: Run, shop: Workshop) -> Iterable[Write]:
    for lock in plan.locks:
        row = shop.store.get(JOB_LOCKS, lock)
        if row is not None and row.body["run"] == run.id:
            yield Replace(JOB_LOCKS, lock, {**row.body, "until": instant(shop.clock.now())}, row.version)

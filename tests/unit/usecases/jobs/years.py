"""Years of jobs on a simulated clock: functions woken every five minutes, side by side, killed at their timeout.

Each function has two instances, threads of which one runs at a time: a step that "takes" three minutes lets the others
run until the simulated clock has moved on so far. Wakes of functions for which nothing is due are left out.
"""

import heapq
import random
import threading
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from shared.adapters.clocks import VirtualClock
from shared.domain.jobs import StepResult, Verdict
from shared.usecases.jobs.calendar import coming, last_due
from shared.usecases.jobs.running import Workshop, run_due_jobs
from shared.usecases.jobs.watching import watch_jobs
from shared.usecases.window_records import windows
from tests.unit.usecases.world import MemoryBus

FUNCTIONS = {
    "check_health": ("health_check",),
    "rotate_logs": ("log_rotation",),
    "verify_backups": ("backup_verification", "backup_integrity_test"),
    "audit_system": (
        "performance_audit", "database_optimization", "security_scan", "system_audit", "dependency_updates",
    ),
}  # fmt: skip
WAKE, LOOK, TIMEOUT = timedelta(minutes=5), timedelta(minutes=13), timedelta(seconds=540)
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class TimedOut(BaseException):
    """The platform has ended the instance."""


@dataclass
class Instance(threading.Thread):
    """A running instance; it has the baton between `go` and `gone`."""

    years: "Years"
    function: str
    ends_at: datetime | None = None  # None while it is idle
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    __hash__ = object.__hash__

    def __post_init__(self):
        super().__init__(daemon=True)
        self.start()

    def run(self):
        while True:
            self.go.acquire()
            if self.years.is_over:
                return
            try:
                run_due_jobs(replace(self.years.shop, mine=frozenset(FUNCTIONS[self.function])))
            except TimedOut:
                self.years.killed += 1
            except BaseException as error:  # noqa: BLE001 - the test fails with it
                self.years.failures.append(error)
            self.ends_at = None
            self.years.gone.release()

    def spend(self, length):
        """Let `length` pass, or as much as the platform allows."""
        now = self.years.clock.now()
        until = min(now + length, self.ends_at)
        self.years.at(until, self.go)
        self.years.gone.release()
        self.go.acquire()
        if until < now + length:
            raise TimedOut


class Years:
    """Runs `plans` from `start` until `end`, or until somebody is told of anything.

    Afterwards `taken` has every step that came to its end, with its run.
    """

    def __init__(self, plans, store, start, end, *, seed=1, longest=timedelta(minutes=3)):
        self.plans, self.store, self.end = plans, store, end
        self.clock, self.bus = VirtualClock(start), MemoryBus()
        self.longest, self.random = longest, random.Random(seed)
        self.taken, self.failures, self.killed, self.is_over = [], [], 0, False
        self.gone = threading.Semaphore(0)
        self.due = {plan.name: [last_due(plan.at, start), *coming(plan.at, start, end)] for plan in plans}
        self.done = dict.fromkeys(self.due, 0)
        self.shop = Workshop(
            plans, frozenset(), self._steps, store, self.bus, self.clock,
            is_window=lambda now: any(one.is_open_at(now) for one in windows(store, since=now)),
        )  # fmt: skip
        self._heap, self._order, self._next_look = [], count(), start
        self._instances = [Instance(self, name) for name in FUNCTIONS for _ in range(2)]

    def at(self, when, semaphore):
        heapq.heappush(self._heap, (when, next(self._order), semaphore))

    def run(self):
        try:
            watch_jobs(self.plans, store=self.store, publisher=self.bus, now=self.clock.now())
            while (wake := self._next_wake()) < self.end and not self.failures and not self.bus.messages:
                self._until(wake)
                self.clock.set(wake)
                self._wake_functions()
        finally:
            self.is_over = True
            for instance in self._instances:
                instance.go.release()
        if self.failures:
            raise self.failures[0]

    def _until(self, wake):
        while self._heap and self._heap[0][0] <= wake and not self.failures:
            when, _, semaphore = heapq.heappop(self._heap)
            self.clock.set(when)
            self._hand(semaphore)

    def _hand(self, semaphore):
        semaphore.release()
        self.gone.acquire()

    def _wake_functions(self):
        now = self.clock.now()
        if now >= self._next_look:
            watch_jobs(self.plans, store=self.store, publisher=self.bus, now=now)
            self._next_look = now + LOOK
        for function, names in FUNCTIONS.items():
            idle = [one for one in self._instances if one.function == function and one.ends_at is None]
            if idle and any(self._waiting(name, now) for name in names):
                idle[0].ends_at = now + TIMEOUT
                self._hand(idle[0].go)

    def _waiting(self, name, now):
        return name in self.due and self.done[name] < bisect_right(self.due[name], now)

    def _next_wake(self):
        """The next full five minutes at which anything may have to be done."""
        now = self.clock.now()
        if any(self._waiting(name, now) for name in self.due):
            at = now + timedelta(microseconds=1)
        else:
            coming_next = (days[self.done[name]] for name, days in self.due.items() if len(days) > self.done[name])
            at = min(coming_next, default=self.end)
        return EPOCH + -((EPOCH - at) // WAKE) * WAKE

    def _steps(self, job):
        steps = next(plan.steps for plan in self.plans if plan.name == job)
        return {step: lambda run, step=step: self._take(run, step) for step in steps}

    def _take(self, run, step):
        threading.current_thread().spend(self.longest * self.random.random())
        self.taken.append((run.id, step))
        plan = next(plan for plan in self.plans if plan.name == run.job)
        if step == plan.steps[-1]:
            self.done[run.job] += 1
        return StepResult(step, Verdict.PASS)

"""What runs by the calendar: maintenance jobs, reports, the weekly notice, seals and audits of the escalation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path

from infra.local.year import facts
from infra.local.year.dice import Dice
from infra.local.year.oracle.cairo import instant, local_day, occurrences
from infra.local.year.world import World
from shared import bootstrap
from shared.adapters.folder import FolderObjects
from shared.domain.configuration import Configuration
from shared.domain.editions import Issued
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.report_plans import Form
from shared.ports.store import Body, Query
from shared.ports.warehouse import Answer, Parameter
from shared.usecases.announce_oncall import announce_oncall
from shared.usecases.audit_escalations import audit_escalations
from shared.usecases.jobs.audit_trail import Notary, audit_trail
from shared.usecases.jobs.expired_data import Archivist, expired_data
from shared.usecases.jobs.running import Step, Workshop, run_due_jobs
from shared.usecases.jobs.runs import run_of
from shared.usecases.make_reports import Press, make_due_reports
from shared.usecases.records import JOB_RUNS, REPORTS, value_of
from shared.usecases.records import instant as text_of
from shared.usecases.report_link import ReportLinks
from shared.usecases.seal_records import seal_records
from shared.usecases.window_records import windows

FUNCTIONS = {
    "check_health": ("health_check",),
    "rotate_logs": ("log_rotation",),
    "verify_backups": ("backup_verification", "backup_integrity_test"),
    "audit_system": (
        "performance_audit",
        "database_optimization",
        "security_scan",
        "system_audit",
        "dependency_updates",
    ),
}
WAKE = timedelta(minutes=5)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
SEAL_AT, AUDIT_AT = timedelta(minutes=37), timedelta(minutes=39)
WEEKLY_NOTICE = "0 8 * * 0"
KILLED, WRONG = 0.003, 0.003  # shares of all steps
AUDIT_DAY = 1  # of the month: the whole record against its chains


class KilledError(BaseException):
    """The platform has ended the instance in the middle of a step."""


class NoWarehouse:
    """Implements `Warehouse`: nothing was ever measured."""

    def query(self, name: str, parameters: Mapping[str, Parameter], *, maximum_bytes: int | None = None) -> Answer:
        """No rows."""
        del name, parameters, maximum_bytes
        return Answer()

    def append(self, table: str, rows: Sequence[Body]) -> None:
        """Nothing is kept."""

    def stamp(self, tables: Sequence[str]) -> str:
        """Nothing ever comes."""
        del tables
        return ""


def undrawn(config: Configuration) -> Configuration:
    """The configuration with reports that are issued, archived and told, without what they show of the warehouse."""
    plans = {name: replace(plan, forms=(Form.HTML,), sections=()) for name, plan in config.reporting.reports.items()}
    return replace(config, reporting=replace(config.reporting, reports=plans))


@dataclass
class Works:
    """Wakes what is scheduled, and tells what it did."""

    world: World
    dice: Dice
    folder: Path
    _ran: set[str] = field(default_factory=set)
    _issued: set[tuple[str, str]] = field(default_factory=set)
    _since: str = ""

    def __post_init__(self) -> None:
        self._objects = FolderObjects(self.folder / "objects")

    def plan(self, start: datetime, end: datetime) -> None:
        """Put every wake of the span into the queue."""
        config, put = self.world.config, self.world.queue.put
        for function, names in FUNCTIONS.items():
            wakes = {at for plan in config.jobs if plan.name in names for at in occurrences(plan.at, start, end)}
            for at in sorted(wakes):
                put(at, lambda function=function: self._wake(function))  # type: ignore[misc]
        for at in sorted({at for one in config.reporting.reports.values() for at in occurrences(one.at, start, end)}):
            put(at, self._reports)
            final = instant(local_day(at), time()) + config.reporting.final_after
            put(final, self._reports)  # a full hour: Egypt's midnights are
        for at in occurrences(WEEKLY_NOTICE, start, end):
            put(at, self._weekly_notice)

    def seal(self) -> None:
        """What was written since the last seal is sealed."""
        seal_records(store=self.world.store, objects=self._objects, clock=self.world.clock)

    def audit(self) -> int:
        """The product's own audit of its escalation; how many it told of a fault past the bus."""
        done = audit_escalations(notifier=self.world.providers.__getitem__, **self.world.ports)
        self.world.carry()
        return done.shouted_to

    def _weekly_notice(self) -> None:
        announce_oncall(**self.world.ports)
        self.world.carry()

    def _reports(self) -> None:
        links = ReportLinks(bootstrap.reports_url(), bootstrap.link_keys())
        world = self.world
        press = Press(world.present, world.store, NoWarehouse(), self._objects, world.bus, world.clock, links)
        make_due_reports(press)
        self.world.carry()
        for row in world.store.find(Query(REPORTS, order_by="at", low=text_of(world.now), limit=100)):
            made = value_of(row, Issued)
            if (made.id, made.edition) not in self._issued:
                self._issued.add((made.id, made.edition))
                world.tell(facts.ReportIssued(at=made.at, report=made.report, period=made.period, edition=made.edition))

    def _wake(self, function: str) -> None:
        world = self.world
        shop = Workshop(
            world.config.jobs,
            frozenset(FUNCTIONS[function]),
            self._steps,
            world.store,
            world.bus,
            world.clock,
            is_window=lambda now: any(one.is_open_at(now) for one in windows(world.store, since=now)),
        )
        try:
            run_due_jobs(shop)
        except KilledError:
            world.queue.put(world.now + WAKE, lambda: self._wake(function))
        world.carry()
        self._tell_runs(function)

    def _tell_runs(self, function: str) -> None:
        world = self.world
        runs = [run_of(row) for row in world.store.find(Query(JOB_RUNS, order_by="started_at", low=self._since))]
        for run in runs:
            if run.is_over and run.occurrence is not None and run.id not in self._ran:
                self._ran.add(run.id)
                world.tell(facts.JobRan(at=world.now, job=run.job, due=run.occurrence))
        waiting = [run for run in runs if not run.is_over]
        if any(run.job in FUNCTIONS[function] for run in waiting) or self._is_locked_out(function):
            world.queue.put(world.now + WAKE, lambda: self._wake(function))
        self._since = text_of(min((run.started_at for run in waiting), default=world.now - HOUR))

    def _is_locked_out(self, function: str) -> bool:
        """True while a job of the function is due and waits for another's locks."""
        now = self.world.now
        for plan in self.world.config.jobs:
            if plan.name in FUNCTIONS[function]:
                due = occurrences(plan.at, now - 2 * HOUR, now + MOMENT)
                if any(self.world.store.get(JOB_RUNS, f"{plan.name}-{at:%Y%m%dT%H%M%SZ}") is None for at in due):
                    return True
        return False

    def _steps(self, job: str) -> Mapping[str, Step]:
        plan = next(one for one in self.world.config.jobs if one.name == job)
        real = self._real() if job == "log_rotation" else {}
        return {step: self._unsure(step, real.get(step)) for step in plan.steps}

    def _real(self) -> Mapping[str, Step]:
        world = self.world
        archivist = Archivist(world.config.retention, world.store, FolderObjects(self.folder / "archive"), world.clock)
        found: dict[str, Step] = {"expired_data": lambda run: expired_data(archivist, run)}
        if local_day(world.now).day == AUDIT_DAY:
            notary = Notary(world.store, self._objects, world.clock)
            found["audit_trail"] = lambda run: audit_trail(notary, run)
        return found

    def _unsure(self, step: str, real: Step | None) -> Step:
        """The step; now and then its instance is killed, or it finds something wrong."""

        def take(run: Run) -> StepResult:
            if self.dice.happens(KILLED):
                raise KilledError
            if real is not None:
                return real(run)
            if self.dice.happens(WRONG):
                return StepResult(step, Verdict.FAIL, "made up", findings=(Finding(step, "made up"),))
            return StepResult(step, Verdict.PASS)

        return take

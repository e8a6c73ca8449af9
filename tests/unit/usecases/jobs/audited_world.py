"""A world on the day of its system audit: runs of other jobs, and the audit's steps over them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.adapters.folder import FolderObjects
from shared.domain.audits import AuditPlan
from shared.domain.job_catalogue import STEPS
from shared.domain.jobs import JobPlan, OpenAlert, Run, StepResult, Verdict
from shared.ports.store import Put
from shared.usecases.jobs.auditor import Auditor
from shared.usecases.jobs.system_audit import system_audit_steps
from shared.usecases.records import JOB_RUNS, body_of

FIRST = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)  # 05:00 in Cairo, and March is over
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SCAN = JobPlan("security_scan", "0 6 * * TUE", STEPS["security_scan"])
TUESDAYS = [datetime(2026, 3, day, 4, tzinfo=UTC) for day in (3, 10, 17, 24, 31)]


class AuditedWorld:
    """The world of the tests beside, with what the audit needs."""

    def __init__(self, world, folder):
        self.world = world
        self.store = world.store
        self.seals = FolderObjects(folder / "seals")
        self.plan = AuditPlan()
        self.config = replace(world.config, jobs=(SCAN,))

    def take(self, step, *, at=FIRST, is_dry=False):
        auditor = Auditor(replace(self.config, audit=self.plan), self.store, self.seals, warehouse=None)
        return system_audit_steps(auditor)[step](Run("system_audit", at, at, at, is_dry=is_dry))

    def ran(self, job, at, *, took=HOUR, opened=(), is_dry=False, by_hand=False, **steps):
        """A run of a job that ended: its steps by name with a verdict or a result each."""
        results = tuple(
            one if isinstance(one, StepResult) else StepResult(name, Verdict(one)) for name, one in steps.items()
        )
        run = Run(job, None if by_hand else at, at, at, results=results, finished_at=at + took, is_dry=is_dry)
        run = replace(run, open=tuple(OpenAlert(*one) for one in opened))
        self.store.commit([Put(JOB_RUNS, run.id, {**body_of(run), "is_due": "no" if by_hand else "yes"})])
        return run


def told(result):
    """What a step found, by subject."""
    return {one.subject: one.verdict.value for one in result.findings}

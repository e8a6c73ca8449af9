"""The shape of jobs.yaml."""

from shared.config.reports_wire import Cron
from shared.config.wire import Duration, Name, Strict
from shared.domain.jobs import Where


class JobWire(Strict):
    """When a job runs, how long at most, what it works on, and whether it keeps to maintenance windows."""

    at: Cron
    budget: Duration = "30m"
    locks: tuple[Name, ...] = ()
    where: Where = Where.ANYWHERE


class JobsFile(Strict):
    """jobs.yaml: the jobs by their names."""

    jobs: dict[Name, JobWire]

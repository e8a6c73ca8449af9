"""jobs.yaml put together."""

from shared.config.cron import checked
from shared.config.durations import duration
from shared.config.faults import Fault
from shared.config.jobs_wire import JobsFile, JobWire
from shared.config.suggesting import one_of
from shared.domain.job_catalogue import STEPS
from shared.domain.jobs import JobPlan


def jobs(file: JobsFile) -> tuple[JobPlan, ...]:
    """The jobs, in the order of the file. Raises Fault."""
    return tuple(_job(name, wire) for name, wire in file.jobs.items())


def _job(name: str, wire: JobWire) -> JobPlan:
    if name not in STEPS:
        raise Fault(("jobs", name), f"there is no job {name}", one_of(STEPS, name))
    checked(wire.at, ("jobs", name, "at"))
    return JobPlan(name, wire.at, STEPS[name], duration(wire.budget), wire.locks, wire.where)

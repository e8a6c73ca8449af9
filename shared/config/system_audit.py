"""system_audit.yaml put together, and what does not fit between it and the rest."""

from collections.abc import Iterator

from shared.config.durations import duration
from shared.config.faults import Fault, Finding, Level, Path
from shared.config.system_audit_wire import ControlWire, ResourceWire, SystemAuditFile
from shared.domain.audits import AuditPlan, Check, Control, Resource
from shared.domain.configuration import Configuration
from shared.domain.job_catalogue import STEPS

FILE = "system_audit.yaml"


def audit_plan(file: SystemAuditFile) -> AuditPlan:
    """What is audited. Raises Fault."""
    return AuditPlan(
        open_for=duration(file.open_for),
        benchmark=file.benchmark,
        controls=tuple(_control(name, wire) for name, wire in file.compliance.items()),
        resources=tuple(_resource(name, wire) for name, wire in file.capacity.items()),
        rotated=file.rotated,
    )


def audit_findings(configuration: Configuration) -> Iterator[Finding]:
    """Metrics that do not exist."""
    plan, known = configuration.audit, configuration.metrics
    named: list[tuple[Path, str]] = [(("benchmark", number), name) for number, name in enumerate(plan.benchmark)]
    named += [(("capacity", one.name, "metric"), one.metric) for one in plan.resources if one.metric]
    for path, name in named:
        if name not in known:
            fix = f"write one of {', '.join(sorted(known))}"
            yield Finding(Level.ERROR, FILE, path, f"there is no metric {name}", fix)


def _control(name: str, wire: ControlWire) -> Control:
    path = ("compliance", name)
    if (wire.check is Check.JOB_PASSED) is not bool(wire.job):
        what = "needs the job that it rests on" if wire.check is Check.JOB_PASSED else "rests on no job"
        raise Fault(path, f"{wire.check} {what}", f"write check: {Check.JOB_PASSED} together with job:")
    _known(wire.job, wire.step, path)
    return Control(name, wire.about, wire.check, duration(wire.within), wire.job, wire.step)


def _resource(name: str, wire: ResourceWire) -> Resource:
    path = ("capacity", name)
    of_job = (wire.job, wire.step, wire.evidence)
    if bool(wire.metric) is any(of_job) or (any(of_job) and not all(of_job)):
        raise Fault(path, f"nobody can tell where {name} is read", "write metric:, or job:, step: and evidence:")
    _known(wire.job, wire.step, path)
    return Resource(name, wire.limit, wire.metric, wire.job, wire.step, wire.evidence)


def _known(job: str, step: str, path: tuple[str, ...]) -> None:
    if job and job not in STEPS:
        raise Fault((*path, "job"), f"there is no job {job}", f"write one of {', '.join(STEPS)}")
    if step and step not in STEPS.get(job, ()):
        raise Fault((*path, "step"), f"{job} has no step {step}", f"write one of {', '.join(STEPS[job])}")

"""The system audit's steps: security, the month's benchmark, compliance with evidence, and capacity."""

from collections.abc import Mapping
from functools import partial

from shared.usecases.jobs.audit_benchmark import benchmark
from shared.usecases.jobs.audit_capacity import capacity
from shared.usecases.jobs.audit_controls import compliance
from shared.usecases.jobs.audit_security import security
from shared.usecases.jobs.auditor import Auditor
from shared.usecases.jobs.running import Step


def system_audit_steps(auditor: Auditor) -> Mapping[str, Step]:
    """The steps; all of them only read, so that each may be taken again, and a dry run finds the same."""
    steps = {"security": security, "benchmark": benchmark, "compliance": compliance, "capacity": capacity}
    return {name: partial(step, auditor) for name, step in steps.items()}

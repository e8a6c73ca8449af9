"""The system audit as it is declared: what is compared month by month, which controls there are, what may run full."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class Check(StrEnum):
    """How a control is evidenced, each from our own records."""

    RECORD_VERIFIED = "record_verified"  # the whole audited record against its chains and seals
    JOB_PASSED = "job_passed"  # a step of a maintenance job (all of it where none is named)
    BREACH_CLOCKS_MET = "breach_clocks_met"  # reports to the regulator
    ON_CALL_COVERED = "on_call_covered"  # nobody's hour is nobody's, from now on
    POST_MORTEMS_IN_TIME = "post_mortems_in_time"
    SECRETS_ROTATED = "secrets_rotated"  # by the days that `rotated` has
    WINDOWS_ANNOUNCED = "windows_announced"  # planned maintenance windows, 24 hours ahead
    CONTINUITY_REVIEWED = "continuity_reviewed"


@dataclass(frozen=True, slots=True)
class Control:
    """Something that has to be so: `within` is how old its evidence may be, or how long the span is that is looked at.

    `job` and `step` name what a JOB_PASSED control rests on.
    """

    id: str
    about: str
    check: Check
    within: timedelta
    job: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something with a limit, in the unit of what it is read from: a metric, or a number that a job's step found."""

    name: str
    limit: float
    metric: str = ""
    job: str = ""
    step: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """What system_audit.yaml says. A finding of the security scan that has failed may be open for `open_for`.

    `rotated` has the day on which each secret was made.
    """

    open_for: timedelta = timedelta(days=7)
    benchmark: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()
    resources: tuple[Resource, ...] = ()
    rotated: Mapping[str, date] = field(default_factory=dict)

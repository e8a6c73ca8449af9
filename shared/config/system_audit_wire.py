"""The shape of system_audit.yaml."""

from datetime import date

from msgspec import field

from shared.config.wire import Duration, Name, Positive, Strict, Text
from shared.domain.audits import Check


class ControlWire(Strict):
    """A control: in words, how it is evidenced, and how old the evidence may be."""

    about: Text
    check: Check
    within: Duration
    job: Name = ""
    step: Name = ""


class ResourceWire(Strict):
    """What may run full: a metric, or a number of a job's evidence, and its limit in the same unit."""

    limit: Positive
    metric: Name = ""
    job: Name = ""
    step: Name = ""
    evidence: Name = ""


class SystemAuditFile(Strict):
    """system_audit.yaml."""

    open_for: Duration = "7d"
    benchmark: tuple[Name, ...] = ()
    compliance: dict[Name, ControlWire] = field(default_factory=dict)
    rotated: dict[Name, date] = field(default_factory=dict)
    capacity: dict[Name, ResourceWire] = field(default_factory=dict)

"""Our success metrics as points: how soon we answer, mend and tell, how often for nothing, and whom it hurt.

Of which incidents, by which rules: see `effectiveness`. Beyond those:

* An incident lies where it opened, whatever became of it later, so that the figures are those of the incidents listed.
* The time to resolve is of incidents that are over. In the longest recovery one that still goes on counts with its age
  so far, because being open must not hide it.
* Stakeholders told: from the opening of an incident that is critical until the first message about it went out to one
  of them. While none has, it counts with its age so far, as nobody knows how long it will take.
* The impact is assessed once it is on record what the incident did, and "unknown, because ..." is an assessment. That
  is asked of incidents that are over.
* Without incidents there are no points, and so no figures: neither 0 % nor 100 %.

Uptime is measured by the probes; what jobs know is in `job_success`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.effectiveness import time_to_acknowledge, time_to_resolve, was_not_useful
from shared.domain.histograms import of_values
from shared.domain.incidents import Incident
from shared.domain.metrics import Point
from shared.domain.severities import Severity

RESPONSE, RESOLUTION, RECOVERY = "alert_response_time", "resolution_time", "recovery_time"
TOLD, FALSE_POSITIVES, ASSESSED = "stakeholders_told_time", "false_positive_rate", "impact_assessed_rate"
OF_INCIDENTS = (RESPONSE, RESOLUTION, RECOVERY, TOLD, FALSE_POSITIVES, ASSESSED)
SUCCESS_METRICS = (
    RESPONSE,
    RESOLUTION,
    RECOVERY,
    FALSE_POSITIVES,
    "uptime",
    ASSESSED,
    TOLD,
    "backup_success_rate",
    "disaster_recovery_test_age",
    "continuity_review_age",
)
STAKEHOLDERS = ("management", "stakeholders", "executives")  # teams of the directory


@dataclass(frozen=True, slots=True)
class Case:
    """An incident that counts, with what is kept of it elsewhere.

    `stakeholders_told_at`: the first message about it that went out to one of them. `is_assessed`: its impact is on
    record.
    """

    incident: Incident
    stakeholders_told_at: datetime | None = None
    is_assessed: bool = False


def success_points(cases: Iterable[Case], until: datetime) -> Mapping[str, Sequence[Point]]:
    """The points by the names of their metrics, oldest first; `until` is the instant by which ages so far are told."""
    points: dict[str, list[Point]] = defaultdict(list)
    for one in sorted(cases, key=lambda one: one.incident.opened_at):
        for name, point in _points(one, until):
            points[name].append(point)
    return points


def _points(one: Case, until: datetime) -> Iterator[tuple[str, Point]]:
    incident = one.incident
    so_far = max(until - incident.opened_at, timedelta(0))
    wait, length = time_to_acknowledge(incident), time_to_resolve(incident)
    if wait is not None:
        yield RESPONSE, _lasting(incident, wait)
    if length is not None:
        yield RESOLUTION, _lasting(incident, length)
        yield ASSESSED, Point(incident.opened_at, count=1, bad=int(not one.is_assessed))
    yield RECOVERY, _lasting(incident, so_far if length is None else length)
    if incident.severity is Severity.CRITICAL:
        told = one.stakeholders_told_at
        yield TOLD, _lasting(incident, so_far if told is None else max(told - incident.opened_at, timedelta(0)))
    yield FALSE_POSITIVES, Point(incident.opened_at, count=1, bad=int(was_not_useful(incident)))


def _lasting(incident: Incident, length: timedelta) -> Point:
    seconds = length.total_seconds()
    return Point(incident.opened_at, count=1, total=seconds, histogram=of_values([seconds]))

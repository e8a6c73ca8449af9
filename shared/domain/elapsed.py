"""How long an incident took to be seen, told, taken, eased and ended; only from what stands on its record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.incidents import Incident


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Spans from the trouble's beginning to each of these; None for what has not happened, or not been noted."""

    detected: timedelta
    told: timedelta | None
    acknowledged: timedelta | None
    mitigated: timedelta | None
    resolved: timedelta | None


def elapsed(incident: Incident, first_told: datetime | None) -> Elapsed:
    """The spans; an incident that began after it was seen (clocks differ) was seen at once."""
    began = min(incident.started_at, incident.opened_at)

    def since(at: datetime | None) -> timedelta | None:
        return None if at is None else max(at - began, timedelta(0))

    return Elapsed(
        detected=incident.opened_at - began,
        told=since(first_told),
        acknowledged=since(incident.first_acknowledged_at),
        mitigated=since(incident.mitigated_at),
        resolved=since(incident.resolved_at),
    )

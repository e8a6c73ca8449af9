"""What happens in a generated history: its span, labelled incidents, and releases."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong, or only looks so. What `strength` means is said beside each."""

    ERROR_BURST = "error_burst"  # added share of failing requests
    OUTAGE = "outage"  # share of the traffic, and of the probes, that is lost
    SLOW_API = "slow_api"  # 1.0 = answers take twice as long
    SLOW_PAGES = "slow_pages"  # 1.0 = pages take twice as long
    BUNDLE_JUMP = "bundle_jump"  # 0.3 = releases within it are 30 % larger
    CONVERSION_FALL = "conversion_fall"  # share of the purchases that do not happen
    ENGAGEMENT_FALL = "engagement_fall"  # 0.4 = sessions are 40 % shorter
    ORDER_FAILURES = "order_failures"  # added share of failing orders
    RETRY_STORM = "retry_storm"  # failing requests a minute of ONE client
    MARKETING_PEAK = "marketing_peak"  # 1.0 = twice the visitors


HARMLESS = frozenset({Kind.RETRY_STORM, Kind.MARKETING_PEAK})


@dataclass(frozen=True, slots=True)
class Incident:
    """The truth about [start, end), for judging what was alerted."""

    kind: Kind
    start: datetime
    end: datetime
    strength: float

    @property
    def is_real(self) -> bool:
        """False for what must not alert anybody: a client that retries, a campaign that works."""
        return self.kind not in HARMLESS


@dataclass(frozen=True, slots=True)
class Release:
    """A version of the web app going live; `page_factor` is how much slower than the first its pages paint."""

    at: datetime
    version: str
    commit: str
    bundle_bytes: int
    page_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a history is made from; equal plans make equal rows. Incidents and releases ascend in time."""

    start: datetime
    end: datetime
    seed: int
    incidents: tuple[Incident, ...] = ()
    releases: tuple[Release, ...] = ()

    def __hash__(self) -> int:
        """Cheap, for rates are remembered by plan and minute."""
        return hash((self.start, self.end, self.seed))

    def active_at(self, moment: datetime) -> tuple[Incident, ...]:
        """The incidents, harmless ones too, that the moment lies in."""
        return tuple(incident for incident in self.incidents if incident.start <= moment < incident.end)

    def release_at(self, moment: datetime) -> Release | None:
        """The version that is live."""
        position = bisect_right(self.releases, moment, key=lambda release: release.at)
        return self.releases[position - 1] if position else None

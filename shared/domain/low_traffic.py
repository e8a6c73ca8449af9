"""The hours in which few customers are about, by the wall clock: where planned maintenance belongs."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from shared.domain.oncall import CAIRO


@dataclass(frozen=True, slots=True)
class LowTraffic:
    """From `start` to `end` of one day in the zone."""

    start: time = time(2)
    end: time = time(4)
    timezone: str = CAIRO

    def holds(self, start: datetime, end: datetime) -> bool:
        """True when [start, end) lies in these hours of one day, whatever the clocks do around it."""
        zone = ZoneInfo(self.timezone)
        first, last = start.astimezone(zone), end.astimezone(zone)
        if first.date() != last.date():
            return False
        return self.start <= first.time() and last.time() <= self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M} ({self.timezone})"

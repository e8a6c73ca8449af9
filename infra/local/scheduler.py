"""Cloud Scheduler's local twin: which functions are due, by their own manifests, in their own time zones."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim

from infra.local.functions import Manifest


@dataclass(frozen=True, slots=True)
class Job:
    """One scheduled function."""

    function: str
    cron: str
    timezone: str

    def next_after(self, at: datetime) -> datetime:
        """The next instant (UTC) after `at`."""
        local = at.astimezone(ZoneInfo(self.timezone))
        following: datetime = next(CronSim(self.cron, local))
        return following.astimezone(UTC)


def jobs(functions: Iterable[Manifest]) -> list[Job]:
    """The jobs of all scheduled functions."""
    return [Job(f.name, f.cron, str(f.trigger.get("timezone", "Africa/Cairo"))) for f in functions if f.cron]


class Scheduler:
    """Knows when each job runs next."""

    def __init__(self, scheduled: Iterable[Job], *, start: datetime) -> None:
        self._jobs = list(scheduled)
        self.restart(start)

    def next_at(self) -> datetime | None:
        """The next instant at which anything is due."""
        return min(self._next.values(), default=None)

    def due(self, now: datetime) -> list[tuple[Job, datetime]]:
        """The jobs due by `now`, each once with its latest schedule time; their next runs come after `now`."""
        ready = [(job, at) for job, at in self._next.items() if at <= now]
        for job, _ in ready:
            self._next[job] = job.next_after(now)
        return ready

    def restart(self, now: datetime, *, without: Collection[str] = ()) -> None:
        """Forget what was planned: the clock was put somewhere else. What is left out stays so until the next time."""
        self._next = {job: job.next_after(now) for job in self._jobs if job.function not in without}

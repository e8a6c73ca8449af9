"""What the system audit reaches, and what the runs of other jobs say to it."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.jobs import Run
from shared.ports.objects import ObjectStore
from shared.ports.store import StateStore
from shared.ports.warehouse import Warehouse
from shared.usecases.jobs.runs import history

MOST_RUNS = 120
ALERT = "system_audit"


@dataclass(frozen=True, slots=True)
class Auditor:
    """What is read; nothing is changed. `seals` are the objects in which the record is sealed."""

    config: Configuration
    store: StateStore
    seals: ObjectStore
    warehouse: Warehouse

    def runs(self, job: str, *, before: datetime) -> list[Run]:
        """The runs of a job that ended before the instant, the newest first; dry ones prove nothing."""
        found = history(self.store, job, limit=MOST_RUNS)
        return [one for one in found if one.finished_at is not None and one.finished_at <= before and not one.is_dry]


def day(at: datetime) -> str:
    """An instant as findings name it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"

"""The monthly review: what the month's incidents left to be done, and what keeps coming back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.incidents import Incident, State
from shared.domain.oncall import CAIRO
from shared.domain.post_mortems import PostMortem
from shared.domain.signals import TEST_SOURCE
from shared.domain.tasks import Task, TaskKind

TOLD_FROM = timedelta(hours=9)  # of the 1st, in Cairo
TOLD_UNTIL = timedelta(days=3)  # when nothing ran on the 1st


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month in Egypt."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def start(self) -> datetime:
        """Its first instant, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=ZoneInfo(CAIRO)).astimezone(UTC)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> "Month":
        """The month before it."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)


@dataclass(frozen=True, slots=True)
class Review:
    """The month's ended incidents with their post-mortems (None: none was asked for), and what is left to be done.

    `repeats` are the rules with their number of incidents, the most frequent first.
    """

    month: Month
    ended: tuple[tuple[Incident, PostMortem | None], ...]
    overdue: tuple[PostMortem, ...]
    actions: tuple[Task, ...]
    repeats: tuple[tuple[str, int], ...]
    now: datetime


def month_of(at: datetime) -> Month:
    """The month an instant belongs to in Egypt."""
    local = at.astimezone(ZoneInfo(CAIRO))
    return Month(local.year, local.month)


def month_to_review(now: datetime) -> Month | None:
    """The month that is reviewed now: the one before, from nine o'clock on the 1st and for three days; else None."""
    this = month_of(now)
    return this.previous if TOLD_FROM <= now - this.start < TOLD_UNTIL else None


def repeated(incidents: Iterable[Incident], least: int) -> tuple[tuple[str, int], ...]:
    """The rules that so many of the incidents come from; rehearsals and what another incident took in do not count."""
    real = (one for one in incidents if one.source != TEST_SOURCE and not one.storm and one.state is not State.MERGED)
    counts = Counter(one.rule for one in real)
    return tuple((rule, count) for rule, count in counts.most_common() if count >= least)


def open_actions(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """The action items that nobody has done yet."""
    return tuple(task for task in tasks if task.is_open and task.kind is TaskKind.ACTION)

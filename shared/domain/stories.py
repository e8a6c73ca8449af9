"""Everything a post-mortem tells of, as it stands on record when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.elapsed import Elapsed, elapsed
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.post_mortems import PostMortem, Section
from shared.domain.tasks import Task, TaskKind

CHANGE = "may be explained by"  # the record's word for a change shortly before the trouble began
DIAGNOSIS = "diagnosed"
BROKEN = "promise broken"
REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Story:
    """An incident with its record. `post_mortem` is as it would be opened where there is none yet (`is_kept` False)."""

    incident: Incident
    post_mortem: PostMortem
    lines: tuple[TimelineEntry, ...]
    now: datetime
    is_kept: bool = True
    first_told: datetime | None = None
    tasks: tuple[Task, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def elapsed(self) -> Elapsed:
        """How long everything took."""
        return elapsed(self.incident, self.first_told)

    @property
    def actions(self) -> tuple[Task, ...]:
        """What follows from the incident."""
        return tuple(task for task in self.tasks if task.kind is TaskKind.ACTION)

    def said(self, *events: str) -> list[TimelineEntry]:
        """The lines of the record about these events."""
        return [line for line in self.lines if line.event in events]

    def name(self, person: str) -> str:
        """What a person is called; their id when nobody knows them any more."""
        return self.people.get(person, person)

    def text(self, section: Section) -> str:
        """What people wrote there, or ""."""
        return self.post_mortem.sections.get(section, "")

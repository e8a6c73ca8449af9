"""Tasks: what somebody has promised to do for an incident, by when; action items outlive the incident."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.incidents import Incident, State, TimelineEntry
from shared.domain.redaction import redact
from shared.domain.signals import bounded, digest

LONGEST_TEXT = 300
LONGEST_DUE = timedelta(days=180)


class TaskKind(StrEnum):
    """A TASK belongs to the handling of the incident and keeps it from closing; an ACTION follows from it."""

    TASK = "task"
    ACTION = "action"

    @property
    def usually_within(self) -> timedelta:
        """When it is due if nobody says otherwise."""
        return timedelta(hours=2) if self is TaskKind.TASK else timedelta(days=14)

    @property
    def remind_every(self) -> timedelta:
        """How long after a reminder the next one comes, until it is done."""
        return timedelta(hours=4) if self is TaskKind.TASK else timedelta(days=1)


class TaskOutcome(StrEnum):
    """What a wish about a task came to."""

    OPENED = "task opened"
    DONE = "task done"
    REASSIGNED = "task handed over"
    DUE_MOVED = "task put off"
    NO_TEXT = "a task needs a text"
    NO_SUCH_TASK = "no such task"
    NO_SUCH_DUE = "a task is due within 180 days"
    ALREADY_DONE = "the task is done already"
    ALREADY_THEIRS = "the task is theirs already"
    CANNOT_OWN = "nobody of that name may own a task"
    CLOSED = "a closed incident takes action items only"
    MERGED = "the incident was merged; its tasks belong to the one it was merged into"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `remind_at` is when its owner is reminded next; None once it is done.

    `reminded` counts the reminders, so that each is told once.
    """

    id: str
    incident: str
    text: str
    kind: TaskKind
    owner: str
    due_at: datetime
    created_at: datetime
    created_by: str
    done_at: datetime | None = None
    done_by: str = ""
    remind_at: datetime | None = None
    reminded: int = 0

    @property
    def is_open(self) -> bool:
        """True until it is done."""
        return self.done_at is None

    @property
    def holds_open(self) -> bool:
        """True while its incident may not close without it."""
        return self.is_open and self.kind is TaskKind.TASK


@dataclass(frozen=True, slots=True)
class TaskChange:
    """The task afterwards (None: there is none), what it came to, and the line of the incident's record."""

    outcome: TaskOutcome
    task: Task | None = None
    entry: TimelineEntry | None = None


@dataclass(frozen=True, slots=True)
class NewTask:
    """What somebody wants done. `within` counts from now; None is the kind's usual time."""

    text: str
    kind: TaskKind
    owner: str
    by: str
    within: timedelta | None = None


def opened(wish: NewTask, incident: Incident, now: datetime) -> TaskChange:
    """The new task, its text without secrets and personal data; or why there is none."""
    text = bounded(redact(" ".join(wish.text.split())), LONGEST_TEXT)
    within = wish.kind.usually_within if wish.within is None else wish.within
    refused = _refusal(wish, incident, text, within)
    if refused is not None:
        return TaskChange(refused)
    due = now + within
    name = f"TSK-{digest(incident.id, str(incident.entries), text, now.isoformat(), size=4)}"
    task = Task(name, incident.id, text, wish.kind, wish.owner, due, now, wish.by, remind_at=due)
    detail = f"{name} for {wish.owner}, due {due:%Y-%m-%d %H:%M} UTC: {text}"
    return TaskChange(TaskOutcome.OPENED, task, _entry(TaskOutcome.OPENED, wish.by, now, detail))


def done(task: Task, by: str, now: datetime) -> TaskChange:
    """The task is done, by its owner or by whoever else did it."""
    if not task.is_open:
        return TaskChange(TaskOutcome.ALREADY_DONE, task)
    after = replace(task, done_at=now, done_by=by, remind_at=None)
    return TaskChange(TaskOutcome.DONE, after, _entry(TaskOutcome.DONE, by, now, f"{task.id}: {task.text}"))


def reassigned(task: Task, to: str, by: str, now: datetime) -> TaskChange:
    """Another person owns it; it is due when it was, and they are reminded then, or at once when that is past."""
    if not task.is_open:
        return TaskChange(TaskOutcome.ALREADY_DONE, task)
    if task.owner == to:
        return TaskChange(TaskOutcome.ALREADY_THEIRS, task)
    after = replace(task, owner=to, remind_at=max(task.due_at, now))
    detail = f"{task.id}: {task.owner} -> {to}"
    return TaskChange(TaskOutcome.REASSIGNED, after, _entry(TaskOutcome.REASSIGNED, by, now, detail))


def put_off(task: Task, within: timedelta, by: str, now: datetime) -> TaskChange:
    """It is due later (or sooner), counted from now; the reminders begin again then."""
    if not task.is_open:
        return TaskChange(TaskOutcome.ALREADY_DONE, task)
    if not timedelta(0) < within <= LONGEST_DUE:
        return TaskChange(TaskOutcome.NO_SUCH_DUE, task)
    due = now + within
    detail = f"{task.id}: due {due:%Y-%m-%d %H:%M} UTC"
    after = replace(task, due_at=due, remind_at=due)
    return TaskChange(TaskOutcome.DUE_MOVED, after, _entry(TaskOutcome.DUE_MOVED, by, now, detail))


def reminded(task: Task, now: datetime) -> Task | None:
    """The task once its owner was reminded at `now`; None when no reminder is due.

    However late the tick comes, it is one reminder, and the next is a whole interval later.
    """
    if not task.is_open or task.remind_at is None or task.remind_at > now:
        return None
    return replace(task, reminded=task.reminded + 1, remind_at=now + task.kind.remind_every)


def moved_to(task: Task, survivor: str) -> Task:
    """The task of a merged incident, now its survivor's."""
    return replace(task, incident=survivor)


def _refusal(wish: NewTask, incident: Incident, text: str, within: timedelta) -> TaskOutcome | None:
    if not text:
        return TaskOutcome.NO_TEXT
    if not timedelta(0) < within <= LONGEST_DUE:
        return TaskOutcome.NO_SUCH_DUE
    if incident.state is State.MERGED:
        return TaskOutcome.MERGED
    if incident.state is State.CLOSED and wish.kind is TaskKind.TASK:
        return TaskOutcome.CLOSED
    return None


def _entry(outcome: TaskOutcome, by: str, now: datetime, detail: str) -> TimelineEntry:
    return TimelineEntry(now, "task", outcome, by, detail)

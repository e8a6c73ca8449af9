"""What is to be done about an incident: the steps of its procedures and its tasks, whose each is and until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.procedure_runs import Run, StepRun, StepState
from shared.domain.tasks import Task
from shared.rendering.catalogue import words
from shared.rendering.page_words import page_words
from shared.rendering.tasks import kind_name
from shared.rendering.view import cairo, lasting

STANDINGS = {
    StepState.WAITING: "later", StepState.DUE: "next", StepState.OVERDUE: "late", StepState.DONE: "done",
    StepState.SKIPPED: "skipped",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToDo:
    """One line. `standing` is "later", "next", "late", "done" or "skipped", `said` what shows it or why it was left."""

    name: str
    text: str
    who: str
    standing: str
    when: str = ""
    said: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ToDoList:
    """A procedure's steps ("procedure" is its name), or the tasks (then it is "")."""

    title: str
    lines: tuple[ToDo, ...]
    procedure: str = ""


def procedure_lists(runs: Sequence[Run], people: Mapping[str, str], now: datetime, locale: str) -> list[ToDoList]:
    """The procedures under way, their steps in order."""
    return [
        ToDoList(run.title(locale), tuple(_step(one, people, now, locale) for one in run.steps), run.procedure)
        for run in runs
    ]


def task_list(tasks: Sequence[Task], people: Mapping[str, str], now: datetime, locale: str) -> ToDoList:
    """The tasks and action items: what is open first, the earliest due on top."""
    ordered = sorted(tasks, key=lambda one: (not one.is_open, one.due_at))
    return ToDoList(words(locale)["tasks"], tuple(_task(one, people, now, locale) for one in ordered))


def _step(one: StepRun, people: Mapping[str, str], now: datetime, locale: str) -> ToDo:
    who, say = one.settled_by or one.asked_by or one.step.by, words(locale)
    role = who.removeprefix("role:").removeprefix("person:")
    name = people.get(role) or say.get(role) or (page_words(locale)["by_itself"] if one.step.is_automatic else who)
    said = one.evidence or one.failure or one.rehearsed
    may_be_done = not (one.state.is_settled or one.step.is_automatic)
    return ToDo(
        one.step.name,
        one.step.text(locale),
        name,
        STANDINGS[one.state],
        when=_when(one.due_at, one.settled_at, now, locale),
        said=said,
        is_open=may_be_done,
    )


def _task(one: Task, people: Mapping[str, str], now: datetime, locale: str) -> ToDo:
    late = one.is_open and one.due_at <= now
    return ToDo(
        one.id,
        one.text,
        people.get(one.done_by or one.owner, one.done_by or one.owner),
        "late" if late else "next" if one.is_open else "done",
        when=_when(one.due_at, one.done_at, now, locale),
        said=kind_name(one.kind, locale),
        is_open=one.is_open,
    )


def _when(due_at: datetime | None, done_at: datetime | None, now: datetime, locale: str) -> str:
    say = page_words(locale)
    if done_at is not None:
        return cairo(done_at, locale)
    if due_at is None:
        return ""
    if due_at <= now:
        return f"{say['late_by']} {lasting(due_at, now, locale)}"
    return f"{say['left']} {lasting(now, due_at, locale)}"

"""The tasks of an incident as its page lists them: whose each is and until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.tasks import Task
from shared.rendering.catalogue import words
from shared.rendering.page_words import page_words
from shared.rendering.tasks import kind_name
from shared.rendering.view import cairo, lasting


@dataclass(frozen=True, slots=True)
class ToDo:
    """One line. `standing` is "next", "late" or "done", `said` what kind it is of."""

    name: str
    text: str
    who: str
    standing: str
    when: str = ""
    said: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ToDoList:
    """The tasks under their heading."""

    title: str
    lines: tuple[ToDo, ...]


def task_list(tasks: Sequence[Task], people: Mapping[str, str], now: datetime, locale: str) -> ToDoList:
    """The tasks and action items: what is open first, the earliest due on top."""
    ordered = sorted(tasks, key=lambda one: (not one.is_open, one.due_at))
    return ToDoList(words(locale)["tasks"], tuple(_task(one, people, now, locale) for one in ordered))


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

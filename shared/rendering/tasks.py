"""What bulletins about tasks say, and how a task reads in a line."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.domain.bulletins import BulletinText
from shared.domain.tasks import Task, TaskKind
from shared.rendering.escaping import isolated, one_line
from shared.rendering.view import cairo, lasting

LOCALES = ("en", "ar")


def reminder_texts(task: Task, now: datetime) -> Mapping[str, BulletinText]:
    """That a task is due and not done, in both languages."""
    return {locale: _reminder(task, now, locale) for locale in LOCALES}


def assigned_texts(task: Task, *, by: str) -> Mapping[str, BulletinText]:
    """That somebody gave the reader a task, in both languages."""
    return {locale: _assigned(task, by, locale) for locale in LOCALES}


def task_line(task: Task, owner: str, now: datetime, locale: str = "en") -> str:
    """One task in a line: what, whose, until when."""
    when = f"{_due(locale)} {cairo(task.due_at, locale)}"
    late = task.is_open and task.due_at <= now
    parts = [_foreign(task.text, locale), _foreign(owner, locale), _late(locale) if late else "", when]
    return ("، " if locale == "ar" else ", ").join(part for part in parts if part)


def kind_name(kind: TaskKind, locale: str = "en") -> str:
    """What a kind of task is called."""
    names = {TaskKind.TASK: ("Task", "مهمة"), TaskKind.ACTION: ("Action item", "إجراء متابعة")}
    return names[kind][locale == "ar"]


def _reminder(task: Task, now: datetime, locale: str) -> BulletinText:
    name, text = kind_name(task.kind, locale), _foreign(task.text, locale)
    title = f"حان موعد {name}: {text}" if locale == "ar" else f"{name} is due: {text}"
    return BulletinText(title, (_due_since(task, now, locale), _of(task, locale), *_how(task, locale)))


def _assigned(task: Task, by: str, locale: str) -> BulletinText:
    name, text, giver = kind_name(task.kind, locale), _foreign(task.text, locale), _foreign(by, locale)
    due = f"{_due(locale)} {cairo(task.due_at, locale)}"
    title = f"{name} لك: {text}" if locale == "ar" else f"{name} for you: {text}"
    given = f"أسندها إليك: {giver}" if locale == "ar" else f"Given by: {giver}"
    return BulletinText(title, (due, given, _of(task, locale), *_how(task, locale)))


def _due_since(task: Task, now: datetime, locale: str) -> str:
    due = f"{_due(locale)} {cairo(task.due_at, locale)}"
    if now - task.due_at < timedelta(minutes=1):
        return due
    late = lasting(task.due_at, now, locale)
    return f"{due} (مضى عليه {late})" if locale == "ar" else f"{due}, {late} ago"


def _of(task: Task, locale: str) -> str:
    return f"البلاغ: {isolated(task.incident)}" if locale == "ar" else f"Incident: {task.incident}"


def _how(task: Task, locale: str) -> tuple[str, str]:
    """On a line of its own a command keeps its slash in front, also where marks of direction are taken out."""
    return ("عند الانتهاء اكتب:" if locale == "ar" else "When it is done, write:", f"/incident done {task.id}")


def _due(locale: str) -> str:
    return "الموعد" if locale == "ar" else "due"


def _late(locale: str) -> str:
    return "فات الموعد" if locale == "ar" else "overdue"


def _foreign(text: str, locale: str) -> str:
    line = one_line(text)
    return isolated(line) if locale == "ar" and line else line

"""Commands about tasks and action items: opened, listed, done, handed over, put off."""

import re
from datetime import timedelta

from shared.domain import typed as reading
from shared.domain.tasks import Task, TaskKind
from shared.domain.typed import matching_ids
from shared.rendering.catalogue import words
from shared.rendering.tasks import kind_name, task_line
from shared.usecases.records import tasks_of
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, UnclearError, incident_named, person_named
from shared.usecases.tasks import (
    TaskAnswer,
    TaskPorts,
    TaskWish,
    finish_task,
    is_known_task,
    open_task,
    open_tasks,
    put_off_task,
    reassign_task,
)

_OPTION = re.compile(r"(?P<name>owner|due)=(?P<value>\"[^\"]*\"|\S+)\s*", re.IGNORECASE)
_QUOTES = str.maketrans("\u201c\u201d", '""')  # what Slack makes of the quotes that were typed
LISTED = 20


def task(typed: Typed, desk: Desk) -> str:
    """Something to do while it is handled."""
    return _opened(TaskKind.TASK, typed, desk)


def action(typed: Typed, desk: Desk) -> str:
    """Something to do so that it does not happen again."""
    return _opened(TaskKind.ACTION, typed, desk)


def tasks(typed: Typed, desk: Desk) -> str:
    """An incident's tasks and action items, or all that are open."""
    if not typed.first:
        found = _known(typed, desk)[:LISTED]
        return "\n".join(f"{one.incident}  {_line(one, desk)}" for one in found) or "No task is open."
    of = tasks_of(desk.store, incident_named(typed.first, typed.who, desk))
    return "\n".join(_line(one, desk) for one in of) or "It has no tasks."


def done(typed: Typed, desk: Desk) -> str:
    """A task is done."""
    return _said(finish_task(_named(typed, desk), by=typed.who, ports=_ports(desk)), desk)


def change(typed: Typed, desk: Desk) -> str:
    """Another owner, or another time, for a task that is open."""
    name, (options, rest) = _named(typed, desk), _read(typed.after)
    if rest or len(options) != 1:
        raise UnclearError("Write either owner=… or due=….")
    if "owner" in options:
        person = person_named(options["owner"], typed, desk.config)
        return _said(reassign_task(name, to=person, by=typed.who, ports=_ports(desk)), desk)
    return _said(put_off_task(name, within=_length(options["due"]), by=typed.who, ports=_ports(desk)), desk)


def _opened(kind: TaskKind, typed: Typed, desk: Desk) -> str:
    incident, (options, text) = incident_named(typed.first, typed.who, desk), _read(typed.after)
    owner = person_named(options["owner"], typed, desk.config) if "owner" in options else ""
    within = _length(options["due"]) if "due" in options else None
    wish = TaskWish(incident, text, typed.who, kind, owner=owner, within=within)
    return _said(open_task(wish, _ports(desk)), desk)


def _read(text: str) -> tuple[dict[str, str], str]:
    """The options at the beginning, each once, and the text that follows them."""
    options, rest = dict[str, str](), text.translate(_QUOTES).strip()
    while found := _OPTION.match(rest):
        options[found["name"].lower()] = found["value"].strip('"')
        rest = rest[found.end() :]
    return options, rest


def _length(text: str) -> timedelta:
    lasting = reading.long_length(text)
    if lasting is None:
        raise UnclearError(f"{text[:40]!r} is no length of time: write 30m, 2h or 3d.")
    return lasting


def _known(typed: Typed, desk: Desk) -> list[Task]:
    return [one for one in open_tasks(desk.store) if is_known_task(one, typed.who, desk.config, desk.store)]


def _named(typed: Typed, desk: Desk) -> str:
    """The id of the one open task that a short id stands for. Raises UnclearError."""
    text = typed.first
    if not text:
        raise UnclearError("Which task?")
    found = matching_ids(text, (one.id for one in _known(typed, desk)))
    if len(found) > 1:
        raise UnclearError(f"{text[:40]!r} may be {', '.join(found[:5])}.")
    return found[0] if found else text


def _said(answer: TaskAnswer, desk: Desk) -> str:
    if answer.task is None or not answer.happened:
        return f"{words('en')['ack_refused']} {answer.outcome}."
    return f"{answer.outcome}: {_line(answer.task, desk)}"


def _line(one: Task, desk: Desk) -> str:
    people = desk.config.directory.people
    owner = people[one.owner].name if one.owner in people else one.owner
    by = people[one.done_by].name if one.done_by in people else one.done_by
    end = f", done by {by}" if not one.is_open else ""
    kind = "" if one.kind is TaskKind.TASK else f"{kind_name(one.kind)}: "
    return f"{one.id}  {kind}{task_line(one, owner, desk.clock.now())}{end}"


def _ports(desk: Desk) -> TaskPorts:
    return TaskPorts(desk.config, desk.store, desk.publisher, desk.clock)

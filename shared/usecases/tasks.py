"""Tasks and action items of incidents: opened, handed over, put off and done, each on the incident's record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.incidents import Acked, Incident
from shared.domain.notifications import Channel, Notification, Recipient
from shared.domain.oncall import Directory
from shared.domain.tasks import (
    NewTask,
    Task,
    TaskChange,
    TaskKind,
    TaskOutcome,
    done,
    opened,
    put_off,
    reassigned,
    reminded,
)
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Body, Create, Document, Query, Replace, StateStore, Write
from shared.rendering.tasks import assigned_texts, reminder_texts
from shared.usecases.act import is_entitled, may_act_on
from shared.usecases.bulletins import plan_bulletin
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import plan_update
from shared.usecases.records import TASKS, body_of, incident_writes, instant, notifications_of, read_incident, value_of

MOST = 500
SEALED = "{}: see the record of the response team"


@dataclass(frozen=True, slots=True)
class TaskWish:
    """A task that somebody (`by`) wants done; without an owner it is their own, without a time the kind's usual one."""

    incident: str
    text: str
    by: str
    kind: TaskKind = TaskKind.TASK
    owner: str = ""
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """What came of it, and the task as it is now (None: there is none)."""

    outcome: str
    task: Task | None = None
    happened: bool = False


@dataclass(frozen=True, slots=True)
class TaskPorts:
    """What every wish about a task touches."""

    config: Configuration
    store: StateStore
    publisher: Publisher
    clock: Clock


def open_task(wish: TaskWish, ports: TaskPorts) -> TaskAnswer:
    """Open a task and tell its owner, unless they opened it themselves."""
    if not is_entitled(wish.by, ports.config):
        return TaskAnswer(Acked.NOT_ENTITLED)
    owner = wish.owner or wish.by
    if not is_entitled(owner, ports.config):
        return TaskAnswer(TaskOutcome.CANNOT_OWN)
    new = NewTask(wish.text, wish.kind, owner, wish.by, wish.within)
    return committed(lambda: _open(wish.incident, new, ports))


def finish_task(name: str, *, by: str, ports: TaskPorts) -> TaskAnswer:
    """The task is done; whoever did it is on the record."""
    return _changed(name, by, ports, lambda task: done(task, by, ports.clock.now()))


def reassign_task(name: str, *, to: str, by: str, ports: TaskPorts) -> TaskAnswer:
    """Another person does it, and is told so."""
    if not is_entitled(to, ports.config):
        return TaskAnswer(TaskOutcome.CANNOT_OWN)
    return _changed(name, by, ports, lambda task: reassigned(task, to, by, ports.clock.now()))


def put_off_task(name: str, *, within: timedelta, by: str, ports: TaskPorts) -> TaskAnswer:
    """It is due later (or sooner)."""
    return _changed(name, by, ports, lambda task: put_off(task, within, by, ports.clock.now()))


def is_known_task(task: Task, person: str, config: Configuration, store: StateStore) -> bool:
    """Whether the task exists for this person: those of a restricted incident do for its team alone."""
    found = read_incident(store, task.incident)
    return found is None or may_act_on(found[0], person, config)


def open_tasks(store: StateStore) -> list[Task]:
    """Every task and action item that is not done, the next due first."""
    rows = store.find(Query(TASKS, equal={"is_open": "yes"}, order_by="due_at", limit=MOST))
    return [value_of(row, Task) for row in rows]


def remind_owners(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Remind the owners of what is due and not done, once for each time; returns how many were reminded."""
    due = store.find(Query(TASKS, order_by="remind_at", high=instant(now), limit=MOST))

    def attempt(name: str) -> int:
        document = store.get(TASKS, name)
        task = value_of(document, Task) if document else None
        after = reminded(task, now) if task else None
        if document is None or after is None:
            return 0
        notice = Bulletin(f"{after.id}-{after.reminded}", BulletinKind.NOTICE, now, reminder_texts(after, now))
        rows, writes = plan_bulletin(notice, recipients_of(after.owner, config.directory))
        store.commit([task_write(after, document), *writes])
        publish_planned(publisher, rows, now)
        return 1

    return sum(committed(lambda name=row.id: attempt(name)) for row in due)  # type: ignore[misc]


def task_write(task: Task, before: Document | None) -> Write:
    """The write that keeps a task; `before` is the document it was read from (None creates it)."""
    body: Body = {**body_of(task), "is_open": "yes" if task.is_open else "no"}
    return Create(TASKS, task.id, body) if before is None else Replace(TASKS, task.id, body, before.version)


def recipients_of(person: str, directory: Directory) -> list[Recipient]:
    """A task never rings: its owner hears of it by Slack, else by mail; the default contact for one who is gone."""
    known = directory.people.get(person) or directory.people[directory.default_contact]
    reached = known.slack_user and Channel.SLACK not in known.off
    return [Recipient(known.id, Channel.SLACK if reached else Channel.EMAIL)]


def _open(incident: str, new: NewTask, ports: TaskPorts) -> TaskAnswer:
    found = read_incident(ports.store, incident)
    if found is None or not may_act_on(found[0], new.by, ports.config):
        return TaskAnswer(Acked.UNKNOWN_INCIDENT)
    if not may_act_on(found[0], new.owner, ports.config):
        return TaskAnswer(TaskOutcome.CANNOT_OWN)
    change = _without_words(opened(new, found[0], ports.clock.now()), found[0])
    return _committed(change, None, ports, by=new.by)


def _without_words(change: TaskChange, incident: Incident) -> TaskChange:
    """Of a restricted incident's task everybody may see that it is there; what it says is on the sealed record."""
    if not incident.restricted or change.task is None:
        return change
    return replace(change, task=replace(change.task, text=SEALED.format(incident.title)))


def _changed(name: str, by: str, ports: TaskPorts, change: Callable[[Task], TaskChange]) -> TaskAnswer:
    if not is_entitled(by, ports.config):
        return TaskAnswer(Acked.NOT_ENTITLED)

    def attempt() -> TaskAnswer:
        document = ports.store.get(TASKS, name)
        if document is None or not is_known_task(value_of(document, Task), by, ports.config, ports.store):
            return TaskAnswer(TaskOutcome.NO_SUCH_TASK)
        return _committed(change(value_of(document, Task)), document, ports, by=by)

    return committed(attempt)


def _committed(change: TaskChange, before: Document | None, ports: TaskPorts, *, by: str) -> TaskAnswer:
    """Keep a change with its line on the incident's record; the living message shows what is left to do."""
    task, now = change.task, ports.clock.now()
    found = read_incident(ports.store, task.incident) if task else None
    if task is None or change.entry is None or found is None:
        return TaskAnswer(change.outcome, task)
    incident, version = found
    was = value_of(before, Task) if before else None
    after = _counting(incident, was, task)
    planned = plan_update(after, notifications_of(ports.store, incident.id), now=now)
    told, notice = _told(task, was, ports, by=by, occasion=f"{after.id}-{after.revision}")
    ports.store.commit(
        [task_write(task, before), *incident_writes(after, [change.entry], version), *planned.writes, *notice]
    )
    publish_planned(ports.publisher, [*planned.rows, *told], now)
    return TaskAnswer(change.outcome, task, happened=True)


def _counting(incident: Incident, before: Task | None, after: Task) -> Incident:
    change = after.holds_open - (before.holds_open if before else False)
    return replace(incident, open_tasks=incident.open_tasks + change, revision=incident.revision + 1)


def _told(
    task: Task, before: Task | None, ports: TaskPorts, *, by: str, occasion: str
) -> tuple[Iterable[Notification], list[Write]]:
    """A task that somebody else gave to its owner is told to them at once."""
    is_new = before is None or before.owner != task.owner
    if not is_new or task.owner == by:
        return (), []
    now, people = ports.clock.now(), ports.config.directory.people
    texts = assigned_texts(task, by=people[by].name if by in people else by)
    notice = Bulletin(f"{task.id}-{occasion}", BulletinKind.NOTICE, now, texts)
    return plan_bulletin(notice, recipients_of(task.owner, ports.config.directory))

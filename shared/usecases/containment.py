"""Measures against a breach, from the dry run to the result: each change in one commit with its record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.breaches import Breach
from shared.domain.breaches import Said as BreachSaid
from shared.domain.configuration import Configuration
from shared.domain.containment import (
    Effect,
    Kind,
    Measure,
    Said,
    Stage,
    asked,
    begun,
    confirm,
    finished,
    foreseen,
    looked_at,
    propose,
    with_result,
)
from shared.domain.incidents import TimelineEntry
from shared.domain.notifications import Notification
from shared.errors import ConflictError, ContainmentError
from shared.ports.acting import Containing
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Body, Create, Document, Query, Replace, StateStore, Write
from shared.rendering.breach import neutral_title
from shared.rendering.containment import lines_of
from shared.usecases.audited import Act, audit_writes
from shared.usecases.breach_records import SOUKMON, read_breach
from shared.usecases.breaches import told_to_team
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_outbox, publish_planned
from shared.usecases.records import body_of, incident_writes, instant, outbox_write, read_incident, value_of

CONTAINMENTS = "containments"
TOPIC = "containments"
BATCH = 100

Measures = Callable[[Kind], Containing]
Change = Callable[[Measure], tuple[Measure, Said]]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a wish; `measure` is None when there is none."""

    said: Said | BreachSaid | str
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """What every change of a measure needs."""

    config: Configuration
    store: StateStore
    publisher: Publisher
    clock: Clock


def ask(breach: str, kind: Kind, targets: Sequence[str], *, by: str, ports: Ports) -> Done:
    """Have the machine say what it would do: the default, and always the first step."""
    if by not in ports.config.response_team.members:
        return Done(BreachSaid.NOT_IN_TEAM)
    found = read_breach(breach, ports.store)
    if found is None or not found[0].standing.is_open:
        return Done(BreachSaid.UNKNOWN if found is None else BreachSaid.NOT_OPEN)
    now = ports.clock.now()
    try:
        measure = asked(found[0].id, kind, targets, by=by, now=now)
    except ValueError as error:
        return Done(str(error))
    writes: list[Write] = [Create(CONTAINMENTS, measure.id, _body(measure)), _to_do(measure, now)]
    writes += _recorded(found[0], measure, by, now, ports.store)
    ports.store.commit(writes)
    publish_outbox(ports.store, ports.publisher, writes)
    return Done(Said.ASKED, measure)


def propose_measure(name: str, *, by: str, ports: Ports) -> Done:
    """Want exactly what the dry run said; nothing happens until another of the team confirms it."""
    return _changed(name, by, lambda measure: propose(measure, by, ports.clock.now()), ports)


def confirm_measure(name: str, mark: str, *, by: str, ports: Ports) -> Done:
    """Say yes to exactly what was proposed, as the second of two; then it is carried out."""
    return _changed(name, by, lambda measure: confirm(measure, by, mark, ports.clock.now()), ports)


def carry_out(name: str, *, measures: Measures, ports: Ports) -> Stage | None:
    """Do what a measure waits for: its dry run, or, once, the thing itself. Redelivery never does it twice."""
    document = ports.store.get(CONTAINMENTS, name)
    measure = value_of(document, Measure) if document else None
    if document is None or measure is None:
        return None
    if measure.stage is Stage.ASKED:
        _foresee(measure, measures(measure.kind), ports)
    elif measure.stage is Stage.CONFIRMED:
        _run(measure, document, measures(measure.kind), ports)
    after = ports.store.get(CONTAINMENTS, name)
    return value_of(after, Measure).stage if after else None


def look_at_measures(*, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> int:
    """What time brings: proposals expire, and what never came to an end is told as unknown; how many there were."""
    ports = Ports(config, store, publisher, clock)
    rows = store.find(Query(CONTAINMENTS, order_by="look_at", high=instant(clock.now()), limit=BATCH))
    return sum(committed(lambda name=row.id: _look(name, ports)) for row in rows)  # type: ignore[misc]


def measures_of(breach: Breach, store: StateStore) -> list[Measure]:
    """The measures of a breach in the order they were asked for."""
    rows = store.find(Query(CONTAINMENTS, equal={"breach": breach.id}, order_by="asked_at", limit=BATCH))
    return [value_of(row, Measure) for row in rows]


def _changed(name: str, by: str, change: Change, ports: Ports) -> Done:
    if by not in ports.config.response_team.members:
        return Done(BreachSaid.NOT_IN_TEAM)

    def attempt() -> Done:
        document = ports.store.get(CONTAINMENTS, name)
        if document is None:
            return Done("there is no such measure")
        before = value_of(document, Measure)
        after, said = change(before)
        if after != before:
            extra = [_to_do(after, ports.clock.now())] if after.stage is Stage.CONFIRMED else []
            _commit(after, document, by, ports, extra=extra)
        return Done(said, after)

    return committed(attempt)


def _foresee(measure: Measure, port: Containing, ports: Ports) -> None:
    effects = [_foreseen(port, target) for target in measure.targets]
    committed(lambda: _advance(measure.id, Stage.ASKED, lambda now: foreseen(measure, effects, now), SOUKMON, ports))


def _foreseen(port: Containing, target: str) -> Effect:
    try:
        return port.foresee(target)
    except ContainmentError as error:
        return Effect(target, f"cannot be looked up: {error}", is_change=False)


def _run(measure: Measure, document: Document, port: Containing, ports: Ports) -> None:
    """The claim is committed before anything is done: who finds it begun does nothing."""
    running = begun(measure, ports.clock.now())
    if running is None:
        return
    try:
        ports.store.commit([Replace(CONTAINMENTS, measure.id, _body(running), document.version)])
    except ConflictError:
        return  # another delivery was faster
    for effect in running.changes:
        running = _kept(with_result(running, _done(port, effect.target)), ports.store)
    last, by = running, measure.confirmed_by
    committed(lambda: _advance(measure.id, Stage.RUNNING, lambda now: finished(last, now), by, ports))


def _advance(name: str, stage: Stage, change: Callable[[datetime], Measure], by: str, ports: Ports) -> None:
    document = ports.store.get(CONTAINMENTS, name)
    if document is not None and value_of(document, Measure).stage is stage:
        _commit(change(ports.clock.now()), document, by, ports)


def _done(port: Containing, target: str) -> Effect:
    try:
        return Effect(target, port.carry_out(target))
    except ContainmentError as error:
        return Effect(target, f"failed: {error}", is_change=False)


def _kept(measure: Measure, store: StateStore) -> Measure:
    """What is done is on record before the next target is touched."""
    document = store.get(CONTAINMENTS, measure.id)
    if document is not None:
        store.commit([Replace(CONTAINMENTS, measure.id, _body(measure), document.version)])
    return measure


def _look(name: str, ports: Ports) -> int:
    document = ports.store.get(CONTAINMENTS, name)
    after = looked_at(value_of(document, Measure), ports.clock.now()) if document else None
    if document is None or after is None:
        return 0
    _commit(after, document, SOUKMON, ports)
    return 1


def _commit(measure: Measure, document: Document, by: str, ports: Ports, *, extra: Sequence[Write] = ()) -> None:
    """The measure's new stage with its line on the record and what the team is told in its channel."""
    now = ports.clock.now()
    found = read_breach(measure.breach, ports.store)
    writes: list[Write] = [Replace(CONTAINMENTS, measure.id, _body(measure), document.version), *extra]
    writes += audit_writes(ports.store, Act(now, by, f"{measure.kind} {measure.stage}", measure.id))
    rows: tuple[Notification, ...] = ()
    if found is not None:
        title = f"{neutral_title(found[0])}: {measure.kind} {measure.stage} ({measure.id})"
        unique = f"{measure.id} {measure.stage} {now.isoformat()}"
        rows, told = told_to_team(found[0], title, lines_of(measure), unique=unique, config=ports.config, now=now)
        writes += [*told, *_recorded(found[0], measure, by, now, ports.store)]
    ports.store.commit(writes)
    publish_planned(ports.publisher, rows, now)
    publish_outbox(ports.store, ports.publisher, writes)


def _recorded(breach: Breach, measure: Measure, by: str, now: datetime, store: StateStore) -> list[Write]:
    found = read_incident(store, breach.incident)
    if found is None:
        return []
    detail = f"{measure.id} {measure.kind} {', '.join(measure.targets)}"
    entry = TimelineEntry(now, "containment", str(measure.stage), by, "; ".join((detail, *lines_of(measure))))
    return incident_writes(found[0], [entry], found[1])


def _to_do(measure: Measure, now: datetime) -> Write:
    return outbox_write(f"{measure.id}-{measure.stage}", TOPIC, {"containment": measure.id}, due_at=now)


def _body(measure: Measure) -> Body:
    return body_of(measure)

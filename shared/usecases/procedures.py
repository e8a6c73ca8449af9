"""Procedures: started by an incident or by hand, and the steps that people do, confirm or leave out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.acting import By
from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident, TimelineEntry
from shared.domain.notifications import Notification
from shared.domain.procedure_runs import (
    Beginning,
    Moved,
    Run,
    Stepped,
    finish,
    fired_again,
    run_id,
    skip,
    start,
    to_act,
    without_words,
)
from shared.domain.procedures import Doing, Procedure
from shared.domain.reasons import Notify
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Body, Create, Query, Replace, StateStore, Write
from shared.rendering.procedure import moved_line
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_outbox, publish_planned
from shared.usecases.planning import Planned, plan_in_threads
from shared.usecases.records import (
    PROCEDURES,
    body_of,
    incident_writes,
    notifications_of,
    outbox_write,
    read_incident,
    value_of,
)
from shared.usecases.wishes import is_entitled, is_known_to, may_act_on

ITSELF = "soukmon"
MOST = 20
STEPS = "procedure-steps"
OF_RECOVERY = frozenset(
    {Doing.RECOVERED, Doing.DRAFT_RECOVERY_MESSAGE, Doing.RECOVERY_TOLD}
)  # not true of what fires again


@dataclass(frozen=True, slots=True)
class StepWish:
    """What somebody says of a step: `procedure` "" means the one that is under way; `text` is evidence or a reason."""

    incident: str
    step: str
    person: str
    via: str
    text: str
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class StepDone:
    """What came of it; without a run there is none."""

    outcome: Stepped | str
    run: Run | None = None
    happened: bool = False


NOT_ENTITLED = "this person may not do that"


def runs_of(store: StateStore, incident: str) -> list[Run]:
    """The incident's procedures, in the order in which they started."""
    return [run for run, _ in _runs_with_versions(store, incident)]


def read_run(store: StateStore, name: str) -> tuple[Run, str] | None:
    """A run and its version, or None."""
    document = store.get(PROCEDURES, name)
    return (value_of(document, Run), document.version) if document else None


@dataclass(frozen=True, slots=True)
class Starting:
    """What belongs into the commit that opens, raises, releases or reopens an incident."""

    entries: tuple[TimelineEntry, ...] = ()
    writes: tuple[Write, ...] = ()


def starting(
    incident: Incident, before: Incident | None, *, config: Configuration, store: StateStore, now: datetime
) -> Starting:
    """The procedures that the incident starts as it is now and did not start as it was `before` (None: it is new).

    While something mutes it, it starts none.
    """
    entries: list[TimelineEntry] = []
    writes: list[Write] = []
    for procedure in _newly_wanted(incident, before, config):
        if before is not None and store.get(PROCEDURES, run_id(incident.id, procedure.name)) is not None:
            continue
        # One that was raised is an emergency from then on; the law counts from the first sign of a breach.
        detected_at = incident.opened_at if before is None else now
        detected_at = incident.started_at if incident.restricted else detected_at
        moved = _started(procedure, incident, By(ITSELF, "the rule", now), detected_at, config)
        entries += moved.entries
        writes += [Create(PROCEDURES, moved.run.id, run_body(moved.run)), goes_on_write(moved.run, now)]
    return Starting(tuple(entries), tuple(writes))


def starting_again(incident: Incident, *, store: StateStore, now: datetime) -> Starting:
    """The incident fired again: what the machine had seen to be over in its procedures is not."""
    entries: list[TimelineEntry] = []
    writes: list[Write] = []
    for run, version in _runs_with_versions(store, incident.id):
        moved = fired_again(run, OF_RECOVERY, By(ITSELF, "a new signal", now))
        if moved.happened:
            entries += moved.entries
            writes += [Replace(PROCEDURES, run.id, run_body(moved.run), version)]
    return Starting(tuple(entries), tuple(writes))


def start_procedure(
    incident: str,
    procedure: str,
    by: By,
    *,
    config: Configuration,
    store: StateStore,
    publisher: Publisher,
) -> StepDone:
    """Start one by hand; one that is under way is not started twice."""
    if not is_entitled(by.person, config):
        return StepDone(NOT_ENTITLED)
    known = config.procedures.by_name.get(procedure)
    if known is None:
        return StepDone(Stepped.NO_SUCH_PROCEDURE)
    return committed(lambda: _start(incident, known, by, config=config, store=store, publisher=publisher))


def finish_step(
    wish: StepWish, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> StepDone:
    """A step is done (with its evidence), asked for, or confirmed by a second person."""
    return _by_person(wish, finish, config=config, store=store, publisher=publisher, clock=clock)


def skip_step(
    wish: StepWish, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> StepDone:
    """A step is left out, with its reason."""
    return _by_person(wish, skip, config=config, store=store, publisher=publisher, clock=clock)


def run_body(run: Run) -> Body:
    """A run as it is kept."""
    return {**body_of(run), "is_open": "yes" if run.ended_at is None else "no"}


def goes_on_write(run: Run, now: datetime) -> Write:
    """An outbox row that lets the machine do its steps at once instead of with the next minute tick."""
    return outbox_write(f"{run.id}-{now:%Y%m%dT%H%M%S}", STEPS, {"run": run.id}, due_at=now)


def moved_writes(moved: Moved, incident: Incident, versions: tuple[str, str]) -> list[Write]:
    """One transition's writes: the run, and its lines on the record; `versions` are the incident's and the run's."""
    run = without_words(moved.run) if incident.restricted else moved.run
    kept = Replace(PROCEDURES, run.id, run_body(run), versions[1])
    return [*incident_writes(incident, moved.entries, versions[0]), kept] if moved.entries else [kept]


def told_in_threads(
    incident: Incident, moves: Iterable[Moved], ledger: Iterable[Notification], config: Configuration, now: datetime
) -> Planned:
    """What people did to a step, as one line in the incident's threads."""
    said = "; ".join(moved_line(moved, config.directory) for moved in moves)
    return plan_in_threads(incident, ledger, reason=Notify.STEP, now=now, note=said)


def _runs_with_versions(store: StateStore, incident: str) -> list[tuple[Run, str]]:
    query = Query(PROCEDURES, equal={"incident": incident}, order_by="started_at", limit=MOST)
    return [(value_of(row, Run), row.version) for row in store.find(query)]


def _newly_wanted(incident: Incident, before: Incident | None, config: Configuration) -> list[Procedure]:
    if incident.held:
        return []
    already = config.procedures.started_by(before) if before is not None and not before.held else ()
    return [one for one in config.procedures.started_by(incident) if one not in already]


def _by_person(
    wish: StepWish,
    change: Callable[[Run, str, By, str], Moved],
    *,
    config: Configuration,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
) -> StepDone:
    if not is_entitled(wish.person, config):
        return StepDone(NOT_ENTITLED)
    now = clock.now()

    def attempt() -> StepDone:
        found, run = read_incident(store, wish.incident), _named(wish, store)
        if found is None or run is None or not is_known_to(found[0], wish.person, config):
            return StepDone(Stepped.NO_SUCH_RUN)
        moved = change(run[0], wish.step, By(wish.person, wish.via, now), wish.text)
        if not moved.happened:
            return StepDone(moved.outcome, run[0])
        shown = replace(found[0], revision=found[0].revision + 1)
        planned = told_in_threads(shown, (moved,), notifications_of(store, shown.id), config, now)
        goes_on = [goes_on_write(moved.run, now)] if to_act(moved.run, now) else []
        store.commit([*moved_writes(moved, shown, (found[1], run[1])), *planned.writes, *goes_on])
        publish_planned(publisher, planned.rows, now)
        publish_outbox(store, publisher, goes_on)
        return StepDone(moved.outcome, moved.run, happened=True)

    return committed(attempt)


def _named(wish: StepWish, store: StateStore) -> tuple[Run, str] | None:
    """The run that is meant; of several under way the one that has a step of this name."""
    if wish.procedure:
        return read_run(store, run_id(wish.incident, wish.procedure))
    runs = _runs_with_versions(store, wish.incident)
    fitting = [found for found in runs if found[0].named(wish.step) is not None]
    return next((found for found in fitting if found[0].ended_at is None), next(iter(fitting or runs), None))


def _start(
    name: str, procedure: Procedure, by: By, *, config: Configuration, store: StateStore, publisher: Publisher
) -> StepDone:
    found = read_incident(store, name)
    if found is None or not may_act_on(found[0], by.person, config):
        return StepDone(Stepped.NO_SUCH_RUN)
    if store.get(PROCEDURES, run_id(name, procedure.name)) is not None:
        return StepDone(Stepped.ALREADY_STARTED)
    incident = replace(found[0], revision=found[0].revision + 1)
    moved = _started(procedure, incident, by, incident.opened_at, config)
    planned = told_in_threads(incident, (moved,), notifications_of(store, name), config, by.now)
    made = [Create(PROCEDURES, moved.run.id, run_body(moved.run)), goes_on_write(moved.run, by.now)]
    store.commit([*incident_writes(incident, moved.entries, found[1]), *made, *planned.writes])
    publish_planned(publisher, planned.rows, by.now)
    publish_outbox(store, publisher, made)
    return StepDone(moved.outcome, moved.run, happened=True)


def _started(procedure: Procedure, incident: Incident, by: By, detected_at: datetime, config: Configuration) -> Moved:
    promised = config.promised(incident.rule, incident.severity).resolve_within
    return start(procedure, Beginning(incident.id, detected_at, by, promised))

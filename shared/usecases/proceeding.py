"""A procedure goes on: what the machine has to do is done, reminders and broken promises are told, each once."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.acting import By
from shared.domain.configuration import Configuration
from shared.domain.escalation import Step
from shared.domain.incidents import Incident
from shared.domain.procedure_owners import responsible
from shared.domain.procedure_runs import Moved, Run, Stepped, StepRun, acted, not_yet, ticked, to_act
from shared.domain.procedures import Doing
from shared.domain.reasons import Notify
from shared.ports.platform import Publisher
from shared.ports.store import Query, StateStore
from shared.rendering.procedure import step_name
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_outbox, publish_planned
from shared.usecases.planning import Planned, plan_in_threads, plan_steps, posted_channels
from shared.usecases.procedure_scene import Acting, Action, Did, Scene, over_at
from shared.usecases.procedures import ITSELF, moved_writes, read_run, told_in_threads
from shared.usecases.records import PROCEDURES, instant, notifications_of, planned_writes, read_incident

BATCH = 200
REASONS = {Stepped.REMINDED: Notify.STEP_DUE, Stepped.OVERDUE: Notify.STEP_LATE}
WORTH_TELLING = frozenset({Stepped.FAILED, Stepped.REHEARSED})
PERSONAL = ("team:", "person:")
BY_MAIL = ("email",)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proceeding:
    """The ports of a run, and what the machine can do."""

    config: Configuration
    store: StateStore
    publisher: Publisher
    actions: Mapping[Doing, Action]
    now: datetime

    @property
    def by(self) -> By:
        """The machine, as the record names it."""
        return By(ITSELF, "the procedure", self.now)


def proceed_with_due(proceeding: Proceeding) -> int:
    """Everything that is due by now, the longest due first; how many steps moved. One run's fault holds up no other."""
    due = proceeding.store.find(Query(PROCEDURES, order_by="next_at", high=instant(proceeding.now), limit=BATCH))
    return sum(_guarded(row.id, proceeding) for row in due)


def proceed(name: str, proceeding: Proceeding) -> int:
    """Let the machine do its steps in their order, then tell what the clock has brought; how many steps moved."""
    tried: dict[str, int] = {}
    while (step := _next(name, tried, proceeding)) is not None:
        tried[step] = committed(lambda step=step: _act(name, step, proceeding))  # type: ignore[misc]
    return sum(tried.values()) + committed(lambda: _tick(name, proceeding))


def _next(name: str, tried: Iterable[str], proceeding: Proceeding) -> str | None:
    """The next step for the machine; one that is done may have let another begin."""
    found = read_run(proceeding.store, name)
    left = to_act(found[0], proceeding.now) if found else ()
    return next((one.step.name for one in left if one.step.name not in tried), None)


def _guarded(name: str, proceeding: Proceeding) -> int:
    try:
        return proceed(name, proceeding)
    except Exception:  # whatever it is, the other procedures and their clocks go on
        log.exception("a procedure could not go on", extra={"run": name})
        return 0


def _act(name: str, step: str, proceeding: Proceeding) -> int:
    """One attempt at one step: the action's writes, the step and the record in one commit."""
    run, incident = read_run(proceeding.store, name), None
    if run is not None:
        incident = read_incident(proceeding.store, run[0].incident)
    one = run[0].named(step) if run else None
    if run is None or incident is None or one is None or not one.is_to_act:
        return 0
    did = _did(incident[0], run[0], one, proceeding)
    moved = _after(run[0], one, did, proceeding.by)
    shown = replace(incident[0], revision=incident[0].revision + 1) if moved.happened else incident[0]
    told = _worth_telling(moved, shown, proceeding)
    extra = [*did.writes, *planned_writes(did.rows)]
    proceeding.store.commit([*moved_writes(moved, shown, (incident[1], run[1])), *extra, *told.writes])
    publish_planned(proceeding.publisher, [*did.rows, *told.rows], proceeding.now)
    publish_outbox(proceeding.store, proceeding.publisher, extra)
    return int(moved.happened)


def _did(incident: Incident, run: Run, one: StepRun, proceeding: Proceeding) -> Did:
    """What the action says; one that breaks has failed, and is tried again."""
    act = proceeding.actions.get(one.step.act) if one.step.act else None
    if act is None:
        return Did(Acting.FAILED, f"nothing here can do {one.step.act}")
    scene = Scene(incident, run, one, proceeding.config, proceeding.store, proceeding.now, rehearsal=one.is_to_rehearse)
    try:
        return act(scene)
    except Exception as error:  # the record says so, and people do it by hand
        log.exception("an automatic step failed", extra={"run": run.id, "step": one.step.name})
        return Did(Acting.FAILED, type(error).__name__)


def _after(run: Run, one: StepRun, did: Did, by: By) -> Moved:
    if did.acting is Acting.DONE:
        return acted(run, one.step.name, by, did.what, at=did.at, who=did.by)
    return not_yet(run, one.step.name, by, did.what if did.acting is Acting.FAILED else "")


def _worth_telling(moved: Moved, incident: Incident, proceeding: Proceeding) -> Planned:
    if moved.outcome not in WORTH_TELLING or not moved.happened:
        return Planned()
    ledger = notifications_of(proceeding.store, incident.id)
    return told_in_threads(incident, (moved,), ledger, proceeding.config, proceeding.now)


def _tick(name: str, proceeding: Proceeding) -> int:
    run = read_run(proceeding.store, name)
    incident = read_incident(proceeding.store, run[0].incident) if run else None
    if run is None or incident is None:
        return 0
    moves = ticked(run[0], proceeding.by, over_at=over_at(incident[0], proceeding.store))
    if not moves:
        return 0
    entries = tuple(entry for moved in moves for entry in moved.entries)
    last = replace(moves[-1], entries=entries)
    shown = replace(incident[0], revision=incident[0].revision + 1)
    planned = _told(shown, moves, proceeding)
    proceeding.store.commit([*moved_writes(last, shown, (incident[1], run[1])), *planned.writes])
    publish_planned(proceeding.publisher, planned.rows, proceeding.now)
    publish_outbox(proceeding.store, proceeding.publisher, planned.extra)
    return len(moves)


def _told(incident: Incident, moves: Sequence[Moved], proceeding: Proceeding) -> Planned:
    """Reminders and broken promises: in the threads, and in person where that is called for."""
    planned = Planned()
    for outcome, reason in REASONS.items():
        ones = [(moved.run, one) for moved in moves if moved.outcome is outcome for one in moved.steps]
        if ones:
            planned += _told_of(incident, ones, reason, proceeding)
    return planned


def _told_of(
    incident: Incident, ones: Sequence[tuple[Run, StepRun]], reason: Notify, proceeding: Proceeding
) -> Planned:
    config, now = proceeding.config, proceeding.now
    note = " ".join(step_name(run.procedure, one) for run, one in ones)
    ledger = notifications_of(proceeding.store, incident.id)
    planned = plan_in_threads(incident, ledger, reason=reason, now=now, note=note)
    bys = [one.step.by for _, one in ones]
    people = _people(bys, incident, proceeding)
    if reason is Notify.STEP_LATE:
        targets = (*people, *config.promises[incident.severity].tell_when_broken)
        wakes = incident.state.is_open  # what is left to do afterwards gets nobody out of bed
        step = Step(tuple(dict.fromkeys(targets)), channels=() if wakes else BY_MAIL)
    else:
        outside = [by for by in bys if by.startswith(PERSONAL)]
        step = Step(people if not posted_channels(ledger) else _people(outside, incident, proceeding), channels=BY_MAIL)
    if not step.targets:
        return planned
    return planned + plan_steps(incident, (step,), reason=reason, config=config, now=now, note=note)


def _people(bys: Sequence[str], incident: Incident, proceeding: Proceeding) -> tuple[str, ...]:
    directory, now = proceeding.config.directory, proceeding.now
    found = (person for by in bys for person in responsible(by, incident, directory, now))
    return tuple(f"person:{person}" for person in dict.fromkeys(found))

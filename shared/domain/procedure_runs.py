"""A procedure under way: its frozen steps, their clocks as absolute instants, and the named transitions of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.acting import By, noted_text
from shared.domain.incidents import TimelineEntry
from shared.domain.procedures import Anchor, Evidence, Procedure, ProcedureStep

LOOK_AGAIN = timedelta(minutes=1)
LOOKS_BECOME_RARE = timedelta(hours=1)
RARE_LOOK = timedelta(minutes=15)
LINKS = ("https://", "http://")
WRITTEN = "on the restricted record"


class StepState(StrEnum):
    """Where a step is: its clock does not run yet, runs, has run out; or it is settled."""

    WAITING = "waiting"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    SKIPPED = "skipped"

    @property
    def is_settled(self) -> bool:
        """True when nothing is left to do."""
        return self in {StepState.DONE, StepState.SKIPPED}


class Stepped(StrEnum):
    """What a wish about a step came to."""

    STARTED = "procedure started"
    DONE = "step done"
    PROPOSED = "step proposed, somebody has to confirm it"
    CONFIRMED = "step confirmed, it is being carried out"
    SKIPPED = "step left out"
    REMINDED = "step is due soon"
    OVERDUE = "step not done as promised"
    REHEARSED = "dry run done"
    FAILED = "could not be done automatically"
    REOPENED = "step has to be done again"
    NO_SUCH_STEP = "the procedure has no such step"
    NO_SUCH_RUN = "no such procedure is under way"
    NO_SUCH_PROCEDURE = "there is no such procedure"
    ALREADY_STARTED = "the procedure is under way already"
    ALREADY_SETTLED = "the step is settled already"
    NEEDS_EVIDENCE = "a step is done with a note or a link that shows it"
    NEEDS_LINK = "this step is done with a link that shows it"
    NEEDS_REASON = "a step is left out with a reason"
    NEEDS_ANOTHER = "a second person has to confirm"
    NOT_REHEARSED = "the dry run comes first"
    UNDER_WAY = "it is being carried out"


@dataclass(frozen=True, slots=True)
class StepRun:
    """One step under way. `due_at` is None until its anchor has come; `remind_at` are the reminders still to come.

    `asked_by` has said that it is done, or wants it done; `confirmed_by` is the last whose word was needed before the
    machine acts. `rehearsed` is what the dry run said, `evidence` what shows that it is done, or why it was left out.
    `look_at` is when the machine tries (or looks) again.
    """

    step: ProcedureStep
    state: StepState
    due_at: datetime | None = None
    remind_at: tuple[datetime, ...] = ()
    look_at: datetime | None = None
    asked_by: str = ""
    confirmed_by: str = ""
    rehearsed: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    evidence: str = ""
    failure: str = ""

    @property
    def is_to_rehearse(self) -> bool:
        """True when the machine has to say what it would do."""
        return self.step.dry_run and bool(self.asked_by) and not self.rehearsed

    @property
    def is_to_act(self) -> bool:
        """True when the machine has to act: by itself, or because everybody who had to has asked for it."""
        if self.state.is_settled or self.state is StepState.WAITING or self.step.act is None:
            return False
        return self.step.is_automatic or bool(self.confirmed_by) or self.is_to_rehearse

    @property
    def next_at(self) -> datetime | None:
        """When the step has to be looked at; None when nothing will come by itself."""
        if self.state.is_settled or self.due_at is None:
            return None
        ends = () if self.state is StepState.OVERDUE else (self.due_at,)
        looks = (self.look_at,) if self.is_to_act and self.look_at is not None else ()
        return min((*ends, *self.remind_at, *looks), default=None)


@dataclass(frozen=True, slots=True)
class Run:
    """A procedure under way for an incident, all of it frozen when it started. `next_at`: None when nothing is due."""

    id: str
    incident: str
    procedure: str
    titles: Mapping[str, str]
    detected_at: datetime
    started_at: datetime
    started_by: str
    steps: tuple[StepRun, ...]
    next_at: datetime | None = None

    @property
    def ended_at(self) -> datetime | None:
        """When its last step was settled; None while one is open."""
        if not all(one.state.is_settled for one in self.steps):
            return None
        return max((one.settled_at for one in self.steps if one.settled_at), default=self.started_at)

    def named(self, name: str) -> StepRun | None:
        """The step of that name."""
        return next((one for one in self.steps if one.step.name == name), None)

    def title(self, locale: str) -> str:
        """The procedure's name in the reader's language, else in English."""
        return self.titles.get(locale) or self.titles["en"]


@dataclass(frozen=True, slots=True)
class Moved:
    """The run after a transition, what it came to, the step it was about and the lines for the incident's record."""

    run: Run
    outcome: Stepped
    entries: tuple[TimelineEntry, ...] = ()
    steps: tuple[StepRun, ...] = ()

    @property
    def happened(self) -> bool:
        """True when the run is not as it was."""
        return bool(self.entries)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a run starts from; `resolve_within` is what the incident's severity promises."""

    incident: str
    detected_at: datetime
    by: By
    resolve_within: timedelta


def run_id(incident: str, procedure: str) -> str:
    """The same procedure runs once for an incident."""
    return f"{incident}-{procedure}"


def start(procedure: Procedure, beginning: Beginning) -> Moved:
    """Freeze the steps and set their clocks."""
    by = beginning.by
    anchors = {Anchor.DETECTION: beginning.detected_at, Anchor.START: by.now}
    steps = tuple(_begun(_with_end(step, beginning), anchors.get(step.anchor), by.now) for step in procedure.steps)
    name = run_id(beginning.incident, procedure.name)
    run = _rolled(
        Run(
            name, beginning.incident, procedure.name, procedure.titles, beginning.detected_at, by.now, by.person, steps
        ),
        by.now,
    )
    return Moved(run, Stepped.STARTED, (by.entry("procedure started", Stepped.STARTED, procedure.name),))


def finish(run: Run, name: str, by: By, evidence: str) -> Moved:
    """Somebody says that a step is done (or is to be done by the machine), or confirms what another has said."""
    one = run.named(name)
    if one is None or one.state.is_settled:
        return Moved(run, Stepped.NO_SUCH_STEP if one is None else Stepped.ALREADY_SETTLED)
    if one.confirmed_by:
        return Moved(run, Stepped.UNDER_WAY)
    if one.asked_by:
        return _confirmed(run, one, by, noted_text(evidence))
    kept = noted_text(evidence)
    lacking = _lacking(one.step, kept)
    if lacking is not None:
        return Moved(run, lacking)
    if one.step.two_persons or one.step.dry_run:
        asked = replace(one, asked_by=by.person, evidence=kept, look_at=by.now)
        return _moved(run, asked, Stepped.PROPOSED, by, kept)
    return _done_or_acting(run, replace(one, asked_by=by.person, evidence=kept), by)


def skip(run: Run, name: str, by: By, reason: str) -> Moved:
    """Leave a step out; the reason stays on the record."""
    one = run.named(name)
    if one is None or one.state.is_settled:
        return Moved(run, Stepped.NO_SUCH_STEP if one is None else Stepped.ALREADY_SETTLED)
    kept = noted_text(reason)
    if not kept:
        return Moved(run, Stepped.NEEDS_REASON)
    out = replace(one, state=StepState.SKIPPED, settled_at=by.now, settled_by=by.person, evidence=kept)
    return _moved(run, out, Stepped.SKIPPED, by, kept)


def without_words(run: Run) -> Run:
    """The run without what people and the machine wrote, only that they did: for what is kept of a restricted one."""
    return replace(run, steps=tuple(_without_words(one) for one in run.steps))


def to_act(run: Run, now: datetime) -> tuple[StepRun, ...]:
    """The steps at which the machine has to act or look, in their order."""
    return tuple(one for one in run.steps if one.is_to_act and (one.look_at is None or one.look_at <= now))


def acted(run: Run, name: str, by: By, what: str, *, at: datetime | None = None, who: str = "") -> Moved:
    """The machine has done it, or seen it: `what` is the evidence, `at` when it really happened and `who` did it."""
    one = run.named(name)
    if one is None or one.state.is_settled:
        return Moved(run, Stepped.ALREADY_SETTLED)
    if one.is_to_rehearse:
        return _moved(run, replace(one, rehearsed=what, failure="", look_at=None), Stepped.REHEARSED, by, what)
    evidence = f"{one.evidence}; {what}" if one.evidence else what
    who = who or one.confirmed_by or by.person
    done = replace(one, state=StepState.DONE, settled_at=at or by.now, settled_by=who, evidence=evidence, failure="")
    return _moved(run, done, Stepped.DONE, by, what)


def not_yet(run: Run, name: str, by: By, failure: str = "") -> Moved:
    """The machine could not do it, or what it waits for has not come: it tries again. A failure is recorded once."""
    one = run.named(name)
    if one is None or one.state.is_settled:
        return Moved(run, Stepped.ALREADY_SETTLED)
    pause = LOOK_AGAIN if by.now - run.started_at < LOOKS_BECOME_RARE else RARE_LOOK
    later = replace(one, look_at=by.now + pause, failure=failure)
    if failure and failure != one.failure:
        return _moved(run, later, Stepped.FAILED, by, failure)
    return Moved(_rolled(_with(run, later), by.now), Stepped.UNDER_WAY)


def ticked(run: Run, by: By, *, over_at: datetime | None = None) -> tuple[Moved, ...]:
    """What the clock brings: a reminder for each step that is due soon, and once the news that one is late.

    Late itself, it tells the latest only: of several reminders one, and none where the end has come. What is of no use
    once the incident is over (since `over_at`) is left out.
    """
    moves = []
    for name in [one.step.name for one in run.steps]:
        moved = _of_no_use(run, name, by, over_at) or _step_ticked(run, name, by)
        if moved is not None:
            run = moved.run
            moves.append(moved)
    return tuple(moves)


def fired_again(run: Run, acts: Iterable[str], by: By) -> Moved:
    """The incident was reopened: what the machine had seen to be over (the steps of these acts) is not."""
    wanted = frozenset(acts)
    again = [one for one in run.steps if one.state is StepState.DONE and one.step.act in wanted]
    if not again:
        return Moved(run, Stepped.ALREADY_SETTLED)
    entries: list[TimelineEntry] = []
    for one in again:
        state = StepState.OVERDUE if one.due_at is not None and one.due_at <= by.now else StepState.DUE
        opened = replace(one, state=state, settled_at=None, settled_by="", evidence="", look_at=by.now)
        moved = _moved(run, opened, Stepped.REOPENED, by, "")
        run = moved.run
        entries += moved.entries
    return Moved(run, Stepped.REOPENED, tuple(entries), tuple(again))


def _of_no_use(run: Run, name: str, by: By, over_at: datetime | None) -> Moved | None:
    one = run.named(name)
    if one is None or over_at is None or not one.step.while_open or one.state.is_settled:
        return None
    if one.due_at is not None and one.due_at <= over_at and one.state is StepState.DUE:
        return None  # it was late before: that is told first
    return skip(run, name, by, "the incident was over first")


def _step_ticked(run: Run, name: str, by: By) -> Moved | None:
    one = run.named(name)
    if one is None or one.due_at is None or one.state.is_settled:
        return None
    if one.state is StepState.DUE and one.due_at <= by.now:
        late = replace(one, state=StepState.OVERDUE, remind_at=())
        return _moved(run, late, Stepped.OVERDUE, by, f"by {one.due_at:%Y-%m-%d %H:%M} UTC")
    come = [at for at in one.remind_at if at <= by.now]
    if not come:
        return None
    left = tuple(at for at in one.remind_at if at > by.now)
    return _moved(run, replace(one, remind_at=left), Stepped.REMINDED, by, f"by {one.due_at:%Y-%m-%d %H:%M} UTC")


def _confirmed(run: Run, one: StepRun, by: By, more: str) -> Moved:
    if one.step.two_persons and one.asked_by == by.person:
        return Moved(run, Stepped.NEEDS_ANOTHER)
    if one.step.dry_run and not one.rehearsed:
        return Moved(run, Stepped.NOT_REHEARSED)
    evidence = f"{one.evidence}; {more}" if more else one.evidence
    return _done_or_acting(run, replace(one, evidence=evidence), by)


def _done_or_acting(run: Run, one: StepRun, by: By) -> Moved:
    """Where the machine has to act, the step is done when it has; an automatic one is then done by hand."""
    if one.step.act is not None and not one.step.is_automatic:
        return _moved(run, replace(one, confirmed_by=by.person, look_at=by.now), Stepped.CONFIRMED, by, one.evidence)
    done = replace(one, state=StepState.DONE, settled_at=by.now, settled_by=by.person, confirmed_by=by.person)
    return _moved(run, done, Stepped.DONE, by, one.evidence)


def _lacking(step: ProcedureStep, evidence: str) -> Stepped | None:
    if not evidence:
        return Stepped.NEEDS_EVIDENCE
    if step.evidence is Evidence.LINK and not any(link in evidence for link in LINKS):
        return Stepped.NEEDS_LINK
    return None


def _moved(run: Run, one: StepRun, outcome: Stepped, by: By, detail: str) -> Moved:
    said = f"{one.step.name}: {detail}" if detail else one.step.name
    entry = TimelineEntry(by.now, "procedure step", outcome, by.person, f"{run.procedure}, {said}")
    return Moved(_rolled(_with(run, one), by.now), outcome, (entry,), (one,))


def _with(run: Run, changed: StepRun) -> Run:
    return replace(run, steps=tuple(changed if one.step.name == changed.step.name else one for one in run.steps))


def _rolled(run: Run, now: datetime) -> Run:
    """The run with the clocks running that depend on a step that is settled by now, and no others; its next instant."""
    steps: list[StepRun] = []
    for one in run.steps:
        before = steps[-1] if steps else None
        over = before is None or before.state.is_settled
        if one.state is StepState.WAITING and over:
            anchor = before.settled_at if before is not None and before.settled_at is not None else now
            steps.append(_begun(one.step, anchor, now))
        elif one.step.anchor is Anchor.PREVIOUS and not over and not one.state.is_settled and not one.asked_by:
            steps.append(StepRun(one.step, StepState.WAITING))  # the step before it was opened again
        else:
            steps.append(one)
    instants = [one.next_at for one in steps if one.next_at is not None]
    return replace(run, steps=tuple(steps), next_at=min(instants, default=None))


def _with_end(step: ProcedureStep, beginning: Beginning) -> ProcedureStep:
    return step if step.within is not None else replace(step, within=beginning.resolve_within)


def _begun(step: ProcedureStep, anchor: datetime | None, now: datetime) -> StepRun:
    if anchor is None or step.within is None:
        return StepRun(step, StepState.WAITING)
    due_at = anchor + step.within
    reminders = tuple(sorted(at for before in step.remind if (at := due_at - before) > now))
    return StepRun(step, StepState.DUE, due_at, reminders, look_at=now if step.is_automatic else None)


def _without_words(one: StepRun) -> StepRun:
    return replace(
        one,
        evidence=one.evidence and WRITTEN,
        rehearsed=one.rehearsed and WRITTEN,
        failure=one.failure and WRITTEN,
    )

"""Procedures under way: started in the incident's own commit, each clock told at its minute, done by people with evidence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.sqlite_state import SqliteState
from shared.domain.acting import By
from shared.domain.incidents import Role, State
from shared.domain.matchers import parse
from shared.domain.oncall import Directory
from shared.domain.post_mortems import PostMortem
from shared.domain.procedure_owners import responsible
from shared.domain.procedure_runs import Run, Stepped, StepState
from shared.domain.procedures import Anchor, Doing, Procedure, Procedures, ProcedureStep
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.ports.store import Put, Query
from shared.usecases.act import Act, Action, act
from shared.usecases.post_mortems import POST_MORTEMS
from shared.usecases.procedure_actions import ACTIONS
from shared.usecases.procedure_scene import Acting, Did
from shared.usecases.procedures import NOT_ENTITLED, StepWish, finish_step, runs_of, skip_step, start_procedure
from shared.usecases.procedures import STEPS as STEPS_TOPIC
from shared.usecases.proceeding import Proceeding, proceed_with_due
from shared.usecases.records import PROCEDURES, body_of, timeline_of, value_of
from shared.usecases.silencing import Wish, silence
from tests.conftest import NIGHT, configuration


def minutes(count):
    return timedelta(minutes=count)


def step(name, **changes):
    base = {"texts": {"en": name.replace("_", " "), "ar": name}, "by": "role:commander", "within": minutes(15)}
    return ProcedureStep(name, **{**base, **changes})


STEPS = (
    step("alert", by="automatic", act=Doing.ALERT_SENT, within=minutes(1)),
    step("oncall_notified", by="automatic", act=Doing.ONCALL_NOTIFIED, within=minutes(1)),
    step("root_cause", remind=(minutes(5),)),
    step("restored", by="automatic", act=Doing.RECOVERED, within=None),
    step("verified", anchor=Anchor.PREVIOUS, within=minutes(60)),
)
CRITICAL = ((parse('alert_type="crashlytics.velocity"'), parse('severity="critical"')),)
WORST = ((parse('severity="critical"'),),)
OUTAGE = Procedure("outage", {"en": "Outage", "ar": "انقطاع"}, STEPS, CRITICAL)
BREACH = Procedure(
    "breach",
    {"en": "Breach", "ar": "اختراق"},
    (step("cut_off", act=Doing.DRAFT_CUSTOMER_MESSAGE, two_persons=True, dry_run=True),),
)


@pytest.fixture
def prepared(world):
    """A world with two procedures, whose broken promises are told to the executives by mail."""
    promise = replace(world.config.promises[Severity.CRITICAL], tell_when_broken=("team:executives@email",))
    world.config = configuration(
        promises={**world.config.promises, Severity.CRITICAL: promise},
        procedures=Procedures({"outage": OUTAGE, "breach": BREACH}),
    )
    return world


def opened(world, **changes):
    incident = world.fires(**changes).incident
    world.pump()
    return incident


def run_of(world, incident) -> Run:
    (run,) = runs_of(world.store, incident)
    return run


def finishes(world, incident, name, text="seen in the logs", person="mona"):
    return finish_step(StepWish(incident, name, person, "test", text), **world.ports)


def said(world, incident):
    return [
        (round((line.at - NIGHT).total_seconds() / 60), line.reason, line.detail.partition(":")[0])
        for line in timeline_of(world.store, incident)
        if line.event.startswith("procedure")
    ]


def test_the_procedure_starts_in_the_commit_that_opens_the_incident(prepared):
    incident = prepared.fires().incident
    run = run_of(prepared, incident)
    assert (run.id, run.started_by, run.detected_at) == (f"{incident}-outage", "soukmon", NIGHT)
    assert [one.state for one in run.steps] == [StepState.DUE] * 4 + [StepState.WAITING]
    assert said(prepared, incident) == [(0, Stepped.STARTED, "outage, via the rule")]


def test_an_incident_of_another_kind_starts_nothing(prepared):
    assert runs_of(prepared.store, opened(prepared, alert_type="log.request_5xx")) == []


def test_somebody_who_judges_it_to_be_worse_starts_it_too(prepared):
    prepared.config = replace(prepared.config, procedures=Procedures({"outage": replace(OUTAGE, starts_for=WORST)}))
    incident = opened(prepared, alert_type="log.request_5xx")
    act(Act(Action.NOTE, incident, "mona", "test", note="it spreads"), **prepared.ports)
    assert runs_of(prepared.store, incident) == []
    worse = Act(Action.SEVERITY, incident, "mona", "test", note="nobody can pay", severity=Severity.CRITICAL)
    assert act(worse, **prepared.ports).happened
    assert run_of(prepared, incident).detected_at == prepared.clock.now()
    act(replace(worse, note="still"), **prepared.ports)
    assert len(runs_of(prepared.store, incident)) == 1


def test_an_incident_that_is_raised_starts_it_then_and_once(prepared):
    raised = replace(OUTAGE, starts_for=((parse('severity="high"'),),))
    prepared.config = replace(prepared.config, procedures=Procedures({"outage": raised}))
    for n in range(12):
        incident = prepared.fires("requests", event=f"e{n}", alert_type="log.request_5xx").incident
        prepared.clock.advance(timedelta(seconds=1))
    run = run_of(prepared, incident)
    assert run.detected_at > prepared.incident(incident).opened_at


def test_what_is_silenced_starts_it_when_it_is_told(prepared):
    wish = Wish((parse('service="app"'),), timedelta(minutes=10), "mona", "known")
    silence(wish, config=prepared.config, store=prepared.store, clock=prepared.clock)
    incident = opened(prepared)
    assert runs_of(prepared.store, incident) == []
    for _ in range(12):
        prepared.tick(minutes=1)
    assert run_of(prepared, incident).procedure == "outage"


def test_the_machine_measures_when_the_alert_left_and_whom_it_reached(prepared):
    incident = opened(prepared)
    prepared.tick(minutes=1)
    run = run_of(prepared, incident)
    assert [run.named(name).state for name in ("alert", "oncall_notified")] == [StepState.DONE] * 2
    assert run.named("alert").settled_at == NIGHT  # when it left, not when we looked
    assert run.named("oncall_notified").evidence.startswith("Omar Said was told by ")
    assert [reason for _, reason, _ in said(prepared, incident)] == [Stepped.STARTED, Stepped.DONE, Stepped.DONE]


def test_nobody_does_anything_and_every_reminder_and_broken_clock_comes_at_its_minute(prepared):
    incident = opened(prepared)
    act(Act(Action.ACKNOWLEDGE, incident, "mona", "test"), **prepared.ports)
    for _ in range(250):
        prepared.tick(minutes=1)
    late = [
        (at, name) for at, reason, name in said(prepared, incident) if reason in {Stepped.REMINDED, Stepped.OVERDUE}
    ]
    assert late == [(10, "outage, root_cause"), (15, "outage, root_cause"), (240, "outage, restored")]
    due = prepared.ledger(reason=Notify.STEP_DUE)
    assert [(row.recipient, row.channel) for row in due] == [("slack:incidents", "slack")]
    assert due[0].note == "outage/root_cause@20260310T002500Z"
    told = {(row.recipient, row.channel) for row in prepared.ledger(reason=Notify.STEP_LATE) if "root" in row.note}
    assert told == {("boss", "email"), ("mona", "email"), ("mona", "sms"), ("slack:incidents", "slack")}


def test_a_restart_in_the_middle_changes_nothing(prepared, tmp_path):
    incident = opened(prepared)
    for _ in range(12):
        prepared.tick(minutes=1)
    prepared.store = SqliteState(tmp_path / "state.db")
    other = replace(OUTAGE, steps=(step("root_cause", within=minutes(500)),))  # a new version knows other clocks
    prepared.config = replace(prepared.config, procedures=Procedures({"outage": other}))
    for _ in range(5):
        prepared.tick(minutes=1)
    assert (15, Stepped.OVERDUE, "outage, root_cause") in said(prepared, incident)


def test_a_tick_that_runs_twice_tells_once(prepared):
    incident = opened(prepared)
    prepared.tick(minutes=16)
    prepared.tick()
    assert [reason for _, reason, _ in said(prepared, incident)].count(Stepped.OVERDUE) == 1


def test_a_step_is_done_by_an_entitled_person_with_evidence_and_the_threads_hear_of_it(prepared):
    incident = opened(prepared)
    assert finishes(prepared, incident, "root_cause", person="board").outcome == NOT_ENTITLED
    assert finishes(prepared, incident, "root_cause", text="").outcome is Stepped.NEEDS_EVIDENCE
    assert finishes(prepared, "inc-none", "root_cause").outcome is Stepped.NO_SUCH_RUN
    assert finishes(prepared, incident, "nothing").outcome is Stepped.NO_SUCH_STEP
    done = finishes(prepared, incident, "root_cause")
    assert (done.outcome, done.happened) == (Stepped.DONE, True)
    (row,) = prepared.ledger(reason=Notify.STEP)
    assert row.note == "root cause: step done, Mona Adel (seen in the logs)"
    out = skip_step(StepWish(incident, "verified", "lead", "test", "nothing to verify"), **prepared.ports)
    assert out.outcome is Stepped.SKIPPED


def test_the_clock_of_the_verification_runs_from_the_recovery(prepared):
    incident = opened(prepared)
    prepared.clock.advance(minutes(20))
    act(Act(Action.RESOLVE, incident, "mona", "test"), **prepared.ports)
    prepared.tick(minutes=2)
    run = run_of(prepared, incident)
    assert run.named("restored").settled_at == NIGHT + minutes(20)
    assert run.named("verified").due_at == NIGHT + minutes(80)


def test_an_incident_that_fires_again_is_not_restored(prepared):
    incident = opened(prepared)
    act(Act(Action.RESOLVE, incident, "mona", "test"), **prepared.ports)
    prepared.tick(minutes=2)
    assert run_of(prepared, incident).named("restored").state is StepState.DONE
    prepared.fires(event="again")
    assert prepared.incident(incident).state is State.TRIGGERED
    assert run_of(prepared, incident).named("restored").state is StepState.DUE


def test_a_procedure_is_started_by_hand_once(prepared):
    incident = opened(prepared, alert_type="log.request_5xx")
    ports = {"config": prepared.config, "store": prepared.store, "publisher": prepared.bus}
    mona = By("mona", "test", prepared.clock.now())
    assert start_procedure(incident, "flood", mona, **ports).outcome is Stepped.NO_SUCH_PROCEDURE
    assert start_procedure(incident, "breach", By("board", "test", NIGHT), **ports).outcome == NOT_ENTITLED
    assert start_procedure("inc-none", "breach", mona, **ports).outcome is Stepped.NO_SUCH_RUN
    assert start_procedure(incident, "breach", mona, **ports).outcome is Stepped.STARTED
    assert start_procedure(incident, "breach", mona, **ports).outcome is Stepped.ALREADY_STARTED


def test_what_the_machine_has_to_do_does_not_wait_for_the_minute_tick(prepared):
    incident = opened(prepared)
    assert run_of(prepared, incident).named("alert").state is StepState.DONE


def test_what_two_persons_ask_for_is_rehearsed_first_and_carried_out_once(prepared):
    incident = opened(prepared, alert_type="log.request_5xx")
    ports = {"config": prepared.config, "store": prepared.store, "publisher": prepared.bus}
    start_procedure(incident, "breach", By("mona", "test", NIGHT), **ports)
    calls = []

    def cut_off(scene):
        calls.append(scene.rehearsal)
        return Did(Acting.DONE, "would end 3 sessions" if scene.rehearsal else "ended 3 sessions")

    def goes_on():
        actions = {**ACTIONS, Doing.DRAFT_CUSTOMER_MESSAGE: cut_off}
        return proceed_with_due(
            Proceeding(prepared.config, prepared.store, prepared.bus, actions, prepared.clock.now())
        )

    assert finishes(prepared, incident, "cut_off", "keys leaked").outcome is Stepped.PROPOSED
    goes_on()
    goes_on()
    assert finishes(prepared, incident, "cut_off", "").outcome is Stepped.NEEDS_ANOTHER
    assert finishes(prepared, incident, "cut_off", "", person="omar").outcome is Stepped.CONFIRMED
    goes_on()
    goes_on()
    assert calls == [True, False]
    one = run_of(prepared, incident).named("cut_off")
    assert (one.state, one.evidence) == (StepState.DONE, "keys leaked; ended 3 sessions")


def test_an_action_that_breaks_is_told_once_and_holds_up_nothing(prepared):
    incident = prepared.fires().incident
    prepared.bus.messages = [one for one in prepared.bus.messages if one[0] != STEPS_TOPIC]
    prepared.pump()

    def broken(scene):
        raise TimeoutError

    def goes_on():
        actions = {**ACTIONS, Doing.ALERT_SENT: broken}
        proceed_with_due(Proceeding(prepared.config, prepared.store, prepared.bus, actions, prepared.clock.now()))
        prepared.clock.advance(minutes(1))

    goes_on()
    goes_on()
    run = run_of(prepared, incident)
    assert run.named("alert").failure == "TimeoutError"
    assert run.named("oncall_notified").state is StepState.DONE
    assert [reason for _, reason, _ in said(prepared, incident)].count(Stepped.FAILED) == 1
    assert [row.note for row in prepared.ledger(reason=Notify.STEP)] == [
        "alert: could not be done automatically, soukmon (TimeoutError)"
    ]


def test_every_action_that_a_step_may_name_can_be_done():
    assert set(ACTIONS) == set(Doing)


def test_a_kept_run_reads_back_as_it_was(prepared):
    incident = opened(prepared)
    (row,) = prepared.store.find(Query(PROCEDURES, equal={"is_open": "yes"}, order_by="started_at"))
    assert value_of(row, Run) == run_of(prepared, incident)


@pytest.mark.parametrize(
    ("by", "owner", "people"),
    [
        ("role:scribe", "lead", ("boss",)),
        ("role:communications", "lead", ("mona",)),
        ("automatic", "omar", ("mona",)),
    ],
)
def test_a_step_is_whose_role_it_is_else_the_commanders(prepared, by, owner, people):
    roles = {Role.COMMANDER: "mona", Role.SCRIBE: "boss", Role.COMMUNICATIONS: "nobody"}
    incident = replace(prepared.incident(opened(prepared)), owner=owner, roles=roles)
    assert responsible(by, incident, prepared.config.directory, NIGHT) == people


@pytest.mark.parametrize(
    ("by", "owner", "people"),
    [
        ("role:commander", "", ("omar",)),
        ("role:commander", "lead", ("lead",)),
        ("automatic", "lead", ("lead",)),
        ("team:engineering", "", ("lead", "omar")),
        ("person:boss", "", ("boss",)),
        ("oncall:primary", "lead", ("omar",)),
        ("team:nobody", "", ("omar",)),
    ],
)
def test_somebody_always_answers_for_a_step(prepared, by, owner, people):
    incident = replace(prepared.incident(opened(prepared)), owner=owner)
    assert responsible(by, incident, prepared.config.directory, NIGHT) == people


def test_without_anybody_on_call_the_default_contact_answers(prepared):
    incident = prepared.incident(opened(prepared))
    bare = Directory(prepared.config.directory.people, {}, {}, "lead")
    assert responsible("role:commander", incident, bare, NIGHT) == ("lead",)


def test_an_outage_ends_when_somebody_has_completed_its_post_mortem(prepared):
    last = replace(OUTAGE, steps=(step("post_mortem", act=Doing.POST_MORTEM),))
    prepared.config = replace(prepared.config, procedures=Procedures({"outage": last}))
    incident = opened(prepared)
    open_one = PostMortem(incident, "mona", NIGHT, NIGHT + minutes(60))
    prepared.store.commit([Put(POST_MORTEMS, incident, body_of(open_one))])
    prepared.tick(minutes=1)
    assert run_of(prepared, incident).ended_at is None
    done = replace(open_one, revision=2, completed_at=NIGHT + minutes(1), completed_by="lead")
    prepared.store.commit([Put(POST_MORTEMS, incident, body_of(done))])
    prepared.tick(minutes=2)
    run = run_of(prepared, incident)
    assert (run.ended_at, run.named("post_mortem").settled_by) == (NIGHT + minutes(1), "lead")

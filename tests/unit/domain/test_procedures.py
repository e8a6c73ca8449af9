"""Procedures: steps with clocks that are frozen when they start, done with evidence, reminded and missed once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.acting import By
from shared.domain.procedure_runs import (
    Beginning,
    Stepped,
    StepState,
    acted,
    finish,
    fired_again,
    not_yet,
    skip,
    start,
    ticked,
    to_act,
)
from shared.domain.procedures import Anchor, Doing, Evidence, Procedure, ProcedureStep

T0 = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)


def minutes(count):
    return timedelta(minutes=count)


def by(person="mona", at=0):
    return By(person, "test", T0 + minutes(at))


def step(name, **changes):
    base = {"texts": {"en": name, "ar": name}, "by": "role:commander", "within": minutes(15)}
    return ProcedureStep(name, **{**base, **changes})


def begun(*steps, at=0):
    procedure = Procedure("outage", {"en": "Outage", "ar": "انقطاع"}, steps)
    return start(procedure, Beginning("inc", T0, by("soukmon", at), timedelta(hours=4))).run


CAUSE = step("root_cause", remind=(minutes(5),))
RESTORED = step("restored", by="automatic", act=Doing.RECOVERED, within=None)
VERIFIED = step("verified", anchor=Anchor.PREVIOUS, within=minutes(60), remind=(minutes(15),))
CUT_OFF = step("cut_off", act=Doing.DRAFT_CUSTOMER_MESSAGE, two_persons=True, dry_run=True)


def test_the_clocks_are_instants_from_detection_from_the_start_and_as_the_severity_promises():
    run = begun(CAUSE, step("told", anchor=Anchor.START), RESTORED, at=3)
    assert [one.due_at for one in run.steps] == [T0 + minutes(15), T0 + minutes(18), T0 + minutes(240)]
    assert run.next_at == T0 + minutes(3)  # the machine looks at once


def test_a_clock_from_the_step_before_runs_from_the_instant_that_step_was_settled():
    run = begun(RESTORED, VERIFIED)
    assert (run.steps[1].state, run.steps[1].due_at) == (StepState.WAITING, None)
    run = acted(run, "restored", by(at=100), "resolved", at=T0 + minutes(98)).run
    assert (run.steps[1].state, run.steps[1].due_at) == (StepState.DUE, T0 + minutes(158))
    assert run.steps[1].remind_at == (T0 + minutes(143),)


def test_a_step_is_done_with_evidence_only():
    run = begun(CAUSE)
    assert finish(run, "root_cause", by(at=4), "  ").outcome is Stepped.NEEDS_EVIDENCE
    done = finish(run, "root_cause", by(at=4), "a full disk on db-1")
    one = done.run.named("root_cause")
    assert (one.state, one.settled_by, one.settled_at) == (StepState.DONE, "mona", T0 + minutes(4))
    assert one.evidence == "a full disk on db-1"
    assert [(line.event, line.reason, line.actor) for line in done.entries] == [
        ("procedure step", Stepped.DONE, "mona")
    ]
    assert finish(done.run, "root_cause", by("omar", 5), "again").outcome is Stepped.ALREADY_SETTLED


def test_a_step_that_needs_a_link_takes_no_mere_note():
    run = begun(step("report", evidence=Evidence.LINK))
    assert finish(run, "report", by(), "sent it").outcome is Stepped.NEEDS_LINK
    assert finish(run, "report", by(), "sent: https://reports.example/1").outcome is Stepped.DONE


def test_a_step_is_left_out_with_a_reason_only():
    run = begun(CAUSE)
    assert skip(run, "root_cause", by(), "").outcome is Stepped.NEEDS_REASON
    assert skip(run, "nothing", by(), "why").outcome is Stepped.NO_SUCH_STEP
    left_out = skip(run, "root_cause", by(), "a rehearsal")
    assert left_out.run.named("root_cause").state is StepState.SKIPPED
    assert left_out.run.ended_at == T0
    assert left_out.run.next_at is None


def test_a_reminder_and_the_end_come_once_each_and_at_their_minute():
    run, said = begun(CAUSE), []
    for minute in range(30):
        for moved in ticked(run, by("soukmon", minute)):
            run = moved.run
            said.append((minute, moved.outcome))
    assert said == [(10, Stepped.REMINDED), (15, Stepped.OVERDUE)]
    assert finish(run, "root_cause", by(at=40), "found").run.named("root_cause").state is StepState.DONE


def test_a_clock_that_is_looked_at_late_tells_the_end_only():
    assert [moved.outcome for moved in ticked(begun(CAUSE), by("soukmon", 55))] == [Stepped.OVERDUE]


def test_a_second_person_has_to_confirm_and_the_dry_run_comes_first():
    run = begun(CUT_OFF)
    assert to_act(run, T0) == ()
    run = finish(run, "cut_off", by("mona", 1), "keys leaked").run
    assert [one.is_to_rehearse for one in to_act(run, T0 + minutes(1))] == [True]
    assert finish(run, "cut_off", by("omar", 2), "").outcome is Stepped.NOT_REHEARSED
    run = acted(run, "cut_off", by("soukmon", 2), "would end 3 sessions").run
    assert run.named("cut_off").rehearsed == "would end 3 sessions"
    assert to_act(run, T0 + minutes(3)) == ()
    assert finish(run, "cut_off", by("mona", 3), "").outcome is Stepped.NEEDS_ANOTHER
    confirmed = finish(run, "cut_off", by("omar", 3), "")
    assert confirmed.outcome is Stepped.CONFIRMED
    assert len(to_act(confirmed.run, T0 + minutes(3))) == 1
    done = acted(confirmed.run, "cut_off", by("soukmon", 4), "ended 3 sessions").run.named("cut_off")
    assert (done.state, done.asked_by, done.settled_by) == (StepState.DONE, "mona", "omar")
    assert done.evidence == "keys leaked; ended 3 sessions"


def test_what_the_machine_cannot_do_is_recorded_once_and_tried_again():
    run = begun(RESTORED)
    failed = not_yet(run, "restored", by("soukmon", 0), "TimeoutError")
    assert failed.outcome is Stepped.FAILED
    again = not_yet(failed.run, "restored", by("soukmon", 1), "TimeoutError")
    assert not again.happened
    assert again.run.next_at == T0 + minutes(2)
    assert not_yet(run, "restored", by("soukmon", 90)).run.next_at == T0 + minutes(105)


def test_a_person_does_by_hand_what_the_machine_could_not():
    done = finish(begun(RESTORED), "restored", by(at=3), "restarted by hand, https://status.example")
    assert done.run.named("restored").state is StepState.DONE


def test_an_incident_that_fires_again_is_not_over_and_its_followers_wait_again():
    run = acted(begun(RESTORED, VERIFIED), "restored", by(at=20), "resolved", at=T0 + minutes(20)).run
    again = fired_again(run, {Doing.RECOVERED}, by("soukmon", 25))
    assert [one.state for one in again.run.steps] == [StepState.DUE, StepState.WAITING]
    assert again.run.steps[0].due_at == T0 + minutes(240)
    assert not fired_again(again.run, {Doing.RECOVERED}, by("soukmon", 26)).happened


def test_what_is_of_use_only_while_it_lasts_is_left_out_when_it_is_over_first():
    plan = step("recovery_plan", within=minutes(30), while_open=True)
    (moved,) = ticked(begun(plan), by("soukmon", 12), over_at=T0 + minutes(11))
    assert (moved.outcome, moved.steps[0].evidence) == (Stepped.SKIPPED, "the incident was over first")
    late, *_ = ticked(begun(plan), by("soukmon", 40), over_at=T0 + minutes(35))
    assert late.outcome is Stepped.OVERDUE  # it was late before it was over


WISHES = st.lists(
    st.tuples(
        st.sampled_from(["finish", "skip", "tick", "act", "wait", "again"]),
        st.sampled_from(["root_cause", "restored", "verified", "cut_off"]),
        st.sampled_from(["mona", "omar"]),
        st.integers(0, 40),
    ),
    max_size=40,
)


@given(WISHES)
def test_whatever_happens_each_step_is_late_once_settled_with_evidence_and_two_persons_are_two(wishes):
    run, late, now = begun(CAUSE, RESTORED, VERIFIED, CUT_OFF), [], 0
    for kind, name, person, passed in wishes:
        now += passed
        match kind:
            case "finish":
                run = finish(run, name, by(person, now), "seen").run
            case "skip":
                run = skip(run, name, by(person, now), "not needed").run
            case "act" if any(one.step.name == name for one in to_act(run, T0 + minutes(now))):
                run = acted(run, name, by("soukmon", now), "did it").run
            case "wait":
                run = not_yet(run, name, by("soukmon", now)).run if run.named(name).is_to_act else run
            case "again":
                run = fired_again(run, {Doing.RECOVERED}, by("soukmon", now)).run
            case "tick":
                moves = ticked(run, by("soukmon", now))
                late += [moved.steps[0].step.name for moved in moves if moved.outcome is Stepped.OVERDUE]
                run = moves[-1].run if moves else run
                assert ticked(run, by("soukmon", now)) == ()
    once = [name for name in late if name not in {"restored", "verified"}]
    assert len(once) == len(set(once))
    for one in run.steps:
        assert not one.state.is_settled or one.evidence
        if one.state is StepState.DONE and one.step.two_persons:
            assert one.asked_by != one.confirmed_by
    instants = [one.next_at for one in run.steps if one.next_at]
    assert run.next_at == min(instants, default=None)


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_text_reads_in_the_language_of_its_reader(locale):
    texts = replace(CAUSE, texts={"en": "Find it", "ar": "ابحث"})
    assert texts.text(locale) == texts.texts[locale]
    assert texts.text("fr") == "Find it"

"""The notice to customers about a breach: drafted by itself, sent by two of the team, read by nobody else before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.sqlite_state import SqliteState
from shared.domain.drafts import DraftChannel, Drafted, DraftState, DraftText
from shared.domain.matchers import parse
from shared.domain.oncall import Person
from shared.domain.procedure_runs import StepState
from shared.domain.procedures import Doing, Procedure, Procedures, ProcedureStep
from shared.domain.reasons import Notify
from shared.usecases import breaches
from shared.usecases.breach_notice import notice_now
from shared.usecases.breach_records import all_breaches
from shared.usecases.breaches import Wish
from shared.usecases.drafts import DraftWish, approve_draft, drafts_of, edit_draft, reject_draft
from shared.usecases.procedures import runs_of
from shared.usecases.records import BULLETINS, timeline_of
from tests.unit.usecases.breach_world import SECRET, BreachWorld, inside, outside, with_team

WITHIN = timedelta(hours=48)
STEPS = (
    ProcedureStep("notice_draft", {"en": "Draft", "ar": "صياغة"}, "automatic", WITHIN, act=Doing.DRAFT_CUSTOMER_NOTICE),
    ProcedureStep(
        "customer_notice", {"en": "Notice", "ar": "إخطار"}, "role:commander", WITHIN, act=Doing.CUSTOMER_NOTICE_SENT
    ),
)
BREACH = Procedure("breach", {"en": "Breach", "ar": "حادث"}, STEPS, ((parse('alert_type="security.breach"'),),))
CUSTOMERS = Person("audience_customers", "Customers", "list@souk.example", roles=("observer",))
OUTSIDERS = ("boss", "board", "nobody", "audience_customers")


@pytest.fixture
def world(tmp_path, clock):
    base = with_team(procedures=Procedures({"breach": BREACH}))
    people = {**base.directory.people, CUSTOMERS.id: CUSTOMERS}
    config = replace(base, directory=replace(base.directory, people=people))
    return BreachWorld(SqliteState(tmp_path / "state.db"), clock, config=config)


@pytest.fixture
def incident(world):
    name = world.fires("sink", **SECRET).incident
    world.pump()
    world.tick(minutes=1)
    return name


def draft(world, incident):
    (one,) = drafts_of(world.store, incident)
    return one


def approves(world, incident, person):
    done = approve_draft(DraftWish(draft(world, incident).id, person, "test"), **world.ports)
    world.pump()
    return done.outcome


def mailed(world):
    return [text for to, text in outside(world) if to == CUSTOMERS.email]


def states(world, incident):
    (run,) = runs_of(world.store, incident)
    return {one.step.name: one.state for one in run.steps}


def test_E88_the_notice_is_drafted_by_itself_in_both_languages_and_sent_to_nobody(world, incident):
    one = draft(world, incident)
    (breach,) = all_breaches(world.store)
    assert (one.state, one.audience, one.channel) == (DraftState.PROPOSED, "customers", DraftChannel.MAIL)
    assert breach.detected_at.date().isoformat() in one.text("en").lines[0]
    assert one.text("ar").title == "إشعار بشأن حسابكم في سوق السيارات"
    assert states(world, incident) == {"notice_draft": StepState.DONE, "customer_notice": StepState.DUE}
    assert not mailed(world)


def test_E88_nothing_of_what_was_seen_stands_in_the_notice(world, incident):
    written = str(draft(world, incident).texts).lower()
    for word in ("orders-audit", "deletesink", "intruder", "203.0.113.77", "payments-ledger", "["):
        assert word not in written


def test_E88_two_different_members_of_the_team_approve_it_before_it_is_mailed(world, incident):
    assert approves(world, incident, "mona") is Drafted.HALF_APPROVED
    assert approves(world, incident, "mona") is Drafted.NEEDS_ANOTHER
    assert not mailed(world)
    assert approves(world, incident, "omar") is Drafted.SENT
    assert approves(world, incident, "lead") is Drafted.ALREADY_SENT
    (mail,) = mailed(world)
    assert "Notice about your Souk El-Sayarat account" in mail
    assert "إشعار بشأن حسابكم في سوق السيارات" in mail
    world.tick(minutes=20)
    (run,) = runs_of(world.store, incident)
    step = run.named("customer_notice")
    assert (step.state, step.settled_by) == (StepState.DONE, "omar")


def test_E88_who_approved_other_words_has_not_approved_these(world, incident):
    approves(world, incident, "mona")
    words = {"en": DraftText("A notice", ("Somebody may have read your address.",))}
    wish = DraftWish(draft(world, incident).id, "omar", "test")
    assert edit_draft(wish, words, **world.ports).outcome is Drafted.EDITED
    assert approves(world, incident, "omar") is Drafted.HALF_APPROVED
    assert not mailed(world)
    assert approves(world, incident, "mona") is Drafted.SENT


@pytest.mark.parametrize("person", OUTSIDERS)
def test_E88_nobody_outside_the_team_approves_edits_or_rejects_it(world, incident, person):
    before = draft(world, incident)
    wish = DraftWish(before.id, person, "test")
    words = {"en": DraftText("Other", ("Words",))}
    known = Drafted.NO_SUCH_DRAFT if person == "boss" else "this person may not do that"
    assert approve_draft(wish, **world.ports).outcome == known
    assert edit_draft(wish, words, **world.ports).outcome == known
    assert reject_draft(wish, "no", **world.ports).outcome == known
    assert draft(world, incident) == before


def test_E88_an_outsiders_word_is_not_one_of_the_two(world, incident):
    approves(world, incident, "boss")
    assert approves(world, incident, "mona") is Drafted.HALF_APPROVED
    approves(world, incident, "boss")
    assert not mailed(world)


def test_E88_the_draft_is_read_in_the_restricted_channel_alone(world):
    told = world.fires("plain", **{**SECRET, "alert_type": "crashlytics.velocity"}).incident
    world.pump()
    breaches.declare(Wish(told, "mona", "slack"), **world.ports)
    world.pump()
    world.tick(minutes=1)
    assert {row.recipient for row in world.ledger(reason=Notify.DRAFT)} == {"slack:breach_response"}
    assert any("Notice about your" in text and "approve_draft" in text for text in inside(world))
    words = {"en": DraftText("A notice of ours", ("Other words",))}
    edit_draft(DraftWish(draft(world, told).id, "mona", "test"), words, **world.ports)
    world.pump()
    assert any("A notice of ours" in text for text in inside(world))
    for to, text in outside(world):
        assert "Notice about your" not in text, to
        assert "notice of ours" not in text, to


def test_E88_the_notice_is_withdrawn_with_a_false_alarm_and_cannot_be_sent_any_more(world, incident):
    approves(world, incident, "mona")
    (breach,) = all_breaches(world.store)
    breaches.ask_stand_down(Wish(breach.id, "mona", "slack", "our own clean-up"), **world.ports)
    assert draft(world, incident).state is DraftState.PROPOSED
    breaches.ask_stand_down(Wish(breach.id, "omar", "slack"), **world.ports)
    world.pump()
    assert draft(world, incident).state is DraftState.WITHDRAWN
    assert approves(world, incident, "omar") is Drafted.ALREADY_OVER
    assert not mailed(world)
    assert [line.reason for line in timeline_of(world.store, incident) if line.event == "draft"] == [
        Drafted.HALF_APPROVED,
        Drafted.WITHDRAWN,
    ]
    world.tick(minutes=20)
    assert states(world, incident)["customer_notice"] is StepState.DONE


def test_E88_the_notice_is_printed_as_people_have_made_it(world, incident):
    (breach,) = all_breaches(world.store)
    words = {"en": DraftText("A notice", ("Other words",))}
    edit_draft(DraftWish(draft(world, incident).id, "mona", "test"), words, **world.ports)
    shown = notice_now(breach, config=world.config, store=world.store)
    assert shown["en"] == words["en"]
    assert shown["ar"].title == "إشعار بشأن حسابكم في سوق السيارات"


def test_E88_before_it_is_sent_the_text_is_in_no_message_that_is_kept_for_others(world, incident):
    approves(world, incident, "mona")
    assert world.store.get(BULLETINS, draft(world, incident).id) is None
    approves(world, incident, "omar")
    assert world.store.get(BULLETINS, draft(world, incident).id).body["kind"] == "announcement"

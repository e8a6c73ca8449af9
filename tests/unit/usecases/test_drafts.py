"""Drafts for people outside: proposed in both languages, sent once when somebody who may has approved them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.local.year.due import next_due
from shared.domain.drafts import Draft, DraftChannel, Drafted, DraftState, DraftText, Fits
from shared.domain.matchers import parse
from shared.domain.oncall import Person
from shared.domain.procedure_runs import StepState
from shared.domain.procedures import Anchor, Doing, Procedure, Procedures, ProcedureStep
from shared.domain.reasons import Notify
from shared.domain.status import Bilingual, Component, Stage, StatusPage
from shared.ports.store import Create, Replace
from shared.rendering.step_words import shown_by
from shared.usecases import escalate
from shared.usecases.act import Act, Action, act
from shared.usecases.drafts import DraftWish, approve_draft, drafts_of, edit_draft, read_draft, reject_draft
from shared.usecases.procedure_actions import ACTIONS
from shared.usecases.procedures import NOT_ENTITLED, runs_of
from shared.usecases.proceeding import Proceeding, proceed
from shared.usecases.records import BULLETINS, DRAFTS, body_of, timeline_of
from shared.usecases.status_look import look
from shared.usecases.status_state import posts
from tests.conftest import NIGHT, configuration


def step(name, **changes):
    base = {"texts": {"en": name, "ar": name}, "by": "automatic", "within": timedelta(minutes=15)}
    return ProcedureStep(name, **{**base, **changes})


STEPS = (
    step("customer_draft", act=Doing.DRAFT_CUSTOMER_MESSAGE),
    step("customers_told", by="role:communications", act=Doing.CUSTOMERS_TOLD, while_open=True),
    step("restored", by="role:commander", act=Doing.RECOVERED),
    step("recovery_draft", act=Doing.DRAFT_RECOVERY_MESSAGE, anchor=Anchor.PREVIOUS),
    step("recovery_told", by="role:communications", act=Doing.RECOVERY_TOLD, anchor=Anchor.PREVIOUS),
)
STARTS = ((parse('alert_type="crashlytics.velocity"'),),)
OUTAGE = Procedure("outage", {"en": "Outage", "ar": "انقطاع"}, STEPS, STARTS)
CUSTOMERS = Person("audience_customers", "Customers", "list@souk.example", roles=("observer",))


@pytest.fixture
def prepared(world):
    base = configuration(procedures=Procedures({"outage": OUTAGE}))
    people = {**base.directory.people, CUSTOMERS.id: CUSTOMERS}
    world.config = replace(base, directory=replace(base.directory, people=people))
    return world


def opened(world):
    incident = world.fires().incident
    world.pump()
    return incident


def wish(world, incident, person="lead", at=0):
    return DraftWish(drafts_of(world.store, incident)[at].id, person, "test")


def approves(world, incident, person="lead", at=0):
    done = approve_draft(wish(world, incident, person, at), **world.ports)
    world.pump()
    return done


def said(world, incident):
    return [(line.reason, line.actor) for line in timeline_of(world.store, incident) if line.event == "draft"]


def states(world, incident):
    return [draft.state for draft in drafts_of(world.store, incident)]


def verdicts(world, incident):
    (run,) = runs_of(world.store, incident)
    return {one.step.name: one.state for one in run.steps}


def test_an_outage_proposes_what_customers_may_be_told_in_both_languages_and_sends_nothing(prepared):
    incident = opened(prepared)
    (draft,) = drafts_of(prepared.store, incident)
    assert (draft.state, draft.audience, draft.created_by) == (DraftState.PROPOSED, "customers", "soukmon")
    assert "02:10" in " ".join(draft.text("en").lines)  # Egypt time
    assert "سوق السيارات" in draft.text("ar").title
    assert CUSTOMERS.id not in prepared.told("email")
    (row,) = prepared.ledger(reason=Notify.DRAFT)
    assert (row.recipient, row.text) == ("slack:incidents", draft.id)


def test_what_is_approved_goes_out_once_in_both_languages_and_names_its_approver(prepared):
    incident = opened(prepared)
    assert approves(prepared, incident).outcome is Drafted.SENT
    assert approves(prepared, incident, "mona").outcome is Drafted.ALREADY_SENT
    assert prepared.told("email").count(CUSTOMERS.id) == 1
    assert said(prepared, incident) == [(Drafted.SENT, "lead")]
    body = prepared.store.get(BULLETINS, drafts_of(prepared.store, incident)[0].id).body
    assert body["kind"] == "announcement"
    assert body["texts"]["en"]["title"] == "Souk El-Sayarat is not fully available · سوق السيارات غير متاح بالكامل"
    prepared.tick(minutes=1)
    assert verdicts(prepared, incident)["customers_told"] is StepState.DONE


@pytest.mark.parametrize("person", ["board", "nobody", "audience_customers"])
def test_nobody_sends_who_may_not_act(prepared, person):
    incident = opened(prepared)
    assert approves(prepared, incident, person).outcome == NOT_ENTITLED
    assert states(prepared, incident) == [DraftState.PROPOSED]


def test_without_an_address_nothing_is_sent_and_the_refusal_says_so(prepared):
    prepared.config = configuration(procedures=prepared.config.procedures)
    incident = opened(prepared)
    assert approves(prepared, incident).outcome is Drafted.NO_ADDRESS
    assert states(prepared, incident) == [DraftState.PROPOSED]


def test_other_words_are_kept_in_both_languages_and_shown_again(prepared):
    incident = opened(prepared)
    words = {"en": DraftText("Payments fail", ("We are at it.", " ", "Sorry."))}
    edited = edit_draft(wish(prepared, incident, "mona"), words, **prepared.ports)
    assert edited.outcome is Drafted.EDITED
    assert edited.draft.text("en") == DraftText("Payments fail", ("We are at it.", "Sorry."))
    assert edited.draft.text("ar").title == "سوق السيارات غير متاح بالكامل"
    empty = edit_draft(wish(prepared, incident, "mona"), {"ar": DraftText("", ())}, **prepared.ports)
    assert empty.outcome is Drafted.NEEDS_BOTH
    assert len(prepared.ledger(reason=Notify.DRAFT)) == 2
    assert approves(prepared, incident).outcome is Drafted.SENT
    assert said(prepared, incident) == [(Drafted.EDITED, "mona"), (Drafted.SENT, "lead")]


def test_a_draft_is_rejected_with_a_reason_and_cannot_be_sent_any_more(prepared):
    incident = opened(prepared)
    assert reject_draft(wish(prepared, incident), " ", **prepared.ports).outcome is Drafted.NEEDS_REASON
    rejected = reject_draft(wish(prepared, incident), "nobody has noticed", **prepared.ports)
    assert (rejected.outcome, rejected.draft.reason) == (Drafted.REJECTED, "nobody has noticed")
    assert approves(prepared, incident).outcome is Drafted.ALREADY_OVER
    assert CUSTOMERS.id not in prepared.told("email")


def test_a_draft_is_withdrawn_when_the_incident_is_over_first(prepared):
    incident = opened(prepared)
    act(Act(Action.RESOLVE, incident, "mona", "test"), **prepared.ports)
    assert approves(prepared, incident).outcome is Drafted.NO_LONGER_TRUE  # the tick has not come yet
    prepared.tick(minutes=1)
    assert states(prepared, incident) == [DraftState.WITHDRAWN]
    assert said(prepared, incident) == [(Drafted.WITHDRAWN, "soukmon")]
    found = verdicts(prepared, incident)
    assert found["customers_told"] is StepState.SKIPPED
    assert found["recovery_told"] is StepState.DONE  # nobody knows that it began


def test_a_simulated_year_ticks_for_a_draft_that_was_overtaken(prepared, monkeypatch):
    incident = opened(prepared)
    act(Act(Action.RESOLVE, incident, "mona", "test"), **prepared.ports)
    with monkeypatch.context() as left:
        left.setattr(escalate, "mind_drafts", lambda **_: None)  # all but the draft is seen to
        prepared.tick(minutes=1)
    prepared.pump()
    now = prepared.clock.now()
    assert next_due(prepared.store, prepared.config, now) == now + timedelta(minutes=1)
    prepared.tick(minutes=1)
    assert next_due(prepared.store, prepared.config, prepared.clock.now()) > now + timedelta(minutes=2)


def test_customers_who_know_that_it_began_may_be_told_that_it_is_over(prepared):
    incident = opened(prepared)
    approves(prepared, incident)
    prepared.clock.advance(timedelta(minutes=40))
    act(Act(Action.RESOLVE, incident, "mona", "test"), **prepared.ports)
    prepared.tick(minutes=1)
    began, over = drafts_of(prepared.store, incident)
    assert (began.state, over.state) == (DraftState.SENT, DraftState.PROPOSED)
    assert "02:50" in over.text("en").lines[0]
    assert approves(prepared, incident, at=1).outcome is Drafted.SENT
    prepared.tick(minutes=1)
    assert verdicts(prepared, incident)["recovery_told"] is StepState.DONE
    assert prepared.told("email").count(CUSTOMERS.id) == 2
    (run,) = runs_of(prepared.store, incident)
    said = [one.evidence for one in run.steps]
    assert said[0] == f"a message to customers awaits approval ({began.id})"
    assert said[1] == "the message to customers was approved by Laila Nour"
    assert all(shown_by(what, "ar") != what for what in said)


def test_that_it_is_over_is_withdrawn_when_it_fires_again_and_proposed_anew_later(prepared):
    incident = opened(prepared)
    approves(prepared, incident)
    act(Act(Action.RESOLVE, incident, "mona", "test"), **prepared.ports)
    prepared.tick(minutes=1)
    prepared.fires(event="again")
    prepared.pump()
    assert approves(prepared, incident, at=1).outcome is Drafted.NO_LONGER_TRUE
    prepared.tick(minutes=1)
    act(Act(Action.RESOLVE, incident, "mona", "test"), **prepared.ports)
    prepared.tick(minutes=1)
    assert states(prepared, incident) == [DraftState.SENT, DraftState.WITHDRAWN, DraftState.PROPOSED]


def test_a_draft_that_somebody_else_has_to_approve_is_refused_to_everybody_else(prepared):
    incident = opened(prepared)
    texts = {locale: DraftText("Title", ("Text",)) for locale in ("en", "ar")}
    notice = Draft(
        "d1", incident, "customers", DraftChannel.MAIL, texts, NIGHT, "soukmon", Fits.ALWAYS, approver="person:boss"
    )
    prepared.store.commit([Create(DRAFTS, "d1", {**body_of(notice), "is_open": "yes"})])
    assert approve_draft(DraftWish("d1", "mona", "test"), **prepared.ports).outcome is Drafted.NOT_THEIRS
    assert approve_draft(DraftWish("d1", "boss", "test"), **prepared.ports).outcome is Drafted.SENT
    assert approve_draft(DraftWish("d2", "boss", "test"), **prepared.ports).outcome is Drafted.NO_SUCH_DRAFT
    assert read_draft(prepared.store, "d1")[0].changed_by == "boss"


@pytest.fixture
def with_a_page(prepared):
    """A world whose status page has a part that the incident speaks for."""
    part = Component("apps", Bilingual("Apps", "التطبيقات"), incidents=((parse('service="app"'),),))
    look = step("status_page", act=Doing.STATUS_PAGE, within=timedelta(minutes=1))
    prepared.config = replace(
        prepared.config,
        status=StatusPage(Bilingual("Souk", "سوق"), {"apps": part}),
        procedures=Procedures({"outage": replace(OUTAGE, steps=(look, *STEPS))}),
    )
    return prepared


def looks(world):
    return look(config=world.config, store=world.store, publisher=world.bus, now=world.clock.now())


def test_the_step_is_done_when_the_status_page_says_it(with_a_page):
    incident = with_a_page.fires().incident
    asked = [data for topic, data in with_a_page.bus.messages if topic == "procedure-steps"]
    proceed(asked[0]["run"], Proceeding(with_a_page.config, with_a_page.store, with_a_page.bus, ACTIONS, NIGHT))
    assert verdicts(with_a_page, incident)["status_page"] is StepState.DUE
    looks(with_a_page)
    with_a_page.tick(minutes=1)
    (run,) = runs_of(with_a_page.store, incident)
    assert run.named("status_page").settled_at == NIGHT
    assert run.named("status_page").evidence.endswith("about apps")


def test_where_no_part_of_the_page_speaks_for_an_outage_the_record_says_so_and_people_post(with_a_page):
    other = {"apps": replace(with_a_page.config.status.components["apps"], incidents=())}
    with_a_page.config = replace(with_a_page.config, status=replace(with_a_page.config.status, components=other))
    incident = opened(with_a_page)
    (run,) = runs_of(with_a_page.store, incident)
    assert run.named("status_page").failure.endswith("post by hand")
    assert drafts_of(with_a_page.store, incident)[0].channel is DraftChannel.MAIL


def test_an_approved_draft_is_posted_once_in_its_approvers_name_and_mailed(with_a_page):
    incident = opened(with_a_page)
    looks(with_a_page)
    assert drafts_of(with_a_page.store, incident)[0].channel is DraftChannel.BOTH
    assert approves(with_a_page, incident).outcome is Drafted.SENT
    assert states(with_a_page, incident) == [DraftState.SENT]
    with_a_page.tick(minutes=1)
    (post,) = posts(with_a_page.store, since=NIGHT)
    assert [(said.author, said.stage) for said in post.updates][-1] == ("lead", Stage.INVESTIGATING)
    assert post.title.en == "Souk El-Sayarat is not fully available"
    assert len(post.updates) == 2  # what it said by itself, and the person's words
    assert with_a_page.told("email").count(CUSTOMERS.id) == 1


def test_a_crash_between_the_approval_and_the_post_loses_nothing(with_a_page):
    incident = opened(with_a_page)
    draft, version = read_draft(with_a_page.store, drafts_of(with_a_page.store, incident)[0].id)
    held = replace(draft, state=DraftState.APPROVED, changed_by="lead")
    with_a_page.store.commit([Replace(DRAFTS, draft.id, {**body_of(held), "is_open": "yes"}, version)])
    with_a_page.tick(minutes=1)
    with_a_page.tick(minutes=1)
    assert states(with_a_page, incident) == [DraftState.SENT]
    (post,) = posts(with_a_page.store, since=NIGHT)
    assert [said.author for said in post.updates] == ["lead"]


def test_what_the_status_page_does_not_take_is_told_and_stays_unsent(with_a_page):
    incident = opened(with_a_page)
    draft, version = read_draft(with_a_page.store, drafts_of(with_a_page.store, incident)[0].id)
    held = replace(draft, state=DraftState.APPROVED, changed_by="lead", components=("gone",))
    with_a_page.store.commit([Replace(DRAFTS, draft.id, {**body_of(held), "is_open": "yes"}, version)])
    with_a_page.tick(minutes=1)
    assert states(with_a_page, incident) == [DraftState.REJECTED]
    assert said(with_a_page, incident) == [(Drafted.NOT_POSTED, "soukmon")]

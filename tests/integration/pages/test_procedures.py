"""Procedures and drafts on an incident's page: every clock, and forms for those who may."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.drafts import DraftState
from shared.domain.matchers import parse
from shared.domain.oncall import Person
from shared.domain.procedure_runs import StepState
from shared.domain.procedures import Doing, Procedure, Procedures, ProcedureStep
from shared.usecases.drafts import drafts_of
from shared.usecases.procedure_actions import ACTIONS
from shared.usecases.procedures import runs_of
from shared.usecases.proceeding import Proceeding, proceed_with_due
from tests.integration.pages.conftest import TOKEN


def step(name, english, arabic, **changes):
    base = {"texts": {"en": english, "ar": arabic}, "by": "role:commander", "within": timedelta(minutes=15)}
    return ProcedureStep(name, **{**base, **changes})


STEPS = (
    step("customer_draft", "Draft it", "صياغة", by="automatic", act=Doing.DRAFT_CUSTOMER_MESSAGE),
    step("root_cause", "Find the <cause>", "السبب"),
    step("plan", "Write the plan", "الخطة"),
)
OUTAGE = Procedure("outage", {"en": "Outage", "ar": "انقطاع"}, STEPS, ((parse('service="app"'),),))
LIST = Person("audience_customers", "Customers", "list@souk.example", roles=("observer",))


@pytest.fixture
def mona(house):
    directory = house.config.directory
    house.config = replace(
        house.config,
        procedures=Procedures({"outage": OUTAGE}),
        directory=replace(directory, people={**directory.people, LIST.id: LIST}),
    )
    browser = house.open("iap")
    return browser.as_("mona@souk.example", "iap")


@pytest.fixture
def name(house, mona):
    made = house.happens()
    house.clock.advance(timedelta(minutes=2))
    proceed_with_due(Proceeding(house.config, house.store, house.bus, ACTIONS, house.clock.now()))
    return made


def state_of(house, name, wanted):
    (run,) = runs_of(house.store, name)
    return run.named(wanted).state


def draft_of(house, name):
    return drafts_of(house.store, name)[0]


def test_the_page_shows_every_clock_and_every_draft_in_both_languages(house, mona, name):
    english, arabic = mona.get(f"/incidents/{name}?lang=en").text, mona.get(f"/incidents/{name}?lang=ar").text
    assert "Find the &lt;cause&gt;" in english
    assert "promised <bdi>15 min</bdi>" in english
    assert "Souk El-Sayarat is not fully available" in english
    assert "السبب" in arabic
    assert "تجاوز الموعد" not in arabic
    house.clock.advance(timedelta(minutes=20))
    assert "تجاوز الموعد" in mona.get(f"/incidents/{name}?lang=ar").text


def test_a_step_is_done_by_a_form_with_what_shows_it(house, mona, name):
    form = {"token": mona.token(), "procedure": "outage", "name": "root_cause", "text": "a full disk", "do": "finish"}
    assert mona.post(f"/incidents/{name}/step", form).status_code == 303
    assert state_of(house, name, "root_cause") is StepState.DONE
    page = mona.get(f"/incidents/{name}").text
    assert "step done." in page
    assert "a full disk" in page
    mona.post(f"/incidents/{name}/step", {**form, "name": "plan", "text": "it mended itself", "do": "skip"})
    assert state_of(house, name, "plan") is StepState.SKIPPED


def test_a_draft_is_approved_or_rejected_by_a_form(house, mona, name):
    form = {"token": mona.token(), "name": draft_of(house, name).id, "do": "reject", "text": "nobody has noticed"}
    assert mona.post(f"/incidents/{name}/draft", {**form, "text": ""}).status_code == 303
    assert draft_of(house, name).state is DraftState.PROPOSED
    mona.post(f"/incidents/{name}/draft", form)
    assert (draft_of(house, name).state, draft_of(house, name).reason) == (DraftState.REJECTED, "nobody has noticed")
    assert "nobody has noticed" in mona.get(f"/incidents/{name}").text


def test_what_is_approved_on_the_page_is_sent_in_that_persons_name(house, mona, name):
    mona.post(f"/incidents/{name}/draft", {"token": mona.token(), "name": draft_of(house, name).id, "do": "approve"})
    assert (draft_of(house, name).state, draft_of(house, name).changed_by) == (DraftState.SENT, "mona")


@pytest.mark.parametrize(
    "asked",
    [
        ("step", {"name": "root_cause", "text": "x", "do": "dance"}, 400),
        ("draft", {"name": "d-none", "do": "approve"}, 404),
        ("draft", {"do": "approve"}, 404),
    ],
)
def test_what_no_form_of_ours_says_changes_nothing(house, mona, name, asked):
    path, form, status = asked
    token, before = mona.token(), house.everything()
    assert mona.post(f"/incidents/{name}/{path}", {"token": token, **form}).status_code == status
    assert house.everything() == before


def test_whoever_may_only_read_sees_the_clocks_and_no_form(house, mona, name):
    token, before = mona.token(), house.everything()
    board = mona.as_("board@souk.example", "iap")
    page = board.get(f"/incidents/{name}").text
    assert "Find the &lt;cause&gt;" in page
    assert "/step" not in page
    assert "/draft" not in page
    assert board.post(f"/incidents/{name}/draft", {"token": token, "do": "approve"}).status_code == 403
    assert house.everything() == before
    assert TOKEN not in page

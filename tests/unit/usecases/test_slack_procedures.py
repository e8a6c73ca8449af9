"""Emergency procedures and drafts in Slack: what may be typed, and the buttons under a draft."""

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.local.sandbox.slack_blocks import faults_of
from shared.domain.drafts import DraftState
from shared.domain.matchers import parse
from shared.domain.oncall import Person
from shared.domain.procedures import Doing, Procedure, Procedures, ProcedureStep
from shared.domain.reasons import Notify
from shared.domain.slack_requests import SlackAction, SlackCommand
from shared.rendering.drafts import draft_message
from shared.usecases.drafts import drafts_of
from shared.usecases.slack_actions import answer
from tests.conftest import configuration


def step(name, **changes):
    base = {"texts": {"en": f"Do {name}", "ar": name}, "by": "role:commander", "within": timedelta(minutes=15)}
    return ProcedureStep(name, **{**base, **changes})


STEPS = (step("customer_draft", by="automatic", act=Doing.DRAFT_CUSTOMER_MESSAGE), step("root_cause"), step("plan"))
OUTAGE = Procedure("outage", {"en": "Outage", "ar": "انقطاع"}, STEPS, ((parse('alert_type="crashlytics.velocity"'),),))
BREACH = Procedure("breach", {"en": "Breach", "ar": "اختراق"}, (step("cut_off"),))
LIST = Person("audience_customers", "Customers", "list@souk.example", roles=("observer",))


@pytest.fixture
def prepared(world):
    base = configuration(procedures=Procedures({"outage": OUTAGE, "breach": BREACH}))
    people = {**base.directory.people, LIST.id: LIST}
    world.config = replace(base, directory=replace(base.directory, people=people))
    return world


@pytest.fixture
def ask(prepared):
    count = iter(range(1_000))
    return lambda request: answer(request, nonce=f"n{next(count)}", open_view=lambda *_: None, **prepared.ports)


@pytest.fixture
def says(ask):
    return lambda text, user="U0MONA": ask(SlackCommand(text, user, "C1"))["text"].replace("\u200b", "")


@pytest.fixture
def name(prepared):
    incident = prepared.fires("crash").incident
    prepared.pump()
    return incident


def press(action, draft, user="U0LEAD"):
    return SlackAction(action, draft, user, "C0INCIDENTS", "1.2", f"{action}.{user}", "1.U0LEAD.x")


def states(world, name):
    return [draft.state for draft in drafts_of(world.store, name)]


def test_a_procedure_is_shown_with_every_clock(says, name, prepared):
    prepared.clock.advance(timedelta(minutes=16))
    says(f"step {name} plan restart it by hand")
    shown = says(f"procedure {name}").splitlines()
    assert shown[0] == f"Outage, {name}"
    assert shown[1].startswith("✓ customer_draft: Do customer_draft (met, 0 s / 15 min, soukmon")
    assert shown[2].startswith("✗ root_cause: Do root_cause (missed, 16 min / 15 min, commander")
    assert shown[3] == "✗ plan: Do plan (missed, 16 min / 15 min, Mona Adel, restart it by hand)"


def test_a_step_is_done_with_what_shows_it_and_left_out_with_a_reason(says, name):
    assert says(f"step {name} root_cause") == "Nothing was changed: a step is done with a note or a link that shows it."
    assert says(f"step {name} root_cause a full disk") == f"{name}: step done."
    assert says(f"skip {name} plan") == "Nothing was changed: a step is left out with a reason."
    assert says(f"skip {name} plan it mended itself") == f"{name}: step left out."
    assert says(f"step {name}").startswith("Which step?")
    assert says(f"step {name} nothing x") == "Nothing was changed: the procedure has no such step."


def test_a_procedure_is_started_by_hand(says, name):
    assert says(f"procedure {name} start breach") == f"{name}: procedure started."
    assert says(f"procedure {name} start flood") == "Nothing was changed: there is no such procedure."
    assert says(f"procedure {name} stop").startswith("'stop' is nothing a procedure knows.")
    assert "Breach" in says(f"procedure {name}")


def test_a_draft_is_shown_edited_and_approved_by_name(says, name, prepared):
    shown = says(f"drafts {name}")
    assert f"{name}-customers-began-1: proposed, e-mail to customers" in shown
    assert "Souk El-Sayarat is not fully available" in shown
    assert "سوق السيارات غير متاح بالكامل" in shown
    assert says("edit began-1 en Payments fail | We are at it.") == f"{name}-customers-began-1: draft edited."
    assert says("edit began-1 fr Rien").startswith("A draft is edited in en or ar")
    assert says("approve began-1", user="U0LEAD") == f"{name}-customers-began-1: draft approved and sent."
    assert says(f"approve {name}-customers-began-1").endswith("the draft was sent before.")
    assert says("approve nothing").startswith("No drafts that wait answer to 'nothing'.")
    assert states(prepared, name) == [DraftState.SENT]


def test_a_draft_is_rejected_with_a_reason(says, name, prepared):
    assert says("reject began-1").endswith("a draft is rejected with a reason.")
    assert says("reject began-1 nobody has noticed").endswith("draft rejected.")
    assert states(prepared, name) == [DraftState.REJECTED]


@pytest.mark.parametrize(
    ("button", "state"), [("approve_draft", DraftState.SENT), ("reject_draft", DraftState.REJECTED)]
)
def test_the_buttons_under_a_draft_decide_once_and_tell_whoever_comes_too_late(ask, name, prepared, button, state):
    draft = drafts_of(prepared.store, name)[0].id
    ask(press(button, draft))
    assert states(prepared, name) == [state]
    ask(press("approve_draft", draft, user="U0MONA"))
    (reply,) = prepared.ledger(reason=Notify.REPLY)
    assert reply.incident == name
    assert "before" in reply.text


def test_somebody_we_do_not_know_decides_nothing(ask, name, prepared):
    ask(press("approve_draft", drafts_of(prepared.store, name)[0].id, user="U0NOBODY"))
    assert states(prepared, name) == [DraftState.PROPOSED]


def test_the_message_of_a_draft_is_one_that_slack_takes_and_nothing_in_it_is_markup(name, prepared):
    draft = drafts_of(prepared.store, name)[0]
    body = draft_message(draft)
    assert faults_of(list(body.blocks)) == []
    assert [block["type"] for block in body.blocks] == ["section", "section", "section", "actions"]
    assert all(block["text"]["type"] == "plain_text" for block in body.blocks[:3])
    sent = draft_message(replace(draft, state=DraftState.SENT))
    assert [block["type"] for block in sent.blocks] == ["section"] * 3

"""A restricted incident on the pages: for whoever is not of the response team there is none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.drafts import DraftState
from shared.domain.matchers import parse
from shared.domain.oncall import Person
from shared.domain.procedures import Doing, Procedure, Procedures, ProcedureStep
from shared.usecases import breaches
from shared.usecases.breaches import Wish
from shared.usecases.drafts import drafts_of
from shared.usecases.page_routes import ROUTES
from shared.usecases.procedure_actions import ACTIONS
from shared.usecases.proceeding import Proceeding, proceed_with_due
from shared.usecases.records import tasks_of
from shared.usecases.tasks import TaskPorts, TaskWish, open_task
from tests.unit.usecases.breach_world import with_team

NEVER = "INC-20260310-00000000"
HOURS = timedelta(hours=4)
STEPS = (
    ProcedureStep("notice_draft", {"en": "Draft", "ar": "صياغة"}, "automatic", HOURS, act=Doing.DRAFT_CUSTOMER_NOTICE),
    ProcedureStep("contained", {"en": "Contain", "ar": "احتواء"}, "role:commander", HOURS),
)
BREACH = Procedure("breach", {"en": "Breach", "ar": "حادث"}, STEPS, ((parse('alert_type="security.breach"'),),))
LIST = Person("audience_customers", "Customers", "list@souk.example", roles=("observer",))
FORMS = (
    {"action": "acknowledge"},
    {"action": "merge", "into": NEVER},
    {"do": "finish", "name": "contained", "text": "yes", "procedure": "breach"},
    {"do": "skip", "name": "contained", "text": "no"},
    {"do": "approve", "name": "{}-customers-notice"},
    {"do": "reject", "name": "{}-customers-notice", "text": "no"},
    {"do": "write", "section": "causes", "base": "0", "text": "x"},
    {"text": "a task", "to": "mona"},
)


@pytest.fixture
def browser(house):
    base = with_team(procedures=Procedures({"breach": BREACH}))
    people = {**base.directory.people, LIST.id: LIST}
    house.config = replace(base, directory=replace(base.directory, people=people))
    return house.open("iap")


@pytest.fixture
def secret(house, browser):
    """A breach with a draft and a task, and after it an incident that everybody may see."""
    ports = {"config": house.config, "store": house.store, "publisher": house.bus, "clock": house.clock}
    name = house.happens(title="orders-audit was deleted")
    breaches.declare(Wish(name, "mona", "slack"), **ports)
    house.clock.advance(timedelta(minutes=2))
    proceed_with_due(Proceeding(house.config, house.store, house.bus, ACTIONS, house.clock.now()))
    open_task(TaskWish(name, "look at it", "mona"), TaskPorts(**ports))
    house.happens(name="f2", title="Something else")
    return name


def paths(house, name, of):
    task = tasks_of(house.store, name)[0].id if of == name else "TASK-none"
    for route in ROUTES:
        if "<incident>" in route.path:
            yield route, route.path.replace("<incident>", of).replace("<task>", task)


@pytest.mark.parametrize("person", ["boss", "board"])
def test_E88_every_page_and_form_answers_an_outsider_as_if_it_were_not_there(house, browser, secret, person):
    browser.as_("mona@souk.example", "iap")
    token = browser.as_(f"{person}@souk.example", "iap").token() if person == "boss" else "x"
    browser.as_(f"{person}@souk.example", "iap")
    before = house.everything()
    answers = {}
    for of in (secret, NEVER):
        for route, path in paths(house, secret, of):
            forms = [{}] if route.method == "GET" else FORMS
            for number, form in enumerate(forms):
                sent = {"token": token, **{key: text.format(of) for key, text in form.items()}}
                answer = browser.get(path) if route.method == "GET" else browser.post(path, sent)
                answers[of, route.path, number] = (answer.status_code, answer.text.replace(path, ""))
                assert answer.status_code in {403, 404}, (path, form)
    assert house.everything() == before
    for (of, path, number), given in answers.items():
        assert given == answers[NEVER, path, number], (of, path)


@pytest.mark.parametrize("person", ["boss", "board"])
def test_E88_no_list_names_it_to_an_outsider(house, browser, secret, person):
    browser.as_(f"{person}@souk.example", "iap")
    for path in ("/incidents", "/api/incidents", "/incidents?state=triggered"):
        shown = browser.get(path).text
        assert secret not in shown
        assert "Security incident" not in shown
    assert secret in browser.as_("mona@souk.example", "iap").get("/incidents").text


def test_E88_two_of_the_team_approve_the_notice_on_the_page(house, browser, secret):
    for person, state in (("mona", DraftState.PROPOSED), ("omar", DraftState.SENT)):
        browser.as_(f"{person}@souk.example", "iap")
        page = browser.get(f"/incidents/{secret}?lang=en").text
        assert "Notice about your Souk El-Sayarat account" in page
        assert ("Approved by: <bdi>Mona Adel</bdi>" in page) is (person == "omar")
        house.latest = secret
        form = {"token": browser.token(), "name": f"{secret}-customers-notice", "do": "approve"}
        browser.post(f"/incidents/{secret}/draft", form)
        (draft,) = drafts_of(house.store, secret)
        assert draft.state is state
    assert draft.approved_by == ("mona", "omar")

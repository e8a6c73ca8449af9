"""A critical incident from its first page to its close, by Slack, pages and the clock, as production runs it."""

import json
import re
from datetime import timedelta

import pytest

from infra.local import people, samples
from shared import bootstrap
from shared.domain.incidents import Role, State
from shared.usecases.records import timeline_of


@pytest.fixture
def name(driver):
    driver.send(samples.crash(driver.clock.now(), "velocityAlert", issue="1", title="Checkout.kt", crashCount="132"))
    return driver.incidents[0].id


def types(driver, text, person="mona"):
    user = bootstrap.config().directory.people[person].slack_user
    assert driver.providers.command(text, user=user, channel="C0INCIDENTS")["response_type"] == "ephemeral"
    driver.platform.drain()


def living(driver):
    """The incident's message in its channel, as it is now."""
    first = next(m for m in driver.messages("slack") if m["to"] == "C0INCIDENTS")
    return json.dumps(first["content"]["blocks"], ensure_ascii=False)


def test_from_the_first_page_to_the_close(driver, name):
    people.press(driver.platform, "acknowledge", name, person="mona")
    types(driver, f"role {name} communications omar")
    types(driver, f"task {name} owner=omar due=1h tell the customers")
    people.press(driver.platform, "mitigate", name, person="mona")
    driver.platform.drain()
    shown = living(driver)
    for part in (
        "Mitigated, Mona Adel",
        "Commander Mona Adel, Communications Omar Said",
        "tell the customers, Omar Said",
    ):
        assert part in shown
    rung = len(driver.messages("twilio"))
    driver.after(hours=3, minutes=1)
    told = [m for m in driver.messages("slack") if m["to"] == "U0OMAR"]
    assert len(told) == 2  # given, and due
    assert any("running out" in json.dumps(m["content"]) for m in driver.messages("slack"))
    assert len(driver.messages("twilio")) == rung
    task = re.search(r"TSK-\w+", json.dumps(told[0]["content"]))[0]
    people.press(driver.platform, "resolve", name, person="mona")
    types(driver, f"done {task}", "omar")
    driver.after(days=3, minutes=1)
    one = driver.incidents[0]
    assert (one.state, one.open_tasks, one.roles[Role.COMMANDER]) == (State.CLOSED, 0, "mona")
    assert "Closed" in living(driver)
    record = [line.event for line in timeline_of(bootstrap.state(), name)]
    assert [event for event in record if event in {"acknowledged", "mitigated", "resolved", "closed"}] == [
        "acknowledged", "mitigated", "resolved", "closed",
    ]  # fmt: skip


def test_two_are_merged_by_command_and_the_page_of_the_one_leads_to_the_other(driver, name):
    driver.send(samples.crash(driver.clock.now(), "newFatalIssue", issue="2", title="Cart.kt"))
    other = driver.incidents[1].id
    types(driver, f"merge {other} into {name}")
    assert {one.state for one in driver.incidents} == {State.TRIGGERED, State.MERGED}
    page = driver.page(f"/incidents/{other}").get_data(as_text=True)
    assert f'href="/incidents/{name}"' in page
    driver.send(samples.crash(driver.clock.now() + timedelta(minutes=1), "newFatalIssue", issue="2", title="Cart.kt"))
    assert driver.incidents[0].count == 3

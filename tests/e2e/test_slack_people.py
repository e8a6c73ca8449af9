"""People at work in Slack: the modal, the command, the dead letters; and keys that change while they work."""

import json
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from infra.local import people, samples
from shared import bootstrap
from shared.domain.incidents import State
from shared.usecases.links import acknowledge_url
from shared.usecases.records import DEAD_LETTERS
from tests.conftest import configuration

OK = 200


@pytest.fixture
def name(driver):
    crash = samples.crash(driver.clock.now(), "velocityAlert", issue="1", title="<!here> Checkout.kt", crashCount="132")
    driver.send(crash)
    return driver.incidents[0].id


def incident(driver):
    return driver.incidents[0]


def reinstalled(driver, **settings):
    """The platform as it is, with some settings changed, as a new revision of the functions would read them."""
    bootstrap.install(
        replace(bootstrap.settings(), **settings),
        clock=driver.clock,
        publisher=driver.platform.bus,
        configuration=bootstrap.config(),
    )


def test_more_opens_a_modal_that_hands_over_with_a_note(driver, name):
    errors = people.fill_in(driver.platform, name, {"note": "payments & <b>", "to": "lead"}, person="mona")
    driver.platform.drain()
    assert errors == {}
    assert (incident(driver).owner, incident(driver).is_offered) == ("lead", True)
    living, *thread = [m for m in driver.messages("slack") if m["to"] == "C0INCIDENTS"]
    assert "Handed over, not answered yet, Laila Nour" in json.dumps(living["content"]["blocks"])
    assert "<@U0LEAD>" in json.dumps(thread[-1]["content"]["blocks"])
    assert "payments &amp; &lt;b&gt;" in thread[-1]["content"]["blocks"][0]["text"]["text"]
    number = bootstrap.config().directory.people["lead"].phone
    assert "Handed over" in next(m for m in driver.messages("twilio") if m["to"] == number)["content"]["body"]


def test_a_modal_shows_its_errors_and_keeps_what_was_typed(driver, name):
    errors = people.fill_in(driver.platform, name, {"to": "lead", "lasting": "60", "note": "typed"}, person="mona")
    assert list(errors) == ["lasting"]
    view = next(m for m in driver.messages("slack") if m["content"].get("view"))
    assert (view["status"], view["content"]["values"]["note"]) == ("open", "typed")
    assert incident(driver).state is State.TRIGGERED
    assert driver.providers.submit(view["id"], {"lasting": "60"}, user="U0MONA") == {}
    assert incident(driver).snoozed_until == driver.clock.now() + timedelta(hours=1)
    with pytest.raises(LookupError):
        driver.providers.submit(view["id"], {"lasting": "60"}, user="U0MONA")


@pytest.mark.parametrize("fault", [{"error": "expired_trigger_id"}, {"status": 500}, {"hang": 10, "accept": False}])
def test_E67_when_slack_does_not_open_the_modal_the_answer_still_comes_in_time_and_names_the_commands(
    driver, name, fault
):
    driver.providers.store.faults.fail_next("slack.views", response=fault)
    began = time.monotonic()
    assert people.press(driver.platform, "more", name, person="mona") == OK
    assert time.monotonic() - began < 3
    driver.providers.store.faults.clear()
    driver.platform.drain()
    told = next(m for m in driver.messages("slack") if m["content"].get("only_for") == "U0MONA")
    assert f"/incident note {name}" in told["content"]["text"]


def test_the_command_does_what_the_buttons_do_and_answers_its_author_alone(driver, name):
    answer = driver.providers.command(f"snooze {name[-4:]} 2h", user="U0MONA", channel="C1")
    assert answer["response_type"] == "ephemeral"
    assert "snoozed until 10 Mar 04:10" in answer["text"]
    assert incident(driver).snoozed_until == driver.clock.now() + timedelta(hours=2)


@pytest.fixture
def devops(driver):
    people_, directory = configuration().directory.people, configuration().directory
    changed = {**people_, "mona": replace(people_["mona"], roles=("devops",))}
    bootstrap.install(
        bootstrap.settings(),
        clock=driver.clock,
        publisher=driver.platform.bus,
        configuration=configuration(directory=replace(directory, people=changed)),
    )
    return driver


def letter(driver):
    (found,) = driver.dead_letters
    return found.body


def test_a_dead_letter_is_sent_to_its_function_again_from_slack_and_one_nobody_can_read_says_so(devops):
    devops.post("receive_log_entry", b"{not json", {"content-type": "application/json"})
    devops.platform.drain()
    name = devops.dead_letters[0].id
    assert name in devops.providers.command("dead-letters", user="U0MONA", channel="C1")["text"]
    devops.providers.command(f"dead-letters redrive {name[:6]}", user="U0MONA", channel="C1")
    assert letter(devops)["state"] == "redrive asked for"
    devops.platform.drain()
    assert (letter(devops)["state"], letter(devops)["answer"]) == ("kept again", 204)


def test_a_dead_letter_that_can_be_read_by_now_becomes_an_incident(devops):
    event = samples.request_log(devops.clock.now(), "orders", 503)
    devops.post("receive_log_entry", b"{not json", {"content-type": "application/json"})
    devops.platform.drain()
    (kept,) = devops.dead_letters
    path = f"{bootstrap.settings().state_dir}/objects/{kept.body['object']}"
    with open(path, "wb") as file:  # noqa: PTH123 - the body as a repaired parser would see it
        file.write(event.body)
    devops.providers.command(f"dead-letters redrive {kept.id}", user="U0MONA", channel="C1")
    devops.platform.drain()
    assert letter(devops)["state"] == "redriven"
    assert "log.request_5xx" in {one.alert_type for one in devops.incidents}


def test_a_redrive_that_fails_on_the_way_is_tried_again(devops):
    devops.post("receive_log_entry", b"{not json", {"content-type": "application/json"})
    devops.platform.drain()
    name, url = devops.dead_letters[0].id, bootstrap.settings().public_url
    reinstalled(devops, functions_url="http://127.0.0.1:9")
    devops.providers.command(f"dead-letters redrive {name}", user="U0MONA", channel="C1")
    devops.platform.drain()
    assert letter(devops)["state"] == "redrive asked for"
    reinstalled(devops, functions_url=f"{url}/functions")
    devops.after(minutes=5)
    assert letter(devops)["state"] == "kept again"


def test_a_redrive_delivered_twice_sends_the_letter_once(devops):
    devops.post("receive_log_entry", b"{not json", {"content-type": "application/json"})
    devops.platform.drain()
    name = devops.dead_letters[0].id
    devops.providers.command(f"dead-letters redrive {name}", user="U0MONA", channel="C1")
    devops.platform.drain()
    version = bootstrap.state().get(DEAD_LETTERS, name).version
    event = samples.published(devops.clock.now(), {"letter": name}, "redrive_dead_letter")
    assert devops.post("redrive_dead_letter", event.body, event.headers).status_code < 300
    assert bootstrap.state().get(DEAD_LETTERS, name).version == version


def test_E52_links_signed_with_the_old_key_work_while_it_overlaps_and_not_after(driver, name):
    row = next(row for row in driver.ledger if row.incident == name and row.channel == "sms")
    old = bootstrap.settings().link_keys
    path = acknowledge_url("", row.id, keys=(old,))
    reinstalled(driver, link_keys=f"{old},new-key")
    assert driver.post("acknowledge", path=path, method="get").status_code == OK
    assert acknowledge_url("", row.id, keys=bootstrap.link_keys()) != path
    reinstalled(driver, link_keys="new-key")
    assert driver.post("acknowledge", path=path).status_code == 401
    assert incident(driver).state is State.TRIGGERED
    reinstalled(driver, link_keys=f"{old},new-key")
    assert driver.post("acknowledge", path=path).status_code == OK
    assert incident(driver).state is State.ACKNOWLEDGED


def test_E52_slack_s_old_and_new_secret_both_count_in_mid_incident(driver, name):
    old = bootstrap.settings().slack_signing_secret
    reinstalled(driver, slack_signing_secret=f"{old},the-new-one")
    assert people.press(driver.platform, "acknowledge", name, person="mona") == OK
    assert incident(driver).owner == "mona"
    reinstalled(driver, slack_signing_secret="the-new-one")
    assert people.press(driver.platform, "resolve", name, person="mona") == 401


def test_E54_E56_escalating_from_slack_pages_the_next_step_at_once_and_the_end_drops_what_still_waits(driver, name):
    people.press(driver.platform, "escalate", name, person="mona")
    people.press(driver.platform, "resolve", name, person="mona")
    driver.platform.drain()
    dropped = {row.state for row in driver.ledger if row.step == 2 and row.channel in {"sms", "email"}}
    assert dropped == {"superseded"}
    driver.after(hours=2)
    assert incident(driver).state is State.RESOLVED

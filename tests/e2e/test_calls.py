"""Calls from the ledger to the key somebody presses, through the real functions and a telephone of the sandbox."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from infra.local.platform import Platform
from shared import bootstrap
from shared.domain.bulletins import Bulletin, BulletinKind, BulletinText
from shared.domain.configuration import RateCap
from shared.domain.escalation import Policy, Step
from shared.domain.incidents import State
from shared.domain.notifications import Channel, LedgerState, Recipient
from shared.ports.store import Put
from shared.usecases.act import Act, Action, act
from shared.usecases.bulletins import tell
from shared.usecases.records import timeline_of
from tests.conftest import configuration
from tests.e2e.conftest import Driver
from tests.e2e.test_requests import crash

OMAR = "+201000000012"  # on call
CALLING = Policy(
    "critical",
    (Step(("oncall:primary@voice", "slack:incidents")), Step(("person:lead@email",), timedelta(minutes=15), 2)),
    repeats=0,
)


@pytest.fixture
def driver(tmp_path, clock):
    given = configuration(policies={**configuration().policies, "critical": CALLING})
    limits = replace(given.limits, rate_caps={"voice": (RateCap(3, timedelta(minutes=15)),)})
    platform = Platform(tmp_path / "state", clock=clock, configuration=replace(given, limits=limits))
    yield Driver(platform)
    platform.close()


def calls(driver):
    return [driver.providers.store.get(message["id"]) for message in driver.messages("voice")]


def voice_rows(driver):
    return [row for row in driver.ledger if row.channel is Channel.VOICE]


def rings(driver, **reaction):
    """Crash, with the telephone that is called doing something; the call."""
    if reaction:
        driver.providers.store.faults.fail_next("voice", response=reaction, to=OMAR)
    driver.send(crash(driver))
    (call,) = calls(driver)
    return call


def asked(driver, call, form, *, turn=None, token=None):
    """A request to answer_call as Twilio makes it."""
    query = f"notification={call.reference}" + (f"&turn={turn}" if turn is not None else "")
    text = f"{bootstrap.function_url('answer_call')}?{query}" + "".join(f"{key}{form[key]}" for key in sorted(form))
    key = (token or bootstrap.twilio_tokens()[-1]).encode()
    sign = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha1).digest()).decode()
    return driver.post("answer_call", form, {"X-Twilio-Signature": sign}, path=f"/?{query}")


def test_E73_a_person_who_answers_hears_the_incident_and_what_to_press(driver):
    call = rings(driver)
    assert call.to == OMAR
    assert call.content["spoken"][0] == "هنا مراقبة سوق السيارات. بلاغ حرج."
    assert any("Checkout.kt line 88" in line for line in call.content["spoken"])
    assert "اضغط أربعة" in call.content["spoken"][-1]
    assert driver.incidents[0].state is State.TRIGGERED
    assert voice_rows(driver)[0].state is LedgerState.DELIVERED


def test_E73_4_acknowledges_as_the_person_who_was_called(driver):
    call = rings(driver)
    driver.providers.telephone.press(call.id, "4")
    driver.platform.drain()
    (incident,) = driver.incidents
    assert (incident.state, incident.owner) == (State.ACKNOWLEDGED, "omar")
    assert "via call" in [entry.detail for entry in timeline_of(bootstrap.state(), incident.id)]
    (call,) = calls(driver)
    assert "تم استلام البلاغ" in call.content["spoken"][-1]
    assert call.status == "completed"


def test_E73_6_escalates_and_the_next_step_is_told_at_the_next_tick(driver):
    call = rings(driver)
    driver.providers.telephone.press(call.id, "6")
    assert driver.messages("smtp") == []
    driver.after(minutes=1)
    assert [mail["to"] for mail in driver.messages("smtp")] == ["lead@souk.example"]
    assert driver.incidents[0].state is State.TRIGGERED


def test_E73_an_answering_machine_is_not_an_acknowledgement_gets_a_short_message_and_we_call_again(driver):
    call = rings(driver, final="machine")
    assert "يرجى مراجعة رسائلك" in call.content["spoken"][-1]
    assert call.content["answer_to"] == ""
    (row,) = voice_rows(driver)
    assert (row.state, row.error) == (LedgerState.FAILED_TEMPORARY, "machine_end_beep")
    driver.after(minutes=3)
    assert len(calls(driver)) == 2
    assert driver.incidents[0].state is State.TRIGGERED
    assert {r.state for r in voice_rows(driver)} == {LedgerState.DELIVERED}


def test_E73_silence_and_wrong_keys_repeat_the_question_twice_and_then_it_says_goodbye(driver):
    call = rings(driver)
    driver.providers.telephone.wait(call.id)
    driver.providers.telephone.press(call.id, "9")
    (heard,) = calls(driver)
    questions = [line for line in heard.content["spoken"] if "اضغط أربعة" in line]
    assert (len(questions), heard.status) == (3, "in-progress")
    driver.providers.telephone.wait(call.id)
    (heard,) = calls(driver)
    assert "مع السلامة" in heard.content["spoken"][-1]
    assert (heard.status, driver.incidents[0].state) == ("completed", State.TRIGGERED)


@pytest.mark.parametrize("status", ["busy", "no-answer"])
def test_E39_a_telephone_that_nobody_answers_is_called_again_and_another_channel_takes_over(driver, status):
    driver.providers.store.faults.fail_next("voice", response={"final": status}, times=9)
    driver.send(crash(driver))
    (row,) = voice_rows(driver)
    assert (row.state, row.error) == (LedgerState.FAILED_TEMPORARY, status)
    driver.after(minutes=4)
    driver.after(minutes=10)
    assert len(calls(driver)) == 3
    assert voice_rows(driver)[0].state is LedgerState.FAILED_PERMANENT
    assert [message["to"] for message in driver.messages("twilio")] == [OMAR]


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_E39_a_call_that_cannot_be_made_is_not_repeated_and_a_text_takes_its_place_at_once(driver, status):
    rings(driver, final=status)
    assert voice_rows(driver)[0].state is LedgerState.FAILED_PERMANENT
    assert [message["to"] for message in driver.messages("twilio")] == [OMAR]
    driver.after(minutes=4)
    assert len(calls(driver)) == 1


def test_E55_who_answers_a_call_about_an_incident_with_an_owner_hears_whose_it_is(driver):
    call = rings(driver)
    wish = {"CallSid": call.id, "CallStatus": "in-progress", "Digits": "4"}
    assert "تم استلام" in asked(driver, call, wish, turn=1).text
    (row,) = voice_rows(driver)
    store = bootstrap.state()
    document = store.get("notifications", row.id)
    store.commit([Put(document.collection, document.id, {**document.body, "recipient": "mona"})])
    late = asked(driver, call, {"CallSid": "CA2", "Digits": "4"}, turn=1).text
    assert "Omar Said owns it already, since 02:10" in late
    assert driver.incidents[0].owner == "omar"


def test_E69_a_replayed_key_has_no_second_effect(driver):
    call = rings(driver)
    wish = {"CallSid": call.id, "CallStatus": "in-progress", "Digits": "6"}
    first, again = (asked(driver, call, wish, turn=1) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.text != again.text
    record = timeline_of(bootstrap.state(), driver.incidents[0].id)
    assert [entry.event for entry in record if entry.actor == "omar"] == ["escalated"]


def test_E70_a_forged_request_about_a_call_is_refused_and_changes_nothing(driver):
    call = rings(driver)
    wish = {"CallSid": call.id, "Digits": "4"}
    assert asked(driver, call, wish, turn=1, token="another").status_code == 401
    assert driver.post("answer_call", wish, path=f"/?notification={call.reference}").status_code == 401
    assert driver.incidents[0].state is State.TRIGGERED


def test_E65_a_call_about_nothing_we_know_ends_politely(driver):
    call = rings(driver)
    unknown = replace(call, reference="unknown")
    answer = asked(driver, unknown, {"CallSid": "CA9", "Digits": "4"})
    assert (answer.status_code, "<Hangup" in answer.text, answer.mimetype) == (200, True, "text/xml")


def test_E52_while_the_token_is_rotated_both_are_valid_and_the_new_one_sends(driver):
    old = bootstrap.twilio_tokens()[-1]
    rotated = replace(bootstrap.settings(), twilio_token=f"{old},new-token")
    platform = driver.platform
    bootstrap.install(
        rotated,
        clock=platform.clock,
        publisher=platform.bus,
        configuration=bootstrap.config(),
        warehouse=platform.warehouse,
    )
    form = {"MessageSid": "SM1", "From": OMAR, "Body": "STOP"}
    for token, status in ((old, 200), ("new-token", 200), ("older", 401), (f"{old},new-token", 401)):
        assert text_in(driver, form, token).status_code == status
    assert bootstrap._twilio()._token == "new-token"


def text_in(driver, form, token=None):
    text = bootstrap.function_url("receive_sms") + "".join(f"{key}{form[key]}" for key in sorted(form))
    key = (token or bootstrap.twilio_tokens()[-1]).encode()
    sign = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha1).digest()).decode()
    return driver.post("receive_sms", form, {"X-Twilio-Signature": sign})


def test_E72_stop_by_text_turns_the_channel_off_tells_the_person_and_warns_the_lead(driver):
    assert text_in(driver, {"MessageSid": "SM1", "From": OMAR, "Body": "STOP"}).status_code == 200
    driver.platform.drain()
    assert {(m["to"], m["content"]["subject"]) for m in driver.messages("smtp")} == {
        ("omar@souk.example", "الرسائل النصية لم تعد تصلك"),
        ("lead@souk.example", "Text messages no longer reach Omar Said"),
    }
    answer = text_in(driver, {"MessageSid": "SM2", "From": OMAR, "Body": "what?"})
    assert "<Message>" in answer.text
    assert text_in(driver, {"MessageSid": "SM3", "Body": "no sender"}).status_code == 400


def test_a_call_is_shown_in_the_inbox_with_its_words_and_keys_that_work(driver):
    call = rings(driver)
    driver.platform.run(workers=1)
    page = requests.get(f"{driver.platform.url}/inbox?only=voice", timeout=10).text
    assert "Checkout.kt line 88" in page
    assert page.count('name="key"') == 4
    for key in ("", "9", "4"):
        url = f"{driver.platform.url}/inbox/call"
        answer = requests.post(url, data={"message": call.id, "key": key}, timeout=10, allow_redirects=False)
        assert answer.status_code == 303
    assert driver.incidents[0].owner == "omar"
    assert 'name="key"' not in requests.get(f"{driver.platform.url}/inbox?only=voice", timeout=10).text
    assert requests.post(url, data={"message": "CA404", "key": "4"}, timeout=10).status_code == 404


def test_E73_voicemail_in_the_inbox_hears_a_message_and_acknowledges_nothing(driver):
    call = rings(driver)
    driver.platform.run(workers=1)
    data = {"message": call.id, "key": "voicemail"}
    requests.post(f"{driver.platform.url}/inbox/call", data=data, timeout=10)
    assert "يرجى مراجعة رسائلك" in calls(driver)[0].content["spoken"][-1]
    assert driver.incidents[0].state is State.TRIGGERED


def test_a_bulletin_by_call_is_read_out_and_asks_for_nothing(driver):
    texts = {"en": BulletinText("Weekly notice", ("Mona is on call.",))}
    said = Bulletin("b-1", BulletinKind.NOTICE, driver.clock.now(), texts)
    tell(said, [Recipient("mona", Channel.VOICE)], store=bootstrap.state(), publisher=bootstrap.publisher())
    driver.platform.drain()
    (call,) = calls(driver)
    assert call.content["spoken"][-1] == "Weekly notice Mona is on call."
    assert call.content["answer_to"] == ""


def test_nobody_is_called_to_hear_that_it_is_over(driver):
    rings(driver)
    act(
        Act(Action.RESOLVE, driver.incidents[0].id, "mona", "test"),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    driver.platform.drain()
    assert len(calls(driver)) == 1
    (text,) = driver.messages("twilio")
    assert (text["to"], "تم الحل" in text["content"]["body"]) == (OMAR, True)


def test_an_incident_that_is_over_when_the_telephone_is_answered_says_so(driver):
    call = rings(driver)
    act(
        Act(Action.RESOLVE, driver.incidents[0].id, "mona", "test"),
        config=bootstrap.present(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=bootstrap.clock(),
    )
    assert "انتهى البلاغ" in asked(driver, call, {"CallSid": call.id, "AnsweredBy": "human"}).text

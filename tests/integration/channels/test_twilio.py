"""Text messages, and what the sandbox account has in common with the real one."""

from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from infra.local.sandbox.twilio_callbacks import deliver_callbacks
from shared.adapters.twilio import TwilioSms
from shared.adapters.twilio_client import Http
from shared.domain.notifications import LedgerState
from shared.inbound.twilio import report, verify
from shared.ports.messages import SmsBody
from tests.integration.channels.conftest import ACCOUNT, AUTH_TOKEN, CALLBACK, sms_message, twilio_account


@pytest.fixture
def client(twilio_url):
    return Client(ACCOUNT, AUTH_TOKEN, http_client=Http(base_url=twilio_url, timeout=5))


def sent_from(twilio_url, callback, sender="+15005550006"):
    return TwilioSms(twilio_account(twilio_url), sender=sender, status_callback=callback)


def test_a_text_is_created_with_our_reference_in_the_address_of_its_receipts(sms_notifier, store):
    sent = sms_notifier.send(sms_message("n-7"))
    (message,) = store.messages("twilio")
    assert (sent.provider_id, message.to, message.status) == (message.id, "+201000000011", "queued")
    assert message.content == {"body": sms_message().body.text, "from": "+15005550006"}
    assert message.reference == "n-7"
    assert store.callbacks.waiting()[0].url == f"{CALLBACK}?notification=n-7"


def test_a_messaging_service_sends_in_place_of_a_number(twilio_url, store):
    sent_from(twilio_url, CALLBACK, sender="MG" + "1" * 32).send(sms_message())
    assert store.messages("twilio")[0].content["from"] == "MG" + "1" * 32


def test_half_an_emoji_does_not_stop_a_page(sms_notifier, store):
    sms_notifier.send(sms_message(body=SmsBody("down \ud83d")))
    assert store.messages("twilio")[0].content["body"] == "down ?"


def test_E40_a_text_is_found_by_number_words_and_time(sms_notifier, clock):
    sent = sms_notifier.send(sms_message())
    assert sms_notifier.find(sms_message(since=clock.now())) == sent
    assert sms_notifier.find(sms_message()) == sent
    assert sms_notifier.find(sms_message(to="+201000000012")) is None
    assert sms_notifier.find(sms_message(body=SmsBody("another"))) is None
    assert sms_notifier.find(sms_message(since=clock.now() + timedelta(minutes=3))) is None


def test_E40_a_text_that_failed_is_not_taken_for_sent(sms_notifier, store, clock):
    sent = sms_notifier.send(sms_message())
    store.change(sent.provider_id, at=clock.now(), status="undelivered")
    assert sms_notifier.find(sms_message()) is None


def test_E40_a_text_is_found_behind_many_others_to_the_number(sms_notifier, client):
    sent = sms_notifier.send(sms_message())
    for n in range(60):
        client.messages.create(to="+201000000011", from_="+15005550006", body=f"another {n}")
    assert sms_notifier.find(sms_message()) == sent


def test_receipts_are_signed_posted_in_order_and_understood(twilio_url, store, clock, recorder):
    callback = f"{recorder.url}/callback"
    sent = sent_from(twilio_url, callback).send(sms_message("n-1"))
    assert deliver_callbacks(store, clock=clock, token=AUTH_TOKEN) == 3
    assert deliver_callbacks(store, clock=clock, token=AUTH_TOKEN) == 0
    forms = recorder.forms()
    for headers, form in forms:
        url = f"{callback}?notification=n-1"
        assert verify(url, form, headers["X-Twilio-Signature"], tokens=(AUTH_TOKEN,)) is None
    assert [report(form).state for _, form in forms] == [LedgerState.SENT, LedgerState.SENT, LedgerState.DELIVERED]
    assert store.get(sent.provider_id).status == "delivered"


OUTCOMES = [
    ({"final": "undelivered", "error_code": "30003"}, ["queued", "sent", "undelivered"], LedgerState.FAILED_PERMANENT),
    ({"final": "undelivered"}, ["queued", "sent", "undelivered"], LedgerState.FAILED_TEMPORARY),
    ({"final": "failed", "error_code": "30008"}, ["queued", "failed"], LedgerState.FAILED_TEMPORARY),
]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_E39_a_number_can_be_made_to_fail_in_the_end(sms_notifier, store, clock, outcome):
    fault, statuses, state = outcome
    store.faults.fail_next("twilio", to="+201000000011", response=fault)
    sms_notifier.send(sms_message(to="+201000000012"))
    sms_notifier.send(sms_message())
    told = []
    deliver_callbacks(store, clock=clock, token=AUTH_TOKEN, post=lambda _, form, __: told.append(form) or 204)
    forms = [form for form in told if form["To"] == "+201000000011"]
    assert [form["MessageStatus"] for form in forms] == statuses
    assert report(forms[-1]).state is state
    assert all("ErrorCode" not in form for form in told if form not in forms)


def test_receipts_nobody_takes_wait_and_are_given_up_in_the_end(sms_notifier, store, clock):
    sms_notifier.send(sms_message())
    tries = [deliver_callbacks(store, clock=clock, token=AUTH_TOKEN, post=lambda *_: 503) for _ in range(4)]
    assert (tries, len(store.callbacks.waiting())) == ([0, 0, 0, 0], 3)
    deliver_callbacks(store, clock=clock, token=AUTH_TOKEN, post=lambda *_: 503)
    assert store.callbacks.waiting() == []


def test_a_receiver_that_is_away_gets_its_receipts_later(twilio_url, store, clock, closed_port, recorder):
    sent_from(twilio_url, f"http://127.0.0.1:{closed_port}/callback").send(sms_message())
    assert deliver_callbacks(store, clock=clock, token=AUTH_TOKEN) == 0
    assert len(store.callbacks.waiting()) == 3


REFUSALS = [
    ({"to": "+201000000011", "from_": "+15005550006", "body": ""}, 21602),
    ({"to": "+201000000011", "from_": "", "body": "x"}, 21603),
    ({"to": "", "from_": "+15005550006", "body": "x"}, 21604),
    ({"to": "0100", "from_": "+15005550006", "body": "x"}, 21211),
    ({"to": "+201000000011", "from_": "+15005550006", "body": "x" * 1601}, 21617),
]


@pytest.mark.parametrize(("arguments", "code"), REFUSALS)
def test_the_sandbox_refuses_what_twilio_refuses(client, store, arguments, code):
    with pytest.raises(TwilioRestException) as refusal:
        client.messages.create(**arguments)
    assert (refusal.value.code, refusal.value.status) == (code, 400)
    assert store.messages() == []


@pytest.mark.parametrize(("account", "token"), [(ACCOUNT, "wrong"), ("AC" + "9" * 32, AUTH_TOKEN)])
def test_the_sandbox_checks_account_and_token(twilio_url, account, token):
    stranger = Client(account, token, http_client=Http(base_url=twilio_url, timeout=5))
    with pytest.raises(TwilioRestException) as refusal:
        stranger.messages.create(to="+201000000011", from_="+15005550006", body="x")
    assert (refusal.value.code, refusal.value.status) == (20003, 401)


def test_the_sandbox_lists_like_twilio_newest_first_page_by_page_without_the_queued_under_a_date(
    client, store, clock, sms_notifier
):
    names = [sms_notifier.send(sms_message(f"n-{n}")).provider_id for n in range(3)]
    assert [m.sid for m in client.messages.list(page_size=2)] == names[::-1]
    assert client.messages.list(date_sent_after=clock.now()) == []
    deliver_callbacks(store, clock=clock, token=AUTH_TOKEN, post=lambda *_: 204)
    (newest, *_) = client.messages.list(date_sent_after=clock.now())
    assert (newest.sid, newest.status, newest.date_sent) == (names[-1], "delivered", clock.now())
    assert client.messages.list(date_sent_after=clock.now() + timedelta(seconds=1)) == []

"""Telephone calls at the sandbox account."""

from datetime import timedelta

import pytest

from shared.errors import PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from tests.integration.channels.conftest import ANSWER, CALLBACK, SENDER, call_message


def test_a_call_is_made_with_our_reference_in_both_addresses(call_notifier, store):
    sent = call_notifier.send(call_message("n-7"))
    (call,) = store.messages("voice")
    assert (sent.provider_id, call.to, call.status, call.reference) == (call.id, "+201000000011", "queued", "n-7")
    assert call.content["from"] == SENDER
    assert call.content["url"] == f"{ANSWER}?notification=n-7"
    assert call.content["callback"] == f"{CALLBACK}?notification=n-7"
    assert call.content["events"] == ["answered", "completed"]


def test_E40_a_number_that_was_not_called_since_is_sure_and_one_that_was_is_unknowable(call_notifier, store, clock):
    assert call_notifier.find(call_message(since=clock.now())) is None
    sent = call_notifier.send(call_message())
    with pytest.raises(UnknownOutcomeError):
        call_notifier.find(call_message(since=clock.now()))
    assert call_notifier.find(call_message(since=clock.now() + timedelta(minutes=3))) is None
    assert call_notifier.find(call_message(to="+201000000012")) is None
    store.change(sent.provider_id, at=clock.now(), status="failed")
    assert call_notifier.find(call_message(since=clock.now())) is None


REFUSALS = {21211: False, 21214: False, 21215: False, 21217: False, 21210: True, 21219: True, 20003: True}


@pytest.mark.parametrize(("code", "broken"), REFUSALS.items())
def test_E39_what_twilio_refuses_of_a_call_is_the_number_s_fault_or_the_channel_s(call_notifier, store, code, broken):
    store.faults.fail_next("voice", response={"code": code})
    with pytest.raises(PermanentFailureError) as failure:
        call_notifier.send(call_message())
    assert (failure.value.code, failure.value.channel_broken) == (str(code), broken)
    assert store.messages("voice") == []


def test_E39_too_many_calls_wait_as_long_as_twilio_says_and_its_own_faults_pass(call_notifier, store):
    store.faults.fail_next("voice", response={"code": 20429, "headers": {"Retry-After": "7"}})
    store.faults.fail_next("voice", response={"status": 500})
    with pytest.raises(TemporaryFailureError) as wait:
        call_notifier.send(call_message())
    assert wait.value.retry_after == timedelta(seconds=7)
    with pytest.raises(TemporaryFailureError):
        call_notifier.send(call_message())


def test_E40_a_lost_answer_to_a_call_is_unknown(call_notifier, store):
    store.faults.fail_next("voice", response={"close": True})
    with pytest.raises(UnknownOutcomeError):
        call_notifier.send(call_message())
    assert len(store.messages("voice")) == 1

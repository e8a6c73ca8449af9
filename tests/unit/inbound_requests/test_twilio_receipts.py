"""Delivery receipts that claim to come from Twilio."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl

import pytest

from shared.domain.notifications import LedgerState
from shared.errors import RefusedError, UndecodableError
from shared.inbound.twilio import nonce, report, verify
from shared.inbound.twilio_calls import phone_call
from shared.inbound.twilio_texts import text_message

TOKEN = "a-token-of-ours"
URL = "https://alerts.souk.example/functions/receive_twilio_callback?notification=n-1"
FORM = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+201000000011", "ErrorMessage": "", "ToCity": ""}


def signature(url, form, token=TOKEN):
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def test_E70_a_signature_over_the_public_address_with_query_and_blank_fields_is_accepted():
    assert verify(URL, FORM, signature(URL, FORM), tokens=(TOKEN,)) is None


def test_E70_twilios_documented_example_is_accepted():
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    assert signature(url, form, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert verify(url, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", tokens=("12345",)) is None


WITHOUT_BLANKS = {name: value for name, value in FORM.items() if value}
REFUSED = {
    "http variant": (URL.replace("https", "http"), FORM, signature(URL, FORM)),
    "without the query": (URL.partition("?")[0], FORM, signature(URL, FORM)),
    "another notification": (URL.replace("n-1", "n-2"), FORM, signature(URL, FORM)),
    "extra field": (URL, {**FORM, "x": "1"}, signature(URL, FORM)),
    "changed field": (URL, {**FORM, "MessageStatus": "failed"}, signature(URL, FORM)),
    "another key": (URL, FORM, signature(URL, FORM, "another")),
    "empty signature": (URL, FORM, ""),
    "missing signature": (URL, FORM, None),
    "non-ASCII signature": (URL, FORM, "توقيع"),
}


@pytest.mark.parametrize(("url", "form", "given"), REFUSED.values(), ids=REFUSED)
def test_E70_anything_else_is_refused_with_401(url, form, given):
    with pytest.raises(RefusedError) as refusal:
        verify(url, form, given, tokens=(TOKEN,))
    assert refusal.value.status == 401


def test_E70_blank_fields_lost_on_the_way_break_the_signature_so_callers_keep_them():
    kept = dict(parse_qsl("MessageSid=SM1&ToCity=", keep_blank_values=True))
    assert verify(URL, kept, signature(URL, {"MessageSid": "SM1", "ToCity": ""}), tokens=(TOKEN,)) is None


def test_E70_without_a_token_nothing_is_accepted():
    with pytest.raises(RefusedError):
        verify(URL, FORM, signature(URL, FORM, ""), tokens=())


STATES = [
    ("accepted", "", LedgerState.SENT, ""),
    ("queued", "", LedgerState.SENT, ""),
    ("sending", "", LedgerState.SENT, ""),
    ("sent", "", LedgerState.SENT, ""),
    ("delivered", "", LedgerState.DELIVERED, ""),
    ("read", "", LedgerState.READ, ""),
    ("undelivered", "", LedgerState.FAILED_TEMPORARY, "undelivered"),
    ("undelivered", "30001", LedgerState.FAILED_TEMPORARY, "30001"),
    ("failed", "30008", LedgerState.FAILED_TEMPORARY, "30008"),
    ("undelivered", "30003", LedgerState.FAILED_PERMANENT, "30003"),
    ("undelivered", "30005", LedgerState.FAILED_PERMANENT, "30005"),
    ("failed", "30006", LedgerState.FAILED_PERMANENT, "30006"),
    ("undelivered", "30007", LedgerState.FAILED_PERMANENT, "30007"),
    ("failed", "99999", LedgerState.FAILED_PERMANENT, "99999"),
    ("canceled", "", LedgerState.FAILED_PERMANENT, "canceled"),
]


@pytest.mark.parametrize(("status", "code", "state", "error"), STATES)
def test_E39_each_status_means_one_thing(status, code, state, error):
    read = report({"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": code, "notification": "n-1"})
    assert (read.provider_id, read.state, read.error, read.notification) == ("SM1", state, error, "n-1")


def test_E43_a_receipt_for_a_message_we_do_not_know_is_read_like_any_other():
    assert report({"SmsSid": "SM404", "SmsStatus": "sent", "NewField": "x"}).provider_id == "SM404"


@pytest.mark.parametrize(
    "form", [{}, {"MessageStatus": "sent"}, {"MessageSid": "SM1"}, {"MessageSid": "SM1", "MessageStatus": "lost"}]
)
def test_a_receipt_that_says_nothing_is_undecodable(form):
    with pytest.raises(UndecodableError):
        report(form)


def test_E42_E69_a_receipt_told_twice_has_one_nonce_and_each_status_its_own():
    sent, delivered = {**FORM, "MessageStatus": "sent"}, FORM
    assert nonce(sent) == nonce(dict(sent))
    assert len({nonce(sent), nonce(delivered), nonce({**FORM, "MessageSid": "SM2"})}) == 3


CALLS = [
    ("queued", "", LedgerState.SENT, ""),
    ("initiated", "", LedgerState.SENT, ""),
    ("ringing", "", LedgerState.SENT, ""),
    ("in-progress", "human", LedgerState.SENT, ""),
    ("completed", "human", LedgerState.DELIVERED, ""),
    ("completed", "unknown", LedgerState.DELIVERED, ""),
    ("completed", "", LedgerState.DELIVERED, ""),
    ("completed", "machine_end_beep", LedgerState.FAILED_TEMPORARY, "machine_end_beep"),
    ("completed", "fax", LedgerState.FAILED_TEMPORARY, "fax"),
    ("busy", "", LedgerState.FAILED_TEMPORARY, "busy"),
    ("no-answer", "", LedgerState.FAILED_TEMPORARY, "no-answer"),
    ("failed", "", LedgerState.FAILED_PERMANENT, "failed"),
    ("canceled", "", LedgerState.FAILED_PERMANENT, "canceled"),
]


@pytest.mark.parametrize(("status", "answered_by", "state", "error"), CALLS)
def test_E39_each_status_of_a_call_means_one_thing_and_only_a_human_is_delivered(status, answered_by, state, error):
    form = {"CallSid": "CA1", "CallStatus": status, "AnsweredBy": answered_by, "notification": "n-1"}
    read = report(form)
    assert (read.provider_id, read.state, read.error, read.notification) == ("CA1", state, error, "n-1")
    assert nonce(form) != nonce({**form, "CallStatus": "another"})


def test_a_call_in_a_state_of_tomorrow_is_undecodable():
    with pytest.raises(UndecodableError):
        report({"CallSid": "CA1", "CallStatus": "teleported"})


def test_E52_while_the_token_is_rotated_what_either_signed_is_accepted():
    for token in ("old", "new"):
        assert verify(URL, FORM, signature(URL, FORM, token), tokens=("old", "new")) is None
    with pytest.raises(RefusedError):
        verify(URL, FORM, signature(URL, FORM, "older"), tokens=("old", "new"))
    with pytest.raises(RefusedError):
        verify(URL, FORM, signature(URL, FORM, ""), tokens=("old", ""))


@pytest.mark.parametrize(
    ("form", "turn"), [({}, 0), ({"turn": "2"}, 2), ({"turn": "99999999"}, 9), ({"turn": "x"}, 9), ({"turn": "٣"}, 9)]
)
def test_a_call_s_turn_is_read_and_bounded(form, turn):
    assert phone_call({"CallSid": "CA1", **form}).turn == turn


def test_a_request_about_a_call_or_a_text_without_its_name_is_undecodable():
    with pytest.raises(UndecodableError):
        phone_call({"Digits": "4"})
    with pytest.raises(UndecodableError):
        text_message({"MessageSid": "SM1"})
    assert text_message({"SmsSid": "SM1", "From": "+20100", "Body": "x" * 9_999}).body == "x" * 1_600


@pytest.mark.parametrize(
    ("status", "code", "gone"),
    [
        ("undelivered", "30005", True),
        ("failed", "30006", True),
        ("undelivered", "30003", False),
        ("undelivered", "30008", False),
        ("delivered", "30005", False),
    ],
)
def test_E39_only_a_number_that_does_not_exist_is_gone(status, code, gone):
    assert report({**FORM, "MessageStatus": status, "ErrorCode": code}).address_gone is gone

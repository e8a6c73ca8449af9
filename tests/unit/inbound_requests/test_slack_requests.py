"""Requests that claim to come from Slack."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier
from werkzeug.datastructures import Headers

from shared.domain.slack_requests import SlackAction, SlackChallenge, SlackCommand, SlackSubmission
from shared.errors import RefusedError, UndecodableError
from shared.inbound.slack import parse, verify

SECRET = "a-secret-of-ours"
NOW = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BODY = urlencode({"command": "/incident", "text": "list", "user_id": "U1"}).encode()


def headers_for(body, *, at=NOW, secret=SECRET, timestamp=None):
    stamp = timestamp if timestamp is not None else str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}


def test_E68_signed_request_is_accepted_until_it_is_300_seconds_old():
    assert verify(headers_for(BODY), BODY, secret=SECRET, now=NOW + timedelta(seconds=300))


@pytest.mark.parametrize("headers", [Headers(headers_for(BODY)), {k.lower(): v for k, v in headers_for(BODY).items()}])
def test_header_names_count_in_any_case_and_from_any_framework(headers):
    assert verify(headers, BODY, secret=SECRET, now=NOW)


REFUSED = {
    "forged": (headers_for(BODY, secret="another"), BODY, NOW),
    "body changed": (headers_for(BODY), BODY + b"&x=1", NOW),
    "301 seconds old": (headers_for(BODY), BODY, NOW + timedelta(seconds=301)),
    "301 seconds ahead": (headers_for(BODY), BODY, NOW - timedelta(seconds=301)),
    "junk timestamp": (headers_for(BODY, timestamp="soon"), BODY, NOW),
    "endless timestamp": (headers_for(BODY, timestamp="9" * 5000), BODY, NOW),
    "empty timestamp": (headers_for(BODY, timestamp=""), BODY, NOW),
    "non-ASCII signature": ({**headers_for(BODY), "X-Slack-Signature": "v0=ثلاثة"}, BODY, NOW),
    "non-UTF-8 body": (headers_for(b"\xff\xfe"), b"\xff\xfe", NOW),
    "no headers": ({}, BODY, NOW),
}


@pytest.mark.parametrize(("headers", "body", "now"), REFUSED.values(), ids=REFUSED)
def test_E68_what_slack_did_not_sign_is_refused_with_401(headers, body, now):
    with pytest.raises(RefusedError) as refusal:
        verify(headers, body, secret=SECRET, now=now)
    assert refusal.value.status == 401


class At:
    def __init__(self, now):
        self.now = now.timestamp


def says_the_sdk(headers, body, now):
    return SignatureVerifier(SECRET, At(now)).is_valid_request(body, headers)


def say_we(headers, body, now):
    try:
        return bool(verify(headers, body, secret=SECRET, now=now))
    except RefusedError:
        return False


@given(
    body=st.text(max_size=30).map(lambda text: text.encode("utf-8", "ignore")),
    seconds=st.integers(-400, 400),
    secret=st.sampled_from([SECRET, "another"]),
    changed=st.sampled_from(["", "signature", "body", "version", "upper"]),
)
def test_E68_slacks_own_sdk_says_the_same_of_every_request(body, seconds, secret, changed):
    headers = headers_for(body, secret=secret)
    signature = headers["X-Slack-Signature"]
    altered = {"signature": signature[:-1] + "g", "version": signature[1:], "upper": signature.upper()}
    headers = {**headers, "X-Slack-Signature": altered.get(changed, signature)}
    body, now = body + b"&" * (changed == "body"), NOW + timedelta(seconds=seconds)
    assert say_we(headers, body, now) == says_the_sdk(headers, body, now)
    assert say_we(headers, body, now) == (secret == SECRET and changed == "" and abs(seconds) <= 300)


@pytest.mark.parametrize("used", ["old", "new"])
def test_E52_old_and_new_slack_secret_both_verify_while_they_overlap(used):
    assert verify(headers_for(BODY, secret=used), BODY, secret="old, new", now=NOW)


@pytest.mark.parametrize("used", ["old,new", "older", "", " new"])
def test_E52_a_rotation_opens_no_other_door(used):
    with pytest.raises(RefusedError):
        verify(headers_for(BODY, secret=used), BODY, secret="old,,new", now=NOW)


def test_E52_after_the_overlap_the_old_secret_is_refused():
    with pytest.raises(RefusedError, match="not signed by Slack"):
        verify(headers_for(BODY, secret="old"), BODY, secret="new", now=NOW)


@pytest.mark.parametrize("secret", ["", "  ", ",", " , "])
def test_E68_without_a_secret_nothing_is_accepted(secret):
    with pytest.raises(RefusedError, match="no Slack signing secret"):
        verify(headers_for(BODY, secret=secret), BODY, secret=secret, now=NOW)


def test_E69_a_replay_has_the_nonce_of_the_original_and_another_request_has_not():
    first = verify(headers_for(BODY), BODY, secret=SECRET, now=NOW)
    replay = verify(headers_for(BODY), BODY, secret=SECRET, now=NOW + timedelta(seconds=60))
    later = verify(headers_for(BODY, at=NOW + timedelta(seconds=1)), BODY, secret=SECRET, now=NOW)
    assert first == replay != later


def press(**changes):
    payload = {
        "type": "block_actions",
        "user": {"id": "U0MONA"},
        "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": "C1"},
        "channel": {"id": "C1", "name": "incidents"},
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "actions": [{"type": "button", "action_id": "acknowledge", "value": "inc-1", "action_ts": "1700000001.5"}],
        **changes,
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def test_a_pressed_button_says_who_did_what_to_which_incident():
    assert parse(FORM, press()) == SlackAction(
        action="acknowledge",
        incident="inc-1",
        user="U0MONA",
        channel="C1",
        message_ts="1700000000.000100",
        pressed_at="1700000001.5",
        trigger="13345224609.738474920.8088930838d88f008e0",
    )


def test_a_button_in_an_ephemeral_message_takes_its_channel_from_the_container():
    assert parse(FORM, press(channel=None)).channel == "C1"


@pytest.mark.parametrize("name", ["acknowledge", "snooze", "escalate", "resolve", "not_useful", "more"])
def test_every_button_we_show_is_understood(name):
    actions = [{"action_id": name, "value": "inc-1"}]
    assert parse(FORM, press(actions=actions)).action == name


def test_a_slash_command_keeps_its_text_in_any_script():
    body = urlencode({"command": "/incident", "text": "ack ١٢٣", "user_id": "U1", "channel_id": "C1"}).encode()
    assert parse(FORM, body) == SlackCommand("ack ١٢٣", "U1", "C1")


def test_a_slash_command_without_text_is_a_command():
    body = urlencode({"command": "/incident", "text": "", "user_id": "U1"}).encode()
    assert parse(FORM, body) == SlackCommand("", "U1")


def test_the_address_check_is_answered_with_its_challenge():
    body = json.dumps({"type": "url_verification", "challenge": "c0ffee", "token": "t"}).encode()
    assert parse({"content-type": "application/json; charset=utf-8"}, body) == SlackChallenge("c0ffee")


def test_a_modal_gives_what_was_typed():
    payload = {
        "type": "view_submission",
        "user": {"id": "U1"},
        "view": {
            "callback_id": "resolve",
            "private_metadata": "inc-1",
            "state": {
                "values": {
                    "b1": {"cause": {"type": "plain_text_input", "value": "full disk"}},
                    "b2": {"team": {"type": "static_select", "selected_option": None}},
                    "b3": {"to": {"type": "static_select", "selected_option": {"value": "mona"}}},
                    "b4": {"odd": {"selected_option": "mona"}, "blank": {"value": None}},
                    "b5": "nothing",
                }
            },
        },
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    assert parse(FORM, body) == SlackSubmission("resolve", "U1", (("cause", "full disk"), ("to", "mona")), "inc-1")


UNDECODABLE = {
    "no form": (FORM, b""),
    "payload is no JSON": (FORM, b"payload=%7Bbroken"),
    "payload is a list": (FORM, b"payload=[1]"),
    "percent-encoded bytes that are no UTF-8": (FORM, b"payload=%ff%fe"),
    "body that is no UTF-8": (FORM, b"\xff"),
    "command text that is no UTF-8": (FORM, b"command=%2Fincident&user_id=U1&text=%ff"),
    "unknown kind": (FORM, press(type="message_action")),
    "no action": (FORM, press(actions=[])),
    "actions of another shape": (FORM, press(actions="acknowledge")),
    "unknown button": (FORM, press(actions=[{"action_id": "drop_table", "value": "inc-1"}])),
    "button without incident": (FORM, press(actions=[{"action_id": "acknowledge"}])),
    "nobody": (FORM, press(user={"id": ""})),
    "user of another shape": (FORM, press(user="U1")),
    "command by nobody": (FORM, b"command=%2Fincident&text=list"),
    "event we did not ask for": ({"Content-Type": "application/json"}, b'{"type":"event_callback"}'),
    "JSON that is none": ({"Content-Type": "application/json"}, b"{"),
    "modal without a name": (FORM, urlencode({"payload": '{"type":"view_submission","view":[]}'}).encode()),
}


@pytest.mark.parametrize(("headers", "body"), UNDECODABLE.values(), ids=UNDECODABLE)
def test_E07_what_nobody_understands_is_undecodable_and_never_another_error(headers, body):
    with pytest.raises(UndecodableError):
        parse(headers, body)

"""Requests to the functions: readable, unreadable, forged, replayed, from ourselves."""

import base64
import hashlib
import hmac
import json
import logging
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt

from infra.local import people, samples
from infra.local.samples import Event
from shared import bootstrap, logs
from shared.domain.incidents import State
from shared.domain.notifications import Channel, LedgerState
from shared.domain.reasons import Notify
from shared.usecases.quarantine import redrivable
from shared.usecases.records import timeline_of
from tests.e2e.conftest import push

JSON = {"content-type": "application/json"}


def crash(driver, **extra):
    return samples.crash(
        driver.clock.now(),
        "velocityAlert",
        issue="i1",
        title="Checkout.kt line 88",
        crashCount="132",
        crashPercentage=12.4,
        **extra,
    )


def test_a_firebase_alert_reaches_slack_mail_and_sms_and_the_receipt_comes_back(driver):
    assert driver.send(crash(driver)) == 204
    (incident,) = driver.incidents
    (slack,), (sms,), (mail,) = (driver.messages(p) for p in ("slack", "twilio", "smtp"))
    assert "Checkout.kt line 88" in json.dumps(slack["content"]["blocks"])
    assert incident.id in mail["content"]["html"]
    assert "/a/" in sms["content"]["body"]
    assert {row.channel: row.state for row in driver.ledger}[Channel.SMS] is LedgerState.DELIVERED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{broken", "not JSON"),
        (b'{"message": {"data": "%%%", "messageId": "1"}}', "bad base64"),
        (b'{"hello": 1}', "neither a CloudEvent"),
        (push({"foo": "bar"}), "not a log entry"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 10_000 + b"]" * 10_000, "nested deeper"),
    ],
)
def test_E07_unreadable_input_is_acknowledged_only_after_it_is_kept_with_its_reason(driver, body, reason):
    assert driver.send(Event("receive_log_entry", JSON, body)) == 204
    driver.after(minutes=2)
    (letter,) = driver.dead_letters
    assert reason in letter.body["reason"]
    assert redrivable(letter.id, store=bootstrap.state(), objects=bootstrap.objects()).body == body
    assert [(i.alert_type, i.severity) for i in driver.incidents] == [("soukmon.unparsed_event", "low")]
    assert driver.messages("twilio") == []


def test_E07_when_the_dead_letters_cannot_be_written_the_event_is_not_acknowledged(driver, monkeypatch):
    def refuse(*args, **options):
        raise OSError("disk full")

    monkeypatch.setattr(bootstrap.objects(), "create", refuse)
    assert driver.post("receive_log_entry", b"{broken", JSON).status_code == 500


def test_E08_a_store_that_is_away_answers_5xx_and_the_bus_delivers_later_with_no_partial_effect(driver, monkeypatch):
    real = bootstrap.state().commit
    monkeypatch.setattr(bootstrap.state(), "commit", lambda writes: (_ for _ in ()).throw(OSError("away")))
    driver.send(crash(driver))
    assert (driver.incidents, driver.ledger) == ([], [])
    monkeypatch.setattr(bootstrap.state(), "commit", real)
    driver.after(seconds=10)
    assert len(driver.incidents) == 1
    assert len(driver.messages("twilio")) == 1


def test_E09_a_poison_message_ends_in_the_dead_letters_is_told_once_and_can_be_redriven(driver, monkeypatch):
    real = bootstrap.state().get
    event = samples.request_log(driver.clock.now(), "poison", 500)

    def fails(collection, name):
        if collection == "groups":
            raise RuntimeError("bug")
        return real(collection, name)

    monkeypatch.setattr(bootstrap.state(), "get", fails)
    driver.send(event)
    for _ in range(9):
        driver.platform.bus.push_one(driver.platform._push, give_up=driver.platform._give_up)
        driver.clock.advance(timedelta(minutes=11))
    monkeypatch.setattr(bootstrap.state(), "get", real)
    driver.platform.drain()
    (letter,) = driver.dead_letters
    assert (letter.body["function"], letter.body["reason"]) == ("handle_signal", "failed 8 times")
    assert [i.alert_type for i in driver.incidents] == ["soukmon.dead_letters"]
    delivery = redrivable(letter.id, store=bootstrap.state(), objects=bootstrap.objects())
    assert driver.post("handle_signal", delivery.body, dict(delivery.headers)).status_code == 200
    assert "log.request_5xx" in {i.alert_type for i in driver.incidents}


def test_E10_a_huge_title_is_cut_with_a_mark_and_a_huge_message_is_kept_out_of_line(driver):
    driver.send(samples.crash(driver.clock.now(), "newFatalIssue", issue="big", title="x" * 65_536))
    assert driver.incidents[0].title.endswith("[cut]")
    assert driver.send(Event("receive_log_entry", JSON, b'{"a": "' + b"x" * (10 * 1024 * 1024) + b'"}')) == 204
    (letter,) = driver.dead_letters
    assert letter.body["size"] > 10 * 1024 * 1024
    assert len(letter.body["preview"]) <= 500


def test_E11_an_unknown_alert_type_is_kept_and_told_quietly_and_an_unknown_field_changes_nothing(driver):
    at = driver.clock.now()
    driver.send(samples.firebase_alert(at, "crashlytics.somethingNew", {"issue": {"id": "1", "title": "t"}}))
    assert "unknown Firebase alert type" in driver.dead_letters[0].body["reason"]
    driver.send(crash(driver, brandNewField={"x": 1}))
    assert {i.alert_type for i in driver.incidents} == {"soukmon.unparsed_event", "crashlytics.velocity"}


def test_E13_our_own_error_logs_never_become_alerts(driver):
    at = driver.clock.now()
    driver.send(samples.request_log(at, "soukmon-send-notification", 500))
    own = {
        "severity": "ERROR",
        "resource": {"type": "x"},
        "timestamp": samples.stamp(at),
        "jsonPayload": {"origin": "soukmon"},
    }
    driver.send(samples.published(at, own, "receive_log_entry"))
    assert driver.incidents == []


@pytest.fixture
def guarded(driver, tmp_path):
    """The same platform, with functions that check the push token themselves."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"k1": public.decode()}))
    settings = replace(
        bootstrap.settings(),
        push_audience="https://ours",
        push_account="push@p.iam.gserviceaccount.com,again@p.iam.gserviceaccount.com",
        push_keys=str(keys),
    )
    bootstrap.install(settings, clock=driver.clock, publisher=driver.platform.bus, configuration=bootstrap.config())
    return driver, crypt.RSASigner.from_string(private, key_id="k1")


def claims(**changes):
    now = int(time.time())
    base = {
        "iss": "https://accounts.google.com",
        "aud": "https://ours",
        "email": "push@p.iam.gserviceaccount.com",
        "email_verified": True,
        "iat": now,
        "exp": now + 3600,
    }
    return {**base, **changes}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 204),
        ({"email": "again@p.iam.gserviceaccount.com"}, 204),
        ({"aud": "https://theirs"}, 403),
        ({"email": "someone@else"}, 403),
        ({"email_verified": False}, 403),
        ({"iss": "https://evil"}, 403),
        ({"iat": 1, "exp": 2}, 401),
    ],
)
def test_E14_a_push_needs_a_token_for_us_from_an_account_of_ours(guarded, changes, status):
    driver, signer = guarded
    token = jwt.encode(signer, claims(**changes)).decode()
    event = samples.request_log(driver.clock.now(), "orders", 500)
    answer = driver.post(event.function, event.body, {**event.headers, "Authorization": f"Bearer {token}"})
    assert answer.status_code == status
    assert driver.platform.bus.waiting() == (1 if status == 204 else 0)


@pytest.mark.parametrize("header", ["", "Basic x", "Bearer not-a-token", "Bearer a.b.c"])
@pytest.mark.parametrize("function", ["receive_log_entry", "handle_signal", "send_notification"])
def test_E14_without_a_valid_token_nothing_is_written(guarded, header, function):
    driver, _ = guarded
    event = samples.request_log(driver.clock.now(), "orders", 500)
    assert driver.post(function, event.body, {**event.headers, "Authorization": header}).status_code == 401
    assert (driver.platform.bus.waiting(), driver.dead_letters, driver.incidents) == (0, [], [])


def slack_request(driver, body, *, at=None, secret=None):
    stamp = str(int((at or driver.clock.now()).timestamp()))
    key = (secret or bootstrap.settings().slack_signing_secret).encode()
    signature = "v0=" + hmac.new(key, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature,
    }


def button(action, incident, user="U0MONA", ts="1.1"):
    payload = {
        "type": "block_actions",
        "user": {"id": user},
        "channel": {"id": "C0INCIDENTS"},
        "container": {"message_ts": "1.2", "channel_id": "C0INCIDENTS"},
        "actions": [{"action_id": action, "value": incident, "type": "button", "action_ts": ts}],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def test_E67_a_button_acknowledges_at_once_and_the_living_message_follows_by_the_queue(driver):
    driver.send(crash(driver))
    (incident,) = driver.incidents
    body = button("acknowledge", incident.id)
    sent = len(driver.messages("slack"))
    assert driver.post("receive_slack_action", body, slack_request(driver, body)).status_code == 200
    assert driver.incidents[0].state is State.ACKNOWLEDGED
    assert driver.messages("slack")[0]["status"] == "posted"  # nothing was sent inside the request
    driver.platform.drain()
    assert len(driver.messages("slack")) == sent
    assert "Mona Adel" in json.dumps(driver.messages("slack")[0]["content"]["blocks"])


def test_E67_a_double_click_is_one_acknowledgement(driver):
    driver.send(crash(driver))
    name = driver.incidents[0].id
    for ts in ("1.1", "1.2"):
        body = button("acknowledge", name, ts=ts)
        assert driver.post("receive_slack_action", body, slack_request(driver, body)).status_code == 200
    driver.platform.drain()
    assert [line.event for line in timeline_of(bootstrap.state(), name)].count("acknowledged") == 1


def test_E67_somebody_who_is_not_mapped_gets_an_answer_only_they_see(driver):
    driver.send(crash(driver))
    body = button("acknowledge", driver.incidents[0].id, user="USTRANGER")
    assert driver.post("receive_slack_action", body, slack_request(driver, body)).status_code == 200
    driver.platform.drain()
    assert driver.incidents[0].state is State.TRIGGERED
    answer = driver.messages("slack")[-1]["content"]
    assert (answer["only_for"], "not linked" in answer["text"]) == ("USTRANGER", True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: {**headers, "X-Slack-Signature": "v0=" + "0" * 64},
        lambda headers: {**headers, "X-Slack-Request-Timestamp": "soon"},
        lambda headers: {**headers, "X-Slack-Signature": "v0=é"},
        lambda headers: {k: v for k, v in headers.items() if k != "X-Slack-Signature"},
    ],
)
def test_E68_forged_slack_requests_get_401_and_leave_nothing(driver, spoil):
    driver.send(crash(driver))
    body = button("acknowledge", driver.incidents[0].id)
    assert driver.post("receive_slack_action", body, spoil(slack_request(driver, body))).status_code == 401
    assert driver.incidents[0].state is State.TRIGGERED


def test_E68_a_request_301_seconds_old_or_in_no_encoding_gets_401(driver):
    driver.send(crash(driver))
    body = button("acknowledge", driver.incidents[0].id)
    old = slack_request(driver, body, at=driver.clock.now() - timedelta(seconds=301))
    assert driver.post("receive_slack_action", body, old).status_code == 401
    odd = b"payload=\xff\xfe"
    assert driver.post("receive_slack_action", odd, slack_request(driver, odd)).status_code in {400, 401}
    assert driver.incidents[0].state is State.TRIGGERED


def test_E69_a_replayed_slack_request_has_no_second_effect(driver):
    driver.send(crash(driver))
    name = driver.incidents[0].id
    body = button("acknowledge", name)
    headers = slack_request(driver, body)
    driver.post("receive_slack_action", body, headers)
    again = button("escalate", name, ts="2.2")
    driver.post("receive_slack_action", again, slack_request(driver, again))
    assert driver.incidents[0].state is State.TRIGGERED
    assert driver.post("receive_slack_action", body, headers).status_code == 200
    assert driver.incidents[0].state is State.TRIGGERED


def test_the_slash_command_lists_and_acknowledges(driver):
    driver.send(crash(driver))
    name = driver.incidents[0].id
    for text, expected in (("list", name), (f"ack {name}", "acknowledged"), ("dance", "There is no command")):
        body = urlencode({"command": "/incident", "text": text, "user_id": "U0MONA", "channel_id": "C1"}).encode()
        answer = driver.post("receive_slack_action", body, slack_request(driver, body)).get_json()
        assert (answer["response_type"], expected in answer["text"]) == ("ephemeral", True)


def twilio_request(driver, form, *, query="", url=None, token=None):
    address = url or bootstrap.function_url("receive_twilio_callback") + (f"?{query}" if query else "")
    text = address + "".join(f"{key}{form[key]}" for key in sorted(form))
    key = (token or bootstrap.settings().twilio_token).encode()
    return {"X-Twilio-Signature": base64.b64encode(hmac.new(key, text.encode(), hashlib.sha1).digest()).decode()}


def test_E70_twilio_s_signature_is_checked_over_the_public_address_with_blank_fields_and_query(driver):
    driver.send(crash(driver))
    row = next(r for r in driver.ledger if r.channel is Channel.SMS)
    query = f"notification={row.id}"
    form = {"MessageSid": row.provider_id, "MessageStatus": "read", "To": "+201000000011", "ErrorMessage": ""}
    path = f"/?{query}"
    good = twilio_request(driver, form, query=query)
    other = twilio_request(
        driver, form, url=bootstrap.function_url("receive_twilio_callback").replace("http:", "https:") + f"?{query}"
    )
    assert driver.post("receive_twilio_callback", form, other, path=path).status_code == 401
    assert driver.post("receive_twilio_callback", {**form, "Extra": "1"}, good, path=path).status_code == 401
    assert driver.post("receive_twilio_callback", form, {}, path=path).status_code == 401
    assert driver.post("receive_twilio_callback", form, good, path=path).status_code == 204
    assert next(r for r in driver.ledger if r.id == row.id).state is LedgerState.READ


def test_E69_a_replayed_receipt_has_no_second_effect(driver):
    driver.send(crash(driver))
    row = next(r for r in driver.ledger if r.channel is Channel.SMS)
    form = {"MessageSid": "SMother", "MessageStatus": "undelivered", "ErrorCode": "30008"}
    query = f"notification={row.id}"
    for _ in range(2):
        answer = driver.post(
            "receive_twilio_callback", form, twilio_request(driver, form, query=query), path=f"/?{query}"
        )
        assert answer.status_code == 204
    assert next(r for r in driver.ledger if r.id == row.id).state is LedgerState.DELIVERED


def test_E43_a_receipt_for_an_unknown_message_is_answered_and_makes_nothing(driver):
    form = {"MessageSid": "SM404", "MessageStatus": "delivered"}
    assert driver.post("receive_twilio_callback", form, twilio_request(driver, form)).status_code == 204
    assert driver.ledger == []


def link(driver):
    body = driver.messages("twilio")[0]["content"]["body"]
    return urlsplit(body.split()[-1]).path.removeprefix("/a")


def test_E71_looking_at_the_link_changes_nothing_and_its_button_acknowledges_once(driver):
    driver.send(crash(driver))
    path = link(driver)
    for method in ("get", "head"):
        assert driver.post("acknowledge", path=path, method=method).status_code == 200
    assert driver.incidents[0].state is State.TRIGGERED
    assert b'method="post"' in driver.post("acknowledge", path=path, method="get").data
    assert driver.post("acknowledge", path=path).status_code == 200
    assert (driver.incidents[0].state, driver.incidents[0].owner) == (State.ACKNOWLEDGED, driver.ledger[0].recipient)
    assert driver.post("acknowledge", path=path).status_code == 410


def test_E71_a_link_expires_and_cannot_be_forged_or_moved_to_another_incident(driver):
    driver.send(crash(driver))
    path = link(driver)
    other = samples.crash(driver.clock.now(), "newFatalIssue", issue="other", title="Other.kt")
    driver.send(other)
    name, _, mark = path.strip("/").partition(".")
    rows = [row.id for row in driver.ledger if row.id != name]
    for forged in (f"/{rows[0]}.{mark}", f"/{name}.AAAA", "/nonsense", f"/{name}"):
        assert driver.post("acknowledge", path=forged).status_code == 401
    driver.clock.advance(timedelta(hours=24, seconds=1))
    assert driver.post("acknowledge", path=path).status_code == 410
    assert {i.state for i in driver.incidents} == {State.TRIGGERED}


def test_acknowledging_by_button_or_by_link_stops_the_escalation(driver):
    for n, how in enumerate(("button", "link")):
        driver.send(samples.crash(driver.clock.now(), "newFatalIssue", issue=f"s{n}", title=f"Stop{n}.kt"))
        name = driver.incidents[-1].id
        person = next(row.recipient for row in driver.ledger if row.incident == name and row.channel is Channel.SMS)
        if how == "button":
            assert people.press(driver.platform, "acknowledge", name, person=person) == 200
        else:
            assert people.open_link(driver.platform, name, person=person) == 200
    driver.after(minutes=50)
    assert [row for row in driver.ledger if row.reason is Notify.ESCALATED] == []


def test_E89_secrets_and_personal_data_reach_neither_slack_nor_the_dead_letter_view_nor_the_logs(driver, capsys):
    logs.set_up(to_stderr=False)
    secret = "call +20 100 123 4567 or mail ahmed.samir@gmail.com, id 29801011234567, token xoxb-1234567890-abcdef"
    driver.send(
        samples.crash(driver.clock.now(), "velocityAlert", issue="p", title=secret, subtitle=secret, crashCount="1")
    )
    driver.send(Event("receive_log_entry", JSON, f"{{broken {secret}".encode()))
    driver.after(minutes=2)
    logging.getLogger("shared.test").warning("seen: %s", secret)
    shown = json.dumps([m["content"] for m in driver.providers.messages()], ensure_ascii=False)
    letters = json.dumps([letter.body for letter in driver.dead_letters], ensure_ascii=False)
    printed = capsys.readouterr()
    assert "seen:" in printed.out
    for hidden in ("123 4567", "ahmed.samir", "29801011234567", "abcdef"):
        for place in (shown, letters, printed.out, printed.err):
            assert hidden not in place
    assert driver.dead_letters


def living(driver):
    return json.dumps(driver.messages("slack")[0]["content"]["blocks"], ensure_ascii=False)


def test_the_living_message_is_updated_in_place_as_the_incident_climbs_and_ends(driver):
    driver.send(samples.uptime_incident(driver.clock.now(), name="0.living"))
    posts = len([m for m in driver.messages("slack") if not m["thread"]])
    assert ("Acknowledge" in living(driver), "Laila Nour" in living(driver)) == (True, False)
    driver.after(minutes=16)
    assert "Laila Nour" in living(driver)  # told by level 2
    now = driver.clock.now()
    driver.send(samples.uptime_incident(now - timedelta(minutes=16), name="0.living", ended=now))
    said = living(driver)
    assert ("Resolved" in said, '"reopen"' in said, '"acknowledge"' in said) == (True, True, False)
    assert len([m for m in driver.messages("slack") if not m["thread"]]) == posts

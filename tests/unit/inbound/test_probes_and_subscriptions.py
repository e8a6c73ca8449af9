"""What outside probes post, and who asks for status mails: read strictly, refused with one line."""

import hmac
import json
from datetime import UTC, datetime, timedelta

import flask
import pytest

from shared.domain.subscriptions import Door
from shared.errors import RefusedError, UndecodableError
from shared.inbound import probes, subscriptions

NOW = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)
GOOD = {"target": "website", "place": "cairo", "at": "2026-03-10T02:09:58+02:00", "ok": False, "reason": "dns"}
app = flask.Flask("test")


def posted(body, *, key="new", at=NOW):
    second = str(int(at.timestamp()))
    mark = hmac.digest(key.encode(), second.encode() + b"." + body, "sha256").hex()
    headers = {"X-Soukmon-Signature": f"t={second},v1={mark}"}
    with app.test_request_context("/", method="POST", data=body, headers=headers):
        return probes.read(flask.request, keys="old,new", now=NOW)


def one(**changes):
    return json.dumps({"probes": [{**GOOD, **changes}]}).encode()


def test_a_check_is_read_in_utc_with_its_reason():
    (check,), nonce = posted(one(latency_ms=12.5))
    assert (check.target, check.place, check.at, check.reason, check.latency_ms) == (
        "website", "cairo", NOW - timedelta(seconds=2), "dns", 12.5,
    )  # fmt: skip
    assert nonce


def test_either_key_signs_while_one_is_rotated_and_no_other_does():
    posted(one(), key="old")
    with pytest.raises(RefusedError, match="none of our keys"):
        posted(one(), key="stolen")
    with pytest.raises(RefusedError, match="not signed within"):
        posted(one(), at=NOW - timedelta(minutes=6))


def test_without_keys_nobody_may_report():
    with app.test_request_context("/", method="POST", data=one()), pytest.raises(RefusedError, match="PROBE_KEYS"):
        probes.read(flask.request, keys="", now=NOW)


def test_what_failed_without_a_reason_did_not_answer():
    (check,), _ = posted(one(reason=None))
    assert check.reason == "unreachable"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{no", "malformed"),
        (b'{"probes": []}', "length >= 1"),
        (json.dumps({"probes": [GOOD] * 101}).encode(), "length <= 100"),
        (one(target="<b>"), "regex"),
        (one(place="a\nb"), "regex"),
        (one(reason="because"), "Invalid enum"),
        (one(at="2026-03-10T02:09:58"), "timezone"),
        (one(at="2026-03-10T02:16:00+02:00"), "more than 5 minutes ahead"),
        (one(at="2026-03-08T02:09:58+02:00"), "more than a day ago"),
        (one(ok=True), "what is well has none"),
        (one(title="x"), "unknown field"),
        (one(latency_ms=-1), ">= 0"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_place(body, why):
    with pytest.raises(UndecodableError, match=why):
        posted(body)


def visit(path="/", method="GET", form=None, headers=None):
    with app.test_request_context(path, method=method, data=form, headers=headers):
        return subscriptions.read(flask.request)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" nour@souk.example ", "nour@souk.example"),
        ("a+b@x.example", "a+b@x.example"),
        ("no address", ""),
        ("a@b", ""),
        ("a@b.example\nBcc: x@y.example", ""),
        ("<script>@x.example", ""),
        (f"{'a' * 250}@x.example", ""),
    ],
)
def test_only_an_address_is_taken_for_one(given, kept):
    assert visit(method="POST", form={"email": given}).email == kept


def test_links_lead_to_their_doors_and_other_paths_nowhere():
    handle = "a" * 32
    assert visit(f"/confirm/{handle}?lang=ar").door is Door.CONFIRM
    assert visit(f"/confirm/{handle}?lang=ar").locale == "ar"
    off = visit(f"/off/{handle}", method="POST", form={"List-Unsubscribe": "One-Click"})
    assert (off.door, off.posted, off.handle) == (Door.OFF, True, handle)
    for path in ("/off/short", "/off/a%2Fb", "/elsewhere", f"/ask/{handle}", f"/off/{handle}/more"):
        with pytest.raises(UndecodableError):
            visit(path)


def test_the_origin_is_what_the_front_end_saw_and_not_what_was_written_before_it():
    headers = {"X-Forwarded-For": "10.0.0.1, 203.0.113.9"}
    assert visit(headers=headers).origin == "203.0.113.9"

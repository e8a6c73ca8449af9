"""Measurements as they are posted: what is taken, what is refused with which words, and who may post at all."""

import base64
import hmac
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import flask
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from infra.local.ci import measurement_schema
from infra.local.ci.post_measurement import signed
from shared.errors import RefusedError, UndecodableError
from shared.inbound import envelopes
from shared.inbound.measurements import Measurement, by_wrapping, read
from shared.inbound.signed_posts import Guard
from tests.conftest import NIGHT

OPEN = Guard()
KEYED = Guard("old-key, new-key")
SIZE = {"metric": "bundle_size", "value": 748512, "unit": "bytes", "measured_at": "2026-03-10T02:05:00+02:00"}
SIZE_AT = datetime(2026, 3, 10, 0, 5, tzinfo=UTC)
STAMP = int(NIGHT.timestamp())


def request(body, headers=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return flask.Request(EnvironBuilder(method="POST", data=data, headers=headers or {}).get_environ())


def push(payload):
    data = base64.b64encode(payload if isinstance(payload, bytes) else json.dumps(payload).encode()).decode()
    return json.dumps({"message": {"data": data, "messageId": "1"}, "subscription": "s"}).encode()


def taken(body, *, now=NIGHT):
    return read(request(body), guard=OPEN, now=now).measurements


def one(**changes):
    return {"measurements": [{**SIZE, **changes}]}


def test_a_measurement_is_read_with_its_labels_and_its_instant_in_utc():
    labels = {"asset": "main", "version": "3.4.1", "commit": "4f2a"}
    assert taken(one(labels=labels)) == (Measurement("bundle_size", 748512.0, "bytes", SIZE_AT, labels),)


def test_a_release_is_a_measurement_of_one_with_what_was_released_as_labels():
    release = {"service": "web", "version": "3.4.1", "commit": "4f2a", "at": "2026-03-10T00:05:00Z"}
    labels = {"service": "web", "version": "3.4.1", "commit": "4f2a"}
    assert taken({"release": release}) == (Measurement("release", 1.0, "count", SIZE_AT, labels),)


def test_measurements_and_a_release_come_in_one_body():
    both = {**one(), "release": {"service": "web", "version": "3.4.1"}}
    assert [found.metric for found in taken(both)] == ["bundle_size", "release"]


def test_what_names_no_instant_was_measured_now():
    body = {"measurements": [{"metric": "memory_usage", "value": 41.5}], "release": {"service": "w", "version": "1"}}
    assert {found.measured_at for found in taken(body)} == {NIGHT}


def test_a_push_that_names_no_instant_was_measured_when_it_was_published_however_often_it_comes():
    message = json.loads(push({"measurements": [{"metric": "memory_usage", "value": 41.5}]}))
    message["message"]["publishTime"] = "2026-03-10T00:01:00Z"
    envelope = envelopes.read({}, json.dumps(message).encode())
    (found,) = read(envelope, guard=OPEN, now=NIGHT).measurements
    assert found.measured_at == datetime(2026, 3, 10, 0, 1, tzinfo=UTC)


REACH = [
    (timedelta(minutes=5), ""),
    (timedelta(minutes=5, microseconds=1), "more than 5 minutes ahead"),
    (-timedelta(days=7), ""),
    (-timedelta(days=7, microseconds=1), "more than 7 days ago"),
]


@pytest.mark.parametrize(("distance", "refusal"), REACH)
@pytest.mark.parametrize("field", ["measurements[0].measured_at", "release.at"])
def test_an_instant_lies_within_seven_days_back_and_five_minutes_ahead(distance, refusal, field):
    at = (NIGHT + distance).isoformat()
    body = one(measured_at=at) if "measured" in field else {"release": {"service": "w", "version": "1", "at": at}}
    if not refusal:
        assert taken(body)[0].measured_at == NIGHT + distance
        return
    with pytest.raises(UndecodableError, match=refusal) as fault:
        taken(body)
    assert str(fault.value).startswith(f"{field}: ")


LONG = "x" * 101
BAD = {
    "empty body": (b"", "not JSON"),
    "broken JSON": (b"{no", "not JSON"),
    "no text": (b"\xff\xfe\x00", "not JSON"),
    "a list": ([], "the body: expected object, got array; write {"),
    "nothing measured": ({}, "the body: nothing is measured; write measurements, release or both"),
    "no measurement in the list": ({"measurements": []}, "the body: nothing is measured"),
    "unknown at the top": ({"mesurements": []}, "mesurements: unknown field; leave it out (known here: measurements, release)"),
    "unknown in a measurement": (one(vlue=1), "measurements[0].vlue: unknown field; leave it out (known here: metric, value,"),
    "unknown in a release": ({"release": {"sha": "1"}}, "release.sha: unknown field; leave it out (known here: service, version,"),
    "no value": ({"measurements": [{"metric": "m"}]}, "measurements[0].value: missing; write a finite number"),
    "no version": ({"release": {"service": "web"}}, "release.version: missing; write a printable text"),
    "value as text": (one(value="12"), "measurements[0].value: expected float, got str; write a finite number"),
    "value as truth": (one(value=True), "measurements[0].value: expected float, got bool; write a finite number"),
    "NaN": (b'{"measurements": [{"metric": "m", "value": NaN, "unit": "ms"}]}', "measurements[0].value: not a finite number"),
    "Infinity": (b'{"measurements": [{"metric": "m", "value": -Infinity}]}', "measurements[0].value: not a finite number"),
    "beyond a double": (b'{"measurements": [{"metric": "m", "value": 1e999}]}', "measurements[0].value: not a finite number"),
    "integer beyond a double": (one(value=10**400), "measurements[0].value: number out of range; write a finite"),
    "metric with capitals": (one(metric="Bundle"), "measurements[0].metric: does not fit; write a name of small letters"),
    "metric with a line break at its end": (one(metric="m\n"), "measurements[0].metric: does not fit"),
    "metric that is a statement": (one(metric="m; drop"), "measurements[0].metric: does not fit"),
    "endless metric": (one(metric="m" * 65), "measurements[0].metric: does not fit"),
    "no zone": (one(measured_at="2026-03-10T00:05:00"), "measurements[0].measured_at: expected datetime with a timezone"),
    "no instant": (one(measured_at="yesterday"), "measurements[0].measured_at: invalid RFC3339 encoded datetime; write an instant"),
    "the first year, far east": (one(measured_at="0001-01-01T00:00:00+23:59"), "measurements[0].measured_at: more than 7 days ago"),
    "the last year, far west": (one(measured_at="9999-12-31T23:59:59-23:59"), "measurements[0].measured_at: more than 5 minutes ahead"),
    "labels as a list": (one(labels=["a"]), "measurements[0].labels: expected object, got array; write at most 10 names"),
    "label with a long text": (one(labels={"a": LONG}), "measurements[0].labels[...]: expected str of length <= 100; write at most"),
    "label with a number": (one(labels={"a": 1}), "measurements[0].labels[...]: expected str, got int; write at most 10"),
    "label with control characters": (one(labels={"a": "x\x00"}), "measurements[0].labels[...]: does not fit; write at most 10"),
    "label of a bad name": (one(labels={"A b": "x"}), "measurements[0].labels: does not fit; write at most 10 names"),
    "eleven labels": (one(labels={f"l{n}": "" for n in range(11)}), "measurements[0].labels: expected object of length <= 10"),
    "empty version": ({"release": {"service": "w", "version": ""}}, "release.version: expected str of length >= 1; write a printable"),
    "long commit": ({"release": {"service": "w", "version": "1", "commit": LONG}}, "release.commit: expected str of length <= 100"),
    "version of two lines": ({"release": {"service": "w", "version": "1\n2"}}, "release.version: does not fit; write a printable text"),
    "101 measurements": ({"measurements": [SIZE] * 101}, "measurements: expected array of length <= 100; write a list of at most 100"),
    "a measurement that is none": ({"measurements": [SIZE, 5]}, "measurements[1]: expected object, got int; write a list"),
    "no release": ({"release": "3.4.1"}, 'release: expected object | null, got str; write an object such as {"service"'),
}  # fmt: skip


@pytest.mark.parametrize(("body", "line"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_refused_with_one_line_that_names_the_field_and_the_fix(body, line):
    with pytest.raises(UndecodableError) as fault:
        taken(body)
    assert str(fault.value).startswith(line)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize("name", ["x" * 5_000, "a\nb", "`$.x`", " - at `$.value`", "\u2028"])
def test_an_unknown_field_of_any_name_makes_one_short_line(name):
    with pytest.raises(UndecodableError) as fault:
        taken({name: 1})
    assert len(str(fault.value)) <= 400
    assert len(str(fault.value).splitlines()) == 1


def test_a_hundred_measurements_are_taken_at_once():
    assert len(taken({"measurements": [SIZE] * 100})) == 100


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.sampled_from([*SIZE, "labels"]), inner, max_size=3),
)  # fmt: skip


@given(
    st.fixed_dictionaries({}, optional={"measurements": ANYTHING | st.lists(ANYTHING), "release": ANYTHING}), ANYTHING
)
def test_whatever_is_posted_is_read_or_refused(body, label):
    for posted in (body, one(labels={"a": label}), one(value=label)):
        with suppress(UndecodableError):
            assert all(isinstance(measured, Measurement) for measured in taken(posted))


def sign(body, *, key="new-key", at=STAMP):
    mac = hmac.new(key.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
    return {"X-Soukmon-Signature": f"t={at},v1={mac}"}


BODY = json.dumps(one()).encode()


@pytest.mark.parametrize("key", ["old-key", "new-key"])
@pytest.mark.parametrize("age", [-300, 0, 300])
def test_either_of_two_keys_signs_within_300_seconds(key, age):
    posting = read(request(BODY, sign(BODY, key=key)), guard=KEYED, now=NIGHT + timedelta(seconds=age))
    assert (len(posting.measurements), bool(posting.nonce)) == (1, True)


def test_what_a_pipeline_signs_is_what_is_verified():
    assert signed(BODY, key="new-key", at=STAMP) == sign(BODY)
    assert signed(BODY, key="", at=STAMP) == {}


GOOD = sign(BODY)["X-Soukmon-Signature"]
MAC = GOOD.partition("v1=")[2]
FORGED = {
    "no header": (None, BODY, 0),
    "empty header": ("", BODY, 0),
    "another key": (sign(BODY, key="stolen")["X-Soukmon-Signature"], BODY, 0),
    "no key at all": (sign(BODY, key="")["X-Soukmon-Signature"], BODY, 0),
    "both keys as they are written": (sign(BODY, key=KEYED.keys)["X-Soukmon-Signature"], BODY, 0),
    "another body": (GOOD, BODY + b" ", 0),
    "another timestamp": (f"t={STAMP + 1},v1={MAC}", BODY, 0),
    "the timestamp written otherwise": (f"t=0{STAMP},v1={MAC}", BODY, 0),
    "301 seconds old": (GOOD, BODY, 301),
    "301 seconds ahead": (GOOD, BODY, -301),
    "junk timestamp": (f"t=soon,v1={MAC}", BODY, 0),
    "endless timestamp": (f"t={'9' * 5_000},v1={MAC}", BODY, 0),
    "digits that are not ASCII": (f"t=١٢٣,v1={MAC}".encode().decode("latin-1"), BODY, 0),
    "signature that is not ASCII": (f"t={STAMP},v1=é", BODY, 0),
    "half a signature": (f"t={STAMP},v1={MAC[:32]}", BODY, 0),
    "signature and more": (f"{GOOD},v1={MAC}", BODY, 0),
    "broken body of a stranger": (None, b"{no", 0),
}


@pytest.mark.parametrize(("header", "body", "age"), FORGED.values(), ids=FORGED)
def test_E68_what_none_of_our_keys_signed_in_time_is_refused_with_401(header, body, age):
    headers = {} if header is None else {"X-Soukmon-Signature": header}
    with pytest.raises(RefusedError) as refusal:
        read(request(body, headers), guard=KEYED, now=NIGHT + timedelta(seconds=age))
    assert refusal.value.status == 401


def test_E69_a_replay_has_the_nonce_of_the_original_and_another_request_has_not():
    def nonce(headers, after=0):
        return read(request(BODY, headers), guard=KEYED, now=NIGHT + timedelta(seconds=after)).nonce

    assert nonce(sign(BODY)) == nonce(sign(BODY), after=60) != nonce(sign(BODY, at=STAMP + 1))


def test_without_keys_nothing_needs_a_signature_and_there_is_no_nonce():
    assert read(request(BODY, sign(BODY, key="any")), guard=Guard(" , "), now=NIGHT).nonce == ""


def test_E14_with_keys_a_push_is_taken_only_where_its_token_is_checked():
    envelope = envelopes.read({}, push(one()))
    with pytest.raises(RefusedError) as refusal:
        read(envelope, guard=KEYED, now=NIGHT)
    assert refusal.value.status == 401
    trusted = Guard(KEYED.keys, trusts_pushes=True)
    assert read(envelope, guard=trusted, now=NIGHT).measurements == taken(one())


MESSAGE = json.loads(push(one()))
ATTRIBUTES = {"specversion": "1.0", "id": "1", "source": "//ci", "type": "measurements"}
DOORS = [
    (BODY, {}, "posted"),
    (b"{no", {}, "posted"),
    (b"[]", {}, "posted"),
    (b"", {}, "posted"),
    (push(one()), {}, "pushed"),
    (push(b"{no"), {}, "pushed"),
    (json.dumps({**ATTRIBUTES, "data": one()}).encode(), {}, "pushed"),
    (json.dumps({"context": {"eventId": "1"}, "data": MESSAGE["message"]}).encode(), {}, "pushed"),
    (BODY, {f"Ce-{name.capitalize()}": value for name, value in ATTRIBUTES.items()}, "pushed"),
    (b"{no", {"Ce-Type": "measurements"}, "pushed"),
]


@pytest.mark.parametrize(("body", "headers", "door"), DOORS)
def test_bare_json_and_envelopes_come_through_their_own_door(body, headers, door):
    @by_wrapping(posted=lambda function: lambda _: f"posted {function.__name__}", pushed=lambda function: lambda _: f"pushed {function.__name__}")  # fmt: skip
    def receive(arrived):
        raise AssertionError(arrived)

    assert receive(request(body, headers)) == f"{door} receive"
    assert receive.__name__ == "receive"


def test_the_committed_schema_is_the_generated_one():
    assert measurement_schema.FILE.read_text(encoding="utf-8") == measurement_schema.text()


BEYOND_A_SCHEMA = {
    "empty body", "broken JSON", "no text", "nothing measured", "no measurement in the list", "NaN", "Infinity",
    "beyond a double", "integer beyond a double", "no zone", "no instant", "the first year, far east", "the last year, far west",
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(BAD.keys() - BEYOND_A_SCHEMA))
def test_a_sender_s_own_schema_check_sees_what_we_refuse(fault):
    schema = json.loads(measurement_schema.text())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(BAD[fault][0])


def test_a_good_body_fits_the_schema():
    good = {
        **one(labels={"asset": "main"}),
        "release": {"service": "web", "version": "3.4.1", "at": SIZE["measured_at"]},
    }
    jsonschema.Draft202012Validator(json.loads(measurement_schema.text())).validate(good)
    assert len(taken(good)) == 2

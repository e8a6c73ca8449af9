"""Push messages through the SDK's own client: every device gets one, and what became of each is told apart."""

from datetime import timedelta

import firebase_admin
import pytest
from google.auth.credentials import Credentials
from google.auth.exceptions import DefaultCredentialsError, RefreshError

from infra.local.sandbox import fcm
from infra.local.sandbox.server import serve
from shared.adapters.fcm import FcmPush
from shared.errors import PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports.messages import Outgoing, PushBody
from tests.conftest import NIGHT

TOKEN = "sandbox-token"
ASKED_AGAIN = 3  # Google's client asks twice more, with a fresh access token, when the first one was refused
PHONE, TABLET = "cPhone0000000000000001:APA91bX", "cTablet000000000000002"
BODY = PushBody("CRITICAL: Checkout", "New incident", "https://m.souk.example/a/1.x", "inc-1", urgent=True)
GONE, BROKEN = {"address_gone": True, "channel_broken": False}, {"address_gone": False, "channel_broken": True}


def message(*devices, body=BODY):
    return Outgoing("n-1", "\n".join(devices or (PHONE,)), body, since=NIGHT)


@pytest.fixture
def url(store, clock):
    with serve(fcm.create_app(store, clock=clock, token=TOKEN)) as server:
        yield server.url


@pytest.fixture
def push(url):
    return FcmPush("souk", base_url=url, token=TOKEN, timeout=2)


def test_each_device_gets_the_message_whether_it_is_named_by_token_or_installation(push, store):
    sent = push.send(message(PHONE, TABLET))
    kept = store.messages("fcm")
    assert {one.to for one in kept} == {PHONE, TABLET}
    assert {one.reference for one in kept} == {"n-1"}
    assert sent.provider_id in {one.id for one in kept}
    assert sent.dead == ()


def test_an_urgent_message_breaks_through_and_a_newer_one_takes_its_place(push, store):
    push.send(message())
    (kept,) = store.messages("fcm")
    content = kept.content
    assert (content["title"], content["text"], content["url"]) == (BODY.title, BODY.text, BODY.url)
    assert (content["android"]["priority"], content["android"]["ttl"]) == ("high", "3600s")
    assert content["android"]["collapse_key"] == content["android"]["notification"]["tag"] == "inc-1"
    headers, aps = content["apns"]["headers"], content["apns"]["payload"]["aps"]
    assert (headers["apns-priority"], headers["apns-push-type"], headers["apns-collapse-id"]) == (
        "10",
        "alert",
        "inc-1",
    )
    assert headers["apns-expiration"] == str(int((NIGHT + timedelta(hours=1)).timestamp()))
    assert aps["interruption-level"] == "time-sensitive"
    assert content["webpush"]["headers"]["Urgency"] == "high"
    assert content["webpush"]["fcm_options"]["link"] == BODY.url


def test_what_can_wait_wakes_no_telephone(push, store):
    push.send(message(body=PushBody("Digest", "three things", "http://127.0.0.1/x")))
    content = store.messages("fcm")[0].content
    assert content["android"]["priority"] == "normal"
    assert content["apns"]["headers"]["apns-priority"] == "5"
    assert content["apns"]["payload"]["aps"]["interruption-level"] == "active"
    assert "fcm_options" not in content["webpush"]


def test_nothing_is_registered_for_the_whole_process(push):
    push.send(message())
    with pytest.raises(ValueError, match="does not exist"):
        firebase_admin.get_app()


NEVER, AGAIN = PermanentFailureError, TemporaryFailureError
BAD_TOKEN = {"error": "INVALID_ARGUMENT", "message": fcm.NOT_A_DEVICE}
ANSWERS = [
    ({"error": "UNREGISTERED"}, NEVER, "NOT_FOUND", GONE),
    ({"error": "SENDER_ID_MISMATCH"}, NEVER, "PERMISSION_DENIED", GONE),
    (BAD_TOKEN, NEVER, "INVALID_ARGUMENT", GONE),
    ({"error": "INVALID_ARGUMENT"}, NEVER, "INVALID_ARGUMENT", {"address_gone": False, "channel_broken": False}),
    ({"error": "THIRD_PARTY_AUTH_ERROR"}, NEVER, "UNAUTHENTICATED", BROKEN),
    ({"status": 403, "body": {"error": {"status": "PERMISSION_DENIED"}}}, NEVER, "PERMISSION_DENIED", BROKEN),
    ({"status": 404, "body": {"error": {"status": "NOT_FOUND"}}}, NEVER, "NOT_FOUND", BROKEN),
    (
        {"error": "QUOTA_EXCEEDED", "headers": {"Retry-After": "30"}},
        AGAIN,
        "RESOURCE_EXHAUSTED",
        {"retry_after": timedelta(seconds=30)},
    ),
    ({"error": "QUOTA_EXCEEDED"}, AGAIN, "RESOURCE_EXHAUSTED", {"retry_after": timedelta(minutes=1)}),
    (
        {"error": "UNAVAILABLE", "headers": {"Retry-After": "20"}},
        AGAIN,
        "UNAVAILABLE",
        {"retry_after": timedelta(seconds=20)},
    ),
    ({"error": "UNAVAILABLE"}, AGAIN, "UNAVAILABLE", {"retry_after": None}),
    ({"error": "INTERNAL"}, AGAIN, "INTERNAL", {"retry_after": None}),
    ({"close": True}, UnknownOutcomeError, "no_answer", {}),
    ({"hang": 5}, UnknownOutcomeError, "no_answer", {}),
]


@pytest.mark.parametrize("case", ANSWERS, ids=[f"{case[2]}-{n}" for n, case in enumerate(ANSWERS)])
def test_E37_E38_E39_each_answer_of_fcm_means_one_thing(push, store, case):
    answer, kind, code, beside = case
    store.faults.fail_next("fcm", response=answer, times=ASKED_AGAIN)
    with pytest.raises(kind) as failure:
        push.send(message())
    assert failure.value.code == code
    assert {name: getattr(failure.value, name) for name in beside} == beside
    store.faults.clear()


def test_E38_a_refused_credential_breaks_the_channel(url):
    with pytest.raises(PermanentFailureError) as failure:
        FcmPush("souk", base_url=url, token="wrong", timeout=2).send(message())
    assert failure.value.channel_broken


class NoToken(Credentials):
    """A machine whose account is gone, or whose metadata server does not answer just now."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def refresh(self, request):
        raise self.error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RefreshError("gone"), PermanentFailureError),
        (RefreshError("later", retryable=True), TemporaryFailureError),
        (DefaultCredentialsError("none"), PermanentFailureError),
    ],
)
def test_E38_without_an_access_token_nothing_was_sent(url, store, monkeypatch, error, kind):
    monkeypatch.setattr("firebase_admin.credentials.ApplicationDefault.get_credential", lambda self: NoToken(error))
    with pytest.raises(kind) as failure:
        FcmPush("souk", base_url=url, timeout=2).send(message())
    assert (failure.value.code, store.messages()) == ("no_access_token", [])
    assert getattr(failure.value, "channel_broken", True)


def test_E36_a_service_nobody_listens_at_has_surely_not_got_the_message(closed_port):
    with pytest.raises(TemporaryFailureError) as failure:
        FcmPush("souk", base_url=f"http://127.0.0.1:{closed_port}", token=TOKEN, timeout=1).send(message())
    assert failure.value.code == "unreachable"


def test_E40_push_cannot_be_looked_up_and_says_so(push):
    with pytest.raises(UnknownOutcomeError):
        push.find(message())


def failing(store, **faults):
    for device, error in faults.items():
        to = {"phone": PHONE, "tablet": TABLET}[device]
        store.faults.fail_next("fcm", response={"error": error}, to=to, times=ASKED_AGAIN)


def test_one_device_that_took_it_is_enough_and_the_dead_one_is_named(push, store):
    failing(store, phone="UNREGISTERED")
    assert push.send(message(PHONE, TABLET)).dead == (PHONE,)


def test_one_device_that_took_it_is_enough_although_another_one_is_to_be_tried_again(push, store):
    failing(store, tablet="UNAVAILABLE")
    assert push.send(message(PHONE, TABLET)).dead == ()


MIXED = [
    ("UNREGISTERED", "UNAVAILABLE", TemporaryFailureError),
    ("UNREGISTERED", "UNREGISTERED", PermanentFailureError),
    ("THIRD_PARTY_AUTH_ERROR", "UNREGISTERED", PermanentFailureError),
]


@pytest.mark.parametrize(("phone", "tablet", "kind"), MIXED)
def test_of_several_failures_the_one_with_most_hope_decides(push, store, phone, tablet, kind):
    failing(store, phone=phone, tablet=tablet)
    with pytest.raises(kind) as failure:
        push.send(message(PHONE, TABLET))
    if kind is PermanentFailureError:
        assert failure.value.address_gone == (phone == tablet)

"""What the help desk posts: signed by one of our keys, of one form, and refused with a reason otherwise."""

import hmac
import json
from datetime import timedelta

import flask
import pytest
from werkzeug.test import EnvironBuilder

from shared.domain.support import SupportEvent, SupportStage
from shared.errors import RefusedError, UndecodableError
from shared.inbound.support import read
from tests.conftest import NIGHT

BODY = {"channel": "email", "request": "T-1042", "event": "opened"}


def request(body, *, key="new", age=0):
    raw = json.dumps(body).encode()
    at = int(NIGHT.timestamp()) - age
    mac = hmac.digest(key.encode(), f"{at}.".encode() + raw, "sha256").hex()
    headers = {"X-Soukmon-Signature": f"t={at},v1={mac}"} if key else {}
    return flask.Request(EnvironBuilder(method="POST", data=raw, headers=headers).get_environ())


@pytest.mark.parametrize("key", ["old", "new"])
def test_E52_a_request_signed_with_the_old_or_the_new_key_is_read(key):
    event, nonce = read(request(BODY, key=key), keys="old,new", now=NIGHT)
    assert event == SupportEvent("email", "T-1042", SupportStage.OPENED, NIGHT)
    assert nonce


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        (request(BODY, key="stolen"), "old,new"),
        (request(BODY, key=""), "old,new"),
        (request(BODY, age=301), "old,new"),
        (request(BODY), ""),
        (request(BODY, key=""), ","),
    ],
)
def test_a_request_that_is_not_signed_is_refused(given, keys):
    with pytest.raises(RefusedError) as refused:
        read(given, keys=keys, now=NIGHT)
    assert refused.value.status == 401


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"event": "burnt"}, "event"),
        ({"request": "T 1"}, "request"),
        ({"channel": "E-Mail"}, "channel"),
        ({"customer": "Nour"}, "unknown field"),
        ({"at": "yesterday"}, "at"),
        ({"at": (NIGHT + timedelta(minutes=6)).isoformat()}, "5 minutes ahead"),
        ({"subject": "x" * 2001}, "subject"),
    ],
)
def test_a_body_of_another_form_is_refused_with_its_reason(changes, says):
    with pytest.raises(UndecodableError, match=says):
        read(request(BODY | changes), keys="new", now=NIGHT)


def test_a_clock_that_is_a_little_ahead_is_brought_back():
    ahead = {"at": (NIGHT + timedelta(minutes=4)).isoformat()}
    assert read(request(BODY | ahead), keys="new", now=NIGHT)[0].at == NIGHT

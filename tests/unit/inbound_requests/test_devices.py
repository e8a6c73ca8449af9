"""What the responders' app may send: one token of a device, and nothing else."""

import json

import pytest
from flask import Flask, request

from shared.errors import RefusedError, UndecodableError
from shared.inbound.devices import read

TOKEN = "cXyz0123456789abcdefgh:APA91bF-_x"


def reading(body, method="POST"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    with Flask("t").test_request_context("/", method=method, data=data):
        return read(request)


@pytest.mark.parametrize("token", [TOKEN, "cXyz0123456789abcdefgh"], ids=["registration token", "installation id"])
def test_post_registers_and_delete_forgets(token):
    assert (reading({"token": token}).token, reading({"token": token}).forget) == (token, False)
    assert reading({"token": token}, "DELETE").forget


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{no",
        b"\xff",
        b"[]",
        {},
        {"token": 1},
        {"token": ""},
        {"token": "short"},
        {"token": f"{TOKEN}\n{TOKEN}"},
        {"token": TOKEN + "\u0661"},
        {"token": "x" * 2_049},
        {"token": TOKEN, "person": "boss"},
    ],
)
def test_anything_else_is_not_read(body):
    with pytest.raises(UndecodableError):
        reading(body)


def test_a_long_body_is_refused_before_it_is_read():
    with pytest.raises(RefusedError) as refused:
        reading(b"[" * 5_000)
    assert refused.value.status == 413


def test_other_methods_are_refused():
    with pytest.raises(RefusedError) as refused:
        reading({"token": TOKEN}, "GET")
    assert refused.value.status == 405

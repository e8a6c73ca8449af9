"""What an application's error says, and which line of it tells it from others."""

import pytest

from shared.inbound.envelopes import Envelope
from shared.inbound.log_entries import parse
from shared.inbound.messages import headline, message_of
from tests.conftest import NIGHT

TRACEBACK = "Traceback (most recent call last):\n  File \"main.py\", line 3, in f\n    g()\nKeyError: 'x'\n"
RUN = {"type": "cloud_run_revision", "labels": {"service_name": "orders-api"}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"jsonPayload": {"message": "a", "error": "b"}}, "a"),
        ({"jsonPayload": {"msg": "a"}}, "a"),
        ({"jsonPayload": {"err": {"message": "a", "stack": "b"}}}, "a"),
        ({"jsonPayload": {"error": {"stack": "b"}}}, "b"),
        ({"jsonPayload": {"stack_trace": "a"}}, "a"),
        ({"jsonPayload": {"message": {"deep": 1}}, "textPayload": " a "}, "a"),
        ({"jsonPayload": {"order": 7, "état": "ملغى"}}, '{"order": 7, "état": "ملغى"}'),
        ({"textPayload": "a"}, "a"),
        ({}, ""),
    ],
)
def test_the_message_is_found_wherever_loggers_put_it(body, expected):
    assert message_of(body) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("one\ntwo", "one"),
        ("\n\n  one\n", "one"),
        ("", "error without a message"),
        (" \n ", "error without a message"),
        (TRACEBACK, "KeyError: 'x'"),
        (f"Exception on /orders [GET]\n{TRACEBACK}", "Exception on /orders [GET]: KeyError: 'x'"),
        (f"{TRACEBACK}\nDuring handling of the above exception, another exception occurred:\n\n{TRACEBACK}ValueError: y", "ValueError: y"),
        ("Traceback (most recent call last):\n  File cut", "File cut"),
        ("TypeError: x\n    at f (app.js:1:1)", "TypeError: x"),
    ],
)  # fmt: skip
def test_the_headline_of_an_exception_is_the_exception(message, expected):
    assert headline(message) == expected


def parsed(**entry):
    body = {"severity": "ERROR", "resource": RUN, **entry}
    return parse(Envelope("e", "s", "t", NIGHT, body), now=NIGHT, own_services="soukmon-")


def test_two_exceptions_of_one_service_are_two_incidents():
    other = TRACEBACK.replace("KeyError: 'x'", "TimeoutError")
    assert parsed(textPayload=TRACEBACK).fingerprint != parsed(textPayload=other).fingerprint
    assert (
        parsed(textPayload=TRACEBACK).fingerprint
        == parsed(textPayload=TRACEBACK.replace("line 3", "line 9")).fingerprint
    )


@pytest.mark.parametrize(("said", "alert_type"), [({"jsonPayload": {"message": "payment lost"}}, "log.error"), ({"textPayload": "no instance"}, None)])  # fmt: skip
def test_an_application_s_error_that_names_its_request_is_not_judged_by_the_request(said, alert_type):
    found = parsed(httpRequest={"status": 404, "requestUrl": "https://x.example/"}, **said)
    assert getattr(found, "alert_type", None) == alert_type


@pytest.mark.parametrize(("code", "alert_type"), [(500, "log.request_5xx"), (503, "log.request_5xx"), (404, None), (200, None)])  # fmt: skip
def test_a_first_generation_function_answers_in_a_text(code, alert_type):
    text = f"Function execution took 812 ms, finished with status code: {code}"
    old = {"type": "cloud_function", "labels": {"function_name": "orders_api"}}
    found = parsed(severity="DEBUG", textPayload=text, resource=old)
    assert getattr(found, "alert_type", None) == alert_type
    if alert_type:
        assert (found.fingerprint, found.summary) == (parsed(httpRequest={"status": 500}).fingerprint, text)

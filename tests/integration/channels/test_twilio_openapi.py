"""What our adapters send is what Twilio's own OpenAPI description allows, and so is what the sandbox answers.

The description is part of Twilio's command line (npm: @twilio/cli-core); `make twilio-openapi` puts the package into
build/. It describes an address on https://api.twilio.com, where the captured requests are said to have gone.
"""

import json
import os
import tarfile
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Request, Response

from infra.local.sandbox import twilio
from infra.local.sandbox.server import serve
from infra.local.sandbox.twilio_api import E164
from shared.adapters.twilio import TwilioSms
from shared.adapters.twilio_voice import TwilioVoice
from shared.errors import UnknownOutcomeError
from tests.conftest import NIGHT
from tests.integration.channels.conftest import (
    ACCOUNT,
    ANSWER,
    AUTH_TOKEN,
    CALLBACK,
    SENDER,
    call_message,
    sms_message,
    twilio_account,
)

PACKAGES = Path(__file__).parents[3] / "build"
INSIDE = "package/src/services/twilio-api/twilio_api_v2010.json"
PATH = "/2010-04-01/Accounts/{AccountSid}/"
FORM = "application/x-www-form-urlencoded"


def is_uri(value):
    """An absolute address; Twilio's own examples give those of pages without a host."""
    return value.startswith("/") or urlsplit(value).scheme in {"http", "https"}


FORMATS = {
    "phone-number": lambda value: bool(E164.fullmatch(value)),
    "endpoint": lambda value: bool(E164.fullmatch(value)),
    "http-method": lambda value: value in {"GET", "POST"},
    "uri": is_uri,
    "date-time-rfc-2822": lambda value: parsedate_to_datetime(value) is not None,
}


@pytest.fixture(scope="module")
def description():
    packages = sorted(PACKAGES.glob("twilio-cli-core-*.tgz"))
    if not packages:
        assert not os.environ.get("CI"), "continuous integration must have it: make twilio-openapi"
        pytest.skip("Twilio's description is not here: make twilio-openapi")
    with tarfile.open(packages[-1]) as package:
        return json.load(package.extractfile(INSIDE))


@pytest.fixture(scope="module")
def api(description):
    """Only the operations we use: the whole description takes a minute to read."""
    paths = {f"{PATH}{name}.json": description["paths"][f"{PATH}{name}.json"] for name in ("Messages", "Calls")}
    return OpenAPI.from_dict({**description, "paths": paths}, config=Config(extra_format_validators=FORMATS))


class Tap:
    """A WSGI application in front of the sandbox that keeps every request with its answer."""

    def __init__(self, app):
        self.app, self.exchanges = app, []

    def __call__(self, environ, start_response):
        body = Request(environ).get_data()
        there = {"wsgi.url_scheme": "https", "HTTP_HOST": "api.twilio.com", "wsgi.input": BytesIO(body)}
        parts, status, headers = run_wsgi_app(self.app, {**environ, "wsgi.input": BytesIO(body)})
        response = Response(list(parts), status, headers)
        self.exchanges.append((Request({**environ, **there}), response))
        return response(environ, start_response)


@pytest.fixture
def tap(store, clock):
    made = Tap(twilio.create_app(store, clock=clock, account=ACCOUNT, token=AUTH_TOKEN))
    with serve(made) as server:
        made.account = twilio_account(server.url)
        yield made


@pytest.fixture
def sms(tap):
    return TwilioSms(tap.account, sender=SENDER, status_callback=CALLBACK)


@pytest.fixture
def voice(tap):
    return TwilioVoice(tap.account, sender=SENDER, answer_url=ANSWER, status_callback=CALLBACK)


def checked(api, exchange):
    """The request and the response against the description; raises what does not fit."""
    request, response = (exchange[0], exchange[1])
    asked = WerkzeugOpenAPIRequest(request)
    api.validate_request(asked)
    api.validate_response(asked, WerkzeugOpenAPIResponse(response))


def form_of(exchange):
    return exchange[0].form


def known_fields(description, name):
    return description["paths"][f"{PATH}{name}.json"]["post"]["requestBody"]["content"][FORM]["schema"]["properties"]


def test_a_text_is_what_twilio_s_description_allows(api, description, tap, sms):
    sms.send(sms_message())
    (exchange,) = tap.exchanges
    checked(api, exchange)
    assert set(form_of(exchange)) <= set(known_fields(description, "Messages"))


def test_a_text_from_a_messaging_service_is_too(api, tap):
    TwilioSms(tap.account, sender="MG" + "1" * 32, status_callback=CALLBACK).send(sms_message())
    checked(api, tap.exchanges[0])


def test_a_call_is_what_twilio_s_description_allows(api, description, tap, voice):
    voice.send(call_message())
    (exchange,) = tap.exchanges
    checked(api, exchange)
    assert set(form_of(exchange)) <= set(known_fields(description, "Calls"))
    events = description["components"]["schemas"]["call_enum_event"]["enum"]
    assert set(form_of(exchange).getlist("StatusCallbackEvent")) <= set(events)


def test_looking_up_texts_and_calls_is_too(api, tap, sms, voice, clock):
    sms.send(sms_message())
    voice.send(call_message())
    assert sms.find(sms_message(since=clock.now())) is not None
    with pytest.raises(UnknownOutcomeError):
        voice.find(call_message(since=clock.now()))
    assert [request.method for request, _ in tap.exchanges] == ["POST", "POST", "GET", "GET"]
    for exchange in tap.exchanges:
        checked(api, exchange)


@pytest.mark.parametrize("status", ["queued", "in-progress", "completed", "busy", "no-answer", "failed", "canceled"])
def test_the_sandbox_lists_calls_in_every_state_as_described(api, tap, store, voice, status):
    sent = voice.send(call_message())
    store.change(sent.provider_id, at=NIGHT, status=status)
    listed = tap.account.client().calls.list(to="+201000000011")
    assert [call.status for call in listed] == [status]
    checked(api, tap.exchanges[-1])


WRONG = [
    ("Calls", {"To": "+201000000011"}, "From is missing"),
    ("Calls", {"To": "0100", "From": SENDER}, "no number"),
    ("Calls", {"To": "+201000000011", "From": SENDER, "Timeout": "soon"}, "no whole number"),
    ("Calls", {"To": "+201000000011", "From": SENDER, "Method": "PUT"}, "no such method"),
    ("Calls", {"To": "+201000000011", "From": SENDER, "Url": "answer_call"}, "no address"),
    ("Messages", {"To": "+201000000011", "MessagingServiceSid": "MG1", "Body": "x"}, "no service"),
    ("Messages", {"Body": "x"}, "To is missing"),
]


@pytest.mark.parametrize(("name", "form", "why"), WRONG, ids=[why for *_, why in WRONG])
def test_the_description_refuses_what_is_wrong(api, name, form, why):
    path = f"{PATH}{name}.json".replace("{AccountSid}", ACCOUNT)
    builder = EnvironBuilder(
        path, base_url="https://api.twilio.com", method="POST", data=form, headers={"Authorization": "Basic x"}
    )
    with pytest.raises(OpenAPIError):
        api.validate_request(WerkzeugOpenAPIRequest(Request(builder.get_environ())))
    assert why

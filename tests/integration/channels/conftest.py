"""The three sandbox providers on ports of this machine, and the adapters in front of them."""

import socket
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
from flask import Flask, request

from infra.local.sandbox import slack, smtp, twilio
from infra.local.sandbox.server import serve
from infra.local.sandbox.store import SandboxStore
from shared.adapters.slack import SlackNotifier
from shared.adapters.smtp import SmtpEmail
from shared.adapters.twilio import TwilioSms
from shared.adapters.twilio_client import TwilioAccount
from shared.adapters.twilio_voice import TwilioVoice
from shared.ports.messages import CallBody, EmailBody, Outgoing, SlackBody, SmsBody

TOKEN = "xoxb-sandbox"
ACCOUNT, AUTH_TOKEN = "AC" + "0" * 32, "sandbox-token"
CALLBACK = "https://alerts.souk.example/functions/receive_twilio_callback"
ANSWER = "https://alerts.souk.example/functions/answer_call"
SENDER = "+15005550006"
CHANNELS = {"incidents": "C0INCIDENTS", "business": "C0BUSINESS"}


@pytest.fixture
def store(tmp_path):
    made = SandboxStore(tmp_path / "sandbox.db")
    yield made
    made.close()


@pytest.fixture
def slack_url(store, clock):
    with serve(slack.create_app(store, clock=clock, token=TOKEN, channels=CHANNELS)) as server:
        yield f"{server.url}/api/"


@pytest.fixture
def twilio_url(store, clock):
    with serve(twilio.create_app(store, clock=clock, account=ACCOUNT, token=AUTH_TOKEN)) as server:
        yield server.url


@pytest.fixture
def mail_server(store, clock):
    server = smtp.serve(store, clock=clock)
    yield server
    server.stop()


@pytest.fixture
def slack_notifier(slack_url):
    return SlackNotifier(TOKEN, base_url=slack_url, timeout=5)


@pytest.fixture
def sms_notifier(twilio_url):
    return TwilioSms(twilio_account(twilio_url), sender=SENDER, status_callback=CALLBACK)


@pytest.fixture
def call_notifier(twilio_url):
    return TwilioVoice(twilio_account(twilio_url), sender=SENDER, answer_url=ANSWER, status_callback=CALLBACK)


def twilio_account(url):
    return TwilioAccount(ACCOUNT, AUTH_TOKEN, base_url=url, timeout=5)


@pytest.fixture
def email_notifier(mail_server):
    return SmtpEmail(
        mail_server.hostname,
        mail_server.port,
        user="",
        password="",
        security="none",
        sender="Souk alerts <alerts@souk.example>",
        timeout=5,
    )


@pytest.fixture
def channel(request, clock):
    """By the sandbox's name of a provider: its adapter, in front of a running server, and a message for it."""

    def started(provider):
        name, message = {
            "slack": ("slack_notifier", slack_message),
            "twilio": ("sms_notifier", sms_message),
            "voice": ("call_notifier", call_message),
            "smtp": ("email_notifier", email_message),
        }[provider]
        return SimpleNamespace(notifier=request.getfixturevalue(name), message=message(since=clock.now()))

    return started


def slack_message(reference="n-1", **changes):
    blocks = (
        {"type": "header", "text": {"type": "plain_text", "text": "CRITICAL"}},
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": "acknowledge",
                    "value": "inc-1",
                    "text": {"type": "plain_text", "text": "Acknowledge"},
                }
            ],
        },
    )
    return Outgoing(**{"reference": reference, "to": "C0INCIDENTS", "body": SlackBody("CRITICAL", blocks), **changes})


def sms_message(reference="n-1", **changes):
    body = SmsBody("حرج: فشل الطلبات https://alerts.souk.example/a/n-1.x")
    return Outgoing(**{"reference": reference, "to": "+201000000011", "body": body, **changes})


def call_message(reference="n-1", **changes):
    return Outgoing(**{"reference": reference, "to": "+201000000011", "body": CallBody(), **changes})


def email_message(reference="n-1", **changes):
    body = EmailBody("[CRITICAL] فشل الطلبات", "text", "<p>حرج</p>", locale="ar", thread="inc-1")
    return Outgoing(**{"reference": reference, "to": "mona@souk.example", "body": body, **changes})


@pytest.fixture
def closed_port():
    """A port of this machine at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def mute_port():
    """A port that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


class Recorder:
    """A server that keeps every request and answers 204."""

    def __init__(self):
        self.requests = []
        self.url = ""

    def forms(self):
        return [(headers, dict(parse_qsl(body.decode(), keep_blank_values=True))) for headers, body in self.requests]


@pytest.fixture
def recorder():
    made, app = Recorder(), Flask("recorder")

    @app.post("/")
    @app.post("/<path:_>")
    def keep(_=""):
        made.requests.append((dict(request.headers), request.get_data()))
        return "", 204

    with serve(app) as server:
        made.url = server.url
        yield made

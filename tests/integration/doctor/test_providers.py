"""The credentials of each channel are tried at its provider, and nothing is sent."""

from dataclasses import replace

import pytest

from infra.local.sandbox import fcm, slack, smtp, twilio
from infra.local.sandbox.server import serve
from infra.local.sandbox.store import SandboxStore
from infra.tools.doctor import providers
from infra.tools.doctor.outcomes import Check, State
from infra.tools.doctor.running import examine
from shared.settings import Settings

ACCOUNT = "AC" + "0" * 32
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-sandbox", "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "old,sandbox-token",
    "SMTP_USER": "souk", "SMTP_PASSWORD": "mail-password",
}  # fmt: skip
SENDER = "Souk <alerts@souk.example>"


@pytest.fixture
def store(tmp_path):
    made = SandboxStore(tmp_path / "sandbox.db")
    yield made
    made.close()


@pytest.fixture
def mail(store, clock):
    server = smtp.serve(store, clock=clock, user="souk", password="mail-password")
    yield server
    server.stop()


@pytest.fixture
def settings(store, clock, mail):
    with (
        serve(slack.create_app(store, clock=clock, token="xoxb-sandbox")) as slack_server,
        serve(twilio.create_app(store, clock=clock, account=ACCOUNT, token="sandbox-token")) as twilio_server,
        serve(fcm.create_app(store, clock=clock, token="fcm-token")) as fcm_server,
    ):
        yield Settings(
            project="souk-live-1", slack_url=f"{slack_server.url}/api/", twilio_url=twilio_server.url, twilio_from="Souk",
            fcm_url=fcm_server.url, fcm_token="fcm-token", smtp_host="127.0.0.1", smtp_port=str(mail.port), smtp_security="none",
        )  # fmt: skip


def check(name, settings, **secrets):
    checks = providers.providers(settings, {**SECRETS, **secrets}.__getitem__, sender=SENDER)
    return next(examine([Check(name, checks[name])])).outcome


@pytest.mark.parametrize("name", ["slack", "twilio", "smtp", "push"])
def test_credentials_that_are_right_are_taken_and_nothing_is_sent(name, settings, store):
    assert check(name, settings).state is State.OK
    assert store.messages() == []


@pytest.mark.parametrize(
    ("name", "secrets", "words"),
    [
        ("slack", {"SLACK_BOT_TOKEN": "xoxb-other"}, "Slack refuses the token: invalid_auth"),
        ("twilio", {"TWILIO_AUTH_TOKEN": "other"}, "Twilio refuses the account: 20003"),
        ("smtp", {"SMTP_PASSWORD": "other"}, "535"),
    ],
)
def test_credentials_that_are_wrong_are_told_without_showing_them(name, secrets, words, settings):
    found = check(name, settings, **secrets)
    assert (found.state, words in found.says) == (State.FAIL, True), found
    assert not any(value in found.says for value in secrets.values() if value != "other")
    assert found.fix


@pytest.mark.parametrize(
    ("scopes", "told"),
    [
        (("commands",), ("fail", "the token lacks chat:write")),
        (("chat:write",), ("warn", "the token lacks channels:history, groups:history")),
        ((), ("fail", "the token lacks chat:write")),
    ],
)
def test_slack_scopes_that_are_missing_are_told(scopes, told, settings, store, clock):
    with serve(slack.create_app(store, clock=clock, token="xoxb-sandbox", scopes=scopes)) as server:
        found = check("slack", replace(settings, slack_url=f"{server.url}/api/"))
    assert (found.state, found.says) == told


@pytest.mark.parametrize(
    ("account", "state", "words"),
    [
        ({"status": "suspended", "type": "Full"}, "fail", "the account is suspended"),
        ({"status": "closed", "type": "Full"}, "fail", "the account is closed"),
        ({"status": "active", "type": "Trial"}, "warn", "is a trial"),
    ],
)
def test_a_twilio_account_that_does_not_reach_everybody_is_told(account, state, words, settings, store):
    store.faults.fail_next("twilio.account", response={"status": 200, "body": {"sid": ACCOUNT, **account}})
    found = check("twilio", settings)
    assert (found.state, words in found.says) == (state, True), found


def test_an_account_without_a_sender_is_told(settings):
    assert check("twilio", replace(settings, twilio_from="")).says == "there is no sender"


def test_a_push_service_that_does_not_know_us_is_told(settings):
    found = check("push", replace(settings, fcm_token="other"))
    assert (found.state, "unauthenticated" in found.says.lower()) == (State.FAIL, True), found


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("slack", {"slack_url": "http://127.0.0.1:1/api/"}),
        ("twilio", {"twilio_url": "http://127.0.0.1:1"}),
        ("smtp", {"smtp_port": "1"}),
        ("smtp", {"smtp_host": ""}),
        ("smtp", {"smtp_security": "starttls"}),
        ("push", {"fcm_url": "http://127.0.0.1:1"}),
    ],
)
def test_a_provider_that_cannot_be_reached_is_told_in_one_line(name, change, settings):
    found = check(name, replace(settings, **change))
    assert (found.state, "\n" in found.says, "could not be looked at" in found.says) == (State.FAIL, False, False), (
        found
    )

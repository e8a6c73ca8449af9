"""One table of provider answers for every channel: what is tried again, what is not, and what nobody can know."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

import pytest

from shared.adapters.slack import SlackNotifier
from shared.adapters.smtp import SmtpEmail
from shared.adapters.twilio import TwilioSms
from shared.adapters.twilio_client import TwilioAccount
from shared.errors import PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from tests.integration.channels.conftest import email_message, slack_message, sms_message

AGAIN, NEVER, NOBODY_KNOWS = TemporaryFailureError, PermanentFailureError, UnknownOutcomeError
BROKEN, STOPPED = {"channel_broken": True}, {"opted_out": True}
GONE = {"address_gone": True, "channel_broken": False, "opted_out": False}
STAYS = {"address_gone": False, "channel_broken": False}


def http(status, **more):
    return {"status": status, "body": {"ok": False, "error": "ratelimited" if status == 429 else "oops"}, **more}


SLACK_429 = http(429, headers={"Retry-After": "30"})
HTML_502 = {"status": 502, "body": "<html>bad gateway</html>"}


class Case(NamedTuple):
    provider: str
    answer: dict
    kind: type
    code: str = ""
    beside: Mapping[str, object] = MappingProxyType({})


ANSWERS = [
    Case("slack", SLACK_429, AGAIN, "ratelimited", {"retry_after": timedelta(seconds=30)}),
    Case("slack", http(429, headers={"Retry-After": "soon"}), AGAIN, "ratelimited", {"retry_after": None}),
    Case("slack", {"error": "ratelimited"}, AGAIN, "ratelimited", {}),
    Case("slack", {"error": "fatal_error"}, AGAIN, "fatal_error", {}),
    Case("slack", {"error": "internal_error"}, AGAIN, "internal_error", {}),
    Case("slack", {"error": "service_unavailable"}, AGAIN, "service_unavailable", {}),
    Case("slack", {"error": "request_timeout"}, AGAIN, "request_timeout", {}),
    Case("slack", {"error": "an_error_of_tomorrow"}, AGAIN, "an_error_of_tomorrow", {}),
    Case("slack", http(500), AGAIN, "http_500", {}),
    Case("slack", HTML_502, AGAIN, "http_502", {}),
    Case("slack", http(503, headers={"Retry-After": "5"}), AGAIN, "http_503", {"retry_after": timedelta(seconds=5)}),
    Case("slack", {"error": "channel_not_found"}, NEVER, "channel_not_found", BROKEN),
    Case("slack", {"error": "is_archived"}, NEVER, "is_archived", BROKEN),
    Case("slack", {"error": "not_in_channel"}, NEVER, "not_in_channel", BROKEN),
    Case("slack", {"error": "invalid_auth"}, NEVER, "invalid_auth", BROKEN),
    Case("slack", {"error": "account_inactive"}, NEVER, "account_inactive", BROKEN),
    Case("slack", {"error": "token_revoked"}, NEVER, "token_revoked", BROKEN),
    Case("slack", {"error": "token_expired"}, NEVER, "token_expired", BROKEN),
    Case("slack", {"error": "missing_scope"}, NEVER, "missing_scope", BROKEN),
    Case("slack", {"error": "not_authed"}, NEVER, "not_authed", BROKEN),
    Case("slack", {"error": "no_permission"}, NEVER, "no_permission", BROKEN),
    Case("slack", {"error": "invalid_blocks"}, NEVER, "invalid_blocks", {"channel_broken": False}),
    Case("slack", {"error": "msg_too_long"}, NEVER, "msg_too_long", {"channel_broken": False}),
    Case("slack", {"error": "message_not_found"}, NEVER, "message_not_found", {"channel_broken": False}),
    Case("slack", {"close": True}, NOBODY_KNOWS, "no_answer", {}),
    Case(
        "twilio",
        {"code": 20429, "headers": {"Retry-After": "7"}},
        AGAIN,
        "20429",
        {"retry_after": timedelta(seconds=7)},
    ),
    Case("twilio", {"code": 20429}, AGAIN, "20429", {"retry_after": None}),
    Case("twilio", {"status": 500}, AGAIN, "500", {}),
    Case("twilio", {"status": 503}, AGAIN, "503", {}),
    Case("twilio", {"code": 20500, "status": 500}, AGAIN, "20500", {}),
    Case("twilio", {"code": 30001}, AGAIN, "30001", {}),
    Case("twilio", {"code": 30008}, AGAIN, "30008", {}),
    Case("twilio", {"code": 21211}, NEVER, "21211", GONE),
    Case("twilio", {"code": 21614}, NEVER, "21614", GONE),
    Case("twilio", {"code": 21610}, NEVER, "21610", STOPPED),
    Case("twilio", {"code": 21408}, NEVER, "21408", STAYS),
    Case("twilio", {"code": 21612}, NEVER, "21612", {"channel_broken": False}),
    Case("twilio", {"code": 30003}, NEVER, "30003", STAYS),
    Case("twilio", {"code": 30004}, NEVER, "30004", STAYS),
    Case("twilio", {"code": 30005}, NEVER, "30005", GONE),
    Case("twilio", {"code": 30006}, NEVER, "30006", GONE),
    Case("twilio", {"code": 30007}, NEVER, "30007", STAYS),
    Case("twilio", {"code": 29999}, NEVER, "29999", {"channel_broken": False}),
    Case("twilio", {"code": 20003}, NEVER, "20003", BROKEN),
    Case("twilio", {"code": 21606}, NEVER, "21606", BROKEN),
    Case("twilio", {"code": 21608}, NEVER, "21608", BROKEN),
    Case("twilio", {"status": 403}, NEVER, "403", BROKEN),
    Case("twilio", {"status": 502}, NOBODY_KNOWS, "502", {}),
    Case("twilio", {"status": 504}, NOBODY_KNOWS, "504", {}),
    Case("twilio", {"close": True}, NOBODY_KNOWS, "no_answer", {}),
    Case("smtp", {"reply": "421 4.3.2 closing", "at": "mail"}, AGAIN, "421", {}),
    Case("smtp", {"reply": "450 4.2.1 busy", "at": "rcpt"}, AGAIN, "450", {}),
    Case("smtp", {"reply": "451 4.3.0 later"}, AGAIN, "451", {}),
    Case("smtp", {"reply": "452 4.3.1 full"}, AGAIN, "452", {}),
    Case("smtp", {"reply": "550 5.1.1 nobody", "at": "rcpt"}, NEVER, "550", {"channel_broken": False}),
    Case("smtp", {"reply": "551 5.7.1 not here", "at": "rcpt"}, NEVER, "551", {"channel_broken": False}),
    Case("smtp", {"reply": "553 5.1.3 bad name", "at": "rcpt"}, NEVER, "553", {"channel_broken": False}),
    Case("smtp", {"reply": "554 5.7.1 spam"}, NEVER, "554", {"channel_broken": False}),
    Case("smtp", {"reply": "550 5.7.1 not you", "at": "mail"}, NEVER, "550", BROKEN),
    Case("smtp", {"reply": "530 5.7.0 log in", "at": "rcpt"}, NEVER, "530", BROKEN),
    Case("smtp", {"reply": "535 5.7.8 credentials", "at": "mail"}, NEVER, "535", BROKEN),
    Case("smtp", {"close": True}, NOBODY_KNOWS, "no_answer", {}),
]


@pytest.mark.parametrize("case", ANSWERS, ids=[f"{c.provider}-{c.code}-{i}" for i, c in enumerate(ANSWERS)])
def test_E37_E38_E39_each_answer_of_a_provider_means_one_thing(channel, store, case):
    given = channel(case.provider)
    store.faults.fail_next(case.provider, response=case.answer)
    with pytest.raises(case.kind) as failure:
        given.notifier.send(given.message)
    assert failure.value.code == case.code
    assert {name: getattr(failure.value, name) for name in case.beside} == case.beside
    assert len(store.messages()) == (1 if "close" in case.answer else 0)


@pytest.mark.parametrize("provider", ["slack", "twilio", "smtp"])
def test_E36_after_a_passing_fault_the_next_try_gets_through(channel, store, provider):
    given = channel(provider)
    answer = {"reply": "451 later"} if provider == "smtp" else {"status": 500, "body": {}}
    store.faults.fail_next(provider, response=answer)
    with pytest.raises(TemporaryFailureError):
        given.notifier.send(given.message)
    given.notifier.send(given.message)
    assert [m.reference for m in store.messages(provider)] == ["n-1"]


@pytest.mark.parametrize("provider", ["slack", "twilio"])
def test_E40_a_message_that_was_taken_is_found_after_its_answer_was_lost(channel, store, provider):
    given = channel(provider)
    store.faults.fail_next(provider, response={"close": True})
    with pytest.raises(UnknownOutcomeError):
        given.notifier.send(given.message)
    assert given.notifier.find(given.message).provider_id == store.messages(provider)[0].id


@pytest.mark.parametrize("provider", ["slack", "twilio"])
def test_E40_a_message_that_was_not_taken_is_not_found(channel, store, provider):
    given = channel(provider)
    store.faults.fail_next(provider, response={"close": True, "accept": False})
    with pytest.raises(UnknownOutcomeError):
        given.notifier.send(given.message)
    assert given.notifier.find(given.message) is None


def test_E40_mail_cannot_be_looked_up_and_says_so(channel):
    given = channel("smtp")
    with pytest.raises(UnknownOutcomeError):
        given.notifier.find(given.message)


LOOKUPS = [
    Case("slack", {"close": True}, TemporaryFailureError),
    Case("slack", {"status": 500, "body": {}}, TemporaryFailureError),
    Case("slack", {"error": "missing_scope"}, UnknownOutcomeError),
    Case("twilio", {"close": True}, TemporaryFailureError),
    Case("twilio", {"status": 503}, TemporaryFailureError),
    Case("twilio", {"status": 403}, UnknownOutcomeError),
]


LOOKED_UP_BY = {"slack": "slack.history", "twilio": "twilio.list"}


@pytest.mark.parametrize("case", LOOKUPS)
def test_E40_a_lost_lookup_is_made_again_and_a_forbidden_one_is_unknowable(channel, store, case):
    given = channel(case.provider)
    store.faults.fail_next(LOOKED_UP_BY[case.provider], response=case.answer)
    with pytest.raises(case.kind):
        given.notifier.find(given.message)


MESSAGES = {"slack": slack_message, "twilio": sms_message, "smtp": email_message}


def made(provider, port, timeout=1):
    if provider == "slack":
        return SlackNotifier("xoxb-sandbox", base_url=f"http://127.0.0.1:{port}/api/", timeout=timeout)
    if provider == "twilio":
        base = f"http://127.0.0.1:{port}"
        account = TwilioAccount("AC1", "t", base_url=base, timeout=timeout)
        return TwilioSms(account, sender="+1", status_callback=base)
    return SmtpEmail("127.0.0.1", port, user="", password="", security="none", sender="a@souk.example", timeout=timeout)


@pytest.mark.parametrize("provider", ["slack", "twilio", "smtp"])
def test_E36_a_provider_nobody_listens_at_has_surely_not_got_the_message(provider, closed_port):
    with pytest.raises(TemporaryFailureError) as failure:
        made(provider, closed_port).send(MESSAGES[provider]())
    assert failure.value.code == "unreachable"


@pytest.mark.parametrize("provider", ["slack", "twilio"])
def test_E40_no_answer_in_time_leaves_the_outcome_unknown(provider, mute_port):
    with pytest.raises(UnknownOutcomeError):
        made(provider, mute_port, timeout=0.2).send(MESSAGES[provider]())


def test_a_mail_server_that_never_greets_has_surely_not_got_the_mail(mute_port):
    with pytest.raises(TemporaryFailureError):
        made("smtp", mute_port, timeout=0.2).send(MESSAGES["smtp"]())


def test_E40_no_answer_to_the_end_of_a_mail_leaves_the_outcome_unknown(store, mail_server):
    store.faults.fail_next("smtp", response={"hang": 5})
    with pytest.raises(UnknownOutcomeError):
        made("smtp", mail_server.port, timeout=0.2).send(MESSAGES["smtp"]())
    assert len(store.messages("smtp")) == 1

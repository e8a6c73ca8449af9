"""Messages to Slack, and what the sandbox workspace has in common with the real one."""

import time
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local.sandbox import slack_modals, slack_people
from shared.adapters.slack import SlackNotifier
from shared.adapters.slack_views import open_view
from shared.domain.slack_requests import SlackAction, SlackCommand, SlackSubmission
from shared.errors import DeliveryError, TemporaryFailureError, UnknownOutcomeError
from shared.inbound.slack import parse, verify
from shared.ports.messages import SlackBody
from tests.integration.channels.conftest import TOKEN, slack_message


@pytest.fixture
def client(slack_url):
    return WebClient(TOKEN, base_url=slack_url)


def refused(call, **arguments):
    with pytest.raises(SlackApiError) as refusal:
        call(**arguments)
    return refusal.value.response


def test_a_message_is_posted_with_its_reference_and_without_markup_or_previews(slack_notifier, store):
    sent = slack_notifier.send(slack_message("n-7"))
    (message,) = store.messages("slack")
    assert (sent.provider_id, message.to, message.reference) == (message.id, "C0INCIDENTS", "n-7")
    assert message.content["blocks"] == list(slack_message().body.blocks)
    assert message.content["mrkdwn"] is False


def test_E47_text_without_blocks_is_not_read_as_markup(slack_notifier, store):
    slack_notifier.send(slack_message(body=SlackBody("&lt;!channel&gt; *x*")))
    content = store.messages("slack")[0].content
    assert (content["text"], content["mrkdwn"]) == ("&lt;!channel&gt; *x*", False)


def test_the_living_message_changes_in_place(slack_notifier, store):
    channel, _, ts = slack_notifier.send(slack_message()).provider_id.partition(":")
    again = slack_notifier.send(slack_message("n-2", to=channel, replaces=ts, body=SlackBody("resolved")))
    (message,) = store.messages("slack")
    assert again.provider_id == message.id
    assert (message.content["text"], message.content["blocks"], message.status) == ("resolved", [], "updated")


def test_a_reply_goes_under_its_message_and_is_found_there_only(slack_notifier, store, clock):
    ts = slack_notifier.send(slack_message()).provider_id.partition(":")[2]
    reply = slack_message("n-2", thread=ts, since=clock.now())
    sent = slack_notifier.send(reply)
    assert store.messages("slack")[1].thread == ts
    assert slack_notifier.find(reply) == sent
    assert slack_notifier.find(slack_message("n-2")) is None


def test_an_answer_for_one_person_is_seen_by_nobody_else(slack_notifier, store, client):
    private = slack_message(only_for="U0MONA", body=SlackBody("not linked"))
    slack_notifier.send(private)
    assert store.messages("slack")[0].content["only_for"] == "U0MONA"
    assert client.conversations_history(channel="C0INCIDENTS")["messages"] == []
    with pytest.raises(UnknownOutcomeError):
        slack_notifier.find(private)


def test_E40_a_lost_update_needs_no_lookup(slack_notifier):
    ts = slack_notifier.send(slack_message()).provider_id.partition(":")[2]
    assert slack_notifier.find(slack_message(replaces=ts)) is None


def test_E40_a_message_is_found_among_many_and_by_its_reference_alone(slack_url, store, clock, client):
    notifier = SlackNotifier(TOKEN, base_url=slack_url)
    wanted = notifier.send(slack_message("n-wanted"))
    for n in range(450):
        clock.advance(timedelta(seconds=1))
        client.chat_postMessage(channel="C0INCIDENTS", text=f"another {n}")
    assert notifier.find(slack_message("n-wanted")) == wanted
    assert notifier.find(slack_message("n-other")) is None


def test_E40_what_was_posted_long_before_the_first_try_is_another_message(slack_notifier, clock):
    slack_notifier.send(slack_message())
    assert slack_notifier.find(slack_message(since=clock.now() + timedelta(minutes=1)))
    assert slack_notifier.find(slack_message(since=clock.now() + timedelta(minutes=3))) is None


def test_E37_a_full_bucket_names_the_wait_and_a_clock_set_back_fills_it(slack_notifier, clock, store):
    for n in range(20):
        slack_notifier.send(slack_message(f"n-{n}"))
    with pytest.raises(TemporaryFailureError) as failure:
        slack_notifier.send(slack_message("n-20"))
    assert failure.value.retry_after == timedelta(seconds=1)
    slack_notifier.send(slack_message("n-other", to="C0BUSINESS"))
    clock.advance(timedelta(seconds=1))
    slack_notifier.send(slack_message("n-20"))
    clock.set(clock.now() - timedelta(days=1))
    slack_notifier.send(slack_message("n-21"))
    stamps = [m.id.partition(":")[2] for m in store.messages("slack")]
    assert stamps == sorted(set(stamps), key=float)
    assert len(stamps) == 23


REFUSALS = [
    ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
    ({"channel": "C0INCIDENTS", "text": ""}, "no_text"),
    ({"channel": "C0INCIDENTS", "text": "x" * 40_001}, "msg_too_long"),
    ({"channel": "C0INCIDENTS", "text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
    ({"channel": "C0INCIDENTS", "text": "x", "blocks": [{"type": "banner"}]}, "invalid_blocks"),
    ({"channel": "C0INCIDENTS", "text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
    (
        {
            "channel": "C0INCIDENTS",
            "text": "x",
            "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        },
        "invalid_blocks",
    ),
]


@pytest.mark.parametrize(("arguments", "error"), REFUSALS)
def test_the_sandbox_refuses_what_slack_refuses(client, store, arguments, error):
    assert refused(client.chat_postMessage, **arguments)["error"] == error
    assert store.messages() == []


@pytest.mark.parametrize(("kind", "type_", "limit"), [("section", "mrkdwn", 3000), ("header", "plain_text", 150)])
def test_the_sandbox_counts_characters_as_slack_does(client, kind, type_, limit):
    def blocks(length):
        return [{"type": kind, "text": {"type": type_, "text": "x" * length}}]

    assert client.chat_postMessage(channel="C0INCIDENTS", text="x", blocks=blocks(limit))["ok"]
    answer = refused(client.chat_postMessage, channel="C0INCIDENTS", text="x", blocks=blocks(limit + 1))
    assert f"less than {limit + 1} characters" in answer["response_metadata"]["messages"][0]


def test_the_sandbox_knows_its_channels_by_name(client):
    assert client.chat_postMessage(channel="#incidents", text="x")["channel"] == "C0INCIDENTS"


@pytest.mark.parametrize(("token", "error"), [("xoxb-other", "invalid_auth"), ("", "not_authed")])
def test_the_sandbox_checks_the_token(slack_url, token, error):
    assert refused(WebClient(token, base_url=slack_url).auth_test)["error"] == error


def test_the_other_methods_answer_like_slack(client):
    assert client.auth_test()["user_id"]
    assert client.users_info(user="U0MONA")["user"]["id"] == "U0MONA"
    assert refused(client.chat_update, channel="C0INCIDENTS", ts="1.2", text="x")["error"] == "message_not_found"
    assert refused(client.conversations_replies, channel="C0INCIDENTS", ts="1.2")["error"] == "thread_not_found"
    assert refused(client.api_call, api_method="chat.explode")["error"] == "unknown_method"


def test_metadata_is_shown_only_to_those_who_ask(client, slack_notifier):
    slack_notifier.send(slack_message())
    assert "metadata" not in client.conversations_history(channel="C0INCIDENTS")["messages"][0]
    told = client.conversations_history(channel="C0INCIDENTS", include_all_metadata=True)
    assert told["messages"][0]["metadata"]["event_payload"] == {"reference": "n-1"}


def test_a_press_in_the_sandbox_is_a_request_our_function_understands(slack_notifier, store, clock):
    sent = slack_notifier.send(slack_message())
    press = [
        slack_people.pressed(store, sent.provider_id, action="acknowledge", user="U1", secret="s", now=clock.now())
        for _ in range(2)
    ]
    nonces = {verify(p.headers, p.body, secret="s", now=clock.now()) for p in press}
    read = parse(press[0].headers, press[0].body)
    assert (read.action, read.incident, read.user, f"{read.channel}:{read.message_ts}") == (
        "acknowledge",
        "inc-1",
        "U1",
        sent.provider_id,
    )
    assert isinstance(read, SlackAction)
    assert len(nonces) == 2


def test_a_command_in_the_sandbox_is_a_request_our_function_understands(clock):
    typed = slack_people.commanded("ack inc-1", user="U1", channel="C1", secret="s", now=clock.now())
    assert verify(typed.headers, typed.body, secret="s", now=clock.now())
    assert parse(typed.headers, typed.body) == SlackCommand("ack inc-1", "U1", "C1")


def test_a_press_is_posted_to_the_address_given(slack_notifier, store, clock, recorder):
    sent = slack_notifier.send(slack_message())
    status = slack_people.press(
        recorder.url, store, sent.provider_id, action="acknowledge", user="U1", secret="s", now=clock.now()
    )
    headers, body = recorder.requests[0]
    assert status == 204
    assert verify(headers, body, secret="s", now=clock.now())
    assert "payload" in parse_qs(body.decode())


def test_a_button_that_is_not_there_cannot_be_pressed(slack_notifier, store, clock):
    sent = slack_notifier.send(slack_message())
    with pytest.raises(LookupError):
        slack_people.pressed(store, sent.provider_id, action="resolve", user="U1", secret="s", now=clock.now())


VIEW = {
    "type": "modal",
    "callback_id": "more",
    "private_metadata": "inc-1",
    "title": {"type": "plain_text", "text": "inc-1"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "to",
            "label": {"type": "plain_text", "text": "To"},
            "element": {
                "type": "static_select",
                "action_id": "to",
                "options": [{"text": {"type": "plain_text", "text": "Mona"}, "value": "mona"}],
            },
        }
    ],
}


def triggered(clock, **ago):
    return slack_modals.trigger(int((clock.now() - timedelta(**ago)).timestamp() * 1_000_000), "U0MONA", "5a17")


def test_a_modal_is_opened_and_sent_as_a_request_our_function_understands(slack_url, store, clock):
    open_view(triggered(clock), VIEW, token=TOKEN, base_url=slack_url)
    (view,) = store.messages("slack", to="U0MONA")
    sent = slack_people.submitted(store, view.id, {"to": "mona"}, user="U0MONA", secret="s", now=clock.now())
    assert verify(sent.headers, sent.body, secret="s", now=clock.now())
    assert parse(sent.headers, sent.body) == SlackSubmission("more", "U0MONA", (("to", "mona"),), "inc-1")
    with pytest.raises(LookupError, match="to be chosen"):
        slack_people.submitted(store, view.id, {"to": "omar"}, user="U0MONA", secret="s", now=clock.now())
    with pytest.raises(LookupError, match="no open modal"):
        slack_people.submitted(store, view.id, {}, user="U0OMAR", secret="s", now=clock.now())


VIEWS_REFUSED = {
    "older than 3 seconds": ({"seconds": 4}, VIEW, "expired_trigger_id"),
    "title too long": ({}, {**VIEW, "title": {"type": "plain_text", "text": "x" * 25}}, "invalid_arguments"),
    "no submit": ({}, {**VIEW, "submit": None}, "invalid_arguments"),
    "block twice": ({}, {**VIEW, "blocks": VIEW["blocks"] * 2}, "invalid_arguments"),
    "metadata too long": ({}, {**VIEW, "private_metadata": "x" * 3_001}, "invalid_arguments"),
    "no modal": ({}, {"type": "home", "blocks": []}, "invalid_arguments"),
}


@pytest.mark.parametrize("case", VIEWS_REFUSED.values(), ids=VIEWS_REFUSED)
def test_the_sandbox_refuses_the_modals_slack_refuses(slack_url, store, clock, case):
    ago, view, error = case
    with pytest.raises(DeliveryError) as failure:
        open_view(triggered(clock, **ago), view, token=TOKEN, base_url=slack_url)
    assert (failure.value.code, store.messages()) == (error, [])


def test_a_trigger_opens_one_modal(slack_url, clock):
    given = triggered(clock)
    open_view(given, VIEW, token=TOKEN, base_url=slack_url)
    with pytest.raises(DeliveryError, match="exchanged_trigger_id"):
        open_view(given, VIEW, token=TOKEN, base_url=slack_url)
    with pytest.raises(DeliveryError, match="invalid_trigger_id"):
        open_view("1.2", VIEW, token=TOKEN, base_url=slack_url)


def test_a_modal_slack_does_not_answer_to_is_given_up_in_time(slack_url, store, clock):
    store.faults.fail_next("slack.views", response={"hang": 5})
    began = time.monotonic()
    with pytest.raises(UnknownOutcomeError):
        open_view(triggered(clock), VIEW, token=TOKEN, base_url=slack_url, timeout=0.3)
    assert time.monotonic() - began < 2
    store.faults.release()

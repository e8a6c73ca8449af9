"""Slack's buttons, modal and command, down to what each person is told."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.slack_blocks import MODAL, faults_of
from shared.domain.incidents import State
from shared.domain.reasons import Notify
from shared.domain.slack_requests import SlackAction, SlackCommand, SlackSubmission
from shared.errors import TemporaryFailureError, UndecodableError
from shared.ports.store import Put
from shared.rendering.slack_modal import more_modal
from shared.usecases.present import present
from shared.usecases.records import DEAD_LETTERS, OUTBOX
from shared.usecases.slack_actions import answer
from shared.usecases.slack_commands import COMMANDS
from tests.conftest import configuration


class Views:
    """Implements OpenView: what was opened, or the fault it was told to meet."""

    def __init__(self):
        self.opened, self.fault = [], None

    def __call__(self, trigger, view):
        if self.fault:
            raise self.fault
        self.opened.append((trigger, view))


@pytest.fixture
def views():
    return Views()


@pytest.fixture
def ask(world, views):
    count = iter(range(1_000))

    def asks(request, nonce=None):
        return answer(request, nonce=nonce or f"n{next(count)}", open_view=views, **world.ports)

    return asks


@pytest.fixture
def says(ask):
    return lambda text, user="U0MONA": ask(SlackCommand(text, user, "C1"))["text"].replace("\u200b", "")


@pytest.fixture
def name(world):
    incident = world.fires("crash").incident
    world.pump()
    return incident


def replies(world):
    return [row.text for row in world.ledger(reason=Notify.REPLY)]


def press(action, name, user="U0MONA"):
    return SlackAction(action, name, user, "C0INCIDENTS", "1.2", f"{action}.{user}", "1.U0MONA.x")


def test_E67_somebody_unmapped_is_told_what_to_have_pasted(world, ask, says, name):
    ask(press("acknowledge", name, "U0NEW"))
    for text in (*replies(world), says(f"ack {name}", "U0NEW"), says("stats", "U0NEW"), says("dance", "U0NEW")):
        assert 'slack_user: "U0NEW"' in text
    assert world.incident(name).state is State.TRIGGERED
    assert name in says("list", "U0NEW")


def test_E55_the_second_to_press_is_told_who_and_when_where_only_they_see_it(world, ask, name):
    ask(press("acknowledge", name))
    ask(press("acknowledge", name, "U0OMAR"))
    (row,) = world.ledger(reason=Notify.REPLY)
    assert row.recipient == "slack:C0INCIDENTS/U0OMAR"
    assert "owned by Mona Adel, since 10 Mar 02:10 EET" in row.text


def test_E69_a_press_that_comes_again_before_it_was_done_with_is_answered_once(world, ask, name):
    for _ in range(2):  # the first died before its nonce was spent
        assert ask(press("acknowledge", name, "U0NEW")) == {}
    assert len(replies(world)) == 1


def test_more_opens_a_modal_that_slack_takes_with_everybody_entitled(world, ask, views, name):
    ask(press("more", name))
    ((trigger, view),) = views.opened
    assert trigger == "1.U0MONA.x"
    assert faults_of(view["blocks"], surface=MODAL) == []
    choices = {b["block_id"]: b["element"].get("options") for b in view["blocks"] if b["type"] == "input"}
    assert [o["text"]["text"] for o in choices["to"]] == ["Hany Fouad", "Laila Nour", "Mona Adel", "Omar Said"]
    assert [o["text"]["text"] for o in choices["lasting"]] == ["30 minutes", "1 hour", "2 hours", "4 hours", "8 hours"]
    assert replies(world) == []


def test_a_modal_that_cannot_be_opened_names_the_commands_that_do_the_same(world, ask, views, name):
    views.fault = TemporaryFailureError("expired_trigger_id")
    assert ask(press("more", name)) == {}
    (text,) = replies(world)
    assert all(f"/incident {word} {name}" in text for word in ("note", "assign", "snooze"))


@pytest.mark.parametrize("pressed", [("U0BOARD", ""), ("U0MONA", "INC-none")])
def test_E65_the_modal_opens_for_nobody_who_may_not_act_nor_for_what_is_not_there(world, ask, views, name, pressed):
    people = world.config.directory.people
    board = replace(people["board"], slack_user="U0BOARD")
    world.config = replace(world.config, directory=replace(world.config.directory, people={**people, "board": board}))
    user, incident = pressed
    ask(press("more", incident or name, user))
    assert views.opened == []
    assert replies(world)[0].startswith("Nothing was changed.")


def submit(name, user="U0MONA", callback="more", **values):
    return SlackSubmission(callback, user, tuple(values.items()), name)


def test_a_modal_hands_over_with_a_note_and_closes(world, ask, name):
    assert ask(submit(name, note="yours", to="lead", lasting="")) == {"response_action": "clear"}
    assert (world.incident(name).owner, world.incident(name).notes) == ("lead", 1)


def test_a_modal_snoozes_for_the_time_chosen(world, ask, name):
    ask(submit(name, lasting="120"))
    assert world.incident(name).snoozed_until == world.clock.now() + timedelta(hours=2)


MODAL_ERRORS = {
    "nothing": ({}, "note", "Write a note"),
    "blank": ({"note": " \n"}, "note", "Write a note"),
    "both": ({"to": "lead", "lasting": "30"}, "lasting", "choose one"),
    "to an observer": ({"to": "board"}, "to", "may own"),
    "no such time": ({"lasting": "600"}, "lasting", "5 minutes to 8 hours"),
    "junk": ({"lasting": "٣٠"}, "lasting", "5 minutes to 8 hours"),
    "a stranger": ({"note": "x", "user": "U0NEW"}, "note", "slack_user"),
}


@pytest.mark.parametrize("case", MODAL_ERRORS.values(), ids=MODAL_ERRORS)
def test_a_modal_shows_what_is_wrong_at_the_field_and_changes_nothing(world, ask, name, case):
    values, block, text = case
    before = world.incident(name)
    shown = ask(submit(name, **values))
    assert shown["response_action"] == "errors"
    assert text in shown["errors"][block]
    assert world.incident(name) == before


def test_E65_a_modal_sent_after_the_end_says_so_where_the_choice_was_made(world, ask, name):
    ask(press("resolve", name))
    assert "is resolved" in ask(submit(name, to="lead"))["errors"]["to"]
    assert ask(submit(name, note="late note")) == {"response_action": "clear"}


@pytest.mark.parametrize("forged", [submit("INC-1", callback="other", note="x"), submit("I" * 65, note="x")])
def test_a_modal_that_is_not_ours_is_refused(ask, forged):
    with pytest.raises(UndecodableError):
        ask(forged)


def test_E69_a_replayed_modal_or_command_has_no_second_effect(world, ask, name):
    for request in (submit(name, note="once"), SlackCommand(f"note {name} twice", "U0MONA", "C1")):
        ask(request, nonce=f"n-{type(request).__name__}")
        assert ask(request, nonce=f"n-{type(request).__name__}") == {}
    assert world.incident(name).notes == 2


def test_help_names_every_command_and_so_does_a_word_nobody_knows(says):
    for text in (says("help"), says("dance <!channel>")):
        assert all(f"/incident {word}" in text for word in COMMANDS)


def test_a_short_id_is_enough_where_it_is_the_only_one(world, says, name):
    assert "acknowledged" in says(f"ack {name[-4:]}")
    other = world.fires("search").incident
    assert f"{name}" in says("ack INC-2026") or other in says("ack INC-2026")
    assert world.incident(other).state is State.TRIGGERED
    says(f"resolve {name[-8:]}")
    assert f"{other}: acknowledged" in says("ack INC-2026")  # of those that match, the one that is open


COMMANDED = {
    "snooze {} 2h": "snoozed until 10 Mar 04:10 EET",
    "snooze {}": "snoozed until 10 Mar 02:40 EET",
    "escalate {}": "escalation asked for",
    "resolve {}": "resolved",
    "note {} disk is full": "note added",
    "assign {} lead": "handed over: Laila Nour",
    "assign {} @Laila": "handed over: Laila Nour",
    "assign {} <@U0LEAD|laila>": "handed over: Laila Nour",
    "assign {} me": "handed over: Mona Adel",
    "show {}": "soukmon: opened (crash broke)",
    "LIST": "{}  crash broke  Triggered",
    "": "{}  crash broke  Triggered",
    "oncall": "primary: Omar Said until 15 Mar 09:00 EET",
    "post-mortem {}": "Post-mortem of {}: Not opened yet: made from the record as it stands.",
    "stats": "crash_velocity: 1 told, 0 not useful (0.0%), 0 acknowledged, mean time to acknowledge n/a",
}


@pytest.mark.parametrize(("typed", "expected"), COMMANDED.items())
def test_a_command_is_carried_out_and_answered_to_its_author_alone(says, name, typed, expected):
    assert expected.format(name) in says(typed.format(name))


TAKEN = {
    "take primary for 4h": "10 Mar 06:10 EET",
    "take primary until 09:00": "10 Mar 09:00 EET",
    "take primary until 01:00": "11 Mar 01:00 EET",
    "take primary": "15 Mar 09:00 EET",
}


@pytest.mark.parametrize(("typed", "end"), TAKEN.items())
def test_a_rotation_is_taken_over_until_the_end_that_was_typed_and_given_back(world, says, typed, end):
    said = says(typed)
    assert end in said
    assert "Mona Adel" in said
    world.config = present(world.config, store=world.store, now=world.clock.now())
    assert says("oncall").startswith("primary: Mona Adel until")
    says("give-back primary")
    world.config = present(configuration(), store=world.store, now=world.clock.now())
    assert says("oncall").startswith("primary: Omar Said until 15 Mar 09:00 EET")


SILENCED = {
    "silence {} for 2h deploying": 'rule="crash_velocity" service="app"  mona: deploying',
    'silence service="web shop" rule=~"log.*" for 30m load test': 'service="web shop" rule=~"log.*"  mona: load test',
    "silence service=\u201cweb\u201d for 30m smart quotes": 'service="web"  mona: smart quotes',
}


@pytest.mark.parametrize(("typed", "expected"), SILENCED.items())
def test_what_is_silenced_from_slack_is_listed_and_ended_there(world, says, name, typed, expected):
    made = says(typed.format(name))
    assert expected in made
    assert says("silences") == made
    assert "is over" in says(f"unsilence {made.split()[0][-6:]}")
    assert says("silences") == "Nothing is silenced."


def test_E65_who_is_only_told_may_neither_silence_nor_end_a_silence(world, says, name):
    made = says(f"silence {name} for 1h deploying").split()[0]
    people = world.config.directory.people
    board = replace(people["board"], slack_user="U0BOARD")
    world.config = replace(world.config, directory=replace(world.config.directory, people={**people, "board": board}))
    for typed in (f"silence {name} for 2h x", f"unsilence {made}"):
        assert says(typed, "U0BOARD").startswith("Nothing was changed.")
    assert made in says("silences")


def test_a_silenced_rule_tells_nobody_until_the_silence_ends(world, says, name):
    made = says(f"silence {name} for 1h deploying")
    says(f"resolve {name}")
    world.clock.advance(timedelta(minutes=40))
    world.pump()
    before = world.told("sms")
    world.fires("crash", event="again")
    world.pump()
    assert world.told("sms") == before
    says(f"unsilence {made.split()[0]}")
    world.tick(minutes=1)
    assert len(world.told("sms")) > len(before)


UNCLEAR = {
    "silence": "A silence needs what, for how long, and why.",
    "silence {} for ever x": "A silence needs what, for how long, and why.",
    "silence {} for 2h": "A silence needs what, for how long, and why.",
    'silence service="web for 2h x': "No closing quotation.",
    "silence service=~(a+)+ for 2h x": "repeats what repeats or chooses already",
    'silence service=~".*" for 2h x': "Nothing was changed. a silence needs a matcher",
    "silence {} for 200h x": "Nothing was changed. a silence may last 7 days",
    "silence zzzz for 2h x": "No incident answers to 'zzzz'.",
    "unsilence zzzz": "No active silences answer to 'zzzz'.",
    "take": "Which rotation? There are primary.",
    "take primary tomorrow": "'tomorrow' is no end.",
    "take primary until 24:00": "'until 24:00' is no end.",
    "take primary for ever": "'for ever' is no end.",
    "give-back weekends": "Which rotation? There are primary.",
    "ack": "Which incident? Write: /incident ack ID",
    "ack zzzz": "No incident answers to 'zzzz'.",
    "snooze {} soon": "'soon' is no length of time.",
    "snooze {} 9h": "a snooze lasts from 5 minutes to 8 hours",
    "note {}": "the note is empty",
    "assign {}": "To whom?",
    "assign {} nobody": "Nobody on the on-call list answers to 'nobody'.",
    "assign {} <@U0NEW>": "Nobody on the on-call list answers to",
    "assign {} board": "nobody of that name may own an incident",
    "assign {} @": "Nobody on the on-call list answers to '@'.",
    "dead-letters": "for the roles devops, engineer, engineering_manager",
}


@pytest.mark.parametrize(("typed", "expected"), UNCLEAR.items())
def test_E65_a_command_that_cannot_be_carried_out_says_why_and_changes_nothing(world, says, name, typed, expected):
    before = world.incident(name)
    assert expected in says(typed.format(name))
    assert world.incident(name) == before


def test_E47_what_others_wrote_is_literal_in_answers_and_answers_are_bounded(world, ask):
    evil = "<!channel> *x* " + "y" * 400
    for n in range(12):
        world.fires(f"c{n}", service=f"s{n}", title=evil)
    shown = ask(SlackCommand("list", "U0MONA", "C1"))
    assert faults_of(shown["blocks"]) == []
    assert "<!channel>" not in shown["text"]
    assert {block["text"]["type"] for block in shown["blocks"]} == {"plain_text"}
    assert len(json.dumps(shown)) < 30_000


@pytest.fixture
def devops(world):
    directory = world.config.directory
    people = {**directory.people, "mona": replace(directory.people["mona"], roles=("devops",))}
    world.config = replace(world.config, directory=replace(directory, people=people))
    letter = {
        "function": "receive_log_entry", "reason": "not JSON: from a@souk.example", "received_at": "2026-03-10T00:00:00.000000Z",
        "preview": "password=hunter22x", "headers": {"content-type": "application/json"}, "object": "dead-letters/x", "state": "kept", "size": 3,
    }  # fmt: skip
    world.store.commit([Put(DEAD_LETTERS, "abcdef0123456789", letter)])
    return world


def test_E89_dead_letters_are_listed_and_shown_without_secrets(devops, says):
    assert "abcdef0123456789" in says("dead-letters list")
    shown = says("dead-letters show abcdef")
    assert ("receive_log_entry" in shown, "hunter22x" in shown, "object" in shown) == (True, False, False)


def test_a_redrive_from_slack_is_published_once_and_leaves_its_author_on_the_letter(devops, says):
    assert "is being sent to receive_log_entry again" in says("dead-letters redrive abcdef0123456789")
    assert ("redrives", {"letter": "abcdef0123456789"}) in devops.bus.messages
    letter = devops.store.get(DEAD_LETTERS, "abcdef0123456789").body
    assert (letter["state"], letter["asked_by"]) == ("redrive asked for", "mona")
    assert devops.store.get(OUTBOX, "redrive-abcdef0123456789") is None


@pytest.mark.parametrize("typed", ["dead-letters list", "dead-letters show abcdef", "dead-letters redrive abcdef"])
def test_E65_dead_letters_are_for_those_who_look_after_the_machinery(devops, says, typed):
    assert says(typed, "U0OMAR").startswith("Nothing was changed.")
    assert devops.bus.messages == []


HOSTILE = st.text(max_size=400) | st.sampled_from(["<!channel>", "\u202e" * 300, " ", "\n" * 9, "a" * 5_000])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=HOSTILE, names=st.lists(HOSTILE, max_size=120))
def test_a_modal_stays_within_slack_s_limits_whatever_the_title_and_the_names(name, world, title, names):
    incident = replace(world.incident(name), title=title)
    view = more_modal(incident, [(f"p{n}", text) for n, text in enumerate(names)])
    assert faults_of(view["blocks"], surface=MODAL) == []
    assert len(view["title"]["text"]) <= 24

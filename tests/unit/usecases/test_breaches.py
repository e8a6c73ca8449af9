"""From a security event to a breach: what is declared, what is proposed, who is told, and what they are told."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.sqlite_state import SqliteState
from shared.domain.breaches import Said, Standing
from shared.domain.code_names import code_name
from shared.domain.incidents import Acked, State
from shared.domain.maintenance import Window
from shared.domain.restricted import Details
from shared.domain.severities import Severity
from shared.domain.signals import digest
from shared.ports.store import Put, Query
from shared.usecases import breaches
from shared.usecases.act import Act, Action, act
from shared.usecases.breach_clock import remind_of_breaches
from shared.usecases.breach_records import BREACHES, SECURITY_SIGNALS, all_breaches, full_timeline_of, sealed_details
from shared.usecases.breaches import Wish
from shared.usecases.records import NOTIFICATIONS, RECEIPTS, SEALED_LINES, TIMELINE, WINDOWS, body_of, timeline_of
from tests.conftest import NIGHT
from tests.unit.usecases.breach_world import SECRET, TEAM, BreachWorld, inside, outside, with_team

NEUTRAL = re.compile(r"[a-z0-9@._/-]{5,}", re.IGNORECASE)


@pytest.fixture
def world(tmp_path, clock):
    return BreachWorld(SqliteState(tmp_path / "state.db"), clock, config=with_team())


@pytest.fixture
def pump(world):
    return world.pump


def secret_words(values=SECRET):
    text = json.dumps({k: v for k, v in values.items() if k != "source"})
    ours = {"projects", "https", "title", "summary", "labels", "values", "links", "alert_type", "service", "method"}
    return {word.lower() for word in NEUTRAL.findall(text)} - ours


def test_E88_a_critical_security_event_is_a_breach_from_its_first_message_on(world, pump):
    handled = world.fires("sink", **SECRET)
    pump()
    (breach,) = all_breaches(world.store)
    incident = world.incident(handled.incident)
    assert breach.incident == incident.id
    assert (breach.declared_by, breach.detected_at) == ("soukmon", NIGHT)
    assert incident.title == f"Security incident {breach.code}"
    assert breach.code == code_name(incident.id).en


def test_E88_nobody_outside_the_restricted_channel_reads_a_word_of_it(world, pump):
    world.fires("sink", **SECRET)
    pump()
    world.tick(minutes=20)
    pump()
    assert {to for to, _ in outside(world)} == {
        "mona@souk.example",
        "omar@souk.example",
        "+201000000011",
        "+201000000012",
    }
    for to, text in outside(world):
        assert not [word for word in secret_words() if word in text.lower()], to
    assert any("orders-audit" in text and "DeleteSink" in text for text in inside(world))


def test_E88_what_is_kept_of_the_incident_for_everybody_has_no_details_either(world, pump):
    world.fires("sink", **SECRET)
    world.fires("sink", event="again", **{**SECRET, "values": {"principal": "second@evil.example"}})
    pump()
    for collection, by in ((NOTIFICATIONS, "planned_at"), ("incidents", "opened_at"), (RECEIPTS, "at")):
        for row in world.store.find(Query(collection, order_by=by, limit=100)):
            kept = json.dumps(row.body).lower()
            assert not [word for word in secret_words() | {"second@evil.example"} if word in kept], collection
    (incident,) = world.incidents()
    for line in world.store.find(Query(TIMELINE, equal={"incident": incident.id}, order_by="seq")):
        assert not line.body["detail"]
    details = sealed_details(world.store, incident.id)
    assert details == Details(
        SECRET["title"],
        SECRET["summary"],
        SECRET["service"],
        "audit",
        SECRET["alert_type"],
        "blinded",
        "blinded_logs",
        SECRET["labels"],
        {**SECRET["values"], "principal": "second@evil.example"},
        SECRET["links"],
    )
    assert any("orders-audit" in entry.detail for entry in full_timeline_of(world.store, incident.id))


WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=14).map(lambda word: f"zq{word}")
MAPPING = st.dictionaries(st.sampled_from(["subject", "principal", "app_version", "path", "status"]), WORDS, max_size=4)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(WORDS, WORDS, MAPPING, MAPPING, st.booleans()), min_size=1, max_size=4),
    st.lists(st.sampled_from(["ack", "note", "escalate", "assign", "tick", "resolve", "declare"]), max_size=8),
)
def test_E88_whatever_comes_and_whatever_is_done_no_word_of_it_gets_out(tmp_path_factory, clock, signals, acts):
    folder = tmp_path_factory.mktemp("world")
    world = BreachWorld(SqliteState(folder / "state.db"), type(clock)(NIGHT), config=with_team())
    said, first = set(), None
    for index, (title, summary, labels, values, again) in enumerate(signals):
        said |= {title, summary, *labels.values(), *values.values()}
        given = {**SECRET, "title": title, "summary": summary, "labels": labels, "values": values, "links": {}}
        handled = world.fires("sink", event=f"e{index}", key=title if again else "sink", **given)
        first = first or handled.incident
        world.pump()
    for index, what in enumerate(acts):
        world.clock.advance(timedelta(minutes=7))
        note = f"zqnote{digest(str(index))}"
        said.add(note)
        done(world, what, first, note)
        world.pump()
    world.pump()
    assert inside(world)
    for to, text in outside(world):
        assert not [word for word in said if word in text], to
    for row in world.store.find(Query(NOTIFICATIONS, order_by="planned_at", limit=500)):
        assert not [word for word in said if word in json.dumps(row.body)]
    shown = [entry.detail for entry in timeline_of(world.store, first)]
    assert not [detail for detail in shown if detail]


ACTS = {"ack": Action.ACKNOWLEDGE, "note": Action.NOTE, "escalate": Action.ESCALATE, "resolve": Action.RESOLVE}


def done(world, what, incident, note):
    if what == "tick":
        world.tick(minutes=3)
    elif what == "declare":
        breaches.declare(Wish(incident, "lead", "slack"), **world.ports)
    elif what == "assign":
        world_act(world, Action.REASSIGN, incident, to="omar", note=note)
    else:
        world_act(world, ACTS[what], incident, note=note)


def forget(world):
    for notifier in world.notifiers.values():
        notifier.sent.clear()


def world_act(world, action, incident, person="mona", **more):
    return act(Act(action, incident, person, "slack", **more), **world.ports)


def test_E88_a_note_of_the_team_is_read_in_its_channel_and_nowhere_else(world, pump):
    name = world.fires("sink", **SECRET).incident
    pump()
    world_act(world, Action.NOTE, name, note="the key was in a public repository")
    pump()
    assert any("public repository" in text for text in inside(world))
    assert not any("public repository" in text for _, text in outside(world))


def test_what_is_less_than_critical_is_proposed_in_the_restricted_channel_alone(world, pump):
    handled = world.fires("denied", **{**SECRET, "alert_type": "security.access_denied"})
    pump()
    assert not all_breaches(world.store)
    asked = [text for text in inside(world) if f"/incident breach {handled.incident}" in text]
    assert len(asked) == 1
    assert "orders-audit" in asked[0]
    world.fires("denied", event="twice", **{**SECRET, "alert_type": "security.access_denied"})
    pump()
    assert len([text for text in inside(world) if "/incident breach" in text]) == 1


def test_a_burst_makes_a_breach_of_what_was_only_proposed(world, pump):
    for number in range(6):
        handled = world.fires("denied", event=f"d{number}", **{**SECRET, "alert_type": "security.access_denied"})
    pump()
    assert [one.incident for one in all_breaches(world.store)] == [handled.incident]
    assert world.incident(handled.incident).restricted


def test_every_signal_that_may_be_evidence_is_kept_with_its_incident(world):
    handled = world.fires("denied", **{**SECRET, "alert_type": "security.access_denied"})
    (row,) = world.store.find(Query(SECURITY_SIGNALS, equal={"incident": handled.incident}, order_by="at"))
    assert row.body["values"] == SECRET["values"]


def test_E88_once_declared_an_open_message_shows_the_code_name_and_only_the_team_is_told(world, pump):
    name = world.fires("crash", title="orders-audit table was read by a stranger").incident
    pump()
    forget(world)
    world.clock.advance(timedelta(hours=3))
    done = breaches.declare(Wish(name, "lead", "slack"), **world.ports)
    pump()
    assert done.said is Said.DECLARED
    assert done.breach.detected_at == NIGHT
    later = outside(world)
    assert {to for to, _ in later} == {
        "C0INCIDENTS",
        "mona@souk.example",
        "omar@souk.example",
        "+201000000011",
        "+201000000012",
    }
    assert all("orders-audit" not in text for _, text in later)
    named = (done.breach.code, done.breach.code_ar)
    assert not [text for _, text in later if not any(name in text for name in named)]
    assert breaches.declare(Wish(name, "mona", "slack"), **world.ports).said is Said.DECLARED_BEFORE
    assert len(all_breaches(world.store)) == 1


def test_lines_from_before_the_declaration_are_not_shown_either(world):
    name = world.fires("crash", title="orders-audit table was read by a stranger").incident
    assert any("orders-audit" in entry.detail for entry in timeline_of(world.store, name))
    breaches.declare(Wish(name, "lead", "slack"), **world.ports)
    assert not any(entry.detail for entry in timeline_of(world.store, name))


def test_whoever_is_not_in_the_team_neither_owns_a_breach_nor_is_given_one(world, pump):
    name = world.fires("crash").incident
    world_act(world, Action.ACKNOWLEDGE, name, person="boss")
    breaches.declare(Wish(name, "boss", "slack"), **world.ports)
    incident = world.incident(name)
    assert (incident.owner, incident.state, incident.severity) == ("", State.TRIGGERED, Severity.CRITICAL)
    assert world_act(world, Action.ACKNOWLEDGE, name, person="boss").outcome == Acked.UNKNOWN_INCIDENT
    world_act(world, Action.ACKNOWLEDGE, name, person="mona")
    assert world.incident(name).owner == "mona"
    world_act(world, Action.REASSIGN, name, to="boss")
    assert world.incident(name).owner == "mona"


def test_an_observer_declares_nothing_and_a_name_that_is_none_leads_nowhere(world):
    name = world.fires("crash").incident
    assert breaches.declare(Wish(name, "board", "slack"), **world.ports).said is Said.NOT_ENTITLED
    assert breaches.declare(Wish("INC-0", "mona", "slack"), **world.ports).said is Said.UNKNOWN_INCIDENT
    assert breaches.note_report(Wish("BR-0", "mona", "slack"), **world.ports).said is Said.UNKNOWN
    assert breaches.note_report(Wish("BR-0", "boss", "slack"), **world.ports).said is Said.NOT_IN_TEAM


def test_E76_neither_a_maintenance_window_nor_the_night_holds_a_breach_back(tmp_path, clock, world, pump):
    noise = replace(world.config.noise, break_through=("security.*",))
    world.config = replace(world.config, noise=noise)
    window = Window("w1", NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=1), "work", "lead", ())
    world.store.commit([Put(WINDOWS, "w1", {**body_of(window), "is_open": "yes"})])
    assert world.fires("crash").reason == "began inside a maintenance window"
    world.fires("sink", **SECRET)
    pump()
    assert any("Security incident" in text for _, text in outside(world))


def test_E88_reminders_at_24_48_60_and_70_hours_survive_a_redeployment(world, pump, tmp_path):
    world.fires("sink", **SECRET)
    pump()
    (breach,) = all_breaches(world.store)
    heard, told = len(inside(world)), []
    for hour in range(1, 80):
        world = BreachWorld(
            SqliteState(tmp_path / "state.db"), world.clock, config=with_team(), notifiers=world.notifiers
        )
        world.clock.advance(timedelta(hours=1))
        breaches_told(world)
        world.pump()
        if len(inside(world)) > heard:
            heard = len(inside(world))
            told.append(hour)
    assert told == [24, 48, 60, 70, 73]
    assert "overdue" in inside(world)[-1]
    reminders = [(to, text) for to, text in outside(world) if "deadline" in text.lower()]
    assert {to for to, _ in reminders} >= {"mona@souk.example", "lead@souk.example", "+201000000013"}
    assert all("regulator" not in text and "breach" not in text.lower() for _, text in reminders)
    assert all(breach.code in text or breach.code_ar in text for _, text in reminders)


def breaches_told(world):
    remind_of_breaches(config=world.config, store=world.store, publisher=world.bus, now=world.clock.now())


def test_E88_the_report_stops_the_clock(world, pump):
    world.fires("sink", **SECRET)
    pump()
    (breach,) = all_breaches(world.store)
    world.clock.advance(timedelta(hours=30))
    done = breaches.note_report(Wish(breach.code.lower(), "omar", "slack", "number 1234"), **world.ports)
    assert done.said is Said.REPORTED
    world.clock.advance(timedelta(hours=50))
    heard = len(inside(world))
    breaches_told(world)
    pump()
    assert not [text for text in inside(world)[heard:] if "since detection" in text]
    assert breaches.close(Wish(breach.id, "mona", "slack"), **world.ports).breach.standing is Standing.CLOSED


def test_E88_a_false_alarm_is_stood_down_by_two_of_the_team_with_a_reason(world, pump):
    world.fires("sink", **SECRET)
    (breach,) = all_breaches(world.store)
    wish = Wish(breach.code, "mona", "slack", "it was our own clean-up of orders-audit")
    assert breaches.ask_stand_down(wish, **world.ports).said is Said.ASKED
    assert breaches.ask_stand_down(wish, **world.ports).said is Said.SAME_PERSON
    done = breaches.ask_stand_down(Wish(breach.code, "omar", "slack"), **world.ports)
    assert done.said is Said.STOOD_DOWN
    pump()
    assert any("clean-up of orders-audit" in text for text in inside(world))
    assert not any("orders-audit" in text for _, text in outside(world))
    assert world.store.get(BREACHES, breach.id).body["reason"] == wish.text


def test_without_a_response_team_a_breach_goes_to_the_default_contact(world, tmp_path):
    world.config = with_team(response_team=replace(TEAM, people=(), channel="", legal="", privacy=""))
    world.fires("sink", **SECRET)
    world.pump()
    assert {to for to, _ in outside(world)} == {"lead@souk.example", "+201000000013"}
    assert not inside(world)


def test_details_of_lines_are_kept_apart_from_the_record(world):
    name = world.fires("sink", **SECRET).incident
    kept = world.store.find(Query(SEALED_LINES, equal={"incident": name}, order_by="at"))
    assert any(SECRET["title"] in row.body["detail"] for row in kept)

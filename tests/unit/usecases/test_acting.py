"""What people do to an incident: snooze, hand over, note, judge, escalate at once; refusals change nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.sqlite_state import SqliteState
from shared.domain.acting import Outcome
from shared.domain.incidents import Acked, State
from shared.domain.notifications import Channel
from shared.domain.reasons import Notify
from shared.domain.rules import Match
from shared.domain.severities import Severity
from shared.usecases.act import Act, Action, act, sentence
from shared.usecases.records import timeline_of
from tests.unit.usecases.world import World

SMS = Channel.SMS


def does(world, action, incident, person="mona", **more):
    return act(Act(action, incident, person, "test", **more), **world.ports)


@pytest.fixture
def name(world):
    incident = world.fires("crash").incident
    world.pump()
    return incident


def rows(world, reason, channel=SMS):
    return [row.recipient for row in world.ledger(reason=reason, channel=channel)]


def test_escalate_takes_the_next_step_in_the_same_commit_and_nobody_waits_for_the_tick(world, name):
    does(world, Action.ESCALATE, name)
    world.pump()
    assert rows(world, Notify.ASKED) == ["lead", "omar"]
    assert {row.note for row in world.ledger(reason=Notify.ASKED)} == {"Mona Adel"}
    world.tick()
    assert rows(world, Notify.ESCALATED) == []
    world.tick(minutes=15)
    assert rows(world, Notify.ESCALATED) == ["boss"]


def test_escalate_again_and_again_never_ends_in_silence(world, name):
    for _ in range(8):
        does(world, Action.ESCALATE, name)
        assert world.incident(name).due_at is not None
    world.pump()
    told = len(world.ledger(reason=Notify.ASKED, channel=Channel.EMAIL))
    assert told == 2 + 7  # engineering are two, then the executive each time
    world.tick(minutes=15)
    assert rows(world, Notify.REPEATED)[-1:] == ["boss"] or rows(world, Notify.LAST_RESORT)[-1:] == ["boss"]


def test_escalate_by_the_owner_gives_the_incident_up(world, name):
    does(world, Action.ACKNOWLEDGE, name)
    does(world, Action.ESCALATE, name)
    incident = world.incident(name)
    assert (incident.state, incident.owner, incident.ack_expires_at) == (State.TRIGGERED, "", None)


@pytest.mark.parametrize("lasting", [timedelta(minutes=5), timedelta(hours=2), timedelta(hours=8)])
def test_E66_a_snooze_ends_when_it_was_said_to_and_the_chain_starts_again(world, name, lasting):
    acted = does(world, Action.SNOOZE, name, lasting=lasting)
    assert "snoozed until" in sentence(acted, world.config)
    world.tick(seconds=lasting.total_seconds() - 60)
    assert world.incident(name).is_snoozed
    world.tick(minutes=1)
    assert world.incident(name).state is State.TRIGGERED
    assert rows(world, Notify.ACK_EXPIRED) == ["omar"]


def test_E66_acknowledgement_and_snooze_survive_a_restart(world, name, tmp_path):
    other = world.fires("search").incident
    does(world, Action.SNOOZE, name)
    does(world, Action.ACKNOWLEDGE, other)
    again = World(SqliteState(tmp_path / "state.db"), world.clock)
    assert [again.incident(one).state for one in (name, other)] == [State.ACKNOWLEDGED] * 2
    again.tick(minutes=29)
    assert again.ledger(reason=Notify.ACK_EXPIRED) == []
    again.tick(minutes=1)
    assert {row.incident for row in again.ledger(reason=Notify.ACK_EXPIRED)} == {name}
    again.tick(minutes=30)
    assert {row.incident for row in again.ledger(reason=Notify.ACK_EXPIRED)} == {name, other}


def test_whoever_snoozed_may_acknowledge_in_earnest_and_others_hear_who_has_it(world, name):
    does(world, Action.SNOOZE, name)
    assert does(world, Action.SNOOZE, name, "omar").outcome == Acked.ALREADY_OWNED
    assert does(world, Action.ACKNOWLEDGE, name, "omar").outcome == Acked.ALREADY_OWNED
    assert does(world, Action.ACKNOWLEDGE, name).outcome == Acked.ACCEPTED
    assert not world.incident(name).is_snoozed
    world.tick(minutes=31)
    assert world.incident(name).state is State.ACKNOWLEDGED


def test_a_hand_over_tells_the_new_owner_at_once_with_who_and_why(world, name):
    does(world, Action.ACKNOWLEDGE, name)
    acted = does(world, Action.REASSIGN, name, to="lead", note="payments are yours")
    assert sentence(acted, world.config).endswith("handed over: Laila Nour.")
    world.pump()
    assert world.incident(name).owner == "lead"
    assert rows(world, Notify.HANDED_OVER) == rows(world, Notify.HANDED_OVER, Channel.EMAIL) == ["lead"]
    assert rows(world, Notify.HANDED_OVER, Channel.SLACK) == ["slack:incidents"]
    assert {r.note for r in world.ledger(reason=Notify.HANDED_OVER)} == {"Mona Adel: payments are yours"}
    assert "lead" in world.told("sms")  # sent although somebody owns the incident
    assert [e.detail for e in timeline_of(world.store, name)][-2:] == ["mona -> lead, via test", "payments are yours"]


def test_a_hand_over_of_what_is_less_than_high_is_mailed_and_nobodys_telephone_rings(world):
    rule = replace(
        world.config.event_rules[0], name="quiet", match=Match(("quiet.*",)), severity=Severity.MEDIUM, impact=()
    )
    world.config = replace(world.config, event_rules=(rule, *world.config.event_rules))
    name = world.fires("dull", alert_type="quiet.one").incident
    assert "sms" in world.incident(name).channels
    does(world, Action.REASSIGN, name, to="lead")
    assert (rows(world, Notify.HANDED_OVER), rows(world, Notify.HANDED_OVER, Channel.EMAIL)) == ([], ["lead"])


def test_a_hand_over_nobody_answers_does_not_end_in_silence(world, name):
    does(world, Action.REASSIGN, name, to="lead")
    world.tick(minutes=14)
    assert world.incident(name).is_offered
    world.tick(minutes=1)
    assert (world.incident(name).state, world.incident(name).owner) == (State.TRIGGERED, "")


def test_a_hand_over_that_is_acknowledged_lasts_as_any_acknowledgement(world, name):
    does(world, Action.REASSIGN, name, to="lead")
    assert does(world, Action.ACKNOWLEDGE, name, "lead").outcome == Acked.ACCEPTED
    world.tick(minutes=59)
    assert world.incident(name).owner == "lead"


def test_somebody_may_take_an_incident_over_and_is_not_told_of_it(world, name):
    does(world, Action.ACKNOWLEDGE, name)
    does(world, Action.REASSIGN, name, "omar", to="omar")
    world.pump()
    incident = world.incident(name)
    assert (incident.owner, incident.is_offered) == ("omar", False)
    assert rows(world, Notify.HANDED_OVER) == []


def test_a_note_is_on_the_record_and_in_the_thread_without_personal_data(world, name):
    text = "called +20 100 123 4567, token=abc123def; <!channel>"
    does(world, Action.NOTE, name, note=text)
    world.pump()
    line = timeline_of(world.store, name)[-1]
    assert (line.event, line.actor, line.detail) == ("note", "mona", "called [phone], token=[secret]; <!channel>")
    assert [row.note for row in world.ledger(reason=Notify.NOTED)] == [f"Mona Adel: {line.detail}"]
    assert world.incident(name).notes == 1
    assert world.told("email") == ["omar"]  # of the failure, and of nothing else


def test_a_note_may_follow_the_end_and_go_with_another_act(world, name):
    does(world, Action.RESOLVE, name, note="disk was full")
    does(world, Action.NOTE, name, note="alert on disks added")
    assert [e.event for e in timeline_of(world.store, name)] == ["opened", "resolved", "note", "note"]
    assert world.incident(name).state is State.RESOLVED
    world.pump()
    assert len(world.ledger(reason=Notify.NOTED)) == 2
    assert {row.state for row in world.ledger(reason=Notify.NOTED)} == {"sent"}


def test_not_useful_counts_once_for_each_person_and_tells_nobody(world, name):
    before, messages = world.incident(name), len(world.ledger())
    outcomes = [does(world, Action.NOT_USEFUL, name, who).outcome for who in ("mona", "mona", "omar")]
    assert outcomes == [Outcome.JUDGED, Outcome.JUDGED_BEFORE, Outcome.JUDGED]
    assert world.incident(name).judged == ("mona", "omar")
    assert replace(world.incident(name), entries=before.entries, head=before.head, judged=()) == before
    assert len(world.ledger()) == messages


REFUSED = {
    "snooze too short": ({"action": Action.SNOOZE, "lasting": timedelta(minutes=4)}, Outcome.NO_SUCH_SNOOZE),
    "snooze too long": ({"action": Action.SNOOZE, "lasting": timedelta(hours=8, minutes=1)}, Outcome.NO_SUCH_SNOOZE),
    "to a stranger": ({"action": Action.REASSIGN, "to": "stranger"}, Outcome.CANNOT_OWN),
    "to an observer": ({"action": Action.REASSIGN, "to": "board"}, Outcome.CANNOT_OWN),
    "to nobody": ({"action": Action.REASSIGN}, Outcome.CANNOT_OWN),
    "empty note": ({"action": Action.NOTE, "note": " \n"}, Outcome.EMPTY_NOTE),
    "by an observer": ({"action": Action.REASSIGN, "to": "mona", "person": "board"}, Acked.NOT_ENTITLED),
    "note by a stranger": ({"action": Action.NOTE, "note": "x", "person": "stranger"}, Acked.NOT_ENTITLED),
    "unknown incident": ({"action": Action.NOTE, "note": "x", "incident": "INC-x"}, Acked.UNKNOWN_INCIDENT),
}


@pytest.mark.parametrize(("wish", "outcome"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_E65_what_is_refused_changes_nothing_and_says_why(world, name, wish, outcome, locale):
    before, lines, ledger = world.incident(name), timeline_of(world.store, name), world.ledger()
    acted = act(Act(**{"incident": name, "person": "mona", "via": "test", "note": "unsaid", **wish}), **world.ports)
    assert (acted.outcome, acted.happened) == (outcome, False)
    assert (world.incident(name), timeline_of(world.store, name), world.ledger()) == (before, lines, ledger)
    said = sentence(acted, world.config, locale)
    assert said.startswith("Nothing was changed." if locale == "en" else "لم يتغير شيء.")
    assert (str(outcome) in said) == (locale == "en")


@pytest.mark.parametrize(
    "action", [Action.ACKNOWLEDGE, Action.SNOOZE, Action.ESCALATE, Action.RESOLVE, Action.REASSIGN]
)
def test_E65_an_incident_that_is_over_takes_notes_and_judgements_only(world, name, action):
    does(world, Action.RESOLVE, name)
    before = world.incident(name)
    assert does(world, action, name, to="omar").outcome == Acked.ALREADY_OVER
    assert world.incident(name) == before


def test_a_hand_over_to_the_owner_is_no_news(world, name):
    does(world, Action.ACKNOWLEDGE, name)
    assert does(world, Action.REASSIGN, name, "omar", to="mona").outcome == Outcome.ALREADY_THEIRS

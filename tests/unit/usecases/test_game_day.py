"""The game day through the use cases: begun once, judged once, told when a channel is lost; nobody is woken by a test."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.game_day import Said, rehearsal_signal
from shared.domain.incidents import State
from shared.domain.inhibitions import Inhibition
from shared.domain.matchers import parse
from shared.domain.noise import Noise
from shared.domain.notifications import GAME_DAY, GAME_DAY_SLACK, Channel
from shared.domain.oncall import Person
from shared.errors import PermanentFailureError, TemporaryFailureError
from shared.ports.messages import Outgoing, SmsBody
from shared.ports.store import Query
from shared.usecases.game_day import drills, run_game_day
from shared.usecases.records import AMENDMENTS, GAME_DAYS
from shared.usecases.silencing import Wish, silence

RECIPIENT = Person(GAME_DAY, "Game day", "day@souk.example", "+201000000099", roles=("observer",))


@pytest.fixture
def drilled(world):
    known = world.config.directory
    people = {**known.people, GAME_DAY: RECIPIENT}
    slack = {**world.config.slack_channels, GAME_DAY: "C0GAMEDAY"}
    world.config = replace(world.config, directory=replace(known, people=people), slack_channels=slack)
    return world


def run(world, *, forced=False):
    return run_game_day(forced=forced, **world.ports)[0]


def rehearse(world, rule="crash_velocity"):
    world.handle(rehearsal_signal(rule, "1", world.clock.now(), over=False))


def told(world):
    return {row.recipient for row in world.ledger()}


def ours(world):
    return [one for one in world.incidents() if one.alert_type == "soukmon.game_day_failed"]


def test_every_channel_of_the_recipient_is_used_and_nobody_else_s(drilled):
    assert run(drilled) is Said.BEGUN
    drilled.pump()
    assert {str(channel) for channel in Channel if drilled.notifiers[channel].sent} == {
        "slack",
        "email",
        "sms",
        "voice",
    }
    assert told(drilled) == {GAME_DAY, GAME_DAY_SLACK}
    assert run(drilled) is Said.PASSED
    (drill,) = drills(drilled.store)
    assert set(drill.seconds) == {"slack", "email", "sms", "voice"}


def test_a_redelivered_call_begins_and_judges_nothing_twice(drilled):
    assert [run(drilled), run(drilled)] == [Said.BEGUN, Said.WAITING]
    drilled.pump()
    assert [run(drilled), run(drilled)] == [Said.PASSED, Said.PASSED]
    assert len(drills(drilled.store)) == 1
    drilled.pump()
    (test,) = drilled.incidents()
    assert (test.source, test.state) == ("test", State.RESOLVED)


def test_a_lost_channel_is_an_incident_of_our_own_and_the_next_success_ends_it(drilled):
    drilled.notifiers[Channel.SMS].faults = [PermanentFailureError("21211")]
    run(drilled)
    drilled.pump()
    drilled.clock.advance(timedelta(minutes=10))
    assert run(drilled) is Said.FAILED
    drilled.pump()
    assert [(one.title, one.state) for one in ours(drilled)] == [("Game day: sms did not get through", State.TRIGGERED)]
    assert run(drilled, forced=True) is Said.BEGUN
    drilled.pump()
    assert run(drilled) is Said.PASSED
    drilled.pump()
    assert [one.state for one in ours(drilled)] == [State.RESOLVED]


def test_a_failed_rehearsal_raises_no_alarm_but_the_game_day_s(drilled):
    for channel in Channel:
        drilled.notifiers[channel].faults = [PermanentFailureError("x", channel_broken=True)]
    rehearse(drilled)
    drilled.pump()
    assert [one.source for one in drilled.incidents()] == ["test"]
    assert told(drilled) == {GAME_DAY, GAME_DAY_SLACK}


@pytest.mark.parametrize("rule", ["crash_velocity", "request_5xx", "unknown"])
def test_a_rehearsed_rule_climbs_to_nobody_however_long_it_is_left_alone(drilled, rule):
    rehearse(drilled, rule)
    drilled.notifiers[Channel.SLACK].faults = [TemporaryFailureError("x")] * 9
    for _ in range(12):
        drilled.pump()
        drilled.tick(minutes=15)
    assert told(drilled) == {GAME_DAY, GAME_DAY_SLACK}


def test_without_a_recipient_a_rehearsal_reaches_nobody_at_all(world):
    assert run(world) is Said.NOT_CONFIGURED
    rehearse(world)
    assert told(world) <= {GAME_DAY}


def test_a_storm_does_not_swallow_a_rehearsal(drilled):
    for number in range(12):
        drilled.fires(f"crash{number}")
    drilled.fires("first of its service", service="test")
    rehearse(drilled)
    assert GAME_DAY in told(drilled)


def test_two_instances_at_the_same_moment_begin_one_game_day(drilled, tmp_path):
    class Blind(type(drilled.store)):
        """Sees no game day yet, as the slower of two instances."""

        def find(self, query):
            return [] if query.collection == GAME_DAYS else super().find(query)

    run(drilled)
    drilled.clock.advance(timedelta(seconds=1))
    store = Blind(tmp_path / "state.db")
    assert run_game_day(forced=False, **{**drilled.ports, "store": store})[0] is Said.WAITING
    drilled.pump()
    assert len(drilled.incidents()) == 1


def test_a_promise_that_a_rehearsal_breaks_is_told_to_nobody(drilled):
    promises = {s: replace(p, tell_when_broken=("person:boss",)) for s, p in drilled.config.promises.items()}
    drilled.config = replace(drilled.config, promises=promises)
    rehearse(drilled)
    for _ in range(20):
        drilled.tick(minutes=20)
    assert told(drilled) == {GAME_DAY, GAME_DAY_SLACK}


def test_a_rehearsal_is_not_muted_and_mutes_nothing(drilled):
    anything = parse('alert_type=~"test.*"')
    worse = Inhibition("worse", (anything,), (parse('alert_type=~".+"'),), ("service",))
    drilled.config = replace(drilled.config, noise=Noise(inhibitions=(worse,)))
    wish = Wish((anything,), timedelta(hours=2), "mona", "deploy")
    assert silence(wish, config=drilled.config, store=drilled.store, clock=drilled.clock).silence
    rehearse(drilled)
    drilled.pump()
    assert told(drilled) == {GAME_DAY, GAME_DAY_SLACK}
    assert [one.inhibits for one in drilled.incidents()] == [False]


def test_E80_a_game_day_that_somebody_asked_for_does_not_swallow_the_day_s_own(drilled):
    for forced in (True, False):
        drilled.clock.advance(timedelta(minutes=20))
        assert run(drilled, forced=forced) is Said.BEGUN
        drilled.pump()
        assert run(drilled) is Said.PASSED
    assert run(drilled) is Said.PASSED
    assert len(drills(drilled.store)) == 2
    drilled.clock.advance(timedelta(days=7))
    assert run(drilled) is Said.BEGUN


@pytest.mark.parametrize("fault", [{"opted_out": True}, {"address_gone": True}])
def test_a_rehearsal_that_is_refused_marks_no_address_and_mails_nobody(drilled, fault):
    def to_the_number(row, incident):
        del incident
        return Outgoing(row.id, RECIPIENT.phone, SmsBody("x"))

    drilled.notifiers[Channel.SMS].faults = [PermanentFailureError("21610", **fault)]
    rehearse(drilled)
    drilled.pump(compose=to_the_number)
    assert told(drilled) == {GAME_DAY, GAME_DAY_SLACK}
    assert drilled.store.find(Query(AMENDMENTS)) == []

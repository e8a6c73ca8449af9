"""Measures against a breach as people and the machine carry them through, and what is left of a crash on the way."""

from datetime import timedelta

import pytest

from shared.adapters.sqlite_state import SqliteState
from shared.domain.breaches import Said as BreachSaid
from shared.domain.containment import Effect, Kind, Said, Stage
from shared.errors import ContainmentError
from shared.usecases.breach_records import all_breaches, full_timeline_of
from shared.usecases.containment import (
    Ports,
    ask,
    carry_out,
    confirm_measure,
    measures_of,
    propose_measure,
)
from shared.usecases.outbox import sweep
from tests.unit.usecases.breach_world import SECRET, BreachWorld, inside, outside, with_team


class Accounts:
    """Implements Containing: users that exist, and what was done to them."""

    def __init__(self, *known):
        self.known, self.done, self.fails = known, [], {}

    def __call__(self, kind):
        self.kind = kind
        return self

    def foresee(self, target):
        if target not in self.known:
            raise ContainmentError("there is no such user")
        return Effect(target, "would be signed out")

    def carry_out(self, target):
        if target in self.fails:
            raise self.fails[target]
        self.done.append(target)
        return "signed out"


@pytest.fixture
def world(tmp_path, clock):
    made = BreachWorld(SqliteState(tmp_path / "state.db"), clock, config=with_team())
    made.fires("sink", **SECRET)
    made.pump()
    return made


@pytest.fixture
def ports(world):
    return Ports(world.config, world.store, world.bus, world.clock)


@pytest.fixture
def breach(world):
    return all_breaches(world.store)[0]


@pytest.fixture
def accounts():
    return Accounts("u1", "u2")


@pytest.fixture
def work(world, ports, accounts):
    """Carry what waits on the measures' topic; the other messages are sent."""

    def works():
        for _ in range(20):
            waiting = [data["containment"] for topic, data in world.bus.messages if topic == "containments"]
            world.bus.messages = [m for m in world.bus.messages if m[0] != "containments"]
            if not waiting:
                break
            for name in waiting:
                carry_out(name, measures=accounts, ports=ports)
        world.pump()

    return works


@pytest.fixture
def seen(breach, ports, work):
    done = ask(breach.code.lower().replace(" ", "-"), Kind.REVOKE_SESSIONS, ["u1", "u2", "u3"], by="mona", ports=ports)
    work()
    return done.measure.id


@pytest.fixture
def proposed(seen, ports, work, breach):
    assert propose_measure(seen, by="mona", ports=ports).said is Said.PROPOSED
    work()
    (measure,) = measures_of(breach, ports.store)
    return measure


def test_E88_by_default_it_only_says_exactly_what_would_be_done(world, breach, seen, accounts, ports):
    (measure,) = measures_of(breach, ports.store)
    assert measure.stage is Stage.FORESEEN
    assert accounts.done == []
    told = inside(world)[-1]
    assert "end the sessions of 2 user(s)" in told
    assert all(text in told for text in ("u1: would be signed out", "u3: cannot be looked up", "Nothing has been done"))


def test_E88_two_of_the_team_have_it_carried_out_once(world, proposed, accounts, ports, work):
    assert confirm_measure(proposed.id, proposed.mark, by="mona", ports=ports).said is Said.SAME_PERSON
    assert confirm_measure(proposed.id, "ffffffff", by="omar", ports=ports).said is Said.ANOTHER_MEASURE
    assert accounts.done == []
    assert confirm_measure(proposed.id, proposed.mark, by="omar", ports=ports).said is Said.CONFIRMED
    work()
    carry_out(proposed.id, measures=accounts, ports=ports)
    assert accounts.done == ["u1", "u2"]
    (measure,) = measures_of(all_breaches(world.store)[0], ports.store)
    assert (measure.stage, measure.proposed_by, measure.confirmed_by) == (Stage.DONE, "mona", "omar")
    assert confirm_measure(proposed.id, proposed.mark, by="lead", ports=ports).said is Said.OVER
    assert "u1: signed out" in inside(world)[-1]


def test_E88_everything_is_on_the_record_and_nothing_of_it_outside(world, breach, proposed, ports, work):
    confirm_measure(proposed.id, proposed.mark, by="omar", ports=ports)
    work()
    lines = [e for e in full_timeline_of(world.store, breach.incident) if e.event == "containment"]
    assert [(line.reason, line.actor) for line in lines] == [
        ("dry run asked for", "mona"),
        ("dry run done", "soukmon"),
        ("proposed", "mona"),
        ("confirmed", "omar"),
        ("done", "omar"),
    ]
    assert all("u1" in line.detail for line in lines)
    assert not any("u1" in text.split() or "signed out" in text for _, text in outside(world))


def test_a_stranger_to_the_team_neither_asks_nor_proposes_nor_confirms(breach, proposed, ports):
    assert ask(breach.id, Kind.REVOKE_SESSIONS, ["u1"], by="boss", ports=ports).said is BreachSaid.NOT_IN_TEAM
    assert propose_measure(proposed.id, by="boss", ports=ports).said is BreachSaid.NOT_IN_TEAM
    assert confirm_measure(proposed.id, proposed.mark, by="boss", ports=ports).said is BreachSaid.NOT_IN_TEAM


def test_what_is_asked_of_no_breach_or_of_no_target_leads_nowhere(breach, ports):
    assert ask("BR-0", Kind.REVOKE_SESSIONS, ["u1"], by="mona", ports=ports).said is BreachSaid.UNKNOWN
    assert "is not" in ask(breach.id, Kind.REVOKE_SESSIONS, ["a@b.example"], by="mona", ports=ports).said
    assert propose_measure("CM-0", by="mona", ports=ports).measure is None


def test_E88_a_proposal_that_nobody_confirms_expires_and_says_so(world, proposed, breach, ports):
    world.tick(minutes=16)
    (measure,) = measures_of(breach, ports.store)
    assert measure.stage is Stage.EXPIRED
    assert any(f"expired ({proposed.id})" in text for text in inside(world))
    assert confirm_measure(proposed.id, proposed.mark, by="omar", ports=ports).said is Said.EXPIRED


def test_E88_a_crash_on_the_way_shows_as_an_unknown_outcome_and_nothing_is_done_twice(
    world, breach, proposed, accounts, ports
):
    confirm_measure(proposed.id, proposed.mark, by="omar", ports=ports)
    accounts.fails["u2"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        carry_out(proposed.id, measures=accounts, ports=ports)
    accounts.fails.clear()
    assert carry_out(proposed.id, measures=accounts, ports=ports) is Stage.RUNNING
    assert accounts.done == ["u1"]
    world.bus.messages = [m for m in world.bus.messages if m[0] != "containments"]
    world.tick(minutes=11)
    (measure,) = measures_of(breach, ports.store)
    assert (measure.stage, measure.results) == (Stage.UNKNOWN, (Effect("u1", "signed out"),))
    told = next(text for text in inside(world) if "outcome unknown, check" in text)
    assert "look at them by hand" in told
    assert carry_out(proposed.id, measures=accounts, ports=ports) is Stage.UNKNOWN
    assert accounts.done == ["u1"]


def test_E88_a_crash_at_the_first_target_leaves_it_begun_and_it_is_not_tried_again(proposed, accounts, ports):
    confirm_measure(proposed.id, proposed.mark, by="omar", ports=ports)
    accounts.fails["u1"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        carry_out(proposed.id, measures=accounts, ports=ports)
    accounts.fails.clear()
    assert carry_out(proposed.id, measures=accounts, ports=ports) is Stage.RUNNING
    assert accounts.done == []


def test_a_target_that_fails_does_not_stop_the_others(breach, proposed, accounts, ports, work):
    accounts.fails["u1"] = ContainmentError("Firebase did not take it (UNAVAILABLE)")
    confirm_measure(proposed.id, proposed.mark, by="omar", ports=ports)
    work()
    (measure,) = measures_of(breach, ports.store)
    assert measure.stage is Stage.FAILED
    assert [(e.target, e.is_change) for e in measure.results] == [("u1", False), ("u2", True)]


def test_a_wish_that_was_never_published_is_swept_up(world, breach, ports, accounts, work):
    class Deaf:
        def publish(self, topic, data, attributes=None):
            raise ConnectionError("the bus is away")

    with pytest.raises(ConnectionError):
        ask(
            breach.id,
            Kind.REVOKE_SESSIONS,
            ["u1"],
            by="mona",
            ports=Ports(world.config, world.store, Deaf(), world.clock),
        )
    world.clock.advance(timedelta(minutes=2))
    sweep(world.store, world.bus, world.clock.now())
    work()
    assert [m.stage for m in measures_of(breach, ports.store)] == [Stage.FORESEEN]

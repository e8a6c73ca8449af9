"""An incident that comes and goes: one notice, then silence, then one word when it is steady."""

from datetime import timedelta

import pytest

from shared.domain.incidents import State
from shared.domain.reasons import Notify, Suppressed
from shared.domain.signals import SignalKind
from shared.usecases.act import Act, Action, act
from shared.usecases.records import timeline_of


def flips(world, times, *, minutes=3):
    """Over and back again, so often; the reasons of both."""
    said = []
    for _ in range(times):
        said.append(change(world, "over", minutes=minutes, kind=SignalKind.RESOLVED))
        said.append(change(world, "back", minutes=minutes))
    return said


def change(world, word, *, minutes=3, **changes):
    """One signal and everything that follows; the decision's reason."""
    world.tick(minutes=minutes)
    reason = world.fires("crash", event=f"{word}-{world.clock.now()}", **changes).reason
    world.pump()
    return reason


@pytest.fixture
def flapping(world):
    world.fires("crash", event="0")
    world.pump()
    assert flips(world, 3) == [
        Notify.RESOLVED,
        Notify.REOPENED,
        Notify.RESOLVED,
        Notify.REOPENED,
        Notify.RESOLVED,
        Notify.FLAPPING,
    ]
    return world


def sent(world):
    return [row.reason for row in world.ledger(channel="sms")]


def test_E25_the_third_reopening_within_an_hour_is_told_as_flapping_and_further_flips_are_recorded_only(flapping):
    before = sent(flapping)
    assert set(flips(flapping, 4)) == {Suppressed.BY_FLAPPING}
    assert [r for r in sent(flapping)[len(before) :] if r is not Notify.ESCALATED] == []
    (incident,) = flapping.incidents()
    assert [line.reason for line in timeline_of(flapping.store, incident.id)].count(Suppressed.BY_FLAPPING) == 4
    assert incident.count == 8


def test_E25_when_it_has_been_over_for_a_quarter_of_an_hour_that_is_told_once(flapping):
    assert change(flapping, "over", kind=SignalKind.RESOLVED) is Suppressed.BY_FLAPPING
    flapping.tick(minutes=14)
    assert Notify.STABLE not in sent(flapping)
    for _ in range(5):
        flapping.tick(minutes=1)
    assert sent(flapping).count(Notify.STABLE) == 1
    (incident,) = flapping.incidents()
    assert (incident.state, incident.steady_at, incident.due_at) == (State.RESOLVED, None, None)


def test_E25_when_it_goes_on_firing_nobody_is_forgotten_the_ladder_climbs_all_along(flapping):
    for _ in range(16):
        flapping.tick(minutes=1)
    (incident,) = flapping.incidents()
    assert (incident.state, incident.steady_at) == (State.TRIGGERED, None)
    assert sent(flapping).count(Notify.ESCALATED) == 2  # level 2 has two telephones
    assert timeline_of(flapping.store, incident.id)[-1].event in {"steady", "escalated"}


def test_an_incident_that_keeps_flipping_still_climbs_while_nobody_takes_it(flapping):
    flips(flapping, 3, minutes=3)
    assert Notify.ESCALATED in sent(flapping)


def test_the_owner_of_a_flapping_incident_keeps_it_through_the_flips_and_nobody_else_is_paged(flapping):
    (incident,) = flapping.incidents()
    act(Act(Action.ACKNOWLEDGE, incident.id, "mona", "test"), **flapping.ports)
    before = sent(flapping)
    flips(flapping, 5)
    (incident,) = flapping.incidents()
    assert (incident.state, incident.owner) == (State.ACKNOWLEDGED, "mona")
    assert sent(flapping) == before


def test_reopenings_that_are_far_apart_are_told_each(world):
    world.fires("crash", event="0")
    world.pump()
    assert Notify.FLAPPING not in flips(world, 5, minutes=15)


def test_after_it_was_steady_the_next_reopening_is_told_as_any_other(flapping):
    change(flapping, "over", kind=SignalKind.RESOLVED)
    flapping.clock.advance(timedelta(minutes=16))
    flapping.tick()
    assert change(flapping, "back") is Notify.REOPENED


def test_somebody_who_resolves_it_ends_the_flapping(flapping):
    (incident,) = flapping.incidents()
    act(Act(Action.RESOLVE, incident.id, "mona", "test"), **flapping.ports)
    (incident,) = flapping.incidents()
    assert (incident.state, incident.steady_at, incident.due_at) == (State.RESOLVED, None, None)

"""Held back and told later: silences, worse incidents, maintenance, the night; nothing is lost and nothing told twice."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from shared.domain.incidents import State
from shared.domain.inhibitions import Inhibition
from shared.domain.maintenance import WindowRefused
from shared.domain.matchers import parse
from shared.domain.noise import Noise
from shared.domain.notifications import LedgerState
from shared.domain.quiet_hours import QuietHours, QuietSpan
from shared.domain.reasons import Notify, Suppressed
from shared.domain.signals import SignalKind
from shared.usecases.act import Act, Action, act
from shared.usecases.records import timeline_of
from shared.usecases.silencing import Wish, active, expire, silence
from shared.usecases.window_notices import Office
from shared.usecases.windows import WindowWish, close_window, open_window

H, M = timedelta(hours=1), timedelta(minutes=1)
OUTAGE = Inhibition(
    "outage", (parse('alert_type="monitoring.uptime"'),), (parse('alert_type=~"log\\\\..*"'),), ("service",)
)
NIGHTS = QuietHours((QuietSpan(time(22), time(7)),))
MEDIUM = {"alert_type": "log.request_5xx"}


@pytest.fixture
def noisy(world):
    world.config = replace(world.config, noise=Noise(inhibitions=(OUTAGE,), break_through=("monitoring.uptime",)))
    return world


@pytest.fixture
def night(world):
    """02:10 in Cairo, quiet until 07:00."""
    world.config = replace(world.config, noise=Noise(quiet_hours=NIGHTS, break_through=("monitoring.uptime",)))
    return world


def silenced(world, *matchers, lasting=2 * H):
    wish = Wish(tuple(map(parse, matchers)), lasting, "mona", "known, being mended")
    return silence(wish, config=world.config, store=world.store, clock=world.clock).silence


def window(world, *, start=timedelta(0), lasting=H, emergency=True, **wish):
    at = world.clock.now() + start
    end = at + lasting if lasting else None
    plan = WindowWish(at, end, "new index", "mona", emergency=emergency, **wish)
    return open_window(plan, office=office(world), now=world.clock.now())


def office(world):
    return Office(world.config, world.store, world.bus)


def ticks(world, minutes):
    for _ in range(minutes):
        world.tick(minutes=1)


def reasons(world, name):
    return [line.reason for line in timeline_of(world.store, name)]


def paged(world):
    return [
        row for row in world.ledger() if row.reason not in {Notify.UPDATED, Notify.BULLETIN, Notify.PROMISE_AT_RISK}
    ]


def ends(world, name, event="over"):
    world.clock.advance(timedelta(seconds=1))
    return world.fires(name, event=event, kind=SignalKind.RESOLVED)


class TestSilence:
    def test_a_silenced_incident_is_recorded_and_told_to_nobody_until_the_silence_ends(self, noisy):
        silenced(noisy, 'service="app"')
        handled = noisy.fires("crash")
        ticks(noisy, 119)
        assert (handled.outcome, handled.reason, paged(noisy)) == ("incident", Suppressed.BY_SILENCE, [])
        ticks(noisy, 1)
        assert {row.reason for row in paged(noisy)} == {Notify.RELEASED}
        assert noisy.told("sms") == ["omar"]

    def test_after_its_release_the_ladder_starts_from_its_first_step(self, noisy):
        silenced(noisy, 'service="app"')
        noisy.fires("crash")
        ticks(noisy, 120 + 14)
        assert noisy.told("sms") == ["omar"]
        ticks(noisy, 1)
        assert noisy.told("sms") == ["omar", "lead", "omar"]

    def test_a_silence_stops_reminders_and_further_steps_and_the_step_that_fell_due_comes_when_it_ends(self, noisy):
        noisy.fires("crash", event="1")
        noisy.pump()
        silenced(noisy, 'service="app"')
        ticks(noisy, 90)
        noisy.fires("crash", event="2")
        noisy.pump()
        assert {row.reason for row in paged(noisy)} == {Notify.FIRST}
        ticks(noisy, 30)
        escalated = [row for row in paged(noisy) if row.reason is Notify.ESCALATED]
        assert {(row.step, row.note) for row in escalated} == {(2, "")}
        ticks(noisy, 14)
        assert {row.step for row in paged(noisy)} == {1, 2}
        ticks(noisy, 1)
        assert {row.step for row in paged(noisy)} == {1, 2, 3}

    def test_a_recovery_always_passes(self, noisy):
        noisy.fires("crash", event="1")
        noisy.pump()
        silenced(noisy, 'service="app"')
        assert ends(noisy, "crash").reason is Notify.RESOLVED
        noisy.pump()
        assert {row.channel for row in noisy.ledger(reason=Notify.RESOLVED)} == {"sms", "email", "slack"}

    def test_what_recovers_while_it_is_silenced_is_never_told(self, noisy):
        silenced(noisy, 'service="app"')
        name = noisy.fires("crash").incident
        assert ends(noisy, "crash").reason is Suppressed.RECOVERED_IN_GROUP_WAIT
        ticks(noisy, 130)
        assert paged(noisy) == []
        assert reasons(noisy, name) == [Suppressed.BY_SILENCE, Suppressed.BY_SILENCE, "resolved"]

    def test_ending_a_silence_early_releases_at_the_next_tick(self, noisy):
        made = silenced(noisy, 'service="app"')
        noisy.fires("crash")
        ticks(noisy, 5)
        expire(made.id, by="mona", store=noisy.store, clock=noisy.clock)
        ticks(noisy, 1)
        assert noisy.told("sms") == ["omar"]
        assert expire(made.id, by="mona", store=noisy.store, clock=noisy.clock).refused

    def test_other_incidents_are_told_and_so_is_what_comes_back_after_the_silence(self, noisy):
        silenced(noisy, 'service="web"')
        assert noisy.fires("crash").reason is Notify.FIRST
        assert len(active(noisy.store, noisy.clock.now())) == 1
        noisy.clock.advance(2 * H)
        assert active(noisy.store, noisy.clock.now()) == []

    def test_a_silence_mutes_even_what_breaks_through_maintenance_and_the_night(self, noisy):
        silenced(noisy, 'alert_type="monitoring.uptime"')
        assert noisy.fires("down", alert_type="monitoring.uptime").reason is Suppressed.BY_SILENCE

    def test_an_owner_whose_acknowledgement_expires_in_a_silence_is_told_when_it_ends(self, noisy):
        name = noisy.fires("crash").incident
        noisy.pump()
        act(Act(Action.ACKNOWLEDGE, name, "mona", "test"), **noisy.ports)
        silenced(noisy, 'service="app"')
        ticks(noisy, 61)
        assert noisy.incident(name).state is State.TRIGGERED
        assert {row.reason for row in paged(noisy)} <= {Notify.FIRST, Notify.ACKNOWLEDGED}
        ticks(noisy, 59)
        assert noisy.ledger(reason=Notify.RELEASED, channel="sms")

    def test_a_worse_severity_is_silenced_as_well_and_acknowledging_what_is_held_is_possible(self, noisy):
        silenced(noisy, 'service="shop"')
        name = noisy.fires("err", service="shop", event="0", **MEDIUM).incident
        results = {noisy.fires("err", service="shop", event=str(n), **MEDIUM).reason for n in range(1, 12)}
        assert results == {Suppressed.COUNTED, Suppressed.BY_SILENCE}
        assert noisy.incident(name).severity == "high"
        act(Act(Action.ACKNOWLEDGE, name, "mona", "test"), **noisy.ports)
        assert (noisy.incident(name).held, paged(noisy)) == ("", [])

    def test_who_asks_for_the_next_step_gets_it_through_a_silence_and_an_owner_is_not_woken_by_its_end(self, noisy):
        made = silenced(noisy, 'service="app"')
        name = noisy.fires("crash").incident
        act(Act(Action.ESCALATE, name, "mona", "test"), **noisy.ports)
        noisy.pump()
        assert noisy.told("sms") == ["omar"]
        act(Act(Action.REASSIGN, name, "mona", "test", to="lead"), **noisy.ports)
        expire(made.id, by="mona", store=noisy.store, clock=noisy.clock)
        ticks(noisy, 5)
        assert (noisy.incident(name).state, noisy.incident(name).owner) == (State.ACKNOWLEDGED, "lead")

    @pytest.mark.parametrize("wish", [("stranger", "why", H), ("mona", "", H), ("mona", "why", -H)])
    def test_a_silence_without_author_reason_or_length_is_refused(self, noisy, wish):
        author, reason, lasting = wish
        asked = Wish((parse('service="app"'),), lasting, author, reason)
        refused = silence(asked, config=noisy.config, store=noisy.store, clock=noisy.clock)
        assert (refused.silence, bool(refused.refused)) == (None, True)


class TestInhibition:
    def down(self, world):
        return world.fires("down", alert_type="monitoring.uptime", service="shop").incident

    def test_an_outage_mutes_the_errors_of_its_service_and_they_are_told_when_it_is_over(self, noisy):
        self.down(noisy)
        muted = noisy.fires("err", service="shop", **MEDIUM)
        noisy.pump()
        assert muted.reason is Suppressed.BY_INHIBITION
        ticks(noisy, 3)
        assert {row.incident for row in paged(noisy)} != {muted.incident}
        ends(noisy, "down")
        ticks(noisy, 1)
        assert {row.reason for row in noisy.ledger(incident=muted.incident)} == {Notify.RELEASED}
        assert reasons(noisy, muted.incident).count(Suppressed.BY_INHIBITION) == 2  # not one line for each look

    def test_of_another_service_they_are_told(self, noisy):
        self.down(noisy)
        assert noisy.fires("err", service="web", **MEDIUM).reason is Notify.FIRST

    def test_the_source_is_told_itself_and_goes_on_muting_when_somebody_owns_it(self, noisy):
        name = self.down(noisy)
        act(Act(Action.ACKNOWLEDGE, name, "mona", "test"), **noisy.ports)
        assert noisy.fires("err", service="shop", **MEDIUM).reason is Suppressed.BY_INHIBITION

    def test_a_step_that_falls_due_is_muted_too(self, noisy):
        muted = noisy.fires("err", service="shop", **MEDIUM).incident
        ticks(noisy, 2)
        self.down(noisy)
        ticks(noisy, 30)
        assert {row.reason for row in noisy.ledger(incident=muted)} <= {Notify.FIRST, Notify.UPDATED}


class TestMaintenance:
    def test_E75_what_began_before_the_window_keeps_escalating(self, noisy):
        noisy.fires("crash")
        noisy.pump()
        noisy.clock.advance(M)
        window(noisy)
        ticks(noisy, 15)
        assert {row.step for row in paged(noisy)} == {1, 2}

    def test_E75_what_begins_inside_is_held_and_told_at_the_end_if_it_still_fires(self, noisy):
        window(noisy)
        handled = noisy.fires("crash")
        ticks(noisy, 59)
        assert (handled.reason, paged(noisy)) == (Suppressed.BY_MAINTENANCE, [])
        ticks(noisy, 1)
        assert noisy.ledger(reason=Notify.RELEASED, channel="sms")

    def test_E75_a_late_event_of_before_the_window_is_told(self, noisy):
        window(noisy)
        assert noisy.fires("crash", minutes=5).reason is Notify.FIRST

    def test_E75_a_recovery_inside_passes_and_what_is_over_by_the_end_is_never_told(self, noisy):
        noisy.fires("before", minutes=5)
        noisy.pump()
        window(noisy)
        noisy.fires("inside")
        assert (ends(noisy, "before", "r1").reason, ends(noisy, "inside", "r2").reason) == (
            Notify.RESOLVED,
            Suppressed.RECOVERED_IN_GROUP_WAIT,
        )

    def test_E76_an_outage_breaks_through(self, noisy):
        window(noisy)
        assert noisy.fires("down", alert_type="monitoring.uptime").reason is Notify.FIRST

    def test_a_window_is_for_what_it_names(self, noisy):
        window(noisy, matchers=(parse('service="orders"'),))
        assert noisy.fires("crash").reason is Notify.FIRST

    def test_E77_one_that_is_forgotten_open_ends_after_two_hours_and_everybody_concerned_hears_it_once(self, noisy):
        made = window(noisy, lasting=None).window
        noisy.fires("crash")
        ticks(noisy, 119)
        assert made.end - made.start == 2 * H
        assert paged(noisy) == []
        ticks(noisy, 3)
        assert noisy.ledger(reason=Notify.RELEASED, channel="sms")
        notices = noisy.ledger(bulletin=f"{made.id}-ended-0")
        assert [(row.recipient, row.channel) for row in notices] == [("mona", "email")]

    def test_E77_less_than_a_day_ahead_only_in_an_emergency(self, noisy):
        assert window(noisy, start=23 * H, emergency=False).refused == WindowRefused.TOO_SOON
        assert window(noisy, start=24 * H, emergency=False).window
        assert window(noisy, start=H).window

    def test_closing_it_by_hand_releases_at_the_next_tick_and_is_told_once(self, noisy):
        made = window(noisy).window
        noisy.fires("crash")
        ticks(noisy, 5)
        close_window(made.id, by="mona", office=office(noisy), now=noisy.clock.now())
        ticks(noisy, 59)
        assert "omar" in noisy.told("sms")
        assert len(noisy.ledger(bulletin=f"{made.id}-ended-0")) == 1
        assert close_window(made.id, by="mona", office=office(noisy), now=noisy.clock.now()).refused


class TestQuietHours:
    def test_E81_a_medium_is_held_then_told_once_as_a_digest(self, night):
        names = [night.fires(f"e{n}", service=f"s{n}", **MEDIUM).incident for n in range(3)]
        ends(night, "e2")
        night.tick(hours=4, minutes=48)
        assert night.ledger() == []
        night.tick(minutes=5)
        night.tick(minutes=1)
        digests = night.ledger(reason=Notify.BULLETIN)
        assert sorted((row.recipient, row.channel) for row in digests) == [
            ("omar", "email"),
            ("slack:incidents", "slack"),
        ]
        (body,) = [row.body for row in night.store.find(every("bulletins"))]
        assert set(body["about"]) == set(names)
        assert {(row.state, row.note) for row in night.ledger(incident=names[0])} == {
            (LedgerState.SUPERSEDED, Suppressed.IN_DIGEST)
        }

    def test_E81_the_ladder_goes_on_with_its_second_step_counted_from_the_digest(self, night):
        night.fires("err", **MEDIUM)
        night.clock.set(datetime(2026, 3, 10, 5, 0, tzinfo=UTC))
        night.tick()
        ticks(night, 14)
        assert not night.ledger(reason=Notify.ESCALATED)
        ticks(night, 1)
        assert {row.step for row in night.ledger(reason=Notify.ESCALATED)} == {2}

    def test_E81_who_was_told_by_the_digest_hears_of_the_recovery(self, night):
        night.fires("err", **MEDIUM)
        night.clock.set(datetime(2026, 3, 10, 5, 0, tzinfo=UTC))
        night.tick()
        ends(night, "err")
        night.pump()
        assert sorted(row.recipient for row in night.ledger(reason=Notify.RESOLVED)) == ["omar", "slack:incidents"]

    def test_what_the_digest_does_not_tell_of_is_told_on_its_own(self, night):
        night.fires("err", **MEDIUM)
        night.clock.set(datetime(2026, 3, 10, 5, 0, tzinfo=UTC))
        night.tick()
        late = night.incident(night.fires("late", service="x", **MEDIUM).incident)
        held = replace(late, ladder=replace(late.ladder, step=0), held=Suppressed.BY_QUIET_HOURS)
        document = night.store.get("incidents", late.id)
        from shared.ports.store import Put  # noqa: PLC0415
        from shared.usecases.records import body_of  # noqa: PLC0415

        digest = night.clock.now()
        body = {
            **body_of(replace(held, digest=digest, due_at=digest)),
            "is_open": "yes",
            "entries": document.body["entries"],
        }
        night.store.commit([Put("incidents", late.id, body)])
        night.tick()
        released = night.ledger(incident=late.id, reason=Notify.RELEASED)
        assert released
        assert all(row.note != Suppressed.IN_DIGEST for row in released)

    @pytest.mark.parametrize("alert_type", ["crashlytics.velocity", "monitoring.uptime", "anything.else"])
    def test_E76_critical_and_high_are_told_at_night(self, night, alert_type):
        assert night.fires("crash", alert_type=alert_type).reason is Notify.FIRST

    def test_what_gets_worse_at_night_is_told_at_once(self, night):
        for n in range(12):
            last = night.fires("err", event=str(n), **MEDIUM)
            night.clock.advance(timedelta(seconds=1))
        assert last.reason in {Notify.SEVERITY_RAISED, Suppressed.COUNTED}
        assert night.ledger(reason=Notify.SEVERITY_RAISED)

    def test_a_night_with_nothing_in_it_has_no_digest(self, night):
        night.tick(hours=12)
        assert night.ledger() == []

    def test_by_day_a_medium_is_told_as_ever(self, night):
        night.clock.set(datetime(2026, 3, 10, 9, 0, tzinfo=UTC))
        assert night.fires("err", **MEDIUM).reason is Notify.FIRST


def every(collection):
    from shared.ports.store import Query  # noqa: PLC0415

    return Query(collection)


def test_what_fires_again_and_again_while_it_is_held_is_counted_each_time(noisy):
    name = noisy.fires("crash").incident
    noisy.pump()
    silenced(noisy, 'service="app"')
    ticks(noisy, 16)  # the second step is due, and waits
    assert noisy.incident(name).held == Suppressed.BY_SILENCE
    for number in range(4):
        noisy.clock.advance(M)
        noisy.fires("crash", event=f"again-{number}")
        noisy.pump()
    assert noisy.incident(name).count == 5
    updates = noisy.ledger(reason=Notify.UPDATED)
    assert len({row.id for row in updates}) == len(updates) > 0

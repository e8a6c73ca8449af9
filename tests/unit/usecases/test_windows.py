"""Maintenance windows as people live through them: announced, ready or not, watched, ended, and remembered."""

from dataclasses import replace

import pytest

from shared.domain.checklists import TickRefused
from shared.domain.maintenance import WindowRefused
from shared.domain.maintenance_plan import NotReady
from shared.domain.matchers import parse
from shared.domain.reasons import Notify, Suppressed
from shared.domain.rollbacks import RollbackState, RollbackWish
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE, SignalKind
from shared.rendering.maintenance_lines import window_lines
from shared.usecases.audited import AUDITED
from shared.usecases.escalate import escalate
from shared.usecases.window_checklist import checklist, tick
from shared.usecases.windows import cancel_window, close_window, move_window
from tests.unit.usecases.maintenance_world import (
    PLAN,
    H,
    M,
    again,
    furnished,
    office,
    planned,
    readers,
    said,
    ticked,
    title,
)
from tests.unit.usecases.test_held import every, paged, ticks

READERS = ["email lead", "email mona", "email omar", "slack slack:maintenance"]


@pytest.fixture
def souk(world):
    return furnished(world)


@pytest.fixture
def open_now(souk):
    """A planned window that has just begun, its list complete."""
    window = planned(souk).window
    ticked(souk, window)
    souk.tick(hours=24)
    return again(souk, window)


def acts(world):
    return [row.body["act"] for row in world.store.find(every(AUDITED))]


class TestAnnouncing:
    def test_planning_tells_its_readers_at_once_and_the_same_plan_twice_tells_nobody_twice(self, souk):
        window = planned(souk).window
        assert planned(souk).window == window
        assert readers(souk, f"{window.id}-planned-0") == READERS
        assert acts(souk) == ["maintenance window planned"]

    def test_it_is_told_again_a_day_and_an_hour_ahead_at_its_start_and_at_its_end_each_once(self, souk):
        window = planned(souk, start=48 * H).window
        ticked(souk, window)
        for step in (24 * H, M, 23 * H, M, H, M, 57 * M, M, M):
            souk.tick(seconds=step.total_seconds())
        assert said(souk, window) == ["planned-0", "day-0", "hour-0", "started-0", "ended-0"]
        assert {tuple(readers(souk, f"{window.id}-{kind}-0")) for kind in ("day", "hour", "started", "ended")} == {
            tuple(READERS)
        }

    def test_E77_an_emergency_is_told_at_once_on_all_channels(self, souk):
        window = planned(souk, start=0 * H, emergency=True).window
        assert readers(souk, f"{window.id}-emergency-0") == sorted(
            [*READERS, "email boss", "sms boss", "slack slack:incidents"]
        )
        souk.tick(minutes=1)
        assert said(souk, window) == ["emergency-0"]

    def test_a_window_that_is_moved_is_told_and_announced_anew(self, souk):
        window = planned(souk).window
        start = window.start + 48 * H
        move = {"start": start, "end": start + H, "by": "mona", "office": office(souk), "now": souk.clock.now()}
        later = move_window(window.id, **move).window
        assert (later.start, said(souk, window)) == (start, ["planned-0", "moved-1"])
        souk.tick(hours=48)
        assert said(souk, window)[-1] == "day-1"
        refused = move_window(window.id, **{**move, "now": souk.clock.now(), "start": start - H, "end": start}).refused
        assert refused == WindowRefused.TOO_SOON

    def test_a_window_that_is_cancelled_is_told_and_never_begins(self, souk):
        window = planned(souk).window
        assert cancel_window(window.id, by="omar", office=office(souk), now=souk.clock.now()).window.is_cancelled
        souk.tick(hours=25)
        assert said(souk, window) == ["planned-0", "cancelled-0"]
        assert souk.fires("crash").reason is Notify.FIRST

    def test_what_has_begun_is_closed_and_not_cancelled_or_moved(self, souk, open_now):
        now = souk.clock.now()
        assert cancel_window(open_now.id, by="mona", office=office(souk), now=now).refused == WindowRefused.HAS_BEGUN
        moved = move_window(open_now.id, start=now + 48 * H, end=now + 49 * H, by="mona", office=office(souk), now=now)
        assert moved.refused == WindowRefused.HAS_BEGUN

    def test_a_stranger_changes_nothing(self, souk):
        window = planned(souk).window
        assert close_window(window.id, by="stranger", office=office(souk), now=souk.clock.now()).refused
        assert tick(window.id, "backup", by="x", evidence="y", office=office(souk), now=souk.clock.now()).refused

    def test_two_planned_windows_for_the_same_thing_at_the_same_time_are_refused(self, souk):
        assert planned(souk, matchers=(parse('service="web"'),)).window
        assert planned(souk).refused == WindowRefused.OVERLAPS
        assert planned(souk, matchers=(parse('service="app"'),)).window
        assert planned(souk, start=26 * H).refused == WindowRefused.OUTSIDE_LOW_TRAFFIC
        assert planned(souk, start=26 * H, outside="the supplier's hours").window


class TestReadiness:
    def test_a_planned_window_that_is_not_ready_mutes_nothing_and_its_author_hears_what_is_missing(self, souk):
        window = planned(souk).window
        souk.tick(hours=24)
        assert souk.fires("crash").reason is Notify.FIRST
        assert readers(souk, f"{window.id}-not-ready-0") == ["email mona", "slack slack:maintenance"]
        assert title(souk, f"{window.id}-not-ready-0") == "Not ready for maintenance: 1 open line(s)"

    def test_what_it_held_before_anybody_looked_is_told_at_the_next_tick(self, souk):
        planned(souk)
        souk.clock.advance(24 * H)
        assert souk.fires("crash").reason is Suppressed.BY_MAINTENANCE
        escalate(**souk.ports)
        ticks(souk, 1)
        assert souk.ledger(reason=Notify.RELEASED, channel="sms")

    def test_the_last_tick_makes_it_mute_again(self, souk):
        window = planned(souk).window
        souk.tick(hours=24)
        assert not ticked(souk, window).window.loud
        souk.clock.advance(M)
        assert souk.fires("crash").reason is Suppressed.BY_MAINTENANCE

    def test_where_the_configuration_says_so_it_mutes_all_the_same(self, souk):
        souk.config = replace(souk.config, maintenance=replace(PLAN, when_not_ready=NotReady.MUTE))
        window = planned(souk).window
        souk.tick(hours=24)
        assert souk.fires("crash").reason is Suppressed.BY_MAINTENANCE
        assert "not-ready-0" in said(souk, window)

    def test_a_window_that_is_ready_says_nothing_of_it(self, souk, open_now):
        souk.tick(minutes=1)
        assert "not-ready-0" not in said(souk, open_now)

    def test_a_tick_needs_evidence_and_a_line_and_what_we_know_ourselves_cannot_be_ticked_by_hand(self, souk):
        window, ask = planned(souk).window, {"office": office(souk), "now": souk.clock.now(), "by": "mona"}
        assert tick(window.id, "backup", evidence=" ", **ask).refused == TickRefused.NO_EVIDENCE
        assert tick(window.id, "tea", evidence="x", **ask).refused == TickRefused.UNKNOWN
        assert tick(window.id, "report", evidence="x", **ask).refused == TickRefused.UNKNOWN  # of emergencies alone
        assert tick("window-0", "backup", evidence="x", **ask).refused == "there is no window window-0"
        rotations = {"primary": replace(souk.config.directory.rotations["primary"])}
        nobody = replace(souk.config.directory, people={"mona": souk.config.directory.people["mona"]})
        souk.config = replace(souk.config, directory=replace(nobody, rotations=rotations))
        ask["office"] = office(souk)
        assert tick(window.id, "on_call", evidence="omar said so", **ask).refused == TickRefused.NOT_TRUE

    def test_the_list_shows_who_ticked_what_and_what_was_known(self, souk):
        window = planned(souk).window
        ticked(souk, window)
        lines = checklist(again(souk, window), office=office(souk), now=souk.clock.now())
        shown = "\n".join(window_lines(again(souk, window), lines))
        assert "[x] backup: A backup was made  (mona: gs://backups/1)" in shown
        assert "[x] on_call: Somebody is on call  (soukmon: omar)" in shown
        assert "[ ] works" in shown
        assert acts(souk)[-1] == "maintenance list: backup"


class TestInside:
    def test_what_it_holds_is_listed_in_one_message_that_changes(self, souk, open_now):
        first = souk.fires("crash").incident
        souk.tick(minutes=1)
        second = souk.fires("slow", service="web").incident
        souk.tick(minutes=1)
        assert again(souk, open_now).held == (first, second)
        rows = souk.ledger(bulletin=f"{open_now.id}-held")
        assert sorted((row.recipient, row.channel, row.revision) for row in rows) == [
            (who, "slack", count) for who in ("mona", "slack:maintenance") for count in (1, 2)
        ]
        assert title(souk, f"{open_now.id}-held") == "Begun inside the maintenance: 2 incident(s), 2 open"
        assert paged(souk) == []

    def test_E76_an_outage_inside_is_told_at_once(self, souk, open_now):
        assert souk.fires("down", alert_type="monitoring.uptime").reason is Notify.FIRST

    def test_E75_the_end_says_what_was_held_and_what_still_fires(self, souk, open_now):
        souk.fires("crash")
        souk.fires("gone")
        ticks(souk, 2)
        souk.clock.advance(M)
        souk.fires("gone", event="over", kind=SignalKind.RESOLVED)
        ticks(souk, 60)
        (body,) = [row.body for row in souk.store.find(every("bulletins")) if row.id == f"{open_now.id}-ended-0"]
        lines = body["texts"]["en"]["lines"]
        assert any("crash broke" in line and "resolved" not in line.lower() for line in lines)
        assert any("gone broke" in line and "resolved" in line.lower() for line in lines)
        assert any("Everything works" in line for line in lines)
        assert souk.ledger(reason=Notify.RELEASED, channel="sms")

    def test_an_hour_after_it_the_author_is_reminded_of_what_is_not_ticked(self, souk, open_now):
        souk.tick(hours=1)
        souk.tick(hours=1)
        assert said(souk, open_now)[-1] == "to-do-0"
        assert readers(souk, f"{open_now.id}-to-do-0") == ["email mona", "slack slack:maintenance"]

    def test_who_has_ticked_everything_is_not_reminded(self, souk, open_now):
        souk.tick(hours=1)
        ticked(souk, open_now, "works")
        souk.tick(hours=3)
        assert said(souk, open_now)[-1] == "ended-0"

    def test_E77_an_emergency_owes_its_post_mortem_within_a_day(self, souk):
        window = planned(souk, start=0 * H, emergency=True).window
        souk.tick(hours=1)
        souk.tick(hours=19)
        souk.tick(hours=1)
        assert said(souk, window)[-2:] == ["to-do-0", "post-mortem-0"]
        assert title(souk, f"{window.id}-post-mortem-0").startswith("Post-mortem due: 11 Mar 03:10")


class TestRollback:
    def with_way_back(self, world, **wish):
        window = planned(world, rollback=RollbackWish("api", **wish)).window
        ticked(world, window)
        world.tick(hours=24)
        return window

    def test_it_is_asked_for_once_by_the_first_incident_that_is_bad_enough_and_everybody_hears_at_once(self, souk):
        window = self.with_way_back(souk)
        souk.fires("slow", alert_type="log.request_5xx")  # medium
        souk.tick(minutes=1)
        assert again(souk, window).rollback.state is RollbackState.ARMED
        name = souk.fires("crash").incident
        souk.bus.messages.clear()
        escalate(**souk.ports)
        assert again(souk, window).rollback.state is RollbackState.ASKED
        assert ("rollbacks", {"window": window.id, "trial": False}) in souk.bus.messages
        told = f"{window.id}-rollback-asked-0-{name}"
        assert {"sms boss", "email boss", "slack slack:incidents", "slack slack:maintenance"} <= set(
            readers(souk, told)
        )
        souk.bus.messages.clear()
        souk.fires("another")
        escalate(**souk.ports)
        assert not [topic for topic, _ in souk.bus.messages if topic == "rollbacks"]

    def test_a_named_rule_is_enough_and_without_either_it_waits_for_a_person(self, souk):
        window = self.with_way_back(souk, severity=None, rules=("request_5xx",))
        souk.fires("crash")
        escalate(**souk.ports)
        assert again(souk, window).rollback.state is RollbackState.ARMED
        souk.fires("slow", alert_type="log.request_5xx")
        escalate(**souk.ports)
        assert again(souk, window).rollback.state is RollbackState.ASKED

    @pytest.mark.parametrize("changes", [{"minutes": 5}, {"source": TEST_SOURCE}, {"service": "other"}])
    def test_what_began_before_is_a_rehearsal_or_concerns_something_else_does_not_fire_it(self, souk, changes):
        window = self.with_way_back(souk)
        matched = {"matchers": (parse('service="app"'),)} if "service" in changes else {}
        if matched:
            close_window(window.id, by="mona", office=office(souk), now=souk.clock.now())
            wish = RollbackWish("api", Severity.HIGH)
            window = planned(souk, start=0 * H, emergency=True, rollback=wish, **matched).window
        souk.fires("crash", **changes)
        escalate(**souk.ports)
        assert again(souk, window).rollback.state is RollbackState.ARMED

    def test_a_target_that_nobody_named_is_refused(self, souk):
        assert planned(souk, rollback=RollbackWish("web")).refused == WindowRefused.NO_ROLLBACK_TARGET

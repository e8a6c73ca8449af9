"""When windows may be, by Egypt's clocks and in real time, and what is said of them when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.domain.low_traffic import LowTraffic
from shared.domain.maintenance import Window, WindowRefused, closed, moved, overlap, refusal, upcoming
from shared.domain.maintenance_notices import Notice, afterwards, ahead, is_settled
from shared.domain.matchers import parse

CAIRO = ZoneInfo("Africa/Cairo")
H, M = timedelta(hours=1), timedelta(minutes=1)
T0 = datetime(2026, 3, 12, 0, 0, tzinfo=UTC)
QUIET = LowTraffic()
WINDOW = Window("w", T0, T0 + 2 * H, "new index", "mona", created_at=T0 - 72 * H, announced_at=T0 - 72 * H)


def night(*day):
    """02:00 to 04:00 in Cairo of a day."""
    start = datetime(*day, 2, 0, tzinfo=CAIRO).astimezone(UTC)
    return replace(WINDOW, start=start, end=start + 2 * H)


@pytest.mark.parametrize(
    ("window", "at", "holds"),
    [
        (night(2026, 1, 15), datetime(2026, 1, 14, 23, 59, tzinfo=UTC), False),  # 01:59 in winter
        (night(2026, 1, 15), datetime(2026, 1, 15, 0, 30, tzinfo=UTC), True),  # 02:30
        (night(2026, 7, 15), datetime(2026, 7, 14, 23, 59, tzinfo=UTC), True),  # 02:59 in summer
        (night(2026, 7, 15), datetime(2026, 7, 15, 0, 30, tzinfo=UTC), True),  # 03:30
        (night(2026, 7, 15), datetime(2026, 7, 15, 1, 0, tzinfo=UTC), False),  # 04:00: over
    ],
)
def test_E74_two_to_four_in_cairo_is_an_hour_earlier_in_utc_in_summer(window, at, holds):
    assert window.holds({}, begun=at, now=at) is holds


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 4, 23, 21, 30, tzinfo=UTC),  # 23:30; at 24:00 the clocks go on to 01:00
        datetime(2026, 10, 29, 20, 30, tzinfo=UTC),  # 23:30, which comes a second time an hour later
    ],
)
def test_E74_a_window_over_a_change_of_the_clocks_lasts_as_long_as_was_declared_in_utc(start):
    window = replace(WINDOW, start=start, end=start + 2 * H, outside="the bank only takes us then")
    assert refusal(window, start - 48 * H, quiet=QUIET) is None
    assert window.holds({}, begun=start, now=start + 2 * H - M)
    assert not window.holds({}, begun=start, now=start + 2 * H)
    assert closed(window, by="soukmon", now=start + 9 * H).end - start == 2 * H


def test_E74_a_window_of_three_real_hours_is_refused_even_where_the_clocks_show_two():
    start = datetime(2026, 10, 29, 20, 0, tzinfo=UTC)
    window = replace(WINDOW, start=start, end=start + 3 * H, outside="why")
    shown = window.end.astimezone(CAIRO).replace(tzinfo=None) - window.start.astimezone(CAIRO).replace(tzinfo=None)
    assert shown == 2 * H
    assert refusal(window, start - 48 * H, quiet=QUIET) is WindowRefused.TOO_LONG


@pytest.mark.parametrize("day", [(2026, 1, 15), (2026, 4, 24), (2026, 7, 15), (2026, 10, 30)])
def test_the_low_traffic_hours_are_those_of_the_wall_clock_on_every_night(day):
    window = night(*day)
    assert QUIET.holds(window.start, window.end)
    assert not QUIET.holds(window.start - M, window.end)
    assert not QUIET.holds(window.start, window.end + M)
    assert not QUIET.holds(window.start - 24 * H, window.end)


def test_outside_the_low_traffic_hours_a_planned_window_needs_a_reason_and_an_emergency_does_not():
    noon = replace(WINDOW, start=T0 + 10 * H, end=T0 + 11 * H)
    assert refusal(noon, T0 - 24 * H, quiet=QUIET) is WindowRefused.OUTSIDE_LOW_TRAFFIC
    assert refusal(replace(noon, outside="the supplier's hours"), T0 - 24 * H, quiet=QUIET) is None
    assert refusal(replace(noon, emergency=True), T0 + 10 * H, quiet=QUIET) is None


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ((), (), True),
        ((), ('service="web"',), True),
        (('service="web"',), ('service="web"',), True),
        (('service="web"',), ('service="orders"',), False),
        (('service="web"',), ('service=~"web|orders"',), True),
        (('service="web"', 'severity="high"'), ('severity="low"',), False),
    ],
)
def test_two_planned_windows_may_not_hold_the_same_thing_at_the_same_time(mine, theirs, both):
    one = replace(WINDOW, matchers=tuple(map(parse, mine)))
    other = replace(WINDOW, id="other", start=T0 + H, end=T0 + 2 * H, matchers=tuple(map(parse, theirs)))
    assert overlap(one, other) is overlap(other, one) is both
    refused = refusal(one, T0 - 48 * H, others=[other])
    assert refused is (WindowRefused.OVERLAPS if both else None)


def test_windows_that_follow_on_each_other_and_those_that_are_closed_do_not_overlap():
    after = replace(WINDOW, id="after", start=WINDOW.end, end=WINDOW.end + H)
    assert not overlap(WINDOW, after)
    assert not overlap(WINDOW, replace(WINDOW, id="closed", closed_by="mona"))
    assert not overlap(WINDOW, replace(WINDOW, start=T0 + M))  # itself, moved
    assert refusal(replace(WINDOW, emergency=True), T0, others=[replace(WINDOW, id="other")]) is None


def test_what_is_upcoming_is_open_or_to_come_in_the_order_it_begins():
    later, over = replace(WINDOW, id="later", start=T0 + 9 * H, end=T0 + 10 * H), replace(WINDOW, id="o", end=T0 + M)
    assert upcoming([later, over, WINDOW, replace(later, id="c", closed_by="mona")], T0 + M) == (WINDOW, later)


@pytest.mark.parametrize(
    ("now", "told", "notice"),
    [
        (T0 - 25 * H, (), None),
        (T0 - 24 * H, (), Notice.DAY),
        (T0 - 23 * H, ("day",), None),
        (T0 - H, ("day",), Notice.HOUR),
        (T0, ("day", "hour"), Notice.STARTED),
        (T0 + M, ("day", "hour", "started"), None),
        (T0 - 30 * M, (), Notice.HOUR),  # nobody looked for a day: the last says it all
    ],
)
def test_a_window_is_announced_a_day_and_an_hour_ahead_and_at_its_start_each_once(now, told, notice):
    due = ahead(replace(WINDOW, told=told), now)
    assert due.notice == notice
    assert ahead(due.window, now).notice is None


def test_what_fell_due_before_it_was_planned_is_not_said():
    made = replace(WINDOW, announced_at=T0 - 24 * H)
    assert ahead(made, T0 - 24 * H + M).notice is None
    assert ahead(made, T0 - H).notice is Notice.HOUR
    assert ahead(replace(WINDOW, announced_at=T0), T0 + M).notice is None


def test_a_window_that_is_moved_is_announced_anew():
    known = replace(WINDOW, told=("day", "hour"))
    later = moved(known, start=T0 + 48 * H, end=T0 + 49 * H, outside="", now=T0 - 2 * H)
    assert (later.revision, ahead(later, T0 + 24 * H).notice) == (1, Notice.DAY)


def test_afterwards_the_author_hears_of_the_list_and_after_an_emergency_of_the_post_mortem_within_its_day():
    over = replace(WINDOW, emergency=True, closed_by="mona")
    first = afterwards(over, over.end + H)
    assert (afterwards(over, over.end + H - M).notice, first.notice) == (None, Notice.TO_DO)
    assert not is_settled(first.window)
    last = afterwards(first.window, over.end + 20 * H)
    assert (last.notice, is_settled(last.window)) == (Notice.POST_MORTEM, True)
    planned = afterwards(replace(over, emergency=False), over.end + 48 * H)
    assert (planned.notice, is_settled(planned.window)) == (Notice.TO_DO, True)
    assert is_settled(replace(over, end=over.start))

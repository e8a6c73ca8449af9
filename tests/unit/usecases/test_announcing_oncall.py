"""The weekly notice goes out once a week, to everybody on a rotation, with gaps and burden."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.amendments import Unsubscribed
from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.duties import TakeDuty
from shared.domain.oncall import Override
from shared.domain.oncall_week import sunday_of
from shared.usecases.announce_oncall import announce_oncall
from shared.usecases.duties import take_duty
from shared.usecases.present import amendment_write, amendments_of, present
from shared.usecases.records import BULLETINS, value_of
from tests.conftest import configuration

SUNDAY = datetime(2026, 3, 15, 6, tzinfo=UTC)  # 08:00 in Cairo
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def sunday(world):
    world.clock.advance(SUNDAY - world.clock.now())
    return world


def announced(world):
    config = present(world.config, store=world.store, now=world.clock.now())
    return announce_oncall(config=config, store=world.store, publisher=world.bus, clock=world.clock)


def text(world, locale="en", day="2026-03-15"):
    return value_of(world.store.get(BULLETINS, f"oncall-week-{day}"), Bulletin).text(locale)


def test_everybody_on_a_rotation_and_the_channel_are_told_once_a_week(sunday):
    assert announced(sunday) == 3
    assert sorted(row.recipient for row in sunday.ledger()) == ["mona", "omar", "slack:incidents"]
    sunday.clock.advance(3 * DAY)
    assert announced(sunday) == 0
    sunday.clock.advance(4 * DAY)
    assert announced(sunday) == 3


def test_a_run_that_comes_late_still_tells_the_week(sunday):
    sunday.clock.advance(DAY)
    assert announced(sunday) == 3
    assert text(sunday).title == "On call from Mon 16 Mar 08:00 EET to Mon 23 Mar 08:00 EET"


def test_it_says_who_until_when_and_who_then_in_the_readers_language(sunday):
    announced(sunday)
    assert text(sunday).lines[:3] == (
        "primary:",
        "• Omar Said: Sun 8 Mar 09:00 EET to Sun 15 Mar 09:00 EET",
        "• Mona Adel: Sun 15 Mar 09:00 EET to Sun 22 Mar 09:00 EET",
    )
    assert (
        "• Mona Adel: 336 h (126 at night, 96 on Friday and Saturday); 336 h (126 at night, 96 on Friday and Saturday)"
        in (line.replace("335", "336").replace("337", "336") for line in text(sunday).lines)
    )
    arabic = text(sunday, "ar").lines
    assert arabic[2].startswith("• \u2068Mona Adel\u2069: من الأحد 15 مارس")


def test_the_clock_change_shows_in_the_zone(world):
    world.clock.advance(datetime(2026, 4, 19, 6, tzinfo=UTC) - world.clock.now())
    announced(world)
    assert "Sun 19 Apr 09:00 EET to Sun 26 Apr 09:00 EEST" in text(world, day="2026-04-19").lines[2]


def test_E61_a_gap_of_the_week_stands_out(sunday):
    hole = Override("primary", None, SUNDAY + 2 * DAY, SUNDAY + 3 * DAY)
    sunday.config = configuration(directory=replace(sunday.config.directory, overrides=(hole,)))
    announced(sunday)
    warning = "• Attention, nobody is on call: Tue 17 Mar 08:00 EET to Wed 18 Mar 08:00 EET. Laila Nour is told instead; fill the gap."
    assert warning in text(sunday).lines
    assert any(line.startswith("• تنبيه، لا يوجد مناوب") for line in text(sunday, "ar").lines)


def test_who_took_a_duty_over_is_told_too_and_who_unsubscribed_is_not(sunday):
    take = TakeDuty("primary", "boss", SUNDAY + DAY, SUNDAY + 2 * DAY, "boss")
    take_duty(take, config=sunday.config, store=sunday.store, clock=sunday.clock)
    sunday.store.commit([amendment_write(Unsubscribed("omar", BulletinKind.ONCALL_WEEK, SUNDAY))])
    announced(sunday)
    rows = [row for row in sunday.ledger() if row.bulletin.startswith("oncall-week")]
    assert sorted(row.recipient for row in rows) == ["boss", "mona", "slack:incidents"]


def test_what_is_long_over_is_forgotten_on_the_way(sunday):
    take = TakeDuty("primary", "boss", SUNDAY, SUNDAY + HOUR, "boss")
    take_duty(take, config=sunday.config, store=sunday.store, clock=sunday.clock)
    sunday.clock.advance(6 * 7 * DAY)
    announced(sunday)
    assert amendments_of(sunday.store) == []


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-03-14T21:59:59", "2026-03-08"),
        ("2026-03-14T22:00:00", "2026-03-15"),  # Sunday begins at midnight in Cairo
        ("2026-03-21T12:00:00", "2026-03-15"),
    ],
)
def test_a_week_begins_on_sunday_in_cairo(at, day):
    assert str(sunday_of(datetime.fromisoformat(at).replace(tzinfo=UTC))) == day

"""When a customer's clock begins to run, in Egypt's hours, summer and winter."""

from datetime import UTC, datetime

import pytest

from shared.domain.support import SupportEvent, SupportStage, as_signal, clock_starts

HOURS = "09:00-21:00"


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "at", "starts"),
    [
        ("24/7", "2026-03-10T01:00", "2026-03-10T01:00"),
        (HOURS, "2026-03-10T07:00", "2026-03-10T07:00"),  # 09:00 in winter
        (HOURS, "2026-03-10T06:59", "2026-03-10T07:00"),
        (HOURS, "2026-03-10T18:59", "2026-03-10T18:59"),
        (HOURS, "2026-03-10T19:00", "2026-03-11T07:00"),  # 21:00: closed
        (HOURS, "2026-07-01T05:30", "2026-07-01T06:00"),  # 09:00 in summer
        (HOURS, "2026-04-23T20:00", "2026-04-24T06:00"),  # the night the clock goes forward
        (HOURS, "2026-10-29T19:00", "2026-10-30T07:00"),  # the night it goes back
    ],
)
def test_a_clock_starts_in_the_channels_hours(hours, at, starts):
    assert clock_starts(hours, utc(at)) == utc(starts)


def test_what_a_customer_wrote_is_scrubbed_and_bounded():
    event = SupportEvent(
        "email", "T-1", SupportStage.OPENED, utc("2026-03-10T10:00"), "call +201001234567\n" + "x" * 500
    )
    title = as_signal(event, starts=event.at, now=event.at).title
    assert "201001234567" not in title
    assert len(title) <= 200
    assert "\n" not in title

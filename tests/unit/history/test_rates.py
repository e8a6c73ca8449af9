"""What is to be expected in a minute, with and without incidents."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.history.plan import Incident, Kind, Plan, Release
from infra.local.history.rates import LEVELS, rate_at, rates_at

START = datetime(2026, 5, 10, tzinfo=UTC)
END = START + timedelta(days=7)
NOON = START + timedelta(days=2, hours=12)
RELEASE = Release(START, "3.0.0", "abc1234", 600_000)
CALM = Plan(START, END, 7, releases=(RELEASE,))
METRICS = (*LEVELS, "bundle_size")


def with_incident(kind: Kind, strength: float) -> Plan:
    incident = Incident(kind, NOON, NOON + timedelta(hours=1), strength)
    return Plan(START, END, 7, (incident,), (RELEASE, Release(NOON, "3.1.0", "def5678", 600_000)))


# what each incident moves, by which factor; everything else stays as it was
MOVED = [
    (Kind.ERROR_BURST, 0.1, {"error_rate": (30, 70)}),
    (
        Kind.OUTAGE,
        1.0,
        {"requests": (0, 0), "sessions": (0, 0), "order_volume": (0, 0), "uptime": (0, 0), "error_rate": (0, 0)},
    ),
    (Kind.SLOW_API, 2.0, {"api_response_time": (3, 3)}),
    (Kind.SLOW_PAGES, 1.0, {"first_contentful_paint": (2, 2)}),
    (Kind.BUNDLE_JUMP, 0.3, {"bundle_size": (1.3, 1.3)}),
    (Kind.CONVERSION_FALL, 0.4, {"conversion_rate": (0.6, 0.6), "order_volume": (0.6, 0.6)}),
    (Kind.ENGAGEMENT_FALL, 0.5, {"session_duration": (0.5, 0.5)}),
    (Kind.ORDER_FAILURES, 0.3, {"order_failure_rate": (35, 42)}),
    (Kind.RETRY_STORM, 8.0, {"error_rate": (50, 150), "requests": (1.1, 1.5)}),
    (Kind.MARKETING_PEAK, 1.0, {"requests": (1.8, 2), "sessions": (2, 2), "order_volume": (2, 2)}),
]


@pytest.mark.parametrize(("kind", "strength", "moved"), MOVED)
def test_an_incident_moves_exactly_its_metrics_in_exactly_its_span(kind, strength, moved):
    plan = with_incident(kind, strength)
    for metric in METRICS:
        usual, now = rate_at(CALM, metric, NOON), rate_at(plan, metric, NOON)
        low, high = moved.get(
            metric, (0.85, 1.15) if metric == "error_rate" and kind is not Kind.ORDER_FAILURES else (1, 1)
        )
        if metric == "error_rate" and kind is Kind.ORDER_FAILURES:
            high = 2.5  # a failing order is a failing request as well; it stays far below one percent
        assert low * usual * 0.999 <= now <= high * usual * 1.001, metric
    assert len(MOVED) == len(Kind)


@pytest.mark.parametrize(("kind", "strength", "moved"), MOVED)
def test_before_and_after_it_everything_is_as_usual(kind, strength, moved):
    plan = with_incident(kind, strength)
    outside = [NOON - timedelta(minutes=1), NOON + timedelta(hours=1)]
    for metric in METRICS if kind is not Kind.BUNDLE_JUMP else LEVELS:
        assert [rate_at(plan, metric, m) for m in outside] == [rate_at(CALM, metric, m) for m in outside]


def test_a_jumped_bundle_stays_until_the_next_release():
    incident = Incident(Kind.BUNDLE_JUMP, NOON, NOON + timedelta(hours=1), 0.3)
    mended = Release(NOON + timedelta(hours=3), "3.2.0", "0123abc", 610_000)
    plan = Plan(START, END, 7, (incident,), (RELEASE, Release(NOON, "3.1.0", "def5678", 600_000), mended))
    sizes = [rate_at(plan, "bundle_size", NOON + timedelta(hours=hours)) for hours in (-1, 0, 2, 3)]
    assert sizes == [600_000, 780_000, 780_000, 610_000]


def test_the_levels_are_those_of_a_healthy_marketplace():
    levels = {metric: rate_at(CALM, metric, NOON) for metric in METRICS}
    assert levels["error_rate"] == pytest.approx(0.2, rel=0.15)
    assert levels["api_response_time"] == pytest.approx(350, rel=0.02)
    assert levels["first_contentful_paint"] == pytest.approx(1_100, rel=0.02)
    assert levels["conversion_rate"] == pytest.approx(94)
    assert levels["session_duration"] == pytest.approx(190)
    assert levels["crash_free_sessions"] == pytest.approx(99.6)
    assert levels["order_failure_rate"] == pytest.approx(0.8)


def test_traffic_runs_from_two_to_ninety_requests_a_minute_and_averages_thirty():
    hours = [START + timedelta(hours=n) for n in range(7 * 24)]
    requests = [rate_at(CALM, "requests", hour) for hour in hours]
    assert 2 < min(requests) < 6
    assert 65 < max(requests) < 100
    assert sum(requests) / len(requests) == pytest.approx(30, rel=0.1)
    assert max(rate_at(CALM, "order_volume", hour) for hour in hours) == pytest.approx(0.4, rel=0.25)


def test_it_grows_slowly():
    later = START + timedelta(days=364)
    plan = Plan(START, START + timedelta(days=365), 7)
    growth = sum(rates_at(plan, later + timedelta(hours=n)).sessions for n in range(24)) / sum(
        rates_at(plan, START + timedelta(hours=n)).sessions for n in range(24)
    )
    assert 1.2 < growth < 1.8


def test_a_release_that_paints_slower_is_felt_until_the_next_one():
    slower = Release(NOON, "3.1.0", "def5678", 600_000, page_factor=1.05)
    plan = Plan(START, END, 7, releases=(RELEASE, slower))
    assert rates_at(plan, NOON).paint_ms == pytest.approx(1.05 * rates_at(CALM, NOON).paint_ms)
    assert rates_at(plan, NOON - timedelta(minutes=1)).paint_ms == rates_at(CALM, NOON).paint_ms


def test_an_unknown_metric_is_refused():
    with pytest.raises(KeyError):
        rate_at(CALM, "weather", NOON)

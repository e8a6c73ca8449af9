"""The count detector: exact, patient where there is little to see, quick where there is much."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.counts import lower_tail, upper_tail
from shared.domain.detection import Breach, Bucket, RatioDetector, RatioRule

RULE = RatioRule(0.01, 0.005)
DAY = 86_400


def stream(days, *, per_minute, share=0.002, step=60, seed=1, faults=()):
    """Healthy traffic with faults (start s, end s, share of errors, share of traffic); clients are all different."""
    dice, buckets = random.Random(seed), []
    for ts in range(0, int(days * DAY), step):
        rate, errors_share = per_minute * step / 60, share
        for start, end, bad, left in faults:
            if start <= ts < end:
                errors_share, rate = bad, rate * left
        count = max(0, round(dice.gauss(rate, math.sqrt(rate)))) if rate else 0
        errors = sum(dice.random() < errors_share for _ in range(count))
        buckets.append(Bucket(ts, count, errors, tuple(f"{ts}-{n}" for n in range(errors))))
    return buckets


def detect(buckets, rule, *, step):
    detector = RatioDetector(rule, step)
    return [event for event in map(detector.feed, buckets) if event is not None]


def fires(buckets, rule=RULE, step=60):
    return [event for event in detect(buckets, rule, step=step) if event.kind == "fire"]


@pytest.mark.parametrize(
    ("n", "alpha", "least"),
    [
        (3, 1e-2, 2),
        (10, 1e-4, 4),
        (25, 1e-6, 6),
        (50, 1e-7, 8),
        (100, 1e-4, 7),
        (500, 1e-6, 20),
        (1000, 1e-7, 31),
        (5000, 1e-2, 68),
    ],
)
def test_the_smallest_count_that_rejects_one_percent(n, alpha, least):
    assert upper_tail(least, n, 0.01) <= alpha < upper_tail(least - 1, n, 0.01)


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.001, 0.999))
def test_the_upper_tail_is_the_sum_of_its_terms(k, n, p):
    exact = sum(math.comb(n, x) * p**x * (1 - p) ** (n - x) for x in range(k, n + 1))
    assert upper_tail(k, n, p) == pytest.approx(exact, rel=1e-6, abs=1e-12)


def test_the_lower_tail_is_poisson_s():
    assert lower_tail(0, 14) == pytest.approx(math.exp(-14))
    assert lower_tail(100, 14) == pytest.approx(1.0)
    assert lower_tail(3, 0) == 1.0


@pytest.mark.parametrize("per_minute", [1, 10, 30, 300])
def test_three_healthy_days_make_no_alert_at_any_traffic(per_minute):
    assert fires(stream(3, per_minute=per_minute)) == []


def test_E20_one_error_of_one_request_and_two_of_forty_are_no_alert():
    quiet = [Bucket(60 * n, 0, 0, ()) for n in range(2_000)]
    lonely = [*quiet, Bucket(120_000, 1, 1, ("a",)), Bucket(120_060, 40, 2, ("b", "c"))]
    assert fires(lonely) == []


def test_an_outage_at_thirty_requests_a_minute_is_seen_within_a_minute():
    start = 2 * DAY
    (event,) = fires(stream(2.1, per_minute=30, faults=[(start, start + 1_800, 0.9, 1)]))
    assert (event.reason, event.ts - start) == (Breach.ERRORS, 60)


def test_a_slow_rise_is_seen_by_a_longer_window():
    start = 2 * DAY
    (event,) = fires(stream(2.4, per_minute=30, faults=[(start, start + 6 * 3_600, 0.03, 1)]))
    assert 600 <= event.ts - start <= 3 * 3_600


def test_a_client_that_retries_a_hundred_times_is_one_error():
    calm = stream(1, per_minute=30)
    storm = [Bucket(DAY + 60 * n, 130, 100, ("one-client",) * 100) for n in range(10)]
    unknown = [Bucket(b.ts, b.count, b.errors, None) for b in storm]
    assert fires([*calm, *storm]) == []
    assert len(fires([*calm, *unknown])) == 1


def test_silence_is_an_alert_where_traffic_was_usual():
    start = 3 * DAY + 3_600
    (event,) = fires(stream(3.1, per_minute=60, faults=[(start, start + 3_600, 0.0, 0.0)]))
    assert (event.reason, event.ts - start <= 120) == (Breach.SILENCE, True)


def test_the_alert_ends_ten_minutes_after_the_fault_and_its_windows_start_again():
    start = 2 * DAY
    events = detect(stream(2.5, per_minute=60, faults=[(start, start + 1_800, 0.5, 1)]), RULE, step=60)
    assert [event.kind for event in events] == ["fire", "resolve"]
    assert 600 <= events[1].ts - (start + 1_800) <= 900


def test_a_baseline_that_lies_beyond_the_limit_needs_the_change_as_well():
    chronic = stream(3, per_minute=60, share=0.02, seed=3)
    assert len(fires(chronic)) <= 1  # once, before there is a baseline
    start = 3 * DAY
    worse = stream(3.1, per_minute=60, share=0.02, seed=3, faults=[(start, start + 1_800, 0.2, 1)])
    assert any(event.ts > start for event in fires(worse))


def test_missing_buckets_are_no_evidence_and_a_prefix_gives_the_same_alerts():
    start = 2 * DAY
    whole = stream(2.2, per_minute=30, faults=[(start, start + 1_800, 0.5, 1)])
    holes = [b for n, b in enumerate(whole) if n % 7]
    assert len(fires(holes)) == 1
    cut = [b for b in whole if b.ts < start + 600]
    assert [e.ts for e in fires(whole) if e.ts <= start + 600] == [e.ts for e in fires(cut)]

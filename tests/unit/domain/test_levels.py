"""The detector of single values: silent about what is usual, quick about what is not, and never ahead of its time."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.levels import Departure, LevelDetector, Nature, nature_of
from shared.domain.levels_memory import Peak, Ranked, Seasons

HOUR, DAY = 3_600, 86_400


def hourly(days, level, *, noise=0.05, seed=1, faults=()):
    """Values by the hour around level(hour since the start); faults are (first hour, last hour, factor)."""
    dice, series = random.Random(seed), []
    for n in range(days * 24):
        value = level(n) * (1 + noise * dice.gauss(0, 1))
        for first, last, factor in faults:
            value *= factor if first <= n <= last else 1
        series.append((n * HOUR, value))
    return series


def events(series, nature=Nature.LEVEL, direction="up", step=HOUR):
    detector = LevelDetector(nature, direction, step)
    return [event for ts, value in series if (event := detector.feed(ts, value)) is not None]


def fires(*args, **kwargs):
    return [event for event in events(*args, **kwargs) if event.kind == "fire"]


def flat(_hour):
    return 100.0


def by_day(hour):
    """Ten times as much by day as by night, from one hour to the next."""
    return 100.0 if 8 <= hour % 24 < 22 else 10.0


@pytest.mark.parametrize("nature", list(Nature))
@pytest.mark.parametrize("level", [flat, by_day])
def test_six_ordinary_weeks_are_silent_once_a_week_is_known(nature, level):
    assert [e for e in fires(hourly(42, level), nature, "both") if e.ts > 7 * DAY] == []


@pytest.mark.parametrize("step", [60, 300])
def test_two_ordinary_days_of_fine_buckets_are_silent(step):
    dice = random.Random(3)
    series = [(ts, 400 * math.exp(dice.gauss(0, 0.2))) for ts in range(0, 2 * DAY, step)]
    assert events(series, Nature.LATENCY, "both", step) == []


@pytest.mark.parametrize(
    ("direction", "factor", "reason"),
    [
        ("up", 4, Departure.ABOVE),
        ("up", 0.1, None),
        ("down", 4, None),
        ("down", 0.1, Departure.BELOW),
        ("both", 4, Departure.ABOVE),
        ("both", 0.1, Departure.BELOW),
    ],
)
def test_a_fault_fires_in_the_direction_that_is_watched(direction, factor, reason):
    series = hourly(20, flat, faults=[(400, 402, factor)])
    assert [(e.reason, e.ts) for e in fires(series, direction=direction)] == ([(reason, 401 * HOUR)] if reason else [])


def test_two_calm_buckets_resolve():
    series = hourly(20, flat, faults=[(400, 402, 4)])
    assert [(e.kind, e.ts) for e in events(series)] == [("fire", 401 * HOUR), ("resolve", 405 * HOUR)]


def test_half_way_back_is_not_over():
    series = hourly(20, flat, noise=0.02, faults=[(400, 400, 4), (401, 402, 1.38)])
    assert [(e.kind, e.ts) for e in events(series)] == [("fire", 401 * HOUR), ("resolve", 405 * HOUR)]


def test_a_series_of_steady_values_and_everyday_spikes_is_judged_by_its_spikes():
    dice = random.Random(4)
    spikes = [(n, n, dice.uniform(2, 4)) for n in range(42 * 24) if dice.random() < 0.15]
    assert [e for e in fires(hourly(42, flat, noise=0, faults=spikes)) if e.ts > 7 * DAY] == []
    (fire,) = [e for e in fires(hourly(42, flat, noise=0, faults=[*spikes, (900, 900, 40)])) if e.ts > 7 * DAY]
    assert fire.ts == 901 * HOUR


def test_what_is_usual_by_day_is_news_at_night():
    night, day = 20 * 24 + 3, 20 * 24 + 12
    assert by_day(day) == 10 * by_day(night)
    series = hourly(22, by_day, faults=[(night, night, 10)])
    assert [e.ts for e in fires(series) if e.ts > 7 * DAY] == [(night + 1) * HOUR]


def test_a_quiet_weekend_is_a_fall_once_and_usual_from_then_on():
    series = hourly(28, lambda hour: 20.0 if hour // 24 % 7 in {4, 5} else 100.0)
    fallen = fires(series, Nature.COUNT, "down")
    assert [e.ts // DAY for e in fallen] == [4]


@pytest.mark.parametrize(("minutes", "found"), [(1, 0), (2, 1)])
def test_minutes_take_two_in_a_row(minutes, found):
    dice = random.Random(2)
    series = [(60 * n, dice.gauss(100, 5) * (5 if 600 <= n < 600 + minutes else 1)) for n in range(700)]
    assert [e.ts for e in fires(series, Nature.LATENCY, step=60)] == [60 * 602] * found


def test_a_rise_below_the_least_factor_is_no_news_however_steady_the_series():
    calm = [(60 * n, 100 + n % 2 * 0.01 + (20 if n >= 600 else 0)) for n in range(700)]
    steep = [(ts, value + (10 if value > 110 else 0)) for ts, value in calm]
    assert (len(fires(calm, step=60)), len(fires(steep, step=60))) == (0, 1)


def test_single_events_in_a_series_of_zeros_are_what_counts_do():
    rare = [(60 * n, 1.0 if n in {4_000, 4_001, 6_000} else 0.0) for n in range(7_000)]
    storm = [(ts, 40 * value) for ts, value in rare]
    assert fires(rare, Nature.COUNT, step=60) == []
    assert [e.ts for e in fires(storm, Nature.COUNT, step=60)] == [60 * 4_002]


@pytest.mark.parametrize(
    ("nature", "later", "found"),
    [
        (Nature.LATENCY, 5, 0),
        (Nature.LATENCY, 9, 1),
        (Nature.LEVEL, 5, 1),
        (Nature.LEVEL, 2, 0),
    ],
)
def test_after_a_large_spike_small_ones_are_no_news_for_a_week(nature, later, found):
    series = hourly(28, flat, noise=0.02, faults=[(400, 400, 10), (450, 450, later), (600, 600, later)])
    assert [e.ts for e in fires(series, nature)] == [401 * HOUR, *[451 * HOUR] * found, 601 * HOUR]


def test_a_lasting_change_is_told_once_and_then_usual():
    series = hourly(30, lambda hour: 100.0 if hour < 400 else 300.0)
    assert [e.kind for e in events(series)] == ["fire", "resolve"]


def test_an_outage_does_not_become_usual():
    series = hourly(24, flat, faults=[(300, 304, 10), (480, 484, 10)])
    assert [e.ts for e in fires(series)] == [301 * HOUR, 481 * HOUR]


def test_a_series_of_thirty_buckets_is_too_young():
    young = hourly(2, flat, faults=[(29, 29, 50)])
    older = hourly(2, flat, faults=[(30, 30, 50)])
    assert (len(fires(young)), len(fires(older))) == (0, 1)


def test_gaps_and_values_that_are_no_numbers_neither_fire_nor_resolve():
    series = hourly(20, flat, faults=[(400, 410, 4)])
    holed = [(ts, v) for ts, v in series if not 100 <= ts / HOUR < 150 and not 402 <= ts / HOUR < 406]
    holed[60:60] = [(60 * HOUR, math.nan), (61 * HOUR, math.inf)]
    assert [(e.kind, e.ts) for e in events(holed)] == [("fire", 401 * HOUR), ("resolve", 413 * HOUR)]


def test_a_bucket_that_comes_late_or_twice_is_passed_over():
    series = hourly(20, flat, faults=[(400, 402, 4)])
    doubled = [again for row in series for again in (row, row, (row[0] - HOUR, 9_999.0))]
    assert events(doubled) == events(series)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.integers(1, 20 * 24), st.sampled_from(["up", "down", "both"]))
def test_nothing_is_decided_with_what_comes_later(seed, cut, direction):
    series = hourly(20, by_day, noise=0.5, seed=seed)
    whole = [e for e in events(series, direction=direction) if e.ts <= cut * HOUR]
    assert events(series[:cut], direction=direction) == whole


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.sampled_from([1e-6, 1e-3, 8.0, 1e9]))
def test_the_unit_of_a_level_does_not_matter(seed, unit):
    series = hourly(20, by_day, noise=0.5, seed=seed)
    assert events([(ts, value * unit) for ts, value in series]) == events(series)


@pytest.mark.parametrize("step", [DAY, 7 * DAY])
def test_buckets_of_a_day_or_a_week_are_compared_too(step):
    series = [(n * step, 500.0 if n == 50 else 100.0 + n % 3) for n in range(60)]
    assert [e.ts for e in fires(series, step=step)] == [51 * step]


def test_a_day_is_compared_with_the_same_day_of_earlier_weeks():
    seasons = Seasons(DAY)
    for n in range(32):
        seasons.add(n * DAY, 20.0 if n % 7 == 4 else 100.0)
    assert seasons.references(32 * DAY) == [100.0, 100.0, 20.0]
    assert seasons.references(33 * DAY) == [100.0, 100.0, 100.0]


def test_seven_days_and_four_weeks_are_remembered():
    seasons = Seasons(HOUR)
    for week in range(4):
        seasons.add(week * 7 * DAY, float(week))
    for day in range(22, 28):
        for n in (-1, 0, 1):
            seasons.add(day * DAY + n * HOUR, float(10 * day))
    assert seasons.references(28 * DAY) == [270.0, 240.0, 1.5]


@pytest.mark.parametrize(
    ("metric", "unit", "nature"),
    [
        ("latency_p95", "", Nature.LATENCY),
        ("api_response_time", "", Nature.LATENCY),
        ("session", "s", Nature.LATENCY),
        ("largest_contentful_paint", "ms", Nature.LATENCY),
        ("order_volume", "", Nature.COUNT),
        ("error_count", "", Nature.COUNT),
        ("new_users", "count", Nature.COUNT),
        ("crash_rate", "normalised", Nature.LEVEL),
        ("request_rate", "rps", Nature.LEVEL),
    ],
)
def test_the_nature_is_told_by_name_and_unit(metric, unit, nature):
    assert nature_of(metric, unit) is nature


@given(st.lists(st.floats(-100, 100), min_size=1), st.integers(1, 20), st.floats(0, 1))
def test_quantiles_are_those_of_the_latest_values(values, size, share):
    ranked = Ranked(size)
    for value in values:
        ranked.add(value)
    kept = sorted(values[-size:])
    positive = [value for value in kept if value > 0]
    assert len(ranked) == len(kept)
    assert ranked.quantile(share) == kept[min(len(kept) - 1, int(share * len(kept)))]
    expected = positive[min(len(positive) - 1, int(share * len(positive)))] if positive else 0.0
    assert ranked.positive_quantile(share) == expected


@given(st.lists(st.floats(0, 100), min_size=1), st.integers(1, 10))
def test_the_peak_is_the_greatest_value_of_its_span(values, span):
    peak = Peak(span)
    for ts, value in enumerate(values):
        earlier = values[max(0, ts - span) : ts]
        assert peak.at(ts) == max(earlier, default=0.0)
        peak.add(ts, value)


def test_memory_of_the_seasons_is_bounded():
    seasons = Seasons(HOUR)
    for n in range(24 * 90):
        seasons.add(n * HOUR, 1.0)
    assert len(seasons._by_slot) <= 4 * 7 * 24 + 3
    assert seasons.references(90 * DAY) == [1.0, 1.0, 1.0]

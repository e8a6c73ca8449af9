"""Two months beside each other: what is worse, what is chance, and what nobody can tell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from shared.domain.benchmarks import ALPHA, Grade, Months, benchmarks, chance_of, holm
from shared.domain.figures import Figure, Span
from shared.domain.metrics import Kind, Metric, Statistic
from shared.domain.rules import Unit

NOW = datetime(2026, 12, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
SPAN, BEFORE = Span(NOW - MONTH, NOW), Span(NOW - 2 * MONTH, NOW - MONTH)


def month(level, seed, *, sd=20.0, kept=0.0):
    chance, off, days = Random(seed), 0.0, []
    for _ in range(30):
        off = kept * off + chance.gauss(0, sd * (1 - kept**2) ** 0.5)
        days.append(level + off)
    return days


def compared(now, before, **metric):
    shape = {"kind": Kind.VALUE, "unit": Unit.MILLISECONDS, "source": "requests", "target": 1_000.0, **metric}
    whole = [[day for day in days if day is not None] for days in (now, before)]
    value, past = (sum(days) / len(days) if days else None for days in whole)
    return Months(Figure(Metric("m", **shape), SPAN, value, 1_000, BEFORE, past, NOW), now, before)


def grade(one):
    return benchmarks({"m": one})["m"].grade


def exact_chance(now, before):
    """Counted over all orders of two samples without ties: how many have a rank sum that is as far off."""
    ranks = {value: number for number, value in enumerate(sorted([*now, *before]), 1)}
    ways = {(0, 0): 1}
    for rank in ranks.values():
        for (taken, total), count in sorted(ways.items(), reverse=True):
            if taken < len(now):
                ways[taken + 1, total + rank] = ways.get((taken + 1, total + rank), 0) + count
    sums = {total: count for (taken, total), count in ways.items() if taken == len(now)}
    middle, found = len(now) * (len(ranks) + 1) / 2, sum(ranks[value] for value in now)
    return sum(count for total, count in sums.items() if abs(total - middle) >= abs(found - middle)) / sum(
        sums.values()
    )


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.6, 1.0])
def test_the_chance_is_the_exact_one_but_for_little(shift):
    now = [float(n) * 17 % 41 for n in range(1, 21)]
    before = [float(n) * 17 % 41 + 20 * shift + 0.5 for n in range(21, 41)]
    assert chance_of(now, before) == pytest.approx(exact_chance(now, before), rel=0.12, abs=0.002)


def test_a_month_that_is_clearly_slower_is_worse_and_beyond_the_target_it_fails():
    assert grade(compared(month(600, 1), month(500, 2))) is Grade.WORSE
    assert grade(compared(month(1_200, 1), month(900, 2))) is Grade.WORSE_AND_MISSED


def test_a_month_that_is_better_or_the_same_is_well():
    assert grade(compared(month(400, 1), month(500, 2))) is Grade.WELL
    assert grade(compared(month(500, 1), month(500, 2))) is Grade.WELL


def test_what_was_beyond_the_target_last_month_too_is_told_as_just_that():
    assert grade(compared(month(1_200, 1), month(1_200, 2))) is Grade.MISSED


def test_more_is_better_where_the_metric_says_so():
    more = {"kind": Kind.RATIO, "unit": Unit.PERCENT, "good_share": True, "at_least": True, "target": 50.0}
    assert grade(compared(month(60, 1, sd=2), month(70, 2, sd=2), **more)) is Grade.WORSE
    assert grade(compared(month(70, 1, sd=2), month(60, 2, sd=2), **more)) is Grade.WELL


def test_one_terrible_day_does_not_make_a_month_worse():
    bad = month(500, 1)
    bad[10] = 2_000.0
    assert grade(compared(bad, month(500, 2))) is Grade.WELL


def test_what_is_sure_but_small_does_not_matter():
    assert grade(compared(month(510, 1, sd=1), month(500, 2, sd=1))) is Grade.WELL


def test_too_few_days_say_nothing():
    few = [500.0] * 19 + [None] * 11
    assert grade(compared([900.0] * 30, few)) is Grade.UNKNOWN
    assert grade(compared([900.0] * 30, [])) is Grade.UNKNOWN


def test_a_fact_needs_no_days_the_newest_build_is_as_large_as_it_is():
    """A build's size is held for weeks; one build is enough, though its figure rests on one measurement."""
    shape = {"unit": Unit.BYTES, "statistic": Statistic.LAST, "target": 750_000.0}
    for size, found in ((700_000.0, Grade.WORSE), (801_000.0, Grade.WORSE_AND_MISSED), (610_000.0, Grade.WELL)):
        one = compared([size], [600_000.0], **shape)
        assert grade(replace(one, figure=replace(one.figure, count=1))) is found


def false_words(kept, *, metrics=1, tries=300):
    """How often equal months are told apart, whatever the direction."""
    told = 0
    for seed in range(tries):
        seeds = [seed * 2 * metrics + number for number in range(2 * metrics)]
        pairs = zip(seeds[::2], seeds[1::2], strict=True)
        found = holm({str(a): chance_of(month(500, a, kept=kept), month(500, b, kept=kept)) for a, b in pairs})
        told += any(one < ALPHA for one in found.values())
    return told / tries


def test_equal_months_are_rarely_told_apart_also_where_days_hang_together():
    assert false_words(0.0) <= 0.07
    assert false_words(0.5) <= 0.09


def test_ten_metrics_are_together_as_rarely_wrong_as_one():
    assert false_words(0.0, metrics=10, tries=150) <= 0.08


def test_a_month_of_the_same_value_is_no_proof_of_anything():
    assert chance_of([5.0] * 30, [5.0] * 30) == 1.0


def test_the_smallest_chance_is_raised_the_most_and_none_overtakes_another():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})

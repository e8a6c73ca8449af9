"""A rule without numbers: a volume far from its own past warns, hour by hour."""

import math
import random
from datetime import timedelta

import pytest

from shared.domain.evaluation import Memory, Say, evaluate
from shared.domain.judgements import Outcome
from shared.domain.unusual import direction_of
from tests.unit.domain.rulebook import HOUR, METRICS, NOW, counts, series, shipped

DAYS = 21


def orders(at, *, share=1.0):
    """Some sixty an hour in the evening and ten at night, as noisy as orders are."""
    usual = 35 + 25 * math.sin((at.hour - 9) / 24 * 2 * math.pi)
    return max(0, round(random.Random(str(at)).gauss(usual, math.sqrt(usual)) * share))


def history(*, last=0, share=1.0):
    starts = [NOW - n * HOUR for n in range(DAYS * 24, 0, -1)]
    return [counts(at, orders(at, share=share if NOW - at <= last * HOUR else 1.0), length=HOUR) for at in starts]


def judged(hours):
    found = series("order_volume", hours=hours, since=NOW - HOUR)
    return evaluate(shipped("orders_unusual"), found, Memory(), now=NOW)


def test_an_everyday_evening_is_no_news():
    decision = judged(history())
    assert (decision.say, decision.judgement.outcome) == (Say.NOTHING, Outcome.FINE)


def test_a_volume_that_breaks_down_warns_with_what_is_usual():
    decision = judged(history(last=2, share=0.0))
    assert (decision.say, decision.judgement.outcome, decision.severity) == (Say.FIRED, Outcome.UNUSUAL, "medium")
    assert decision.judgement.baseline.value == pytest.approx(50, abs=20)


def test_a_peak_of_what_should_be_much_is_no_trouble():
    assert judged(history(last=2, share=4.0)).say is Say.NOTHING


def test_hours_in_which_nobody_ordered_are_zeros_and_not_missing():
    hours = [point for point in history() if point.start < NOW - 3 * HOUR]
    assert judged(hours).say is Say.FIRED


def test_the_detector_goes_on_where_it_was_and_says_the_same():
    whole = history(last=4, share=0.0)
    found = series("order_volume", hours=whole, since=NOW - HOUR)
    said, memory = [], Memory()
    for back in range(8, -1, -1):
        found.watermark = (NOW - back * HOUR - timedelta(minutes=1)).timestamp()
        decision = evaluate(shipped("orders_unusual"), found, memory, now=NOW - back * HOUR)
        memory = decision.memory
        said.append(str(decision.say))
    assert "fired" in said
    assert said.index("fired") in {5, 6}
    assert judged(whole).say is Say.FIRED


def test_trouble_lies_where_the_metric_says():
    assert [direction_of(METRICS[name]) for name in ("instances", "database_latency", "order_volume")] == [
        "both",
        "up",
        "down",
    ]

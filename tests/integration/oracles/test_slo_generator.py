"""Our burn rates and error budgets are those of slo-generator, over generated traffic with outages in it.

What differs by design: it rounds the good share to six digits and the burn rate to one, it alerts beyond the threshold
and we at it, and it judges each window alone where we ask for both.
"""

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from slo_generator.compute import compute

from shared.domain.budgets import budget, hourly
from shared.domain.burn_rates import PAGE, TICKET, Burning, burn_rate, goal_of, judged
from shared.domain.metrics import Point
from shared.domain.report_plans import Objective

BACKEND = "tests.integration.oracles.counting.CountingBackend"
DAYS, MINUTE = 4, 60
FIRST = 3 * 24 * 60  # the longest window needs three days before it
STEPS = [(pair, length) for pair in (*PAGE, *TICKET) for length in (pair.long, pair.short)]
ROUNDED_SHARE, ROUNDED_BURN = 5e-7, 0.05


class Traffic:
    """Requests by minute, with a healthy share of errors and a few outages of all strengths."""

    def __init__(self, seed, goal):
        chance = random.Random(seed)
        length = DAYS * 24 * 60
        error = [(1 - goal) * chance.choice((0.0, 0.2, 0.8))] * length
        for _ in range(12):
            begin, strength = chance.randrange(length), (1 - goal) * 10 ** chance.uniform(0, 2)
            for minute in range(begin, min(length, begin + chance.choice((3, 10, 40, 200, 900)))):
                error[minute] = min(1.0, strength)
        totals = [chance.choice((0, 20, 50, 400)) for _ in range(length)]
        bad = [binomial(chance, n, p) for n, p in zip(totals, error, strict=True)]
        self._totals, self._bad = [0, *accumulate(totals)], [0, *accumulate(bad)]

    def counts(self, end, length):
        first, last = (end - length) // MINUTE, end // MINUTE
        return self._bad[last] - self._bad[first], self._totals[last] - self._totals[first]


def binomial(chance, n, p):
    return sum(chance.random() < p for _ in range(n))


def theirs(traffic, goal, end):
    """slo-generator's reports, one a step, in the order of STEPS."""
    slo = {
        "apiVersion": "sre.google.com/v2",
        "kind": "ServiceLevelObjective",
        "metadata": {"name": "orders"},
        "spec": {"description": "", "backend": BACKEND, "method": "good_bad_ratio", "exporters": [], "goal": goal},
    }
    steps = [
        {
            "name": str(number),
            "window": int(length.total_seconds()),
            "burn_rate_threshold": pair.factor,
            "alert": True,
            "message_alert": "",
            "message_ok": "",
        }
        for number, (pair, length) in enumerate(STEPS)
    ]
    config = {"backends": {BACKEND: {}}, "error_budget_policies": {"default": {"steps": steps}}}
    return compute(slo, config, timestamp=end, client=traffic.counts)


@pytest.mark.parametrize("goal", [0.9, 0.99, 0.995, 0.999])
def test_burn_rates_are_those_of_slo_generator(goal):
    judgements = set()
    for seed in range(5):
        traffic, chance = Traffic(seed, goal), random.Random(seed)
        for end in (MINUTE * chance.randrange(FIRST, DAYS * 24 * 60) for _ in range(20)):
            reports = theirs(traffic, goal, end)
            assert len(reports) == len(STEPS)
            for (pair, length), report in zip(STEPS, reports, strict=True):
                agree(burn_rate(*traffic.counts(end, int(length.total_seconds())), goal=goal), pair, report, goal)
            ours = judged(
                PAGE, lambda window, end=end, of=traffic: of.counts(end, int(window.total_seconds())), goal=goal
            )
            judgements.add(ours.burning)
            alerts = [report["alert"] for report in reports[: 2 * len(PAGE)]]
            if not near_a_threshold(reports):
                assert ours.breached == any(
                    long and short for long, short in zip(alerts[::2], alerts[1::2], strict=True)
                )
    assert {Burning.BREACHED, Burning.WITHIN} <= judgements


def agree(ours, pair, report, goal):
    """One window: the burn rate within their rounding, and the same side of the threshold unless that rounding decides."""
    slack = ROUNDED_SHARE / (1 - goal) + 1e-9
    assert ours == pytest.approx(report["error_budget_consumed_ratio"] / 100, abs=slack)
    assert ours == pytest.approx(report["error_budget_burn_rate"], abs=ROUNDED_BURN + slack)
    if abs(ours - pair.factor) > ROUNDED_BURN + slack:
        assert (ours >= pair.factor) == report["alert"]


def near_a_threshold(reports):
    return any(
        abs(r["error_budget_burn_rate"] - r["error_budget_burn_rate_threshold"]) < 2 * ROUNDED_BURN for r in reports
    )


def test_a_window_without_events_is_evidence_for_neither():
    class Nothing:
        counts = staticmethod(lambda end, length: (0, 0))

    assert burn_rate(0, 0, goal=0.99) is None
    assert [report["valid"] for report in theirs(Nothing, 0.99, 0)] == [False] * len(STEPS)


def test_the_windows_are_those_of_the_workbook():
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    assert [(pair.factor, pair.long, pair.short) for pair in (*PAGE, *TICKET)] == [
        (14.4, hour, 5 * minute),
        (6.0, 6 * hour, 30 * minute),
        (3.0, 24 * hour, 2 * hour),
        (1.0, 72 * hour, 6 * hour),
    ]


@pytest.mark.parametrize("percent", [90.0, 99.0, 99.5, 99.9])
def test_what_is_left_of_a_budget_is_what_slo_generator_says_remains(percent):
    goal, length = goal_of(percent), timedelta(days=3)
    objective = Objective("orders", "order_failure_rate", percent, length)
    for seed in range(5):
        traffic, chance = Traffic(seed, goal), random.Random(seed)
        for end in (3_600 * chance.randrange(FIRST // 60, DAYS * 24) for _ in range(20)):
            report = next(
                one for (_, window), one in zip(STEPS, theirs(traffic, goal, end), strict=True) if window == length
            )
            starts = range(end - int(length.total_seconds()), end, 3_600)
            hours = ((start, *traffic.counts(start + 3_600, 3_600)) for start in starts)
            points = [Point(datetime.fromtimestamp(at, UTC), count=total, bad=bad) for at, bad, total in hours]
            ours = budget(objective, hourly(objective, points), until=datetime.fromtimestamp(end, UTC))
            assert ours.events == report["events_count"]
            remains = report["error_budget_remaining_minutes"] / report["error_budget_minutes"]
            assert ours.left == pytest.approx(100 * remains, abs=100 * ROUNDED_SHARE / (1 - goal))

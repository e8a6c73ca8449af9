from datetime import timedelta

import pytest

from shared.domain.burn_rates import PAGE, PERIOD, TICKET, Burning, BurnRate, burn_rate, burned, judged

HOUR, FIVE_MINUTES = timedelta(hours=1), timedelta(minutes=5)
PAIR = BurnRate(14.4, HOUR, FIVE_MINUTES)
GOAL = 0.999


def counts(table, default=(0, 10_000)):
    return lambda window: table.get(window, default)


def test_a_burn_rate_of_one_spends_the_budget_exactly():
    assert burn_rate(1, 1000, goal=0.999) == 1.0
    assert burn_rate(50, 1000, goal=0.95) == 1.0
    assert burn_rate(0, 1000, goal=0.999) == 0.0


@pytest.mark.parametrize(
    ("bad", "total", "goal", "burn"), [(144, 10_000, 0.999, 14.4), (6, 10_000, 0.9999, 6.0), (3, 100, 0.99, 3.0)]
)
def test_exactly_the_factor_is_not_lost_to_binary_rounding(bad, total, goal, burn):
    assert burn_rate(bad, total, goal=goal) == burn


def test_no_events_are_no_evidence_and_not_a_burn_of_zero():
    assert burn_rate(0, 0, goal=GOAL) is None
    nothing = burned(PAIR, counts({}, (0, 0)), goal=GOAL)
    assert (nothing.burning, nothing.breached, nothing.spent) == (Burning.NO_EVIDENCE, None, None)


@pytest.mark.parametrize("goal", [1.0, 1.5, 0.0, -0.1, 99.9, float("nan")])
def test_E26_a_goal_of_one_or_none_at_all_is_refused(goal):
    with pytest.raises(ValueError, match="share between 0 and 1"):
        burn_rate(1, 100, goal=goal)
    with pytest.raises(ValueError, match="share between 0 and 1"):
        judged(PAGE, counts({}, (0, 0)), goal=goal)


HOT, COLD, NONE = (200, 10_000), (10, 10_000), (0, 0)


@pytest.mark.parametrize(
    ("long", "short", "burning", "breached"),
    [
        (HOT, HOT, Burning.BREACHED, True),
        (HOT, COLD, Burning.SHORT_CLEAN, False),
        (HOT, NONE, Burning.NO_EVIDENCE, None),
        (COLD, HOT, Burning.NOT_YET, False),
        (COLD, COLD, Burning.WITHIN, False),
        (COLD, NONE, Burning.WITHIN, False),
        (NONE, HOT, Burning.NO_EVIDENCE, None),
        (NONE, NONE, Burning.NO_EVIDENCE, None),
    ],
)
def test_a_pair_is_breached_only_when_both_windows_burn(long, short, burning, breached):
    one = burned(PAIR, counts({HOUR: long, FIVE_MINUTES: short}), goal=GOAL)
    assert (one.burning, one.breached, one.pair) == (burning, breached, PAIR)


def test_at_least_the_factor_is_breached_and_just_below_it_is_not():
    at = burned(PAIR, counts({}, (144, 10_000)), goal=GOAL)
    below = burned(PAIR, counts({}, (14_399, 1_000_000)), goal=GOAL)
    assert (at.burning, at.long, at.short) == (Burning.BREACHED, 14.4, 14.4)
    assert below.burning is Burning.WITHIN


def test_E26_a_clean_short_window_clears_though_the_long_one_is_still_hot():
    """An outage of ten minutes, then health: minute by minute."""
    minutes = [(0, 100)] * 60 + [(100, 100)] * 10 + [(0, 100)] * 20

    def at(now):
        def window(length):
            span = minutes[max(0, now - length // timedelta(minutes=1)) : now]
            return sum(bad for bad, _ in span), sum(total for _, total in span)

        return burned(PAIR, window, goal=GOAL)

    assert at(60).burning is Burning.WITHIN
    assert at(70).burning is Burning.BREACHED
    assert at(74).burning is Burning.BREACHED
    after = at(75)
    assert after.burning is Burning.SHORT_CLEAN
    assert after.breached is False
    assert after.long > PAIR.factor
    assert after.short == 0.0


@pytest.mark.parametrize(("pairs", "share"), [(PAGE[:1], 0.02), (PAGE[1:], 0.05), (TICKET[:1], 0.1), (TICKET[1:], 0.1)])
def test_the_pairs_fire_at_the_budget_shares_of_the_workbook(pairs, share):
    (pair,) = pairs
    at_factor = burned(pair, counts({}, (round(pair.factor * 1_000), 1_000_000)), goal=GOAL)
    assert at_factor.burning is Burning.BREACHED
    assert at_factor.spent == pytest.approx(share)
    assert pair.factor * (pair.long / PERIOD) == pytest.approx(share)


def test_the_share_spent_follows_the_period():
    week = burned(PAIR, counts({}, (144, 10_000)), goal=GOAL, period=timedelta(days=7))
    assert week.spent == pytest.approx(14.4 / 168)


def test_fewer_events_than_asked_for_are_no_evidence_to_fire():
    one_of_one = counts({}, (1, 1))
    assert burned(PAIR, one_of_one, goal=GOAL).burning is Burning.BREACHED
    assert burned(PAIR, one_of_one, goal=GOAL, least=2).burning is Burning.NO_EVIDENCE


def test_the_first_breached_pair_speaks_for_all():
    slow_only = {PAGE[0].long: COLD, PAGE[0].short: COLD, PAGE[1].long: HOT, PAGE[1].short: HOT}
    assert judged(PAGE, counts(slow_only), goal=GOAL).pair is PAGE[1]
    assert judged(PAGE, counts({}, HOT), goal=GOAL).pair is PAGE[0]


def test_one_pair_without_evidence_keeps_the_whole_from_being_called_clean():
    silent_lately = {PAGE[0].long: HOT, PAGE[0].short: NONE, PAGE[1].long: COLD, PAGE[1].short: COLD}
    whole = judged(PAGE, counts(silent_lately), goal=GOAL)
    assert (whole.breached, whole.pair) == (None, PAGE[0])
    silent_for_an_hour = {PAGE[0].long: NONE, PAGE[0].short: NONE, PAGE[1].long: COLD, PAGE[1].short: NONE}
    whole = judged(PAGE, counts(silent_for_an_hour), goal=GOAL)
    assert (whole.breached, whole.pair) == (None, PAGE[0])


def test_when_nothing_is_breached_the_hottest_pair_is_named():
    warm = {PAGE[0].long: (0, 10_000), PAGE[1].long: (30, 10_000)}
    whole = judged(PAGE, counts(warm), goal=GOAL)
    assert (whole.breached, whole.pair, whole.long) == (False, PAGE[1], 3.0)

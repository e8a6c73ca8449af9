"""One rule, one instant: what the evaluation concludes, and what it keeps quiet about."""

import math
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from shared.domain.evaluation import Memory, Say, Surroundings, evaluate
from shared.domain.judgements import Level, Outcome
from shared.domain.metrics import Metric, Point
from shared.domain.rules import NoData
from shared.domain.series import Series
from shared.domain.severities import Severity
from tests.unit.domain.rulebook import (
    HOUR,
    METRICS,
    MINUTE,
    NOW,
    WEEK,
    counts,
    drawn,
    minutes,
    play,
    rule,
    series,
    shipped,
    values,
    weekly_hours,
)

HEALTHY = weekly_hours(lambda at: counts(at, 1_800, 4, length=HOUR))

QUIET = weekly_hours(lambda at: counts(at, 5, 0, length=HOUR))


def at_once(made, found, memory=None, **around):
    return evaluate(made, found, memory or Memory(), now=NOW, around=Surroundings(**around))


def build(size, *, before=NOW - MINUTE):
    return series("bundle_size", recent=[Point(before, count=1, total=size)], since=before, watermark=before)


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "size", "fires"),
    [
        ("bundle_size > 750KB", 750_000, False),
        ("bundle_size > 750KB", 750_001, True),
        ("bundle_size > 750KiB", 768_000, False),
        ("bundle_size > 750KiB", 768_001, True),
        ("bundle_size > 750KiB", 750_001, False),
    ],
)
def test_E15_exactly_the_limit_never_fires_and_a_kilobyte_is_a_thousand_bytes(condition, size, fires):
    decision = at_once(rule(condition=condition), build(size))
    assert decision.say == (Say.FIRED if fires else Say.NOTHING)


def test_E16_no_rows_are_no_data_and_held_never_zero_percent():
    decision = at_once(shipped("error_rate_alert"), series("error_rate", since=NOW - 6 * HOUR, watermark=NOW - MINUTE))
    assert (decision.judgement.outcome, decision.judgement.value, decision.say) == (Outcome.NO_DATA, None, Say.NOTHING)


@pytest.mark.parametrize(
    ("policy", "metric_policy", "says"),
    [
        (NoData.HOLD, NoData.ALERT, Say.NOTHING),
        (NoData.ALERT, NoData.HOLD, Say.FIRED),
        (NoData.OK, NoData.ALERT, Say.NOTHING),
        (NoData.INHERIT, NoData.ALERT, Say.FIRED),
        (NoData.INHERIT, NoData.HOLD, Say.NOTHING),
    ],
)
def test_E16_the_no_data_policy_of_the_rule_or_of_its_metric_decides(policy, metric_policy, says):
    empty = series("error_rate", since=NOW - 6 * HOUR)
    empty.metric = replace(METRICS["error_rate"], no_data=metric_policy, silence=False)
    assert at_once(replace(shipped("error_rate_alert"), no_data=policy), empty).say == says


@pytest.mark.parametrize("policy", [NoData.HOLD, NoData.OK])
def test_E16_without_data_a_firing_alert_is_held_or_ends_by_policy(policy):
    made = rule(condition="error_rate > 1%", mode="condition", window="5m", no_data=str(policy))
    bad = series("error_rate", recent=minutes(lambda at, n: counts(at, 100, 50), last=10))
    empty = series("error_rate", since=NOW - HOUR, watermark=NOW)
    said, _ = play(made, [bad, empty])
    assert said == [Say.FIRED, Say.RESOLVED if policy is NoData.OK else Say.NOTHING]


@pytest.mark.parametrize("name", ["error_rate", "conversion_rate", "first_contentful_paint"])
def test_E17_a_zero_denominator_is_no_data_without_exception_or_infinity(name):
    recent = minutes(lambda at, n: counts(at, 0), last=30)
    judgement = at_once(rule(condition=_condition(name), window="5m"), series(name, recent=recent)).judgement
    assert judgement.outcome is Outcome.NO_DATA
    assert b"nan" not in msgspec.json.encode(judgement).lower()


def _condition(name):
    return {
        "error_rate": "error_rate > 1%",
        "conversion_rate": "conversion_rate < 90%",
        "first_contentful_paint": "first_contentful_paint > 1.5s",
    }[name]


# -- changes against the baseline --------------------------------------------------------------------------------------


@pytest.mark.parametrize("usual", [None, 0])
def test_E18_without_a_baseline_or_with_one_of_zero_the_limit_alone_decides(usual):
    made = rule(condition="database_latency > 10000ms", threshold="50% increase", window="5m")
    hours = [] if usual is None else weekly_hours(lambda at: values(at, [0.0] * 10, length=HOUR))
    known = series("database_latency", recent=minutes(lambda at, n: values(at, [5.0]), last=10), hours=hours)
    decision = at_once(made, known)
    assert (decision.say, math.isfinite(decision.judgement.value)) == (Say.NOTHING, True)
    if usual is None:
        assert decision.judgement.outcome is Outcome.NO_BASELINE


def test_E19_hours_of_an_outage_are_left_out_of_the_baseline():
    outage = NOW - WEEK - HOUR
    hours = weekly_hours(lambda at: counts(at, 1_800, 900 if at in {outage, NOW - 2 * WEEK - HOUR} else 4, length=HOUR))
    known = series("error_rate", recent=minutes(lambda at, n: counts(at, 30, 0), last=390), hours=hours)
    left_out = (
        (outage.timestamp(), outage.timestamp() + 3_600),
        ((NOW - 2 * WEEK - HOUR).timestamp(), NOW.timestamp() - 14 * 86_400),
    )
    clean = at_once(shipped("error_rate_alert"), known, left_out=left_out).judgement.baseline.bad_share
    polluted = at_once(shipped("error_rate_alert"), known).judgement.baseline.bad_share
    assert (clean, polluted > 0.2) == (pytest.approx(4 / 1_800), True)


def test_E19_the_rule_s_own_alerts_are_left_out_but_three_days_of_one_are_the_new_normal():
    hour = (NOW - WEEK - HOUR).timestamp()
    hours = weekly_hours(lambda at: counts(at, 1_800, 90 if at == NOW - WEEK - HOUR else 4, length=HOUR), weeks=2)
    known = series("error_rate", recent=minutes(lambda at, n: counts(at, 30, 0), last=390), hours=hours)
    own = at_once(shipped("error_rate_alert"), known, Memory(alerts=((hour, hour + 3_600),)))
    long_ago = at_once(shipped("error_rate_alert"), known, Memory(alerts=((hour - 5 * 86_400, hour + 3_600),)))
    assert own.judgement.baseline.how == "the last 24 hours"
    assert long_ago.judgement.baseline.how == "the same hour of the week"


def test_E20_one_error_of_one_request_pages_nobody():
    known = series("error_rate", recent=[counts(NOW - MINUTE, 1, 1)], since=NOW - 6 * HOUR, hours=QUIET)
    assert at_once(shipped("error_rate_alert"), known).say is Say.NOTHING


def test_E20_under_min_samples_nothing_is_judged():
    made = rule(condition="error_rate > 1%", mode="condition", window="5m", min_samples=20)
    few = series("error_rate", recent=minutes(lambda at, n: counts(at, 2, 2), last=5))
    assert at_once(made, few).judgement.outcome is Outcome.TOO_FEW


@pytest.mark.parametrize(("bad", "fires"), [(14, False), (16, True)])
def test_E21_half_a_point_is_added_to_the_share_and_not_multiplied(bad, fires):
    made = rule(condition="error_rate > 5%", threshold="0.5% increase", window="10m")
    hours = weekly_hours(lambda at: counts(at, 6_000, 60, length=HOUR))  # 1.0 %
    known = series(
        "error_rate", recent=minutes(lambda at, n: counts(at, 100, bad if n == 9 else 0), last=10), hours=hours
    )
    decision = at_once(made, known)
    assert (decision.say is Say.FIRED, decision.memory.level is Level.CHANGE) == (fires, fires)


@pytest.mark.parametrize(("seconds", "says"), [(260, Say.NOTHING), (126, Say.FIRED), (150, Say.NOTHING)])
def test_E22_a_decrease_is_never_fired_by_an_increase(seconds, says):
    made = shipped("user_engagement_alert")
    hour = NOW.replace(minute=0)
    days = [hour - n * HOUR for n in range(1, 25)]
    weeks = [hour - week * WEEK - n * HOUR for week in range(1, 5) for n in range(1, 25)]
    hours = [drawn(at, 60, seconds, length=HOUR) for at in days] + [drawn(at, 60, 190, length=HOUR) for at in weeks]
    decision = at_once(made, series("session_duration", hours=hours, since=NOW - 7 * HOUR))
    assert decision.say == says


# -- for, hysteresis, flapping -----------------------------------------------------------------------------------------


def _at(now, bad):
    return series("error_rate", recent=[counts(now - MINUTE, 1_000, bad)], since=now - HOUR, until=now)


def test_E23_four_bad_minutes_one_good_and_four_bad_do_not_fire_for_five_minutes():
    made = rule(condition="error_rate > 1%", mode="condition", window="1m", **{"for": "5m"})
    said, _ = play(made, [_at(NOW + n * MINUTE, 0 if n == 4 else 50) for n in range(9)])
    assert set(said) == {Say.NOTHING}
    said, _ = play(made, [_at(NOW + n * MINUTE, 50) for n in range(6)])
    assert said[-1] == Say.FIRED


def test_E23_a_missed_evaluation_keeps_the_timer():
    made = rule(condition="error_rate > 1%", mode="condition", window="1m", **{"for": "5m"})
    found = [_at(NOW + n * MINUTE, 50) for n in range(6)]
    found[3] = series("error_rate", since=NOW - HOUR, watermark=NOW + 2 * MINUTE)
    said, _ = play(made, found)
    assert said[-1] == Say.FIRED


def test_E24_between_the_two_limits_it_stays_firing_and_two_clean_windows_end_it():
    made = rule(condition="error_rate > 1%", mode="condition", window="1m", clear="0.8%", clear_windows=2)
    said, _ = play(made, [_at(NOW + n * MINUTE, bad) for n, bad in enumerate([11, 9, 9, 7, 9, 7, 7])])
    assert said == [Say.FIRED, *[Say.NOTHING] * 5, Say.RESOLVED]


def test_E25_ten_flips_in_an_hour_are_one_notice_then_silence_then_one_stable_notice():
    made = rule(condition="error_rate > 1%", mode="condition", window="1m")
    flips = [_at(NOW + n * MINUTE, 50 if n % 2 == 0 else 0) for n in range(16)]
    calm = [_at(NOW + n * MINUTE, 0) for n in range(16, 50)]
    said, decision = play(made, flips + calm)
    assert said[:9] == [Say.FIRED, Say.RESOLVED] * 4 + [Say.FIRED]
    assert said[9] == Say.FLAPPING
    assert [word for word in said[10:] if word != Say.NOTHING] == [Say.RESOLVED]
    assert not decision.memory.steady.flapping


# -- burn rates --------------------------------------------------------------------------------------------------------


def test_E26_a_clean_short_window_clears_although_the_long_one_is_hot():
    made = rule(metric="error_rate", objective=99.0)
    hours = weekly_hours(lambda at: counts(at, 6_000, 10, length=HOUR))
    recent = minutes(lambda at, n: counts(at, 100, 40 if 325 <= n < 355 else 0), last=390)
    assert at_once(made, series("error_rate", recent=recent, hours=hours)).say is Say.NOTHING
    burning = minutes(lambda at, n: counts(at, 100, 40 if n >= 15 else 0), last=60)
    decision = at_once(made, series("error_rate", recent=burning))
    assert (decision.say, decision.judgement.outcome) == (Say.FIRED, Outcome.BURNING)


# -- late and repeated data --------------------------------------------------------------------------------------------


def test_E27_a_source_six_hours_behind_is_late_and_held_not_zero():
    hours = weekly_hours(lambda at: counts(at, 40, 2, length=HOUR))
    late = series("conversion_rate", hours=hours, watermark=NOW - 7 * HOUR, since=NOW - 8 * HOUR)
    decision = at_once(shipped("conversion_drop_alert"), late)
    assert (decision.judgement.outcome, decision.judgement.value, decision.say) == (Outcome.LATE, None, Say.NOTHING)


def test_E28_late_rows_that_make_the_window_good_correct_the_alert():
    made = shipped("error_rate_alert")
    thin = minutes(lambda at, n: counts(at, 1, 1 if n >= 380 else 0), last=390)
    fired = at_once(made, series("error_rate", recent=thin, hours=HEALTHY))
    assert fired.say is Say.FIRED
    full = minutes(lambda at, n: counts(at, 2_000, 1 if n >= 380 else 0), last=391, until=NOW + MINUTE)
    after = evaluate(
        made, series("error_rate", recent=full, hours=HEALTHY, until=NOW + MINUTE), fired.memory, now=NOW + MINUTE
    )
    assert (after.say, after.memory.steady.is_firing) == (Say.CORRECTED, False)


def test_E31_the_same_window_twice_says_nothing_twice():
    made = rule(condition="error_rate > 1%", mode="condition", window="1m")
    first = at_once(made, _at(NOW, 50))
    again = evaluate(made, _at(NOW, 50), first.memory, now=NOW + timedelta(seconds=20))
    assert (first.say, again.say, again.memory) == (Say.FIRED, Say.NOTHING, first.memory)


def test_E32_after_skipped_evaluations_only_the_newest_window_is_judged():
    made = rule(condition="error_rate > 1%", mode="condition", window="1m")
    calm = at_once(made, _at(NOW, 0))
    later = NOW + 4 * MINUTE
    found = series(
        "error_rate", recent=[counts(NOW + n * MINUTE, 1_000, 500 if n < 3 else 0) for n in range(4)], until=later
    )
    assert evaluate(made, found, calm.memory, now=later).say is Say.NOTHING


# -- levels ------------------------------------------------------------------------------------------------------------


def test_a_change_alone_is_one_severity_lower_and_the_limit_raises_it_at_once():
    made = shipped("error_rate_alert")
    mild = minutes(lambda at, n: counts(at, 300, 2 if n % 3 == 0 else 3), last=390)  # 0.89 %, usually 0.22 %
    changed = at_once(made, series("error_rate", recent=mild, hours=HEALTHY))
    assert (changed.say, changed.memory.level, changed.severity) == (Say.FIRED, Level.CHANGE, Severity.HIGH)
    worse = [*mild[1:], counts(NOW, 300, 150)]
    raised = evaluate(
        made, series("error_rate", recent=worse, hours=HEALTHY, until=NOW + MINUTE), changed.memory, now=NOW + MINUTE
    )
    assert (raised.say, raised.memory.level, raised.severity) == (Say.RAISED, Level.LIMIT, Severity.CRITICAL)


def test_a_chronic_breach_is_told_once_a_day_and_pages_only_when_it_gets_worse():
    made = shipped("error_rate_alert")
    hours = weekly_hours(lambda at: counts(at, 1_800, 36, length=HOUR))  # always 2 %
    usual = series("error_rate", recent=minutes(lambda at, n: counts(at, 100, 2), last=390), hours=hours)
    first = at_once(made, usual)
    assert (first.say, first.severity) == (Say.CHRONIC, Severity.LOW)
    later = [
        series(
            "error_rate",
            recent=minutes(lambda at, n: counts(at, 100, 2), last=390, until=NOW + n * MINUTE),
            hours=hours,
            until=NOW + n * MINUTE,
        )
        for n in (1, 2)
    ]
    said, _ = play(made, later, memory=first.memory, start=NOW + MINUTE)
    assert said == [Say.NOTHING, Say.NOTHING]
    worse = series(
        "error_rate", recent=minutes(lambda at, n: counts(at, 100, 12 if n > 370 else 2), last=390), hours=hours
    )
    assert at_once(made, worse).say is Say.FIRED


def test_requests_that_stop_fire_although_no_request_fails():
    recent = minutes(lambda at, n: counts(at, 0 if n >= 380 else 30), last=390)
    decision = at_once(shipped("error_rate_alert"), series("error_rate", recent=recent, hours=HEALTHY))
    assert (decision.say, decision.judgement.outcome, decision.severity) == (
        Say.FIRED,
        Outcome.SILENCE,
        Severity.CRITICAL,
    )


def test_the_newest_minute_which_may_be_half_there_is_no_silence():
    hours = weekly_hours(lambda at: counts(at, 18_000, 4, length=HOUR))
    recent = minutes(lambda at, n: counts(at, 0 if n == 389 else 300), last=390)
    assert at_once(shipped("error_rate_alert"), series("error_rate", recent=recent, hours=hours)).say is Say.NOTHING


def test_slow_answers_fire_when_too_many_are_slower_than_the_limit():
    hours = weekly_hours(lambda at: drawn(at, 600, 200, length=HOUR))
    slow = series(
        "api_response_time", recent=minutes(lambda at, n: drawn(at, 20, 900 if n > 370 else 200), last=390), hours=hours
    )
    fine = series("api_response_time", recent=minutes(lambda at, n: drawn(at, 20, 200), last=390), hours=hours)
    assert at_once(shipped("api_response_alert"), fine).say is Say.NOTHING
    decision = at_once(shipped("api_response_alert"), slow)
    assert (decision.say, decision.memory.level, decision.judgement.bound) == (Say.FIRED, Level.LIMIT, 1_000)


def test_a_bundle_ten_percent_larger_than_those_before_is_told_as_a_change():
    made, memory, said = shipped("bundle_size_alert"), Memory(), []
    for n, size in enumerate([500_000, 505_000, 510_000, 570_000, 571_000, 520_000]):
        decision = evaluate(made, build(size, before=NOW + n * HOUR), memory, now=NOW + n * HOUR)
        memory, said = decision.memory, [*said, (str(decision.say), str(decision.memory.level))]
    assert said == [
        ("nothing", "none"),
        ("nothing", "none"),
        ("nothing", "none"),
        ("fired", "change"),
        ("still firing", "change"),
        ("resolved", "none"),
    ]


def test_an_alert_ends_after_ten_calm_minutes_and_its_windows_restart():
    made, memory, said = shipped("error_rate_alert"), Memory(), []
    for n in range(40):
        now = NOW + n * MINUTE
        recent = minutes(lambda at, k: counts(at, 30, 15 if NOW <= at < NOW + 5 * MINUTE else 0), last=390, until=now)
        decision = evaluate(made, series("error_rate", recent=recent, hours=HEALTHY, until=now), memory, now=now)
        memory, said = decision.memory, [*said, str(decision.say)]
    told = [(n, word) for n, word in enumerate(said) if word != "nothing"]
    assert [word for _, word in told] == ["fired", "resolved"]
    assert told[0][0] <= 1
    assert told[1][0] < 20


def test_a_metric_without_a_source_says_so_and_nothing_else():
    nameless = Metric("satisfaction", METRICS["error_rate"].kind, METRICS["error_rate"].unit, "")
    decision = at_once(rule(condition="error_rate > 1%"), Series(nameless, since=0.0))
    assert (decision.judgement.outcome, decision.say) == (Outcome.NO_SOURCE, Say.NOTHING)


def test_memory_survives_the_store():
    made = shipped("error_rate_alert")
    recent = minutes(lambda at, n: counts(at, 30, 15), last=390)
    memory = at_once(made, series("error_rate", recent=recent, hours=HEALTHY)).memory
    assert msgspec.json.decode(msgspec.json.encode(memory), type=Memory) == memory

"""Pages from what was said, their score, moving histories, replays, tunings and differences."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.config.loader import load
from shared.config.metric_rules import normal_form
from shared.domain.evaluation import Say
from shared.domain.histograms import of_values
from shared.domain.history import History, MovingSeries
from shared.domain.maintenance import Window
from shared.domain.metrics import Point, Source
from shared.domain.paging import Recorded, Said, outcome, pages_of, score
from shared.domain.rules import Change, ChangeUnit, Comparison, Direction, Limit, MetricRule, Unit
from shared.domain.series import HOUR, Reading, Series, Side
from shared.domain.severities import Severity
from shared.errors import UndecodableError
from shared.usecases.backtest import Span, backtest, verdicts
from shared.usecases.backtest_difference import difference
from shared.usecases.backtest_incidents import labelled_incidents
from shared.usecases.backtest_reading import NoHistoryError, Readings
from shared.usecases.backtest_replay import looks
from shared.usecases.backtest_tuning import UntunableError, Wish, tune

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = MetricRule(
    "errors", "error_rate", Severity.CRITICAL, ("slack", "email"), limit=Limit(Comparison.ABOVE, 1, Unit.PERCENT)
)
CONFIG = replace(load(), metric_rules=(RULE,))


def at(minutes):
    return NOON + minutes * MINUTE


def said(*words):
    return [Said(at(minutes), "errors", say, Severity.CRITICAL) for minutes, say in words]


def test_a_page_lasts_from_firing_to_its_end_and_an_open_one_to_the_end_of_the_span():
    told = said((1, Say.FIRED), (9, Say.ONGOING), (20, Say.RESOLVED), (30, Say.FIRED), (31, Say.CHRONIC))
    first, second = pages_of(told, until=at(60))
    assert (first.start, first.end, first.is_over) == (at(1), at(20), True)
    assert (second.start, second.end, second.is_over) == (at(30), at(60), False)


def test_a_raised_page_has_its_worst_severity_and_flapping_does_not_end_it():
    low = Said(at(0), "errors", Say.FIRED, Severity.HIGH)
    (page,) = pages_of([low, *said((2, Say.RAISED), (5, Say.FLAPPING), (50, Say.RESOLVED))], until=at(60))
    assert (page.severity, page.raised, page.end) == (Severity.CRITICAL, at(2), at(50))


def test_messages_are_one_a_channel_for_each_change_and_reminder():
    told = said((0, Say.FIRED), (490, Say.RESOLVED), (500, Say.FIRED), (510, Say.RESOLVED))
    made = outcome(RULE, told, [], since=at(0), until=at(1000))
    assert made.reminders == 2  # after four and after eight hours of the first page
    assert made.messages == 2 * (2 + 2 + 2)
    assert (made.firing, made.median_firing) == (500 * MINUTE, 250 * MINUTE)
    assert made.share_firing == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("recorded", "verdict"),
    [
        (Recorded(at(-5), at(30), metric="error_rate"), "true"),
        (Recorded(at(-5), at(30), rule="errors"), "true"),
        (Recorded(at(-40), at(-20), metric="error_rate"), "true"),  # within an hour of its end
        (Recorded(at(-90), at(-70), metric="error_rate"), "false"),
        (Recorded(at(-5), at(30), metric="uptime"), "beside"),
        (Recorded(at(-5), at(30), rule="another"), "beside"),
        (Recorded(at(20), at(40), metric="error_rate"), "false"),
    ],
)
def test_a_page_is_true_during_an_incident_of_its_own_beside_during_another_and_false_else(recorded, verdict):
    pages = pages_of(said((0, Say.FIRED), (10, Say.RESOLVED)), until=at(60))
    made = score(RULE, pages, [recorded])
    assert {name: len(getattr(made, name)) for name in ("true", "false", "beside") if getattr(made, name)} == {
        verdict: 1
    }


def test_the_time_to_detect_begins_with_the_incident_and_what_nobody_saw_is_missed():
    seen, missed = Recorded(at(-7), at(5), metric="error_rate"), Recorded(at(500), at(520), metric="error_rate")
    made = score(RULE, pages_of(said((0, Say.FIRED), (10, Say.RESOLVED)), until=at(900)), [seen, missed])
    assert (made.seen, made.missed, made.median_delay) == (((seen, 7 * MINUTE),), (missed,), 7 * MINUTE)


def minutes_of(points):
    history = History(int(points[0].start.timestamp()) // HOUR * HOUR)
    history.append(points)
    return history


def some_points(seed, minutes):
    dice = random.Random(seed)
    made = []
    for minute in range(minutes):
        if dice.random() < 0.8:
            values = [dice.uniform(100, 3000) for _ in range(dice.randint(1, 6))]
            bad = dice.randint(0, len(values))
            made.append(
                Point(
                    at(minute),
                    count=len(values),
                    total=sum(values),
                    bad=bad,
                    bad_clients=bad // 2,
                    histogram=of_values(values),
                )
            )
    return made


@pytest.mark.parametrize("reading", [Reading(Side.BAD), Reading(Side.ABOVE, 1000.0), Reading(Side.BELOW, 400.0)])
def test_a_moving_series_counts_what_a_series_made_for_the_instant_counts(reading):
    points, metric = some_points(1, 900), CONFIG.metrics["api_response_time"]
    history = minutes_of(points)
    moving = MovingSeries(metric, history)
    for end in (430, 431, 437, 560, 561, 899):
        watermark, stop = int(at(end - 1).timestamp()), at(end).timestamp()
        since = (int(stop) // HOUR * HOUR) - 6 * HOUR
        moving.move(since=since, watermark=watermark)
        seen = [point for point in points if point.start < at(end)]
        hours = [
            p
            for start in range(int(NOON.timestamp()), int(stop), HOUR)
            if (p := minutes_of(points).part(start, min(start + HOUR, int(stop))))
        ]
        live = Series(
            metric,
            since=float(since),
            minutes=[p for p in seen if p.start.timestamp() >= since],
            hours=hours,
            watermark=float(watermark),
        )
        for window in (60, 75, 300, 3600, 21_600, 36_000):
            assert moving.counts(reading).between(stop - window, stop) == live.counts(reading).between(
                stop - window, stop
            )
            assert moving.counts(reading).buckets(stop - window, stop) == live.counts(reading).buckets(
                stop - window, stop
            )
            hourly = (one.counts(reading, step=HOUR).between(stop - window, stop) for one in (moving, live))
            assert len(set(hourly)) == 1
        assert moving.window(stop - 600, stop + 600) == live.window(stop - 600, stop + 600)
        assert moving.latest(stop) == live.latest(stop)


def test_an_hour_that_is_not_over_is_known_only_as_far_as_the_source_came():
    history = minutes_of([Point(at(minute), count=1) for minute in range(120)])
    moving = MovingSeries(CONFIG.metrics["error_rate"], history)
    moving.move(since=int(NOON.timestamp()), watermark=int(at(89).timestamp()))
    assert moving.hour(at(60).timestamp()).count == 30
    moving.move(since=int(NOON.timestamp()), watermark=int(at(119).timestamp()))
    assert moving.hour(at(60).timestamp()).count == 60


def source(every, deep_every=timedelta(days=1)):
    return Source("s", (), timedelta(minutes=every), MINUTE, deep_every, MINUTE)


def arrivals(*minutes):
    return [int(at(minute).timestamp()) for minute in minutes]


def test_a_source_is_looked_at_when_something_new_came_and_its_pause_is_over():
    found = [
        (look.until, look.watermark) for look in looks(source(5), arrivals(*range(12)), NOON, at(20)) if look.rolled_up
    ]
    ends, newest = arrivals(1, 6, 11, 16), arrivals(0, 5, 10, 11)
    assert found == list(zip(ends, newest, strict=True))


def test_nothing_is_looked_at_before_a_source_has_delivered_anything():
    assert [look.until for look in looks(source(1), arrivals(3), NOON, at(5))] == arrivals(4, 5)


def errors(minute, share=0.3):
    return Point(at(minute), count=30, bad=round(30 * share), bad_clients=round(30 * share))


def readings(broken=range(400, 430), minutes=1440, metric="error_rate", source="requests"):
    made = [errors(minute) if minute in broken else errors(minute, 0) for minute in range(minutes)]
    return Readings({metric: minutes_of(made)}, {source: [int(point.start.timestamp()) for point in made]}, 0)


DAY = Span(NOON, at(1440))
BROKEN = Recorded(at(400), at(430), metric="error_rate", name="burst")


def test_a_backtest_finds_the_recorded_incident_and_nothing_else():
    (made,) = backtest([RULE], readings(), config=CONFIG, span=DAY, recorded=[BROKEN])
    assert [page.severity for page in made.pages] == [Severity.CRITICAL]
    assert (len(made.score.true), made.score.false, made.score.missed) == (1, (), ())
    assert made.score.median_delay <= 3 * MINUTE


@pytest.mark.parametrize(("spans", "says"), [([], Say.CHRONIC), ([(0, 1440)], Say.FIRED)])
def test_what_was_bad_only_while_somebody_worked_is_not_taken_for_usual(spans, says):
    rule = next(one for one in load().metric_rules if one.name == "error_rate_alert")
    made = [errors(minute, 0.2) for minute in range(1500)]
    work = tuple(Window(f"w{n}", at(start), at(end), "index", "mona") for n, (start, end) in enumerate(spans))
    past = Readings({"error_rate": minutes_of(made)}, {"requests": arrivals(*range(1500))}, 0, work)
    found = verdicts([rule], past, config=CONFIG, span=Span(at(1440), at(1500)))
    assert found[0].say is says


def test_any_number_of_processes_says_the_same():
    other = replace(RULE, name="patient", hold_for=5 * MINUTE)
    week = Span(NOON, at(1440 * 6))
    past = readings(minutes=1440 * 6, broken=[*range(400, 430), *range(7000, 7100)])
    told = [verdicts([RULE, other], past, config=CONFIG, span=week, processes=processes) for processes in (1, 2)]
    assert told[0] == told[1]
    assert {one.rule for one in told[0]} == {"errors", "patient"}


def test_without_a_single_row_there_is_no_history():
    with pytest.raises(NoHistoryError):
        Readings({}, {"requests": []}, 0).begin(NOON)


def test_tuning_proposes_what_pages_rarely_enough_and_still_sees_the_incident():
    chronic = readings(broken=[*range(100, 110), *range(700, 710), *range(400, 430)])
    noisy = Readings(
        {"error_rate": minutes_of([errors(m, 0.6 if m in range(400, 430) else 0.1 if m % 200 < 20 else 0) for m in range(1440)])},
        chronic.arrivals, 0,
    )  # fmt: skip
    made = tune(RULE, noisy, config=CONFIG, span=DAY, recorded=[BROKEN], wish=Wish(0.3))
    assert made.trials[0].rule == RULE
    assert made.trials[0].outcome.false_a_month > 0.3
    assert made.best is not None
    assert made.best.outcome.false_a_month <= 0.3
    assert made.best.outcome.score.missed == ()
    assert made.best.rule.limit.value > 1
    assert [window for window, _ in made.visible] == [5 * MINUTE, 60 * MINUTE, 360 * MINUTE]
    shares = [share for _, share in made.visible]
    assert shares == sorted(shares, reverse=True)


def test_nothing_is_proposed_where_no_trial_is_quiet_enough():
    dead = minutes_of([errors(minute, 1 if minute % 300 < 30 else 0) for minute in range(1440)])
    always = Readings({"error_rate": dead}, readings().arrivals, 0)
    assert tune(RULE, always, config=CONFIG, span=DAY, recorded=[], wish=Wish(0)).best is None


@pytest.mark.parametrize(
    "rule",
    [replace(RULE, objective=99.0), replace(RULE, limit=None, change=Change(1, ChangeUnit.POINTS, Direction.INCREASE))],
)
def test_a_rule_without_a_limit_cannot_be_tuned(rule):
    with pytest.raises(UntunableError):
        tune(rule, readings(), config=CONFIG, span=DAY, recorded=[], wish=Wish(1))


def test_a_difference_names_fields_pages_and_incidents_that_would_be_missed():
    blind = replace(RULE, limit=Limit(Comparison.ABOVE, 60, Unit.PERCENT))
    made = difference(
        [RULE],
        [blind, replace(RULE, name="new")],
        readings(),
        config=CONFIG,
        span=DAY,
        recorded=[BROKEN],
        spelled=normal_form,
    )
    changed, new = made.rules
    assert [name for name, _, _ in changed.fields] == ["limit"]
    assert (len(changed.before.pages), len(changed.after.pages)) == (1, 0)
    assert (new.is_new, len(new.after.pages)) == (True, 1)
    assert made.now_missed == ()  # the new rule sees it instead
    lost = difference([RULE], [blind], readings(), config=CONFIG, span=DAY, recorded=[BROKEN], spelled=normal_form)
    assert (lost.now_missed, lost.newly_seen) == ((BROKEN,), ())
    won = difference([blind], [RULE], readings(), config=CONFIG, span=DAY, recorded=[BROKEN], spelled=normal_form)
    assert (won.now_missed, won.newly_seen) == ((), (BROKEN,))


def test_labels_are_read_line_by_line():
    lines = b'{"metric": "error_rate", "start": "2026-03-10T12:00:00", "end": "2026-03-10T12:30:00+02:00"}\n\n'
    with pytest.raises(UndecodableError, match="f:1: it ends before it begins"):
        labelled_incidents(lines, file="f")
    fine = lines.replace(b"+02:00", b"Z")
    assert labelled_incidents(fine, file="f") == [Recorded(NOON, at(30), metric="error_rate")]


@pytest.mark.parametrize(
    "line", [b"{", b'{"start": "2026-03-10T12:00:00Z", "end": "2026-03-10T13:00:00Z"}', b'{"rule": "x", "from": 1}']
)
def test_a_faulty_label_is_refused_with_its_line(line):
    with pytest.raises(UndecodableError, match=r"^labels:2: "):
        labelled_incidents(b"\n" + line, file="labels")

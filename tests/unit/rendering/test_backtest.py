"""Backtests in words: tables, costs, proposals, Markdown."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.paging import Difference, Outcome, Page, Recorded, Report, RuleDifference, Score, Trial, Tuning
from shared.domain.rules import Comparison, Limit, MetricRule, Unit
from shared.domain.severities import Severity
from shared.rendering.backtest import (
    difference_lines,
    dollars_a_month,
    length_words,
    report_json,
    report_lines,
    table,
    tuning_lines,
    verdict,
)

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = MetricRule("errors", "error_rate", Severity.CRITICAL, ("slack",), limit=Limit(Comparison.ABOVE, 1, Unit.PERCENT))
PAGE = Page("errors", NOON, NOON + 1.5 * HOUR, Severity.CRITICAL)
BURST = Recorded(NOON - timedelta(minutes=3), NOON + HOUR, metric="error_rate", name="burst")
LOST = Recorded(NOON + 9 * HOUR, NOON + 10 * HOUR, metric="error_rate", name="lost")
SEEN = Outcome(RULE, 100 * HOUR, (PAGE,), Score(true=(PAGE,), seen=((BURST, timedelta(minutes=3)),), missed=(LOST,)))
BLIND = Outcome(RULE, 100 * HOUR, (), Score(missed=(BURST, LOST)))
REPORT = Report(NOON, NOON + 100 * HOUR, (SEEN,), 210_000_000, 10_485_760)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (None, "-"),
        (timedelta(0), "0 s"),
        (timedelta(seconds=45), "45 s"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(minutes=200), "3 h 20 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(hours=52), "2 d 4 h"),
        (timedelta(days=2), "2 d"),
    ],
)
def test_lengths_are_written_as_people_write_them(length, words):
    assert length_words(length) == words


def test_columns_line_up_with_figures_to_the_right():
    assert table(("rule", "pages"), [["a", "7"], ["longer", "12"]]) == [
        "rule    pages",
        "a           7",
        "longer     12",
    ]


def test_a_report_names_pages_misses_and_the_price_with_its_assumption():
    text = "\n".join(report_lines(REPORT))
    assert "1 critical" in text
    assert "1 of 2" in text
    assert "missed: lost from 2026-03-10 21:00 to 2026-03-10 22:00 UTC" in text
    assert "2.57 dollars at 6.25 a TiB" in text
    assert "453 GB in 30 days" in text


def test_a_mebibyte_a_minute_costs_a_quarter_of_a_dollar_a_month():
    assert dollars_a_month(2**20) == pytest.approx(43_200 / 2**20 * 6.25)


def test_the_json_of_a_report_says_the_same_in_seconds():
    made = json.loads(json.dumps(report_json(REPORT)))
    (rule,) = made["rules"]
    assert (rule["firing_seconds"], rule["share_of_time"], rule["median_detection_seconds"]) == (5400, 0.015, 180)
    assert [one["name"] for one in rule["missed"]] == ["lost"]
    assert made["bytes_a_month"] == 10_485_760 * 43_200


def test_a_proposal_shows_every_trial_and_the_snippet():
    other = MetricRule(
        "errors", "error_rate", Severity.CRITICAL, ("slack",), limit=Limit(Comparison.ABOVE, 4, Unit.PERCENT)
    )
    best = Trial(other, Outcome(other, 100 * HOUR, (), Score(seen=((BURST, timedelta(minutes=9)),))))
    lines = tuning_lines(Tuning(RULE, (Trial(RULE, SEEN), best), best, 0.3, ((HOUR, 2.5),)), snippet="- name: errors\n")
    text = "\n".join(lines)
    assert "> 4 percent" in text
    assert "6 min" in text  # later than now
    assert "2.5 % over 1 h" in text
    assert lines[-2:] == ["Proposed:", "- name: errors"]


def test_keeping_the_rule_and_having_nothing_to_propose_are_said():
    now = Trial(RULE, SEEN)
    assert "Keep it as it is:" in tuning_lines(Tuning(RULE, (now,), now, 0.3), snippet="x")
    nothing = tuning_lines(Tuning(RULE, (now,), None, 0.3), snippet="x")
    assert nothing[-1].startswith("None of these is quiet enough")


def difference(**incidents):
    fields = (("limit", {"comparison": ">", "value": 1}, None), ("channels", ["slack"], ["slack", "sms"]))
    rules = (
        RuleDifference("errors", fields, SEEN, BLIND),
        RuleDifference("new", (), None, SEEN, is_new=True),
        RuleDifference("old", (), SEEN, None, is_removed=True),
    )
    return Difference(NOON, NOON + 100 * HOUR, rules, **incidents)


def test_a_difference_is_a_table_with_fields_and_incidents():
    lines = difference_lines(difference(now_missed=(BURST,)))
    assert lines[0] == "### Rules: 2 pages become 1, and 1 recorded incident(s) would now be missed"
    assert "| `errors` | changed | 1 | 0 | 0 | 0 |" in lines
    assert "| `new` | new | - | 1 | - | 0 |" in lines
    assert "| `old` | removed | 1 | - | 0 | - |" in lines
    assert "- `errors`: limit > 1 -> nothing; channels slack -> slack sms" in lines
    assert "- burst from 2026-03-10 11:57 to 2026-03-10 13:00 UTC" in lines


def test_the_verdict_is_one_line():
    assert verdict(difference(newly_seen=(LOST,))).endswith("1 more recorded incident(s) are seen")
    assert verdict(difference()) == "2 pages become 1, no recorded incident is lost"

"""The mission's own words become rules, and percent means what it should."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.config.conditions import condition, threshold
from shared.config.decoding import decode
from shared.config.metric_rules import normal_form, rule
from shared.config.mission_form import rules
from shared.config.wire import AlertWire
from shared.domain.rules import Change, ChangeUnit, Comparison, Direction, Limit, Mode, Unit
from shared.domain.severities import Severity
from shared.errors import ConfigurationError

ALERT = {
    "condition": "error_rate > 1%",
    "threshold": "0.5% increase",
    "channels": ["email", "slack", "sms"],
    "frequency": "immediate",
    "escalation": "after 30 minutes",
}
SHAPES = {
    "a mapping": {"error_rate_alert": ALERT},
    "a mapping under a key": {"alerts": {"error_rate_alert": ALERT}},
    "a mapping under two keys": {"monitoring": {"alerts": {"error_rate_alert": ALERT}}},
    "a list": [{"name": "error_rate_alert", **ALERT}],
    "a list of mappings": [{"error_rate_alert": ALERT}],
    "a list under a key": {"alerts": [{"name": "error_rate_alert", **ALERT}]},
    "one alert": {"name": "error_rate_alert", **ALERT},
}


def named(name="some_alert", **fields):
    return rules({name: {"channels": ["email"], **fields}})[0]


@pytest.mark.parametrize("document", SHAPES.values(), ids=SHAPES.keys())
def test_the_alert_is_found_wherever_the_document_keeps_it(document):
    (found,) = rules(document)
    assert (found.name, found.metric, found.severity) == ("error_rate_alert", "error_rate", Severity.CRITICAL)
    assert found.limit == Limit(Comparison.ABOVE, 1.0, Unit.PERCENT)
    assert found.change == Change(0.5, ChangeUnit.POINTS, Direction.INCREASE)
    assert (found.every, found.escalate_after) == (timedelta(0), timedelta(minutes=30))
    assert found.channels == ("email", "slack", "sms")


@pytest.mark.parametrize(
    ("text", "observed", "fires"),
    [
        ("bundle_size > 750KB", 750_000, False),
        ("bundle_size > 750KB", 750_001, True),
        ("bundle_size > 750.001KB", 750_001, False),
        ("bundle_size > 750 kb", 750_001, True),
        ("bundle_size > 750KiB", 768_000, False),
        ("bundle_size > 750KiB", 768_001, True),
        ("bundle_size > 750KiB", 750_001, False),
    ],
)
def test_E15_exactly_the_limit_does_not_fire_and_kb_is_1000_bytes_but_kib_1024(text, observed, fires):
    _, limit = condition(text)
    assert limit.unit is Unit.BYTES
    assert limit.is_breached_by(observed) is fires


@pytest.mark.parametrize(
    ("metric", "limit", "change"),
    [
        ("error_rate", None, Change(0.5, ChangeUnit.POINTS, Direction.INCREASE)),
        ("conversion_rate", None, Change(0.5, ChangeUnit.POINTS, Direction.INCREASE)),
        ("cache_hits", "cache_hits < 85%", Change(0.5, ChangeUnit.POINTS, Direction.INCREASE)),
        ("session_duration", None, Change(0.5, ChangeUnit.RELATIVE, Direction.INCREASE)),
        ("bundle_size", "bundle_size > 750KB", Change(0.5, ChangeUnit.RELATIVE, Direction.INCREASE)),
        ("orders", "orders < 10", Change(0.5, ChangeUnit.RELATIVE, Direction.INCREASE)),
    ],
)
def test_E21_percent_of_a_share_means_points_and_of_anything_else_relative(metric, limit, change):
    against = condition(limit)[1] if limit else None
    assert threshold("0.5% increase", metric, limit=against) == change


@pytest.mark.parametrize("text", ["0.5 points increase", "0.5pp increase", "0.5 percentage points increase"])
def test_E21_points_may_be_said(text):
    assert threshold(text, "error_rate").unit is ChangeUnit.POINTS


@pytest.mark.parametrize(("text", "way"), [("30% decrease", Direction.DECREASE), ("30% increase", Direction.INCREASE)])
def test_E22_the_direction_is_kept(text, way):
    assert threshold(text, "session_duration").direction is way


@pytest.mark.parametrize("text", ["-30% decrease", "-0.5% increase", "-500ms increase"])
def test_E22_a_negative_change_is_refused_with_the_positive_one_as_the_fix(text):
    with pytest.raises(ConfigurationError, match=f"has a negative number; write {text[1:]} instead$"):
        threshold(text, "visits")


@pytest.mark.parametrize(
    ("text", "metric", "limit"),
    [
        ("first_contentful_paint > 1.5s", "first_contentful_paint", Limit(Comparison.ABOVE, 1500, Unit.MILLISECONDS)),
        ("api_response_time>1000ms", "api_response_time", Limit(Comparison.ABOVE, 1000, Unit.MILLISECONDS)),
        ("session_duration < 2 minutes", "session_duration", Limit(Comparison.BELOW, 120, Unit.SECONDS)),
        ("session_duration < 90 s", "session_duration", Limit(Comparison.BELOW, 90, Unit.SECONDS)),
        ("conversion_rate < 90 %", "conversion_rate", Limit(Comparison.BELOW, 90, Unit.PERCENT)),
        ("bundle_size > 1.1MB", "bundle_size", Limit(Comparison.ABOVE, 1_100_000, Unit.BYTES)),
        ("open_orders > 20", "open_orders", Limit(Comparison.ABOVE, 20, Unit.COUNT)),
    ],
)
def test_every_condition_is_kept_in_its_metrics_own_unit(text, metric, limit):
    assert condition(text) == (metric, limit)


def test_a_change_with_a_unit_is_absolute_in_the_unit_of_the_limit():
    _, paint = condition("first_contentful_paint > 1.5s")
    change = threshold("0.5s increase", "first_contentful_paint", limit=paint)
    assert change == Change(500, ChangeUnit.ABSOLUTE, Direction.INCREASE)


def test_a_change_in_another_kind_of_unit_than_the_limit_is_refused():
    _, limit = condition("queue > 20")
    with pytest.raises(ConfigurationError, match="is not in the limit's unit"):
        threshold("500ms increase", "queue", limit=limit)


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("order_failure_alert", "critical"),
        ("error_rate_alert", "critical"),
        ("load_time_alert", "high"),
        ("api_response_alert", "high"),
        ("conversion_drop_alert", "high"),
        ("bundle_size_alert", "medium"),
        ("user_engagement_alert", "low"),
        ("cpu_alert", "medium"),
    ],
)
def test_the_name_gives_the_severity_unless_one_is_written(name, severity):
    assert named(name, condition="load > 1").severity == severity
    assert named(name, condition="load > 1", severity="high").severity is Severity.HIGH


@pytest.mark.parametrize(
    ("words", "length"),
    [("immediate", 0), ("hourly", 3600), ("daily", 86_400), ("weekly", 604_800), ("every 5 minutes", 300), ("90s", 90)],
)
def test_the_frequency_in_words(words, length):
    assert named(condition="load > 1", frequency=words).every == timedelta(seconds=length)


@pytest.mark.parametrize(
    ("words", "length"),
    [("immediate", timedelta(0)), ("after 2 hours", timedelta(hours=2)), ("15m", timedelta(minutes=15))],
)
def test_the_escalation_in_words(words, length):
    assert named(condition="load > 1", escalation=words).escalate_after == length


def test_without_an_escalation_the_policy_of_the_severity_decides():
    assert named(condition="load > 1").escalate_after is None


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({}, "there is no alert in it"),
        ([], "there is no alert in it"),
        ("error_rate > 1%", "is not an alert"),
        ({"a": {"condition": "x > 1", "channels": ["email"], "colour": 1}}, r"^a.colour: colour is not a known key"),
        ({"a": {"channels": ["email"]}}, r"^a.channels: channels stands without a condition; write condition"),
        (
            {"A-1": {"condition": "x > 1", "channels": ["email"]}},
            r"^A-1.name: 'A-1' does not fit; write a name of small",
        ),
        ([{"condition": "x > 1", "channels": ["email"]}], r"^\[0\]: name is missing"),
        ({"a": {"condition": "x > 1", "channels": ["email"], "frequency": "daily", "every": "5m"}}, "same thing twice"),
    ],
)
def test_other_documents_are_refused(document, says):
    with pytest.raises(ConfigurationError, match=says):
        rules(document)


def test_the_normal_form_spells_everything_and_loads_again():
    made = named("error_rate_alert", **ALERT | {"mode": "both"})
    form = normal_form(made)
    assert form == {
        "name": "error_rate_alert",
        "metric": "error_rate",
        "limit": {"comparison": ">", "value": 1, "unit": "percent"},
        "change": {"by": 0.5, "unit": "points", "direction": "increase"},
        "mode": "both",
        "severity": "critical",
        "channels": ["email", "slack", "sms"],
        "every": "immediate",
        "escalate_after": "30m",
        "service": "web",
    }
    assert rule(decode(form, AlertWire)) == made
    assert made.mode is Mode.BOTH


MAYBE = st.none() | st.sampled_from(["immediate", "after 30 minutes", "hourly", "36h", "90s"])
CONDITIONS = st.sampled_from(
    ["error_rate > 1.25%", "bundle_size > 750.5KiB", "session_duration < 2 minutes", "queue > 3"]
)
CHANGES = st.none() | st.sampled_from(["0.5% increase", "33.3% decrease"])


@given(CONDITIONS, CHANGES, MAYBE, MAYBE)
def test_every_normal_form_means_the_same_rule(limit, change, frequency, escalation):
    given_fields = {"condition": limit, "threshold": change, "frequency": frequency, "escalation": escalation}
    made = named(**{key: value for key, value in given_fields.items() if value is not None})
    assert rules({"alerts": [normal_form(made)]}) == (made,)

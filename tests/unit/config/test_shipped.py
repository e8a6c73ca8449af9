"""The shipped configuration is what was asked for, row by row."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.config.loader import PACKAGED, load
from shared.config.metric_rules import normal_form
from shared.domain.grouping import Circumstances, absorb
from shared.domain.notifications import Channel, Route, recipients
from shared.domain.oncall import duty_at
from shared.domain.restricted import PROCEDURE
from shared.domain.rules import Mode, matching, severity_of
from shared.domain.severities import Severity
from shared.domain.signals import own_signal

CONFIG = load()
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def limit(comparison, value, unit):
    return {"comparison": comparison, "value": value, "unit": unit}


def change(by, unit, direction):
    return {"by": by, "unit": unit, "direction": direction}


SEVEN = {
    "bundle_size_alert": (
        "bundle_size", limit(">", 750_000, "bytes"), change(10, "relative", "increase"),
        "medium", ["email", "slack"], "immediate", "30m",
    ),
    "load_time_alert": (
        "first_contentful_paint", limit(">", 1500, "ms"), change(500, "absolute", "increase"),
        "high", ["email", "slack"], "immediate", "15m",
    ),
    "error_rate_alert": (
        "error_rate", limit(">", 1, "percent"), change(0.5, "points", "increase"),
        "critical", ["email", "slack", "sms"], "immediate", "immediate",
    ),
    "api_response_alert": (
        "api_response_time", limit(">", 1000, "ms"), change(500, "absolute", "increase"),
        "high", ["email", "slack"], "immediate", "10m",
    ),
    "conversion_drop_alert": (
        "conversion_rate", limit("<", 90, "percent"), change(10, "points", "decrease"),
        "high", ["email", "slack"], "1h", "2h",
    ),
    "user_engagement_alert": (
        "session_duration", limit("<", 120, "s"), change(30, "relative", "decrease"),
        "low", ["email"], "1d", "1d",
    ),
    "order_failure_alert": (
        "order_failure_rate", limit(">", 5, "percent"), change(2, "points", "increase"),
        "critical", ["email", "slack", "sms"], "immediate", "immediate",
    ),
}  # fmt: skip
FORM = ("metric", "limit", "change", "severity", "channels", "every", "escalate_after")


def test_the_seven_metric_alerts_come_first_and_beside_them_burn_rates_and_warnings():
    assert [rule.name for rule in CONFIG.metric_rules[:7]] == list(SEVEN)
    burning = {rule.metric: rule.objective for rule in CONFIG.metric_rules[7:10]}
    assert burning == {"error_rate": 99, "order_failure_rate": 95, "uptime": 99.5}
    unusual = {rule.metric: (rule.mode, rule.severity) for rule in CONFIG.metric_rules[10:]}
    assert unusual == dict.fromkeys(("order_volume", "sessions"), (Mode.UNUSUAL, Severity.MEDIUM))


def test_ramadan_is_known_and_ends_after_its_last_day():
    season = next(one for one in CONFIG.seasons if one.start.year == 2026)
    assert (season.start, season.end) == (datetime(2026, 2, 17, 22, tzinfo=UTC), datetime(2026, 3, 19, 22, tzinfo=UTC))


@pytest.mark.parametrize("name", SEVEN)
def test_the_normal_form_of_each_alert_is_the_row_that_was_asked_for(name):
    form = normal_form(next(rule for rule in CONFIG.metric_rules if rule.name == name))
    assert tuple(form[key] for key in FORM) == SEVEN[name]
    assert form["mode"] == "either"


@pytest.mark.parametrize(
    ("severity", "acknowledge", "resolve", "wait"),
    [
        ("critical", 15 * MINUTE, 4 * HOUR, timedelta(0)),
        ("high", HOUR, 8 * HOUR, timedelta(0)),
        ("medium", 4 * HOUR, 24 * HOUR, timedelta(seconds=30)),
        ("low", 24 * HOUR, 7 * DAY, timedelta(seconds=60)),
    ],
)
def test_each_severity_promises_what_was_asked_for(severity, acknowledge, resolve, wait):
    promise = CONFIG.promises[Severity(severity)]
    assert (promise.acknowledge_within, promise.resolve_within, promise.group_wait) == (acknowledge, resolve, wait)
    assert promise.ack_expires_after <= promise.resolve_within
    assert promise.fallback_after < promise.acknowledge_within


EVENTS = [
    ("crashlytics.velocity", {"crash_percentage": "9.9", "crash_count": "499"}, 1, "high"),
    ("crashlytics.velocity", {"crash_percentage": "10"}, 1, "critical"),
    ("crashlytics.velocity", {"crash_count": "500"}, 1, "critical"),
    ("crashlytics.newFatalIssue", {}, 1, "high"),
    ("crashlytics.newAnrIssue", {}, 1, "high"),
    ("crashlytics.regression", {}, 1, "high"),
    ("crashlytics.newNonfatalIssue", {}, 1, "medium"),
    ("crashlytics.webError", {}, 9, "medium"),
    ("crashlytics.webError", {}, 10, "high"),
    ("crashlytics.webError", {}, 50, "critical"),
    ("crashlytics.logged", {}, 1, "medium"),
    ("performance.threshold", {}, 1, "high"),
    ("log.request_5xx", {}, 9, "medium"),
    ("log.request_5xx", {}, 10, "high"),
    ("log.request_5xx", {}, 50, "critical"),
    ("log.error", {}, 10, "high"),
    ("log.error", {}, 50, "critical"),
    ("log.scheduler_attempt_failed", {}, 1, "medium"),
    ("log.function_timeout", {}, 1, "medium"),
    ("log.function_crash", {}, 1, "high"),
    ("monitoring.uptime", {}, 1, "critical"),
    ("monitoring.crashlytics_web", {}, 1, "high"),
    ("monitoring.log_match", {}, 1, "medium"),
    ("budget.forecast", {}, 1, "low"),
    ("build.failed", {}, 1, "medium"),
    ("billing.planAutomatedUpdate", {}, 1, "low"),
    ("security.rce_attempt", {}, 1, "high"),
    ("security.public_access", {}, 1, "high"),
    ("security.service_account_key_created", {}, 1, "high"),
    ("security.hmac_key_created", {}, 1, "high"),
    ("security.external_owner_invited", {}, 1, "high"),
    ("security.log_sink_changed", {}, 1, "high"),
    ("security.iam_policy_changed", {}, 1, "medium"),
    ("security.perimeter_violation", {}, 1, "medium"),
    ("security.access_denied", {}, 1, "low"),
    ("security.not_known_yet", {}, 1, "medium"),
    ("soukmon.unparsed_event", {}, 1, "low"),
    ("soukmon.stale_events", {}, 1, "low"),
    ("soukmon.dead_letters", {}, 1, "medium"),
    ("soukmon.schedule_gap", {}, 1, "high"),
    ("soukmon.channel_broken", {}, 1, "high"),
    ("soukmon.delivery_failed", {}, 1, "high"),
    ("soukmon.storm", {}, 1, "critical"),
    ("something.else", {}, 1, "medium"),
]


def signal_of(alert_type, values=None):
    made = own_signal("any", subject="checkout", title="Something", at=NOW)
    return type(made)(
        **{name: getattr(made, name) for name in made.__slots__} | {"alert_type": alert_type, "values": values or {}}
    )


@pytest.mark.parametrize(("alert_type", "values", "events", "severity"), EVENTS)
def test_each_event_gets_its_severity(alert_type, values, events, severity):
    signal = signal_of(alert_type, values)
    rule = matching(CONFIG.event_rules, signal)
    assert severity_of(rule, signal, events_5m=events) == severity


def told(alert_type, **values):
    """Everybody whom every step of the policy reaches, by channel."""
    signal = signal_of(alert_type, values)
    rule = matching(CONFIG.event_rules, signal)
    policies = {severity: CONFIG.policies[promise.policy] for severity, promise in CONFIG.promises.items()}
    incident = absorb(signal, None, Circumstances(rule, policies, HOUR, NOW)).incident
    policy, route = incident.ladder.policy, Route(CONFIG.directory, incident.channels)
    found = {one for step in policy.steps for one in recipients(step, route, NOW)[0]}
    return incident.severity, found


@pytest.mark.parametrize("alert_type", sorted({row[0] for row in EVENTS}))
def test_no_text_message_goes_out_for_low_or_medium_and_somebody_is_always_told(alert_type):
    severity, found = told(alert_type)
    assert found
    if severity in {Severity.LOW, Severity.MEDIUM}:
        assert not [one for one in found if one.channel is Channel.SMS]


@pytest.mark.parametrize("alert_type", ["monitoring.uptime", "soukmon.storm"])
def test_a_critical_event_wakes_the_person_on_call_by_text_message(alert_type):
    _, found = told(alert_type)
    on_call = duty_at(CONFIG.directory, "primary", NOW).person
    assert (on_call, Channel.SMS) in {(one.id, one.channel) for one in found}
    assert ("slack:incidents", Channel.SLACK) in {(one.id, one.channel) for one in found}


def test_the_critical_policy_climbs_the_three_levels_and_ends_with_the_executives():
    policy = CONFIG.policies["critical"]
    assert [step.level for step in policy.steps] == [1, 2, 3]
    assert (
        sum((step.after for step in policy.steps), timedelta(0))
        <= CONFIG.promises[Severity.CRITICAL].acknowledge_within
    )
    assert policy.last_resort == ("team:executives", "team:executives@voice")
    assert "oncall:primary@voice" in policy.steps[1].targets
    assert "team:stakeholders@email" in policy.steps[0].targets


def test_every_severity_has_a_second_step_that_an_alerts_own_escalation_can_move():
    assert all(len(CONFIG.policies[promise.policy].steps) > 1 for promise in CONFIG.promises.values())


def test_both_rotations_hand_over_on_sunday_at_nine_in_cairo_and_never_to_the_same_person():
    for week in range(52):
        at = NOW + week * 7 * DAY
        turns = [duty_at(CONFIG.directory, name, at) for name in ("primary", "secondary")]
        assert len({turn.person for turn in turns}) == 2
        assert {(turn.start.weekday(), turn.start.hour) for turn in turns} <= {(6, 6), (6, 7)}


def test_the_emergency_phone_has_no_number_until_somebody_enters_one():
    by_name = {channel.name: channel for channel in CONFIG.support}
    assert by_name["emergency_phone"].address == ""
    assert by_name["email"].address == "support@souk-el-syarat.com"
    assert (by_name["live_chat"].hours, by_name["live_chat"].respond_within) == ("09:00-21:00", 5 * MINUTE)


@pytest.mark.parametrize(
    ("channel", "caps"),
    [
        ("sms", [(5, 15 * MINUTE), (11, HOUR), (21, 3 * HOUR)]),
        ("voice", [(3, 15 * MINUTE), (7, HOUR), (15, 3 * HOUR)]),
    ],
)
def test_E44_a_person_gets_so_many_messages_that_wake_and_no_more(channel, caps):
    assert [(cap.messages, cap.window) for cap in CONFIG.limits.rate_caps[channel]] == caps


def test_every_runbook_is_used_and_says_what_to_check_first_what_to_do_and_who():
    used = {rule.runbook for rule in (*CONFIG.metric_rules, *CONFIG.event_rules)}
    assert used | {PROCEDURE} == set(CONFIG.runbooks)  # a restricted incident has a runbook of its own
    for text in CONFIG.runbooks.values():
        assert text.startswith("# ")
        assert [part in text for part in ("## Check first", "## Mitigate", "## Who")] == [True] * 3


def test_every_file_names_its_schema_for_the_editor():
    for path in sorted(PACKAGED.glob("*.yaml")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema=schema/{path.stem}.json"
        assert (PACKAGED / "schema" / f"{path.stem}.json").is_file()

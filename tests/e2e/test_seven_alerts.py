"""The seven alerts through the whole path: raw rows -> points -> rule -> incident -> messages, and the recovery."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from infra.local.warehouse.preparing import load
from shared import bootstrap
from shared.domain.incidents import State
from shared.domain.severities import Severity
from shared.rendering.evidence import headline
from shared.usecases.chart_link import read_evidence
from tests.conftest import NIGHT
from tests.e2e import raw_rows

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOON = NIGHT + 12 * HOUR
TECHNICAL = {"karim", "salma", "youssef", "hana", "tarek"}
EVERYBODY = {"karim", "mariam", "tarek", "laila", "sherif", "salma", "youssef"}
AWAKE = {"karim": "+201000000002", "salma": "+201000000003", "youssef": "+201000000004"}
DONE = ("Resolved", "تم الحل")
ORDERS = {"method": "POST", "path": "/v1/orders", "service": "orders-api"}


def at(now, rows):
    """At that time the rows are in the warehouse, and the minute's evaluation runs."""

    def happen(driver):
        driver.clock.set(now)
        load(driver.platform.warehouse.made(), rows)
        return evaluate(driver)

    return happen


def posted(now, kilobytes):
    """A pipeline posts the size of a build."""

    def happen(driver):
        driver.clock.set(now)
        size = {"metric": "bundle_size", "value": kilobytes, "unit": "KB", "labels": {"asset": "main"}}
        body = json.dumps({"measurements": [size]}).encode()
        assert driver.post("receive_measurement", body, {"content-type": "application/json"}).status_code == 202
        driver.platform.drain()

    return happen


def evaluate(driver):
    answer = driver.post("evaluate_rules", b"{}", {"content-type": "application/json"})
    assert answer.status_code == 200
    driver.platform.drain()
    return answer.get_json()["said"]


def wait(driver, step):
    """Let pass what a severity waits for before it tells anybody, without each minute of it."""
    driver.clock.advance(step)
    assert driver.platform.call("escalate_incidents", b"{}", {}) < 300
    driver.platform.drain()


@dataclass(frozen=True)
class Alert:
    """What is put in, and what has to come out; `facts` are lines of the e-mail's evidence."""

    rule: str
    severity: Severity
    title: str
    facts: tuple[str, ...]
    breaks: Callable
    heals: Callable
    email: frozenset
    slack: bool = True
    sms: bool = False
    waits: timedelta = timedelta(0)

    def __str__(self):
        return self.rule


ALERTS = [
    Alert(
        "bundle_size_alert",
        Severity.MEDIUM,
        "Bundle size 812 KB, limit 750 KB",
        ("Measured: 812 KB", "Limit: above 750 KB", "Sample: 1", "Data complete until: 10 Mar 14:11 EET"),
        breaks=posted(NOON, 812),  # by night it would wait for the digest
        heals=posted(NOON + 20 * MINUTE, 640),
        email=TECHNICAL - {"tarek"},
        waits=MINUTE,
    ),
    Alert(
        "load_time_alert",
        Severity.HIGH,
        "First contentful paint 2.32 s, limit 1.5 s",
        ("Measured: 2.32 s", "Limit: above 1.5 s", "Sample: 15, of them 15 bad", "Data complete until: 10 Mar 02:10 EET"),
        breaks=at(NIGHT, raw_rows.paints(NIGHT, 60, milliseconds=2300.5)),
        heals=at(NIGHT + 30 * MINUTE, raw_rows.paints(NIGHT + 30 * MINUTE, 90, milliseconds=700.5)),
        email=TECHNICAL,
    ),
    Alert(
        "error_rate_alert",
        Severity.CRITICAL,
        "Error rate 66.7 %, limit 1 %",
        ("Measured: 66.7 %", "Limit: above 1 %", "Sample: 30, of them 20 bad", "Data complete until: 10 Mar 02:10 EET"),
        breaks=at(NIGHT, raw_rows.requests(NIGHT, 60, bad=20)),
        heals=at(NIGHT + 15 * MINUTE, raw_rows.requests(NIGHT + 15 * MINUTE, 120, minutes=12)),
        email=EVERYBODY,
        sms=True,
    ),
    Alert(
        "api_response_alert",
        Severity.HIGH,
        "API response time 2.42 s, limit 1 s",
        ("Measured: 2.42 s", "Limit: above 1 s", "Sample: 30, of them 30 bad", "Data complete until: 10 Mar 02:10 EET"),
        breaks=at(NIGHT, raw_rows.requests(NIGHT, 60, bad=30, bad_status=200, bad_seconds=2.4, service="search-api")),
        heals=at(
            NIGHT + 15 * MINUTE, raw_rows.requests(NIGHT + 15 * MINUTE, 120, minutes=12, service="search-api")
        ),
        email=TECHNICAL,
    ),
    Alert(
        "conversion_drop_alert",
        Severity.HIGH,
        "Conversion rate 50 %, limit 90 %",
        ("Measured: 50 %", "Limit: below 90 %", "Sample: 40, of them 20 bad", "Data complete until: 10 Mar 12:30 EET"),
        breaks=at(NOON, raw_rows.checkouts(NOON - 2 * HOUR, 40, bought=20)),
        heals=at(
            NOON + 3 * HOUR, raw_rows.checkouts(NOON + HOUR, 60, bought=60, minutes=90, first=100)
        ),
        email=TECHNICAL,
    ),
    Alert(
        "user_engagement_alert",
        Severity.LOW,
        "Session duration 0.667 min, limit 2 min",
        ("Measured: 0.667 min", "Limit: below 2 min", "Sample: 60, of them 60 bad", "Data complete until: 10 Mar 12:31 EET"),
        breaks=at(NOON, raw_rows.visits(NOON - 2 * HOUR, 60, seconds=40)),
        heals=at(
            NOON + 24 * HOUR, raw_rows.visits(NOON + 22 * HOUR, 60, seconds=300, minutes=80, first=100)
        ),
        email=frozenset({"karim", "salma"}),
        slack=False,
        waits=2 * MINUTE,
    ),
    Alert(
        "order_failure_alert",
        Severity.CRITICAL,
        "Order failure rate 80 %, limit 5 %",
        ("Measured: 80 %", "Limit: above 5 %", "Sample: 15, of them 12 bad", "Data complete until: 10 Mar 02:10 EET"),
        breaks=at(NIGHT, raw_rows.requests(NIGHT, 30, bad=12, bad_status=404, **ORDERS)),
        heals=at(NIGHT + 15 * MINUTE, raw_rows.requests(NIGHT + 15 * MINUTE, 120, minutes=12, **ORDERS)),
        email=EVERYBODY,
        sms=True,
    ),
]  # fmt: skip


def plain(content):
    """A message's words, without the marks that keep figures together and Latin in order."""
    words = json.dumps(content, ensure_ascii=False).replace("\N{NO-BREAK SPACE}", " ")
    return words.translate({ord(mark): None for mark in "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"})


def told(driver, alert):
    """The messages about the alert, oldest first; rules that watch the same figure have their own titles."""
    incident = incident_of(driver, alert.rule)
    arabic = headline(incident, read_evidence(bootstrap.state(), incident.values["evidence"]), "ar")
    titles = (alert.title, plain(arabic).strip('"'))
    return [m for m in reversed(driver.providers.messages()) if any(title in plain(m["content"]) for title in titles)]


def receivers(messages):
    return {(message["provider"], message["to"]) for message in messages}


def expected(alert):
    people = bootstrap.config().directory.people
    mails = {("smtp", people[name].email) for name in alert.email}
    slack = {("slack", bootstrap.config().slack_channels["incidents"])} if alert.slack else set()
    return mails | slack | ({("twilio", phone) for phone in AWAKE.values()} if alert.sms else set())


def incident_of(driver, rule):
    return next(incident for incident in driver.incidents if incident.alert_type == f"rule.{rule}")


@pytest.mark.parametrize("alert", ALERTS, ids=str)
def test_an_alert_fires_and_clears_from_raw_rows_to_the_messages(shipped, alert):
    alert.breaks(shipped)
    wait(shipped, alert.waits)
    incident = incident_of(shipped, alert.rule)
    assert (plain(incident.title), incident.severity) == (f'"{alert.title}"', alert.severity)
    first = told(shipped, alert)
    calls = {("voice", AWAKE["karim"])} if alert.sms else set()  # both are to be escalated at once
    assert receivers(first) == expected(alert) | calls
    assert len(first) == len(receivers(first))
    assert_evidence(alert, incident, first)

    alert.heals(shipped)
    wait(shipped, alert.waits)
    assert incident_of(shipped, alert.rule).state is State.RESOLVED
    recovery = told(shipped, alert)[len(first) :]
    assert receivers(recovery) == expected(alert)
    assert len(recovery) == len(receivers(recovery))
    assert all(any(word in plain(m["content"]) for word in DONE) for m in recovery)


def assert_evidence(alert, incident, messages):
    """What is kept with the incident, and the same in the e-mail that the person on call reads."""
    evidence = read_evidence(bootstrap.state(), incident.values["evidence"])
    assert evidence.is_breach(evidence.value)
    assert evidence.samples > 0
    assert evidence.complete_until.isoformat() == incident.values["complete_until"]
    assert any(value is not None and evidence.is_breach(value) for _, value in evidence.points)
    mail = next(plain(m["content"]["text"]) for m in messages if m["to"].startswith("karim@"))
    missing = [fact for fact in alert.facts if fact not in mail]
    assert not missing, mail


def test_E27_a_day_of_analytics_that_is_late_is_told_as_late_and_not_as_a_fall_of_conversion(shipped):
    usual = raw_rows.checkouts(NOON - 12 * HOUR, 400, bought=400, minutes=240)
    half_arrived = raw_rows.checkouts(NOON - 7 * HOUR, 30, bought=0, first=400)
    assert at(NOON, [*usual, *half_arrived])(shipped) == {}
    wait(shipped, MINUTE)
    (incident,) = shipped.incidents
    assert (incident.alert_type, incident.severity) == ("soukmon.data_late", Severity.MEDIUM)
    assert incident.title == "Data of analytics is late; its rules are held"
    assert {message["provider"] for message in shipped.providers.messages()} == {"smtp", "slack"}

    later = NOON + 20 * MINUTE
    assert at(later, raw_rows.checkouts(later - 5 * HOUR, 100, bought=100, minutes=280, first=500))(shipped) == {}
    (incident,) = shipped.incidents
    assert incident.state is State.RESOLVED


def pages(driver):
    """The messages without the diagnosis, which comes by itself a moment later."""
    return [m for m in driver.providers.messages() if not str(m["content"].get("text", "")).startswith("Diagnosis ")]


def test_E31_a_minute_that_is_evaluated_twice_tells_everybody_once(shipped):
    assert "error_rate_alert" in at(NIGHT, raw_rows.requests(NIGHT, 60, bad=20))(shipped)
    once = receivers(pages(shipped)), len(pages(shipped))
    for seconds in (0, 30):
        shipped.clock.set(NIGHT + timedelta(seconds=seconds))
        assert evaluate(shipped) == {}
    assert (receivers(pages(shipped)), len(pages(shipped))) == once


def test_E20_two_errors_of_forty_requests_at_night_are_told_to_nobody(shipped):
    assert at(NIGHT, raw_rows.requests(NIGHT, 40, bad=2, minutes=30))(shipped) == {}
    span = {"metrics": ["error_rate"], "since": NIGHT - HOUR, "until": NIGHT, "seconds": 3600}
    points = bootstrap.warehouse().query("read_points", span).rows
    assert (sum(p["count"] for p in points), sum(p["bad"] for p in points)) == (40, 2)
    assert (shipped.incidents, shipped.ledger, shipped.providers.messages()) == ([], [], [])

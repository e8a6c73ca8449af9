"""From raw rows to an incident, and within a minute to what stands out about it, in one message of its thread."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from infra.local import samples
from shared import bootstrap
from shared.domain.diagnoses import Answered, Probe
from shared.domain.reasons import Notify
from shared.errors import QueryError
from shared.usecases.diagnosing import read_diagnosis
from shared.usecases.records import timeline_of
from tests.e2e.raw_rows import requests

MINUTE = timedelta(minutes=1)


def load(driver, rows):
    for table, row in rows:
        driver.platform.warehouse.append(table, [row])


def errors(driver):
    """Orders fail, all else is well: rows as the log sink writes them, of the last two minutes and of the day before."""
    now = driver.clock.now()
    load(driver, requests(now - timedelta(hours=2), 60, minutes=30, path="/cars"))
    load(driver, requests(now, 80, path="/cars"))
    load(driver, requests(now, 40, bad=40, method="POST", path="/v1/orders", service="orders-api"))


def until_open(driver, minutes=6):
    for _ in range(minutes):
        driver.after(minutes=1)
        found = [one for one in driver.incidents if one.alert_type == "rule.error_rate_alert"]
        if found:
            return found[0]
    raise AssertionError([one.alert_type for one in driver.incidents])


def diagnosed(driver):
    return [row for row in driver.ledger if row.reason is Notify.DIAGNOSED]


def posts(driver):
    return {
        m["content"]["text"].split(":")[0]: m
        for m in driver.messages("slack")
        if m["content"]["text"].startswith("Diagnosis ")
    }


def test_a_critical_error_rate_has_its_diagnosis_in_its_thread_within_a_minute(shipped):
    errors(shipped)
    incident = until_open(shipped)
    assert incident.severity == "critical"
    assert diagnosed(shipped) == []
    shipped.after(minutes=1)
    (row,) = [one for one in diagnosed(shipped) if one.incident == incident.id]
    assert (row.channel, row.state) == ("slack", "sent")
    assert timedelta(seconds=10) <= row.sent_at - incident.opened_at <= MINUTE
    post = posts(shipped)[f"Diagnosis {incident.id}"]
    assert post["thread"]
    text = json.dumps(post["content"]["blocks"], ensure_ascii=False)
    assert "of the failed requests are POST /v1/orders" in text
    assert "Could not say" in text
    (line,) = [one for one in timeline_of(bootstrap.state(), incident.id) if one.event == "diagnosed"]
    assert "failing routes: POST /v1/orders 100 %" in line.detail
    page = shipped.page(f"/incidents/{incident.id}?lang=ar").text
    assert "التشخيص" in page
    shipped.after(minutes=9)
    assert len([one for one in diagnosed(shipped) if one.incident == incident.id]) == 1


@pytest.fixture
def hanging(shipped):
    """A warehouse in which every question of a diagnosis waits for an end that the test gives at last."""
    release, real = threading.Event(), shipped.platform.warehouse

    def query(name, parameters, **options):
        if name.startswith(("diagnose_", "span_")):
            release.wait(30)
        return real.query(name, parameters, **options)

    limits = dict.fromkeys(Probe, timedelta(milliseconds=300))
    chosen = replace(bootstrap.config(), diagnostics=replace(bootstrap.config().diagnostics, limits=limits))
    bootstrap.install(
        shipped.platform.settings,
        clock=shipped.clock,
        publisher=shipped.platform.bus,
        configuration=chosen,
        warehouse=Answering(query, real),
    )
    yield shipped
    release.set()


class Answering:
    """Implements Warehouse with a question of the test's own."""

    def __init__(self, query, real):
        self.query, self._real = query, real

    def append(self, table, rows):
        self._real.append(table, rows)

    def stamp(self, tables):
        return self._real.stamp(tables)


def crash(driver):
    event = samples.crash(driver.clock.now(), "velocityAlert", issue="a1", title="Cart.kt line 9", crashCount="99")
    driver.send(event)
    (incident,) = driver.incidents
    return incident


def test_the_page_is_out_at_the_same_instant_while_every_probe_hangs(hanging):
    incident = crash(hanging)
    told = [row for row in hanging.ledger if row.reason is Notify.FIRST]
    assert {"slack", "sms", "email"} <= {row.channel for row in told}
    assert {row.sent_at for row in told} == {incident.opened_at}


def test_probes_that_hang_are_told_as_unknown_and_hold_back_neither_the_others_nor_the_message(hanging):
    incident = crash(hanging)
    hanging.after(minutes=1)
    found = {one.probe: one.answered for one in read_diagnosis(bootstrap.state(), incident.id).findings}
    assert found[Probe.CRASH_GROUPS] is found[Probe.TRAFFIC] is Answered.NO_TIME
    assert found[Probe.OPEN_INCIDENTS] is found[Probe.CHANGES] is Answered.NOTHING
    post = json.dumps(posts(hanging)[f"Diagnosis {incident.id}"]["content"]["blocks"])
    assert "(no answer in time)" in post


def test_probes_that_fail_are_told_with_the_kind_of_fault_and_no_text_of_it(shipped, monkeypatch):
    def broken(name, parameters, **options):
        raise QueryError("Table secret_customers not found")

    monkeypatch.setattr(shipped.platform.warehouse, "query", broken)
    incident = crash(shipped)
    shipped.after(minutes=1)
    kept = read_diagnosis(bootstrap.state(), incident.id)
    assert {one.answered for one in kept.findings if one.probe is Probe.CRASH_GROUPS} == {Answered.FAILED}
    post = json.dumps(posts(shipped)[f"Diagnosis {incident.id}"]["content"]["blocks"])
    assert "the query failed" in post
    assert "secret_customers" not in post + json.dumps([str(one) for one in kept.findings])


def test_an_incident_that_is_over_before_it_is_diagnosed_is_left_alone(shipped):
    shipped.send(samples.uptime_incident(shipped.clock.now(), name="0.x"))
    shipped.send(samples.uptime_incident(shipped.clock.now(), name="0.x", ended=shipped.clock.now()))
    shipped.after(minutes=1)
    assert diagnosed(shipped) == []
    assert shipped.dead_letters == []


def test_where_slack_is_not_told_everybody_who_had_a_mail_gets_the_diagnosis_by_mail(shipped):
    rules = tuple(
        replace(rule, channels=("email", "sms")) if "crashlytics.velocity" in rule.match.alert_types else rule
        for rule in bootstrap.config().event_rules
    )
    chosen = replace(bootstrap.config(), event_rules=rules)
    bootstrap.install(
        shipped.platform.settings,
        clock=shipped.clock,
        publisher=shipped.platform.bus,
        configuration=chosen,
        warehouse=shipped.platform.warehouse,
    )
    incident = crash(shipped)
    shipped.after(minutes=1)
    mailed = {row.recipient for row in shipped.ledger if row.reason is Notify.FIRST and row.channel == "email"}
    assert {row.recipient for row in diagnosed(shipped)} == mailed
    assert {row.channel for row in diagnosed(shipped)} == {"email"}
    mails = [m["content"] for m in shipped.messages("smtp") if incident.id in m["content"]["html"]]
    assert any("Nothing stands out" in mail["html"] and "Nothing stands out" in mail["text"] for mail in mails)
    assert any("لا شيء يخرج عن المعتاد" in mail["html"] for mail in mails)


def test_a_storm_is_diagnosed_once_and_what_is_folded_into_it_not_at_all(shipped):
    for number in range(30):
        event = samples.crash(shipped.clock.now(), "velocityAlert", issue=f"i{number}", title=f"X{number}")
        shipped.platform.call(event.function, event.body, event.headers)
    shipped.platform.drain()
    shipped.after(minutes=2)
    names = {row.incident for row in diagnosed(shipped)}
    folded = {one.id for one in shipped.incidents if one.storm}
    storm = next(one for one in shipped.incidents if one.alert_type == "soukmon.storm")
    assert folded
    assert storm.id in names
    assert not names & folded

"""From a crash to its impact: first what is known, and once more when the warehouse says how many it hits."""

import json
from datetime import timedelta

import pytest
from werkzeug.test import Client

from infra.local import samples
from shared import bootstrap
from shared.domain.reasons import Notify
from shared.errors import QueryError
from shared.usecases.records import timeline_of
from tests.integration.warehouse.rows import CRASHES_NOW, app_session
from tests.integration.warehouse.rows import crash as crash_row


def crash(driver):
    return samples.crash(driver.clock.now(), "newFatalIssue", issue="a1", title="Checkout.kt line 88")


def hit(driver, sessions, *, first=0):
    """A hundred sessions begin (once), and so many of them crash, just now."""
    now = driver.clock.now()
    began = [] if first else [app_session(now - timedelta(minutes=2), f"s{n}", f"u{n}") for n in range(100)]
    crashed = [
        crash_row(now, session=f"s{n}", installation=f"u{n}", table=CRASHES_NOW) for n in range(first, first + sessions)
    ]
    for table, row in (*began, *crashed):
        driver.platform.warehouse.append(table, [row])


def raised(driver):
    return [row for row in driver.ledger if row.reason is Notify.SEVERITY_RAISED]


def test_a_crash_of_few_stays_at_the_severity_of_its_rule(shipped):
    shipped.send(crash(shipped))
    hit(shipped, 2)
    shipped.after(minutes=2)
    (incident,) = shipped.incidents
    assert (incident.severity, incident.values["affected_users"], incident.count) == ("high", "2", 1)
    assert raised(shipped) == []


def test_the_same_crash_in_twelve_percent_of_the_sessions_is_critical_and_pages_once_more(shipped):
    shipped.send(crash(shipped))
    first = len(shipped.messages("twilio"))
    hit(shipped, 2)
    shipped.after(minutes=2)
    hit(shipped, 10, first=2)
    shipped.after(minutes=6)
    (incident,) = shipped.incidents
    assert (incident.severity, incident.values["session_share"], incident.count) == ("critical", "12", 1)
    paged = [row for row in raised(shipped) if row.channel == "sms"]
    assert len(paged) == len({row.recipient for row in paged}) > 0
    assert len(shipped.messages("twilio")) > first
    assert {row.state for row in paged} == {"delivered"}
    lines = [(line.event, line.detail) for line in timeline_of(bootstrap.state(), incident.id)]
    assert ("raised", "high -> critical") in lines
    assert any(
        event == "impact assessed" and "session_share at least 10 is critical" in detail for event, detail in lines
    )
    shipped.after(minutes=30)
    assert len([row for row in raised(shipped) if row.channel == "sms"]) == len(paged)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ["% of all sessions hit", "users hit in the last hour"]),
        ("ar", ["٪ من كل الجلسات تأثرت", "الأثر يرفع الخطورة"]),
    ],
)
def test_the_message_and_the_page_show_the_figures_in_the_reader_s_language(shipped, locale, words):
    shipped.send(crash(shipped))
    hit(shipped, 12)
    shipped.after(minutes=2)
    (incident,) = shipped.incidents
    token = {"Authorization": f"Bearer {shipped.platform.settings.sign_in_token}"}
    page = Client(shipped.platform.gateway).get(f"/incidents/{incident.id}?lang={locale}", headers=token).text
    assert [word for word in words if word not in page] == []
    (slack,) = [m for m in shipped.messages("slack") if "Checkout.kt" in json.dumps(m["content"].get("blocks") or [])][
        :1
    ]
    assert "% of all sessions hit" in json.dumps(slack["content"]["blocks"])
    mails = [m["content"]["html"] for m in shipped.messages("smtp") if m["content"]["html"]]
    assert any("It got worse" in html and "% of all sessions hit" in html for html in mails)


def test_a_warehouse_that_fails_neither_delays_nor_loses_the_page(shipped, monkeypatch):
    hit(shipped, 12)

    def broken(*args, **options):
        raise QueryError("BigQuery is not itself today")

    monkeypatch.setattr(shipped.platform.warehouse, "query", broken)
    shipped.send(crash(shipped))
    (told,) = shipped.incidents
    assert {row.channel for row in shipped.ledger if row.sent_at == told.opened_at} >= {"slack", "sms"}
    shipped.after(minutes=2)
    incident = next(one for one in shipped.incidents if one.alert_type == "crashlytics.newFatalIssue")
    assert (incident.severity, incident.id) == ("high", told.id)
    assert "the query failed" in {line.reason for line in timeline_of(bootstrap.state(), incident.id)}
    assert shipped.dead_letters == []
    assert "soukmon.not_evaluated" in {one.alert_type for one in shipped.incidents}

"""Every incident ends with what it did to people and sales; in pounds, by hand and by machine the same."""

import json
from datetime import timedelta

import pytest

from infra.local import samples
from shared import bootstrap
from shared.domain.impact_statements import Basis, Confidence, Figure, Unknown
from shared.errors import QueryError
from shared.usecases.act import Act, Action, act
from shared.usecases.impact_statements import read_statement
from shared.usecases.records import timeline_of

WEEK, MINUTE = timedelta(weeks=1), timedelta(minutes=1)


def point(metric, minute, count, *, amount=0.0, bad=0, clients=None, dimensions="region=Cairo Governorate"):
    source = "requests" if metric in {"error_rate", "order_failure_rate", "rows.requests"} else "analytics"
    return {
        "metric": metric, "minute": minute.isoformat(), "dimensions": dimensions, "source": source, "count": count,
        "sum": amount, "bad": bad, "bad_clients": bad if clients is None else clients, "buckets": [],
    }  # fmt: skip


def marketplace(driver, began, minutes):
    """Each minute of past weeks 10 visits, and 2, 3, 3 and 4 orders of 1,000 pounds; now 1 order of 1,000."""
    rows = []
    for n in range(minutes):
        at = began + n * MINUTE
        for week, orders in ((1, 2), (2, 3), (3, 3), (4, 4)):
            then = at - week * WEEK
            rows += [
                point("sessions", then, 10),
                point("order_volume", then, orders),
                point("revenue", then, orders, amount=1000.0 * orders),
                point("error_rate", then, 100, dimensions="service=web"),
            ]
        rows += [point("sessions", at, 10), point("order_volume", at, 1), point("revenue", at, 1, amount=1000.0)]
        rows.append(point("error_rate", at, 100, bad=25, clients=20, dimensions="service=web"))
    for source in ("rows.requests", "rows.analytics"):
        rows.append(point(source, began + minutes * MINUTE, 1, dimensions=""))
    driver.platform.warehouse.append("soukmon.metric_points", rows)


def outage(driver, **more):
    driver.send(samples.uptime_incident(driver.clock.now(), name="0.down", **more))
    return next(one for one in driver.incidents if one.alert_type == "monitoring.uptime")


def statement(incident):
    return read_statement(bootstrap.state(), incident.id)


def values(incident):
    return {one.figure: one.value for one in statement(incident).estimates}


def test_lost_orders_and_revenue_equal_what_is_computed_by_hand(shipped):
    began = shipped.clock.now()
    marketplace(shipped, began, 60)
    incident = outage(shipped)
    shipped.after(minutes=20)
    ended = shipped.clock.now()
    shipped.send(samples.uptime_incident(began, name="0.down", ended=ended))
    shipped.after(minutes=10)
    made = statement(incident)
    assert (made.since, made.until, made.is_final) == (began, ended, True)
    # Twenty minutes, in Ramadan as the two weeks before, and not the two before those: usually 2.5 orders a minute
    # (the median of 2 and 3), of 1,000 pounds each; now 1.
    assert values(incident) == {
        Figure.USERS: 20 * 20, Figure.SESSIONS: 50, Figure.TRAFFIC: 25.0, Figure.ORDERS: 20 * 1.5, Figure.REVENUE: 30_000.0,
    }  # fmt: skip
    sure = {one.figure: (one.confidence, one.basis, one.source) for one in made.estimates}
    assert sure[Figure.REVENUE] == (Confidence.MEDIUM, Basis.SHORTFALL, "analytics")
    assert sure[Figure.USERS] == (Confidence.MEDIUM, Basis.BY_CLIENT, "requests")
    lines = [line for line in timeline_of(bootstrap.state(), incident.id) if line.event == "impact stated"]
    assert lines[-1].detail.endswith("revenue EGP 30,000 (medium)")
    living = [m for m in shipped.messages("slack") if not m["thread"] and incident.id in json.dumps(m["content"])]
    shown = [json.dumps(m["content"].get("blocks"), ensure_ascii=False) for m in living]
    assert any("Impact: " in text and "Revenue lost: EGP\u00a030,000" in text for text in shown)
    assert "Revenue lost" in shipped.page(f"/incidents/{incident.id}").text
    assert "الإيراد المفقود" in shipped.page(f"/incidents/{incident.id}?lang=ar").text
    assert shipped.page(f"/api/incidents/{incident.id}").json["impact"]["estimates"][4]["value"] == 30_000.0


def test_until_the_purchases_are_there_failed_orders_are_told_and_later_made_good(shipped):
    began = shipped.clock.now()
    shipped.platform.warehouse.append(
        "soukmon.metric_points",
        [
            point("order_failure_rate", began, 50, bad=30, clients=12, dimensions="service=orders-api"),
            point("error_rate", began, 200, bad=30, clients=12, dimensions="service=orders-api"),
            point("rows.requests", began + 60 * MINUTE, 1, dimensions=""),
        ],
    )
    incident = outage(shipped)
    shipped.after(minutes=2)
    found = {one.figure: one for one in statement(incident).estimates}
    assert (found[Figure.ORDERS].value, found[Figure.ORDERS].basis) == (12, Basis.FAILED_ORDERS)
    assert found[Figure.REVENUE].unknown is Unknown.NO_ROWS
    shipped.send(samples.uptime_incident(began, name="0.down", ended=shipped.clock.now()))
    shipped.after(minutes=5)
    marketplace(shipped, began - 5 * MINUTE, 60)
    shipped.after(minutes=70)
    assert {one.figure: one.basis for one in statement(incident).estimates}[Figure.ORDERS] in {
        Basis.SHORTFALL,
        Basis.CHANCE,
    }


KINDS = {
    "security": (lambda at: samples.audit(at, "iam.googleapis.com", "google.iam.admin.v1.CreateServiceAccountKey", "x/9"), Unknown.NOT_TRACED),
    "crash": (lambda at: samples.crash(at, "velocityAlert", issue="a1", title="A.kt"), None),
    "slow": (lambda at: samples.slow_page(at, "https://souk.example/", seconds=3.0), None),
    "budget": (lambda at: samples.budget(at, threshold=1.0), Unknown.NOT_TRACED),
    "error": (lambda at: samples.request_log(at, "web", 500), None),
    "ours": (lambda at: samples.published(at, {"hello": 1}, "receive_log_entry"), Unknown.OURS),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_incident_of_any_kind_ends_with_a_statement_even_if_that_is_unknown_because(shipped, kind):
    event, why = KINDS[kind]
    shipped.send(event(shipped.clock.now()))
    (incident, *_) = shipped.incidents
    act(
        Act(Action.RESOLVE, incident.id, "karim", "slack"),
        config=bootstrap.config(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=shipped.clock,
    )
    shipped.after(minutes=6)
    made = statement(incident)
    assert made.is_final
    assert [one.figure for one in made.estimates] == list(Figure)
    assert all(one.value is not None or one.unknown for one in made.estimates)
    if why:
        assert {one.unknown for one in made.estimates} == {why}
    lines = [line for line in timeline_of(bootstrap.state(), incident.id) if line.event == "impact stated"]
    assert lines
    page = shipped.page(f"/incidents/{incident.id}").text
    assert "unknown, because" in page


def test_a_warehouse_that_cannot_answer_is_a_reason_too(shipped, monkeypatch):
    def broken(*args, **options):
        raise QueryError("no")

    monkeypatch.setattr(shipped.platform.warehouse, "query", broken)
    incident = outage(shipped)
    shipped.after(minutes=1)
    assert {one.unknown for one in statement(incident).estimates} == {Unknown.FAILED}

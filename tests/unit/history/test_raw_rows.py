"""Raw rows as the real exports have them."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from itertools import pairwise

import pytest

from infra.local.history.plan import Incident, Kind, Plan, Release
from infra.local.history.points import points
from infra.local.history.raw.apps import app_rows
from infra.local.history.raw.requests import address
from infra.local.history.raw.rows import raw_rows
from infra.local.history.raw.tables import (
    ANALYTICS,
    ANALYTICS_TODAY,
    APP_SESSIONS,
    CRASHES,
    CRASHES_NOW,
    MEASUREMENTS,
    PERFORMANCE,
    PROBES,
    REQUESTS,
    WEB_ERRORS,
)
from infra.local.history.spans import minutes
from infra.local.history.timeline import rows_at, steps
from infra.local.history.visits import Visit, visits_in
from shared.domain.histograms import bucket_of

START = datetime(2026, 5, 10, tzinfo=UTC)
EVENING = datetime(2026, 5, 12, 17, tzinfo=UTC)
END = datetime(2026, 5, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEED = 25  # one in whose two hours something crashes
RELEASE = Release(EVENING + timedelta(minutes=7), "3.1.0", "def5678", 612_345)
PLAN = Plan(START, END, SEED, (Incident(Kind.ERROR_BURST, EVENING + HOUR, EVENING + 2 * HOUR, 0.1),), (RELEASE,))
SINCE, UNTIL = EVENING, EVENING + 2 * HOUR

# The real exports' columns, as far as a row may use them; a list is a repeated column.
PARAMETER = {"key": str, "value": {"string_value": str, "int_value": int, "double_value": float}}
LABELS = {"service_name": str, "revision_name": str, "location": str, "project_id": str}
HTTP = {
    "requestMethod": str,
    "requestUrl": str,
    "requestSize": int,
    "status": int,
    "responseSize": int,
    "userAgent": str,
    "remoteIp": str,
    "latency": float,
    "protocol": str,
}
EVENT = {
    "event_date": str, "event_timestamp": int, "event_name": str, "event_params": [PARAMETER], "event_bundle_sequence_id": int,
    "user_pseudo_id": str, "stream_id": str, "platform": str, "is_active_user": bool,
    "device": {"category": str, "operating_system": str, "language": str, "web_info": {"browser": str, "browser_version": str, "hostname": str}},
    "geo": {"country": str, "continent": str, "sub_continent": str, "region": str},
    "traffic_source": {"name": str, "medium": str, "source": str},
    "ecommerce": {"transaction_id": str, "purchase_revenue": float, "purchase_revenue_in_usd": float, "total_item_quantity": int, "unique_items": int},
    "items": [{"item_id": str, "item_name": str, "price": float, "quantity": int}],
}  # fmt: skip
VERSION = {"build_version": str, "display_version": str}
CRASH = {
    "platform": str, "bundle_identifier": str, "event_id": str, "is_fatal": bool, "error_type": str, "issue_id": str, "issue_title": str,
    "issue_subtitle": str, "variant_id": str, "event_timestamp": datetime, "received_timestamp": datetime,
    "device": {"manufacturer": str, "model": str, "architecture": str}, "application": VERSION,
    "operating_system": {"display_version": str, "name": str, "device_type": str, "modification_state": str},
    "custom_keys": [{"key": str, "value": str}], "installation_uuid": str, "firebase_session_id": str, "process_state": str,
}  # fmt: skip
SESSION = {
    "instance_id": str, "session_id": str, "first_session_id": str, "session_index": int, "event_type": str, "event_timestamp": datetime,
    "received_timestamp": datetime, "performance_data_collection_enabled": bool, "crashlytics_data_collection_enabled": bool,
    "application": VERSION, "device": {"model": str, "manufacturer": str},
    "operating_system": {"display_version": str, "name": str, "device_type": str},
}  # fmt: skip
NETWORK = {
    "response_code": int, "response_mime_type": str, "request_http_method": str, "request_payload_bytes": int, "response_payload_bytes": int,
    "request_completed_time_us": int, "response_initiated_time_us": int, "response_completed_time_us": int,
}  # fmt: skip
TRACE = {
    "event_timestamp": datetime, "app_display_version": str, "app_build_version": str, "os_version": str, "device_name": str, "country": str,
    "radio_type": str, "custom_attributes": [{"key": str, "value": str}], "event_type": str, "event_name": str,
    "trace_info": {"duration_us": int}, "network_info": NETWORK,
}  # fmt: skip
SCHEMAS = {
    REQUESTS: {"timestamp": datetime, "receiveTimestamp": datetime, "insertId": str, "severity": str, "trace": str, "resource": {"type": str, "labels": LABELS}, "httpRequest": HTTP},
    "events_20260512": EVENT,
    WEB_ERRORS: {
        "timestamp": datetime, "receiveTimestamp": datetime, "insertId": str, "severity": str,
        "labels": {"app_id": str, "app_installation_id": str, "session_id": str, "location": str},
        "resource": {"type": str, "labels": {"app_id": str, "location": str, "resource_container": str}},
        "jsonPayload": {"exception_type": str, "exception_message": str}, "errorGroups": [{"id": str}],
    },
    CRASHES: CRASH,
    CRASHES_NOW: CRASH,
    APP_SESSIONS: SESSION,
    PERFORMANCE: TRACE,
    PROBES: {"probed_at": datetime, "target": str, "place": str, "ok": bool, "reason": str, "latency_ms": float},
    MEASUREMENTS: {"event_id": str, "metric": str, "measured_at": datetime, "received_at": datetime, "value": float, "unit": str, "labels": [{"key": str, "value": str}]},
}  # fmt: skip


def misfits(value, schema, path: str = "") -> Iterator[str]:
    """Where the value is not what the schema says."""
    if isinstance(schema, list):
        for item in value:
            yield from misfits(item, schema[0], f"{path}[]")
    elif isinstance(schema, dict):
        yield from (f"{path}.{name} is unknown" for name in value if name not in schema)
        for name in value.keys() & schema.keys():
            yield from misfits(value[name], schema[name], f"{path}.{name}")
    elif schema is datetime:
        if not (value.endswith("Z") and datetime.fromisoformat(value).tzinfo):
            yield f"{path} is no instant: {value}"
    elif type(value) is not schema:
        yield f"{path} is {value!r}"


@pytest.fixture(scope="module")
def rows() -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for table, row in raw_rows(PLAN, SINCE, UNTIL):
        found.setdefault(table, []).append(row)
    return found


@pytest.fixture(scope="module")
def events(rows) -> list[dict]:
    return rows[f"{ANALYTICS}20260512"]


@pytest.fixture(scope="module")
def counted() -> Counter[str]:
    """The points of the same span, added up as 'metric' and 'metric bad'."""
    sums: Counter[str] = Counter()
    for row in points(PLAN, SINCE, UNTIL):
        sums.update(
            {
                row["metric"]: row["count"],
                f"{row['metric']} bad": row["bad"],
                f"{row['metric']} clients": row["bad_clients"],
            }
        )
        sums[f"{row['metric']} sum"] += row["sum"]
    return sums


def parameter(event: dict, key: str) -> float | str | None:
    value = next((p["value"] for p in event["event_params"] if p["key"] == key), {})
    return next(iter(value.values()), None)


def named(events: list[dict], name: str) -> list[dict]:
    return [event for event in events if event["event_name"] == name]


def test_every_row_fits_the_schema_of_its_table(rows):
    for table, of_table in rows.items():
        schema = SCHEMAS[table.replace("analytics_313131313.", "")]
        assert [fault for row in of_table for fault in misfits(row, schema)] == [], table
    assert len(rows) == len(SCHEMAS)
    assert json.loads(json.dumps(rows[REQUESTS][0])) == rows[REQUESTS][0]


def test_every_row_says_that_it_is_generated(rows):
    label = {
        REQUESTS: lambda row: row["resource"]["labels"]["project_id"] == "souk-generated",
        WEB_ERRORS: lambda row: row["resource"]["labels"]["resource_container"] == "projects/souk-generated",
        CRASHES: lambda row: row["event_id"].startswith("gen-"),
        CRASHES_NOW: lambda row: row["installation_uuid"].startswith("gen."),
        APP_SESSIONS: lambda row: row["instance_id"].startswith("gen."),
        PERFORMANCE: lambda row: {"key": "generated", "value": "true"} in row["custom_attributes"],
        MEASUREMENTS: lambda row: {"key": "generated", "value": "true"} in row["labels"],
        PROBES: lambda row: row["target"] in ("website", "api"),  # its table has no room for a label
    }
    for table, of_table in rows.items():
        assert all(map(label.get(table, lambda row: row["user_pseudo_id"].startswith("gen.")), of_table)), table


def instant(table: str, row: dict) -> datetime:
    if table.startswith(ANALYTICS):
        return datetime.fromtimestamp(row["event_timestamp"] / 1e6, UTC)
    name = {REQUESTS: "timestamp", WEB_ERRORS: "timestamp", PROBES: "probed_at", MEASUREMENTS: "measured_at"}.get(
        table, "event_timestamp"
    )
    return datetime.fromisoformat(row[name])


def test_every_row_lies_in_the_span(rows):
    assert all(SINCE <= instant(table, row) < UNTIL for table, of_table in rows.items() for row in of_table)


def test_any_split_of_a_span_gives_the_same_rows_as_the_whole(rows):
    cuts = [SINCE, SINCE + timedelta(minutes=1), SINCE + timedelta(minutes=17), SINCE + HOUR / 3]
    parts = [(table, json.dumps(row)) for since, until in pairwise(cuts) for table, row in raw_rows(PLAN, since, until)]
    whole = [(t, json.dumps(row)) for t, of_table in rows.items() for row in of_table if instant(t, row) < cuts[-1]]
    assert Counter(parts) == Counter(whole)


def test_requests_counted_from_raw_rows_are_those_of_the_points(rows, counted):
    entries = {row["insertId"]: row for row in rows[REQUESTS]}.values()
    people = [row for row in entries if "UptimeChecks" not in row["httpRequest"]["userAgent"]]
    failed = [row for row in people if row["httpRequest"]["status"] >= 500]
    quarters = {(row["httpRequest"]["remoteIp"], instant(REQUESTS, row).timestamp() // 900) for row in failed}
    orders = [
        row
        for row in people
        if row["httpRequest"]["requestMethod"] == "POST" and "/v1/orders" in row["httpRequest"]["requestUrl"]
    ]
    assert len(entries) == counted["rows.requests"]
    assert len(people) == counted["error_rate"]
    assert len(failed) == counted["error_rate bad"]
    assert len(quarters) == counted["error_rate clients"]
    assert len(orders) == counted["order_failure_rate"]


def test_api_times_from_raw_rows_are_those_of_the_points(rows):
    api = {row["insertId"]: row for row in rows[REQUESTS] if row["resource"]["labels"]["service_name"].endswith("-api")}
    expected = Counter(bucket_of(1000 * row["httpRequest"]["latency"]) for row in api.values())
    found: Counter[int] = Counter()
    for row in points(PLAN, SINCE, UNTIL, sources=["requests"]):
        if row["metric"] == "api_response_time":
            found.update({bucket["i"]: bucket["n"] for bucket in row["buckets"]})
    assert sum((expected - found).values()) <= 2  # a value on the edge of a bucket may round either way
    assert found.total() == expected.total() > 5_000


def test_analytics_counted_from_raw_rows_are_those_of_the_points(events, counted):
    sessions = named(events, "session_start")
    orders = {event["ecommerce"]["transaction_id"]: event for event in named(events, "purchase")}
    paints = {parameter(event, "metric_id") for event in named(events, "FCP")}
    assert len(events) == counted["rows.analytics"]
    assert len(sessions) == counted["sessions"]
    assert len(named(events, "first_visit")) == counted["new_users"]
    assert len(named(events, "begin_checkout")) == counted["conversion_rate"]
    assert len(orders) == counted["order_volume"]
    assert sum(order["ecommerce"]["purchase_revenue"] for order in orders.values()) == pytest.approx(
        counted["revenue sum"]
    )
    assert len(paints) == counted["first_contentful_paint"]
    assert len(named(events, "generate_lead")) == counted["leads"]


def test_the_engagement_of_a_session_is_the_sum_of_its_events(events, counted):
    seconds = sum(parameter(event, "engagement_time_msec") for event in named(events, "user_engagement")) / 1000
    assert seconds == pytest.approx(counted["session_duration sum"], rel=0.02)  # sessions at the edges are cut


def test_the_last_value_of_a_paint_is_the_one_that_counts(events, counted):
    last = {parameter(event, "metric_id"): parameter(event, "metric_value") for event in named(events, "LCP")}
    assert len(named(events, "LCP")) > len(last) == counted["largest_contentful_paint"]
    assert sum(last.values()) == pytest.approx(counted["largest_contentful_paint sum"])


def test_app_sessions_crashes_probes_and_traces_agree_too(rows, counted):
    assert len(rows[APP_SESSIONS]) == counted["crash_free_sessions"]
    assert len({row["event_id"] for row in rows[CRASHES_NOW]}) == pytest.approx(
        counted["crash_free_sessions bad"], abs=2
    )
    assert len(rows[WEB_ERRORS]) == counted["web_errors"] == counted["web_errors bad"]
    assert len(rows[PERFORMANCE]) == counted["rows.performance"]
    assert len(rows[PROBES]) == counted["uptime"] == 4 * 120
    assert sum(not row["ok"] for row in rows[PROBES]) == counted["uptime bad"]


def test_one_uptime_check_a_minute_comes_whatever_happens():
    out = Plan(START, END, 7, (Incident(Kind.OUTAGE, EVENING, EVENING + HOUR, 1.0),))
    statuses = Counter(
        row["httpRequest"]["status"]
        for table, row in raw_rows(out, EVENING, EVENING + 2 * HOUR)
        if table == REQUESTS and "UptimeChecks" in row["httpRequest"]["userAgent"]
    )
    assert statuses == {503: 60, 200: 60}


def test_a_few_entries_come_twice_but_are_equal(rows):
    ids = Counter(row["insertId"] for row in rows[REQUESTS])
    twice = [key for key, times in ids.items() if times > 1]
    assert 0 < len(twice) < 0.005 * len(ids)
    assert len({json.dumps(row) for row in rows[REQUESTS]}) == len(ids)


def test_a_few_purchases_come_twice():
    orders = [
        [step.name for step in steps(visit)].count("purchase")
        for minute in minutes(EVENING, EVENING + 24 * HOUR)
        for visit in visits_in(PLAN, minute)
        if visit.purchase
    ]
    assert 0 < orders.count(2) < 0.1 * len(orders)
    assert set(orders) == {1, 2}


def test_counting_the_rows_of_a_session_is_the_same_as_making_them():
    for visit in (visit for minute in minutes(EVENING, EVENING + HOUR) for visit in visits_in(PLAN, minute)):
        made = Counter(step.at for step in steps(visit))
        told: Counter[float] = Counter()
        for at, rows in rows_at(visit):
            told[at] += rows
        assert told == made


def test_one_parameter_comes_as_whole_number_and_as_fraction(events):
    kinds = Counter(
        next(iter(p["value"])) for e in named(events, "FCP") for p in e["event_params"] if p["key"] == "metric_value"
    )
    assert kinds["double_value"] > kinds["int_value"] > 0
    engaged = {next(iter(p["value"])) for e in events for p in e["event_params"] if p["key"] == "session_engaged"}
    assert engaged == {"string_value", "int_value"}


def test_a_day_is_in_the_daily_table_when_it_is_over_and_in_the_intraday_one_until_then():
    midnight = datetime(2026, 5, 12, 21, tzinfo=UTC)  # in Cairo
    for end, before, after in [
        (midnight + 11 * HOUR, ANALYTICS_TODAY, ANALYTICS_TODAY),
        (midnight + 12 * HOUR, ANALYTICS, ANALYTICS_TODAY),
        (midnight + 36 * HOUR, ANALYTICS, ANALYTICS),
    ]:
        rows = list(raw_rows(Plan(START, end, 7), midnight - HOUR / 4, midnight + HOUR / 4))
        tables = {(table, row["event_date"]) for table, row in rows if "event_date" in row}
        assert tables == {(f"{before}20260512", "20260512"), (f"{after}20260513", "20260513")}


@pytest.fixture(scope="module")
def crashed() -> Visit:
    day = minutes(datetime(2026, 5, 12, tzinfo=UTC), datetime(2026, 5, 12, 23, tzinfo=UTC))
    return next(visit for minute in day for visit in visits_in(PLAN, minute) if visit.crash)


def test_a_crash_is_streamed_at_once_and_in_the_daily_table_when_its_day_is_over(crashed):
    midnight = datetime(2026, 5, 13, tzinfo=UTC)
    running, over = (Plan(START, end, 7) for end in (midnight - HOUR, midnight))
    tables = [{table for _, (table, row) in app_rows(plan, crashed) if "event_id" in row} for plan in (running, over)]
    assert tables == [{CRASHES_NOW}, {CRASHES_NOW, CRASHES}]


def test_a_crash_belongs_to_a_session_of_the_app(crashed):
    found = [named for _, named in app_rows(PLAN, crashed)]
    session = next(row for table, row in found if table == APP_SESSIONS)
    crash = next(row for table, row in found if table == CRASHES_NOW)
    assert (crash["firebase_session_id"], crash["installation_uuid"]) == (session["session_id"], session["instance_id"])
    assert session["event_timestamp"] < crash["event_timestamp"]


def test_a_session_on_the_web_leaves_nothing_in_the_exports_of_the_app(crashed):
    assert list(app_rows(PLAN, crashed._replace(is_app=False))) == []


@pytest.mark.parametrize("client", [0, 255, 65_536, 131_071])
def test_addresses_are_of_the_network_kept_for_benchmarks(client):
    assert ip_address(address(client)) in ip_network("198.18.0.0/15")


def test_a_release_posts_its_size_and_itself(rows):
    posted = {row["metric"]: row for row in rows[MEASUREMENTS]}
    assert posted["bundle_size"]["value"] == 612_345
    assert {"key": "asset", "value": "main"} in posted["bundle_size"]["labels"]
    assert {"key": "version", "value": "3.1.0"} in posted["release"]["labels"]
    assert set(posted) == {"bundle_size", "release"}

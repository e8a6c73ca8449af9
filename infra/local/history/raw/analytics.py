"""Sessions as rows of the analytics export: one a day when the day is complete, the intraday table until then."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from infra.local.history.plan import Plan
from infra.local.history.raw.tables import ANALYTICS, ANALYTICS_TODAY, HOST, Named, Row
from infra.local.history.regions import ABROAD, UNKNOWN
from infra.local.history.rhythm import CAIRO, cairo_day
from infra.local.history.timeline import Step, steps
from infra.local.history.visits import Visit

DAILY_AFTER = timedelta(hours=12)  # how long after a Cairo day its daily table replaces the intraday one
POUNDS_A_DOLLAR = 50.0
VITALS = frozenset({"TTFB", "FCP", "LCP", "CLS", "INP"})
STREAM = "3131313131"
ITEM = "listing deposit"


def analytics_rows(plan: Plan, visit: Visit) -> Iterator[tuple[float, Named]]:
    """The rows of one session, each with its instant (it may lie some time after the session's start)."""
    for number, step in enumerate(steps(visit)):
        day = cairo_day(step.at)
        yield step.at, (_table(plan, day), _row(visit, step, number, day))


def _table(plan: Plan, day: date) -> str:
    over = datetime.combine(day + timedelta(days=1), time(), CAIRO)
    prefix = ANALYTICS if over + DAILY_AFTER <= plan.end else ANALYTICS_TODAY
    return f"{prefix}{day:%Y%m%d}"


def _row(visit: Visit, step: Step, number: int, day: date) -> Row:
    row: Row = {
        "event_date": f"{day:%Y%m%d}",
        "event_timestamp": round(step.at * 1_000_000),
        "event_name": step.name,
        "event_params": [*_session(visit, step), *_own(visit, step)],
        "event_bundle_sequence_id": number,
        "user_pseudo_id": visit.user,
        "stream_id": STREAM,
        "platform": "ANDROID" if visit.is_app else "WEB",
        "device": _device(visit),
        "geo": _geo(visit),
        "traffic_source": {"name": "(generated)", "medium": "organic", "source": "google"},
        "is_active_user": True,
    }
    if step.name == "purchase":
        row |= _purchase(visit)
    return row


def _session(visit: Visit, step: Step) -> list[Row]:
    """`session_engaged` is a text on some events and a number on others, as the real export has it."""
    engaged: Any = "1" if step.name == "session_start" else 1
    return [
        _parameter("ga_session_id", visit.session),
        _parameter("ga_session_number", 1 if visit.is_new else 3),
        _parameter("session_engaged", engaged),
        _parameter("page_location", f"https://{HOST}/listings/{step.page}"),
    ]


def _own(visit: Visit, step: Step) -> list[Row]:
    if step.name in VITALS:
        name = f"v5-{visit.name}-{step.page}-{step.name}"
        return [_parameter("metric_id", name), _parameter("metric_value", step.value)]
    if step.name == "user_engagement":
        return [_parameter("engagement_time_msec", step.value)]
    if step.name == "purchase":
        return [
            _parameter("transaction_id", f"T-{visit.name}"),
            _parameter("currency", "EGP"),
            _parameter("value", step.value),
        ]
    return []


def _parameter(key: str, value: Any) -> Row:  # noqa: ANN401 - a text or a number
    """Whole numbers arrive as int_value, others of the same parameter as double_value."""
    if isinstance(value, str):
        return {"key": key, "value": {"string_value": value}}
    if value == int(value):
        return {"key": key, "value": {"int_value": int(value)}}
    return {"key": key, "value": {"double_value": value}}


def _device(visit: Visit) -> Row:
    if visit.is_app:
        return {"category": "mobile", "operating_system": "Android", "language": "ar-eg"}
    web = {"browser": "Chrome", "browser_version": "139.0", "hostname": HOST}
    return {"category": "mobile", "operating_system": "Android", "language": "ar-eg", "web_info": web}


def _geo(visit: Visit) -> Row:
    if visit.region == ABROAD:
        gulf = {"country": "Saudi Arabia", "continent": "Asia", "sub_continent": "Western Asia"}
        return {**gulf, "region": "Riyadh Province"}
    region = "" if visit.region == UNKNOWN else visit.region
    return {"country": "Egypt", "continent": "Africa", "sub_continent": "Northern Africa", "region": region}


def _purchase(visit: Visit) -> Row:
    dollars = round(visit.price / POUNDS_A_DOLLAR, 2)
    return {
        "ecommerce": {
            "transaction_id": f"T-{visit.name}",
            "purchase_revenue": visit.price,
            "purchase_revenue_in_usd": dollars,
            "total_item_quantity": 1,
            "unique_items": 1,
        },
        "items": [{"item_id": "gen-1", "item_name": ITEM, "price": visit.price, "quantity": 1}],
    }

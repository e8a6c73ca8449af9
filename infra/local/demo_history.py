"""What the demo day stands on: generated history before and around it, raw rows while something goes wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from infra.local.demo_past import GENERATED, past, releases_before
from infra.local.history import NOTE
from infra.local.history.lesser_points import lesser_points
from infra.local.history.plan import Incident, Kind, Plan
from infra.local.history.points import points
from infra.local.history.rates import SESSIONS
from infra.local.history.raw.analytics import analytics_rows
from infra.local.history.raw.requests import ORDER_PATH, PHONE, address, request_rows
from infra.local.history.raw.tables import HOST, REQUESTS, Named, Row
from infra.local.history.requests import ORDERS
from infra.local.history.rhythm import activity
from infra.local.history.spans import MINUTE, minutes, stamp
from infra.local.history.tally import Row as PointRow
from infra.local.history.visits import LONGEST, visits_in
from shared.domain.changes import Change, ChangeKind

POINTS = "soukmon.metric_points"
LABEL = "generated-history.txt"
SEED = 20
HOUR = timedelta(hours=1)
DAY = 24 * HOUR
BEFORE = 26 * HOUR
NEVER_RAW = ("probes", "crashes", "web_errors")
LESSER_OF_ANALYTICS = ("daily_active_users", "interaction_to_next_paint")

LOGGED_FROM = 20 * HOUR + 30 * MINUTE  # from here on the request log is raw, to the end of the day
WATCHED_UNTIL = LOGGED_FROM + 81 * MINUTE
CLOSELY, LOOSELY = 3 * MINUTE, 9 * MINUTE  # how often the sink brings rows; loosely is still in time to be fresh
CHECKOUT_FAILS = (LOGGED_FROM + 10 * MINUTE, LOGGED_FROM + 30 * MINUTE)
API_SLOW = (LOGGED_FROM + 38 * MINUTE, LOGGED_FROM + 63 * MINUTE)
ORDERS_A_MINUTE = 5
GOES_THROUGH = 5  # one order in so many, while checkout fails

# Analytics falls silent so long after the day's first whole hour: at the one of the two that makes the fall come when
# more people are awake.
SILENCES = (1 * HOUR, 8 * HOUR)
GLIMPSE = 30 * MINUTE  # a few raw events, which say that everything before them is there
ARRIVES_AFTER = 7 * HOUR + 40 * MINUTE
CONVERSION_FALLS = (6 * HOUR, ARRIVES_AFTER)  # from a whole hour, and too late to be taken for the usual
HELD_BACK = 150 * MINUTE  # of what then arrives at once; what is older stays as it is in the history
SESSIONS_OF_CAMPAIGN = 10.0  # a minute, at least, while conversion falls: it takes checkouts to see that some are lost
HEALED_AFTER = 11 * HOUR + 10 * MINUTE
STILL_FRESH = 5 * HOUR + 30 * MINUTE  # so often, after that, something has to come


@dataclass(frozen=True, slots=True)
class Day:
    """The demo day: its plan, its start (a whole minute), and since when analytics is silent."""

    plan: Plan
    start: datetime
    silent_from: datetime

    def span(self, bounds: tuple[timedelta, timedelta]) -> tuple[datetime, datetime]:
        """Bounds that count from the start, as instants."""
        return self.start + bounds[0], self.start + bounds[1]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Raw rows and the instant at which the warehouse gets them; they are made when they are asked for."""

    at: datetime
    rows: Callable[[], Iterator[Named]]


def demo_day(start: datetime) -> Day:
    """The day from `start` (a whole minute), with what goes wrong in it."""
    first_hour = (start + HOUR - MINUTE).replace(minute=0)
    silent_from = max((first_hour + silence for silence in SILENCES), key=_awake)
    since, until = silent_from + CONVERSION_FALLS[0], silent_from + CONVERSION_FALLS[1]
    more = SESSIONS_OF_CAMPAIGN / (SESSIONS * _awake(silent_from)) - 1
    campaign = [Incident(Kind.MARKETING_PEAK, since, until, strength=more)] if more > 0 else []
    fall = Incident(Kind.CONVERSION_FALL, since, until, strength=0.85)
    slow = Incident(Kind.SLOW_API, start + API_SLOW[0], start + API_SLOW[1], strength=8.0)
    began = (start - BEFORE).replace(minute=0)
    plan = Plan(began, start + DAY, SEED, (*campaign, fall, slow), releases_before(began))
    return Day(plan, start, silent_from)


def history(day: Day) -> Iterator[PointRow]:
    """Points of the weeks and hours before the day, and of the day where no raw rows make them."""
    yield from past(day.plan)
    logged, exported = [(day.start + LOGGED_FROM, day.plan.end)], list(_exported(day))
    for sources, left_out in ((("requests",), logged), (("analytics",), exported), (NEVER_RAW, [])):
        for since, until in _around(left_out, day.plan):
            for row in points(day.plan, since, until, sources=sources):
                if not row["metric"].startswith("rows."):  # how fresh a source is, only its raw rows may say
                    yield row | {"source": GENERATED}
    raw = {at for since, until in exported for at in minutes(since, until)}
    for row in lesser_points(day.plan, day.plan.start, day.plan.end, source=GENERATED):
        if row["metric"] not in LESSER_OF_ANALYTICS or datetime.fromisoformat(row["minute"]) not in raw:
            yield row


def released(day: Day) -> Iterator[Change]:
    """The releases of the weeks before, as pipelines told of them: charts and reports have their marks by these."""
    for one in day.plan.releases:
        yield Change(
            f"gen-web-{one.version}", ChangeKind.RELEASE, "web", one.at, version=one.version, commit=one.commit
        )


def deliveries(day: Day) -> Iterator[Delivery]:
    """What the log sink and the analytics export bring, in no particular order."""
    for since, until in pairwise(_sink_times(day)):
        yield Delivery(until, partial(_requests, day, since, until))
    for since, until in _exported(day):
        yield Delivery(until, partial(_visits, day.plan, since, until))


def label(state: Path) -> None:
    """Write down in the installation's folder that its history is generated."""
    (state / LABEL).write_text(NOTE, encoding="utf-8")


def note(state: Path) -> str:
    """What a page has to say about the history; "" where nothing was generated."""
    found = state / LABEL
    return found.read_text(encoding="utf-8") if found.is_file() else ""


def _awake(silent_from: datetime) -> float:
    """How active people are while conversion falls; 1 is the average of a week."""
    since, until = (silent_from + bound for bound in CONVERSION_FALLS)
    return fmean(activity(minute) for minute in minutes(since, until))


def _exported(day: Day) -> Iterator[tuple[datetime, datetime]]:
    """The spans whose events the analytics export brings, each of them when it is over."""
    yield day.silent_from - GLIMPSE, day.silent_from
    yield day.silent_from + ARRIVES_AFTER - HELD_BACK, day.silent_from + ARRIVES_AFTER
    end = day.silent_from + HEALED_AFTER
    while end < day.plan.end - 2 * GLIMPSE:
        yield end - GLIMPSE, end
        end += STILL_FRESH
    yield day.plan.end - GLIMPSE, day.plan.end - MINUTE


def _around(left_out: Sequence[tuple[datetime, datetime]], plan: Plan) -> Iterator[tuple[datetime, datetime]]:
    """The plan's time without those spans, which ascend."""
    since = plan.start
    for start, end in left_out:
        yield since, start
        since = end
    yield since, plan.end


def _sink_times(day: Day) -> Iterator[datetime]:
    at, closely_until = day.start + LOGGED_FROM, day.start + WATCHED_UNTIL
    while at < day.plan.end:
        yield at
        at += CLOSELY if at < closely_until else LOOSELY
    yield day.plan.end


def _visits(plan: Plan, since: datetime, until: datetime) -> Iterator[Named]:
    for minute in minutes(since - timedelta(seconds=LONGEST), until):
        for visit in visits_in(plan, minute):
            for at, named in analytics_rows(plan, visit):
                if since.timestamp() <= at < until.timestamp():
                    yield named


def _requests(day: Day, since: datetime, until: datetime) -> Iterator[Named]:
    """Everyday traffic, and the orders of a promotion: enough of them for the night to be watched as the evening is."""
    for minute in minutes(since, until):
        yield from request_rows(day.plan, minute)
        for number in range(ORDERS_A_MINUTE):
            yield REQUESTS, _order(day, minute, number)


def _order(day: Day, minute: datetime, number: int) -> Row:
    now = int(minute.timestamp()) // 60
    fails, slow = (_within(minute, day.span(bounds)) for bounds in (CHECKOUT_FAILS, API_SLOW))
    lost = fails and (now + number) % GOES_THROUGH
    at, name = minute.timestamp() + 11 * number + 3, f"gen-{now}-promotion-{number}"
    return {
        "timestamp": stamp(at),
        "receiveTimestamp": stamp(at + 1),
        "insertId": name,
        "severity": "INFO",
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": ORDERS, "location": "europe-west1"}},
        "httpRequest": {
            "requestMethod": "POST",
            "requestUrl": f"https://{ORDERS}.{HOST}{ORDER_PATH}",
            "status": 404 if lost else 201,
            "userAgent": PHONE,
            "remoteIp": address(now * ORDERS_A_MINUTE + number),
            "latency": 1.9 if slow else 0.15 + number / 50,
            "protocol": "HTTP/1.1",
        },
    }


def _within(minute: datetime, span: tuple[datetime, datetime]) -> bool:
    return span[0] <= minute < span[1]

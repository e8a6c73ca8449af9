"""A day of incidents at the marketplace, played through the real functions on a fast clock."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from pathlib import Path

from infra.local import demo_history, people, samples
from infra.local.demo_history import API_SLOW, ARRIVES_AFTER, CHECKOUT_FAILS, CONVERSION_FALLS, Day, Delivery
from infra.local.history import NOTE
from infra.local.platform import REPORTS, Platform
from infra.local.samples import Event
from infra.local.warehouse.preparing import load
from shared import bootstrap
from shared.adapters.clocks import VirtualClock
from shared.domain.oncall import on_call_at
from shared.ports.store import Query
from shared.usecases.changes import record_change
from shared.usecases.records import INCIDENTS

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
MADE_AFTERWARDS = frozenset({REPORTS})  # see sample_reports: nobody waits for reports while the day is played
Act = Callable[[Platform, datetime], object]
Scene = tuple[timedelta, str, Act]


def play(platform: Platform, *, say: Callable[[str], None]) -> None:
    """Play the day that ends now; the clock must be virtual."""
    clock = platform.clock
    if not isinstance(clock, VirtualClock):
        raise TypeError("the demo needs a virtual clock")
    end = clock.now()
    start = (end - 24 * HOUR).replace(second=0, microsecond=0)
    clock.set(start)
    platform.scheduler.restart(start, without=MADE_AFTERWARDS)
    day = demo_history.demo_day(start)
    demo_history.label(Path(platform.settings.state_dir))
    say(NOTE)
    platform.warehouse.append(demo_history.POINTS, list(demo_history.history(day)))
    for release in demo_history.released(day):
        record_change(release, store=bootstrap.state(), publisher=bootstrap.publisher(), clock=clock)
    for at, words, scene in sorted(_scenes(day), key=itemgetter(0)):
        platform.advance(at - clock.now())
        if words:
            say(f"{clock.now():%H:%M} UTC  {words}")
        scene(platform, clock.now())
        platform.settle()
    platform.advance(end - clock.now())
    platform.scheduler.restart(end)


def _scenes(day: Day) -> Iterator[tuple[datetime, str, Act]]:
    for after, words, scene in SCENES:
        yield day.start + after, words, scene
    for after, words, scene in OF_ANALYTICS:
        yield day.silent_from + after, words, scene
    for delivery in demo_history.deliveries(day):
        yield delivery.at, "", _deliver(delivery)


def _deliver(delivery: Delivery) -> Act:
    return lambda platform, _: load(platform.warehouse.made(), delivery.rows())


def _nothing(platform: Platform, now: datetime) -> None:
    """The words are all: what happens shows in the rows that are delivered."""


def _send(*events: Event) -> Act:
    def scene(platform: Platform, now: datetime) -> None:
        del now
        for event in events:
            platform.call(event.function, event.body, event.headers)

    return scene


def _made(make: Callable[[datetime], list[Event]]) -> Act:
    return lambda platform, now: _send(*make(now))(platform, now)


def _newest(alert_type: str) -> str:
    query = Query(INCIDENTS, order_by="opened_at", newest_first=True)
    return next(row.id for row in bootstrap.state().find(query) if row.body["alert_type"] == alert_type)


def _on_call(now: datetime) -> str:
    directory = bootstrap.config().directory
    return on_call_at(directory, "primary", now) or directory.default_contact


def _acknowledge_by_link(alert_type: str) -> Act:
    def scene(platform: Platform, now: datetime) -> None:
        people.open_link(platform, _newest(alert_type), person=_on_call(now))

    return scene


def _press(action: str, alert_type: str) -> Act:
    def scene(platform: Platform, now: datetime) -> None:
        people.press(platform, action, _newest(alert_type), person=_on_call(now))

    return scene


def _checkout_breaks(now: datetime) -> list[Event]:
    return [
        samples.request_log(now - (60 - n) * SECOND / 4, "payments-api", 503, path=f"/v1/orders/{n}", seq=n)
        for n in range(60)
    ]


def _built(version: str, kilobytes: float) -> Event:
    """A pipeline tells how large its build is."""
    size = {"metric": "bundle_size", "value": kilobytes, "unit": "KB", "labels": {"asset": "main", "version": version}}
    body = json.dumps({"measurements": [size], "release": {"service": "web", "version": version}})
    return Event("receive_measurement", {"content-type": "application/json"}, body.encode())


SCENES: list[Scene] = [
    (2 * HOUR, "the Android app crashes for one user in eight", _made(lambda now: [
        samples.crash(now, "newFatalIssue", issue="d41c", title="CheckoutViewModel.kt line 88", subtitle="NullPointerException - sellerId"),
        samples.crash(now, "velocityAlert", issue="d41c", title="CheckoutViewModel.kt line 88", subtitle="NullPointerException - sellerId",
                      crashCount="132", crashPercentage=12.4, firstVersion="3.2.0 (320)"),
    ])),
    (2 * HOUR + 6 * MINUTE, "the person on call acknowledges with the link in the SMS", _acknowledge_by_link("crashlytics.newFatalIssue")),
    (3 * HOUR, "... fixes it and resolves it in Slack", _press("resolve", "crashlytics.newFatalIssue")),
    (6 * HOUR, "listings paint slowly", _made(lambda now: [samples.slow_page(now, "https://souk-el-sayarat.example/listings", seconds=2.31)])),
    (9 * HOUR, "checkout answers 503 to sixty requests in a quarter of a minute", _made(_checkout_breaks)),
    (9 * HOUR + 20 * MINUTE, "nobody answered and it climbed to management; now somebody acknowledges in Slack",
     _press("acknowledge", "log.request_5xx")),
    (9 * HOUR + 50 * MINUTE, "... and resolves it", _press("resolve", "log.request_5xx")),
    (12 * HOUR, "the web app throws in the sell form; Arabic text and markup are in the message", _made(lambda now: [
        samples.web_error(now, "فشل تحميل الصور <b>*x*</b>", frame="uploadPhotos (sell.js"),
    ])),
    (14 * HOUR, "a service account key is created; everyday entries tell nobody", _made(lambda now: [
        samples.audit(now, "iam.googleapis.com", "google.iam.admin.v1.CreateServiceAccountKey", "projects/-/serviceAccounts/117"),
        samples.audit(now, "cloudresourcemanager.googleapis.com", "GetProject", "projects/souk-demo"),
        samples.request_log(now, "web", 200, path="/"),
        samples.budget(now),
        samples.build(now, "SUCCESS"),
    ])),
    (15 * HOUR, "the budget reaches 90 %, and a build fails", _made(lambda now: [samples.budget(now, threshold=0.9), samples.build(now, "FAILURE")])),
    (16 * HOUR, "something unreadable arrives", _send(Event("receive_log_entry", {"content-type": "application/json"}, b"{not json"))),
    (18 * HOUR, "the website is down, and nobody acknowledges", _made(lambda now: [samples.uptime_incident(now, name="0.demo1")])),
    (18 * HOUR + 30 * MINUTE, "a build is measured: 641 KB", _send(_built("3.1.0", 641))),
    (19 * HOUR, "the next one is 12 % larger, though still within its limit", _send(_built("3.2.0", 718))),
    (19 * HOUR + 40 * MINUTE, "... and is trimmed", _send(_built("3.2.1", 644))),
    (20 * HOUR, "the website is back", _made(lambda now: [samples.uptime_incident(now - 2 * HOUR, name="0.demo1", ended=now)])),
    (CHECKOUT_FAILS[0], "after a release, four orders in five get a 404: no error to the server, but no order either", _nothing),
    (CHECKOUT_FAILS[0] + 6 * MINUTE, "the person on call acknowledges it", _acknowledge_by_link("rule.order_failure_alert")),
    (CHECKOUT_FAILS[1], "... and rolls back; the alert clears by itself once ten minutes are clean", _nothing),
    (API_SLOW[0], "the API takes ten times as long, for 25 minutes", _nothing),
    (API_SLOW[1], "... and is quick again", _nothing),
]  # fmt: skip

# Counted from the moment when Google Analytics falls silent.
OF_ANALYTICS: list[Scene] = [
    (0 * HOUR, "Google Analytics delivers nothing any more; what it feeds is held, and after six hours told as late", _nothing),
    (CONVERSION_FALLS[0], "fewer checkouts are completed, which nobody can know yet", _nothing),
    (ARRIVES_AFTER, "Google Analytics delivers what it held back", _nothing),
]  # fmt: skip

"""A day of incidents at the marketplace, played through the real functions on a fast clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from infra.local import people, samples
from infra.local.platform import Platform
from infra.local.samples import Event
from shared import bootstrap
from shared.adapters.clocks import VirtualClock
from shared.domain.oncall import on_call_at
from shared.ports import Query
from shared.usecases.records import INCIDENTS

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
Scene = tuple[timedelta, str, Callable[[Platform, datetime], None]]


def play(platform: Platform, *, say: Callable[[str], None]) -> None:
    """Play the day that ends now; the clock must be virtual."""
    clock = platform.clock
    if not isinstance(clock, VirtualClock):
        raise TypeError("the demo needs a virtual clock")
    start = clock.now() - 24 * HOUR
    clock.set(start)
    platform.scheduler.restart(start)
    for after, words, scene in SCENES:
        platform.advance(start + after - clock.now())
        say(f"{clock.now():%H:%M} UTC  {words}")
        scene(platform, clock.now())
        platform.settle()
    platform.advance(start + 24 * HOUR - clock.now())


def _send(*events: Event) -> Callable[[Platform, datetime], None]:
    def scene(platform: Platform, now: datetime) -> None:
        del now
        for event in events:
            platform.call(event.function, event.body, event.headers)

    return scene


def _made(make: Callable[[datetime], list[Event]]) -> Callable[[Platform, datetime], None]:
    return lambda platform, now: _send(*make(now))(platform, now)


def _newest(alert_type: str) -> str:
    query = Query(INCIDENTS, order_by="opened_at", newest_first=True)
    return next(row.id for row in bootstrap.state().find(query) if row.body["alert_type"] == alert_type)


def _on_call(now: datetime) -> str:
    directory = bootstrap.config().directory
    return on_call_at(directory, "primary", now) or directory.default_contact


def _acknowledge_by_link(alert_type: str) -> Callable[[Platform, datetime], None]:
    def scene(platform: Platform, now: datetime) -> None:
        people.open_link(platform, _newest(alert_type), person=_on_call(now))

    return scene


def _press(action: str, alert_type: str) -> Callable[[Platform, datetime], None]:
    def scene(platform: Platform, now: datetime) -> None:
        people.press(platform, action, _newest(alert_type), person=_on_call(now))

    return scene


def _checkout_breaks(now: datetime) -> list[Event]:
    return [
        samples.request_log(now - (60 - n) * SECOND / 4, "payments-api", 503, path=f"/v1/orders/{n}", seq=n)
        for n in range(60)
    ]


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
    (20 * HOUR, "the website is back", _made(lambda now: [samples.uptime_incident(now - 2 * HOUR, name="0.demo1", ended=now)])),
]  # fmt: skip

"""Scenarios: a time line on a virtual clock in which every message has to be expected.

start: 2026-03-10T02:10:00+02:00
steps:
  - {send: crash_velocity, name: crash}           # a sample event, or {file: PATH}
  - {expect: ["sms mona", "email mona", "slack incidents"]}
  - {after: 15m}
  - {acknowledge: true, by: mona}                 # by the link in her message; also: {press: resolve, by: mona}
  - {key: "4", by: mona}                          # in the call she was last given
  - {window: 1h, by: mona}                        # emergency maintenance, for everything
  - {type: "window check WINDOW backup gs://b", by: mona, says: "[x] backup"}   # /incident ...; WINDOW: made last
  - {skip: 22h}                                   # the clock goes on, and nobody looks meanwhile
  - {rolled_back: [rollback-web]}                 # webhooks and triggers that were called so far
  - {step: root_cause, note: WHAT SHOWS IT, by: mona}   # of the incident's procedure
  - {approve: customers-began, by: mona}          # the draft that waits and has this in its name
  - {clocks: {root_cause: met, restored: running}}
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import yaml

from infra.local import people, procedures, samples, scenario_typing
from infra.local.engines import EMBEDDED, Engines
from infra.local.platform import Platform
from infra.local.replay import private_platform
from infra.local.samples import Event
from shared import bootstrap, typed
from shared.config.durations import duration
from shared.domain.notifications import LedgerState, Notification
from shared.domain.procedure_clocks import Verdict
from shared.domain.reasons import Notify
from shared.errors import ConfigurationError
from shared.inbound import unwrapped
from shared.ports.store import Query
from shared.usecases.records import INCIDENTS, NOTIFICATIONS, value_of
from shared.usecases.window_notices import Office
from shared.usecases.windows import WindowWish, open_window


class Step(msgspec.Struct, forbid_unknown_fields=True):
    """One line of a scenario; exactly one of its verbs is given."""

    send: str = ""
    file: str = ""
    times: int = 1
    after: str = ""
    expect: list[str] | None = None
    press: str = ""
    acknowledge: bool = False
    key: str = ""
    by: str = ""
    incident: str = ""
    state: str = ""
    window: str = ""
    step: str = ""
    note: str = ""
    type: str = ""
    says: str = ""
    skip: str = ""
    rolled_back: list[str] | None = None
    approve: str = ""
    clocks: dict[str, Verdict] | None = None


class Scenario(msgspec.Struct, forbid_unknown_fields=True):
    """A whole time line."""

    start: datetime
    steps: list[Step]
    config: str = ""


@dataclass
class Result:
    """What happened, line by line; `passed` is False from the first difference on."""

    lines: list[str] = field(default_factory=list)
    passed: bool = True

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"passed": self.passed, "steps": self.lines}

    def fail(self, line: str) -> None:
        """Note a difference."""
        self.passed = False
        self.lines.append(f"FAIL {line}")


EVENTS = {
    "crash_velocity": lambda at: samples.crash(
        at, "velocityAlert", issue="s1", title="CheckoutViewModel.kt line 88", crashCount="132", crashPercentage=12.4
    ),
    "new_crash": lambda at: samples.crash(at, "newFatalIssue", issue="s2", title="SellForm.kt line 12"),
    "slow_page": lambda at: samples.slow_page(at, "https://souk-el-sayarat.example/", seconds=2.4),
    "server_error": lambda at: samples.request_log(at, "orders-api", 500, seq=int(at.timestamp() * 1000)),
    "outage": lambda at: samples.uptime_incident(at, name="0.scenario"),
    "outage_over": lambda at: samples.uptime_incident(at - timedelta(minutes=30), name="0.scenario", ended=at),
    "key_created": lambda at: samples.audit(
        at, "iam.googleapis.com", "google.iam.admin.v1.CreateServiceAccountKey", "projects/-/serviceAccounts/9"
    ),
    "request_200": lambda at: samples.request_log(at, "web", 200),
}


def read(path: Path) -> Scenario:
    """A scenario file; raises ConfigurationError with what is wrong."""
    try:
        return typed.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Scenario)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path.name}: {error}") from error


def play(scenario: Scenario, *, engines: Engines = EMBEDDED) -> Result:
    """Play it on a platform of its own."""
    result = Result()
    folder = Path(scenario.config) if scenario.config else None
    with private_platform(folder, at=scenario.start.astimezone(UTC), engines=engines) as platform:
        told: set[str] = set()
        for step in scenario.steps:
            _take(step, platform, result, told)
        left = _new(told)
        if left:
            result.fail(f"not expected: {', '.join(sorted(left.elements()))}")
    return result


def _take(step: Step, platform: Platform, result: Result, told: set[str]) -> None:
    now = platform.clock.now()
    if step.after:
        platform.advance(duration(step.after))
        result.lines.append(f"{platform.clock.now():%H:%M:%S}  {step.after} later")
    elif step.expect is not None:
        _compare(step.expect, _new(told), result, now)
    elif step.send or step.file:
        for _ in range(step.times):
            event = _event(step, platform.clock.now())
            platform.call(event.function, event.body, event.headers)
        platform.settle()
        result.lines.append(f"{now:%H:%M:%S}  {step.send or step.file}" + (f" x{step.times}" if step.times > 1 else ""))
    elif step.acknowledge or step.press or step.key:
        _act(step, platform, result, now)
    elif step.window:
        _open_window(step, platform, result)
    elif step.step or step.approve or step.clocks is not None:
        _proceed(step, platform, result, now)
    elif step.type or step.skip or step.rolled_back is not None:
        _type(step, platform, result)
    elif step.state:
        _check_state(step, result, now)


def _event(step: Step, at: datetime) -> Event:
    if step.file:
        request = unwrapped.wrap(Path(step.file).read_bytes())
        return Event(request.function, dict(request.headers), request.body)
    if step.send not in EVENTS:
        raise ConfigurationError(f"there is no event {step.send!r}; known are {', '.join(sorted(EVENTS))}")
    return EVENTS[step.send](at)


def _act(step: Step, platform: Platform, result: Result, now: datetime) -> None:
    name = _newest(step.incident)
    if step.key:
        people.press_key(platform, step.key, person=step.by)
    elif step.press:
        people.press(platform, step.press, name, person=step.by)
    else:
        people.open_link(platform, name, person=step.by)
    platform.settle()
    result.lines.append(f"{now:%H:%M:%S}  {step.by} {step.press or step.key or 'acknowledges by link'}")


def _open_window(step: Step, platform: Platform, result: Result) -> None:
    now = platform.clock.now()
    wish = WindowWish(now, now + duration(step.window), "a scenario's", step.by, emergency=True)
    made = open_window(wish, office=_office(), now=now)
    if made.window is None:
        raise ConfigurationError(made.refused)
    platform.settle()
    result.lines.append(f"{now:%H:%M:%S}  {step.by} opens a maintenance window of {step.window}")


def _type(step: Step, platform: Platform, result: Result) -> None:
    now = f"{platform.clock.now():%H:%M:%S}"
    if step.skip:
        scenario_typing.skip(platform, step.skip)
        result.lines.append(f"{platform.clock.now():%H:%M:%S}  {step.skip} later, and nobody looked meanwhile")
    elif step.rolled_back is not None:
        found = scenario_typing.rolled_back(platform)
        told = result.lines.append if found == step.rolled_back else result.fail
        told(f"{now}  rolled back: {', '.join(found) or 'nothing'}")
    else:
        answer = scenario_typing.typed(platform, step.type, person=step.by)
        told = result.lines.append if step.says in answer else result.fail
        told(f"{now}  {step.by} types {step.type} and is told {answer.splitlines()[0] if answer else 'nothing'}")


def _office() -> Office:
    return Office(bootstrap.config(), bootstrap.state(), bootstrap.publisher())


def _check_state(step: Step, result: Result, now: datetime) -> None:
    found = bootstrap.state().get(INCIDENTS, _newest(step.incident))
    state = str(found.body["state"]) if found else "unknown"
    if state != step.state:
        result.fail(f"{now:%H:%M:%S}  the incident is {state}, not {step.state}")
    else:
        result.lines.append(f"{now:%H:%M:%S}  the incident is {state}")


def _newest(alert_type: str) -> str:
    rows = bootstrap.state().find(Query(INCIDENTS, order_by="opened_at", newest_first=True))
    found = next((row.id for row in rows if alert_type in {"", row.body["alert_type"]}), None)
    if found is None:
        raise ConfigurationError(f"no incident {alert_type} was opened")
    return found


def _proceed(step: Step, platform: Platform, result: Result, now: datetime) -> None:
    if step.clocks is not None:
        return _check_clocks(step.clocks, _newest(step.incident), result, now)
    line = procedures.step_done(step, _newest(step.incident)) if step.step else procedures.approved(step, platform)
    platform.settle()
    result.lines.append(f"{now:%H:%M:%S}  {line}")
    return None


def _check_clocks(expected: dict[str, Verdict], incident: str, result: Result, now: datetime) -> None:
    """Show every clock of the incident's procedures, and compare those that are named."""
    shown, found = procedures.clocks_of(incident, now)
    result.lines += [f"{now:%H:%M:%S}  {line}" for line in shown]
    for name, verdict in expected.items():
        if found.get(name) is not verdict:
            result.fail(f"{now:%H:%M:%S}  the clock of {name} is {found.get(name, 'not there')}, not {verdict}")


def _new(told: set[str]) -> Counter[str]:
    """What was sent since the last look, as "channel recipient"; updates of a living message tell nobody anew."""
    quiet = {Notify.UPDATED, Notify.ACKNOWLEDGED}
    rows = [
        value_of(d, Notification)
        for d in bootstrap.state().find(Query(NOTIFICATIONS, order_by="planned_at", limit=9_999))
    ]
    sent = {LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ}
    fresh = [row for row in rows if row.state in sent and row.id not in told and row.reason not in quiet]
    told.update(row.id for row in fresh)
    return Counter(_told(row) for row in fresh)


def _told(row: Notification) -> str:
    """How a scenario writes a message; a diagnosis is told apart, because it comes by itself."""
    what = "diagnosis" if row.reason is Notify.DIAGNOSED else row.channel
    return f"{what} {row.recipient.removeprefix('slack:')}"


def _compare(expected: list[str], found: Counter[str], result: Result, now: datetime) -> None:
    wanted = Counter(expected)
    missing, surplus = wanted - found, found - wanted
    if missing:
        result.fail(f"{now:%H:%M:%S}  missing: {', '.join(sorted(missing.elements()))}")
    if surplus:
        result.fail(f"{now:%H:%M:%S}  not expected: {', '.join(sorted(surplus.elements()))}")
    if not missing and not surplus:
        result.lines.append(f"{now:%H:%M:%S}  as expected: {', '.join(sorted(wanted.elements())) or 'silence'}")

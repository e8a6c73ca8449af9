"""Our side: the whole platform on its durable engines, and the decision alone."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import requests

from infra.local import samples
from infra.local.peers.sink import Sink
from infra.local.permitted import PermittedPublisher
from infra.local.platform import Platform
from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.config.loader import load
from shared.domain.configuration import Configuration
from shared.domain.escalation import Policy
from shared.domain.grouping import Circumstances, Verdict, absorb
from shared.domain.incidents import Incident
from shared.domain.notifications import Channel
from shared.domain.reasons import Notify
from shared.domain.rules import matching
from shared.domain.signals import Signal
from shared.inbound import envelopes, firebase_alerts
from shared.ports.store import Put
from shared.rendering.slack import incident_message
from shared.rendering.view import IncidentView
from shared.usecases.records import INCIDENTS, body_of

CHANNEL = "slack:incidents"
NO_TIME = timedelta(0)  # in which no number of incidents is a storm, and none is read to count them
BATCH = 500
HOUR = timedelta(hours=1)
GIVE_UP_SECONDS = 30.0
LONGEST = timedelta(minutes=1)


def calm() -> Configuration:
    """The shipped configuration, telling one Slack channel alone, in which any number of crashes is no storm.

    One message for each crash, as Alertmanager's one webhook: mails and texts to people would be measured with it.
    """
    shipped = load()
    rules = tuple(replace(rule, channels=(Channel.SLACK,)) for rule in shipped.event_rules)
    policies = {name: _slack_alone(policy) for name, policy in shipped.policies.items()}
    limits = replace(shipped.limits, storm_window=NO_TIME, rate_caps={})
    noise = replace(shipped.noise, quiet_hours=None)
    return replace(shipped, event_rules=rules, policies=policies, limits=limits, noise=noise)


def _slack_alone(policy: Policy) -> Policy:
    return replace(policy, steps=tuple(replace(step, targets=(CHANNEL,)) for step in policy.steps), last_resort=())


def crash(name: str, at: datetime) -> samples.Event:
    """A new crash as Firebase reports it; its title is the probe's name."""
    return samples.crash(at, "newFatalIssue", issue=name, title=name)


class Whole:
    """The platform, as one who sends crashes sees it."""

    def __init__(self, platform: Platform) -> None:
        self._platform, self._session = platform, requests.Session()

    def settle(self) -> None:
        """Wait until everything about the crashes so far has been told and done."""
        if not self._platform.wait_until_quiet(LONGEST):
            raise TimeoutError(f"the platform is busy after {LONGEST}")

    def post(self, name: str) -> None:
        """One crash."""
        event = crash(name, self._platform.clock.now())
        url = f"{self._platform.url}/functions/{event.function}/"
        answer = self._session.post(url, data=event.body, headers=event.headers, timeout=GIVE_UP_SECONDS)
        answer.raise_for_status()


@contextmanager
def whole(sink: Sink, *, already_open: int) -> Iterator[Whole]:
    """The platform on its durable engines, with so many open incidents and the sink as its Slack."""
    with tempfile.TemporaryDirectory(prefix="soukmon-peers-") as folder:
        platform = Platform(Path(folder), configuration=calm())
        topics = {name: one.publishes for name, one in platform.functions.items()}
        bootstrap.install(
            replace(platform.settings, slack_url=f"{sink.url}/"),
            clock=platform.clock,
            configuration=bootstrap.config(),
            publisher=PermittedPublisher(platform.bus, topics),
            warehouse=bootstrap.warehouse(),
        )
        _fill(already_open)
        platform.run()
        try:
            yield Whole(platform)
        finally:
            platform.close()


def _fill(count: int) -> None:
    incident = decided(read(crash("probe-0-0", SystemClock().now())), bootstrap.config(), None).incident
    if incident is None:
        raise LookupError("no rule opens an incident for a crash")
    old = replace(incident, opened_at=incident.opened_at - HOUR, due_at=None)
    rows = [Put(INCIDENTS, f"INC-{n}", body_of(replace(old, id=f"INC-{n}"))) for n in range(count)]
    for start in range(0, count, BATCH):
        bootstrap.state().commit(rows[start : start + BATCH])


def read(event: samples.Event) -> Signal:
    """The bytes of a crash as a signal."""
    parsed = firebase_alerts.parse(envelopes.read(event.headers, event.body), now=SystemClock().now())
    if not isinstance(parsed, Signal):
        raise TypeError("a crash is a signal")
    return parsed


def decided(signal: Signal, config: Configuration, current: Incident | None) -> Verdict:
    """What a signal means for the incident it belongs to, without a store."""
    rule = matching(config.event_rules, signal)
    if rule is None:
        raise LookupError("no rule accepts a crash")
    policies = {severity: config.policies[promise.policy] for severity, promise in config.promises.items()}
    return absorb(signal, current, Circumstances(rule, policies, config.limits.reopen_window, SystemClock().now()))


def rendered(event: samples.Event, config: Configuration) -> None:
    """Read a crash, decide about it, and write its Slack message."""
    incident = decided(read(event), config, None).incident
    if incident is not None:
        incident_message(IncidentView(incident, SystemClock().now()), reason=Notify.FIRST)


def grouped(events: Iterable[samples.Event], config: Configuration) -> dict[str, Incident]:
    """All events read and decided about, each in the incident of its fingerprint."""
    known: dict[str, Incident] = {}
    for event in events:
        signal = read(event)
        incident = decided(signal, config, known.get(signal.fingerprint)).incident
        if incident is not None:
            known[signal.fingerprint] = incident
    return known

"""The whole configuration as one immutable value: what the YAML files of `shared/config` say, already checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from shared.domain.escalation import Policy
from shared.domain.oncall import Directory
from shared.domain.rules import EventRule, MetricRule
from shared.domain.severities import Severity, SeverityPromise


@dataclass(frozen=True, slots=True)
class RateCap:
    """At most `messages` to one recipient on one channel within `window`."""

    messages: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that keep the system calm; every one of them can be set in channels.yaml."""

    max_age: timedelta = timedelta(hours=6)
    reopen_window: timedelta = timedelta(minutes=30)
    storm_incidents: int = 10
    storm_window: timedelta = timedelta(minutes=1)
    send_lease: timedelta = timedelta(seconds=60)
    send_attempts: int = 6
    link_lifetime: timedelta = timedelta(hours=24)
    rate_caps: Mapping[str, RateCap] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SupportChannel:
    """A way customers reach the team: how fast it answers, resolves and escalates, and when it is open."""

    name: str
    address: str
    respond_within: timedelta
    resolve_within: timedelta
    escalate_after: timedelta | None = None
    hours: str = "24/7"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything the decisions need. `slack_channels` maps our names ("incidents") to Slack channel ids."""

    metric_rules: tuple[MetricRule, ...]
    event_rules: tuple[EventRule, ...]
    promises: Mapping[Severity, SeverityPromise]
    policies: Mapping[str, Policy]
    directory: Directory
    slack_channels: Mapping[str, str]
    email_from: str
    runbooks: Mapping[str, str] = field(default_factory=dict)
    support: tuple[SupportChannel, ...] = ()
    limits: Limits = Limits()
    demo_contacts: bool = False

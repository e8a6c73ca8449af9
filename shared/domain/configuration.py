"""The whole configuration as one immutable value: what the YAML files of `shared/config` say, already checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fnmatch import fnmatchcase

from shared.domain.audits import AuditPlan
from shared.domain.backups import BackupRules
from shared.domain.baselines import Season
from shared.domain.changes import Service
from shared.domain.countries import Country
from shared.domain.diagnoses import Diagnostics
from shared.domain.escalation import Policy
from shared.domain.game_day import drill_channels, drill_rule
from shared.domain.jobs import JobPlan
from shared.domain.maintenance_plan import MaintenancePlan
from shared.domain.metrics import Metric, Source
from shared.domain.noise import Noise
from shared.domain.oncall import Directory
from shared.domain.post_mortems import PostMortemRules
from shared.domain.procedures import Procedures
from shared.domain.report_plans import Reporting
from shared.domain.restricted import ResponseTeam
from shared.domain.retention import RetentionClass
from shared.domain.rules import METRIC_SOURCE, EventRule, MetricRule, as_event_rule, matching
from shared.domain.security_plan import SecurityPlan
from shared.domain.severities import Severity, SeverityPromise
from shared.domain.signals import TEST_SOURCE, Signal
from shared.domain.spending import Budget
from shared.domain.status import StatusPage


@dataclass(frozen=True, slots=True)
class RateCap:
    """At most `messages` to one recipient on one channel within `window`; several of them hold together."""

    messages: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that keep the system calm; every one of them can be set in channels.yaml."""

    max_age: timedelta = timedelta(hours=6)
    reopen_window: timedelta = timedelta(minutes=30)
    reopen_by_hand_within: timedelta = timedelta(days=1)
    close_after: timedelta = timedelta(days=3)
    storm_incidents: int = 10
    storm_window: timedelta = timedelta(minutes=1)
    send_lease: timedelta = timedelta(seconds=60)
    send_attempts: int = 6
    link_lifetime: timedelta = timedelta(hours=24)
    query_bytes: int = 1_000_000_000
    rate_caps: Mapping[str, tuple[RateCap, ...]] = field(default_factory=dict)
    sms_budget: Budget | None = None


SUPPORT_POLICY = "support_"  # and the channel's name: its chain in escalation.yaml


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
    """Everything the decisions need. `slack_channels` maps our names ("incidents") to Slack channel ids.

    `auditor` lists the targets ("person:...", "team:...") who are told past all of this when it fails.
    """

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
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    seasons: tuple[Season, ...] = ()
    countries: Mapping[str, Country] = field(default_factory=dict)
    auditor: tuple[str, ...] = ()
    noise: Noise = field(default_factory=Noise)
    procedures: Procedures = field(default_factory=Procedures)
    maintenance: MaintenancePlan = field(default_factory=MaintenancePlan)
    diagnostics: Diagnostics = field(default_factory=Diagnostics)
    services: tuple[Service, ...] = ()
    status: StatusPage = field(default_factory=StatusPage)
    post_mortems: PostMortemRules = field(default_factory=PostMortemRules)
    response_team: ResponseTeam = field(default_factory=ResponseTeam)
    reporting: Reporting = field(default_factory=Reporting)
    jobs: tuple[JobPlan, ...] = ()
    audit: AuditPlan = field(default_factory=AuditPlan)
    retention: tuple[RetentionClass, ...] = ()
    security: SecurityPlan = field(default_factory=SecurityPlan)
    backups: BackupRules = field(default_factory=BackupRules)

    def rule_for(self, signal: Signal) -> EventRule | None:
        """The rule that says what the signal means; one of our own evaluation names its rule itself."""
        if signal.source == TEST_SOURCE:
            return self._rehearsed(signal.labels.get("rule", ""))
        if signal.source == METRIC_SOURCE:
            named = next((rule for rule in self.metric_rules if rule.name == signal.labels.get("rule")), None)
            return None if named is None else as_event_rule(named)
        return matching(self.event_rules, signal)

    def promises_for(self, rule: EventRule) -> Mapping[Severity, SeverityPromise]:
        """What each severity promises; a request to a support channel is promised what the channel promises."""
        named = rule.policy.removeprefix(SUPPORT_POLICY)
        channel = next((one for one in self.support if named != rule.policy and one.name == named), None)
        if channel is None:
            return self.promises
        answer, end = channel.respond_within, channel.resolve_within
        return {
            severity: replace(promise, acknowledge_within=answer, resolve_within=end)
            for severity, promise in self.promises.items()
        }

    def _rehearsed(self, name: str) -> EventRule:
        """The rule of that name whatever it matches, else the game day's own."""
        told = next((rule for rule in self.event_rules if rule.name == name), None)
        measured = next((rule for rule in self.metric_rules if rule.name == name), None)
        if measured is not None:
            return replace(as_event_rule(measured), severity=measured.severity)
        return told or drill_rule(drill_channels(self.directory, self.slack_channels))

    def promised(self, rule: str, severity: Severity) -> SeverityPromise:
        """What an incident of the rule of this name is promised; one whose rule is gone, what its severity is."""
        found = next((one for one in self.event_rules if one.name == rule), None)
        return (self.promises if found is None else self.promises_for(found))[severity]

    def touched_by(self, signal: Signal) -> frozenset[str]:
        """The metrics that the signal's kind of event may change."""
        return frozenset(
            metric.name
            for metric in self.metrics.values()
            if any(fnmatchcase(signal.alert_type, pattern) for pattern in metric.touched_by)
        )

    def rules_about(self, metric: str) -> tuple[str, ...]:
        """The rules that watch the metric, or another figure of the same points, and those of events that touch it."""
        found = self.metrics.get(metric)
        if found is None:
            return ()
        watched = {one.name for one in self.metrics.values() if one.points == found.points}
        touching = [pattern for name in watched for pattern in self.metrics[name].touched_by]
        measured = (rule.name for rule in self.metric_rules if rule.metric in watched)
        of_events = (
            rule.name
            for rule in self.event_rules
            if any(fnmatchcase(kind, pattern) for kind in rule.match.alert_types for pattern in touching)
        )
        return (*measured, *of_events)

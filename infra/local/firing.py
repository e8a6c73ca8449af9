"""A made-up event that a rule accepts, through the real functions: on a private platform, or on a running one."""

from datetime import datetime
from pathlib import Path
from typing import Any

from infra.local.platform import Platform
from infra.local.replay import QUIET_AFTER, private_platform
from infra.local.samples import published
from shared import bootstrap
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.domain.rules import METRIC_SOURCE, EventRule, MetricRule
from shared.domain.signals import Signal, digest
from shared.usecases.records import GROUPS, body_of, notifications_of, read_incident

OURS = "soukmon"


def chosen(config: Configuration, rule: str) -> EventRule | MetricRule:
    """The rule of that name. Raises LookupError naming the rules that there are."""
    rules: list[EventRule | MetricRule] = [*config.event_rules, *config.metric_rules]
    found = next((one for one in rules if one.name == rule), None)
    if found is None:
        raise LookupError(f"there is no rule {rule!r}; {one_of((one.name for one in rules), rule)}")
    return found


def made_up(config: Configuration, rule: str, now: datetime) -> Signal:
    """A signal that this rule decides about. Raises LookupError for a rule that is not there, or is never reached."""
    one = chosen(config, rule)
    signal = _of_metric(one, now) if isinstance(one, MetricRule) else _of_event(one, now)
    decides = config.rule_for(signal)
    if decides is None or decides.name != rule:
        other = decides.name if decides else "none"
        raise LookupError(f"no event can be made up for {rule}: {other} comes before it in rules.yaml and decides")
    return signal


def fire(rule: str, *, config_dir: Path | None = None) -> dict[str, Any]:
    """Who is told, how, and what the incident looks like. Raises LookupError for a rule that does not exist."""
    with private_platform(config_dir) as platform:
        found = fired(platform, rule)
        rows = notifications_of(bootstrap.state(), found.id) if found else []
        return {
            "rule": rule,
            "severity": str(found.severity) if found else None,
            "incident": found.id if found else None,
            "notifications": [
                {"channel": str(r.channel), "recipient": r.recipient, "step": r.step, "state": str(r.state)}
                for r in rows
            ],
        }


def fired(platform: Platform, rule: str) -> Incident | None:
    """The incident that a made-up event of the rule opens, once everybody was told. Raises as `made_up` does."""
    signal = made_up(bootstrap.config(), rule, platform.clock.now())
    send(platform, signal)
    platform.advance(QUIET_AFTER)
    return incident_of(signal)


def send(platform: Platform, signal: Signal) -> None:
    """Hand the signal to the function that decides, as its topic would, and carry what follows."""
    event = published(signal.received_at, body_of(signal), "handle_signal")
    platform.call("handle_signal", event.body, event.headers)
    platform.drain()


def incident_of(signal: Signal) -> Incident | None:
    """The incident that the signal opened, as it is now."""
    group = bootstrap.state().get(GROUPS, signal.fingerprint)
    found = read_incident(bootstrap.state(), str(group.body["incident"])) if group else None
    return found[0] if found else None


def _of_event(rule: EventRule, now: datetime) -> Signal:
    alert_type = rule.match.alert_types[0].replace("*", "test")
    return Signal(
        event_id=digest("fire", rule.name, now.isoformat()),
        fingerprint=digest("fire", rule.name),
        key=rule.name,
        alert_type=alert_type,
        source=OURS if alert_type.startswith(f"{OURS}.") else "rehearsal",
        service="web",
        title=f"{rule.name} (made up)",
        summary="Made up to see who would be told.",
        occurred_at=now,
        received_at=now,
        labels=dict(rule.match.labels),
        severity=rule.severity,
    )


def _of_metric(rule: MetricRule, now: datetime) -> Signal:
    return Signal(
        event_id=digest("fire", rule.name, now.isoformat()),
        fingerprint=digest("fire", rule.name),
        key=rule.name,
        alert_type=f"rule.{rule.name}",
        source=METRIC_SOURCE,
        service=rule.service,
        title=f"{rule.name} (made up)",
        summary="Made up to see who would be told.",
        occurred_at=now,
        received_at=now,
        labels={"rule": rule.name, "metric": rule.metric},
        severity=rule.severity,
    )

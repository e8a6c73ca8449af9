"""A test-fire: a made-up event that the rule accepts, through the real functions, to the sandbox."""

from typing import Any

from infra.local.replay import QUIET_AFTER, private_platform
from infra.local.samples import published
from shared import bootstrap
from shared.domain.rules import EventRule, Match, MetricRule
from shared.domain.signals import Signal, digest
from shared.usecases.records import GROUPS, body_of, notifications_of, read_incident


def fire(rule: str) -> dict[str, Any]:
    """Who is told, how, and what the incident looks like. Raises LookupError for a rule that does not exist."""
    with private_platform() as platform:
        config = bootstrap.config()
        rules: list[EventRule | MetricRule] = [*config.event_rules, *config.metric_rules]
        chosen = next((r for r in rules if r.name == rule), None)
        if chosen is None:
            names = ", ".join(r.name for r in rules)
            raise LookupError(f"there is no rule {rule!r}; known are {names}")
        match = getattr(chosen, "match", Match((f"metric.{rule}",)))
        now = platform.clock.now()
        signal = Signal(
            event_id=digest("fire", rule, now.isoformat()),
            fingerprint=digest("fire", rule),
            key=rule,
            alert_type=match.alert_types[0].replace("*", "test"),
            source="test",
            service=getattr(chosen, "service", "test"),
            title=f"TEST of rule {rule}: nothing is wrong",
            summary="Somebody ran soukmon fire.",
            occurred_at=now,
            received_at=now,
            labels=dict(match.labels),
            severity=chosen.severity,
        )
        event = published(now, body_of(signal), "handle_signal")
        platform.call("handle_signal", event.body, event.headers)
        platform.drain()
        platform.advance(QUIET_AFTER)
        group = bootstrap.state().get(GROUPS, signal.fingerprint)
        found = read_incident(bootstrap.state(), str(group.body["incident"])) if group else None
        if found is None:
            return {"rule": rule, "incident": None, "notifications": []}
        rows = notifications_of(bootstrap.state(), found[0].id)
        return {
            "rule": rule,
            "severity": str(found[0].severity),
            "incident": found[0].id,
            "notifications": [
                {"channel": str(r.channel), "recipient": r.recipient, "step": r.step, "state": str(r.state)}
                for r in rows
            ],
        }

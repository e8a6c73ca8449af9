"""Support channels: somebody hears when a customer gets no answer in the time that the channel promises."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from shared.config.durations import spelled
from shared.config.faults import Finding, Level, Path
from shared.domain.configuration import Configuration, SupportChannel
from shared.domain.escalation import Policy
from shared.domain.rules import EventRule, matching
from shared.domain.signals import Signal
from shared.domain.support import open_hours

FILE = "escalation.yaml"


def support_findings(configuration: Configuration) -> Iterator[Finding]:
    """A support channel's policy keeps what the channel promises; without one a request goes by its severity's."""
    for channel in configuration.support:
        rule = _support_rule(channel.name, configuration)
        policy = configuration.policies.get(rule.policy) if rule else None
        if policy is not None:
            yield from _kept(channel, policy)


def _kept(channel: SupportChannel, policy: Policy) -> Iterator[Finding]:
    if policy.hours != open_hours(channel.hours):
        what = f"{channel.name} is open {channel.hours}, and its policy's clock runs otherwise"
        yield Finding(Level.ERROR, FILE, ("policies", policy.name, "hours"), what, f'write hours: "{channel.hours}"')
    if len(policy.steps) < 2:  # noqa: PLR2004 - a promise of an answer needs a second step
        what = f"nobody hears when a customer gets no answer by {channel.name}"
        yield Finding(Level.ERROR, FILE, ("policies", policy.name), what, "add a second step")
        return
    path: Path = ("policies", policy.name, "steps", 1, "after")
    if policy.steps[1].after != channel.respond_within:
        what = (
            f"{channel.name} promises an answer within {spelled(channel.respond_within)}, and this step waits otherwise"
        )
        yield Finding(Level.ERROR, FILE, path, what, f"write after: {spelled(channel.respond_within)}")
    number = next((n for n, step in enumerate(policy.steps) if step.level > policy.steps[0].level), 0)
    escalates = sum((step.after for step in policy.steps[1 : number + 1]), timedelta(0))
    if channel.escalate_after is not None and escalates != channel.escalate_after:
        promised, kept = spelled(channel.escalate_after), spelled(escalates)
        what = f"{channel.name} escalates after {promised}, and level 2 is told after {kept}"
        yield Finding(Level.ERROR, FILE, ("policies", policy.name, "steps", number), what, "make both the same")


def _support_rule(channel: str, configuration: Configuration) -> EventRule | None:
    at = datetime.min.replace(tzinfo=UTC)
    signal = Signal("", "", "", f"support.{channel}", "support", "support", "", at, at)
    return matching(configuration.event_rules, signal)

"""What no single file can know about itself: whether the parts of a configuration fit together."""

from collections.abc import Iterator

from shared.config.audiences import audience_findings
from shared.config.breach_team import breach_findings, breach_placeholders
from shared.config.faults import Finding, Level, Path
from shared.config.maintenance import maintenance_findings
from shared.config.metric_checks import metric_findings
from shared.config.noise_checks import noise_findings
from shared.config.people_checks import people_findings
from shared.config.placeholders import is_demo, is_placeholder
from shared.config.policy_checks import policy_findings
from shared.config.post_mortem_rules import post_mortem_findings
from shared.config.procedure_checks import procedure_findings
from shared.config.reach_checks import reach_findings
from shared.config.rehearsing import rehearsal_findings
from shared.config.reporting import reporting_findings
from shared.config.rule_checks import placed, rule_findings
from shared.config.status_checks import status_findings, unprobed_findings
from shared.config.support_checks import support_findings
from shared.config.system_audit import audit_findings
from shared.domain.configuration import Configuration

EMERGENCY = "emergency_phone"


def findings(configuration: Configuration) -> Iterator[Finding]:
    """Everything that does not fit, errors and warnings, in the order of the files."""
    rules = [*placed("alerts", configuration.metric_rules), *placed("events", configuration.event_rules)]
    yield from rule_findings(rules, runbooks=configuration.runbooks)
    yield from metric_findings(configuration)
    yield from policy_findings(configuration)
    yield from support_findings(configuration)
    yield from people_findings(configuration)
    yield from reach_findings(configuration)
    yield from rehearsal_findings(configuration)
    yield from audience_findings(configuration)
    yield from _channel_findings(configuration)
    yield from noise_findings(configuration)
    yield from procedure_findings(configuration)
    yield from maintenance_findings(configuration)
    yield from status_findings(configuration)
    yield from breach_findings(configuration)
    yield from post_mortem_findings(configuration)
    yield from reporting_findings(configuration)
    yield from audit_findings(configuration)


def production_findings(configuration: Configuration) -> Iterator[Finding]:
    """What is fine for a demonstration and must not go into production."""
    if configuration.demo_contacts:
        what, fix = "the contacts are examples and reach nobody", "enter your own people and remove demo_contacts"
        yield Finding(Level.ERROR, "oncall.yaml", ("demo_contacts",), what, fix)
    for index, channel in enumerate(configuration.support):
        if channel.name == EMERGENCY and not channel.address:
            yield _no_emergency_number(Level.ERROR, ("support", index, "address"))
    yield from unprobed_findings(configuration)
    yield from breach_placeholders(configuration)


def _channel_findings(configuration: Configuration) -> Iterator[Finding]:
    sender = configuration.email_from
    if is_placeholder(sender) or (is_demo(sender) and not configuration.demo_contacts):
        what = f"{sender!r} is a placeholder"
        yield Finding(
            Level.ERROR, "channels.yaml", ("email_from",), what, "write the address your mail server sends from"
        )
    for name, channel_id in configuration.slack_channels.items():
        if is_demo(channel_id) and not configuration.demo_contacts:
            what, fix = f"{channel_id!r} is a placeholder", "write the channel's id (channel > About > Channel ID)"
            yield Finding(Level.ERROR, "channels.yaml", ("slack", name), what, fix)
    yield from _support_findings(configuration)


def _support_findings(configuration: Configuration) -> Iterator[Finding]:
    names: set[str] = set()
    for index, channel in enumerate(configuration.support):
        path: Path = ("support", index)
        if channel.name in names:
            what = f"the support channel {channel.name} is there twice"
            yield Finding(Level.ERROR, "channels.yaml", (*path, "name"), what, "keep one of them")
        names.add(channel.name)
        if is_placeholder(channel.address):
            what, fix = f"{channel.address!r} is a placeholder", 'write the real address, or "" until there is one'
            yield Finding(Level.ERROR, "channels.yaml", (*path, "address"), what, fix)
        if channel.name == EMERGENCY and not channel.address:
            yield _no_emergency_number(Level.WARNING, (*path, "address"))


def _no_emergency_number(level: Level, path: Path) -> Finding:
    return Finding(level, "channels.yaml", path, "the emergency phone has no number", 'write it as "+201..."')

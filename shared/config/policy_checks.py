"""Escalation policies: every promise has one, and every target leads to somebody."""

from collections.abc import Iterator

from shared.config.faults import Finding, Level, Path
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.drafts import AUDIENCE
from shared.domain.escalation import Policy
from shared.domain.notifications import GAME_DAY, WAKING
from shared.domain.restricted import RESTRICTED_CHANNEL
from shared.domain.severities import Severity

FILE = "escalation.yaml"


def policy_findings(configuration: Configuration) -> Iterator[Finding]:
    """What does not fit among severities and policies."""
    for severity, promise in configuration.promises.items():
        path: Path = ("severities", severity.value)
        if promise.policy not in configuration.policies:
            what, fix = f"there is no policy {promise.policy}", one_of(configuration.policies, promise.policy)
            yield Finding(Level.ERROR, "severities.yaml", (*path, "policy"), what, fix)
        for index, target in enumerate(promise.tell_when_broken):
            yield from _leads(target, configuration, "severities.yaml", (*path, "tell_when_broken", index))
        if promise.acknowledge_within > promise.resolve_within:
            what = "the acknowledgement is promised later than the resolution"
            yield Finding(
                Level.ERROR,
                "severities.yaml",
                (*path, "acknowledge_within"),
                what,
                "write less than resolve_within",
            )
    for policy in configuration.policies.values():
        yield from _steps(policy, configuration)
    yield from _quiet(configuration)
    yield from _own_policies(configuration)


def _steps(policy: Policy, configuration: Configuration) -> Iterator[Finding]:
    path: Path = ("policies", policy.name)
    if policy.steps[0].after:
        what = "the first step is told when the incident opens, without a wait"
        yield Finding(Level.ERROR, FILE, (*path, "steps", 0, "after"), what, "leave after: out there")
    if not policy.repeat_every:
        what = "repetitions need a pause"
        yield Finding(Level.ERROR, FILE, (*path, "repeat_every"), what, "write 15m or more instead")
    for where, target in _targets(policy):
        yield from _leads(target, configuration, FILE, (*path, *where))


def _leads(target: str, configuration: Configuration, file: str, path: Path) -> Iterator[Finding]:
    unknown = _unknown(target, configuration)
    if unknown:
        what, known = unknown
        fix = one_of(known, target) if known else "define it first, in oncall.yaml or channels.yaml"
        yield Finding(Level.ERROR, file, path, what, fix)


def _targets(policy: Policy) -> Iterator[tuple[Path, str]]:
    for number, step in enumerate(policy.steps):
        for index, target in enumerate(step.targets):
            yield ("steps", number, "targets", index), target
    for index, target in enumerate(policy.last_resort):
        yield ("last_resort", index), target


def _unknown(target: str, configuration: Configuration) -> tuple[str, list[str]] | None:
    kind, _, name = target.partition("@")[0].partition(":")
    directory = configuration.directory
    known = {
        "oncall": directory.rotations,
        "team": directory.teams,
        "person": directory.people,
        "slack": configuration.slack_channels,
    }[kind]
    # Who is there for rehearsals answers nothing else, people outside hear nothing that nobody has approved, and in the
    # channel for breaches nothing else is told.
    real = [one for one in known if one not in {GAME_DAY, RESTRICTED_CHANNEL} and not one.startswith(AUDIENCE)]
    return None if name in real else (f"{target!r} leads nowhere", [f"{kind}:{other}" for other in real])


def _own_policies(configuration: Configuration) -> Iterator[Finding]:
    """A rule that names its policy names one that there is."""
    for index, rule in enumerate(configuration.event_rules):
        if rule.policy and rule.policy not in configuration.policies:
            what, fix = f"there is no policy {rule.policy}", one_of(configuration.policies, rule.policy)
            yield Finding(Level.ERROR, "rules.yaml", ("events", index, "policy"), what, fix)


def _quiet(configuration: Configuration) -> Iterator[Finding]:
    """Nobody's telephone rings for something harmless, whatever channels the rule has."""
    policy = configuration.policies.get(configuration.promises[Severity.LOW].policy)
    for number, step in enumerate(policy.steps if policy else ()):
        path: Path = ("policies", policy.name if policy else "", "steps", number)
        named = {target.partition("@")[2] for target in step.targets}
        if named & WAKING or WAKING & {*step.channels}:
            what = "the low severity must neither send text messages nor call"
            yield Finding(Level.ERROR, FILE, path, what, "take sms and voice out, such as channels: [email]")

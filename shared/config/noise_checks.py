"""What waits for what: matchers that match something, inhibitions that mute others and not themselves."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from shared.config.faults import Finding, Level, Path
from shared.domain.configuration import Configuration
from shared.domain.inhibitions import Inhibition
from shared.domain.matchers import Matcher
from shared.domain.rules import METRIC_SOURCE

FILE = "noise.yaml"


def noise_findings(configuration: Configuration) -> Iterator[Finding]:
    """What does not fit in noise.yaml."""
    rules = list(_known(configuration))
    for index, inhibition in enumerate(configuration.noise.inhibitions):
        yield from _inhibition(inhibition, ("inhibitions", index), rules)
    names: set[str] = set()
    for index, inhibition in enumerate(configuration.noise.inhibitions):
        if inhibition.name in names:
            what = f"the name {inhibition.name} is there twice"
            yield Finding(Level.ERROR, FILE, ("inhibitions", index, "name"), what, "give every one its own name")
        names.add(inhibition.name)
    for index, pattern in enumerate(configuration.noise.break_through):
        if not any(fnmatchcase(rule["alert_type"], pattern) or _overlap(rule["alert_type"], pattern) for rule in rules):
            what = f"no rule is about {pattern!r}"
            yield Finding(Level.ERROR, FILE, ("break_through", index), what, "write a type that rules.yaml names")


def _known(configuration: Configuration) -> Iterator[Mapping[str, str]]:
    """The labels that are certain of what each rule makes; a pattern stands for its types."""
    for rule in configuration.metric_rules:
        yield {"rule": rule.name, "alert_type": f"rule.{rule.name}", "service": rule.service, "source": METRIC_SOURCE}
    for event in configuration.event_rules:
        for alert_type in event.match.alert_types:
            yield {"rule": event.name, "alert_type": alert_type}


def _inhibition(inhibition: Inhibition, path: Path, rules: list[Mapping[str, str]]) -> Iterator[Finding]:
    for side, matchers in (("source", inhibition.source), ("target", inhibition.target)):
        if not any(_may_fit(matchers, rule) for rule in rules):
            what = f"no rule makes anything that fits the {side} of {inhibition.name}"
            yield Finding(Level.ERROR, FILE, (*path, side), what, "name a rule or a type that rules.yaml has")
    both = [rule for rule in rules if all(_may_fit(side, rule) for side in (inhibition.source, inhibition.target))]
    if both and len(both) == sum(_may_fit(inhibition.target, rule) for rule in rules):
        what = f"everything that {inhibition.name} would mute is a source of it, and sources are never muted"
        yield Finding(Level.ERROR, FILE, (*path, "target"), what, "name other rules in the target than in the source")


def _may_fit(matchers: tuple[Matcher, ...], known: Mapping[str, str]) -> bool:
    """True unless something that is certain of the rule speaks against it."""
    return all(_may_accept(matcher, known) for matcher in matchers)


def _may_accept(matcher: Matcher, known: Mapping[str, str]) -> bool:
    value = known.get(matcher.name)
    if value is None or "*" in value:
        return True
    return matcher.accepts(known)


def _overlap(known: str, pattern: str) -> bool:
    """True when two shell patterns that end in "*" have types in common."""
    return "*" in known and fnmatchcase(pattern, known)

"""What waits for what: matchers that match something, inhibitions that mute others and not themselves."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from shared.config.faults import Finding, Level, Path
from shared.config.suggesting import nearest, one_of
from shared.domain.configuration import Configuration
from shared.domain.inhibitions import Inhibition
from shared.domain.matchers import Matcher, Operator
from shared.domain.rules import METRIC_SOURCE

FILE = "noise.yaml"
ANYTHING = "*"

Known = Mapping[str, str]


def noise_findings(configuration: Configuration) -> Iterator[Finding]:
    """What does not fit in noise.yaml."""
    known, names = list(certain_labels(configuration)), set[str]()
    for index, inhibition in enumerate(configuration.noise.inhibitions):
        path: Path = ("inhibitions", index)
        yield from _inhibition(inhibition, path, known)
        if inhibition.name in names:
            what, fix = f"the name {inhibition.name} is there twice", f"rename one, such as {inhibition.name}_2"
            yield Finding(Level.ERROR, FILE, (*path, "name"), what, fix)
        names.add(inhibition.name)
    for index, pattern in enumerate(configuration.noise.break_through):
        if not any(_overlap(one["alert_type"], pattern) for one in known):
            what, fix = f"no rule is about {pattern!r}", one_of(sorted({one["alert_type"] for one in known}), pattern)
            yield Finding(Level.ERROR, FILE, ("break_through", index), what, fix)


def certain_labels(configuration: Configuration) -> Iterator[Known]:
    """What is certain of whatever each rule makes; a type may be a pattern. The rule for anything says nothing."""
    for rule in configuration.metric_rules:
        yield {"rule": rule.name, "alert_type": f"rule.{rule.name}", "service": rule.service, "source": METRIC_SOURCE}
    for event in configuration.event_rules:
        for alert_type in event.match.alert_types:
            if alert_type != ANYTHING:
                yield {**event.match.labels, "rule": event.name, "alert_type": alert_type}


def _inhibition(inhibition: Inhibition, path: Path, known: list[Known]) -> Iterator[Finding]:
    sides = {"source": inhibition.source, "target": inhibition.target}
    fitting = {side: [one for one in known if may_fit(matchers, one)] for side, matchers in sides.items()}
    for side, found in fitting.items():
        if not found:
            what = f"no rule makes anything that fits the {side} of {inhibition.name}"
            yield Finding(Level.ERROR, FILE, (*path, side), what, meant(sides[side], known))
    if fitting["target"] and all(one in fitting["source"] for one in fitting["target"]):
        what = f"everything that {inhibition.name} would mute is a source of it, and sources are never muted"
        yield Finding(Level.ERROR, FILE, (*path, "target"), what, "name others in the target than in the source")


def meant(matchers: tuple[Matcher, ...], known: Iterable[Known]) -> str:
    """How to write matchers that fit something: the names and types nearest to theirs, if any is near."""
    labels = list(known)
    near = {m.name: nearest(m.value, {one[m.name] for one in labels if m.name in one}) for m in matchers}
    named = " and ".join(f'{name}="{value}"' for name, value in near.items() if value)
    fix = "name a rule or a type that rules.yaml has"
    return f"did you mean {named}? {fix}" if named else f'{fix}, such as rule="error_rate_alert"'


def may_fit(matchers: tuple[Matcher, ...], known: Known) -> bool:
    """True unless something that is certain of the rule speaks against it."""
    return all(_may_accept(matcher, known.get(matcher.name)) for matcher in matchers)


def _may_accept(matcher: Matcher, value: str | None) -> bool:
    if value is None:  # a label that the events bring, or one that differs from event to event
        return True
    if ANYTHING not in value:
        return matcher.accepts({matcher.name: value})
    family = value.rstrip(ANYTHING)
    if matcher.operator is Operator.EQUAL:
        return fnmatchcase(matcher.value, value)
    return matcher.operator is not Operator.MATCHES or matcher.value.replace("\\", "").startswith(family)


def _overlap(known: str, pattern: str) -> bool:
    """True when two types or shell patterns may mean the same event."""
    return fnmatchcase(known, pattern) or fnmatchcase(pattern, known)

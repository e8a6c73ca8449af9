"""Rules against each other: names, runbooks, and messages of the right loudness for their severity."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from shared.config.faults import Finding, Level, Path
from shared.config.suggesting import nearest
from shared.domain.notifications import WAKING, Channel
from shared.domain.rules import EventRule, MetricRule
from shared.domain.severities import Severity, worst

FILE = "rules.yaml"
Rule = MetricRule | EventRule


def rule_findings(rules: Sequence[tuple[Path, Rule]], *, runbooks: Collection[str] | None) -> Iterator[Finding]:
    """What does not fit among the rules, each given with its place; `runbooks` None leaves the runbooks unchecked."""
    yield from _duplicates(rules)
    for path, rule in rules:
        yield from _loudness(path, rule)
        if runbooks is not None:
            yield from _runbook(path, rule, runbooks)
    yield from _unreachable([(path, rule) for path, rule in rules if isinstance(rule, EventRule)])


def placed(section: str, rules: Iterable[Rule]) -> Iterator[tuple[Path, Rule]]:
    """The rules with their places in a section of rules.yaml."""
    return (((section, index), rule) for index, rule in enumerate(rules))


def worst_severity(rule: Rule) -> Severity:
    """The worst that the rule itself can make of a signal (its source may still say worse)."""
    if isinstance(rule, MetricRule):
        return rule.severity
    return worst(rule.severity, *(impact.severity for impact in rule.impact))


def _duplicates(rules: Iterable[tuple[Path, Rule]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, rule in rules:
        if rule.name in seen:
            what = f"the name {rule.name} is there twice"
            fix = f"give every rule its own name, such as {rule.name}_2"
            yield Finding(Level.ERROR, FILE, (*path, "name"), what, fix)
        seen.add(rule.name)


def _loudness(path: Path, rule: Rule) -> Iterator[Finding]:
    at = (*path, "channels")
    if rule.severity is Severity.LOW and WAKING & {*rule.channels}:
        what = "a low rule must neither send text messages nor call"
        yield Finding(Level.ERROR, FILE, at, what, "write email and slack instead")
    if worst_severity(rule) is Severity.CRITICAL and Channel.SMS not in rule.channels:
        what = f"{rule.name} can become critical and sends no text message"
        yield Finding(Level.WARNING, FILE, at, what, "add sms, such as channels: [slack, email, sms]")


def _runbook(path: Path, rule: Rule, runbooks: Collection[str]) -> Iterator[Finding]:
    if rule.runbook and rule.runbook not in runbooks:
        what, fix = f"there is no runbook {rule.runbook}", _written(rule.runbook, runbooks)
        yield Finding(Level.ERROR, FILE, (*path, "runbook"), what, fix)
    if not rule.runbook and rule.severity in {Severity.CRITICAL, Severity.HIGH}:
        fix = f"write runbook: {rule.name}, and its steps in runbooks/{rule.name}.md"
        yield Finding(Level.WARNING, FILE, path, f"{rule.name} has no runbook", fix)


def _written(runbook: str, runbooks: Collection[str]) -> str:
    near = nearest(runbook, runbooks)
    return f"write runbooks/{runbook}.md" + (f", or did you mean {near}?" if near else "")


def _unreachable(events: Iterable[tuple[Path, EventRule]]) -> Iterator[Finding]:
    greedy = ""
    for path, rule in events:
        if greedy:
            what = f"{rule.name} never matches, because {greedy} takes everything"
            yield Finding(Level.WARNING, FILE, path, what, "move the rule for everything to the end")
        elif "*" in rule.match.alert_types and not rule.match.labels:
            greedy = rule.name

"""Which metric rules a minute evaluates, and how often their sources are read: oftener where somebody is at work."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.domain.configuration import Configuration
from shared.domain.metrics import Source
from shared.domain.rules import MetricRule

MINUTE = timedelta(minutes=1)
DEBOUNCE = timedelta(seconds=20)
HOURLY = timedelta(hours=1)
NEVER = datetime.min.replace(tzinfo=UTC)


def due_rules(
    config: Configuration,
    evaluated_at: Mapping[str, datetime],
    now: datetime,
    *,
    touched: Collection[str] | None,
    watched: Collection[str],
) -> list[MetricRule]:
    """Immediate rules each minute, slower ones once in each of their periods; touched ones not twice in a moment.

    Those that somebody works on (`watched`) are evaluated each minute, whatever their period.
    """
    rules = [rule for rule in config.metric_rules if rule.metric in config.metrics]
    last = {rule.name: evaluated_at.get(rule.name, NEVER) for rule in rules}
    if touched is not None:
        named = [rule for rule in rules if {rule.metric, config.metrics[rule.metric].points} & set(touched)]
        return [rule for rule in named if now - last[rule.name] >= DEBOUNCE]
    slow = {rule.name for rule in rules if rule.every >= HOURLY} - set(watched)
    periods = {rule.name: rule.every if rule.name in slow else MINUTE for rule in rules}
    return [rule for rule in rules if _nth(now, periods[rule.name]) > _nth(last[rule.name], periods[rule.name])]


def sources_of(config: Configuration, watched: Collection[str]) -> list[Source]:
    """The sources; those of rules that are watched more closely are looked at each minute."""
    rules = [rule for rule in config.metric_rules if rule.name in watched and rule.metric in config.metrics]
    close = {config.metrics[rule.metric].source for rule in rules}
    return [replace(one, every=MINUTE) if one.name in close else one for one in config.sources.values()]


def _nth(at: datetime, length: timedelta) -> int:
    """Which of the spans of this length the instant lies in."""
    return (at - NEVER) // length

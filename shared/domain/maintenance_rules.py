"""What a maintenance window means for metric rules: watched more closely inside it, and left out of what is usual."""

from collections.abc import Iterable, Mapping

from shared.domain.baselines import Span
from shared.domain.maintenance import Window
from shared.domain.matchers import all_accept
from shared.domain.rules import METRIC_SOURCE, MetricRule


def labels_of_rule(rule: MetricRule) -> Mapping[str, str]:
    """The labels that an incident of the rule has for certain."""
    return {
        "rule": rule.name,
        "alert_type": f"rule.{rule.name}",
        "service": rule.service,
        "source": METRIC_SOURCE,
        "severity": str(rule.severity),
    }


def spans_left_out(rule: MetricRule, windows: Iterable[Window]) -> tuple[Span, ...]:
    """The spans (epoch seconds) of work on what the rule measures: they tell nothing of what is usual."""
    labels = labels_of_rule(rule)
    found = [one for one in windows if one.start < one.end and all_accept(one.matchers, labels)]
    return tuple(sorted((one.start.timestamp(), one.end.timestamp()) for one in found))


def concerned(rules: Iterable[MetricRule], windows: Iterable[Window]) -> frozenset[str]:
    """The names of the rules that any of the windows is about."""
    given = tuple(windows)
    return frozenset(
        rule.name for rule in rules if any(all_accept(one.matchers, labels_of_rule(rule)) for one in given)
    )

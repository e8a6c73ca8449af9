"""Any single file of rules or settings, accepted or refused, and spelled out in full."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import yaml

from shared.config import assembling, diagnosing, mission_form
from shared.config.decoding import decode
from shared.config.documents import Document, parse
from shared.config.faults import Fault, Finding, Level, Path
from shared.config.files import FILES
from shared.config.maintenance import maintenance
from shared.config.metric_checks import measured
from shared.config.metric_rules import normal_form
from shared.config.noise import noise
from shared.config.procedures import procedures
from shared.config.rule_checks import Rule, placed, rule_findings
from shared.config.status import status_page
from shared.config.wire import (
    EventWire,
)
from shared.domain.configuration import Configuration
from shared.domain.rules import MetricRule
from shared.errors import ConfigurationError

_TELLING_KEYS = {
    "severities": "severities",
    "policies": "escalation",
    "people": "oncall",
    "slack": "channels",
    "metrics": "metrics",
    "seasons": "calendars",
    "quiet_hours": "noise",
    "inhibitions": "noise",
    "procedures": "procedures",
    "readers": "maintenance",
    "checklist": "maintenance",
    "components": "status",
    "kinds": "diagnostics",
    "services": "services",
}

# Putting a file together finds what its shape does not say.
_BUILT: Mapping[str, Callable[[Any], object]] = {
    "severities": assembling.promises,
    "escalation": assembling.policies,
    "oncall": assembling.directory,
    "metrics": assembling.metrics,
    "calendars": assembling.seasons,
    "noise": noise,
    "procedures": procedures,
    "maintenance": maintenance,
    "diagnostics": diagnosing.diagnostics,
    "services": diagnosing.services,
    "status": status_page,
}


def spelled_out(content: bytes, *, file: str, within: Configuration | None = None) -> str:
    """The file's normal form as YAML, with warnings as comments. Raises ConfigurationError: "file:line: what; fix".

    What rules name and `within` has not (a metric, a runbook) is a warning: it may be on its way there.

    Rules come in the shape of rules.yaml or in the mission's own form; settings are told by their top key.
    """
    document = parse(content, file=file)
    try:
        name = _kind(document.data)
        form, warnings = _settings(document, name) if name else _rules(document, within)
    except Fault as fault:
        raise document.refusal(fault) from fault
    return "".join(f"# {warning}\n" for warning in warnings) + yaml.safe_dump(form, sort_keys=False, allow_unicode=True)


def _kind(data: Any) -> str | None:  # noqa: ANN401 - whatever the file holds
    keys = data if isinstance(data, dict) else {}
    return next((name for key, name in _TELLING_KEYS.items() if key in keys), None)


def _settings(document: Document, name: str) -> tuple[Any, list[str]]:
    wire = decode(document.data, FILES[name])
    if name in _BUILT:
        _BUILT[name](wire)
    return msgspec.to_builtins(wire), []


def _rules(document: Document, within: Configuration | None) -> tuple[dict[str, Any], list[str]]:
    data = document.data
    if not isinstance(data, dict) or "events" not in data:
        alerts = mission_form.placed_rules(data)
        return _form(alerts, ()), _warnings(document, alerts, within)
    others = [key for key in data if key not in {"alerts", "events"}]
    if others:
        raise Fault((others[0],), f"{others[0]} is not a known key", "leave it out (known here: alerts, events)")
    alerts = mission_form.placed_rules(data["alerts"], ("alerts",)) if data.get("alerts") else []
    wires = decode(data["events"], tuple[EventWire, ...], ("events",))
    events = placed("events", map(assembling.event_rule, wires))
    return _form(alerts, wires), _warnings(document, [*alerts, *events], within)


def _form(alerts: Sequence[tuple[Path, MetricRule]], events: Sequence[EventWire]) -> dict[str, Any]:
    form: dict[str, Any] = {"alerts": [normal_form(rule) for _, rule in alerts]}
    return form | ({"events": msgspec.to_builtins(events)} if events else {})


def _warnings(document: Document, rules: Sequence[tuple[Path, Rule]], within: Configuration | None) -> list[str]:
    """What the rules say to each other; errors refuse the file."""
    found = list(rule_findings(rules, runbooks=None))
    errors = [document.finding(finding) for finding in found if finding.level is Level.ERROR]
    if errors:
        raise ConfigurationError("\n".join(errors))
    if within is not None:
        found = [*rule_findings(rules, runbooks=within.runbooks), *_unmeasured(rules, within)]
    return [f"warning: {document.finding(finding)}" for finding in found]


def _unmeasured(rules: Sequence[tuple[Path, Rule]], within: Configuration) -> Iterator[Finding]:
    for path, rule in rules:
        if isinstance(rule, MetricRule):
            yield from measured(path, rule, within.metrics)

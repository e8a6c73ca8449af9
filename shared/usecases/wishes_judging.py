"""What people say of an incident: a note, that it was of no use, that it is worse or less bad than it looks."""

from collections.abc import Callable, Mapping

from shared.domain import acting, raising
from shared.domain.configuration import Configuration
from shared.domain.escalation import with_second_step_after
from shared.domain.incidents import Changed, Incident
from shared.domain.reasons import Notify
from shared.domain.rules import EventRule, as_event_rule
from shared.domain.severities import Severity
from shared.usecases.wishes import Action, Done, Scene


def _noted(incident: Incident, scene: Scene) -> Done:
    return Done(acting.note(incident, scene.by, scene.wish.note), reason=Notify.NOTED)


def _judged(incident: Incident, scene: Scene) -> Done:
    return Done(acting.judge_not_useful(incident, scene.by))


def _reweighed(incident: Incident, scene: Scene) -> Done:
    """Up, the chain of the worse severity starts; down, whoever was told hears of it without a ring."""
    wanted = scene.wish.severity
    if wanted is None:
        return Done(Changed(incident, raising.Weighed.THE_SAME))
    found = raising.reweigh(incident, scene.by, terms_of(incident, wanted, scene.config), scene.wish.note)
    reason = Notify.SEVERITY_RAISED if found.steps else Notify.SEVERITY_LOWERED
    return Done(found.changed, found.steps, reason, all_told=found.changed.happened and not found.steps)


def terms_of(incident: Incident, severity: Severity, config: Configuration) -> raising.Terms:
    """What the severity brings for this incident: its rule's own chain and promises go before the severity's."""
    rule = _rule_of(incident, config)
    promise = config.promised(incident.rule, severity)
    policy = config.policies.get(rule.policy if rule else "") or config.policies[promise.policy]
    return raising.Terms(severity, with_second_step_after(policy, rule.escalate_after if rule else None), promise)


def _rule_of(incident: Incident, config: Configuration) -> EventRule | None:
    told = next((rule for rule in config.event_rules if rule.name == incident.rule), None)
    measured = next((rule for rule in config.metric_rules if rule.name == incident.rule), None)
    return told if measured is None else as_event_rule(measured)


JUDGING: Mapping[Action, Callable[[Incident, Scene], Done]] = {
    Action.NOTE: _noted,
    Action.NOT_USEFUL: _judged,
    Action.SEVERITY: _reweighed,
}

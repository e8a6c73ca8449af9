"""Whether an incident is over: mitigated, resolved, reopened, closed."""

from collections.abc import Callable, Mapping

from shared.domain import lifecycle
from shared.domain.incidents import Changed, Incident, resolve
from shared.domain.promises import owing
from shared.domain.reasons import Notify
from shared.usecases.wishes import Action, Done, Scene


def _mitigated(incident: Incident, scene: Scene) -> Done:
    holds_for = scene.config.promises[incident.severity].ack_expires_after
    changed = lifecycle.mitigate(incident, scene.by, holds_for=holds_for)
    return Done(changed, reason=Notify.MITIGATED, in_threads=changed.happened)


def _resolved(incident: Incident, scene: Scene) -> Done:
    by = scene.by
    return Done(resolve(incident, actor=by.person, at=by.now, now=by.now, detail=f"via {by.via}"))


def _reopened(incident: Incident, scene: Scene) -> Done:
    limits, now = scene.config.limits, scene.now
    back = lifecycle.reopen(incident, scene.by, within=limits.reopen_by_hand_within, is_latest=scene.is_latest)
    changed = back.changed
    if changed.happened:
        promised = scene.config.promised(incident.rule, incident.severity)
        changed = Changed(owing(changed.incident, promised, now), changed.outcome, changed.entries)
    return Done(changed, back.steps, Notify.REOPENED_BY_HAND)


def _closed(incident: Incident, scene: Scene) -> Done:
    by = scene.by
    return Done(lifecycle.close(incident, actor=by.person, now=by.now, detail=f"via {by.via}"))


ENDING: Mapping[Action, Callable[[Incident, Scene], Done]] = {
    Action.MITIGATE: _mitigated,
    Action.RESOLVE: _resolved,
    Action.REOPEN: _reopened,
    Action.CLOSE: _closed,
}

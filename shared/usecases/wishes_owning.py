"""Who is at work on an incident: taken over, put off, handed over, escalated, roles given."""

from collections.abc import Callable, Mapping

from shared.domain import acting, roles
from shared.domain.acting import SNOOZE, Outcome
from shared.domain.escalation import Step
from shared.domain.incidents import Changed, Incident, acknowledge
from shared.domain.reasons import Notify
from shared.domain.severities import Severity
from shared.usecases.planning import posted_channels
from shared.usecases.wishes import Action, Done, Scene, is_entitled, may_act_on


def _acknowledged(incident: Incident, scene: Scene) -> Done:
    by, lasts = scene.by, scene.config.promises[incident.severity].ack_expires_after
    changed = acknowledge(incident, person=by.person, via=by.via, now=by.now, expires_after=lasts)
    return Done(roles.commanded(changed, by))


def _snoozed(incident: Incident, scene: Scene) -> Done:
    lasting = scene.wish.lasting
    return Done(acting.snooze(incident, scene.by, SNOOZE if lasting is None else lasting))


def _escalated(incident: Incident, scene: Scene) -> Done:
    asked = acting.escalate_now(incident, scene.by)
    return Done(asked.changed, (asked.step,) if asked.step else (), Notify.ASKED)


def _handed_over(incident: Incident, scene: Scene) -> Done:
    """The new owner is told at once on the rule's channels, and so are the incident's threads.

    Of what is less than high by mail alone: nobody's telephone rings for it, whoever it was handed to.
    """
    wish, promise = scene.wish, scene.config.promises[incident.severity]
    if not (is_entitled(wish.to, scene.config) and may_act_on(incident, wish.to, scene.config)):
        return Done(Changed(incident, Outcome.CANNOT_OWN))
    changed = acting.hand_over(
        incident,
        scene.by,
        wish.to,
        answer_within=promise.acknowledge_within,
        expires_after=promise.ack_expires_after,
    )
    threads = posted_channels(scene.ledger)
    person = f"person:{wish.to}" if incident.severity.rank >= Severity.HIGH.rank else f"person:{wish.to}@email"
    told = threads if wish.to == wish.person else (person, *threads)
    return Done(changed, (Step(told, level=incident.ladder.step),) if told else (), Notify.HANDED_OVER)


def _role_given(incident: Incident, scene: Scene) -> Done:
    """Whoever gets a role from somebody else hears of it by mail and in the threads; roles never ring."""
    wish = scene.wish
    if wish.role is None:
        return Done(Changed(incident, roles.Given.NO_SUCH_ROLE))
    if not (is_entitled(wish.to, scene.config) and may_act_on(incident, wish.to, scene.config)):
        return Done(Changed(incident, roles.Given.CANNOT_HAVE))
    changed = roles.give(incident, scene.by, wish.role, wish.to)
    told = (wish.to,) if changed.happened and wish.to != wish.person else ()
    person = scene.config.directory.people[wish.to].name
    note = f"{wish.role}: {person}"
    return Done(changed, reason=Notify.ROLE_GIVEN, by_mail=told, in_threads=changed.happened, note=note)


OWNING: Mapping[Action, Callable[[Incident, Scene], Done]] = {
    Action.ACKNOWLEDGE: _acknowledged,
    Action.SNOOZE: _snoozed,
    Action.ESCALATE: _escalated,
    Action.REASSIGN: _handed_over,
    Action.ROLE: _role_given,
}

"""What the machine sees in an outage: when the alert left, when the diagnosis began, whether it is over."""

from collections.abc import Callable

from shared.domain.notifications import LedgerState, Notification
from shared.domain.procedure_owners import on_call
from shared.domain.reasons import Notify
from shared.usecases.diagnosing import read_diagnosis
from shared.usecases.post_mortems import read_post_mortem
from shared.usecases.procedure_scene import NOT_YET, Acting, Did, Scene, over_at
from shared.usecases.records import notifications_of

REACHED = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})
NO_PROBES = "no probes are configured for incidents of this type; look by hand"


def alert_sent(scene: Scene) -> Did:
    """The first message about the incident has left."""
    return _first(scene, lambda row: row.reason is not Notify.REPLY, "the first message left by {row.channel}")


def oncall_notified(scene: Scene) -> Did:
    """The first message to whoever is on call has left."""
    wanted = on_call(scene.incident, scene.config.directory, scene.run.detected_at)
    return _first(scene, lambda row: row.recipient in wanted, "{name} was told by {row.channel}")


def recovered(scene: Scene) -> Did:
    """The incident is resolved."""
    at = over_at(scene.incident, scene.store)
    if at is None:
        return NOT_YET
    return Did(Acting.DONE, "the incident was resolved", at)


def diagnostics(scene: Scene) -> Did:
    """The probes are at work, or have answered."""
    if not scene.config.diagnostics.probes_for(scene.incident.alert_type):
        return Did(Acting.FAILED, NO_PROBES)
    found = read_diagnosis(scene.store, scene.incident.id)
    return Did(Acting.DONE, f"{len(found.findings)} probes have answered", found.started_at) if found else NOT_YET


def post_mortem(scene: Scene) -> Did:
    """Somebody has completed the incident's post-mortem."""
    found = read_post_mortem(scene.store, scene.incident.id)
    if found is None or found.completed_at is None:
        return NOT_YET
    return Did(
        Acting.DONE,
        f"revision {found.revision} of the post-mortem is complete",
        found.completed_at,
        by=found.completed_by,
    )


def _first(scene: Scene, fits: Callable[[Notification], bool], said: str) -> Did:
    left = [row for row in notifications_of(scene.store, scene.incident.id) if row.state in REACHED and fits(row)]
    row = min(left, key=lambda row: row.sent_at or row.planned_at, default=None)
    if row is None:
        return NOT_YET
    people = scene.config.directory.people
    name = people[row.recipient].name if row.recipient in people else row.recipient
    return Did(Acting.DONE, said.format(row=row, name=name), row.sent_at)

"""What the machine does and sees in an outage: when the alert left, what customers may be told, whether it is over."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from shared.domain.drafts import Draft, DraftChannel, DraftState, DraftText, Fits
from shared.domain.notifications import Channel, LedgerState, Notification
from shared.domain.procedure_owners import on_call
from shared.domain.reasons import Notify
from shared.rendering.draft_texts import outage_began, outage_over
from shared.usecases.drafts import drafts_of, proposed
from shared.usecases.procedure_scene import NOT_YET, Acting, Did, Scene
from shared.usecases.records import notifications_of

REACHED = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})
CUSTOMERS = "customers"
FOR_THE_THREAD = timedelta(minutes=1)
COMING = frozenset({LedgerState.PLANNED, LedgerState.SENDING, LedgerState.FAILED_TEMPORARY})
BEGAN, OVER = "began", "over"
NOBODY_KNOWS = Did(Acting.DONE, "customers were not told that it began")


def alert_sent(scene: Scene) -> Did:
    """The first message about the incident has left."""
    return _first(scene, lambda row: row.reason is not Notify.REPLY, "the first message left by {row.channel}")


def oncall_notified(scene: Scene) -> Did:
    """The first message to whoever is on call has left."""
    wanted = on_call(scene.incident, scene.config.directory, scene.run.detected_at)
    return _first(scene, lambda row: row.recipient in wanted, "{name} by {row.channel}")


def recovered(scene: Scene) -> Did:
    """The incident is resolved."""
    at = scene.incident.resolved_at
    if scene.incident.state.is_open or at is None:
        return NOT_YET
    return Did(Acting.DONE, f"the incident was resolved at {at:%Y-%m-%d %H:%M} UTC", at)


def _first(scene: Scene, fits: Callable[[Notification], bool], said: str) -> Did:
    left = [row for row in notifications_of(scene.store, scene.incident.id) if row.state in REACHED and fits(row)]
    row = min(left, key=lambda row: row.sent_at or row.planned_at, default=None)
    if row is None:
        return NOT_YET
    people = scene.config.directory.people
    name = people[row.recipient].name if row.recipient in people else row.recipient
    return Did(Acting.DONE, said.format(row=row, name=name), row.sent_at)


def draft_customer_message(scene: Scene) -> Did:
    """What customers may be told, for a person to approve."""
    return _drafted(scene, BEGAN, outage_began(scene.run.detected_at), Fits.OPEN)


def draft_recovery_message(scene: Scene) -> Did:
    """That it is over, once it is and if customers heard that it began."""
    at = scene.incident.resolved_at
    if scene.incident.state.is_open or at is None:
        return NOT_YET
    if not _sent(scene, BEGAN):
        return NOBODY_KNOWS
    support = next((one.address for one in scene.config.support if "@" in one.address), "")
    return _drafted(scene, OVER, outage_over(scene.run.detected_at, at, support=support), Fits.OVER)


def customers_told(scene: Scene) -> Did:
    """Somebody has approved what customers are told."""
    return _told(_sent(scene, BEGAN), scene)


def recovery_told(scene: Scene) -> Did:
    """Somebody has approved that customers are told it is over, if they know that it began."""
    return _told(_sent(scene, OVER), scene) if _sent(scene, BEGAN) else NOBODY_KNOWS


def _told(sent: list[Draft], scene: Scene) -> Did:
    if not sent:
        return NOT_YET
    people = scene.config.directory.people
    name = people[sent[0].changed_by].name if sent[0].changed_by in people else sent[0].changed_by
    return Did(Acting.DONE, f"{sent[0].id}, approved by {name}", sent[0].changed_at, by=sent[0].changed_by)


def _drafted(scene: Scene, what: str, texts: Mapping[str, DraftText], fits: Fits) -> Did:
    """A draft that waits for approval, one of a kind at a time."""
    alike = _alike(scene, what)
    waiting = next((draft for draft in alike if draft.state.is_open), None)
    if waiting is not None:
        return Did(Acting.DONE, f"{waiting.id} awaits approval")
    ledger = notifications_of(scene.store, scene.incident.id)
    if scene.now - scene.run.started_at < FOR_THE_THREAD and any(_is_coming(row) for row in ledger):
        return NOT_YET
    draft = Draft(
        id=f"{scene.incident.id}-{CUSTOMERS}-{what}-{len(alike) + 1}",
        incident=scene.incident.id,
        audience=CUSTOMERS,
        channel=DraftChannel.MAIL,
        texts=texts,
        created_at=scene.now,
        created_by="soukmon",
        fits=fits,
    )
    made = proposed(draft, scene.incident, ledger)
    return Did(Acting.DONE, f"{draft.id} awaits approval", writes=made.writes, rows=made.rows)


def _alike(scene: Scene, what: str) -> list[Draft]:
    return [draft for draft in drafts_of(scene.store, scene.incident.id) if f"-{CUSTOMERS}-{what}-" in draft.id]


def _sent(scene: Scene, what: str) -> list[Draft]:
    return [draft for draft in _alike(scene, what) if draft.state is DraftState.SENT]


def _is_coming(row: Notification) -> bool:
    """The incident's message in Slack, under which drafts are shown, is still to be posted."""
    return row.channel is Channel.SLACK and row.recipient.startswith("slack:") and row.state in COMING

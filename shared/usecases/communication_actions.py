"""What an outage's procedure does and sees about what people outside are told."""

from collections.abc import Mapping
from datetime import timedelta

from shared.domain.configuration import Configuration
from shared.domain.drafts import AUDIENCE, Draft, DraftChannel, DraftState, DraftText, Fits
from shared.domain.notifications import Channel, LedgerState, Notification
from shared.domain.reasons import Notify
from shared.domain.status import Post, Stage
from shared.domain.status_speaking import speaks_for
from shared.rendering.draft_texts import outage_began, outage_over
from shared.usecases.drafts import drafts_of, proposed
from shared.usecases.procedure_scene import NOT_YET, Acting, Did, Scene, over_at
from shared.usecases.records import notifications_of
from shared.usecases.status_state import posts

CUSTOMERS = "customers"
BEGAN, OVER = "began", "over"
COMING = frozenset({LedgerState.PLANNED, LedgerState.SENDING, LedgerState.FAILED_TEMPORARY})
FOR_THE_THREAD = timedelta(minutes=1)
JUST_BEFORE = timedelta(minutes=10)
AWAITS = "a message to customers awaits approval ({})"
NOBODY_KNOWS = Did(Acting.DONE, "customers were not told that it began")
NO_PART = "no part of the status page speaks for this incident; post by hand"


def status_page(scene: Scene) -> Did:
    """The status page says something of what the incident is about, by itself or by somebody's hand."""
    components = _components(scene)
    if not components:
        return Did(Acting.FAILED, NO_PART)
    about = [post for post in _posts(scene) if post.incident == scene.incident.id or set(post.components) & components]
    post = min(about, key=lambda post: post.opened_at, default=None)
    if post is None:
        return NOT_YET
    return Did(
        Acting.DONE, f"post {post.id} about {', '.join(post.components)}", max(post.opened_at, scene.run.detected_at)
    )


def draft_customer_message(scene: Scene) -> Did:
    """What customers may be told, for a person to approve."""
    return _drafted(scene, BEGAN, outage_began(scene.run.detected_at))


def draft_recovery_message(scene: Scene) -> Did:
    """That it is over, once it is and if customers heard that it began."""
    at = over_at(scene.incident, scene.store)
    if at is None:
        return NOT_YET
    if not _sent(scene, BEGAN):
        return NOBODY_KNOWS
    texts = outage_over(scene.run.detected_at, at, support=support_address(scene.config))
    return _drafted(scene, OVER, texts)


def customers_told(scene: Scene) -> Did:
    """Somebody has approved what customers are told."""
    return _told(_sent(scene, BEGAN), scene)


def recovery_told(scene: Scene) -> Did:
    """Somebody has approved that customers are told it is over, if they know that it began."""
    return _told(_sent(scene, OVER), scene) if _sent(scene, BEGAN) else NOBODY_KNOWS


def support_address(config: Configuration) -> str:
    """Where a customer's question is read, or ""."""
    return next((one.address for one in config.support if "@" in one.address), "")


def _told(sent: list[Draft], scene: Scene) -> Did:
    if not sent:
        return NOT_YET
    people = scene.config.directory.people
    name = people[sent[0].changed_by].name if sent[0].changed_by in people else sent[0].changed_by
    return Did(
        Acting.DONE, f"the message to customers was approved by {name}", sent[0].changed_at, by=sent[0].changed_by
    )


def _drafted(scene: Scene, what: str, texts: Mapping[str, DraftText]) -> Did:
    """A draft that waits for approval, one of a kind at a time."""
    alike = _alike(scene, what)
    waiting = next((draft for draft in alike if draft.state.is_open), None)
    if waiting is not None:
        return Did(Acting.DONE, AWAITS.format(waiting.id))
    ledger = notifications_of(scene.store, scene.incident.id)
    if scene.now - scene.run.started_at < FOR_THE_THREAD and any(_is_coming(row) for row in ledger):
        return NOT_YET
    draft = Draft(
        id=f"{scene.incident.id}-{CUSTOMERS}-{what}-{len(alike) + 1}",
        incident=scene.incident.id,
        audience=CUSTOMERS,
        channel=_channel(scene),
        texts=texts,
        created_at=scene.now,
        created_by="soukmon",
        fits=Fits.OPEN if what == BEGAN else Fits.OVER,
        components=tuple(sorted(_components(scene))),
        stage=Stage.INVESTIGATING if what == BEGAN else Stage.RESOLVED,
    )
    made = proposed(draft, scene.incident, ledger)
    return Did(Acting.DONE, AWAITS.format(draft.id), writes=made.writes, rows=made.rows)


def _channel(scene: Scene) -> DraftChannel:
    """Everywhere customers can be told; where that is nowhere, the approval says what is missing."""
    has_list = f"{AUDIENCE}{CUSTOMERS}" in scene.config.directory.people
    if not _components(scene):
        return DraftChannel.MAIL
    return DraftChannel.BOTH if has_list else DraftChannel.STATUS


def _components(scene: Scene) -> set[str]:
    return {name for name, one in scene.config.status.components.items() if speaks_for(one, scene.incident)}


def _posts(scene: Scene) -> list[Post]:
    return [post for post in posts(scene.store, since=scene.run.detected_at - JUST_BEFORE) if _was_open(post, scene)]


def _was_open(post: Post, scene: Scene) -> bool:
    return post.ended_at is None or post.ended_at > scene.run.detected_at


def _alike(scene: Scene, what: str) -> list[Draft]:
    return [draft for draft in drafts_of(scene.store, scene.incident.id) if f"-{CUSTOMERS}-{what}-" in draft.id]


def _sent(scene: Scene, what: str) -> list[Draft]:
    return [draft for draft in _alike(scene, what) if draft.state in {DraftState.APPROVED, DraftState.SENT}]


def _is_coming(row: Notification) -> bool:
    """The incident's message in Slack, under which drafts are shown, is still to be posted."""
    return row.channel is Channel.SLACK and row.reason is Notify.FIRST and row.state in COMING

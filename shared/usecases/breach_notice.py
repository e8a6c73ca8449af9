"""The notice to customers about a breach: drafted, sent by two of the team, withdrawn with a false alarm."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.acting import By
from shared.domain.breaches import Breach, Standing
from shared.domain.configuration import Configuration
from shared.domain.drafts import Draft, DraftChannel, DraftState, DraftText, withdraw
from shared.domain.incidents import TimelineEntry
from shared.domain.notifications import LedgerState
from shared.ports.store import StateStore, Write
from shared.rendering.customer_notice import notice_texts
from shared.usecases.breach_records import breach_of
from shared.usecases.communication_actions import COMING, CUSTOMERS, FOR_THE_THREAD, support_address
from shared.usecases.drafts import kept, proposed, read_draft
from shared.usecases.procedure_scene import NOT_YET, Acting, Did, Scene
from shared.usecases.records import notifications_of

TWO = 2
NO_BREACH = Did(Acting.FAILED, "the incident was not declared a breach")
FALSE_ALARM = Did(Acting.DONE, "the breach was stood down, customers are told nothing")
DRAFTED = "a notice to customers awaits the approval of two"
THERE = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What belongs into the commit that stands a breach down."""

    entries: tuple[TimelineEntry, ...] = ()
    writes: tuple[Write, ...] = ()


def draft_customer_notice(scene: Scene) -> Did:
    """What customers may be told, by mail alone, for two of the team to approve; shown to the team and nobody else."""
    breach = breach_of(scene.incident, scene.store)
    if breach is None:
        return NO_BREACH
    if breach.standing is Standing.STOOD_DOWN:
        return FALSE_ALARM
    if _notice(scene.incident.id, scene.store) is not None:
        return Did(Acting.DONE, DRAFTED)
    if _thread_is_coming(scene):
        return NOT_YET
    draft = Draft(
        id=_name(scene.incident.id),
        incident=scene.incident.id,
        audience=CUSTOMERS,
        channel=DraftChannel.MAIL,
        texts=notice_texts(breach, support=support_address(scene.config)),
        created_at=scene.now,
        created_by="soukmon",
        approvals=TWO,
    )
    made = proposed(draft, scene.incident, notifications_of(scene.store, scene.incident.id))
    return Did(Acting.DONE, DRAFTED, writes=made.writes, rows=made.rows)


def customer_notice_sent(scene: Scene) -> Did:
    """Two of the team have approved the notice, and it is on its way."""
    breach = breach_of(scene.incident, scene.store)
    if breach is not None and breach.standing is Standing.STOOD_DOWN:
        return FALSE_ALARM
    draft = _notice(scene.incident.id, scene.store)
    if draft is None or draft.state is not DraftState.SENT:
        return NOT_YET
    people = scene.config.directory.people
    names = ", ".join(people[one].name if one in people else one for one in draft.approved_by)
    what = f"the message to customers was approved by {names}"
    return Did(Acting.DONE, what, draft.changed_at, by=draft.changed_by)


def notice_now(breach: Breach, *, config: Configuration, store: StateStore) -> Mapping[str, DraftText]:
    """The notice as it stands: the draft with what people made of it, or what would be proposed."""
    draft = _notice(breach.incident, store)
    return draft.texts if draft is not None else notice_texts(breach, support=support_address(config))


def withdrawal(incident: str, by: By, store: StateStore) -> Withdrawal:
    """The notice is taken back where it still awaits approval."""
    found = read_draft(store, _name(incident))
    changed = withdraw(found[0], by) if found else None
    if found is None or changed is None or not changed.happened:
        return Withdrawal()
    return Withdrawal(changed.entries, (kept(changed.draft, found[1]),))


def _name(incident: str) -> str:
    return f"{incident}-{CUSTOMERS}-notice"


def _notice(incident: str, store: StateStore) -> Draft | None:
    found = read_draft(store, _name(incident))
    return found[0] if found else None


def _thread_is_coming(scene: Scene) -> bool:
    """The message in the restricted channel, under which the draft is shown, is still to be posted."""
    target = scene.config.response_team.target
    if not target or scene.now - scene.run.started_at >= FOR_THE_THREAD:
        return False
    rows = [row for row in notifications_of(scene.store, scene.incident.id) if row.recipient == target]
    return any(row.state in COMING for row in rows) and not any(row.state in THERE for row in rows)

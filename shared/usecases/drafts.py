"""Drafts: proposed by a procedure, sent only when a person who may has approved them, and withdrawn when it is over."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.acting import By
from shared.domain.bulletins import Bulletin, BulletinKind, BulletinText
from shared.domain.configuration import Configuration
from shared.domain.drafts import (
    AUDIENCE,
    Draft,
    Drafted,
    DraftState,
    DraftText,
    Redrafted,
    approve,
    edit,
    not_posted,
    posted,
    reject,
    withdraw,
)
from shared.domain.incidents import Incident
from shared.domain.notifications import Channel, Notification, Recipient, identified
from shared.domain.permissions import Permission, may
from shared.domain.procedure_owners import responsible
from shared.domain.reasons import Notify
from shared.domain.status import Bilingual
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Body, Create, Query, Replace, StateStore, Write
from shared.rendering.procedure import draft_line
from shared.usecases.bulletins import plan_bulletin
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_planned
from shared.usecases.planning import Planned, plan_in_threads
from shared.usecases.post_status import PostWish, post_update
from shared.usecases.procedure_scene import over_at
from shared.usecases.procedures import ITSELF, NOT_ENTITLED
from shared.usecases.records import DRAFTS, body_of, incident_writes, notifications_of, read_incident, value_of
from shared.usecases.wishes import is_known_to

MOST = 100
APPROVING = frozenset({Drafted.SENT, Drafted.HALF_APPROVED})


@dataclass(frozen=True, slots=True)
class DraftWish:
    """What somebody wants to become of a draft."""

    draft: str
    person: str
    via: str


@dataclass(frozen=True, slots=True)
class DraftDone:
    """What came of it; without a draft there is none."""

    outcome: Drafted | str
    draft: Draft | None = None
    happened: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """What belongs into the commit that proposes drafts: their writes, and the thread messages that show them."""

    writes: tuple[Write, ...]
    rows: tuple[Notification, ...]


def drafts_of(store: StateStore, incident: str) -> list[Draft]:
    """The incident's drafts, in the order in which they were made."""
    query = Query(DRAFTS, equal={"incident": incident}, order_by="created_at", limit=MOST)
    return [value_of(row, Draft) for row in store.find(query)]


def read_draft(store: StateStore, name: str) -> tuple[Draft, str] | None:
    """A draft and its version, or None."""
    document = store.get(DRAFTS, name)
    return (value_of(document, Draft), document.version) if document else None


def kept(draft: Draft, version: str) -> Write:
    """The write that keeps a draft that was read in this version."""
    return Replace(DRAFTS, draft.id, _body(draft), version)


def proposed(draft: Draft, incident: Incident, ledger: Iterable[Notification]) -> Proposed:
    """The draft and its message in the incident's threads; the line of the record is the step's own."""
    rows = plan_in_threads(incident, ledger, reason=Notify.DRAFT, now=draft.created_at).rows
    return Proposed((Create(DRAFTS, draft.id, _body(draft)),), _showing(rows, draft))


def edit_draft(
    wish: DraftWish,
    texts: Mapping[str, DraftText],
    *,
    config: Configuration,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
) -> DraftDone:
    """Other words; the threads show them."""
    ports = _Ports(config, store, publisher, clock.now())
    return _by_person(wish, lambda draft, by: edit(draft, by, texts), ports)


def approve_draft(
    wish: DraftWish, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> DraftDone:
    """Send it, in the approver's name on the record; the same commit holds the mail, and the post follows it."""
    done = _by_person(wish, approve, _Ports(config, store, publisher, clock.now()))
    if done.draft is not None and done.draft.state is DraftState.APPROVED:
        post_approved(done.draft.id, config=config, store=store, publisher=publisher, clock=clock)
    return done


def reject_draft(
    wish: DraftWish, reason: str, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> DraftDone:
    """It is not sent."""
    ports = _Ports(config, store, publisher, clock.now())
    return _by_person(wish, lambda draft, by: reject(draft, by, reason), ports)


def mind_drafts(*, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> None:
    """Withdraw what nobody approved while it was true, and post what a crash held back."""
    for row in store.find(Query(DRAFTS, equal={"is_open": "yes"}, order_by="created_at", limit=MOST)):
        if value_of(row, Draft).state is DraftState.APPROVED:
            post_approved(row.id, config=config, store=store, publisher=publisher, clock=clock)
        else:
            committed(lambda row=row: _withdraw(row.id, store, clock.now()))  # type: ignore[misc]


def post_approved(name: str, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> None:
    """Put what was approved onto the status page, once however often this runs."""
    found = read_draft(store, name)
    if found is None or found[0].state is not DraftState.APPROVED:
        return
    made = post_update(_post(found[0]), config=config, store=store, publisher=publisher, clock=clock)
    ports = _Ports(config, store, publisher, clock.now())
    committed(lambda: _after_posting(name, made.refused, ports))


@dataclass(frozen=True, slots=True)
class _Ports:
    config: Configuration
    store: StateStore
    publisher: Publisher
    now: datetime


def _by_person(wish: DraftWish, change: Callable[[Draft, By], Redrafted], ports: _Ports) -> DraftDone:
    if not may(wish.person, Permission.PUBLISH, ports.config.directory):
        return DraftDone(NOT_ENTITLED)
    return committed(lambda: _attempt(wish, change, ports))


def _attempt(wish: DraftWish, change: Callable[[Draft, By], Redrafted], ports: _Ports) -> DraftDone:
    found = read_draft(ports.store, wish.draft)
    incident = read_incident(ports.store, found[0].incident) if found else None
    if found is None or incident is None or not is_known_to(incident[0], wish.person, ports.config):
        return DraftDone(Drafted.NO_SUCH_DRAFT)
    draft = found[0]
    changed = change(draft, By(wish.person, wish.via, ports.now))
    refused = _refusal(draft, incident[0], wish.person, ports) if changed.outcome in APPROVING else None
    if refused is not None or not changed.happened:
        return DraftDone(refused or changed.outcome, draft)
    rows, writes = _sent(changed.draft, ports) if changed.outcome is Drafted.SENT else ((), [])
    shown = replace(incident[0], revision=incident[0].revision + 1)
    told = _told(changed, shown, ports)
    write = kept(changed.draft, found[1])
    ports.store.commit([*incident_writes(shown, changed.entries, incident[1]), write, *writes, *told.writes])
    publish_planned(ports.publisher, [*rows, *told.rows], ports.now)
    return DraftDone(changed.outcome, changed.draft, happened=True)


def _refusal(draft: Draft, incident: Incident, person: str, ports: _Ports) -> Drafted | None:
    directory = ports.config.directory
    if not draft.fits.is_true(is_open=over_at(incident, ports.store) is None):
        return Drafted.NO_LONGER_TRUE
    if draft.approver and person not in responsible(draft.approver, incident, directory, ports.now):
        return Drafted.NOT_THEIRS
    has_address = f"{AUDIENCE}{draft.audience}" in directory.people
    return Drafted.NO_ADDRESS if draft.channel.is_mailed and not has_address else None


def _sent(draft: Draft, ports: _Ports) -> tuple[tuple[Notification, ...], list[Write]]:
    """One mail for readers of both languages."""
    if not draft.channel.is_mailed:
        return (), []
    english, arabic = draft.text("en"), draft.text("ar")
    both = BulletinText(f"{english.title} · {arabic.title}", (*english.lines, "—", *arabic.lines))
    told = Bulletin(draft.id, BulletinKind.ANNOUNCEMENT, ports.now, {"en": both})
    return plan_bulletin(told, [Recipient(f"{AUDIENCE}{draft.audience}", Channel.EMAIL)])


def _post(draft: Draft) -> PostWish:
    english, arabic = draft.text("en"), draft.text("ar")
    return PostWish(
        author=draft.changed_by,
        text=Bilingual("\n".join(english.lines), "\n".join(arabic.lines)),
        stage=draft.stage,
        title=Bilingual(english.title, arabic.title),
        components=draft.components,
        incident=draft.incident,
        key=draft.id,
    )


def _after_posting(name: str, refused: str, ports: _Ports) -> None:
    found = read_draft(ports.store, name)
    incident = read_incident(ports.store, found[0].incident) if found else None
    if found is None or incident is None or found[0].state is not DraftState.APPROVED:
        return
    if not refused:
        ports.store.commit([kept(posted(found[0]), found[1])])
        return
    changed = not_posted(found[0], By(ITSELF, "the status page", ports.now), refused)
    shown = replace(incident[0], revision=incident[0].revision + 1)
    told = _told(changed, shown, ports)
    write = kept(changed.draft, found[1])
    ports.store.commit([*incident_writes(shown, changed.entries, incident[1]), write, *told.writes])
    publish_planned(ports.publisher, told.rows, ports.now)


def _told(changed: Redrafted, incident: Incident, ports: _Ports) -> Planned:
    ledger = notifications_of(ports.store, incident.id)
    if changed.outcome is Drafted.EDITED:
        planned = plan_in_threads(incident, ledger, reason=Notify.DRAFT, now=ports.now)
        return replace(planned, rows=_showing(planned.rows, changed.draft))
    note = draft_line(changed, ports.config.directory)
    return plan_in_threads(incident, ledger, reason=Notify.STEP, now=ports.now, note=note)


def _showing(rows: Iterable[Notification], draft: Draft) -> tuple[Notification, ...]:
    """The rows, each about this draft and about no other."""
    return tuple(identified(replace(row, text=draft.id)) for row in rows)


def _body(draft: Draft) -> Body:
    return {**body_of(draft), "is_open": "no" if draft.state.is_settled else "yes"}


def _withdraw(name: str, store: StateStore, now: datetime) -> int:
    found = read_draft(store, name)
    incident = read_incident(store, found[0].incident) if found else None
    if found is None or incident is None or found[0].fits.is_true(is_open=over_at(incident[0], store) is None):
        return 0
    changed = withdraw(found[0], By(ITSELF, "the procedure", now))
    if not changed.happened:
        return 0
    write = kept(changed.draft, found[1])
    store.commit([*incident_writes(incident[0], changed.entries, incident[1]), write])
    return 1

"""Post-mortems: opened from an incident's record, written in revisions, completed by a person; each on the record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.incidents import Acked, Incident, TimelineEntry
from shared.domain.post_mortems import (
    Edited,
    PostMortem,
    PostMortemChange,
    PostMortemOutcome,
    as_recorded,
    completed,
    opened,
    written,
)
from shared.domain.stories import Story
from shared.ports.platform import Clock
from shared.ports.store import Body, Create, Document, Replace, StateStore, Write
from shared.usecases.act import is_entitled, may_act_on
from shared.usecases.commits import committed
from shared.usecases.records import (
    body_of,
    incident_writes,
    notifications_of,
    read_incident,
    tasks_of,
    timeline_of,
    value_of,
)

POST_MORTEMS = "post_mortems"
REVISIONS = "post_mortem_revisions"
EVENT = "post-mortem"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every wish about a post-mortem touches, and whose wish it is."""

    config: Configuration
    store: StateStore
    clock: Clock
    person: str


@dataclass(frozen=True, slots=True)
class PostMortemAnswer:
    """What came of it, and the post-mortem as it is now (None: there is none)."""

    outcome: str
    post_mortem: PostMortem | None = None
    happened: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    incident: Incident
    version: str
    post_mortem: PostMortem
    document: Document | None


def read_post_mortem(store: StateStore, incident: str) -> PostMortem | None:
    """The incident's post-mortem, or None."""
    document = store.get(POST_MORTEMS, incident)
    return value_of(document, PostMortem) if document else None


def story_of(incident: str, *, config: Configuration, store: StateStore, now: datetime) -> Story | None:
    """Everything the incident's post-mortem tells of; None when there is no such incident."""
    found = read_incident(store, incident)
    if found is None:
        return None
    one, kept = found[0], read_post_mortem(store, incident)
    sent = [row.sent_at for row in notifications_of(store, incident) if row.sent_at is not None]
    return Story(
        incident=one,
        post_mortem=kept or _draft(one, config, now),
        lines=tuple(timeline_of(store, incident)),
        now=now,
        is_kept=kept is not None,
        first_told=min(sent, default=None),
        tasks=tuple(tasks_of(store, incident)),
        people={name: person.name for name, person in config.directory.people.items()},
    )


def write_post_mortem(edited: Edited, desk: Desk) -> PostMortemAnswer:
    """Keep what was written as a new revision; the incident's first one opens its post-mortem."""

    def change(found: _Found) -> PostMortemChange:
        now = desk.clock.now()
        return written(found.post_mortem, edited.sections, by=desk.person, base=edited.base, now=now)

    return _changed(edited.incident, desk, change)


def complete_post_mortem(incident: str, desk: Desk, *, no_action: str = "") -> PostMortemAnswer:
    """It is done; refused while causes are missing, or actions without a reason why there are none."""

    def change(found: _Found) -> PostMortemChange:
        if found.document is None:
            return PostMortemChange(PostMortemOutcome.NOT_OPENED)
        actions = sum(task.kind == "action" for task in tasks_of(desk.store, incident))
        now = desk.clock.now()
        return completed(found.post_mortem, actions=actions, no_action=no_action, by=desk.person, now=now)

    return _changed(incident, desk, change)


def opening(
    incident: Incident, version: str, *, config: Configuration, now: datetime
) -> tuple[PostMortem, list[Write]]:
    """The incident's new post-mortem, and the writes that keep it and say so on the record."""
    made = _draft(incident, config, now)
    detail = f"for {made.owner}, due {made.due_at:%Y-%m-%d %H:%M} UTC"
    entry = TimelineEntry(now, EVENT, PostMortemOutcome.OPENED, detail=detail)
    return made, [post_mortem_write(made, None), *incident_writes(incident, [entry], version)]


def post_mortem_write(post_mortem: PostMortem, before: Document | None) -> Write:
    """The write that keeps a post-mortem; `before` is the document it was read from (None creates it)."""
    body: Body = {**body_of(post_mortem), "is_open": "yes" if post_mortem.is_open else "no"}
    if before is None:
        return Create(POST_MORTEMS, post_mortem.incident, body)
    return Replace(POST_MORTEMS, post_mortem.incident, body, before.version)


def revision_name(incident: str, revision: int) -> str:
    """The id that a revision is kept under."""
    return f"{incident}-{revision:04d}"


def _changed(incident: str, desk: Desk, change: Callable[[_Found], PostMortemChange]) -> PostMortemAnswer:
    if not is_entitled(desk.person, desk.config):
        return PostMortemAnswer(Acked.NOT_ENTITLED)

    def attempt() -> PostMortemAnswer:
        found = _find(incident, desk)
        if found is None:
            return PostMortemAnswer(Acked.UNKNOWN_INCIDENT)
        made = change(found)
        if made.post_mortem is None or not made.happened:
            return PostMortemAnswer(made.outcome, made.post_mortem)
        desk.store.commit(_writes(found, made, desk))
        return PostMortemAnswer(made.outcome, made.post_mortem, happened=True)

    return committed(attempt)


def _find(incident: str, desk: Desk) -> _Found | None:
    found = read_incident(desk.store, incident)
    if found is None or not may_act_on(found[0], desk.person, desk.config):
        return None
    document = desk.store.get(POST_MORTEMS, incident)
    now = desk.clock.now()
    kept = value_of(document, PostMortem) if document else _draft(found[0], desk.config, now, owner=desk.person)
    return _Found(*found, kept, document)


def _writes(found: _Found, made: PostMortemChange, desk: Desk) -> list[Write]:
    """The post-mortem, what was written as a revision of its own, and a line of the incident's record."""
    after, now = made.post_mortem, desk.clock.now()
    if after is None:
        return []
    writes = [post_mortem_write(after, found.document)]
    detail = after.no_action and f"no action because: {after.no_action}"
    if made.outcome is PostMortemOutcome.WRITTEN:
        revision = {"incident": after.incident, "revision": after.revision, "by": desk.person, "at": now}
        body = body_of({**revision, "sections": dict(after.sections)})
        writes.append(Create(REVISIONS, revision_name(after.incident, after.revision), body))
        detail = as_recorded(after.revision, after.sections)
    entry = TimelineEntry(now, EVENT, made.outcome, desk.person, detail)
    return [*writes, *incident_writes(found.incident, [entry], found.version)]


def _draft(incident: Incident, config: Configuration, now: datetime, owner: str = "") -> PostMortem:
    default = owner or config.directory.default_contact
    return opened(incident, config.post_mortems, default_owner=default, now=now)

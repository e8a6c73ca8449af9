"""What people post on the status page: a new incident, the next word on one, that it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.permissions import Permission, may
from shared.domain.signals import bounded, digest
from shared.domain.status import Bilingual, Condition, Post, Stage, Update
from shared.domain.status_watch import Standing
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore, Write
from shared.usecases.audited import Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_outbox
from shared.usecases.records import value_of
from shared.usecases.status_changes import look_at_status
from shared.usecases.status_look import mail_write
from shared.usecases.status_state import LISTED, POSTS, post_write, posts, standings

LONGEST_TITLE = 150
LONGEST_TEXT = 2_000
NO_TITLE = Bilingual()


@dataclass(frozen=True, slots=True)
class PostWish:
    """What somebody wants to be read on the status page.

    `post` names the one to go on with; without it the newest open one about any of the `components`, or about the same
    `incident` (an internal id the page never shows), is gone on with; where there is none a new one is opened, which
    needs a title or components. `condition` is how the components are ("" says nothing of that). Stage RESOLVED ends
    the post. `key` makes the wish happen once, however often it is made.
    """

    author: str
    text: Bilingual
    stage: Stage = Stage.INVESTIGATING
    title: Bilingual = NO_TITLE
    components: tuple[str, ...] = ()
    condition: str = ""
    post: str = ""
    incident: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """The post as it is now, or why nothing was posted."""

    post: Post | None
    refused: str = ""


def post_update(
    wish: PostWish, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> Posted:
    """Post what a person wrote; from then on nothing is posted by itself in that post. Subscribers are told."""
    refused = _refusal(wish, config)
    if refused:
        return Posted(None, refused)
    posted = committed(lambda: _attempt(wish, config, store, publisher, clock.now()))
    if posted.post is not None:
        look_at_status(publisher, posted.post.id)
    return posted


def _refusal(wish: PostWish, config: Configuration) -> str:
    if not may(wish.author, Permission.PUBLISH, config.directory):
        return f"{wish.author!r} may not post: only people of the on-call list may, observers excepted"
    if not (wish.text.en.strip() or wish.text.ar.strip()):
        return "there is nothing to read: write a text in English or Arabic"
    unknown = [name for name in wish.components if name not in config.status.components]
    if unknown:
        return f"there is no component {', '.join(unknown)}; there are {', '.join(config.status.components)}"
    if wish.condition and wish.condition not in set(Condition):
        return f"{wish.condition!r} is no condition; write one of {', '.join(Condition)}"
    return ""


def _attempt(wish: PostWish, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> Posted:
    known = posts(store, since=now - LISTED)
    made = next((post for post in known if wish.key and any(said.key == wish.key for said in post.updates)), None)
    if made is not None:
        return Posted(made)
    name = wish.post or _going_on(wish, known) or digest("status", wish.author, wish.key or now.isoformat(), size=6)
    document = store.get(POSTS, name)
    before = value_of(document, Post) if document else None
    if wish.post and before is None:
        return Posted(None, f"there is no post {wish.post}")
    if before is None and not (wish.title.en or wish.title.ar or wish.components):
        return Posted(None, "no open post is about that; write a title, or name components, to open one")
    after = _written(before or Post(name, now, wish.components), wish, now)
    writes: list[Write] = [post_write(after, document.version if document else None), mail_write(after, now)]
    writes += audit_writes(store, Act(now, wish.author, f"status posted: {wish.stage}", name))
    if wish.stage is Stage.RESOLVED or wish.condition == Condition.WORKS:
        writes.append(_believed(store, after, config, now))
    store.commit(writes)
    publish_outbox(store, publisher, writes)
    return Posted(after)


def _going_on(wish: PostWish, known: list[Post]) -> str:
    """The newest open post the wish is about."""
    still_open = [post for post in known if post.is_open]
    same = (post.id for post in still_open if wish.incident and wish.incident == post.incident)
    about = (post.id for post in still_open if set(wish.components) & set(post.components))
    return next(same, "") or next(about, "")


def _written(post: Post, wish: PostWish, now: datetime) -> Post:
    text = Bilingual(bounded(wish.text.en.strip(), LONGEST_TEXT), bounded(wish.text.ar.strip(), LONGEST_TEXT))
    update = Update(now, wish.stage, wish.author, components=wish.components, text=text, key=wish.key)
    title = Bilingual(
        bounded(wish.title.en.strip() or post.title.en, LONGEST_TITLE),
        bounded(wish.title.ar.strip() or post.title.ar, LONGEST_TITLE),
    )
    return replace(
        post,
        title=title,
        components=tuple(dict.fromkeys((*post.components, *wish.components))),
        updates=(*post.updates, update),
        condition=wish.condition or post.condition,
        ended_at=now if wish.stage is Stage.RESOLVED else None,
        incident=wish.incident or post.incident,
    )


def _believed(store: StateStore, post: Post, config: Configuration, now: datetime) -> Write:
    """A person's word that it works stands against the checks for a while."""
    known = standings(store)
    until = now + config.status.patience.believed
    mended: Mapping[str, Standing] = {
        name: replace(known.each.get(name, Standing()), believed_until=until) for name in post.components
    }
    return known.write({**known.each, **mended})

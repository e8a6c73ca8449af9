"""One look at every component of the status page, and what is said by itself because of it."""

from datetime import datetime

from shared.domain.configuration import Configuration
from shared.domain.status import Post
from shared.domain.status_watch import announce, stand_all
from shared.ports.platform import Publisher
from shared.ports.store import StateStore, Write
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_outbox
from shared.usecases.records import outbox_write
from shared.usecases.status_state import LISTED, MAILS, kept_posts, post_write, scene, standings

NO_CURSOR = ""


def look(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> list[Post]:
    """Look, remember, and post what has to be said; returns the posts that were changed."""
    return committed(lambda: _attempt(config, store, publisher, now))


def mail_write(post: Post, now: datetime) -> Write:
    """The outbox row that has subscribers told of what a post says last."""
    number = len(post.updates) - 1
    data = {"post": post.id, "update": number, "after": NO_CURSOR}
    return outbox_write(f"status-mail-{post.id}-{number}", MAILS, data, due_at=now)


def _attempt(config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> list[Post]:
    before, seen = standings(store), scene(config, store, now)
    after = stand_all(before.each, seen)
    known = kept_posts(store, since=now - LISTED)
    changed = announce([post for post, _ in known.values()], after, seen)
    if after == before.each and not changed:
        return []
    writes: list[Write] = [before.write(after)]
    for post in changed:
        version = known[post.id][1] if post.id in known else None
        writes += [post_write(post, version), mail_write(post, now)]
    store.commit(writes)
    publish_outbox(store, publisher, writes)
    return changed

"""The monthly review: put together from what is on record, and mailed to its readers once, on the 1st."""

from collections.abc import Iterator
from datetime import datetime

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.domain.post_mortems import PostMortem, Wanted, wanted
from shared.domain.reviews import Month, Review, month_to_review, open_actions, repeated
from shared.ports.platform import Publisher
from shared.ports.store import Query, StateStore
from shared.rendering.monthly_review import review_texts
from shared.usecases.bulletins import by_email, tell
from shared.usecases.post_mortems import POST_MORTEMS, read_post_mortem
from shared.usecases.records import BULLETINS, INCIDENTS, instant, value_of
from shared.usecases.tasks import open_tasks

MOST = 10_000


def review_of(month: Month, *, config: Configuration, store: StateStore, now: datetime) -> Review:
    """What the month left to be done, as it stands now."""
    rules = config.post_mortems
    began = list(_incidents("opened_at", month, store))
    found = (
        (one, read_post_mortem(store, one.id), wanted(one, rules)) for one in _incidents("resolved_at", month, store)
    )
    overdue = store.find(
        Query(POST_MORTEMS, equal={"is_open": "yes"}, order_by="due_at", high=instant(now), limit=MOST)
    )
    return Review(
        month=month,
        ended=tuple((one, kept) for one, kept, why in found if kept is not None or why is Wanted.YES),
        overdue=tuple(value_of(row, PostMortem) for row in overdue),
        actions=open_actions(open_tasks(store)),
        repeats=repeated(began, rules.repeats),
        now=now,
    )


def tell_review(*, config: Configuration, store: StateStore, publisher: Publisher, now: datetime) -> int:
    """Mail last month's review to its readers; how many mails were planned, 0 when it is not the day or was told."""
    month = month_to_review(now)
    readers = config.directory.members(config.post_mortems.readers)
    if month is None or not readers or store.get(BULLETINS, _name(month)) is not None:
        return 0
    review = review_of(month, config=config, store=store, now=now)
    people = {name: person.name for name, person in config.directory.people.items()}
    bulletin = Bulletin(_name(month), BulletinKind.NOTICE, now, review_texts(review, people))
    return len(tell(bulletin, by_email(readers, bulletin, config.directory), store=store, publisher=publisher))


def _incidents(by: str, month: Month, store: StateStore) -> Iterator[Incident]:
    low, high = instant(month.start), instant(month.following.start)
    for row in store.find(Query(INCIDENTS, order_by=by, low=low, high=high, limit=MOST)):
        if row.body[by] < high:
            yield value_of(row, Incident)


def _name(month: Month) -> str:
    return f"post-mortem-review-{month}"

"""The monthly review as a mail and as lines: what ended, what is overdue, what is open, what keeps coming back."""

from collections.abc import Iterator, Mapping

from shared.domain.bulletins import BulletinText
from shared.domain.incidents import Incident
from shared.domain.post_mortems import PostMortem
from shared.domain.reviews import Review
from shared.domain.tasks import Task
from shared.rendering.catalogue import words
from shared.rendering.escaping import isolated
from shared.rendering.post_mortem_words import foreign, post_mortem_words
from shared.rendering.view import cairo, lasting

LOCALES = ("en", "ar")
LISTED = 60


def review_texts(review: Review, people: Mapping[str, str]) -> Mapping[str, BulletinText]:
    """The review in both languages; incidents by their names, never by their titles."""
    return {locale: review_text(review, people, locale) for locale in LOCALES}


def review_text(review: Review, people: Mapping[str, str], locale: str = "en") -> BulletinText:
    """The review in one language."""
    say = post_mortem_words(locale)
    month = isolated(str(review.month)) if locale == "ar" else str(review.month)
    lines = [
        *_list(say["ended_list"].format(number=len(review.ended)), _ended(review, locale), locale),
        *_list(say["overdue_list"].format(number=len(review.overdue)), _overdue(review, people, locale), locale),
        *_list(say["actions_list"].format(number=len(review.actions)), _actions(review, people, locale), locale),
        *_list(say["repeats_list"], _repeats(review, locale), locale),
    ]
    return BulletinText(say["review"].format(month=month), tuple(lines))


def _list(title: str, items: Iterator[str], locale: str) -> Iterator[str]:
    say, found = post_mortem_words(locale), list(items)
    yield f"{title}:"
    yield from (f"• {item}" for item in found[:LISTED] or (say["nothing"],))
    if len(found) > LISTED:
        yield f"• {say['more'].format(number=len(found) - LISTED)}"
    yield ""


def _ended(review: Review, locale: str) -> Iterator[str]:
    for incident, mortem in review.ended:
        yield _joined(locale, _incident(incident, locale), _state(mortem, review, locale))


def _incident(incident: Incident, locale: str) -> str:
    end = incident.resolved_at or incident.last_fired_at
    took = lasting(incident.started_at, end, locale)
    return _joined(locale, f"{words(locale)[incident.severity]} {incident.id}", foreign(incident.service, locale), took)


def _state(mortem: PostMortem | None, review: Review, locale: str) -> str:
    say = post_mortem_words(locale)
    if mortem is None:
        return say["has_none"]
    if not mortem.is_open:
        return say["is_completed"]
    due = say["by_day"].format(when=cairo(mortem.due_at, locale))
    late = say["late"].format(span=lasting(mortem.due_at, review.now, locale)) if mortem.is_overdue(review.now) else ""
    return _joined(locale, say["is_draft"], late or due)


def _overdue(review: Review, people: Mapping[str, str], locale: str) -> Iterator[str]:
    say = post_mortem_words(locale)
    for mortem in review.overdue:
        late = say["late"].format(span=lasting(mortem.due_at, review.now, locale))
        yield _joined(locale, mortem.incident, foreign(people.get(mortem.owner, mortem.owner), locale), late)


def _actions(review: Review, people: Mapping[str, str], locale: str) -> Iterator[str]:
    for task in review.actions:
        yield _action(task, people, locale)


def _action(task: Task, people: Mapping[str, str], locale: str) -> str:
    due = post_mortem_words(locale)["by_day"].format(when=cairo(task.due_at, locale))
    owner = foreign(people.get(task.owner, task.owner), locale)
    return _joined(locale, foreign(task.text, locale), owner, due, task.incident)


def _repeats(review: Review, locale: str) -> Iterator[str]:
    say = post_mortem_words(locale)
    for rule, number in review.repeats:
        yield say["times_count"].format(rule=foreign(rule, locale), number=number)


def _joined(locale: str, *parts: str) -> str:
    return post_mortem_words(locale)["comma"].join(part for part in parts if part)

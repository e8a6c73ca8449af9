"""What the record itself says under each heading of a post-mortem; nothing here is made up or written by hand."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from shared.domain.impacts import NAMES
from shared.domain.incidents import TimelineEntry
from shared.domain.post_mortems import Section
from shared.domain.stories import BROKEN, CHANGE, DIAGNOSIS, REOPENED, Story
from shared.domain.tasks import Task
from shared.rendering.catalogue import fact_name, recorded, words
from shared.rendering.post_mortem_words import foreign, post_mortem_words
from shared.rendering.view import cairo, span

MOMENT = timedelta(minutes=1)
HAND_WRITTEN = frozenset({Section.CAUSES, Section.WENT_WELL})


def facts(story: Story, section: Section, locale: str) -> list[str]:
    """The facts of a section, a line each, as plain text."""
    return list(_FACTS[section](story, locale)) if section in _FACTS else []


def is_to_be_written(story: Story, section: Section) -> bool:
    """True while a person owes the section something that no record can say."""
    if story.text(section):
        return False
    if section in HAND_WRITTEN:
        return True
    return not facts(story, section, "en")


def standing(story: Story, locale: str) -> str:
    """Draft, overdue or completed, and until when or by whom."""
    say, mortem = post_mortem_words(locale), story.post_mortem
    if not story.is_kept:
        return say["not_kept"]
    if mortem.completed_at is not None:
        name = foreign(story.name(mortem.completed_by), locale)
        return say["completed"].format(name=name, at=cairo(mortem.completed_at, locale))
    word = "overdue" if mortem.is_overdue(story.now) else "draft"
    return say[word].format(due=cairo(mortem.due_at, locale))


def written_by(story: Story, locale: str) -> str:
    """Which revision it is and whose; "" for a draft."""
    mortem = story.post_mortem
    if mortem.written_at is None:
        return ""
    name, at = foreign(story.name(mortem.written_by), locale), cairo(mortem.written_at, locale)
    return post_mortem_words(locale)["revision"].format(number=mortem.revision, name=name, at=at)


def to_write(story: Story, locale: str) -> str:
    """Who owes an empty section its text."""
    name = foreign(story.name(story.post_mortem.owner), locale)
    return post_mortem_words(locale)["to_write"].format(name=name)


def times(story: Story, locale: str) -> list[tuple[str, str]]:
    """How long each thing took from the beginning, by its name."""
    say, took = post_mortem_words(locale), story.elapsed
    spans = (
        ("detected", took.detected),
        ("told", took.told),
        ("acknowledged", took.acknowledged),
        ("mitigated", took.mitigated),
        ("resolved", took.resolved),
    )
    return [(say[name], say["not_noted"] if length is None else _span(length, locale)) for name, length in spans]


def told(entry: TimelineEntry, story: Story, locale: str) -> tuple[str, str, str, str]:
    """A line of the record: when, what, why or which, who."""
    event, reason = recorded(entry.event, locale), recorded(entry.reason, locale)
    about = [text for text in (reason if entry.reason != entry.event else "", foreign(entry.detail, locale)) if text]
    who = foreign(story.name(entry.actor), locale)
    return cairo(entry.at, locale), event, post_mortem_words(locale)["comma"].join(about), who


def action(task: Task, story: Story, locale: str) -> str:
    """An action item in a line: what, whose, until when."""
    say = post_mortem_words(locale)
    due = say["by_day"].format(when=cairo(task.due_at, locale))
    parts = (foreign(task.text, locale), foreign(story.name(task.owner), locale), due, task.id)
    return say["comma"].join(parts)


def _summary(story: Story, locale: str) -> Iterator[str]:
    say, incident = post_mortem_words(locale), story.incident
    yield say["what"].format(text=foreign(incident.title, locale))
    yield say["severity"].format(text=words(locale)[incident.severity])
    yield say["service"].format(text=foreign(incident.service, locale))
    yield say["began"].format(at=cairo(min(incident.started_at, incident.opened_at), locale))
    took = story.elapsed.resolved
    if incident.resolved_at is None or took is None:
        yield say["goes_on"]
    else:
        yield say["ended"].format(at=cairo(incident.resolved_at, locale), span=_span(took, locale))
    yield say["events"].format(number=incident.count)
    if again := len(story.said(REOPENED)):
        yield say["reopened"].format(number=again)
    if incident.merged:
        yield say["merged"].format(text=foreign(", ".join(incident.merged), locale))
    if incident.owner:
        yield say["owner"].format(name=foreign(story.name(incident.owner), locale))
    for role, person in incident.roles.items():
        yield f"{words(locale)[role]}: {foreign(story.name(person), locale)}"


def _impact(story: Story, locale: str) -> Iterator[str]:
    for name, value in story.incident.values.items():
        if name in NAMES:
            yield f"{fact_name(name, locale)}: {foreign(value, locale)}"


def _detection(story: Story, locale: str) -> Iterator[str]:
    say, incident = post_mortem_words(locale), story.incident
    rule, source = foreign(incident.rule, locale), foreign(incident.source, locale)
    yield say["seen_by"].format(rule=rule, source=source)
    broken = story.said(BROKEN)
    for entry in broken:
        detail = f"{recorded(entry.reason, locale)} ({foreign(entry.detail, locale)})"
        yield say["broken"].format(text=detail)
    if not broken and incident.resolved_at is not None:
        yield say["kept"]


def _causes(story: Story, locale: str) -> Iterator[str]:
    say = post_mortem_words(locale)
    yield from (say["change"].format(text=foreign(entry.detail, locale)) for entry in story.said(CHANGE))
    yield from (say["diagnosis"].format(text=foreign(entry.detail, locale)) for entry in story.said(DIAGNOSIS))


def _actions(story: Story, locale: str) -> Iterator[str]:
    say = post_mortem_words(locale)
    for task in story.actions:
        yield f"{say['open' if task.is_open else 'done']}: {action(task, story, locale)}"
    if story.post_mortem.no_action:
        yield say["no_action"].format(text=foreign(story.post_mortem.no_action, locale))


def _span(length: timedelta, locale: str) -> str:
    return post_mortem_words(locale)["moments"] if length < MOMENT else span(length, locale)


_FACTS: dict[Section, Callable[[Story, str], Iterator[str]]] = {
    Section.SUMMARY: _summary,
    Section.IMPACT: _impact,
    Section.DETECTION: _detection,
    Section.CAUSES: _causes,
    Section.ACTIONS: _actions,
}

"""A post-mortem as a page that prints well: what the record says, and what people wrote."""

from dataclasses import dataclass

from shared.domain.post_mortems import Section
from shared.domain.stories import Story
from shared.rendering.post_mortem_facts import facts, is_to_be_written, standing, times, to_write, told, written_by
from shared.rendering.post_mortem_words import post_mortem_words
from shared.rendering.runbook import Part, parts
from shared.rendering.templating import render

BEFORE_THE_TIMES = (Section.SUMMARY, Section.IMPACT, Section.DETECTION)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A section as the page shows it: facts of the record, then what people wrote, or who owes it."""

    title: str
    facts: list[str]
    parts: tuple[Part, ...]
    missing: str


def post_mortem_page(story: Story, *, locale: str = "en") -> str:
    """The page; every text in it is escaped, and what people wrote is shown in its own direction."""
    say = post_mortem_words(locale)
    shown = {section: _shown(story, section, locale) for section in Section}
    return render(
        "post_mortem.html",
        locale=locale,
        here=say,
        incident=story.incident,
        title=say["title"].format(incident=story.incident.id),
        standing=standing(story, locale),
        is_overdue=story.is_kept and story.post_mortem.is_overdue(story.now),
        is_completed=not story.post_mortem.is_open,
        revision=written_by(story, locale),
        first=[shown[section] for section in BEFORE_THE_TIMES],
        times=times(story, locale),
        lines=[told(line, story, locale) for line in story.lines],
        last=[shown[section] for section in Section if section not in BEFORE_THE_TIMES],
    )


def _shown(story: Story, section: Section, locale: str) -> _Shown:
    missing = to_write(story, locale) if is_to_be_written(story, section) else ""
    given = facts(story, section, locale)
    return _Shown(post_mortem_words(locale)[section], given, parts(story.text(section)), missing)

"""A post-mortem as a page that prints well: what the record says, what people wrote, and forms for who may write."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.post_mortems import Section
from shared.domain.stories import Story
from shared.rendering.assets import addresses
from shared.rendering.page_words import page_words
from shared.rendering.post_mortem_facts import facts, is_to_be_written, standing, times, to_write, told, written_by
from shared.rendering.post_mortem_words import post_mortem_words
from shared.rendering.runbook import Part, parts
from shared.rendering.templating import render

BEFORE_THE_TIMES = (Section.SUMMARY, Section.IMPACT, Section.DETECTION)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A section as the page shows it: facts of the record, then what people wrote (as they did), or who owes it."""

    name: str
    title: str
    facts: list[str]
    text: str
    parts: tuple[Part, ...]
    missing: str


def post_mortem_page(story: Story, frame: Mapping[str, Any], *, may_write: bool, locale: str = "en") -> str:
    """The page for who signed in; every text is escaped, and what people wrote is shown in its own direction."""
    here, values = page_words(locale), _values(story, locale)
    return render(
        "post_mortem.html", locale=locale, here=here, assets=addresses(), frame=frame, may_write=may_write, **values
    )


def post_mortem_file(story: Story, *, locale: str = "en") -> str:
    """The same as a file of its own, for a mail or a printer."""
    return render("post_mortem_file.html", locale=locale, frame={}, may_write=False, **_values(story, locale))


def _values(story: Story, locale: str) -> dict[str, Any]:
    say, mortem = post_mortem_words(locale), story.post_mortem
    shown = {section: _shown(story, section, locale) for section in Section}
    return {
        "mortem": say,
        "incident": story.incident,
        "title": say["title"].format(incident=story.incident.id),
        "standing": standing(story, locale),
        "is_kept": story.is_kept,
        "is_overdue": story.is_kept and mortem.is_overdue(story.now),
        "is_completed": not mortem.is_open,
        "base": mortem.revision,
        "revision": written_by(story, locale),
        "first": [shown[section] for section in BEFORE_THE_TIMES],
        "times": times(story, locale),
        "lines": [told(line, story, locale) for line in story.lines],
        "last": [shown[section] for section in Section if section not in BEFORE_THE_TIMES],
    }


def _shown(story: Story, section: Section, locale: str) -> _Shown:
    missing = to_write(story, locale) if is_to_be_written(story, section) else ""
    given, text = facts(story, section, locale), story.text(section)
    return _Shown(section, post_mortem_words(locale)[section], given, text, parts(text), missing)

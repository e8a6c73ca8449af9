"""A post-mortem as Markdown that people edit and hand back; what the record says is marked and never read back."""

import re
from collections.abc import Iterator

from shared.domain.post_mortems import Section
from shared.domain.stories import Story
from shared.rendering.post_mortem_facts import facts, is_to_be_written, standing, times, to_write, told, written_by
from shared.rendering.post_mortem_words import post_mortem_words

FROM_RECORD, END_OF_RECORD = "<!-- from the record -->", "<!-- end -->"
HEADER = "<!-- post-mortem {incident} revision {revision} -->"
MOST = 400
_SPECIAL = re.compile(r"([\\`*_\[\]|~<>&!]|(?<=:)/(?=/)|(?<=www)\.)", re.IGNORECASE)


def post_mortem_markdown(story: Story, locale: str = "en") -> str:
    """The whole post-mortem: write under the headings, outside the marked parts."""
    mortem, say = story.post_mortem, post_mortem_words(locale)
    lines = [HEADER.format(incident=story.incident.id, revision=mortem.revision)]
    lines += [f"# {say['title'].format(incident=story.incident.id)}", "", *_marked([standing(story, locale)])]
    if who := written_by(story, locale):
        lines += _marked([who])
    for section in Section:
        if section is Section.CAUSES:
            lines += _computed(story, locale)
        lines += _section(story, section, locale)
    return "\n".join(lines) + "\n"


def literal(text: str) -> str:
    """A line that Markdown shows as it is inside a list: no markup, no HTML, nothing that becomes a link by itself."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _section(story: Story, section: Section, locale: str) -> Iterator[str]:
    yield from ("", f"## {post_mortem_words(locale)[section]}", "")
    given = [f"- {literal(fact)}" for fact in facts(story, section, locale)]
    if is_to_be_written(story, section):
        given.append(f"_{literal(to_write(story, locale))}_")
    if given:
        yield from (*_marked(given), "")
    if text := story.text(section):
        yield text


def _computed(story: Story, locale: str) -> Iterator[str]:
    say = post_mortem_words(locale)
    yield from ("", f"## {say['times']}", "")
    yield from _marked([f"- {literal(name)}: {literal(text)}" for name, text in times(story, locale)])
    yield from ("", f"## {say['timeline']}", "")
    yield from _marked(_timeline(story, locale))


def _timeline(story: Story, locale: str) -> list[str]:
    say, lines = post_mortem_words(locale), []
    for entry in story.lines[:MOST]:
        when, event, about, who = told(entry, story, locale)
        text = f"{event}: {about}" if about else event
        lines.append(f"- {literal(when)}{say['comma']}{literal(who)}{say['comma']}{literal(text)}")
    left = len(story.lines) - MOST
    return [*lines, *([f"- {say['more'].format(number=left)}"] if left > 0 else [])]


def _marked(lines: list[str]) -> list[str]:
    return [FROM_RECORD, *lines, END_OF_RECORD]

"""What was found out about an incident by itself, as sections of a page (templates/explained.html)."""

from dataclasses import dataclass

from shared.domain.impact_statements import Statement
from shared.domain.incidents import Incident
from shared.rendering.diagnosis import told
from shared.rendering.diagnosis_words import words
from shared.rendering.impact import impact_details, impact_sentence, impact_span, impact_title
from shared.rendering.suspects import suspect_lines
from shared.rendering.view import Explained


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what matters, what is behind it, and what is worth a small line."""

    title: str
    sentences: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def explained_sections(explained: Explained, incident: Incident, locale: str) -> list[Section]:
    """Only what there is to say."""
    sections = []
    lines = suspect_lines(incident, explained.suspects, locale)
    if lines:
        sections.append(Section(words(locale)["may_explain"], sentences=tuple(lines)))
    impact = explained.impact
    if impact is not None:
        sections.append(_of_impact(impact, locale))
    diagnosis = explained.diagnosis
    if diagnosis is not None and diagnosis.finished_at is not None:
        said = told(diagnosis, incident, locale)
        notes = tuple(text for text in (said.unknown, said.span) if text)
        sections.append(Section(said.title, said.sentences, said.details, notes))
    return sections


def _of_impact(impact: Statement, locale: str) -> Section:
    sentence, span = impact_sentence(impact, locale), impact_span(impact, locale)
    return Section(impact_title(impact, locale), (sentence,), impact_details(impact, locale), (span,))

"""A diagnosis as people read it at three in the morning: what stands out, then each probe, then what is unknown."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.diagnoses import Answered, Diagnosis, Finding, Measure, Part, Telling, telling
from shared.domain.incidents import Incident
from shared.domain.rules import Unit
from shared.ports.messages import SlackBody
from shared.rendering.diagnosis_words import probe_words, words
from shared.rendering.escaping import isolated, one_line, slack_literal
from shared.rendering.figures import SCALES, amount, figure
from shared.rendering.plurals import after_a_preposition
from shared.rendering.view import cairo, lasting

SECTION = 2_900
NAME = 120
FALLBACK = 300
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Told:
    """A diagnosis in words: the `sentences` that matter, (probe, what it says) as `details`, what nobody could say."""

    title: str
    sentences: tuple[str, ...]
    details: tuple[tuple[str, str], ...] = ()
    unknown: str = ""
    span: str = ""


def told(diagnosis: Diagnosis, incident: Incident, locale: str = "en") -> Told:
    """The diagnosis for a reader of the locale; names from outside stay one line each."""
    say = words(locale)
    best = [_sentence(one, incident, locale) for one in telling(diagnosis.findings)]
    asked = diagnosis.findings
    if asked and len(diagnosis.blind) == len(asked):
        best = [say["none"]]
    named = {one.part.name for one in telling(asked)}
    details = tuple(
        (probe_words(one.probe, locale)[0], _detail(one, locale))
        for one in asked
        if one.answered is Answered.ANSWERED and not _is_told(one, named)
    )
    nothing = [probe_words(one.probe, locale)[0] for one in asked if one.answered is Answered.NOTHING]
    if nothing:
        details = (*details, (say["found_nothing"], _comma(locale).join(nothing)))
    return Told(
        say["diagnosis"],
        tuple(best) or (say["nothing"],),
        details,
        _unknown(diagnosis, locale),
        _span(diagnosis.since, diagnosis.started_at, locale),
    )


def diagnosis_slack(diagnosis: Diagnosis, incident: Incident) -> SlackBody:
    """The message in the incident's thread. All of it is plain text: nothing a probe found is markup."""
    said = told(diagnosis, incident)
    head = "\n".join((f"{said.title} {incident.id}", *said.sentences))
    body = "\n".join(f"{name}: {text}" for name, text in said.details)
    blocks = [_section(text) for text in (head, body, said.unknown, said.span) if text]
    return SlackBody(slack_literal(f"{said.title} {incident.id}: {said.sentences[0]}"[:FALLBACK]), tuple(blocks))


def diagnosis_text(said: Told) -> list[str]:
    """The diagnosis as lines of a plain mail."""
    lines = [f"{said.title}:", *said.sentences, "", *(f"{name}: {text}" for name, text in said.details)]
    return [*lines, *(text for text in (said.unknown, said.span) if text)]


def _sentence(one: Telling, incident: Incident, locale: str) -> str:
    part = one.part
    return probe_words(one.probe, locale)[1].format(
        now=_figure(part.now, one.measure, locale),
        usual=_usual(part, one.measure, locale),
        name=_foreign(part.name, locale),
        ago=after_a_preposition(lasting(part.at, incident.began_at, locale)) if part.at else "",
    )


def _is_told(finding: Finding, named: set[str]) -> bool:
    """True for facts that have had their sentence; figures are worth their comparison again."""
    return finding.measure is Measure.FACT and {part.name for part in finding.parts} <= named


def _detail(finding: Finding, locale: str) -> str:
    return _comma(locale).join(_part(part, finding.measure, locale) for part in finding.parts[:SHOWN])


def _part(part: Part, measure: Measure, locale: str) -> str:
    name = _foreign(part.name, locale)
    if measure is Measure.FACT:
        return name + (f" ({cairo(part.at, locale)})" if part.at else "")
    return f"{name} {_figure(part.now, measure, locale)}{_usual(part, measure, locale)}"


def _figure(value: float, measure: Measure, locale: str) -> str:
    if measure is Measure.LEVEL:
        return figure(value)
    return amount(round(value), SCALES[Unit.PERCENT][0], locale)


def _usual(part: Part, measure: Measure, locale: str) -> str:
    if part.usual is None or measure is Measure.FACT:
        return ""
    return words(locale)["usually"].format(_figure(part.usual, measure, locale))


def _unknown(diagnosis: Diagnosis, locale: str) -> str:
    """What could not be said, and why, the same reason once."""
    by_reason: dict[str, list[str]] = {}
    for finding in diagnosis.blind:
        by_reason.setdefault(_reason(finding, locale), []).append(probe_words(finding.probe, locale)[0])
    parts = [f"{_comma(locale).join(names)} ({reason})" for reason, names in by_reason.items()]
    return f"{words(locale)['blind']}: {'; '.join(parts)}" if parts else ""


def _reason(finding: Finding, locale: str) -> str:
    if finding.answered is Answered.NOT_HERE and finding.detail and locale != "ar":
        return one_line(finding.detail)[:NAME]
    return words(locale)[finding.answered]


def _span(since: datetime | None, until: datetime, locale: str) -> str:
    if since is None:
        return ""
    return words(locale)["looked_at"].format(cairo(since, locale), cairo(until, locale))


def _foreign(text: str, locale: str) -> str:
    """A name that is not ours, on one line; in Arabic it keeps its own direction."""
    line = one_line(text)[:NAME]
    return isolated(line) if locale == "ar" else line


def _comma(locale: str) -> str:
    return "، " if locale == "ar" else ", "


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "plain_text", "text": text[:SECTION], "emoji": False}}

"""What is said beside a chart on a slide: what else happened meanwhile, and who measured it over what time."""

from collections.abc import Iterator
from datetime import timedelta

from shared.domain.chart_data import Chart, Mark, MarkKind
from shared.domain.figures import Gap, Span
from shared.rendering.chart_times import moment_words, span_words
from shared.rendering.chart_words import MARKS, gap_words, mark_label, say, source_words
from shared.rendering.escaping import isolated, one_line
from shared.rendering.report_words import report_words

MOST_MARKS = 4
LONGEST = 60
NO_STEP = timedelta(0)


def source_line(chart: Chart, locale: str) -> str:
    """The span, whose clocks, who measured, and whether everything has arrived."""
    source = f"{say(locale)['source']}: {source_words(chart.source, locale)}" if chart.source else ""
    late = gap_words(Gap.LATE, locale) if chart.gap is Gap.LATE else ""
    return " · ".join(part for part in (span_words(chart.span, locale), say(locale)["zone"], source, late) if part)


def marks_line(chart: Chart, locale: str) -> str:
    """Incidents, releases and maintenance in the span, the first few in words; "" for none."""
    told = [mark for mark in chart.marks if _kind(mark) in MARKS]
    said = [_mark(mark, locale) for mark in told[:MOST_MARKS]]
    if len(told) > MOST_MARKS:
        said.append(report_words(locale)["more_rows"].format(count=len(told) - MOST_MARKS))
    return report_words(locale)["semicolon"].join(said)


def _mark(mark: Mark, locale: str) -> str:
    """An event: "critical incident INC-0001, 29 Nov 12:30 to 14:00: Checkout fails"."""
    return f"{' '.join(_named(mark, locale))}{report_words(locale)['comma']}{_when(mark, locale)}{_what(mark, locale)}"


def _named(mark: Mark, locale: str) -> Iterator[str]:
    yield mark_label(*_kind(mark), locale)
    if mark.id:
        yield isolated(one_line(mark.id)) if locale == "ar" else one_line(mark.id)


def _when(mark: Mark, locale: str) -> str:
    if mark.until is None or mark.until <= mark.at:
        return moment_words(mark.at, NO_STEP, locale)
    return span_words(Span(mark.at, mark.until), locale)


def _what(mark: Mark, locale: str) -> str:
    line = one_line(mark.text)
    shown = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    return f": {isolated(shown) if locale == 'ar' else shown}" if shown else ""


def _kind(mark: Mark) -> tuple[MarkKind, str]:
    return mark.kind, mark.severity if mark.kind is MarkKind.INCIDENT else ""

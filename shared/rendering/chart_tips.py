"""What a live chart says under the pointer: a step's figures and what else happened then, or a ranked bar's."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from shared.domain.chart_data import ChartKind, Mark
from shared.rendering.chart_frame import Frame, Rows
from shared.rendering.chart_ranked import rank_name
from shared.rendering.chart_tables import NONE, Values, steps
from shared.rendering.chart_times import moment_words
from shared.rendering.chart_words import full_label, mark_label, say
from shared.rendering.escaping import isolated, one_line
from shared.rendering.figures import amount

LONGEST = 60  # letters of a text from outside
MOST = 3  # things that happened at once

Data = Mapping[str, Rows]


def with_tips(data: Data, frame: Frame) -> dict[str, Rows]:
    """The data sets of the chart; each step or bar has its lines of text as `tip`, what it is about first."""
    name, tips = ("ranks", _ranks(frame)) if frame.chart.kind is ChartKind.RANKED else ("points", _steps(frame))
    rows = data.get(name, [])
    told = [row | {"tip": "\n".join(lines)} for row, lines in zip(rows, tips, strict=False)]
    return {**data, **({name: told} if rows else {})}


def _steps(frame: Frame) -> Iterator[list[str]]:
    chart, locale, step = frame.chart, frame.locale, timedelta(seconds=frame.chart.step_seconds)
    labels = [full_label(line, chart, locale) for line in chart.lines]
    for at, values in steps(chart):
        yield [moment_words(at, step, locale), *_figures(labels, values, frame), *_happened(at, at + step, frame)]


def _figures(labels: list[str], values: Values, frame: Frame) -> Iterator[str]:
    for label, value in zip(labels, values, strict=True):
        yield f"{label}: {NONE if value is None else amount(value, frame.ladder.scale, frame.locale)}"


def _happened(since: datetime, until: datetime, frame: Frame) -> list[str]:
    marks = (mark for mark in frame.chart.marks if mark.at < until and (mark.until or mark.at) >= since)
    return [_mark_words(mark, frame.locale) for mark in marks][:MOST]


def _mark_words(mark: Mark, locale: str) -> str:
    kind = mark_label(mark.kind, mark.severity, locale)
    text = one_line(mark.text)
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f"{kind}: {isolated(shown) if locale == 'ar' else shown}" if shown else kind


def _ranks(frame: Frame) -> Iterator[list[str]]:
    locale, scale = frame.locale, frame.ladder.scale
    for rank in frame.chart.ranks:
        before = [] if rank.before is None else [f"{say(locale)['before']}: {amount(rank.before, scale, locale)}"]
        yield [rank_name(rank, locale), f"{say(locale)['now']}: {amount(rank.value, scale, locale)}", *before]

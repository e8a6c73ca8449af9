"""Charts as tables: CSV and JSON for programs, rows for slides and readers, and one sentence for who hears."""

import csv as standard_csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO

from shared.domain.chart_data import Chart, ChartKind, Line, MarkKind, Role
from shared.domain.periods import ZONE
from shared.domain.rules import Unit
from shared.rendering.catalogue import words
from shared.rendering.chart_ranked import rank_name
from shared.rendering.chart_scales import values_of
from shared.rendering.chart_times import A_DAY, moment_words, span_words
from shared.rendering.chart_words import chart_title, full_label, gap_words, say
from shared.rendering.escaping import one_line
from shared.rendering.figures import SCALES, amount, scale_of
from shared.rendering.plurals import numbered

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run
NONE = "\u2013"
MARK_OF_UTF8 = "\ufeff"  # without it Excel takes Arabic for something else

Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A chart's figures, in its unit: `columns` name the values of each row, which begins with its own name."""

    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, Values], ...]


def sheet(chart: Chart, locale: str = "en") -> Sheet:
    """All steps or bars of the chart; a step at which a line has no value is None."""
    if chart.kind is ChartKind.RANKED:
        with_before = any(rank.before is not None for rank in chart.ranks)
        columns = (say(locale)["now"], *([say(locale)["before"]] if with_before else []))
        ranked = ((rank_name(rank, locale), (rank.value, rank.before)[: len(columns)]) for rank in chart.ranks)
        return Sheet(say(locale)["region"], columns, tuple(ranked))
    step = timedelta(seconds=chart.step_seconds)
    columns = tuple(full_label(line, chart, locale) for line in chart.lines)
    rows = ((moment_words(at, step, locale), values) for at, values in steps(chart))
    return Sheet(say(locale)["day" if step >= A_DAY else "time"], columns, tuple(rows))


def rows(chart: Chart, locale: str = "en") -> list[tuple[str, ...]]:
    """The table as people read it, its header first: every figure with its unit, a dash where there is none."""
    shown = sheet(chart, locale)
    scale = scale_of(chart.unit, max(map(abs, values_of(chart)), default=0.0))
    body = (
        (name, *(NONE if value is None else amount(value, scale, locale) for value in values))
        for name, values in shown.rows
    )
    return [(shown.corner, *shown.columns), *body]


def csv(chart: Chart, locale: str = "en") -> str:
    """The table for a spreadsheet (RFC 4180): instants with their offset, bare figures, the unit in the header.

    Names from outside cannot become formulas.
    """
    shown, unit = sheet(chart, locale), _unit(chart.unit, locale)
    titles = (f"{name} ({unit})" if unit else name for name in shown.columns)
    text = StringIO()
    writer = standard_csv.writer(text)
    writer.writerow(map(_inert, (shown.corner, *titles)))
    writer.writerows([name, *values] for name, (_, values) in zip(_names(chart, locale), shown.rows, strict=True))
    return MARK_OF_UTF8 + text.getvalue()


def as_json(chart: Chart) -> str:
    """The chart for programs: instants in UTC, figures in the unit, names as their sources write them."""
    return json.dumps(
        {
            "chart": chart.name,
            "unit": chart.unit,
            "since": _stamp(chart.span.since),
            "until": _stamp(chart.span.until),
            "step_seconds": chart.step_seconds,
            "source": chart.source,
            "target": chart.target,
            "gap": chart.gap,
            "lines": [_line(line) for line in chart.lines],
            "ranks": [{"name": rank.name, "value": rank.value, "before": rank.before} for rank in chart.ranks],
            "marks": [
                {
                    "kind": mark.kind,
                    "at": _stamp(mark.at),
                    "until": _stamp(mark.until) if mark.until else None,
                    "text": one_line(mark.text),
                    "id": mark.id,
                    "severity": mark.severity,
                }
                for mark in chart.marks
            ],
        },
        ensure_ascii=False,
    )


def alt(chart: Chart, locale: str = "en") -> str:
    """The chart in one sentence, for who cannot see it."""
    about = f"{chart_title(chart.name, locale)}{words(locale)['comma']}{span_words(chart.span, locale)}"
    return f"{about}: {summary(chart, locale)}"


def summary(chart: Chart, locale: str = "en") -> str:
    """What the chart shows, for below its picture: its ends and extremes, or its longest bars."""
    if not values_of(chart):
        return gap_words(chart.gap, locale) if chart.gap else say(locale)["no_data"]
    told = (
        _ranked(chart, locale) if chart.kind is ChartKind.RANKED else [*_lines(chart, locale), *_beside(chart, locale)]
    )
    return words(locale)["comma"].join(told)


def _lines(chart: Chart, locale: str) -> Iterator[str]:
    """The main line's ends and extremes: the newest metric, the slowest percentile."""
    line = [line for line in chart.lines if line.role is not Role.BEFORE and _known(line)][-1:] or [chart.lines[-1]]
    known, say_ = _known(line[0]), say(locale)
    if len(chart.lines) > 1:
        yield full_label(line[0], chart, locale)
    scale, step = scale_of(chart.unit, max(map(abs, values_of(chart)))), timedelta(seconds=chart.step_seconds)
    low, high = min(known, key=lambda point: point[1]), max(known, key=lambda point: point[1])
    if low[1] == high[1]:
        yield say_["steady"].format(amount(low[1], scale, locale))
        return
    yield say_["first"].format(amount(known[0][1], scale, locale))
    yield say_["last"].format(amount(known[-1][1], scale, locale))
    for name, (at, value) in (("lowest", low), ("highest", high)):
        yield say_[name].format(amount(value, scale, locale), moment_words(at, step, locale))


def _beside(chart: Chart, locale: str) -> Iterator[str]:
    if chart.target is not None:
        scale = scale_of(chart.unit, max(map(abs, values_of(chart))))
        yield f"{say(locale)['target']} {amount(chart.target, scale, locale)}"
    if incidents := sum(mark.kind is MarkKind.INCIDENT for mark in chart.marks):
        yield numbered(incidents, "incident", locale)


def _ranked(chart: Chart, locale: str) -> Iterator[str]:
    scale = scale_of(chart.unit, chart.ranks[0].value)
    for rank in chart.ranks[:3]:
        yield f"{rank_name(rank, locale)} {amount(rank.value, scale, locale)}"


def _known(line: Line) -> list[tuple[datetime, float]]:
    return [(at, value) for at, value in line.points if value is not None]


def steps(chart: Chart) -> list[tuple[datetime, Values]]:
    """Every step at which any line has one, oldest first, with each line's value then."""
    by_line = [dict(line.points) for line in chart.lines]
    return [(at, tuple(line.get(at) for line in by_line)) for at in sorted({at for line in by_line for at in line})]


def _names(chart: Chart, locale: str) -> list[str]:
    """What a spreadsheet's rows begin with."""
    if chart.kind is ChartKind.RANKED:
        return [_inert(rank_name(rank, locale)) for rank in chart.ranks]
    local = [at.astimezone(ZONE) for at, _ in steps(chart)]
    by_day = chart.step_seconds >= A_DAY.total_seconds()
    return [str(at.date()) if by_day else at.isoformat() for at in local]


def _unit(unit: Unit, locale: str) -> str:
    smallest = SCALES[unit][0]
    return smallest.arabic if locale == "ar" else smallest.english


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _line(line: Line) -> dict[str, object]:
    points = [[_stamp(at), value] for at, value in line.points]
    return {"metric": line.metric, "role": line.role, "percentile": line.percentile, "points": points}


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")

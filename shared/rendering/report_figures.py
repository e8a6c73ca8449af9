"""Figures of reports in words: the value with its unit, its target, its change, how far it can be trusted."""

from dataclasses import dataclass

from shared.domain.figures import EVEN, Figure, Gap, Standing, Trend
from shared.domain.metrics import Metric
from shared.domain.rules import Unit
from shared.rendering.escaping import isolated
from shared.rendering.evidence import metric_name
from shared.rendering.figures import Scale, amount, figure, scale_of
from shared.rendering.report_names import GAPS, STANDINGS, TRENDS, named, source_names
from shared.rendering.report_times import short_moment
from shared.rendering.report_words import report_words

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure as a reader sees it; `standing` and `trend` are for colours, never said by colour alone.

    `value` says why where there is none; `gap` is then the same, or says that the value is not whole yet ("" = whole).
    `before` is the value in the span before, `change` is empty where nothing can be compared.
    """

    metric: str
    name: str
    value: str
    target: str
    standing: Standing
    state: str
    change: str
    trend: Trend
    before: str
    source: str
    gap: str
    is_known: bool


def figure_row(one: Figure, locale: str) -> FigureRow:
    """The figure in one language."""
    metric, gap = one.metric, named(one.gap, GAPS, locale) if one.gap else ""
    return FigureRow(
        metric=metric.name,
        name=metric_name(metric.name, locale),
        value=gap or named(Gap.NO_DATA, GAPS, locale) if one.value is None else value_words(metric, one.value, locale),
        target=target_words(one, locale),
        standing=one.standing,
        state=named(one.standing, STANDINGS, locale),
        change=_change(one, locale),
        trend=one.trend,
        before="" if one.before is None else value_words(metric, one.before, locale, beside=one.value),
        source=_source(one, locale),
        gap=gap,
        is_known=one.value is not None,
    )


def value_words(
    metric: Metric, value: float, locale: str, *, beside: float | None = None, apart_from: float | None = None
) -> str:
    """A value of the metric, on the scale of one that stands `beside` it.

    Unless it is the same it looks like none of these: that one, `apart_from`, the target.
    """
    apart = [other for other in (metric.target, beside, apart_from) if other is not None]
    return amount(value, _scale(metric, value, beside), locale, apart_from=apart)


def target_words(one: Figure, locale: str) -> str:
    """The target: "at most 1.5 s", in the value's unit, so that both compare at sight."""
    say, metric = report_words(locale), one.metric
    if metric.target is None:
        return say["no_target"]
    return say["at_least" if metric.at_least else "at_most"].format(value=goal_words(metric, one.value, locale))


def goal_words(metric: Metric, value: float | None, locale: str) -> str:
    """The target's figure on the scale of the value."""
    target = metric.target or 0.0
    return amount(target, _scale(metric, target, value), locale)


def change_words(change: float, unit: Unit, locale: str) -> str:
    """The change with its sign: "+12.4 %", or "-0.3 points" of a share."""
    sign = "" if abs(change) < EVEN else "+" if change > 0 else MINUS
    return _sized(f"{sign}{figure(abs(change))}", unit, locale)


def size_words(change: float, unit: Unit, locale: str) -> str:
    """How large the change is, without its sign."""
    return _sized(figure(abs(change)), unit, locale)


def _scale(metric: Metric, value: float, beside: float | None) -> Scale:
    """Times that reach from seconds to days have each their own."""
    is_own = beside is None or metric.unit is Unit.SECONDS
    return scale_of(metric.unit, value if is_own or beside is None else beside)


def _sized(number: str, unit: Unit, locale: str) -> str:
    if unit is Unit.PERCENT:
        shown = isolated(number) if locale == "ar" else number
        return report_words(locale)["points"].format(number=shown)
    return isolated(f"{number}%") if locale == "ar" else f"{number}\u00a0%"


def _change(one: Figure, locale: str) -> str:
    if one.value is None:
        return ""
    said = named(one.trend, TRENDS, locale)
    if one.change is None or one.trend is Trend.EVEN:
        return said
    return f"{change_words(one.change, one.metric.unit, locale)}{report_words(locale)['comma']}{said}"


def _source(one: Figure, locale: str) -> str:
    say, source = report_words(locale), source_names(one.metric.source, locale)
    if one.gap is Gap.NO_SOURCE or not source:
        return named(Gap.NO_SOURCE, GAPS, locale)
    if one.complete_until is None:
        return source
    if one.is_complete:
        return say["complete"].format(source=source)
    return say["complete_until"].format(source=source, at=short_moment(one.complete_until, locale))

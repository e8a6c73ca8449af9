"""Tiles: a figure with its target, its trend, how it stands and how far it can be trusted, in one language."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from shared.domain.boards import Board, Reach, Tile
from shared.domain.chart_data import Points
from shared.domain.figures import Figure, Gap, Trend
from shared.domain.metrics import Statistic
from shared.rendering.chart_times import moment_words
from shared.rendering.chart_words import source_words
from shared.rendering.dashboard_words import (
    GAPS,
    ICONS,
    LAST,
    STANDINGS,
    TO_SET,
    TRENDS,
    chosen,
    dashboard_words,
)
from shared.rendering.escaping import isolated
from shared.rendering.report_figures import size_words, target_words, value_words

A_MINUTE = timedelta(minutes=1)
WIDE, HIGH, EDGE = 120.0, 32.0, 2.0  # the small line's drawing
NONE = "\u2013"
ARROWS = {True: "\u2197", False: "\u2198"}

Words = Mapping[str, str]


def tile_words(tile: Tile, board: Board, locale: str) -> Words:
    """Every text of a tile by the name of its place; what has nothing to say is empty."""
    one = tile.figure
    return {
        "value": NONE if one.value is None else value_words(one.metric, one.value, locale),
        "icon": ICONS[one.standing],
        "state": chosen(STANDINGS[one.standing], locale),
        "target": target_words(one, locale) if one.metric.target is not None else "",
        "arrow": _arrow(one),
        "trend": _trend(one, board.reach, locale),
        "window": _window(one, board.reach, locale),
        "source": _source(tile, locale),
        "gap": gap_words(one, locale) if one.value is None else "",
        "late": dashboard_words(locale)["late"] if tile.is_late else "",
    }


def live_words(tile: Tile, board: Board, locale: str) -> Words:
    """The same of who is here now, which is of another span than the page."""
    span = tile.figure.span
    since, until = (moment(at, locale) for at in (span.since, span.until))
    window = dashboard_words(locale)["live_span"].format(since=since, until=until)
    return {**tile_words(tile, board, locale), "window": window}


def gap_words(one: Figure, locale: str) -> str:
    """Why there is no value, and what to set so that there is one."""
    if one.gap is None:
        return ""
    words = chosen(GAPS[one.gap], locale)
    silent = "" if one.gap is Gap.NO_SOURCE else one.metric.source
    if one.gap not in {Gap.NO_SOURCE, Gap.NO_DATA} or silent not in TO_SET:
        return words
    name = isolated(one.metric.name) if locale == "ar" else one.metric.name
    return f"{words}: {chosen(TO_SET[silent], locale).format(metric=name)}"


def moment(at: datetime, locale: str) -> str:
    """An instant on Cairo's clock: "30 Nov 02:59"."""
    return moment_words(at, A_MINUTE, locale)


def course(points: Points) -> str:
    """The small line as an SVG path: broken where nothing is known, flat where nothing changes."""
    known = [value for _, value in points if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    height = HIGH - 2 * EDGE
    x_of = WIDE / max(1, len(points) - 1)
    heights = (None if value is None else EDGE + height * _depth(value, low, high) for _, value in points)
    return "".join(_path((number * x_of, y) for number, y in enumerate(heights)))


def _path(places: Iterable[tuple[float, float | None]]) -> Iterable[str]:
    pen = "M"
    for x, y in places:
        if y is None:
            pen = "M"
            continue
        yield f"{pen}{x:.4g} {y:.3g}{'h.1' if pen == 'M' else ''}"
        pen = "L"


def _depth(value: float, low: float, high: float) -> float:
    return 1 - (value - low) / (high - low) if high > low else 0.5


def _arrow(one: Figure) -> str:
    if one.trend is Trend.UNKNOWN or one.change is None:
        return ""
    return "\u2192" if one.trend is Trend.EVEN else ARROWS[one.change > 0]


def _trend(one: Figure, reach: Reach, locale: str) -> str:
    say = dashboard_words(locale)
    then = say["month_ago" if reach is Reach.MONTH else "week_ago"]
    if one.value is None:
        return ""
    if one.change is None:
        return say["nothing_before"]
    if one.trend is Trend.EVEN:
        return say["same"].format(then=then)
    size = size_words(one.change, one.metric.unit, locale)
    told = say["more" if one.change > 0 else "less"].format(size=size, then=then)
    return f"{told}{say['comma']}{chosen(TRENDS[one.trend], locale)}"


def _window(one: Figure, reach: Reach, locale: str) -> str:
    say, last = dashboard_words(locale), chosen(LAST[reach], locale)
    if one.metric.statistic is Statistic.LAST:
        return say["newest"]
    return say["a_day"].format(last=last) if one.metric.statistic is Statistic.PER_DAY else last


def _source(tile: Tile, locale: str) -> str:
    one, say = tile.figure, dashboard_words(locale)
    source = source_words(one.metric.source, locale)
    if not source or one.complete_until is None or one.gap in {Gap.NO_DATA, Gap.FAILED}:
        return source
    if one.is_complete:
        return say["complete"].format(source=source)
    return say["complete_until"].format(source=source, at=moment(one.complete_until, locale))

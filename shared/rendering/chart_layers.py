"""Lines and bars over time with what happened beside them: the data sets and the layers that draw them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from shared.domain.chart_data import Chart, ChartKind, Line, Mark, MarkKind, Role
from shared.domain.figures import Span
from shared.rendering.chart_colours import Theme, colour_of, dash_of
from shared.rendering.chart_frame import (
    AXIS_SIZE,
    GAP,
    TEXT_SIZE,
    Frame,
    Layer,
    Rows,
    along,
    colour,
    haloed,
    layer,
    text,
    up,
)
from shared.rendering.chart_text import APART, directed, is_late, least_widths, shortened, text_width
from shared.rendering.chart_times import A_DAY, Tick, ticks
from shared.rendering.chart_words import say
from shared.rendering.figures import amount

VERSION_SIZE, VERSION_ROOM = 10, 112.0
LEAST_BAND = 0.004  # of the width: a short incident is seen, too
GAP_ROOM = 56  # pixels in which "no data" has room
SLIM, WIDE = 0.62, 0.86  # of its step's width: a bar, and what stands behind it
UPPER, LOWER = "upper", "lower"

Points = dict[datetime, dict[str, float | None]]


def time_data(frame: Frame) -> dict[str, Rows]:
    """What the layers draw, by name."""
    chart, steps = frame.chart, frame.ladder
    by_day = chart.step_seconds >= A_DAY.total_seconds()
    centred = by_day or chart.kind is ChartKind.BARS
    middle = chart.step_seconds / 120 if centred else 0.0
    times = ticks(Span(chart.span.since, frame.end), width=frame.width, by_day=by_day, locale=frame.locale)
    points = _points(frame)
    return {
        "frame": [{"x": 0.0, "x2": frame.minutes, "y": steps.low, "y2": steps.high}],
        "levels": [{"y": level.at, "text": directed(level.text, frame.locale)} for level in steps.levels],
        "times": [
            {"x": tick.at + middle, "text": directed(tick.text, frame.locale), "least": tick.least}
            for tick in times
            if tick.at + middle + _overhang(tick, frame) <= frame.minutes
        ],
        "holes": _holes(points, frame),
        "points": points,
        "target": _target(frame),
        "incidents": _incidents(frame),
        "releases": _releases(frame),
    }


def time_layers(chart: Chart, locale: str, *, theme: Theme) -> Iterator[Layer]:
    """From the ground up: grid, gaps, incidents, the past, the present, what was promised, releases."""
    yield layer("frame", {"type": "rect", "fill": None}, _box())
    yield layer("levels", {"type": "rule", "color": colour("grid")}, {"y": up("y")})
    yield layer("levels", {"type": "rule", "color": colour("frame")}, {"y": up("y")}, "datum.y === 0")
    yield layer("holes", {"type": "rect", "color": colour("hole")}, {"x": along("x"), "x2": {"field": "x2"}})
    yield from _incident_layers()
    marks = _bars if chart.kind is ChartKind.BARS else _lines
    yield from marks(chart, theme=theme)
    yield from _axes()
    yield layer("holes", _hole_text(locale), {"x": along("middle"), "y": {"value": {"expr": "height / 2"}}})
    yield from _target_layers()
    yield from _release_layers()


def _overhang(tick: Tick, frame: Frame) -> float:
    """Minutes by which a time's text would leave the picture, were it at the plot's end."""
    return max(0.0, text_width(tick.text, AXIS_SIZE) / 2 - frame.right) / frame.width * frame.minutes


def _points(frame: Frame) -> Rows:
    """A row to each step: its bounds, and the lines' values (v0, v1...) where a line has that step at all."""
    chart, found = frame.chart, Points()
    for number, line in enumerate(chart.lines):
        for at, value in line.points:
            found.setdefault(at, {})[f"v{number}"] = frame.ladder.scaled(value)
        for at, value in _lonely(line):
            found[at][f"d{number}"] = frame.ladder.scaled(value)
    starts = sorted(found)
    step = timedelta(seconds=chart.step_seconds)
    ends = [max(a + step, b) if b - a < 2 * step else a + step for a, b in pairwise(starts)]
    ends += [starts[-1] + step] if starts else []
    return [
        {"t": frame.minute(start), "e": frame.minute(min(end, frame.end)), **found[start]}
        for start, end in zip(starts, ends, strict=True)
    ]


def _lonely(line: Line) -> Iterator[tuple[datetime, float]]:
    """Values between two gaps make no line: they are dots."""
    values = [None, *(value for _, value in line.points), None]
    for (at, value), before, after in zip(line.points, values, values[2:], strict=False):
        if value is not None and before is None and after is None:
            yield at, value


def _holes(points: Rows, frame: Frame) -> Rows:
    """Where no line has a value; bars that are missing show by themselves."""
    now = [f"v{n}" for n, line in enumerate(frame.chart.lines) if line.role is not Role.BEFORE]
    found = []
    for missing, members in groupby(points, key=lambda row: all(row.get(name) is None for name in now)):
        rows = list(members)
        if missing:
            x, x2 = rows[0]["t"], rows[-1]["e"]
            found.append({"x": x, "x2": x2, "middle": (x + x2) / 2, "share": round((x2 - x) / frame.minutes, 4)})
    return found


def _target(frame: Frame) -> Rows:
    """The promise as a rule, or the word for it at the edge beyond which it lies."""
    target = frame.chart.target
    if target is None:
        return []
    words = f"{say(frame.locale)['target']} {amount(target, frame.ladder.scale, frame.locale)}"
    if frame.ladder.holds(target):
        y = frame.ladder.scaled(target)
        share = ((y or 0.0) - frame.ladder.low) / (frame.ladder.high - frame.ladder.low)
        side = LOWER if share * frame.height > frame.height - TEXT_SIZE - GAP else UPPER
        return [{"y": y, "rule": y, "side": side, "text": directed(words, frame.locale)}]
    is_above = target / frame.ladder.scale.divisor > frame.ladder.high
    y, side = (frame.ladder.high, LOWER) if is_above else (frame.ladder.low, UPPER)
    return [{"y": y, "side": side, "text": directed(f"{words} {'↑' if is_above else '↓'}", frame.locale)}]


def _incidents(frame: Frame) -> Rows:
    rows = []
    for mark in _of(frame, MarkKind.INCIDENT, MarkKind.WINDOW):
        start, end = frame.minute(mark.at), frame.minute(mark.until or frame.chart.span.until)
        kind = "window" if mark.kind is MarkKind.WINDOW else mark.severity
        shown = {"x": start, "x2": min(max(end, start + LEAST_BAND * frame.minutes), frame.minutes), "kind": kind}
        rows.append(shown | {"text": shortened(mark.text, TEXT_SIZE, 400), "id": mark.id})
    return rows


def _releases(frame: Frame) -> Rows:
    found = [
        (frame.minute(mark.at), shortened(mark.text, VERSION_SIZE, VERSION_ROOM))
        for mark in _of(frame, MarkKind.RELEASE)
    ]
    places = [at / frame.minutes for at, _ in found]
    least = least_widths(places, [text_width(words, VERSION_SIZE) + APART / 2 for _, words in found])
    return [
        {"x": at, "text": words, "least": width, "late": is_late(at / frame.minutes)}
        for (at, words), width in zip(found, least, strict=True)
    ]


def _of(frame: Frame, *kinds: MarkKind) -> list[Mark]:
    """The marks of these kinds that touch the span, oldest first."""
    span = frame.chart.span
    inside = (m for m in frame.chart.marks if m.kind in kinds and m.at < span.until and (m.until or m.at) >= span.since)
    return sorted(inside, key=lambda mark: mark.at)


def _lines(chart: Chart, *, theme: Theme) -> Iterator[Layer]:
    order = sorted(range(len(chart.lines)), key=lambda n: chart.lines[n].role is not Role.BEFORE)
    for number in order:
        line, field = chart.lines[number], f"v{number}"
        mark: dict[str, Any] = {"type": "line", "color": colour(colour_of(chart, line)), "strokeJoin": "round"}
        mark |= {"strokeWidth": 1.25 if line.role is Role.BEFORE else 2, "invalid": "break-paths-show-domains"}
        if dash := dash_of(chart, line, theme):
            mark["strokeDash"] = list(dash)
        made = layer("points", mark, {"x": along("m"), "y": up(field)}, f"isDefined(datum.{field})")
        yield made | {"transform": [_middle(), *made["transform"]]}
        dot = {"type": "point", "filled": True, "size": 20, "opacity": 1, "color": mark["color"]}
        dots = layer("points", dot, {"x": along("m"), "y": up(f"d{number}")}, f"isValid(datum.d{number})")
        yield dots | {"transform": [_middle(), *dots["transform"]]}


def _bars(chart: Chart, *, theme: Theme) -> Iterator[Layer]:
    """The period before stands behind each bar, pale, with a line on top; bars beside each other share their step."""
    del theme
    now = [n for n, line in enumerate(chart.lines) if line.role is not Role.BEFORE]
    for number, line in enumerate(chart.lines):
        if line.role is Role.BEFORE:
            low, high = (1 - WIDE) / 2, (1 + WIDE) / 2
            yield _bar(number, low, high, {"type": "rect", "color": colour("ghost")})
            yield _bar(number, low, high, {"type": "rule", "color": colour("before"), "strokeWidth": 1.5}, top=True)
    for place, number in enumerate(now):
        share = SLIM / len(now)
        low = (1 - SLIM) / 2 + place * share
        yield _bar(number, low, low + share, {"type": "rect", "color": colour(colour_of(chart, chart.lines[number]))})


def _bar(number: int, low: float, high: float, mark: Layer, *, top: bool = False) -> Layer:
    field = f"v{number}"
    made = layer("points", mark, {"x": along("x"), "x2": {"field": "x2"}, "y": up(field)}, f"isValid(datum.{field})")
    if not top:
        made["encoding"]["y2"] = {"datum": 0}
    edges = (
        {"calculate": f"datum.t + {share:.4g} * (datum.e - datum.t)", "as": name}
        for share, name in ((low, "x"), (high, "x2"))
    )
    return made | {"transform": [*made["transform"], *edges]}


def _middle() -> Layer:
    return {"calculate": "(datum.t + datum.e) / 2", "as": "m"}


def _box() -> Layer:
    return {"x": along("x"), "x2": {"field": "x2"}, "y": up("y"), "y2": {"field": "y2"}}


def _axes() -> Iterator[Layer]:
    ground = {"x": along("x"), "x2": {"field": "x2"}, "y": {"value": {"expr": "height"}}}
    yield layer("frame", {"type": "rule", "color": colour("frame")}, ground)
    foot = {"y": {"value": {"expr": "height"}}, "y2": {"value": {"expr": "height + 5"}}}
    yield layer("times", {"type": "rule", "color": colour("frame")}, {"x": along("x"), **foot}, "datum.least <= width")
    below = {"x": along("x"), "y": {"value": {"expr": "height + 9"}}, "text": {"field": "text"}}
    yield layer("times", text("soft", baseline="top"), below, "datum.least <= width")
    beside = {"x": {"value": -GAP}, "y": up("y"), "text": {"field": "text"}}
    yield layer("levels", text("soft", align="right", baseline="middle"), beside)


def _hole_text(locale: str) -> Layer:
    words = directed(say(locale)["no_data"], locale)
    return text("soft", text=words, opacity={"expr": f"datum.share * width > {GAP_ROOM} ? 1 : 0"})


def _target_layers() -> Iterator[Layer]:
    rule = {"type": "rule", "color": colour("target"), "strokeDash": [5, 4], "strokeWidth": 1.25}
    yield layer("target", rule, {"y": up("rule")}, "isValid(datum.rule)")
    for side, baseline, shift in ((UPPER, "bottom", -4), (LOWER, "top", 4)):
        words = text("target", align="right", baseline=baseline, dy=shift, dx=-2)
        place = {"x": {"value": {"expr": "width"}}, "y": up("y"), "text": {"field": "text"}}
        yield from haloed("target", words, place, f"datum.side === '{side}'")


def _incident_layers() -> Iterator[Layer]:
    shade = {"expr": "datum.kind === 'window' ? before : datum.kind === 'critical' ? critical : high"}
    span = {"x": along("x"), "x2": {"field": "x2"}}
    yield layer("incidents", {"type": "rect", "fill": shade, "opacity": 0.1}, span)
    yield layer("incidents", {"type": "rect", "fill": shade}, span | {"y": {"value": -5}, "y2": {"value": 0}})


def _release_layers() -> Iterator[Layer]:
    rule = {"type": "rule", "color": colour("release"), "strokeDash": [2, 3], "strokeWidth": 1.25}
    yield layer("releases", rule, {"x": along("x")})
    place = {"x": along("x"), "y": {"value": 0}, "text": {"field": "text"}}
    for which, align, shift in (("!datum.late", "left", 3), ("datum.late", "right", -3)):
        words = text("release", VERSION_SIZE, align=align, baseline="top", dx=shift, dy=3)
        yield from haloed("releases", words, place, f"isValid(datum.least) && datum.least <= width && {which}")

"""Ranked bars: what each value of a dimension comes to, the longest first, its figure at the end of its bar."""

from collections.abc import Iterator
from dataclasses import replace

from shared.domain.chart_data import Chart, Rank
from shared.domain.rules import Unit
from shared.rendering.chart_frame import GAP, TEXT_SIZE, Frame, Layer, Rows, along, colour, layer, text, up
from shared.rendering.chart_text import directed, shortened, text_width
from shared.rendering.chart_words import say
from shared.rendering.figures import amount
from shared.rendering.regions import region_name

ROW = 24.0  # pixels of one bar with its surroundings
MOST = 12
NAMES = 0.34  # of the picture's width, at most
OTHERS = "\0others"  # no source writes a name so
SUMMED = frozenset({Unit.COUNT, Unit.MONEY})


def shortlist(chart: Chart, most: int = MOST) -> Chart:
    """The longest bars; the others together make one more where they can be summed."""
    kept, rest = chart.ranks[:most], chart.ranks[most:]
    if not rest or chart.unit not in SUMMED:
        return replace(chart, ranks=kept)
    kept, rest = chart.ranks[: most - 1], chart.ranks[most - 1 :]
    before = [rank.before for rank in rest if rank.before is not None]
    others = Rank(f"{OTHERS}{len(rest)}", sum(rank.value for rank in rest), sum(before) if before else None)
    return replace(chart, ranks=(*kept, others))


def rank_name(rank: Rank, locale: str) -> str:
    """What a bar is called."""
    if rank.name.startswith(OTHERS):
        return say(locale)["others"].format(rank.name.removeprefix(OTHERS))
    return region_name(rank.name, locale)


def ranked_frame(frame: Frame) -> Frame:
    """The same with room for the names where the bars begin and for the figures where they end."""
    names = max((text_width(rank_name(rank, frame.locale), TEXT_SIZE) for rank in frame.chart.ranks), default=0.0)
    figures = max((text_width(_figure(rank, frame), TEXT_SIZE) for rank in frame.chart.ranks), default=0.0)
    whole = frame.left + frame.width + frame.right
    beginning, end = min(names + GAP, NAMES * whole), figures + GAP
    left, right = (end, beginning) if frame.locale == "ar" else (beginning, end)
    return replace(frame, left=left, right=right, width=whole - left - right)


def ranked_data(frame: Frame) -> dict[str, Rows]:
    """What the layers draw, by name."""
    ranks, room = frame.chart.ranks, frame.right if frame.locale == "ar" else frame.left
    return {
        "frame": [{"x": min(0.0, frame.ladder.low), "x2": _longest(frame), "y": 0, "y2": len(ranks)}],
        "ranks": [
            {
                "y": number + 0.2,
                "y2": number + 0.8,
                "x": frame.ladder.scaled(rank.value),
                "before": frame.ladder.scaled(rank.before),
                "name": directed(shortened(rank_name(rank, frame.locale), TEXT_SIZE, room - GAP), frame.locale),
                "text": directed(_figure(rank, frame), frame.locale),
            }
            for number, rank in enumerate(ranks)
        ],
    }


def ranked_layers(chart: Chart, locale: str) -> Iterator[Layer]:
    """Bars grow in the direction of reading: from right to left in Arabic."""
    del chart
    mirrored = locale == "ar"
    start, ahead = ({"expr": "width"}, "left") if mirrored else (0, "right")
    box = {"x": along("x", reverse=mirrored), "x2": {"field": "x2"}, "y": up("y"), "y2": {"field": "y2"}}
    box["y"]["scale"]["reverse"] = True
    yield layer("frame", {"type": "rect", "fill": None}, box)
    rows = {"y": up("y", reverse=True), "y2": {"field": "y2"}}
    bar = {"x": along("x", reverse=mirrored), "x2": {"datum": 0}, **rows}
    yield layer("ranks", {"type": "rect", "color": colour("first")}, bar)
    was = {"x": along("before", reverse=mirrored), **rows}
    mark = {"type": "rule", "color": colour("paper"), "strokeWidth": 4}
    yield layer("ranks", mark, was, "isValid(datum.before)")
    yield layer("ranks", mark | {"color": colour("before"), "strokeWidth": 2}, was, "isValid(datum.before)")
    middle = {"calculate": "(datum.y + datum.y2) / 2", "as": "middle"}
    name = text("ink", TEXT_SIZE, align=ahead, baseline="middle", dx=GAP if mirrored else -GAP)
    place = {"x": {"value": start}, "y": up("middle", reverse=True), "text": {"field": "name"}}
    yield layer("ranks", name, place) | {"transform": [middle]}
    figure = text("ink", TEXT_SIZE, align="right" if mirrored else "left", baseline="middle", dx=-6 if mirrored else 6)
    end = {"calculate": "isValid(datum.before) ? max(datum.x, datum.before) : datum.x", "as": "end"}
    place = {"x": along("end", reverse=mirrored), "y": up("middle", reverse=True), "text": {"field": "text"}}
    yield layer("ranks", figure, place) | {"transform": [middle, end]}
    ground = {"x": {"value": start}, "y": up("y", reverse=True), "y2": {"field": "y2"}}
    yield layer("frame", {"type": "rule", "color": colour("frame")}, ground)


def _figure(rank: Rank, frame: Frame) -> str:
    return amount(rank.value, frame.ladder.scale, frame.locale)


def _longest(frame: Frame) -> float:
    drawn = [value for rank in frame.chart.ranks for value in (rank.value, rank.before) if value is not None]
    return max(frame.ladder.scaled(max(drawn, default=1.0)) or 1.0, 1e-9)

"""A dashboard as a page that works without scripts, and the same texts and figures for the script that renews it."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from shared.domain.boards import Board, Drawing, Reach, Tile
from shared.domain.chart_data import Chart, Mark, MarkKind
from shared.domain.figures import Gap
from shared.domain.incidents import Incident
from shared.rendering import chart_tables
from shared.rendering.assets import addresses
from shared.rendering.catalogue import words
from shared.rendering.chart_heads import keys, source_line
from shared.rendering.chart_words import chart_title
from shared.rendering.chart_words import gap_words as chart_gap
from shared.rendering.dashboard_words import REACHES, chosen, dashboard_title, dashboard_words
from shared.rendering.evidence import metric_name
from shared.rendering.page_words import page_words
from shared.rendering.templating import render
from shared.rendering.tiles import course, live_words, moment, tile_words

MARKS = 12  # on a page, the newest

Titles = Mapping[str, str]  # of incidents whose titles read differently in the reader's language, by their ids


@dataclass(frozen=True, slots=True)
class Address:
    """Where the same dashboard is found, as another page, as JSON, and each of its charts."""

    board: Board
    locale: str

    def of(self, reach: Reach, *, with_before: bool) -> str:
        """The page over a range."""
        return f"/dashboard/{self.board.name}?{_query(reach, with_before=with_before)}"

    @property
    def twin(self) -> str:
        """The same for programs."""
        query = _query(self.board.reach, with_before=self.board.with_before, lang=self.locale)
        return f"/api/dashboards/{self.board.name}?{query}"

    def chart(self, name: str, form: str) -> str:
        """One chart as csv, json or svg."""
        query = _query(self.board.reach, with_before=self.board.with_before, lang=self.locale)
        return f"/dashboard/{self.board.name}/charts/{name}.{form}?{query}"


def dashboard_page(board: Board, frame: Mapping[str, Any], *, titles: Titles, locale: str = "en") -> str:
    """The page: what is open, the figures, what happened, the charts with their tables."""
    return render(
        "dashboard.html",
        locale=locale,
        here=page_words(locale),
        words=dashboard_words(locale),
        assets=addresses(),
        frame=frame,
        board=board,
        title=dashboard_title(board.name, locale),
        address=Address(board, locale),
        reaches=[(reach, chosen(name, locale)) for reach, name in REACHES.items()],
        tiles=[_tile(tile, board, locale) for tile in board.tiles],
        live=_live(board, locale),
        drawings=[_drawing(one, locale) for one in board.drawings],
        open_incidents=_incidents(board.open_incidents, titles, locale),
        marks=list(_marks(board.marks, titles, locale)),
        earlier=_earlier(board, locale),
        updated=_updated(board, locale),
        at=moment(board.made_at, locale),
    )


def told(board: Board, *, titles: Titles, locale: str = "en", drawn: Container[str] = ()) -> dict[str, Any]:
    """What the page says, for programs and for its own script: figures in their units beside the words for them.

    The charts whose names are in `drawn` come with what the script draws (`spec`).
    """
    return {
        "dashboard": board.name,
        "range": str(board.reach),
        "compare": board.with_before,
        "made_at": board.made_at.isoformat(),
        "since": board.span.since.isoformat(),
        "until": board.span.until.isoformat(),
        "compared_since": board.compared.since.isoformat(),
        "compared_until": board.compared.until.isoformat(),
        "words": {
            "updated": _updated(board, locale),
            "at": moment(board.made_at, locale),
            "earlier": _earlier(board, locale),
        },
        "tiles": [_tile(tile, board, locale) | _measured(tile) for tile in board.tiles],
        "live": None if board.live is None else (_live(board, locale) or {}) | _measured(board.live),
        "open": board.open_count,
        "incidents": _incidents(board.open_incidents, titles, locale),
        "marks": list(_marks(board.marks, titles, locale)),
        "charts": [
            _drawing(one, locale) | (_spec(one.chart, locale) if one.chart.name in drawn else {})
            for one in board.drawings
        ],
    }


def _tile(tile: Tile, board: Board, locale: str) -> dict[str, Any]:
    metric = tile.figure.metric.name
    return {
        "metric": metric,
        "name": metric_name(metric, locale),
        "standing": str(tile.figure.standing).replace(" ", "_"),
        "trend": str(tile.figure.trend),
        "is_late": tile.is_late,
        "course": course(tile.course),
        "incidents": f"/incidents?{urlencode({'metric': metric})}" if tile.has_rules else "",
        "words": tile_words(tile, board, locale),
    }


def _live(board: Board, locale: str) -> dict[str, Any] | None:
    if board.live is None:
        return None
    name = dashboard_words(locale)["live"]
    return _tile(board.live, board, locale) | {"name": name, "words": live_words(board.live, board, locale)}


def _measured(tile: Tile) -> dict[str, Any]:
    """The bare figures, in the metric's unit."""
    one = tile.figure
    return {
        "unit": str(one.metric.unit),
        "value": one.value,
        "count": one.count,
        "before": one.before,
        "change": one.change,
        "target": one.metric.target,
        "since": one.span.since.isoformat(),
        "until": one.span.until.isoformat(),
        "complete_until": None if one.complete_until is None else one.complete_until.isoformat(),
        "source": one.metric.source,
        "gap": one.gap,
    }


def _drawing(one: Drawing, locale: str) -> dict[str, Any]:
    chart = one.chart
    is_empty = _is_empty(chart)
    header, *rows = [()] if is_empty else chart_tables.rows(one.table, locale)
    nothing = dashboard_words(locale)["no_chart"].format(gap=chart_gap(chart.gap or Gap.NO_DATA, locale))
    return {
        "name": chart.name,
        "title": chart_title(chart.name, locale),
        "alt": chart_tables.alt(chart, locale),
        "keys": [{"look": f"{key.shape} of-{key.colour}", "text": key.text} for key in keys(chart, locale)],
        "source": source_line(chart, locale),
        "nothing": nothing if is_empty else "",
        "header": header,
        "rows": rows,
        "thinned": one.table.step_seconds != chart.step_seconds,
    }


def _spec(chart: Chart, locale: str) -> dict[str, Any]:
    from shared.rendering.chart_specs import live  # noqa: PLC0415 - the page itself needs no specification

    return {"spec": live(chart, locale)}


def _is_empty(chart: Chart) -> bool:
    known = any(value is not None for line in chart.lines for _, value in line.points)
    return not known and not chart.ranks


def _incidents(incidents: Sequence[Incident], titles: Titles, locale: str) -> list[dict[str, str]]:
    return [
        {
            "id": one.id,
            "url": f"/incidents/{one.id}",
            "severity": str(one.severity),
            "said": words(locale)[one.severity],
            "title": titles.get(one.id, one.title),
            "since": moment(one.started_at, locale),
            "state": words(locale)[one.state],
        }
        for one in incidents
    ]


def _marks(marks: Sequence[Mark], titles: Titles, locale: str) -> Iterator[dict[str, str]]:
    say = dashboard_words(locale)
    for mark in marks[: -MARKS - 1 : -1]:
        ended = say["until"].format(at=moment(mark.until, locale)) if mark.until else ""
        going_on = say["going_on"] if mark.kind is MarkKind.INCIDENT and not mark.until else ""
        yield {
            "at": moment(mark.at, locale),
            "kind": say[mark.kind],
            "severity": mark.severity,
            "said": words(locale)[mark.severity] if mark.severity else "",
            "text": titles.get(mark.id, mark.text),
            "ended": ended or going_on,
            "url": f"/incidents/{mark.id}" if mark.id else "",
        }


def _earlier(board: Board, locale: str) -> str:
    hidden = len(board.marks) - MARKS
    return dashboard_words(locale)["earlier"].format(count=hidden) if hidden > 0 else ""


def _updated(board: Board, locale: str) -> str:
    return dashboard_words(locale)["updated"].format(at=moment(board.made_at, locale))


def _query(reach: Reach, *, with_before: bool, **more: str) -> str:
    return urlencode({"range": reach, "compare": int(with_before), **more})

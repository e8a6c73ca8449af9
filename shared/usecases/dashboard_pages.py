"""What stands behind the dashboards: the page, the same for programs, and each chart as a file."""

import json

from shared.domain.boards import Board, Drawing, Reach
from shared.errors import RefusedError
from shared.rendering import chart_tables
from shared.rendering.dashboard import MARKS, Titles, dashboard_page, told
from shared.usecases.dashboards import read_board
from shared.usecases.incident_pages import missing, titles_of
from shared.usecases.page_site import JSON, Answer, Visit, drawn, page
from shared.usecases.records import read_incident

CSV = "text/csv; charset=utf-8"
UNKNOWN_RANGE = "unknown range"


def show_dashboard(visit: Visit) -> Answer:
    """The page over the range that was asked for."""
    board = _board(visit)
    return page(dashboard_page(board, visit.frame, titles=_titles(board, visit), locale=visit.locale))


def dashboard_json(visit: Visit) -> Answer:
    """The same for programs, and for the page's own script, which names the charts that it draws (`charts=a,b`)."""
    board, drawn_now = _board(visit), visit.asked.query.get("charts", "").split(",")
    said = told(board, titles=_titles(board, visit), locale=visit.locale, drawn=drawn_now)
    return page(json.dumps(said, ensure_ascii=False, separators=(",", ":")), kind=JSON)


def chart_csv(visit: Visit) -> Answer:
    """All of a chart's figures for a spreadsheet."""
    chart = _drawing(visit).chart
    body, status, headers = page(chart_tables.csv(chart, visit.locale), kind=CSV)
    name = f"{visit.arguments['name']}-{chart.name}.csv"
    return body, status, [*headers, ("Content-Disposition", f'attachment; filename="{name}"')]


def chart_json(visit: Visit) -> Answer:
    """All of a chart's figures for programs."""
    return page(chart_tables.as_json(_drawing(visit).chart), kind=JSON)


def chart_svg(visit: Visit) -> Answer:
    """The chart as a picture, for readers without scripts."""
    from shared.rendering.chart_specs import svg  # noqa: PLC0415 - only who draws pays for the renderer

    return drawn(svg(_drawing(visit).chart, visit.locale))


def _board(visit: Visit) -> Board:
    """The dashboard that the address names, a day of it unless it says otherwise.

    Raises RefusedError: 404 where there is no such dashboard, 400 for a range that there is not.
    """
    dashboard = visit.site.config.reporting.dashboards.get(visit.arguments["name"])
    if dashboard is None:
        raise missing()
    reach = visit.asked.query.get("range", Reach.DAY)
    if reach not in set(Reach):
        raise RefusedError(UNKNOWN_RANGE, status=400)
    return read_board(
        dashboard,
        Reach(reach),
        with_before=visit.asked.query.get("compare") == "1",
        config=visit.site.config,
        store=visit.site.store,
        warehouse=visit.site.warehouse(),
        now=visit.now,
    )


def _drawing(visit: Visit) -> Drawing:
    found = _board(visit).drawing(visit.arguments["chart"])
    if found is None:
        raise missing()
    return found


def _titles(board: Board, visit: Visit) -> Titles:
    """What the incidents that the page names are called in the reader's language, where that is not their own title."""
    if visit.locale == "en":
        return {}
    known = {one.id for one in board.open_incidents}
    marked = (mark.id for mark in board.marks[-MARKS:] if mark.id and mark.id not in known)
    found = (read_incident(visit.site.store, name) for name in marked)
    return titles_of(visit, [*board.open_incidents, *(one[0] for one in found if one is not None)])

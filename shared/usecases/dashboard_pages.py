"""What stands behind the dashboards: the page, the same for programs, and each chart as a file."""

import json

from shared.domain.boards import Board, Drawing, Reach
from shared.domain.report_plans import Dashboard
from shared.errors import RefusedError
from shared.rendering import chart_tables
from shared.rendering.dashboard import Titles, dashboard_page, told
from shared.rendering.evidence import headline
from shared.usecases.chart_link import read_evidence
from shared.usecases.dashboards import read_board
from shared.usecases.incident_list import by_ids
from shared.usecases.page_site import DRAWN, JSON, SVG, Answer, Visit, drawn, page

CSV = "text/csv; charset=utf-8"


def show_dashboard(visit: Visit) -> Answer:
    """The page over the range that was asked for."""
    board = _board(visit)
    return page(dashboard_page(board, visit.frame, titles=_titles(board, visit), locale=visit.locale))


def dashboard_json(visit: Visit) -> Answer:
    """The same for programs, and for the page's own script."""
    board = _board(visit)
    said = told(board, titles=_titles(board, visit), locale=visit.locale)
    return page(json.dumps(said, ensure_ascii=False, separators=(",", ":")), kind=JSON)


def chart_csv(visit: Visit) -> Answer:
    """All of a chart's figures for a spreadsheet."""
    name = f"{visit.arguments['name']}-{visit.arguments['chart']}.csv"
    body, status, headers = page(chart_tables.csv(_drawing(visit).chart, visit.locale), kind=CSV)
    return body, status, [*headers, ("Content-Disposition", f'attachment; filename="{name}"')]


def chart_json(visit: Visit) -> Answer:
    """All of a chart's figures for programs."""
    return page(chart_tables.as_json(_drawing(visit).chart), kind=JSON)


def chart_svg(visit: Visit) -> Answer:
    """The chart as a picture, for readers without scripts."""
    from shared.rendering import chart_specs  # noqa: PLC0415 - only who draws pays for the renderer

    return drawn(chart_specs.svg(_drawing(visit).chart, visit.locale))

"""Every page and action there is, one line each: method, path, the permission it takes, and what answers.

What other parts add hangs in here; a test walks the table with every kind of stranger.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.domain.page_requests import Asked
from shared.domain.permissions import Permission
from shared.usecases import dashboard_pages as dashboards
from shared.usecases import incident_pages as incidents
from shared.usecases import maintenance_pages as maintenance
from shared.usecases import page_sign_in as signing
from shared.usecases import post_mortem_pages as post_mortems
from shared.usecases import procedure_pages as procedures
from shared.usecases import report_pages as reports
from shared.usecases import task_pages as tasks
from shared.usecases.page_site import Answer, Site, Visit


@dataclass(frozen=True, slots=True)
class Route:
    """A page for those with the permission; `<incident>` in its path is an argument (werkzeug's rules)."""

    method: str
    path: str
    permission: Permission
    answer: Callable[[Visit], Answer]


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """A page for everybody: it shows nothing of ours and changes nothing but the caller's own cookie."""

    method: str
    path: str
    answer: Callable[[Asked, Site], Answer]


ROUTES = (
    Route("GET", "/", Permission.READ, incidents.go_to_list),
    Route("GET", "/incidents", Permission.READ, incidents.show_list),
    Route("GET", "/incidents/<incident>", Permission.READ, incidents.show_one),
    Route("GET", "/incidents/<incident>/chart.svg", Permission.READ, incidents.show_chart),
    Route("GET", "/incidents/<incident>/post-mortem", Permission.READ, post_mortems.show_post_mortem),
    Route("POST", "/incidents/<incident>/post-mortem", Permission.ACT, post_mortems.change_post_mortem),
    Route("POST", "/incidents/<incident>/act", Permission.ACT, incidents.act_on),
    Route("POST", "/incidents/<incident>/step", Permission.ACT, procedures.step_on),
    Route("POST", "/incidents/<incident>/draft", Permission.PUBLISH, procedures.draft_on),
    Route("POST", "/incidents/<incident>/tasks", Permission.ACT, tasks.open_a_task),
    Route("POST", "/incidents/<incident>/tasks/<task>/done", Permission.ACT, tasks.finish_a_task),
    Route("GET", "/dashboard/<name>", Permission.READ, dashboards.show_dashboard),
    Route("GET", "/dashboard/<name>/charts/<chart>.csv", Permission.READ, dashboards.chart_csv),
    Route("GET", "/dashboard/<name>/charts/<chart>.json", Permission.READ, dashboards.chart_json),
    Route("GET", "/dashboard/<name>/charts/<chart>.svg", Permission.READ, dashboards.chart_svg),
    Route("GET", "/api/dashboards/<name>", Permission.READ, dashboards.dashboard_json),
    Route("GET", "/reports", Permission.READ, reports.show_reports),
    Route("GET", "/reports/<file>", Permission.READ, reports.show_file),
    Route("GET", "/maintenance", Permission.READ, maintenance.show_maintenance),
    Route("GET", "/api/jobs", Permission.READ, maintenance.jobs_json),
    Route("GET", "/api/incidents", Permission.READ, incidents.list_json),
    Route("GET", "/api/incidents/<incident>", Permission.READ, incidents.one_json),
    Route("GET", "/api/incidents/<incident>/version", Permission.READ, incidents.version_json),
    Route("POST", "/sign-out", Permission.READ, signing.end),
)
OPEN_ROUTES = (
    OpenRoute("GET", "/sign-in", signing.show_sign_in),
    OpenRoute("POST", "/session", signing.begin),
    OpenRoute("GET", "/assets/<name>", signing.show_asset),
)

"""What stands behind the page of maintenance: jobs and windows, and the same for programs."""

import json

from shared.rendering.jobs import as_json, maintenance_page
from shared.usecases.jobs.board import board
from shared.usecases.page_site import JSON, Answer, Visit, page


def show_maintenance(visit: Visit) -> Answer:
    """The calendar, and how each job stands."""
    found = board(visit.site.config.jobs, visit.site.store, visit.now)
    return page(maintenance_page(found, visit.frame, locale=visit.locale))


def jobs_json(visit: Visit) -> Answer:
    """The same for programs."""
    found = as_json(board(visit.site.config.jobs, visit.site.store, visit.now))
    return page(json.dumps(found, ensure_ascii=False, separators=(",", ":")), kind=JSON)

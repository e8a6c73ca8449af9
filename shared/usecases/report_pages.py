"""What stands behind the archive of reports: the list of what was issued, and each file of it.

Whoever may read the pages may read every report: they tell of the same figures as the dashboards do, nothing else.
"""

from shared.domain.editions import Issued
from shared.ports.store import Query
from shared.rendering.report_archive import Archive, archive_page
from shared.usecases.incident_pages import missing
from shared.usecases.page_site import Answer, Visit, page
from shared.usecases.records import REPORTS, value_of
from shared.usecases.report_link import file_of

ON_A_PAGE, LAST_PAGE = 30, 100
POLICY = "Content-Security-Policy"


def show_reports(visit: Visit) -> Answer:
    """What was issued, the newest first; of one report alone where the address names it, page by page."""
    reports = visit.site.config.reporting.reports
    only, number = visit.asked.query.get("report", ""), _number(visit.asked.query.get("page", ""))
    if only and only not in reports:
        raise missing()
    end = number * ON_A_PAGE
    equal = {"report": only} if only else {}
    query = Query(REPORTS, equal=equal, order_by="at", newest_first=True, limit=end + 1)
    found = [value_of(row, Issued) for row in visit.site.store.find(query)]
    has_older = len(found) > end and number < LAST_PAGE
    shown = Archive(tuple(found[end - ON_A_PAGE : end]), tuple(reports), only, number, has_older=has_older)
    return page(archive_page(shown, visit.frame, locale=visit.locale))


def show_file(visit: Visit) -> Answer:
    """A file of an edition; one that is a page runs in a box of its own and reaches nothing."""
    data, status, described = file_of(visit.arguments["file"], visit.site.archive())
    body, _, headers = page(data, kind=described["Content-Type"])
    own = [(name, described[name]) for name in (POLICY, "Content-Disposition")]
    return body, status, [*(header for header in headers if header[0] != POLICY), *own]


def _number(given: str) -> int:
    return max(1, min(int(given[:4]), LAST_PAGE)) if given.isascii() and given[:4].isdigit() else 1

"""The way from each page to the others: incidents, every dashboard, the archive of reports, maintenance."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.rendering.dashboard_words import dashboard_title
from shared.rendering.page_words import page_words


@dataclass(frozen=True, slots=True)
class Way:
    """A link at the top of the page; `is_here` where the reader is on that page or on one below it."""

    url: str
    title: str
    is_here: bool


def navigation(dashboards: Iterable[str], path: str, locale: str) -> tuple[Way, ...]:
    """The links as they stand, for a reader of the page with that path."""
    say = page_words(locale)
    boards = ((f"/dashboard/{name}", dashboard_title(name, locale, short=True)) for name in dashboards)
    ways = (
        ("/incidents", say["incidents"]),
        *boards,
        ("/reports", say["reports"]),
        ("/maintenance", say["maintenance"]),
    )
    return tuple(Way(url, title, path == url or path.startswith(f"{url}/")) for url, title in ways)

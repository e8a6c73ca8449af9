"""The pages behind an acknowledgement link."""

from collections.abc import Sequence

from shared.domain.configuration import Configuration
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore
from shared.rendering import pages
from shared.rendering.view import IncidentView
from shared.usecases.acknowledge_link import offer, use
from shared.usecases.act import sentence

Page = tuple[str, int, dict[str, str]]
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": POLICY,
}


def respond(
    token: str,
    *,
    posted: bool,
    keys: Sequence[str],
    config: Configuration,
    store: StateStore,
    publisher: Publisher,
    clock: Clock,
) -> Page:
    """The page for a GET, the outcome's page after a POST; raises RefusedError for links that are not valid."""
    shown = offer(token, keys=keys, config=config, store=store, clock=clock)
    person = config.directory.people.get(shown.notification.recipient)
    locale = person.locale if person else "en"
    if not posted:
        owner = config.directory.people.get(shown.incident.owner)
        view = IncidentView(
            incident=shown.incident,
            now=clock.now(),
            ack_url="",
            incident_url="",
            told=(),
            runbook=config.runbooks.get(shown.incident.runbook, ""),
            owner_name=owner.name if owner else "",
        )
        return pages.acknowledge_page(view, locale=locale), 200, HEADERS
    acted = use(token, keys=keys, config=config, store=store, publisher=publisher, clock=clock)
    page = pages.acknowledged_page(
        acted.outcome, incident=acted.incident, text=sentence(acted, config, locale), locale=locale
    )
    return page, 200, HEADERS

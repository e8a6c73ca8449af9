"""The pages behind the subscription form and the links in status mails."""

from shared.domain.configuration import Configuration
from shared.domain.subscriptions import Answer, Door, Visit
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore
from shared.usecases.subscriptions import ask, confirm, end

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'"
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": POLICY,
}
STATUSES = {Answer.NO_ADDRESS: 400, Answer.TOO_MANY: 429, Answer.GONE: 404}


Page = tuple[str, int, dict[str, str]]


def respond(
    visit: Visit, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock, status_url: str
) -> Page:
    """The page for a visit."""
    from shared.rendering.status_mails import subscription_page  # noqa: PLC0415 - templates are paid for here alone

    answer = _answer(visit, store, publisher, clock)
    page = subscription_page(answer, site=config.status.name, locale=visit.locale, status_url=status_url)
    return page, STATUSES.get(answer, 200), HEADERS


def _answer(visit: Visit, store: StateStore, publisher: Publisher, clock: Clock) -> Answer:
    match visit.door:
        case Door.CONFIRM:
            return confirm(visit.handle, posted=visit.posted, store=store, clock=clock)
        case Door.OFF:
            return end(visit.handle, posted=visit.posted, store=store)
        case Door.ASK if visit.posted:
            return ask(visit.email, visit.locale, origin=visit.origin, store=store, publisher=publisher, clock=clock)
    return Answer.FORM

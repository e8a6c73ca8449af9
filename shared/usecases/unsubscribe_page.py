"""The page behind the link in optional mails: a GET only shows it, a POST ends them or begins them again."""

from collections.abc import Mapping, Sequence

from shared.domain.amendments import Unsubscribed
from shared.domain.configuration import Configuration
from shared.errors import RefusedError
from shared.ports.platform import Clock
from shared.ports.store import Delete, StateStore
from shared.rendering import pages
from shared.usecases.acknowledge_page import HEADERS, Page
from shared.usecases.links import unsubscription_of
from shared.usecases.present import amendment_id, amendment_write
from shared.usecases.records import AMENDMENTS

AGAIN = "again"


def respond(
    token: str,
    *,
    form: Mapping[str, str] | None,
    language: str,
    keys: Sequence[str],
    config: Configuration,
    store: StateStore,
    clock: Clock,
) -> Page:
    """The page for a GET (`form` None), the outcome's page for a POST; raises RefusedError for invalid links.

    A mail reader's one click (RFC 8058) posts without a cookie and without a look: a POST alone ends the mails.
    """
    name, kind = unsubscription_of(token, keys=keys)
    person = config.directory.people.get(name)
    if person is None:
        raise RefusedError("this link leads nowhere", status=404)
    mark = Unsubscribed(name, kind, clock.now())
    stopped = kind in person.unsubscribed
    if form is not None:
        stopped = AGAIN not in form
        store.commit([amendment_write(mark) if stopped else Delete(AMENDMENTS, amendment_id(mark))])
    locale = language if language in {"en", "ar"} else person.locale
    return pages.unsubscribe_page(kind, stopped=stopped, done=form is not None, locale=locale), 200, HEADERS

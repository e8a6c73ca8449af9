"""A request for a page -> its answer: find the page, prove who asks, permit, answer; a refusal says one sentence."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, RequestRedirect, Rule

from shared.domain.page_requests import Asked
from shared.errors import PermanentError, RefusedError
from shared.rendering.incident_pages import notice
from shared.usecases.dashboard_pages import UNKNOWN_RANGE
from shared.usecases.page_audit import seen, turned_away
from shared.usecases.page_guard import FORBIDDEN, FOREIGN, UNKNOWN, language, permit, visit, with_secret
from shared.usecases.page_routes import OPEN_ROUTES, ROUTES, OpenRoute, Route
from shared.usecases.page_sign_in import stranger_s_frame
from shared.usecases.page_site import JSON, Answer, Cookie, Site, Visit, cookie_name, ended, page, with_cookies
from shared.usecases.sessions import FORM, LANGUAGE, SAID

log = logging.getLogger(__name__)

A_YEAR = timedelta(days=365)
STRANGER, NOT_OURS, MISSING, BAD_METHOD = 401, 403, 404, 405
Found = tuple[Route | OpenRoute | None, Mapping[str, str], int]


def respond(asked: Asked, site: Site) -> Answer:
    """The answer, whatever is asked; strangers learn nothing, not even which pages there are."""
    known: list[Visit] = []
    try:
        return with_cookies(_answer(asked, site, known), *_kept(asked, known))
    except PermanentError as error:
        refused = error if isinstance(error, RefusedError) else RefusedError(str(error), status=400)
        person = known[0].person.id if known else ""
        log.info("refused", extra={"reason": str(refused), "status": refused.status, "person": person})
        if refused.status in {STRANGER, NOT_OURS}:
            turned_away(refused, person, site)
        return _refusal(refused, asked, site, known)


def _answer(asked: Asked, site: Site, known: list[Visit]) -> Answer:
    route, arguments, status = _found(asked)
    if isinstance(route, OpenRoute):
        return route.answer(asked, site)
    found = with_secret(visit(asked, site))
    known.append(found)
    if route is None:
        raise RefusedError("there is no such page", status=status)
    permit(found, route.permission)
    seen(found)
    return route.answer(replace(found, arguments=arguments))


def _kept(asked: Asked, known: list[Visit]) -> list[tuple[str, str]]:
    """The cookies that go along with an answer: what makes forms ours, the language, and no sentence twice."""
    kept = []
    if known and asked.cookies.get(cookie_name(FORM, asked)) != known[0].secret:
        kept.append(Cookie(FORM, known[0].secret).header(asked))
    if chosen := language(asked) if "lang" in asked.query and _is_page(asked) else "":
        kept.append(Cookie(LANGUAGE, chosen, A_YEAR).header(asked))
    if cookie_name(SAID, asked) in asked.cookies and not asked.changes_something and _is_page(asked):
        kept.append(ended(Cookie(SAID, "")).header(asked))
    return kept


def _is_page(asked: Asked) -> bool:
    is_file = asked.path.startswith("/assets/") or asked.path.endswith((".svg", ".csv", ".json"))
    return not (asked.is_of_a_program or is_file)


def _refusal(refused: RefusedError, asked: Asked, site: Site, known: list[Visit]) -> Answer:
    if asked.is_of_a_program or asked.path == "/session":
        return page(json.dumps({"error": str(refused)}), refused.status, kind=JSON)
    locale = known[0].locale if known else language(asked) or "en"
    frame = known[0].frame if known else stranger_s_frame(asked)
    title, text = {
        STRANGER: ("not_signed_in", f"how_{site.mode}"),
        NOT_OURS: ("refused", str(refused) if str(refused) in {FORBIDDEN, FOREIGN, UNKNOWN} else FORBIDDEN),
        MISSING: ("missing", "gone"),
    }.get(refused.status, ("wrong", UNKNOWN_RANGE if str(refused) == UNKNOWN_RANGE else FOREIGN))
    return page(notice(title, text, frame, locale=locale), refused.status)


def _found(asked: Asked) -> Found:
    try:
        index, arguments = _pages().match(asked.path, method=asked.method)
    except RequestRedirect:
        return None, {}, MISSING
    except HTTPException as error:
        return None, {}, error.code or MISSING
    return (*OPEN_ROUTES, *ROUTES)[int(index)], arguments, 200


@lru_cache(maxsize=1)
def _pages() -> MapAdapter:
    every: tuple[Route | OpenRoute, ...] = (*OPEN_ROUTES, *ROUTES)
    rules = [Rule(one.path, methods=[one.method], endpoint=str(n)) for n, one in enumerate(every)]
    return Map(rules, strict_slashes=False, merge_slashes=False).bind("")

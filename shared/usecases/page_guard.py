"""Who asks for a page, and whether they may: a proof, a person of ours, a permission, and a form of our own."""

from dataclasses import replace
from datetime import datetime

from shared.domain.oncall import Person
from shared.domain.page_requests import Asked, is_from_our_page
from shared.domain.permissions import Permission
from shared.errors import RefusedError
from shared.usecases.page_site import Site, Visit, cookie_name
from shared.usecases.sessions import FORM, LANGUAGE, SESSION, is_form_token, new_form_secret, person_of_session

LANGUAGES = ("en", "ar")
UNKNOWN, FORBIDDEN, FOREIGN = "unknown person", "not permitted", "not a form of ours"
NO_PROOF = "not signed in"


def visit(asked: Asked, site: Site) -> Visit:
    """The request with who is behind it; raises RefusedError: 401 for a stranger, 403 for nobody of ours."""
    now = site.clock.now()
    person = _person(asked, site, now)
    secret = asked.cookies.get(cookie_name(FORM, asked), "")
    found = Visit(asked, site, person, now, secret=secret if len(secret) <= 64 else "")  # noqa: PLR2004 - ours is 24
    return replace(found, locale=language(asked) or person.locale)


def language(asked: Asked) -> str:
    """What the reader chose on a page of ours; "" when nothing yet."""
    chosen = asked.query.get("lang") or asked.cookies.get(cookie_name(LANGUAGE, asked), "")
    return chosen if chosen in LANGUAGES else ""


def permit(visit: Visit, permission: Permission) -> None:
    """Raises RefusedError (403) without the permission, and for a form that none of our pages showed this person."""
    if permission not in visit.permissions:
        raise RefusedError(FORBIDDEN, status=403)
    if visit.asked.changes_something:
        check_form(visit)


def check_form(visit: Visit) -> None:
    """Raises RefusedError (403) unless the form is ours, of this person and of this browser."""
    asked, token = visit.asked, visit.asked.form.get("token", "")
    ours = is_form_token(token, visit.person.id, visit.secret, keys=visit.site.keys)
    if not (ours and is_from_our_page(asked)):
        raise RefusedError(FOREIGN, status=403)


def known_by(email: str, site: Site) -> Person:
    """The person with this address, however it is spelt; raises RefusedError (403) for nobody of ours."""
    wanted = email.casefold()
    for person in site.config.directory.people.values():
        if person.email and person.email.casefold() == wanted:
            return person
    raise RefusedError(UNKNOWN, status=403)


def with_secret(found: Visit) -> Visit:
    """The visit with something to make its forms ours, where its browser has nothing yet."""
    return found if found.secret else replace(found, secret=new_form_secret())


def _person(asked: Asked, site: Site, now: datetime) -> Person:
    if site.mode.keeps_sessions:
        cookie = asked.cookies.get(cookie_name(SESSION, asked), "")
        name = person_of_session(cookie, now=now, keys=site.keys) if cookie else ""
        if name:
            person = site.config.directory.people.get(name)
            if person is None:
                raise RefusedError(UNKNOWN, status=403)
            return person
    email = site.sign_in.email_of(asked.headers)
    if not email:
        raise RefusedError(NO_PROOF)
    return known_by(email, site)

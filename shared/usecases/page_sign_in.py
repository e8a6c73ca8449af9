"""Signing in and out of the pages: a proof becomes a cookie, and everything is on record."""

from collections.abc import Mapping
from urllib.parse import quote

from shared.domain.page_requests import Asked
from shared.errors import RefusedError
from shared.rendering.assets import KINDS, content, packed
from shared.rendering.incident_pages import notice
from shared.usecases.page_audit import signed_in
from shared.usecases.page_guard import NO_PROOF, known_by, language
from shared.usecases.page_site import (
    Answer,
    Mode,
    Site,
    Visit,
    ended,
    page,
    redirect,
    session_cookie,
)
from shared.usecases.sessions import new_session

HOME = "/incidents"
KEPT = "public, max-age=31536000, immutable"
REFUSED = {"q=0", "q=0.0", "q=0.00", "q=0.000"}


def show_sign_in(asked: Asked, site: Site) -> Answer:
    """How one signs in here; on one's own machine the address with the token does it at once."""
    token = asked.query.get("token", "")
    if site.mode is Mode.LOCAL and token:
        return _begun({"Authorization": f"Bearer {token}"}, asked, site)
    return page(notice("not_signed_in", f"how_{site.mode}", stranger_s_frame(asked), locale=language(asked) or "en"))


def begin(asked: Asked, site: Site) -> Answer:
    """A bearer token becomes a session; a page of another site cannot send one without our leave."""
    return _begun(asked.headers, asked, site)


def show_asset(asked: Asked, site: Site) -> Answer:
    """A style sheet, a script or the icon, compressed for who takes it; the address changes with the content."""
    del site
    name = asked.path.rpartition("/")[2]
    if name not in KINDS:
        raise RefusedError("there is no such page", status=404)
    smaller = packed(name) if takes_gzip(asked.headers.get("Accept-Encoding", "")) else None
    body, status, headers = page(smaller or content(name), kind=KINDS[name], cached=KEPT)
    encoded = [("Content-Encoding", "gzip")] if smaller else []
    return body, status, [*headers, ("Vary", "Accept-Encoding"), *encoded]


def takes_gzip(accepted: str) -> bool:
    """True where an Accept-Encoding header names gzip and does not refuse it (RFC 9110, 12.5.3)."""
    return any(
        name.strip() == "gzip" and quality.strip() not in REFUSED
        for name, _, quality in (one.partition(";") for one in accepted.lower().split(","))
    )


def end(visit: Visit) -> Answer:
    """Forget who signed in, in this browser."""
    return redirect("/sign-in", ended(session_cookie("")).header(visit.asked))


def stranger_s_frame(asked: Asked) -> dict[str, object]:
    """The frame around a page for somebody who is not signed in."""
    locale = language(asked) or "en"
    other = "en" if locale == "ar" else "ar"
    return {"reader": "", "token": "", "said": "", "signs_out": False, "pages": (), "turned": f"/sign-in?lang={other}"}


def _begun(headers: Mapping[str, str], asked: Asked, site: Site) -> Answer:
    if not site.mode.keeps_sessions:
        raise RefusedError(NO_PROOF)
    email = site.sign_in.email_of(headers)
    if not email:
        raise RefusedError(NO_PROOF)
    person, now = known_by(email, site), site.clock.now()
    signed_in(person.id, site)
    session = new_session(person.id, now=now, keys=site.keys)
    return redirect(_next(asked), session_cookie(session).header(asked))


def _next(asked: Asked) -> str:
    """Where the reader wanted to go: a page of ours, or the list."""
    wanted = asked.query.get("next", "")
    return quote(wanted, safe="/-_.~") if wanted.startswith(f"{HOME}/") and ".." not in wanted else HOME

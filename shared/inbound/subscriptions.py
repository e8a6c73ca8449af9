"""Visits to the page on which mails about the status page are asked for and ended."""

import re
from typing import TYPE_CHECKING

from shared.domain.subscriptions import Door, Visit
from shared.errors import UndecodableError

if TYPE_CHECKING:
    import flask

LONGEST_ADDRESS = 254
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
HANDLE = re.compile(r"[A-Za-z0-9_-]{20,64}")


def read(request: "flask.Request") -> Visit:
    """The visit; raises UndecodableError for a path that leads nowhere."""
    parts = [part for part in request.path.split("/") if part]
    locale = request.form.get("lang") or request.args.get("lang", "")
    posted = request.method == "POST"
    locale = locale if locale in {"en", "ar"} else "en"
    if not parts:
        email = _address(request.form.get("email", ""))
        return Visit(Door.ASK, posted, email=email, locale=locale, origin=_from(request))
    if len(parts) == 2 and parts[0] in {Door.CONFIRM, Door.OFF} and HANDLE.fullmatch(parts[1]):  # noqa: PLR2004
        return Visit(Door(parts[0]), posted, handle=parts[1], locale=locale, origin=_from(request))
    raise UndecodableError("this address leads nowhere")


def _address(text: str) -> str:
    given = text.strip()
    return given if len(given) <= LONGEST_ADDRESS and ADDRESS.fullmatch(given) else ""


def _from(request: "flask.Request") -> str:
    """The address that Google's front end saw: it adds it last, what stands before it anybody may have written."""
    seen = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    return seen or request.remote_addr or ""

"""A request for a page -> its parts, bounded, and only the headers that are looked at."""

import flask

from shared.domain.page_requests import Asked
from shared.errors import RefusedError

LONGEST_FORM = 16_384
HEADERS = ("Authorization", "X-Goog-Iap-Jwt-Assertion", "Origin", "Sec-Fetch-Site", "Accept-Encoding")


def read(request: flask.Request) -> Asked:
    """The parts of a request; raises RefusedError (413) for a body that is too long or does not say how long it is."""
    if (request.content_length or 0) > LONGEST_FORM or "chunked" in request.headers.get("Transfer-Encoding", ""):
        raise RefusedError("the form is too long", status=413)
    return Asked(
        method=request.method,
        path=request.path,
        query=request.args.to_dict(),
        form=request.form.to_dict(),
        cookies=request.cookies.to_dict(),
        headers={name: request.headers[name] for name in HEADERS if name in request.headers},
        host=request.host,
        is_secure=request.headers.get("X-Forwarded-Proto", request.scheme) == "https",
    )

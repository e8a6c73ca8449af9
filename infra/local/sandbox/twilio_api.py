"""What every part of the sandbox's Twilio API answers with: errors in Twilio's form, and pages."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from infra.local.sandbox.faults import Fault

E164 = re.compile(r"\+[1-9]\d{6,14}")
HTTP_STATUS = {20003: 401, 20429: 429}
MESSAGES = {
    20003: "Authenticate",
    20429: "Too Many Requests",
    21205: "Url is not a valid URL",
    21211: "The 'To' number is not a valid phone number.",
    21213: "A 'From' phone number is required.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit.",
}


class RefusalError(Exception):
    """An answer with an error code."""

    def __init__(self, code: int, status: int = 0) -> None:
        super().__init__(code)
        self.code, self.status = code, status or HTTP_STATUS.get(code, 400)


def page(name: str, resources: list[dict[str, Any]], wanted: Mapping[str, str]) -> dict[str, Any]:
    """One page of a list, with the addresses of its neighbours."""
    size, number = int(wanted.get("PageSize", 50)), int(wanted.get("Page", 0))
    start = size * number
    rest = {name: value for name, value in wanted.items() if name not in {"Page", "PageToken"}}
    following = (
        f"{request.path}?{urlencode(rest | {'Page': str(number + 1)})}" if len(resources) > start + size else None
    )
    return {
        name: resources[start : start + size],
        "page": number,
        "page_size": size,
        "start": start,
        "end": max(start, min(len(resources), start + size) - 1),
        "uri": request.full_path,
        "first_page_uri": f"{request.path}?{urlencode(rest | {'Page': '0'})}",
        "next_page_uri": following,
        "previous_page_uri": None,
    }


def met(fault: Fault) -> ResponseReturnValue:
    """The answer of a request that meets a fault."""
    code = int(fault.get("code", 0))
    status = int(fault.get("status", HTTP_STATUS.get(code, 400)))
    body = fault.get("body") or (error(code, status) if code else None)
    response = jsonify(body) if body else Response("upstream fault", content_type="text/plain")
    response.status_code = status
    response.headers.extend(fault.get("headers", {}))
    return response


def error(code: int, status: int) -> dict[str, Any]:
    """Twilio's error object."""
    return {
        "code": code,
        "message": MESSAGES.get(code, f"Error {code}"),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }

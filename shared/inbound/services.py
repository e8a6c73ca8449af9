"""Which service a log entry or an address is about, and which route."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from shared.inbound.values import mapping, text, title

UNKNOWN = "unknown"
_NAME = re.compile(r"^(?:\d+|[0-9a-f]{12,}|[0-9a-f]{8}-[0-9a-f-]{27}|(?=.*\d)[\w-]{16,})$", re.IGNORECASE)
_RUN_HOST = re.compile(r"^(?P<name>[a-z0-9-]+?)-(?:[a-z0-9]{10}-[a-z]{2}|\d+\.[a-z0-9-]+)\.(?:a\.)?run\.app$")


def service_of(body: Mapping[str, Any]) -> str:
    """The service an entry is about: function, Cloud Run service, backend or host; "_" becomes "-"."""
    labels, own = mapping(mapping(body.get("resource")).get("labels")), mapping(body.get("labels"))
    named = (
        own.get("goog-drz-cloudfunctions-id")
        or labels.get("function_name")
        or labels.get("service_name")
        or labels.get("backend_service_name")
        or labels.get("module_id")
        or labels.get("container_name")
        or labels.get("database_id")
        or labels.get("domain_name")
    )
    if named:
        return normal(text(named))
    return service_of_url(text(mapping(body.get("httpRequest")).get("requestUrl"))) or UNKNOWN


def service_of_url(url: str) -> str:
    """The service behind a URL: .../NAME on cloudfunctions.net, SERVICE-hash on run.app, else the host."""
    try:
        parts = urlsplit(url)
        host = title(parts.hostname).lower()
    except ValueError:
        return ""
    if host.endswith(".cloudfunctions.net"):
        return normal(parts.path.strip("/").split("/")[0]) or host
    found = _RUN_HOST.match(host)
    return normal(found["name"]) if found else host


def normal(name: str) -> str:
    """A service's name as we write it: small letters, "-" for "_"."""
    return title(name).lower().replace("_", "-")


def path_of(url: str) -> str:
    """The path of an address with every id in it replaced by "*"."""
    try:
        parts = [_NAME.sub("*", part) for part in urlsplit(url).path.split("/")]
        return title("/".join(parts)) or "/"
    except ValueError:
        return "/"

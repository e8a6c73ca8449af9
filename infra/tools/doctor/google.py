"""Google's management APIs as a check asks them: documents by address, lists page by page, refusals in one line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from infra.tools.doctor.outcomes import CheckError

SECONDS = 8.0
FORBIDDEN, NOT_FOUND, UNAUTHENTICATED = 403, 404, 401
ERRORS = 400
MOST_PAGES = 50
SCOPE = "https://www.googleapis.com/auth/cloud-platform"

Json = dict[str, Any]


@dataclass(frozen=True)
class GoogleApis:
    """`session` signs what it asks, as google.auth's AuthorizedSession does."""

    session: requests.Session

    def get(self, url: str, **parameters: str) -> Json:
        """The document; raises CheckError naming what was refused."""
        return _document(url, self.session.get(url, params=parameters or None, timeout=SECONDS))

    def find(self, url: str) -> Json | None:
        """The document, or None when there is none."""
        answer = self.session.get(url, timeout=SECONDS)
        return None if answer.status_code == NOT_FOUND else _document(url, answer)

    def every(self, url: str, name: str, **parameters: str) -> Iterator[Json]:
        """The documents of a list's pages; `name` is the field that holds them."""
        token: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = self.get(url, **parameters, **token)
            yield from page.get(name, [])
            token = {"pageToken": str(page.get("nextPageToken", ""))}
            if not token["pageToken"]:
                return
        raise CheckError(f"{url}: more than {MOST_PAGES} pages")


def last(name: str) -> str:
    """The name itself, of a resource's full one ("projects/p/topics/signals")."""
    return name.rpartition("/")[2]


def _document(url: str, answer: requests.Response) -> Json:
    if answer.status_code >= ERRORS:
        raise CheckError(*_refusal(url, answer))
    return dict(answer.json())


def _refusal(url: str, answer: requests.Response) -> tuple[str, str]:
    host = urlsplit(url).netloc
    message = _message(answer)
    fixes = {
        FORBIDDEN: f"grant roles/viewer (and what the message names) to whoever asks, or enable {host}",
        UNAUTHENTICATED: "run `gcloud auth application-default login`",
        NOT_FOUND: "compare with `terraform plan`",
    }
    return f"{host} answered {answer.status_code}: {message}", fixes.get(answer.status_code, "try again in a minute")


def _message(answer: requests.Response) -> str:
    """Google's own words; a body that is not theirs (a proxy's page) is not shown."""
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return "no JSON error"
    return str(error.get("message", "")) if isinstance(error, dict) else str(error)

"""JSON over HTTPS from a public source, and every way in which that fails as one error."""

from typing import Any

import requests

from shared.errors import SourceError

TIMEOUT_SECONDS = 20.0
ERRORS = 400


class JsonSource:
    """One source at `base_url`. It is told what is asked, and nothing about us or anybody else."""

    def __init__(self, name: str, base_url: str, *, headers: dict[str, str] | None = None) -> None:
        self._name, self._base_url = name, base_url.rstrip("/")
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json", **(headers or {})})

    def ask(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - JSON is anything
        """The answer's document; None for one without content. Raises SourceError."""
        url = f"{self._base_url}/{path}"
        try:
            answer = self._session.request(method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, **more)
        except requests.RequestException as error:
            raise SourceError(f"{self._name} cannot be reached ({type(error).__name__})") from error
        if answer.status_code >= ERRORS or answer.is_redirect:
            raise SourceError(f"{self._name} answered {answer.status_code}", status=answer.status_code)
        if not answer.content:
            return None
        try:
            return answer.json()
        except requests.JSONDecodeError as error:
            raise SourceError(f"{self._name} answered what is no JSON", status=answer.status_code) from error

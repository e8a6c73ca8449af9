"""A running `soukmon up`, spoken to over its address."""

import json
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from infra.local.samples import published
from shared.domain.game_day import rehearsal_signal
from shared.domain.signals import Signal
from shared.usecases.records import body_of

PATIENCE = 60.0
SETTLES = 30


class Running:
    """Raises LookupError when nobody answers at the address."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise LookupError(f"{url} is not an address; write for example http://127.0.0.1:8080")
        self._url = url.rstrip("/")

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON is anything
        """What a page for programs says."""
        return self._answer(Request(self._url + path))  # noqa: S310 - http only, see above

    def post(self, function: str, body: bytes) -> Any:  # noqa: ANN401
        """What a function answers; None where it is no JSON."""
        headers = {"Content-Type": "application/json"}
        return self._answer(Request(f"{self._url}/functions/{function}", data=body, headers=headers))  # noqa: S310

    def rehearse(self, rule: str) -> dict[str, Any]:
        """Test-fire a rule to the game-day recipient and end it; the incident with its notifications."""
        now = datetime.fromisoformat(self.get("/api/clock")["now"])
        signal = rehearsal_signal(rule, now.isoformat(), now, over=False)
        self._send(signal)
        incident = self._incident(signal)
        self._send(rehearsal_signal(rule, now.isoformat(), now, over=True))
        return incident

    def _send(self, signal: Signal) -> None:
        self.post("handle_signal", published(signal.received_at, body_of(signal), "handle_signal").body)
        self.get(f"/api/quiet?wait={SETTLES}")

    def _incident(self, signal: Signal) -> dict[str, Any]:
        receipts = self.get("/api/receipts")
        name = next((row["incident"] for row in receipts if row["event"] == signal.event_id), "")
        if not name:
            raise LookupError("the platform took the event and opened no incident; see /api/dead-letters")
        found: dict[str, Any] = self.get(f"/api/incidents/{name}")
        return found

    def _answer(self, request: Request) -> Any:  # noqa: ANN401
        try:
            with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
                is_json = response.headers.get_content_type() == "application/json"
                text = response.read() if is_json else b""
        except HTTPError as error:
            raise LookupError(f"{request.full_url} answered {error.code}") from error
        except URLError as error:
            raise LookupError(f"nobody answers at {self._url} ({error.reason}); start soukmon up first") from error
        return json.loads(text) if text else None

"""Webhooks that put back what ran before: signed, to allow-listed hosts alone, and never into a network of ours."""

import hmac
import ipaddress
import json
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from shared.adapters.rollback_calls import TIMEOUT_SECONDS, answered, words
from shared.domain.rollbacks import RollbackTarget
from shared.errors import PermanentFailureError, TemporaryFailureError
from shared.ports.acting import RollbackCall
from shared.ports.platform import Clock

SIGNATURE = "X-Soukmon-Signature"
NONCE = "Idempotency-Key"
NOT_ALLOWED_METHOD = 405  # somebody is there, who takes no HEAD

Resolve = Callable[[str, int], Iterable[str]]


def addresses_of(host: str, port: int) -> list[str]:
    """What the host's name stands for; raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class WebhookRollbacks:
    """Implements `RollbackTriggers` for webhooks.

    `key` signs ("t=<unix seconds>,v1=<hexadecimal HMAC-SHA256 of t.body>"); `hosts` are those that may be called.
    `base_url` is called in place of every host (the sandbox).
    """

    key: str
    hosts: tuple[str, ...]
    clock: Clock
    base_url: str = ""
    timeout: float = TIMEOUT_SECONDS
    resolve: Resolve = addresses_of

    def check(self, target: RollbackTarget) -> str:
        """Ask with HEAD, which starts nothing."""
        url = self._address(target)
        try:
            answer = answered(lambda: self._request("HEAD", url, b"", {}))
        except PermanentFailureError as error:
            if error.code != str(NOT_ALLOWED_METHOD):
                raise
            return "it is there, and takes no HEAD"
        return f"HEAD answered {answer.status_code}"

    def run(self, target: RollbackTarget, call: RollbackCall) -> str:
        """POST the order; a repeated one has the same Idempotency-Key."""
        url = self._address(target)
        order = {"action": "rollback", "target": target.name, "window": call.window, "because": call.because}
        body = json.dumps({**order, "asked_by": call.by}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", NONCE: call.nonce}
        answer = answered(lambda: self._request("POST", url, body, headers))
        return f"{answer.status_code} {words(answer)}".strip()

    def _request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
        at = str(int(self.clock.now().timestamp()))
        mac = hmac.digest(self.key.encode(), at.encode() + b"." + body, "sha256").hex()
        signed = {**headers, SIGNATURE: f"t={at},v1={mac}", "User-Agent": "soukmon"}
        return requests.request(
            method, url, data=body, headers=signed, timeout=self.timeout, allow_redirects=False, verify=True
        )

    def _address(self, target: RollbackTarget) -> str:
        """Where to call; refuses what is not https, not on the list, or not on the open network."""
        if not self.key:
            raise PermanentFailureError("no key", "SOUKMON_ROLLBACK_KEYS is not set; an unsigned order is never sent")
        parts = urlsplit(target.webhook)
        host = parts.hostname or ""
        if parts.scheme != "https" or host not in self.hosts or parts.username or parts.password:
            raise PermanentFailureError("not allowed", "only https, and only hosts of maintenance.yaml")
        if self.base_url:
            return f"{self.base_url}/hooks/{host}{parts.path}"
        self._refuse_inside(host, parts.port or 443)
        return target.webhook

    def _refuse_inside(self, host: str, port: int) -> None:
        try:
            found = list(self.resolve(host, port))
        except OSError as error:
            raise TemporaryFailureError("unreachable", "its name is not known") from error
        if not found or not all(ipaddress.ip_address(address).is_global for address in found):
            raise PermanentFailureError("not allowed", "its name stands for an address inside a network")

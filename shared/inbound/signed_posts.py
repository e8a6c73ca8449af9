"""Posts that are signed with a shared key: who may post, and that nobody posts the same twice."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.signals import digest
from shared.errors import RefusedError

SIGNATURE = "x-soukmon-signature"
WINDOW = timedelta(seconds=300)
_SIGNED = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Guard:
    """Who may post. `keys` (comma separated; "" = nobody needs to sign) each verify, so that they can be rotated.

    A push carries no signature: with keys it is taken only when its token has been checked (`trusts_pushes`).
    """

    keys: str = ""
    trusts_pushes: bool = False
    window: timedelta = WINDOW

    @property
    def each(self) -> list[str]:
        """The keys one by one."""
        return [key.strip() for key in self.keys.split(",") if key.strip()]


def verify(headers: Mapping[str, str], body: bytes, *, guard: Guard, now: datetime) -> str:
    """The nonce of a request signed within the window; raises RefusedError (401) for every other.

    The header holds `t=<unix seconds>,v1=<hexadecimal HMAC-SHA256 of "<t>.<raw body>">`.
    """
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "")
    found = _SIGNED.fullmatch(given)
    if found is None:
        raise RefusedError("no X-Soukmon-Signature of the form t=<unix seconds>,v1=<hexadecimal HMAC-SHA256>")
    timestamp, signature = found.groups()
    signed = timestamp.encode() + b"." + body
    macs = [hmac.digest(key.encode(), signed, "sha256").hex() for key in guard.each]
    if not any(hmac.compare_digest(mac, signature) for mac in macs):
        raise RefusedError("signed with none of our keys")
    if abs(now.timestamp() - int(timestamp)) > guard.window.total_seconds():
        raise RefusedError(f"not signed within {guard.window.total_seconds():.0f} s of now")
    return digest("signed post", timestamp, signature)

"""What outside probes post: {"probes": [{"target", "place", "at", "ok", "reason", "latency_ms"}]}, signed."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from shared import typed
from shared.domain.signals import bounded
from shared.domain.status_checks import Check, Reason
from shared.errors import RefusedError, UndecodableError
from shared.inbound.signed_posts import Guard, verify

if TYPE_CHECKING:
    import flask

AHEAD = timedelta(minutes=5)
OLDEST = timedelta(days=1)
LONGEST_LINE = 300


class ProbeWire(Struct, forbid_unknown_fields=True):
    """{"target": "website", "place": "cairo", "at": "2026-03-10T02:10:00Z", "ok": false, "reason": "dns"}."""

    target: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$(?!\n)")]
    place: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$(?!\n)")]
    at: Annotated[datetime, Meta(tz=True)]
    ok: bool
    reason: Reason | None = None
    latency_ms: Annotated[float, Meta(ge=0, le=600_000)] | None = None


class PostWire(Struct, forbid_unknown_fields=True):
    """Up to a hundred looks at once."""

    probes: Annotated[tuple[ProbeWire, ...], Meta(min_length=1, max_length=100)]


def read(request: "flask.Request", *, keys: str, now: datetime) -> tuple[tuple[Check, ...], str]:
    """The checks and the nonce of their signed request.

    Raises RefusedError (401) for a request that none of the `keys` has signed, UndecodableError for a body that is not
    of the form above or speaks of another day.
    """
    guard, body = Guard(keys), request.get_data()
    if not guard.each:
        raise RefusedError("SOUKMON_PROBE_KEYS is not set: nobody may report what they probed")
    nonce = verify(dict(request.headers), body, guard=guard, now=now)
    try:
        wire = typed.decode_json(body, PostWire)
    except msgspec.DecodeError as error:
        raise UndecodableError(bounded(" ".join(str(error).split()), LONGEST_LINE)) from error
    return tuple(_check(one, now, f"probes[{index}]") for index, one in enumerate(wire.probes)), nonce


def _check(wire: ProbeWire, now: datetime, place: str) -> Check:
    at = wire.at.astimezone(UTC)
    if at > now + AHEAD:
        raise UndecodableError(f"{place}.at: more than 5 minutes ahead; set the sender's clock")
    if at < now - OLDEST:
        raise UndecodableError(f"{place}.at: more than a day ago; it says nothing of how it is now")
    if wire.ok and wire.reason is not None:
        raise UndecodableError(f"{place}.reason: what is well has none; leave it out")
    reason = "" if wire.ok else str(wire.reason or Reason.UNREACHABLE)
    return Check(wire.target, wire.place, min(at, now), reason, wire.latency_ms)

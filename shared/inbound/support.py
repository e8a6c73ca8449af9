"""What the help desk, an inbound mail hook or the chat backend post about a customer's request."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from shared import typed
from shared.domain.signals import bounded
from shared.domain.support import SupportEvent, SupportStage
from shared.errors import RefusedError, UndecodableError
from shared.inbound.signed_posts import Guard, verify

if TYPE_CHECKING:
    import flask

AHEAD = timedelta(minutes=5)
LONGEST_LINE = 300


class SupportWire(Struct, forbid_unknown_fields=True):
    """{"channel": "email", "request": "T-1042", "event": "opened", "at": "2026-03-10T10:00:00+02:00"}."""

    channel: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$(?!\n)")]
    request: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:#-]{1,100}$(?!\n)")]
    event: SupportStage
    at: Annotated[datetime, Meta(tz=True)] | None = None
    subject: Annotated[str, Meta(max_length=2_000)] = ""


def read(request: "flask.Request", *, keys: str, now: datetime) -> tuple[SupportEvent, str]:
    """The event and the nonce of its signed request.

    Raises RefusedError (401) for a request that none of the `keys` has signed, UndecodableError for a body that is not
    of the form above.
    """
    guard, body = Guard(keys), request.get_data()
    if not guard.each:
        raise RefusedError("SOUKMON_SUPPORT_KEYS is not set: nobody may report support requests")
    nonce = verify(dict(request.headers), body, guard=guard, now=now)
    try:
        wire = typed.decode_json(body, SupportWire)
    except msgspec.DecodeError as error:
        raise UndecodableError(bounded(" ".join(str(error).split()), LONGEST_LINE)) from error
    at = (wire.at or now).astimezone(UTC)
    if at > now + AHEAD:
        raise UndecodableError("at: more than 5 minutes ahead; set the sender's clock")
    return SupportEvent(wire.channel, wire.request, wire.event, min(at, now), wire.subject), nonce

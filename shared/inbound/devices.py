"""The responders' app -> which device is to be registered or forgotten."""

import re
from dataclasses import dataclass

import flask
import msgspec

from shared import typed
from shared.errors import RefusedError, UndecodableError

# Registration tokens and installation ids hold nothing else; a line break would make two devices of one.
TOKEN = re.compile(r"[A-Za-z0-9_:.~%+/=-]{20,2048}")
LONGEST_BODY = 4_096


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    token: str


@dataclass(frozen=True, slots=True)
class DeviceWish:
    """The device, and whether it is to be registered or forgotten."""

    token: str
    forget: bool


def read(request: flask.Request) -> DeviceWish:
    """POST registers and DELETE forgets {"token": ...}; raises RefusedError (405) or UndecodableError."""
    if request.method not in {"POST", "DELETE"}:
        raise RefusedError("POST registers a device, DELETE forgets it", status=405)
    body = request.get_data()
    if len(body) > LONGEST_BODY:
        raise RefusedError("the body is too long", status=413)
    try:
        token = typed.decode_json(body, _Body).token
    except msgspec.DecodeError as error:
        raise UndecodableError('send {"token": "..."}') from error
    if not TOKEN.fullmatch(token):
        raise UndecodableError("not the token or installation id of a device")
    return DeviceWish(token, forget=request.method == "DELETE")

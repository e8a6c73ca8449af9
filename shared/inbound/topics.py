"""Messages on our own topics back into values."""

import base64
import binascii
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from shared import typed
from shared.domain.rollbacks import Order
from shared.domain.signals import Signal
from shared.domain.subscriptions import StatusMail
from shared.errors import UndecodableError

T = TypeVar("T")


class _Pointer(msgspec.Struct):
    notification: str


class _Look(msgspec.Struct):
    incident: str


class WantedDiagnosis(msgspec.Struct):
    """An incident to be diagnosed, not before `due_at`."""

    incident: str
    due_at: datetime


class _Redrive(msgspec.Struct):
    letter: str


class _Change(msgspec.Struct):
    cause: str = ""


class _Procedure(msgspec.Struct):
    run: str


class _Containment(msgspec.Struct):
    containment: str


class _Touched(msgspec.Struct):
    metrics: tuple[str, ...]


def signal(data: Any) -> Signal:  # noqa: ANN401 - what the framework hands over
    """The signal in a messagePublished event; raises UndecodableError."""
    return _decoded(data, Signal)


def notification(data: Any) -> str:  # noqa: ANN401
    """The ledger row's id in a messagePublished event; raises UndecodableError."""
    return _decoded(data, _Pointer).notification


def look(data: Any) -> str:  # noqa: ANN401
    """The incident whose impact is asked for in a messagePublished event; raises UndecodableError."""
    return _decoded(data, _Look).incident


def diagnosis(data: Any) -> WantedDiagnosis:  # noqa: ANN401
    """The diagnosis that is asked for in a messagePublished event; raises UndecodableError."""
    return _decoded(data, WantedDiagnosis)


def procedure(data: Any) -> str:  # noqa: ANN401
    """The procedure under way that may go on in a messagePublished event; raises UndecodableError."""
    return _decoded(data, _Procedure).run


def redrive(data: Any) -> str:  # noqa: ANN401
    """The dead letter to send again in a messagePublished event; raises UndecodableError."""
    return _decoded(data, _Redrive).letter


def status_change(data: Any) -> str:  # noqa: ANN401
    """Why the status page has to be looked at, from a messagePublished event; raises UndecodableError."""
    return _decoded(data, _Change).cause


def status_mail(data: Any) -> StatusMail:  # noqa: ANN401
    """Which mails are to be written, from a messagePublished event; raises UndecodableError."""
    return _decoded(data, StatusMail)


def containment(data: Any) -> str:  # noqa: ANN401
    """The measure to look at in a messagePublished event; raises UndecodableError."""
    return _decoded(data, _Containment).containment


def touched(data: Any) -> tuple[str, ...]:  # noqa: ANN401
    """The metrics named in a messagePublished event; raises UndecodableError."""
    return _decoded(data, _Touched).metrics


def rollback(data: Any) -> Order:  # noqa: ANN401
    """The order about a window's rollback in a messagePublished event; raises UndecodableError."""
    return _decoded(data, Order)


def _decoded(data: Any, kind: type[T]) -> T:  # noqa: ANN401
    try:
        return typed.decode_json(base64.b64decode(data["message"]["data"], validate=True), kind)
    except (KeyError, TypeError, binascii.Error, ValueError) as error:
        raise UndecodableError(f"not a {kind.__name__.strip('_').lower()} message: {error}") from error

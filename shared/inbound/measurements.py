"""Measurements that pipelines and the app post themselves, over HTTP or Pub/Sub: who may, and what they say.

A body holds {"measurements": [...]}, {"release": {...}} or both. A release is a measurement too: `release`, once.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct

from shared import typed
from shared.domain.changes import Change, ChangeKind
from shared.domain.redaction import redact
from shared.domain.signals import bounded, digest
from shared.errors import RefusedError, UndecodableError
from shared.inbound import envelopes
from shared.inbound.envelopes import Envelope
from shared.inbound.signed_posts import Guard, verify

if TYPE_CHECKING:
    import flask
    from flask.typing import ResponseReturnValue

    Arrival = Envelope | flask.Request
    Handler = Callable[[flask.Request], ResponseReturnValue]

OLDEST = timedelta(days=7)
AHEAD = timedelta(minutes=5)
RELEASE = "release"
LONGEST_LINE = 400
_WRAPPERS = ("message", "specversion", "specVersion", "context")  # which no body of ours has at its top
_COMPLAINT = re.compile(r"(?P<what>.*?)(?: - at (?:`key` in )?`\$\.?(?P<path>.*)`)?", re.DOTALL)

_INSTANT = 'an instant with its offset such as "2026-04-01T09:00:00+02:00", at most 7 days ago'
_TEXT = "a printable text of 1 to 100 characters in quotes"
HOW = {
    "metric": 'a name of small letters, digits and underscores such as "bundle_size"',
    "value": "a finite number such as 748512, without quotes",
    "unit": "one of percent, bytes, KB, MB, GB, KiB, MiB, GiB, ms, s, min, h, count",
    "measured_at": _INSTANT,
    "at": _INSTANT,
    "labels": "at most 10 names of small letters, each with a printable text of at most 100 characters",
    "service": _TEXT,
    "version": _TEXT,
    "commit": _TEXT,
    "by": _TEXT,
    "previous": _TEXT,
    "measurements": "a list of at most 100 measurements",
    "release": 'an object such as {"service": "web", "version": "3.4.1"}',
}

# "$" alone would let a line break at the very end pass.
_PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$(?!\n)"
_Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$(?!\n)", description=HOW["metric"])]
_Instant = Annotated[datetime, Meta(tz=True, description=_INSTANT)]
_Text = Annotated[str, Meta(min_length=1, max_length=100, pattern=_PRINTABLE, description=_TEXT)]
_Label = Annotated[str, Meta(max_length=100, pattern=_PRINTABLE)]
_Labels = Annotated[dict[_Name, _Label], Meta(max_length=10, description=HOW["labels"])]


class MeasurementWire(Struct, forbid_unknown_fields=True):
    """One measured value; without `unit` in the metric's own, without `measured_at` now."""

    metric: _Name
    value: Annotated[float, Meta(description=HOW["value"])]
    unit: Annotated[str, Meta(max_length=20, description=HOW["unit"])] | None = None
    measured_at: _Instant | None = None
    labels: _Labels = {}


class ReleaseWire(Struct, forbid_unknown_fields=True):
    """A version that went live; without `at` now."""

    service: _Text
    version: _Text
    commit: _Text | None = None
    at: _Instant | None = None
    by: _Text | None = None
    previous: _Text | None = None


class BodyWire(Struct, forbid_unknown_fields=True):
    """What is posted: measurements, a release, or both."""

    measurements: Annotated[tuple[MeasurementWire, ...], Meta(max_length=100)] = ()
    release: ReleaseWire | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value as it was posted: `unit` is how the sender calls it, "" for the metric's own."""

    metric: str
    value: float
    unit: str
    measured_at: datetime
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posting:
    """The measurements of one delivery, and the release it tells of.

    `nonce` is the same for a replay of it, "" where nothing was signed.
    """

    measurements: tuple[Measurement, ...]
    nonce: str = ""
    release: Change | None = None


def by_wrapping(
    *,
    posted: "Callable[[Callable[[Arrival], ResponseReturnValue]], Handler]",
    pushed: "Callable[[Callable[[Envelope], Any]], Handler]",
) -> "Callable[[Callable[[Arrival], ResponseReturnValue]], Handler]":
    """One function behind two doors: bare JSON goes through `posted`, anything in an envelope through `pushed`."""

    def decorate(function: "Callable[[Arrival], ResponseReturnValue]") -> "Handler":
        on_post, on_push = posted(function), pushed(function)

        @wraps(function)
        def handle(request: "flask.Request") -> "ResponseReturnValue":
            return (on_push if _is_wrapped(dict(request.headers), request.get_data()) else on_post)(request)

        return handle

    return decorate


def read(arrived: "Arrival", *, guard: Guard, now: datetime) -> Posting:
    """What was posted or pushed; a push without an instant of its own was measured when it was published.

    Raises RefusedError (401) for what is forged or stale, UndecodableError with one line that names field and fix.
    """
    if isinstance(arrived, Envelope):
        if guard.each and not guard.trusts_pushes:
            raise RefusedError("a push is not signed; set SOUKMON_PUSH_AUDIENCE so that its token is checked")
        return _posting(arrived.payload, now=now, usual=arrived.time or now)
    body = arrived.get_data()
    nonce = verify(dict(arrived.headers), body, guard=guard, now=now) if guard.each else ""
    return replace(_posting(envelopes.decode(body), now=now, usual=now), nonce=nonce)


def _is_wrapped(headers: Mapping[str, str], body: bytes) -> bool:
    if any(name.lower() in {"ce-type", "ce-id"} for name in headers):
        return True
    try:
        document = envelopes.decode(body)
    except UndecodableError:
        return False
    return isinstance(document, dict) and not document.keys().isdisjoint(_WRAPPERS)


def _posting(payload: Any, *, now: datetime, usual: datetime) -> Posting:  # noqa: ANN401
    try:
        body = typed.convert(payload, BodyWire)
    except msgspec.ValidationError as error:
        raise UndecodableError(bounded(_explained(str(error)), LONGEST_LINE)) from error
    found = [
        _measurement(wire, now=now, usual=usual, place=f"measurements[{index}]")
        for index, wire in enumerate(body.measurements)
    ]
    if body.release is not None:
        found.append(_release(body.release, now=now, usual=usual))
    if not found:
        raise UndecodableError("the body: nothing is measured; write measurements, release or both")
    return Posting(tuple(found), release=_change(body.release, found[-1].measured_at) if body.release else None)


def _measurement(wire: MeasurementWire, *, now: datetime, usual: datetime, place: str) -> Measurement:
    if not math.isfinite(wire.value):
        raise UndecodableError(f"{place}.value: not a finite number; write {HOW['value']}")
    measured_at = _within_reach(wire.measured_at or usual, now, f"{place}.measured_at")
    return Measurement(wire.metric, wire.value, wire.unit or "", measured_at, wire.labels)


def _release(wire: ReleaseWire, *, now: datetime, usual: datetime) -> Measurement:
    labels = {"service": wire.service, "version": wire.version}
    commit = {} if wire.commit is None else {"commit": wire.commit}
    return Measurement(RELEASE, 1.0, "count", _within_reach(wire.at or usual, now, "release.at"), labels | commit)


def _change(wire: ReleaseWire, at: datetime) -> Change:
    """The release as a change on record; posted twice it is the same one."""
    service, version = redact(wire.service), redact(wire.version)
    return Change(
        id=digest(RELEASE, service, version, at.isoformat()),
        kind=ChangeKind.RELEASE,
        service=service,
        at=at,
        version=version,
        previous=redact(wire.previous or ""),
        by=redact(wire.by or ""),
        commit=redact(wire.commit or ""),
    )


def _within_reach(at: datetime, now: datetime, place: str) -> datetime:
    if at < now - OLDEST:
        raise UndecodableError(f"{place}: more than 7 days ago; write {_INSTANT}")
    if at > now + AHEAD:
        raise UndecodableError(f"{place}: more than 5 minutes ahead; write {_INSTANT}, and set the sender's clock")
    return at.astimezone(UTC)


def _explained(complaint: str) -> str:
    """The decoder's complaint as one line with the field's full name and what to write there."""
    found = _COMPLAINT.fullmatch(" ".join(complaint.split()))
    what, path = (found["what"], found["path"] or "") if found else (complaint, "")
    named = re.search(r"field `(.*)`", what)
    place = f"{path}.{named[1]}".lstrip(".") if named else path
    if what.startswith("Object contains unknown field"):
        return f"{place}: unknown field; leave it out (known here: {', '.join(_known(path))})"
    how = HOW.get(next(reversed(re.findall(r"[a-z_]+", place)), ""), '{"measurements": [...]}')
    if what.startswith("Object missing required field"):
        return f"{place}: missing; write {how}"
    problem = "does not fit" if "regex" in what else what[:1].lower() + what[1:].replace("`", "")
    return f"{place or 'the body'}: {problem}; write {how}"


def _known(path: str) -> tuple[str, ...]:
    inner: dict[str, type[Struct]] = {"": BodyWire, "release": ReleaseWire}
    return inner.get(path, MeasurementWire).__struct_fields__

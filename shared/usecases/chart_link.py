"""Signed links to the charts of evidence: whoever fetches a picture for a message has no account with us."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import msgspec
from itsdangerous import Signer

from shared import typed
from shared.domain.evidence import Evidence
from shared.errors import RefusedError
from shared.ports.objects import ObjectStore
from shared.ports.store import Body, Put, StateStore, Write
from shared.rendering import charts
from shared.usecases.records import body_of, instant

log = logging.getLogger(__name__)

EVIDENCE = "evidence"
SALT = "soukmon.chart"
KEPT_FOR = timedelta(days=90)
SIGNATURE_BYTES = 15
PNG = "image/png"
LOCALES = ("en", "ar")
HEADERS = {
    "Content-Type": PNG,
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def evidence_write(name: str, evidence: Evidence) -> Write:
    """The write that keeps evidence; its points become maps, because Firestore refuses lists inside lists."""
    body: Body = body_of(evidence)
    points = [{"at": at, "value": value} for at, value in body["points"]]
    expires_at = instant(evidence.complete_until + KEPT_FOR)
    return Put(EVIDENCE, name, {**body, "points": points, "expires_at": expires_at})


def read_evidence(store: StateStore, name: str) -> Evidence | None:
    """The evidence that was kept under the name; None without any, or where another release kept it differently."""
    document = store.get(EVIDENCE, name) if name else None
    if document is None:
        return None
    try:
        points = [(point["at"], point["value"]) for point in document.body["points"]]
        return typed.convert({**document.body, "points": points}, Evidence)
    except (msgspec.ValidationError, KeyError, TypeError):
        log.exception("unreadable evidence", extra={"evidence": name})
        return None


def chart_url(base: str, name: str, *, keys: Sequence[str], locale: str = "en") -> str:
    """The address under `base` at which anybody may see the chart; signed with the newest (last) key."""
    signature = _signer(keys).get_signature(f"{name}/{locale}").decode()
    return f"{base}/{name}/{locale}/{signature}.png"


def picture(name: str, *, store: StateStore, objects: ObjectStore, locale: str = "en") -> bytes | None:
    """The chart as PNG, drawn once and then kept; None without evidence of that name."""
    evidence = read_evidence(store, name)
    if evidence is None:
        return None
    kept = f"charts/{name}-{locale}.png"
    found = objects.read(kept)
    if found is not None:
        return found
    drawn = charts.png(evidence, locale)
    objects.create(kept, drawn, content_type=PNG)
    return drawn


def respond(
    path: str, *, keys: Sequence[str], store: StateStore, objects: ObjectStore
) -> tuple[bytes, int, dict[str, str]]:
    """The picture a signed path leads to; raises RefusedError for a forged path (401) and for lost evidence (404)."""
    name, locale, signature = ("", "", "", *path.removesuffix(".png").split("/"))[-3:]
    if locale not in LOCALES or not _signer(keys).verify_signature(f"{name}/{locale}", signature):
        raise RefusedError("this address is not valid")
    found = picture(name, locale=locale, store=store, objects=objects)
    if found is None:
        raise RefusedError("there is no such chart", status=404)
    return found, 200, HEADERS


def _signer(keys: Sequence[str]) -> Signer:
    digest = partial(hashlib.blake2s, digest_size=SIGNATURE_BYTES)
    return Signer(list(keys), salt=SALT, digest_method=digest, key_derivation="hmac")

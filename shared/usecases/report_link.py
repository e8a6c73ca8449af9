"""Signed links to the files of reports: whoever has the link may read that one file, until it expires."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from itsdangerous import Signer

from shared.errors import RefusedError
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock

SALT = "soukmon.report"
LASTS = timedelta(days=90)
SIGNATURE_BYTES = 20
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "png": "image/png",
}
# A report is a page of its own: it may run its own script, and nothing else; it can reach nothing and nobody.
POLICY = (
    "sandbox allow-scripts allow-downloads allow-popups; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
HEADERS = {
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, noarchive",
}
Answer = tuple[bytes, int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ReportLinks:
    """Makes the addresses in a message; whoever has one reads the report for 90 days after it was issued."""

    base: str
    keys: Sequence[str]

    def to(self, name: str, at: datetime) -> str:
        """The address of a file of the edition that was issued at that time."""
        return report_url(self.base, name, until=at + LASTS, keys=self.keys)


def report_url(base: str, name: str, *, until: datetime, keys: Sequence[str]) -> str:
    """The address of a file of the archive that can be read until then; signed with the newest (last) key."""
    expires = str(int(until.timestamp()))
    signature = _signer(keys).get_signature(f"{name}/{expires}").decode()
    return f"{base}/{expires}/{signature}/{name}"


def respond(path: str, *, keys: Sequence[str], archive: ObjectStore, clock: Clock) -> Answer:
    """The file a signed path leads to. Raises RefusedError: 401 for a forged path, 410 for one that expired."""
    expires, signature, name = ("", "", "", *path.split("/"))[-3:]
    if not (expires.isascii() and expires.isdigit() and _signer(keys).verify_signature(f"{name}/{expires}", signature)):
        raise RefusedError("this address is not valid")
    if clock.now() >= datetime.fromtimestamp(int(expires), UTC):
        raise RefusedError("this link has expired; the dashboards list every report", status=410)
    return file_of(name, archive)


def file_of(name: str, archive: ObjectStore) -> Answer:
    """A file of the archive; raises RefusedError (404) where there is none of that name."""
    form = name.rpartition(".")[2]
    data = archive.read(name) if form in CONTENT_TYPES else None
    if data is None:
        raise RefusedError("there is no such report", status=404)
    shown = "inline" if form in {"pdf", "html", "png"} else "attachment"
    described = {"Content-Type": CONTENT_TYPES[form], "Content-Disposition": f'{shown}; filename="{name}"'}
    return data, 200, {**HEADERS, **described}


def _signer(keys: Sequence[str]) -> Signer:
    digest = partial(hashlib.blake2s, digest_size=SIGNATURE_BYTES)
    return Signer(list(keys), salt=SALT, digest_method=digest, key_derivation="hmac")

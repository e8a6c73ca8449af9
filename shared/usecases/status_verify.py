"""Whether the public status page lies there as it was written, and is not older than it may be."""

import hashlib
from datetime import datetime, timedelta

from shared.ports.objects import Website
from shared.ports.store import StateStore
from shared.usecases.status_site import RENEWED_EVERY, kept_site

GRACE = timedelta(minutes=2)


def faults(*, store: StateStore, website: Website, now: datetime) -> list[str]:
    """What is wrong with it, a line each."""
    site = kept_site(store)
    if site.rendered_at is None:
        return ["the page was never written"]
    found = [_of(name, digest, website) for name, digest in sorted(site.files.items())]
    if now - site.rendered_at > RENEWED_EVERY + GRACE:
        found.append(f"the page was last renewed {site.rendered_at:%Y-%m-%d %H:%M} UTC; does publish_status run?")
    return [fault for fault in found if fault]


def _of(name: str, digest: str, website: Website) -> str:
    data = website.read(name)
    if data is None:
        return f"{name} is missing"
    return "" if hashlib.sha256(data).hexdigest() == digest else f"{name} is not as it was written"

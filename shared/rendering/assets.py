"""What pages load beside themselves, at addresses that change with the content: styles, scripts and the icon."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from shared.rendering.vega import bundle, bundle_version

FOLDER = Path(__file__).parent / "templates"
CHARTS = "charts.js"  # made of what a package contains, not read from a file
KINDS = {
    "site.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "dashboard.css": "text/css; charset=utf-8",
    "maintenance.css": "text/css; charset=utf-8",
    "dashboard.js": "text/javascript; charset=utf-8",
    CHARTS: "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
DIGITS = 12
SMALLEST = 1_000  # bytes that are worth compressing


@cache
def content(name: str) -> bytes:
    """The file of that name (one of `KINDS`)."""
    return bundle().encode() if name == CHARTS else (FOLDER / name).read_bytes()


@cache
def packed(name: str) -> bytes | None:
    """The same compressed with gzip; None for what is too small to gain by it."""
    whole = content(name)
    return gzip.compress(whole, mtime=0) if len(whole) >= SMALLEST else None


@cache
def addresses() -> dict[str, str]:
    """File -> where a page finds it; no page waits for the charts' script to be made."""
    return {name: f"/assets/{name}?{_version(name)[:DIGITS]}" for name in KINDS}


def _version(name: str) -> str:
    return bundle_version() if name == CHARTS else hashlib.sha256(content(name)).hexdigest()

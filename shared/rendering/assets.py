"""The style sheet and the script of the pages, and addresses that change with their content."""

import hashlib
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "templates"
KINDS = {
    "site.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@lru_cache(maxsize=len(KINDS))
def content(name: str) -> bytes:
    """The file of that name (one of `KINDS`)."""
    return (FOLDER / name).read_bytes()


@lru_cache(maxsize=1)
def addresses() -> dict[str, str]:
    """File -> where a page finds it."""
    return {name: f"/assets/{name}?{hashlib.sha256(content(name)).hexdigest()[:12]}" for name in KINDS}

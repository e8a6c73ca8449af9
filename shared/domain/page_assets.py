"""Which scripts and style sheets a page is made of: what its HTML names, and what its build's manifest names beside."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

MANIFESTS = (".vite/manifest.json", "asset-manifest.json")
_KINDS = (".js", ".mjs", ".css")
_PRELOADED = frozenset({"script", "style"})
# Vite ends a name in "-" and 8 characters of base64url, webpack in "." and 8, 16 or 20 of hexadecimal.
_HASH = re.compile(r"[.-](?:[0-9a-f]{20}|[0-9a-f]{16}|[0-9a-f]{8}|(?=[^.]*[0-9A-Z])[A-Za-z0-9_-]{8})(?=\.)")


def assets_of(html: str, address: str) -> tuple[str, ...]:
    """The addresses of the scripts and style sheets that a page loads before anything is done, each once, in order."""
    reader = _Reader(address)
    reader.feed(html)
    reader.close()
    return tuple(dict.fromkeys(reader.found))


def assets_in(manifest: object, folder: str) -> tuple[str, ...]:
    """The addresses of every script and style sheet of a build, lazily loaded ones too; none of what is no manifest.

    Vite: {source: {"file": ..., "css": [...]}}, relative to the manifest's root (https://vite.dev/guide/backend-integration).
    Create React App: {"files": {name: path}, "entrypoints": [...]} (react-scripts' webpack.config.js).
    """
    if not isinstance(manifest, Mapping):
        return ()
    named = [urljoin(folder, one) for one in _named(manifest) if urlsplit(one).path.endswith(_KINDS)]
    return tuple(dict.fromkeys(named))


def is_first_party(asset: str, page: str) -> bool:
    """True for what comes from the page's own host, or one under it."""
    home, host = ((urlsplit(one).hostname or "").removeprefix("www.") for one in (page, asset))
    return host == home or host.endswith(f".{home}")


def lasting_names(assets: Iterable[str]) -> Mapping[str, str]:
    """Each asset's path without the hash of its content, so that one build compares with the next.

    Where two would be called the same both keep what they are called.
    """
    paths = {asset: urlsplit(asset).path.lstrip("/") for asset in assets}
    plain = {asset: _without_hash(path) for asset, path in paths.items()}
    times = Counter(plain.values())
    return {asset: plain[asset] if times[plain[asset]] == 1 else path for asset, path in paths.items()}


def _without_hash(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{_HASH.sub('', name, count=1)}"


def _named(manifest: Mapping[Any, Any]) -> Iterator[str]:
    files = manifest.get("files")
    if isinstance(files, Mapping) and isinstance(manifest.get("entrypoints"), list):
        yield from (one for one in files.values() if isinstance(one, str))
        return
    for chunk in manifest.values():
        if isinstance(chunk, Mapping) and isinstance(chunk.get("file"), str):
            yield chunk["file"]
            styles = chunk.get("css", [])
            yield from (one for one in styles if isinstance(one, str)) if isinstance(styles, list) else ()


class _Reader(HTMLParser):
    """Collects addresses; a <base> before them is what they are relative to."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._base = address
        self._has_base = False
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        rel = set(given.get("rel", "").lower().split())
        if tag == "base" and given.get("href") and not self._has_base:
            self._base, self._has_base = urljoin(self._base, given["href"]), True
        elif tag == "script":
            self._add(given.get("src", ""))
        elif tag == "link" and (rel & {"stylesheet", "modulepreload"} or _is_preload(rel, given)):
            self._add(given.get("href", ""))

    def _add(self, address: str) -> None:
        try:
            whole = urldefrag(urljoin(self._base, address.strip())).url
            scheme = urlsplit(whole).scheme
        except ValueError:  # an address that is none; a browser loads nothing from it either
            return
        if address.strip() and scheme in {"http", "https"}:
            self.found.append(whole)


def _is_preload(rel: set[str], given: Mapping[str, str]) -> bool:
    return "preload" in rel and given.get("as", "").lower() in _PRELOADED

"""PyPI: the index in its JSON form (PEP 691 and 700), and what each release says of itself (the JSON API).

The index lists files; a version is part of a file's name. https://docs.pypi.org/api/index-api/ and /api/json/.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from shared.adapters.json_http import JsonSource
from shared.domain.updates import Details, Offered
from shared.errors import SourceError

HOST = "https://pypi.org"
GONE = 404
INDEX = "application/vnd.pypi.simple.v1+json"


class PyPI:
    """Implements `PackageIndex`; `base_url` replaces PyPI's host."""

    def __init__(self, *, base_url: str = "") -> None:
        self._source = JsonSource("PyPI", base_url or HOST)

    def offered(self, name: str) -> list[Offered]:
        """Every version with a file that tells when it was uploaded; an empty list for a project that is gone."""
        try:
            found = self._source.ask("GET", f"simple/{quote(name, safe='')}/", headers={"Accept": INDEX})
        except SourceError as error:
            if error.status == GONE:
                return []
            raise
        try:
            return list(_versions(found["files"]))
        except (KeyError, TypeError, ValueError) as error:
            raise SourceError(f"PyPI's index of {name} has another shape") from error

    def details(self, name: str, version: str) -> Details:
        """The metadata of one version; nothing for one that is gone."""
        try:
            found = self._source.ask("GET", f"pypi/{quote(name, safe='')}/{quote(version, safe='')}/json")
        except SourceError as error:
            if error.status == GONE:
                return Details()
            raise
        try:
            info = found["info"]
            return Details(tuple(info.get("requires_dist") or ()), dict(info.get("project_urls") or {}))
        except (KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"PyPI's document of {name} {version} has another shape") from error


def _versions(files: list[Mapping[str, Any]]) -> Iterator[Offered]:
    """A version is as old as its first file, and withdrawn when all of its files are."""
    by_version: dict[str, list[Mapping[str, Any]]] = {}
    for file in files:
        if file.get("upload-time") and (version := _version(str(file["filename"]))):
            by_version.setdefault(version, []).append(file)
    for version, found in by_version.items():
        yield Offered(
            version,
            min(datetime.fromisoformat(file["upload-time"]) for file in found),
            tuple(sorted(str(file["hashes"]["sha256"]) for file in found if not file.get("yanked"))),
            str(found[0].get("requires-python") or ""),
            all(file.get("yanked") for file in found),
        )


def _version(filename: str) -> str:
    """The version in a file's name; "" for old kinds of files, which nothing installs any more."""
    from packaging.utils import (  # noqa: PLC0415 - only where updates are looked for
        InvalidSdistFilename,
        InvalidWheelFilename,
        parse_sdist_filename,
        parse_wheel_filename,
    )

    try:
        if filename.endswith(".whl"):
            return str(parse_wheel_filename(filename)[1])
        return str(parse_sdist_filename(filename)[1])
    except (InvalidWheelFilename, InvalidSdistFilename):
        return ""

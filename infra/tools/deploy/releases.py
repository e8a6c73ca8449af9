"""The releases of an environment: recorded once, and never changed."""

from dataclasses import replace
from pathlib import Path

import msgspec

from shared.usecases.releases import KeptReleases, Release


class Releases(KeptReleases):
    """The releases bucket, written by whoever deploys."""

    def record(self, release: Release) -> Release:
        """Keep it under the next free number; returns it with that number."""
        numbered = replace(release, number=release.number or 1)
        while not self._objects.create(
            f"releases/{numbered.number}.json", msgspec.json.encode(numbered), content_type="application/json"
        ):
            numbered = replace(numbered, number=numbered.number + 1)
        return numbered

    def has_package(self, function: str, sha: str) -> bool:
        """True when the package can be deployed."""
        return self.package(function, sha) is not None

    def upload(self, function: str, package: Path) -> bool:
        """Put a package there unless it is there already; True when it was missing."""
        name = f"{function}/{package.name}"
        return self._objects.create(name, package.read_bytes(), content_type="application/zip")

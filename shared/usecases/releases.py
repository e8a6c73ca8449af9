"""The releases of an environment as they are kept: what was deployed when, by whom, from which commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared import typed
from shared.ports.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class Release:
    """One deployment that was applied. `functions` maps each to the SHA-256 of its package.

    `restores` is the earlier release whose packages it brought back; 0 when they were its own.
    """

    number: int
    functions: Mapping[str, str]
    commit: str
    when: datetime
    who: str
    restores: int = 0


class KeptReleases:
    """The releases bucket, read: FUNCTION/SHA.zip and releases/N.json, numbered from 1 without a gap."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def get(self, number: int) -> Release | None:
        """The release of that number, or None."""
        found = self._objects.read(f"releases/{number}.json")
        return None if found is None else typed.decode_json(found, Release)

    def last(self) -> Release | None:
        """The newest; found by doubling and halving, as the store cannot list."""
        high = 1
        while self.get(high) is not None:
            high *= 2
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.get(middle) is not None else (low, middle)
        return self.get(low)

    def before(self, release: Release) -> Release | None:
        """The one to go back to: what ran before, or before the one whose packages this one brought back."""
        return self.get((release.restores or release.number) - 1)

    def package(self, function: str, sha: str) -> bytes | None:
        """The zip, or None."""
        return self._objects.read(f"{function}/{sha}.zip")

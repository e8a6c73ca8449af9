"""Named bytes: buckets in production, folders embedded."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from shared.domain.backups import Seen, Stored, Watched


class ObjectStore(Protocol):
    """Named bytes that are never overwritten. Cloud Storage in production, a folder embedded."""

    def create(self, name: str, data: bytes, *, content_type: str) -> bool:
        """Store once; False when the name exists already."""

    def read(self, name: str) -> bytes | None:
        """The bytes, or None."""


class Website(Protocol):
    """A folder of files that anybody may read. A public bucket of Cloud Storage in production, a folder embedded."""

    def put(self, name: str, data: bytes, *, content_type: str) -> None:
        """Write a file whatever was there; readers see the old one or the new one, never a part."""

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""

    def read(self, name: str) -> bytes | None:
        """The file, or None."""


class Archive(ObjectStore, Protocol):
    """An object store whose names can be listed."""

    def names(self, prefix: str) -> list[str]:
        """Every name that begins with the prefix, in order."""


class OtherBackups(Protocol):
    """Backups that are not ours: we look at them, and change nothing."""

    def seen(self, one: Watched) -> Sequence[Seen]:
        """The backups that are whole. Raises NotMeasuredError where they cannot be looked at, with what is missing."""

    def stored(self, bucket: str) -> Mapping[str, Stored]:
        """A bucket's objects by their names. Raises NotMeasuredError."""

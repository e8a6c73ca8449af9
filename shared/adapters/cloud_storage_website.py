"""The public status page in a bucket of Cloud Storage that anybody may read."""

from collections.abc import Callable

from google.api_core.exceptions import NotFound
from google.cloud import storage  # type: ignore[attr-defined]  # not typed

from shared.adapters.bucket_objects import SECONDS, inside

# Public objects are cached for an hour unless they say otherwise, and an outage has to be seen within a minute.
CACHED = "public, max-age=30"


class CloudStorageWebsite:
    """Implements `Website` in one bucket; `client` is a factory: the first use makes the client."""

    def __init__(self, bucket: str, client: Callable[[], storage.Client]) -> None:
        self._name = bucket
        self._make = client
        self._made: storage.Bucket | None = None

    def put(self, name: str, data: bytes, *, content_type: str) -> None:
        """Write whatever was there: Cloud Storage shows the old object until the new one is whole."""
        blob = self._bucket.blob(inside(name))
        blob.cache_control = CACHED
        blob.upload_from_string(data, content_type=content_type, timeout=SECONDS)

    def remove(self, name: str) -> None:
        """Remove an object if it is there."""
        try:
            self._bucket.blob(inside(name)).delete(timeout=SECONDS)
        except NotFound:
            return

    def read(self, name: str) -> bytes | None:
        """The object, or None."""
        try:
            return bytes(self._bucket.blob(inside(name)).download_as_bytes(timeout=SECONDS))
        except NotFound:
            return None

    @property
    def _bucket(self) -> storage.Bucket:
        if self._made is None:
            self._made = self._make().bucket(self._name)
        return self._made

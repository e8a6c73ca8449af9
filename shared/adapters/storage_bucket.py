"""One bucket of Cloud Storage, as everything that lies in one reads it."""

from collections.abc import Callable

from google.api_core.exceptions import NotFound
from google.cloud.storage import Bucket as Remote
from google.cloud.storage import Client

from shared.adapters.bucket_objects import SECONDS, inside


class Bucket:
    """One bucket; `client` is a factory: the first use makes the client."""

    def __init__(self, bucket: str, client: Callable[[], Client]) -> None:
        self._name = bucket
        self._make = client
        self._made: Remote | None = None

    def read(self, name: str) -> bytes | None:
        """The bytes, or None."""
        try:
            return bytes(self.bucket.blob(inside(name)).download_as_bytes(timeout=SECONDS))
        except NotFound:
            return None

    @property
    def bucket(self) -> Remote:
        """The bucket, by a client that is made when it is first needed."""
        if self._made is None:
            self._made = self._make().bucket(self._name)
        return self._made

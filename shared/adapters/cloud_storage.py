"""The object store on Cloud Storage."""

from collections.abc import Callable

from google.api_core.exceptions import NotFound, PreconditionFailed
from google.cloud import storage  # type: ignore[attr-defined]  # not typed

from shared.adapters.bucket_objects import SECONDS, inside

NEW = 0  # the generation of an object that does not exist yet


class Bucket:
    """One bucket; `client` is a factory: the first use makes the client."""

    def __init__(self, bucket: str, client: Callable[[], storage.Client]) -> None:
        self._name = bucket
        self._make = client
        self._made: storage.Bucket | None = None

    def read(self, name: str) -> bytes | None:
        """The bytes, or None."""
        try:
            return bytes(self.bucket.blob(inside(name)).download_as_bytes(timeout=SECONDS))
        except NotFound:
            return None

    @property
    def bucket(self) -> storage.Bucket:
        """The bucket, by a client that is made when it is first needed."""
        if self._made is None:
            self._made = self._make().bucket(self._name)
        return self._made


class CloudStorageObjects(Bucket):
    """Implements `ObjectStore`."""

    def create(self, name: str, data: bytes, *, content_type: str) -> bool:
        """Store once; a second object of the name is refused by Cloud Storage itself."""
        blob = self.bucket.blob(inside(name))
        try:
            blob.upload_from_string(data, content_type=content_type, if_generation_match=NEW, timeout=SECONDS)
        except PreconditionFailed:
            return False
        return True

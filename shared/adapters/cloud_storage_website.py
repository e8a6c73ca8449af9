"""The public status page in a bucket of Cloud Storage that anybody may read."""

from google.api_core.exceptions import NotFound

from shared.adapters.bucket_objects import SECONDS, inside
from shared.adapters.storage_bucket import Bucket

# Public objects are cached for an hour unless they say otherwise, and an outage has to be seen within a minute.
CACHED = "public, max-age=30"


class CloudStorageWebsite(Bucket):
    """Implements `Website`."""

    def put(self, name: str, data: bytes, *, content_type: str) -> None:
        """Write whatever was there: Cloud Storage shows the old object until the new one is whole."""
        blob = self.bucket.blob(inside(name))
        blob.cache_control = CACHED
        blob.upload_from_string(data, content_type=content_type, timeout=SECONDS)

    def remove(self, name: str) -> None:
        """Remove an object if it is there."""
        try:
            self.bucket.blob(inside(name)).delete(timeout=SECONDS)
        except NotFound:
            return

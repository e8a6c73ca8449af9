"""The object store on Cloud Storage."""

from google.api_core.exceptions import PreconditionFailed

from shared.adapters.bucket_objects import SECONDS, inside
from shared.adapters.storage_bucket import Bucket

NEW = 0  # the generation of an object that does not exist yet


class CloudStorageObjects(Bucket):
    """Implements `Archive`."""

    def create(self, name: str, data: bytes, *, content_type: str) -> bool:
        """Store once; a second object of the name is refused by Cloud Storage itself."""
        blob = self.bucket.blob(inside(name))
        try:
            blob.upload_from_string(data, content_type=content_type, if_generation_match=NEW, timeout=SECONDS)
        except PreconditionFailed:
            return False
        return True

    def names(self, prefix: str) -> list[str]:
        """Every name that begins with the prefix, in order; Cloud Storage lists them page by page."""
        return sorted(str(blob.name) for blob in self.bucket.list_blobs(prefix=inside(prefix), timeout=SECONDS))

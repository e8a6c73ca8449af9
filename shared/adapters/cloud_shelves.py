"""Shelves in Google Cloud: the objects of a bucket, and the empty tables of a data set in BigQuery."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from google.api_core.exceptions import Forbidden, NotFound, PreconditionFailed

from shared.adapters.bucket_objects import SECONDS, inside
from shared.adapters.storage_bucket import Bucket
from shared.errors import NotMeasuredError
from shared.ports.audits import Thing

if TYPE_CHECKING:
    from google.cloud import bigquery


class BucketShelf(Bucket):
    """Implements `Shelf`; the mark is the object's generation. Needs storage.objects.list and .delete."""

    def things(self, prefix: str) -> Iterator[Thing]:
        """See `Shelf`."""
        with _allowed(f"the objects of {self._name} may not be listed"):
            for blob in self.bucket.list_blobs(prefix=prefix, timeout=SECONDS):
                yield Thing(blob.name, int(blob.size or 0), str(blob.generation), blob.time_created)

    def has(self, name: str) -> bool:
        """See `Shelf`."""
        with _allowed(f"the objects of {self._name} may not be read"):
            return bool(self.bucket.blob(inside(name)).exists(timeout=SECONDS))

    def remove(self, name: str, mark: str) -> bool:
        """See `Shelf`; Cloud Storage itself holds the generation against the one given, should it change meanwhile."""
        try:
            with _allowed(f"objects of {self._name} may not be deleted"):
                found = self.bucket.get_blob(inside(name), timeout=SECONDS)
                if found is None or str(found.generation) != mark:
                    return False
                found.delete(if_generation_match=int(mark), timeout=SECONDS)
        except (NotFound, PreconditionFailed):
            return False
        return True


class BigQueryTables:
    """Implements `Shelf`: tables of our data set without a row, but those that are declared; marked by entity tags.

    Needs bigquery.tables.list, .get and .delete. BigQuery keeps what was deleted for its time-travel window (a week).
    """

    def __init__(self, client: "Callable[[], bigquery.Client]", dataset: str, declared: Iterable[str]) -> None:
        self._make, self._dataset, self._declared = client, dataset, frozenset(declared)

    def things(self, prefix: str) -> Iterator[Thing]:
        """See `Shelf`."""
        client = self._make()
        with _allowed(f"the tables of {self._dataset} may not be listed"):
            for listed in client.list_tables(self._dataset, timeout=SECONDS):
                name = f"{self._dataset}.{listed.table_id}"
                if listed.table_type == "TABLE" and name not in self._declared and name.startswith(prefix):
                    yield from self._empty(client, name)

    def has(self, name: str) -> bool:
        """See `Shelf`."""
        try:
            with _allowed(f"the tables of {self._dataset} may not be read"):
                return bool(self._make().get_table(name, timeout=SECONDS))
        except NotFound:
            return False

    def remove(self, name: str, mark: str) -> bool:
        """See `Shelf`."""
        client = self._make()
        with _allowed(f"tables of {self._dataset} may not be deleted"):
            if [one.mark for one in self._empty(client, name)] != [mark]:
                return False
            client.delete_table(name, timeout=SECONDS)
        return True

    def _empty(self, client: "bigquery.Client", name: str) -> Iterator[Thing]:
        try:
            found = client.get_table(name, timeout=SECONDS)
        except NotFound:
            return
        if not found.num_rows and found.streaming_buffer is None and found.created is not None:
            yield Thing(name, int(found.num_bytes or 0), str(found.etag), found.created)


@contextmanager
def _allowed(what: str) -> Iterator[None]:
    try:
        yield
    except Forbidden as error:
        raise NotMeasuredError(f"{what} by our account") from error

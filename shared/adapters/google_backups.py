"""Backups of Google's own kinds, looked at: Firestore's, its exports, copies of buckets, snapshots of tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import GoogleAuthError

from shared.domain.backups import Seen, Source, Stored, Watched
from shared.errors import NotMeasuredError

if TYPE_CHECKING:
    from google.cloud import bigquery, firestore_admin_v1, storage

SECONDS = 30.0
# An export is "FOLDER/FOLDER.overall_export_metadata", written last, and files of output beneath the folder:
# https://firebase.google.com/docs/firestore/manage-data/export-import
WHOLE = ".overall_export_metadata"


class GoogleBackups:
    """Implements `OtherBackups`; every client is made when it is first needed, by its factory."""

    def __init__(
        self,
        project: str,
        *,
        firestore: "Callable[[], firestore_admin_v1.FirestoreAdminClient]",
        storage: "Callable[[], storage.Client]",
        bigquery: "Callable[[], bigquery.Client]",
    ) -> None:
        self._project = project
        self._firestore, self._storage, self._bigquery = firestore, storage, bigquery

    def seen(self, one: Watched) -> Sequence[Seen]:
        """Those that are whole."""
        ways: Mapping[Source, Callable[[Watched], Iterator[Seen]]] = {
            Source.FIRESTORE_SCHEDULE: self._scheduled,
            Source.FIRESTORE_EXPORT: self._exported,
            Source.BIGQUERY_SNAPSHOT: self._snapshots,
        }
        with _told():
            return list(ways[one.source](one))

    def stored(self, bucket: str) -> Mapping[str, Stored]:
        """Checksums are CRC32C, which Cloud Storage keeps of every object."""
        with _told():
            return {
                str(blob.name): Stored(str(blob.crc32c), int(blob.size), blob.updated) for blob in self._list(bucket)
            }

    def _scheduled(self, one: Watched) -> Iterator[Seen]:
        """Of all locations ("-"), and only those that are READY: https://cloud.google.com/firestore/docs/backups."""
        from google.cloud.firestore_admin_v1 import types  # noqa: PLC0415 - only where it is asked for

        parent = f"projects/{self._project}/locations/-"
        database = f"projects/{self._project}/databases/{one.of}"
        for found in self._firestore().list_backups(parent=parent, retry=None, timeout=SECONDS).backups:
            if found.database == database and found.state is types.Backup.State.READY:
                yield Seen(found.name, found.snapshot_time, int(found.stats.size_bytes) if "stats" in found else None)

    def _exported(self, one: Watched) -> Iterator[Seen]:
        blobs = {str(blob.name): blob for blob in self._list(one.where)}
        for name, blob in blobs.items():
            if name.endswith(WHOLE):
                folder = name.rpartition("/")[0] + "/"
                size = sum(
                    int(each.size) for key, each in blobs.items() if key.startswith(folder) and "/output-" in key
                )
                yield Seen(name, blob.updated, size)

    def _snapshots(self, one: Watched) -> Iterator[Seen]:
        """The oldest of each table's newest snapshot speaks for the dataset: it is as old as what is kept worst."""
        client = self._bigquery()
        newest: dict[str, Seen] = {}
        for item in client.list_tables(f"{self._project}.{one.where}", timeout=SECONDS):
            table: Any = client.get_table(item.reference, timeout=SECONDS) if item.table_type == "SNAPSHOT" else None
            if table is None or table.snapshot_definition.base_table_reference.dataset_id != one.of:
                continue
            base, at = table.snapshot_definition.base_table_reference.table_id, table.snapshot_definition.snapshot_time
            if base not in newest or at > newest[base].taken_at:
                newest[base] = Seen(table.table_id, at, int(table.num_rows or 0))
        if newest:
            yield min(newest.values(), key=lambda found: (found.taken_at, found.size or 0))

    def _list(self, bucket: str) -> Iterator[Any]:
        yield from self._storage().list_blobs(bucket, timeout=SECONDS)


@contextmanager
def _told() -> Iterator[None]:
    """Google's refusals as ours; the text is a status and what may be missing, without names of objects."""
    try:
        yield
    except (GoogleAPIError, GoogleAuthError) as error:
        status = getattr(error, "code", None)
        why = f"{type(error).__name__}" + (f" {int(status)}" if isinstance(status, int) else "")
        raise NotMeasuredError(
            f"Google answered {why}; is it named rightly, and may verify_backups read it?"
        ) from error

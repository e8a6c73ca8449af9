"""What the audits of performance and of the database look at; SDKs are imported where they are needed."""

from pathlib import Path
from typing import cast

from shared import bootstrap
from shared.adapters.bigquery.installation import Installation, own_tables
from shared.adapters.indexes import INDEXES
from shared.ports.audits import IndexReader, QueryHistory, SiteReader
from shared.usecases.jobs.database import Database
from shared.usecases.jobs.performance import Audited
from shared.usecases.jobs.storage import Cleaning
from shared.usecases.unused import Stock, objects_stock, releases_stock, tables_stock


def audited() -> Audited:
    """What the performance audit looks at."""
    return Audited(bootstrap.config(), site_reader(), bootstrap.state(), bootstrap.warehouse(), query_history())


def database() -> Database:
    """What the database's look is about."""
    state, reached = bootstrap.state(), (bootstrap.platform_metrics(), bootstrap.warehouse())
    if _is_google():
        from shared.adapters.firestore import FirestoreState  # noqa: PLC0415
        from shared.adapters.no_pool import NoPool  # noqa: PLC0415

        counts = cast("FirestoreState", state)
        return Database(bootstrap.config(), INDEXES, state, counts, _firestore_indexes(), NoPool(), *reached)
    from shared.adapters.sqlite_indexes import SqliteIndexes  # noqa: PLC0415
    from shared.adapters.sqlite_pool import SqlitePool  # noqa: PLC0415
    from shared.adapters.sqlite_state import SqliteState  # noqa: PLC0415

    own = cast("SqliteState", state)
    return Database(bootstrap.config(), INDEXES, own, own, SqliteIndexes(own.path), SqlitePool(own), *reached)


def cleaning() -> Cleaning:
    """Where things may lie that nobody uses."""
    without = "" if not _is_google() or bootstrap.settings().releases_bucket else _NO_RELEASES
    return Cleaning(bootstrap.state(), stocks(), (without,) if without else ())


_NO_RELEASES = "releases: set SOUKMON_RELEASES_BUCKET to the bucket of the functions' packages"


def stocks() -> tuple[Stock, ...]:
    """Every shelf that this installation has."""
    return _google_stocks() if _is_google() else _embedded_stocks()


def query_history() -> QueryHistory:
    """What queries of the warehouse took."""
    if not _is_google():
        return bootstrap.sqlite_query_history()
    from google.cloud import bigquery  # noqa: PLC0415

    from shared.adapters.bigquery.query_history import BigQueryHistory  # noqa: PLC0415

    return BigQueryHistory(lambda: bigquery.Client(project=bootstrap.settings().project))


def site_reader() -> SiteReader:
    """Reads files of the deployed website."""
    from shared.adapters.http_site import HttpSite  # noqa: PLC0415

    return HttpSite()


def _firestore_indexes() -> IndexReader:
    from shared.adapters.firestore_indexes import FirestoreIndexes, rest  # noqa: PLC0415

    chosen = bootstrap.settings()
    reached = rest(base_url=chosen.google_url, token=chosen.google_token)
    return FirestoreIndexes(reached, chosen.project, chosen.database)


def _embedded_stocks() -> tuple[Stock, ...]:
    from shared.adapters.duckdb_warehouse import DuckDBWarehouse  # noqa: PLC0415
    from shared.adapters.shelves import DuckDBTables, FolderShelf  # noqa: PLC0415

    objects = objects_stock(bootstrap.state(), FolderShelf(Path(bootstrap.settings().state_dir) / "objects"))
    warehouse = bootstrap.warehouse()
    if not isinstance(warehouse, DuckDBWarehouse):  # a running platform's, which is open only when it is needed
        return (objects,)
    return objects, tables_stock(DuckDBTables(warehouse, Installation().soukmon, _declared()))


def _google_stocks() -> tuple[Stock, ...]:
    from google.cloud import bigquery, storage  # noqa: PLC0415

    from shared.adapters.cloud_shelves import BigQueryTables, BucketShelf  # noqa: PLC0415

    chosen = bootstrap.settings()
    objects = BucketShelf(chosen.bucket, lambda: storage.Client(project=chosen.project))
    made = [objects_stock(bootstrap.state(), objects)]
    tables = BigQueryTables(lambda: bigquery.Client(project=chosen.project), Installation().soukmon, _declared())
    made.append(tables_stock(tables))
    if chosen.releases_bucket:
        releases = BucketShelf(chosen.releases_bucket, lambda: storage.Client(project=chosen.project))
        made.append(releases_stock(releases))
    return tuple(made)


def _declared() -> list[str]:
    """The tables that are ours and stay, rows or none."""
    return [table.name for table in own_tables(Installation())]


def _is_google() -> bool:
    return bootstrap.settings().engine == "google"

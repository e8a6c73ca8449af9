"""The state store of the embedded engine: a file of documents, as backups are restored to one as well."""

from shared.adapters.sqlite_documents import SqliteDocuments


class SqliteState(SqliteDocuments):
    """Implements `StateStore` and `Freezing`."""

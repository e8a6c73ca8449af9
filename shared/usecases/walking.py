"""Every document of a collection, page by page, in whatever state it is."""

from collections.abc import Iterator

from shared.ports.store import Document, Query, StateStore

PAGE = 1_000


def walk(store: StateStore, collection: str) -> Iterator[Document]:
    """All documents by their ids; what is written meanwhile may be among them or not."""
    after = ""
    while page := store.find(Query(collection, after=after, limit=PAGE)):
        yield from page
        after = page[-1].id

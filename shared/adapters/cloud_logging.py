"""Log entries from Cloud Logging, page by page, however many there are.

https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list: at most 1,000 a call, "timestamp asc" orders
equal timestamps by insert_id, and a view may be named in place of a project. A project may make 60 calls a minute
(https://cloud.google.com/logging/quotas), so a call that is refused for that is made again; Google's client does not.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import Forbidden, GoogleAPICallError, RetryError, TooManyRequests
from google.api_core.retry import Retry, if_exception_type

from shared.domain.archives import text_of
from shared.errors import NotMeasuredError, QueryError
from shared.ports import LogLine

if TYPE_CHECKING:
    from google.cloud.logging_v2 import Client

PAGE = 1_000
AGAIN = Retry(if_exception_type(TooManyRequests), initial=2.0, maximum=30.0, timeout=240.0)
Key = tuple[datetime, str]


def client(project: str) -> "Client":
    """Google's client, by the account that this runs as."""
    from google.cloud.logging_v2 import Client  # noqa: PLC0415 - only jobs that read logs pay for it

    return Client(project=project)  # type: ignore[no-untyped-call]


class CloudLogging:
    """Implements `LogReader` over one view of one log bucket; `client` is a factory, the first use makes the client."""

    def __init__(self, project: str, client: "Callable[[], Client]", *, again: Retry = AGAIN, page: int = PAGE) -> None:
        self._view = f"projects/{project}/locations/global/buckets/_Default/views/_Default"
        self._make, self._again, self._page = client, again, page

    def errors(self, since: datetime, until: datetime) -> Iterator[LogLine]:
        """Oldest first, each once. Raises QueryError; NotMeasuredError without the right to read."""
        client, low, limit, last = self._make(), since, self._page, set[Key]()
        while True:
            found = self._entries(client, low, until, limit)
            fresh = [one for one in found if _key(one) not in last]
            for one in _each_once(fresh):
                yield LogLine(str(one.insert_id), one.timestamp, _body(one))
            if len(found) < limit:
                return
            limit = self._page if fresh else 2 * limit  # so many of one instant that a page shows no other
            low = found[-1].timestamp
            last = {_key(one) for one in found if one.timestamp == low}

    def _entries(self, client: "Client", low: datetime, until: datetime, limit: int) -> list[Any]:
        chosen = f'severity>=ERROR AND timestamp>="{text_of(low)}" AND timestamp<"{text_of(until)}"'

        def call() -> list[Any]:
            asked: dict[str, Any] = {"filter_": chosen, "order_by": "timestamp asc", "resource_names": [self._view]}
            return list(client.list_entries(**asked, max_results=limit, page_size=min(limit, PAGE)))  # type: ignore[no-untyped-call]

        try:
            return self._again(call)()
        except Forbidden as error:
            text = f"no right to read {self._view}; give the account roles/logging.viewAccessor on it"
            raise NotMeasuredError(text) from error
        except (GoogleAPICallError, RetryError) as error:
            raise QueryError(f"Cloud Logging did not answer: {type(error).__name__}") from error


def _each_once(entries: list[Any]) -> Iterator[Any]:
    """Entries of the same insertId and instant are one (https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry)."""
    yield from {_key(one): one for one in entries}.values()


def _key(entry: Any) -> Key:  # noqa: ANN401 - the client's entry
    return entry.timestamp, str(entry.insert_id)


def _body(entry: Any) -> dict[str, Any]:  # noqa: ANN401 - the client's entry
    found: dict[str, Any] = entry.to_api_repr()
    return found

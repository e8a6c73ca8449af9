"""Log entries from Cloud Logging, page by page, however many there are.

https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list: at most 1,000 a call, "timestamp asc" orders
equal timestamps by insert_id, and a view may be named in place of a project. A project may make 60 calls a minute
(https://cloud.google.com/logging/quotas), so a call that is refused for that is made again. The library's generated
client is used, not the one by hand: that asks the metadata server where it runs for every log it meets.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import Forbidden, GoogleAPICallError, RetryError, TooManyRequests
from google.api_core.retry import Retry, if_exception_type

from shared.domain.archives import text_of
from shared.errors import NotMeasuredError, QueryError
from shared.ports.store import Body
from shared.ports.warehouse import LogLine

if TYPE_CHECKING:
    from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client

PAGE = 1_000
SECONDS = 60.0
AGAIN = Retry(if_exception_type(TooManyRequests), initial=2.0, maximum=30.0, timeout=240.0)
Key = tuple[datetime, str]


def client() -> "LoggingServiceV2Client":
    """Google's client, by the account that this runs as."""
    from google.cloud.logging_v2.services.logging_service_v2 import (  # noqa: PLC0415 - only who reads logs pays for it
        LoggingServiceV2Client,
    )

    return LoggingServiceV2Client()


class CloudLogging:
    """Implements `LogReader` over one view of one log bucket; `client` is a factory, the first use makes the client."""

    def __init__(
        self, project: str, client: "Callable[[], LoggingServiceV2Client]", *, again: Retry = AGAIN, page: int = PAGE
    ) -> None:
        self._view = f"projects/{project}/locations/global/buckets/_Default/views/_Default"
        self._make, self._again, self._page = client, again, page

    def errors(self, since: datetime, until: datetime) -> Iterator[LogLine]:
        """Oldest first, each once. Raises QueryError; NotMeasuredError without the right to read."""
        made, low, limit, last = self._make(), since, self._page, set[Key]()
        while True:
            found = self._entries(made, low, until, limit)
            fresh = {_key(one): one for one in found if _key(one) not in last}  # the same id and instant is one entry
            for (at, name), one in fresh.items():
                yield LogLine(name, at, _body(one))
            if len(found) < limit:
                return
            newest = found[-1].timestamp
            limit = self._page if newest > low else 2 * limit  # so many of one instant that a page shows no other
            last = {key for key in (*last, *fresh) if key[0] == newest}
            low = newest

    def _entries(self, made: "LoggingServiceV2Client", low: datetime, until: datetime, limit: int) -> list[Any]:
        chosen = f'severity>=ERROR AND timestamp>="{text_of(low)}" AND timestamp<"{text_of(until)}"'
        asked = {"resource_names": [self._view], "filter": chosen, "order_by": "timestamp asc"}

        def call() -> list[Any]:
            pages = made.list_log_entries(request={**asked, "page_size": min(limit, PAGE)}, timeout=SECONDS)
            return list(islice(pages, limit))

        try:
            return self._again(call)()
        except Forbidden as error:
            text = f"no right to read {self._view}; give the account roles/logging.viewAccessor on it"
            raise NotMeasuredError(text) from error
        except (GoogleAPICallError, RetryError) as error:
            raise QueryError(f"Cloud Logging did not answer: {type(error).__name__}") from error


def _key(entry: Any) -> Key:  # noqa: ANN401 - the client's entry
    return entry.timestamp, str(entry.insert_id)


def _body(entry: Any) -> Body:  # noqa: ANN401 - the client's entry
    """The entry as the REST API writes it; of a payload whose type nobody here knows, the type."""
    from google.cloud.audit import audit_log_pb2  # type: ignore[import-untyped]  # noqa: F401, PLC0415 - to know its type
    from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]  # noqa: PLC0415

    message = type(entry).pb(entry)
    try:
        return dict(MessageToDict(message))
    except TypeError:
        kind = message.proto_payload.type_url
        known = type(message)()
        known.CopyFrom(message)
        known.ClearField("proto_payload")
        return {**MessageToDict(known), "protoPayload": {"@type": kind}}

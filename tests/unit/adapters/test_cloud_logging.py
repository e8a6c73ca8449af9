"""Error logs from Cloud Logging: Google's own messages, from a service that answers as the real one does."""

from datetime import UTC, datetime, timedelta

import pytest
from google.api_core.exceptions import InternalServerError, PermissionDenied, ResourceExhausted, TooManyRequests
from google.api_core.retry import Retry, if_exception_type
from google.cloud.logging_v2.types import ListLogEntriesRequest, LogEntry
from google.protobuf.any_pb2 import Any

from shared.adapters.cloud_logging import CloudLogging
from shared.errors import NotMeasuredError, QueryError

BEGINS = datetime(2026, 3, 9, tzinfo=UTC)
AT_ONCE = Retry(if_exception_type(TooManyRequests), initial=0.001, maximum=0.001, timeout=5)
MOST = 1_000  # the API refuses to be asked for more


def entry(name, *, second=0, **more):
    at = BEGINS + timedelta(seconds=second, microseconds=123456)
    payload = more or {"text_payload": f"{name} broke"}
    return LogEntry(insert_id=name, timestamp=at, severity=500, log_name="projects/souk/logs/stderr", **payload)


class Service:
    """Stands for the generated client: lists what the filter chooses, in order."""

    def __init__(self, *entries, errors=()):
        self.entries, self.errors, self.asked = entries, list(errors), []

    def list_log_entries(self, *, request, timeout):
        assert timeout
        asked = ListLogEntriesRequest(**request)
        assert asked.order_by == "timestamp asc"
        assert 0 < asked.page_size <= MOST
        self.asked.append(asked)
        if self.errors:
            raise self.errors.pop(0)
        severity, low, high = asked.filter.split(" AND ")
        assert severity == "severity>=ERROR"
        low, high = datetime.fromisoformat(low[12:-1]), datetime.fromisoformat(high[11:-1])
        return iter(
            sorted(
                (one for one in self.entries if low <= one.timestamp < high),
                key=lambda one: (one.timestamp, one.insert_id),
            )
        )


def read(service, *, page=MOST, until=BEGINS + timedelta(days=1)):
    return list(CloudLogging("souk", lambda: service, again=AT_ONCE, page=page).errors(BEGINS, until))


def test_entries_are_read_from_the_one_view_with_all_they_say():
    service = Service(entry("a"))
    (line,) = read(service)
    assert (line.id, line.at) == ("a", datetime(2026, 3, 9, 0, 0, 0, 123456, tzinfo=UTC))
    assert (line.body["textPayload"], line.body["severity"]) == ("a broke", "ERROR")
    assert list(service.asked[0].resource_names) == ["projects/souk/locations/global/buckets/_Default/views/_Default"]


def test_an_entry_whose_payload_nobody_knows_is_kept_without_it():
    payload = Any(type_url="type.googleapis.com/souk.Unheard", value=b"123")
    assert read(Service(entry("a", proto_payload=payload)))[0].body["protoPayload"] == {"@type": payload.type_url}


@pytest.mark.parametrize("page", [1, 2, 3, 5, 100])
def test_every_entry_comes_once_and_in_order_however_long_a_page_is(page):
    many = [entry(f"e{second}{name}", second=second) for second in range(3) for name in "abcd"]
    assert [line.id for line in read(Service(*many), page=page)] == [one.insert_id for one in many]


def test_the_same_entry_twice_is_one():
    assert [line.id for line in read(Service(entry("a"), entry("a"), entry("a", second=1)))] == ["a", "a"]


def test_the_end_does_not_belong_to_the_span():
    assert [
        line.id for line in read(Service(entry("a"), entry("b", second=7)), until=BEGINS + timedelta(seconds=5))
    ] == ["a"]


def test_too_many_calls_a_minute_are_made_again():
    service = Service(entry("a"), errors=[ResourceExhausted("quota"), ResourceExhausted("quota")])
    assert [line.id for line in read(service)] == ["a"]
    assert len(service.asked) == 3


def test_without_the_right_to_read_it_says_which_role_is_missing():
    with pytest.raises(NotMeasuredError, match=r"roles/logging\.viewAccessor"):
        read(Service(errors=[PermissionDenied("no")]))


def test_any_other_refusal_is_no_answer():
    with pytest.raises(QueryError, match="InternalServerError"):
        read(Service(errors=[InternalServerError("down")]))

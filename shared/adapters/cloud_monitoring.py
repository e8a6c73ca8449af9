"""Platform metrics from Cloud Monitoring's REST API: one value a series for the span and one for the span before it.

https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list
https://cloud.google.com/monitoring/api/metrics_gcp
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.errors import NotMeasuredError, QueryError
from shared.ports.warehouse import PlatformFigure

if TYPE_CHECKING:
    import requests

ADDRESS = "https://monitoring.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/monitoring.read"
TIMEOUT_SECONDS = 10.0
MINUTE = 60
PERCENT = 100.0
MOST_SERIES = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure: the metric with its filter, how a series becomes one value, whose it is, and what to multiply by."""

    what: str
    metric: str
    aligner: str
    label: str
    reducer: str = "REDUCE_SUM"
    only: str = ""
    factor: float = 1.0


_SERVICE, _DATABASE = "resource.label.service_name", "resource.label.database_id"
GROUPS: Mapping[str, tuple[Wanted, ...]] = {
    "functions": (
        Wanted(
            "errors_a_minute",
            "run.googleapis.com/request_count",
            "ALIGN_RATE",
            _SERVICE,
            only='metric.label.response_code_class="5xx"',
            factor=MINUTE,
        ),
        Wanted("instances", "run.googleapis.com/container/instance_count", "ALIGN_MEAN", _SERVICE),
        Wanted(
            "memory_percent",
            "run.googleapis.com/container/memory/utilizations",
            "ALIGN_PERCENTILE_95",
            _SERVICE,
            reducer="REDUCE_MAX",
            factor=PERCENT,
        ),
        Wanted(
            "latency_ms",
            "run.googleapis.com/request_latencies",
            "ALIGN_PERCENTILE_95",
            _SERVICE,
            reducer="REDUCE_MAX",
        ),
    ),
    "firestore": (
        Wanted(
            "errors_a_minute",
            "firestore.googleapis.com/api/request_count",
            "ALIGN_RATE",
            _DATABASE,
            only='metric.label.response_code!="OK"',
            factor=MINUTE,
        ),
        Wanted(
            "latency_ms",
            "firestore.googleapis.com/api/request_latencies",
            "ALIGN_PERCENTILE_95",
            _DATABASE,
            reducer="REDUCE_MAX",
        ),
        Wanted(
            "reads_a_minute",
            "firestore.googleapis.com/document/read_ops_count",
            "ALIGN_RATE",
            _DATABASE,
            factor=MINUTE,
        ),
    ),
    "firestore_queries": tuple(
        Wanted(
            f"scanned_{what}",
            f"firestore.googleapis.com/query_stat/per_query/scanned_{what}_counts",
            "ALIGN_PERCENTILE_95",
            _DATABASE,
            reducer="REDUCE_MAX",
        )
        for what in ("documents", "index_entries")
    ),
    "firestore_connections": tuple(
        Wanted(what, f"firestore.googleapis.com/network/{what}", "ALIGN_MAX", _DATABASE)
        for what in ("active_connections", "snapshot_listeners")
    ),
}


def session() -> "requests.Session":
    """A session that signs with the machine's own account, which may read metrics and nothing else."""
    import google.auth  # noqa: PLC0415 - only where the platform is asked
    from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415

    credentials, _ = google.auth.default(scopes=[SCOPE])
    signed: requests.Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    return signed


class CloudMonitoring:
    """Implements `PlatformMetrics`; each question has a session of its own, because threads ask at once."""

    def __init__(
        self, project: str, make: "Callable[[], requests.Session]" = session, *, address: str = ADDRESS
    ) -> None:
        self._url = f"{address}/v3/projects/{project}/timeSeries"
        self._make = make

    def figures(self, group: str, *, usual_since: datetime, since: datetime, until: datetime) -> list[PlatformFigure]:
        """See `PlatformMetrics`; the usual value is that of the span from `usual_since` to `since`."""
        wanted = GROUPS.get(group)
        if wanted is None:
            raise NotMeasuredError(f"nothing is known about {group}")
        asking = self._make()
        found = []
        for one in wanted:
            now = self._values(asking, one, since, until)
            usual = self._values(asking, one, usual_since, since)
            names = sorted(now.keys() | usual.keys())
            found += [PlatformFigure(name, one.what, now.get(name, 0.0), usual.get(name)) for name in names]
        return found

    def _values(self, asking: "requests.Session", one: Wanted, since: datetime, until: datetime) -> Mapping[str, float]:
        import requests  # noqa: PLC0415

        try:
            answer = asking.get(self._url, params=_question(one, since, until), timeout=TIMEOUT_SECONDS)
        except requests.RequestException as error:
            raise QueryError(f"Cloud Monitoring cannot be reached: {type(error).__name__}") from error
        if answer.status_code != requests.codes.ok:
            raise QueryError(f"Cloud Monitoring answered {answer.status_code} about {one.metric}")
        series = answer.json().get("timeSeries", [])
        return {_name(found, one.label): one.factor * value for found in series if (value := _value(found)) is not None}


def _question(one: Wanted, since: datetime, until: datetime) -> dict[str, str]:
    only = f" AND {one.only}" if one.only else ""
    return {
        "filter": f'metric.type="{one.metric}"{only}',
        "interval.startTime": since.isoformat(),
        "interval.endTime": until.isoformat(),
        "aggregation.alignmentPeriod": f"{max(MINUTE, int((until - since).total_seconds()))}s",
        "aggregation.perSeriesAligner": one.aligner,
        "aggregation.crossSeriesReducer": one.reducer,
        "aggregation.groupByFields": one.label,
        "pageSize": str(MOST_SERIES),
    }


def _name(series: Mapping[str, Any], label: str) -> str:
    return str(series.get("resource", {}).get("labels", {}).get(label.rpartition(".")[2], "unknown"))


def _value(series: Mapping[str, Any]) -> float | None:
    """The newest point's number; int64 comes as text."""
    points = series.get("points", [])
    value = points[0].get("value", {}) if points else {}
    number = value.get("doubleValue", value.get("int64Value"))
    return None if number is None else float(number)

"""What queries took, from BigQuery's own records of the project's jobs (kept for 180 days)."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from string import Template
from typing import Any

from google.api_core.exceptions import ClientError, Forbidden
from google.cloud import bigquery

from shared.domain.slow_queries import QueryCost
from shared.errors import NotMeasuredError, QueryError

TEXT = Path(__file__).parent / "query_costs.sql"
OWN = "soukmon"  # our own data set, in the region of all our queries
SECONDS = 120.0
MOST_BYTES = 10_000_000_000
REGION = re.compile(r"[a-z0-9-]+")


class BigQueryHistory:
    """Implements `QueryHistory`; `client` is a factory, as in `BigQueryWarehouse`.

    The view belongs to a region, whose name is part of the view's; it is that of our own data set.
    Needs bigquery.jobs.listAll (roles/bigquery.resourceViewer).
    """

    def __init__(self, client: Callable[[], bigquery.Client], *, dataset: str = OWN) -> None:
        self._make, self._dataset = client, dataset

    def costs(self, since: datetime, until: datetime) -> Sequence[QueryCost]:
        """See `QueryHistory`; the dearest first, 200 at most."""
        client = self._make()
        try:
            region = str(client.get_dataset(self._dataset, timeout=SECONDS).location).lower()
            if not REGION.fullmatch(region):
                raise QueryError(f"{self._dataset} lies in no region whose jobs could be read")
            sql = Template(TEXT.read_text(encoding="utf-8")).substitute(region=region)
            rows = client.query(sql, job_config=_options(since, until), timeout=SECONDS).result(timeout=SECONDS)
            return [_cost(dict(row.items())) for row in rows]
        except Forbidden as error:
            what = "the project's jobs may not be read; give our account roles/bigquery.resourceViewer"
            raise NotMeasuredError(what) from error
        except ClientError as error:
            raise QueryError(str(error.message).partition("\n")[0][:300]) from error


def _options(since: datetime, until: datetime) -> bigquery.QueryJobConfig:
    return bigquery.QueryJobConfig(
        query_parameters=[
            bigquery.ScalarQueryParameter("since", "TIMESTAMP", since),
            bigquery.ScalarQueryParameter("until", "TIMESTAMP", until),
        ],
        labels={"app": "soukmon", "query": "query_costs"},
        maximum_bytes_billed=MOST_BYTES,
    )


def _cost(row: Mapping[str, Any]) -> QueryCost:
    return QueryCost(
        str(row["name"]),
        int(row["runs"]),
        int(row["milliseconds"]) / 1_000,
        int(row["longest"]) / 1_000,
        int(row["bytes_billed"]),
        int(row["slot_ms"]),
        int(row["failed"]),
    )

"""BigQuery's records of jobs: the real client and our statement, over a table with the view's columns."""

from datetime import UTC, datetime, timedelta

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from requests import Session

from infra.local.warehouse.rest import PROJECT, EmbeddedBigQuery, RefusalError
from shared.adapters.bigquery.query_history import BigQueryHistory
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.domain.slow_queries import QueryCost
from shared.errors import NotMeasuredError, QueryError

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
VIEW = "`region-europe-west1`.INFORMATION_SCHEMA.JOBS_BY_PROJECT"
TEXT = {"type": "STRING"}
# https://cloud.google.com/bigquery/docs/information-schema-jobs#schema
SCHEMA = [
    *({"name": name, "type": "TIMESTAMP"} for name in ("creation_time", "start_time", "end_time")),
    *({"name": name, "type": "STRING"} for name in ("job_type", "statement_type", "state")),
    {"name": "total_bytes_billed", "type": "INTEGER"},
    {"name": "total_slot_ms", "type": "INTEGER"},
    {"name": "error_result", "type": "RECORD", "fields": [{"name": "reason", "type": "STRING"}]},
    {"name": "labels", "type": "RECORD", "mode": "REPEATED", "fields": [{"name": "key", **TEXT}, {"name": "value", **TEXT}]},
    {"name": "query_info", "type": "RECORD", "fields": [
        {"name": "query_hashes", "type": "RECORD", "fields": [{"name": "normalized_literals", "type": "STRING"}]},
    ]},
]  # fmt: skip


class Project(EmbeddedBigQuery):
    """BigQuery with the view of jobs, which lies in the region of our data set."""

    region, refused = "europe-west1", ""

    def _answer(self, method, path, given, asked):
        if self.refused:
            raise RefusalError(403 if self.refused == "accessDenied" else 400, self.refused, "Access Denied: no")
        if path.endswith("/datasets/soukmon"):
            return {"datasetReference": {"projectId": PROJECT, "datasetId": "soukmon"}, "location": self.region}
        query = given.get("configuration", {}).get("query", {})
        if query:
            assert VIEW in query["query"]
            query["query"] = query["query"].replace(VIEW, "soukmon.jobs")
        return super()._answer(method, path, given, asked)


@pytest.fixture
def project():
    engine = DuckDBWarehouse(None)
    engine.create("soukmon.jobs", SCHEMA)
    made = Project(engine)
    made.jobs = engine
    return made


def costs(project):
    session = Session()
    session.mount("https://", project)
    session.is_mtls = False  # what google.auth's session has and the client asks for
    client = bigquery.Client(PROJECT, AnonymousCredentials(), _http=session)
    return BigQueryHistory(lambda: client).costs(NOON - timedelta(days=7), NOON)


def job(seconds=2, *, days=1, query="", digest="", **more):
    at = NOON - timedelta(days=days)
    labels = [{"key": "app", "value": "soukmon"}, {"key": "query", "value": query}] if query else []
    row = {
        "creation_time": at.isoformat(),
        "start_time": at.isoformat(),
        "end_time": (at + timedelta(seconds=seconds)).isoformat(),
        "job_type": "QUERY",
        "statement_type": "SELECT",
        "state": "DONE",
        "total_bytes_billed": 10_485_760,
        "total_slot_ms": 500,
        "labels": labels,
        "query_info": {"query_hashes": {"normalized_literals": digest or None}},
    }
    return {**row, **more}


def test_jobs_are_grouped_by_our_label_and_else_by_a_digest_of_their_text(project):
    rows = [
        job(query="evaluate"),
        job(4, query="evaluate", error_result={"reason": "timeout"}),
        job(digest="a1b2c3d4e5f6a7b8", total_bytes_billed=5),
        job(total_bytes_billed=None),
    ]
    project.jobs.append("soukmon.jobs", rows)
    assert costs(project) == [
        QueryCost("evaluate", 2, 6.0, 4.0, 20_971_520, 1_000, 1),
        QueryCost("query a1b2c3d4e5f6", 1, 2.0, 2.0, 5, 500),
        QueryCost("unnamed", 1, 2.0, 2.0, 0, 500),
    ]


def test_what_is_no_query_of_the_span_or_not_done_counts_in_nothing(project):
    others = [job(days=8), job(days=0), job(job_type="LOAD"), job(state="RUNNING"), job(statement_type="SCRIPT")]
    project.jobs.append("soukmon.jobs", [*others, job(query="kept", statement_type=None)])
    assert [one.name for one in costs(project)] == ["kept"]


def test_without_the_role_it_says_which_to_give(project):
    project.refused = "accessDenied"
    with pytest.raises(NotMeasuredError, match=r"roles/bigquery\.resourceViewer"):
        costs(project)


def test_another_refusal_is_a_query_that_failed(project):
    project.refused = "invalid"
    with pytest.raises(QueryError, match="Access Denied"):
        costs(project)


def test_a_region_that_is_no_name_of_one_never_becomes_part_of_the_statement(project):
    project.region = "x`; DROP TABLE y"
    with pytest.raises(QueryError, match="lies in no region"):
        costs(project)

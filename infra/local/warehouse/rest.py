"""BigQuery's REST API within this process: Google's own client speaks to the embedded engine, without a server."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import requests
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from infra.local.warehouse.wire import Field, Json, encoded, parameters_of, schema_of
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.errors import ByteCapError, QueryError

PROJECT = "souk-local"
PATH = re.compile(r"/bigquery/v2/projects/[^/]+/(.*)")


class RefusalError(Exception):
    """An answer with an error of BigQuery's."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


@dataclass
class Job:
    """A query that has run: its description and its rows."""

    resource: Json
    rows: list[Json] = field(default_factory=list)
    schema: list[Field] = field(default_factory=list)


class EmbeddedBigQuery(BaseAdapter):
    """A transport for `requests` that answers what BigQuery would; an address it does not know is refused by name."""

    def __init__(self, engine: DuckDBWarehouse) -> None:
        super().__init__()
        self._engine = engine
        self._jobs: dict[str, Job] = {}

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        """Answer one request."""
        url = urlsplit(str(request.url))
        given = json.loads(request.body) if request.body else {}
        try:
            status, answer = 200, self._answer(str(request.method), url.path, given, parse_qs(url.query))
        except RefusalError as refusal:
            status = refusal.status
            errors = [{"reason": refusal.reason, "message": str(refusal)}]
            answer = {"error": {"code": status, "message": str(refusal), "errors": errors}}
        return _response(request, status, answer)

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, method: str, path: str, given: Json, asked: Mapping[str, list[str]]) -> Json:
        found = PATH.fullmatch(path)
        parts = found[1].split("/") if found else []
        match (method, parts):
            case ("POST", ["jobs"]):
                return self._insert(given).resource
            case ("GET", ["jobs", name]):
                return self._job(name).resource
            case ("GET", ["queries", name]):
                return _page(self._job(name), asked)
            case ("POST", ["datasets", dataset, "tables", table, "insertAll"]):
                return self._stream(f"{dataset}.{table}", given)
            case ("GET", ["datasets", dataset, "tables"]):
                return {
                    "tables": [_reference(name) for name in self._engine.tables() if name.startswith(f"{dataset}.")]
                }
            case ("GET", ["datasets", dataset, "tables", table]):
                return self._table(f"{dataset}.{table}")
        raise RefusalError(501, "notImplemented", f"Not supported by the embedded engine: {method} {path}")

    def _insert(self, given: Json) -> Job:
        name, wanted = str(given["jobReference"]["jobId"]), given["configuration"]
        if wanted.get("dryRun"):
            return self._dry_run(wanted)
        if name in self._jobs:
            raise RefusalError(409, "duplicate", f"Already Exists: Job {name}")
        job = self._run(name, wanted)
        self._jobs[name] = job
        return job

    def _run(self, name: str, wanted: Json) -> Job:
        query = wanted["query"]
        cap = query.get("maximumBytesBilled")
        values = parameters_of(query.get("queryParameters", []))
        with _refusals():
            answer = self._engine.run(query["query"], values, maximum_bytes=int(cap) if cap else None)
            changed = self._engine.changes(query["query"])
        schema = schema_of(answer.rows)
        statistics: Json = {
            "creationTime": "0",
            "startTime": "0",
            "endTime": "0",
            "totalBytesProcessed": str(answer.bytes_billed),
            "query": {"totalBytesBilled": str(answer.bytes_billed), "statementType": "SELECT"},
        }
        if changed:
            statistics["query"] |= {"statementType": "MERGE", "numDmlAffectedRows": "0"}
        resource = {
            "jobReference": {"projectId": PROJECT, "jobId": name, "location": "EU"},
            "configuration": wanted,
            "statistics": statistics,
            "status": {"state": "DONE"},
        }
        rows = [{"f": [{"v": encoded(row[f["name"]], f)} for f in schema]} for row in answer.rows]
        return Job(resource, rows, schema)

    def _dry_run(self, wanted: Json) -> Job:
        """Checked and measured, neither run nor kept: a dry run has no job id."""
        query = wanted["query"]
        with _refusals():
            size = self._engine.estimate(query["query"], parameters_of(query.get("queryParameters", [])))
        read: Json = {"totalBytesProcessed": str(size), "query": {"totalBytesProcessed": str(size)}}
        reference = {"projectId": PROJECT, "location": "EU"}
        status = {"state": "DONE"}
        return Job({"jobReference": reference, "configuration": wanted, "statistics": read, "status": status})

    def _job(self, name: str) -> Job:
        if name not in self._jobs:
            raise RefusalError(404, "notFound", f"Not found: Job {name}")
        return self._jobs[name]

    def _stream(self, table: str, given: Json) -> Json:
        try:
            self._engine.append(table, [row["json"] for row in given["rows"]])
        except QueryError as error:
            if "Not found" in str(error):
                raise RefusalError(404, "notFound", str(error)) from error
            return {"insertErrors": [{"index": 0, "errors": [{"reason": "invalid", "message": str(error)}]}]}
        return {}

    def _table(self, name: str) -> Json:
        if name not in self._engine.tables():
            raise RefusalError(404, "notFound", f"Not found: Table {name}")
        appended = self._engine.stamp([name]).rpartition(":")[2] or "0"
        return {**_reference(name), "numRows": appended, "lastModifiedTime": appended, "schema": {"fields": []}}


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except ByteCapError as error:
        raise RefusalError(400, "bytesBilledLimitExceeded", str(error)) from error
    except QueryError as error:
        raise RefusalError(400, "invalidQuery", str(error)) from error


def _page(job: Job, asked: Mapping[str, list[str]]) -> Json:
    """A page of the rows; asked for none, there is no list of them: the client takes an empty one for all there is."""
    start, size = int(asked.get("pageToken", ["0"])[0]), int(asked.get("maxResults", [str(len(job.rows))])[0])
    page: Json = {
        "jobReference": job.resource["jobReference"],
        "jobComplete": True,
        "schema": {"fields": job.schema},
        "totalRows": str(len(job.rows)),
    }
    page |= {"rows": job.rows[start : start + size]} if size else {}
    page |= {"numDmlAffectedRows": "0"} if "numDmlAffectedRows" in job.resource["statistics"]["query"] else {}
    return page | ({"pageToken": str(start + size)} if size and start + size < len(job.rows) else {})


def _reference(name: str) -> Json:
    dataset, _, table = name.partition(".")
    return {"tableReference": {"projectId": PROJECT, "datasetId": dataset, "tableId": table}, "type": "TABLE"}


def _response(request: requests.PreparedRequest, status: int, answer: Json) -> requests.Response:
    body = HTTPResponse(BytesIO(json.dumps(answer).encode()), status=status, preload_content=False)
    response = requests.Response()
    response.status_code, response.raw, response.request = status, body, request
    response.url, response.headers["Content-Type"] = str(request.url), "application/json"
    return response


def client(engine: DuckDBWarehouse) -> bigquery.Client:
    """Google's client over the engine."""
    session = requests.Session()
    session.mount("https://", EmbeddedBigQuery(engine))
    session.is_mtls = False  # type: ignore[attr-defined]  # what google.auth's session has and the client asks for
    return bigquery.Client(project=PROJECT, credentials=AnonymousCredentials(), _http=session)  # type: ignore[no-untyped-call]

"""A Google Cloud project as its management APIs tell it: whole at first, and broken by a test where it likes."""

import base64
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import requests
from flask import Flask, jsonify, request
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from requests.adapters import HTTPAdapter

from infra.local.sandbox.server import serve
from infra.local.warehouse.exports import schema
from infra.tools.doctor.columns import SCHEMAS
from shared.adapters.bigquery.installation import Installation, own_tables, views

NUMBER = "123456789012"
WRITER = "serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com"


@dataclass
class Project:
    """The documents, by what they are; each a plain dictionary as the API writes it."""

    project: dict
    services: list
    functions: dict
    jobs: dict
    secrets: dict
    topics: dict
    subscriptions: dict
    policies: dict
    sinks: dict
    database: dict
    indexes: list
    fields: list
    tables: dict
    datasets: dict
    services_of_run: dict
    refusals: dict = field(default_factory=dict)  # a part of an address -> the status it is answered with


def whole(estate, now):
    """Everything that Terraform makes, and exports that arrived an hour ago."""
    prefix, place = f"projects/{estate.project}", f"projects/{estate.project}/locations/{estate.region}"
    database = f"{prefix}/databases/{estate.database}"
    return Project(
        project={"name": f"projects/{NUMBER}", "projectId": estate.project, "state": "ACTIVE"},
        services=[{"config": {"name": name}, "state": "ENABLED"} for name in (*estate.apis, "compute.googleapis.com")],
        functions={estate.slug(name): _function(estate, name, place) for name in estate.manifests},
        jobs={name: _job(f"{place}/jobs/{name}", manifest["trigger"], now) for name, manifest in estate.jobs.items()},
        secrets={name: {"version": version, "state": "ENABLED", "value": f"the-{name}"} for name, version in estate.secrets.items()},
        topics={topic: {"name": f"{prefix}/topics/{topic}"} for topic in estate.topics},
        subscriptions={
            estate.dead_letters: {"name": f"{prefix}/subscriptions/{estate.dead_letters}", "topic": f"{prefix}/topics/{estate.dead_letters}", "state": "ACTIVE"},
            **{reading.name: _subscription(estate, reading, prefix) for reading in estate.readings},
        },
        policies={"soukmon-log-sink": {"bindings": [{"role": "roles/pubsub.publisher", "members": [WRITER]}]}},
        sinks={name: {"name": name, "destination": target, "writerIdentity": WRITER} for name, target in estate.sinks.items()},
        database={
            "name": database, "type": "FIRESTORE_NATIVE", "deleteProtectionState": "DELETE_PROTECTION_ENABLED",
            "pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED",
        },
        indexes=[_index(database, n, index) for n, index in enumerate(estate.indexes)],
        fields=[
            {"name": f"{database}/collectionGroups/{collection}/fields/expires_at", "ttlConfig": {"state": "ACTIVE"}}
            for collection in estate.collections
        ],
        tables=dict(_tables(estate, now)),
        services_of_run={"soukmon-serve-dashboard": {"name": f"{place}/services/soukmon-serve-dashboard", "iapEnabled": True}},
        datasets={"request_logs": {"access": [{"role": "WRITER", "userByEmail": WRITER.partition(":")[2]}]}},
    )  # fmt: skip


def _function(estate, name, place):
    secrets = [
        {"key": secret, "projectId": estate.project, "secret": secret, "version": estate.secrets[secret]}
        for secret in estate.manifests[name]["secrets"]
    ]
    config = {"uri": estate.url(name, NUMBER)} | ({"secretEnvironmentVariables": secrets} if secrets else {})
    return {
        "name": f"{place}/functions/{estate.slug(name)}",
        "state": "ACTIVE",
        "environment": "GEN_2",
        "serviceConfig": config,
    }


def _job(name, trigger, now):
    """Its last run was the latest one that was due, which is what a schedule that works looks like."""
    return {
        "name": name,
        "state": "ENABLED",
        "schedule": trigger["cron"],
        "timeZone": trigger["timezone"],
        "lastAttemptTime": (now - timedelta(seconds=40)).isoformat().replace("+00:00", "Z"),
    }


def _subscription(estate, reading, prefix):
    topic = f"{prefix}/topics/{reading.topic}"
    return {
        "name": f"{prefix}/subscriptions/{reading.name}",
        "topic": topic,
        "pushConfig": {
            "pushEndpoint": f"{estate.url(reading.function, NUMBER)}/{topic}",
            "oidcToken": {"serviceAccountEmail": "soukmon-push@p.iam.gserviceaccount.com"},
        },
        "deadLetterPolicy": {"deadLetterTopic": f"{prefix}/topics/{estate.dead_letters}", "maxDeliveryAttempts": 30},
        "state": "ACTIVE",
    }


def _index(database, number, index):
    orders = [*("ASCENDING" for _ in index.fields[1:]), index.direction]
    fields = [{"fieldPath": path, "order": order} for path, order in zip(index.fields, orders, strict=True)]
    last = {"fieldPath": "__name__", "order": index.direction}
    return {
        "name": f"{database}/collectionGroups/{index.collection}/indexes/i{number}",
        "state": "READY",
        "fields": [*fields, last],
    }


def _tables(estate, now):
    fresh = {
        "numRows": "12",
        "lastModifiedTime": str(int((now - timedelta(hours=1)).timestamp() * 1000)),
        "type": "TABLE",
    }
    for name, table in estate.exports.items():
        full = table if "." in table else f"{table}.events_{now:%Y%m%d}"
        yield full, {**fresh, "schema": {"fields": schema(SCHEMAS[name])}}
    for table in own_tables(Installation()):
        yield table.name, {**fresh, "schema": {"fields": table.schema}}
    for name, _ in views(Installation()):
        yield name, {**fresh, "type": "VIEW", "schema": {"fields": []}}


class Redirected(HTTPAdapter):
    """Takes every request to one server of this machine; the host that was meant becomes the start of the path."""

    def __init__(self, origin):
        super().__init__()
        self._origin = origin

    def send(self, request, *arguments, **options):
        request.url = f"{self._origin}/{request.url.partition('://')[2]}"
        return super().send(request, *arguments, **options)


@contextmanager
def served(project):
    """The APIs of the project; yields a session that reaches them by Google's own addresses."""
    with serve(_app(project)) as server:
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", Redirected(server.url))
        session.is_mtls = False
        yield session
        session.close()


def warehouse_client(session, name):
    return bigquery.Client(project=name, credentials=AnonymousCredentials(), _http=session)


def _app(project):
    app = Flask("google_apis")
    app.url_map.merge_slashes = False

    @app.get("/<path:address>")
    def get(address):
        refused = next((status for part, status in project.refusals.items() if part in address), 0)
        if refused:
            return _error(refused, f"refused with {refused}")
        for pattern, answer in ROUTES:
            found = re.fullmatch(pattern, urlsplit(address).path)
            if found:
                told = answer(project, *found.groups())
                return _error(404, f"{address} not found") if told is None else jsonify(told)
        return _error(501, f"nobody answers at {address}")

    return app


def _error(status, message):
    return {"error": {"code": status, "message": message, "status": "X"}}, status


def _pages(name, documents):
    """Two pages, whatever there is: nobody may look at the first alone."""
    every = list(documents)
    half = len(every) // 2
    if request.args.get("pageToken") == "second":
        return {name: every[half:]}
    return {name: every[:half], "nextPageToken": "second"}


def _secret(project, name, version, access):
    kept = project.secrets.get(name)
    if kept is None or kept["version"] != version:
        return None
    if access:
        return {"payload": {"data": base64.b64encode(kept["value"].encode()).decode()}}
    return {"name": f"projects/{NUMBER}/secrets/{name}/versions/{version}", "state": kept["state"]}


def _list_of_tables(project, dataset):
    names = [name for name in project.tables if name.startswith(f"{dataset}.")]
    if not names:
        return None
    return {"tables": [_table(project, *name.split(".", 1)) for name in names]}


def _table(project, dataset, table):
    kept = project.tables.get(f"{dataset}.{table}")
    return kept and {**kept, "tableReference": {"projectId": "p", "datasetId": dataset, "tableId": table}}


def _dataset(project, name):
    kept = project.datasets.get(name)
    return kept and {**kept, "datasetReference": {"projectId": "p", "datasetId": name}}


# The addresses of the discovery documents: whatever else is asked for is nobody's.
ROUTES = (
    (r"cloudresourcemanager\.googleapis\.com/v3/projects/[\w-]+", lambda p: p.project),
    (r"serviceusage\.googleapis\.com/v1/projects/[\w-]+/services", lambda p: _pages("services", p.services)),
    (r"cloudfunctions\.googleapis\.com/v2/projects/[\w-]+/locations/europe-west1/functions", lambda p: _pages("functions", p.functions.values())),
    (r"run\.googleapis\.com/v2/projects/[\w-]+/locations/europe-west1/services/([\w-]+)", lambda p, name: p.services_of_run.get(name)),
    (r"cloudscheduler\.googleapis\.com/v1/projects/[\w-]+/locations/europe-west1/jobs", lambda p: _pages("jobs", p.jobs.values())),
    (r"secretmanager\.googleapis\.com/v1/projects/[\w-]+/secrets/(\w+)/versions/(\w+)(:access)?", _secret),
    (r"pubsub\.googleapis\.com/v1/projects/[\w-]+/topics", lambda p: _pages("topics", p.topics.values())),
    (r"pubsub\.googleapis\.com/v1/projects/[\w-]+/subscriptions", lambda p: _pages("subscriptions", p.subscriptions.values())),
    (r"pubsub\.googleapis\.com/v1/projects/[\w-]+/topics/([\w-]+):getIamPolicy", lambda p, topic: p.policies.get(topic, {})),
    (r"logging\.googleapis\.com/v2/projects/[\w-]+/sinks/([\w-]+)", lambda p, name: p.sinks.get(name)),
    (r"firestore\.googleapis\.com/v1/projects/[\w-]+/databases/soukmon", lambda p: p.database or None),
    (r"firestore\.googleapis\.com/v1/projects/[\w-]+/databases/soukmon/collectionGroups/-/indexes", lambda p: _pages("indexes", p.indexes)),
    (r"firestore\.googleapis\.com/v1/projects/[\w-]+/databases/soukmon/collectionGroups/-/fields", lambda p: _pages("fields", p.fields)),
    (r"bigquery\.googleapis\.com/bigquery/v2/projects/[\w-]+/datasets/(\w+)/tables", _list_of_tables),
    (r"bigquery\.googleapis\.com/bigquery/v2/projects/[\w-]+/datasets/(\w+)/tables/(\w+)", _table),
    (r"bigquery\.googleapis\.com/bigquery/v2/projects/[\w-]+/datasets/(\w+)", _dataset),
)  # fmt: skip

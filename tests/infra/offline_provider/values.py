"""What a resource looks like once it is made: the values the cloud would have computed, concrete and plausible."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from msgpack import ExtType

from tests.infra.offline_provider.schema import Block

UNKNOWN = ExtType(0, b"\x00")
NUMBER = "123456789012"
_NAMES = ("name", "account_id", "secret_id", "dataset_id", "table_id", "repository_id", "service", "display_name")
_IDS: dict[str, str] = {
    "google_pubsub_topic": "projects/{project}/topics/{name}",
    "google_pubsub_subscription": "projects/{project}/subscriptions/{name}",
    "google_secret_manager_secret": "projects/{project}/secrets/{name}",
    "google_service_account": "projects/{project}/serviceAccounts/{name}@{project}.iam.gserviceaccount.com",
    "google_bigquery_dataset": "projects/{project}/datasets/{name}",
    "google_firestore_database": "projects/{project}/databases/{name}",
    "google_monitoring_notification_channel": "projects/{project}/notificationChannels/{digest}",
    "google_artifact_registry_repository": "projects/{project}/locations/{location}/repositories/{name}",
}
_VALUES: dict[str, Callable[[str, str], str]] = {
    "email": lambda name, project: f"{name}@{project}.iam.gserviceaccount.com",
    "member": lambda name, project: f"serviceAccount:{name}@{project}.iam.gserviceaccount.com",
    "writer_identity": lambda name, project: f"serviceAccount:sink-{name}@{project}.iam.gserviceaccount.com",
    "number": lambda _name, _project: NUMBER,
    "uri": lambda name, _project: f"https://{name}-{digest(name)}-ew.a.run.app",
    "url": lambda name, project: f"https://{project}.cloudfunctions.net/{name}",
}


def digest(text: str) -> str:
    """A short id that is the same every time."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def planned(block: Block, values: dict[str, Any], prior: Mapping[str, Any] | None) -> dict[str, Any]:
    """The proposed values with what only the cloud knows marked unknown, or kept from before."""
    before = prior or {}
    for name, attribute in block["attributes"].items():
        if attribute.get("computed") and values.get(name) is None:
            values[name] = before[name] if before.get(name) is not None else UNKNOWN
    for name, nested in block["blocks"].items():
        olds = _items(before.get(name))
        for index, item in enumerate(_items(values.get(name))):
            planned(nested["block"], item, olds[index] if index < len(olds) else None)
    return values


def settled(block: Block, values: dict[str, Any], *, kind: str, project: str) -> dict[str, Any]:
    """The values after apply: nothing is unknown any more."""
    return _settle(block, values, kind=kind, project=project, name=_name(values))


def _settle(block: Block, values: dict[str, Any], *, kind: str, project: str, name: str) -> dict[str, Any]:
    for key, attribute in block["attributes"].items():
        if isinstance(values.get(key), ExtType):
            values[key] = _made(key, attribute["type"], values, kind=kind, project=project, name=name)
    for key, nested in block["blocks"].items():
        for item in _items(values.get(key)):
            _settle(nested["block"], item, kind=kind, project=project, name=name)
    return values


def _made(key: str, type_: Any, values: Mapping[str, Any], *, kind: str, project: str, name: str) -> Any:
    if key in {"id", "self_link", "name"} and type_ == "string":
        form = _IDS.get(kind, "projects/{project}/{kind}/{name}")
        location = values.get("location") or "global"
        return form.format(project=project, name=name, kind=kind, location=location, digest=digest(kind + name))
    if type_ == "string":
        return _VALUES.get(key, lambda name, _project: f"{key}-of-{name}")(name, project)
    if type_ == "number":
        return 1
    if type_ == "bool":
        return False
    return {} if isinstance(type_, list) and type_[0] == "map" else [] if isinstance(type_, list) else None


def _name(values: Mapping[str, Any]) -> str:
    given = (values.get(key) for key in _NAMES)
    named = next((text for text in given if isinstance(text, str)), "")
    return named or digest(repr(sorted(values.items(), key=str)))


def _items(found: Any) -> list[dict[str, Any]]:
    listed = found if isinstance(found, list) else [found]
    return [item for item in listed if isinstance(item, dict)]

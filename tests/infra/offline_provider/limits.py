"""What Google's APIs refuse although the provider's schema allows it; each found only when it is too late, at apply.

A check gets one value and answers what is wrong with it, or "". Unknown values (they come from other resources) and
values left out are not asked about.
"""

import json
import re
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]
Fault = tuple[Path, str]
Check = Callable[[Any], str]

FIREBASE_ALERT = "google.firebase.firebasealerts.alerts.v1.published"


def _matches(pattern: str, words: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: "" if compiled.fullmatch(str(value)) else f"{value!r} is not {words}"


def _between(low: float, high: float) -> Check:
    def check(value: str | float) -> str:
        if not re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
            return f"{value!r} is not a number"
        return "" if low <= float(value) <= high else f"{value} is not between {low:g} and {high:g}"

    return check


def _seconds(low: float, high: float) -> Check:
    def check(value: str) -> str:
        if not re.fullmatch(r"\d+(\.\d+)?s", value):
            return f"{value!r} is not a duration in seconds like '60s'"
        return "" if low <= float(value[:-1]) <= high else f"{value} is not between {low:g}s and {high:g}s"

    return check


def _one_of(*choices: str) -> Check:
    return lambda value: "" if value in choices else f"{value!r} is not one of {', '.join(choices)}"


def _zone(value: str) -> str:
    return "" if value in zoneinfo.available_timezones() else f"{value!r} is not in the tz database"


def _schema(value: str) -> str:
    try:
        columns = json.loads(value)
    except ValueError as error:
        return f"the schema is not JSON: {error}"
    return "" if all({"name", "type"} <= set(column) for column in columns) else "a column lacks its name or type"


_MEMBER = _matches(
    r"allUsers|allAuthenticatedUsers|(user|group|serviceAccount):[^@\s]+@[^@\s]+\.[^@\s]+|domain:\S+|principal(Set)?://\S+",
    "a member (serviceAccount:..., group:..., user:...)",
)
_ROLE = _matches(r"roles/[a-zA-Z.]+|(projects|organizations)/[^/]+/roles/\w+", "a role")
_TOPIC_NAME = _matches(r"[A-Za-z][A-Za-z0-9._~+%-]{2,254}", "a Pub/Sub name (3-255 characters, a letter first)")
_KEBAB = _matches(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a name of at most 63 lower-case letters, digits and dashes")
_CRON_FIELD = r"(\*|[0-9A-Za-z,/*-]+)"

CHECKS: dict[str, dict[str, Check]] = {
    "google_service_account": {
        "account_id": _matches(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", "an account id (6-30 characters)")
    },
    "google_cloudfunctions2_function": {
        "name": _KEBAB,
        "build_config.runtime": _matches(r"python3(1[0-4])", "a Python runtime"),
        "service_config.available_memory": _matches(r"\d+(M|Mi|G|Gi)", "an amount of memory like 512Mi"),
        "service_config.timeout_seconds": _between(1, 3600),
        "service_config.max_instance_request_concurrency": _between(1, 1000),
        "service_config.secret_environment_variables.version": _matches(r"latest|[1-9]\d*", "a version"),
    },
    "google_pubsub_topic": {"name": _TOPIC_NAME, "message_retention_duration": _seconds(600, 2678400)},
    "google_pubsub_subscription": {
        "name": _TOPIC_NAME,
        "ack_deadline_seconds": _between(10, 600),
        "message_retention_duration": _seconds(600, 2678400),
        "retry_policy.minimum_backoff": _seconds(0, 600),
        "retry_policy.maximum_backoff": _seconds(0, 600),
        "dead_letter_policy.max_delivery_attempts": _between(5, 100),
        "push_config.push_endpoint": _matches(r"https://\S+", "an HTTPS address"),
    },
    "google_cloud_scheduler_job": {
        "schedule": _matches(rf"{_CRON_FIELD}( {_CRON_FIELD}){{4}}", "a cron expression of five fields"),
        "time_zone": _zone,
        "attempt_deadline": _seconds(15, 1800),
        "retry_config.retry_count": _between(0, 5),
        "http_target.uri": _matches(r"https://\S+", "an HTTPS address"),
    },
    "google_eventarc_trigger": {"name": _KEBAB},
    "google_storage_bucket": {
        "name": _matches(r"[a-z0-9][a-z0-9_.-]{1,61}[a-z0-9]", "a bucket name (3-63 characters)"),
        "public_access_prevention": _one_of("enforced", "inherited"),
    },
    "google_secret_manager_secret": {"secret_id": _matches(r"[A-Za-z0-9_-]{1,255}", "a secret id")},
    "google_bigquery_dataset": {"dataset_id": _matches(r"\w{1,1024}", "a dataset id")},
    "google_bigquery_table": {
        "schema": _schema,
        "time_partitioning.type": _one_of("HOUR", "DAY", "MONTH", "YEAR"),
    },
    "google_logging_project_sink": {
        "name": _matches(r"[A-Za-z0-9_.-]{1,100}", "a sink name"),
        "destination": _matches(r"(pubsub|bigquery|storage|logging)\.googleapis\.com/\S+", "a destination"),
        "filter": lambda value: "" if len(value) <= 20000 else "the filter is longer than 20000 characters",
    },
    "google_monitoring_notification_channel": {"type": _one_of("email", "sms", "pubsub")},
    "google_monitoring_uptime_check_config": {
        "period": _one_of("60s", "300s", "600s", "900s"),
        "timeout": _seconds(1, 60),
    },
    "google_monitoring_alert_policy": {
        "combiner": _one_of("OR", "AND", "AND_WITH_MATCHING_RESOURCE"),
        "conditions.condition_absent.duration": _seconds(120, 84600),
        "conditions.condition_threshold.aggregations.alignment_period": _seconds(60, 93600),
    },
    "google_firestore_database": {
        "name": _matches(r"\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9]", "a database id (4-63 characters)")
    },
    "google_firestore_backup_schedule": {"retention": _seconds(86400, 8467200)},
    "google_project_service": {"service": _matches(r"[a-z0-9-]+\.googleapis\.com", "an API's name")},
}


def faults(kind: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    """What the API would say to a resource of this type."""
    for dotted, check in CHECKS.get(kind, {}).items():
        for path, value in _at(values, dotted.split("."), ()):
            wrong = check(value)
            if wrong:
                yield path, wrong
    if kind.endswith("_iam_member"):
        for name, check in (("member", _MEMBER), ("role", _ROLE)):
            if isinstance(values.get(name), str) and check(values[name]):
                yield (name,), check(values[name])
    yield from _TOGETHER.get(kind, lambda _: iter(()))(values)


def _at(value: Any, names: list[str], path: Path) -> Iterator[tuple[Path, Any]]:
    """Every known value under a dotted name, with its path; blocks are lists."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _at(item, names, (*path, index))
    elif names and isinstance(value, dict):
        yield from _at(value.get(names[0]), names[1:], (*path, names[0]))
    elif not names and isinstance(value, str | int | float) and not isinstance(value, bool):
        yield path, value


def _function(values: Mapping[str, Any]) -> Iterator[Fault]:
    for path, service in _blocks(values, "service_config"):
        concurrency, cpu = service.get("max_instance_request_concurrency"), service.get("available_cpu")
        if isinstance(concurrency, int) and concurrency > 1 and isinstance(cpu, str) and float(cpu) < 1:
            yield path, "a concurrency above 1 needs at least one CPU"
        seconds = service.get("timeout_seconds")
        if values.get("event_trigger") and isinstance(seconds, int) and seconds > 540:
            yield (*path, "timeout_seconds"), "a function with an event trigger has at most 540 seconds"


def _trigger(values: Mapping[str, Any]) -> Iterator[Fault]:
    criteria = {item.get("attribute"): item.get("value") for _, item in _blocks(values, "matching_criteria")}
    if criteria.get("type") == FIREBASE_ALERT:
        if isinstance(values.get("location"), str) and values["location"] != "global":
            yield ("location",), "a trigger for Firebase alerts must be in the location global"
        if "alerttype" not in criteria:
            yield ("matching_criteria",), "a trigger for Firebase alerts must name its alerttype"


def _policy(values: Mapping[str, Any]) -> Iterator[Fault]:
    matched = any(item.get("condition_matched_log") for _, item in _blocks(values, "conditions"))
    limited = any(item.get("notification_rate_limit") for _, item in _blocks(values, "alert_strategy"))
    if matched and not limited:
        yield ("alert_strategy",), "a policy on log lines needs a notification_rate_limit"


def _index(values: Mapping[str, Any]) -> Iterator[Fault]:
    fields = [item.get("field_path") for _, item in _blocks(values, "fields")]
    if len(fields) == 1 and isinstance(fields[0], str):
        yield ("fields",), "an index over one field is made automatically; a composite one needs two"


def _job(values: Mapping[str, Any]) -> Iterator[Fault]:
    if not any(values.get(target) for target in ("http_target", "pubsub_target", "app_engine_http_target")):
        yield (), "a job needs a target"


_TOGETHER: dict[str, Callable[[Mapping[str, Any]], Iterator[Fault]]] = {
    "google_cloudfunctions2_function": _function,
    "google_eventarc_trigger": _trigger,
    "google_monitoring_alert_policy": _policy,
    "google_firestore_index": _index,
    "google_cloud_scheduler_job": _job,
}


def _blocks(values: Mapping[str, Any], name: str) -> list[tuple[Path, dict[str, Any]]]:
    found = values.get(name)
    items = found if isinstance(found, list) else []
    return [((name, index), item) for index, item in enumerate(items) if isinstance(item, dict)]

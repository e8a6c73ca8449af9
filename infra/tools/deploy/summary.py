"""A plan in plain language."""

from collections import Counter
from collections.abc import Iterator, Mapping

from infra.tools.deploy.changes import Change, Changes, Verdict
from infra.tools.deploy.drift import Drift

WORDS: Mapping[str, str] = {
    "google_artifact_registry_repository": "repository of images",
    "google_bigquery_dataset": "dataset",
    "google_bigquery_table": "table",
    "google_billing_budget": "budget",
    "google_cloud_run_v2_service": "service",
    "google_cloud_scheduler_job": "schedule",
    "google_cloudfunctions2_function": "function",
    "google_eventarc_trigger": "trigger of Firebase alerts",
    "google_firestore_backup_schedule": "schedule of backups",
    "google_firestore_database": "database",
    "google_firestore_field": "rule for a field",
    "google_firestore_index": "index",
    "google_logging_metric": "metric of log lines",
    "google_logging_project_exclusion": "log exclusion",
    "google_logging_project_sink": "log sink",
    "google_monitoring_alert_policy": "alert policy",
    "google_monitoring_notification_channel": "address that Cloud Monitoring tells",
    "google_monitoring_uptime_check_config": "uptime check",
    "google_project": "project",
    "google_project_service": "Google service",
    "google_pubsub_subscription": "subscription",
    "google_pubsub_topic": "topic",
    "google_secret_manager_secret": "secret",
    "google_project_iam_custom_role": "role",
    "google_service_account": "account",
    "google_storage_bucket": "bucket",
}
DONE: Mapping[tuple[str, ...], str] = {
    ("create",): "new",
    ("update",): "changed",
    ("delete",): "DELETED",
    ("delete", "create"): "DELETED and made anew",
    ("create", "delete"): "made anew, the old one DELETED",
    ("forget",): "forgotten, it stays in the cloud",
}
WIDTH = 28


def plan_lines(found: Changes) -> Iterator[str]:
    """One line for each function that does not stay, for each other resource, and how many stay."""
    if found.is_empty:
        yield "nothing would change"
        return
    for name, verdict in found.functions.items():
        if verdict is not Verdict.UNCHANGED:
            yield f"{name:<{WIDTH}}{verdict}"
    counts = Counter(found.functions.values())
    if counts[Verdict.UNCHANGED]:
        yield f"{counts[Verdict.UNCHANGED]} functions unchanged"
    for change in found.others:
        yield _line(change)
    for address in found.deletions:
        yield f"DATA WOULD BE LOST: {address}"


def drift_lines(found: list[Drift]) -> Iterator[str]:
    """One line for each resource that somebody changed by hand."""
    for one in found:
        what = f"{', '.join(one.fields)} changed by hand" if one.fields else "deleted by hand"
        yield f"{_named(one.kind, one.address)}: {what}"


def _line(change: Change) -> str:
    done = DONE.get(change.actions, " and ".join(change.actions))
    fields = f" ({', '.join(change.fields)})" if change.actions == ("update",) and change.fields else ""
    return f"{_named(change.kind, change.address)}: {done}{fields}"


def _named(kind: str, address: str) -> str:
    """The kind of thing in words, and which one."""
    stem, is_member, _ = kind.partition("_iam_member")
    word = f"right on a {WORDS.get(stem, stem)}" if is_member else WORDS.get(kind, kind)
    return f"{word} {address.removeprefix(f'{kind}.')}"

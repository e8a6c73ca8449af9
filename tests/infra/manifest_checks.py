"""The function.yaml files checked without Terraform: what they must say, and that they fit together."""

import zoneinfo
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from cronsim import CronSim, CronSimError

from tests.infra.estate import setting_names

START = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = {
    "description", "trigger", "memory", "cpu", "timeout_seconds", "concurrency", "min_instances", "secrets", "publishes",
    "roles", "public",
}  # fmt: skip
TRIGGERS = {
    "http": set(),
    "pubsub": {"topic"},
    "schedule": {"cron", "timezone"},
    "firebase_alert": {"alert_types"},
}
LONGEST = {"pubsub": 540, "firebase_alert": 540, "schedule": 1780, "http": 3600}
OUTSIDE_PRODUCERS = {"log-sink", "monitoring-incidents", "budgets", "cloud-builds"}

Manifest = Mapping[str, Any]


def manifests(root: Path) -> dict[str, Manifest]:
    """Function -> its manifest."""
    return {
        path.parent.name: yaml.safe_load(path.read_text()) for path in sorted(root.glob("functions/*/function.yaml"))
    }


def faults(root: Path) -> list[str]:
    """All that is wrong."""
    found = manifests(root)
    wrong = [f"{name}: {fault}" for name, manifest in found.items() for fault in _alone(name, manifest)]
    return wrong + list(_together(found))


def _alone(name: str, manifest: Manifest) -> Iterator[str]:
    trigger = manifest["trigger"]
    if set(manifest) - {"max_instances"} != KEYS:
        yield f"keys {set(manifest) ^ KEYS}"
    if trigger["type"] not in TRIGGERS or set(trigger) - {"type", "also"} != TRIGGERS[trigger["type"]]:
        yield f"trigger {dict(trigger)}"
        return
    if manifest["timeout_seconds"] > LONGEST[trigger["type"]]:
        yield f"more than {LONGEST[trigger['type']]} seconds"
    if manifest["concurrency"] > 1 and manifest["cpu"] < 1:
        yield "a concurrency above 1 needs a CPU"
    if manifest["public"] and trigger["type"] != "http":
        yield "only what is called by HTTP can be public"
    if trigger["type"] == "schedule":
        yield from _schedule(trigger["cron"], trigger["timezone"])
    yield from (f"{secret} is no secret setting" for secret in set(manifest["secrets"]) - setting_names(secret=True))
    dashed = name.replace("_", "-")
    if len(f"fn-{dashed}") > 30 or len(f"soukmon-{dashed}-123456789012") > 63:
        yield "its name is too long for an account or an address"


def _schedule(cron: str, timezone: str) -> Iterator[str]:
    if timezone not in zoneinfo.available_timezones():
        yield f"{timezone} is not in the tz database"
    try:
        CronSim(cron, START)
    except CronSimError as error:
        yield f"{cron} is not a cron expression: {error}"


def _together(found: Mapping[str, Manifest]) -> Iterator[str]:
    written = {topic for manifest in found.values() for topic in manifest["publishes"]} | OUTSIDE_PRODUCERS
    triggers = [manifest["trigger"] for manifest in found.values()]
    read = {trigger["topic"] for trigger in triggers if "topic" in trigger}
    read |= {topic for trigger in triggers for topic in trigger.get("also", [])}
    yield from (f"nobody reads {topic}" for topic in written - read)
    yield from (f"nobody writes {topic}" for topic in read - written)

"""The manifests, Terraform and the code say the same."""

import re

import pytest
import yaml

from infra.tools import firestore_indexes
from tests.infra.estate import setting_names
from tests.infra.workbench import ROOT

MANIFESTS = {path.parent.name: yaml.safe_load(path.read_text()) for path in sorted(ROOT.glob("functions/*/function.yaml"))}
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


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_says_all_and_nothing_else(name):
    manifest = MANIFESTS[name]
    trigger = dict(manifest["trigger"])
    assert set(manifest) - {"max_instances"} == KEYS
    assert set(trigger) - {"type", "also"} == TRIGGERS[trigger["type"]]
    assert "also" not in trigger or trigger["type"] == "pubsub"


@pytest.mark.parametrize("name", MANIFESTS)
def test_its_secrets_are_settings_that_the_code_keeps_secret(name):
    assert set(MANIFESTS[name]["secrets"]) <= setting_names(secret=True)


@pytest.mark.parametrize("name", MANIFESTS)
def test_its_name_fits_everywhere(name):
    dashed = name.replace("_", "-")
    assert len(f"fn-{dashed}") <= 30
    assert len(f"soukmon-{dashed}-123456789012") <= 63


def test_the_indexes_of_the_cloud_are_those_of_the_code():
    told = "run `python -m infra.tools.firestore_indexes`"
    assert firestore_indexes.FILE.read_text() == firestore_indexes.text(), told


def test_no_setting_of_an_installation_is_forgotten():
    given = set(re.findall(r"^\s+([A-Z][A-Z_]+)\s+=", (ROOT / "infra/functions.tf").read_text(), re.MULTILINE))
    local_alone = {
        "SOUKMON_STATE", "SOUKMON_CONFIG", "SOUKMON_PUSH_KEYS", "SOUKMON_IDENTITY_KEYS", "SLACK_API_URL", "TWILIO_API_URL",
        "FCM_API_URL",
    }  # fmt: skip
    assert setting_names(secret=False) - given - local_alone == set()
    assert given <= setting_names(secret=False)

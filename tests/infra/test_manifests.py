"""The manifests, Terraform and the code say the same."""

import re
import shutil

import pytest

from infra.tools import firestore_indexes
from tests.infra import manifest_checks
from tests.infra.estate import setting_names
from tests.infra.workbench import ROOT


def test_the_manifests_are_whole_and_fit_together():
    assert manifest_checks.faults(ROOT) == []


@pytest.mark.parametrize(
    ("function", "old", "new", "said"),
    [
        ("escalate_incidents", "Africa/Cairo", "Africa/Cario", "tz database"),
        ("escalate_incidents", '"* * * * *"', '"* * * *"', "is not a cron expression"),
        ("handle_signal", "timeout_seconds: 60", "timeout_seconds: 900", "more than 540 seconds"),
        ("handle_signal", "cpu: 1", "cpu: 0.5", "needs a CPU"),
        ("handle_signal", "public: false", "public: true", "only what is called by HTTP"),
        ("handle_signal", "topic: signals", "topic: signalz", "nobody writes signalz"),
        ("handle_signal", "topic: signals", "topics: [signals]", "trigger"),
        ("handle_signal", "touched-metrics", "touched", "nobody reads touched"),
        ("handle_signal", "secrets: []", "secrets: [SOUKMON_ENGINE]", "is no secret setting"),
        ("handle_signal", "memory:", "memmory:", "keys"),
    ],
)
def test_a_manifest_that_is_wrong_is_named(tmp_path, function, old, new, said):
    for file in ROOT.glob("functions/*/function.yaml"):
        (tmp_path / file.relative_to(ROOT)).parent.mkdir(parents=True)
        shutil.copy(file, tmp_path / file.relative_to(ROOT))
    changed = tmp_path / "functions" / function / "function.yaml"
    assert old in changed.read_text()
    changed.write_text(changed.read_text().replace(old, new))
    assert any(said in fault for fault in manifest_checks.faults(tmp_path))


def test_the_indexes_of_the_cloud_are_those_of_the_code():
    told = "run `python -m infra.tools.firestore_indexes`"
    assert firestore_indexes.FILE.read_text() == firestore_indexes.text(), told


def test_no_setting_of_an_installation_is_forgotten():
    given = set(re.findall(r"^\s+([A-Z][A-Z_]+)\s+=", (ROOT / "infra/functions.tf").read_text(), re.MULTILINE))
    local_alone = {
        "SOUKMON_STATE", "SOUKMON_CONFIG", "SOUKMON_PUSH_KEYS", "SOUKMON_IDENTITY_KEYS", "SOUKMON_IAP_KEYS", "SLACK_API_URL", "TWILIO_API_URL",
        "FCM_API_URL", "GOOGLE_APIS_URL", "SOUKMON_ROLLBACK_URL",
    }  # fmt: skip
    assert setting_names(secret=False) - given - local_alone == set()
    assert given <= setting_names(secret=False)

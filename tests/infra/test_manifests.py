"""The manifests, Terraform and the code say the same."""

import re
import shutil

import pytest

from infra.local.functions import manifests
from infra.local.permitted import PermittedPublisher
from infra.tools import firestore_indexes
from shared import logs
from tests.infra import manifest_checks
from tests.infra.estate import setting_names
from tests.infra.workbench import ROOT
from tests.unit.usecases.world import MemoryBus


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


@pytest.mark.parametrize("sweeper", ["escalate_incidents", "audit_escalations"])
def test_whoever_sweeps_may_publish_whatever_a_crash_left_in_the_outbox(sweeper):
    found = manifests()
    kept = {topic for one in found.values() for topic in one.publishes} - {"touched-metrics"}  # never in the outbox
    assert kept <= found[sweeper].publishes


def test_a_function_publishes_nothing_that_its_manifest_does_not_name():
    bus = PermittedPublisher(MemoryBus(), {"serve_chart": frozenset({"signals"})})
    token = logs.context.set({"function": "serve_chart"})
    try:
        assert bus.publish("signals", b"{}")
        with pytest.raises(PermissionError, match="serve_chart publishes to notifications"):
            bus.publish("notifications", b"{}")
    finally:
        logs.context.reset(token)
    assert bus.publish("notifications", b"{}")  # whoever is no function


def test_no_setting_of_an_installation_is_forgotten():
    given = set(re.findall(r"^\s+([A-Z][A-Z_]+)\s+=", (ROOT / "infra/functions.tf").read_text(), re.MULTILINE))
    local_alone = {
        "SOUKMON_STATE", "SOUKMON_CONFIG", "SOUKMON_PUSH_KEYS", "SOUKMON_IDENTITY_KEYS", "SOUKMON_IAP_KEYS", "SLACK_API_URL", "TWILIO_API_URL",
        "FCM_API_URL", "GOOGLE_APIS_URL", "SOUKMON_ROLLBACK_URL", "OSV_API_URL", "PYPI_URL", "GITHUB_API_URL",
    }  # fmt: skip
    assert setting_names(secret=False) - given - local_alone == set()
    assert given <= setting_names(secret=False)

"""Which events are changes on record, and what they say about who changed what."""

import json
from datetime import timedelta

import pytest

from infra.local import samples
from shared.domain.changes import ChangeKind
from shared.inbound import envelopes
from shared.inbound.changes import change_of
from tests.conftest import NIGHT


def read(event):
    return change_of(envelopes.read(event.headers, event.body), now=NIGHT + timedelta(seconds=4))


def audited(service, method, resource, **extra):
    return read(samples.audit(NIGHT, service, method, resource, **extra))


def built(**changes):
    build = {
        "id": "b1", "projectId": "souk", "createTime": "2026-03-10T00:01:00Z", "finishTime": "2026-03-10T00:06:00Z",
        "status": "SUCCESS", "steps": [],
        "substitutions": {"TRIGGER_NAME": "deploy-web", "BRANCH_NAME": "main", "REPO_NAME": "web", "COMMIT_SHA": "4f2a" * 10},
    }  # fmt: skip
    return read(samples.published(NIGHT, {**build, **changes}, "receive_monitoring_incident"))


@pytest.mark.parametrize(
    ("service", "method", "resource", "extra", "runs"),
    [
        ("run.googleapis.com", "google.cloud.run.v1.Services.ReplaceService", "namespaces/souk/services/orders-api",
         {"response": {"status": {"latestCreatedRevisionName": "orders-api-00042-abc"}}}, ("orders-api", "orders-api-00042-abc")),
        ("run.googleapis.com", "google.cloud.run.v2.Services.UpdateService", "projects/s/locations/l/services/orders-api",
         {"response": {"latestCreatedRevision": "projects/s/locations/l/services/orders-api/revisions/orders-api-00043-x"}},
         ("orders-api", "orders-api-00043-x")),
        ("cloudfunctions.googleapis.com", "google.cloud.functions.v2.FunctionService.UpdateFunction",
         "projects/s/locations/l/functions/send_mail", {}, ("send-mail", "")),
        ("firebasehosting.googleapis.com", "google.firebase.hosting.v1beta1.HostingService.CreateRelease",
         "projects/-/sites/souk-el-sayarat", {"request": {"versionName": "sites/souk-el-sayarat/versions/9c0ffee1"}},
         ("souk-el-sayarat", "9c0ffee1")),
    ],
)  # fmt: skip
def test_a_deployment_names_its_service_and_what_runs_since(service, method, resource, extra, runs):
    change = audited(service, method, resource, **extra)
    assert (change.kind, (change.service, change.version), change.at) == (ChangeKind.DEPLOYMENT, runs, NIGHT)
    assert change.by == "d***@souk-el-sayarat.example"


@pytest.mark.parametrize(
    ("service", "method"),
    [
        ("firebaserules.googleapis.com", "google.firebase.rules.v1.FirebaseRulesService.UpdateRelease"),
        ("secretmanager.googleapis.com", "google.cloud.secretmanager.v1.SecretManagerService.AddSecretVersion"),
        ("cloudresourcemanager.googleapis.com", "SetIamPolicy"),
        ("compute.googleapis.com", "v1.compute.firewalls.patch"),
    ],
)
def test_a_setting_is_a_configuration_change(service, method):
    change = audited(service, method, "projects/souk/things/1")
    assert change.kind is ChangeKind.CONFIGURATION
    assert "projects/souk/things/1" in change.what


def test_a_machine_goes_by_its_name():
    who = {"principalEmail": "deployer@souk-demo.iam.gserviceaccount.com"}
    change = audited("run.googleapis.com", "google.cloud.run.v1.Services.ReplaceService", "x", authenticationInfo=who)
    assert change.by == "deployer"


def test_beginning_and_end_of_one_long_operation_are_one_change():
    def told(at):
        event = samples.audit(at, "run.googleapis.com", "google.cloud.run.v2.Services.UpdateService", "services/a")
        envelope = envelopes.read(event.headers, event.body)
        envelope.payload["operation"] = {"id": "op-1"}
        return change_of(envelope, now=NIGHT)

    assert told(NIGHT).id == told(NIGHT + timedelta(minutes=1)).id


def test_what_was_refused_read_or_failed_changed_nothing():
    refused = audited("run.googleapis.com", "google.cloud.run.v1.Services.ReplaceService", "x", status={"code": 7})
    looked = audited("run.googleapis.com", "google.cloud.run.v1.Services.GetService", "x")
    logged = read(samples.request_log(NIGHT, "orders-api", 500))
    assert refused is looked is logged is built(status="FAILURE") is built(status="WORKING") is None


def test_a_build_that_succeeded_is_the_last_suspect():
    change = built()
    assert (change.kind, change.service, change.commit) == (ChangeKind.BUILD, "web", "4f2a4f2a4f2a")
    assert change.what == "deploy-web main"
    assert change.at.isoformat() == "2026-03-10T00:06:00+00:00"


def test_anything_at_all_is_read_without_an_error():
    for payload in ({}, [], "x", {"protoPayload": []}, {"protoPayload": {"methodName": 7, "status": "x"}}):
        event = samples.published(NIGHT, payload, "receive_log_entry")
        assert read(event) is None
    assert json.dumps({})

"""Which acts are security events, and which are everyday work."""

import pytest

from shared.domain.severities import Severity
from shared.inbound.audit_log import ACTS, Finding, Harmless, classify


def act(
    method, *, service="x.googleapis.com", permission="", granted=True, code=0, principal="dev@souk.example", **extra
):
    return {
        "serviceName": service,
        "methodName": method,
        "resourceName": "projects/p/thing",
        "status": {"code": code} if code else {},
        "authenticationInfo": {"principalEmail": principal},
        "authorizationInfo": [{"permission": permission or "p", "granted": granted}],
        **extra,
    }


def policy(role, member, *, service="cloudresourcemanager.googleapis.com", method="SetIamPolicy", action="ADD"):
    delta = {"bindingDeltas": [{"action": action, "role": role, "member": member}]}
    return act(method, service=service, serviceData={"policyDelta": delta})


@pytest.mark.parametrize("known", ACTS, ids=lambda known: known.alert_type)
def test_every_act_is_found_by_its_method_in_any_case_and_by_its_permission(known):
    for ending in known.methods:
        found = classify(act(f"google.Any.v1.{ending.upper()}"))
        assert isinstance(found, Finding)
        assert found.alert_type == known.alert_type
    for permission in known.permissions:
        hidden = act("v2.deploymentmanager.deployments.insert", permission=permission)
        assert classify(hidden).alert_type == known.alert_type
        assert isinstance(
            classify({**hidden, "authorizationInfo": [{"permission": permission, "granted": False}]}), Harmless
        )


@pytest.mark.parametrize(
    ("payload", "alert_type", "severity"),
    [
        (policy("roles/storage.objectViewer", "allUsers", service="storage.googleapis.com", method="storage.setIamPermissions"),
         "security.public_access", Severity.HIGH),
        (policy("roles/viewer", "allAuthenticatedUsers"), "security.public_access", Severity.HIGH),
        (policy("roles/owner", "user:a@b.example"), "security.iam_policy_changed", Severity.HIGH),
        (policy("roles/iam.serviceAccountTokenCreator", "user:a@b.example", service="iam.googleapis.com"),
         "security.iam_policy_changed", Severity.HIGH),
        (policy("roles/run.invoker", "user:a@b.example", service="run.googleapis.com"), "security.iam_policy_changed", Severity.MEDIUM),
        (act("google.logging.v2.ConfigServiceV2.DeleteSink", service="logging.googleapis.com"),
         "security.log_sink_changed", Severity.HIGH),
        (act("google.logging.v2.ConfigServiceV2.UpdateSink", service="logging.googleapis.com",
             request={"sink": {"exclusions": [{"filter": "*"}]}}), "security.log_sink_changed", Severity.HIGH),
        (act("google.iam.admin.v1.CreateRole", code=7, principal="robot@p.iam.gserviceaccount.com"), "security.access_denied", None),
    ],
)  # fmt: skip
def test_grants_sinks_and_denials(payload, alert_type, severity):
    found = classify(payload)
    assert (found.alert_type, found.severity) == (alert_type, severity)


@pytest.mark.parametrize(
    ("payload", "outcome"),
    [
        (policy("roles/iap.httpsResourceAccessor", "user:a@b.example", service="iap.googleapis.com"), "recorded"),
        (policy("roles/owner", "user:a@b.example", action="REMOVE", service="iap.googleapis.com"), "recorded"),
        (act("google.logging.v2.ConfigServiceV2.UpdateSink", service="logging.googleapis.com",
             request={"sink": {"exclusions": [{"filter": "resource.type=k8s"}]}}), "recorded"),
        (act("google.logging.v2.ConfigServiceV2.GetBucket", service="logging.googleapis.com"), "ignored"),
        (act("google.pubsub.v1.Publisher.CreateTopic"), "ignored"),
        (act("jobservice.jobcompleted"), "ignored"),
        (act("compute.instances.list"), "ignored"),
        (act("google.iam.admin.v1.CreateServiceAccountKey", code=7), "recorded"),
        (act("google.iam.admin.v1.CreateServiceAccountKey", code=5), "ignored"),
        (act("google.login.LoginService.loginFailure", service="login.googleapis.com"), "recorded"),
        (act("google.login.LoginService.loginSuccess", service="login.googleapis.com"), "ignored"),
        ({}, "ignored"),
    ],
)  # fmt: skip
def test_everyday_work_pages_nobody(payload, outcome):
    found = classify(payload)
    assert isinstance(found, Harmless)
    assert (found.outcome, bool(found.reason)) == (outcome, True)


@pytest.mark.parametrize(
    ("group", "is_finding"),
    [("admins@souk.example", True), ("prod-owners@x.example", True), ("books@x.example", False)],
)
def test_only_privileged_groups_count(group, is_finding):
    event = [{"parameter": [{"name": "GROUP_EMAIL", "value": group}]}]
    found = classify(act("google.admin.AdminService.addGroupMember", metadata={"event": event}))
    assert isinstance(found, Finding) is is_finding


def test_a_suspicious_login_and_a_crossed_perimeter_are_found():
    event = [{"parameter": [{"name": "is_suspicious", "boolValue": True}]}]
    login = act("google.login.LoginService.loginSuccess", service="login.googleapis.com", metadata={"event": event})
    perimeter = {"@type": "type.googleapis.com/google.cloud.audit.VpcServiceControlAuditMetadata"}
    crossed = act("google.storage.objects.get", code=7, metadata=perimeter)
    assert classify(login).alert_type == "security.suspicious_login"
    assert classify(crossed).alert_type == "security.perimeter_violation"


def test_E89_the_person_is_shown_masked():
    found = classify(act("google.iam.admin.v1.CreateServiceAccountKey", principal="ahmed.samir@souk.example"))
    assert (found.principal, "ahmed.samir" in found.summary) == ("a***@souk.example", False)


def sink(**fields):
    name = "google.logging.v2.ConfigServiceV2"
    creates_exclusion = "exclusion" in fields
    request = fields if creates_exclusion else {"sink": fields}
    method = f"{name}.CreateExclusion" if creates_exclusion else f"{name}.UpdateSink"
    return act(method, service="logging.googleapis.com", request=request)


@pytest.mark.parametrize(
    ("payload", "is_finding"),
    [
        (sink(disabled=True), True),
        (sink(exclusions=[{"filter": "*"}]), True),
        (sink(exclusions=[{"filter": "*", "disabled": True}]), False),
        (sink(exclusions=[]), False),
        (sink(exclusion={"filter": ""}), True),
        (sink(exclusion={"filter": "resource.type=k8s"}), False),
    ],
)
def test_only_a_sink_that_lets_nothing_through_is_a_finding(payload, is_finding):
    assert isinstance(classify(payload), Finding) is is_finding


@pytest.mark.parametrize("group", ["products@souk.example", "routes@souk.example", "roots@souk.example"])
def test_a_group_is_not_privileged_because_of_a_syllable(group):
    event = [{"parameter": [{"name": "GROUP_EMAIL", "value": group}]}]
    assert isinstance(classify(act("google.admin.AdminService.addGroupMember", metadata={"event": event})), Harmless)


def test_a_perimeter_on_trial_refuses_nobody():
    trial = {"@type": "type.googleapis.com/google.cloud.audit.VpcServiceControlAuditMetadata", "dryRun": True}
    assert isinstance(classify(act("google.storage.objects.get", metadata=trial)), Harmless)


def test_a_status_code_may_come_as_text():
    denied = act("google.iam.admin.v1.CreateServiceAccountKey", permission="iam.serviceAccountKeys.create")
    assert isinstance(classify({**denied, "status": {"code": "7"}}), Harmless)

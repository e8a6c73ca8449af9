"""Who has access, held against what is declared."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.access_review import (
    Baseline,
    Binding,
    Bucket,
    Key,
    OwnAccess,
    Service,
    of_bindings,
    of_buckets,
    of_keys,
    of_services,
)
from shared.domain.jobs import Verdict
from shared.domain.security_plan import AccessPlan

NOW = datetime(2026, 3, 10, tzinfo=UTC)
PLAN = AccessPlan(
    {
        "group:platform@souk.example": ("roles/viewer",),
        "serviceAccount:deployer@{project}.iam.gserviceaccount.com": ("roles/run.admin",),
        "serviceAccount:*@cloudservices.gserviceaccount.com": ("roles/editor",),
    },
    ("{project}-status",),
    ("web",),
)
OWN = OwnAccess(
    {"contain_breach": ("custom/containment", "roles/datastore.user", "roles/storage.objectUser")},
    ("soukmon-acknowledge",),
    {"custom/containment": "soukmon_containment"},
)
BASE = Baseline("souk", PLAN, OWN)
FUNCTION = "serviceAccount:fn-contain-breach@souk.iam.gserviceaccount.com"


def said(findings):
    return [(one.verdict, one.alert) for one in findings]


@pytest.mark.parametrize(
    ("role", "member"),
    [
        ("roles/viewer", "group:platform@souk.example"),
        ("roles/run.admin", "serviceAccount:deployer@souk.iam.gserviceaccount.com"),
        ("roles/editor", "serviceAccount:123@cloudservices.gserviceaccount.com"),
        ("roles/pubsub.serviceAgent", "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com"),
        ("roles/datastore.user", FUNCTION),
        ("projects/souk/roles/soukmon_containment", FUNCTION),
    ],
)
def test_what_is_declared_is_no_finding(role, member):
    assert list(of_bindings([Binding(role, member)], BASE)) == []


@pytest.mark.parametrize(
    ("role", "member", "verdict", "alert"),
    [
        ("roles/viewer", "allUsers", Verdict.FAIL, "public_access"),
        ("roles/viewer", "allAuthenticatedUsers", Verdict.FAIL, "public_access"),
        ("roles/owner", "user:old@souk.example", Verdict.FAIL, "access_review"),
        ("roles/editor", "serviceAccount:1-compute@developer.gserviceaccount.com", Verdict.FAIL, "access_review"),
        (
            "roles/editor",
            "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com",
            Verdict.FAIL,
            "access_review",
        ),
        ("roles/storage.admin", "group:platform@souk.example", Verdict.FAIL, "access_review"),
        ("roles/run.admin", "serviceAccount:deployer@another.iam.gserviceaccount.com", Verdict.FAIL, "access_review"),
        ("roles/storage.objectUser", FUNCTION, Verdict.WARN, "access_review"),  # its bucket's, not the project's
        ("roles/logging.viewer", "group:platform@souk.example", Verdict.WARN, "access_review"),
        ("roles/owner", "deleted:user:gone@souk.example?uid=1", Verdict.WARN, "access_review"),
    ],
)
def test_what_nothing_declares_is_told_by_how_much_it_can_do(role, member, verdict, alert):
    assert said(of_bindings([Binding(role, member)], BASE)) == [(verdict, alert)]


def test_a_public_bucket_is_told_unless_it_is_declared_or_google_refuses_everybody_anyway():
    view = ("roles/storage.objectViewer",)
    assert said(of_buckets([Bucket("souk-photos", view)], BASE)) == [(Verdict.FAIL, "public_access")]
    assert said(of_buckets([Bucket("souk-status", view), Bucket("x", view, is_prevented=True)], BASE)) == []


def test_a_bucket_whose_files_can_be_made_public_one_by_one_is_a_warning():
    assert said(of_buckets([Bucket("souk-photos", is_uniform=False)], BASE)) == [(Verdict.WARN, "public_access")]
    assert said(of_buckets([Bucket("souk-photos", is_uniform=False, is_prevented=True)], BASE)) == []


def test_a_public_service_is_told_unless_security_yaml_or_its_manifest_declares_it():
    names = ("web", "soukmon-acknowledge", "admin")
    found = list(of_services([Service(name, "europe-west1", "own@souk.iam", is_public=True) for name in names], BASE))
    assert [(one.subject, one.verdict) for one in found] == [("service/europe-west1/admin", Verdict.FAIL)]


@pytest.mark.parametrize("account", ["", "1-compute@developer.gserviceaccount.com", "souk@appspot.gserviceaccount.com"])
def test_a_service_that_runs_as_a_default_account_is_a_warning(account):
    assert said(of_services([Service("web", "europe-west1", account)], BASE)) == [(Verdict.WARN, "access_review")]


def test_a_key_is_told_once_it_is_older_than_keys_may_be():
    days = {90: [], 91: [(Verdict.WARN, "access_review")]}
    for age, expected in days.items():
        assert said(of_keys([Key("a@b", "k1", NOW - timedelta(days=age))], BASE, NOW)) == expected

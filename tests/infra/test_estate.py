"""The doctor looks for what Terraform makes: the same names, from the same files."""

import re

import pytest

from infra.tools.doctor.warehouse import expected_views
from infra.tools.estate import apis, estate, placeholders
from shared.errors import ConfigurationError
from tests.infra import workbench
from tests.infra.estate import NUMBER


@pytest.fixture(scope="module")
def made(bench):
    """Production, as it is after apply, and as the doctor describes it: from the same copy of the tree."""
    resources = bench.planned(*workbench.variables("production"))
    return resources, estate("production.filled", root=bench.root)


def of(resources, kind, field, name=""):
    return {r["values"][field] for r in resources if r["type"] == kind and name in {"", r["name"]}}


def test_the_names_of_everything_are_terraforms(made):
    resources, found = made
    assert found.project == "souk-live-1"
    assert set(found.topics) == of(resources, "google_pubsub_topic", "name")
    assert {one.name for one in found.readings} == of(resources, "google_pubsub_subscription", "name", "push")
    assert found.dead_letters in of(resources, "google_pubsub_subscription", "name", "dead_letters")
    assert {found.slug(name) for name in found.manifests} == of(resources, "google_cloudfunctions2_function", "name")
    assert set(found.jobs) == of(resources, "google_cloud_scheduler_job", "name")
    assert set(found.secrets) == of(resources, "google_secret_manager_secret", "secret_id")
    assert set(found.apis) >= of(resources, "google_project_service", "service")
    assert {found.database} == of(resources, "google_firestore_database", "name")
    assert {found.objects} == of(resources, "google_storage_bucket", "name", "objects")
    assert set(expected_views(found)) == of(resources, "google_bigquery_table", "table_id", "view")


def test_sinks_and_pushes_go_where_terraform_lets_them(made):
    resources, found = made
    sinks = {
        r["values"]["name"]: r["values"]["destination"] for r in resources if r["type"] == "google_logging_project_sink"
    }
    assert dict(found.sinks) == sinks
    pushes = {
        r["values"]["name"]: r["values"]["push_config"][0]["push_endpoint"]
        for r in resources
        if (r["type"], r["name"]) == ("google_pubsub_subscription", "push")
    }
    prefix = f"projects/{found.project}/topics"
    assert pushes == {r.name: f"{found.url(r.function, NUMBER)}/{prefix}/{r.topic}" for r in found.readings}


def test_indexes_and_versions_are_terraforms(made):
    resources, found = made
    indexes = {
        (r["values"]["collection"], tuple(f["field_path"] for f in r["values"]["fields"]), r["values"]["fields"][-1]["order"])
        for r in resources
        if r["type"] == "google_firestore_index"
    }  # fmt: skip
    assert {(one.collection, one.fields, one.direction) for one in found.indexes} == indexes
    ending = {r["values"]["collection"] for r in resources if (r["type"], r["name"]) == ("google_firestore_field", "expires_at")}  # fmt: skip
    assert set(found.collections) == ending
    read = {
        (one["secret"], one["version"])
        for r in resources
        if r["type"] == "google_cloudfunctions2_function"
        for one in r["values"]["service_config"][0].get("secret_environment_variables") or []
    }
    assert set(found.secrets.items()) == read


def test_the_tree_as_it_is_committed_is_refused_until_the_project_is_filled_in():
    with pytest.raises(ConfigurationError, match=r"infra/env/staging.tfvars: project is not filled in"):
        estate("staging")
    found = estate("staging", project="souk-x-1")
    assert "watcher_email" in placeholders(found)


def test_the_apis_are_read_from_the_files():
    assert {"run.googleapis.com", "serviceusage.googleapis.com", "cloudresourcemanager.googleapis.com"} <= set(apis())
    assert all(re.fullmatch(r"[a-z]+\.googleapis\.com", name) for name in apis())

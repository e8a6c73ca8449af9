"""The Terraform files checked without Terraform, so that a machine that has none still sees most mistakes."""

import json

import pytest

from shared.adapters.bigquery.installation import Installation
from tests.infra import hcl_checks, workbench

INFRA = workbench.ROOT / "infra"
BASE = 'variable "project" { type = string }\nlocals { name = "soukmon" }\n'


def test_the_files_agree_with_each_other():
    assert hcl_checks.faults(INFRA, None) == []


def test_the_files_agree_with_the_provider(schemas):
    assert hcl_checks.faults(INFRA, json.loads(schemas.read_text())) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('resource "google_pubsub_topic" "t" { name = ', "main.tf: "),
        ('resource "google_pubsub_topic" "t" { name = var.projct }', "var.projct is not declared"),
        ('resource "google_pubsub_topic" "t" { name = local.nme }', "local.nme is not declared"),
        ('output "x" { value = google_pubsub_topic.other.id }', "google_pubsub_topic.other is not declared"),
        ('module "m" { source = "./none" }', "module m: there is no"),
    ],
)
def test_without_the_provider_s_schema_names_are_checked(tmp_path, text, said):
    (tmp_path / "main.tf").write_text(BASE + text)
    found = hcl_checks.faults(tmp_path, None)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('resource "google_pubsub_topc" "t" { name = "topic" }', "there is no type google_pubsub_topc"),
        ('resource "google_pubsub_topic" "t" {}', "name is missing"),
        ('resource "google_pubsub_topic" "t" {\n name = "topic"\n nme = "x"\n}', "there is no nme"),
        ('resource "google_pubsub_topic" "t" { name = "a" }', "is not a Pub/Sub name"),
        (
            'resource "google_pubsub_subscription" "s" {\n name = "sub"\n topic = "t"\n retry_policy = {}\n}',
            "retry_policy is a block",
        ),
        (
            'resource "google_pubsub_subscription" "s" {\n name = "sub"\n topic = "t"\n ack_deadline_seconds = "ten"\n}',
            "must be a number",
        ),
        (
            'resource "google_pubsub_topic" "t" { name = "topic" }\noutput "x" { value = google_pubsub_topic.t.nme }',
            "has no nme",
        ),
        (
            'resource "google_cloud_scheduler_job" "j" {\n name = "job"\n schedule = "0 9 * *"\n}',
            "not a cron expression",
        ),
        (
            'resource "google_cloud_scheduler_job" "j" {\n name = "job"\n time_zone = "Africa/Cario"\n}',
            "not in the tz database",
        ),
    ],
)
def test_with_the_provider_s_schema_values_are_checked(tmp_path, schemas, text, said):
    (tmp_path / "main.tf").write_text(BASE + text)
    assert any(said in found for found in hcl_checks.faults(tmp_path, json.loads(schemas.read_text())))


def test_the_views_are_filled_in_with_the_names_that_the_code_uses():
    variables = hcl_checks.variables(INFRA)
    kinds = variables["installation"]["type"]
    fields = Installation.__dataclass_fields__
    assert set(fields) - {"soukmon"} == set(hcl_checks.object_fields(kinds))
    words = {name: default for name, default in hcl_checks.object_fields(kinds).items() if default}
    assert words == {name: fields[name].default for name in words}

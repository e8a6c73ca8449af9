"""What a plan does, read from Terraform's description of it."""

import pytest

from infra.tools.deploy.changes import Verdict, changes, running
from infra.tools.deploy.drift import Drift, drifts
from infra.tools.deploy.summary import WORDS, drift_lines, plan_lines
from tests.infra import workbench
from tests.unit.deploy.conftest import change, function

OLD, NEW = "a" * 64, "b" * 64
RING = 'module.function["ring"].google_cloudfunctions2_function.this'
TOPIC = 'google_pubsub_topic.topic["signals"]'


def ring(before, after, unknown=None):
    return change(RING, "update", before=before, after=after, unknown=unknown)


CASES = [
    ([], Verdict.UNCHANGED),
    ([change(RING, "no-op", before=function("ring", OLD), after=function("ring", OLD))], Verdict.UNCHANGED),
    ([change(RING, "create", after=function("ring", NEW))], Verdict.NEW),
    ([change(RING, "delete", before=function("ring", OLD))], Verdict.GONE),
    ([ring(function("ring", OLD), function("ring", NEW))], Verdict.CODE),
    ([ring(function("ring", OLD, labels={"a": "1"}), function("ring", OLD, labels={"a": "2"}))], Verdict.CONFIGURATION),
    ([ring(function("ring", OLD, labels={"a": "1"}), function("ring", NEW, labels={"a": "2"}))], Verdict.BOTH),
    # What the cloud decides anew with each build is no change of ours, however deep it lies.
    (
        [ring(
            function("ring", OLD, uri="u1", service_config=[{"cpu": "1", "revision": "r1"}]),
            function("ring", NEW, service_config=[{"cpu": "1"}]),
            {"uri": True, "service_config": [{"revision": True}]},
        )],
        Verdict.CODE,
    ),
    (
        [ring(
            function("ring", OLD, service_config=[{"cpu": "1", "revision": "r1"}]),
            function("ring", NEW, service_config=[{"cpu": "2"}]),
            {"service_config": [{"revision": True}]},
        )],
        Verdict.BOTH,
    ),
    ([change('google_cloud_scheduler_job.job["ring"]', "update", before={"schedule": "a"}, after={"schedule": "b"})], Verdict.CONFIGURATION),
    ([change('google_pubsub_subscription.push["ring/budgets"]', "create", after={})], Verdict.CONFIGURATION),
    ([change('module.function["ring"].google_pubsub_topic_iam_member.publishes["x"]', "create", after={})], Verdict.CONFIGURATION),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "verdict"), CASES)
def test_each_function_has_its_verdict(plan, verdict):
    found = changes({"resource_changes": plan}, ["ring", "watch"])
    assert found.functions == {"ring": verdict, "watch": Verdict.UNCHANGED}
    assert found.is_empty == (verdict is Verdict.UNCHANGED)


def test_a_function_whose_folder_is_gone_is_told():
    found = changes({"resource_changes": [change(RING, "delete", before=function("ring", OLD))]}, ["watch"])
    assert list(plan_lines(found)) == ["ring                        gone", "1 functions unchanged"]


@pytest.mark.parametrize("kind", [
    "google_storage_bucket", "google_bigquery_dataset", "google_bigquery_table", "google_firestore_database",
    "google_pubsub_topic", "google_pubsub_subscription", "google_secret_manager_secret",
])  # fmt: skip
@pytest.mark.parametrize("actions", [("delete",), ("delete", "create"), ("create", "delete")])
def test_deleting_what_holds_data_is_seen_also_where_it_is_made_anew(kind, actions):
    found = changes({"resource_changes": [change(f"{kind}.x", *actions, before={"name": "x"})]}, [])
    assert list(found.deletions) == [f"{kind}.x"]
    assert list(plan_lines(found))[-1] == f"DATA WOULD BE LOST: {kind}.x"


def test_a_subscription_of_a_function_that_goes_is_seen_as_well():
    gone = change('google_pubsub_subscription.push["ring"]', "delete", before={"name": "x"})
    assert list(changes({"resource_changes": [gone]}, ["ring"]).deletions) == [gone["address"]]


def test_what_is_made_anew_at_any_time_may_go():
    view = change("google_bigquery_table.view", "delete", before={"view": [{"query": "select 1"}]})
    right = change('google_pubsub_topic_iam_member.x["a"]', "delete", before={})
    assert list(changes({"resource_changes": [view, right]}, []).deletions) == []


def test_other_resources_are_told_in_plain_words():
    plan = [
        change(
            TOPIC, "update", before={"message_retention_duration": "1s"}, after={"message_retention_duration": "2s"}
        ),
        change("google_pubsub_topic_iam_member.budgets", "create", after={}),
        change("google_storage_bucket.objects", "delete", "create", before={}, after={}),
        {**change("data.google_project.this", "read"), "mode": "data"},
    ]
    assert list(plan_lines(changes({"resource_changes": plan}, []))) == [
        'topic topic["signals"]: changed (message_retention_duration)',
        "right on a topic budgets: new",
        "bucket objects: DELETED and made anew",
        "DATA WOULD BE LOST: google_storage_bucket.objects",
    ]


def test_every_type_that_terraform_s_files_name_has_a_word():
    kinds = {kind.removeprefix("data.") for kind in workbench.used_types()} - {"google_cloudbuild_trigger"}
    assert {kind.partition("_iam_member")[0] for kind in kinds} <= set(WORDS)


def test_what_runs_is_read_from_the_state():
    values = {"root_module": {"child_modules": [{"resources": [
        {"type": "google_cloudfunctions2_function", "values": function("ring", OLD)},
        {"type": "google_pubsub_topic", "values": {}},
    ]}]}}  # fmt: skip
    assert running({"values": values}) == {"ring": OLD}
    assert running({}) == {}


def drifted(before, after, back, *, actions=("update",)):
    seen = change(TOPIC, *actions, before=before, after=after)
    return {"resource_drift": [seen], "resource_changes": [] if back is None else [back]}


def test_what_was_changed_by_hand_and_would_be_put_back_is_drift():
    back = change(TOPIC, "update", before={"retention": "9s", "seen": 2}, after={"retention": "1s", "seen": 2})
    found = drifts(drifted({"retention": "1s", "seen": 1}, {"retention": "9s", "seen": 2}, back))
    assert found == [Drift(TOPIC, "google_pubsub_topic", ("retention",))]
    assert list(drift_lines(found)) == ['topic topic["signals"]: retention changed by hand']


def test_what_was_deleted_by_hand_is_drift():
    found = drifts(drifted({"retention": "1s"}, None, change(TOPIC, "create", after={}), actions=("delete",)))
    assert list(drift_lines(found)) == ['topic topic["signals"]: deleted by hand']


@pytest.mark.parametrize(
    "back",
    [
        None,  # the cloud changed a counter, nobody would put it back
        change(TOPIC, "no-op", before={"seen": 2}, after={"seen": 2}),
        change(TOPIC, "update", before={"retention": "1s", "seen": 2}, after={"retention": "5s", "seen": 2}),  # ours
    ],
)
def test_neither_the_cloud_s_own_changes_nor_ours_are_drift(back):
    assert drifts(drifted({"retention": "1s", "seen": 1}, {"retention": "1s", "seen": 2}, back)) == []


def test_a_change_of_the_tree_alone_is_no_drift():
    assert drifts({"resource_changes": [ring(function("ring", OLD), function("ring", NEW))]}) == []

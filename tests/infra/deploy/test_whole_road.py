"""Deployed, changed, taken back: the whole road by the command itself, with Terraform's own program and its own state."""

import json

import pytest

from tests.infra.deploy.estate_on_google import BUCKETS

SHOWS = "functions/serve_chart/main.py"


@pytest.fixture(scope="module")
def first(tree):
    """Release 1, and what its plan said. Every test after it goes on where the one before it ended."""
    return tree.must("plan", "--commit", "c0ffee", "--by", "mona"), tree.must("apply")


def test_the_first_plan_says_that_everything_is_new(first):
    planned, applied = first
    assert "handle_signal               new" in planned
    assert 'topic topic["signals"]: new' in planned
    assert "unchanged" not in planned
    assert applied.splitlines()[-1] == "release 1 runs; prove it with soukmon deploy prove --env staging"


def test_what_was_applied_is_recorded_and_is_what_runs(tree, first):
    release = json.loads(tree.read("releases/1.json"))
    assert (release["number"], release["commit"], release["who"], release["restores"]) == (1, "c0ffee", "mona", 0)
    assert {f"{name}/{sha}.zip" for name, sha in release["functions"].items()} <= tree.objects(BUCKETS[1])
    said = tree.must("status")
    assert "staging runs release 1 since" in said
    assert f"{len(release['functions'])} of {len(release['functions'])} functions run its packages" in said


def test_what_was_changed_by_hand_is_drift_and_what_the_tree_changes_is_not(tree, first):
    undo = tree.change("infra/storage.tf", "age = 400", "age = 500")
    tampered = json.dumps({"google_storage_bucket": {"public_access_prevention": "inherited"}})
    code, said, _ = tree.soukmon("drift", OFFLINE_TAMPERED=tampered)
    assert (code, said) == (1, "bucket objects: public_access_prevention changed by hand\n")
    assert tree.must("drift") == "nothing was changed by hand\n"
    undo()


def test_one_function_is_changed_and_taken_back(tree, first):
    count = len(json.loads(tree.read("releases/1.json"))["functions"])
    undo = tree.change(SHOWS, '"""', '"""Today: ')
    said = tree.must("plan", "--commit", "bad")
    assert said.splitlines() == ["serve_chart                 code changed", f"{count - 1} functions unchanged"]
    undo_the_edit = tree.change(SHOWS, "Today", "Tomorrow")
    code, _, err = tree.soukmon("apply")
    again = "run soukmon deploy plan --env staging again"
    assert (code, err) == (1, f"soukmon: the tree has changed since the plan: {SHOWS}; {again}\n")
    undo_the_edit()
    assert f"packages: 1 uploaded, {count - 1} were there already" in tree.must("apply")
    said = tree.must("rollback", "--by", "omar")
    assert "going back to release 1" in said
    assert "serve_chart                 code changed" in said
    assert said.splitlines()[-1] == "release 3 runs the packages of release 1"
    undo()
    said = tree.must("status")
    assert "runs release 3" in said
    assert "which brought back release 1: commit c0ffee, deployed by omar" in said


def test_a_plan_that_would_delete_data_is_refused_and_names_it(tree, first):
    undo = tree.change(
        "infra/topics.tf",
        'resource "google_pubsub_topic" "dead_letters" {\n  name                       = "${local.prefix}-dead-letters"',
        'resource "google_pubsub_topic" "dead_letters" {\n  name                       = "${local.prefix}-dead-letter"',
    )
    code, said, err = tree.soukmon("plan", "--commit", "c0ffee")
    undo()
    assert code == 1
    assert "DATA WOULD BE LOST: google_pubsub_topic.dead_letters" in said
    assert "--delete 'google_pubsub_topic.dead_letters'" in err
    assert tree.soukmon("apply")[0] == 1

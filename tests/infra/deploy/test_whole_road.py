"""Deployed, changed, taken back: the whole road by the command itself, with Terraform's own program and its own state."""

import json
import re

import pytest

from tests.infra.deploy.estate_on_google import BUCKETS

SHOWS = "functions/serve_chart/main.py"


@pytest.fixture(scope="module")
def filled(tree):
    """The containers of the secrets, made before everything else."""
    return tree.must("secrets")


@pytest.fixture(scope="module")
def first(tree, filled):
    """Release 1, and what its plan said. Every test after it goes on where the one before it ended."""
    return tree.must("plan", "--commit", "c0ffee", "--by", "mona"), tree.must("apply")


def test_the_secrets_come_first_and_alone(filled):
    lines = [line for line in filled.splitlines() if line.startswith("gcloud")]
    assert "gcloud secrets versions add SLACK_BOT_TOKEN --data-file=- --project souk-staging-1" in lines
    made = [line for line in filled.splitlines() if "Creation complete" in line]
    assert len([line for line in made if line.startswith("google_secret_manager_secret.secret")]) == len(lines)
    assert {line.partition(".")[0] for line in made} == {"google_secret_manager_secret", "google_project_service"}


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
    changed = [
        f"bucket {name}: public_access_prevention changed by hand"
        for name in ("archive", "backups", "objects", "reports", "seals")
    ]
    assert (code, said.splitlines()) == (1, changed)
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


def test_a_function_that_goes_takes_its_subscription_along_only_by_name(tree, first):
    folder, aside = tree.root / "functions/evaluate_touched_rules", tree.root / "aside"
    folder.rename(aside)
    code, said, err = tree.soukmon("plan", "--commit", "c0ffee")
    aside.rename(folder)
    lost = 'google_pubsub_subscription.push["evaluate_touched_rules"]'
    assert code == 1
    assert "evaluate_touched_rules      gone" in said
    assert f"DATA WOULD BE LOST: {lost}" in said
    assert f"--delete '{lost}'" in err


def test_addresses_are_those_of_the_functions(tree, first):
    said = tree.must("urls")
    assert re.search(
        r"^receive_slack_action +https://soukmon-receive-slack-action-\d+\.europe-west1\.run\.app$", said, re.MULTILINE
    )

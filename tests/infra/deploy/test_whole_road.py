"""Deployed, changed, proved wrong, taken back: the whole road by the command itself, with Terraform's own program."""

import json

import pytest

from tests.infra.deploy.estate_on_google import BUCKETS

SHOWS = "functions/serve_chart/main.py"


@pytest.fixture(scope="module")
def deployed(tree):
    """Release 1."""
    tree.must("plan", "--commit", "c0ffee", "--by", "mona")
    tree.must("apply")
    return tree


def test_the_first_plan_says_that_everything_is_new_and_changes_nothing(tree):
    said = tree.must("plan", "--commit", "c0ffee")
    assert "handle_signal               new" in said
    assert 'topic topic["signals"]: new' in said
    assert "unchanged" not in said
    assert tree.objects(BUCKETS[1]) == set()


def test_what_was_applied_is_recorded_and_is_what_runs(deployed):
    release = json.loads(deployed.read("releases/1.json"))
    assert (release["number"], release["commit"], release["who"], release["restores"]) == (1, "c0ffee", "mona", 0)
    assert {f"{name}/{sha}.zip" for name, sha in release["functions"].items()} <= deployed.objects(BUCKETS[1])
    said = deployed.must("status")
    assert "staging runs release 1 since" in said
    assert f"{len(release['functions'])} of {len(release['functions'])} functions run its packages" in said


def test_the_same_tree_plans_nothing(deployed):
    assert deployed.must("plan", "--commit", "c0ffee") == "nothing would change\n"


def test_one_function_changed_and_taken_back(deployed):
    undo = deployed.change(SHOWS, '"""', '"""Today: ')
    said = deployed.must("plan", "--commit", "bad")
    count = len(json.loads(deployed.read("releases/1.json"))["functions"])
    assert said.splitlines() == ["serve_chart                 code changed", f"{count - 1} functions unchanged"]
    undo_later = deployed.change(SHOWS, "Today", "Tomorrow")
    code, _, err = deployed.soukmon("apply")
    assert (code, err) == (
        1,
        f"soukmon: the tree has changed since the plan: {SHOWS}; run soukmon deploy plan --env staging again\n",
    )
    undo_later()
    assert "packages: 1 uploaded" in deployed.must("apply")
    assert "runs release 2" in deployed.must("status")
    code, _, err = deployed.soukmon("apply")
    assert code == 1
    assert "was applied already, as release 2" in err

    said = deployed.must("rollback", "--by", "omar")
    assert "going back to release 1" in said
    assert "serve_chart                 code changed" in said
    assert "release 3 runs the packages of release 1" in said
    said = deployed.must("status")
    assert "runs release 3" in said
    assert "which brought back release 1: commit c0ffee, deployed by omar" in said
    undo()
    assert deployed.must("plan", "--commit", "c0ffee") == "nothing would change\n"
    code, _, err = deployed.soukmon("rollback")
    assert (code, err) == (2, "soukmon: staging has no release before release 3; the last one is 3\n")

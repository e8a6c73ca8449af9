"""Plan, apply, go back and settle over a Terraform that says what it is told to say."""

import json
import shutil

import pytest

from infra.tools.deploy import saved as plans
from infra.tools.deploy.applying import ApplyFailedError, apply
from infra.tools.deploy.configuration_of import take_out
from infra.tools.deploy.drift import drift_signal, look
from infra.tools.deploy.going_back import plan_rollback
from infra.tools.deploy.planning import Deployer, plan
from infra.tools.deploy.saved import RefusedPlanError, Stage
from infra.tools.deploy.settling import settle
from infra.tools.deploy.standing import lines, standing
from infra.tools.deploy.terraform import TerraformError
from infra.tools.deploy.tree import commit_of
from shared.domain.signals import SignalKind
from shared.errors import ConfigurationError
from tests.unit.deploy.conftest import change, function, write

BY = Deployer("mona", "c0ffee")
TOPIC = 'google_pubsub_topic.topic["signals"]'


def deploy(bench, *, text=None):
    """A release of the tree, after one file was changed."""
    if text is not None:
        write(bench.here.root / "functions/ring/main.py", f"def ring(request):\n    return {text!r}\n")
    plan(bench.here, BY)
    release = apply(bench.here)
    bench.answers(state=release.functions)
    return release


def test_a_plan_is_kept_with_all_that_it_was_made_of(bench):
    saved, found = plan(bench.here, BY)
    assert found.is_empty
    assert plans.read(bench.here.folder, "staging") == saved
    assert (saved.who, saved.commit, saved.base, saved.stage) == ("mona", "c0ffee", 0, Stage.PLANNED)
    assert set(saved.functions) == {"ring", "watch"}
    assert {"functions/ring/main.py", "infra/env/staging.tfvars", "shared/__init__.py"} <= set(saved.files)
    assert json.loads((bench.here.folder / "release.json").read_text()) == {"release": dict(saved.functions)}


def test_what_is_applied_is_the_saved_plan_and_then_recorded(bench):
    plan(bench.here, BY)
    release = apply(bench.here)
    assert bench.calls == ["init", "plan", "show", "apply"]
    assert (release.number, release.commit, release.who, release.when) == (1, "c0ffee", "mona", bench.here.clock.now())
    assert all(bench.here.releases.has_package(name, sha) for name, sha in release.functions.items())
    assert plans.read(bench.here.folder, "staging").stage is Stage.APPLIED
    assert bench.said == ["packages: 2 uploaded, 0 were there already"]


def test_only_what_is_new_is_uploaded(bench):
    deploy(bench)
    deploy(bench, text="other")
    assert bench.said[-1] == "packages: 1 uploaded, 1 were there already"


def edit(bench):
    write(bench.here.root / "functions/watch/main.py", "def watch(request):\n    return 2\n")


def add(bench):
    write(bench.here.root / "infra/new.tf", "")


def swap(bench):
    (bench.here.folder / plans.PLAN).write_text("another plan")


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        (edit, "the tree has changed since the plan: functions/watch/main.py; run soukmon deploy plan --env staging again"),
        (add, "the tree has changed since the plan: infra/new.tf; run"),
        (swap, "is not the plan that was shown; run"),
        (lambda bench: apply(bench.here), "the plan was applied already, as release 1; run"),
    ],
    ids=["a file edited", "a file added", "another plan", "applied already"],
)  # fmt: skip
def test_a_plan_that_is_no_longer_what_was_shown_is_refused(bench, meanwhile, said):
    plan(bench.here, BY)
    meanwhile(bench)
    before = bench.calls.count("apply")
    with pytest.raises(RefusedPlanError, match="again") as refused:
        apply(bench.here)
    assert said in str(refused.value)
    assert bench.calls.count("apply") == before


def test_a_plan_for_a_look_is_never_applied_and_locks_nothing(bench):
    plan(bench.here, BY, is_read_only=True)
    with pytest.raises(RefusedPlanError, match="read only"):
        apply(bench.here)
    planned = next(line for line in (bench.fake / "calls").read_text().splitlines() if line.startswith("plan"))
    assert "-lock=false -refresh=false" in planned


def test_nothing_is_applied_that_was_not_planned(bench):
    with pytest.raises(
        ConfigurationError, match="nothing is planned for staging; run soukmon deploy plan --env staging"
    ):
        apply(bench.here)


def test_data_is_deleted_only_by_name(bench):
    bench.answers(plan=[change(TOPIC, "delete", before={"name": "x"})])
    plan(bench.here, BY)
    with pytest.raises(RefusedPlanError) as refused:
        apply(bench.here, allowed=["google_pubsub_topic.other"])
    assert f"say --delete '{TOPIC}'" in str(refused.value)
    assert "apply" not in bench.calls
    assert apply(bench.here, allowed=[TOPIC]).number == 1


def test_what_was_applied_in_part_is_no_release(bench):
    deploy(bench)
    write(bench.here.root / "functions/ring/main.py", "def ring(request):\n    return 3\n")
    bench.fails("apply", {"summary": "Error creating function", "detail": "Build failed: no module named x"})
    plan(bench.here, BY)
    with pytest.raises(
        ApplyFailedError, match="terraform apply: Build failed: no module named x; soukmon deploy status"
    ):
        apply(bench.here)
    assert bench.here.releases.last().number == 1
    assert plans.read(bench.here.folder, "staging").stage is Stage.PLANNED


@pytest.mark.parametrize(
    ("diagnostic", "kind", "said"),
    [
        (
            {"summary": "Invalid value for variable", "detail": "watcher_email: put an address.\n\nThis was checked by the validation rule at variables.tf:3,2-12.", "range": {"filename": "env/staging.tfvars", "start": {"line": 4}}},
            TerraformError, "terraform plan: infra/env/staging.tfvars:4: watcher_email: put an address.",
        ),
        ({"summary": "No storage", "detail": "storage: could not find default credentials. See\nthere"}, ConfigurationError, "not logged in to Google Cloud: run gcloud auth application-default login"),
        ({"summary": "Saved plan is stale"}, TerraformError, "terraform plan: Saved plan is stale"),
    ],
)  # fmt: skip
def test_what_terraform_says_is_told_in_one_line(bench, diagnostic, kind, said):
    bench.fails("plan", diagnostic)
    with pytest.raises(kind) as refused:
        plan(bench.here, BY)
    assert str(refused.value) == said


def test_without_terraform_it_says_so(bench, monkeypatch):
    monkeypatch.setenv("PATH", str(bench.fake))
    with pytest.raises(ConfigurationError, match=r"terraform is not installed.*1\.9"):
        plan(bench.here, BY)


def test_the_way_back_is_planned_and_applied_like_any_change(bench):
    first, second = deploy(bench), deploy(bench, text="worse")
    assert first.functions["ring"] != second.functions["ring"]
    shutil.rmtree(bench.here.folder / "packages")  # as on any other machine: what is gone back to lies in the bucket
    target, _ = plan_rollback(bench.here, Deployer("omar", ""))
    release = apply(bench.here)
    assert (target.number, release.number, release.restores) == (1, 3, 1)
    assert release.functions == first.functions
    assert (release.who, release.commit) == ("omar", "c0ffee")


def test_a_deployment_that_was_applied_in_part_is_taken_back_to_the_last_release(bench):
    deploy(bench)
    second = deploy(bench, text="good")
    bench.answers(state={**second.functions, "ring": "f" * 64})
    assert plan_rollback(bench.here, BY)[0] == second


def test_a_release_can_be_named(bench):
    for text in ("one", "two", "three"):
        deploy(bench, text=text)
    assert plan_rollback(bench.here, BY, to=1)[0].number == 1
    with pytest.raises(LookupError, match="staging has no release 9; the last one is 3"):
        plan_rollback(bench.here, BY, to=9)


def test_there_must_be_something_to_go_back_to(bench):
    with pytest.raises(LookupError, match="staging has no release yet"):
        plan_rollback(bench.here, BY)
    deploy(bench)
    with pytest.raises(LookupError, match="staging has no release before release 1"):
        plan_rollback(bench.here, BY)


def test_a_package_that_is_gone_is_named_before_anything_is_done(bench, tmp_path):
    first = deploy(bench)
    deploy(bench, text="worse")
    (tmp_path / "releases/ring" / f"{first.functions['ring']}.zip").unlink()
    with pytest.raises(RefusedPlanError, match="the packages of ring are no longer in souk-test-1-soukmon-releases"):
        plan_rollback(bench.here, BY)


def test_a_function_that_the_earlier_release_did_not_have_stays_as_it_runs(bench):
    first = deploy(bench)
    write(bench.here.root / "functions/hush/main.py", "def hush(request):\n    return 1\n")
    second = deploy(bench, text="worse")
    write(bench.here.root / "functions/hush/main.py", "def hush(request):\n    return 'not deployed'\n")
    plan_rollback(bench.here, BY)
    assert apply(bench.here).functions == {**first.functions, "hush": second.functions["hush"]}


def test_a_function_whose_first_deployment_failed_does_not_stand_in_the_way(bench):
    first = deploy(bench)
    write(bench.here.root / "functions/hush/main.py", "def hush(request):\n    return 1\n")
    plan_rollback(bench.here, BY, to=first.number)
    back = apply(bench.here)
    assert back.functions.keys() == {"ring", "watch", "hush"}
    assert first.functions.items() <= back.functions.items()
    assert bench.here.releases.has_package("hush", back.functions["hush"])


def test_what_is_proved_is_settled_and_ends_what_was_told(bench):
    deploy(bench)
    plans.advanced(bench.here.folder, plans.read(bench.here.folder, "staging"), Stage.PROVED, release=1)
    assert settle(bench.here).kind is SignalKind.RESOLVED
    assert bench.here.releases.last().number == 1


def changed_ring(before, after):
    address = 'module.function["ring"].google_cloudfunctions2_function.this'
    return change(
        address,
        "update",
        kind="google_cloudfunctions2_function",
        before=function("ring", before),
        after=function("ring", after),
    )


@pytest.mark.parametrize("is_applied", [True, False])
def test_what_is_not_proved_is_taken_back_and_told(bench, is_applied):
    first = deploy(bench)
    write(bench.here.root / "functions/ring/main.py", "def ring(request):\n    return 'worse'\n")
    worse, _ = plan(bench.here, BY)
    if is_applied:
        apply(bench.here)
    bench.answers(
        state={**first.functions, "ring": worse.functions["ring"]},
        plan=[changed_ring(worse.functions["ring"], first.functions["ring"])],
    )
    signal = settle(bench.here)
    assert bench.here.releases.last().functions == first.functions
    assert bench.here.releases.last().restores == 1
    assert signal.kind is SignalKind.FIRING
    assert signal.alert_type == "soukmon.deployment_failed"
    assert ("the test alert did not come out" if is_applied else "it could not be applied whole") in signal.title


def test_where_nothing_was_changed_nothing_is_recorded(bench):
    deploy(bench)
    plan(bench.here, BY)
    settle(bench.here)
    assert bench.here.releases.last().number == 1
    assert bench.said[-1] == "nothing was changed: release 1 still runs"


def test_a_first_release_that_fails_has_nothing_behind_it(bench):
    plan(bench.here, BY)
    with pytest.raises(LookupError, match="this is the first release: there is nothing to go back to"):
        settle(bench.here)


def test_status_says_what_runs_and_what_differs(bench):
    assert list(lines(standing(bench.here), "staging")) == ["staging has no release yet"]
    release = deploy(bench)
    assert standing(bench.here).different == {}
    bench.answers(state={"ring": "f" * 64, "hush": "e" * 64})
    assert list(lines(standing(bench.here), "staging")) == [
        "staging runs release 1 since 2026-03-10 00:10 UTC: commit c0ffee, deployed by mona",
        "0 of 2 functions run its packages",
        "hush: runs eeeeeeeeeeee, which no release knows",
        f"ring: runs ffffffffffff, released was {release.functions['ring'][:12]}",
        f"watch: is not there (released: {release.functions['watch'][:12]})",
    ]


def test_drift_is_looked_for_without_a_lock_and_told_as_a_signal(bench):
    release = deploy(bench)
    back = change(TOPIC, "update", before={"retention": "9s"}, after={"retention": "1s"})
    seen = change(TOPIC, "update", before={"retention": "1s"}, after={"retention": "9s"})
    bench.answers(plan=[back], drift=[seen], state=release.functions)
    assert [one.fields for one in look(bench.here)] == [("retention",)]
    asked = (bench.fake / "calls").read_text().splitlines()
    assert "-lock=false -refresh=true" in next(line for line in reversed(asked) if line.startswith("plan"))
    firing, over = drift_signal(bench.here, ["topic signals: retention changed by hand"]), drift_signal(bench.here, [])
    assert (firing.kind, over.kind) == (SignalKind.FIRING, SignalKind.RESOLVED)
    assert firing.fingerprint == over.fingerprint


def test_the_configuration_that_runs_comes_out_of_the_release(bench, tmp_path):
    assert take_out(bench.here, tmp_path / "out") == 0
    write(bench.here.root / "shared/config/__init__.py", "")
    write(bench.here.root / "shared/config/loader.py", "PLACE = __file__\n")
    write(bench.here.root / "shared/config/rules.yaml", "alerts: []\n")
    write(
        bench.here.root / "functions/handle_signal/main.py",
        "from shared.config import loader\n\n\ndef handle_signal(request):\n    return loader.PLACE\n",
    )
    deploy(bench)
    assert take_out(bench.here, tmp_path / "out") == 1
    assert (tmp_path / "out/rules.yaml").read_text() == "alerts: []\n"


def test_the_commit_is_git_s_and_says_when_files_differ(bench):
    with pytest.raises(ConfigurationError, match="no git checkout; say which commit it is with --commit"):
        commit_of(bench.here.root)

"""cloudbuild.yaml: Cloud Build takes it, mistakes in it are seen, and every step does what it should."""

import copy
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from infra.tools.cloud_build.build import FILE, read
from infra.tools.cloud_build.checks import faults
from infra.tools.cloud_build.run import run

SCHEMA = (str(Path(sys.executable).with_name("check-jsonschema")), "--builtin-schema", "vendor.cloudbuild")
# A stand-in for every program that a step calls: it writes down how it was called, and fails where it is told to.
PROGRAM = """#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
case "$(basename "$0") $*" in ${FAILS:-nothing}*) exit 1 ;; esac
case "$1" in info) echo "$SDK" ;; esac
case "$1 $2" in "deploy configuration") mkdir -p build/running && touch build/running/rules.yaml ;; esac
"""


def refused_by_the_schema(file):
    return subprocess.run([*SCHEMA, file], capture_output=True, text=True, check=False).returncode != 0


def test_cloud_build_s_own_schema_takes_it():
    assert not refused_by_the_schema(FILE)


def test_nothing_is_wrong_in_it():
    assert faults(read()) == []


def step(build, name):
    return next(one for one in build["steps"] if one.get("id") == name)


# A mistake people make, and what is said about it.
MISTAKES = {
    "waits for a step that there is not": (lambda b: step(b, "plan").update(waitFor=["tests"]), "step plan: waits for tests, which there is not"),
    "waits for one that comes later": (lambda b: step(b, "test").update(waitFor=["plan"]), "step test: waits for plan, which does not come before it"),
    "steps wait for each other": (lambda b: (step(b, "plan").update(waitFor=["apply"])), "steps wait for each other"),
    "two steps of one id": (lambda b: b["steps"].append(copy.deepcopy(step(b, "settle"))), "step settle: there are 2 of this id"),
    "a substitution that is not declared": (lambda b: b["substitutions"].pop("_ENV"), "step plan: $_ENV is no substitution"),
    "one in arguments": (lambda b: (step(b, "test").pop("script"), step(b, "test").update(args=["$HOME"])), "write $$HOME for a variable of the shell"),
    "one that nothing uses": (lambda b: b["substitutions"].update(_REGION="eu"), "substitution _REGION: nothing uses it"),
    "a name that is none": (lambda b: b["substitutions"].update(env="x"), "substitution env: a name of yours begins with _"),
    "false without quotes": (lambda b: b["substitutions"].update(_APPLY=False), "substitution _APPLY: False is no text"),
    "scripts without substitutions": (lambda b: b["options"].pop("automapSubstitutions"), "a script has no $_APPLY without automapSubstitutions"),
    "a script and arguments": (lambda b: step(b, "test").update(args=["x"]), "step test: a script leaves no place for args"),
    "a script that goes on after a failure": (lambda b: step(b, "set-up").update(script="make setup\nmake test"), "step set-up: a script of several lines begins with set -eu"),
    "an image without a version": (lambda b: step(b, "plan").update(name="python"), "step plan: python may be another image tomorrow"),
    "a volume in one step": (lambda b: step(b, "plan").update(volumes=[{"name": "v", "path": "/v"}]), "volume v is in one step only"),
    "a volume inside the workspace": (lambda b: [step(b, s).update(volumes=[{"name": "v", "path": "/workspace/v"}]) for s in ("plan", "apply")], "is no place for it"),
    "a secret that nobody has": (lambda b: step(b, "plan").update(secretEnv=["TOKEN"]), "secret TOKEN: no availableSecrets has it"),
    "a secret that nobody reads": (lambda b: b.update(availableSecrets={"secretManager": [{"env": "T", "versionName": "projects/p/secrets/t/versions/1"}]}), "secret T: no step reads it"),
    "minutes": (lambda b: b.update(timeout="30m"), "timeout 30m: write seconds"),
    "a step that may take longer than all": (lambda b: step(b, "test").update(timeout="9000s"), "step test: timeout 9000s"),
    "no place for logs": (lambda b: b["options"].pop("logging"), "say CLOUD_LOGGING_ONLY"),
    "an account that a pull request could change": (lambda b: b.update(serviceAccount="projects/p/serviceAccounts/s"), "serviceAccount: the trigger says who builds"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_seen_and_named(mistake):
    change, said = MISTAKES[mistake]
    build = copy.deepcopy(read())
    change(build)
    assert any(said in fault for fault in faults(build)), faults(build)


@pytest.mark.parametrize(
    ("old", "new"),
    [("allowFailure", "allowFailures"), ("ALLOW_LOOSE", "LOOSE"), ("timeout: 5400s", "timeout: 90m")],
    ids=["a key misspelt", "a choice that there is not", "minutes"],
)
def test_the_schema_sees_the_rest(tmp_path, old, new):
    file = tmp_path / "cloudbuild.yaml"
    text = FILE.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    assert refused_by_the_schema(file)


def test_the_command_says_what_is_wrong_and_exits_with_1(tmp_path):
    build = copy.deepcopy(read())
    step(build, "plan")["waitFor"] = ["tests"]
    file = tmp_path / "cloudbuild.yaml"
    file.write_text(yaml.safe_dump(build))
    command = [sys.executable, "-m", "infra.tools.cloud_build", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "cloudbuild.yaml: step plan: waits for tests, which there is not\n")


@pytest.fixture
def built(tmp_path):
    """Runs the build with stand-ins for all its programs; (success, the calls that concern deployments)."""
    workspace, programs, sdk = tmp_path / "workspace", tmp_path / "bin", tmp_path / "sdk"
    for name in ("cloud-firestore-emulator", "pubsub-emulator"):
        (sdk / "platform" / name).mkdir(parents=True)
    places = [programs / name for name in ("apt-get", "make", "gcloud", "terraform")]
    for program in (*places, workspace / ".venv/bin/soukmon", workspace / ".ci/run"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(PROGRAM)
        program.chmod(0o755)

    def build(*, fails="nothing", **substitutions):
        calls = tmp_path / "calls"
        environment = {
            "PATH": f"{programs}:{os.environ['PATH']}", "CALLS": str(calls), "SDK": str(sdk), "FAILS": fails.replace(" ", "?"),
        }  # fmt: skip
        given = {"COMMIT_SHA": "c0ffee", "BUILD_ID": "b1", **substitutions}
        good, ran = run(read(), workspace=workspace, environment=environment, substitutions=given)
        said = [line for line in calls.read_text().splitlines() if line.startswith("soukmon")]
        return good, said, [one.step for one in ran if one.code]

    build.workspace = workspace
    return build


CONFIGURATION = "soukmon deploy configuration --env staging --out build/running"
DIFF = "soukmon diff build/running/rules.yaml shared/config/rules.yaml --generated --days 14"
PLAN = "soukmon deploy plan --env staging --commit c0ffee --by build b1"
APPLY = "soukmon deploy apply --env staging"
PROVE = "soukmon deploy prove --env staging --applied"
SETTLE = "soukmon deploy settle --env staging"


def test_a_pull_request_is_planned_and_compared_and_nothing_is_applied(built):
    assert built(_APPLY="false") == (True, [CONFIGURATION, DIFF, f"{PLAN} --read-only"], [])
    assert (built.workspace / "build/tools/terraform").is_file()
    assert (built.workspace / "build/tools/google-cloud-sdk/platform/pubsub-emulator").is_dir()


def test_main_is_planned_applied_and_proved(built):
    assert built(_APPLY="true") == (True, [PLAN, APPLY, PROVE, SETTLE], [])


def test_a_tag_goes_to_production(built):
    _, said, _ = built(_APPLY="true", _ENV="production")
    assert {line.split("--env ")[1].split()[0] for line in said} == {"production"}


@pytest.mark.parametrize(
    ("fails", "calls", "failed"),
    [
        ("make test", [], ["start-packages"]),
        ("run", [], ["test"]),
        ("soukmon deploy plan", [PLAN], ["plan"]),
    ],
)
def test_what_fails_before_the_apply_leaves_everything_as_it_was(built, fails, calls, failed):
    assert built(_APPLY="true", fails=fails) == (False, calls, failed)


@pytest.mark.parametrize("fails", ["soukmon deploy apply", "soukmon deploy prove"])
def test_what_fails_afterwards_is_settled(built, fails):
    good, said, failed = built(_APPLY="true", fails=fails)
    assert said == [PLAN, APPLY, PROVE, SETTLE]
    assert failed == [fails.split()[-1]]
    assert good  # settle decides, and it is a stand-in here


def test_a_build_whose_deployment_was_taken_back_has_failed(built):
    assert built(_APPLY="true", fails="soukmon deploy settle")[0] is False


def test_every_trigger_starts_this_file_with_substitutions_that_it_has():
    triggers = (FILE.parent / "infra/bootstrap/triggers.tf").read_text()
    given = [set(re.findall(r"(_[A-Z]+) =", found)) for found in re.findall(r"substitutions\s+= \{([^}]*)\}", triggers)]
    assert given == [set(read()["substitutions"])] * 2
    assert re.findall(r'filename\s+= "([^"]*)"', triggers) == [FILE.name] * 2
    assert len(re.findall(r"service_account\s+= google_service_account\.(planner|deployer)\.id", triggers)) == 2

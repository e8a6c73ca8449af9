"""Each package installed in a folder of its own, as the buildpack does it, and started against Google's engines."""

import json
import os
import subprocess
import sys
import zipfile
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest
import requests
import yaml
from google.cloud import pubsub_v1
from google.cloud.storage import Client

from infra.local.emulators import FIRESTORE, PUBSUB, NotInstalledError, running
from infra.local.functions import manifests
from infra.local.storage_emulator import storage
from infra.local.warehouse.preparing import prepare
from infra.local.warehouse.server import account, serving
from infra.tools.closure import closure_of
from infra.tools.package import package
from infra.tools.pins import requirements_of
from infra.tools.sources import ROOT
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from tests.e2e.calling import NOWHERE, REFUSING, free_port, is_up, requests_for

PROJECT, PREFIX = "souk-packed", "soukmon-"
BUCKETS = {
    "SOUKMON_BUCKET": "souk-objects", "SOUKMON_SEALS_BUCKET": "souk-seals", "SOUKMON_STATUS_BUCKET": "souk-status",
    "SOUKMON_REPORTS_BUCKET": "souk-reports", "SOUKMON_BACKUPS_BUCKET": "souk-backups",
    "SOUKMON_RELEASES_BUCKET": "souk-releases", "SOUKMON_ARCHIVE_BUCKET": "souk-archive",
}  # fmt: skip
# What our lines are printed as; what the framework prints itself is text.
SEVERITIES = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
# Steps of jobs whose other side has no emulator: they are told as failed, and the others go on.
UNREACHED = {"rotate_logs": {"error_logs"}}


def missing(reason):
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; in CI nothing may be left out")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def google(tmp_path_factory):
    """The environment of a function: every engine of Google's, by the names its own clients know them under."""
    folder = tmp_path_factory.mktemp("google")
    with ExitStack() as stack:
        try:
            firestore, pubsub = (stack.enter_context(running(one)) for one in (FIRESTORE, PUBSUB))
            objects = stack.enter_context(storage())
        except NotInstalledError as error:
            missing(str(error))
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        patched.setenv("PUBSUB_EMULATOR_HOST", pubsub)
        for topic in {topic for name in manifests() for topic in topics_of(name)}:
            pubsub_v1.PublisherClient().create_topic(name=f"projects/{PROJECT}/topics/{PREFIX}{topic}")
        for bucket in BUCKETS.values():
            Client(project=PROJECT).create_bucket(bucket)
        engine = DuckDBWarehouse(folder / "warehouse.duckdb")
        stack.callback(engine.close)
        prepare(engine)
        bigquery = stack.enter_context(serving(engine))
        yield {
            "SOUKMON_ENGINE": "google", **BUCKETS, "GOOGLE_CLOUD_PROJECT": PROJECT,
            "FIRESTORE_EMULATOR_HOST": firestore, "PUBSUB_EMULATOR_HOST": pubsub,
            "STORAGE_EMULATOR_HOST": objects, "BIGQUERY_EMULATOR_HOST": bigquery,
            "GOOGLE_APPLICATION_CREDENTIALS": str(account(folder / "key.json", address=bigquery, project=PROJECT)),
        }  # fmt: skip


def topics_of(name):
    document = yaml.safe_load((ROOT / "functions" / name / "function.yaml").read_text())
    return [*document["publishes"], *filter(None, [document["trigger"].get("topic")])]


@pytest.fixture(scope="module")
def environment_of(tmp_path_factory):
    """A fresh environment for each requirements.txt; all at one path, so that what one compiled serves the next."""
    folder = tmp_path_factory.mktemp("environment")
    installed = []

    def python_for(requirements):
        python = folder / "v" / "bin" / "python"
        if installed != [requirements]:
            (folder / "requirements.txt").write_bytes(requirements)
            run("venv", "--quiet", "--clear", "--python", sys.executable, folder / "v", cwd=folder)
            run("pip", "install", "--quiet", "--python", python, "-r", "requirements.txt", cwd=folder)
            run("pip", "check", "--quiet", "--python", python, cwd=folder)
            installed[:] = [requirements]
        return python, {"PATH": os.environ["PATH"], "PYTHONPYCACHEPREFIX": str(folder / "compiled")}

    return python_for


def run(*words, cwd):
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run([uv, *words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def started(google, environment_of, tmp_path):
    """Unpack, compile, start; yields the address, and the lines it printed once it is stopped."""
    running_now = []

    def start(name):
        zipfile.ZipFile(BytesIO(package(name).content)).extractall(tmp_path)
        python, base = environment_of((tmp_path / "requirements.txt").read_bytes())
        subprocess.run([python, "-m", "compileall", "-q", "."], cwd=tmp_path, env=base, check=True)
        lazily_imported(python, name, tmp_path, base)
        port = free_port()
        environment = {
            **base, "HOME": str(tmp_path), "PORT": str(port), "FUNCTION_TARGET": name,
            "K_SERVICE": f"soukmon-{name.replace('_', '-')}", "K_REVISION": "1", "THREADS": "4",
            "SOUKMON_LINK_KEYS": "k" * 32, "SLACK_SIGNING_SECRET": "s", "TWILIO_AUTH_TOKEN": "t", **NOWHERE, **google,
        }  # fmt: skip
        with (tmp_path / "log").open("wb") as log:
            process = subprocess.Popen(
                [python.with_name("functions-framework"), "--host", "127.0.0.1"],
                cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        running_now.append(process)
        assert is_up(port, process), (tmp_path / "log").read_text()
        return f"http://127.0.0.1:{port}", tmp_path / "log"

    yield start
    for process in running_now:
        process.terminate()
        process.wait()


def lazily_imported(python, name, folder, environment):
    """Whatever the function may import later, it can; and `shared` is the package's own, not one of that name."""
    modules = sorted(closure_of(ROOT / "functions" / name / "main.py").modules)
    imports = f"import importlib, sys; sys.path.append('.'); [importlib.import_module(m) for m in {modules!r}]"
    whose = "import shared, os; assert os.path.realpath(shared.__file__).startswith(os.getcwd()), shared.__file__"
    done = subprocess.run(
        [python, "-c", f"{imports}; {whose}"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def requirements_first(name):
    return requirements_of(closure_of(ROOT / "functions" / name / "main.py").foreign), name


@pytest.mark.parametrize("name", sorted(manifests(), key=requirements_first))
def test_the_package_starts_alone_and_answers_every_way_it_is_called(started, name):
    url, log = started(name)
    for body, headers in requests_for(name):
        answer = requests.post(url, data=body, headers=headers, timeout=60)
        assert answer.status_code in REFUSING.get(name, {200, 204}), (body[:80], answer.text[:300], log.read_text())
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert {line["severity"] for line in lines} <= SEVERITIES
    assert all(line["function"] == name for line in lines if "function" in line)
    quietly = REFUSING.get(name) == {405} or name == "manage_subscriptions"  # which refuses with a page
    refuses = name in REFUSING and not quietly
    if refuses or name.startswith(("receive_", "handle_")):
        assert lines, log.read_text()
    failed = {line["step"] for line in lines if "Traceback" in line.get("exception", "")}
    assert failed == UNREACHED.get(name, set())
    assert log.read_text().count("Traceback") == sum(json.dumps(line).count("Traceback") for line in lines)

"""The tree keeps its promises: names resolve to the checkout, functions are thin, the hot path imports little."""

import ast
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

import functions
import shared
from infra.local.functions import manifests
from infra.local.scheduler import Job

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "grpc",
    "google.cloud",
    "google.auth",
    "firebase_admin",
    "slack_sdk",
    "twilio",
    "pandas",
    "numpy",
    "duckdb",
    "requests",
)
RECEIVERS = [
    "receive_firebase_alert",
    "receive_log_entry",
    "receive_monitoring_incident",
    "handle_signal",
    "escalate_incidents",
]


def test_shared_and_functions_are_ours_and_not_packages_of_the_same_name():
    assert Path(shared.__file__).is_relative_to(ROOT)
    assert Path(functions.__file__).is_relative_to(ROOT)


@pytest.mark.parametrize("folder", sorted(p.parent for p in ROOT.glob("functions/*/main.py")), ids=lambda p: p.name)
def test_a_function_is_a_folder_with_a_thin_main_a_manifest_and_an_init(folder):
    text = (folder / "main.py").read_text()
    tree = ast.parse(text)
    public = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert public == [folder.name]
    assert len(text.splitlines()) <= 31
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.If | ast.Try)]
    beside = {p.name for p in folder.iterdir() if p.name != "__pycache__" and not p.name.endswith(".schema.json")}
    assert beside == {"main.py", "function.yaml", "__init__.py"}


def test_every_topic_that_is_published_has_a_reader():
    found = [yaml.safe_load(p.read_text()) for p in ROOT.glob("functions/*/function.yaml")]
    read = {document["trigger"].get("topic") for document in found}
    assert {topic for document in found for topic in document["publishes"]} <= read


@pytest.mark.parametrize("name", RECEIVERS)
def test_a_receiver_imports_no_sdk(name):
    probe = (
        "import sys, functions_framework;"
        f"functions_framework.create_app(target={name!r}, source='functions/{name}/main.py');"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    framework = ("google.cloud.functions", "google.cloud.functions_v1")  # a part of the functions framework itself
    found = [m for m in loaded if m.startswith(HEAVY) and m != "google.cloud" and not m.startswith(framework)]
    assert found == []


def test_no_path_of_a_machine_and_no_index_address_is_committed():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [ROOT / line for line in listed.stdout.splitlines()] or list(ROOT.glob("requirements*.txt"))
    locks = [path for path in names if path.name.startswith("requirements")]
    assert locks
    assert [path.name for path in locks if "://" in path.read_text()] == []


def cairo(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Africa/Cairo"))


@pytest.mark.parametrize(
    ("cron", "start", "expected"),
    [
        ("30 0 * * *", "2026-04-23T12:00", ["2026-04-24T01:00+03:00", "2026-04-25T00:30+03:00"]),
        ("30 23 * * *", "2026-10-29T12:00", ["2026-10-29T23:30+03:00", "2026-10-30T23:30+02:00"]),
        ("0 9 * * *", "2026-04-23T12:00", ["2026-04-24T09:00+03:00", "2026-04-25T09:00+03:00"]),
        ("* * * * *", "2026-10-29T23:59", ["2026-10-29T23:00+02:00", "2026-10-29T23:01+02:00"]),
    ],
)
def test_the_scheduler_is_right_across_cairo_s_clock_changes(cron, start, expected):
    job, at, runs = Job("f", cron, "Africa/Cairo"), cairo(start), []
    for _ in expected:
        at = job.next_after(at)
        runs.append(at)
    assert runs == [datetime.fromisoformat(text) for text in expected]


def test_every_function_is_known_to_the_platform():
    assert set(manifests()) == {p.parent.name for p in ROOT.glob("functions/*/main.py")}

"""`soukmon doctor` from outside: what it prints, and its exit codes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import shared.config

PROGRAM = "from shared.cli.main import main; main()"
CONFIG = Path(shared.config.__file__).parent


def soukmon(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, **environment},
    )


def test_this_machine_is_told_as_a_table_and_the_state_folder_that_is_not_there_is_skipped(tmp_path):
    done = soukmon("doctor", "--state", tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = done.stdout.splitlines()
    assert any(line.startswith("ok    warehouse engine") for line in lines)
    assert any(line.startswith("skip  state folder") for line in lines)
    assert lines[-1].startswith("15 checks: ")


def test_a_configuration_that_cannot_be_loaded_fails_alone(tmp_path):
    shutil.copytree(CONFIG, tmp_path / "config")
    rules = tmp_path / "config" / "rules.yaml"
    rules.write_text(rules.read_text().replace("severity:", "severitee:", 1))
    done = soukmon("doctor", "--json", "--state", tmp_path, SOUKMON_CONFIG=str(tmp_path / "config"))
    told = json.loads(done.stdout)
    failed = [one["check"] for one in told["checks"] if one["state"] == "fail"]
    assert (done.returncode, told["ok"], failed) == (1, False, ["configuration"])


def test_without_credentials_a_project_fails_once_and_says_how_to_sign_in(tmp_path):
    done = soukmon(
        "doctor", "--project", "souk-live-1", "--json", GOOGLE_APPLICATION_CREDENTIALS=str(tmp_path / "no.json")
    )
    found = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert done.returncode == 1
    assert found["credentials"]["state"] == "fail"
    assert "gcloud auth application-default login" in found["credentials"]["fix"]
    assert found["project"]["state"] == "skipped"
    assert "Traceback" not in done.stdout + done.stderr


def test_queries_are_dry_run_against_the_embedded_warehouse():
    done = soukmon("doctor", "--dry-run-sql")
    assert done.returncode == 0
    assert any(line.startswith("ok    sql evaluate") and "bytes" in line for line in done.stdout.splitlines())


@pytest.mark.parametrize("arguments", [("--env", "staging"), ("--env", "moon"), ("--projekt", "x")])
def test_what_cannot_be_looked_at_is_refused_in_one_line(arguments):
    done = soukmon("doctor", *arguments)
    assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (2, "", 1)

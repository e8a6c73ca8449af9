"""soukmon procedure: every clock of an incident's procedures, for people and for programs."""

import json
from datetime import timedelta

import pytest

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.adapters.sqlite_state import SqliteState
from shared.cli import procedures  # noqa: F401 - registers the command
from shared.cli.main import run
from shared.config.loader import load
from shared.domain.acting import By
from shared.domain.procedure_runs import Beginning, finish, start
from shared.ports.store import Create
from shared.usecases.procedures import run_body
from shared.usecases.records import PROCEDURES


@pytest.fixture
def where(tmp_path):
    yield tmp_path, ["--state", str(tmp_path)]
    bootstrap.install()


def kept(folder, ago):
    now = SystemClock().now()
    by = By("karim", "a test", now - ago)
    begun = start(load().procedures.by_name["outage"], Beginning("INC-1", by.now, by, timedelta(hours=4))).run
    done = finish(begun, "root_cause", By("karim", "a test", by.now + timedelta(minutes=4)), "a full disk").run
    SqliteState(folder / "state.db").commit([Create(PROCEDURES, done.id, run_body(done))])


def test_every_clock_is_shown_with_what_shows_it(where, capsys):
    kept(where[0], timedelta(seconds=5))
    assert run(["procedure", "INC-1", *where[1]]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Outage, INC-1, started ")
    assert lines[1].split() == ["step", "promised", "actual", "who", "what", "shows", "it"]
    (cause,) = [line.split() for line in lines if line.strip().startswith("root_cause")]
    assert cause == ["root_cause", "15", "min", "4", "min", "met", "Karim", "Fathy", "a", "full", "disk"]


def test_a_clock_that_was_missed_is_not_fine(where, capsys):
    kept(where[0], timedelta(hours=1))
    assert run(["procedure", "INC-1", "--json", *where[1]]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    verdicts = {one["step"]: one["verdict"] for one in told["steps"]}
    assert (verdicts["root_cause"], verdicts["recovery_plan"], verdicts["verified"]) == ("met", "missed", "not begun")
    (cause,) = [one for one in told["steps"] if one["step"] == "root_cause"]
    assert (cause["promised_seconds"], cause["actual_seconds"]) == (900, 240)


def test_an_incident_without_a_procedure_is_named(where, capsys):
    SqliteState(where[0] / "state.db")
    assert run(["procedure", "INC-9", *where[1]]) == 2
    assert capsys.readouterr().err == "soukmon: there is no procedure of an incident INC-9\n"

"""What this machine needs for which command, and what is told when it is not there."""

from datetime import UTC, datetime, timedelta

import pytest
from packaging.requirements import Requirement

from infra.tools.doctor import machine
from infra.tools.doctor.outcomes import State
from shared.adapters.sqlite_state import SqliteState
from shared.ports.store import Put
from shared.usecases.records import HEARTBEATS, instant

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("release", "state"), [((3, 10, 9), "fail"), ((3, 11, 0), "ok"), ((3, 14, 1), "ok")])
def test_python_has_to_be_new_enough(release, state):
    found = machine.python(release)
    assert found.state == state
    assert ".".join(map(str, release)) in found.says


def test_everything_that_is_declared_is_installed_here():
    assert machine.packages().state is State.OK


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        ("click>=8.1", ""),
        ("click>=99", "click "),
        ("no-such-package-of-ours>=1", "no-such-package-of-ours is missing"),
        ("no-such-package-of-ours>=1; sys_platform == 'beos'", ""),
    ],
)
def test_a_package_that_is_missing_or_too_old_is_named(wanted, fault):
    found = machine._fault_of(Requirement(wanted))
    assert found.startswith(fault)
    assert bool(found) == bool(fault)


def test_the_engines_start():
    assert machine.state_engine().state is State.OK
    assert "tables" in machine.warehouse_engine().says


def test_a_folder_in_which_nothing_ran_is_skipped(tmp_path):
    assert machine.state_folder(tmp_path, NOW).state is State.SKIPPED


@pytest.mark.parametrize(("ago", "state"), [(timedelta(minutes=1), "ok"), (timedelta(hours=1), "warn")])
def test_a_folder_is_whole_and_its_hearts_beat(tmp_path, ago, state):
    beats = [Put(HEARTBEATS, job, {"at": instant(NOW - ago)}) for job in ("escalate_incidents", "evaluate_rules")]
    SqliteState(tmp_path / "state.db").commit(beats)
    found = machine.state_folder(tmp_path, NOW)
    assert (found.state, "state.db" in found.says) == (state, True)


def test_a_folder_that_is_broken_is_told(tmp_path):
    (tmp_path / "state.db").write_bytes(b"SQLite format 3\0" + b"nonsense" * 400)
    found = machine.state_folder(tmp_path, NOW)
    assert (found.state, found.fix) == (State.FAIL, "restore the folder from a copy")


def test_a_program_that_is_missing_is_told_with_what_needs_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, (used, fix) in machine.PROGRAMS.items():
        found = machine.tool(name)
        assert (found.state, used in found.says, found.fix) == (State.WARN, True, fix)
    assert machine.emulators().state is State.WARN
    assert "Java is not installed" in machine.emulators().says


def test_a_program_that_is_there_is_told_with_its_place(monkeypatch, tmp_path):
    program = tmp_path / "terraform"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.tool("terraform").says == str(program)

"""`soukmon verify`: what it prints, and its exit codes."""

import json

import pytest

from shared import bootstrap
from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.cli import record  # noqa: F401 - registers the command
from shared.cli.main import run
from shared.ports.store import Put
from shared.usecases.records import TIMELINE
from tests.conftest import NIGHT
from tests.unit.usecases.world import World


@pytest.fixture
def world(tmp_path):
    made = World(SqliteState(tmp_path / "state.db"), VirtualClock(NIGHT))
    made.fires()
    yield made
    bootstrap.install()


def verify(capsys, tmp_path, *arguments):
    code = run(["verify", *arguments, "--state", str(tmp_path)])
    told = capsys.readouterr()
    return code, told.out, told.err


def changed(world):
    name = f"{world.incidents()[0].id}-000001"
    line = world.store.get(TIMELINE, name).body
    world.store.commit([Put(TIMELINE, name, {**line, "actor": "nobody"})])
    return name


def test_E90_a_record_that_is_fine_exits_with_0_and_counts(world, capsys, tmp_path):
    code, out, _ = verify(capsys, tmp_path)
    assert (code, out) == (0, "fine: 1 incident(s), 1 line(s), 0 act(s), 0 seal(s); not sealed yet\n")


def test_E90_a_changed_line_exits_with_1_and_is_named(world, capsys, tmp_path):
    name = changed(world)
    code, out, _ = verify(capsys, tmp_path)
    assert code == 1
    assert out.splitlines()[0] == f"{name}: it does not say what it said when it was written"
    assert out.splitlines()[1].startswith("1 fault(s) in 1 incident(s)")


def test_E90_programs_read_the_same_as_json(world, capsys, tmp_path):
    name = changed(world)
    code, out, _ = verify(capsys, tmp_path, "--json", "--incident", name[:-7])
    told = json.loads(out)
    assert (code, told["fine"], told["lines"]) == (1, False, 1)
    assert [(fault["record"], fault["wrong"]) for fault in told["faults"]] == [(name, "altered")]


@pytest.mark.parametrize("arguments", [["--incident", "INC-0"], ["--what"], ["--env", "moon"]])
def test_what_cannot_be_verified_is_bad_usage_in_one_line(world, capsys, tmp_path, arguments):
    code, out, err = verify(capsys, tmp_path, *arguments)
    assert (code, out, len(err.strip().splitlines())) == (2, "", 1)


def test_a_folder_without_a_record_is_refused(capsys, tmp_path):
    code, _, err = verify(capsys, tmp_path / "nothing")
    assert code == 2
    assert "holds no state" in err

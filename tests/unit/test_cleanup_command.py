"""soukmon cleanup, and the database's look by hand: from a proposal over a person's word to what is gone."""

import os
from datetime import timedelta

import pytest

from infra.local.warehouse.on_demand import WarehouseOnDemand
from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.adapters.folder import FolderObjects
from shared.adapters.sqlite_state import SqliteState
from shared.cli import cleanup, jobs  # noqa: F401 - registers the commands
from shared.cli.main import run

LETTER = "dead-letters/l1"


@pytest.fixture
def where(tmp_path):
    SqliteState(tmp_path / "state.db")
    warehouse = WarehouseOnDemand(tmp_path / "warehouse.duckdb")
    warehouse.made()
    warehouse.close()
    FolderObjects(tmp_path / "objects").create(LETTER, b"text", content_type="")
    old = (SystemClock().now() - timedelta(days=30)).timestamp()
    os.utime(tmp_path / "objects" / LETTER, (old, old))
    yield tmp_path, ["--state", str(tmp_path)]
    bootstrap.install()


@pytest.fixture
def proposal(where, capsys):
    assert run(["jobs", "run", "database_optimization", *where[1]]) == 0
    told = capsys.readouterr().out
    assert "indexes        pass" in told
    assert "storage        pass     1 proposals wait: soukmon cleanup list" in told
    assert run(["cleanup", "list", *where[1]]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert f"object {LETTER}  4 bytes  open" in first
    assert second.startswith("  the text of a dead letter whose record is gone; proposed ")
    return first.split()[0]


def text(where):
    return FolderObjects(where[0] / "objects").read(LETTER)


def test_a_dry_run_of_the_look_proposes_nothing(where, capsys):
    assert run(["jobs", "run", "database_optimization", "--dry-run", *where[1]]) == 0
    assert run(["cleanup", "list", *where[1]]) == 0
    assert "unused 1, unused_bytes 4, proposed 0" in capsys.readouterr().out
    assert SqliteState(where[0] / "state.db").count("cleanups") == 0


def test_what_is_approved_goes_with_the_next_look(where, proposal, capsys):
    assert run(["cleanup", "approve", proposal, "--by", "karim", *where[1]]) == 0
    assert capsys.readouterr().out == f"approved: object {LETTER}; it goes with the next look\n"
    assert text(where) == b"text"
    assert run(["jobs", "run", "database_optimization", *where[1]]) == 0
    assert text(where) is None


def test_what_is_approved_now_goes_at_once(where, proposal, capsys):
    assert run(["cleanup", "approve", proposal, "--by", "karim", "--now", *where[1]]) == 0
    assert capsys.readouterr().out.splitlines()[1] == f"deleted: object {LETTER}, 4 bytes"
    assert text(where) is None


def test_what_is_rejected_stays_and_is_not_proposed_again(where, proposal, capsys):
    assert run(["cleanup", "reject", proposal, "--by", "karim", *where[1]]) == 0
    assert run(["jobs", "run", "database_optimization", *where[1]]) == 0
    capsys.readouterr()
    assert run(["cleanup", "list", *where[1]]) == 0
    assert (capsys.readouterr().out, text(where)) == ("", b"text")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["approve", "PROPOSAL", "--by", "stranger"], "soukmon: stranger may not decide what is deleted\n"),
        (["approve", "nothing", "--by", "karim"], "soukmon: there is no cleanup proposal nothing\n"),
    ],
)
def test_who_may_not_decide_and_what_is_not_there_is_said_in_one_line(where, proposal, capsys, arguments, said):
    given = [proposal if one == "PROPOSAL" else one for one in arguments]
    assert run(["cleanup", *given, *where[1]]) == 2
    assert (capsys.readouterr().err, text(where)) == (said, b"text")

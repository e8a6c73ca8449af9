"""Silences and maintenance windows from the command line."""

import pytest

from shared import bootstrap
from shared.adapters.sqlite_state import SqliteState
from shared.cli import calm, maintenance  # noqa: F401 - registers the commands
from shared.cli.main import run


@pytest.fixture
def where(tmp_path):
    SqliteState(tmp_path / "state.db")
    yield ["--state", str(tmp_path)]
    bootstrap.install()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["silence", "add", "orders-api", "--reason", "x", "--by", "karim"], "is not a matcher"),
        (["silence", "add", 'a=~".*"', "--reason", "x", "--by", "karim"], "does not accept everything"),
        (["silence", "add", 'a="b"', "--for", "soon", "--reason", "x", "--by", "karim"], "is not a duration"),
        (["silence", "add", 'a="b"', "--reason", "x", "--by", "nobody"], "there is nobody called 'nobody'"),
        (["silence", "end", "silence-0", "--by", "karim"], "there is no active silence silence-0"),
        (["windows", "add", "--reason", "x", "--by", "karim"], "only an emergency may begin sooner"),
        (["windows", "add", "--emergency", "--for", "3h", "--reason", "x", "--by", "karim"], "two hours at most"),
        (["windows", "end", "window-0", "--by", "karim"], "there is no open window window-0"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(where, capsys, arguments, says):
    code = run([*arguments, *where])
    told = capsys.readouterr()
    assert code in {1, 2}
    assert says in told.err
    assert len(told.err.strip().splitlines()) == 1


@pytest.mark.parametrize("kind", ["silence", "windows"])
def test_it_is_made_listed_and_ended(where, capsys, kind):
    made = [kind, "add", 'service="app"', "--for", "1h", "--reason", "new index", "--by", "karim"]
    assert run([*made, *(["--emergency"] if kind == "windows" else []), *where]) == 0
    line = capsys.readouterr().out
    assert 'service="app"' in line
    assert "by karim: new index" in line
    assert run([kind, "list", *where]) == 0
    assert capsys.readouterr().out == line
    assert run([kind, "end", line.split()[0], "--by", "karim", *where]) == 0
    assert capsys.readouterr().out == f"{line.split()[0]} is over\n"
    assert run([kind, "list", *where]) == 0
    assert capsys.readouterr().out == ""

"""The status page from the command line."""

import json

import pytest

from shared import bootstrap
from shared.adapters.sqlite_state import SqliteState
from shared.cli.main import main


@pytest.fixture
def soukmon(tmp_path, capsys):
    """Runs a command on a folder of its own; returns its exit code and what it said."""
    SqliteState(tmp_path / "state.db")

    def run(*words):
        with pytest.raises(SystemExit) as done:
            main(["status", *words, "--state", str(tmp_path)])
        said = capsys.readouterr()
        return done.value.code, said.out + said.err

    yield run
    bootstrap.install()


def person():
    return next(iter(bootstrap.config().directory.people))


def test_a_post_is_opened_gone_on_with_and_ended(soukmon):
    by = person()
    assert soukmon("publish") == (0, "written: 11 files\n")
    code, said = soukmon("post", "--by", by, "--en", "Slow.", "--component", "website", "--condition", "degraded")
    assert code == 0
    name = said.split()[0]
    code, said = soukmon("show")
    assert code == 1
    assert "website      Affected" in said
    assert f"{name}  Investigating" in said
    code, said = soukmon("post", "--by", by, "--ar", "انتهى.", "--component", "website", "--stage", "resolved")
    assert (code, said.splitlines()[0]) == (0, f"{name}  resolved")
    code, said = soukmon("show", "--json")
    assert json.loads(said)["components"]["website"]["condition"] == "works"


def test_what_is_refused_is_said_in_one_line(soukmon):
    assert soukmon("post", "--by", "nobody", "--en", "x")[0] == 1
    assert soukmon("post", "--by", person(), "--en", "x", "--stage", "nonsense")[0] == 2


def test_verifying_says_what_is_wrong(soukmon, tmp_path):
    assert soukmon("verify") == (1, "the page was never written\n")
    soukmon("publish")
    assert soukmon("verify") == (0, "the status page is as it was written\n")
    (tmp_path / "status" / "feed.xml").unlink()
    assert soukmon("verify") == (1, "feed.xml is missing\n")

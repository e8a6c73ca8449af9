"""`soukmon post-mortem`: out to a file, back from it, completed, and a month's list."""

import pytest

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.adapters.sqlite_state import SqliteState
from shared.cli import post_mortems  # noqa: F401 - registers the command
from shared.cli.main import run
from shared.usecases.act import Act, Action, act
from tests.unit.usecases.world import World


@pytest.fixture
def incident(tmp_path):
    """A critical incident that was resolved a moment ago."""
    world = World(SqliteState(tmp_path / "state.db"), SystemClock())
    world.fires()
    [made] = world.incidents()
    act(Act(Action.RESOLVE, made.id, "mona", "slack"), **world.ports)
    yield made.id
    bootstrap.install()


@pytest.fixture
def soukmon(tmp_path, capsys, incident):
    def call(*arguments):
        code = run(["post-mortem", *map(str, arguments), "--state", str(tmp_path)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_it_is_printed_written_back_and_completed(soukmon, incident, tmp_path):
    file = tmp_path / "mortem.md"
    assert soukmon(incident, "--out", file)[:2] == (0, "")
    file.write_text(file.read_text().replace("## What went well", "A null in the cart.\n\n## What went well"))
    assert soukmon("--write", file, "--by", "karim")[:2] == (0, "post-mortem written\n")
    assert "A null in the cart." in soukmon(incident)[1]
    assert soukmon(incident, "--complete", "--by", "karim")[0] == 1
    done = soukmon(incident, "--complete", "--no-action", "the vendor's fault", "--by", "karim")
    assert done[:2] == (0, "post-mortem completed\n")
    assert "No action, because: the vendor's fault" in soukmon(incident)[1]


def test_an_old_revision_and_a_stranger_are_refused_with_1(soukmon, incident, tmp_path):
    file = tmp_path / "mortem.md"
    soukmon(incident, "--out", file)
    file.write_text(file.read_text().replace("## What went well", "Causes.\n\n## What went well"))
    assert soukmon("--write", file, "--by", "nobody")[0] == 1
    assert soukmon("--write", file, "--by", "karim")[0] == 0
    assert soukmon("--write", file, "--by", "karim")[0] == 1


def test_a_page_is_written_for_a_name_in_html(soukmon, incident, tmp_path):
    assert soukmon(incident, "--locale", "ar", "--out", tmp_path / "mortem.html")[0] == 0
    assert '<html lang="ar" dir="rtl">' in (tmp_path / "mortem.html").read_text(encoding="utf-8")


def test_a_month_is_listed(soukmon):
    code, out, _ = soukmon("--month", "2026-02")
    assert code == 0
    assert out.startswith("Incidents of 2026-02: the review\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name an INCIDENT"),
        (["INC-0"], "there is no incident INC-0"),
        (["INC-0", "--month", "2026-02"], "name an INCIDENT"),
        (["--month", "2026-13"], "is not a month"),
        (["--write", "/nowhere.md", "--by", "karim"], "No such file"),
        (["INC-0", "--complete"], "say who you are"),
    ],
)
def test_bad_usage_is_one_line_and_2(soukmon, arguments, says):
    code, _, err = soukmon(*arguments)
    assert code == 2
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_a_file_that_is_none_of_ours_is_refused_with_its_line(soukmon, tmp_path):
    (tmp_path / "mine.md").write_text("# My thoughts\n")
    code, _, err = soukmon("--write", tmp_path / "mine.md", "--by", "karim")
    assert code == 2
    assert "mine.md: line 1: the mark of a post-mortem is missing" in err

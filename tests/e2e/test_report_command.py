"""`soukmon report`: a report from what is on record into a file, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local.warehouse.preparing import prepare
from shared import bootstrap
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.sqlite_state import SqliteState
from shared.cli.main import main

HOUR = timedelta(hours=1)
END = datetime(2026, 3, 9, 22, tzinfo=UTC)  # 9 March ends in Cairo
PERIOD = ("--period", "2026-03-09")


def point(metric, at, count, bad=0):
    named = {"metric": metric, "minute": at.isoformat(), "dimensions": "", "source": "requests", "buckets": []}
    return {**named, "count": count, "sum": 0.0, "bad": bad, "bad_clients": bad}


@pytest.fixture
def soukmon(tmp_path, capsys, monkeypatch):
    """Runs a command on a folder of its own; returns its exit code and what it said to either side."""
    SqliteState(tmp_path / "state.db")
    made = DuckDBWarehouse(tmp_path / "warehouse.duckdb")
    prepare(made)
    made.append("soukmon.metric_points", [point("error_rate", END - n * HOUR, 1_000, 5) for n in range(1, 25)])
    made.close()
    monkeypatch.chdir(tmp_path)

    def run(*words):
        with pytest.raises(SystemExit) as done:
            main(["report", *words, "--state", str(tmp_path)])
        said = capsys.readouterr()
        return done.value.code, said.out, said.err

    yield run
    bootstrap.install()


def test_without_a_name_it_lists_the_reports_with_time_forms_and_readers(soukmon):
    code, out, _ = soukmon()
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [
        "performance_report",
        "business_report",
        "technical_review",
        "business_intelligence",
        "executive_summary",
    ]
    assert "at '0 8 1 * *'" in out
    assert "pptx to team:board, team:investors" in out


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_report_is_written_where_it_is_wanted_and_progress_is_shown(soukmon, tmp_path, lang):
    target = tmp_path / f"mine-{lang}.pdf"
    code, out, err = soukmon("performance_report", *PERIOD, "--lang", lang, "--out", str(target))
    assert (code, out) == (0, f"{target} ({target.stat().st_size:,} bytes)\n")
    assert err.splitlines() == [
        "reading what performance_report is made of ...",
        f"making the final edition (pdf, {lang}) ...",
    ]
    assert target.read_bytes().startswith(b"%PDF")


def test_E82_the_edition_that_is_asked_for_is_made_and_named_in_the_file(soukmon, tmp_path):
    code, out, _ = soukmon("performance_report", *PERIOD, "--edition", "provisional")
    assert code == 0
    assert out.startswith("performance_report-2026-03-09-provisional-en.pdf (")
    assert (tmp_path / "performance_report-2026-03-09-provisional-en.pdf").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no_such_report",), "there is no report no_such_report"),
        (("performance_report", "--period", "yesterday"), "'yesterday' is no period"),
        (("performance_report", "--period", "2026-02"), "performance_report is about a day"),
        (("performance_report", "--period", "2999-01-01"), "2999-01-01 is not over yet"),
        (("performance_report", *PERIOD, "--out", "report.docx"), "report.docx ends in no form of a report"),
        (("performance_report", "--edition", "last"), "'last' is not one of"),
    ],
)
def test_what_is_refused_is_said_in_one_line(soukmon, words, said):
    code, out, err = soukmon(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1

"""`soukmon slo` and the promises in `soukmon effectiveness`, on the folder of an installation."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from infra.local.warehouse.preparing import prepare
from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.sqlite_state import SqliteState
from shared.cli import effectiveness, slo
from shared.cli.main import run
from shared.domain.success import SUCCESS_METRICS
from shared.usecases.records import incident_writes
from tests.unit.domain.test_effectiveness import incident

assert effectiveness
assert slo
HOLDS = "import duckdb, sys; kept = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"


@pytest.fixture
def folder(tmp_path):
    """An installation with two days of checks, and an incident that was taken after twelve minutes."""
    now = SystemClock().now()
    opened = now - timedelta(hours=5)
    found = incident(opened_at=opened, started_at=opened, last_told_at=opened, first_told_at=opened)
    taken = incident_writes(replace(found, first_acknowledged_at=opened + timedelta(minutes=12)), [], None)
    SqliteState(tmp_path / "state.db").commit(taken)
    warehouse = DuckDBWarehouse(tmp_path / "warehouse.duckdb")
    prepare(warehouse)
    points = [("uptime", "probes", 1_000, 2), ("error_rate", "requests", 1_000, 30)]
    warehouse.append("soukmon.metric_points", [_row(*one, now - timedelta(days=1)) for one in points])
    warehouse.close()
    yield tmp_path
    bootstrap.install()


def _row(metric, source, count, bad, at):
    named = {
        "metric": metric,
        "minute": at.replace(second=0, microsecond=0).isoformat(),
        "dimensions": "",
        "source": source,
    }
    return {**named, "count": count, "sum": 0.0, "bad": bad, "bad_clients": bad, "buckets": []}


@pytest.fixture
def soukmon(capsys, folder):
    def command(*words):
        code = run([*words, "--state", str(folder)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_slo_tells_people_and_programs_what_is_left_and_that_one_is_overspent(soukmon):
    code, out, _ = soukmon("slo")
    lines = out.splitlines()
    assert code == 1
    assert "Uptime (99.5 % over 30 d): 60 % of the budget is left, 2 of 1,000 failed, burn rate 0.4" in lines[0]
    assert "overspent by 200 %" in lines[1]
    assert lines[2].endswith(": nothing was measured")
    code, out, _ = soukmon("slo", "--json")
    found = json.loads(out)["objectives"]
    assert code == 1
    assert (found["uptime"]["left"], found["uptime"]["burn_rate"], found["uptime"]["bad"]) == (60.0, 0.4, 2)
    assert found["errors"]["spent_at"]
    assert found["errors"]["runs_out_at"] is None
    assert (found["orders"]["left"], found["orders"]["gap"]) == (None, "nothing was measured")


def test_slo_is_fine_while_nothing_is_overspent(soukmon, folder):
    warehouse = DuckDBWarehouse(folder / "warehouse.duckdb")
    good = _row("error_rate", "requests", 100_000, 0, SystemClock().now() - timedelta(days=1))
    warehouse.append("soukmon.metric_points", [good])
    warehouse.close()
    assert soukmon("slo")[0] == 0


def test_slo_of_a_warehouse_that_another_process_has_is_refused_in_one_line(soukmon, folder):
    words = [sys.executable, "-c", HOLDS, str(folder / "warehouse.duckdb")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "open\n"
        code, out, err = soukmon("slo")
        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert "is open in another process; stop soukmon up first" in err
        code, out, err = soukmon("effectiveness", "--json")
        holder.stdin.close()
    found = json.loads(out)["success"]
    assert (code, len(err.splitlines())) == (0, 1)
    assert found["alert_response_time"]["value"] == 720
    assert (found["uptime"]["value"], found["uptime"]["gap"]) == (None, "could not be read")


def test_slo_of_a_folder_on_which_nothing_has_run_is_refused(capsys, tmp_path):
    assert run(["slo", "--state", str(tmp_path / "none")]) == 2
    assert "holds no state" in capsys.readouterr().err


def test_E84_effectiveness_tells_every_promise_against_its_target(soukmon):
    code, out, _ = soukmon("effectiveness", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["total"]["mean_seconds_to_acknowledge"] == 720
    assert list(found["success"]) == list(SUCCESS_METRICS)
    assert found["success"]["alert_response_time"]["value"] == 720
    assert (found["success"]["alert_response_time"]["target"], found["success"]["alert_response_time"]["standing"]) == (
        600, "missed",
    )  # fmt: skip
    assert found["success"]["uptime"]["value"] == pytest.approx(99.8)
    assert (found["success"]["resolution_time"]["value"], found["success"]["resolution_time"]["standing"]) == (
        None, "unknown",
    )  # fmt: skip
    code, out, _ = soukmon("effectiveness")
    assert "Alert response time: 12 min (at most 10 min): target missed" in out.splitlines()
    assert out.startswith("Last 30 days: 1 told, 0 not useful (0.0%)")

"""`soukmon backtest`, `tune` and `diff`: what they print over a small history, and their exit codes."""

import json

import pytest

from infra.local.warehouse.preparing import prepare
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.cli import backtesting
from shared.cli.main import run

assert backtesting
MINUTES = 600
BROKEN = range(300, 330)
LABEL = {"metric": "error_rate", "start": "2026-03-10T05:00:00Z", "end": "2026-03-10T05:30:00Z"}
RULES = {"error_rate_alert": {"condition": "error_rate > 1%", "channels": ["email"], "frequency": "immediate"}}
UNTIL = ("--days", "1", "--until", "2026-03-10T10:00")


def soukmon(capsys, *arguments):
    code = run([str(a) for a in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def point(metric, minute, count, bad=0):
    at = f"2026-03-10T{minute // 60:02}:{minute % 60:02}:00Z"
    return {
        "metric": metric, "minute": at, "dimensions": "", "source": "requests", "count": count, "sum": 0.0,
        "bad": bad, "bad_clients": bad, "buckets": [],
    }  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    file = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    made = DuckDBWarehouse(file)
    prepare(made)
    rows = [point("error_rate", minute, 30, 9 if minute in BROKEN else 0) for minute in range(MINUTES)]
    made.append("soukmon.metric_points", [*rows, *(point("rows.requests", minute, 31) for minute in range(MINUTES))])
    made.close()
    return file


@pytest.fixture
def rules(tmp_path):
    return written(tmp_path / "rules.json", RULES)


@pytest.fixture
def labels(tmp_path):
    return written(tmp_path / "incidents.jsonl", LABEL)


def written(path, document):
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_backtest_tells_pages_against_labels_and_what_evaluating_costs(capsys, warehouse, rules, labels):
    past = ("--warehouse", warehouse, "--incidents", labels, *UNTIL)
    code, out, err = soukmon(capsys, "backtest", *past, "--rules", rules, "--json")
    made = json.loads(out)
    (rule,) = made["rules"]
    assert (code, rule["rule"], rule["true"], rule["false"], rule["missed"]) == (0, "error_rate_alert", 1, 0, [])
    assert 0 < rule["median_detection_seconds"] <= 180
    assert made["dollars_a_month"] > 0
    assert made["since"] == "2026-03-10T00:00:00+00:00"  # where the history begins
    assert "replayed in" in err
    code, out, _ = soukmon(capsys, "backtest", *past, "--rules", rules)
    assert (code, "0 of 1" in out, "dollars at 6.25 a TiB" in out) == (0, True, True)


def test_generated_history_comes_with_its_labels(capsys, rules):
    code, out, _ = soukmon(capsys, "backtest", "--generated", *UNTIL, "--rules", rules, "--json")
    assert (code, [one["rule"] for one in json.loads(out)["rules"]]) == (0, ["error_rate_alert"])


def test_tune_prints_trials_and_a_snippet_and_changes_nothing(capsys, warehouse, labels):
    before = warehouse.read_bytes()
    code, out, _ = soukmon(
        capsys, "tune", "error_rate_alert", "--warehouse", warehouse, "--incidents", labels, *UNTIL,
        "--false-positives-a-month", "1",
    )  # fmt: skip
    assert (code, "false a month" in out, "- name: error_rate_alert" in out) == (0, True, True)
    assert warehouse.read_bytes() == before


def test_diff_exits_1_when_the_new_rules_would_miss_what_the_old_ones_saw(capsys, warehouse, rules, labels, tmp_path):
    blind = {"error_rate_alert": {**RULES["error_rate_alert"], "condition": "error_rate > 70%"}}
    new = written(tmp_path / "new.json", blind)
    past = ("--warehouse", warehouse, "--incidents", labels, *UNTIL)
    code, out, _ = soukmon(capsys, "diff", rules, new, *past)
    assert (code, "would now be missed" in out, "| `error_rate_alert` | changed | 1 | 0 |" in out) == (1, True, True)
    code, out, _ = soukmon(capsys, "diff", new, rules, *past)
    assert (code, "1 more recorded incident(s) are seen" in out) == (0, True)
    assert soukmon(capsys, "diff", rules, rules, *past)[0] == 0


def test_without_history_there_is_one_clear_line(capsys, rules, tmp_path):
    code, out, err = soukmon(capsys, "backtest", "--state", tmp_path, "--rules", rules)
    assert (code, out) == (1, "")
    assert err.startswith("soukmon: no metric points in the last 90 days; ")
    assert len(err.splitlines()) == 1


def test_an_old_history_is_none_of_the_last_days(capsys, warehouse, rules):
    code, _, err = soukmon(capsys, "backtest", "--warehouse", warehouse, "--rules", rules, "--until", "2027-03-10")
    assert (code, "no metric points" in err) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("backtest", "--stream", __file__),
        ("backtest", "--days", "0"),
        ("backtest", "--until", "yesterday"),
        ("backtest", "--rules", "/nowhere.yaml"),
        ("backtest", "--warehouse", __file__),
        ("backtest", "--generated", "--days", "1", "--rules", __file__),
        ("backtest", "--generated", "--days", "1", "--incidents", __file__),
        ("tune", "no_such_rule", "--generated"),
        ("diff", __file__),
    ],
)
def test_bad_usage_is_one_line_on_stderr_and_exit_code_2(capsys, arguments):
    code, out, err = soukmon(capsys, *arguments)
    assert (code, out, len(err.strip().splitlines())) == (2, "", 1)
    assert err.startswith("soukmon: ")


def test_a_rule_of_what_nothing_measures_is_refused_and_not_taken_for_quiet(capsys, tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text("- {name: mine, condition: eror_rate > 3%, channels: [email]}")
    code, out, err = soukmon(capsys, "backtest", "--rules", rules, "--generated")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "mine watches eror_rate, which is no metric of metrics.yaml; did you mean error_rate?" in err

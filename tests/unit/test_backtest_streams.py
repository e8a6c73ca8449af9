"""Streams as files: which rows are evidence of what, and that a run can be repeated and cut short."""

import json

import pytest

from infra.local.backtest import backtest
from shared.errors import UndecodableError

HEADER = "ts,metric,value,count,errors"


def values(metric, faulty=range(0), *, length=900, step=60, factor=8, counts=""):
    return [
        f"{step * n},{metric},{(100 + n * 7 % 5) * (factor if n in faulty else 1)},{counts}," for n in range(length)
    ]


def run(folder, rows, *, header=HEADER, **meta):
    folder.mkdir(parents=True, exist_ok=True)
    stream, described, out = folder / "s.csv", folder / "m.json", folder / "out" / "alerts.jsonl"
    stream.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    described.write_text(json.dumps({"stream": "s", "metric": "latency", "step_s": 60, **meta}), encoding="utf-8")
    assert backtest(stream, described, out) == len(out.read_text().splitlines())
    return [json.loads(line) for line in out.read_text().splitlines()]


def test_a_stream_of_values_warns_and_does_not_page(tmp_path):
    fire, resolve = run(tmp_path, values("latency", range(600, 605)), unit="ms", direction="up")
    assert fire == {
        "ts": 602 * 60,
        "event": "fire",
        "severity": "medium",
        "reason": "far above what is usual at this time",
    }
    assert resolve == {"ts": 607 * 60, "event": "resolve"}


def test_the_direction_of_the_stream_is_kept(tmp_path):
    fall = values("request_rate", range(600, 605), factor=0.01)
    assert run(tmp_path / "up", fall, metric="request_rate", direction="up") == []
    down = run(tmp_path / "down", fall, metric="request_rate", direction="down")
    assert [e["event"] for e in down] == ["fire", "resolve"]


def test_requests_counted_without_errors_are_no_evidence_of_health(tmp_path):
    events = run(tmp_path, values("latency_avg", range(600, 605), counts="700"), unit="ms")
    assert [(e["event"], e.get("severity")) for e in events] == [("fire", "medium"), ("resolve", None)]


def test_a_stream_with_counts_is_judged_by_its_counts_alone(tmp_path):
    rows = [
        f"{60 * n},error_rate,{90 if n > 850 else 5},{'' if n % 2 else 100},{'' if n % 2 else 0}" for n in range(900)
    ]
    assert run(tmp_path, rows, metric="error_rate") == []
    assert len(run(tmp_path, rows[1::2], metric="error_rate")) == 2
    failing = [f"{60 * n},error_rate,,100,{60 if n >= 850 else 0}" for n in range(900)]
    (fire,) = run(tmp_path, failing, metric="error_rate")
    assert (fire["ts"], fire["severity"]) == (851 * 60, "high")


def test_missing_rows_and_empty_values_change_nothing_but_themselves(tmp_path):
    rows = values("latency", range(600, 605))
    holed = [row for n, row in enumerate(rows) if not 200 <= n < 260]
    holed[100:103] = ["", f"{60 * 101},latency,,,", f"{60 * 102},latency,nan,,"]
    assert [e["ts"] for e in run(tmp_path, holed)] == [602 * 60, 607 * 60]


def test_two_runs_agree_and_a_run_cut_short_is_the_beginning_of_the_whole(tmp_path):
    rows = values("latency", {*range(300, 305), *range(600, 605)})
    whole = run(tmp_path / "a", rows)
    assert run(tmp_path / "b", rows) == whole
    assert run(tmp_path / "c", rows[:603]) == [e for e in whole if e["ts"] <= 603 * 60]
    assert len(whole) == 4


def test_an_empty_stream_has_no_alerts(tmp_path):
    assert run(tmp_path, []) == []


@pytest.mark.parametrize(
    ("header", "row"),
    [(HEADER, "0,latency,slow,,"), (HEADER, "soon,latency,3,,"), ("time,metric,value", "0,latency,3")],
)
def test_a_row_that_is_none_is_refused(tmp_path, header, row):
    with pytest.raises(UndecodableError, match="not a row of a stream"):
        run(tmp_path, [row], header=header)

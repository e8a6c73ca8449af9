"""The `soukmon` command: what it prints, and its exit codes."""

import fcntl
import json
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local import people, samples
from infra.local.platform import Platform
from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.adapters.sqlite_state import SqliteState
from shared.cli import backtesting, contacts, effectiveness, oncall, operate, platform_commands, rehearsals
from shared.cli.main import run
from shared.config.loader import load
from shared.domain.amendments import ChannelOff, OffReason, address_digest
from shared.settings import Settings
from shared.usecases.present import amendment_write
from tests.conftest import configuration

assert backtesting
assert contacts
assert effectiveness
assert oncall
assert operate
assert platform_commands
assert rehearsals
NOW = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)


def soukmon(capsys, *arguments):
    code = run([str(a) for a in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def write(path, document):
    path.write_text(
        document if isinstance(document, str) else json.dumps(document, ensure_ascii=False), encoding="utf-8"
    )
    return path


@pytest.fixture
def files(tmp_path):
    alert = samples.crash(NOW, "velocityAlert", issue="i", title="A.kt", crashCount="132", crashPercentage=12.4)
    request = {"headers": alert.headers, "body": json.loads(alert.body)}
    entry = json.loads(samples.request_log(NOW, "web", 200).body)
    return [
        write(tmp_path / "a_crash.json", request),
        write(tmp_path / "b_fine.json", entry),
        write(tmp_path / "c_again.json", request),
        write(tmp_path / "d_broken.json", "{no json"),
        write(
            tmp_path / "e_build.json",
            {"id": "b", "projectId": "p", "status": "SUCCESS", "createTime": samples.stamp(NOW)},
        ),
    ]


def test_replay_prints_one_line_per_file_with_outcome_and_reason(capsys, files):
    code, out, _ = soukmon(capsys, "replay", "--json", *files)
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["outcome"] for line in lines] == ["incident", "ignored", "recorded", "dead_letter", "recorded"]
    assert lines[0]["severity"] == "critical"
    assert {n["channel"] for n in lines[0]["notifications"]} == {"slack", "email", "sms"}
    assert {n["state"] for n in lines[0]["notifications"]} <= {"sent", "delivered"}
    assert lines[2]["reason"] == "the same event was delivered before"
    assert "not JSON" in lines[3]["reason"]
    assert all(line["reason"] for line in lines)


def test_replay_takes_folders(capsys, files):
    code, out, err = soukmon(capsys, "replay", files[0].parent)
    assert (code, len(out.splitlines())) == (0, 5)
    assert "5 files" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "/nowhere.json"),
        ("replay",),
        ("nonsense",),
        ("oncall", "--at", "yesterday"),
        ("explain", "INC-1", "--state", "/nowhere"),
        ("fire", "no_such_rule"),
        ("simulate", "/nowhere.yaml"),
    ],
)
def test_bad_usage_is_one_line_on_stderr_and_exit_code_2(capsys, arguments):
    code, out, err = soukmon(capsys, *arguments)
    assert (code, out, len(err.strip().splitlines())) == (2, "", 1)
    assert err.startswith("soukmon: ")


def test_oncall_names_everybody_and_knows_hand_overs(capsys):
    code, out, _ = soukmon(capsys, "oncall", "--at", "2026-04-26T08:59", "--json")
    before = json.loads(out)["rotations"]
    _, out, _ = soukmon(capsys, "oncall", "--at", "2026-04-26T09:00", "--json")
    after = json.loads(out)["rotations"]
    assert code == 0
    assert before[0]["person"] != after[0]["person"]
    assert before[0]["until"].startswith("2026-04-26T06:00")


def test_oncall_says_who_until_when_and_who_then_in_cairo_time(capsys):
    code, out, _ = soukmon(capsys, "oncall", "--at", "2026-04-26T08:59")
    assert code == 0
    assert out.splitlines() == [
        "on call at Sun 26 Apr 08:59 EEST",
        "primary: Karim Fathy until Sun 26 Apr 09:00 EEST, then Salma Adel",
        "secondary: Salma Adel until Sun 26 Apr 09:00 EEST, then Youssef Nabil",
    ]


def test_a_duty_is_taken_swapped_and_given_back_on_the_command_line(capsys, tmp_path):
    SqliteState(tmp_path / "state.db")
    state = ("--state", str(tmp_path))
    soon = datetime.now(UTC) + timedelta(hours=1)
    until, later = ((soon + timedelta(days=days)).isoformat() for days in (2, 7))

    def on_call():
        _, out, _ = soukmon(capsys, "oncall", "--json", "--at", soon.isoformat(), *state)
        return json.loads(out)["rotations"][0]["person"]

    regular = on_call()
    code, out, _ = soukmon(capsys, "oncall", "take", "primary", "hana", "--until", until, *state)
    assert (code, out.startswith("Taken over in primary. Hana Mansour: "), on_call()) == (0, True, "hana")
    assert "Hana Mansour" in soukmon(capsys, "oncall", "week", *state)[1]
    assert soukmon(capsys, "oncall", "cancel", "primary", "--at", soon.isoformat(), *state)[0] == 0
    assert on_call() == regular
    assert soukmon(capsys, "oncall", "swap", "primary", soon.isoformat(), later, *state)[0] == 0
    assert on_call() != regular
    code, out, err = soukmon(capsys, "oncall", "take", "primary", "sherif", "--until", until, *state)
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_the_calendar_s_address_is_printed_for_people_and_rotations_only(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap._Choices, "settings", Settings(link_keys="k", calendar_url="https://c"))
    assert soukmon(capsys, "oncall", "calendar-link", "karim")[1].startswith("https://c/person/karim/")
    assert soukmon(capsys, "oncall", "calendar-link", "primary")[1].startswith("https://c/rotation/primary/")
    assert soukmon(capsys, "oncall", "calendar-link", "nobody")[0] == 2


def test_check_is_clean_and_refuses_demo_contacts_in_production(capsys):
    assert soukmon(capsys, "check")[0] == 0
    code, out, _ = soukmon(capsys, "check", "--production")
    assert (code, "demo" in out) == (1, True)


def test_check_accepts_the_mission_s_own_form_and_prints_the_normal_form(capsys, tmp_path):
    alert = {"error_rate_alert": {"condition": "error_rate > 1%", "threshold": "0.5% increase", "channels": ["email"],
                                  "frequency": "immediate", "escalation": "after 30 minutes"}}  # fmt: skip
    code, out, _ = soukmon(capsys, "check", write(tmp_path / "alerts.json", alert))
    assert code == 0
    assert "points" in out


def test_fire_shows_who_would_be_told(capsys):
    code, out, _ = soukmon(capsys, "fire", "crash_velocity")
    assert code == 0
    assert {n["channel"] for n in json.loads(out)["notifications"]} >= {"slack", "email"}


def test_explain_and_dead_letters_speak_of_a_running_installation(capsys, driver, tmp_path):
    driver.send(samples.crash(driver.clock.now(), "newFatalIssue", issue="1", title="A.kt"))
    driver.platform.call("receive_log_entry", b"{broken", {"content-type": "application/json"})
    driver.platform.drain()
    name, state = driver.incidents[0].id, tmp_path / "state"
    code, out, _ = soukmon(capsys, "explain", name, "--state", state)
    assert (code, "first notification" in out, "sms to" in out) == (0, True, True)
    code, out, _ = soukmon(capsys, "dead-letters", "list", "--state", state)
    letter = out.split()[0]
    assert "not JSON" in out
    assert soukmon(capsys, "dead-letters", "show", letter, "--state", state)[0] == 0
    code, out, _ = soukmon(capsys, "dead-letters", "redrive", letter, "--state", state)
    assert (code, out) == (1, "receive_log_entry answered 204 and kept it again\n")
    assert "kept again" in soukmon(capsys, "dead-letters", "list", "--state", state)[1]
    assert soukmon(capsys, "dead-letters", "show", "none", "--state", state)[0] == 2


def test_effectiveness_is_told_to_people_and_to_programs(capsys, driver, tmp_path):
    driver.send(samples.crash(driver.clock.now(), "velocityAlert", issue="1", title="A.kt", crashCount="132"))
    people.press(driver.platform, "not_useful", driver.incidents[0].id, person="mona")
    state = tmp_path / "state"
    days = str(max((SystemClock().now() - driver.clock.now()).days + 2, 1))
    code, out, _ = soukmon(capsys, "effectiveness", "--state", state, "--days", days)
    assert (code, "1 told, 1 not useful (100.0%), 0 acknowledged, mean time to acknowledge n/a" in out) == (0, True)
    code, out, _ = soukmon(capsys, "effectiveness", "--state", state, "--days", days, "--json")
    assert json.loads(out)["rules"]["crash_velocity"]["false_positive_rate"] == 1.0
    assert soukmon(capsys, "effectiveness", "--state", tmp_path / "none")[0] == 2


def test_the_installed_command_answers():
    command = [str(Path(sys.executable).with_name("soukmon")), "oncall", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "rotations" in json.loads(done.stdout)) == (0, True)


def test_real_people_are_never_told_of_a_demo(capsys):
    code, _, err = soukmon(capsys, "up", "--providers", "environment", "--demo")
    assert (code, "leave out --demo" in err) == (2, True)


def test_with_the_environment_s_providers_messages_go_to_the_addresses_it_names(tmp_path, clock):
    sandbox = Platform(tmp_path / "sandbox", clock=clock, configuration=configuration())
    there = replace(sandbox.settings, link_keys="own-key", public_url="https://mon.souk.example")
    sandbox.close()
    platform = Platform(tmp_path / "real", clock=clock, configuration=configuration(), environment=there)
    platform.close()
    assert platform.settings.slack_url == sandbox.settings.slack_url
    assert (platform.settings.public_url, platform.settings.link_keys) == ("https://mon.souk.example", "own-key")
    assert platform.settings.state_dir == str(tmp_path / "real")


def test_backtest_writes_the_alerts_of_a_stream(capsys, tmp_path):
    rows = ["ts,metric,value,count,errors"]
    rows += [f"{60 * n},error_rate,,30,{0 if n < 1500 or n > 1530 else 25}" for n in range(1600)]
    rows.insert(700, "")
    rows.insert(701, "41999,error_rate,,,")
    stream = write(tmp_path / "s.csv", "\n".join(rows))
    meta = write(
        tmp_path / "m.json", {"stream": "s", "metric": "error_rate", "unit": "%", "step_s": 60, "direction": "up"}
    )
    out = tmp_path / "alerts.jsonl"
    assert soukmon(capsys, "backtest", "--stream", stream, "--meta", meta, "--out", out)[0] == 0
    events = [json.loads(line) for line in out.read_text().splitlines()]
    assert (events[0]["event"], events[0]["ts"]) == ("fire", 60 * 1501)
    assert [e["event"] for e in events] == ["fire", "resolve"]


def test_backtest_refuses_a_faulty_stream_in_one_line(capsys, tmp_path):
    stream = write(tmp_path / "s.csv", "ts,metric,value,count,errors\nsoon,error_rate,,3,1")
    meta = write(tmp_path / "m.json", {"stream": "s", "metric": "error_rate", "step_s": 60})
    code, _, err = soukmon(capsys, "backtest", "--stream", stream, "--meta", meta, "--out", tmp_path / "o")
    assert (code, len(err.strip().splitlines())) == (2, 1)


def test_a_port_or_a_folder_that_is_taken_is_refused_in_one_line(capsys, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = soukmon(capsys, "up", "--port", port, "--state", tmp_path / "a")
        assert (code, f"port {port} is in use" in err) == (2, True)
    with (tmp_path / "a" / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        code, _, err = soukmon(capsys, "up", "--port", port, "--state", tmp_path / "a")
    assert (code, "in use by another soukmon up" in err) == (2, True)


@pytest.fixture
def marked(tmp_path):
    people = load().directory.people
    addresses = {"karim": people["karim"].phone, "salma": "a number of the past"}
    store = SqliteState(tmp_path / "state.db")
    marks = [ChannelOff(n, "sms", address_digest(a), OffReason.REFUSED, NOW) for n, a in addresses.items()]
    store.commit([amendment_write(mark) for mark in marks])
    return tmp_path


def test_dead_addresses_are_listed_without_the_address_and_used_again_when_told_so(capsys, marked):
    code, out, _ = soukmon(capsys, "channels", "list", "--state", marked)
    assert code == 1
    karim, salma = sorted(out.splitlines())
    assert karim.startswith("karim  sms  2026-03-10 00:10 UTC  the provider says")
    assert salma.endswith("used again)")
    assert "+20" not in out
    assert soukmon(capsys, "channels", "on", "karim", "sms", "--state", marked)[0] == 0
    assert soukmon(capsys, "channels", "list", "--state", marked)[0] == 0


@pytest.mark.parametrize("words", [("karim", "email"), ("nobody", "sms"), ("karim", "slack")])
def test_what_is_not_turned_off_cannot_be_turned_on(capsys, marked, words):
    code, _, err = soukmon(capsys, "channels", "on", *words, "--state", marked)
    assert code == 2
    assert len(err.splitlines()) == 1

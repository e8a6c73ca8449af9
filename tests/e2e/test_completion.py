"""What a shell is told when somebody presses the tab key."""

import pytest

from infra.local import samples
from shared.cli.main import commands, run


def offered(capsys, monkeypatch, line):
    """The words that click's script for zsh would offer behind a line."""
    monkeypatch.setenv("_SOUKMON_COMPLETE", "zsh_complete")
    words = line.split(" ")
    monkeypatch.setenv("COMP_WORDS", " ".join(["soukmon", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    commands()
    with pytest.raises(SystemExit) as ended:
        run([])
    assert ended.value.code == 0
    return capsys.readouterr().out.splitlines()[1::3]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fi", ["fire"]),
        ("fire error_r", ["error_rate_alert", "error_rate_burn"]),
        ("tune order_f", ["order_failure_alert", "order_failure_burn"]),
        ("simulate --flight uptime", ["uptime_burn", "uptime"]),
        ("jobs run health", ["health_check"]),
        ("report exec", ["executive_summary"]),
        ("oncall take p", ["primary"]),
        ("oncall take primary kar", ["karim"]),
        ("explain --state /nowhere INC", []),
    ],
)
def test_names_of_the_configuration_are_offered(capsys, monkeypatch, line, words):
    assert offered(capsys, monkeypatch, line) == words


def test_the_incidents_of_the_state_folder_are_offered_the_newest_first(capsys, monkeypatch, driver, tmp_path):
    for issue in ("1", "2"):
        driver.send(samples.crash(driver.clock.now(), "newFatalIssue", issue=issue, title="A.kt"))
    names = {one.id for one in driver.incidents}
    assert len(names) == 2
    assert set(offered(capsys, monkeypatch, f"explain --state {tmp_path / 'state'} INC-")) == names


def test_a_configuration_that_is_refused_offers_nothing(capsys, monkeypatch, tmp_path):
    assert offered(capsys, monkeypatch, f"fire --config {tmp_path} error") == []


@pytest.mark.parametrize(
    ("shell", "word"), [("bash", "complete -o"), ("zsh", "#compdef soukmon"), ("fish", "complete ")]
)
def test_the_script_is_printed_and_where_it_belongs_is_said(capsys, shell, word):
    commands()
    assert run(["completion", shell]) == 0
    printed = capsys.readouterr()
    assert (word in printed.out, "_SOUKMON_COMPLETE" in printed.out, "put this into ~/" in printed.err) == (True,) * 3

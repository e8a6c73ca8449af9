"""`soukmon init`: from nothing to a configuration that is accepted, and its first page."""

import io
import json
import sys

import pytest

from shared.cli import init as init_command
from shared.cli import operate, rehearsals
from shared.cli.main import run

assert init_command
assert operate
assert rehearsals
PEOPLE = (
    "--person",
    "نور حسن, nour@souk.eg, 01001234567, ar",
    "--person",
    "Omar Zaki, omar@souk.eg, +201212345678, en",
)
PLACES = ("--slack-channel", "C012AB3CD", "--breach-channel", "https://souk.slack.com/archives/G012AB3CD",
          "--support", "help@souk.eg", "--site", "https://souk.eg/", "--api", "https://api.souk.eg/health")  # fmt: skip


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self):
        return True


@pytest.fixture
def soukmon(capsys, monkeypatch):
    def command(*arguments, typed=None):
        monkeypatch.setattr(sys, "stdin", io.StringIO() if typed is None else Terminal("\n".join(typed) + "\n"))
        code = run([str(a) for a in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_options_alone_lead_to_a_configuration_that_is_accepted_and_to_its_first_page(soukmon, tmp_path):
    home = tmp_path / "mine"
    code, out, _ = soukmon("init", home, *PEOPLE, *PLACES)
    assert code == 0
    assert f"wrote {home / 'oncall.yaml'}" in out
    page = out.partition("The first page")[2]
    assert "slack  #incidents C012AB3CD (sent)" in page
    assert "sms    نور حسن +201001234567 (delivered)" in page
    assert "sms    Omar Zaki +201212345678 (delivered)" in page
    assert [words in page for words in ("| حرج:", "| CRITICAL:", "| 🔴 CRITICAL · web")] == [True] * 3
    assert [words in out for words in ("soukmon up", "soukmon deploy plan", "soukmon fire NAME")] == [True] * 3
    assert soukmon("check", home)[0] == 0
    assert f"{len(list(home.glob('*.yaml')))}" == "21"


def test_with_an_emergency_number_it_may_go_into_production(soukmon, tmp_path):
    home = tmp_path / "mine"
    assert soukmon("init", home, *PEOPLE, *PLACES, "--emergency-phone", "+20227350000")[0] == 0
    code, out, _ = soukmon("check", "--production", home)
    assert (code, "error:" in out, "warning:" in out) == (0, False, False)


def test_what_is_missing_is_named_in_one_line_when_nobody_is_there_to_ask(soukmon, tmp_path):
    home = tmp_path / "mine"
    for arguments in ((home,), (home, "--yes")):
        code, out, err = soukmon("init", *arguments, *PEOPLE[:2], "--site", "https://souk.eg/")
        assert (code, out, len(err.splitlines()), home.exists()) == (2, "", 1, False)
        assert "--person once more" in err
        assert [name in err for name in ("--slack-channel", "--support", "--api", "--site")] == [True] * 3 + [False]


def test_what_is_there_is_written_over_only_when_asked_to(soukmon, tmp_path):
    mine = tmp_path / "oncall.yaml"
    mine.write_text("mine")
    code, _, err = soukmon("init", tmp_path, *PEOPLE, *PLACES)
    assert (code, f"{mine} is there already" in err, mine.read_text()) == (2, True, "mine")
    assert [file.name for file in tmp_path.iterdir()] == ["oncall.yaml"]
    assert soukmon("init", tmp_path, *PEOPLE, *PLACES, "--force")[0] == 0
    assert "nour@souk.eg" in mine.read_text(encoding="utf-8")


def test_each_answer_is_asked_for_again_until_it_fits(soukmon, tmp_path):
    home = tmp_path / "mine"
    first = ["", "نور حسن", "nour", "nour@souk.eg", "12", "01001234567", "", ""]
    second = ["Omar Zaki", "omar@souk.eg", "+201212345678", "en", "U012AB3CD", ""]
    places = ["", "#incidents", "C012AB3CD", "G012AB3CD", "help@souk.eg", "", "", "https://souk.eg/", "souk.eg",
              "https://api.souk.eg/", "", "", "", ""]  # fmt: skip
    code, out, _ = soukmon("init", home, typed=first + second + places)
    assert code == 0
    assert [
        words in out for words in ("write an address such as", "with its country code", "is a name, and names")
    ] == [True] * 3
    written = (home / "oncall.yaml").read_text(encoding="utf-8")
    assert [words in written for words in ("نور حسن", "U012AB3CD", "Africa/Cairo")] == [True] * 3
    assert "alerts@souk.eg" in (home / "channels.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "teaches"),
    [
        (("--breach-channel", "C012AB3CD"), "a private Slack channel of its own"),
        (("--support", "help"), "Invalid value for '--support': 'help' does not fit; write an address"),
        (("--time-zone", "Africa/Kairo"), "write Africa/Cairo"),
    ],
)
def test_an_option_that_does_not_fit_is_refused_in_one_line_that_teaches(soukmon, tmp_path, arguments, teaches):
    code, _, err = soukmon("init", tmp_path / "mine", *PEOPLE, *PLACES, *arguments)
    assert (code, len(err.splitlines()), teaches in err, (tmp_path / "mine").exists()) == (2, 1, True, False)


def test_a_rule_of_the_new_configuration_is_fired_from_it(soukmon, tmp_path, monkeypatch):
    home = tmp_path / "mine"
    assert soukmon("init", home, *PEOPLE, *PLACES)[0] == 0
    rules = home / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("name: failed_build", "name: builds_of_mine"))
    monkeypatch.setenv("SOUKMON_CONFIG", str(home))
    code, out, _ = soukmon("fire", "builds_of_mine")
    assert code == 0
    assert {row["recipient"] for row in json.loads(out)["notifications"]} >= {"nour", "omar"}
    rules.write_text("alerts: nonsense\n")
    assert soukmon("check")[0] == 1

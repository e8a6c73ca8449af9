"""Every file in bad/ replaces its namesake in good/ and is refused with exactly the words in its head."""

from pathlib import Path
from shutil import copytree

import pytest

from shared.config.loader import load
from shared.errors import ConfigurationError

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.yaml"), key=lambda path: path.stem)


@pytest.fixture
def home(tmp_path):
    return copytree(HERE / "good", tmp_path / "config")


def head(content, word):
    return [line.removeprefix(f"# {word}: ") for line in content.splitlines() if line.startswith(f"# {word}: ")]


def test_the_good_files_are_accepted(home):
    assert [rule.name for rule in load(home).metric_rules] == ["error_rate_alert", "visit_alert"]


def test_there_is_a_bad_file_for_every_kind_of_fault():
    assert len(BAD) >= 60


@pytest.mark.parametrize("bad", BAD, ids=lambda path: path.stem)
def test_the_refusal_names_file_line_and_fix(bad, home):
    content = bad.read_text(encoding="utf-8")
    (home / head(content, "file")[0]).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refusal:
        load(home)
    assert str(refusal.value).splitlines() == head(content, "says")


def test_several_faults_are_told_at_once(home):
    oncall = home / "oncall.yaml"
    oncall.write_text(oncall.read_text().replace("support: [omar, board]", "support: [zain, layla]"))
    with pytest.raises(ConfigurationError) as refusal:
        load(home)
    assert [line.partition(";")[0] for line in str(refusal.value).splitlines()] == [
        "oncall.yaml:7: teams.support[0]: there is no person zain",
        "oncall.yaml:7: teams.support[1]: there is no person layla",
    ]


def test_a_missing_file_is_named(home):
    (home / "channels.yaml").unlink()
    with pytest.raises(
        ConfigurationError, match=r"^channels.yaml:1: cannot be read \(No such file or directory\); every"
    ):
        load(home)


def test_text_in_another_encoding_is_refused(home):
    (home / "rules.yaml").write_bytes("alerts: [] # قواعد".encode("cp1256"))
    with pytest.raises(ConfigurationError, match=r"^rules.yaml:1: not UTF-8 text .*; save the file as UTF-8$"):
        load(home)


def test_an_empty_file_is_refused(home):
    (home / "escalation.yaml").write_text("")
    with pytest.raises(ConfigurationError, match=r"^escalation.yaml:1: .*object"):
        load(home)


def test_E26_a_goal_of_everything_leaves_no_budget_and_is_refused(home):
    rules = home / "rules.yaml"
    rules.write_text(
        rules.read_text().replace("condition: error_rate > 1%", "metric: error_rate\n    objective: 100.0")
    )
    with pytest.raises(ConfigurationError, match=r"objective.*below 100"):
        load(home)


@pytest.mark.parametrize("threshold", ["-30% decrease", "100% decrease"])
def test_E22_a_negative_or_impossible_decrease_is_refused(home, threshold):
    rules = home / "rules.yaml"
    rules.write_text(rules.read_text().replace("30% decrease", threshold))
    with pytest.raises(ConfigurationError, match="threshold"):
        load(home)

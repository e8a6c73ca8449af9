"""`soukmon check`: exit codes, lines, and normal forms that load again."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shared.cli.check import check
from shared.config.loader import PACKAGED
from shared.config.normal_forms import spelled_out
from shared.errors import ConfigurationError

HERE = Path(__file__).parent
NOW = datetime(2026, 4, 1, tzinfo=UTC)
MISSION = {
    "order_failure_alert": {
        "condition": "order_failure_rate > 5%",
        "threshold": "2% increase",
        "channels": ["email", "slack", "sms"],
        "frequency": "immediate",
        "escalation": "immediate",
    }
}


def checked(tmp_path, text, name="mine.json"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    code, lines = check([file], production=False)
    return code, [line.replace(f"{tmp_path}/", "") for line in lines]


def test_the_shipped_configuration_is_fine_and_warns_of_the_missing_emergency_number():
    code, lines = check([], production=False, now=NOW)
    assert code == 0
    assert [lines[0].partition(":")[0], lines[-1].partition(":")[0]] == ["warning", "fine"]
    assert "support[1].address: the emergency phone has no number" in lines[0]


def test_the_shipped_configuration_may_not_go_into_production():
    code, lines = check([], production=True, now=NOW)
    assert code == 1
    assert ["oncall.yaml:6: demo_contacts" in lines[0], "emergency phone has no number" in lines[1]] == [True, True]
    assert [line.partition(":")[0] for line in lines] == ["error"] * 7
    assert ["nobody looks at it; write the address to fetch" in line for line in lines[2:5]] == [True] * 3
    assert [": slack: " in lines[5], ": regulator: " in lines[6]] == [True, True]


def test_a_directory_of_real_people_is_fine_in_production():
    code, lines = check([HERE / "good"], production=True, now=NOW)
    assert (code, lines[-1]) == (0, "fine: 2 metric rules, 2 event rules")


def test_every_metric_rule_says_how_long_it_may_take_to_see_a_fault():
    _, lines = check([HERE / "good"], production=True, now=NOW)
    assert lines[0] == (
        "error_rate_alert: sees a strong fault within 3 min (source 1m, window 1m, evaluation 1m); "
        "data later than 10m is told as late"
    )


def test_a_number_that_no_telephone_can_have_is_refused(tmp_path):
    home = copytree(HERE / "good", tmp_path / "config")
    oncall = home / "oncall.yaml"
    oncall.write_text(oncall.read_text().replace("+201212345678", "+2012123456789"))
    code, lines = check([home], production=False, now=NOW)
    assert (code, len(lines)) == (1, 1)
    assert lines[0].startswith("error: oncall.yaml:4: people.omar.phone: +2012123456789 is not a telephone number")


def test_E61_a_gap_in_the_coming_weeks_is_refused(tmp_path):
    home = copytree(HERE / "good", tmp_path / "config")
    oncall = home / "oncall.yaml"
    oncall.write_text(oncall.read_text().replace("person: omar, start", "person: null, start"))
    assert check([home], production=False, now=NOW)[0] == 0
    code, lines = check([home], production=False, now=datetime(2026, 2, 20, tzinfo=UTC))
    assert code == 1
    assert lines[0].startswith("error: oncall.yaml:9: rotations.primary: nobody is on call from 2026-03-01 07:00 UTC;")


def test_the_missions_own_json_is_answered_with_its_normal_form(tmp_path):
    code, lines = checked(tmp_path, json.dumps(MISSION, indent="\t"))
    assert code == 0
    (form,) = yaml.safe_load("\n".join(lines))["alerts"]
    assert form["change"] == {"by": 2, "unit": "points", "direction": "increase"}
    assert form["severity"] == "critical"


@pytest.mark.parametrize("name", ["rules", "severities", "escalation", "oncall", "channels", "metrics", "calendars"])
def test_the_normal_form_of_every_shipped_file_is_its_own_normal_form(name):
    code, lines = check([PACKAGED / f"{name}.yaml"], production=False)
    text = "\n".join(lines) + "\n"
    assert code == 0
    assert spelled_out(text.encode(), file="again.yaml") == text


def test_a_refused_file_gives_file_line_and_fix(tmp_path):
    text = json.dumps(MISSION, indent=2).replace("2% increase", "-2% increase")
    assert checked(tmp_path, text) == (
        1,
        ["mine.json:4: order_failure_alert.threshold: '-2% increase' has a negative number; write 2% increase instead"],
    )


def test_a_rule_that_is_there_twice_is_refused_at_its_own_line(tmp_path):
    item = "- {name: a, condition: x > 1, channels: [email]}\n"
    refusal = "mine.yaml:2: [1].name: the name a is there twice; give every rule its own name, such as a_2"
    assert checked(tmp_path, item + item, "mine.yaml") == (1, [refusal])


def test_a_warning_is_a_comment_of_the_normal_form(tmp_path):
    text = "a: {condition: x > 1, channels: [email], severity: critical, runbook: a}"
    code, lines = checked(tmp_path, text, "mine.yaml")
    assert code == 0
    assert lines[0].startswith("# warning: mine.yaml:1: a.channels: a can become critical and sends no text message")


@pytest.mark.parametrize(
    "text", ["", "[", "{", "just words", "42", "{}", "alerts: {a: [1]}", "events: 1", "a: *b", "\x00"]
)
def test_anything_else_is_refused_with_one_line(tmp_path, text):
    code, lines = checked(tmp_path, text)
    assert (code, len(lines)) == (1, 1)
    assert re.match(r"mine.json:[12]: .+; .+", lines[0])


def test_a_file_nested_without_end_is_refused(tmp_path):
    code, lines = checked(tmp_path, "[" * 5_000 + "]" * 5_000)
    assert (code, lines) == (1, ["mine.json:1: nested too deeply; write it flat"])


def test_an_absent_file_is_bad_input_and_the_worst_code_counts(tmp_path):
    absent = tmp_path / "absent.yaml"
    assert check([absent], production=False) == (2, [f"{absent}: cannot be read (No such file or directory)"])
    code, lines = check([absent, PACKAGED / "severities.yaml"], production=False)
    assert (code, lines[1]) == (2, "severities:")


PLAIN = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["x > 1", "5m", "email", "1%"])
)
KEYS = st.sampled_from(
    [
        "alerts",
        "events",
        "name",
        "condition",
        "threshold",
        "channels",
        "limit",
        "change",
        "severities",
        "policies",
        "people",
        "slack",
        "steps",
        "match",
        "low",
        "rotations",
        "limits",
        "rate_caps",
        "sms",
    ]
) | st.text(max_size=4)
TREES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


def refusal(text):
    try:
        spelled_out(text, file="any.json")
    except ConfigurationError as error:
        return str(error)
    return None


@given(TREES)
def test_no_document_is_refused_with_anything_but_a_sentence(tree):
    said = refusal(json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    assert said is None or said.startswith("any.json:")


@given(st.binary(max_size=40))
def test_no_bytes_are_refused_with_anything_but_a_sentence(content):
    said = refusal(content)
    assert said is None or said.startswith("any.json:")


def test_a_rule_of_what_nothing_measures_is_warned_of_with_what_was_probably_meant(tmp_path):
    text = "- {name: mine, condition: eror_rate > 3%, channels: [email], severity: high, runbook: eror_rate}"
    code, lines = checked(tmp_path, text, "mine.yaml")
    warnings = sorted(line for line in lines if line.startswith("# "))
    assert code == 0
    assert [line.partition(";")[0] for line in warnings] == [
        "# warning: mine.yaml:1: [0].runbook: there is no runbook eror_rate",
        "# warning: mine.yaml:1: [0]: mine watches eror_rate, which is no metric",
    ]
    assert "did you mean error_rate?" in warnings[1]


def test_a_file_in_a_folder_of_configuration_is_held_against_that_folder(tmp_path):
    home = copytree(HERE / "good", tmp_path / "config")
    alert = "- {name: mine, condition: plain_time > 500ms, channels: [email], severity: high, runbook: errors}"
    (home / "new.yaml").write_text(alert)
    assert [line for line in check([home / "new.yaml"])[1] if line.startswith("#")] == []
    (tmp_path / "new.yaml").write_text(alert)
    assert ["which is no metric" in line for line in check([tmp_path / "new.yaml"])[1] if line.startswith("#")] == [
        False,
        True,
    ]

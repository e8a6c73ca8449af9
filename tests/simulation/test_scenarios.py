"""Whole time lines on a virtual clock; anything sent that a scenario does not expect fails it."""

from pathlib import Path

import pytest

from infra.local.scenario import play, read
from shared.errors import ConfigurationError

SCENARIOS = sorted(Path(__file__).parent.glob("*.yaml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_scenario_goes_as_written(path):
    result = play(read(path))
    assert result.passed, "\n".join(result.lines)


def test_a_message_nobody_expected_fails_a_scenario(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("start: 2026-03-10T02:10:00+02:00\nsteps:\n  - {send: crash_velocity}\n")
    result = play(read(path))
    assert not result.passed
    assert "sms karim" in result.lines[-1]


def test_a_message_that_does_not_come_fails_a_scenario(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("start: 2026-03-10T02:10:00+02:00\nsteps:\n  - {expect: [sms karim]}\n")
    assert play(read(path)).lines == ["FAIL 00:10:00  missing: sms karim"]


@pytest.mark.parametrize(
    "text", ["steps: []", "start: x\nsteps: []", "start: 2026-03-10T02:10:00Z\nsteps: [{dance: 1}]"]
)
def test_a_scenario_with_a_fault_is_refused(tmp_path, text):
    path = tmp_path / "s.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"s\.yaml"):
        read(path)

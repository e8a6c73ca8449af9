"""Warnings, gaps in rotations, and what production insists on."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from shared.config.crosschecks import findings, production_findings
from shared.config.faults import Level, dotted
from shared.config.loader import load
from shared.config.people_checks import gaps, unfairness
from shared.config.placeholders import is_demo, is_placeholder
from shared.domain.notifications import GAME_DAY
from shared.domain.oncall import Override, Rotation
from shared.domain.rules import EventRule, Match
from shared.domain.severities import Severity
from shared.domain.wallclock import Hours

GOOD = load(Path(__file__).parent / "good")
NOW = datetime(2026, 4, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def said(found):
    return [(finding.level.value, finding.file, dotted(finding.path)) for finding in found]


def with_overrides(*overrides):
    return replace(GOOD.directory, overrides=overrides)


def test_a_fitting_configuration_has_no_finding():
    assert said(findings(GOOD)) == []


def test_without_a_recipient_of_rehearsals_a_warning_says_that_no_game_day_is_held():
    people = {name: person for name, person in GOOD.directory.people.items() if name != GAME_DAY}
    slack = {name: channel for name, channel in GOOD.slack_channels.items() if name != GAME_DAY}
    bare = replace(GOOD, directory=replace(GOOD.directory, people=people), slack_channels=slack)
    assert said(findings(bare)) == [("warning", "channels.yaml", "")]


def test_E61_a_rotation_without_a_gap_has_no_finding():
    assert said(gaps(GOOD.directory, NOW)) == []


@pytest.mark.parametrize("start", [timedelta(hours=5), 3 * DAY, 55 * DAY])
def test_E61_an_empty_override_within_eight_weeks_is_a_gap(start):
    hole = Override("primary", None, NOW + start, NOW + start + timedelta(hours=1))
    (finding,) = gaps(with_overrides(hole), NOW)
    assert said([finding]) == [("error", "oncall.yaml", "rotations.primary")]
    assert finding.what == f"nobody is on call from {NOW + start:%Y-%m-%d %H:%M} UTC"


def test_E61_a_gap_that_is_open_already_is_found():
    hole = Override("primary", None, NOW - DAY, NOW + timedelta(hours=1))
    assert said(gaps(with_overrides(hole), NOW)) == [("error", "oncall.yaml", "rotations.primary")]


def test_E61_a_gap_that_is_over_or_far_away_is_none():
    past = Override("primary", None, NOW - 2 * DAY, NOW - DAY)
    far = Override("primary", None, NOW + 57 * DAY, NOW + 58 * DAY)
    assert said(gaps(with_overrides(past, far), NOW)) == []


def test_E61_a_gap_left_behind_by_an_override_that_was_overridden_in_part_is_found():
    hole = Override("primary", None, NOW + DAY, NOW + 3 * DAY)
    filled = Override("primary", "omar", NOW + DAY, NOW + 2 * DAY)
    (finding,) = gaps(with_overrides(hole, filled), NOW)
    assert f"{NOW + 2 * DAY:%Y-%m-%d %H:%M}" in finding.what


def test_E61_a_rotation_that_has_not_begun_is_a_gap():
    primary = GOOD.directory.rotations["primary"]
    late = replace(primary, base=replace(primary.base, first_day=date(2026, 5, 1)))
    directory = replace(GOOD.directory, rotations={"primary": late})
    assert said(gaps(directory, NOW)) == [("error", "oncall.yaml", "rotations.primary")]


def test_E61_hours_that_no_layer_covers_are_a_gap():
    primary = GOOD.directory.rotations["primary"]
    office = replace(primary.base, hours=Hours(time(9), time(21)))
    directory = replace(
        GOOD.directory, rotations={"primary": Rotation("primary", replace(primary.base, people=()), (office,))}
    )
    (finding,) = gaps(directory, NOW)
    assert said([finding]) == [("error", "oncall.yaml", "rotations.primary")]
    assert "2026-04-01 00:00" in finding.what


def test_somebody_with_far_more_turns_than_the_others_is_a_warning():
    primary = GOOD.directory.rotations["primary"]
    people = ("mona", "mona", "mona", "omar", "board", "lead")
    uneven = Rotation("primary", replace(primary.base, people=people))
    directory = replace(GOOD.directory, rotations={"primary": uneven}, overrides=())
    found = list(unfairness(directory, NOW))
    assert said(found) == [("warning", "oncall.yaml", "rotations.primary")] * 3
    assert found[0].what == "in the next 84 days mona has more than 1.5 times the mean of hours"
    assert said(unfairness(GOOD.directory, NOW)) == []


def event(name, pattern, severity=Severity.MEDIUM, channels=("email",), runbook=""):
    return EventRule(name, Match((pattern,)), severity, channels, runbook=runbook)


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        (event("quiet", "a", Severity.CRITICAL, ("email",), "errors"), "events[0].channels"),
        (event("bare", "a", Severity.HIGH), "events[0]"),
    ],
)
def test_a_rule_that_works_but_deserves_a_look_is_a_warning(rule, place):
    assert said(findings(replace(GOOD, event_rules=(rule,)))) == [("warning", "rules.yaml", place)]


def test_a_rule_behind_the_one_for_everything_is_a_warning():
    configuration = replace(GOOD, event_rules=(event("all", "*"), event("late", "a.*"), event("later", "b.*")))
    places = [("warning", "rules.yaml", "events[1]"), ("warning", "rules.yaml", "events[2]")]
    assert said(findings(configuration)) == places


def test_somebody_on_call_without_a_phone_is_a_warning():
    people = {**GOOD.directory.people, "omar": replace(GOOD.directory.people["omar"], phone="")}
    configuration = replace(GOOD, directory=replace(GOOD.directory, people=people))
    assert said(findings(configuration)) == [("warning", "oncall.yaml", "rotations.primary.people[1]")]


def test_a_missing_emergency_number_is_a_warning_and_in_production_an_error():
    silent = replace(GOOD.support[0], address="")
    configuration = replace(GOOD, support=(silent,))
    assert said(findings(configuration)) == [("warning", "channels.yaml", "support[0].address")]
    assert said(production_findings(configuration)) == [("error", "channels.yaml", "support[0].address")]


def test_production_refuses_demo_contacts_and_nothing_that_is_real():
    assert said(production_findings(GOOD)) == []
    assert said(production_findings(replace(GOOD, demo_contacts=True))) == [("error", "oncall.yaml", "demo_contacts")]


def test_the_shipped_examples_are_placeholders_once_the_contacts_are_said_to_be_real():
    found = list(findings(replace(load(), demo_contacts=False)))
    places = {dotted(finding.path) for finding in found if finding.level is Level.ERROR}
    assert {"people.hana.email", "people.hana.phone", "people.hana.slack_user"} <= places
    assert {"slack.incidents", "email_from"} <= places


@pytest.mark.parametrize(
    "text", ["+20-XXX-XXXXXXX", "TBD", "changeme", "CHANGE_ME", "your-number", "<phone>", "to be: todo"]
)
def test_a_placeholder_is_seen(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["+201112345678", "Omar <omar@souk.eg>", "", "Xander Tbdel", "منى سعيد"])
def test_real_values_are_not_taken_for_placeholders(text):
    assert not is_placeholder(text)
    assert not is_demo(text)

"""What stands out, when to ask, and how little it takes to say nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.config.loader import load
from shared.domain.diagnoses import (
    Answered,
    Diagnosis,
    Diagnostics,
    Finding,
    Kind,
    Measure,
    Part,
    Probe,
    is_to_be_diagnosed,
    is_under_way,
    longest,
    may_start,
    shares,
    span_of,
    telling,
)
from shared.domain.grouping import Circumstances, absorb
from shared.domain.incidents import State
from shared.domain.severities import Severity
from shared.domain.signals import Signal
from tests.conftest import NIGHT

MINUTE = timedelta(minutes=1)
DIAGNOSTICS = Diagnostics(kinds=(Kind(("log.*",), (Probe.TRAFFIC,)), Kind(("*",), (Probe.UPTIME,))))


@pytest.fixture
def incident(config):
    policies = dict.fromkeys(config.promises, config.policies["critical"])
    around = Circumstances(config.event_rules[0], policies, timedelta(minutes=30), NIGHT)
    signal = Signal("e", "f", "k", "crashlytics.velocity", "firebase", "app", "It broke", NIGHT, NIGHT)
    return absorb(signal, None, around).incident


def of(probe, measure, *parts):
    return Finding(probe, Answered.ANSWERED, measure, parts)


def test_the_first_kind_that_fits_decides_what_is_asked():
    assert DIAGNOSTICS.probes_for("log.error") == (Probe.TRAFFIC,)
    assert DIAGNOSTICS.probes_for("other") == (Probe.UPTIME,)
    assert Diagnostics().probes_for("other") == ()


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, True),
        ({"severity": Severity.HIGH}, True),
        ({"severity": Severity.MEDIUM}, False),
        ({"storm": "storm"}, False),
        ({"source": "test"}, False),
        ({"state": State.RESOLVED}, False),
    ],
)
def test_critical_and_high_incidents_are_diagnosed_unless_something_else_tells_of_them(incident, change, wanted):
    assert is_to_be_diagnosed(replace(incident, **change), None) is wanted


def test_an_open_incident_is_diagnosed_again_only_when_it_got_worse(incident):
    assert not is_to_be_diagnosed(incident, incident)
    assert is_to_be_diagnosed(incident, replace(incident, severity=Severity.HIGH))
    assert is_to_be_diagnosed(incident, replace(incident, state=State.RESOLVED))


def test_a_diagnosis_is_made_once_in_the_pause_and_one_that_was_cut_off_is_made_again():
    done = Diagnosis("i", NIGHT, NIGHT + MINUTE)
    assert may_start(None, DIAGNOSTICS, NIGHT)
    assert not may_start(done, DIAGNOSTICS, NIGHT + 9 * MINUTE)
    assert may_start(done, DIAGNOSTICS, NIGHT + 10 * MINUTE)
    cut_off = replace(done, finished_at=None)
    assert is_under_way(cut_off, DIAGNOSTICS, NIGHT + MINUTE)
    assert not is_under_way(cut_off, DIAGNOSTICS, NIGHT + longest(DIAGNOSTICS))
    assert may_start(cut_off, DIAGNOSTICS, NIGHT + longest(DIAGNOSTICS))


def test_the_span_begins_ten_minutes_before_the_trouble_and_is_an_hour_at_most(incident):
    now = incident.began_at + 5 * MINUTE
    assert span_of(incident, now) == (incident.began_at - 10 * MINUTE, now)
    later = incident.began_at + 300 * MINUTE
    assert span_of(incident, later) == (later - 60 * MINUTE, later)
    again = replace(incident, episode_started_at=later)
    assert span_of(again, later + MINUTE)[0] == later - 10 * MINUTE


def test_the_parts_furthest_above_their_usual_come_first():
    usual, new, unknown = Part("usual", 60, 60, 60), Part("new", 30, 0, 30), Part("unknown", 10, None, 10)
    assert shares([usual, unknown, new]) == (new, usual, unknown)


@pytest.mark.parametrize(
    ("measure", "part", "told"),
    [
        (Measure.SHARE, Part("x", 90, 10, 9), True),
        (Measure.SHARE, Part("x", 90, 10, 4), False),  # four failures are chance
        (Measure.SHARE, Part("x", 90, 80, 90), False),  # as it always is
        (Measure.SHARE, Part("x", 90, None, 9), True),
        (Measure.SHARE, Part("x", 60, None, 9), False),  # little more than half, and nothing to compare with
        (Measure.RATE, Part("x", 100, 0, 5), True),
        (Measure.LEVEL, Part("x", 10, 100, 10), True),
        (Measure.LEVEL, Part("x", 250, 100, 250), True),
        (Measure.LEVEL, Part("x", 70, 100, 70), False),
        (Measure.LEVEL, Part("x", 2, 10, 2), False),  # too few to say anything
        (Measure.LEVEL, Part("x", 2, None, 200), False),
        (Measure.FACT, Part("x", weight=60), True),
        (Measure.FACT, Part("x"), False),
    ],
)
def test_what_is_worth_a_sentence(measure, part, told):
    assert bool(telling([of(Probe.UPTIME, measure, part)])) is told


def test_three_sentences_at_most_the_most_telling_first_and_one_of_each_probe():
    found = telling(
        [
            of(Probe.STATUSES, Measure.SHARE, Part("503", 60, 20, 9), Part("500", 90, 10, 9)),
            of(Probe.CHANGES, Measure.FACT, Part("release", weight=95)),
            of(Probe.TRAFFIC, Measure.LEVEL, Part("web", 45, 100, 45)),
            of(Probe.OPEN_INCIDENTS, Measure.FACT, Part("another", weight=30)),
        ]
    )
    assert [one.part.name for one in found] == ["release", "500", "web"]


def test_the_shipped_diagnosis_asks_the_incident_s_kind_and_never_our_own_faults():
    shipped = load().diagnostics
    for kind in (
        "rule.error_rate_alert",
        "monitoring.uptime",
        "log.request_5xx",
        "crashlytics.velocity",
        "soukmon.storm",
    ):
        assert len(shipped.probes_for(kind)) >= 13
        assert shipped.probes_for(kind)[0] is Probe.CHANGES
    assert shipped.probes_for("soukmon.delivery_failed") == ()
    assert max(shipped.limit_of(probe) for probe in Probe) <= timedelta(seconds=45)

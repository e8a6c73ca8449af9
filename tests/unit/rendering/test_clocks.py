"""The clocks of an incident: which run, from when, and what they are called once it is late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.incidents import State
from shared.rendering.clocks import clocks
from tests.conftest import NIGHT

HOUR = timedelta(hours=1)


@pytest.fixture
def incident(view):
    shown = view().incident
    return replace(shown, acknowledge_by=NIGHT + HOUR / 4, resolve_by=NIGHT + 4 * HOUR)


def named(incident, now, locale="en"):
    return {one.name: (one.label, one.text, one.is_late) for one in clocks(incident, now, locale)}


def test_while_nobody_has_it_the_answer_and_the_next_step_run_down(incident):
    shown = named(incident, NIGHT + timedelta(minutes=5))
    assert shown == {
        "going": ("Going on for", "5 min", False),
        "answer": ("Acknowledge within", "10 min", False),
        "climbs": ("Next escalation in", "10 min", False),
        "end": ("Resolve within", "3 h 55 min", False),
    }


def test_what_is_late_says_by_how_much(incident):
    shown = named(incident, NIGHT + timedelta(minutes=20))
    assert shown["answer"] == ("Acknowledgement overdue by", "5 min", True)
    assert named(incident, NIGHT + timedelta(minutes=15))["answer"][2]


def test_whoever_has_it_sees_until_when(incident):
    owned = replace(incident, state=State.ACKNOWLEDGED, owner="mona", ack_expires_at=NIGHT + HOUR)
    assert list(named(owned, NIGHT)) == ["going", "lapses", "end"]


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.MERGED])
def test_what_is_over_only_says_how_long_it_lasted(incident, state):
    over = replace(incident, state=state, resolved_at=NIGHT + HOUR)
    (only,) = clocks(over, NIGHT + 5 * HOUR)
    assert (only.name, only.text, only.runs) == ("lasted", "1 h", "")


def test_in_arabic_every_label_is_arabic(incident):
    assert all(label.isascii() is False for label, _, _ in named(incident, NIGHT, "ar").values())

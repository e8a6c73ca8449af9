"""The actions that an incident's page offers in each of its states, and what their forms ask for."""

from dataclasses import replace

import pytest

from shared.domain.incidents import Role, State
from shared.domain.severities import Severity
from shared.errors import UndecodableError
from shared.rendering.page_words import page_words
from shared.rendering.view import IncidentView
from shared.usecases.act import Action
from shared.usecases.page_actions import OFFERS, offered, wish_of
from tests.conftest import NIGHT
from tests.unit.domain.test_grouping import opened

LATER = {"snooze", "reassign", "escalate", "severity", "role", "merge", "resolve", "note", "not_useful"}
OFFERED = {
    State.TRIGGERED: LATER | {"acknowledge", "mitigate"},
    State.ACKNOWLEDGED: LATER | {"mitigate"},
    State.MITIGATED: LATER,
    State.RESOLVED: {"reopen", "close", "role", "note", "not_useful"},
    State.CLOSED: {"note", "not_useful"},
    State.MERGED: {"note", "not_useful"},
}


@pytest.mark.parametrize(("state", "actions"), OFFERED.items())
def test_each_state_offers_what_can_be_done_in_it(state, actions):
    view = IncidentView(replace(opened(), state=state), NIGHT)
    assert {str(one.action) for one in offered(view)} == actions


def test_every_action_and_every_field_has_words_in_both_languages():
    for locale in ("en", "ar"):
        say = page_words(locale)
        for one in OFFERS:
            assert one.action in say or f"{one.action}_" in say
            assert one.is_first or f"do_{one.action}" in say
            assert all(f"field_{name}" in say for name in one.wants)
            assert not one.asks or one.asks in say


def test_a_form_names_a_severity_a_role_and_another_incident_and_nothing_of_its_own():
    wish = wish_of({"action": "severity", "severity": "low", "note": "one user"}, opened(), "mona")
    assert (wish.action, wish.severity, wish.note, wish.via) == (Action.SEVERITY, Severity.LOW, "one user", "page")
    assert wish_of({"action": "severity", "severity": "awful"}, opened(), "mona").severity is None
    assert wish_of({"action": "role", "role": "scribe", "to": "omar"}, opened(), "mona").role is Role.SCRIBE
    assert wish_of({"action": "merge", "into": "INC-2 "}, opened(), "mona").into == "INC-2"
    with pytest.raises(UndecodableError):
        wish_of({"action": "erase"}, opened(), "mona")

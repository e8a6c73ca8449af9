from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.grouping import Circumstances, absorb
from shared.domain.signals import Signal
from shared.rendering.view import IncidentView
from tests.conftest import NIGHT, configuration

RUNBOOK = "# Crash\n1. **Open** the `Crashlytics` issue.\n2. Roll back.\n"


@pytest.fixture
def view():
    """A view of an incident with whatever is special about it."""

    def make(
        *, owner="", note="", ack_url="https://m.souk.example/a/1234567890abcdef1234.MARKMARKMARKMARKMARK", **changes
    ):
        config = configuration()
        policies = dict.fromkeys(config.promises, config.policies["critical"])
        around = Circumstances(config.event_rules[0], policies, timedelta(minutes=30), NIGHT)
        base = Signal("e", "f", "k", "crashlytics.velocity", "firebase", "app", "Checkout.kt line 88", NIGHT, NIGHT)
        incident = replace(absorb(base, None, around).incident, **changes)
        later = NIGHT + timedelta(minutes=4)
        url = "https://m.souk.example/incidents/1"
        return IncidentView(incident, later, ack_url, url, ("Mona Adel",), RUNBOOK, owner, note)

    return make

"""What happens next in a call."""

import pytest

from shared.domain.calls import PhoneCall, Turn, turn_of

TURNS = [
    ({}, Turn.ASK),
    ({"answered_by": "human"}, Turn.ASK),
    ({"answered_by": "unknown"}, Turn.ASK),
    ({"answered_by": "machine_end_beep"}, Turn.LEAVE_MESSAGE),
    ({"answered_by": "machine_start"}, Turn.LEAVE_MESSAGE),
    ({"answered_by": "fax"}, Turn.LEAVE_MESSAGE),
    ({"answered_by": "machine_end_beep", "digits": "4"}, Turn.LEAVE_MESSAGE),
    ({"digits": "4"}, Turn.ACT),
    ({"digits": "6", "turn": 2}, Turn.ACT),
    ({"digits": "9", "turn": 1}, Turn.ASK),
    ({"turn": 2}, Turn.ASK),
    ({"turn": 3}, Turn.GOODBYE),
    ({"digits": "9", "turn": 3}, Turn.GOODBYE),
    ({"digits": "4", "turn": 3}, Turn.ACT),
]


@pytest.mark.parametrize(("said", "turn"), TURNS)
def test_E73_a_machine_never_acts_and_silence_repeats_twice(said, turn):
    assert turn_of(PhoneCall("CA1", "n-1", **said)) is turn

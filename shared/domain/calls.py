"""Telephone calls: what somebody (or something) that answered hears next, and what the keys mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ACKNOWLEDGE, ESCALATE = "4", "6"
KEYS: Mapping[str, str] = {ACKNOWLEDGE: "acknowledge", ESCALATE: "escalate"}
REPEATS = 2


class Turn(StrEnum):
    """What happens next in a call."""

    ASK = "say it and ask for a key"
    ACT = "do what the key means"
    LEAVE_MESSAGE = "a machine listens: leave a short message"
    GOODBYE = "asked often enough"


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """A call at the moment our function is asked what to say.

    `notification` is the ledger row it was made for, `turn` how often the question was asked before, `answered_by` the
    provider's guess ("human", "machine_end_beep", "fax", "unknown", or "" when it does not say).
    """

    sid: str
    notification: str
    turn: int = 0
    digits: str = ""
    answered_by: str = ""

    @property
    def is_machine(self) -> bool:
        """True when no human listens. What is not known counts as human: somebody may be waiting for the question."""
        return self.answered_by.startswith(("machine", "fax"))


def turn_of(call: PhoneCall) -> Turn:
    """The next turn: a machine never acts, a key that means nothing and silence repeat the question twice."""
    if call.is_machine:
        return Turn.LEAVE_MESSAGE
    if call.digits in KEYS:
        return Turn.ACT
    return Turn.GOODBYE if call.turn > REPEATS else Turn.ASK

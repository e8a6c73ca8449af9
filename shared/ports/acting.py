"""What we do to the marketplace: measures against a breach, ways back."""

from dataclasses import dataclass
from typing import Protocol

from shared.domain.containment import Effect
from shared.domain.rollbacks import RollbackTarget


class Containing(Protocol):
    """One kind of measure against a breach. Google's APIs in production, the sandbox's embedded."""

    def foresee(self, target: str) -> Effect:
        """What `carry_out` would do to the target now; changes nothing. Raises ContainmentError."""

    def carry_out(self, target: str) -> str:
        """Do it, and say what was done; doing it twice does no harm. Raises ContainmentError."""


@dataclass(frozen=True, slots=True)
class RollbackCall:
    """Why a rollback is run: the window, the reason, who asked; `nonce` is one and the same for one asking."""

    window: str
    because: str
    by: str
    nonce: str


class RollbackTriggers(Protocol):
    """Webhooks and Cloud Build triggers that put back what ran before."""

    def check(self, target: RollbackTarget) -> str:
        """See that the target is there and would let us call it, without starting anything; its own words.

        Raises TemporaryFailureError, PermanentFailureError or UnknownOutcomeError.
        """

    def run(self, target: RollbackTarget, call: RollbackCall) -> str:
        """Start it; what it says of it. Raises as `check`: temporary only where it surely was not started."""

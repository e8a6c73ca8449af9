"""All ways back: a webhook's target goes to the webhooks, any other to Cloud Build."""

from dataclasses import dataclass

from shared.domain.rollbacks import RollbackTarget
from shared.ports.acting import RollbackCall, RollbackTriggers


@dataclass(frozen=True, slots=True)
class Rollbacks:
    """Implements `RollbackTriggers`."""

    webhooks: RollbackTriggers
    builds: RollbackTriggers

    def check(self, target: RollbackTarget) -> str:
        """See that it answers."""
        return self._way(target).check(target)

    def run(self, target: RollbackTarget, call: RollbackCall) -> str:
        """Start it."""
        return self._way(target).run(target, call)

    def _way(self, target: RollbackTarget) -> RollbackTriggers:
        return self.webhooks if target.webhook else self.builds

"""What keeps the system calm beside the rules: what mutes what, when it is quiet, and how much one person is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase

from shared.domain.flapping import Flapping
from shared.domain.inhibitions import Inhibition
from shared.domain.matchers import all_accept
from shared.domain.quiet_hours import QuietHours


@dataclass(frozen=True, slots=True)
class Noise:
    """What noise.yaml says; nothing mutes anything where it says nothing.

    `break_through` lists alert types (shell patterns) that no maintenance and no night holds back when they are high or
    critical. More than `fold_above` messages waiting for one person on a channel become one.
    """

    inhibitions: tuple[Inhibition, ...] = ()
    quiet_hours: QuietHours | None = None
    break_through: tuple[str, ...] = ()
    awake_for: timedelta = timedelta(minutes=45)
    flapping: Flapping = field(default_factory=Flapping)
    fold_above: int = 3

    def breaks_through(self, alert_type: str) -> bool:
        """True for what is on the list."""
        return any(fnmatchcase(alert_type, pattern) for pattern in self.break_through)

    def is_source(self, labels: Mapping[str, str]) -> bool:
        """True for an incident that may mute others while it is open."""
        return any(all_accept(rule.source, labels) for rule in self.inhibitions)

    def may_be_inhibited(self, labels: Mapping[str, str]) -> bool:
        """True for an incident that others may mute."""
        return any(all_accept(rule.target, labels) for rule in self.inhibitions)

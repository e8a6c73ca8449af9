"""The lives of incidents as the design has them: owned or not, told or held, and which step is due when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.local.year.oracle.cairo import DAY, instant, local_day
from shared.domain.configuration import Configuration
from shared.domain.escalation import Policy
from shared.domain.severities import Severity


@dataclass
class Ladder:
    """Where an incident stands on its chain; `next_at` None: nothing is due any more."""

    policy: Policy
    waits: tuple[timedelta, ...]
    step: int = 0
    round: int = 0
    next_at: datetime | None = None

    def start(self, at: datetime) -> None:
        """The first step, and all that follow without a wait, are taken now."""
        self.step, self.round = 1, 0
        while self.step < len(self.waits) and not self.waits[self.step]:
            self.step += 1
        self.next_at = self._after(at)

    def rest(self) -> None:
        """Nothing is due while somebody owns it."""
        self.next_at = None

    @property
    def level(self) -> int | None:
        """The level that is told next; None when nobody is."""
        steps = self.policy.steps
        if self.step < len(steps):
            return steps[self.step].level
        if self.round < self.policy.repeats:
            return steps[-1].level
        return len(steps) + 1 if self.policy.last_resort else None

    def climb(self, at: datetime) -> None:
        """The next step is taken now."""
        if self.step < len(self.waits):
            self.step += 1
            self.next_at = self._after(at)
        elif self.round < self.policy.repeats:
            self.round += 1
            self.next_at = self._elapsed(at, self.policy.repeat_every) if self.level is not None else None
        else:
            self.next_at = None

    def _after(self, at: datetime) -> datetime | None:
        if self.step < len(self.waits):
            return self._elapsed(at, self.waits[self.step])
        return self._elapsed(at, self.policy.repeat_every) if self.level is not None else None

    def _elapsed(self, at: datetime, wait: timedelta) -> datetime:
        """When so much of the policy's own hours has passed."""
        hours = self.policy.hours
        if hours is None:
            return at + wait
        day = local_day(at)
        while True:
            opens, closes = instant(day, hours.start), instant(day, hours.end)
            begins, day = max(opens, at), day + DAY
            if begins >= closes:
                continue
            if begins + wait <= closes:
                return begins + wait
            wait -= closes - begins


@dataclass
class Life:
    """One incident. `until` is when its acknowledgement runs out; `is_unsure` while it flaps: its steps rest then."""

    id: str
    rule: str
    alert_type: str
    service: str
    source: str
    severity: Severity
    began: datetime
    opened: datetime
    labels: Mapping[str, str]
    ladder: Ladder
    is_open: bool = True
    until: datetime | None = None
    is_untold: bool = False
    is_mitigated: bool = False
    is_unsure: bool = False
    is_folded: bool = False
    free_since: datetime | None = None

    @property
    def is_owned(self) -> bool:
        """True while somebody is at work on it."""
        return self.until is not None

    @property
    def all_labels(self) -> Mapping[str, str]:
        """Its labels with those that every incident has."""
        ours = {"service": self.service, "source": self.source, "alert_type": self.alert_type, "rule": self.rule}
        return {**self.labels, **ours, "severity": str(self.severity)}


def ladder_of(config: Configuration, rule: str, severity: Severity) -> Ladder:
    """The chain of the rule's own policy, else of its severity's, with the rule's own wait before the second step."""
    metric = next((one for one in config.metric_rules if one.name == rule), None)
    event = next((one for one in config.event_rules if one.name == rule), None)
    own = event.policy if event is not None else ""
    policy = config.policies[own or config.promises[severity].policy]
    waits = [step.after for step in policy.steps]
    given = metric or event
    if given is not None and given.escalate_after is not None and len(waits) > 1:
        waits[1] = given.escalate_after
    return Ladder(policy, tuple(waits))

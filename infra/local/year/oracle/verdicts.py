"""How often each invariant was checked, and what was found to break it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

MOST = 200

INVARIANTS = {
    "shifts": "exactly one person has each duty, nobody has two, and by Egypt's clock it is the right one",
    "reach": "every step reaches somebody, whoever is on call among them, in time",
    "ladder": "every step is taken at its policy's time, none before and none twice",
    "once": "nobody is told the same thing twice",
    "owned": "an acknowledgement stops the escalation until it runs out, and is somebody's own",
    "asleep": "what is less than high neither texts nor calls",
    "muted": "what a silence, a window, the night or a worse incident covers is not told, and told when it ends",
    "jobs": "every maintenance job runs once for each time it is due, by Egypt's clock",
    "reports": "every report has one provisional and one final edition, by Egypt's clock",
    "notices": "the week's duties are told every Sunday, and each night's digest once",
    "idle": "a tick when nothing is due changes nothing",
    "caps": "nobody gets more texts and calls than the caps allow",
    "timeline": "every incident ends closed with a complete record",
    "chain": "every line of the record holds the hash of the line before it",
    "ledger": "no message is left open",
    "counts": "what the ledger calls sent is what the providers took",
    "retention": "what is expired is gone",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """What broke an invariant: when, about which incident (or other thing), and why."""

    invariant: str
    at: datetime
    about: str
    why: str

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.invariant} {self.about}: {self.why}"


@dataclass
class Court:
    """Collects verdicts; after so many violations they are only counted."""

    checks: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    left_out: int = 0

    def check(self, invariant: str, times: int = 1) -> None:
        """One more check of the invariant was made."""
        self.checks[invariant] += times

    def find(self, invariant: str, at: datetime, about: str, why: str) -> None:
        """It is broken."""
        if len(self.violations) < MOST:
            self.violations.append(Violation(invariant, at, about, why))
        else:
            self.left_out += 1

"""The probes of a minute, drawn: two places ask the website and the API how they are."""

from datetime import datetime
from typing import NamedTuple

from infra.local.history.dice import Stream, dice, lognormal
from infra.local.history.plan import Plan
from infra.local.history.rates import rates_at

PLACES = ("europe-west1", "me-central1")
TARGETS = ("website", "api")
FAILURES = ("timeout", "status 503")
TIMEOUT_MS = 10_000.0
USUAL_MS, USUAL_SPREAD = 140.0, 0.3


class Probe(NamedTuple):
    """One look; `reason` is empty when it was answered well."""

    at: float
    target: str
    place: str
    reason: str
    milliseconds: float

    @property
    def ok(self) -> bool:
        """Answered well."""
        return not self.reason


def probes_in(plan: Plan, minute: datetime) -> list[Probe]:
    """One probe of each target from each place."""
    start = int(minute.timestamp())
    random, share = dice(plan.seed, Stream.PROBES, start // 60), rates_at(plan, minute).probe_failure_share
    drawn = []
    for number, (target, place) in enumerate((t, p) for t in TARGETS for p in PLACES):
        reason = random.choice(FAILURES) if random.random() < share else ""
        took = TIMEOUT_MS if reason == "timeout" else round(lognormal(random, USUAL_MS, USUAL_SPREAD), 1)
        drawn.append(Probe(start + 2.0 + number, target, place, reason, took))
    return drawn

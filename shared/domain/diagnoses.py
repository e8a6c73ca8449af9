"""What a responder asks first, asked by read-only probes: what stands out, and what nobody could say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from shared.domain.incidents import Incident
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE

STORM = "soukmon.storm"
WORTH = Severity.HIGH.rank
LEAST_EVENTS = 5  # a share of fewer is chance
LEAST_USUAL = 20  # fewer than these say nothing about what is usual
LEAST_LIFT = 25.0  # points by which a share has to lie above its usual one
HALF = 50.0
BEFORE, LONGEST = timedelta(minutes=10), timedelta(hours=1)
MOST_SENTENCES = 3
MOST_PARTS = 5


class Probe(StrEnum):
    """The questions; what each of them reads is the business of whoever asks it."""

    CHANGES = "changes"
    FAILING_ROUTES = "failing_routes"
    FAILING_SERVICES = "failing_services"
    FAILING_REVISIONS = "failing_revisions"
    FAILING_LOCATIONS = "failing_locations"
    STATUSES = "statuses"
    SLOW_ROUTES = "slow_routes"
    ERROR_GROUPS = "error_groups"
    WEB_VERSIONS = "web_versions"
    CRASH_GROUPS = "crash_groups"
    APP_VERSIONS = "app_versions"
    REGIONS = "regions"
    TRAFFIC = "traffic"
    UPTIME = "uptime"
    FUNCTION_HEALTH = "function_health"
    FIRESTORE_HEALTH = "firestore_health"
    OPEN_INCIDENTS = "open_incidents"


class Measure(StrEnum):
    """What the figures of a probe's parts are."""

    SHARE = "share"  # of all that failed (or was slow), in percent; more than usual is bad
    RATE = "rate"  # failures among the part's own trials, in percent; more than usual is bad
    LEVEL = "level"  # how much there is of it; far from usual, either way, is bad
    FACT = "fact"  # no figure: that it is there says something


class Answered(StrEnum):
    """How a probe ended."""

    ANSWERED = "answered"
    NOTHING = "found nothing"
    NO_TIME = "no answer in time"
    FAILED = "the query failed"
    BYTE_CAP = "the query would read more than it may"
    NOT_HERE = "not to be asked here"

    @property
    def is_blind(self) -> bool:
        """True when the probe could not say anything."""
        return self in {Answered.NO_TIME, Answered.FAILED, Answered.BYTE_CAP, Answered.NOT_HERE}


@dataclass(frozen=True, slots=True)
class Part:
    """One line of an answer: a name (from outside, scrubbed), its figure now and as it usually is.

    `count` events are behind the figure. `usual` is None where nothing is known to compare with. `at` is when a fact
    came about, `weight` how much it matters (0 to 100).
    """

    name: str
    now: float = 0.0
    usual: float | None = None
    count: int = 0
    at: datetime | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A probe's answer, the most telling part first."""

    probe: Probe
    answered: Answered
    measure: Measure = Measure.FACT
    parts: tuple[Part, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the probes found about an incident; `finished_at` is None while they are (or were, when cut off) at work."""

    incident: str
    started_at: datetime
    finished_at: datetime | None = None
    since: datetime | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def blind(self) -> tuple[Finding, ...]:
        """The probes that could not say anything."""
        return tuple(finding for finding in self.findings if finding.answered.is_blind)


@dataclass(frozen=True, slots=True)
class Telling:
    """A part worth a sentence of its own, and how far it stands out (0 to 100)."""

    probe: Probe
    measure: Measure
    part: Part
    score: float


@dataclass(frozen=True, slots=True)
class Kind:
    """The probes for incidents of these types (shell patterns)."""

    alert_types: tuple[str, ...]
    probes: tuple[Probe, ...]


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """When to diagnose, and what to ask: the first kind that fits an incident decides."""

    kinds: tuple[Kind, ...] = ()
    start_after: timedelta = timedelta(seconds=10)
    pause: timedelta = timedelta(minutes=10)
    limit: timedelta = timedelta(seconds=20)
    limits: Mapping[Probe, timedelta] = field(default_factory=dict)
    usual_over: timedelta = timedelta(hours=24)

    def probes_for(self, alert_type: str) -> tuple[Probe, ...]:
        """What to ask about an incident of the type; () when nothing."""
        fits = (kind for kind in self.kinds if any(fnmatchcase(alert_type, pattern) for pattern in kind.alert_types))
        kind = next(fits, None)
        return kind.probes if kind else ()

    def limit_of(self, probe: Probe) -> timedelta:
        """The time a probe is given."""
        return self.limits.get(probe, self.limit)


def is_to_be_diagnosed(incident: Incident, before: Incident | None) -> bool:
    """True when a critical or high incident has just begun, come back, or become one.

    What is folded into a storm is diagnosed with the storm; a rehearsal not at all, and neither is a breach, whose
    findings would stand where everybody looks.
    """
    if not incident.state.is_open or incident.severity.rank < WORTH:
        return False
    if incident.storm or incident.source == TEST_SOURCE or incident.restricted:
        return False
    if before is None or not before.state.is_open:
        return True
    return incident.severity.rank > before.severity.rank


def may_start(last: Diagnosis | None, diagnostics: Diagnostics, now: datetime) -> bool:
    """False within the pause after the last one; one that never finished counts for as long as it may take."""
    if last is None:
        return True
    if last.finished_at is None:
        return now - last.started_at >= longest(diagnostics)
    return now - last.started_at >= diagnostics.pause


def is_under_way(last: Diagnosis | None, diagnostics: Diagnostics, now: datetime) -> bool:
    """True while somebody else may still be at it."""
    return last is not None and last.finished_at is None and now - last.started_at < longest(diagnostics)


def longest(diagnostics: Diagnostics) -> timedelta:
    """After this a diagnosis that has not finished is taken for cut off."""
    return 2 * max([diagnostics.limit, *diagnostics.limits.values()]) + timedelta(seconds=30)


def span_of(incident: Incident, now: datetime) -> tuple[datetime, datetime]:
    """What to look at: from ten minutes before it began until now, an hour at most."""
    return max(min(incident.began_at, now) - BEFORE, now - LONGEST), now


def shares(rows: Iterable[Part]) -> tuple[Part, ...]:
    """The most telling parts first: those furthest above their usual, then the largest."""
    return tuple(sorted(rows, key=lambda part: (-_lift(part), -part.now, part.name)))[:MOST_PARTS]


def telling(findings: Sequence[Finding]) -> tuple[Telling, ...]:
    """What deserves a sentence, the furthest from its usual first; at most one of each probe."""
    best = [found for finding in findings if (found := _best(finding)) is not None]
    return tuple(sorted(best, key=lambda one: (-one.score, one.probe)))[:MOST_SENTENCES]


def _best(finding: Finding) -> Telling | None:
    found = [
        Telling(finding.probe, finding.measure, part, score)
        for part in finding.parts
        if (score := _score(finding.measure, part)) > 0
    ]
    return max(found, key=lambda one: one.score, default=None)


def _score(measure: Measure, part: Part) -> float:
    match measure:
        case Measure.FACT:
            return part.weight
        case Measure.LEVEL:
            if part.usual is None or max(part.usual, part.count) < LEAST_USUAL:
                return 0.0
            off = 100 * abs(part.now - part.usual) / max(part.usual, 1.0)
            return min(off, 100.0) if off >= HALF else 0.0
        case _:
            lift = _lift(part)
            return lift if part.count >= LEAST_EVENTS and lift >= LEAST_LIFT else 0.0


def _lift(part: Part) -> float:
    """Points above the usual; where nothing is known, above half."""
    return part.now - (HALF if part.usual is None else part.usual)

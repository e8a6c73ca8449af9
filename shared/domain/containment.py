"""Measures against a breach on accounts and logs: tried dry, proposed by one, confirmed by another, done once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.signals import digest

CONFIRM_WITHIN = timedelta(minutes=15)
FORESEEN_FOR = timedelta(minutes=30)  # what a dry run saw may have changed since
TAKES_AT_MOST = timedelta(minutes=10)
MOST_TARGETS = 100
_ACCOUNT = r"[a-z][a-z0-9-]{4,62}@[a-z0-9.-]+\.gserviceaccount\.com"
_BUCKET = r"locations/[a-z0-9-]+/buckets/[A-Za-z0-9_.-]{1,100}"


class Kind(StrEnum):
    """What can be done, as it is typed."""

    REVOKE_SESSIONS = "revoke-sessions"
    REQUIRE_PASSWORD_RESET = "require-password-reset"  # noqa: S105 - a word, no password
    DISABLE_SERVICE_ACCOUNT = "disable-service-account"
    FREEZE_LOGS = "freeze-logs"


# People are named by their Firebase uid: an address or a number would be personal data on our record.
TARGETS = {
    Kind.REVOKE_SESSIONS: (r"[A-Za-z0-9_-]{1,128}", "a Firebase user id"),
    Kind.REQUIRE_PASSWORD_RESET: (r"[A-Za-z0-9_-]{1,128}", "a Firebase user id"),
    Kind.DISABLE_SERVICE_ACCOUNT: (_ACCOUNT, "the address of a service account"),
    Kind.FREEZE_LOGS: (_BUCKET, "a log bucket such as locations/global/buckets/_Default"),
}


class Stage(StrEnum):
    """Where a measure is."""

    ASKED = "dry run asked for"
    FORESEEN = "dry run done"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    RUNNING = "being carried out"
    DONE = "done"
    FAILED = "failed in part"
    EXPIRED = "expired"
    UNKNOWN = "outcome unknown, check"

    @property
    def is_settled(self) -> bool:
        """True when nobody has a say in it any more; one that expired may be proposed again."""
        return self in {Stage.CONFIRMED, Stage.RUNNING, Stage.DONE, Stage.FAILED, Stage.UNKNOWN}


class Said(StrEnum):
    """What a wish about a measure came to."""

    ASKED = "dry run asked for"
    FORESEEN = "dry run done"
    PROPOSED = "proposed, another member of the team has to confirm it"
    CONFIRMED = "confirmed, it is being carried out"
    NOT_FORESEEN = "the dry run comes first"
    FORESEEN_TOO_LONG_AGO = "the dry run is too old, ask for it again"
    NOT_PROPOSED = "nobody has proposed it"
    SAME_PERSON = "whoever proposed it cannot confirm it"
    ANOTHER_MEASURE = "this confirms something else: compare with the proposal"
    EXPIRED = "the proposal has expired, propose it again"
    OVER = "it is over already"
    NOTHING_TO_DO = "the dry run found nothing to do"


@dataclass(frozen=True, slots=True)
class Effect:
    """What would happen, or has happened, to a target; `is_change` is False where nothing would, or could, be done."""

    target: str
    what: str
    is_change: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure from its dry run to its result. `look_at` is when the tick has to look at it.

    `foreseen` is what the dry run said of each target, `results` what became of each: shorter than the targets where
    the machine was stopped on its way.
    """

    id: str
    breach: str
    kind: Kind
    targets: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    stage: Stage = Stage.ASKED
    foreseen: tuple[Effect, ...] = ()
    foreseen_at: datetime | None = None
    proposed_by: str = ""
    expires_at: datetime | None = None
    confirmed_by: str = ""
    started_at: datetime | None = None
    results: tuple[Effect, ...] = ()
    finished_at: datetime | None = None
    look_at: datetime | None = None

    @property
    def mark(self) -> str:
        """What a confirmation has to name: it changes with every target and with everything the dry run said."""
        said = (f"{effect.target}={effect.what}" for effect in self.foreseen)
        return digest(self.id, self.kind, *self.targets, *said, size=4)

    @property
    def changes(self) -> tuple[Effect, ...]:
        """What it would do, without the targets at which there is nothing to do."""
        return tuple(effect for effect in self.foreseen if effect.is_change)


def asked(breach: str, kind: Kind, targets: Sequence[str], *, by: str, now: datetime) -> Measure:
    """A measure whose dry run is wanted. Raises ValueError for targets that are none."""
    unique = tuple(dict.fromkeys(targets))
    pattern, what = TARGETS[kind]
    if not 1 <= len(unique) <= MOST_TARGETS:
        raise ValueError(f"name from 1 to {MOST_TARGETS} targets")
    for target in unique:
        if re.fullmatch(pattern, target) is None:
            raise ValueError(f"{target[:60]!r} is not {what}")
    name = f"CM-{digest(breach, kind, *unique, now.isoformat(), by, size=4)}"
    return Measure(name, breach, kind, unique, by, now)


def foreseen(measure: Measure, effects: Sequence[Effect], now: datetime) -> Measure:
    """The dry run is done."""
    return replace(measure, stage=Stage.FORESEEN, foreseen=tuple(effects), foreseen_at=now)


def propose(measure: Measure, by: str, now: datetime) -> tuple[Measure, Said]:
    """One of the team wants exactly what the dry run said."""
    if measure.stage.is_settled:
        return measure, Said.OVER
    if measure.foreseen_at is None:
        return measure, Said.NOT_FORESEEN
    if now - measure.foreseen_at > FORESEEN_FOR:
        return measure, Said.FORESEEN_TOO_LONG_AGO
    if not measure.changes:
        return measure, Said.NOTHING_TO_DO
    until = now + CONFIRM_WITHIN
    return replace(measure, stage=Stage.PROPOSED, proposed_by=by, expires_at=until, look_at=until), Said.PROPOSED


def confirm(measure: Measure, by: str, mark: str, now: datetime) -> tuple[Measure, Said]:
    """Another of the team says yes to exactly what was proposed, in time."""
    if measure.stage is Stage.EXPIRED or (measure.expires_at is not None and now > measure.expires_at):
        return measure, Said.EXPIRED
    if measure.stage is not Stage.PROPOSED:
        return measure, Said.OVER if measure.stage.is_settled else Said.NOT_PROPOSED
    if by == measure.proposed_by:
        return measure, Said.SAME_PERSON
    if mark != measure.mark:
        return measure, Said.ANOTHER_MEASURE
    agreed = replace(measure, stage=Stage.CONFIRMED, confirmed_by=by, look_at=now + TAKES_AT_MOST)
    return agreed, Said.CONFIRMED


def begun(measure: Measure, now: datetime) -> Measure | None:
    """The measure in the machine's hands; None when it is not confirmed, or was begun before."""
    if measure.stage is not Stage.CONFIRMED:
        return None
    return replace(measure, stage=Stage.RUNNING, started_at=now, look_at=now + TAKES_AT_MOST)


def with_result(measure: Measure, effect: Effect) -> Measure:
    """What became of one more target."""
    return replace(measure, results=(*measure.results, effect))


def finished(measure: Measure, now: datetime) -> Measure:
    """Everything was tried."""
    stage = Stage.DONE if all(effect.is_change for effect in measure.results) else Stage.FAILED
    return replace(measure, stage=stage, finished_at=now, look_at=None)


def looked_at(measure: Measure, now: datetime) -> Measure | None:
    """What time alone brings: a proposal expires, and what was begun and never finished has an unknown outcome."""
    if measure.look_at is None or measure.look_at > now:
        return None
    if measure.stage is Stage.PROPOSED:
        return replace(measure, stage=Stage.EXPIRED, look_at=None)
    if measure.stage in {Stage.RUNNING, Stage.CONFIRMED}:
        return replace(measure, stage=Stage.UNKNOWN, look_at=None)
    return replace(measure, look_at=None)

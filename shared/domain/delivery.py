"""Decisions about one ledger row: may it be sent now, and what follows when it failed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.configuration import Limits
from shared.domain.escalation import Step
from shared.domain.incidents import Incident
from shared.domain.notifications import (
    WAKING,
    Channel,
    LedgerState,
    Notification,
    Recipient,
    identified,
    next_channel,
)
from shared.domain.oncall import Directory
from shared.domain.reasons import Notify, Suppressed

BACKOFF = (
    timedelta(seconds=15),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
)
SLOWLY = timedelta(minutes=5)  # how often a message that no other can replace is tried again once its tries are used up
CALLS = 3  # nobody wants to be rung more often for one message; the second ring in a row passes "do not disturb"
LIVING = frozenset({Notify.UPDATED, Notify.ACKNOWLEDGED})
# A procedure goes on when its incident is over.
OF_A_PROCEDURE = frozenset({Notify.STEP, Notify.STEP_DUE, Notify.STEP_LATE, Notify.DRAFT})
OF_ITS_LIFE = frozenset({Notify.MITIGATED, Notify.MERGED, Notify.SEVERITY_LOWERED, Notify.ROLE_GIVEN})
TELLING = frozenset({Notify.RESOLVED, Notify.STABLE, Notify.REPLY, Notify.NOTED, Notify.DIAGNOSED})
NEWS = OF_A_PROCEDURE | OF_ITS_LIFE | LIVING | TELLING
TO_OWNERS = frozenset({Notify.SEVERITY_RAISED, Notify.HANDED_OVER, Notify.PROMISE_BROKEN, Notify.PROMISE_AT_RISK})
NEWS_TO_OWNERS_TOO = NEWS | TO_OWNERS
WORSE = frozenset({Notify.SEVERITY_RAISED, Notify.REOPENED, Notify.REOPENED_BY_HAND})


def may_be_claimed(row: Notification, now: datetime) -> bool:
    """False for rows that are over, in somebody else's hands, or to be tried later."""
    if row.state.is_final or row.state is LedgerState.SENT:
        return False
    if row.state is LedgerState.SENDING:
        return row.lease_until is None or row.lease_until <= now
    return row.not_before is None or row.not_before <= now


def obsolete(row: Notification, incident: Incident) -> Suppressed | None:
    """Why the row need not be sent any more; pages stop at once when somebody owns the incident or it is over."""
    if not incident.state.is_open and row.reason not in NEWS:
        return Suppressed.INCIDENT_OVER
    if incident.state.is_owned and row.channel is not Channel.SLACK and row.reason not in NEWS_TO_OWNERS_TOO:
        return Suppressed.INCIDENT_OWNED
    return None if row.reason in NEWS or _is_promised(row, incident) else Suppressed.NO_LONGER_PROMISED


def _is_promised(row: Notification, incident: Incident) -> bool:
    """False for a text or call of a severity that somebody lowered since, where the lower one neither texts nor calls.

    Policies are asked at the row's own level; a level that the lower severity does not have reaches nobody there.
    """
    if row.severity.rank <= incident.severity.rank or row.channel not in WAKING:
        return True
    steps = (step for step in incident.ladder.policy.steps if step.level == row.step)
    return any(_uses(step, target, row.channel, incident) for step in steps for target in step.targets)


def _uses(step: Step, target: str, channel: Channel, incident: Incident) -> bool:
    _, _, only = target.partition("@")
    if only:
        return only == channel
    return channel in incident.channels and (not step.channels or channel in step.channels)


def replaced(row: Notification, ledger: Iterable[Notification]) -> bool:
    """True for a message nobody has tried to send yet when a newer one says more to the same recipient.

    A page gives way to a page that is worse news, an edit of the living message to a later edit of it.
    """
    newer = LIVING if row.reason in LIVING else WORSE
    return row.attempts == 0 and any(
        other.reason in newer
        and other.revision > row.revision
        and (other.recipient, other.channel) == (row.recipient, row.channel)
        for other in ledger
    )


def claimed(row: Notification, now: datetime, limits: Limits) -> Notification:
    """The row in our hands until the lease ends; the sweeper looks again then."""
    until = now + limits.send_lease
    return replace(row, state=LedgerState.SENDING, attempts=row.attempts + 1, lease_until=until, due_at=until)


def waiting(row: Notification, until: datetime) -> Notification:
    """The row, to be sent at `until` and not earlier."""
    return replace(row, not_before=until, due_at=until)


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed send: the row afterwards, the row that takes over, and whether nobody at all was reached."""

    row: Notification
    takes_over: Notification | None = None
    nobody_reached: bool = False


def failed_for_now(
    row: Notification, *, error: str, wait: timedelta | None, now: datetime, limits: Limits, around: "Surroundings"
) -> Failure:
    """Try again later; another channel takes over when that is past the deadline, or after enough tries.

    A provider that names a wait promises to take the message then: that does not use up the tries, only a day does. A
    page that nothing can replace goes on being tried, slowly and for a day: an outage of every provider may outlast the
    tries of every channel, and whoever was to be told has to hear of it when it ends.
    """
    tries = min(CALLS, limits.send_attempts) if row.channel is Channel.VOICE else limits.send_attempts
    is_spent = wait is None and row.attempts >= tries
    substitute = _substitute(row, now, around) if is_spent else None
    stays = substitute is None and row.channel is not Channel.VOICE and row.reason not in NEWS
    if (is_spent and not stays) or now - row.planned_at > limits.link_lifetime:
        return failed_for_good(row, error=error, now=now, around=around)
    pause = BACKOFF[min(row.attempts, len(BACKOFF)) - 1] if wait is None else wait
    pause = SLOWLY if is_spent else pause
    later = replace(waiting(row, now + pause), state=LedgerState.FAILED_TEMPORARY, lease_until=None, error=error)
    if is_spent:
        return Failure(later, nobody_reached=row.attempts == tries and not around.others_alive(row))
    late = row.deadline is not None and now + pause >= row.deadline and row.reason not in NEWS
    return Failure(later, _substitute(row, now, around) if late else None)


def failed_for_good(row: Notification, *, error: str, now: datetime, around: "Surroundings") -> Failure:
    """Never again on this address; the next way to the same person takes over."""
    dead = replace(row, state=LedgerState.FAILED_PERMANENT, due_at=None, lease_until=None, error=error, settled_at=now)
    if row.reason in NEWS:
        return Failure(dead)
    substitute = _substitute(row, now, around)
    return Failure(dead, substitute, nobody_reached=substitute is None and not around.others_alive(row))


def held_back(row: Notification, *, now: datetime, around: "Surroundings") -> Failure | None:
    """The row kept back because money is short, and the row that tells the person in its place.

    None when nothing else reaches them: then it is sent after all.
    """
    same = [o for o in around.ledger if (o.step, o.reason, o.recipient) == (row.step, row.reason, row.recipient)]
    over = {LedgerState.FAILED_PERMANENT, LedgerState.SUPERSEDED}
    told = any(o.channel not in WAKING and o.state not in over and o.revision == row.revision for o in same)
    substitute = None if told else _substitute(row, now, around, never=WAKING)
    if not told and substitute is None:
        return None
    if substitute is not None:  # nothing failed: it says what the row would have said
        substitute = identified(replace(substitute, reason=row.reason, note=Suppressed.BY_BUDGET))
    held = replace(row, state=LedgerState.SUPERSEDED, due_at=None, settled_at=now, note=Suppressed.BY_BUDGET)
    return Failure(held, substitute)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The rest of the incident's ledger, who exists, and after how many `tries` nobody counts on a message any more."""

    ledger: tuple[Notification, ...]
    directory: Directory
    tries: int

    def others_alive(self, row: Notification) -> bool:
        """True when another message of the same step has been sent or may well be."""
        return any(o.step == row.step and o.id != row.id and not self._is_lost(o) for o in self.ledger)

    def _is_lost(self, row: Notification) -> bool:
        if row.state is LedgerState.FAILED_TEMPORARY:
            return row.attempts >= self.tries
        return row.state in {LedgerState.FAILED_PERMANENT, LedgerState.SUPERSEDED}


def _substitute(
    row: Notification, now: datetime, around: Surroundings, *, never: Iterable[Channel] = ()
) -> Notification | None:
    if any(other.fallback_of == row.id for other in around.ledger) or _is_extra(row, around.ledger):
        return None
    tried = frozenset(_tried(row, around.ledger)) | {(row.recipient, str(channel)) for channel in never}
    found: Recipient | None = next_channel(row, around.directory, tried=tried)
    if found is None:
        return None
    patience = row.deadline - row.planned_at if row.deadline else None
    return identified(
        Notification(
            id="",
            incident=row.incident,
            step=row.step,
            recipient=found.id,
            channel=found.channel,
            reason=Notify.FALLBACK,
            severity=row.severity,
            planned_at=now,
            revision=row.revision,
            not_before=now,
            due_at=now,
            deadline=now + patience if patience else None,
            note=f"{row.channel} failed",
            fallback_of=row.id,
            bulletin=row.bulletin,
        )
    )


def _is_extra(row: Notification, ledger: Iterable[Notification]) -> bool:
    """True for a push that only went beside another message of the same step: nobody is texted in its place."""
    over = {LedgerState.FAILED_PERMANENT, LedgerState.SUPERSEDED}
    return row.channel is Channel.PUSH and any(
        (other.step, other.recipient) == (row.step, row.recipient)
        and other.channel is not Channel.PUSH
        and other.reason not in NEWS
        and other.state not in over
        for other in ledger
    )


def _tried(row: Notification, ledger: Iterable[Notification]) -> Iterable[tuple[str, str]]:
    yield row.recipient, str(row.channel)
    for other in ledger:
        spared = other.note == Suppressed.AWAKE  # never tried: it may still ring when the e-mail fails
        if other.step == row.step and other.reason not in NEWS and not spared:
            yield other.recipient, str(other.channel)

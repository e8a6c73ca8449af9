"""Rehearsals: test messages that reach only the game-day recipient, and whether they got through in time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.escalation import Policy, Step
from shared.domain.notifications import GAME_DAY, GAME_DAY_SLACK, Channel, LedgerState, Notification
from shared.domain.oncall import Directory
from shared.domain.rules import EventRule, Match
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE, Signal, SignalKind, digest, own_signal

PERSON = f"person:{GAME_DAY}"
IN_TIME = timedelta(minutes=10)
# The recipient alone, once: a rehearsal is neither escalated nor repeated.
POLICY = Policy(GAME_DAY, (Step((PERSON, GAME_DAY_SLACK)),), repeats=0)
THROUGH = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})


class Said(StrEnum):
    """What a run of the game day came to."""

    NOT_CONFIGURED = "not configured"
    BEGUN = "begun"
    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Drill:
    """One game day: what was expected of which channels, and once it is judged what became of it.

    `seconds` is how long each channel took, `failed` why one did not get through in time.
    """

    id: str
    at: datetime
    channels: tuple[str, ...]
    judged_at: datetime | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> Said:
        """Where it stands."""
        if self.judged_at is None:
            return Said.WAITING
        return Said.FAILED if self.failed else Said.PASSED


def drill_channels(directory: Directory, slack_channels: Iterable[str]) -> tuple[Channel, ...]:
    """The channels that can be rehearsed: those on which the recipient has an address."""
    person = directory.people.get(GAME_DAY)
    found = [Channel.SLACK] if GAME_DAY in set(slack_channels) else []
    if person is not None:
        found += [Channel.EMAIL] if person.email else []
        found += [Channel.SMS, Channel.VOICE] if person.phone else []
    return tuple(found)


def only_the_recipient(steps: Sequence[Step], directory: Directory, *, slack: bool) -> tuple[list[Step], Directory]:
    """The steps with everybody replaced by the recipient, and a directory in which there is nobody else."""
    targets = (PERSON, GAME_DAY_SLACK) if slack else (PERSON,)
    alone = {name: person for name, person in directory.people.items() if name == GAME_DAY}
    steps = [replace(step, targets=targets, channels=()) for step in steps]
    return list(steps), Directory(alone, {}, {}, GAME_DAY)


def drill_rule(channels: tuple[Channel, ...]) -> EventRule:
    """How a game day is told: by every channel, as urgently as a page but a critical one."""
    return EventRule(GAME_DAY, Match((f"{TEST_SOURCE}.*",)), Severity.HIGH, tuple(map(str, channels)))


def rehearsal_signal(rule: str, unique: str, now: datetime, *, over: bool) -> Signal:
    """A rehearsal of a rule, or its end; each `unique` is an incident of its own."""
    kind = SignalKind.RESOLVED if over else SignalKind.FIRING
    return Signal(
        event_id=digest(TEST_SOURCE, rule, unique, kind),
        fingerprint=digest(TEST_SOURCE, rule, unique),
        key=rule,
        alert_type=f"{TEST_SOURCE}.{rule}",
        source=TEST_SOURCE,
        service=TEST_SOURCE,
        title=f"TEST of {rule}: nothing is wrong",
        occurred_at=now,
        received_at=now,
        kind=kind,
        labels={"rule": rule},
    )


def judged(drill: Drill, rows: Iterable[Notification], now: datetime) -> Drill | None:
    """The drill with its verdict: passed once every channel is through, failed after ten minutes, None before."""
    first = {row.channel: row for row in rows if not row.fallback_of and row.channel in drill.channels}
    seconds = {
        channel: ((row.settled_at or row.sent_at or now) - drill.at).total_seconds()
        for channel, row in first.items()
        if row.state in THROUGH and (row.sent_at or now) - drill.at <= IN_TIME
    }
    missing = [channel for channel in drill.channels if channel not in seconds]
    if missing and now - drill.at < IN_TIME:
        return None
    failed = {channel: _why(first.get(Channel(channel))) for channel in missing}
    return replace(drill, judged_at=now, seconds={str(name): value for name, value in seconds.items()}, failed=failed)


def verdict_signal(drill: Drill, now: datetime) -> Signal:
    """That channels did not get through, or that all did (which ends what an earlier game day began)."""
    return own_signal(
        "game_day_failed",
        subject="game day",
        title=f"Game day: {', '.join(drill.failed)} did not get through" if drill.failed else "Game day passed",
        summary="; ".join(f"{channel}: {why}" for channel, why in drill.failed.items()),
        at=now,
        unique=f"{drill.id} {drill.said}",
        over=not drill.failed,
    )


def _why(row: Notification | None) -> str:
    if row is None:
        return "no message was planned"
    if row.state in THROUGH:
        return "sent too late"
    return " ".join(text for text in (str(row.state).replace("_", " "), row.error or row.note) if text)

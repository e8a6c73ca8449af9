"""A flight: who would be told, when, how and at what cost if a rule's alert broke then and nobody ever answered.

The real functions decide and send, on a platform of its own with a virtual clock, until nothing is due any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from infra.local.firing import incident_of, made_up, send
from infra.local.functions import manifests
from infra.local.platform import Platform
from infra.local.replay import private_platform
from infra.local.scheduler import Scheduler, jobs
from shared import bootstrap
from shared.domain.amendments import Amendment
from shared.domain.configuration import Configuration
from shared.domain.countries import country_of
from shared.domain.incidents import Incident
from shared.domain.notifications import WAKING, Channel, LedgerState, Notification
from shared.domain.reasons import Notify
from shared.domain.signals import Signal
from shared.domain.spending import PAID, price
from shared.rendering.segments import segments
from shared.usecases.present import amendment_write
from shared.usecases.records import RECEIPTS, notifications_of

LONGEST = timedelta(days=8)
MINUTE = timedelta(minutes=1)
LAST_LOOK = timedelta(minutes=5)
SPOKEN_PER_SECOND = 14  # characters, at the pace of Twilio's voices
QUIET = frozenset({Notify.UPDATED, Notify.ACKNOWLEDGED})
SENT = frozenset({LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ})
NOT_ON_A_FLIGHT = frozenset({"evaluate_rules"})  # the alert broke already; no metric is looked at


@dataclass(frozen=True, slots=True)
class Told:
    """One message. `usd` is None where it costs something and no price is configured; `length` is for readers."""

    at: datetime
    level: int
    reason: str
    who: str
    channel: str
    language: str
    length: str
    usd: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody is told anything from `start` until `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Flight:
    """The whole time line. `decision` says why people were told at once, or why not."""

    rule: str
    severity: str
    start: datetime
    end: datetime
    decision: str
    promise: timedelta
    told: tuple[Told, ...]

    @property
    def sent(self) -> tuple[Told, ...]:
        """What really went out."""
        return tuple(row for row in self.told if row.state in SENT)

    @property
    def usd(self) -> float:
        """Everything that has a price."""
        return sum(row.usd or 0.0 for row in self.sent)

    @property
    def unpriced(self) -> int:
        """Texts and calls to countries without a price."""
        return sum(row.usd is None for row in self.sent)

    @property
    def woken_at(self) -> datetime | None:
        """The first text or call."""
        return min((row.at for row in self.sent if row.channel in WAKING), default=None)

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """Where nobody is told for longer than the severity allows until somebody says "mine"."""
        stops = [self.start, *sorted({row.at for row in self.sent}), self.end]
        pairs = pairwise(stops)
        return tuple(Pause(start, end) for start, end in pairs if end - start > self.promise)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "decision": self.decision,
            "usd": round(self.usd, 4),
            "without_a_price": self.unpriced,
            "woken_at": self.woken_at.isoformat() if self.woken_at else None,
            "pauses": [{"start": one.start.isoformat(), "end": one.end.isoformat()} for one in self.pauses],
            "told": [
                {name: getattr(row, name) for name in row.__slots__ if name != "at"}
                | {"at": row.at.isoformat(), "after_seconds": (row.at - self.start).total_seconds()}
                for row in self.told
            ],
        }


def fly(rule: str, *, at: datetime, config_dir: Path | None = None, changes: Sequence[Amendment] = ()) -> Flight:
    """The flight of a rule; `changes` is what people have changed since the deployment.

    Raises LookupError for a rule that does not exist.
    """
    with private_platform(config_dir, at=at) as platform:
        config = bootstrap.config()
        bootstrap.state().commit([amendment_write(change) for change in changes])
        signal = made_up(config, rule, at)
        platform.scheduler = _schedule(at)
        send(platform, signal)
        incident = _to_the_end(platform, signal, at)
        receipt = bootstrap.state().get(RECEIPTS, signal.event_id)
        decision = str(receipt.body["reason"]) if receipt else "no decision was made"
        rows = _rows(incident) if incident else []
        told = tuple(_told(row, platform, config) for row in rows)
        severity = incident.severity if incident else signal.severity
        promise = config.promises[severity].acknowledge_within if severity else LONGEST
        end = max([at, *(row.at for row in told)])
        return Flight(rule, str(severity), at, end, decision, promise, told)


def price_of(row: Notification, number: str, *, count: int, config: Configuration) -> float | None:
    """What a message costs by countries.yaml; 0 where nothing is charged, None where no price is known."""
    if row.channel not in PAID:
        return 0.0
    countries = config.countries.values()
    if country_of(number, countries) is None:
        return None
    return price(number, channel=row.channel, segments=count, countries=countries)


def _schedule(at: datetime) -> Scheduler:
    return Scheduler(jobs(f for name, f in manifests().items() if name not in NOT_ON_A_FLIGHT), start=at)


def _to_the_end(platform: Platform, signal: Signal, start: datetime) -> Incident | None:
    """Let time pass until the chain is exhausted and nothing waits to be sent."""
    while platform.clock.now() - start < LONGEST:
        incident = incident_of(signal)
        waits = [row.due_at for row in _rows(incident) if row.due_at is not None] if incident else []
        due = [at for at in (incident.due_at if incident else None, *waits) if at is not None]
        if not due:
            break
        platform.advance(max(min(due) - platform.clock.now(), timedelta(0)) + MINUTE)
    platform.advance(LAST_LOOK)
    return incident_of(signal)


def _rows(incident: Incident) -> list[Notification]:
    rows = notifications_of(bootstrap.state(), incident.id)
    return [row for row in rows if row.reason not in QUIET]


def _told(row: Notification, platform: Platform, config: Configuration) -> Told:
    person = config.directory.people.get(row.recipient)
    text = _text(row, platform)
    count, length = _measured(row.channel, text)
    sent = row.state in SENT
    return Told(
        at=row.sent_at or row.not_before or row.planned_at,
        level=row.step,
        reason=str(row.reason),
        who=person.name if person else f"#{row.recipient.removeprefix('slack:')}",
        channel=str(row.channel),
        language=person.locale if person else "en",
        length=length if sent else "",
        usd=price_of(row, person.phone if person else "", count=count, config=config) if sent else 0.0,
        state=str(row.state) if sent or not row.note else f"{row.state}: {row.note}",
    )


def _text(row: Notification, platform: Platform) -> str:
    """What the receiver got, as far as its length matters."""
    message = platform.providers.store.get(row.provider_id) if row.provider_id else None
    if message is None:
        return ""
    spoken = message.content.get("spoken")
    return " ".join(spoken) if isinstance(spoken, list) else str(message.content.get("body", ""))


def _measured(channel: Channel, text: str) -> tuple[int, str]:
    if channel is Channel.SMS:
        encoding, count = segments(text)
        return count, f"{len(text)} characters, {count} x {encoding}"
    if channel is Channel.VOICE:
        return 1, f"{round(len(text) / SPOKEN_PER_SECOND)} s, said up to 3 times"
    return 0, ""

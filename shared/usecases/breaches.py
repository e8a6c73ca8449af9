"""What people do about a breach: declare it, note the report, stand down, close."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.acting import By
from shared.domain.breaches import Breach, Said, closed, declared, reported, stand_down
from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.escalation import start
from shared.domain.incidents import TimelineEntry
from shared.domain.notifications import Channel, Notification, Recipient
from shared.domain.reasons import Notify
from shared.domain.restricted import sealed, taken_over
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE, digest
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Replace, StateStore, Write
from shared.rendering import breach as rendering
from shared.usecases.act import is_entitled, may_act_on
from shared.usecases.audited import Act, audit_writes
from shared.usecases.breach_notice import Withdrawal, withdrawal
from shared.usecases.breach_records import BREACHES, breach_body, breach_of, read_breach
from shared.usecases.bulletins import plan_bulletin
from shared.usecases.commits import committed
from shared.usecases.outbox import publish_outbox, publish_planned
from shared.usecases.planning import plan_steps, plan_update
from shared.usecases.procedures import starting
from shared.usecases.records import incident_writes, notifications_of, read_incident
from shared.usecases.restricting import hiding_writes, restriction_writes

Change = Callable[[Breach], tuple[Breach, Said]]


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's wish about a breach: `about` is its id or code name, or the incident to declare."""

    about: str
    person: str
    via: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it; `breach` is None when there is none."""

    said: Said
    breach: Breach | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """What every act about a breach needs."""

    config: Configuration
    store: StateStore
    publisher: Publisher


def declare(wish: Wish, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> Done:
    """Make an incident a breach: from now on its details are the response team's alone. Twice is once."""
    if not is_entitled(wish.person, config):
        return Done(Said.NOT_ENTITLED)
    ports = Ports(config, store, publisher)
    return committed(lambda: _declare(wish, ports, clock.now()))


def note_report(wish: Wish, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> Done:
    """The regulator has the report: the clock stops."""
    now = clock.now()
    return _changed(wish, lambda breach: reported(breach, wish.person, now), Ports(config, store, publisher), now)


def ask_stand_down(wish: Wish, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> Done:
    """It was a false alarm: the first to say so gives the reason, a second member of the team confirms it."""
    now = clock.now()
    return _changed(
        wish, lambda breach: stand_down(breach, wish.person, wish.text, now), Ports(config, store, publisher), now
    )


def close(wish: Wish, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> Done:
    """Everything is done, and the regulator has the report."""
    now = clock.now()
    return _changed(wish, lambda breach: closed(breach, wish.person, now), Ports(config, store, publisher), now)


def told_to_team(
    breach: Breach, title: str, lines: tuple[str, ...], *, unique: str, config: Configuration, now: datetime
) -> tuple[tuple[Notification, ...], list[Write]]:
    """A message for the restricted channel, to be part of a decision's commit; nothing without a channel."""
    team = config.response_team
    if not team.target:
        return (), []
    name = f"breach-{digest(breach.id, unique, size=6)}"
    told = Bulletin(name, BulletinKind.NOTICE, now, rendering.told_inside(title, lines), about=(breach.incident,))
    return plan_bulletin(told, [Recipient(team.target, Channel.SLACK)], severity=Severity.HIGH)


def _declare(wish: Wish, ports: Ports, now: datetime) -> Done:
    found = read_incident(ports.store, wish.about)
    if found is None:
        return Done(Said.UNKNOWN_INCIDENT)
    incident, version = found
    if not may_act_on(incident, wish.person, ports.config):
        return Done(Said.UNKNOWN_INCIDENT)
    if incident.restricted:
        return Done(Said.DECLARED_BEFORE, breach_of(incident, ports.store))
    is_drill = incident.source == TEST_SOURCE
    made = declared(incident.id, wish.person, detected_at=incident.started_at, now=now, is_drill=is_drill)
    policy = ports.config.policies[ports.config.promises[Severity.CRITICAL].policy]
    ladder, steps = start(policy, now)
    before = sealed(incident, made.code)
    after = taken_over(before, ladder, ports.config.response_team, now)
    entry = TimelineEntry(now, "breach declared", Said.DECLARED, wish.person, f"via {wish.via}")
    ledger = notifications_of(ports.store, incident.id)
    started = starting(after, incident, config=ports.config, store=ports.store, now=now)
    planned = plan_update(after, ledger, now=now)
    planned += plan_steps(after, steps, reason=Notify.SEVERITY_RAISED, config=ports.config, now=now)
    writes = [
        *incident_writes(after, [entry, *started.entries], version),
        *started.writes,
        *restriction_writes(incident, made),
        *hiding_writes(incident, ports.store),
        *audit_writes(ports.store, Act(now, wish.person, str(Said.DECLARED), made.id)),
        *planned.writes,
    ]
    ports.store.commit(writes)
    publish_planned(ports.publisher, planned.rows, now)
    publish_outbox(ports.store, ports.publisher, writes)
    return Done(Said.DECLARED, made)


def _changed(wish: Wish, change: Change, ports: Ports, now: datetime) -> Done:
    if wish.person not in ports.config.response_team.members:
        return Done(Said.NOT_IN_TEAM)
    return committed(lambda: _change(wish, change, ports, now))


def _change(wish: Wish, change: Change, ports: Ports, now: datetime) -> Done:
    found = read_breach(wish.about, ports.store)
    if found is None:
        return Done(Said.UNKNOWN)
    before, version = found
    after, said = change(before)
    if after == before:
        return Done(said, before)
    entry = TimelineEntry(now, str(said), said, wish.person, f"{wish.text}, via {wish.via}".removeprefix(", "))
    who = ports.config.directory.people[wish.person].name
    lines = (f"{who}: {wish.text}" if wish.text else who,)
    rows, told = told_to_team(
        before, f"{rendering.neutral_title(before)}: {said}", lines, unique=str(said), config=ports.config, now=now
    )
    writes: list[Write] = [Replace(BREACHES, before.id, breach_body(after), version), *told]
    writes += audit_writes(ports.store, Act(now, wish.person, str(said), before.id))
    incident = read_incident(ports.store, before.incident)
    if incident is not None:
        gone = _with_drafts(said, wish, before.incident, ports, now)
        writes += [*incident_writes(incident[0], [entry, *gone.entries], incident[1]), *gone.writes]
    ports.store.commit(writes)
    publish_planned(ports.publisher, rows, now)
    return Done(said, after)


def _with_drafts(said: Said, wish: Wish, incident: str, ports: Ports, now: datetime) -> Withdrawal:
    """A false alarm is told to nobody outside."""
    return (
        withdrawal(incident, By(wish.person, wish.via, now), ports.store) if said is Said.STOOD_DOWN else Withdrawal()
    )

"""What goes wrong in a year, and what people do about it: every kind of incident, at random instants by a seed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from infra.local.firing import made_up
from infra.local.year import facts
from infra.local.year.dice import Dice
from infra.local.year.queue import Event
from infra.local.year.world import World
from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.domain.severities import Severity
from shared.domain.signals import Signal, SignalKind, digest
from shared.usecases.procedures import StepWish, finish_step, runs_of, skip_step
from shared.usecases.wishes import Act, Action

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SERVICES = ("web", "app", "orders-api", "payments", "search", "messages", "website")
OURSELVES = "soukmon"
NEVER = frozenset({"alert_storm"})  # comes by itself, when it storms
SNOOZED = 30 * MINUTE


def rules_of(config: Configuration) -> tuple[str, ...]:
    """The rules for which an event can be made up."""
    names = [*(one.name for one in config.metric_rules), *(one.name for one in config.event_rules)]
    return tuple(name for name in names if name not in NEVER and _can(config, name))


def _can(config: Configuration, name: str) -> bool:
    try:
        made_up(config, name, datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    except LookupError:
        return False
    return True


@dataclass
class Trouble:
    """Brings trouble to a world, and people who see to it (or do not)."""

    world: World
    dice: Dice
    rules: Sequence[str]

    def __post_init__(self) -> None:
        self._number = count()
        people = self.world.config.directory.people.values()
        self.responders = [one.id for one in people if "observer" not in one.roles]
        self.observers = [one.id for one in people if "observer" in one.roles]
        self._known: set[str] = set()
        # A critical one would be a breach, which only its team hears of; breaches have a rehearsal of their own.
        rules = (one for one in self.world.config.event_rules if one.procedure)
        self._breaches = {name for rule in rules for name in rule.match.alert_types}

    def one(self) -> None:
        """An incident of any rule begins now, with all that will become of it."""
        self._live(self._made(self.dice.choice(self.rules), self.dice.choice(SERVICES)), self._length())

    def storm(self) -> None:
        """Many things break within a minute."""
        for _ in range(self.dice.randint(12, 40)):
            rule = self.dice.choice([name for name in self.rules if not name.startswith("support")])
            signal = self._made(rule, self.dice.choice(SERVICES[:4]))
            length = self.dice.uniform(5, 90) * MINUTE
            self._later(self.dice.uniform(0, 50) * SECOND, partial(self._live, signal, length))

    def flapping(self) -> None:
        """Something comes and goes."""
        signal, at = self._made(self.dice.choice(self.rules), self.dice.choice(SERVICES)), timedelta(0)
        for _ in range(self.dice.randint(4, 9)):
            self._later(at, lambda: self._fire(signal))
            at += self.dice.uniform(1, 6) * MINUTE
            self._later(at, lambda: self._end(signal))
            at += self.dice.uniform(1, 9) * MINUTE

    def seen(self, fact: facts.Fact) -> None:
        """What the system says about itself is seen to by people, because nothing else ends it."""
        if isinstance(fact, facts.Fired) and fact.source == OURSELVES and fact.incident not in self._known:
            self._known.add(fact.incident)
            self._attended(fact.incident, longest=9 * HOUR)
            self._by_hand(fact.incident, self.dice.uniform(1, 10) * HOUR)
        if isinstance(fact, facts.Line) and fact.event == "procedure started":
            for wait in (self.dice.uniform(5, 50) * MINUTE, 2 * HOUR, DAY):
                self._later(wait, lambda: self._work_through(fact.incident))

    def _work_through(self, incident: str) -> None:
        """Every step of its procedures that is left: done where a note will do, else left out."""
        for run in runs_of(self.world.store, incident):
            for step in run.steps:
                if step.state.is_settled:
                    continue
                wish = StepWish(incident, step.step.name, self.responders[0], "slack", "seen to", run.procedure)
                if not finish_step(wish, **self.world.ports).happened:
                    skip_step(wish, **self.world.ports)
        self.world.carry()

    def _live(self, signal: Signal, length: timedelta) -> None:
        name = self._fire(signal)
        if self.dice.happens(0.4):
            for _ in range(self.dice.randint(1, 4)):
                self._later(length * self.dice.random(), lambda: self._fire(signal))
        if self.dice.happens(0.1) and signal.alert_type not in self._breaches:
            self._later(length * self.dice.random(), lambda: self._fire(replace(signal, severity=Severity.CRITICAL)))
        if name:
            self._attended(name, longest=length)
        self._later(length, lambda: self._end(signal))
        if self.dice.happens(0.15):
            again = length + self.dice.uniform(1, 28) * MINUTE
            self._later(again, lambda: self._fire(signal))
            self._later(again + self.dice.uniform(1, 90) * MINUTE, lambda: self._end(signal))

    def _attended(self, name: str, *, longest: timedelta) -> None:
        """Somebody answers after a while, perhaps somebody who may not, perhaps nobody ever."""
        if self.dice.happens(0.15):
            return
        wait = min(self.dice.expovariate(1 / 14), 600) * MINUTE
        if self.dice.happens(0.12):
            wrong = self.dice.choice(self.observers)
            self._later(wait / 2, lambda: self._does(name, Action.ACKNOWLEDGE, wrong))
        person = self.dice.choice(self.responders)
        first = self.dice.choices((Action.ACKNOWLEDGE, Action.SNOOZE, Action.REASSIGN), (8, 1, 1))[0]
        self._later(wait, lambda: self._does(name, first, person))
        if self.dice.happens(0.3):
            then = self.dice.choice(
                (Action.ACKNOWLEDGE, Action.NOTE, Action.MITIGATE, Action.ESCALATE, Action.NOT_USEFUL)
            )
            whose = self.dice.choice(self.responders)
            self._later(wait + self.dice.uniform(1, 60) * MINUTE, lambda: self._does(name, then, whose))
        if self.dice.happens(0.1):
            self._by_hand(name, max(wait, longest * self.dice.random()))

    def _by_hand(self, name: str, after: timedelta) -> None:
        person = self.dice.choice(self.responders)
        self._later(after, lambda: self._does(name, Action.RESOLVE, person))

    def _does(self, name: str, action: Action, person: str) -> None:
        incident = self.world.incident(name)
        if incident is None:
            return
        to = self.dice.choice(self.responders)
        wish = Act(action, name, person, "slack", note="looked into it", to=to, lasting=SNOOZED)
        self.world.acts(wish, until=self._until(wish, incident))

    def _until(self, wish: Act, incident: Incident) -> datetime | None:
        """When what the wish takes runs out, as severities.yaml says."""
        promise, now = self.world.config.promises[incident.severity], self.world.now
        match wish.action:
            case Action.ACKNOWLEDGE:
                return now + promise.ack_expires_after
            case Action.SNOOZE:
                return now + SNOOZED
            case Action.REASSIGN:
                offered = wish.to != wish.person
                return now + (promise.acknowledge_within if offered else promise.ack_expires_after)
            case Action.MITIGATE:
                return max(now + promise.ack_expires_after, incident.resolve_by or now)
            case _:
                return None

    def _made(self, rule: str, service: str) -> Signal:
        now, number = self.world.now, next(self._number)
        base = made_up(self.world.config, rule, now)
        return replace(
            base,
            fingerprint=digest("year", rule, service, str(number)),
            key=f"{rule}-{number}",
            service=OURSELVES if base.source == OURSELVES else service,
            title=f"{rule} of {service}",
        )

    def _fire(self, signal: Signal) -> str:
        return self.world.fires(self._now(signal)).incident

    def _end(self, signal: Signal) -> None:
        self.world.fires(replace(self._now(signal), kind=SignalKind.RESOLVED))

    def _now(self, signal: Signal) -> Signal:
        now = self.world.now
        name = digest("event", signal.fingerprint, str(next(self._number)))
        return replace(signal, event_id=name, occurred_at=now, received_at=now)

    def _length(self) -> timedelta:
        """How long it goes on: some a moment, most for minutes, a few for days."""
        if self.dice.happens(0.15):
            return self.dice.uniform(5, 55) * SECOND
        if self.dice.happens(0.88):
            return min(self.dice.lognormvariate(3.6, 1.2), 2_000) * MINUTE
        return self.dice.uniform(1, 3) * DAY

    def _later(self, wait: timedelta, event: Event) -> None:
        self.world.queue.put(self.world.now + wait, event)

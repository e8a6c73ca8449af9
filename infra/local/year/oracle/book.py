"""The book of lives: facts turned into what every incident is now by the design, with what is wrong on the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from infra.local.year import facts
from infra.local.year.oracle.lives import Life, ladder_of
from infra.local.year.oracle.mutes import Mutes
from infra.local.year.oracle.verdicts import Court
from shared.domain.configuration import Configuration

MINUTE = timedelta(minutes=1)
GRACE = 2 * MINUTE  # a minute's tick, and one more
NEW_EPISODES = frozenset({"opened", "reopened", "raised", "acknowledgement expired", "steady"})


@dataclass
class Book:
    """Every incident's life; the ladder's invariants are judged as its lines come."""

    config: Configuration
    mutes: Mutes
    court: Court
    lives: dict[str, Life] = field(default_factory=dict)
    _open: dict[str, Life] = field(default_factory=dict)
    _wishes: dict[str, facts.Acted] = field(default_factory=dict)
    _fired: dict[str, facts.Fired] = field(default_factory=dict)
    _last: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def take(self, fact: facts.Fact) -> None:
        """Write down what happened."""
        if isinstance(fact, facts.Fired):
            self._fires(fact)
        elif isinstance(fact, facts.Acted):
            if fact.happened:
                self._wishes[fact.incident] = fact
        elif isinstance(fact, facts.Line):
            self._line(fact)
        elif isinstance(fact, facts.Ticked):
            self._tick(fact.at)

    def open_lives(self) -> Iterator[Life]:
        """Those that go on."""
        return iter(self._open.values())

    def muted(self, life: Life, at: datetime) -> str:
        """What mutes it at the instant; "" when nothing does."""
        return self.mutes.on(life, at, self._open.values())

    def _fires(self, fact: facts.Fired) -> None:
        life = self.lives.get(fact.incident)
        self._fired[fact.incident] = fact
        if life is not None:
            return
        ladder = ladder_of(self.config, fact.rule, fact.severity)
        life = Life(
            fact.incident,
            fact.rule,
            fact.alert_type,
            fact.service,
            fact.source,
            fact.severity,
            fact.began,
            fact.at,
            fact.labels,
            ladder,
            is_folded=fact.is_folded,
        )
        self.lives[fact.incident] = self._open[fact.incident] = life

    def _line(self, line: facts.Line) -> None:
        life = self.lives.get(line.incident)
        if life is None:
            self.court.find("timeline", line.at, line.incident, f"a line ({line.event}) of an incident nobody opened")
            return
        handler = self._handlers().get(line.event)
        if handler is not None:
            handler(life, line)
        self._last[life.id] = line.at, line.event

    def _handlers(self) -> dict[str, Callable[[Life, facts.Line], None]]:
        return {
            "opened": self._begins,
            "reopened": self._comes_back,
            "raised": self._gets_worse,
            "escalated": self._climbs,
            "acknowledged": self._owned,
            "snoozed": self._owned,
            "handed over": self._owned,
            "mitigated": self._owned,
            "acknowledgement expired": self._expires,
            "held back": self._held,
            "released": self._released,
            "told": self._released,
            "steady": self._steady,
            "resolved": self._over,
            "merged": self._over,
        }

    def _begins(self, life: Life, line: facts.Line) -> None:
        rule = next((one for one in self.config.event_rules if one.name == life.rule), None)
        if not life.is_folded and (rule is None or rule.notify):
            self._starts(life, line.at)

    def _starts(self, life: Life, at: datetime) -> None:
        """A chain starts now; something that mutes it shows in the line that follows."""
        life.until, life.is_untold, life.is_mitigated, life.free_since = None, False, False, at
        life.ladder.start(at)

    def _comes_back(self, life: Life, line: facts.Line) -> None:
        life.is_open, self._open[life.id] = True, life
        fired = self._fired[life.id]
        if "flip" in line.reason or "comes and goes" in line.reason:
            life.is_unsure = True
            life.severity = fired.severity
            return
        life.severity, life.began, life.is_folded = fired.severity, line.at, False
        life.ladder = ladder_of(self.config, life.rule, life.severity)
        self._starts(life, line.at)

    def _gets_worse(self, life: Life, line: facts.Line) -> None:
        fired = self._fired[life.id]
        self.court.check("ladder")
        if fired.severity.rank <= life.severity.rank:
            self.court.find("ladder", line.at, life.id, f"raised, and nothing said worse than {life.severity}")
        life.severity, life.is_folded = fired.severity, False
        life.ladder = ladder_of(self.config, life.rule, life.severity)
        if life.is_owned and not life.is_mitigated:
            life.ladder.step = 1
            return
        self._starts(life, line.at)  # what got worse is not mitigated any more

    def _climbs(self, life: Life, line: facts.Line) -> None:
        ladder, by_hand = life.ladder, line.actor != "soukmon"
        if by_hand:
            life.is_untold, life.until, life.is_folded, life.is_mitigated = False, None, False, False
            ladder.climb(line.at)
            if ladder.next_at is None:
                ladder.round, ladder.next_at = 0, line.at + ladder.policy.repeat_every
            return
        self.court.check("owned")
        if life.is_owned:
            self.court.find("owned", line.at, life.id, "a step was taken while somebody owned it")
        self.court.check("muted")
        if by := self.muted(life, line.at):
            self.court.find("muted", line.at, life.id, f"a step was taken while {by} muted it")
        if life.is_unsure:
            return
        self.court.check("ladder")
        level = f"level {ladder.level}"
        if ladder.next_at is None or ladder.level is None:
            self.court.find("ladder", line.at, life.id, "a step was taken when none was due any more")
        elif line.at < ladder.next_at:
            self.court.find("ladder", line.at, life.id, f"{level} was due at {ladder.next_at:%H:%M:%S} only")
        elif level not in line.detail:
            self.court.find("ladder", line.at, life.id, f"{level} was due, and it was {line.detail}")
        ladder.climb(line.at)

    def _owned(self, life: Life, line: facts.Line) -> None:
        wish = self._wishes.get(life.id)
        self.court.check("owned")
        if wish is None or wish.at != line.at or wish.person != line.actor:
            self.court.find("owned", line.at, life.id, f"{line.event} by {line.actor}, who wished nothing then")
            return
        life.until, life.is_untold = wish.until, False
        life.is_mitigated = life.is_mitigated or line.event == "mitigated"
        life.ladder.rest()

    def _expires(self, life: Life, line: facts.Line) -> None:
        self.court.check("owned")
        if life.until is None or line.at < life.until:
            self.court.find("owned", line.at, life.id, "an acknowledgement ran out before its time")
        self._starts(life, line.at)

    def _held(self, life: Life, line: facts.Line) -> None:
        self.court.check("muted")
        if not self.muted(life, line.at):
            self.court.find("muted", line.at, life.id, f"held back by {line.detail}, and nothing mutes it")
        before = self._last.get(life.id)
        if before is not None and before[0] == line.at and before[1] in NEW_EPISODES:
            life.is_untold = True
            life.ladder.step, life.ladder.next_at = 0, None

    def _released(self, life: Life, line: facts.Line) -> None:
        self.court.check("muted")
        if by := self.muted(life, line.at):
            self.court.find("muted", line.at, life.id, f"released while {by} muted it")
        self._starts(life, line.at)

    def _steady(self, life: Life, line: facts.Line) -> None:
        """What it was doing meanwhile is not followed; its steps rest until it begins anew."""
        life.ladder.rest()
        if line.detail == "over":
            life.is_unsure = False

    def _over(self, life: Life, line: facts.Line) -> None:
        if line.event == "merged" and not line.detail.startswith("into "):
            return
        life.is_open, life.until, life.is_untold, life.is_mitigated, life.free_since = False, None, False, False, None
        self._open.pop(life.id, None)
        life.ladder.rest()

    def _tick(self, now: datetime) -> None:
        for life in self.open_lives():
            if not life.is_unsure and not life.is_folded:
                self._look(life, now)

    def _look(self, life: Life, now: datetime) -> None:
        """Whatever was due has happened by now."""
        self.court.check("ladder")
        if life.until is not None:
            if now > life.until + GRACE:
                self.court.find("owned", now, life.id, f"an acknowledgement outlives its end, {life.until:%d %b %H:%M}")
                life.until = None
            return
        if life.ladder.next_at is None and not life.is_untold:
            return
        if self.muted(life, now):
            life.free_since = None
            return
        life.free_since = life.free_since or now
        due = life.free_since if life.is_untold else max(life.ladder.next_at or now, life.free_since)
        if now <= due + GRACE:
            return
        if life.is_untold:
            self.court.find("muted", now, life.id, f"nothing mutes it since {due:%H:%M}, and nobody is told")
            life.is_untold = False
        elif life.ladder.level is not None:
            self.court.find("ladder", now, life.id, f"level {life.ladder.level} was due at {due:%d %b %H:%M}")
        life.ladder.rest()

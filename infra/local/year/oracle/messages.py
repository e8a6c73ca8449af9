"""What providers took, message by message: to whom, once, and not to whom it should not."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from infra.local.year import facts
from infra.local.year.oracle.book import Book
from infra.local.year.oracle.lives import Life
from infra.local.year.oracle.rota import Rota
from infra.local.year.oracle.verdicts import Court
from shared.domain.configuration import Configuration
from shared.domain.notifications import WAKING, Channel
from shared.domain.reasons import Notify
from shared.domain.severities import Severity

PAGES = frozenset(
    {
        Notify.FIRST,
        Notify.SEVERITY_RAISED,
        Notify.REMINDER,
        Notify.REOPENED,
        Notify.ESCALATED,
        Notify.REPEATED,
        Notify.LAST_RESORT,
        Notify.ACK_EXPIRED,
        Notify.PROMISE_BROKEN,
        Notify.PROMISE_AT_RISK,
        Notify.RELEASED,
        Notify.FLAPPING,
    }
)
CLIMBING = frozenset({Notify.FIRST, Notify.ESCALATED, Notify.REPEATED, Notify.LAST_RESORT, Notify.REMINDER})
STEPS = frozenset({"opened", "reopened", "released", "escalated", "acknowledgement expired", "raised"})
MINUTE = timedelta(minutes=1)
IN_TIME = 3 * MINUTE  # a group's wait, a retry, a tick
AFTER_A_FAULT = 8 * MINUTE  # the longest pause between tries, the next channel, and a tick
NEWEST = 400


@dataclass
class Expected:
    """Somebody is to hear of a step that was taken at `at`; `person` is who is on call."""

    life: Life
    at: datetime
    person: str


@dataclass
class Messages:
    """Judges each accepted message, and waits for those that have to come."""

    config: Configuration
    book: Book
    rota: Rota
    court: Court
    _seen: dict[str, datetime] = field(default_factory=dict)
    _pages: dict[tuple[str, ...], datetime] = field(default_factory=dict)
    _expected: list[Expected] = field(default_factory=list)
    _heard: dict[str, deque[tuple[datetime, datetime, str]]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=NEWEST))
    )
    _sent: dict[tuple[str, Channel], deque[datetime]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=NEWEST))
    )
    _failing: datetime | None = None

    def take(self, fact: facts.Fact) -> None:
        """Judge it."""
        if isinstance(fact, facts.Accepted):
            self._accepted(fact)
        elif isinstance(fact, facts.Failing):
            self._failing = max(fact.end, self._failing or fact.end)
        elif isinstance(fact, facts.Line) and fact.event in STEPS:
            self._expect(fact)
        elif isinstance(fact, facts.Line) and fact.event == "held back":
            self._expected = [one for one in self._expected if (one.life.id, one.at) != (fact.incident, fact.at)]
        elif isinstance(fact, facts.Ticked):
            self._overdue(fact.at)

    def _accepted(self, fact: facts.Accepted) -> None:
        row, court = fact.row, self.court
        court.check("once")
        if fact.reference in self._seen:
            court.find(
                "once", fact.at, row.incident or row.bulletin, f"{row.recipient} got {row.reason} twice ({row.channel})"
            )
        self._seen[fact.reference] = fact.at
        self._within_caps(fact)
        life = self.book.lives.get(row.incident)
        for about in (row.incident, *row.stands_for):
            self._heard[about].append((fact.at, row.planned_at, row.recipient))
        if life is None:
            return
        key = (
            row.incident,
            row.reason,
            str(row.step),
            row.recipient,
            row.channel,
            row.fallback_of,
            str(row.planned_at),
        )
        if row.reason in PAGES and self._pages.get(key) is not None:
            court.find(
                "once",
                fact.at,
                row.incident,
                f"{row.recipient} got two of {row.reason} planned at once ({row.channel})",
            )
        self._pages[key] = fact.at
        court.check("asleep")
        if (
            row.channel in WAKING
            and life.severity not in {Severity.HIGH, Severity.CRITICAL}
            and row.severity == life.severity
        ):
            court.find(
                "asleep",
                fact.at,
                row.incident,
                f"{row.recipient} was woken ({row.channel}, {row.reason}) by something {life.severity}",
            )
        if row.reason in PAGES and row.planned_at == fact.at:
            court.check("muted")
            if by := self.book.muted(life, fact.at):
                court.find(
                    "muted", fact.at, row.incident, f"{row.recipient} was told ({row.reason}) while {by} mutes it"
                )
        if row.reason in CLIMBING and row.channel is not Channel.SLACK:
            court.check("owned")
            if life.is_owned:
                court.find(
                    "owned", fact.at, row.incident, f"{row.recipient} was paged ({row.reason}) while somebody owned it"
                )

    def _within_caps(self, fact: facts.Accepted) -> None:
        if fact.channel not in WAKING or fact.row.reason is Notify.BULLETIN:
            return
        sent = self._sent[fact.to, fact.channel]
        sent.append(fact.at)
        for cap in self.config.limits.rate_caps.get(fact.channel, ()):
            self.court.check("caps")
            if sum(at > fact.at - cap.window for at in sent) > cap.messages:
                span = f"{cap.window} on {fact.channel}"
                self.court.find("caps", fact.at, fact.row.recipient, f"more than {cap.messages} messages in {span}")

    def _expect(self, line: facts.Line) -> None:
        """After a step somebody has to hear of it, and whoever is on call where the step names them."""
        life = self.book.lives.get(line.incident)
        if life is None or life.is_untold or life.is_owned or life.is_unsure or life.ladder.step == 0:
            return
        if line.event in {"opened", "reopened"} and ("folded" in line.reason or "no rule" in line.reason):
            return
        self._expected.append(Expected(life, line.at, self._on_call(life, line)))

    def _on_call(self, life: Life, line: facts.Line) -> str:
        ladder = life.ladder
        first = line.event != "escalated"
        step = ladder.policy.steps[0 if first else min(ladder.step, len(ladder.waits)) - 1]
        if line.reason == Notify.LAST_RESORT:
            return ""
        on_call = [one for one in step.targets if one.startswith("oncall:") and "@" not in one]
        channels = set(self._channels(life)) & set(step.channels or self._channels(life)) - {"slack"}
        if not on_call or not channels:
            return ""
        return self.rota.on_call(on_call[0].removeprefix("oncall:"), line.at) or ""

    def _channels(self, life: Life) -> tuple[str, ...]:
        known = {one.name: one.channels for one in self.config.event_rules}
        known |= {one.name: one.channels for one in self.config.metric_rules}
        return known.get(life.rule, ("email", "slack"))

    def _overdue(self, now: datetime) -> None:
        left = []
        for one in self._expected:
            if not one.life.is_open or one.life.is_owned or one.life.is_untold or one.life.is_unsure:
                continue
            heard = [who for at, planned, who in self._heard[one.life.id] if planned >= one.at or at >= one.at]
            if heard and (not one.person or one.person in heard):
                self.court.check("reach")
                continue
            until = max(one.at + IN_TIME, (self._failing or one.at) + AFTER_A_FAULT)
            if now <= until:
                left.append(one)
                continue
            self.court.check("reach")
            who = f"{one.person}, who is on call," if one.person else "nobody"
            told = f"{who} was not told" if one.person else "nobody was told"
            self.court.find("reach", now, one.life.id, f"of its step at {one.at:%d %b %H:%M:%S} {told}")
        self._expected = left

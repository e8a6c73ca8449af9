"""What a rule said over a span of time, as pages, and how they match the incidents that are on record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from shared.domain.evaluation import Say
from shared.domain.rules import MetricRule, as_event_rule
from shared.domain.severities import Severity

LEAST_GRACE = timedelta(hours=1)
MONTH = timedelta(days=30)
BEGINS = frozenset({Say.FIRED})
ENDS = frozenset({Say.RESOLVED, Say.CORRECTED})


@dataclass(frozen=True, slots=True)
class Said:
    """Something an evaluation told of a rule at an instant."""

    at: datetime
    rule: str
    say: Say
    severity: Severity


@dataclass(frozen=True, slots=True)
class Page:
    """One alert from the minute it fired to its end; `is_over` is False when it still fires at the end of the span.

    `severity` is the worst it reached, `raised` when it reached it after having begun one lower.
    """

    rule: str
    start: datetime
    end: datetime
    severity: Severity
    is_over: bool = True
    raised: datetime | None = None
    corrected: bool = False

    @property
    def length(self) -> timedelta:
        """How long it fired."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Recorded:
    """An incident that really was: of one rule, of one metric, or (both empty) of neither in particular."""

    start: datetime
    end: datetime
    rule: str = ""
    metric: str = ""
    name: str = ""

    def concerns(self, rule: MetricRule) -> bool:
        """True when the rule should have seen it."""
        return self.rule == rule.name if self.rule else bool(self.metric) and self.metric == rule.metric

    def touches(self, page: Page, *, grace: timedelta) -> bool:
        """True when the page fired while it went on, or within `grace` of its end."""
        return page.start <= self.end + grace and page.end > self.start


@dataclass(frozen=True, slots=True)
class Score:
    """Pages against recorded incidents.

    `beside`: pages during an incident of something else, neither right nor wrong. `seen` has the time from an
    incident's start to its first page.
    """

    true: tuple[Page, ...] = ()
    false: tuple[Page, ...] = ()
    beside: tuple[Page, ...] = ()
    seen: tuple[tuple[Recorded, timedelta], ...] = ()
    missed: tuple[Recorded, ...] = ()

    @property
    def median_delay(self) -> timedelta | None:
        """The median time to detect; None when nothing was."""
        return _median([delay for _, delay in self.seen])


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that one rule would have done over `span`."""

    rule: MetricRule
    span: timedelta
    pages: tuple[Page, ...]
    score: Score
    flapped: int = 0
    chronic: int = 0

    @property
    def firing(self) -> timedelta:
        """How long it fired altogether."""
        return sum((page.length for page in self.pages), timedelta(0))

    @property
    def median_firing(self) -> timedelta | None:
        """The median length of a page."""
        return _median([page.length for page in self.pages])

    @property
    def share_firing(self) -> float:
        """The share of the time, 0 to 1."""
        return self.firing / self.span

    @property
    def reminders(self) -> int:
        """How often people would have been reminded, had nobody acknowledged."""
        every = as_event_rule(self.rule).remind_every
        return sum(max(0, -(-page.length // every) - 1) for page in self.pages)

    @property
    def messages(self) -> int:
        """One for each channel at every change of state and reminder, to whoever the first step names."""
        changes = sum(1 + page.is_over + (page.raised is not None) for page in self.pages)
        return (changes + self.reminders) * len(self.rule.channels)

    @property
    def false_a_month(self) -> float:
        """False pages in thirty days."""
        return len(self.score.false) / (self.span / MONTH)


@dataclass(frozen=True, slots=True)
class Report:
    """A backtest over [since, until): the rules' outcomes, the bytes it read, and those of one live evaluation."""

    since: datetime
    until: datetime
    outcomes: tuple[Outcome, ...]
    bytes_read: int
    bytes_an_evaluation: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule with other settings, and what it would have done."""

    rule: MetricRule
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Tuning:
    """The settings that were tried, the first as the rule is now; `best` None when none is quiet enough.

    `visible`: within each window, the least share of failures (percent) that stands out at the usual traffic.
    """

    rule: MetricRule
    trials: tuple[Trial, ...]
    best: Trial | None
    wanted: float
    visible: tuple[tuple[timedelta, float], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One rule in two sets: (field, before, after) of its normal form where they differ, and both outcomes."""

    name: str
    fields: tuple[tuple[str, object, object], ...]
    before: Outcome | None
    after: Outcome | None
    is_new: bool = False
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sets of rules over [since, until); incidents count as seen when any rule of theirs paged."""

    since: datetime
    until: datetime
    rules: tuple[RuleDifference, ...]
    now_missed: tuple[Recorded, ...] = ()
    newly_seen: tuple[Recorded, ...] = ()


def pages_of(said: Iterable[Said], *, until: datetime) -> list[Page]:
    """The pages of one rule from what it said, oldest first; one that was open at `until` ends there unfinished."""
    pages: list[Page] = []
    now: Page | None = None
    for one in said:
        if now is None and one.say in BEGINS:
            now = Page(one.rule, one.at, one.at, one.severity)
        elif now is not None and one.say is Say.RAISED:
            now = replace(now, severity=one.severity, raised=one.at)
        elif now is not None and one.say in ENDS:
            pages.append(replace(now, end=one.at, corrected=one.say is Say.CORRECTED))
            now = None
    return pages if now is None else [*pages, replace(now, end=until, is_over=False)]


def outcome(
    rule: MetricRule, said: Sequence[Said], recorded: Sequence[Recorded], *, since: datetime, until: datetime
) -> Outcome:
    """What the rule's words over [since, until) come to."""
    pages = tuple(pages_of(said, until=until))
    return Outcome(
        rule,
        until - since,
        pages,
        score(rule, pages, [one for one in recorded if one.end > since and one.start < until]),
        flapped=sum(one.say is Say.FLAPPING for one in said),
        chronic=sum(one.say is Say.CHRONIC for one in said),
    )


def score(rule: MetricRule, pages: Sequence[Page], recorded: Sequence[Recorded]) -> Score:
    """Pages against what was really wrong; slow rules are given two of their periods to notice."""
    grace = max(LEAST_GRACE, 2 * rule.every)
    own = [one for one in recorded if one.concerns(rule)]
    others = [one for one in recorded if not one.concerns(rule)]
    true = tuple(page for page in pages if _any_touches(own, page, grace))
    wrong = [page for page in pages if not _any_touches(own, page, grace)]
    beside = tuple(page for page in wrong if _any_touches(others, page, grace))
    seen, missed = [], []
    for one in own:
        found = next((page for page in pages if one.touches(page, grace=grace)), None)
        if found is None:
            missed.append(one)
        else:
            seen.append((one, max(timedelta(0), found.start - one.start)))
    false = tuple(page for page in wrong if page not in beside)
    return Score(true, false, beside, tuple(seen), tuple(missed))


def _any_touches(recorded: Iterable[Recorded], page: Page, grace: timedelta) -> bool:
    return any(one.touches(page, grace=grace) for one in recorded)


def _median(lengths: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(length.total_seconds() for length in lengths)) if lengths else None

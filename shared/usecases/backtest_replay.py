"""Rules over a metric's history, evaluation by evaluation, with the live decision and what it would have known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.domain.baselines import Season
from shared.domain.evaluation import Memory, Say, Surroundings, evaluate
from shared.domain.history import History, MovingSeries
from shared.domain.maintenance import Window
from shared.domain.maintenance_rules import spans_left_out
from shared.domain.metrics import Metric, Source
from shared.domain.paging import Said
from shared.domain.rules import MetricRule
from shared.domain.series import HOUR, MINUTE

HOURLY = timedelta(hours=1)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Task:
    """Rules (with their metrics) that read the same points of one source.

    `arrivals` are the minutes (epoch seconds, ascending) in which the source delivered anything, `recent` is how many
    seconds of minutes an evaluation's query looks back. `windows` are those of maintenance, which no baseline counts.
    """

    rules: tuple[tuple[MetricRule, Metric], ...]
    source: Source
    history: History
    arrivals: Sequence[int]
    recent: int
    seasons: tuple[Season, ...] = ()
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A minute's evaluation: when, how far the source had been rolled up, and whether it just was."""

    until: int
    watermark: int
    rolled_up: bool


def replay(task: Task, since: datetime, until: datetime) -> list[Said]:
    """Everything the rules would have said at the evaluations in (since, until], a minute apart.

    Raw data counts as arrived by the end of its minute: how late it really came is not kept.
    """
    series = {metric.name: MovingSeries(metric, task.history) for _, metric in task.rules}
    around = {r.name: Surroundings(spans_left_out(r, task.windows), task.seasons) for r, _ in task.rules}
    memories = {rule.name: Memory() for rule, _ in task.rules}
    next_at = dict.fromkeys(memories, 0)
    judged: dict[str, int] = {}
    fresh: set[str] = set()
    told: list[Said] = []
    for look in looks(task.source, task.arrivals, since, until):
        if look.rolled_up:
            fresh.update(memories)
        for rule, metric in task.rules if fresh else ():
            if rule.name not in fresh or look.until < next_at[rule.name]:
                continue
            fresh.remove(rule.name)
            next_at[rule.name] = _next_period(rule, look.until)
            if judged.get(rule.name) == look.watermark:
                continue  # the same minutes again change nothing
            judged[rule.name] = look.watermark
            seen, now = series[metric.name], datetime.fromtimestamp(look.until, UTC)
            seen.move(since=(look.until // HOUR * HOUR - task.recent) // HOUR * HOUR, watermark=look.watermark)
            decision = evaluate(rule, seen, memories[rule.name], now=now, around=around[rule.name])
            memories[rule.name] = decision.memory
            if decision.say is not Say.NOTHING:
                told.append(Said(now, rule.name, decision.say, decision.severity))
    return told


def looks(source: Source, arrivals: Sequence[int], since: datetime, until: datetime) -> Iterator[Look]:
    """The evaluations in (since, until], from the first that finds anything on; rolled up as `roll_up` would."""
    every, deep_every = int(source.every.total_seconds()), int(source.deep_every.total_seconds())
    position, seen, rolled_at, deep_at = 0, 0, 0, 0
    for end in range(int(since.timestamp()) + MINUTE, int(until.timestamp()) + MINUTE, MINUTE):
        while position < len(arrivals) and arrivals[position] < end:
            position += 1
        if not position:
            continue
        newest, is_deep = arrivals[position - 1], end - deep_at >= deep_every
        is_rolled = is_deep or (newest != seen and end - rolled_at >= every)
        if is_rolled:
            seen, rolled_at, deep_at = newest, end, end if is_deep else deep_at
        yield Look(end, seen, is_rolled)


def _next_period(rule: MetricRule, end: int) -> int:
    """From when on the rule is due again."""
    if rule.every < HOURLY:
        return end + MINUTE
    elapsed = (datetime.fromtimestamp(end, UTC) - NEVER) % rule.every
    return end + int((rule.every - elapsed).total_seconds())


def recent_seconds(rules: Sequence[MetricRule], recent: timedelta) -> int:
    """How far back the minutes of the rules' query go."""
    return int(max([recent, *(rule.window for rule in rules if rule.window is not None)]).total_seconds())

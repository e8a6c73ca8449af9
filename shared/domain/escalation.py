"""Escalation policies: who is told at each step, and when the next step is due."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.oncall import CAIRO
from shared.domain.wallclock import Hours, elapsed_at


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: `targets` are told `after` the step before it (the first: after the incident opened).

    A target is "oncall:<rotation>", "team:<name>", "person:<id>" or "slack:<channel>".
    `channels` restricts how people are told; empty means the rule's own channels.
    """

    targets: tuple[str, ...]
    after: timedelta = timedelta(0)
    level: int = 1
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The chain, repeated up to `repeats` times each `repeat_every`, then `last_resort` is told once.

    With `hours` (Egypt time) its clock runs only then: a wait that closing time interrupts goes on the next day.
    """

    name: str
    steps: tuple[Step, ...]
    repeat_every: timedelta = timedelta(minutes=15)
    repeats: int = 3
    last_resort: tuple[str, ...] = ()
    hours: Hours | None = None

    def elapsed_at(self, start: datetime, wait: timedelta) -> datetime:
        """The instant at which the policy's own clock has run for `wait` since `start`."""
        return elapsed_at(self.hours, ZoneInfo(CAIRO), start, wait)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where an incident stands on its frozen policy. `next_at` None means nothing is due any more.

    `step` counts the steps taken so far; `round` counts completed repetitions.
    """

    policy: Policy
    step: int = 0
    round: int = 0
    next_at: datetime | None = None
    last_resort_told: bool = False


@dataclass(frozen=True, slots=True)
class Climb:
    """What one due instant asks for: the steps to send now (the highest due one), and the ladder afterwards."""

    ladder: Ladder
    step: Step | None
    skipped: int = 0
    last_resort: bool = False


def with_second_step_after(policy: Policy, delay: timedelta | None) -> Policy:
    """The severity's policy with the rule's own wait before step 2 ("after 30 minutes", "immediate" = 0)."""
    if delay is None or len(policy.steps) < 2:  # noqa: PLR2004 - there is no second step to move
        return policy
    first, second, *rest = policy.steps
    return replace(policy, steps=(first, replace(second, after=delay), *rest))


def start(policy: Policy, now: datetime) -> tuple[Ladder, tuple[Step, ...]]:
    """The steps to send at opening (step 1, and every further step without a wait) and the ladder after them."""
    taken = 1
    while taken < len(policy.steps) and policy.steps[taken].after == timedelta(0):
        taken += 1
    return Ladder(policy, step=taken, next_at=_next_due(policy, taken, 0, now)), policy.steps[:taken]


def climb(ladder: Ladder, now: datetime) -> Climb:
    """Take what is due at `now`. Late by several steps: only the highest due one is sent, timers restart from now."""
    if ladder.next_at is None or now < ladder.next_at:
        return Climb(ladder, None)
    if ladder.step >= len(ladder.policy.steps):
        return _repeat(ladder, now)
    policy, highest, due = ladder.policy, ladder.step, ladder.next_at
    while highest + 1 < len(policy.steps) and (later := policy.elapsed_at(due, policy.steps[highest + 1].after)) <= now:
        highest, due = highest + 1, later
    taken = highest + 1
    moved = replace(ladder, step=taken, next_at=_next_due(policy, taken, ladder.round, now))
    return Climb(moved, policy.steps[highest], skipped=highest - ladder.step)


def _repeat(ladder: Ladder, now: datetime) -> Climb:
    if ladder.round < ladder.policy.repeats:
        again = ladder.round + 1
        moved = replace(ladder, round=again, next_at=ladder.policy.elapsed_at(now, ladder.policy.repeat_every))
        return Climb(moved, ladder.policy.steps[-1])
    if not ladder.policy.last_resort:
        return Climb(replace(ladder, next_at=None), None)
    moved = replace(ladder, next_at=None, last_resort_told=True)
    return Climb(moved, Step(ladder.policy.last_resort, level=len(ladder.policy.steps) + 1), last_resort=True)


def _next_due(policy: Policy, taken: int, rounds: int, now: datetime) -> datetime | None:
    if taken < len(policy.steps):
        return policy.elapsed_at(now, policy.steps[taken].after)
    if rounds < policy.repeats or policy.last_resort:
        return policy.elapsed_at(now, policy.repeat_every)
    return None

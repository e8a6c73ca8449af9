"""An incident's place on its escalation policy, step by step, for its page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.escalation import Ladder
from shared.rendering.catalogue import words
from shared.rendering.view import span

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rung:
    """One line of the table; `standing` is "done", "next" (`at` says when), "later" or "stopped"."""

    name: str
    targets: tuple[str, ...]
    after: str
    standing: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    targets: tuple[str, ...]
    after: timedelta
    is_done: bool
    is_next: bool


def rungs(ladder: Ladder, *, people: Mapping[str, str], locale: str) -> list[Rung]:
    """The steps of the frozen policy, its repetitions and its last resort."""
    return [_rung(row, ladder, people=people, locale=locale) for row in _rows(ladder, words(locale))]


def _rows(ladder: Ladder, say: Mapping[str, str]) -> Iterator[_Row]:
    policy, taken = ladder.policy, ladder.step
    for index, step in enumerate(policy.steps):
        yield _Row(str(index + 1), step.targets, step.after, is_done=index < taken, is_next=index == taken)
    at_top, repeated = taken >= len(policy.steps), ladder.round >= policy.repeats
    if policy.repeats:
        name, targets = f"{say['repeat']} ({ladder.round}/{policy.repeats})", policy.steps[-1].targets
        yield _Row(name, targets, policy.repeat_every, is_done=repeated, is_next=at_top)
    if policy.last_resort:
        told, due = ladder.last_resort_told, at_top and repeated
        yield _Row(say["last_resort"], policy.last_resort, policy.repeat_every, is_done=told, is_next=due)


def _rung(row: _Row, ladder: Ladder, *, people: Mapping[str, str], locale: str) -> Rung:
    standing = "later"
    if row.is_done:
        standing = "done"
    elif ladder.next_at is None:
        standing = "stopped"
    elif row.is_next:
        standing = "next"
    names = (target.removeprefix("person:").partition("@")[0] for target in row.targets)
    shown = tuple(people.get(name, target) for name, target in zip(names, row.targets, strict=True))
    after = span(row.after, locale) if row.after >= MINUTE else words(locale)["at_once"]
    return Rung(row.name, shown, after, standing, ladder.next_at if standing == "next" else None)

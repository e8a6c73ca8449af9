"""What a look over the state store's documents tells: large ones, ones that are written all the time, and growth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shared.domain.index_review import ALERT
from shared.domain.jobs import Finding, Verdict

LARGE = 500 * 1024  # half of what Firestore takes at all; https://firebase.google.com/docs/firestore/quotas
NEARLY_FULL = 900 * 1024
HOT_A_DAY = 8_640  # a tenth of the one write a second that Firestore keeps up for one document
GREW_TO = 2.0  # times what it was
MANY = 10_000  # documents; a smaller collection may grow as it likes
NAMED = 10
COUNTERS = ("seq", "entries", "revision")  # fields that rise by one with each write


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look came to. `large` are bytes, `counters` how often a document was written, both by "collection/id".

    `cursors` say where the look over a collection stopped ("" when it came to its end).
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    large: Mapping[str, int] = field(default_factory=dict)
    counters: Mapping[str, int] = field(default_factory=dict)
    cursors: Mapping[str, str] = field(default_factory=dict)
    looked_at: int = 0


def judged(seen: Seen, before: Seen, *, days: float) -> tuple[Finding, ...]:
    """What is wrong; `days` since the look `before`."""
    return (*_large(seen.large), *_hot(hottest(seen, before), days), *_grown(seen.counts, before.counts))


def hottest(seen: Seen, before: Seen) -> Mapping[str, int]:
    """How often documents were written since the look before, as far as both saw them; those most of all first."""
    rises = {name: value - before.counters[name] for name, value in seen.counters.items() if name in before.counters}
    return dict(sorted(((name, rise) for name, rise in rises.items() if rise > 0), key=lambda one: (-one[1], one[0])))


def evidence_of(seen: Seen, before: Seen) -> dict[str, float]:
    """Totals, and the largest collections by name with how many documents they have and had."""
    largest = sorted(seen.counts.items(), key=lambda one: (-one[1], one[0]))[:NAMED]
    counts = {name: count for name, count in largest if count}
    had = {f"{name}_before": before.counts[name] for name in counts if name in before.counts}
    return {"documents": sum(seen.counts.values()), "looked_at": seen.looked_at, **counts, **had}


def counter_of(body: Mapping[str, object]) -> int:
    """How often the document was written, as far as a field of it tells; 0 where none does."""
    return max((_number(body.get(name)) for name in COUNTERS), default=0)


def _number(value: object) -> int:
    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else 0


def _large(sizes: Mapping[str, int]) -> Iterable[Finding]:
    for name, size in sorted(sizes.items(), key=lambda one: (-one[1], one[0])):
        if size >= LARGE:
            verdict = Verdict.FAIL if size >= NEARLY_FULL else Verdict.WARN
            what = f"{name} has {size / 1024:,.0f} KiB; more than 1,024 are refused"
            yield Finding(name, what, verdict, "move what grows in it into documents of its own", ALERT)


def _hot(rises: Mapping[str, int], days: float) -> Iterable[Finding]:
    for name, rise in rises.items():
        if days > 0 and rise / days >= HOT_A_DAY:
            what = f"{name} is written {rise / days:,.0f} times a day"
            fix = "spread it over several documents; Firestore keeps up one write a second to each"
            yield Finding(name, what, Verdict.WARN, fix, ALERT)


def _grown(now: Mapping[str, int], before: Mapping[str, int]) -> Iterable[Finding]:
    for name, count in sorted(now.items()):
        had = before.get(name, 0)
        if had and count > MANY and count >= GREW_TO * had:
            what = f"{name} grew from {had:,} to {count:,} documents"
            fix = "see what writes it; does what is done with get an expires_at?"
            yield Finding(name, what, Verdict.WARN, fix, ALERT)

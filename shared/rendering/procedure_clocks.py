"""A procedure under way as rows: each step, who answers for it, its clock, what shows that it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.domain.procedure_clocks import Clock, Verdict, clocks
from shared.domain.procedure_runs import Run, StepRun
from shared.rendering.catalogue import recorded, words
from shared.rendering.step_words import shown_by
from shared.rendering.view import cairo, span

OPEN = frozenset({Verdict.RUNNING, Verdict.NOT_BEGUN})
MARKS = {Verdict.MET: "✓", Verdict.MISSED: "✗", Verdict.RUNNING: "…", Verdict.NOT_BEGUN: "·", Verdict.LEFT_OUT: "-"}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step for one reader. `who` did it, else whoever answers for it; empty texts are left out."""

    name: str
    text: str
    mark: str
    verdict: str
    state: str
    standing: str
    promised: str
    taken: str
    due: str
    who: str
    evidence: str
    is_open: bool
    is_missed: bool


@dataclass(frozen=True, slots=True)
class Led:
    """A procedure for one reader: its name, its title and its rows."""

    name: str
    title: str
    rows: Sequence[StepRow]


def led(run: Run, now: datetime, *, people: Mapping[str, str], locale: str = "en") -> Led:
    """A procedure as a page shows it."""
    return Led(run.procedure, run.title(locale), rows(run, now, people=people, locale=locale))


def rows(run: Run, now: datetime, *, people: Mapping[str, str], locale: str = "en") -> list[StepRow]:
    """Every step in its order; `people` are the names by id."""
    return [_row(clock, people, locale) for clock in clocks(run, now)]


def table(run: Run, now: datetime, *, people: Mapping[str, str]) -> list[str]:
    """The rows as lines of text with columns, as a terminal shows them."""
    heads = ("step", "promised", "actual", "", "who", "what shows it")
    shown = rows(run, now, people=people)
    cells = [heads, *((r.name, r.promised, r.taken, r.verdict, r.who, r.evidence) for r in shown)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads) - 1)]
    return ["  ".join(map(str.ljust, row, (*widths, 0))).rstrip() for row in cells]


def lines(run: Run, now: datetime, *, people: Mapping[str, str], locale: str = "en") -> list[str]:
    """The rows as lines of a message: "✓ root_cause: Find the root cause (done after 12 min of 15 min, Mona Adel)"."""
    return [_line(row) for row in rows(run, now, people=people, locale=locale)]


def as_json(run: Run, now: datetime) -> dict[str, Any]:
    """For programs: seconds and instants, no language."""
    return {
        "procedure": run.procedure,
        "incident": run.incident,
        "detected_at": run.detected_at.isoformat(),
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "steps": [_json(clock) for clock in clocks(run, now)],
    }


def duration(length: timedelta | None, locale: str = "en") -> str:
    """A length in words; what is shorter than a minute in seconds; "" for none."""
    if length is None:
        return ""
    seconds = int(length.total_seconds())
    return f"{seconds} {words(locale)['seconds']}" if seconds < 60 else span(length, locale)  # noqa: PLR2004 - a minute


def _row(clock: Clock, people: Mapping[str, str], locale: str) -> StepRow:
    one = clock.step
    return StepRow(
        name=one.step.name,
        text=one.step.text(locale),
        mark=MARKS[clock.verdict],
        verdict=recorded(clock.verdict, locale),
        state=str(one.state),
        standing=recorded(one.state, locale),
        promised=duration(clock.promised, locale),
        taken="" if clock.verdict in OPEN else duration(clock.taken, locale),
        due=cairo(one.due_at, locale) if one.due_at else "",
        who=_who(one, people, locale),
        evidence=shown_by(one.evidence or one.failure or one.rehearsed, locale),
        is_open=not one.state.is_settled,
        is_missed=clock.verdict is Verdict.MISSED,
    )


def _who(one: StepRun, people: Mapping[str, str], locale: str) -> str:
    done_by = one.settled_by or one.asked_by
    if done_by:
        return people.get(done_by, done_by)
    kind, _, name = one.step.by.partition(":")
    if kind == "person":
        return people.get(name, name)
    return recorded(name or kind, locale)


def _line(row: StepRow) -> str:
    times: Sequence[str] = [row.taken, row.promised] if row.taken else [row.promised, row.due]
    said = ", ".join(text for text in (row.verdict, " / ".join(t for t in times if t), row.who, row.evidence) if text)
    return f"{row.mark} {row.name}: {row.text} ({said})"


def _json(clock: Clock) -> dict[str, Any]:
    one = clock.step
    return {
        "step": one.step.name,
        "by": one.step.by,
        "state": str(one.state),
        "verdict": str(clock.verdict),
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "settled_at": one.settled_at.isoformat() if one.settled_at else None,
        "settled_by": one.settled_by,
        "promised_seconds": clock.promised.total_seconds() if clock.promised else None,
        "actual_seconds": clock.taken.total_seconds() if clock.taken is not None and one.state.is_settled else None,
        "evidence": one.evidence,
    }

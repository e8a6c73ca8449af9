"""Maintenance as a page: what is to come on which day, how each job stands, and what its last run found."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from shared.domain.job_board import Day, JobBoard, Standing
from shared.domain.jobs import Run, StepResult, Verdict
from shared.domain.maintenance import Window
from shared.rendering.assets import addresses
from shared.rendering.duties import when
from shared.rendering.job_words import LOOKS, SIGNS, job_title, job_words, step_title, verdict_word
from shared.rendering.page_words import page_words
from shared.rendering.report_times import length_words, short_moment, weekday_words
from shared.rendering.templating import render
from shared.rendering.view import cairo_clock


def maintenance_page(board: JobBoard, frame: Mapping[str, Any], *, locale: str = "en") -> str:
    """The page as it was when the board was read."""
    standings = [_standing(one, locale) for one in board.standings]
    return render(
        "maintenance.html",
        locale=locale,
        here=page_words(locale),
        words=job_words(locale),
        assets=addresses(),
        frame=frame,
        days=[_day(day, board.at, locale) for day in board.days],
        standings=standings,
        running=[one for one in standings if one["running"]],
    )


def _standing(one: Standing, locale: str) -> dict[str, Any]:
    last, say = one.last, job_words(locale)
    return {
        "name": one.plan.name,
        "title": job_title(one.plan.name, locale),
        "verdict": _verdict(last.verdict, locale) if last else None,
        "last": _ran(last, locale) if last else say["never"],
        "next": when(one.next_at, locale) if one.next_at else "",
        "missed": say["missed"].format(at=when(one.missed, locale)) if one.missed and not one.running else "",
        "waits": "" if one.waits is None or one.missed else _waits(one, locale),
        "runs": [_strip(run, locale) for run in one.runs],
        "steps": [_step(one.plan.name, step, locale) for step in last.results] if last else [],
        "running": _running(one, one.running, locale) if one.running else None,
    }


def _waits(one: Standing, locale: str) -> str:
    say = job_words(locale)
    return say["lock"].format(job=job_title(one.holder, locale)) if one.holder else say["waits"]


def _running(one: Standing, run: Run, locale: str) -> dict[str, Any]:
    done, say = len(run.results), job_words(locale)
    return {
        "done": done,
        "all": len(one.plan.steps),
        "text": say["done_of"].format(done=done, all=len(one.plan.steps)),
        "begun": say["begun"].format(at=when(run.started_at, locale)),
    }


def _verdict(verdict: Verdict, locale: str) -> dict[str, str]:
    return {"sign": SIGNS[verdict], "word": verdict_word(verdict, locale), "look": LOOKS[verdict]}


def _ran(run: Run, locale: str) -> str:
    """When, how long, and who began it."""
    say, end = job_words(locale), run.finished_at or run.started_at
    took = say["took"].format(span=length_words(end - run.started_at, locale))
    return " · ".join([when(run.started_at, locale), took, *_how(run, locale)])


def _how(run: Run, locale: str) -> Iterator[str]:
    say = job_words(locale)
    if run.occurrence is None:
        yield say["by"].format(name=run.by) if run.by else say["by_hand"]
    if run.is_dry:
        yield say["dry"]


def _strip(run: Run, locale: str) -> dict[str, str]:
    verdict = _verdict(run.verdict, locale)
    text = job_words(locale)["strip"].format(verdict=verdict["word"], at=short_moment(run.started_at, locale))
    return verdict | {"text": " · ".join([text, *_how(run, locale)])}


def _step(job: str, result: StepResult, locale: str) -> dict[str, Any]:
    """A step; what was found is told as it stands, in English, and with how to mend it."""
    bad = [one for one in result.findings if one.verdict.rank > Verdict.PASS.rank]
    return {
        "title": step_title(job, result.step, locale),
        "verdict": _verdict(result.verdict, locale),
        "reason": "" if bad else result.reason,
        "findings": [{"what": one.what, "fix": one.fix, "verdict": _verdict(one.verdict, locale)} for one in bad],
        "evidence": [(name, "-" if value is None else str(value)) for name, value in result.evidence.items()],
        "took": job_words(locale)["seconds"].format(n=f"{result.took:.1f}"),
    }


def _day(day: Day, now: datetime, locale: str) -> dict[str, Any]:
    turns = sorted(day.jobs.items(), key=lambda one: one[1][0])
    jobs = [{"title": job_title(name, locale), "times": [cairo_clock(at) for at in times]} for name, times in turns]
    noon = next((times[0] for _, times in turns), day.windows[0].start if day.windows else now)
    return {
        "date": day.date.isoformat(),
        "title": weekday_words(noon, locale),
        "jobs": jobs,
        "windows": [_window(one, now, locale) for one in day.windows],
    }


def _window(window: Window, now: datetime, locale: str) -> dict[str, str]:
    say = job_words(locale)
    state = say["open"] if window.is_open_at(now) else say["over"] if window.closed_by else ""
    return {
        "kind": say["emergency" if window.emergency else "window"],
        "times": f"{cairo_clock(window.start)}–{cairo_clock(window.end)}",  # noqa: RUF001 - a span of time
        "reason": window.reason,
        "state": state,
    }


def as_json(board: JobBoard) -> dict[str, Any]:
    """The same for programs, instants in UTC."""
    return {
        "at": board.at.isoformat(),
        "jobs": [standing_json(one) for one in board.standings],
        "calendar": [
            {
                "date": day.date.isoformat(),
                "jobs": {name: [at.isoformat() for at in times] for name, times in day.jobs.items()},
                "windows": [
                    {"id": one.id, "start": one.start.isoformat(), "end": one.end.isoformat(), "reason": one.reason}
                    for one in day.windows
                ],
            }
            for day in board.days
        ],
    }


def standing_json(one: Standing) -> dict[str, Any]:
    """How a job stands, for programs."""
    return {
        "name": one.plan.name,
        "schedule": one.plan.at,
        "locks": list(one.plan.locks),
        "next": one.next_at.isoformat() if one.next_at else None,
        "missed": one.missed.isoformat() if one.missed else None,
        "waits_for": str(one.waits) if one.waits else None,
        "holder": one.holder or None,
        "running": run_json(one.running) if one.running else None,
        "last": run_json(one.last) if one.last else None,
        "verdicts": [str(run.verdict) for run in one.runs],
    }


def run_json(run: Run) -> dict[str, Any]:
    """A run, for programs."""
    return {
        "id": run.id,
        "job": run.job,
        "verdict": str(run.verdict) if run.is_over else None,
        "due": run.occurrence.isoformat() if run.occurrence else None,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "by": run.by,
        "dry": run.is_dry,
        "steps": [
            {
                "step": one.step,
                "verdict": str(one.verdict),
                "reason": one.reason,
                "evidence": dict(one.evidence),
                "took": one.took,
                "findings": [
                    {"subject": f.subject, "what": f.what, "verdict": str(f.verdict), "fix": f.fix, "alert": f.alert}
                    for f in one.findings
                ],
            }
            for one in run.results
        ],
    }

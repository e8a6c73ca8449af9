"""Backtests, tunings and differences between rules, as text for a terminal, Markdown for a pull request, and JSON."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.domain.paging import Difference, Outcome, Page, Recorded, Report, RuleDifference, Trial, Tuning

DOLLARS_A_TEBIBYTE = 6.25
TEBIBYTE = 2**40
EVALUATIONS_A_MONTH = 1_440 * 30
COLUMNS = (
    "rule", "pages", "by severity", "firing", "median", "of the time", "reminders", "messages",
    "true", "false", "beside", "missed", "detected after",
)  # fmt: skip
NONE = "-"


def report_lines(report: Report) -> list[str]:
    """The report for a terminal."""
    rows = [_cells(outcome) for outcome in report.outcomes]
    lines = [
        f"{_minute(report.since)} to {_minute(report.until)}, evaluated every minute, as if all data came at once.",
        "",
    ]
    lines += table(COLUMNS, rows)
    lines += ["", *(_missed(one) for outcome in report.outcomes for one in outcome.score.missed)]
    return [*lines, *_footnotes(report)]


def report_json(report: Report) -> dict[str, Any]:
    """The report as JSON types; lengths in seconds."""
    return {
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "rules": [outcome_json(outcome) for outcome in report.outcomes],
        "bytes_read": report.bytes_read,
        "bytes_an_evaluation": report.bytes_an_evaluation,
        "bytes_a_month": report.bytes_an_evaluation * EVALUATIONS_A_MONTH,
        "dollars_a_month": round(dollars_a_month(report.bytes_an_evaluation), 2),
        "dollars_a_tebibyte": DOLLARS_A_TEBIBYTE,
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """One rule as JSON types."""
    score, median, delay = outcome.score, outcome.median_firing, outcome.score.median_delay
    return {
        "rule": outcome.rule.name,
        "pages": [_page_json(page) for page in outcome.pages],
        "firing_seconds": outcome.firing.total_seconds(),
        "median_seconds": None if median is None else median.total_seconds(),
        "share_of_time": round(outcome.share_firing, 6),
        "reminders": outcome.reminders,
        "messages": outcome.messages,
        "flapped": outcome.flapped,
        "chronic": outcome.chronic,
        "true": len(score.true),
        "false": len(score.false),
        "beside": len(score.beside),
        "false_a_month": round(outcome.false_a_month, 3),
        "seen": [{**_recorded_json(one), "after_seconds": after.total_seconds()} for one, after in score.seen],
        "missed": [_recorded_json(one) for one in score.missed],
        "median_detection_seconds": None if delay is None else delay.total_seconds(),
    }


def tuning_lines(tuning: Tuning, *, snippet: str) -> list[str]:
    """What was tried, what is visible at all, and the proposal's YAML."""
    columns = (
        "limit",
        "change",
        "for",
        "min samples",
        "pages",
        "false a month",
        "missed",
        "detected after",
        "later by",
    )
    now = tuning.trials[0].outcome.score.median_delay
    lines = [f"{tuning.rule.name}: at most {tuning.wanted:g} false pages a month wanted", ""]
    lines += table(columns, [_trial_cells(trial, now) for trial in tuning.trials])
    seen = [f"{share:.3g} % over {length_words(window)}" for window, share in tuning.visible]
    if seen:
        lines += ["", f"At the usual traffic a steady share of failures is told from chance from: {', '.join(seen)}."]
    if tuning.best is None:
        return [*lines, "", "None of these is quiet enough: mend the cause, or ask for something else."]
    unchanged = tuning.best.rule == tuning.rule
    return [*lines, "", "Keep it as it is:" if unchanged else "Proposed:", *snippet.rstrip().splitlines()]


def difference_lines(difference: Difference) -> list[str]:
    """Markdown for a pull request."""
    lines = [f"### Rules: {verdict(difference)}", ""]
    lines += markdown(("rule", "change", "pages before", "pages after", "false before", "false after"),
                      [_difference_cells(one) for one in difference.rules])  # fmt: skip
    changed = [one for one in difference.rules if one.fields]
    lines += ["", *(f"- `{one.name}`: {_fields_words(one)}" for one in changed)] if changed else []
    for title, incidents in (("Missed now", difference.now_missed), ("Newly seen", difference.newly_seen)):
        lines += ["", f"{title}:", *(f"- {_incident_words(one)}" for one in incidents)] if incidents else []
    return [*lines, "", f"{_minute(difference.since)} to {_minute(difference.until)} UTC, evaluated every minute."]


def verdict(difference: Difference) -> str:
    """One line."""
    before, after = (
        sum(len(one.pages) for one in outcomes if one is not None)
        for outcomes in ([one.before for one in difference.rules], [one.after for one in difference.rules])
    )
    words = f"{before} pages become {after}" if before != after else f"{before} pages as before"
    if difference.now_missed:
        return f"{words}, and {len(difference.now_missed)} recorded incident(s) would now be missed"
    if difference.newly_seen:
        return f"{words}, and {len(difference.newly_seen)} more recorded incident(s) are seen"
    return f"{words}, no recorded incident is lost"


def dollars_a_month(bytes_an_evaluation: int) -> float:
    """On demand, one evaluation a minute."""
    return bytes_an_evaluation * EVALUATIONS_A_MONTH / TEBIBYTE * DOLLARS_A_TEBIBYTE


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Aligned columns; figures to the right, everything else to the left."""
    rows = list(rows)
    widths = [max(len(row[index]) for row in (columns, *rows)) for index in range(len(columns))]
    return [
        "  ".join(_aligned(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (columns, *rows)
    ]


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The same as a table in Markdown."""
    return ["| " + " | ".join(row) + " |" for row in (columns, ["---"] * len(columns), *rows)]


def length_words(length: timedelta | None) -> str:
    """A length as people write it: 45 s, 12 min, 3 h 20 min, 2 d 4 h."""
    if length is None:
        return NONE
    minutes = int(length.total_seconds() // 60)
    days, hours = minutes // 1_440, minutes // 60 % 24
    if not minutes:
        return f"{length.total_seconds():.0f} s"
    if not days and not hours:
        return f"{minutes} min"
    if not days:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{days} d {hours} h" if hours else f"{days} d"


def _cells(outcome: Outcome) -> list[str]:
    score = outcome.score
    return [
        outcome.rule.name,
        str(len(outcome.pages)),
        _by_severity(outcome.pages),
        length_words(outcome.firing),
        length_words(outcome.median_firing),
        f"{100 * outcome.share_firing:.2f} %",
        str(outcome.reminders),
        str(outcome.messages),
        str(len(score.true)),
        str(len(score.false)),
        str(len(score.beside)),
        f"{len(score.missed)} of {len(score.missed) + len(score.seen)}",
        length_words(score.median_delay),
    ]


def _trial_cells(trial: Trial, now: timedelta | None) -> list[str]:
    rule, score = trial.rule, trial.outcome.score
    later = None if now is None or score.median_delay is None else score.median_delay - now
    return [
        NONE if rule.limit is None else f"{rule.limit.comparison} {rule.limit.value:g} {rule.limit.unit}",
        NONE if rule.change is None else f"{rule.change.by:g} {rule.change.unit}",
        length_words(rule.hold_for) if rule.hold_for else NONE,
        str(rule.min_samples or NONE),
        str(len(trial.outcome.pages)),
        f"{trial.outcome.false_a_month:.2f}",
        f"{len(score.missed)} of {len(score.missed) + len(score.seen)}",
        length_words(score.median_delay),
        NONE if later is None else ("-" if later < timedelta(0) else "") + length_words(abs(later)),
    ]


def _difference_cells(one: RuleDifference) -> list[str]:
    changed = "changed" if one.fields else "same"
    before, after = one.before, one.after
    return [
        f"`{one.name}`",
        "new" if one.is_new else "removed" if one.is_removed else changed,
        NONE if before is None else str(len(before.pages)),
        NONE if after is None else str(len(after.pages)),
        NONE if before is None else str(len(before.score.false)),
        NONE if after is None else str(len(after.score.false)),
    ]


def _fields_words(one: RuleDifference) -> str:
    return "; ".join(f"{name} {_plain(before)} -> {_plain(after)}" for name, before, after in one.fields)


def _plain(value: object) -> str:
    if value is None:
        return "nothing"
    return " ".join(
        map(str, value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value])
    )


def _incident_words(one: Recorded) -> str:
    return f"{one.name or one.metric or one.rule} from {_minute(one.start)} to {_minute(one.end)} UTC"


def _by_severity(pages: Iterable[Page]) -> str:
    counts: dict[str, int] = {}
    for page in sorted(pages, key=lambda page: -page.severity.rank):
        counts[page.severity] = counts.get(page.severity, 0) + 1
    return ", ".join(f"{count} {severity}" for severity, count in counts.items()) or NONE


def _missed(one: Recorded) -> str:
    return f"missed: {_incident_words(one)}"


def _footnotes(report: Report) -> list[str]:
    one = report.bytes_an_evaluation
    cost = f"{dollars_a_month(one):.2f} dollars at {DOLLARS_A_TEBIBYTE} a TiB"
    return [
        "firing: altogether. messages: one a channel for each change of state and reminder, had nobody acknowledged.",
        "true: during a recorded incident of the rule; beside: during one of something else; false: during none.",
        f"Read {_bytes(report.bytes_read)} for this. One live evaluation is billed {_bytes(one)},",
        f"{_bytes(one * EVALUATIONS_A_MONTH)} in 30 days if every minute asks: {cost}.",
    ]


def _page_json(page: Page) -> dict[str, Any]:
    return {
        "start": page.start.isoformat(),
        "end": page.end.isoformat(),
        "severity": str(page.severity),
        "over": page.is_over,
    }


def _recorded_json(one: Recorded) -> dict[str, str]:
    known = {"rule": one.rule, "metric": one.metric, "name": one.name}
    return {"start": one.start.isoformat(), "end": one.end.isoformat(), **{k: v for k, v in known.items() if v}}


def _aligned(cell: str, width: int) -> str:
    return cell.rjust(width) if cell[:1].isdigit() else cell.ljust(width)


def _bytes(count: int) -> str:
    for unit, size in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} B"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"

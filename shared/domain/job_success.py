"""The success metrics that jobs know: how many backups were good, and how long ago the last test and review were.

A backup that a step of a verification looked at counts once for that night, as good or as broken; a step that could not
look (it raised, or its run was over before it) counts as one that is broken, because nobody knows that it is not. What
was skipped counts for nothing, and so do dry runs. Ages are told as of the end of a span: without a test that passed
there is none, and so no figure.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from shared.domain.histograms import of_values
from shared.domain.jobs import Run, Verdict
from shared.domain.metrics import Point

VERIFICATION, TEST = "backup_verification", "backup_integrity_test"
SUCCESS_RATE, TEST_AGE, REVIEW_AGE = "backup_success_rate", "disaster_recovery_test_age", "continuity_review_age"
VERIFIED, BROKEN = "verified", "broken"  # in a step's evidence
OF_BACKUPS = frozenset({"database", "files", "warehouse", "configuration"})
A_MINUTE = timedelta(minutes=1)
WELL = frozenset({Verdict.PASS, Verdict.WARN})


def backup_points(runs: Iterable[Run]) -> list[Point]:
    """Of each verification how many backups it looked at, and how many were broken; oldest first."""
    counted = [(run.started_at, *_counted(run)) for run in runs if run.is_over and not run.is_dry]
    return [Point(at, count=count, bad=bad) for at, count, bad in sorted(counted) if count]


def has_passed(run: Run) -> bool:
    """True for a test that did all it has to do, and found no failure."""
    return run.is_over and not run.is_dry and bool(run.results) and all(one.verdict in WELL for one in run.results)


def age_points(last: datetime | None, until: datetime) -> Sequence[Point]:
    """How long ago it was at the end of a span, in seconds; no point when it never was."""
    if last is None or last >= until:
        return ()
    seconds = (until - last).total_seconds()
    return (Point(until - A_MINUTE, count=1, total=seconds, histogram=of_values([seconds])),)


def _counted(run: Run) -> tuple[int, int]:
    looked = [one for one in run.results if one.step in OF_BACKUPS and one.verdict is not Verdict.SKIPPED]
    known = [(int(one.evidence.get(VERIFIED) or 1), int(one.evidence.get(BROKEN) or 0)) for one in looked]
    blind = sum(one.raised for one in looked)
    return sum(count for count, _ in known), sum(bad for _, bad in known) + blind

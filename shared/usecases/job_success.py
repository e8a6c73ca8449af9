"""The success metrics that jobs and their kin know, read from the runs and reviews on record."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.domain.figures import Span
from shared.domain.job_success import (
    REVIEW_AGE,
    SUCCESS_RATE,
    TEST,
    TEST_AGE,
    VERIFICATION,
    age_points,
    backup_points,
    has_passed,
)
from shared.domain.jobs import Run
from shared.domain.metrics import Point
from shared.ports.store import Query, StateStore
from shared.usecases.continuity import continuity_reviews
from shared.usecases.records import JOB_RUNS, instant, value_of

MOST = 10_000
LOOKS_BACK = 100  # tests and reviews, before it is taken for granted that there was none


def job_points(span: Span, store: StateStore) -> Mapping[str, Sequence[Point]]:
    """The points by the names of their metrics; ages as of the end of the span."""
    low, high = instant(span.since), instant(span.until)
    query = Query(JOB_RUNS, equal={"job": VERIFICATION}, order_by="started_at", low=low, high=high, limit=MOST)
    rows = store.find(query)
    runs = [run for run in (value_of(row, Run) for row in rows) if run.started_at < span.until]
    reviewed = (one.at for one in continuity_reviews(store, limit=LOOKS_BACK) if one.at < span.until)
    found = {
        SUCCESS_RATE: backup_points(runs),
        TEST_AGE: age_points(last_passed(store, until=span.until), span.until),
        REVIEW_AGE: age_points(next(reviewed, None), span.until),
    }
    return {name: points for name, points in found.items() if points}


def last_passed(store: StateStore, *, until: datetime) -> datetime | None:
    """When the newest full restore test that had passed by then was over."""
    query = Query(
        JOB_RUNS,
        equal={"job": TEST},
        order_by="started_at",
        high=instant(until),
        newest_first=True,
        limit=LOOKS_BACK,
    )
    ends = (run.finished_at for run in (value_of(row, Run) for row in store.find(query)) if has_passed(run))
    return next((at for at in ends if at is not None and at < until), None)

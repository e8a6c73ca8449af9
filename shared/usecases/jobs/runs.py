"""Runs of jobs as they are kept."""

from shared.domain.jobs import Run
from shared.ports.store import Body, Document, Query, StateStore
from shared.usecases.records import JOB_RUNS, body_of, value_of


def history(store: StateStore, job: str, *, limit: int = 20) -> list[Run]:
    """The runs of a job, the newest first."""
    query = Query(JOB_RUNS, equal={"job": job}, order_by="started_at", newest_first=True, limit=limit)
    return [run_of(row) for row in store.find(query)]


def newest_due(store: StateStore, job: str) -> Document | None:
    """The newest run of the job that was due (never one by hand), with its version; None before the first."""
    equal = {"job": job, "is_due": "yes"}
    return next(iter(store.find(Query(JOB_RUNS, equal=equal, order_by="started_at", newest_first=True, limit=1))), None)


def run_of(row: Document) -> Run:
    """The run that a document holds."""
    return value_of(row, Run)


def run_body(run: Run) -> Body:
    """The document of a run."""
    return {**body_of(run), "is_due": "yes" if run.occurrence else "no"}

"""All raw rows of a span."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from infra.local.history.plan import Plan
from infra.local.history.raw.analytics import analytics_rows
from infra.local.history.raw.apps import app_rows
from infra.local.history.raw.own import measurement_rows, probe_rows
from infra.local.history.raw.requests import request_rows
from infra.local.history.raw.tables import Named
from infra.local.history.raw.web_errors import web_error_rows
from infra.local.history.spans import minutes
from infra.local.history.visits import LONGEST, visits_in


def raw_rows(plan: Plan, since: datetime, until: datetime) -> Iterator[Named]:
    """Tables and rows of what happened in [since, until) (whole minutes), instants as RFC 3339 texts.

    Minute by minute, sessions first; any split of a span gives the same rows as the whole.
    """
    for minute in minutes(since - timedelta(seconds=LONGEST), until):
        for visit in visits_in(plan, minute):
            if visit.last < since.timestamp():
                continue
            for at, named in chain(analytics_rows(plan, visit), app_rows(plan, visit), web_error_rows(visit)):
                if since.timestamp() <= at < until.timestamp():
                    yield named
        if minute >= since:
            yield from request_rows(plan, minute)
            yield from probe_rows(plan, minute)
            yield from measurement_rows(plan, minute)

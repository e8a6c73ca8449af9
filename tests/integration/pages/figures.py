"""Figures for the dashboards of a test: the shipped metrics and dashboards, and a day of points of a few of them."""

from dataclasses import replace
from datetime import timedelta

from shared.config.loader import load
from tests.conftest import configuration
from tests.integration.reporting.newsroom import point

TABLE = "soukmon.metric_points"
MINUTE, HOUR, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(weeks=1)
HOSTILE_REGION = "=cmd|' /C calc'!A1"


def with_figures(**changes):
    """The configuration of the tests with everything about figures as it is shipped."""
    shipped = load()
    of_figures = {name: getattr(shipped, name) for name in ("reporting", "metrics", "sources", "metric_rules")}
    return replace(configuration(**changes), **of_figures)


def a_day(now):
    """A day of errors and the same day a week before, half as bad; orders by region; a source that is up to date."""
    now = now.replace(second=0, microsecond=0)
    for number in range(1, 97):
        at = now - number * 15 * MINUTE
        yield point("error_rate", at, 1_000, 20 if number < 48 else 10)
        yield point("error_rate", at - WEEK, 1_000, 8)
        yield point("order_volume", at, 3, source="analytics")
    for region, count in (("Cairo", 40), (HOSTILE_REGION, 7)):
        yield point("order_volume", now - 2 * HOUR, count, source="analytics") | {"dimensions": f"region={region}"}
    yield point("rows.requests", now, 1)

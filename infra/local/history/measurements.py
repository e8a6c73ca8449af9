"""What pipelines post: the size of the bundle and the release itself, each time a version goes live."""

from datetime import datetime
from typing import NamedTuple

from infra.local.history.plan import Plan, Release
from infra.local.history.rates import bundle_bytes_at


class Measured(NamedTuple):
    """One measurement, in its metric's unit."""

    at: datetime
    metric: str
    value: float
    unit: str
    labels: tuple[tuple[str, str], ...]


def measured_in(plan: Plan, since: datetime, until: datetime) -> list[Measured]:
    """The measurements of [since, until), oldest first."""
    releases = (release for release in plan.releases if since <= release.at < until)
    return [one for release in releases for one in _of(plan, release)]


def _of(plan: Plan, release: Release) -> tuple[Measured, Measured]:
    version = (("commit", release.commit), ("version", release.version))
    size = float(bundle_bytes_at(plan, release.at))
    return (
        Measured(release.at, "bundle_size", size, "bytes", (("asset", "main"), *version)),
        Measured(release.at, "release", 1.0, "count", (*version, ("service", "web"))),
    )
